//! The economic order quantity and its classical relatives: a constant demand, no uncertainty.
//!
//! | model | cost per period | source |
//! |---|---|---|
//! | plain | `Kd/Q + hQ/2` | Harris (1913) |
//! | planned backorders | `Kd/Q + hQ(1 − x)²/2 + pQx²/2` | Hadley & Whitin (1963) |
//! | production at rate `m` | `Kd/Q + h(1 − d/m)Q/2` | Taft (1918) |
//! | quantity discounts | `c(Q)d + Kd/Q + i·c(Q)·Q/2` | Hadley & Whitin (1963) |
//!
//! `K` is the cost of an order, `d` the demand per period, `h` and `p` the charges per unit and
//! period on stock and on backorders, `x` the fraction of demand that waits, `c(Q)` the average
//! price of a unit and `i` the holding cost per unit of money and period. Equation numbers below
//! are those of Snyder & Shen, *Fundamentals of Supply Chain Theory*, 2nd ed. (2019), chapter 3.
//! Time may be counted in any unit, days or years, if all parameters use the same.

use super::special::{InputError, between, not_negative, positive};

/// An order quantity and what it costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OrderQuantity {
    /// Units ordered at a time, `Q` \[units\].
    pub quantity: f64,
    /// Cost of ordering, holding and waiting; with discounts also of purchase \[currency/period\].
    pub cost: f64,
}

/// An item with constant demand, ordered in lots.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EconomicOrder {
    /// Fixed cost of an order, `K` \[currency/order\].
    pub order_cost: f64,
    /// Charge on stock, `h` \[currency/unit/period\].
    pub holding: f64,
    /// Demand, `d` \[units/period\].
    pub demand_rate: f64,
}

impl EconomicOrder {
    fn check(&self) -> Result<(), InputError> {
        not_negative("order_cost", self.order_cost)?;
        positive("holding", self.holding)?;
        positive("demand_rate", self.demand_rate)
    }

    /// The economic order quantity, `√(2Kd/h)`, equations (3.4) and (3.5).
    ///
    /// # Errors
    ///
    /// If the order cost is negative, or another parameter is not positive.
    pub fn optimum(&self) -> Result<OrderQuantity, InputError> {
        self.check()?;
        let quantity = (2.0 * self.order_cost * self.demand_rate / self.holding).sqrt();
        Ok(OrderQuantity { quantity, cost: self.holding * quantity })
    }

    /// Cost of ordering `quantity` at a time \[currency/period\].
    ///
    /// # Errors
    ///
    /// As [`EconomicOrder::optimum`], and if `quantity` is not positive.
    pub fn cost(&self, quantity: f64) -> Result<f64, InputError> {
        self.check()?;
        positive("quantity", quantity)?;
        Ok(self.order_cost * self.demand_rate / quantity + self.holding * quantity / 2.0)
    }

    /// The same item when it is not delivered at once but produced at `production_rate`
    /// \[units/period\]: the economic production quantity, equations (3.31) and (3.32).
    ///
    /// Only the fraction `1 − d/m` of a lot ever lies in stock, so the answer is that of an
    /// item with so much less holding cost.
    ///
    /// # Errors
    ///
    /// If the production is not above the demand.
    pub fn with_production(&self, production_rate: f64) -> Result<EconomicOrder, InputError> {
        self.check()?;
        between("production_rate", production_rate, (self.demand_rate, f64::INFINITY))?;
        let holding = self.holding * (1.0 - self.demand_rate / production_rate);
        Ok(EconomicOrder { holding, ..*self })
    }
}

/// A lot and the fraction of demand that waits for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BackorderedQuantity {
    /// Units ordered at a time, `Q` \[units\].
    pub quantity: f64,
    /// Fraction of demand that waits, `x` \[1\].
    pub waiting: f64,
    /// Cost of ordering, holding and waiting \[currency/period\].
    pub cost: f64,
}

/// An item with constant demand whose customers wait, at a price.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BackorderedOrder {
    /// The item without backorders.
    pub item: EconomicOrder,
    /// Charge on waiting demand, `p` \[currency/unit/period\].
    pub shortage: f64,
}

impl BackorderedOrder {
    /// The best lot and fraction of backorders, equations (3.27) to (3.29).
    ///
    /// # Errors
    ///
    /// If a parameter is not positive (the order cost may be zero).
    pub fn optimum(&self) -> Result<BackorderedQuantity, InputError> {
        positive("shortage", self.shortage)?;
        let plain = self.item.optimum()?;
        let both = self.item.holding + self.shortage;
        let stretch = (both / self.shortage).sqrt();
        Ok(BackorderedQuantity {
            quantity: plain.quantity * stretch,
            waiting: self.item.holding / both,
            cost: plain.cost / stretch,
        })
    }

    /// Cost of lots of `quantity` of which the fraction `waiting` is owed already when they
    /// arrive \[currency/period\].
    ///
    /// # Errors
    ///
    /// As [`BackorderedOrder::optimum`], and if `quantity` is not positive or `waiting` no fraction.
    pub fn cost(&self, quantity: f64, waiting: f64) -> Result<f64, InputError> {
        self.item.check()?;
        positive("shortage", self.shortage)?;
        positive("quantity", quantity)?;
        if !(0.0..=1.0).contains(&waiting) {
            return Err(InputError::Outside {
                field: "waiting",
                value: waiting,
                low: 0.0,
                high: 1.0,
            });
        }
        let stocked = 1.0 - waiting;
        let charge = self.item.holding * stocked * stocked + self.shortage * waiting * waiting;
        Ok(self.item.order_cost * self.item.demand_rate / quantity + charge * quantity / 2.0)
    }
}

/// A price from a quantity on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PriceBreak {
    /// Smallest quantity of the price; zero for the first \[units\].
    pub from: f64,
    /// Price of a unit \[currency/unit\].
    pub price: f64,
}

/// A lot under quantity discounts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DiscountedQuantity {
    /// Units ordered at a time, `Q` \[units\].
    pub quantity: f64,
    /// Index of the price break reached.
    pub reached: usize,
    /// Cost of purchase, ordering and holding \[currency/period\].
    pub cost: f64,
}

/// An item with constant demand that is cheaper in larger lots.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DiscountedOrder<'a> {
    /// Fixed cost of an order, `K` \[currency/order\].
    pub order_cost: f64,
    /// Holding cost per unit of money in stock, `i` \[1/period\].
    pub holding_rate: f64,
    /// Demand, `d` \[units/period\].
    pub demand_rate: f64,
    /// Prices by rising quantity, falling; the first from zero.
    pub breaks: &'a [PriceBreak],
}

impl DiscountedOrder<'_> {
    fn check(&self) -> Result<(), InputError> {
        not_negative("order_cost", self.order_cost)?;
        positive("holding_rate", self.holding_rate)?;
        positive("demand_rate", self.demand_rate)?;
        let Some(first) = self.breaks.first() else {
            return Err(InputError::Length { field: "breaks", found: 0, expected: 1 });
        };
        if first.from != 0.0 {
            return Err(InputError::Outside {
                field: "from",
                value: first.from,
                low: 0.0,
                high: 0.0,
            });
        }
        for step in self.breaks.windows(2) {
            between("from", step[1].from, (step[0].from, f64::INFINITY))?;
            between("price", step[1].price, (0.0, step[0].price))?;
        }
        positive("price", first.price)
    }

    /// Where the price `index` ends.
    fn end(&self, index: usize) -> f64 {
        self.breaks.get(index + 1).map_or(f64::INFINITY, |next| next.from)
    }

    /// The best lot when the price of the lot holds for all its units, equations (3.18)
    /// and (3.19).
    ///
    /// # Errors
    ///
    /// If a parameter is not positive, the first price does not start at zero, or quantities
    /// do not rise and prices do not fall.
    pub fn all_units(&self) -> Result<DiscountedQuantity, InputError> {
        self.check()?;
        let priced = |index: usize| {
            let PriceBreak { from, price } = self.breaks[index];
            let holding = self.holding_rate * price;
            let item = EconomicOrder {
                order_cost: self.order_cost,
                holding,
                demand_rate: self.demand_rate,
            };
            let quantity = item.optimum()?.quantity.max(from);
            let ordering = if quantity > 0.0 { item.cost(quantity)? } else { 0.0 };
            let cost = price * self.demand_rate + ordering;
            Ok(DiscountedQuantity { quantity, reached: index, cost })
        };
        self.cheapest(priced)
    }

    /// The best lot when each price holds for the units from its quantity on, equations
    /// (3.20) to (3.22).
    ///
    /// # Errors
    ///
    /// As [`DiscountedOrder::all_units`].
    pub fn incremental(&self) -> Result<DiscountedQuantity, InputError> {
        self.check()?;
        let priced = |index: usize| {
            let price = self.breaks[index].price;
            // What the first units cost above `price` is like a further fixed cost.
            let above: f64 = self.breaks[..=index]
                .windows(2)
                .map(|s| s[1].from * (s[0].price - s[1].price))
                .sum();
            let item = EconomicOrder {
                order_cost: self.order_cost + above,
                holding: self.holding_rate * price,
                demand_rate: self.demand_rate,
            };
            let OrderQuantity { quantity, cost } = item.optimum()?;
            let cost = price * self.demand_rate + cost + self.holding_rate * above / 2.0;
            Ok(DiscountedQuantity { quantity, reached: index, cost })
        };
        self.cheapest(priced)
    }

    /// The cheapest of the lots that lie where their price holds.
    fn cheapest(
        &self,
        priced: impl Fn(usize) -> Result<DiscountedQuantity, InputError>,
    ) -> Result<DiscountedQuantity, InputError> {
        let mut best: Option<DiscountedQuantity> = None;
        for index in 0..self.breaks.len() {
            let lot = priced(index)?;
            let holds = self.breaks[index].from <= lot.quantity && lot.quantity < self.end(index);
            if holds && best.is_none_or(|best| lot.cost < best.cost) {
                best = Some(lot);
            }
        }
        best.ok_or(InputError::Unbounded { field: "quantity" })
    }
}

#[cfg(test)]
mod tests;
