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
    /// Fixed cost `K` of an order, whatever its size \[currency/order\].
    pub order_cost: Money,
    /// Smallest order the supplier accepts \[units\]; 0 if any.
    pub minimum_order: Units,
    /// Orders are whole multiples of this \[units\]; 0 if any size will do.
    pub order_multiple: Units,
    /// Stock at the start of period 0 \[units\]; `None` starts at the policy's target.
    pub opening: Option<Units>,
}

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

impl Item {
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
            ("minimum_order", self.minimum_order),
            ("order_multiple", self.order_multiple),
            ("opening", self.opening.unwrap_or(0.0)),
        ];
        for (field, value) in amounts {
            if !(value >= 0.0 && value.is_finite()) {
                return Err(ItemError::Amount { item: self.name, field, value });
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
            minimum_order: whole(self.minimum_order / quantum),
            order_multiple: whole(self.order_multiple / quantum),
            opening: self.opening.map(|opening| whole(opening / quantum)),
            ..self.clone()
        }
    }

    /// Whether orders must be rounded to what the supplier sells.
    pub(crate) fn has_lots(&self) -> bool {
        self.minimum_order > 0.0 || self.order_multiple > 0.0
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
        Item {
            name: "bolts".into(),
            lead_time_periods: 2,
            holding_cost_per_unit_period: 1.0,
            shortage_cost_per_unit: 9.0,
            order_cost: 5.0,
            minimum_order: 0.0,
            order_multiple: 0.0,
            opening: None,
        }
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
