//! The metrics of the field, each equal to its reference implementation (`tests/integration/metrics.rs` compares them).
//!
//! Nothing here knows of articles, models or files: the functions take spans, labels and words, and give numbers. A share
//! of nothing, such as the precision without predictions, is 0, as in the reference packages, and never NaN.

pub mod calibration;
pub mod classification;
pub mod extractive;
pub mod rouge;
pub mod spans;

/// `part / whole`, and 0 if `whole` is 0.
pub fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// The harmonic mean of precision and recall, and 0 if both are 0.
pub fn f1(precision: f64, recall: f64) -> f64 {
    share(2.0 * precision * recall, precision + recall)
}

/// Pairs the elements of two lists greedily: the most similar ones first, each element in one pair at most. `likeness`
/// has the similarity of two elements and their indexes.
pub fn best_pairs(mut likeness: Vec<(f64, usize, usize)>) -> Vec<(usize, usize)> {
    likeness.sort_by(|x, y| y.0.total_cmp(&x.0));
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (_, a, b) in likeness {
        if pairs.iter().all(|&(x, y)| x != a && y != b) {
            pairs.push((a, b));
        }
    }
    pairs
}
