//! What only one outlet reports.

use std::collections::BTreeSet;

use super::digest::{REPEATS, unfit};
use super::facts::{Cluster, Probabilities};
use super::quantities::contradict;

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
        // Sentences with other numbers are no shared fact, but both outlets tell of it.
        let mut are_similar = || {
            probabilities.of_pair(a, b) >= MIN_SIMILAR
                || (contradict(&all[a].quantities, &all[b].quantities)
                    && probabilities.of_words(a, b) >= MIN_SIMILAR)
        };
        if others && !(taken.contains(&a) && taken.contains(&b)) && are_similar() {
            taken.extend([a, b]);
        }
    }
    let mut found = vec![Vec::new(); outlets];
    for (number, statement) in all.iter().enumerate() {
        if !taken.contains(&number) && !statement.heading {
            found[of[statement.account]].push(number);
        }
    }
    // Whether nearly all words of one statement are in the other. One that has only function words shares none.
    let repeats = |one: usize, other: usize| {
        all[one].words == all[other].words
            || statements.shared(&all[one], &all[other]) >= REPEATS * statements.weight(&all[one]).max(1e-6)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::names::Names;
    use crate::compare::statement::Statements;
    use crate::compare::{Account, SameFact};

    #[test]
    fn a_sentence_of_function_words_is_told_once() {
        let said = "This is not for them and it is not for him.";
        let accounts = [Account::of_sentences("A", &[said, "“This is not for them and it is not for him.”"])];
        let statements = Statements::of(&accounts, &Names::of(&accounts));
        let mut probabilities = Probabilities::new(&statements, SameFact::of_one_event("compact"));
        assert_eq!(alone(&mut probabilities, &[], &BTreeSet::new(), &[0], 1), [[0]]);
    }

    #[test]
    fn what_outlets_give_differently_is_told_by_neither_alone() {
        let told = |number: &str| {
            format!(
                "Exactly {number} people were killed when a bomb exploded in a market in Kabul on Monday, police said."
            )
        };
        let (one, other) = (told("12"), told("15"));
        let accounts = [
            Account::of_sentences("A", &[one.as_str(), "Reporters waited at the airport for hours."]),
            Account::of_sentences("B", &[other.as_str(), "Families stood in the rain all night."]),
        ];
        let statements = Statements::of(&accounts, &Names::of(&accounts));
        let pairs = BTreeSet::from([(0, 2)]);
        let mut probabilities = Probabilities::new(&statements, SameFact::of_one_event("compact"));
        probabilities.keep_apart(&pairs, &[0, 1, 2, 3]);
        assert_eq!(probabilities.of_pair(0, 2), 0.0);
        assert_eq!(alone(&mut probabilities, &[], &pairs, &[0, 1], 2), [[1], [3]]);
    }
}
