//! What only one outlet reports.

use std::collections::BTreeSet;

use super::digest::{REPEATS, unfit};
use super::facts::{Cluster, Probabilities};

/// Least probability of two statements of which neither is reported by one outlet alone.
const MIN_SIMILAR: f64 = 0.3;

/// For each outlet the statements that are similar to none of another outlet: first the most salient ones that can be understood
/// alone. None repeats another one of the same outlet.
pub fn alone(
    probabilities: &mut Probabilities,
    clusters: &[Cluster],
    pairs: &BTreeSet<(usize, usize)>,
    of: &[usize],
    outlets: usize,
) -> Vec<Vec<usize>> {
    let statements = probabilities.statements;
    let all = &statements.all;
    let mut taken: BTreeSet<usize> =
        clusters.iter().flat_map(|cluster| cluster.members.iter().copied()).collect();
    for &(a, b) in pairs {
        let others = of[all[a].account] != of[all[b].account];
        if others && !(taken.contains(&a) && taken.contains(&b)) && probabilities.of_pair(a, b) >= MIN_SIMILAR
        {
            taken.extend([a, b]);
        }
    }
    let mut found = vec![Vec::new(); outlets];
    for (number, statement) in all.iter().enumerate() {
        if !taken.contains(&number) && !statement.heading {
            found[of[statement.account]].push(number);
        }
    }
    // Whether nearly all words of one statement are in the other.
    let repeats = |one: usize, other: usize| {
        statements.shared(&all[one], &all[other]) >= REPEATS * statements.weight(&all[one]).max(1e-6)
    };
    for numbers in &mut found {
        let value = |&number: &usize| all[number].salience - f64::from(unfit(&all[number].place.text, false));
        let mut ranked: Vec<(f64, usize)> = numbers.iter().map(|number| (value(number), *number)).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut chosen: Vec<usize> = Vec::new();
        for (_, number) in ranked {
            if !chosen.iter().any(|&told| repeats(number, told)) {
                chosen.push(number);
            }
        }
        *numbers = chosen;
    }
    found
}
