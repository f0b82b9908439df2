//! An evaluation for the terminal, on one screen.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use comfy_table::{CellAlignment, Table, presets};

use super::{format_interval, format_value, full_title, verdict};
use crate::eval::agreement::Agreement;
use crate::eval::catalogue::{HEADLINES, metric};
use crate::eval::evaluation::Evaluation;
use crate::eval::metrics::classification::Confusion;
use crate::eval::metrics::spans::Fault;
use crate::eval::run_comparison::{MetricChange, Verdict};
use crate::report::styles::{BOLD, DIM};
use crate::report::{counted, printable, text_width};
use crate::stance::Label;

/// Writes the screen.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(out: &mut dyn Write, evaluation: &Evaluation, differences: &[MetricChange]) -> io::Result<()> {
    let items = counted(evaluation.items.len(), evaluation.unit);
    writeln!(out, "{BOLD}{}{BOLD:#} · {items}\n", printable(&evaluation.data))?;
    headlines(out, evaluation)?;
    types(out, evaluation)?;
    confusions(out, evaluation)?;
    // With a folder of gold the screen is full without them.
    if evaluation.articles.is_empty() {
        calibrations(out, evaluation)?;
    }
    if !differences.is_empty() {
        comparison(out, differences)?;
    }
    for note in &evaluation.notes {
        writeln!(out, "{DIM}{}{DIM:#}", textwrap::fill(note, text_width()))?;
    }
    writeln!(out, "{DIM}{}{DIM:#}", printable(&evaluation.signature))
}

/// A table without lines, its first column on the left and the others on the right.
fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(header.iter().map(|title| title.to_string()));
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn print(out: &mut dyn Write, table: &Table) -> io::Result<()> {
    let text = table.to_string();
    let mut lines = text.lines();
    writeln!(out, "{DIM}{}{DIM:#}", lines.next().unwrap_or_default().trim_end())?;
    for line in lines {
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(out)
}

fn headlines(out: &mut dyn Write, evaluation: &Evaluation) -> io::Result<()> {
    let mut rows = table(&["", "score", "95 % interval", "best baseline", ""]);
    if let Some(column) = rows.column_mut(4) {
        column.set_cell_alignment(CellAlignment::Left);
    }
    let headlines = evaluation.estimates().into_iter().filter(|(metric, _)| HEADLINES.contains(&metric.key));
    for (metric, estimate) in headlines {
        let (baseline, name) = match evaluation.best_baseline(metric) {
            Some((name, value)) => (format_value(metric, value), name),
            None => ("–".into(), ""),
        };
        let score = format_value(metric, estimate.value);
        let interval = format_interval(metric, &estimate);
        let name = name.to_owned();
        rows.add_row([full_title(metric.key), score, interval, baseline, name]);
    }
    print(out, &rows)
}

fn types(out: &mut dyn Write, evaluation: &Evaluation) -> io::Result<()> {
    let found = evaluation.types();
    if found.is_empty() {
        return Ok(());
    }
    let faults = Fault::ALL.map(Fault::name);
    let mut rows = table(&[&["type", "F1", "gold", "right"], faults.as_slice()].concat());
    for row in found {
        let f1 = format!("{:.1}", 100.0 * row.scores.conll.f1());
        let start = [
            row.kind.name().into(),
            f1,
            row.scores.conll.gold.to_string(),
            row.scores.conll.correct.to_string(),
        ];
        rows.add_row(start.into_iter().chain(row.faults.map(|count| count.to_string())));
    }
    print(out, &rows)
}

fn confusions(out: &mut dyn Write, evaluation: &Evaluation) -> io::Result<()> {
    // Only the first one: that of articles would not fit on the screen.
    if let Some((level, counts)) = evaluation.confusions().into_iter().next() {
        let names: Vec<String> = Label::ALL.iter().map(|label| label.name().to_owned()).collect();
        let corner = format!("{level} stance, gold ↓ given →");
        let mut rows = table(
            &[&[corner.as_str()], names.iter().map(String::as_str).collect::<Vec<_>>().as_slice()].concat(),
        );
        for (name, row) in names.iter().zip(&counts) {
            rows.add_row([name.clone()].into_iter().chain(row.iter().map(usize::to_string)));
        }
        print(out, &rows)?;
    }
    Ok(())
}

fn calibrations(out: &mut dyn Write, evaluation: &Evaluation) -> io::Result<()> {
    for (level, calibration) in evaluation.calibrations() {
        let corner = format!("{level} stance, said with");
        let mut rows = table(&[corner.as_str(), "judgements", "mean", "right"]);
        for (number, bin) in calibration.0.iter().enumerate().filter(|(_, bin)| bin.count > 0) {
            let range = format!("{} – {} %", 10 * number, 10 * (number + 1));
            let [mean, right] =
                [bin.confidence(), bin.accuracy()].map(|value| format!("{:.1}", 100.0 * value));
            rows.add_row([range, bin.count.to_string(), mean, right]);
        }
        let error = format!("{:.1}", 100.0 * calibration.error());
        rows.add_row(["calibration error".into(), calibration.total().to_string(), String::new(), error]);
        print(out, &rows)?;
    }
    Ok(())
}

fn comparison(out: &mut dyn Write, differences: &[MetricChange]) -> io::Result<()> {
    let changed: Vec<&MetricChange> = differences.iter().filter(|d| d.now != d.before).collect();
    if changed.is_empty() {
        return writeln!(out, "Nothing changed against the run it was compared with.\n");
    }
    let mut rows = table(&["against the other run", "before", "now", "95 % interval of the difference", ""]);
    for difference in changed {
        let Some(metric) = metric(difference.key) else { continue };
        let style = match difference.verdict {
            Verdict::Better => AnsiColor::Green.on_default(),
            Verdict::Worse => AnsiColor::Red.on_default(),
            _ => Style::new(),
        };
        let name = full_title(metric.key);
        let interval = difference.ci95.map(|end| format_value(metric, end)).join(" – ");
        let said = format!("{style}{}{style:#}", verdict(difference.verdict));
        rows.add_row([
            name,
            format_value(metric, difference.before),
            format_value(metric, difference.now),
            interval,
            said,
        ]);
    }
    print(out, &rows)
}

/// Writes the agreement of two annotators (`found`), and that of the automatic test for key facts with theirs
/// (`coverage`).
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_agreement(out: &mut dyn Write, found: &Agreement, coverage: &Confusion) -> io::Result<()> {
    let share = |value: f64| format!("{:.1}", 100.0 * value);
    writeln!(out, "\n{BOLD}Agreement of the two passes{BOLD:#}\n")?;
    let mut rows = table(&["", "agreement", "on"]);
    let kappa = |value: f64| format!("kappa {value:.2}");
    let mut lines: Vec<(&str, String, usize)> = vec![
        (
            "entity mentions, boundaries and type",
            format!("F1 {}", share(found.mentions.f1())),
            found.mentions.gold,
        ),
        (
            "sentences that mention a target",
            format!("F1 {}", share(found.sentence_mentions.f1())),
            found.sentence_mentions.gold,
        ),
        (
            "stance of a sentence towards a target",
            kappa(found.sentence_labels.kappa()),
            found.sentence_labels.total(),
        ),
        (
            "stance of an article towards a target",
            kappa(found.article_labels.kappa()),
            found.article_labels.total(),
        ),
        ("speaker", format!("{} %", share(found.speakers.recall())), found.speakers.gold),
        ("key facts", format!("F1 {}", share(found.facts.f1())), found.facts.gold),
        (
            "weight of a key fact both have",
            format!("{} %", share(found.weights.recall())),
            found.weights.gold,
        ),
        (
            "facts of their summaries, by words and by their own marks",
            kappa(coverage.kappa()),
            coverage.total(),
        ),
        ("attributions, by their contents", format!("F1 {}", share(found.quotes.f1())), found.quotes.gold),
        (
            "names of their speakers",
            format!("F1 {}", share(found.quoted_names.f1())),
            found.quoted_names.gold,
        ),
    ];
    if let Some(pairs) = found.shared_facts {
        lines.push((
            "sentences that tell the same fact, in pairs",
            format!("F1 {}", share(pairs.f1())),
            pairs.gold,
        ));
    }
    for (what, value, n) in lines {
        rows.add_row([what.to_owned(), value, n.to_string()]);
    }
    print(out, &rows)
}
