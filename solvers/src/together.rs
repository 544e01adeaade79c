//! All items at once, under what they share: suppliers, the cash of a review, the room of a warehouse.
//!
//! | read           | to learn                                                                  |
//! |----------------|---------------------------------------------------------------------------|
//! | [`Site`]       | what is shared, and what each item takes of it                              |
//! | [`Curve`]      | what a position is worth to an item alone, from its demand                  |
//! | [`Programme`]  | orders of a review that cost least for all items together, by prices        |
//! | [`Rationed`]   | each item's own policy, cut to what is there                                |
//! | [`Trial`]      | several ways of ordering, on the same scenarios                             |
//!
//! # The program of a review
//!
//! At each review the orders `q` of all items are chosen together:
//!
//! ```text
//! minimize    Σᵢ (kᵢ [qᵢ > 0] + Wᵢ(xᵢ + qᵢ)) + Σₛ Kₛ zₛ
//! subject to  qᵢ = 0 or a multiple of its lot, between its least and its largest order
//!             qᵢ > 0 only if zₛ = 1 for its supplier s
//!             minimumₛ zₛ ≤ Σ weightᵢ qᵢ ≤ maximumₛ           for each supplier
//!             Σᵢ costᵢ qᵢ ≤ cash,   Σᵢ roomᵢ (xᵢ + qᵢ)⁺ ≤ space
//! ```
//!
//! `Wᵢ(y)` is what it costs, from now on, that item `i` has `y` on hand and on order just after a
//! review, when later reviews follow the best policy for the item alone: a step of policy
//! improvement for the whole on what is best for the parts (Bertsekas, *Dynamic Programming and
//! Optimal Control* II, 4th ed. 2012, section 6.4, rollout; Adelman, *A Price-Directed Approach to
//! Stochastic Inventory/Routing*, Operations Research 52 (2004) 499–514). With prices of cash and
//! room it falls apart into suppliers, and these, with a price of their weight, into items.

mod curve;
mod programme;
mod rationed;
mod record;
mod site;
#[cfg(test)]
mod tests;
mod trial;

pub use curve::{CURVE_CELLS, Curve, CurveQuestion, Reckoning};
pub use programme::{Plan, Programme};
pub use rationed::Rationed;
pub use record::Record;
pub use site::{Site, SiteItem, Usage};
pub use trial::{MEASURES, Trial, TrialItem, Tried, Way};
