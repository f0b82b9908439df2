//! The article's own stance towards a target, from the stances of the sentences that mention it.
//!
//! A multinomial logistic regression over their probabilities, where they stand and whether they are quoted. Its weights come
//! with the pack; `scripts/train/article.py` fits them.

use super::Scores;

/// A sentence that mentions the target, as the regression takes it.
#[derive(Debug, Clone, Copy)]
pub struct MentioningSentence {
    /// Index of the sentence in the article, from 0.
    pub index: usize,
    /// Probabilities of its stance: the means over its mentions.
    pub scores: Scores,
    /// Whether it has a double quotation mark.
    pub is_quoted: bool,
}

/// The regression with its weights.
#[derive(Debug, Clone, PartialEq)]
pub struct ArticleStance {
    /// One row for each label: against, neutral, favor.
    weights: [[f64; Self::FEATURES]; Self::LABELS],
    bias: [f64; Self::LABELS],
}

impl ArticleStance {
    /// Number of labels: against, neutral, favor.
    pub const LABELS: usize = 3;
    /// Number of features.
    pub const FEATURES: usize = 15;

    /// Takes the weights: `weight` has the shape (labels, features), row by row, and `bias` (labels).
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

    /// Probabilities of the article's stance. `mentioning` are the sentences that mention the target, in order;
    /// `sentences` is the number of all sentences of the article.
    ///
    /// # Panics
    /// When `mentioning` is empty.
    pub fn scores(&self, mentioning: &[MentioningSentence], sentences: usize) -> Scores {
        let features = features(mentioning, sentences);
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

/// The features; docs/training.md has a table of them.
fn features(mentioning: &[MentioningSentence], sentences: usize) -> [f64; ArticleStance::FEATURES] {
    let count = mentioning.len() as f64;
    let mean = |of: &dyn Fn(&MentioningSentence) -> bool| {
        let some: Vec<&MentioningSentence> = mentioning.iter().filter(|sentence| of(sentence)).collect();
        (!some.is_empty()).then(|| {
            let part = |side: fn(&Scores) -> f64| {
                some.iter().map(|sentence| side(&sentence.scores)).sum::<f64>() / some.len() as f64
            };
            [part(|scores| scores.against), part(|scores| scores.favor)]
        })
    };
    let all = mean(&|_| true).expect("a sentence mentions the target");
    let most = |side: fn(&Scores) -> f64| mentioning.iter().map(|w| side(&w.scores)).fold(0.0, f64::max);
    let first = &mentioning[0].scores;
    let early = mean(&|sentence| 4 * sentence.index < sentences).unwrap_or(all);
    let plain = mean(&|sentence| !sentence.is_quoted).unwrap_or(all);
    let share = |is: &dyn Fn(&Scores) -> bool| {
        mentioning.iter().filter(|sentence| is(&sentence.scores)).count() as f64 / count
    };
    let against = share(&|s| s.against >= s.neutral && s.against >= s.favor);
    let favor = share(&|s| s.favor > s.neutral && s.favor > s.against);
    let quoted = mentioning.iter().filter(|sentence| sentence.is_quoted).count() as f64 / count;
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
