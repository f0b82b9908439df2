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

    #[test]
    fn balances_have_a_sign() {
        let shown: Vec<String> =
            [None, Some(0.354), Some(-0.2), Some(-0.001)].into_iter().map(signed).collect();
        assert_eq!(shown, ["–", "+0.35", "−0.20", "+0.00"]);
    }
}
