//! What is stocked, and what it costs to stock it.

use crate::{Money, Units};

/// One stock-keeping unit at one location.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Name in the input files.
    pub name: String,
    /// Lead time `L`: delay between an order and its arrival \[periods\].
    pub lead_time_periods: usize,
    /// Holding rate `h`: charge on stock \[currency/unit/period\].
    pub holding_cost_per_unit_period: Money,
    /// Shortage rate `p`: charge on unmet demand \[currency/unit\], and per period while it waits.
    pub shortage_cost_per_unit: Money,
    /// Charge on demand that waits where some of it waits and some is lost
    /// \[currency/unit/period\].
    pub waiting_cost_per_unit_period: Money,
    /// Fixed cost `K` of an order, whatever its size \[currency/order\].
    pub order_cost: Money,
    /// Cost of a unit that is ordered \[currency/unit\]; 0 where all policies buy the same.
    pub purchase_cost_per_unit: Money,
    /// Smallest order the supplier accepts \[units\]; 0 if any.
    pub minimum_order: Units,
    /// Orders are whole multiples of this \[units\]; 0 if any size will do.
    pub order_multiple: Units,
    /// Largest order the supplier accepts \[units\]; infinite if any.
    pub maximum_order: Units,
    /// Stock at the start of period 0 \[units\]; `None` starts at the policy's target.
    pub opening: Option<Units>,
    /// How orders arrive.
    pub supply: Supply,
    /// How long stock keeps; `None` for ever.
    pub shelf: Option<Shelf>,
}

/// How orders arrive, where it is not all at once after the lead time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Supply {
    /// Whether an order with a short lead time may arrive before an earlier one. Otherwise it
    /// waits for it.
    pub orders_cross: bool,
    /// Share of an order that arrives at the end of its lead time; 1 if all of it does. Rounded to
    /// whole units.
    pub first_share: f64,
    /// How much later the rest arrives \[periods\].
    pub rest_after_periods: usize,
    /// A second, faster source.
    pub expedited: Option<Expedited>,
}

impl Supply {
    /// All at once, in order.
    pub const PLAIN: Supply =
        Supply { orders_cross: false, first_share: 1.0, rest_after_periods: 0, expedited: None };
}

/// A second source that delivers sooner and costs more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expedited {
    /// Its lead time, at most that of the first source \[periods\].
    pub lead_time_periods: usize,
    /// What a unit costs more there \[currency/unit\].
    pub premium_per_unit: Money,
}

/// How long stock keeps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shelf {
    /// Periods in which a unit can be sold, the one of its arrival included; at least 1.
    pub life_periods: usize,
    /// Which units are sold first.
    pub issue: Issue,
    /// Charge on a unit that spoils \[currency/unit\].
    pub waste_cost_per_unit: Money,
}

/// Which units are sold first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issue {
    /// The oldest: the shop decides.
    Fifo,
    /// The freshest: customers decide.
    Lifo,
}

/// The smallest amount of stock that is told from none \[units\].
const SMALLEST: Units = 1e-6;
/// The largest amount of stock that makes sense \[units\].
const LARGEST: Units = 1e12;

/// Why an [`Item`] is refused.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum ItemError {
    /// A rate that must be positive and finite is not.
    #[error("item `{item}`: {field} is {value}, but must be a positive amount; {remedy}")]
    Rate {
        /// Name of the item.
        item: String,
        /// Name of the field, as in the items file.
        field: &'static str,
        /// The value found.
        value: Money,
        /// What to do about it.
        remedy: &'static str,
    },
    /// Two fields contradict each other.
    #[error("item `{item}`: {field} is {value}, but {other} is {limit}; {remedy}")]
    Contradiction {
        /// Name of the item.
        item: String,
        /// Name of the one field, as in the items file.
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
    /// A number lies outside the range that makes sense.
    #[error("item `{item}`: {field} is {value}, but must be {expected}")]
    Range {
        /// Name of the item.
        item: String,
        /// Name of the field, as in the items file.
        field: &'static str,
        /// The value found.
        value: f64,
        /// What would be right.
        expected: &'static str,
    },
    /// An amount that must not be negative is.
    #[error("item `{item}`: {field} is {value}, but must be zero or more")]
    Amount {
        /// Name of the item.
        item: String,
        /// Name of the field, as in the items file.
        field: &'static str,
        /// The value found.
        value: Money,
    },
}

impl ItemError {
    /// The field that is refused, as in the items file.
    pub fn field(&self) -> &'static str {
        match self {
            ItemError::Rate { field, .. }
            | ItemError::Amount { field, .. }
            | ItemError::Contradiction { field, .. }
            | ItemError::Range { field, .. } => field,
        }
    }
}

impl Item {
    /// An item without order cost, with any order size, that keeps for ever: the textbooks' own.
    pub fn plain(name: &str, lead_time_periods: usize, holding: Money, shortage: Money) -> Item {
        Item {
            name: name.to_owned(),
            lead_time_periods,
            holding_cost_per_unit_period: holding,
            shortage_cost_per_unit: shortage,
            waiting_cost_per_unit_period: 0.0,
            order_cost: 0.0,
            purchase_cost_per_unit: 0.0,
            minimum_order: 0.0,
            order_multiple: 0.0,
            maximum_order: f64::INFINITY,
            opening: None,
            supply: Supply::PLAIN,
            shelf: None,
        }
    }

    /// Returns the item if its rates make sense.
    ///
    /// # Errors
    ///
    /// [`ItemError`] names the first field that does not.
    pub fn checked(self) -> Result<Item, ItemError> {
        let rates = [
            (
                "holding_cost_per_unit_period",
                self.holding_cost_per_unit_period,
                "give a holding rate and a unit cost above zero",
            ),
            (
                "shortage_cost_per_unit",
                self.shortage_cost_per_unit,
                "give it, or a price above the unit cost",
            ),
        ];
        for (field, value, remedy) in rates {
            if !(value > 0.0 && value.is_finite()) {
                return Err(ItemError::Rate { item: self.name, field, value, remedy });
            }
        }
        let amounts = [
            ("order_cost", self.order_cost),
            ("purchase_cost_per_unit", self.purchase_cost_per_unit),
            ("waiting_cost_per_unit_period", self.waiting_cost_per_unit_period),
            ("minimum_order", self.minimum_order),
            ("order_multiple", self.order_multiple),
            ("opening", self.opening.unwrap_or(0.0)),
            ("waste_cost_per_unit", self.shelf.map_or(0.0, |shelf| shelf.waste_cost_per_unit)),
            (
                "expedited_premium_per_unit",
                self.supply.expedited.map_or(0.0, |source| source.premium_per_unit),
            ),
        ];
        for (field, value) in amounts {
            if !(value >= 0.0 && value.is_finite()) {
                return Err(ItemError::Amount { item: self.name, field, value });
            }
        }
        for (field, value) in [
            ("minimum_order", self.minimum_order),
            ("order_multiple", self.order_multiple),
            ("opening", self.opening.unwrap_or(0.0)),
        ] {
            if value != 0.0 && !(SMALLEST..=LARGEST).contains(&value) {
                let expected = "zero, or between 0.000001 and 1e12";
                return Err(ItemError::Range { item: self.name, field, value, expected });
            }
        }
        let ranges = [
            (
                "maximum_order",
                self.maximum_order,
                self.maximum_order > 0.0,
                "above zero; leave it out for none",
            ),
            (
                "first_delivery_share",
                self.supply.first_share,
                self.supply.first_share > 0.0 && self.supply.first_share <= 1.0,
                "above 0 and at most 1",
            ),
            (
                "shelf_life_periods",
                self.shelf.map_or(1, |shelf| shelf.life_periods) as f64,
                self.shelf.is_none_or(|shelf| shelf.life_periods >= 1),
                "at least 1 period, the one of arrival",
            ),
        ];
        for (field, value, fits, expected) in ranges {
            if !fits {
                return Err(ItemError::Range { item: self.name, field, value, expected });
            }
        }
        self.agreeing()
    }

    /// Returns the item if its fields do not contradict each other.
    fn agreeing(self) -> Result<Item, ItemError> {
        let most = self.maximum_order;
        let below = "raise maximum_order to it, or leave maximum_order out";
        let least = match self.order_multiple > 0.0 {
            true => (self.minimum_order / self.order_multiple).ceil() * self.order_multiple,
            false => self.minimum_order,
        };
        let multiples = "it is that much in whole multiples of order_multiple; raise maximum_order to \
                         it, or leave maximum_order out";
        let as_given = if least > self.minimum_order { multiples } else { below };
        let mut pairs = vec![
            ("minimum_order", least, "maximum_order", most, as_given),
            ("order_multiple", self.order_multiple, "maximum_order", most, below),
        ];
        let lead_time = self.lead_time_periods as f64;
        if let Some(source) = self.supply.expedited {
            pairs.push((
                "expedited_lead_time_periods",
                source.lead_time_periods as f64,
                "lead_time_periods",
                lead_time,
                "a source that is no faster is of no use; lower it",
            ));
        }
        for (field, value, other, limit, remedy) in pairs {
            if value > limit {
                return Err(ItemError::Contradiction {
                    item: self.name,
                    field,
                    value,
                    other,
                    limit,
                    remedy,
                });
            }
        }
        Ok(self)
    }

    /// The item with stock counted in multiples of `quantum` units: costs are per count, lots in
    /// counts. The lane loop is exact in whole numbers, and a tenth is none.
    #[must_use]
    pub fn in_counts(&self, quantum: Units) -> Item {
        Item {
            holding_cost_per_unit_period: self.holding_cost_per_unit_period * quantum,
            shortage_cost_per_unit: self.shortage_cost_per_unit * quantum,
            waiting_cost_per_unit_period: self.waiting_cost_per_unit_period * quantum,
            purchase_cost_per_unit: self.purchase_cost_per_unit * quantum,
            maximum_order: whole(self.maximum_order / quantum),
            supply: Supply {
                expedited: self.supply.expedited.map(|source| Expedited {
                    premium_per_unit: source.premium_per_unit * quantum,
                    ..source
                }),
                ..self.supply
            },
            shelf: self.shelf.map(|shelf| Shelf {
                waste_cost_per_unit: shelf.waste_cost_per_unit * quantum,
                ..shelf
            }),
            minimum_order: whole(self.minimum_order / quantum),
            order_multiple: whole(self.order_multiple / quantum),
            opening: self.opening.map(|opening| whole(opening / quantum)),
            ..self.clone()
        }
    }

    /// Cost-optimal probability of no stockout, `p / (p + h)`.
    ///
    /// The *critical ratio* of Arrow, Harris & Marschak (1951).
    pub fn critical_ratio(&self) -> f64 {
        let (p, h) = (self.shortage_cost_per_unit, self.holding_cost_per_unit_period);
        p / (p + h)
    }
}

/// `counts`, without the rounding error if they are meant to be whole.
fn whole(counts: f64) -> f64 {
    let nearest = counts.round();
    if (counts - nearest).abs() < 1e-6 { nearest } else { counts }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn bolts() -> Item {
        Item { order_cost: 5.0, ..Item::plain("bolts", 2, 1.0, 9.0) }
    }

    #[test]
    fn a_negative_rate_is_refused_by_name() {
        let item = Item { shortage_cost_per_unit: -1.0, ..bolts() };
        assert_eq!(
            item.checked().unwrap_err().to_string(),
            "item `bolts`: shortage_cost_per_unit is -1, but must be a positive amount; \
             give it, or a price above the unit cost"
        );
        let item = Item { order_cost: f64::NAN, ..bolts() };
        assert!(item.checked().unwrap_err().to_string().contains("order_cost is NaN"));
    }

    #[test]
    fn fields_that_contradict_each_other_are_both_named() {
        let item = Item { minimum_order: 100.0, maximum_order: 60.0, ..bolts() };
        assert_eq!(
            item.checked().unwrap_err().to_string(),
            "item `bolts`: minimum_order is 100, but maximum_order is 60; raise maximum_order to \
             it, or leave maximum_order out"
        );
        let expedited = Some(Expedited { lead_time_periods: 3, premium_per_unit: 1.0 });
        let item = Item { supply: Supply { expedited, ..Supply::PLAIN }, ..bolts() };
        assert!(item.checked().unwrap_err().to_string().contains("but lead_time_periods is 2"));
        let shelf = Some(Shelf { life_periods: 0, issue: Issue::Fifo, waste_cost_per_unit: 0.0 });
        let error = Item { shelf, ..bolts() }.checked().unwrap_err();
        assert_eq!(error.field(), "shelf_life_periods");
    }

    #[test]
    fn counts_are_whole_where_lots_are() {
        let kilograms = Item { order_multiple: 1.1, minimum_order: 0.3, ..bolts() };
        let grams = kilograms.in_counts(0.1);
        assert_eq!((grams.order_multiple, grams.minimum_order), (11.0, 3.0));
        assert!((grams.holding_cost_per_unit_period - 0.1).abs() < 1e-15);
    }

    #[test]
    fn the_critical_ratio_is_the_newsvendors() {
        assert_eq!(bolts().critical_ratio(), 0.9);
    }
}
