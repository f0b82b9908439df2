//! *Events*: a mixed pile of articles, those of the same event together.
//!
//! An article is told by its names and rarer words, most of all those of its first sentences, and by the mean of its
//! sentences' vectors. Each is compared with the nearest ones (approximate index); those that are alike enough are joined,
//! by average linkage.

use std::collections::{BTreeMap, BTreeSet};

use super::neighbours::nearest;
use super::statement::Statements;
use crate::summary::{dot, unit};

/// An article as a whole.
struct Profile {
    /// Weights of stems, at length one.
    words: BTreeMap<u32, f32>,
    names: BTreeMap<usize, f32>,
    direction: Vec<f32>,
}

/// Mean likeness from which two sets of articles are of one event. It and the weights below are set by hand.
const ALIKE: f32 = 0.30;
/// Weights of words, names and vectors in the likeness of two articles; they sum to one.
const PARTS: [f32; 3] = [0.5, 0.4, 0.1];
/// How much more the words of an article's first sentences count.
const LEAD: f32 = 2.0;
/// Sentences that are the lead.
const FIRST: usize = 4;

/// Accounts by event: sets of their numbers, in the order of their first accounts.
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
    // Articles that share a rare name are compared, too.
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

/// Nearest articles that are looked at for each, and how many articles may share a name that brings them together.
const NEAREST: usize = 24;
const RARE: usize = 24;

fn profiles(accounts: usize, statements: &Statements) -> Vec<Profile> {
    let mut words: Vec<BTreeMap<u32, f32>> = vec![BTreeMap::new(); accounts];
    let mut named: Vec<BTreeMap<usize, f32>> = vec![BTreeMap::new(); accounts];
    let mut sums: Vec<Vec<f32>> = vec![Vec::new(); accounts];
    // In how many articles a stem or a name stands.
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

fn at_length_one<K: Ord>(mut weights: BTreeMap<K, f32>) -> BTreeMap<K, f32> {
    let length = weights.values().map(|weight| weight * weight).sum::<f32>().sqrt().max(1e-12);
    weights.values_mut().for_each(|weight| *weight /= length);
    weights
}

fn likeness(a: &Profile, b: &Profile) -> f32 {
    fn product<K: Ord>(a: &BTreeMap<K, f32>, b: &BTreeMap<K, f32>) -> f32 {
        a.iter().filter_map(|(key, weight)| Some(weight * b.get(key)?)).sum()
    }
    let [words, names, vectors] = PARTS;
    // Vectors of any two articles are near each other; only the last part of the way tells something.
    let near = ((dot(&a.direction, &b.direction) - 0.8) * 5.0).clamp(0.0, 1.0);
    words * product(&a.words, &b.words) + names * product(&a.names, &b.names) + vectors * near
}
