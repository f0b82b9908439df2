//! Facts that several articles tell, held against annotated ones.
//!
//! A *pair* is two sentences of different articles that tell the same fact. Facts overlap, as a sentence tells several:
//! B³ is that of overlapping clusters (Amigó et al. 2009).

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::EvalError;
use super::metrics::share;
use super::metrics::spans::Matches;
use super::text::slice;
use crate::Article;
use crate::compare::comparison::{Difference, Event, Fact, Side};

/// A sentence of an article, in code points.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct GoldSentence {
    pub article: String,
    pub start: usize,
    pub end: usize,
    pub text: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GoldFact {
    pub fact: String,
    pub sentences: Vec<GoldSentence>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GoldSide {
    pub value: String,
    pub sentences: Vec<GoldSentence>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GoldDifference {
    pub question: String,
    pub sides: Vec<GoldSide>,
}

/// What annotators find in the articles of one event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GoldFacts {
    pub schema_version: u32,
    pub facts: Vec<GoldFact>,
    pub differences: Vec<GoldDifference>,
}

impl GoldFacts {
    /// The facts as clusters; articles are numbered in the order of their ids.
    pub fn clusters(&self) -> Vec<Cluster> {
        let all = self.facts.iter().flat_map(|fact| &fact.sentences);
        let ids: BTreeSet<&str> = all.map(|sentence| sentence.article.as_str()).collect();
        let number = |id: &str| ids.range(..id).count();
        let cluster =
            |fact: &GoldFact| fact.sentences.iter().map(|s| (number(&s.article), s.start)).collect();
        self.facts.iter().map(cluster).collect()
    }

    /// Reads the facts of a folder of gold, and checks every place.
    ///
    /// # Errors
    /// When there is no such file, it is no such JSON, or a place is not in its article.
    pub fn load(path: &Path, articles: &[&Article]) -> Result<Self, EvalError> {
        let json = std::fs::read_to_string(path).map_err(|error| EvalError::new(path, error))?;
        let gold: Self = serde_json::from_str(&json).map_err(|error| EvalError::new(path, error))?;
        let texts: BTreeMap<&str, &str> = articles.iter().map(|a| (a.id.as_str(), a.text.as_str())).collect();
        let sides = gold.differences.iter().flat_map(|difference| &difference.sides);
        let all =
            gold.facts.iter().flat_map(|fact| &fact.sentences).chain(sides.flat_map(|side| &side.sentences));
        let wrong: Vec<String> = all
            .filter(|s| {
                texts.get(s.article.as_str()).and_then(|text| slice(text, s.start, s.end)) != Some(&s.text)
            })
            .map(|s| format!("{}: {}..{} is not '{}'", s.article, s.start, s.end, s.text))
            .collect();
        if wrong.is_empty() { Ok(gold) } else { Err(EvalError::Gold(wrong)) }
    }
}

/// A sentence by the number of its article and its start in code points.
pub type Sentence = (usize, usize);
/// Sentences that tell one fact.
pub type Cluster = BTreeSet<Sentence>;

/// Counts for one sentence; they add up.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FactScores {
    pub pairs: Matches,
    /// B³ of overlapping clusters.
    pub b3_precision: f64,
    pub b3_recall: f64,
    /// Sentences that the system puts into clusters, and the gold.
    pub predicted: usize,
    pub gold: usize,
}

impl FactScores {
    /// Scores of clusters, sentence by sentence, so that sentences can be resampled; a pair counts for its first one.
    pub fn by_sentence(gold: &[Cluster], given: &[Cluster]) -> BTreeMap<Sentence, Self> {
        let (wanted, found) = (pairs(gold), pairs(given));
        let mut scores: BTreeMap<Sentence, Self> = BTreeMap::new();
        for pair in &wanted {
            scores.entry(pair.0).or_default().pairs.gold += 1;
        }
        for pair in &found {
            let pairs = &mut scores.entry(pair.0).or_default().pairs;
            pairs.predicted += 1;
            pairs.correct += usize::from(wanted.contains(pair));
        }
        for (sentence, share) in b3(given, gold) {
            let scores = scores.entry(sentence).or_default();
            scores.b3_precision += share;
            scores.predicted += 1;
        }
        for (sentence, share) in b3(gold, given) {
            let scores = scores.entry(sentence).or_default();
            scores.b3_recall += share;
            scores.gold += 1;
        }
        scores
    }
}

/// Pairs of sentences of different articles that are in one cluster.
pub fn pairs(clusters: &[Cluster]) -> BTreeSet<(Sentence, Sentence)> {
    let mut found = BTreeSet::new();
    for cluster in clusters {
        for &a in cluster {
            found.extend(cluster.range(a..).filter(|b| b.0 != a.0).map(|&b| (a, b)));
        }
    }
    found
}

/// For each sentence of `ours`, how far those that share a cluster with it do so in `theirs`: the multiplicity precision of
/// Amigó et al., and with the sides exchanged their multiplicity recall.
fn b3(ours: &[Cluster], theirs: &[Cluster]) -> Vec<(Sentence, f64)> {
    let together = |clusters: &[Cluster], a: &Sentence, b: &Sentence| {
        clusters.iter().filter(|cluster| cluster.contains(a) && cluster.contains(b)).count()
    };
    let all: BTreeSet<Sentence> = ours.iter().flatten().copied().collect();
    let each = all.iter().map(|one| {
        let others: BTreeSet<&Sentence> =
            ours.iter().filter(|cluster| cluster.contains(one)).flatten().collect();
        let sum: f64 = others
            .iter()
            .map(|other| {
                let (mine, other_side) = (together(ours, one, other), together(theirs, one, other));
                mine.min(other_side) as f64 / mine as f64
            })
            .sum();
        (*one, share(sum, others.len() as f64))
    });
    each.collect()
}

/// The clusters of gold; `sentence` gives the sentence of an article that a place is in.
pub fn gold_clusters(
    gold: &GoldFacts,
    sentence: impl Fn(&str, usize, usize) -> Option<Sentence>,
) -> Vec<Cluster> {
    let cluster = |fact: &GoldFact| {
        fact.sentences.iter().filter_map(|s| sentence(&s.article, s.start, s.end)).collect()
    };
    gold.facts.iter().map(cluster).collect()
}

/// The clusters of a comparison.
pub fn given_clusters(
    event: &Event,
    sentence: impl Fn(&str, usize, usize) -> Option<Sentence>,
) -> Vec<Cluster> {
    let cluster = |fact: &Fact| -> Cluster {
        fact.sentences.iter().filter_map(|s| sentence(&s.article, s.start, s.end)).collect()
    };
    event.shared.iter().map(cluster).collect()
}

/// Differences that are right: two sides of one share a sentence with two of the gold's.
pub fn differences(gold: &GoldFacts, event: &Event) -> Matches {
    let overlap = |a: &GoldSide, b: &Side| {
        a.sentences.iter().any(|one| {
            b.sentences
                .iter()
                .any(|other| one.article == other.article && one.start < other.end && other.start < one.end)
        })
    };
    let same = |wanted: &GoldDifference, given: &Difference| {
        let shared = given.sides.iter().filter(|side| wanted.sides.iter().any(|one| overlap(one, side)));
        shared.count() >= 2
    };
    let (all, given) = (&gold.differences, &event.differences);
    let right = given.iter().filter(|given| all.iter().any(|wanted| same(wanted, given))).count();
    let found = all.iter().filter(|wanted| given.iter().any(|given| same(wanted, given))).count();
    Matches { correct: right.min(found), predicted: given.len(), gold: all.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cluster(sentences: &[Sentence]) -> Cluster {
        sentences.iter().copied().collect()
    }

    fn sum(gold: &[Cluster], given: &[Cluster]) -> FactScores {
        let mut all = FactScores::default();
        for scores in FactScores::by_sentence(gold, given).values() {
            all.pairs += &scores.pairs;
            all.b3_precision += scores.b3_precision;
            all.b3_recall += scores.b3_recall;
        }
        all
    }

    #[test]
    fn what_is_right_scores_one_and_what_is_halved_less() {
        let gold = [cluster(&[(0, 0), (1, 0), (2, 0)]), cluster(&[(0, 0), (1, 5)])];
        let all = sum(&gold, &gold);
        assert_eq!((all.pairs.f1(), all.b3_precision, all.b3_recall), (1.0, 4.0, 4.0));
        let half = sum(&gold, &[cluster(&[(0, 0), (1, 0)])]);
        assert_eq!((half.pairs.precision(), half.pairs.recall()), (1.0, 0.25));
        assert_eq!(half.b3_precision, 2.0);
        assert!(half.b3_recall < 2.0);
        assert_eq!(sum(&gold, &[]).pairs.f1(), 0.0);
    }

    #[test]
    fn sentences_of_one_article_are_no_pair() {
        assert!(pairs(&[cluster(&[(0, 0), (0, 9)])]).is_empty());
    }
}
