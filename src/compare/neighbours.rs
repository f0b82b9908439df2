//! Nearest neighbours among vectors, by an approximate index.
//!
//! The index is a hierarchical navigable small world graph (Malkov and Yashunin 2018), so that the cost grows with
//! n × log n. It is built by one thread with a fixed seed, so that the same input gives the same pairs.

use std::collections::BTreeSet;

use instant_distance::{Builder, Point, Search};

use crate::summary::dot;

/// A vector of length 1; the distance of two is 1 minus their cosine.
#[derive(Clone)]
struct Direction(Vec<f32>);

impl Point for Direction {
    fn distance(&self, other: &Self) -> f32 {
        1.0 - dot(&self.0, &other.0)
    }
}

/// Pairs of the indices of a vector and of one of its `count` nearest neighbours, the smaller index first. Vectors have
/// length 1; an empty one has no neighbours.
pub fn nearest(directions: &[Vec<f32>], count: usize) -> BTreeSet<(usize, usize)> {
    let usable: Vec<usize> = (0..directions.len()).filter(|&i| !directions[i].is_empty()).collect();
    let points: Vec<Direction> = usable.iter().map(|&i| Direction(directions[i].clone())).collect();
    let mut pairs = BTreeSet::new();
    // With so few vectors, all pairs are taken and no index is needed.
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
