//! The probability that two statements state the same fact: a logistic regression over features of the pair or, for a pair
//! that was read together, over the logit of the joint reading.
//!
//! Its weights are fitted by `scripts/train/same.py` on sentence pairs of MSRP (Dolan and Brockett 2005) and on twelve
//! events that were annotated for it. They belong to a pack, because vectors and joint readings are those of a pack.

use std::sync::LazyLock;

use serde::Deserialize;

use super::statement::{Statement, Statements, common, longest_run, shared_pairs, word_pairs};
use crate::summary::{dot, flag};

/// How many features of a pair [`features`] gives.
pub const FEATURES: usize = 14;

/// Index of the cosine of the vectors among the [`features`]; a baseline uses it alone.
pub const VECTOR_COSINE: usize = 0;
/// Index of the TF-IDF cosine among the [`features`]; a baseline uses it alone.
pub const TF_IDF_COSINE: usize = 13;

/// The features of a pair of statements; the order of the two makes no difference.
pub fn features(all: &Statements, a: &Statement, b: &Statement) -> [f32; FEATURES] {
    let shared = all.shared(a, b);
    let (weight_a, weight_b) = (all.weight(a), all.weight(b));
    let (light, heavy) = (weight_a.min(weight_b).max(1e-6), weight_a.max(weight_b).max(1e-6));
    let stems = common(&a.content, &b.content).count() as f32;
    let fewer = a.content.len().min(b.content.len()).max(1) as f32;
    let run = longest_run(&a.words, &b.words) as f32;
    let shorter = a.words.len().min(b.words.len()).max(1) as f32;
    let longer = a.words.len().max(b.words.len()).max(1) as f32;
    let pairs = shared_pairs(&word_pairs(&a.words), &word_pairs(&b.words)) as f32;
    let names = a.names.intersection(&b.names).count() as f32;
    let some_names = a.names.len().min(b.names.len()) as f32;
    let (agreeing, opposed) = numbers(a, b);
    [
        dot(&a.direction, &b.direction),
        shared / light,
        shared / heavy,
        shared / (light + heavy - shared).max(1e-6),
        stems / fewer,
        (1.0 + shared).ln(),
        run / shorter,
        (1.0 + run).ln(),
        pairs / (shorter - 1.0).max(1.0),
        if some_names == 0.0 { 0.5 } else { names / some_names },
        flag(agreeing),
        flag(opposed),
        (shorter / longer).ln(),
        all.tf_idf_cosine(a, b),
    ]
}

/// Whether the two statements have a number in common, and whether both have numbers but none in common.
fn numbers(a: &Statement, b: &Statement) -> (bool, bool) {
    let quantities = a.quantities.iter().any(|one| b.quantities.iter().any(|other| one.shares_number(other)));
    let years = a.years.iter().any(|year| b.years.contains(year));
    let both = (!a.quantities.is_empty() && !b.quantities.is_empty())
        || (!a.years.is_empty() && !b.years.is_empty());
    (quantities || years, both && !quantities && !years)
}

/// The probability that two statements state the same fact.
#[derive(Debug, Deserialize)]
pub struct SameFact {
    /// From the [`features`] alone.
    apart: FeatureWeights,
    /// From the logit of a joint reading; none of a pack that reads no two sentences together.
    together: Option<LogitWeights>,
}

/// The weights of the [`features`].
#[derive(Debug, Deserialize)]
struct FeatureWeights {
    bias: f32,
    weights: [f32; FEATURES],
}

/// The weight of the logit of a joint reading, so that the probability is right as often as it says (Platt 1999).
#[derive(Debug, Deserialize)]
struct LogitWeights {
    bias: f32,
    weight: f32,
}

/// For each kind of pairs its weights.
#[derive(Deserialize)]
struct Fitted {
    side_by_side: SameFact,
    of_one_event: SameFact,
}

impl Fitted {
    /// The weights for a pack, by its name. Other packs than the two that come with Wirelens have those of `compact`.
    fn of(pack: &str) -> &'static Self {
        static COMPACT: LazyLock<Fitted> = LazyLock::new(|| Fitted::parse(include_str!("same/compact.toml")));
        static BASE: LazyLock<Fitted> = LazyLock::new(|| Fitted::parse(include_str!("same/base.toml")));
        if pack == "base" { &BASE } else { &COMPACT }
    }

    fn parse(text: &str) -> Self {
        toml::from_str(text).expect("the weights are those of this program")
    }
}

impl SameFact {
    /// For sentences of articles about one event, most of which state different facts, as a pack reads them.
    pub fn of_one_event(pack: &str) -> &'static Self {
        &Fitted::of(pack).of_one_event
    }

    /// For two sentences that were paired by a person because they are similar, as in MSRP, as a pack reads them.
    pub fn side_by_side(pack: &str) -> &'static Self {
        &Fitted::of(pack).side_by_side
    }

    /// The probability from the [`features`] of two statements that were not read together. The threshold with the best F1
    /// is 0.5.
    pub fn apart(&self, numbers: &[f32; FEATURES]) -> f64 {
        f64::from(logistic(&self.apart.weights, self.apart.bias, numbers))
    }

    /// The probability from the logit of a joint reading; `None` where no weights are known for it. The threshold with the best F1
    /// is 0.5.
    pub fn together(&self, logit: f32) -> Option<f64> {
        let LogitWeights { bias, weight } = self.together.as_ref()?;
        Some(f64::from(logistic(&[*weight], *bias, &[logit])))
    }
}

/// The probability of a logistic regression, from its weights and the numbers that they are of.
pub fn logistic(weights: &[f32], bias: f32, numbers: &[f32]) -> f32 {
    let sum: f32 = weights.iter().zip(numbers).map(|(weight, number)| weight * number).sum();
    1.0 / (1.0 + (-(sum + bias)).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_are_those_of_this_program() {
        let alike = [0.95, 0.9, 0.9, 0.8, 0.9, 3.0, 0.5, 2.0, 0.6, 1.0, 1.0, 0.0, -0.1, 0.9];
        let unlike = [0.3, 0.05, 0.05, 0.02, 0.05, 0.3, 0.02, 0.7, 0.0, 0.0, 0.0, 1.0, -0.9, 0.03];
        for pack in ["compact", "base", "another"] {
            for same in [SameFact::of_one_event(pack), SameFact::side_by_side(pack)] {
                assert!(same.apart(&alike) > 0.5 && same.apart(&unlike) < 0.5);
                let together = [3.0, -3.0].map(|logit| same.together(logit).map(|found| found > 0.5));
                assert_eq!(together, if pack == "base" { [None, None] } else { [Some(true), Some(false)] });
            }
        }
    }
}
