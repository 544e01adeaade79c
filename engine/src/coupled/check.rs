//! Refuses groups that make no sense, or that the loop does not know.

use super::setting::Setting;
use super::{Group, Joint};
use crate::lanes::Plan;
use crate::outcomes::Detail;
use crate::{Rule, Supply, Unmet};

/// Why a [`Group`] is refused.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum GroupError {
    /// It has no items.
    #[error("a group has no items, but needs at least one")]
    Empty,
    /// A number of the supplier lies outside the range that makes sense.
    #[error("supplier: {field} is {value}, but must be {expected}")]
    Range {
        /// Name of the field.
        field: &'static str,
        /// The value found.
        value: f64,
        /// What would be right.
        expected: &'static str,
    },
    /// Two numbers of the supplier contradict each other.
    #[error("supplier: {field} is {value}, but {other} is {limit}; {remedy}")]
    Contradiction {
        /// Name of the one field.
        field: &'static str,
        /// Its value.
        value: f64,
        /// Name of the other field.
        other: &'static str,
        /// Its value.
        limit: f64,
        /// What would be right.
        remedy: &'static str,
    },
    /// The weight of an item is no positive number.
    #[error("item `{item}`: weight is {weight}, but must be a positive number")]
    Weight {
        /// Name of the item.
        item: String,
        /// The weight found.
        weight: f64,
    },
    /// The supplier can never deliver an item.
    #[error(
        "item `{item}`: its smallest order counts {value}, but the most that its supplier delivers \
         is {capacity}; raise that, or order less of the item at a time"
    )]
    Heavy {
        /// Name of the item.
        item: String,
        /// What its smallest order counts.
        value: f64,
        /// Its weight.
        weight: f64,
        /// The supplier's capacity.
        capacity: f64,
    },
    /// The demand of two items is not of one shape.
    #[error(
        "item `{item}`: {field} of its demand is {value}, but that of `{other}` is {limit}; \
         items of one group need the same scenarios and periods"
    )]
    Shape {
        /// Name of the item.
        item: String,
        /// What differs.
        field: &'static str,
        /// Its value.
        value: usize,
        /// Name of the group's first item.
        other: String,
        /// The value there.
        limit: usize,
    },
    /// A group does not know this.
    #[error("item `{item}`: {field} {problem}; change it, or simulate the item alone")]
    Unknown {
        /// Name of the item.
        item: String,
        /// Name of the field.
        field: &'static str,
        /// Why not.
        problem: &'static str,
    },
}

impl<'a> Group<'a> {
    /// Returns the group if it can be simulated.
    ///
    /// # Errors
    ///
    /// [`GroupError`] names the first item and field that stand in the way.
    pub fn checked(self) -> Result<Group<'a>, GroupError> {
        let Joint { order_cost, minimum, capacity, .. } = self.joint;
        let least = |value: f64| value >= 0.0 && value.is_finite();
        let ranges = [
            ("order_cost", order_cost, least(order_cost), "zero or more"),
            ("minimum", minimum, least(minimum), "zero or more"),
            ("capacity", capacity, capacity > 0.0, "above zero; leave it out for none"),
        ];
        for (field, value, fits, expected) in ranges {
            if !fits {
                return Err(GroupError::Range { field, value, expected });
            }
        }
        if minimum > capacity {
            return Err(GroupError::Contradiction {
                field: "minimum",
                value: minimum,
                other: "capacity",
                limit: capacity,
                remedy: "lower minimum to it, or raise capacity",
            });
        }
        let first = self.members.first().ok_or(GroupError::Empty)?;
        let shape = |block: &crate::Block| {
            [
                ("scenarios", block.scenarios()),
                ("periods", block.periods()),
                ("warm_up", block.warm_up()),
                ("first_scenario", block.first_scenario() as usize),
            ]
        };
        for member in &self.members {
            let item = member.item.name.clone();
            if !(member.weight > 0.0 && member.weight.is_finite()) {
                return Err(GroupError::Weight { item, weight: member.weight });
            }
            for ((field, value), (_, limit)) in
                shape(member.block).into_iter().zip(shape(first.block))
            {
                if value != limit {
                    let other = first.item.name.clone();
                    return Err(GroupError::Shape { item, field, value, other, limit });
                }
            }
        }
        let setting = Setting::of(&self, Detail::Cost, None);
        for (plan, member) in setting.plans.iter().zip(&self.members) {
            let item = plan.item.name.clone();
            if let Some((field, problem)) = unknown(plan) {
                return Err(GroupError::Unknown { item, field, problem });
            }
            let unit = if plan.is_whole() { 1.0 } else { 0.0 };
            let orders = plan.rules.iter().filter(|rule| rule.target > f64::NEG_INFINITY);
            let smallest = orders.map(|rule| rule.lot.max(rule.least).max(unit));
            let value = member.weight * smallest.fold(0.0, f64::max);
            if value > capacity {
                return Err(GroupError::Heavy { item, value, weight: member.weight, capacity });
            }
        }
        Ok(self)
    }
}

/// The first thing about an item that a group does not know, and why not.
fn unknown(plan: &Plan<'_>) -> Option<(&'static str, &'static str)> {
    let Plan { policy, rules, item, events, block, .. } = plan;
    let Supply { first_share, .. } = item.supply;
    let chance = block.chance();
    let endless = rules.iter().any(|rule| rule.target == f64::INFINITY);
    let divides = |rule: &Rule| rule.lot > 0.0 || !rule.has_lots() || plan.is_whole();
    let unmet = matches!(events.unmet, Unmet::Lost | Unmet::Backorder);
    let every_item_must = [
        (unmet, "unmet", "must be lost or wait as a whole in a group"),
        (policy.expedite.is_none(), "policy", "orders from two sources, a group from one"),
        (!endless, "policy", "orders whatever the position, a group never above a target"),
        (item.shelf.is_none(), "shelf_life_periods", "is not known to groups"),
        (first_share >= 1.0, "first_delivery_share", "must be 1 in a group"),
        (chance.lead_times.is_empty(), "lead_time_periods", "must not vary in a group"),
        (chance.yields.is_empty(), "yield", "must be certain in a group"),
        (chance.open.is_empty(), "outages", "are not known to groups"),
        (
            rules.iter().all(divides),
            "order_multiple",
            "must be given with minimum_order or maximum_order if units are not whole",
        ),
    ];
    let broken = every_item_must.into_iter().find(|(holds, ..)| !holds);
    broken.map(|(_, field, problem)| (field, problem))
}
