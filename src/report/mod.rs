//! Writes results for the terminal, as JSON, JSON Lines, Markdown or HTML.
//!
//! A *report* gets one analysis at a time, so that the results of a long run are written while it runs. Reports for the
//! terminal always write colours and styles; the caller gives a stream that removes them where they are not wanted.

pub mod comparison;
#[cfg(feature = "eval")]
pub mod evaluation;
mod html;
mod json;
mod markdown;
#[cfg(feature = "cli")]
mod marked_text;
mod page;
#[cfg(feature = "cli")]
mod styles;
#[cfg(feature = "cli")]
mod text;

use std::io::{self, Write};

use crate::analysis::{Evidence, Holder, Quote};
use crate::article::{is_invisible, on_one_line};
use crate::quotes::names_several;
use crate::{Analysis, Article};

/// The forms in which analyses are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum ReportFormat {
    /// For reading in a terminal
    #[cfg(feature = "cli")]
    Text,
    /// One JSON array
    Json,
    /// One JSON object on each line, written as soon as the article is read
    Jsonl,
    /// For documents and wikis
    Markdown,
    /// One page without other files, with the marked text of every article; written at the end
    Html,
}

/// Writes analyses in one form. Each method fails when `out` cannot be written to.
pub trait Report {
    /// Writes what comes before the first analysis.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let _ = out;
        Ok(())
    }

    /// Writes the analysis of an article.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    fn article(&mut self, out: &mut dyn Write, article: &Article, analysis: &Analysis) -> io::Result<()>;

    /// Writes what comes after the last analysis.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let _ = out;
        Ok(())
    }
}

/// The report of a form.
pub fn reporter(format: ReportFormat) -> Box<dyn Report> {
    match format {
        #[cfg(feature = "cli")]
        ReportFormat::Text => Box::new(text::TextReport::new()),
        ReportFormat::Json => Box::new(json::JsonReport::default()),
        ReportFormat::Jsonl => Box::new(json::JsonLinesReport),
        ReportFormat::Markdown => Box::new(markdown::MarkdownReport),
        ReportFormat::Html => Box::new(html::HtmlReport::default()),
    }
}

/// Makes text from outside safe for a terminal or a line of a document. Control characters (an escape sequence could
/// change the screen) and marks that reverse the direction of text are removed, white space of any kind becomes single
/// spaces, and words that were divided at the end of a line are whole.
pub fn printable(text: &str) -> String {
    on_one_line(&without_control_characters(text))
}

/// The same without changing white space, for pages.
fn without_control_characters(text: &str) -> String {
    text.chars().filter(|&c| c.is_whitespace() || !is_unprintable(c)).collect()
}

fn is_unprintable(c: char) -> bool {
    c.is_control()
        || is_invisible(c)
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The speaker of a quote: the name, or else the words of the text.
fn speaker(quote: &Quote) -> &str {
    let mention = quote.mention.as_ref().map(|mention| mention.text.as_str());
    // "Harvard and MIT said so": both.
    let several = mention.filter(|mention| names_several(&on_one_line(mention)));
    several.or(quote.speaker.as_deref()).or(mention).unwrap_or("(not named)")
}

/// The holder of evidence, unless it is the speaker, who is named beside the sentence.
fn other_holder(evidence: &Evidence) -> Option<&Holder> {
    evidence.holder.as_ref().filter(|holder| Some(&holder.name) != evidence.speaker.as_ref())
}

/// The words of the cue before the speaker and behind it: "according to" stands before.
fn cue_around(quote: &Quote) -> (Option<&str>, Option<&str>) {
    let cue = quote.cue.as_ref().map(|cue| cue.text.as_str());
    match cue.is_some_and(|cue| on_one_line(cue).to_lowercase().ends_with("according to")) {
        true => (cue, None),
        false => (None, cue),
    }
}

/// Columns that text for a terminal may take, 40 to 100. The user may set them by the variable `COLUMNS`, as for other
/// programs; else they are those of the terminal.
#[cfg(feature = "cli")]
fn text_width() -> usize {
    width(std::env::var("COLUMNS").ok().as_deref(), textwrap::termwidth)
}

/// The same where `COLUMNS` has the value `set`. What is no number above zero is as if it was not set.
#[cfg(feature = "cli")]
fn width(set: Option<&str>, of_terminal: impl FnOnce() -> usize) -> usize {
    let set = set.and_then(|columns| columns.trim().parse::<usize>().ok()).filter(|&columns| columns > 0);
    set.unwrap_or_else(of_terminal).clamp(40, 100)
}

/// "1 mention", "2 mentions".
pub(crate) fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_removed() {
        assert_eq!(printable("a\u{1b}[2Jb\r\nc\u{202e}d\u{7}"), "a[2Jb cd");
        assert_eq!(printable("a\u{61c}b\u{200f}c\u{2066}d"), "abcd");
        assert_eq!(printable("2 per-\ncent"), "2 percent");
    }

    #[cfg(feature = "cli")]
    #[test]
    fn the_width_is_that_of_the_variable_and_else_that_of_the_terminal() {
        for (set, expected) in [
            (Some("60"), 60),
            (Some(" 72 "), 72),
            (Some("8"), 40),
            (Some("500"), 100),
            (Some("0"), 90),
            (Some(""), 90),
            (Some("wide"), 90),
            (None, 90),
        ] {
            assert_eq!(width(set, || 90), expected, "{set:?}");
        }
    }

    #[test]
    fn a_speaker_is_not_named_again_as_the_holder() {
        let holder = |speaker: &str| {
            let place = serde_json::json!({ "start": 0, "end": 1, "text": "x" });
            let evidence = serde_json::json!({
                "start": 0, "end": 1, "text": "x", "mention": place, "label": "against", "score": 0.9,
                "speaker": speaker, "holder": { "name": "Ann Poe", "label": "against", "score": 0.8 }
            });
            let evidence: Evidence = serde_json::from_value(evidence).unwrap();
            other_holder(&evidence).map(|holder| holder.name.clone())
        };
        assert_eq!(holder("Ann Poe"), None);
        assert_eq!(holder("Bob Roe").as_deref(), Some("Ann Poe"));
    }

    #[test]
    fn words_over_two_lines_are_understood_as_on_one() {
        let place = |text: &str| serde_json::json!({ "start": 0, "end": 1, "text": text });
        let quote = serde_json::json!({
            "speaker": "Harvard", "mention": place("Harvard and\nMIT"), "cue": place("according\r\nto"),
            "content": [place("so")], "direct": false, "score": 0.5
        });
        let quote: Quote = serde_json::from_value(quote).unwrap();
        assert_eq!(speaker(&quote), "Harvard and\nMIT");
        assert_eq!(cue_around(&quote), (Some("according\r\nto"), None));
    }
}
