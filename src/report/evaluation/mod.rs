//! Evaluations → one screen of text, JSON, Markdown, or one HTML file with plots.

mod html;
mod markdown;
mod overlay;
mod plots;
mod text;

use std::io::{self, Write};

pub use text::write_agreement;

use crate::eval::catalogue::{Better, Metric};
use crate::eval::compare::{Difference, Verdict};
use crate::eval::evaluation::{Estimate, Evaluation};

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum EvaluationFormat {
    /// One screen
    Text,
    /// Every number, with stable keys
    Json,
    /// Tables for documents and wikis
    Markdown,
    /// One file with tables, plots, and every article laid open
    Html,
}

/// Writes a report; `differences` are those to a run that it is compared with, or empty.
pub fn write_evaluation(
    out: &mut dyn Write,
    format: EvaluationFormat,
    evaluation: &Evaluation,
    differences: &[Difference],
) -> io::Result<()> {
    match format {
        EvaluationFormat::Text => text::write(out, evaluation, differences),
        EvaluationFormat::Json => {
            let mut value = evaluation.to_json();
            if !differences.is_empty() {
                value["comparison"] = serde_json::json!(differences);
            }
            writeln!(out, "{value:#}")
        }
        EvaluationFormat::Markdown => markdown::write(out, evaluation, differences),
        EvaluationFormat::Html => html::write(out, evaluation, differences),
    }
}

/// A metric's name for readers: `summary.rougeLsum.f1` → `ROUGE-Lsum F1`.
fn title(key: &str) -> String {
    let parts = key.split('.').skip(1).filter(|part| *part != "types");
    let words = parts.map(|part| match part {
        "f1" => "F1".into(),
        "macro_f1" => "macro-F1".into(),
        "b3" => "B³".into(),
        "conll" => "CoNLL".into(),
        "brier" => "Brier score".into(),
        "ece" => "calibration error".into(),
        part if part.starts_with("rouge") => part.replace("rouge", "ROUGE-"),
        part => part.replace('_', " "),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The same with the part it belongs to: `summary ROUGE-Lsum F1`.
fn full_title(key: &str) -> String {
    format!("{} {}", part(key), title(key))
}

/// Shares and scores as percentages, descriptions and distances as they are.
fn shown(metric: &Metric, value: f64) -> String {
    match metric.better {
        Better::Neither => format!("{value:.1}"),
        _ if metric.key.ends_with("brier") => format!("{value:.3}"),
        _ => format!("{:.1}", 100.0 * value),
    }
}

fn shown_interval(metric: &Metric, estimate: &Estimate) -> String {
    let ends = estimate.ci95.map(|ends| ends.map(|end| shown(metric, end)).join(" – "));
    ends.unwrap_or_else(|| "–".into())
}

/// "entities", "summary" or "stance".
fn part(key: &str) -> &str {
    key.split('.').next().unwrap_or(key)
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Better => "better",
        Verdict::Worse => "worse",
        Verdict::Level => "level",
        Verdict::Changed => "changed",
    }
}
