//! Results → terminal, JSON, JSON Lines, Markdown, HTML.
//!
//! A report gets one analysis at a time, so that a run over many articles can be written as it goes.
//! Styles are always written; whoever opens the stream strips them where they are not wanted.

pub mod comparison;
pub mod evaluation;
mod html;
mod json;
mod markdown;
mod page;
mod text;

use std::io::{self, Write};

use crate::analysis::Quote;
use crate::article::is_invisible;
use crate::{Analysis, Article};

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For reading in a terminal
    Text,
    /// One JSON array
    Json,
    /// One JSON object a line, written as articles are read
    Jsonl,
    /// For documents and wikis
    Markdown,
    /// One page that needs nothing else, with every article laid open; written at the end
    Html,
}

pub trait Report {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let _ = out;
        Ok(())
    }

    /// `analysis` is that of `article`.
    fn article(&mut self, out: &mut dyn Write, article: &Article, analysis: &Analysis) -> io::Result<()>;

    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let _ = out;
        Ok(())
    }
}

pub fn reporter(format: Format) -> Box<dyn Report> {
    match format {
        Format::Text => Box::new(text::Text::new()),
        Format::Json => Box::new(json::Json::default()),
        Format::Jsonl => Box::new(json::Lines),
        Format::Markdown => Box::new(markdown::Markdown),
        Format::Html => Box::new(html::Html::default()),
    }
}

/// Writes a line to standard error. What cannot be written there, as on a full disk, is lost and costs nothing else.
pub fn tell(message: &str) {
    let _ = writeln!(anstream::stderr(), "wirelens: {}", printable(message));
}

/// Text from outside made fit for a terminal or a line of a document: control characters (an escape
/// sequence could rewrite the screen) and marks that reverse the direction of what follows are dropped,
/// and white space of any kind becomes single blanks.
pub fn printable(text: &str) -> String {
    shown(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The same with white space as it is, for pages.
fn shown(text: &str) -> String {
    text.chars().filter(|&c| c.is_whitespace() || !is_unprintable(c)).collect()
}

fn is_unprintable(c: char) -> bool {
    c.is_control()
        || is_invisible(c)
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Who says a quote: by name, else in the words of the text.
fn speaker(quote: &Quote) -> &str {
    let mention = quote.mention.as_ref().map(|mention| mention.text.as_str());
    quote.speaker.as_deref().or(mention).unwrap_or("(not named)")
}

/// "1 mention", "2 mentions".
fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_can_steer_the_terminal() {
        assert_eq!(printable("a\u{1b}[2Jb\r\nc\u{202e}d\u{7}"), "a[2Jb cd");
    }
}
