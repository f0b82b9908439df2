//! An evaluation as Markdown tables. All text from articles is escaped.

use std::io::{self, Write};

use super::{format_interval, format_value, full_title, verdict};
use crate::eval::catalogue::metric;
use crate::eval::evaluation::Evaluation;
use crate::eval::metrics::spans::Fault;
use crate::eval::run_comparison::MetricChange;
use crate::report::counted;
use crate::report::markdown::escaped;
use crate::stance::Label;

/// Writes the tables.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(out: &mut dyn Write, evaluation: &Evaluation, differences: &[MetricChange]) -> io::Result<()> {
    let items = counted(evaluation.items.len(), evaluation.unit);
    writeln!(
        out,
        "## {}, {items}\n\n`{}`\n",
        escaped(&evaluation.data),
        evaluation.signature.replace('`', "")
    )?;
    write_metrics(out, evaluation)?;
    write_types(out, evaluation)?;
    write_stance(out, evaluation)?;
    write_differences(out, differences)?;
    write_errors(out, evaluation)?;
    for note in &evaluation.notes {
        writeln!(out, "\n{}", escaped(note))?;
    }
    Ok(())
}

/// One row for each metric, with all baselines.
fn write_metrics(out: &mut dyn Write, evaluation: &Evaluation) -> io::Result<()> {
    let names: Vec<String> = evaluation.baselines.iter().map(|(name, _)| format!(" {name} |")).collect();
    writeln!(out, "| metric | score | 95 % interval |{}", names.concat())?;
    writeln!(out, "|---|---:|---:|{}", "---:|".repeat(names.len()))?;
    for (metric, estimate) in evaluation.estimates() {
        let (name, score) = (full_title(metric.key), format_value(metric, estimate.value));
        write!(out, "| {name} | {score} | {} |", format_interval(metric, &estimate))?;
        for (_, items) in &evaluation.baselines {
            let value = (metric.measure)(&items.iter().collect::<Vec<_>>());
            write!(out, " {} |", value.map_or("–".into(), |value| format_value(metric, value)))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// One row for each entity type; nothing where entities were not scored.
fn write_types(out: &mut dyn Write, evaluation: &Evaluation) -> io::Result<()> {
    let types = evaluation.types();
    if !types.is_empty() {
        let faults = Fault::ALL.map(Fault::name).join(" | ");
        writeln!(
            out,
            "\n| type | F1 | gold | right | {faults} |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|"
        )?;
        for row in types {
            let (f1, counts) =
                (100.0 * row.scores.conll.f1(), row.faults.map(|count| count.to_string()).join(" | "));
            writeln!(
                out,
                "| {} | {f1:.1} | {} | {} | {counts} |",
                row.kind.name(),
                row.scores.conll.gold,
                row.scores.conll.correct
            )?;
        }
    }
    Ok(())
}

/// The confusion of the labels of stance, and how often they are right by the probability that they are given with.
fn write_stance(out: &mut dyn Write, evaluation: &Evaluation) -> io::Result<()> {
    for (level, counts) in evaluation.confusions() {
        let labels = Label::ALL.map(Label::name).join(" | ");
        writeln!(out, "\n| {level} stance, gold ↓ given → | {labels} |\n|---|---:|---:|---:|---:|")?;
        for (label, row) in Label::ALL.iter().zip(counts) {
            let row: Vec<String> = row.iter().map(usize::to_string).collect();
            writeln!(out, "| {} | {} |", label.name(), row.join(" | "))?;
        }
    }
    for (level, calibration) in evaluation.calibrations() {
        writeln!(out, "\n| {level} stance, said with | judgements | mean | right |\n|---|---:|---:|---:|")?;
        for (number, bin) in calibration.0.iter().enumerate().filter(|(_, bin)| bin.count > 0) {
            let (mean, right) = (100.0 * bin.confidence(), 100.0 * bin.accuracy());
            let (from, to) = (10 * number, 10 * (number + 1));
            writeln!(out, "| {from} – {to} % | {} | {mean:.1} | {right:.1} |", bin.count)?;
        }
    }
    Ok(())
}

/// The changes since an earlier run, if it is compared with one.
fn write_differences(out: &mut dyn Write, differences: &[MetricChange]) -> io::Result<()> {
    if !differences.is_empty() {
        writeln!(
            out,
            "\n| against the other run | before | now | 95 % interval of the difference | |\n|---|---:|---:|---:|---|"
        )?;
        for difference in differences {
            let Some(metric) = metric(difference.key) else { continue };
            let name = full_title(metric.key);
            let (before, now) =
                (format_value(metric, difference.before), format_value(metric, difference.now));
            let interval = difference.ci95.map(|end| format_value(metric, end)).join(" – ");
            writeln!(out, "| {name} | {before} | {now} | {interval} | {} |", verdict(difference.verdict))?;
        }
    }
    Ok(())
}

/// The mentions of each article that are wrong.
fn write_errors(out: &mut dyn Write, evaluation: &Evaluation) -> io::Result<()> {
    for article in &evaluation.articles {
        let Some(entities) = article.entities.as_ref().filter(|entities| !entities.errors.is_empty()) else {
            continue;
        };
        writeln!(out, "\n### {}\n\n| error | gold | found |\n|---|---|---|", escaped(&article.id))?;
        for error in &entities.errors {
            let shown = |marked: &Option<crate::eval::score::MentionText>| {
                marked.as_ref().map_or(String::new(), |m| format!("{} {}", escaped(&m.text), m.kind.name()))
            };
            writeln!(
                out,
                "| {} | {} | {} |",
                error.fault.name(),
                shown(&error.gold),
                shown(&error.predicted)
            )?;
        }
    }
    Ok(())
}
