//! Pairs that may belong together: each vector with those nearest to it, by an approximate index.
//!
//! The index is a hierarchical navigable small world graph (Malkov and Yashunin 2018), so that cost grows with
//! n × log n. It is built by one thread and from one seed: the same input gives the same pairs.

use std::collections::BTreeSet;

use instant_distance::{Builder, Point, Search};

use crate::summary::dot;

#[derive(Clone)]
struct Direction(Vec<f32>);

impl Point for Direction {
    fn distance(&self, other: &Self) -> f32 {
        1.0 - dot(&self.0, &other.0)
    }
}

/// Pairs of a vector and one of the `count` nearest to it, the smaller number first. Vectors are of length one;
/// empty ones are near to nothing.
pub fn nearest(directions: &[Vec<f32>], count: usize) -> BTreeSet<(usize, usize)> {
    let usable: Vec<usize> = (0..directions.len()).filter(|&i| !directions[i].is_empty()).collect();
    let points: Vec<Direction> = usable.iter().map(|&i| Direction(directions[i].clone())).collect();
    let mut pairs = BTreeSet::new();
    // Where each is looked at with all others, an index gives nothing.
    if usable.len() <= count + 1 {
        for (at, &a) in usable.iter().enumerate() {
            pairs.extend(usable[at + 1..].iter().map(|&b| (a, b)));
        }
        return pairs;
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread can be started");
    let map = pool.install(|| {
        Builder::default()
            .seed(2022)
            .ef_construction(2 * count)
            .ef_search(2 * count)
            .build(points.clone(), usable.clone())
    });
    let mut search = Search::default();
    for (&number, point) in usable.iter().zip(&points) {
        let others = map.search(point, &mut search).map(|item| *item.value).filter(|&other| other != number);
        pairs.extend(others.take(count).map(|other| (number.min(other), number.max(other))));
    }
    pairs
}
