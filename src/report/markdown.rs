//! Analyses as Markdown (CommonMark with tables). All text from articles is escaped.

use std::io::{self, Write};

use super::{Report, counted, cue_around, printable, speaker};
use crate::{Analysis, Article};

/// Writes each analysis as a section.
pub struct MarkdownReport;

impl Report for MarkdownReport {
    fn article(&mut self, out: &mut dyn Write, _: &Article, analysis: &Analysis) -> io::Result<()> {
        let heading = analysis.title.as_deref().unwrap_or(&analysis.id);
        writeln!(out, "## {}\n", escaped(heading))?;
        let meta = [&analysis.source, &analysis.published, &analysis.url];
        let meta: Vec<String> = meta.into_iter().flatten().map(|value| escaped(value)).collect();
        if !meta.is_empty() {
            writeln!(out, "{}\n", meta.join(" · "))?;
        }
        for warning in &analysis.warnings {
            writeln!(out, "> **Warning:** {}\n", escaped(warning))?;
        }
        if let Some(summary) = &analysis.summary {
            let marks = summary.generated.iter().map(|sentence| match sentence.supported {
                true => escaped(&sentence.text),
                false => format!("{} **[unsupported]**", escaped(&sentence.text)),
            });
            let marked: Vec<String> = marks.collect();
            let text = if marked.is_empty() { escaped(&summary.text) } else { marked.join(" ") };
            writeln!(out, "### Summary\n\n{text}\n")?;
        }
        if let Some(entities) = &analysis.entities {
            writeln!(out, "### Entities\n\n| Name | Type | Mentions |\n|---|---|---:|")?;
            for entity in entities {
                let (name, count) = (escaped(&entity.name), entity.mentions.len());
                writeln!(out, "| {name} | {} | {count} |", entity.kind.name())?;
            }
            writeln!(out)?;
        }
        if let Some(stance) = &analysis.stance {
            writeln!(
                out,
                "### Stance\n\n| Target | Label | Favor | Neutral | Against | Sentences |\n|---|---|---:|---:|---:|---:|"
            )?;
            for target in stance {
                let scores = target
                    .scores
                    .map_or([String::from("–"), String::from("–"), String::from("–")], |s| {
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
                    let holder = evidence
                        .holder
                        .as_ref()
                        .map(|holder| format!(" ({}: {})", escaped(&holder.name), holder.label.name()));
                    let (label, text) = (evidence.label.name(), escaped(&evidence.text));
                    let holder = holder.unwrap_or_default();
                    writeln!(out, "- {label} ({:.2}): {text}{speaker}{holder}", evidence.score)?;
                }
                writeln!(out)?;
            }
        }
        if let Some(quotes) = &analysis.quotes {
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
            writeln!(out)?;
        }
        Ok(())
    }
}

/// Escapes text, so that Markdown and the HTML that is made from it show it unchanged.
pub(super) fn escaped(text: &str) -> String {
    let mut found = String::with_capacity(text.len() + 8);
    for c in printable(text).chars() {
        match c {
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
}
