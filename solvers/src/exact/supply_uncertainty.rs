//! Economic order quantities and newsvendors whose supplier fails, or delivers another quantity.
//!
//! | model | source |
//! |---|---|
//! | economic order, exponential times up and down | Parlar & Berkin (1991), corrected by Berk & Arreola-Risa (1994) |
//! | its approximation in closed form | Snyder (2014) |
//! | base-stock, constant demand, Markov times up and down | Tomlin (2006) |
//! | economic order, random yield | Silver (1976); Snyder & Shen (2019), (9.22) to (9.25) |
//! | newsvendor, constant demand, additive yield | Snyder & Shen (2019), (9.27) and (9.28) |
//!
//! Equation numbers are those of Snyder & Shen, *Fundamentals of Supply Chain Theory*, 2nd ed.
//! (2019), chapter 9. Berk & Arreola-Risa: Naval Research Logistics 41 (1994) 129–132; Snyder:
//! International Journal of Production Economics 155 (2014) 91–108; Tomlin: Management Science 52
//! (2006) 639–657; Silver: International Journal of Production Research 14 (1976) 349–357.

use super::eoq::{EconomicOrder, OrderQuantity};
use super::newsvendor::{Newsvendor, StockLevel};
use super::special::{InputError, between, normal_loss, not_negative, positive, root};
use engine::normal_quantile;

/// An item with constant demand whose supplier is up and down for exponential times. Demand that
/// comes while the supplier is down and no stock is left is lost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DisruptedOrder {
    /// The item without disruptions.
    pub item: EconomicOrder,
    /// Charge on lost demand, `p` \[currency/unit\].
    pub shortage: f64,
    /// Disruptions per period of a supplier who is up, `λ` \[1/period\].
    pub disruption_rate: f64,
    /// Recoveries per period of a supplier who is down, `μ` \[1/period\].
    pub recovery_rate: f64,
}

impl DisruptedOrder {
    fn check(&self) -> Result<(), InputError> {
        self.item.optimum()?;
        positive("order_cost", self.item.order_cost)?;
        positive("shortage", self.shortage)?;
        positive("disruption_rate", self.disruption_rate)?;
        positive("recovery_rate", self.recovery_rate)
    }

    /// Long-run probability that the supplier is down.
    fn down(&self) -> f64 {
        self.disruption_rate / (self.disruption_rate + self.recovery_rate)
    }

    /// Probability `ψ` that the supplier is down when the lot is used up, and its derivative.
    fn down_after(&self, quantity: f64) -> (f64, f64) {
        let rate = (self.disruption_rate + self.recovery_rate) / self.item.demand_rate;
        let memory = libm::exp(-rate * quantity);
        (self.down() * (1.0 - memory), self.down() * rate * memory)
    }

    /// Cost and length of a cycle in which the supplier is down at the end with probability `down`.
    fn cycle(&self, quantity: f64, down: f64) -> (f64, f64) {
        let EconomicOrder { order_cost, holding, demand_rate } = self.item;
        let wait = down / self.recovery_rate;
        let held = holding * quantity * quantity / (2.0 * demand_rate);
        let cost = order_cost + held + self.shortage * demand_rate * wait;
        (cost, quantity / demand_rate + wait)
    }

    /// Expected cost of ordering `quantity` at a time (9.5) \[currency/period\].
    ///
    /// # Errors
    ///
    /// If a parameter or the quantity is not positive.
    pub fn cost(&self, quantity: f64) -> Result<f64, InputError> {
        self.check()?;
        positive("quantity", quantity)?;
        let (cost, length) = self.cycle(quantity, self.down_after(quantity).0);
        Ok(cost / length)
    }

    /// The same cost with the long-run probability in place of `ψ` \[currency/period\].
    ///
    /// # Errors
    ///
    /// As [`DisruptedOrder::cost`].
    pub fn approximate_cost(&self, quantity: f64) -> Result<f64, InputError> {
        self.check()?;
        positive("quantity", quantity)?;
        let (cost, length) = self.cycle(quantity, self.down());
        Ok(cost / length)
    }

    /// The best lot by the approximate cost, in closed form (Snyder 2014).
    ///
    /// # Errors
    ///
    /// If a parameter is not positive.
    pub fn approximate_optimum(&self) -> Result<OrderQuantity, InputError> {
        self.check()?;
        let EconomicOrder { order_cost, holding, demand_rate } = self.item;
        let (down, recovery) = (self.down(), self.recovery_rate);
        let waiting = down * demand_rate * holding;
        let charges =
            order_cost * demand_rate * recovery + demand_rate * demand_rate * self.shortage * down;
        let spread = (waiting * waiting + 2.0 * holding * recovery * charges).sqrt();
        let quantity = (spread - waiting) / (holding * recovery);
        Ok(OrderQuantity { quantity, cost: holding * quantity })
    }

    /// The best lot: the cost has one lowest point (Berk & Arreola-Risa 1994), where its
    /// derivative is zero.
    ///
    /// # Errors
    ///
    /// If a parameter is not positive.
    pub fn optimum(&self) -> Result<OrderQuantity, InputError> {
        let EconomicOrder { holding, demand_rate, .. } = self.item;
        let slope = |quantity: f64| {
            let (down, change) = self.down_after(quantity);
            let (cost, length) = self.cycle(quantity, down);
            let wait = change / self.recovery_rate;
            let cost_change = holding * quantity / demand_rate + self.shortage * demand_rate * wait;
            cost_change * length - cost * (1.0 / demand_rate + wait)
        };
        let mut high = self.approximate_optimum()?.quantity;
        while slope(high) < 0.0 && high.is_finite() {
            high *= 2.0;
        }
        let quantity = root(0.0, high, slope);
        Ok(OrderQuantity { quantity, cost: self.cost(quantity)? })
    }
}

/// A base-stock item with constant demand whose supplier is up or down for whole periods.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DisruptedNewsvendor {
    /// Charges at the end of a period.
    pub newsvendor: Newsvendor,
    /// Demand, `d` \[units/period\].
    pub demand: f64,
    /// Probability that a supplier who is up is down next period, `α` \[1\].
    pub disruption: f64,
    /// Probability that a supplier who is down is up next period, `β` \[1\].
    pub recovery: f64,
}

impl DisruptedNewsvendor {
    fn check(&self) -> Result<(), InputError> {
        self.newsvendor.critical_ratio()?;
        positive("demand", self.demand)?;
        between("disruption", self.disruption, (0.0, 1.0))?;
        between("recovery", self.recovery, (0.0, 1.0))
    }

    /// The best level: the demand of the present period and of as many more as a disruption lasts
    /// with the critical probability, (9.18).
    ///
    /// # Errors
    ///
    /// If a charge or the demand is not positive, or a probability not between 0 and 1.
    pub fn optimum(&self) -> Result<StockLevel, InputError> {
        self.check()?;
        let ratio = self.newsvendor.critical_ratio()?;
        let (mut periods, mut longer) = (1.0, self.disruption / (self.disruption + self.recovery));
        while 1.0 - longer < ratio {
            periods += 1.0;
            longer *= 1.0 - self.recovery;
        }
        let level = periods * self.demand;
        Ok(StockLevel { level, cost: self.cost(level)? })
    }

    /// Expected cost of `level`, (9.14) \[currency/period\].
    ///
    /// # Errors
    ///
    /// As [`DisruptedNewsvendor::optimum`], and if `level` is not a number.
    pub fn cost(&self, level: f64) -> Result<f64, InputError> {
        self.check()?;
        between("level", level, (f64::NEG_INFINITY, f64::INFINITY))?;
        let Newsvendor { holding, shortage } = self.newsvendor;
        let (failing, recovery) = (self.disruption, self.recovery);
        // Share of periods that are the n-th of a disruption; n = 0 is none.
        let mut share = recovery / (failing + recovery);
        let mut cost =
            shortage * (self.demand * (1.0 + failing / (recovery * (failing + recovery))) - level);
        let (mut owed, mut kept) = (self.demand, failing);
        while owed < level && share > 0.0 {
            cost += (holding + shortage) * share * (level - owed);
            owed += self.demand;
            share *= kept;
            kept = 1.0 - recovery;
        }
        Ok(cost)
    }
}

/// An item with constant demand that receives `Q + Y` when `Q` is ordered, for a random `Y`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdditiveYield {
    /// The item without uncertainty.
    pub item: EconomicOrder,
    /// Mean of `Y` \[units\].
    pub mean: f64,
    /// Standard deviation of `Y` \[units\].
    pub deviation: f64,
}

impl AdditiveYield {
    /// The best order, `√(2Kd/h + Var Y) − E Y` (9.23); never below zero.
    ///
    /// # Errors
    ///
    /// If a parameter of the item is not positive, or the deviation negative.
    pub fn optimum(&self) -> Result<OrderQuantity, InputError> {
        not_negative("deviation", self.deviation)?;
        let received = libm::hypot(self.item.optimum()?.quantity, self.deviation);
        let quantity = (received - self.mean).max(0.0);
        Ok(OrderQuantity { quantity, cost: self.cost(quantity)? })
    }

    /// Expected cost of ordering `quantity` at a time (9.22) \[currency/period\].
    ///
    /// # Errors
    ///
    /// As [`AdditiveYield::optimum`], and if nothing is received on average.
    pub fn cost(&self, quantity: f64) -> Result<f64, InputError> {
        self.item.optimum()?;
        not_negative("deviation", self.deviation)?;
        positive("quantity received", quantity + self.mean)?;
        let EconomicOrder { order_cost, holding, demand_rate } = self.item;
        let received = quantity + self.mean;
        let fixed = 2.0 * order_cost * demand_rate + holding * self.deviation * self.deviation;
        Ok(fixed / (2.0 * received) + holding * received / 2.0)
    }
}

/// An item with constant demand that receives `Q Z` when `Q` is ordered, for a random `Z`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MultiplicativeYield {
    /// The item without uncertainty.
    pub item: EconomicOrder,
    /// Mean of `Z` \[1\].
    pub mean: f64,
    /// Standard deviation of `Z` \[1\].
    pub deviation: f64,
}

impl MultiplicativeYield {
    fn square(&self) -> f64 {
        self.mean * self.mean + self.deviation * self.deviation
    }

    /// The best order, `√(2Kd / (h E Z²))` (9.25).
    ///
    /// # Errors
    ///
    /// If a parameter is not positive (the deviation may be zero).
    pub fn optimum(&self) -> Result<OrderQuantity, InputError> {
        positive("mean", self.mean)?;
        let quantity = self.item.optimum()?.quantity / self.square().sqrt();
        Ok(OrderQuantity { quantity, cost: self.cost(quantity)? })
    }

    /// Expected cost of ordering `quantity` at a time (9.24) \[currency/period\].
    ///
    /// # Errors
    ///
    /// As [`MultiplicativeYield::optimum`], and if `quantity` is not positive.
    pub fn cost(&self, quantity: f64) -> Result<f64, InputError> {
        self.item.optimum()?;
        positive("mean", self.mean)?;
        not_negative("deviation", self.deviation)?;
        positive("quantity", quantity)?;
        let EconomicOrder { order_cost, holding, demand_rate } = self.item;
        let ordering = order_cost * demand_rate / (quantity * self.mean);
        Ok(ordering + holding * quantity * self.square() / (2.0 * self.mean))
    }
}

/// A newsvendor with certain demand who receives `S + Y` when `S` is ordered, for a random `Y`.
///
/// `G(S) = h E[(Y − x)⁺] + p E[(x − Y)⁺]` with `x = d − S`, least where `P(Y ≤ x) = h / (p + h)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct YieldNewsvendor {
    /// Charges at the end of the period.
    pub newsvendor: Newsvendor,
    /// Demand, `d` \[units\].
    pub demand: f64,
}

impl YieldNewsvendor {
    fn charge(&self, level: f64, mean: f64, loss: f64) -> f64 {
        let Newsvendor { holding, shortage } = self.newsvendor;
        holding * loss + shortage * (self.demand - level - mean + loss)
    }

    /// Probability with which less than the demand is received at the best level.
    fn short(&self) -> Result<f64, InputError> {
        Ok(1.0 - self.newsvendor.critical_ratio()?)
    }

    /// The best order when `Y` is uniform between `low` and `high` \[units\], (9.28).
    ///
    /// # Errors
    ///
    /// If a charge is not positive, or `low` not below `high`.
    pub fn uniform(&self, (low, high): (f64, f64)) -> Result<StockLevel, InputError> {
        between("low", low, (f64::NEG_INFINITY, high))?;
        let level = self.demand - (low + self.short()? * (high - low));
        Ok(StockLevel { level, cost: self.uniform_cost(level, (low, high))? })
    }

    /// Expected cost of ordering `level` when `Y` is uniform between `low` and `high` (9.27)
    /// \[currency\].
    ///
    /// # Errors
    ///
    /// As [`YieldNewsvendor::uniform`].
    pub fn uniform_cost(&self, level: f64, (low, high): (f64, f64)) -> Result<f64, InputError> {
        self.short()?;
        between("low", low, (f64::NEG_INFINITY, high))?;
        let (mean, above) = (low.midpoint(high), high - (self.demand - level).clamp(low, high));
        let below = (low - (self.demand - level)).max(0.0);
        let loss = above * above / (2.0 * (high - low)) + below;
        Ok(self.charge(level, mean, loss))
    }

    /// The best order when `Y` is normal with `mean` and `deviation` \[units\], (9.28).
    ///
    /// # Errors
    ///
    /// If a charge is not positive, or the deviation negative.
    pub fn normal(&self, mean: f64, deviation: f64) -> Result<StockLevel, InputError> {
        let level = self.demand - (mean + normal_quantile(self.short()?) * deviation);
        Ok(StockLevel { level, cost: self.normal_cost(level, mean, deviation)? })
    }

    /// Expected cost of ordering `level` when `Y` is normal with `mean` and `deviation` (9.27)
    /// \[currency\].
    ///
    /// # Errors
    ///
    /// As [`YieldNewsvendor::normal`].
    pub fn normal_cost(&self, level: f64, mean: f64, deviation: f64) -> Result<f64, InputError> {
        self.short()?;
        not_negative("deviation", deviation)?;
        Ok(self.charge(level, mean, normal_loss(self.demand - level, mean, deviation)))
    }
}

#[cfg(test)]
mod tests;
