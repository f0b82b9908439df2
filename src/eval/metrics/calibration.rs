//! Calibration: whether, of the labels that are given with a probability of 0.8, eight in ten are right.
//!
//! The expected calibration error of Guo et al. 2017: labels are put into ten bins of equal width by the probability that
//! they were given with. The error is the mean distance between a bin's mean probability and its share of right labels,
//! weighted by the sizes of the bins.

use super::share;

/// The number of bins of [`Calibration`].
pub const BINS: usize = 10;

/// The labels that were given with a probability in one range, its upper end included.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bin {
    /// The number of labels.
    pub count: usize,
    /// The number of right labels.
    pub right: usize,
    /// Sum of the probabilities.
    sum: f64,
}

impl Bin {
    /// Mean probability of its labels; 0 if it is empty.
    pub fn confidence(&self) -> f64 {
        share(self.sum, self.count as f64)
    }

    /// Share of right labels; 0 if it is empty.
    pub fn accuracy(&self) -> f64 {
        share(self.right as f64, self.count as f64)
    }
}

/// The ten bins, the one of the lowest probabilities first.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Calibration(pub [Bin; BINS]);

impl Calibration {
    /// Counts one label that was given with a probability between 0 and 1.
    pub fn add(&mut self, probability: f64, right: bool) {
        let number = (probability * BINS as f64).ceil() as usize;
        let bin = &mut self.0[number.clamp(1, BINS) - 1];
        bin.count += 1;
        bin.right += usize::from(right);
        bin.sum += probability;
    }

    /// The number of labels in all bins.
    pub fn total(&self) -> usize {
        self.0.iter().map(|bin| bin.count).sum()
    }

    /// The expected calibration error, between 0 and 1; 0 if nothing was counted.
    pub fn error(&self) -> f64 {
        let distances = self.0.iter().map(|bin| (bin.sum - bin.right as f64).abs());
        share(distances.sum(), self.total() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_is_the_distance_of_probabilities_from_shares_of_right_labels() {
        let mut calibration = Calibration::default();
        assert_eq!(calibration.error(), 0.0);
        // Eight of ten labels with a probability of 0.8 are right, and none of ten with 0.5.
        (0..10).for_each(|number| calibration.add(0.8, number < 8));
        assert!(calibration.error() < 1e-12);
        (0..10).for_each(|_| calibration.add(0.5, false));
        assert!((calibration.error() - 0.25).abs() < 1e-12);
        assert_eq!((calibration.0[7].count, calibration.0[4].count), (10, 10));
    }

    #[test]
    fn bins_hold_their_upper_ends() {
        let mut calibration = Calibration::default();
        [0.0, 0.1, 0.100001, 1.0].into_iter().for_each(|probability| calibration.add(probability, true));
        assert_eq!(calibration.0.map(|bin| bin.count), [2, 1, 0, 0, 0, 0, 0, 0, 0, 1]);
        assert_eq!((calibration.0[0].confidence(), calibration.0[0].accuracy()), (0.05, 1.0));
    }
}
