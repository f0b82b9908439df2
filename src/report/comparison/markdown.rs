//! A comparison as Markdown. All text from articles is escaped.

use std::io::{self, Write};

use super::{FACTS, NAMES, ONLY_HERE, SPEAKERS, TARGETS, balance, kind_name, quotes_by_outlet, signed};
use crate::compare::Comparison;
use crate::compare::comparison::{Event, Sentence};
use crate::report::counted;
use crate::report::markdown::escaped;

/// Writes the comparison.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(out: &mut dyn Write, comparison: &Comparison) -> io::Result<()> {
    for warning in &comparison.warnings {
        writeln!(out, "> **Warning:** {}\n", escaped(warning))?;
    }
    comparison.events.iter().try_for_each(|event| write_event(out, event))
}

fn write_event(out: &mut dyn Write, event: &Event) -> io::Result<()> {
    let (articles, outlets) =
        (counted(event.articles.len(), "article"), counted(event.outlets.len(), "outlet"));
    writeln!(out, "## {}\n\n{articles}, {outlets}\n\n### Digest\n", escaped(&event.title))?;
    for sentence in &event.digest {
        writeln!(out, "{}\n", told(sentence))?;
    }
    writeln!(out, "### Shared facts\n")?;
    for fact in event.shared.iter().take(FACTS) {
        writeln!(out, "- {} ({})", escaped(&fact.sentences[0].attributed()), joined(&fact.outlets))?;
    }
    if event.shared.is_empty() {
        writeln!(out, "None that two outlets tell.")?;
    }
    writeln!(out, "\n### Only here\n")?;
    for only in &event.only_here {
        writeln!(out, "**{}**\n", escaped(&only.outlet))?;
        for sentence in only.sentences.iter().take(ONLY_HERE) {
            writeln!(out, "- {}", escaped(&sentence.attributed()))?;
        }
        if only.sentences.len() > ONLY_HERE {
            let left = counted(only.sentences.len() - ONLY_HERE, "more sentence");
            writeln!(out, "\nand {left} (JSON has all)")?;
        }
        writeln!(out)?;
    }
    writeln!(out, "### Given differently\n")?;
    if event.differences.is_empty() {
        writeln!(out, "No number, year or speaker.\n")?;
    }
    for difference in &event.differences {
        writeln!(out, "The {} differs: {}\n", kind_name(difference), escaped(&difference.about))?;
        for side in &difference.sides {
            writeln!(out, "- **{}** ({})", escaped(&side.value), joined(&side.outlets))?;
        }
        writeln!(out)?;
    }
    if !event.reuse.is_empty() {
        writeln!(out, "### Nearly the same words\n")?;
        for reuse in &event.reuse {
            let text = escaped(&reuse.passages[0].text);
            writeln!(out, "- {} ({}): {text}", counted(reuse.words, "word"), joined(&reuse.outlets))?;
        }
        writeln!(out)?;
    }
    tables(out, event)
}

fn tables(out: &mut dyn Write, event: &Event) -> io::Result<()> {
    let outlets: Vec<String> = event.outlets.iter().map(|outlet| escaped(outlet)).collect();
    let numbers = "---:|".repeat(outlets.len());
    writeln!(out, "### Who is quoted\n\n| Speaker | Outlets |\n|---|---|")?;
    for row in event.quoted.iter().take(SPEAKERS) {
        let by = quotes_by_outlet(event, row).into_iter();
        let by: Vec<String> = by.map(|(outlet, count)| format!("{} ({count})", escaped(&outlet))).collect();
        writeln!(out, "| {} | {} |", escaped(&row.speaker), by.join(", "))?;
    }
    writeln!(out, "\n### Who is named\n\n| Name | Type | {} |\n|---|---|{numbers}", outlets.join(" | "))?;
    for row in event.names.iter().take(NAMES) {
        let counts: Vec<String> = row.mentions.iter().map(usize::to_string).collect();
        writeln!(out, "| {} | {} | {} |", escaped(&row.name), row.kind.name(), counts.join(" | "))?;
    }
    writeln!(
        out,
        "\n### How each leans\n\nFavor minus against: in the outlet's own voice / by those quoted.\n"
    )?;
    writeln!(out, "| Target | {} |\n|---|{}", outlets.join(" | "), "---|".repeat(outlets.len()))?;
    for row in event.leanings.iter().take(TARGETS) {
        let cells = row.outlets.iter().map(|leaning| match leaning {
            None => "–".to_owned(),
            Some(leaning) => {
                let [own, quoted] = balance(leaning).map(signed);
                format!("{} ({own} / {quoted})", leaning.label.name())
            }
        });
        let cells: Vec<String> = cells.collect();
        writeln!(out, "| {} | {} |", escaped(&row.target), cells.join(" | "))?;
    }
    writeln!(out)
}

fn told(sentence: &Sentence) -> String {
    format!("{} ({})", escaped(&sentence.attributed()), escaped(&sentence.outlet))
}

fn joined(outlets: &[String]) -> String {
    outlets.iter().map(|outlet| escaped(outlet)).collect::<Vec<_>>().join(", ")
}
