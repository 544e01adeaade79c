//! Replenishment plans over a horizon: what to make or order, and when.
//!
//! | read           | to learn                                                                |
//! |----------------|-------------------------------------------------------------------------|
//! | [`lot_sizing`] | lots of several items that share a capacity, with set-up times            |
//! | [`plan`]       | orders of many items over scenarios of demand, within volume and budget   |
//! | [`orders`]     | orders under every term that couples them, as one program                |

pub mod lot_sizing;
pub mod orders;
pub mod plan;
