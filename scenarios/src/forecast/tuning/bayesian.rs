//! Where most improvement is expected, by a Gaussian process through what was tried.
//!
//! Jones, Schonlau & Welch, *Efficient Global Optimization of Expensive Black-Box Functions*, Journal of
//! Global Optimization 13 (1998) 455–492: a few points spread over the cube, and then one at a time
//! where the expected improvement, equation (15), is largest.

use super::process::Process;
use super::{Asked, Point, Search};
use crate::forecast::options::MOST_OPTIONS;
use crate::special::normal_cdf;

pub(super) const SEARCH: Search = Search {
    name: "bayesian",
    summary: "one point after another where most improvement is expected",
    propose,
};

/// Points at first, for each option and in any case.
const FIRST: (usize, usize) = (3, 2);
/// Points that are thought of before one is tried, for each option.
const SPREAD: usize = 200;
/// The same around the best.
const NEAR: usize = 60;
/// Standard deviation of these.
const NEARNESS: f64 = 0.04;

fn propose(asked: &Asked<'_>) -> Vec<Point> {
    let first = (FIRST.0 * asked.options + FIRST.1).min(asked.trials);
    if asked.tried.len() < first {
        return spread(asked, first);
    }
    if asked.tried.len() >= asked.trials {
        return Vec::new();
    }
    let Some(process) = Process::likeliest(asked.tried, asked.options) else { return Vec::new() };
    let best =
        asked.tried.iter().min_by(|l, r| l.1.total_cmp(&r.1)).map_or([0.5; 2], |best| best.0);
    let least = asked.tried.iter().map(|tried| tried.1).fold(f64::INFINITY, f64::min);
    let thought = spread(asked, SPREAD * asked.options).into_iter().chain(near(asked, best));
    let improvement = |point: &Point| {
        let (mean, deviation) = process.at(point);
        expected_improvement(least - mean, deviation)
    };
    let valued = thought.map(|point| (improvement(&point), point));
    // The first of equals: where nothing is expected any more, no matter which.
    let chosen = valued.reduce(|best, next| if next.0 > best.0 { next } else { best });
    chosen.map(|(_, point)| point).into_iter().collect()
}

/// Points evenly spread over the cube, shifted at random: Halton, *On the Efficiency of Certain
/// Quasi-Random Sequences of Points*, Numerische Mathematik 2 (1960) 84–90.
fn spread(asked: &Asked<'_>, count: usize) -> Vec<Point> {
    const BASES: [usize; MOST_OPTIONS] = [2, 3];
    let mut random = asked.constant_random();
    let shift = BASES.map(|_| random.uniform());
    let point = |number: usize| {
        let mut point = [0.0; MOST_OPTIONS];
        let known = point[..asked.options].iter_mut().zip(BASES).zip(shift);
        for ((coordinate, base), shift) in known {
            let moved = mirrored_digits(number + 1, base) + shift;
            *coordinate = moved - moved.floor();
        }
        point
    };
    (0..count).map(point).collect()
}

/// The digits of `number` behind the point, the last one first.
fn mirrored_digits(mut number: usize, base: usize) -> f64 {
    let (mut sum, mut digit) = (0.0, 1.0);
    while number > 0 {
        digit /= base as f64;
        sum += digit * (number % base) as f64;
        number /= base;
    }
    sum
}

fn near(asked: &Asked<'_>, best: Point) -> Vec<Point> {
    let mut random = asked.random();
    let mut point = || {
        let mut point = best;
        for coordinate in &mut point[..asked.options] {
            *coordinate = (*coordinate + NEARNESS * random.normal()).clamp(0.0, 1.0);
        }
        point
    };
    (0..NEAR * asked.options).map(|_| point()).collect()
}

/// Mean of what a normal value with this `gain` on average is above 0, Jones et al. (1998), (15).
fn expected_improvement(gain: f64, deviation: f64) -> f64 {
    if deviation <= 0.0 {
        return gain.max(0.0);
    }
    let z = gain / deviation;
    let density = libm::exp(-0.5 * z * z) / core::f64::consts::TAU.sqrt();
    gain * normal_cdf(z) + deviation * density
}
