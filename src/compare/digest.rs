//! The *digest*: a short summary of an event in sentences of the outlets.
//!
//! A linear regression over features of a sentence says how much of the event the sentence tells; its weights are fitted to
//! neutral roundups by `scripts/train/digest.py`. Sentences are chosen greedily, without those that repeat what is already
//! told. The best one comes first; the others are in the order of their positions in the articles.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;
use unicode_segmentation::UnicodeSegmentation;

use super::facts::{Cluster, MIN_SAME_FACT, Probabilities};
use super::quantities::Quantity;
use super::statement::{Statement, Statements, common};
use crate::article::{is_function_word, leading_word, quotations};
use crate::summary::{depends, flag, goes_on, refers_back};

/// Words from which on a sentence is too long to be a good wording.
const LONG: usize = 45;
/// Share of a sentence's content words, weighted by rarity, that are told already, from which on it is left out.
pub const REPEATS: f32 = 0.75;
/// The same share, from which on a sentence is left out if it states the same fact as a chosen one, too. What tells much beside
/// that fact stays.
const REPEATS_OF_SAME_FACT: f32 = 0.5;
/// What a number that no other member of a fact has costs its wording.
const UNSHARED: f32 = 0.25;
/// Fewest words of a sentence of a digest, if there are longer ones.
const SHORTEST: usize = 8;
/// Number of first statements of an article that are candidates.
const FIRST: usize = 30;
/// Number of first statements of another article that a candidate is compared with.
const COMPARED: usize = 12;
/// Number of sentences over which the weight of an article's words falls to a half.
const HALF: f32 = 4.0;

/// How many features of a sentence [`candidates`] gives.
pub const FEATURES: usize = 18;

#[derive(Deserialize)]
struct DigestWeights {
    weights: [f32; FEATURES],
}

static FITTED: LazyLock<DigestWeights> = LazyLock::new(|| {
    toml::from_str(include_str!("digest.toml")).expect("the weights are those of this program")
});

/// A statement that may be chosen for the digest.
pub struct Candidate {
    /// Index of the statement.
    pub statement: usize,
    /// What the regression takes.
    pub features: [f32; FEATURES],
}

/// The first statements of each article with their features.
pub fn candidates(statements: &Statements) -> Vec<Candidate> {
    let all = &statements.all;
    let mut of_accounts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (number, statement) in all.iter().enumerate() {
        if !statement.heading {
            of_accounts.entry(statement.account).or_default().push(number);
        }
    }
    let weights = event_words(statements, &of_accounts);
    let titles: Vec<&BTreeSet<u32>> = statements.titles.iter().filter(|title| !title.is_empty()).collect();
    let mut found = Vec::new();
    for (account, own) in &of_accounts {
        for (at, &number) in own.iter().take(FIRST).enumerate() {
            let one = &all[number];
            let (n, told) = (one.words.len() as f32, told(&one.content, &weights));
            let others: Vec<f32> = of_accounts
                .iter()
                .filter(|(other, _)| *other != account)
                .map(|(_, theirs)| {
                    let near =
                        theirs.iter().take(COMPARED).map(|&other| statements.tf_idf_cosine(one, &all[other]));
                    near.fold(0.0, f32::max)
                })
                .collect();
            let leads: Vec<f32> = of_accounts
                .iter()
                .filter(|(other, _)| *other != account)
                .map(|(_, theirs)| statements.tf_idf_cosine(one, &all[theirs[0]]))
                .collect();
            let (in_titles, of_words) = shares_of_titles(one, &titles);
            let in_a_title = of_words.iter().filter(|&&share| share > 0.0).count() as f32;
            let (text, place) = (one.place.text.as_str(), at as f32);
            found.push(Candidate {
                statement: number,
                features: [
                    1.0 / (1.0 + place),
                    (1.0 + place).ln(),
                    flag(at == 0),
                    n.min(25.0) / 25.0,
                    n / 30.0,
                    told / n,
                    told / n.powf(0.8),
                    told,
                    mean(&others),
                    others.iter().copied().fold(0.0, f32::max),
                    mean(&leads),
                    mean(&in_titles),
                    in_titles.iter().copied().fold(0.0, f32::max),
                    flag(text.contains(['"', '“', '”'])),
                    flag(refers_back(text)),
                    one.salience as f32,
                    of_words.iter().sum::<f32>() / n.powf(0.7),
                    in_a_title / n.powf(0.7),
                ],
            });
        }
    }
    found
}

/// For each title the share of its content words that a statement has, and for each content word of the statement the share of the
/// titles that have it.
fn shares_of_titles(one: &Statement, titles: &[&BTreeSet<u32>]) -> (Vec<f32>, Vec<f32>) {
    let in_titles = titles.iter().map(|title| {
        one.content.iter().filter(|stem| title.contains(stem)).count() as f32 / title.len() as f32
    });
    let of_words = one.content.iter().map(|stem| {
        let with_it = titles.iter().filter(|title| title.contains(stem)).count();
        with_it as f32 / titles.len().max(1) as f32
    });
    (in_titles.collect(), of_words.collect())
}

/// How much each stem belongs to the event: the square of the share of articles that have it, less where it comes late.
fn event_words(statements: &Statements, of_accounts: &BTreeMap<usize, Vec<usize>>) -> BTreeMap<u32, f32> {
    let mut weights: BTreeMap<u32, f32> = BTreeMap::new();
    for own in of_accounts.values() {
        let mut first: BTreeMap<u32, usize> = BTreeMap::new();
        for (at, &number) in own.iter().enumerate() {
            for &stem in &statements.all[number].content {
                first.entry(stem).or_insert(at);
            }
        }
        for (stem, at) in first {
            *weights.entry(stem).or_default() += 1.0 / (1.0 + at as f32 / HALF);
        }
    }
    let articles = of_accounts.len().max(1) as f32;
    weights.values_mut().for_each(|weight| *weight = (*weight / articles).powi(2));
    weights
}

/// The sum of the weights of some stems.
fn told(stems: &[u32], weights: &BTreeMap<u32, f32>) -> f32 {
    stems.iter().filter_map(|stem| weights.get(stem)).sum()
}

fn mean(values: &[f32]) -> f32 {
    values.iter().sum::<f32>() / values.len().max(1) as f32
}

/// The members of a cluster, those first that state its fact best: they can be understood alone, are similar to the others,
/// and are not long.
pub fn by_wording(statements: &Statements, members: &BTreeSet<usize>) -> Vec<usize> {
    let value = |number: usize| {
        let one = &statements.all[number];
        let shared: f32 = members
            .iter()
            .filter(|&&other| other != number)
            .map(|&other| statements.shared(one, &statements.all[other]) / statements.weight(one).max(1e-6))
            .sum();
        let near = shared / (members.len().max(2) - 1) as f32;
        let long = one.words.len().saturating_sub(LONG) as f32 / 20.0;
        // A number that no other outlet has is no part of what they share.
        let is_shared = |quantity: &Quantity| {
            let mut others = members.iter().filter(|&&other| other != number);
            others.any(|&other| statements.all[other].quantities.iter().any(|q| q.shares_number(quantity)))
        };
        let own =
            UNSHARED * one.quantities.iter().filter(|quantity| !is_shared(quantity)).count().min(2) as f32;
        near + one.salience as f32 - long - own - unfit(&one.place.text, one.heading)
    };
    let mut order: Vec<(f32, usize)> = members.iter().map(|&number| (value(number), number)).collect();
    order.sort_by(|(p, a), (q, b)| q.total_cmp(p).then(a.cmp(b)));
    order.into_iter().map(|(_, number)| number).collect()
}

/// A penalty for a sentence that is hard to understand alone.
pub fn unfit(text: &str, heading: bool) -> f32 {
    let opens_quote = text.starts_with(['"', '“', '‘', '\'', '(']) && !is_quoted_by_name(text);
    let whole = text.trim_end().ends_with(['.', '!', '?', '”', '"', '’', '\'']);
    flag(goes_on(text) || leading_word(text).eq_ignore_ascii_case("there"))
        + 0.7 * flag(opens_quote || is_first_person(text))
        + 0.5 * flag(heading || !whole)
        + flag(is_fragment(text))
}

/// Whether a sentence begins with a quotation, behind which it says who is quoted: "“We go,” Macron said."
fn is_quoted_by_name(text: &str) -> bool {
    quotations(text).first().is_some_and(|mark| mark.start == 0) && !depends(text)
}

/// Whether a text is no sentence: it begins within one or breaks off, or it has a web address.
fn is_fragment(text: &str) -> bool {
    let bare = text.trim_end_matches(['"', '”', '’', '\'', ' ']);
    bare.ends_with("...")
        || bare.ends_with('…')
        || text.contains("://")
        || text.contains("pic.twitter.com")
        || text.starts_with(['…', '–', '—', '-', '|'])
        || text.starts_with("...")
}

/// Whether somebody says "I" outside quotation marks, as in a post that an article shows. Who it is, another sentence says.
fn is_first_person(text: &str) -> bool {
    let marks = quotations(text);
    let is_quoted = |at: usize| marks.iter().any(|mark| mark.start <= at && at < mark.end);
    let mut before = "";
    for (at, word) in text.split_word_bound_indices() {
        let (bare, ending) = word.split_once(['\'', '’']).unwrap_or((word, ""));
        // "World War I", "I-95" and "Ann I. Poe" have a number or an initial.
        let is_number = ending.is_empty()
            && (text[at + word.len()..].starts_with(['-', '.'])
                || (before.starts_with(char::is_uppercase) && !is_function_word(before)));
        let is_opening = before.is_empty() && matches!(bare, "My" | "Myself");
        let is_own = (bare == "I" && !is_number) || matches!(bare, "me" | "my" | "myself") || is_opening;
        if is_own && !is_quoted(at) {
            return true;
        }
        if word.starts_with(char::is_alphanumeric) {
            before = word;
        }
    }
    false
}

/// The indices of the statements of a digest of at most `words` words, but at least one statement, in the order in which
/// they are shown. Of each of the `clusters` it has one statement at most.
pub fn digest(probabilities: &mut Probabilities, clusters: &[Cluster], words: usize) -> Vec<usize> {
    let statements = probabilities.statements;
    let all = &statements.all;
    let mut candidates: Vec<(f32, usize)> = candidates(statements)
        .into_iter()
        .map(|candidate| {
            let value =
                FITTED.weights.iter().zip(candidate.features).map(|(weight, number)| weight * number).sum();
            (value, candidate.statement)
        })
        .collect();
    if candidates.is_empty() {
        candidates = (0..all.len()).map(|number| (0.0, number)).collect();
    }
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    // The first one is chosen whatever it is like.
    if let Some(first) = candidates.iter().position(|(_, number)| !is_fragment(&all[*number].place.text)) {
        candidates.swap(0, first);
    }
    let mut known: Vec<u32> = Vec::new();
    let mut chosen: Vec<usize> = Vec::new();
    let mut left = words;
    for (_, number) in candidates {
        let one = &all[number];
        let repeated: f32 = common(&one.content, &known).map(|stem| statements.rarity[stem as usize]).sum();
        let share = repeated / statements.weight(one).max(1e-6);
        let mut states_known =
            || chosen.iter().any(|&told| probabilities.of_pair(told, number) >= MIN_SAME_FACT);
        let is_told = || {
            clusters.iter().any(|cluster| {
                cluster.members.contains(&number) && chosen.iter().any(|told| cluster.members.contains(told))
            })
        };
        let repeats = share >= REPEATS || is_told() || (share >= REPEATS_OF_SAME_FACT && states_known());
        let is_poor = one.words.len() < SHORTEST || is_fragment(&one.place.text);
        if !chosen.is_empty() && (repeats || is_poor || one.words.len() > left) {
            continue;
        }
        left = left.saturating_sub(one.words.len());
        known.extend(&one.content);
        known.sort();
        known.dedup();
        chosen.push(number);
    }
    if chosen.len() > 1 {
        chosen[1..].sort_by(|&a, &b| all[a].position.total_cmp(&all[b].position).then(a.cmp(&b)));
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::names::Names;
    use crate::compare::{Account, SameFact};

    #[test]
    fn a_digest_has_no_remains_of_sentences() {
        let told = "Germany wants to close its camp near Gao before the end of May.";
        let caption = "| Ann Poe/AP Mali Mali French troops leave the city of Gao after nine years.";
        let accounts = [Account::of_sentences("A", &[caption]), Account::of_sentences("B", &[told])];
        let statements = Statements::of(&accounts, &Names::of(&accounts));
        assert_eq!(
            digest(&mut Probabilities::new(&statements, SameFact::of_one_event("compact")), &[], 100),
            [1]
        );
    }

    #[test]
    fn sentences_that_do_not_tell_who_speaks_are_unfit() {
        for (text, wanted) in [
            ("“We must leave Mali,” Macron said on Monday.", 0.0),
            ("“Frozen” opened on Monday.", 0.0),
            ("“We must leave Mali,” he said on Monday.", 0.7),
            ("“We must leave Mali.”", 0.7),
            ("'We must leave Mali.'", 0.7),
            ("I love the people of Mali.", 0.7),
            ("But I’m not afraid of them.", 1.7),
            ("Macron said that “I love my people” on Monday.", 0.0),
            ("World War I began in 1914.", 0.0),
            ("Traffic on I-95 stopped.", 0.0),
            ("... to find another place for my party.", 1.7),
            ("The minister will do much to put out the flame...", 1.0),
        ] {
            assert!((unfit(text, false) - wanted).abs() < 1e-6, "{text}");
        }
    }

    #[test]
    fn sentences_that_go_on_are_known() {
        for (text, wanted) in [
            ("Moreover, taxes rose.", true),
            ("As a result, taxes rose.", true),
            ("He left the country.", true),
            ("As a result of the quake, 12 people died.", false),
            ("In addition to taxes, prices rose.", false),
            ("Taxes rose.", false),
            ("Even some allies objected.", false),
            ("If some voters stay away, he loses.", false),
        ] {
            assert_eq!(goes_on(text), wanted, "{text}");
        }
    }
}
