//! The newsvendor: one order for one period of uncertain demand, and the base-stock level,
//! which is the same question asked of the demand over lead time and review.
//!
//! The expected cost of level `S` is `G(S) = h E[(S − D)⁺] + p E[(D − S)⁺]`; the best `S` is the
//! smallest with `P(D ≤ S) ≥ p / (p + h)` (Arrow, Harris & Marschak, *Optimal Inventory Policy*,
//! Econometrica 19 (1951) 250–272). With a lead time of `L` periods, orders before demand and
//! charges at each period's end, `D` is the demand of `L + 1` periods (Snyder & Shen,
//! *Fundamentals of Supply Chain Theory*, 2nd ed. (2019), chapter 4, whose equation numbers stand
//! below).

use super::special::{
    InputError, OnePeriod, between, demand_over, mean_of, normal_loss, not_negative, poisson,
    positive, probabilities, root,
};
use engine::normal_quantile;

/// A level of stock and what it costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StockLevel {
    /// Stock and orders together before demand, `S` \[units\].
    pub level: f64,
    /// Expected cost \[currency/period\].
    pub cost: f64,
}

/// What it costs to stock too much and too little.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Newsvendor {
    /// Charge on a unit left over, `h` \[currency/unit/period\].
    pub holding: f64,
    /// Charge on a unit short, `p` \[currency/unit/period\].
    pub shortage: f64,
}

impl Newsvendor {
    /// Cost-optimal probability of no stockout, `p / (p + h)`.
    ///
    /// # Errors
    ///
    /// If a charge is not positive.
    pub fn critical_ratio(&self) -> Result<f64, InputError> {
        positive("holding", self.holding)?;
        positive("shortage", self.shortage)?;
        Ok(self.shortage / (self.shortage + self.holding))
    }

    /// `G` at `level` by the mean and the loss of the demand there.
    fn charge(&self, level: f64, mean: f64, loss: f64) -> f64 {
        self.holding * (level - mean + loss) + self.shortage * loss
    }

    /// The best level for normal demand, `S = μ + z σ` over lead time and review (4.30).
    ///
    /// # Errors
    ///
    /// If a charge is not positive, or the mean or the deviation negative.
    pub fn normal(&self, demand: NormalDemand) -> Result<StockLevel, InputError> {
        let (mean, deviation) = demand.over_lead_time()?;
        let level = mean + normal_quantile(self.critical_ratio()?) * deviation;
        let cost = self.charge(level, mean, normal_loss(level, mean, deviation));
        Ok(StockLevel { level, cost })
    }

    /// Expected cost of `level` for normal demand (4.24) \[currency/period\].
    ///
    /// # Errors
    ///
    /// As [`Newsvendor::normal`].
    pub fn normal_cost(&self, level: f64, demand: NormalDemand) -> Result<f64, InputError> {
        self.critical_ratio()?;
        let (mean, deviation) = demand.over_lead_time()?;
        Ok(self.charge(level, mean, normal_loss(level, mean, deviation)))
    }

    fn one_period(&self, demand: &[f64], lead_time: usize) -> Result<OnePeriod, InputError> {
        self.critical_ratio()?;
        probabilities("demand", demand)?;
        let total = demand_over(demand, lead_time + 1);
        Ok(OnePeriod::new(&total, self.holding, self.shortage))
    }

    /// The best level for discrete demand, `demand[k] = P(D = k)` a period, after a lead time
    /// \[periods\].
    ///
    /// # Errors
    ///
    /// If a charge is not positive, or `demand` not a table of probabilities.
    pub fn discrete(&self, demand: &[f64], lead_time: usize) -> Result<StockLevel, InputError> {
        let period = self.one_period(demand, lead_time)?;
        let best = period.best();
        Ok(StockLevel { level: best as f64, cost: period.cost(best) })
    }

    /// Expected cost of `level` for discrete demand after a lead time \[periods\] (4.6).
    ///
    /// # Errors
    ///
    /// As [`Newsvendor::discrete`].
    pub fn discrete_cost(
        &self,
        level: i64,
        demand: &[f64],
        lead_time: usize,
    ) -> Result<f64, InputError> {
        Ok(self.one_period(demand, lead_time)?.cost(level))
    }

    /// The best level for Poisson demand with `mean` \[units/period\] after a lead time
    /// \[periods\].
    ///
    /// # Errors
    ///
    /// If a charge or the mean is not positive.
    pub fn poisson(&self, mean: f64, lead_time: usize) -> Result<StockLevel, InputError> {
        self.discrete(&poisson(mean * (lead_time as f64 + 1.0))?, 0)
    }

    /// Expected cost of `level` for Poisson demand with `mean` \[units/period\] after a lead time
    /// \[periods\].
    ///
    /// # Errors
    ///
    /// As [`Newsvendor::poisson`].
    pub fn poisson_cost(&self, level: i64, mean: f64, lead_time: usize) -> Result<f64, InputError> {
        self.discrete_cost(level, &poisson(mean * (lead_time as f64 + 1.0))?, 0)
    }

    /// The best level for any continuous demand, by its distribution function and its loss
    /// `E[(D − x)⁺]` (4.27); for a lead time, those of the demand over `L + 1` periods.
    ///
    /// # Errors
    ///
    /// If a charge or the mean is not positive, or `distribution` never reaches the critical ratio.
    pub fn continuous(
        &self,
        mean: f64,
        distribution: &dyn Fn(f64) -> f64,
        loss: &dyn Fn(f64) -> f64,
    ) -> Result<StockLevel, InputError> {
        positive("mean", mean)?;
        let ratio = self.critical_ratio()?;
        let (mut low, mut high) = (0.0, mean);
        while distribution(high) < ratio {
            (low, high) = (high, 2.0 * high);
            if !high.is_finite() {
                return Err(InputError::Unbounded { field: "level" });
            }
        }
        let level = root(low, high, |x| distribution(x) - ratio);
        Ok(StockLevel { level, cost: self.charge(level, mean, loss(level)) })
    }
}

/// Normal demand and the periods until an order for it arrives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NormalDemand {
    /// Mean demand, `μ` \[units/period\].
    pub mean: f64,
    /// Standard deviation of a period's demand, `σ` \[units\].
    pub deviation: f64,
    /// Periods from order to arrival, `L`; 0 if it arrives before the same period's demand.
    pub lead_time: f64,
}

impl NormalDemand {
    /// Mean and deviation of the demand of `L + 1` periods.
    pub(super) fn over_lead_time(&self) -> Result<(f64, f64), InputError> {
        not_negative("mean", self.mean)?;
        not_negative("deviation", self.deviation)?;
        not_negative("lead_time", self.lead_time)?;
        let periods = self.lead_time + 1.0;
        Ok((self.mean * periods, self.deviation * periods.sqrt()))
    }
}

/// A newsvendor's business, by prices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trade {
    /// Price to the customer, `r` \[currency/unit\].
    pub revenue: f64,
    /// Price from the supplier, `c` \[currency/unit\].
    pub purchase: f64,
    /// What a unit left over still brings, `v` \[currency/unit\].
    pub salvage: f64,
    /// Further charge on a unit left over, `h` \[currency/unit\].
    pub holding: f64,
    /// Further charge on a unit short (goodwill), `p` \[currency/unit\].
    pub shortage: f64,
}

impl Trade {
    /// The newsvendor with costs `h + c − v` and `p + r − c` (the “explicit” newsvendor).
    pub fn newsvendor(&self) -> Newsvendor {
        Newsvendor {
            holding: self.holding + self.purchase - self.salvage,
            shortage: self.shortage + self.revenue - self.purchase,
        }
    }

    /// Expected profit for demand of `mean` when the [`Trade::newsvendor`] has this `cost`:
    /// `(r − c) μ − G(S)` \[currency/period\].
    pub fn profit(&self, mean: f64, cost: f64) -> f64 {
        (self.revenue - self.purchase) * mean - cost
    }
}

/// A period of a longer horizon, seen alone: what is left over is worth its next price.
///
/// `G(y) = c⁺ y + h E[(y − D)⁺] + p E[(D − y)⁺] + γ c′ μ` with `c⁺ = c − γ c′`, after Veinott,
/// *Optimal Policy for a Multi-Product, Dynamic, Nonstationary Inventory Problem*, Management
/// Science 12 (1965) 206–222.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Myopic {
    /// Charges at the period's end.
    pub newsvendor: Newsvendor,
    /// Price this period, `c` \[currency/unit\].
    pub purchase: f64,
    /// Price next period, `c′` \[currency/unit\].
    pub next_purchase: f64,
    /// Worth of a unit of money a period later, `γ` \[1\].
    pub discount: f64,
}

impl Myopic {
    /// The net price `c⁺`, which must lie between `−h` and `p`.
    fn net_price(&self) -> Result<f64, InputError> {
        let Newsvendor { holding, shortage } = self.newsvendor;
        let price = self.purchase - self.discount * self.next_purchase;
        between("purchase", price, (-holding, shortage))?;
        Ok(price)
    }

    /// The best level for normal demand, `P(D ≤ S) = (p − c⁺) / (p + h)`.
    ///
    /// # Errors
    ///
    /// If a charge is not positive, or the net price not between `−h` and `p`.
    pub fn normal(&self, demand: NormalDemand) -> Result<StockLevel, InputError> {
        let price = self.net_price()?;
        let Newsvendor { holding, shortage } = self.newsvendor;
        let shifted = Newsvendor { holding: holding + price, shortage: shortage - price };
        let level = shifted.normal(demand)?.level;
        Ok(StockLevel { level, cost: self.normal_cost(level, demand)? })
    }

    /// Expected cost of `level` for normal demand \[currency/period\].
    ///
    /// # Errors
    ///
    /// As [`Myopic::normal`].
    pub fn normal_cost(&self, level: f64, demand: NormalDemand) -> Result<f64, InputError> {
        let kept = self.discount * self.next_purchase * demand.mean;
        Ok(self.net_price()? * level + self.newsvendor.normal_cost(level, demand)? + kept)
    }

    /// The best level for discrete demand, and its expected cost.
    ///
    /// # Errors
    ///
    /// As [`Myopic::normal`], and if `demand` is not a table of probabilities.
    pub fn discrete(&self, demand: &[f64], lead_time: usize) -> Result<StockLevel, InputError> {
        let price = self.net_price()?;
        let Newsvendor { holding, shortage } = self.newsvendor;
        let shifted = Newsvendor { holding: holding + price, shortage: shortage - price };
        let StockLevel { level, cost } = shifted.discrete(demand, lead_time)?;
        let mean = mean_of(demand);
        // The shift leaves out c⁺ times the mean over lead time and review.
        let periods = (lead_time + 1) as f64;
        let kept = self.discount * self.next_purchase * mean;
        Ok(StockLevel { level, cost: cost + price * mean * periods + kept })
    }
}

#[cfg(test)]
mod tests;
