//! Analyses for the terminal: entities coloured in the text, and a small bar for each stance.

use std::io::{self, Write};

use textwrap::core::display_width;

use super::marked_text::{StyledSpan, color, marked, mentions, styled, tone};
use super::styles::{BOLD, DIM, WARNING};
use super::{Report, counted, cue_around, other_holder, printable, speaker, text_width};
use crate::analysis::{Evidence, Quote, Summary, TargetStance};
use crate::entities::EntityType;
use crate::stance::{Label, Scores};
use crate::{Analysis, Article};

/// Sentences of evidence that are shown for a target if there are other findings than stance; else all are shown.
const MOST_EVIDENCE: usize = 2;
/// Quotes that are shown if there are other findings than quotes; else all are shown.
const MOST_QUOTES: usize = 6;

/// Writes each analysis as a block of lines.
pub struct TextReport {
    /// Columns of the terminal, 40 to 100.
    width: usize,
    /// Whether the next analysis is the first.
    first: bool,
}

impl TextReport {
    /// For the terminal that the program runs in.
    pub fn new() -> Self {
        Self { width: text_width(), first: true }
    }

    fn paragraph(&self, out: &mut dyn Write, indent: &str, text: &str) -> io::Result<()> {
        let options = textwrap::Options::new(self.width).initial_indent(indent).subsequent_indent(indent);
        writeln!(out, "{}", textwrap::fill(text, options))
    }
}

impl Report for TextReport {
    fn article(&mut self, out: &mut dyn Write, article: &Article, analysis: &Analysis) -> io::Result<()> {
        if !std::mem::take(&mut self.first) {
            writeln!(out)?;
        }
        self.heading(out, analysis)?;
        for warning in &analysis.warnings {
            let warning = styled(WARNING, &format!("warning: {}", printable(warning)));
            self.paragraph(out, "  ", &warning)?;
        }
        let alone = [
            analysis.summary.is_some(),
            analysis.entities.is_some(),
            analysis.stance.is_some(),
            analysis.quotes.is_some(),
        ];
        let alone = alone.iter().filter(|&&there| there).count() == 1;
        if let Some(summary) = &analysis.summary {
            self.summary(out, analysis, summary, alone)?;
        }
        if analysis.entities.is_some() {
            if alone {
                self.whole_text(out, article, analysis)?;
            }
            self.entities(out, analysis, alone)?;
        }
        if let Some(stance) = &analysis.stance {
            self.stance(out, stance, alone)?;
        }
        if let Some(quotes) = &analysis.quotes {
            self.quotes(out, quotes, alone)?;
        }
        Ok(())
    }
}

impl TextReport {
    fn heading(&self, out: &mut dyn Write, analysis: &Analysis) -> io::Result<()> {
        let name = printable(analysis.title.as_deref().unwrap_or(&analysis.id));
        self.paragraph(out, "", &styled(BOLD.underline(), &name))?;
        let mut facts: Vec<String> = [&analysis.source, &analysis.published, &analysis.language]
            .into_iter()
            .flatten()
            .map(|s| printable(s))
            .collect();
        facts.push(counted(analysis.characters, "character"));
        facts.push(counted(analysis.tokens, "token"));
        self.paragraph(out, "", &styled(DIM, &facts.join(" · ")))
    }

    fn section(&self, out: &mut dyn Write, name: &str, alone: bool) -> io::Result<()> {
        if alone { Ok(()) } else { writeln!(out, "\n{}", styled(BOLD, name)) }
    }

    fn summary(
        &self,
        out: &mut dyn Write,
        analysis: &Analysis,
        summary: &Summary,
        alone: bool,
    ) -> io::Result<()> {
        self.section(out, "Summary", alone)?;
        if summary.lines().next().is_none() {
            return self.paragraph(out, "  ", &styled(DIM, "(no sentences)"));
        }
        for sentence in &summary.generated {
            let mark = if sentence.supported { String::new() } else { styled(WARNING, " [unsupported]") };
            self.paragraph(out, "  ", &format!("{}{mark}", printable(&sentence.text)))?;
        }
        if let Some(levels) = summary.levels.filter(|levels| *levels > 1) {
            let how = format!("(longer than the model reads at once: summarised in {levels} levels)");
            self.paragraph(out, "  ", &styled(DIM, &how))?;
        }
        for sentence in &summary.sentences {
            let marked = marked(&sentence.text, sentence.start, &mentions(analysis));
            self.paragraph(out, "  ", &marked)?;
        }
        Ok(())
    }

    /// The article with its entities coloured, paragraph by paragraph.
    fn whole_text(&self, out: &mut dyn Write, article: &Article, analysis: &Analysis) -> io::Result<()> {
        let (marks, mut at) = (mentions(analysis), 0);
        for line in article.text.split_inclusive('\n') {
            if !line.trim().is_empty() {
                self.paragraph(out, "  ", &marked(line, at, &marks))?;
            }
            at += line.chars().count();
        }
        writeln!(out)
    }

    fn entities(&self, out: &mut dyn Write, analysis: &Analysis, alone: bool) -> io::Result<()> {
        self.section(out, "Entities", alone)?;
        if analysis.entities.iter().flatten().next().is_none() {
            return self.paragraph(out, "  ", &styled(DIM, "(nobody and nothing is named)"));
        }
        for kind in EntityType::ALL {
            let entities = analysis.entities.iter().flatten().filter(|entity| entity.kind == kind);
            let mut named: Vec<(&str, usize)> =
                entities.map(|e| (e.name.as_str(), e.mentions.len())).collect();
            named.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
            if named.is_empty() {
                continue;
            }
            let names: Vec<String> = named
                .iter()
                .map(|&(name, count)| match count {
                    1 => styled(color(kind), &printable(name)),
                    _ => format!("{} ×{count}", styled(color(kind), &printable(name))),
                })
                .collect();
            let options =
                textwrap::Options::new(self.width).initial_indent("  ").subsequent_indent("       ");
            let line = format!("{:<4} {}", kind.name(), names.join(", "));
            writeln!(out, "{}", textwrap::fill(&line, options))?;
        }
        Ok(())
    }

    fn stance(&self, out: &mut dyn Write, stance: &[TargetStance], alone: bool) -> io::Result<()> {
        self.section(out, "Stance", alone)?;
        if stance.is_empty() {
            return self.paragraph(out, "  ", &styled(DIM, "(no target was given, and none was found)"));
        }
        let names: Vec<String> = stance.iter().map(|target| printable(&target.target)).collect();
        // What the terminal has beside the label and the bar.
        let room = self.width.saturating_sub(33).min(24);
        let widths = names.iter().map(|name| display_width(name)).filter(|&width| width <= room);
        let widest = widths.max().unwrap_or(0);
        for (target, name) in stance.iter().zip(&names) {
            // A longer name has lines of its own.
            let is_long = display_width(name) > widest;
            if is_long {
                self.paragraph(out, "  ", name)?;
            }
            let name = if is_long { "" } else { name.as_str() };
            // A wide character takes two columns, an accent none.
            let name = format!("{name}{}", " ".repeat(widest - display_width(name)));
            let Some(scores) = target.scores else {
                let absent = styled(DIM, "absent: the article never mentions it");
                self.paragraph(out, "  ", &format!("{name}  {absent}"))?;
                continue;
            };
            let label = styled(tone(target.label).bold(), &format!("{:<7}", target.label.name()));
            let numbers = format!(
                "favor {:.2}  neutral {:.2}  against {:.2}",
                scores.favor, scores.neutral, scores.against
            );
            let row = format!("  {name}  {label}  {}", bar(&scores));
            let (length, below) = (display_width(&numbers), widest + 4);
            let numbers = styled(DIM, &numbers);
            // A terminal would break numbers that do not fit. Below, they stand under the label, if there is room.
            if display_width(&row) + 2 + length <= self.width {
                writeln!(out, "{row}  {numbers}")?;
            } else {
                writeln!(out, "{row}")?;
                let indent = if below + length <= self.width { below } else { 4 };
                self.paragraph(out, &" ".repeat(indent), &numbers)?;
            }
            let shown = if alone { target.evidence.len() } else { MOST_EVIDENCE };
            for evidence in target.evidence.iter().take(shown) {
                self.evidence(out, evidence)?;
            }
            if let Some(more) = target.evidence.len().checked_sub(shown).filter(|&more| more > 0) {
                writeln!(out, "    {}", styled(DIM, &format!("and {}", counted(more, "more sentence"))))?;
            }
        }
        Ok(())
    }

    fn quotes(&self, out: &mut dyn Write, quotes: &[Quote], alone: bool) -> io::Result<()> {
        self.section(out, "Quotes", alone)?;
        if quotes.is_empty() {
            return self.paragraph(out, "  ", &styled(DIM, "(nobody is quoted)"));
        }
        let shown = if alone { quotes.len() } else { MOST_QUOTES };
        for quote in surest(quotes, shown) {
            let speaker = styled(BOLD, &printable(speaker(quote)));
            let (before, behind) = cue_around(quote);
            let before = before.map(|cue| styled(DIM, &printable(cue)) + " ").unwrap_or_default();
            let behind = behind.map(|cue| styled(DIM, &format!(" {}", printable(cue)))).unwrap_or_default();
            let content: Vec<String> = quote.content.iter().map(|part| printable(&part.text)).collect();
            let content = content.join(" … ");
            self.paragraph(out, "  ", &format!("{before}{speaker}{behind}: {content}"))?;
        }
        if let Some(more) = quotes.len().checked_sub(shown).filter(|&more| more > 0) {
            writeln!(out, "  {}", styled(DIM, &format!("and {}", counted(more, "more quote"))))?;
        }
        Ok(())
    }

    fn evidence(&self, out: &mut dyn Write, evidence: &Evidence) -> io::Result<()> {
        let mention = StyledSpan {
            start: evidence.mention.start,
            end: evidence.mention.end,
            style: tone(evidence.label).underline(),
        };
        let label = styled(tone(evidence.label), &format!("{} {:.2}", evidence.label.name(), evidence.score));
        let voice = evidence.speaker.as_deref().map(|s| styled(DIM, &format!(" — {}", printable(s))));
        let text = marked(&evidence.text, evidence.start, &[mention]);
        let holder = other_holder(evidence);
        let holder = holder.map(|h| styled(DIM, &format!(" [{}: {}]", printable(&h.name), h.label.name())));
        let behind = voice.unwrap_or_default() + &holder.unwrap_or_default();
        self.paragraph(out, "    ", &format!("{label}  {text}{behind}"))
    }
}

/// A bar of twenty cells: against at the left, favor at the right, with different characters for use without colours.
fn bar(scores: &Scores) -> String {
    const CELLS: f64 = 20.0;
    let against = (scores.against * CELLS).round() as usize;
    let favor = ((scores.favor * CELLS).round() as usize).min(CELLS as usize - against);
    let neutral = CELLS as usize - against - favor;
    let part = |label, cell: &str, n| styled(tone(label), &cell.repeat(n));
    part(Label::Against, "▒", against) + &"·".repeat(neutral) + &part(Label::Favor, "█", favor)
}

/// The surest quotes, in the order of the text: direct ones first, then those whose speaker has a name, then by score.
fn surest(quotes: &[Quote], count: usize) -> Vec<&Quote> {
    let mut order: Vec<(usize, &Quote)> = quotes.iter().enumerate().collect();
    let rank =
        |quote: &Quote| (quote.direct && quote.speaker.is_some(), quote.speaker.is_some(), quote.direct);
    order.sort_by(|(a, one), (b, other)| {
        rank(other).cmp(&rank(one)).then(other.score.total_cmp(&one.score)).then(a.cmp(b))
    });
    order.truncate(count);
    order.sort_by_key(|(number, _)| *number);
    order.into_iter().map(|(_, quote)| quote).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stance_fits_the_terminal_whatever_its_target_is_called() {
        let scores = Some(Scores { favor: 0.5, neutral: 0.25, against: 0.25 });
        let shown = |width: usize, targets: &[&str]| {
            let stance = |target: &&str| TargetStance {
                target: target.to_string(),
                label: Label::Favor,
                scores,
                evidence: Vec::new(),
            };
            let (stances, mut out): (Vec<_>, Vec<u8>) = (targets.iter().map(stance).collect(), Vec::new());
            TextReport { width, first: true }.stance(&mut out, &stances, true).unwrap();
            let text = String::from_utf8(out).unwrap();
            anstream::adapter::strip_str(&text).to_string()
        };
        let rows = shown(100, &["習近平", "Jose\u{301}", "Mali"]);
        let before: Vec<usize> =
            rows.lines().map(|row| display_width(row.split('▒').next().unwrap())).collect();
        assert_eq!(before, [19, 19, 19], "{rows}");
        for (width, indent) in [(100, None), (80, Some(19)), (60, Some(19)), (50, Some(4))] {
            let rows = shown(width, &["Emmanuel Macron"]);
            assert!(rows.lines().all(|row| display_width(row) <= width), "{rows}");
            let numbers = rows.lines().nth(1).map(|row| row.find("favor 0.50  neutral 0.25").unwrap());
            assert_eq!(numbers, indent, "{rows}");
        }
        let long = "Springfield Association for the Advancement of Rapid Public Transportation";
        for width in [40, 80] {
            let rows = shown(width, &[long, "Mali"]);
            assert!(rows.lines().all(|row| display_width(row) <= width), "{rows}");
            assert!(rows.starts_with("  Springfield Association"), "{rows}");
        }
    }

    #[test]
    fn a_heading_fits_the_terminal_and_an_empty_section_says_so() {
        let analysis = serde_json::json!({
            "schema_version": 1, "id": "a", "title": "They met in Paris. ".repeat(9), "source": "The Outlet ".repeat(9),
            "url": null, "published": null, "language": "en", "characters": 5, "tokens": 1, "warnings": [],
            "entities": [], "stance": []
        });
        let analysis: Analysis = serde_json::from_value(analysis).unwrap();
        let (mut report, mut out) = (TextReport { width: 50, first: true }, Vec::<u8>::new());
        report.article(&mut out, &Article::new("a", "Text."), &analysis).unwrap();
        let text = anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string();
        assert!(text.lines().all(|line| display_width(line) <= 50), "{text}");
        for words in
            ["Entities\n  (nobody and nothing is named)\n", "Stance\n  (no target was given, and none was"]
        {
            assert!(text.contains(words), "{words}: {text}");
        }
    }

    #[test]
    fn a_bar_has_twenty_cells() {
        for (favor, against) in [(0.0, 0.0), (0.5, 0.5), (0.975, 0.025), (1.0 / 3.0, 1.0 / 3.0), (0.0, 1.0)] {
            let scores = Scores { favor, against, neutral: 1.0 - favor - against };
            let cells = anstream::adapter::strip_str(&bar(&scores)).to_string().chars().count();
            assert_eq!(cells, 20);
        }
    }
}
