//! Items of one supplier that must be simulated together, because their orders depend on each
//! other.
//!
//! # Sequence of events
//!
//! All items of a [`Group`] live through a period before any of them enters the next, in the order
//! of [`lanes`](crate::lanes). Where it says *the policy reviews the item, may order*, this happens
//! for the whole group, in every scenario for itself:
//!
//! 1. **Ask.** Each item asks for the order its rule wants. If any item is at or below its trigger,
//!    the items at or below their can-order level ask for an order up to their own target, too: the
//!    policy (s, c, S) of Balintfy, *On a Basic Class of Multi-Item Inventory Problems*, Management
//!    Science 10 (1964) 287–297. If no item is, nothing is ordered.
//! 2. **Minimum.** If all they ask for, weighted, is less than the supplier's minimum, nothing is
//!    ordered and the needs wait, or every item below its target asks for an order up to it; see
//!    [`Shortfall`].
//! 3. **Capacity.** If it is more than the supplier's capacity of a period, every order is scaled
//!    down by the same factor and rounded down to whole lots, or to whole units; what rounding
//!    leaves is offered to the next item, so that little of the capacity is wasted and an item that
//!    asks for one unit is not passed over for ever. Which item comes first changes from period to
//!    period. What an item does not get it asks for again: its position stays low.
//! 4. **Order.** What is left of the orders is placed. They share the major cost of one supplier
//!    order, beside the order cost of each item, the minor one: the cost structure of the
//!    *joint replenishment problem*, Khouja & Goyal, European Journal of Operational Research 186
//!    (2008) 1–16.
//!
//! An item that is coupled to no other measures here, to the bit, what
//! [`Policy::simulate`] measures for it alone.
//!
//! # What a group does not know
//!
//! Random lead times and yields, outages, deliveries in parts, second sources, shelf lives,
//! and demand that is lost in part: [`Group::checked`] refuses them by name.

mod advance;
mod books;
mod buyer;
mod check;
mod order;
mod setting;
#[cfg(test)]
mod tests;
mod wants;

pub use advance::GroupScratch;
pub use buyer::{Buyer, Review};
pub use check::GroupError;
pub use wants::Wants;

use crate::{Block, Events, Item, Money, Outcomes, Policy};

/// An item of a group, its policy and its demand.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// The item; its order cost is the minor one, charged for each of its own orders.
    pub item: &'a Item,
    /// Its policy; it joins orders of the group if it has a can-order level.
    pub policy: &'a Policy,
    /// Its demand, in as many scenarios and periods as that of the others.
    pub block: &'a Block,
    /// What a unit counts towards minimum and capacity \[weight/unit\]: its value or its volume.
    pub weight: f64,
}

/// What couples the orders of a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Joint {
    /// Major cost of an order to the supplier, however many items are in it \[currency/order\].
    pub order_cost: Money,
    /// The least the supplier takes in a period \[weight\]; 0 if anything.
    ///
    /// One that the group cannot reach even from empty shelves is never reached.
    pub minimum: f64,
    /// What happens below it.
    pub shortfall: Shortfall,
    /// The most the supplier delivers of the orders of a period \[weight\]; infinite if all.
    ///
    /// Goes before the minimum: orders that are scaled down may weigh a little less than that.
    pub capacity: f64,
}

impl Joint {
    /// Nothing: every item orders what its own rule wants.
    pub const NOTHING: Joint = Joint {
        order_cost: 0.0,
        minimum: 0.0,
        shortfall: Shortfall::Wait,
        capacity: f64::INFINITY,
    };
}

/// What happens if a group asks for less than its supplier's minimum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortfall {
    /// Nothing is ordered until the needs have grown.
    Wait,
    /// Every item below its target orders up to it; if that falls short as well, the group waits.
    TopUp,
}

/// Items that are simulated together.
#[derive(Clone, Debug)]
pub struct Group<'a> {
    /// Its items.
    pub members: Vec<Member<'a>>,
    /// The sequence of events, the same for all.
    pub events: Events,
    /// What couples them.
    pub joint: Joint,
}

/// What a run measures of a group as a whole: one number a scenario, over the measured periods.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GroupOutcomes {
    /// Orders to the supplier: periods in which any item ordered.
    pub orders: Vec<f64>,
    /// Periods in which the group asked for more than the capacity.
    pub bound: Vec<f64>,
    /// Periods in which an item was at its trigger and the supplier's minimum held the order back.
    pub waited: Vec<f64>,
}

impl GroupOutcomes {
    /// Forgets all scenarios and keeps the memory.
    pub fn clear(&mut self) {
        self.orders.clear();
        self.bound.clear();
        self.waited.clear();
    }
}

impl Group<'_> {
    /// Cost of each scenario: that of every item and the major cost of orders
    /// \[currency/period\].
    pub fn costs(&self, outcomes: &[Outcomes], group: &GroupOutcomes) -> Vec<Money> {
        let periods = self.members.first().map_or(1, |member| member.block.measured());
        let major = |orders: &f64| self.joint.order_cost * orders / periods as f64;
        let mut costs: Vec<Money> = group.orders.iter().map(major).collect();
        for (member, outcomes) in self.members.iter().zip(outcomes) {
            let own = outcomes.costs(member.item, &self.events, periods);
            costs.iter_mut().zip(own).for_each(|(cost, own)| *cost += own);
        }
        costs
    }
}
