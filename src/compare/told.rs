//! The facts that several outlets tell, as they are shown: clusters that repeat each other are one fact, and each fact has a wording
//! of its own where there are enough sentences.

use std::collections::BTreeSet;

use super::digest::by_wording;
use super::facts::Cluster;
use super::statement::Statements;

/// A fact that several outlets tell, with statements by their indices.
pub struct ToldFact<'a> {
    /// The statement that is shown for it.
    pub wording: usize,
    /// All statements that tell it.
    pub members: BTreeSet<usize>,
    /// The cluster that it is made from. Only what resembles this one is added.
    pub cluster: &'a Cluster,
    /// The indices of the outlets that tell it.
    outlets: BTreeSet<usize>,
}

/// Least share of the words of the lighter of two wordings, from which on facts with a common sentence are one.
const SAME_WORDS: f32 = 0.3;
/// Least mean TF-IDF cosine of the statements of two facts that are one; a common statement counts one.
const SAME_FACTS: f32 = 0.35;
/// Least TF-IDF cosine of a statement that only one of the two has and some statement that only the other has. Without it, a long
/// sentence that tells two facts would make one fact of them.
const SAME_REST: f32 = 0.05;

/// The clusters with statements of at least two outlets; those with most outlets first. `of` has the index of each account's outlet.
///
/// A sentence may tell several facts; it is the wording of one only, as long as another tells the next. A fact that shares a
/// sentence and its words with one that as many outlets tell is the same fact, if their other sentences are alike, too.
pub fn told<'a>(statements: &Statements, clusters: &'a [Cluster], of: &[usize]) -> Vec<ToldFact<'a>> {
    let all = &statements.all;
    let outlets = |cluster: &Cluster| -> BTreeSet<usize> {
        cluster.members.iter().map(|&number| of[all[number].account]).collect()
    };
    let salience = |cluster: &Cluster| cluster.members.iter().map(|&n| all[n].salience).fold(0.0, f64::max);
    let mut order: Vec<(&Cluster, BTreeSet<usize>, f64)> = clusters
        .iter()
        .map(|cluster| (cluster, outlets(cluster), salience(cluster)))
        .filter(|(_, outlets, _)| outlets.len() > 1)
        .collect();
    order.sort_by(|(_, a, p), (_, b, q)| b.len().cmp(&a.len()).then(q.total_cmp(p)));
    let mut facts: Vec<ToldFact> = Vec::new();
    for (cluster, outlets, _) in order {
        let wording = by_wording(statements, &cluster.members);
        let is_used = |number: &&usize| facts.iter().any(|known| known.wording == **number);
        let best = *wording.iter().find(|number| !is_used(number)).unwrap_or(&wording[0]);
        let is_same = |known: &&mut ToldFact| {
            outlets.is_subset(&known.outlets)
                && (wording[0] == known.wording
                    || statements.overlap(&all[best], &all[known.wording]) >= SAME_WORDS)
                && are_alike(statements, &cluster.members, &known.cluster.members)
        };
        match facts.iter_mut().find(is_same) {
            Some(known) => known.members.extend(&cluster.members),
            None => {
                facts.push(ToldFact { wording: best, members: cluster.members.clone(), cluster, outlets });
            }
        }
    }
    facts
}

/// Whether two sets of statements have a statement in common and are alike in the others.
fn are_alike(statements: &Statements, some: &BTreeSet<usize>, others: &BTreeSet<usize>) -> bool {
    if some.is_disjoint(others) {
        return false;
    }
    let all = &statements.all;
    let cosine = |a: usize, b: usize| match a == b {
        true => 1.0,
        false => statements.tf_idf_cosine(&all[a], &all[b]),
    };
    let pairs = some.iter().flat_map(|&a| others.iter().map(move |&b| (a, b)));
    let sum: f32 = pairs.map(|(a, b)| cosine(a, b)).sum();
    let mut rest = some.difference(others);
    sum >= SAME_FACTS * (some.len() * others.len()) as f32
        && rest.all(|&a| others.difference(some).any(|&b| cosine(a, b) >= SAME_REST))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Account;
    use crate::compare::names::Names;

    #[test]
    fn a_sentence_that_tells_two_facts_does_not_make_them_one() {
        let long = "French troops will leave Mali within six months, and Germany closes its camp near Gao.";
        let first = "French troops will leave Mali within six months.";
        for (second, wanted) in [
            ("Its camp near Gao, with tents for a thousand soldiers, is closed by Germany.", 2),
            ("Within six months, all French troops will be out of Mali.", 1),
        ] {
            let accounts =
                [Account::of_sentences("A", &[long]), Account::of_sentences("B", &[first, second])];
            let statements = Statements::of(&accounts, &Names::of(&accounts));
            let with_long = |number: usize| Cluster { members: BTreeSet::from([0, number]), score: 0.9 };
            assert_eq!(told(&statements, &[with_long(1), with_long(2)], &[0, 1]).len(), wanted, "{second}");
        }
    }
}
