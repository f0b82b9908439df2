//! Extractive summaries: whole sentences of the article, verbatim and in its order.
//!
//! The salience head says how much each sentence belongs in a summary. Sentences are then taken
//! greedily, each at its salience less what the summary already says (maximal marginal relevance,
//! Carbonell and Goldstein 1998), until the wanted length is reached. One that leans on the sentence
//! before it ("He added …") is only taken along with that one.

pub mod support;

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::article::{Role, Sentence, Span};

/// How long a summary should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Length {
    Sentences(usize),
    /// At most so many words, and at least one sentence.
    Words(usize),
}

impl Length {
    /// Words, where the length is given in words.
    pub fn words(self) -> Option<usize> {
        match self {
            Self::Sentences(_) => None,
            Self::Words(words) => Some(words),
        }
    }
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
    /// Runs of letters and digits, in small letters.
    words: Vec<String>,
    quoted: bool,
    numbered: bool,
}

/// Words; prose sentences below are mostly bylines and debris of web pages.
const SHORTEST: usize = 6;

/// A sentence that opens with one of these leans on the sentence before it.
pub const LEANS_BACK: &[&str] = &[
    "he", "she", "it", "they", "this", "that", "these", "those", "but", "and", "his", "her", "its", "their",
];

/// The prose sentences of an article that are not mere scraps. Where there is none, scraps and then
/// headings must do; boilerplate never does.
///
/// `vectors` are those of the sentences; a sentence with an empty one is left out.
pub fn candidates<'a>(text: &str, sentences: &[Sentence], vectors: &[&'a [f32]]) -> Vec<Candidate<'a>> {
    let with = |role: Role, shortest: usize| -> Vec<Candidate<'a>> {
        let pairs = sentences.iter().zip(vectors);
        let wanted = pairs.filter(|(sentence, vector)| sentence.role == role && !vector.is_empty());
        wanted
            .map(|(sentence, vector)| Candidate::new(sentence.span, sentence.span.of(text), vector))
            .filter(|candidate| candidate.lettered() >= shortest)
            .collect()
    };
    let kinds = [(Role::Prose, SHORTEST), (Role::Prose, 1), (Role::Heading, 1)];
    kinds
        .into_iter()
        .map(|(role, shortest)| with(role, shortest))
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

impl<'a> Candidate<'a> {
    /// `vector` is the sentence's, from its reading.
    pub fn new(span: Span, sentence: &str, vector: &'a [f32]) -> Self {
        let words = sentence.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        Self {
            span,
            vector,
            words: words.map(str::to_lowercase).collect(),
            quoted: sentence.contains(['"', '“', '”']),
            numbered: sentence.chars().any(|c| c.is_ascii_digit()),
        }
    }

    /// Whether it cannot be understood without the sentence before it.
    fn leans_back(&self) -> bool {
        LEANS_BACK.contains(&self.words[0].as_str())
    }

    /// Words that are more than a number.
    fn lettered(&self) -> usize {
        self.words.iter().filter(|word| word.contains(char::is_alphabetic)).count()
    }

    /// Words that carry meaning, told by their length.
    fn content(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str).filter(|word| word.chars().count() >= 4)
    }
}

/// Numbers of a sentence that [`features`] gives.
pub const FEATURES: usize = 18;

/// What the salience head takes; `scripts/train/salience.py` computes the same numbers.
pub fn features(candidates: &[Candidate]) -> Vec<[f32; FEATURES]> {
    let n = candidates.len() as f32;
    let vectors: Vec<&[f32]> = candidates.iter().map(|candidate| candidate.vector).collect();
    let article = mean(&vectors);
    let directions: Vec<Vec<f32>> = vectors.iter().map(|vector| unit(vector.to_vec())).collect();
    let (common, middle) = (mean(&directions), unit(article.clone()));
    let from_article =
        |vector: &&[f32]| unit(vector.iter().zip(&article).map(|(x, mean)| x - mean).collect());
    let apart: Vec<Vec<f32>> = vectors.iter().map(from_article).collect();
    let counts = count(candidates.iter().flat_map(Candidate::content));
    // In how many sentences each word stands.
    let spread = count(candidates.iter().flat_map(|candidate| candidate.content().collect::<HashSet<_>>()));
    let topic = topic(candidates, &counts);
    let first: HashSet<&str> = candidates.iter().take(1).flat_map(Candidate::content).collect();
    let flag = |yes: bool| f32::from(u8::from(yes));
    let per_sentence = candidates.iter().enumerate().map(|(i, candidate)| {
        let content: Vec<&str> = candidate.content().collect();
        let different: HashSet<&str> = content.iter().copied().collect();
        let shared = |with: &HashSet<&str>| different.intersection(with).count() as f32;
        let frequency: f32 = content.iter().map(|word| (counts[word] as f32).ln()).sum();
        let repeated = different.iter().filter(|word| spread[*word] >= 2).count();
        let at = i as f32;
        [
            1.0 / (1.0 + at),
            at / n,
            (1.0 + at).ln() / 3.0,
            n.ln() / 4.0,
            flag(i == 0),
            flag(i < 3),
            flag(i + 1 == candidates.len()),
            candidate.words.len().min(60) as f32 / 30.0,
            dot(&directions[i], &middle),
            dot(&directions[i], &common),
            dot(&apart[i], &apart[0]),
            frequency / content.len().max(1) as f32,
            if i == 0 { 0.5 } else { shared(&first) / different.len().max(1) as f32 },
            shared(&topic) / 10.0,
            repeated as f32 / 10.0,
            flag(candidate.quoted),
            flag(candidate.numbered),
            flag(candidate.leans_back()),
        ]
    });
    per_sentence.collect()
}

fn mean<V: AsRef<[f32]>>(vectors: &[V]) -> Vec<f32> {
    let mut sum = vec![0.0; vectors.first().map_or(0, |vector| vector.as_ref().len())];
    for vector in vectors {
        for (sum, value) in sum.iter_mut().zip(vector.as_ref()) {
            *sum += value / vectors.len() as f32;
        }
    }
    sum
}

/// The cosine of vectors of length one; 0 where one of them is empty.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// The vector at length one; an empty one stays empty.
pub fn unit(mut vector: Vec<f32>) -> Vec<f32> {
    let length = dot(&vector, &vector).sqrt().max(1e-12);
    vector.iter_mut().for_each(|value| *value /= length);
    vector
}

/// How often each word comes.
fn count<'a>(words: impl Iterator<Item = &'a str>) -> HashMap<&'a str, usize> {
    let mut counts = HashMap::new();
    for word in words {
        *counts.entry(word).or_insert(0) += 1;
    }
    counts
}

/// The twenty commonest content words; of those that are level, the earlier ones.
fn topic<'a>(candidates: &'a [Candidate], counts: &HashMap<&'a str, usize>) -> HashSet<&'a str> {
    let mut seen = HashSet::new();
    let mut words: Vec<&str> =
        candidates.iter().flat_map(Candidate::content).filter(|word| seen.insert(*word)).collect();
    words.sort_by_key(|word| Reverse(counts[word]));
    words.into_iter().take(20).collect()
}

/// Weight of redundancy against salience; chosen by cross-validation (`scripts/train/salience.py`).
const REDUNDANCY: f64 = 0.1;

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
        // "They agreed to …" makes no sense without the sentence that says who they are.
        let stands_alone = |&i: &usize| i == 0 || chosen.contains(&(i - 1)) || !candidates[i].leans_back();
        let value = |&i: &usize| salience[i] - REDUNDANCY * repeated[i];
        let best_of = |some: &mut dyn Iterator<Item = usize>| {
            some.max_by(|a, b| value(a).total_cmp(&value(b)).then(b.cmp(a)))
        };
        let standing = best_of(&mut left.iter().copied().filter(stands_alone));
        let Some(best) = standing.or_else(|| best_of(&mut left.iter().copied())) else {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(text: &str, start: usize) -> Candidate<'static> {
        Candidate::new(Span::new(start, start + text.len()), text, &[1.0, 0.0])
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
    fn a_sentence_that_leans_back_comes_with_what_it_leans_on() {
        let candidates = [
            candidate("France will go", 0),
            candidate("They agreed on it", 20),
            candidate("Niger waits", 40),
        ];
        assert_eq!(select(&candidates, &[0.2, 0.9, 0.5], Length::Sentences(1)), [2]);
        assert_eq!(select(&candidates, &[0.6, 0.9, 0.5], Length::Sentences(2)), [0, 1]);
        assert_eq!(select(&candidates[..2], &[0.2, 0.9], Length::Sentences(2)), [0, 1]);
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
