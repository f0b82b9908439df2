//! From the sentences that name a target to the article's own stance towards it, as `scripts/train/article.py` learns it:
//! a multinomial logistic regression over how sure the sentences are on each side, where they stand and who speaks.

use super::Scores;

/// What a sentence that names the target says of it, and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Witness {
    /// Number of the sentence in the article, from 0.
    pub sentence: usize,
    /// Means over its mentions.
    pub scores: Scores,
    /// Whether it has a double quotation mark.
    pub is_quoted: bool,
}

/// Weights of the regression.
#[derive(Debug, Clone, PartialEq)]
pub struct ArticleStance {
    /// One row for each label: against, neutral, favor.
    weights: [[f64; Self::FEATURES]; Self::LABELS],
    bias: [f64; Self::LABELS],
}

impl ArticleStance {
    pub const LABELS: usize = 3;
    pub const FEATURES: usize = 15;

    /// `weight` is (labels, features), row by row, and `bias` (labels).
    ///
    /// # Panics
    /// When they have other sizes.
    pub fn new(weight: &[f64], bias: &[f64]) -> Self {
        assert_eq!((weight.len(), bias.len()), (Self::LABELS * Self::FEATURES, Self::LABELS));
        let row = |label: usize| {
            let from = label * Self::FEATURES;
            std::array::from_fn(|feature| weight[from + feature])
        };
        Self { weights: std::array::from_fn(row), bias: std::array::from_fn(|label| bias[label]) }
    }

    /// The article's stance. `witnesses` are in the order of the article and not empty; `sentences` is how many it has.
    pub fn judge(&self, witnesses: &[Witness], sentences: usize) -> Scores {
        let features = features(witnesses, sentences);
        let logit = |label: usize| {
            let products =
                self.weights[label].iter().zip(&features).map(|(weight, feature)| weight * feature);
            self.bias[label] + products.sum::<f64>()
        };
        let logits: [f64; Self::LABELS] = std::array::from_fn(logit);
        let most = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let odds = logits.map(|logit| (logit - most).exp());
        let total: f64 = odds.iter().sum();
        Scores::new(odds.map(|odds| odds / total))
    }
}

/// docs/training.md has the table of these numbers.
fn features(witnesses: &[Witness], sentences: usize) -> [f64; ArticleStance::FEATURES] {
    let count = witnesses.len() as f64;
    let mean = |of: &dyn Fn(&Witness) -> bool| {
        let some: Vec<&Witness> = witnesses.iter().filter(|witness| of(witness)).collect();
        (!some.is_empty()).then(|| {
            let part = |side: fn(&Scores) -> f64| {
                some.iter().map(|witness| side(&witness.scores)).sum::<f64>() / some.len() as f64
            };
            [part(|scores| scores.against), part(|scores| scores.favor)]
        })
    };
    let all = mean(&|_| true).expect("a sentence names the target");
    let most = |side: fn(&Scores) -> f64| witnesses.iter().map(|w| side(&w.scores)).fold(0.0, f64::max);
    let first = &witnesses[0].scores;
    let early = mean(&|witness| 4 * witness.sentence < sentences).unwrap_or(all);
    let plain = mean(&|witness| !witness.is_quoted).unwrap_or(all);
    let share = |is: &dyn Fn(&Scores) -> bool| {
        witnesses.iter().filter(|witness| is(&witness.scores)).count() as f64 / count
    };
    let against = share(&|s| s.against >= s.neutral && s.against >= s.favor);
    let favor = share(&|s| s.favor > s.neutral && s.favor > s.against);
    let quoted = witnesses.iter().filter(|witness| witness.is_quoted).count() as f64 / count;
    [
        all[0],
        all[1],
        most(|s| s.against),
        most(|s| s.favor),
        first.against,
        first.favor,
        early[0],
        early[1],
        plain[0],
        plain[1],
        against,
        favor,
        (1.0 + count).ln() / 3.0,
        count / sentences as f64,
        quoted,
    ]
}
