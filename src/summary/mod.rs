//! Extractive summaries: whole sentences of the article, verbatim and in the article's order.
//!
//! The *salience* of a sentence is the probability that it belongs in a summary; the salience head computes it. Sentences
//! are chosen greedily by their salience minus a penalty for words that the summary already has (maximal marginal
//! relevance, Carbonell and Goldstein 1998), until the wanted length is reached. A sentence that depends on the sentence
//! before it ("He added …", or a quotation without its speaker) is taken only after that one, unless no other sentence is left.

mod alone;
pub mod support;

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use serde::Serialize;

use self::alone::REFERRING_BACK;
pub use self::alone::{depends, goes_on, refers_back};
use crate::article::{Role, Sentence, Span};

/// How long a summary should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Length {
    /// This many sentences, if the article has them.
    Sentences(usize),
    /// At most this many words, but at least one sentence.
    Words(usize),
}

impl Length {
    /// The number of sentences; 1 where the length is given in words.
    pub fn sentences(self) -> usize {
        match self {
            Self::Sentences(sentences) => sentences,
            Self::Words(_) => 1,
        }
    }

    /// The number of words, where the length is given in words.
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

/// A sentence that may be chosen for a summary.
pub struct Candidate<'a> {
    /// Bytes of the article.
    pub span: Span,
    /// The vector of the sentence, from the reader.
    pub vector: &'a [f32],
    /// The words (runs of letters and digits) in small letters.
    words: Vec<String>,
    quoted: bool,
    /// Whether it makes no sense without the sentence before it.
    dependent: bool,
    numbered: bool,
}

/// Least number of words in a candidate; shorter sentences are mostly bylines and remains of web pages.
const MIN_WORDS: usize = 6;

/// The candidates of an article: its prose sentences of at least six words. Where there are fewer than `wanted`, shorter prose
/// sentences are taken as well; where there is none, headings. Boilerplate is never taken.
///
/// `vectors` are those of the sentences. A sentence with an empty vector is left out.
pub fn candidates<'a>(
    text: &str,
    sentences: &[Sentence],
    vectors: &[&'a [f32]],
    wanted: usize,
) -> Vec<Candidate<'a>> {
    let with = |role: Role, min_words: usize| -> Vec<Candidate<'a>> {
        let pairs = sentences.iter().zip(vectors);
        let wanted = pairs.filter(|(sentence, vector)| sentence.role == role && !vector.is_empty());
        wanted
            .map(|(sentence, vector)| Candidate::new(sentence.span, sentence.span.of(text), vector))
            .filter(|candidate| candidate.lettered() >= min_words)
            .collect()
    };
    let kinds = [(Role::Prose, MIN_WORDS, wanted.max(1)), (Role::Prose, 1, 1), (Role::Heading, 1, 1)];
    kinds
        .into_iter()
        .map(|(role, min_words, enough)| (with(role, min_words), enough))
        .find(|(found, enough)| found.len() >= *enough)
        .map(|(found, _)| found)
        .unwrap_or_default()
}

impl<'a> Candidate<'a> {
    /// A candidate with the text and the vector of its sentence.
    pub fn new(span: Span, sentence: &str, vector: &'a [f32]) -> Self {
        let words = sentence.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        Self {
            span,
            vector,
            words: words.map(str::to_lowercase).collect(),
            quoted: sentence.contains(['"', '“', '”']),
            dependent: depends(sentence),
            numbered: sentence.chars().any(|c| c.is_ascii_digit()),
        }
    }

    /// Whether it begins with one of [`REFERRING_BACK`].
    fn refers_back(&self) -> bool {
        REFERRING_BACK.contains(&self.words[0].as_str())
    }

    /// The number of words that have a letter.
    fn lettered(&self) -> usize {
        self.words.iter().filter(|word| word.contains(char::is_alphabetic)).count()
    }

    /// Content words: those of four letters and more.
    fn content(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str).filter(|word| word.chars().count() >= 4)
    }
}

/// How many features of a sentence [`features`] gives.
pub const FEATURES: usize = 18;

/// The input of the salience head, one row for each candidate. `scripts/train/salience.py` computes the same features.
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
    // In how many sentences each word occurs.
    let spread = count(candidates.iter().flat_map(|candidate| candidate.content().collect::<HashSet<_>>()));
    let topic = topic(candidates, &counts);
    let first: HashSet<&str> = candidates.iter().take(1).flat_map(Candidate::content).collect();
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
            flag(candidate.refers_back()),
        ]
    });
    per_sentence.collect()
}

/// The mean of vectors.
fn mean<V: AsRef<[f32]>>(vectors: &[V]) -> Vec<f32> {
    let mut sum = vec![0.0; vectors.first().map_or(0, |vector| vector.as_ref().len())];
    for vector in vectors {
        for (sum, value) in sum.iter_mut().zip(vector.as_ref()) {
            *sum += value / vectors.len() as f32;
        }
    }
    sum
}

/// A feature that is either true (1) or not (0).
pub fn flag(yes: bool) -> f32 {
    f32::from(u8::from(yes))
}

/// The dot product, which is the cosine for vectors of length 1; 0 where one of them is empty.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// The vector scaled to length 1; an empty one stays empty.
pub fn unit(mut vector: Vec<f32>) -> Vec<f32> {
    let length = dot(&vector, &vector).sqrt().max(1e-12);
    vector.iter_mut().for_each(|value| *value /= length);
    vector
}

/// How often each word occurs.
fn count<'a>(words: impl Iterator<Item = &'a str>) -> HashMap<&'a str, usize> {
    let mut counts = HashMap::new();
    for word in words {
        *counts.entry(word).or_insert(0) += 1;
    }
    counts
}

/// The twenty most frequent content words; of equally frequent ones the first in the text.
fn topic<'a>(candidates: &'a [Candidate], counts: &HashMap<&'a str, usize>) -> HashSet<&'a str> {
    let mut seen = HashSet::new();
    let mut words: Vec<&str> =
        candidates.iter().flat_map(Candidate::content).filter(|word| seen.insert(*word)).collect();
    words.sort_by_key(|word| Reverse(counts[word]));
    words.into_iter().take(20).collect()
}

/// Weight of redundancy against salience; chosen by cross-validation (`scripts/train/salience.py`).
const REDUNDANCY: f64 = 0.1;

/// Chooses candidates for a summary. `salience` has a probability for each candidate. Gives the indices of the chosen ones,
/// in the article's order.
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
            // The next best sentence that still fits is taken, and at least one.
            Length::Words(wanted) if !chosen.is_empty() => {
                left.retain(|&i| words + candidates[i].words.len() <= wanted);
            }
            _ => {}
        }
        // A sentence with hardly any new words is never taken, however salient.
        left.retain(|&i| repeated[i] < 0.8);
        // "They agreed to …" makes no sense without the sentence that says who they are.
        let stands_alone = |&i: &usize| i == 0 || chosen.contains(&(i - 1)) || !candidates[i].dependent;
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

/// Share of a sentence's different words that another sentence has as well.
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
    fn a_dependent_sentence_is_chosen_after_the_one_before_it() {
        let candidates = [
            candidate("France will go", 0),
            candidate("They agreed on it", 20),
            candidate("Niger waits", 40),
        ];
        assert_eq!(select(&candidates, &[0.2, 0.9, 0.5], Length::Sentences(1)), [2]);
        assert_eq!(select(&candidates, &[0.6, 0.9, 0.5], Length::Sentences(2)), [0, 1]);
        assert_eq!(select(&candidates[..2], &[0.2, 0.9], Length::Sentences(2)), [0, 1]);
        let candidates = [
            candidate("France will go", 0),
            candidate("However, Mali stays", 20),
            candidate("Niger waits", 40),
        ];
        assert_eq!(select(&candidates, &[0.2, 0.9, 0.5], Length::Sentences(1)), [2]);
        let candidates = [
            candidate("France will go, he said", 0),
            candidate("“It was time to leave.”", 30),
            candidate("Niger waits", 60),
        ];
        assert_eq!(select(&candidates, &[0.2, 0.9, 0.5], Length::Sentences(1)), [2]);
        let candidates = [
            candidate("France will go", 0),
            candidate("“It was time to leave.", 30),
            candidate("Niger waits", 60),
        ];
        assert_eq!(select(&candidates, &[0.2, 0.9, 0.5], Length::Sentences(1)), [2]);
    }

    #[test]
    fn sentences_without_new_words_are_left_out() {
        let candidates = [
            candidate("France will leave Mali this year", 0),
            candidate("This year France will leave Mali", 40),
            candidate("Niger agreed to host them", 80),
        ];
        assert_eq!(select(&candidates, &[0.9, 0.89, 0.1], Length::Sentences(2)), [0, 2]);
        assert_eq!(select(&candidates, &[0.9, 0.89, 0.1], Length::Sentences(3)), [0, 2]);
    }
}
