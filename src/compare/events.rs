//! *Events*: a mixed pile of articles, those of the same event together.
//!
//! An article's *profile* is what it is told by: its rarer words and names, most of all those of its first sentences, its
//! title, the mean of its sentences' vectors, and the day it was published. A logistic regression over what two profiles
//! share, fitted by `scripts/train/grouping.py` on events of `allsides_full`, gives the probability that both articles are
//! of one event. Each article is compared with the nearest ones (approximate index) and with those that share a rare name;
//! sets whose mean probability is high enough are joined (average linkage).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::Deserialize;

use super::account::Account;
use super::neighbours::nearest;
use super::same::logistic;
use super::statement::Statements;
use crate::summary::{dot, flag, unit};

/// An article as a whole.
struct Profile {
    /// Weights of stems, at length one: of all sentences, and of the first ones.
    words: BTreeMap<u32, f32>,
    lead: BTreeMap<u32, f32>,
    /// Weights of the entities that are named, at length one.
    names: BTreeMap<usize, f32>,
    /// Weights of the title's stems, at length one.
    title: BTreeMap<u32, f32>,
    /// The mean of the sentences' vectors, at length one; empty where there are none.
    direction: Vec<f32>,
    published: Option<NaiveDate>,
}

/// Numbers of two articles that [`features`] gives.
pub const FEATURES: usize = 9;

/// Days between two articles above which it does not matter how many more they are.
const LONGEST_GAP: f32 = 365.0;

#[derive(Deserialize)]
struct EventWeights {
    bias: f32,
    weights: [f32; FEATURES],
    /// Mean probability from which two sets of articles are of one event.
    same: f32,
}

static FITTED: LazyLock<EventWeights> = LazyLock::new(|| {
    toml::from_str(include_str!("events.toml")).expect("the weights are those of this program")
});

/// How much more the words of an article's first sentences count.
const LEAD: f32 = 2.0;
/// Sentences that are the lead.
const FIRST: usize = 4;
/// Nearest articles that are looked at for each, and how many articles may share a name that brings them together.
const NEAREST: usize = 24;
const RARE: usize = 24;

/// Accounts by event: sets of their numbers, in the order of their first accounts.
pub fn events(accounts: &[Account], statements: &Statements) -> Vec<Vec<usize>> {
    let profiles = profiles(accounts, statements);
    let mut known: BTreeMap<(usize, usize), f32> = candidates(&profiles)
        .into_iter()
        .map(|(a, b)| ((a, b), probability(&profiles[a], &profiles[b])))
        .collect();
    let mut order: Vec<((usize, usize), f32)> = known.iter().map(|(pair, same)| (*pair, *same)).collect();
    order.retain(|(_, same)| *same >= FITTED.same);
    order.sort_by(|(a, p), (b, q)| q.total_cmp(p).then(a.cmp(b)));
    let mut of: Vec<usize> = (0..accounts.len()).collect();
    let mut sets: BTreeMap<usize, BTreeSet<usize>> =
        (0..accounts.len()).map(|a| (a, BTreeSet::from([a]))).collect();
    for ((a, b), _) in order {
        let (one, other) = (of[a], of[b]);
        if one == other {
            continue;
        }
        let pairs = sets[&one].iter().flat_map(|&a| sets[&other].iter().map(move |&b| (a.min(b), a.max(b))));
        let pairs: Vec<(usize, usize)> = pairs.collect();
        let of_pair = |&(a, b): &(usize, usize)| {
            *known.entry((a, b)).or_insert_with(|| probability(&profiles[a], &profiles[b]))
        };
        if pairs.iter().map(of_pair).sum::<f32>() / pairs.len() as f32 >= FITTED.same {
            let (kept, gone) = (one.min(other), one.max(other));
            let members = sets.remove(&gone).expect("a set");
            members.iter().for_each(|&member| of[member] = kept);
            sets.get_mut(&kept).expect("a set").extend(members);
        }
    }
    sets.into_values().map(|set| set.into_iter().collect()).collect()
}

/// What is known of the pairs of articles that are compared: their numbers, and [`FEATURES`] numbers each.
pub fn pairs(accounts: &[Account], statements: &Statements) -> Vec<((usize, usize), [f32; FEATURES])> {
    let profiles = profiles(accounts, statements);
    candidates(&profiles).into_iter().map(|(a, b)| ((a, b), features(&profiles[a], &profiles[b]))).collect()
}

/// Pairs of articles that may be of one event, the smaller number first: those with near vectors, and those that share a
/// rare name.
fn candidates(profiles: &[Profile]) -> BTreeSet<(usize, usize)> {
    let directions: Vec<Vec<f32>> = profiles.iter().map(|profile| profile.direction.clone()).collect();
    let mut found = nearest(&directions, NEAREST);
    let mut having: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (account, profile) in profiles.iter().enumerate() {
        profile.names.keys().for_each(|&name| having.entry(name).or_default().push(account));
    }
    for with in having.values().filter(|with| with.len() <= RARE) {
        for (at, &a) in with.iter().enumerate() {
            found.extend(with[at + 1..].iter().map(|&b| (a, b)));
        }
    }
    found
}

/// Counts of terms by article, and in how many articles each term stands.
struct Terms<K> {
    of: Vec<BTreeMap<K, f32>>,
    spread: BTreeMap<K, BTreeSet<usize>>,
}

impl<K: Ord + Copy> Terms<K> {
    fn new(articles: usize) -> Self {
        Self { of: vec![BTreeMap::new(); articles], spread: BTreeMap::new() }
    }

    fn add(&mut self, article: usize, terms: impl IntoIterator<Item = K>, weight: f32) {
        for term in terms {
            *self.of[article].entry(term).or_default() += weight;
            self.spread.entry(term).or_default().insert(article);
        }
    }

    /// By article, each term weighted by its count and by how rare it is; vectors of length one.
    fn weighted(self) -> Vec<BTreeMap<K, f32>> {
        let articles = self.of.len() as f32 + 1.0;
        let rarity = |term: &K| (articles / (self.spread[term].len() as f32 + 0.5)).ln().max(0.0) + 0.1;
        let each = self.of.iter().map(|counts| {
            let weight = |(term, count): (&K, &f32)| (*term, (1.0 + count).ln() * rarity(term));
            at_length_one(counts.iter().map(weight).collect())
        });
        each.collect()
    }
}

fn profiles(accounts: &[Account], statements: &Statements) -> Vec<Profile> {
    let articles = accounts.len();
    let (mut words, mut lead, mut title) = (Terms::new(articles), Terms::new(articles), Terms::new(articles));
    let mut names = Terms::new(articles);
    let mut sums: Vec<Vec<f32>> = vec![Vec::new(); articles];
    for statement in &statements.all {
        let first = statement.sentence < FIRST;
        let (article, weight) = (statement.account, if first { LEAD } else { 1.0 });
        words.add(article, statement.content.iter().copied(), weight);
        names.add(article, statement.names.iter().copied(), weight);
        if first {
            lead.add(article, statement.content.iter().copied(), 1.0);
        }
        let sum = &mut sums[article];
        sum.resize(statement.direction.len().max(sum.len()), 0.0);
        sum.iter_mut().zip(&statement.direction).for_each(|(sum, value)| *sum += value);
    }
    for (article, stems) in statements.titles.iter().enumerate() {
        title.add(article, stems.iter().copied(), 1.0);
    }
    let parts = words.weighted().into_iter().zip(lead.weighted()).zip(names.weighted()).zip(title.weighted());
    let parts = parts.zip(sums).zip(accounts);
    parts
        .map(|(((((words, lead), names), title), sum), account)| Profile {
            words,
            lead,
            names,
            title,
            direction: unit(sum),
            published: account.analysis.published.as_deref().and_then(day),
        })
        .collect()
}

/// The day of a date that begins as ISO 8601 has it.
fn day(published: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(published.get(..10)?, "%Y-%m-%d").ok()
}

fn at_length_one<K: Ord>(mut weights: BTreeMap<K, f32>) -> BTreeMap<K, f32> {
    let length = weights.values().map(|weight| weight * weight).sum::<f32>().sqrt().max(1e-12);
    weights.values_mut().for_each(|weight| *weight /= length);
    weights
}

/// The numbers of two articles; the same for either order.
fn features(a: &Profile, b: &Profile) -> [f32; FEATURES] {
    fn cosine<K: Ord>(a: &BTreeMap<K, f32>, b: &BTreeMap<K, f32>) -> f32 {
        a.iter().filter_map(|(key, weight)| Some(weight * b.get(key)?)).sum()
    }
    let lead = cosine(&a.lead, &b.lead);
    let titles = match a.title.is_empty() || b.title.is_empty() {
        true => lead,
        false => cosine(&a.title, &b.title),
    };
    let days = a.published.zip(b.published).map(|(a, b)| (a - b).num_days().unsigned_abs() as f32);
    [
        cosine(&a.words, &b.words),
        lead,
        cosine(&a.names, &b.names),
        titles,
        // How much of a title stands in the lead of the other.
        (cosine(&a.title, &b.lead) + cosine(&b.title, &a.lead)) / 2.0,
        dot(&a.direction, &b.direction),
        days.map_or(0.0, |days| (1.0 + days.min(LONGEST_GAP)).ln()),
        flag(days.is_some_and(|days| days <= 2.0)),
        flag(days.is_none()),
    ]
}

/// Probability that two articles are of one event.
fn probability(a: &Profile, b: &Profile) -> f32 {
    logistic(&FITTED.weights, FITTED.bias, &features(a, b))
}
