//! Writes comparisons of outlets for the terminal, as JSON, Markdown or HTML.

mod html;
mod markdown;
#[cfg(feature = "cli")]
mod text;

use std::io::{self, Write};

use crate::Analysis;
use crate::compare::Comparison;
use crate::compare::comparison::{Difference, DifferenceKind, Event, Leaning, SpeakerRow};

/// The forms in which a comparison is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum ComparisonFormat {
    /// For reading in a terminal
    #[cfg(feature = "cli")]
    Text,
    /// One JSON object; `wirelens schema comparison` describes it
    Json,
    /// For documents and wikis
    Markdown,
    /// One page without other files, with the marked text of every article
    Html,
}

/// Writes a comparison. `analyses` are those of its articles, with their texts; only the HTML page needs them.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_comparison(
    out: &mut dyn Write,
    comparison: &Comparison,
    analyses: &[Analysis],
    format: ComparisonFormat,
) -> io::Result<()> {
    match format {
        #[cfg(feature = "cli")]
        ComparisonFormat::Text => text::write(out, comparison),
        ComparisonFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, comparison)?;
            writeln!(out)
        }
        ComparisonFormat::Markdown => markdown::write(out, comparison),
        ComparisonFormat::Html => html::write(out, comparison, analyses),
    }
}

/// Most names, speakers, targets and facts of an event that are shown, and sentences that one outlet alone has; JSON has all.
const NAMES: usize = 20;
const SPEAKERS: usize = 12;
const TARGETS: usize = 10;
const FACTS: usize = 20;
const ONLY_HERE: usize = 6;

/// What an event is called: its title or, where none of its sentences is fit for one, that of its first article.
fn event_title(event: &Event) -> &str {
    let first = event.articles.first().map(|article| article.title.as_deref().unwrap_or(&article.id));
    if event.title.is_empty() { first.unwrap_or_default() } else { &event.title }
}

/// What the outlets differ in.
fn kind_name(difference: &Difference) -> &'static str {
    match difference.kind {
        DifferenceKind::Quantity => "number",
        DifferenceKind::Date => "year",
        DifferenceKind::Attribution => "speaker",
    }
}

/// The outlets that quote a speaker, each with the number of quotes.
fn quotes_by_outlet(event: &Event, row: &SpeakerRow) -> Vec<(String, usize)> {
    let counts = event.outlets.iter().zip(&row.quotes).filter(|(_, quotes)| !quotes.is_empty());
    counts.map(|(outlet, quotes)| (outlet.clone(), quotes.len())).collect()
}

/// Favor minus against, from -1 to 1: in the outlet's own voice, and in that of the people it quotes.
fn balance(leaning: &Leaning) -> [Option<f64>; 2] {
    [leaning.own_voice, leaning.quoted].map(|scores| scores.map(|scores| scores.favor - scores.against))
}

/// A balance as "+0.35" or "−0.20"; "–" if there is none.
fn signed(balance: Option<f64>) -> String {
    match balance {
        None => "–".into(),
        Some(value) if value <= -0.005 => format!("−{:.2}", -value),
        Some(value) => format!("+{:.2}", value.max(0.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// A comparison of one event of the article "short", with these parts.
    fn comparison(parts: Value) -> Comparison {
        let article = json!({
            "id": "short", "outlet": "A", "title": null, "url": null, "published": null, "warnings": ["it is *odd*"]
        });
        let mut event = json!({ "title": "", "articles": [article], "outlets": ["A"] });
        for part in ["digest", "shared", "only_here", "differences", "reuse", "names", "quoted", "leanings"] {
            event[part] = parts.get(part).cloned().unwrap_or(json!([]));
        }
        let found = json!({ "schema_version": 1, "events": [event], "warnings": [] });
        serde_json::from_value(found).unwrap()
    }

    fn written(comparison: &Comparison, format: ComparisonFormat) -> String {
        let mut out: Vec<u8> = Vec::new();
        write_comparison(&mut out, comparison, &[], format).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_event_without_a_digest_is_called_as_its_article() {
        let mut found = comparison(json!({}));
        assert!(written(&found, ComparisonFormat::Markdown).starts_with("## short\n"));
        let page = written(&found, ComparisonFormat::Html);
        assert!(page.contains("<title>Wirelens: short</title>"), "{page}");
        found.events.push(found.events[0].clone());
        let page = written(&found, ComparisonFormat::Html);
        assert!(page.contains("<a href=\"#e1\">short</a>") && page.contains("1 article of A"), "{page}");
        found.events[0].articles[0].title = Some("A short one".into());
        assert_eq!(event_title(&found.events[0]), "A short one");
    }

    #[test]
    fn warnings_of_articles_are_told_and_sections_without_rows_say_so() {
        let found = comparison(json!({}));
        let markdown = written(&found, ComparisonFormat::Markdown);
        let warning = "> **Warning:** short: it is \\*odd\\*\n";
        for words in [warning, "### Who is quoted\n\nNobody", "Nothing that only one outlet tells."] {
            assert!(markdown.contains(words), "{words}: {markdown}");
        }
        assert!(!markdown.contains('|'), "{markdown}");
    }

    #[test]
    fn a_page_without_findings_has_no_empty_table_and_nothing_to_filter() {
        let mut found = comparison(json!({}));
        found.events[0].outlets.push("B".into());
        let page = written(&found, ComparisonFormat::Html);
        for words in ["<p>No sentences.</p>", "<p>No outlet mentions a target.</p>"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        for part in ["<table", "<input", "Who carries which fact", "A click on a name"] {
            assert!(!page.contains(part), "{part}: {page}");
        }
    }

    #[test]
    fn a_list_that_is_cut_says_how_much_more_there_is() {
        let names = (0..65).map(|n| json!({ "name": format!("N{n}"), "type": "PER", "mentions": [1] }));
        let found = comparison(json!({ "names": names.collect::<Vec<_>>() }));
        let markdown = written(&found, ComparisonFormat::Markdown);
        let end = "| N19 | PER | 1 |\n\nand 45 more names (JSON has all)\n\n### ";
        assert!(markdown.contains(end), "{markdown}");
        let page = written(&found, ComparisonFormat::Html);
        assert!(page.contains("Who is named</a> <b>65</b>"), "{page}");
        assert!(page.contains("<p class=\"soft\">and 5 more (JSON has all)</p>"), "{page}");
    }

    #[test]
    fn a_copied_quotation_has_its_speaker() {
        let passage = json!({
            "article": "short", "outlet": "A", "start": 0, "end": 13, "text": "“It was time.”", "speaker": "Ann Poe"
        });
        let reuse = json!([{ "words": 3, "outlets": ["A", "B"], "passages": [passage] }]);
        let markdown = written(&comparison(json!({ "reuse": reuse })), ComparisonFormat::Markdown);
        assert!(markdown.contains("- 3 words (A, B): “It was time.” — Ann Poe\n"), "{markdown}");
    }

    #[test]
    fn a_number_of_mentions_leads_to_the_first_one_in_any_form() {
        let text =
            "It rained.\n\nThe U.S. left with Ann Poe Jr.\n\nAnn Poe stayed.\n\nThe White House said no.";
        let mention = |name: &str, kind: &str| {
            let start = text.rfind(name).unwrap();
            let mentions = [json!({ "start": start, "end": start + name.len(), "text": name, "score": 1.0 })];
            json!({ "name": name, "type": kind, "mentions": mentions })
        };
        let entities = [
            mention("U.S.", "LOC"),
            mention("Ann Poe Jr.", "PER"),
            mention("Ann Poe", "PER"),
            mention("White House", "ORG"),
        ];
        let analysis = json!({
            "schema_version": 1, "id": "short", "title": null, "source": null, "url": null, "published": null, "language": "en",
            "characters": text.len(), "tokens": 1, "warnings": [], "text": text, "entities": entities
        });
        let analysis: Analysis = serde_json::from_value(analysis).unwrap();
        for (name, kind, wanted) in
            [("United States", "LOC", 1), ("Ann Poe", "PER", 2), ("White House", "LOC", 3)]
        {
            let names = json!([{ "name": name, "type": kind, "mentions": [1] }]);
            let mut out: Vec<u8> = Vec::new();
            let found = comparison(json!({ "names": names }));
            let analyses = std::slice::from_ref(&analysis);
            write_comparison(&mut out, &found, analyses, ComparisonFormat::Html).unwrap();
            let page = String::from_utf8(out).unwrap();
            assert!(page.contains(&format!("<td><a href=\"#a0s{wanted}\">1</a></td>")), "{name}: {page}");
        }
    }

    #[cfg(feature = "cli")]
    #[test]
    fn text_has_a_title_warnings_and_no_empty_sections() {
        let text = written(&comparison(json!({})), ComparisonFormat::Text);
        let text = anstream::adapter::strip_str(&text).to_string();
        assert!(text.starts_with("short\n"), "{text}");
        for words in [
            "  warning: short: it is *odd*\n",
            "Who is quoted\n  (nobody)\n",
            "(nothing that only one outlet tells)",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
    }

    #[test]
    fn balances_have_a_sign() {
        let shown: Vec<String> =
            [None, Some(0.354), Some(-0.2), Some(-0.001)].into_iter().map(signed).collect();
        assert_eq!(shown, ["–", "+0.35", "−0.20", "+0.00"]);
    }
}
