//! Accuracy, macro-F1, Cohen's kappa and the Brier score of labelled items, equal to scikit-learn's.

use std::ops::AddAssign;

use super::{f1, share};

/// How often each gold label was given each label: `counts[gold][given]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Confusion {
    counts: Vec<Vec<usize>>,
}

impl Confusion {
    /// An empty matrix of so many labels.
    pub fn new(labels: usize) -> Self {
        Self { counts: vec![vec![0; labels]; labels] }
    }

    /// Counts one item.
    pub fn add(&mut self, gold: usize, given: usize) {
        self.counts[gold][given] += 1;
    }

    pub fn counts(&self) -> &[Vec<usize>] {
        &self.counts
    }

    pub fn total(&self) -> usize {
        self.counts.iter().flatten().sum()
    }

    fn gold(&self, label: usize) -> usize {
        self.counts[label].iter().sum()
    }

    fn given(&self, label: usize) -> usize {
        self.counts.iter().map(|row| row[label]).sum()
    }

    fn agreed(&self) -> usize {
        (0..self.counts.len()).map(|label| self.counts[label][label]).sum()
    }

    /// Share of the items with the right label (`accuracy_score`).
    pub fn accuracy(&self) -> f64 {
        share(self.agreed() as f64, self.total() as f64)
    }

    /// F1 of one label (`f1_score(labels=[label])`).
    pub fn f1(&self, label: usize) -> f64 {
        let hits = self.counts[label][label] as f64;
        f1(share(hits, self.given(label) as f64), share(hits, self.gold(label) as f64))
    }

    /// Mean F1 of those of `labels` that occur in the gold or among the given (`f1_score(average="macro")`).
    pub fn macro_f1(&self, labels: &[usize]) -> f64 {
        let occurring = labels.iter().filter(|&&label| self.gold(label) + self.given(label) > 0);
        let scores: Vec<f64> = occurring.map(|&label| self.f1(label)).collect();
        share(scores.iter().sum(), scores.len() as f64)
    }

    /// Agreement beyond chance (Cohen 1960; `cohen_kappa_score`). Where only one label occurs at all, which
    /// scikit-learn leaves undefined, 1: both say the same of everything.
    pub fn kappa(&self) -> f64 {
        let n = self.total() as f64;
        let expected: f64 = (0..self.counts.len())
            .map(|label| share(self.gold(label) as f64, n) * share(self.given(label) as f64, n))
            .sum();
        match n > 0.0 {
            true if expected >= 1.0 => 1.0,
            true => (self.accuracy() - expected) / (1.0 - expected),
            false => 0.0,
        }
    }
}

impl AddAssign<&Confusion> for Confusion {
    fn add_assign(&mut self, other: &Confusion) {
        for (row, others) in self.counts.iter_mut().zip(&other.counts) {
            for (count, other) in row.iter_mut().zip(others) {
                *count += other;
            }
        }
    }
}

/// Brier score of one item (Brier 1950, all labels): squared distance of the probabilities from certainty
/// about the gold label, between 0 and 2. scikit-learn's `brier_score_loss` is its mean over items.
pub fn brier(probabilities: &[f64], gold: usize) -> f64 {
    let certain = |label: usize| f64::from(u8::from(label == gold));
    probabilities.iter().enumerate().map(|(label, p)| (p - certain(label)).powi(2)).sum()
}
