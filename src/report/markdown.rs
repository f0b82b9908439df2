//! Analyses as Markdown (CommonMark with tables). All text from articles is escaped.

use std::io::{self, Write};

use super::{Report, counted, cue_around, is_unprintable, other_holder, printable, speaker};
use crate::analysis::{Entity, Quote, Summary, TargetStance};
use crate::{Analysis, Article};

/// Writes each analysis as a section.
pub struct MarkdownReport;

impl Report for MarkdownReport {
    fn article(&mut self, out: &mut dyn Write, _: &Article, analysis: &Analysis) -> io::Result<()> {
        write_heading(out, analysis)?;
        if let Some(summary) = &analysis.summary {
            write_summary(out, summary)?;
        }
        if let Some(entities) = &analysis.entities {
            write_entities(out, entities)?;
        }
        if let Some(stance) = &analysis.stance {
            write_stance(out, stance)?;
        }
        if let Some(quotes) = &analysis.quotes {
            write_quotes(out, quotes)?;
        }
        Ok(())
    }
}

/// The title, where the article comes from, and the warnings.
fn write_heading(out: &mut dyn Write, analysis: &Analysis) -> io::Result<()> {
    let heading = analysis.title.as_deref().unwrap_or(&analysis.id);
    writeln!(out, "## {}\n", escaped(heading))?;
    let meta = [&analysis.source, &analysis.published].into_iter().flatten().map(|value| escaped(value));
    let meta: Vec<String> = meta.chain(analysis.url.as_deref().map(address)).collect();
    if !meta.is_empty() {
        writeln!(out, "{}\n", meta.join(" · "))?;
    }
    for warning in &analysis.warnings {
        writeln!(out, "> **Warning:** {}\n", escaped(warning))?;
    }
    Ok(())
}

fn write_summary(out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
    let marks = summary.generated.iter().map(|sentence| match sentence.supported {
        true => escaped(&sentence.text),
        false => format!("{} **[unsupported]**", escaped(&sentence.text)),
    });
    let marked: Vec<String> = marks.collect();
    let text = if marked.is_empty() { escaped(&summary.text) } else { marked.join(" ") };
    let text = if text.is_empty() { "No sentences.".into() } else { text };
    writeln!(out, "### Summary\n\n{text}\n")
}

fn write_entities(out: &mut dyn Write, entities: &[Entity]) -> io::Result<()> {
    writeln!(out, "### Entities\n")?;
    if entities.is_empty() {
        return writeln!(out, "Nobody and nothing is named.\n");
    }
    writeln!(out, "| Name | Type | Mentions |\n|---|---|---:|")?;
    for entity in entities {
        let (name, count) = (escaped(&entity.name), entity.mentions.len());
        writeln!(out, "| {name} | {} | {count} |", entity.kind.name())?;
    }
    writeln!(out)
}

/// A table of the targets, and below it the sentences that show each stance.
fn write_stance(out: &mut dyn Write, stance: &[TargetStance]) -> io::Result<()> {
    writeln!(out, "### Stance\n")?;
    if stance.is_empty() {
        return writeln!(out, "No target was given, and none was found.\n");
    }
    writeln!(
        out,
        "| Target | Label | Favor | Neutral | Against | Sentences |\n|---|---|---:|---:|---:|---:|"
    )?;
    for target in stance {
        let scores =
            target.scores.map_or([String::from("–"), String::from("–"), String::from("–")], |s| {
                [s.favor, s.neutral, s.against].map(|score| format!("{score:.2}"))
            });
        let (name, sentences) = (escaped(&target.target), target.evidence.len());
        writeln!(out, "| {name} | {} | {} | {sentences} |", target.label.name(), scores.join(" | "))?;
    }
    writeln!(out)?;
    for target in stance.iter().filter(|target| !target.evidence.is_empty()) {
        let sentences = counted(target.evidence.len(), "sentence");
        writeln!(out, "**{}**, {sentences}:\n", escaped(&target.target))?;
        for evidence in &target.evidence {
            let speaker =
                evidence.speaker.as_deref().map(|s| format!(" — {}", escaped(s))).unwrap_or_default();
            let holder = other_holder(evidence)
                .map(|holder| format!(" ({}: {})", escaped(&holder.name), holder.label.name()));
            let (label, text) = (evidence.label.name(), escaped(&evidence.text));
            let holder = holder.unwrap_or_default();
            writeln!(out, "- {label} ({:.2}): {text}{speaker}{holder}", evidence.score)?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn write_quotes(out: &mut dyn Write, quotes: &[Quote]) -> io::Result<()> {
    writeln!(out, "### Quotes\n")?;
    for quote in quotes {
        let (before, behind) = cue_around(quote);
        let before = before.map(|cue| escaped(cue) + " ").unwrap_or_default();
        let behind = behind.map(|cue| format!(" {}", escaped(cue))).unwrap_or_default();
        let content: Vec<String> = quote.content.iter().map(|part| escaped(&part.text)).collect();
        let speaker = escaped(speaker(quote));
        writeln!(out, "- {before}**{speaker}**{behind}: {}", content.join(" … "))?;
    }
    if quotes.is_empty() {
        writeln!(out, "Nobody is quoted.")?;
    }
    writeln!(out)
}

/// A web address as a link that shows the address. Many programs make a link of a bare address, too, and take the backslash
/// of `\_` for a part of it. Any other address is text.
fn address(url: &str) -> String {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    let ends_link = |c: char| c.is_whitespace() || matches!(c, '<' | '>') || is_unprintable(c);
    if is_web && !url.contains(ends_link) { format!("<{url}>") } else { escaped(url) }
}

/// Where the sign stands that would make a list, a rule or a heading of a line that begins with this text: "- ", "1. ", "===".
fn opening_sign(line: &str) -> Option<usize> {
    let at = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let signs: &[char] = if at == 0 { &['-', '+', '='] } else { &['.', ')'] };
    let rest = line[at..].strip_prefix(signs)?;
    (rest.is_empty() || rest.starts_with([' ', '-', '='])).then_some(at)
}

/// Escapes text, so that Markdown and the HTML that is made from it show it unchanged.
pub(super) fn escaped(text: &str) -> String {
    let line = printable(text);
    let opening = opening_sign(&line);
    let mut found = String::with_capacity(line.len() + 8);
    for (at, c) in line.char_indices() {
        match c {
            _ if opening == Some(at) => {
                found.push('\\');
                found.push(c);
            }
            '<' => found.push_str("&lt;"),
            '>' => found.push_str("&gt;"),
            '&' => found.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' => {
                found.push('\\');
                found.push(c);
            }
            _ => found.push(c),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_cannot_write_markup() {
        let text = "<script>x</script> [a](javascript:b) **c** | d\n# e";
        let expected = r"&lt;script&gt;x&lt;/script&gt; \[a\](javascript:b) \*\*c\*\* \| d \# e";
        assert_eq!(escaped(text), expected);
    }

    #[test]
    fn no_text_begins_a_list_a_rule_or_a_heading() {
        for (text, expected) in [
            ("- he left", r"\- he left"),
            ("+ one", r"\+ one"),
            ("10. The mayor", r"10\. The mayor"),
            ("2) so", r"2\) so"),
            ("1986.", r"1986\."),
            ("---", r"\---"),
            ("==", r"\=="),
            ("3.5 million", "3.5 million"),
            ("-5 degrees", "-5 degrees"),
            ("2022-02-18", "2022-02-18"),
            ("– so", "– so"),
            ("", ""),
        ] {
            assert_eq!(escaped(text), expected, "{text}");
        }
    }

    #[test]
    fn a_section_without_findings_says_so() {
        let summary =
            serde_json::json!({ "method": "extractive", "model": "compact", "text": "", "sentences": [] });
        let summary: Summary = serde_json::from_value(summary).unwrap();
        let mut out: Vec<u8> = Vec::new();
        write_summary(&mut out, &summary).unwrap();
        write_entities(&mut out, &[]).unwrap();
        write_stance(&mut out, &[]).unwrap();
        let text = String::from_utf8(out).unwrap();
        for words in [
            "No sentences.\n",
            "Nobody and nothing is named.\n",
            "No target was given, and none was found.\n",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert!(!text.contains('|'), "{text}");
    }

    #[test]
    fn an_address_leads_where_it_says() {
        let page = "https://news.example/a_b?c=1&d=~e#f";
        assert_eq!(address(page), format!("<{page}>"));
        assert_eq!(address("javascript:a_b"), r"javascript:a\_b");
        assert_eq!(address("https://x/><b>"), "https://x/&gt;&lt;b&gt;");
        assert_eq!(address("https://x/a b\n# c"), r"https://x/a b \# c");
    }
}
