//! A comparison as Markdown. All text from articles is escaped.

use std::io::{self, Write};

use super::{
    FACTS, NAMES, ONLY_HERE, SPEAKERS, TARGETS, balance, event_title, kind_name, quotes_by_outlet, signed,
};
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
    writeln!(out, "## {}\n\n{articles}, {outlets}\n", escaped(event_title(event)))?;
    for article in &event.articles {
        for warning in &article.warnings {
            writeln!(out, "> **Warning:** {}: {}\n", escaped(&article.id), escaped(warning))?;
        }
    }
    writeln!(out, "### Digest\n")?;
    for sentence in &event.digest {
        writeln!(out, "{}\n", told(sentence))?;
    }
    if event.digest.is_empty() {
        writeln!(out, "No sentences.\n")?;
    }
    writeln!(out, "### Shared facts\n")?;
    for fact in event.shared.iter().take(FACTS) {
        writeln!(out, "- {} ({})", escaped(&fact.sentences[0].attributed()), joined(&fact.outlets))?;
    }
    if event.shared.is_empty() {
        writeln!(out, "None that two outlets tell.")?;
    }
    more(out, event.shared.len(), FACTS, "more fact")?;
    writeln!(out, "\n### Only here\n")?;
    if event.only_here.is_empty() {
        writeln!(out, "Nothing that only one outlet tells.\n")?;
    }
    for only in &event.only_here {
        writeln!(out, "**{}**\n", escaped(&only.outlet))?;
        for sentence in only.sentences.iter().take(ONLY_HERE) {
            writeln!(out, "- {}", escaped(&sentence.attributed()))?;
        }
        more(out, only.sentences.len(), ONLY_HERE, "more sentence")?;
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
            let text = escaped(&reuse.passages[0].attributed());
            writeln!(out, "- {} ({}): {text}", counted(reuse.words, "word"), joined(&reuse.outlets))?;
        }
        writeln!(out)?;
    }
    tables(out, event)
}

/// Says how many there are more than are shown.
fn more(out: &mut dyn Write, all: usize, shown: usize, what: &str) -> io::Result<()> {
    match all.saturating_sub(shown) {
        0 => Ok(()),
        left => writeln!(out, "\nand {} (JSON has all)", counted(left, what)),
    }
}

/// The tables. One without rows would be nothing but a heading.
fn tables(out: &mut dyn Write, event: &Event) -> io::Result<()> {
    let outlets: Vec<String> = event.outlets.iter().map(|outlet| escaped(outlet)).collect();
    let numbers = "---:|".repeat(outlets.len());
    writeln!(out, "### Who is quoted\n")?;
    match event.quoted.is_empty() {
        true => writeln!(out, "Nobody, as far as Wirelens can tell.")?,
        false => writeln!(out, "| Speaker | Outlets |\n|---|---|")?,
    }
    for row in event.quoted.iter().take(SPEAKERS) {
        let by = quotes_by_outlet(event, row).into_iter();
        let by: Vec<String> = by.map(|(outlet, count)| format!("{} ({count})", escaped(&outlet))).collect();
        writeln!(out, "| {} | {} |", escaped(&row.speaker), by.join(", "))?;
    }
    more(out, event.quoted.len(), SPEAKERS, "more speaker")?;
    writeln!(out, "\n### Who is named\n")?;
    match event.names.is_empty() {
        true => writeln!(out, "Nobody and nothing, as far as Wirelens can tell.")?,
        false => writeln!(out, "| Name | Type | {} |\n|---|---|{numbers}", outlets.join(" | "))?,
    }
    for row in event.names.iter().take(NAMES) {
        let counts: Vec<String> = row.mentions.iter().map(usize::to_string).collect();
        writeln!(out, "| {} | {} | {} |", escaped(&row.name), row.kind.name(), counts.join(" | "))?;
    }
    more(out, event.names.len(), NAMES, "more name")?;
    writeln!(out, "\n### How each leans\n")?;
    if event.leanings.is_empty() {
        return writeln!(out, "No outlet mentions a target.\n");
    }
    writeln!(out, "Favor minus against: in the outlet's own voice / by those quoted.\n")?;
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
    more(out, event.leanings.len(), TARGETS, "more target")?;
    writeln!(out)
}

fn told(sentence: &Sentence) -> String {
    format!("{} ({})", escaped(&sentence.attributed()), escaped(&sentence.outlet))
}

fn joined(outlets: &[String]) -> String {
    outlets.iter().map(|outlet| escaped(outlet)).collect::<Vec<_>>().join(", ")
}
