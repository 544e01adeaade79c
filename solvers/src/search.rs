//! Good parameters of an item's policy, found by simulation.
//!
//! Every candidate meets the same demand (common random numbers), so differences between candidates are
//! those of the policies. Which [`Method`] is used depends on the family's shape, unless the study names
//! one; all of them end with [`polish`]: the result is never dearer than any of its neighbours, on the
//! scenarios that it was searched on, and [`Evidence`] says by how much.
//!
//! # Adding a method
//!
//! 1. Copy `search/golden_section.rs` to `search/<name>.rs` and edit it.
//! 2. Add `mod <name>;` and one line to [`CATALOGUE`] below.

mod chance;
mod cma_es;
mod genetic;
mod golden_section;
mod gradient;
mod grid;
mod nelder_mead;
mod pattern;
mod problem;

use engine::policy::{Family, MAX_PARAMETERS};
use engine::{Estimate, Money};

pub use pattern::polish;
pub use problem::{Drawn, Problem};

/// Every method, in the order shown to users.
pub const CATALOGUE: &[Method] = &[
    grid::METHOD,
    pattern::METHOD,
    golden_section::METHOD,
    gradient::METHOD,
    nelder_mead::METHOD,
    cma_es::METHOD,
    genetic::METHOD,
];

/// What a study says to have the method chosen by the family's shape.
pub const AUTOMATIC: &str = "automatic";

/// A way to search.
#[derive(Debug)]
pub struct Method {
    /// Name in study files and reports.
    pub name: &'static str,
    /// One line of help.
    pub summary: &'static str,
    /// Whether it can search the parameters of a family.
    pub fits: fn(&Family) -> bool,
    /// The cheapest candidate that it finds.
    pub run: fn(&mut Problem<'_>) -> Found,
}

/// The parameters of a candidate, and what it costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// Values in the family's order; zero beyond its number.
    pub values: [f64; MAX_PARAMETERS],
    /// Estimated cost on the scenarios searched \[currency/period\].
    pub cost: Money,
}

/// What speaks for a result, on the scenarios that were searched.
#[derive(Clone, Copy, Debug, Default, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub struct Evidence {
    /// Place of the method in its catalogue.
    pub method: u64,
    /// Candidates that were priced on all scenarios, and on the first few alone.
    pub priced: [u64; 2],
    /// Neighbours it was compared with: each parameter a step up or down, and two of them together.
    pub neighbours: u64,
    /// Those that are dearer, or as dear.
    pub not_cheaper: u64,
    /// What the cheapest neighbour costs more, paired \[currency/period\].
    pub nearest: Estimate,
    /// The cheapest candidates, which met scenarios that the search had not seen.
    pub finalists: u64,
    /// Those of them that are not surely worse than the one that was taken.
    pub not_worse: u64,
    /// 1 if that one is within the zone of the best of them with the study's probability, else 0.
    pub guaranteed: u64,
}

/// The cheapest policy of `problem`'s family that `method` finds, or the usual one for the family, and
/// what speaks for it.
///
/// # Panics
///
/// If `method` is not in the catalogue.
pub fn search(problem: &mut Problem<'_>, method: Option<&'static Method>) -> (Found, Evidence) {
    let fits = |method: &&Method| (method.fits)(problem.family);
    let method = method.filter(fits).unwrap_or_else(|| usual(problem.family));
    let found = (method.run)(problem);
    let best = polish(problem, found);
    let mut evidence = problem.evidence(&best);
    let place = CATALOGUE.iter().position(|other| other.name == method.name);
    evidence.method = place.expect("methods come from the catalogue") as u64;
    (best, evidence)
}

/// The method called `name`, if there is one.
pub fn method(name: &str) -> Option<&'static Method> {
    CATALOGUE.iter().find(|method| method.name == name)
}

/// Levels alone have a cost with one valley, (s, S) one with two, and of the rest little is known.
fn usual(family: &Family) -> &'static Method {
    let first = [&golden_section::METHOD, &grid::METHOD];
    let fits = first.into_iter().find(|method| (method.fits)(family));
    fits.unwrap_or(&pattern::METHOD)
}

#[cfg(test)]
mod tests;
