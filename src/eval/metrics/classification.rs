//! Accuracy, macro-F1, Cohen's kappa and the Brier score of labels, equal to those of scikit-learn.

use std::ops::AddAssign;

use super::{f1, share};

/// A confusion matrix: `counts[gold][given]` is how many items with the label `gold` got the label `given`. Labels are
/// numbers from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Confusion {
    counts: Vec<Vec<usize>>,
}

impl Confusion {
    /// An empty matrix for so many labels.
    pub fn new(labels: usize) -> Self {
        Self { counts: vec![vec![0; labels]; labels] }
    }

    /// Counts one item.
    pub fn add(&mut self, gold: usize, given: usize) {
        self.counts[gold][given] += 1;
    }

    /// The rows of the matrix, one for each gold label.
    pub fn counts(&self) -> &[Vec<usize>] {
        &self.counts
    }

    /// The number of items.
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

    /// Mean F1 of those of `labels` that the gold or the system has (`f1_score(average="macro")`).
    pub fn macro_f1(&self, labels: &[usize]) -> f64 {
        let occurring = labels.iter().filter(|&&label| self.gold(label) + self.given(label) > 0);
        let scores: Vec<f64> = occurring.map(|&label| self.f1(label)).collect();
        share(scores.iter().sum(), scores.len() as f64)
    }

    /// Agreement beyond chance (Cohen 1960; `cohen_kappa_score`). It is 1 if only one label occurs at all, for which
    /// scikit-learn gives NaN; 0 without items.
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

/// The Brier score of one item over all labels (Brier 1950), between 0 and 2: the squared distance of the probabilities
/// from 1 for the gold label and 0 for the others. scikit-learn's `brier_score_loss` is its mean over items.
pub fn brier(probabilities: &[f64], gold: usize) -> f64 {
    let certain = |label: usize| f64::from(u8::from(label == gold));
    probabilities.iter().enumerate().map(|(label, p)| (p - certain(label)).powi(2)).sum()
}
