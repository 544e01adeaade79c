//! Exact answers: closed forms, dynamic programs and Markov chains.
//!
//! They say what a policy costs, or what the best one would, without sampling. The simulation is
//! tested against them, `parstock verify` prints them beside published tables, and a study's
//! report shows them where an item meets their assumptions.

pub mod chain;
pub mod dual_sourcing;
pub mod eoq;
pub mod finite_horizon;
mod iteration;
pub mod joint;
pub mod lost_sales;
pub mod lot_sizing;
pub mod min_max;
pub mod newsvendor;
pub mod perishable;
pub mod reorder_point;
mod special;
pub mod supply_uncertainty;

pub use special::InputError;
pub(crate) use special::{demand_over, normal_loss};
