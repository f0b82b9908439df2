//! Clusters of statements that state the same fact.
//!
//! The probability of the same fact is computed for similar pairs, of which the more probable ones are read together. Clusters are
//! merged as long as the mean probability between their members is high enough (average linkage). Because a long sentence states
//! several facts, a statement is then also added to other clusters with a high enough mean probability.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::quantities::contradict;
use super::same::{SameFact, features};
use super::statement::Statements;
use crate::Analyzer;
use crate::model::ModelError;
use crate::reader::JointReading;

/// Least probability of two statements of the same fact. 0.5 gives the best F1 on the annotated events; this gives more precision
/// (`scripts/train/same.py` prints both), because a wrong shared fact misleads and a missing one does not.
pub const MIN_SAME_FACT: f64 = 0.75;

/// Least probability, by vectors and words, of a pair that is read together; less probable pairs hardly ever state the same
/// fact.
const MIN_JOINT: f64 = 0.15;
/// Most pairs that are read together: as many as there are statements, and never more than this. A joint reading takes twice
/// as long as the reading of a sentence, and an event of hundreds of articles has thousands of similar pairs: two hundred
/// articles are to be compared in two minutes on two cores. Reading more does not find more facts on the annotated events.
const MOST_JOINT: usize = 300;

/// Statements that state the same fact.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// Indices of the statements.
    pub members: BTreeSet<usize>,
    /// Mean probability of its pairs; copies of one wording count as one.
    pub score: f64,
}

/// Computes the probability that two statements state the same fact, once for each pair.
pub struct Probabilities<'a> {
    /// The statements of the event.
    pub statements: &'a Statements,
    /// The weights for the pack that read them.
    same: &'static SameFact,
    /// From words and vectors.
    apart: HashMap<(usize, usize), f64>,
    /// From joint readings.
    together: HashMap<(usize, usize), f64>,
}

impl<'a> Probabilities<'a> {
    /// No probability is computed yet.
    pub fn new(statements: &'a Statements, same: &'static SameFact) -> Self {
        Self { statements, same, apart: HashMap::new(), together: HashMap::new() }
    }

    /// Reads the most probable of the pairs together.
    ///
    /// # Errors
    /// When the joint reading fails.
    pub fn read_jointly(
        &mut self,
        analyzer: &Analyzer,
        pairs: &BTreeSet<(usize, usize)>,
    ) -> Result<(), ModelError> {
        let chosen = self.most_probable(pairs);
        let read = read_jointly(analyzer, self.statements, &chosen)?.into_iter();
        let same = self.same;
        self.together.extend(read.filter_map(|(pair, read)| Some((pair, same.together(read.fact)?))));
        Ok(())
    }

    /// The pairs that are worth a joint reading, the most probable first.
    pub fn most_probable(&mut self, pairs: &BTreeSet<(usize, usize)>) -> Vec<(usize, usize)> {
        let all = &self.statements.all;
        // Copies of one wording need no reading.
        let differ = pairs.iter().filter(|(a, b)| all[*a].words != all[*b].words);
        let mut order: Vec<(f64, (usize, usize))> = differ
            .map(|&(a, b)| (self.of_words(a, b), (a, b)))
            .filter(|(probability, _)| *probability >= MIN_JOINT)
            .collect();
        order.sort_by(|(p, a), (q, b)| q.total_cmp(p).then(a.cmp(b)));
        order.truncate(all.len().min(MOST_JOINT));
        order.into_iter().map(|(_, pair)| pair).collect()
    }

    /// Sets the probability of pairs with other numbers for the same thing to zero, of those where one denies what the other states,
    /// and of quotations of two people: they do not state the same fact. `wordings` has for each statement the first one with its
    /// wording.
    pub fn keep_apart(&mut self, pairs: &BTreeSet<(usize, usize)>, wordings: &[usize]) {
        let all = &self.statements.all;
        for &(a, b) in pairs {
            if contradict(&all[a].quantities, &all[b].quantities)
                || all[a].denies(&all[b])
                || all[a].is_of_another_speaker(&all[b])
            {
                let (a, b) = (wordings[a], wordings[b]);
                self.together.insert((a.min(b), a.max(b)), 0.0);
            }
        }
    }

    /// Probability that two statements, by their indices, state the same fact: from their joint reading, if there is one.
    pub fn of_pair(&mut self, a: usize, b: usize) -> f64 {
        match self.together.get(&(a.min(b), a.max(b))) {
            Some(probability) => *probability,
            None => self.of_words(a, b),
        }
    }

    /// The same from their words and vectors alone.
    pub fn of_words(&mut self, a: usize, b: usize) -> f64 {
        let (a, b) = (a.min(b), a.max(b));
        *self.apart.entry((a, b)).or_insert_with(|| {
            let all = &self.statements.all;
            self.same.apart(&features(self.statements, &all[a], &all[b]))
        })
    }

    /// Mean probability between the statements of two sets.
    fn mean(&mut self, some: &BTreeSet<usize>, others: &BTreeSet<usize>) -> f64 {
        let mut sum = 0.0;
        for &a in some {
            for &b in others {
                sum += self.of_pair(a, b);
            }
        }
        sum / (some.len() * others.len()).max(1) as f64
    }
}

/// The joint readings of pairs, by their indices. There are none if the pack cannot read pairs together.
///
/// # Errors
/// When the joint reading fails.
pub fn read_jointly(
    analyzer: &Analyzer,
    statements: &Statements,
    pairs: &[(usize, usize)],
) -> Result<BTreeMap<(usize, usize), JointReading>, ModelError> {
    let text = |number: usize| statements.all[number].place.text.as_str();
    let texts: Vec<(&str, &str)> = pairs.iter().map(|&(a, b)| (text(a), text(b))).collect();
    let read = analyzer.read_jointly(&texts)?.unwrap_or_default();
    Ok(pairs.iter().copied().zip(read).collect())
}

/// The clusters with statements of at least two accounts. `pairs` are the pairs to compare, and `wordings` has for each
/// statement the first one with its wording.
pub fn clusters(
    probabilities: &mut Probabilities,
    pairs: &BTreeSet<(usize, usize)>,
    wordings: &[usize],
) -> Vec<Cluster> {
    // Of copies, only the first is compared.
    let mut edges: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for &(a, b) in pairs {
        let (a, b) = (wordings[a].min(wordings[b]), wordings[a].max(wordings[b]));
        if a != b && !edges.contains_key(&(a, b)) {
            let probability = probabilities.of_pair(a, b);
            if probability >= MIN_SAME_FACT {
                edges.insert((a, b), probability);
            }
        }
    }
    let mut order: Vec<((usize, usize), f64)> = edges.into_iter().collect();
    order.sort_by(|(a, p), (b, q)| q.total_cmp(p).then(a.cmp(b)));
    let mut of: BTreeMap<usize, usize> = BTreeMap::new();
    let mut found: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for ((a, b), _) in &order {
        for number in [*a, *b] {
            of.entry(number).or_insert_with(|| {
                found.insert(number, BTreeSet::from([number]));
                number
            });
        }
        let (one, other) = (of[a], of[b]);
        if one != other && probabilities.mean(&found[&one], &found[&other]) >= MIN_SAME_FACT {
            let (kept, gone) = (one.min(other), one.max(other));
            let members = found.remove(&gone).expect("a cluster");
            of.extend(members.iter().map(|member| (*member, kept)));
            found.get_mut(&kept).expect("a cluster").extend(members);
        }
    }
    // A sentence of one cluster that is similar to all members of another belongs to both.
    let mut more: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for ((a, b), _) in &order {
        for (number, other) in [(*a, of[b]), (*b, of[a])] {
            let joins = of[&number] != other
                && probabilities.mean(&BTreeSet::from([number]), &found[&other]) >= MIN_SAME_FACT;
            if joins {
                more.entry(other).or_default().insert(number);
            }
        }
    }
    for (cluster, members) in more {
        found.get_mut(&cluster).expect("a cluster").extend(members);
    }
    let mut copies: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    wordings.iter().enumerate().for_each(|(number, &first)| copies.entry(first).or_default().push(number));
    // Copies of one sentence that are similar to nothing else are a cluster, too.
    let alone = copies.iter().filter(|(first, same)| same.len() > 1 && !of.contains_key(first));
    let mut sets: Vec<BTreeSet<usize>> = found.into_values().collect();
    sets.extend(alone.map(|(first, _)| BTreeSet::from([*first])));
    with_copies(probabilities, sets, &copies)
}

/// The clusters that sets of statements make with the `copies` of each; those that are of several accounts and no part of another one.
fn with_copies(
    probabilities: &mut Probabilities,
    sets: Vec<BTreeSet<usize>>,
    copies: &BTreeMap<usize, Vec<usize>>,
) -> Vec<Cluster> {
    let mut clusters: Vec<Cluster> = Vec::new();
    for firsts in sets {
        let score = score(probabilities, &firsts);
        let members: BTreeSet<usize> =
            firsts.iter().flat_map(|first| copies[first].iter().copied()).collect();
        let accounts: BTreeSet<usize> =
            members.iter().map(|&member| probabilities.statements.all[member].account).collect();
        let within = |other: &Cluster| members.is_subset(&other.members);
        if accounts.len() > 1 && !clusters.iter().any(within) {
            clusters.retain(|other| !other.members.is_subset(&members));
            clusters.push(Cluster { members, score });
        }
    }
    clusters
}

/// Mean probability of the pairs of a cluster; 1 for copies of one wording.
fn score(probabilities: &mut Probabilities, members: &BTreeSet<usize>) -> f64 {
    let members: Vec<usize> = members.iter().copied().collect();
    let (mut sum, mut count) = (0.0, 0);
    for (at, &a) in members.iter().enumerate() {
        for &b in &members[at + 1..] {
            sum += probabilities.of_pair(a, b);
            count += 1;
        }
    }
    if count == 0 { 1.0 } else { sum / f64::from(count) }
}
