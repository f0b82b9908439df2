//! Writes evaluations as one screen of text, as JSON, as Markdown, or as one HTML page with plots.

mod html;
mod markdown;
mod overlay;
mod plots;
mod text;

use std::io::{self, Write};

pub use text::write_agreement;

use crate::eval::catalogue::{Better, Metric};
use crate::eval::evaluation::{Estimate, Evaluation};
use crate::eval::run_comparison::{MetricChange, Verdict};

/// The forms in which an evaluation is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum EvaluationFormat {
    /// One screen
    Text,
    /// Every number, under keys that do not change
    Json,
    /// Tables for documents and wikis
    Markdown,
    /// One page with tables, plots, and the text of every article with its errors marked
    Html,
}

/// Writes a report. `differences` are the changes since an earlier run; empty if there is none.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_evaluation(
    out: &mut dyn Write,
    format: EvaluationFormat,
    evaluation: &Evaluation,
    differences: &[MetricChange],
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

/// The name of a metric for readers: `summary.rougeLsum.f1` → `ROUGE-Lsum F1`.
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

/// The same with the kind of finding: `summary ROUGE-Lsum F1`.
fn full_title(key: &str) -> String {
    format!("{} {}", part(key), title(key))
}

/// Formats a value: shares and scores as percentages, other numbers as they are.
fn format_value(metric: &Metric, value: f64) -> String {
    match metric.better {
        Better::Neither => format!("{value:.1}"),
        _ if metric.key.ends_with("brier") => format!("{value:.3}"),
        _ => format!("{:.1}", 100.0 * value),
    }
}

fn format_interval(metric: &Metric, estimate: &Estimate) -> String {
    let ends = estimate.ci95.map(|ends| ends.map(|end| format_value(metric, end)).join(" – "));
    ends.unwrap_or_else(|| "–".into())
}

/// The kind of finding that a metric is about: "entities", "summary", "stance".
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
