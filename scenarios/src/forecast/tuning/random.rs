//! Points at random, which waste nothing on options that do not matter.
//!
//! Bergstra & Bengio, *Random Search for Hyper-Parameter Optimization*, Journal of Machine Learning
//! Research 13 (2012) 281–305.

use super::{Asked, Point, Search};
use crate::forecast::options::MOST_OPTIONS;

pub(super) const SEARCH: Search = Search { name: "random", summary: "points at random", propose };

fn propose(asked: &Asked<'_>) -> Vec<Point> {
    if !asked.tried.is_empty() {
        return Vec::new();
    }
    let mut random = asked.random();
    let mut point = || {
        let mut point = [0.0; MOST_OPTIONS];
        for coordinate in &mut point[..asked.options] {
            *coordinate = random.uniform();
        }
        point
    };
    (0..asked.trials).map(|_| point()).collect()
}
