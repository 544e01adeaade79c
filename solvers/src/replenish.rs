//! Replenishment plans for demand that is known, or taken as known: what to make or order, and when.
//!
//! | read           | to learn                                                        |
//! |----------------|-----------------------------------------------------------------|
//! | [`lot_sizing`] | lots of several items that share a capacity, with set-up times    |

pub mod lot_sizing;
