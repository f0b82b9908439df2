//! Confidence intervals by the bootstrap (Efron 1979): how much would a number change with another sample of articles,
//! sentences or mentions?
//!
//! These are percentile intervals over seeded resamples. All metrics of a run use the same resamples, and so do two
//! runs on the same items that are compared (the paired bootstrap of Koehn 2004). With as few as five articles the
//! intervals come out too narrow; they are no substitute for more articles.

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// The resamples of a list of items. Each draws, with replacement, as many items as the list has.
pub struct Resamples {
    seed: u64,
    /// Indexes into the list, one row for each resample.
    rows: Vec<Vec<u32>>,
}

impl Resamples {
    /// Draws `times` resamples of a list of so many items.
    pub fn new(items: usize, times: usize, seed: u64) -> Self {
        let mut random = Pcg64Mcg::seed_from_u64(seed);
        let mut draw = || match items as u32 {
            0 => Vec::new(),
            n => (0..n).map(|_| below(&mut random, n)).collect(),
        };
        Self { seed, rows: (0..times).map(|_| draw()).collect() }
    }

    /// The number of resamples.
    pub fn times(&self) -> usize {
        self.rows.len()
    }

    /// The seed that they were drawn with.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The 2.5th and 97.5th percentile of a statistic over the resamples; `None` if it is undefined for all of them.
    /// `items` must be as many as at [`Resamples::new`].
    pub fn interval<T>(&self, items: &[T], statistic: impl Fn(&[&T]) -> Option<f64>) -> Option<[f64; 2]> {
        let resampled = self.rows.iter().filter_map(|row| {
            let drawn: Vec<&T> = row.iter().map(|&i| &items[i as usize]).collect();
            statistic(&drawn)
        });
        let mut values: Vec<f64> = resampled.collect();
        values.sort_by(f64::total_cmp);
        let last = values.len().checked_sub(1)?;
        let at = |share: f64| values[(share * last as f64).round() as usize];
        Some([at(0.025), at(0.975)])
    }
}

/// A random number below `n`, by multiplication (Lemire 2019, without the rejection: its bias is below n / 2^32).
/// We do not call `rand` for this, because a seed must give the same draws with every version of that library.
fn below(random: &mut Pcg64Mcg, n: u32) -> u32 {
    ((u64::from(random.next_u32()) * u64::from(n)) >> 32) as u32
}

/// `count` different numbers below `n`, in ascending order; all of them where there are fewer.
pub fn sample(n: usize, count: usize, seed: u64) -> Vec<usize> {
    let mut random = Pcg64Mcg::seed_from_u64(seed);
    let mut left: Vec<usize> = (0..n).collect();
    let mut drawn: Vec<usize> = Vec::new();
    while drawn.len() < count && !left.is_empty() {
        drawn.push(left.swap_remove(below(&mut random, left.len() as u32) as usize));
    }
    drawn.sort();
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_hold_the_mean_and_repeat() {
        let items: Vec<f64> = (0..100).map(f64::from).collect();
        let mean = |drawn: &[&f64]| Some(drawn.iter().copied().sum::<f64>() / drawn.len() as f64);
        let [low, high] = Resamples::new(100, 1000, 7).interval(&items, mean).unwrap();
        // The standard error of the mean is 2.9.
        assert!((41.0..46.0).contains(&low) && (53.0..58.0).contains(&high), "{low} {high}");
        assert_eq!(Resamples::new(100, 1000, 7).interval(&items, mean), Some([low, high]));
        assert_ne!(Resamples::new(100, 1000, 8).interval(&items, mean), Some([low, high]));
        assert_eq!(Resamples::new(0, 10, 1).interval(&[] as &[f64], |_| None), None);
    }

    #[test]
    fn samples_are_different_numbers() {
        assert_eq!(sample(3, 5, 1), [0, 1, 2]);
        let drawn = sample(10, 3, 1);
        assert!(drawn.len() == 3 && drawn[0] < drawn[1] && drawn[1] < drawn[2]);
    }
}
