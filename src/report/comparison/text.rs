//! A comparison for the terminal.

use std::io::{self, Write};

use super::{
    FACTS, NAMES, ONLY_HERE, SPEAKERS, TARGETS, balance, event_title, kind_name, quotes_by_outlet, signed,
};
use crate::compare::Comparison;
use crate::compare::comparison::{Event, Sentence};
use crate::report::styles::{BOLD, DIM, WARNING};
use crate::report::{counted, printable, text_width};

/// Writes the comparison.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(out: &mut dyn Write, comparison: &Comparison) -> io::Result<()> {
    let writer = TextWriter { width: text_width() };
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
        writeln!(out)?;
        self.paragraph(out, "", &format!("{BOLD}{name}{BOLD:#}"))
    }

    /// Says of a section without lines that there is nothing to show.
    fn none(&self, out: &mut dyn Write, is_empty: bool, said: &str) -> io::Result<()> {
        if is_empty { self.paragraph(out, "  ", &format!("{DIM}({said}){DIM:#}")) } else { Ok(()) }
    }

    fn more(&self, out: &mut dyn Write, indent: &str, left: usize, what: &str) -> io::Result<()> {
        match left {
            0 => Ok(()),
            _ => self.paragraph(
                out,
                indent,
                &format!("{DIM}and {} (JSON has all){DIM:#}", counted(left, what)),
            ),
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
                let (id, warning) = (printable(&article.id), printable(warning));
                self.paragraph(out, "  ", &format!("{WARNING}warning: {id}: {warning}{WARNING:#}"))?;
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
            // Without the colon, "2 2,400 soldiers" would be one number where there are no styles.
            let (of, all, names) = (fact.outlets.len(), event.outlets.len(), joined(&fact.outlets));
            self.paragraph(
                out,
                "  ",
                &format!(
                    "{BOLD}{of} of {all}:{BOLD:#} {} {DIM}[{names}]{DIM:#}",
                    printable(&fact.sentences[0].attributed())
                ),
            )?;
        }
        self.more(out, "  ", event.shared.len().saturating_sub(FACTS), "more fact")?;
        self.section(out, "Only here")?;
        self.none(out, event.only_here.is_empty(), "nothing that only one outlet tells")?;
        for only in &event.only_here {
            self.paragraph(out, "  ", &format!("{BOLD}{}{BOLD:#}", printable(&only.outlet)))?;
            for sentence in only.sentences.iter().take(ONLY_HERE) {
                self.paragraph(out, "    ", &printable(&sentence.attributed()))?;
            }
            self.more(out, "    ", only.sentences.len().saturating_sub(ONLY_HERE), "more sentence")?;
        }
        self.differences(out, event)?;
        if !event.reuse.is_empty() {
            self.section(out, "Nearly the same words")?;
            for reuse in &event.reuse {
                let text = printable(&reuse.passages[0].attributed());
                self.paragraph(
                    out,
                    "  ",
                    &format!(
                        "{BOLD}{}:{BOLD:#} {text} {DIM}[{}]{DIM:#}",
                        counted(reuse.words, "word"),
                        joined(&reuse.outlets)
                    ),
                )?;
            }
        }
        self.tables(out, event)
    }

    /// What the outlets give differently.
    fn differences(&self, out: &mut dyn Write, event: &Event) -> io::Result<()> {
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
        Ok(())
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
                &format!("{BOLD}{}:{BOLD:#} {}", printable(&row.speaker), by.join(", ")),
            )?;
        }
        self.more(out, "  ", event.quoted.len().saturating_sub(SPEAKERS), "more speaker")?;
        self.section(out, "Who is named")?;
        self.none(out, event.names.is_empty(), "nobody and nothing")?;
        for row in event.names.iter().take(NAMES) {
            let outlets = row.mentions.iter().filter(|&&count| count > 0).count();
            let all: usize = row.mentions.iter().sum();
            let (outlets, mentions) = (counted(outlets, "outlet"), counted(all, "mention"));
            let (kind, name) = (row.kind.name(), printable(&row.name));
            self.paragraph(out, "  ", &format!("{kind:<4} {name} {DIM}· {outlets}, {mentions}{DIM:#}"))?;
        }
        self.more(out, "  ", event.names.len().saturating_sub(NAMES), "more name")?;
        self.section(out, "How each leans (favor minus against: in its own voice / by those quoted)")?;
        self.none(out, event.leanings.is_empty(), "no outlet mentions a target")?;
        for row in event.leanings.iter().take(TARGETS) {
            self.paragraph(out, "  ", &format!("{BOLD}{}{BOLD:#}", printable(&row.target)))?;
            for (outlet, leaning) in event.outlets.iter().zip(&row.outlets) {
                let Some(leaning) = leaning else { continue };
                let [own, quoted] = balance(leaning).map(signed);
                let (outlet, label) = (printable(outlet), leaning.label.name());
                let sentences = counted(leaning.evidence.len(), "sentence");
                let row = format!("{label:<7} {own:>5} / {quoted:>5}  {outlet} {DIM}· {sentences}{DIM:#}");
                self.paragraph(out, "    ", &row)?;
            }
        }
        self.more(out, "  ", event.leanings.len().saturating_sub(TARGETS), "more target")
    }
}

/// Names of outlets, for a terminal.
fn joined(outlets: &[String]) -> String {
    outlets.iter().map(|outlet| printable(outlet)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use textwrap::core::display_width;

    use super::*;

    /// An event of one article, in which the outlet, the speaker, the name and the target are called `name`.
    fn event(name: &str) -> Event {
        let sentence: Value =
            json!({ "article": "a", "outlet": name, "start": 0, "end": 13, "text": "2,400 people left." });
        let evidence = json!({
            "article": "a", "start": 0, "end": 13, "text": "So.", "label": "favor", "score": 0.9,
            "mention": { "start": 0, "end": 2, "text": "So" }, "speaker": null
        });
        let scores = json!({ "favor": 0.5, "neutral": 0.25, "against": 0.25 });
        let leaning = json!({ "label": "favor", "scores": scores, "own_voice": scores, "quoted": null, "evidence": [evidence] });
        let quote = json!({
            "article": "a", "speaker": name, "mention": null, "cue": null,
            "content": [{ "start": 0, "end": 3, "text": "So." }], "direct": false, "score": 0.5
        });
        let article = json!({
            "id": "a", "outlet": name, "title": null, "url": null, "published": null, "warnings": ["it is odd"]
        });
        let event = json!({
            "title": name, "articles": [article], "outlets": [name], "digest": [sentence],
            "shared": [{ "text": "So.", "outlets": [name], "sentences": [sentence], "score": 0.9 }],
            "only_here": [{ "outlet": name, "sentences": [sentence] }], "differences": [],
            "reuse": [{ "words": 3, "outlets": [name], "passages": [sentence] }],
            "names": [{ "name": name, "type": "ORG", "mentions": [2] }],
            "quoted": [{ "speaker": name, "quotes": [[quote]] }],
            "leanings": [{ "target": name, "outlets": [leaning] }]
        });
        serde_json::from_value(event).unwrap()
    }

    fn written(width: usize, event: &Event) -> String {
        let mut out: Vec<u8> = Vec::new();
        TextWriter { width }.event(&mut out, event).unwrap();
        anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string()
    }

    #[test]
    fn what_stands_side_by_side_is_told_apart_without_styles() {
        let text = written(80, &event("Channel 4"));
        for line in [
            "  warning: a: it is odd",
            "  1 of 1: 2,400 people left. [Channel 4]",
            "  3 words: 2,400 people left. [Channel 4]",
            "  Channel 4: Channel 4",
            "  ORG  Channel 4 · 1 outlet, 2 mentions",
            "    favor   +0.25 /     –  Channel 4 · 1 sentence",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}: {text}");
        }
    }

    #[test]
    fn every_line_fits_the_terminal_whatever_its_names() {
        let name = "The Consolidated Broadcasting Corporation of the Extended Northern Territories";
        for width in [40, 60] {
            let text = written(width, &event(name));
            assert!(text.lines().all(|line| display_width(line) <= width), "{text}");
        }
    }
}
