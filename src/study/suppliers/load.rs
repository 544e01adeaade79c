//! What carries or makes a supplier's goods: trucks, and the time of a production line.
//!
//! Only a plan of the coming periods knows it, so it couples nothing in a simulation.

use crate::study::Checker;
use crate::study::file::{File, SupplierTerms};
use crate::study::order_plan::only_of_program;
use crate::study::stock::StockedItem;

/// What carries or makes the goods of one supplier.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    /// Cost of a truck \[currency/truck\].
    pub truck_cost: f64,
    /// What a truck holds \[volume/truck\]; infinite if volume does not fill it.
    pub truck_volume: f64,
    /// What a truck holds \[weight/truck\]; infinite if weight does not fill it.
    pub truck_weight: f64,
    /// The most trucks \[trucks/period\]; infinite for any number.
    pub most_trucks: f64,
    /// Time for making what is ordered \[time/period\]; infinite for any.
    pub capacity_time_per_period: f64,
}

impl Load {
    /// Neither trucks nor a production line.
    pub const NOTHING: Load = Load {
        truck_cost: 0.0,
        truck_volume: f64::INFINITY,
        truck_weight: f64::INFINITY,
        most_trucks: f64::INFINITY,
        capacity_time_per_period: f64::INFINITY,
    };

    /// Whether goods come in trucks that cost something, or of which there are not any number.
    pub fn has_trucks(&self) -> bool {
        self.fills() && (self.truck_cost > 0.0 || self.most_trucks.is_finite())
    }

    /// Whether making the goods takes time of which there is not any amount.
    pub fn has_line(&self) -> bool {
        self.capacity_time_per_period.is_finite()
    }

    /// Why a limit is none for these items, all of a supplier: to be said after its name.
    pub(super) fn of_nothing<'a>(
        &self,
        items: &(impl Iterator<Item = &'a StockedItem> + Clone),
    ) -> Option<String> {
        let all = |of: fn(&StockedItem) -> f64| items.clone().all(|item| of(item) == 0.0);
        let limits = [
            ("truck_volume", self.truck_volume, all(|item| item.volume), "volume"),
            ("truck_weight", self.truck_weight, all(|item| item.weight), "weight"),
            (
                "capacity_time_per_period",
                self.capacity_time_per_period,
                all(|item| item.unit_time + item.set_up_time),
                "unit_time or set_up_time",
            ),
        ];
        let idle = limits.into_iter().find(|(_, limit, nothing, _)| limit.is_finite() && *nothing);
        idle.map(|(key, limit, _, column)| {
            format!(
                "has {key} {limit}, but none of its items has a {column}; give the items the \
                 column, or remove {key}"
            )
        })
    }

    /// Whether a truck can be full.
    fn fills(&self) -> bool {
        self.truck_volume.is_finite() || self.truck_weight.is_finite()
    }
}

/// Above this, an amount is mistyped.
const MOST: f64 = 1e12;

/// The most trucks a period: more are mistyped.
const MOST_TRUCKS: usize = 1_000_000;

impl Checker<'_> {
    /// What carries or makes the goods of the supplier whose section is `path`; what it does not say is
    /// that of `every` supplier.
    pub(super) fn load(
        &mut self,
        file: &File,
        path: &str,
        own: &SupplierTerms,
        every: Load,
    ) -> Load {
        let key = |name: &str| format!("{path}.{name}");
        let most_trucks = own.most_trucks.map(|trucks| trucks as f64);
        let given = [
            ("truck_cost", own.truck_cost),
            ("truck_volume", own.truck_volume),
            ("truck_weight", own.truck_weight),
            ("most_trucks", most_trucks),
            ("capacity_time_per_period", own.capacity_time_per_period),
        ];
        for (name, value) in given {
            let Some(value) = value else { continue };
            let (fits, expected) = match name {
                "truck_volume" | "truck_weight" => (
                    value > 0.0 && value <= MOST,
                    "must be above zero; leave it out if it does not fill a truck",
                ),
                "most_trucks" => (
                    value <= MOST_TRUCKS as f64,
                    "must be a whole number of trucks a period from 0 to 1000000",
                ),
                _ => ((0.0..=MOST).contains(&value), "must be zero or more"),
            };
            self.within(&key(name), value, fits, expected);
            match &file.order_plan {
                None => {
                    let message = "is known to plans of the coming periods alone; add a section \
                                   [order_plan], or remove it";
                    self.refuse(&key(name), &value.to_string(), message);
                }
                Some(plan) => {
                    if let Some(message) = only_of_program(plan) {
                        self.refuse(&key(name), &value.to_string(), message);
                    }
                }
            }
        }
        let load = Load {
            truck_cost: own.truck_cost.unwrap_or(every.truck_cost),
            truck_volume: own.truck_volume.unwrap_or(every.truck_volume),
            truck_weight: own.truck_weight.unwrap_or(every.truck_weight),
            most_trucks: most_trucks.unwrap_or(every.most_trucks),
            capacity_time_per_period: own
                .capacity_time_per_period
                .unwrap_or(every.capacity_time_per_period),
        };
        let of_trucks = [
            ("truck_cost", own.truck_cost.filter(|cost| *cost > 0.0)),
            ("most_trucks", most_trucks),
        ];
        for (name, value) in of_trucks {
            if let Some(value) = value.filter(|_| !load.fills()) {
                let message = "is given, but neither truck_volume nor truck_weight: a truck that \
                               holds everything is none; say what one holds, or write order_cost \
                               for what an order costs whatever its size";
                self.refuse(&key(name), &value.to_string(), message);
            }
        }
        load
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trucks_that_are_free_and_without_number_are_none() {
        assert!(!Load::NOTHING.has_trucks() && !Load::NOTHING.has_line());
        let held = Load { truck_volume: 60.0, ..Load::NOTHING };
        assert!(!held.has_trucks());
        assert!(Load { truck_cost: 5.0, ..held }.has_trucks());
        assert!(Load { most_trucks: 2.0, ..held }.has_trucks());
    }
}
