//! A *statement*: a sentence of an account that may state a fact, with its words, entities and numbers for comparison.

use std::collections::{BTreeMap, BTreeSet};

use super::account::Account;
use super::names::Names;
use super::numbers::years;
use super::quantities::{Quantity, quantities};
use super::words::words;
use crate::analysis::Place;
use crate::article::{Role, quotations};
use crate::entities::EntityType;
use crate::summary::unit;

/// A sentence that may state a fact.
#[derive(Debug, Clone)]
pub struct Statement {
    /// Index of its account.
    pub account: usize,
    /// Index of its sentence in the account.
    pub sentence: usize,
    /// Where it is in the article.
    pub place: Place,
    /// Its position in the article, from 0 (first sentence) to 1 (last).
    pub position: f64,
    /// Probability that it belongs in a summary of its article.
    pub salience: f64,
    /// Whether it is a heading.
    pub heading: bool,
    /// The ids of the stems of all its words, in order.
    pub words: Vec<u32>,
    /// The ids of the stems of its content words, sorted, each once.
    pub content: Vec<u32>,
    /// The ids of the stems of content words that it negates: "attend" in "did not attend"; sorted.
    pub negated: Vec<u32>,
    /// Who says it, where it is only a quotation.
    pub speaker: Option<String>,
    /// Whether it has a verb that negates what follows: "denied that it had failed".
    pub rejects: bool,
    /// The numbers of the entities that it names ([`Names`]).
    pub names: BTreeSet<usize>,
    /// Those of them with the type `LOC` or `MISC`.
    pub places: BTreeSet<usize>,
    /// The quantities that it gives.
    pub quantities: Vec<Quantity>,
    /// The years that it names.
    pub years: Vec<u32>,
    /// The vector of the sentence, scaled to length 1; empty where it has no tokens.
    pub direction: Vec<f32>,
}

/// The statements of all accounts, and how rare each stem is among them.
pub struct Statements {
    /// All statements, in the order of the accounts.
    pub all: Vec<Statement>,
    /// For each id of a stem its inverse document frequency.
    pub rarity: Vec<f32>,
    /// For each account the ids of the content words of its title that occur in a statement.
    pub titles: Vec<BTreeSet<u32>>,
}

/// Least number of words in a statement.
const MIN_WORDS: usize = 4;

impl Statements {
    /// The statements of accounts: prose and headings that are long enough and no questions.
    pub fn of(accounts: &[Account], names: &Names) -> Self {
        let mut stems = StemIds::default();
        let mut all = Vec::new();
        for (number, account) in accounts.iter().enumerate() {
            let last = account.sentences.len().max(2) - 1;
            for (sentence, read) in account.sentences.iter().enumerate() {
                let split = words(&read.place.text);
                if !matches!(read.role, Role::Prose | Role::Heading)
                    || split.len() < MIN_WORDS
                    || is_question(&read.place.text)
                {
                    continue;
                }
                let inside = named(account, number, &read.place, names);
                let written: Vec<&str> = inside.iter().map(|(_, _, text)| *text).collect();
                let negated = negated(&split);
                let rejects = split.iter().any(|(stem, _)| REJECTING.contains(&stem.as_str()));
                let (words, content) = stems.of(split);
                let mut negated: Vec<u32> = negated.into_iter().map(|place| words[place]).collect();
                negated.sort();
                let is_place = |kind: EntityType| matches!(kind, EntityType::Loc | EntityType::Misc);
                all.push(Statement {
                    account: number,
                    sentence,
                    position: sentence as f64 / last as f64,
                    salience: read.salience,
                    heading: read.role == Role::Heading,
                    words,
                    content,
                    negated,
                    rejects,
                    speaker: account.speaker_of(&read.place).map(|name| names.in_full(number, name)),
                    quantities: quantities(&read.place.text, &written),
                    years: years(&read.place.text),
                    names: inside.iter().map(|(entity, ..)| *entity).collect(),
                    places: inside
                        .iter()
                        .filter(|(_, kind, _)| is_place(*kind))
                        .map(|(entity, ..)| *entity)
                        .collect(),
                    direction: unit(read.vector.clone()),
                    place: read.place.clone(),
                });
            }
        }
        let rarity = rarity(&all, stems.0.len());
        let titles = accounts.iter().map(|account| {
            let title = account.analysis.title.as_deref().unwrap_or("");
            words(title)
                .into_iter()
                .filter_map(|(stem, carries_meaning)| stems.0.get(&stem).copied().filter(|_| carries_meaning))
                .collect()
        });
        Self { all, rarity, titles: titles.collect() }
    }

    /// The index of the statement at a code point of an account, if there is one. Statements are in the order of the text.
    pub fn at(&self, account: usize, place: usize) -> Option<usize> {
        let near = self.all.partition_point(|one| (one.account, one.place.end) <= (account, place));
        self.all.get(near).filter(|one| one.account == account && one.place.start <= place).map(|_| near)
    }

    /// The sum of the rarities of the content words that two statements share.
    pub fn shared(&self, a: &Statement, b: &Statement) -> f32 {
        common(&a.content, &b.content).map(|stem| self.rarity[stem as usize]).sum()
    }

    /// The share of the content words of the lighter of two statements that the other one has, weighted by rarity.
    pub fn overlap(&self, a: &Statement, b: &Statement) -> f32 {
        self.shared(a, b) / self.weight(a).min(self.weight(b)).max(1e-6)
    }

    /// Cosine of two statements by their content words, each weighted by its rarity (TF-IDF).
    pub fn tf_idf_cosine(&self, a: &Statement, b: &Statement) -> f32 {
        let square = |stem: u32| self.rarity[stem as usize].powi(2);
        let length = |one: &Statement| one.content.iter().map(|&stem| square(stem)).sum::<f32>().sqrt();
        let shared: f32 = common(&a.content, &b.content).map(square).sum();
        shared / (length(a) * length(b)).max(1e-6)
    }

    /// The sum of the rarities of a statement's content words.
    pub fn weight(&self, statement: &Statement) -> f32 {
        statement.content.iter().map(|&stem| self.rarity[stem as usize]).sum()
    }
}

/// The ids of stems, which they have in the order in which they come.
#[derive(Default)]
struct StemIds(BTreeMap<String, u32>);

impl StemIds {
    /// The ids of all words of a sentence, in order, and those of its content words, sorted, each once. `words` are stems, each with
    /// whether it is a content word.
    fn of(&mut self, words: Vec<(String, bool)>) -> (Vec<u32>, Vec<u32>) {
        let (mut all, mut content) = (Vec::with_capacity(words.len()), Vec::new());
        for (stem, carries_meaning) in words {
            let next = self.0.len() as u32;
            let id = *self.0.entry(stem).or_insert(next);
            all.push(id);
            content.extend(carries_meaning.then_some(id));
        }
        content.sort();
        content.dedup();
        (all, content)
    }
}

/// Stems of verbs that negate what follows them.
const REJECTING: &[&str] = &["deni", "disput", "dismiss", "refut", "refus", "reject"];

/// Words behind a negation in which the word that it negates is looked for.
const REACH: usize = 3;

/// The places of the content words that stand behind "not", "never", "neither" or "nor", but not behind "not only".
fn negated(words: &[(String, bool)]) -> Vec<usize> {
    let negates = |word: &str| {
        ["not", "never", "neither", "nor", "cannot"].contains(&word)
            || word.ends_with("n't")
            || word.ends_with("n’t")
    };
    let places = words.iter().enumerate().filter(|(_, (word, _))| negates(word));
    let behind = places.filter_map(|(at, _)| {
        let next = words.get(at + 1).map_or("", |(word, _)| word);
        // The stems of "only" and "merely".
        let is_only = ["onli", "just", "mere", "yet"].contains(&next);
        (at + 1..words.len().min(at + 1 + REACH)).find(|&place| words[place].1 && !is_only)
    });
    behind.collect()
}

/// Fewest words in a row that two people say in the same words by chance.
const SAME_QUOTATION: usize = 7;

impl Statement {
    /// Whether both are only quotations, of two people and in different words.
    pub fn is_of_another_speaker(&self, other: &Self) -> bool {
        matches!((&self.speaker, &other.speaker), (Some(a), Some(b)) if a != b)
            && longest_run(&self.words, &other.words) < SAME_QUOTATION
    }

    /// Whether one of two statements negates a word that the other has without a negation.
    pub fn denies(&self, other: &Self) -> bool {
        let one_sided = |a: &Self, b: &Self| {
            !b.rejects && common(&a.negated, &b.content).any(|stem| b.negated.binary_search(&stem).is_err())
        };
        one_sided(self, other) || one_sided(other, self)
    }
}

/// Whether a sentence is a question, which states no fact; also one that is only quoted. "He asked: “Who is it?”" states one.
fn is_question(text: &str) -> bool {
    let text = text.trim_end();
    let bare = text.trim_end_matches(['"', '”', '’', '\'']);
    let is_quotation = || quotations(text).iter().any(|mark| mark.start == 0 && mark.end == text.len());
    text.ends_with('?') || (bare.ends_with('?') && !bare.contains(['.', '!', '…']) && is_quotation())
}

/// The items that two sorted lists have in common.
pub fn common<'a>(a: &'a [u32], b: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
    a.iter().copied().filter(|item| b.binary_search(item).is_ok())
}

/// The mentions of entities in a sentence: number of the entity, type, and the words of the mention.
fn named<'a>(
    account: &'a Account,
    number: usize,
    place: &Place,
    names: &Names,
) -> Vec<(usize, EntityType, &'a str)> {
    let entities = account.analysis.entities.iter().flatten().enumerate();
    entities
        .flat_map(|(entity, found)| {
            let inside = found.mentions.iter().filter(|m| m.start >= place.start && m.end <= place.end);
            inside.map(move |mention| (names.number(number, entity), found.kind, mention.text.as_str()))
        })
        .collect()
}

/// For each stem ln((n + 1) / (k + 0.5)), where k of n statements have it.
fn rarity(statements: &[Statement], stems: usize) -> Vec<f32> {
    let mut counts = vec![0u32; stems];
    for &stem in statements.iter().flat_map(|statement| &statement.content) {
        counts[stem as usize] += 1;
    }
    let n = statements.len() as f32 + 1.0;
    counts.into_iter().map(|count| (n / (count as f32 + 0.5)).ln().max(0.0)).collect()
}

/// The pairs of neighbouring words, sorted, each once.
pub fn word_pairs(words: &[u32]) -> Vec<(u32, u32)> {
    let mut found: Vec<(u32, u32)> = words.windows(2).map(|pair| (pair[0], pair[1])).collect();
    found.sort();
    found.dedup();
    found
}

/// The number of word pairs that two sorted lists have in common.
pub fn shared_pairs(a: &[(u32, u32)], b: &[(u32, u32)]) -> usize {
    a.iter().filter(|pair| b.binary_search(pair).is_ok()).count()
}

/// The length of the longest sequence of words that two lists share.
pub fn longest_run(a: &[u32], b: &[u32]) -> usize {
    let mut best = 0;
    let mut before = vec![0usize; b.len() + 1];
    for &word in a {
        let mut now = vec![0usize; b.len() + 1];
        for (at, &other) in b.iter().enumerate() {
            if word == other {
                now[at + 1] = before[at] + 1;
                best = best.max(now[at + 1]);
            }
        }
        before = now;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_run_is_found() {
        assert_eq!(longest_run(&[1, 2, 3, 4], &[9, 2, 3, 8, 4]), 2);
        assert_eq!(longest_run(&[], &[1]), 0);
    }

    #[test]
    fn questions_state_no_fact() {
        for (sentence, wanted) in [
            ("Who is it?", true),
            ("“Who is it?”", true),
            ("“We won. Who is it?”", false),
            ("He asked: “Who is it?”", false),
            ("“Who is it?” he asked.", false),
        ] {
            assert_eq!(is_question(sentence), wanted, "{sentence}");
        }
    }

    #[test]
    fn verbs_that_negate_are_known() {
        for word in ["denied", "denies", "rejected", "dismissed", "refuses", "disputed"] {
            assert!(REJECTING.contains(&words(word)[0].0.as_str()), "{word}");
        }
    }

    #[test]
    fn negated_words_are_found() {
        for (sentence, wanted) in [
            ("Trump did not attend the funeral", &["attend"][..]),
            ("He has neither abused power nor obstructed it", &["abus", "obstruct"]),
            ("They didn't attend", &["attend"]),
            ("It has not only abused power", &[]),
            ("They attended", &[]),
        ] {
            let split = words(sentence);
            let found: Vec<&str> = negated(&split).into_iter().map(|place| split[place].0.as_str()).collect();
            assert_eq!(found, wanted, "{sentence}");
        }
    }
}
