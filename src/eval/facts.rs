//! Scores the facts that several articles share against annotated facts.
//!
//! A fact is a *cluster* of sentences that tell it. A *pair* is two sentences of different articles in the same cluster.
//! Clusters overlap, since a sentence may tell several facts: B³ is that of overlapping clusters (Amigó et al. 2009).

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::EvalError;
use super::metrics::share;
use super::metrics::spans::Matches;
use super::text::slice;
use crate::Article;
use crate::compare::comparison::{Difference, Event, Fact, Side};

/// A sentence of an article.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FactSentence {
    /// The id of the article.
    pub article: String,
    /// Where the sentence starts, in code points.
    pub start: usize,
    /// Where it ends, in code points.
    pub end: usize,
    /// Its words.
    pub text: String,
}

/// A fact that several articles tell.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GoldFact {
    /// The fact in the annotator's words.
    pub fact: String,
    /// All sentences that tell it.
    pub sentences: Vec<FactSentence>,
}

/// One of the answers that articles give to the same question.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GoldSide {
    /// The answer, such as a number.
    pub value: String,
    /// The sentences that give it.
    pub sentences: Vec<FactSentence>,
}

/// A question to which articles give different answers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GoldDifference {
    /// The question in the annotator's words.
    pub question: String,
    /// The answers, two at least.
    pub sides: Vec<GoldSide>,
}

/// What annotators found in the articles of one event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GoldFacts {
    /// Version of this format.
    pub schema_version: u32,
    /// Facts that several articles tell.
    pub facts: Vec<GoldFact>,
    /// Where articles differ.
    pub differences: Vec<GoldDifference>,
}

impl GoldFacts {
    /// The facts as clusters; articles are numbered in the order of their ids.
    pub fn clusters(&self) -> Vec<FactCluster> {
        let all = self.facts.iter().flat_map(|fact| &fact.sentences);
        let ids: BTreeSet<&str> = all.map(|sentence| sentence.article.as_str()).collect();
        let number = |id: &str| ids.range(..id).count();
        let cluster =
            |fact: &GoldFact| fact.sentences.iter().map(|s| (number(&s.article), s.start)).collect();
        self.facts.iter().map(cluster).collect()
    }

    /// Reads a file of facts, and checks that the offsets of each sentence give its text.
    ///
    /// # Errors
    /// When the file cannot be read or has another structure, or the offsets of a sentence are wrong.
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

/// What identifies a sentence: the number of its article, and its start in code points.
pub type SentenceKey = (usize, usize);
/// The sentences that tell one fact.
pub type FactCluster = BTreeSet<SentenceKey>;

/// Counts for one sentence, or their sums over several.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FactScores {
    /// Pairs of sentences.
    pub pairs: Matches,
    /// B³ precision of overlapping clusters, summed over the sentences of `predicted`.
    pub b3_precision: f64,
    /// B³ recall of overlapping clusters, summed over the sentences of `gold`.
    pub b3_recall: f64,
    /// Sentences that are in a cluster of the system.
    pub predicted: usize,
    /// Sentences that are in a cluster of the gold.
    pub gold: usize,
}

impl FactScores {
    /// Scores of clusters, sentence by sentence, so that sentences can be resampled. A pair counts for its first sentence.
    pub fn by_sentence(gold: &[FactCluster], given: &[FactCluster]) -> BTreeMap<SentenceKey, Self> {
        let (wanted, found) = (fact_pairs(gold), fact_pairs(given));
        let mut scores: BTreeMap<SentenceKey, Self> = BTreeMap::new();
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
pub fn fact_pairs(clusters: &[FactCluster]) -> BTreeSet<(SentenceKey, SentenceKey)> {
    let mut found = BTreeSet::new();
    for cluster in clusters {
        for &a in cluster {
            found.extend(cluster.range(a..).filter(|b| b.0 != a.0).map(|&b| (a, b)));
        }
    }
    found
}

/// For each sentence of the clusters `ours`: how far the sentences that share a cluster with it also do so in `theirs`.
/// With the system as `ours` and the gold as `theirs` this is the multiplicity precision of Amigó et al.; the other way
/// round it is their multiplicity recall.
fn b3(ours: &[FactCluster], theirs: &[FactCluster]) -> Vec<(SentenceKey, f64)> {
    let together = |clusters: &[FactCluster], a: &SentenceKey, b: &SentenceKey| {
        clusters.iter().filter(|cluster| cluster.contains(a) && cluster.contains(b)).count()
    };
    let all: BTreeSet<SentenceKey> = ours.iter().flatten().copied().collect();
    let each = all.iter().map(|one| {
        let others: BTreeSet<&SentenceKey> =
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

/// The clusters of the gold. `sentence` gives the sentence for an article's id and a range of code points.
pub fn gold_clusters(
    gold: &GoldFacts,
    sentence: impl Fn(&str, usize, usize) -> Option<SentenceKey>,
) -> Vec<FactCluster> {
    let cluster = |fact: &GoldFact| {
        fact.sentences.iter().filter_map(|s| sentence(&s.article, s.start, s.end)).collect()
    };
    gold.facts.iter().map(cluster).collect()
}

/// The clusters of a comparison. `sentence` is as in [`gold_clusters`].
pub fn given_clusters(
    event: &Event,
    sentence: impl Fn(&str, usize, usize) -> Option<SentenceKey>,
) -> Vec<FactCluster> {
    let cluster = |fact: &Fact| -> FactCluster {
        fact.sentences.iter().filter_map(|s| sentence(&s.article, s.start, s.end)).collect()
    };
    event.shared.iter().map(cluster).collect()
}

/// Counts differences. One of the system is right if at least two of its sides share a sentence with a side of the same
/// difference of the gold.
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

    fn cluster(sentences: &[SentenceKey]) -> FactCluster {
        sentences.iter().copied().collect()
    }

    fn sum(gold: &[FactCluster], given: &[FactCluster]) -> FactScores {
        let mut all = FactScores::default();
        for scores in FactScores::by_sentence(gold, given).values() {
            all.pairs += &scores.pairs;
            all.b3_precision += scores.b3_precision;
            all.b3_recall += scores.b3_recall;
        }
        all
    }

    #[test]
    fn right_clusters_score_one_and_incomplete_clusters_less() {
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
        assert!(fact_pairs(&[cluster(&[(0, 0), (0, 9)])]).is_empty());
    }
}
