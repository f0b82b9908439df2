//! Whether probabilities mean what they say: of what is said with 0.8, are eight of ten right?
//!
//! The expected calibration error of Guo et al. 2017: what was said is put into ten bins of equal width by the probability
//! of the label that was given, and the distance of each bin's mean probability from its share of right labels is averaged,
//! weighted by the bins' sizes.

use super::share;

/// Bins of [`Calibration`].
pub const BINS: usize = 10;

/// What was said with a probability in one range, its upper end included.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bin {
    pub count: usize,
    pub right: usize,
    /// Sum of the probabilities.
    said: f64,
}

impl Bin {
    /// Mean probability of what is in it; 0 where nothing is.
    pub fn confidence(&self) -> f64 {
        share(self.said, self.count as f64)
    }

    /// Share of right labels; 0 where nothing is in it.
    pub fn accuracy(&self) -> f64 {
        share(self.right as f64, self.count as f64)
    }
}

/// The ten bins, from the least probable.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Calibration(pub [Bin; BINS]);

impl Calibration {
    /// Counts one label that was given with a probability, between 0 and 1.
    pub fn add(&mut self, probability: f64, right: bool) {
        let number = (probability * BINS as f64).ceil() as usize;
        let bin = &mut self.0[number.clamp(1, BINS) - 1];
        bin.count += 1;
        bin.right += usize::from(right);
        bin.said += probability;
    }

    pub fn total(&self) -> usize {
        self.0.iter().map(|bin| bin.count).sum()
    }

    /// Between 0 and 1; 0 where nothing was counted.
    pub fn error(&self) -> f64 {
        let distances = self.0.iter().map(|bin| (bin.said - bin.right as f64).abs());
        share(distances.sum(), self.total() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_is_the_distance_of_what_is_said_from_what_is_right() {
        let mut calibration = Calibration::default();
        assert_eq!(calibration.error(), 0.0);
        // Eight of ten that are said with 0.8 are right, and none of ten that are said with 0.5.
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
