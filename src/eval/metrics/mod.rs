//! The formulas of the field, each equal to its reference implementation (`tests/metrics.rs` proves it).
//!
//! Nothing here knows of articles, models or files: spans, labels and words in, numbers out. A share of
//! nothing (the precision of no prediction) is 0, as in the reference packages, never NaN.

pub mod calibration;
pub mod classification;
pub mod extractive;
pub mod rouge;
pub mod spans;

/// `part / whole`, and 0 where there is no whole.
pub fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// Harmonic mean of precision and recall, and 0 where both are.
pub fn f1(precision: f64, recall: f64) -> f64 {
    share(2.0 * precision * recall, precision + recall)
}

/// Pairs of things from two lists, each at most once, the likest first. `likeness` has how alike two are, and their numbers.
pub fn likest_pairs(mut likeness: Vec<(f64, usize, usize)>) -> Vec<(usize, usize)> {
    likeness.sort_by(|x, y| y.0.total_cmp(&x.0));
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (_, a, b) in likeness {
        if pairs.iter().all(|&(x, y)| x != a && y != b) {
            pairs.push((a, b));
        }
    }
    pairs
}
