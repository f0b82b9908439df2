//! Extractive summaries: whole sentences of the article, verbatim and in its order.
//!
//! The salience head says how much each sentence belongs in a summary. Sentences are then taken
//! greedily, each at its salience less what the summary already says (maximal marginal relevance,
//! Carbonell and Goldstein 1998), until the wanted length is reached.

use std::collections::HashSet;

use unicode_segmentation::UnicodeSegmentation;

use crate::article::{Role, Sentence, Span};
use crate::reader::{Reading, SALIENCE_FEATURES};

/// How long a summary should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    Sentences(usize),
    /// At most so many words, and at least one sentence.
    Words(usize),
}

impl Default for Length {
    fn default() -> Self {
        Self::Sentences(3)
    }
}

/// A sentence that may be in a summary.
pub struct Candidate<'a> {
    pub span: Span,
    pub vector: &'a [f32],
    words: Vec<String>,
    quoted: bool,
}

/// The prose sentences of an article. Where there is none, headings must do; boilerplate never does.
pub fn candidates<'a>(text: &str, sentences: &[Sentence], readings: &'a [Reading]) -> Vec<Candidate<'a>> {
    let with_role = |role: Role| {
        let pairs = sentences.iter().zip(readings);
        let wanted = pairs.filter(|(sentence, reading)| sentence.role == role && !reading.vector.is_empty());
        wanted
            .map(|(sentence, reading)| {
                let inside = sentence.span.of(text);
                Candidate {
                    span: sentence.span,
                    vector: &reading.vector,
                    words: inside.unicode_words().map(str::to_lowercase).collect(),
                    quoted: inside.contains(['"', '“', '”']),
                }
            })
            .filter(|candidate| !candidate.words.is_empty())
            .collect::<Vec<_>>()
    };
    let prose = with_role(Role::Prose);
    if prose.is_empty() { with_role(Role::Heading) } else { prose }
}

/// What the salience head takes beside vectors; `scripts/train/salience.py` computes the same numbers.
pub fn features(candidates: &[Candidate]) -> Vec<[f32; SALIENCE_FEATURES]> {
    let n = candidates.len();
    let hidden = candidates.first().map_or(0, |candidate| candidate.vector.len());
    let mut article = vec![0.0; hidden];
    for candidate in candidates {
        for (sum, value) in article.iter_mut().zip(candidate.vector) {
            *sum += value / n as f32;
        }
    }
    candidates
        .iter()
        .enumerate()
        .map(|(i, candidate)| {
            let words = candidate.words.len() as f32;
            [
                1.0 / (1.0 + i as f32),
                i as f32 / n as f32,
                (n as f32).ln() / 4.0,
                words.min(60.0) / 30.0,
                cosine(candidate.vector, &article),
                f32::from(u8::from(candidate.quoted)),
            ]
        })
        .collect()
}

/// Weight of redundancy against salience; chosen by cross-validation (`scripts/train/salience.py`).
const REDUNDANCY: f64 = 0.3;

/// Indices of the chosen candidates, in the article's order.
pub fn select(candidates: &[Candidate], salience: &[f64], length: Length) -> Vec<usize> {
    let bags: Vec<HashSet<&str>> =
        candidates.iter().map(|candidate| candidate.words.iter().map(String::as_str).collect()).collect();
    let mut chosen: Vec<usize> = Vec::new();
    let mut left: Vec<usize> = (0..candidates.len()).collect();
    let mut words = 0;
    let mut repeated = vec![0f64; candidates.len()];
    loop {
        match length {
            Length::Sentences(wanted) if chosen.len() >= wanted => break,
            // A budget of words takes the next best sentence that still fits, and at least one.
            Length::Words(wanted) if !chosen.is_empty() => {
                left.retain(|&i| words + candidates[i].words.len() <= wanted);
            }
            _ => {}
        }
        // Of what says nothing new there is no use, however salient.
        left.retain(|&i| repeated[i] < 0.8);
        let value = |&i: &usize| salience[i] - REDUNDANCY * repeated[i];
        let Some(best) = left.iter().copied().max_by(|a, b| value(a).total_cmp(&value(b)).then(b.cmp(a)))
        else {
            break;
        };
        left.retain(|&i| i != best);
        words += candidates[best].words.len();
        chosen.push(best);
        for &i in &left {
            repeated[i] = repeated[i].max(overlap(&bags[i], &bags[best]));
        }
    }
    chosen.sort();
    chosen
}

/// Share of a sentence's different words that another one has.
fn overlap(sentence: &HashSet<&str>, other: &HashSet<&str>) -> f64 {
    let shared = sentence.iter().filter(|word| other.contains(*word)).count();
    shared as f64 / sentence.len().max(1) as f64
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt().max(1e-12)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(text: &str, start: usize) -> Candidate<'static> {
        Candidate {
            span: Span::new(start, start + text.len()),
            vector: &[1.0, 0.0],
            words: text.unicode_words().map(str::to_lowercase).collect(),
            quoted: false,
        }
    }

    #[test]
    fn sentences_are_chosen_by_salience_and_kept_in_order() {
        let candidates = [
            candidate("one two three", 0),
            candidate("four five", 20),
            candidate("six seven eight nine", 40),
        ];
        assert_eq!(select(&candidates, &[0.2, 0.9, 0.5], Length::Sentences(2)), [1, 2]);
        assert_eq!(select(&candidates, &[0.2, 0.5, 0.9], Length::Sentences(2)), [1, 2]);
        assert_eq!(select(&candidates, &[0.2, 0.5, 0.9], Length::Sentences(9)), [0, 1, 2]);
        assert!(select(&[], &[], Length::Sentences(3)).is_empty());
    }

    #[test]
    fn a_budget_of_words_is_kept_but_for_the_first_sentence() {
        let candidates = [
            candidate("one two three", 0),
            candidate("four five", 20),
            candidate("six seven eight nine", 40),
        ];
        assert_eq!(select(&candidates, &[0.9, 0.2, 0.5], Length::Words(6)), [0, 1]);
        assert_eq!(select(&candidates, &[0.1, 0.2, 0.5], Length::Words(1)), [2]);
    }

    #[test]
    fn what_was_said_is_not_said_again() {
        let candidates = [
            candidate("France will leave Mali this year", 0),
            candidate("This year France will leave Mali", 40),
            candidate("Niger agreed to host them", 80),
        ];
        assert_eq!(select(&candidates, &[0.9, 0.89, 0.1], Length::Sentences(2)), [0, 2]);
        assert_eq!(select(&candidates, &[0.9, 0.89, 0.1], Length::Sentences(3)), [0, 2]);
    }
}
