//! Scores attributions against those of the gold.
//!
//! An *attribution* is what somebody says (its content), with the words that name the speaker (its source). Two
//! attributions match if the Dice coefficient of their contents, in characters, is at least 0.5. Each is in one pair at
//! most; the most similar are paired first.

use serde::{Deserialize, Serialize};

use super::metrics::best_pairs;
use super::metrics::spans::Matches;
use super::text::same_speaker;
use crate::analysis::{Place, Quote};
use crate::article::Span;
use crate::eval::gold::GoldQuote;
use crate::quotes;

/// What somebody says, and who says it. Spans are bytes or code points of the article, the same for gold and system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribution {
    /// The spans of what is said.
    pub content: Vec<Span>,
    /// The span of the words for the speaker.
    pub source: Option<Span>,
    /// The words for the speaker, or the speaker's name, whichever the data gives.
    pub speaker: Option<String>,
}

/// Counts of attributions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct QuoteScores {
    /// Attributions with the right content.
    pub content: Matches,
    /// Attributions with the right content whose sources overlap, or have no source on both sides; `None` if the gold
    /// has no sources.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Matches>,
    /// Of attributions with a named speaker, those with the right content and name; `None` if the gold has no names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Matches>,
}

impl QuoteScores {
    /// Scores the attributions `given` by a system. `names` tells whether the speakers of the gold are names.
    pub fn new(gold: &[Attribution], given: &[Attribution], names: bool) -> Self {
        let pairs = pair_attributions(gold, given);
        let right = |is: &dyn Fn(&Attribution, &Attribution) -> bool| {
            pairs.iter().filter(|&&(a, b)| is(&gold[a], &given[b])).count()
        };
        let of_all = |correct| Matches { correct, predicted: given.len(), gold: gold.len() };
        let same_source = |a: &Attribution, b: &Attribution| match (a.source, b.source) {
            (Some(a), Some(b)) => a.overlaps(b),
            (a, b) => a.is_none() && b.is_none(),
        };
        let same_name = |a: &Attribution, b: &Attribution| match (&a.speaker, &b.speaker) {
            (Some(a), Some(b)) => same_speaker(a, b),
            _ => false,
        };
        let named = |list: &[Attribution]| list.iter().filter(|one| one.speaker.is_some()).count();
        Self {
            content: of_all(pairs.len()),
            source: gold.iter().any(|a| a.source.is_some()).then(|| of_all(right(&same_source))),
            name: names.then(|| Matches {
                correct: right(&same_name),
                predicted: named(given),
                gold: named(gold),
            }),
        }
    }
}

fn pair_attributions(gold: &[Attribution], given: &[Attribution]) -> Vec<(usize, usize)> {
    let length = |one: &Attribution| one.content.iter().map(|span| span.end - span.start).sum::<usize>();
    let shared = |a: &Attribution, b: &Attribution| {
        let pairs = a.content.iter().flat_map(|one| b.content.iter().map(move |two| (one, two)));
        pairs.map(|(one, two)| one.shared(*two)).sum::<usize>()
    };
    let mut likeness: Vec<(f64, usize, usize)> = Vec::new();
    for (a, wanted) in gold.iter().enumerate() {
        for (b, found) in given.iter().enumerate() {
            let dice = 2.0 * shared(wanted, found) as f64 / (length(wanted) + length(found)).max(1) as f64;
            if dice >= 0.5 {
                likeness.push((dice, a, b));
            }
        }
    }
    best_pairs(likeness)
}

impl From<&GoldQuote> for Attribution {
    fn from(quote: &GoldQuote) -> Self {
        Self {
            content: quote.content.iter().map(Place::span).collect(),
            source: quote.speaker.as_ref().map(Place::span),
            speaker: quote.name.clone(),
        }
    }
}

impl From<&quotes::Quote> for Attribution {
    fn from(quote: &quotes::Quote) -> Self {
        Self { content: quote.content.clone(), source: quote.source, speaker: quote.speaker.clone() }
    }
}

impl From<&Quote> for Attribution {
    fn from(quote: &Quote) -> Self {
        Self {
            content: quote.content.iter().map(Place::span).collect(),
            source: quote.mention.as_ref().map(Place::span),
            speaker: quote.speaker.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribution(
        content: &[(usize, usize)],
        source: Option<(usize, usize)>,
        name: Option<&str>,
    ) -> Attribution {
        let span = |&(start, end): &(usize, usize)| Span::new(start, end);
        Attribution {
            content: content.iter().map(span).collect(),
            source: source.as_ref().map(span),
            speaker: name.map(String::from),
        }
    }

    #[test]
    fn content_decides_and_speakers_are_judged_beside_it() {
        let gold = [
            attribution(&[(0, 10)], Some((12, 15)), Some("Ann Lee")),
            attribution(&[(20, 30), (40, 50)], None, None),
            attribution(&[(60, 70)], Some((72, 75)), Some("Bo")),
        ];
        let given = [
            attribution(&[(1, 12)], Some((14, 18)), Some("Lee")),
            attribution(&[(20, 50)], Some((51, 55)), None),
            attribution(&[(80, 90)], Some((72, 75)), Some("Bo")),
        ];
        let counts = |matches: Matches| (matches.correct, matches.predicted, matches.gold);
        let scores = QuoteScores::new(&gold, &given, true);
        assert_eq!(counts(scores.content), (2, 3, 3));
        assert_eq!(counts(scores.source.unwrap()), (1, 3, 3));
        assert_eq!(counts(scores.name.unwrap()), (1, 2, 2));
        assert_eq!(QuoteScores::new(&gold, &given, false).name, None);
    }

    #[test]
    fn each_is_paired_once_with_the_likest() {
        let gold = [attribution(&[(0, 10)], None, None), attribution(&[(0, 20)], None, None)];
        let given = [attribution(&[(0, 20)], None, None)];
        assert_eq!(pair_attributions(&gold, &given), [(1, 0)]);
    }
}
