//! Orders of many items over a horizon, within volume and budget, against scenarios of demand.
//!
//! Orders are placed before demand is known and are the same in every scenario; stock and lost sales follow
//! in each. With `x` ordered, `I` in stock and `z` lost, for items `i`, periods `t` and scenarios `w` of `W`:
//!
//! ```text
//! min  Σ c_i x_it + K_i [x_it > 0] + 1/W Σ (h_i I_itw + p_i z_itw) − 1/W Σ e_i I_iTw
//!      I_itw = I_i,t−1,w + arriving_it + x_i,t−L_i − d_itw + z_itw,   0 <= z <= d,   0 <= x <= most
//!      Σ_i v_i I_itw <= volume_t,        Σ_i c_i x_it <= budget_t
//! ```
//!
//! a two-stage stochastic program with simple recourse (Birge & Louveaux, *Introduction to Stochastic
//! Programming*, 2011, sections 3.1 and 5.1). [`decompose`] prices volume and budget, so that items are
//! planned each for itself (Lagrange; Geoffrion, Mathematical Programming Study 2 (1974) 82–114), and has a
//! proved bound and a plan within the limits after each pass; [`extensive`] is the same as one program, and
//! [`whole`] solves it.
//!
//! With set-ups, prices come from items that may pay for a set-up in part, kept close to what whole set-ups cost by
//! inequalities of lot sizing; their mixture of plans is rounded, and the bound at the best prices is
//! searched to a limited number of nodes.

use cluster::Team;
use engine::{Money, Units};

mod bundle;
mod charged;
mod course;
mod decompose;
mod extensive;
mod facets;
mod item;
mod lots;
mod passes;
mod problem;
mod recourse;
mod repair;
mod rounding;
mod set_ups;
mod simplex;
mod store;
#[cfg(test)]
pub(super) mod tests;

pub use course::{Course, Draw, course};
pub use extensive::{extensive, whole};
pub use lots::{Lot, in_lots};
pub use problem::{Item, PlanError, Replenishment};

/// What is wanted of a plan.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Relative gap between plan and bound that is small enough.
    pub gap: f64,
    /// Passes over the items at most.
    pub most_passes: usize,
    /// Branch-and-bound nodes of an item at most, where its bound is proved; for set-ups only.
    pub most_nodes: usize,
}

impl Default for Wanted {
    fn default() -> Wanted {
        Wanted { gap: 1e-3, most_passes: 300, most_nodes: 40 }
    }
}

/// How a plan was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approach {
    /// One program, by this method.
    Extensive(crate::program::Method),
    /// Items each for itself at prices of the limits.
    Decomposition,
}

/// Orders within the limits, and how good they are.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// How it was made.
    pub approach: Approach,
    /// No plan costs less \[currency\].
    pub lower: Money,
    /// What this plan costs \[currency\].
    pub upper: Money,
    /// Orders, by item, then period \[units\].
    pub orders: Vec<Units>,
    /// What a unit of volume is worth, by period, then scenario \[currency/volume\].
    pub volume_prices: Vec<f64>,
    /// What a further unit of budget saves, by period \[currency/currency\].
    pub budget_prices: Vec<f64>,
    /// Both bounds after each pass over the items \[currency\].
    pub history: Vec<[Money; 2]>,
}

impl Plan {
    /// How much less another plan could cost at most, as a share.
    pub fn gap(&self) -> f64 {
        (self.upper - self.lower) / self.upper.abs().max(f64::MIN_POSITIVE)
    }
}

/// A plan by prices of volume and budget, to within a gap that is proved.
///
/// The same bits on any number of threads and ranks.
///
/// # Errors
///
/// [`PlanError`] if a number cannot be planned with, or there is no room for what is in stock and on order.
pub fn decompose(problem: &Replenishment, wanted: Wanted, team: &Team) -> Result<Plan, PlanError> {
    problem.check()?;
    if problem.has_set_ups() {
        decompose::with_set_ups(problem, wanted, team)
    } else {
        decompose::linear(problem, wanted, team)
    }
}
