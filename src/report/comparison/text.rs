//! A comparison for the terminal.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::{
    FACTS, NAMES, ONLY_HERE, SPEAKERS, TARGETS, balance, event_title, kind_name, quotes_by_outlet, signed,
};
use crate::compare::Comparison;
use crate::compare::comparison::{Event, Sentence};
use crate::report::{counted, printable};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// Writes the comparison.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(out: &mut dyn Write, comparison: &Comparison) -> io::Result<()> {
    let writer = TextWriter { width: textwrap::termwidth().clamp(40, 100) };
    for warning in &comparison.warnings {
        writer.paragraph(out, "", &format!("{WARNING}warning: {}{WARNING:#}", printable(warning)))?;
    }
    for (number, event) in comparison.events.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        writer.event(out, event)?;
    }
    Ok(())
}

/// Writes paragraphs that fit the terminal.
struct TextWriter {
    /// Columns of the terminal, 40 to 100.
    width: usize,
}

impl TextWriter {
    fn paragraph(&self, out: &mut dyn Write, indent: &str, text: &str) -> io::Result<()> {
        let further = format!("{indent}  ");
        let options = textwrap::Options::new(self.width).initial_indent(indent).subsequent_indent(&further);
        writeln!(out, "{}", textwrap::fill(text, options))
    }

    fn section(&self, out: &mut dyn Write, name: &str) -> io::Result<()> {
        writeln!(out, "\n{BOLD}{name}{BOLD:#}")
    }

    /// Says of a section without lines that there is nothing to show.
    fn none(&self, out: &mut dyn Write, is_empty: bool, said: &str) -> io::Result<()> {
        if is_empty { self.paragraph(out, "  ", &format!("{DIM}({said}){DIM:#}")) } else { Ok(()) }
    }

    fn more(&self, out: &mut dyn Write, indent: &str, left: usize, what: &str) -> io::Result<()> {
        match left {
            0 => Ok(()),
            _ => writeln!(out, "{indent}{DIM}and {} (JSON has all){DIM:#}", counted(left, what)),
        }
    }

    fn event(&self, out: &mut dyn Write, event: &Event) -> io::Result<()> {
        let heading = BOLD.underline();
        let (articles, outlets) =
            (counted(event.articles.len(), "article"), counted(event.outlets.len(), "outlet"));
        self.paragraph(out, "", &format!("{heading}{}{heading:#}", printable(event_title(event))))?;
        writeln!(out, "{DIM}{articles} · {outlets}{DIM:#}")?;
        for article in &event.articles {
            for warning in &article.warnings {
                let warning =
                    format!("{WARNING}{}: {}{WARNING:#}", printable(&article.id), printable(warning));
                self.paragraph(out, "  ", &warning)?;
            }
        }
        self.section(out, "Digest")?;
        self.none(out, event.digest.is_empty(), "no sentences")?;
        for sentence in &event.digest {
            self.sentence(out, "  ", sentence)?;
        }
        self.section(out, "Shared facts")?;
        self.none(out, event.shared.is_empty(), "none that two outlets tell")?;
        for fact in event.shared.iter().take(FACTS) {
            let (of, names) = (fact.outlets.len(), joined(&fact.outlets));
            self.paragraph(
                out,
                "  ",
                &format!(
                    "{BOLD}{of}{BOLD:#} {} {DIM}[{names}]{DIM:#}",
                    printable(&fact.sentences[0].attributed())
                ),
            )?;
        }
        self.more(out, "  ", event.shared.len().saturating_sub(FACTS), "more fact")?;
        self.section(out, "Only here")?;
        self.none(out, event.only_here.is_empty(), "nothing that only one outlet tells")?;
        for only in &event.only_here {
            writeln!(out, "  {BOLD}{}{BOLD:#}", printable(&only.outlet))?;
            for sentence in only.sentences.iter().take(ONLY_HERE) {
                self.paragraph(out, "    ", &printable(&sentence.attributed()))?;
            }
            self.more(out, "    ", only.sentences.len().saturating_sub(ONLY_HERE), "more sentence")?;
        }
        self.section(out, "Given differently")?;
        self.none(out, event.differences.is_empty(), "no number, year or speaker")?;
        for difference in &event.differences {
            self.paragraph(
                out,
                "  ",
                &format!("{} differs: {}", kind_name(difference), printable(&difference.about)),
            )?;
            for side in &difference.sides {
                self.paragraph(
                    out,
                    "    ",
                    &format!(
                        "{BOLD}{}{BOLD:#} {DIM}[{}]{DIM:#}",
                        printable(&side.value),
                        joined(&side.outlets)
                    ),
                )?;
            }
        }
        if !event.reuse.is_empty() {
            self.section(out, "Nearly the same words")?;
            for reuse in &event.reuse {
                let text = printable(&reuse.passages[0].attributed());
                self.paragraph(
                    out,
                    "  ",
                    &format!(
                        "{BOLD}{}{BOLD:#} {text} {DIM}[{}]{DIM:#}",
                        counted(reuse.words, "word"),
                        joined(&reuse.outlets)
                    ),
                )?;
            }
        }
        self.tables(out, event)
    }

    fn sentence(&self, out: &mut dyn Write, indent: &str, sentence: &Sentence) -> io::Result<()> {
        let text =
            format!("{} {DIM}[{}]{DIM:#}", printable(&sentence.attributed()), printable(&sentence.outlet));
        self.paragraph(out, indent, &text)
    }

    fn tables(&self, out: &mut dyn Write, event: &Event) -> io::Result<()> {
        self.section(out, "Who is quoted")?;
        self.none(out, event.quoted.is_empty(), "nobody")?;
        for row in event.quoted.iter().take(SPEAKERS) {
            let by = quotes_by_outlet(event, row).into_iter().map(|(outlet, count)| match count {
                1 => printable(&outlet),
                _ => format!("{} ×{count}", printable(&outlet)),
            });
            let by: Vec<String> = by.collect();
            self.paragraph(
                out,
                "  ",
                &format!("{BOLD}{}{BOLD:#} {}", printable(&row.speaker), by.join(", ")),
            )?;
        }
        self.more(out, "  ", event.quoted.len().saturating_sub(SPEAKERS), "more speaker")?;
        self.section(out, "Who is named")?;
        self.none(out, event.names.is_empty(), "nobody and nothing")?;
        for row in event.names.iter().take(NAMES) {
            let outlets = row.mentions.iter().filter(|&&count| count > 0).count();
            let all: usize = row.mentions.iter().sum();
            let (outlets, mentions) = (counted(outlets, "outlet"), counted(all, "mention"));
            writeln!(
                out,
                "  {:<4} {} {DIM}{outlets}, {mentions}{DIM:#}",
                row.kind.name(),
                printable(&row.name)
            )?;
        }
        self.more(out, "  ", event.names.len().saturating_sub(NAMES), "more name")?;
        self.section(out, "How each leans (favor minus against: in its own voice / by those quoted)")?;
        self.none(out, event.leanings.is_empty(), "no outlet leans towards anything")?;
        for row in event.leanings.iter().take(TARGETS) {
            writeln!(out, "  {BOLD}{}{BOLD:#}", printable(&row.target))?;
            for (outlet, leaning) in event.outlets.iter().zip(&row.outlets) {
                let Some(leaning) = leaning else { continue };
                let [own, quoted] = balance(leaning).map(signed);
                let (outlet, label) = (printable(outlet), leaning.label.name());
                writeln!(
                    out,
                    "    {label:<7} {own} / {quoted}  {outlet} {DIM}{}{DIM:#}",
                    counted(leaning.evidence.len(), "sentence")
                )?;
            }
        }
        self.more(out, "  ", event.leanings.len().saturating_sub(TARGETS), "more target")
    }
}

/// Names of outlets, for a terminal.
fn joined(outlets: &[String]) -> String {
    outlets.iter().map(|outlet| printable(outlet)).collect::<Vec<_>>().join(", ")
}
