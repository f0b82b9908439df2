//! Groups articles by event.
//!
//! The similarity of two articles is computed from their names and words, weighted by rarity and more for the first
//! sentences, and from the means of their sentence vectors. Each article is compared with its nearest neighbours
//! (approximate index), and articles that are similar enough are joined by average linkage.

use std::collections::{BTreeMap, BTreeSet};

use super::neighbours::nearest;
use super::statement::Statements;
use crate::summary::{dot, unit};

/// What articles are compared by.
struct Profile {
    /// Weights of stems, scaled to length 1.
    words: BTreeMap<u32, f32>,
    names: BTreeMap<usize, f32>,
    direction: Vec<f32>,
}

/// Least mean similarity of two sets of articles about one event. It and the weights below are set by hand.
const ALIKE: f32 = 0.30;
/// Weights of words, names and vectors in the similarity of two articles; they sum to 1.
const PARTS: [f32; 3] = [0.5, 0.4, 0.1];
/// Weight of a word in an article's first sentences; elsewhere it is 1.
const LEAD: f32 = 2.0;
/// Number of first sentences with that weight.
const FIRST: usize = 4;

/// For each event the indices of its accounts, in the order of the first ones. `accounts` is the number of accounts.
pub fn events(accounts: usize, statements: &Statements) -> Vec<Vec<usize>> {
    let profiles = profiles(accounts, statements);
    let directions: Vec<Vec<f32>> = profiles.iter().map(|profile| profile.direction.clone()).collect();
    let mut edges: BTreeMap<(usize, usize), f32> = BTreeMap::new();
    let mut look = |a: usize, b: usize| {
        let (a, b) = (a.min(b), a.max(b));
        if a != b {
            edges.entry((a, b)).or_insert_with(|| likeness(&profiles[a], &profiles[b]));
        }
    };
    nearest(&directions, NEAREST).into_iter().for_each(|(a, b)| look(a, b));
    // Articles that share a rare name are compared as well.
    let mut having: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (account, profile) in profiles.iter().enumerate() {
        profile.names.keys().for_each(|&name| having.entry(name).or_default().push(account));
    }
    for with in having.values().filter(|with| with.len() <= RARE) {
        with.iter().enumerate().for_each(|(at, &a)| with[at + 1..].iter().for_each(|&b| look(a, b)));
    }
    let mut order: Vec<((usize, usize), f32)> = edges.iter().map(|(pair, alike)| (*pair, *alike)).collect();
    order.retain(|(_, alike)| *alike >= ALIKE);
    order.sort_by(|(a, p), (b, q)| q.total_cmp(p).then(a.cmp(b)));
    let mut of: Vec<usize> = (0..accounts).collect();
    let mut sets: BTreeMap<usize, BTreeSet<usize>> =
        (0..accounts).map(|a| (a, BTreeSet::from([a]))).collect();
    for ((a, b), _) in order {
        let (one, other) = (of[a], of[b]);
        if one == other {
            continue;
        }
        let pairs = sets[&one].iter().flat_map(|&a| sets[&other].iter().map(move |&b| (a, b)));
        let sum: f32 = pairs.map(|(a, b)| likeness(&profiles[a], &profiles[b])).sum();
        if sum / (sets[&one].len() * sets[&other].len()) as f32 >= ALIKE {
            let (kept, gone) = (one.min(other), one.max(other));
            let members = sets.remove(&gone).expect("a set");
            members.iter().for_each(|&member| of[member] = kept);
            sets.get_mut(&kept).expect("a set").extend(members);
        }
    }
    sets.into_values().map(|set| set.into_iter().collect()).collect()
}

/// With how many of the nearest articles each article is compared.
const NEAREST: usize = 24;
/// Most articles that may share a rare name.
const RARE: usize = 24;

/// The profile of each account.
fn profiles(accounts: usize, statements: &Statements) -> Vec<Profile> {
    let mut words: Vec<BTreeMap<u32, f32>> = vec![BTreeMap::new(); accounts];
    let mut named: Vec<BTreeMap<usize, f32>> = vec![BTreeMap::new(); accounts];
    let mut sums: Vec<Vec<f32>> = vec![Vec::new(); accounts];
    // The articles that have a stem or a name.
    let (mut spread, mut spread_names): (BTreeMap<u32, BTreeSet<usize>>, BTreeMap<usize, BTreeSet<usize>>) =
        Default::default();
    for statement in &statements.all {
        let weight = if statement.sentence < FIRST { LEAD } else { 1.0 };
        for &stem in &statement.content {
            *words[statement.account].entry(stem).or_default() += weight;
            spread.entry(stem).or_default().insert(statement.account);
        }
        for &name in &statement.names {
            *named[statement.account].entry(name).or_default() += weight;
            spread_names.entry(name).or_default().insert(statement.account);
        }
        let sum = &mut sums[statement.account];
        sum.resize(statement.direction.len().max(sum.len()), 0.0);
        sum.iter_mut().zip(&statement.direction).for_each(|(sum, value)| *sum += value);
    }
    let rarity = |with: usize| ((accounts as f32 + 1.0) / (with as f32 + 0.5)).ln().max(0.0) + 0.1;
    words
        .into_iter()
        .zip(named)
        .zip(sums)
        .map(|((words, named), sum)| {
            let words = words
                .into_iter()
                .map(|(stem, count)| (stem, (1.0 + count).ln() * rarity(spread[&stem].len())));
            let named = named
                .into_iter()
                .map(|(name, count)| (name, (1.0 + count).ln() * rarity(spread_names[&name].len())));
            Profile {
                words: at_length_one(words.collect()),
                names: at_length_one(named.collect()),
                direction: unit(sum),
            }
        })
        .collect()
}

/// The weights, scaled to length 1.
fn at_length_one<K: Ord>(mut weights: BTreeMap<K, f32>) -> BTreeMap<K, f32> {
    let length = weights.values().map(|weight| weight * weight).sum::<f32>().sqrt().max(1e-12);
    weights.values_mut().for_each(|weight| *weight /= length);
    weights
}

/// The similarity of two articles, from 0 to 1.
fn likeness(a: &Profile, b: &Profile) -> f32 {
    fn product<K: Ord>(a: &BTreeMap<K, f32>, b: &BTreeMap<K, f32>) -> f32 {
        a.iter().filter_map(|(key, weight)| Some(weight * b.get(key)?)).sum()
    }
    let [words, names, vectors] = PARTS;
    // The vectors of any two articles are close to each other, so only a cosine above 0.8 counts.
    let near = ((dot(&a.direction, &b.direction) - 0.8) * 5.0).clamp(0.0, 1.0);
    words * product(&a.words, &b.words) + names * product(&a.names, &b.names) + vectors * near
}
