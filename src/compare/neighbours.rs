//! Nearest neighbours among vectors: exact for a few, by an approximate index for many.
//!
//! The index is a hierarchical navigable small world graph (Malkov and Yashunin 2018), so that the cost grows with
//! n × log n. It is built by one thread with a fixed seed, so that the same input gives the same pairs.

use std::collections::BTreeSet;

use instant_distance::{Builder, Point, Search};

use crate::summary::dot;

/// Up to so many vectors are compared without an index.
const ALL: usize = 2000;

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
    let mut pairs = BTreeSet::new();
    // For few vectors, looking at all of them is faster than making an index, and exact.
    if usable.len() <= ALL {
        for &a in &usable {
            let others = usable.iter().filter(|&&b| b != a);
            let mut near: Vec<(f32, usize)> =
                others.map(|&b| (dot(&directions[a], &directions[b]), b)).collect();
            if near.len() > count {
                near.select_nth_unstable_by(count, |(p, a), (q, b)| q.total_cmp(p).then(a.cmp(b)));
                near.truncate(count);
            }
            pairs.extend(near.into_iter().map(|(_, b)| (a.min(b), a.max(b))));
        }
        return pairs;
    }
    let points: Vec<Direction> = usable.iter().map(|&i| Direction(directions[i].clone())).collect();
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
