//! Every point of a grid.

use super::{Asked, Point, Search};
use crate::forecast::options::MOST_OPTIONS;

pub(super) const SEARCH: Search = Search {
    name: "grid",
    summary: "points evenly spread from the least to the largest value",
    propose,
};

fn propose(asked: &Asked<'_>) -> Vec<Point> {
    if !asked.tried.is_empty() {
        return Vec::new();
    }
    let mut side = 1;
    while usize::pow(side + 1, asked.options as u32) <= asked.trials {
        side += 1;
    }
    let place = |step: usize| if side == 1 { 0.5 } else { step as f64 / (side - 1) as f64 };
    let point = |mut number: usize| {
        let mut point = [0.0; MOST_OPTIONS];
        for coordinate in &mut point[..asked.options] {
            *coordinate = place(number % side);
            number /= side;
        }
        point
    };
    (0..usize::pow(side, asked.options as u32)).map(point).collect()
}
