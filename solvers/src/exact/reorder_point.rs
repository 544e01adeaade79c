//! (r, Q) under continuous review: when the position reaches `r`, order `Q`.
//!
//! The position is uniform on `(r, r + Q]` and what lies in stock a lead time later is the
//! position less the lead time's demand `D`. So the cost per unit of time is
//! `(Kλ + ∫ G(y) dy) / Q` over `(r, r + Q]`, with `G(y) = h E[(y − D)⁺] + p E[(D − y)⁺]`; for
//! unit-sized demand the integral is the sum over `r + 1, …, r + Q`. Demand waits when it must.
//!
//! Sources: Zheng, *On Properties of Stochastic Inventory Systems*, Management Science 38 (1992)
//! 87–103; Federgruen & Zheng, *An Efficient Algorithm for Computing an Optimal (r, Q) Policy in
//! Continuous Review Stochastic Inventory Systems*, Operations Research 40 (1992) 808–813; Hadley
//! & Whitin, *Analysis of Inventory Systems* (1963). Equation numbers below are those of Snyder &
//! Shen, *Fundamentals of Supply Chain Theory*, 2nd ed. (2019), chapter 5.

use super::eoq::{BackorderedOrder, EconomicOrder};
use super::special::{
    InputError, OnePeriod, between, normal_loss, normal_second_loss, not_negative, poisson,
    positive, root,
};
use engine::normal_quantile;

/// A reorder point, an order quantity and what they cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReorderPolicy {
    /// Position at which to order, `r` \[units\].
    pub reorder_point: f64,
    /// Units ordered at a time, `Q` \[units\].
    pub quantity: f64,
    /// Expected cost \[currency/period\].
    pub cost: f64,
}

/// An item under continuous review; a period is any unit of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReorderItem {
    /// Fixed cost of an order, `K` \[currency/order\].
    pub order_cost: f64,
    /// Charge on stock, `h` \[currency/unit/period\].
    pub holding: f64,
    /// Charge on waiting demand, `p` \[currency/unit/period\]; in
    /// [`NormalReorder::expected_level_approximation`] \[currency/unit\].
    pub shortage: f64,
    /// Mean demand, `λ` \[units/period\].
    pub demand_rate: f64,
    /// Time from order to arrival, `L` \[periods\].
    pub lead_time: f64,
}

impl ReorderItem {
    fn check(&self) -> Result<(), InputError> {
        not_negative("order_cost", self.order_cost)?;
        positive("holding", self.holding)?;
        positive("shortage", self.shortage)?;
        positive("demand_rate", self.demand_rate)?;
        not_negative("lead_time", self.lead_time)
    }

    /// `G` for Poisson demand.
    fn poisson_period(&self) -> Result<OnePeriod, InputError> {
        self.check()?;
        let mean = self.demand_rate * self.lead_time;
        let demand = if mean == 0.0 { vec![1.0] } else { poisson(mean)? };
        Ok(OnePeriod::new(&demand, self.holding, self.shortage))
    }

    /// The best whole reorder point and quantity for Poisson demand (Federgruen & Zheng 1992).
    ///
    /// The best `Q` positions are the cheapest `Q` ones, which lie side by side; one more is worth
    /// while as long as it costs less than the average so far.
    ///
    /// # Errors
    ///
    /// If a parameter is not positive (the order cost and the lead time may be zero).
    pub fn poisson(&self) -> Result<ReorderPolicy, InputError> {
        let period = self.poisson_period()?;
        let (mut low, mut high) = (period.best(), period.best());
        let mut sum = self.order_cost * self.demand_rate + period.cost(low);
        loop {
            let quantity = (high - low + 1) as f64;
            let (below, above) = (period.cost(low - 1), period.cost(high + 1));
            if below.min(above) >= sum / quantity {
                let reorder_point = (low - 1) as f64;
                return Ok(ReorderPolicy { reorder_point, quantity, cost: sum / quantity });
            }
            sum += below.min(above);
            if below <= above { low -= 1 } else { high += 1 }
        }
    }

    /// Expected cost of a policy for Poisson demand (5.48) \[currency/period\].
    ///
    /// # Errors
    ///
    /// As [`ReorderItem::poisson`], and if `quantity` is zero.
    pub fn poisson_cost(&self, reorder_point: i64, quantity: u32) -> Result<f64, InputError> {
        let period = self.poisson_period()?;
        positive("quantity", f64::from(quantity))?;
        let charges = (1..=i64::from(quantity)).map(|above| period.cost(reorder_point + above));
        let sum = self.order_cost * self.demand_rate + charges.sum::<f64>();
        Ok(sum / f64::from(quantity))
    }

    /// The same item with normal demand, whose deviation over one period is `deviation` \[units\].
    pub fn with_normal_demand(self, deviation: f64) -> NormalReorder {
        NormalReorder { item: self, deviation }
    }
}

/// An item under continuous review whose demand over the lead time is normal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NormalReorder {
    /// Costs, mean demand and lead time.
    pub item: ReorderItem,
    /// Standard deviation of the demand of one period \[units\].
    pub deviation: f64,
}

/// Mean and deviation of the lead time's demand.
#[derive(Clone, Copy)]
struct LeadTimeDemand {
    mean: f64,
    deviation: f64,
}

impl LeadTimeDemand {
    fn loss(self, level: f64) -> f64 {
        normal_loss(level, self.mean, self.deviation)
    }

    fn second_loss(self, level: f64) -> f64 {
        normal_second_loss(level, self.mean, self.deviation)
    }
}

impl NormalReorder {
    fn demand(&self) -> Result<LeadTimeDemand, InputError> {
        self.item.check()?;
        positive("order_cost", self.item.order_cost)?;
        not_negative("deviation", self.deviation)?;
        Ok(LeadTimeDemand {
            mean: self.item.demand_rate * self.item.lead_time,
            deviation: self.deviation * self.item.lead_time.sqrt(),
        })
    }

    fn economic_order(&self) -> EconomicOrder {
        let ReorderItem { order_cost, holding, demand_rate, .. } = self.item;
        EconomicOrder { order_cost, holding, demand_rate }
    }

    /// `G` at a position.
    fn charge(&self, demand: LeadTimeDemand, level: f64) -> f64 {
        let loss = demand.loss(level);
        self.item.holding * (level - demand.mean + loss) + self.item.shortage * loss
    }

    /// `∫ G` over the positions of a policy: by the second loss, the integral of the first.
    fn charges(&self, demand: LeadTimeDemand, reorder_point: f64, quantity: f64) -> f64 {
        let ReorderItem { holding, shortage, .. } = self.item;
        let end = reorder_point + quantity;
        let losses = demand.second_loss(reorder_point) - demand.second_loss(end);
        let middle = reorder_point + quantity / 2.0;
        holding * quantity * (middle - demand.mean) + (holding + shortage) * losses
    }

    fn priced(&self, demand: LeadTimeDemand, reorder_point: f64, quantity: f64) -> ReorderPolicy {
        let ordering = self.item.order_cost * self.item.demand_rate;
        let cost = (ordering + self.charges(demand, reorder_point, quantity)) / quantity;
        ReorderPolicy { reorder_point, quantity, cost }
    }

    /// Expected cost of a policy (5.7) \[currency/period\].
    ///
    /// # Errors
    ///
    /// If a parameter or the quantity is not positive (the lead time and the deviation may be
    /// zero).
    pub fn cost(&self, reorder_point: f64, quantity: f64) -> Result<f64, InputError> {
        positive("quantity", quantity)?;
        Ok(self.priced(self.demand()?, reorder_point, quantity).cost)
    }

    /// `r(Q)` without checks.
    fn best_point(&self, demand: LeadTimeDemand, quantity: f64) -> f64 {
        let ReorderItem { holding, shortage, .. } = self.item;
        let ratio = shortage / (holding + shortage);
        let best = demand.mean + normal_quantile(ratio) * demand.deviation;
        let rise = |r: f64| self.charge(demand, r + quantity) - self.charge(demand, r);
        root(best - quantity, best, rise)
    }

    /// The best reorder point for a given quantity, where `G(r) = G(r + Q)` (5.9) \[units\].
    ///
    /// # Errors
    ///
    /// As [`NormalReorder::cost`].
    pub fn reorder_point(&self, quantity: f64) -> Result<f64, InputError> {
        positive("quantity", quantity)?;
        Ok(self.best_point(self.demand()?, quantity))
    }

    /// The best policy: the `Q` at which the average cost equals `G(r) = G(r + Q)` (Zheng 1992,
    /// theorem 1).
    ///
    /// # Errors
    ///
    /// If a parameter is not positive (the lead time and the deviation may be zero).
    pub fn optimum(&self) -> Result<ReorderPolicy, InputError> {
        let demand = self.demand()?;
        let ordering = self.item.order_cost * self.item.demand_rate;
        let excess = |quantity: f64| {
            let r = self.best_point(demand, quantity);
            quantity * self.charge(demand, r) - self.charges(demand, r, quantity) - ordering
        };
        // Uncertainty makes the best quantity larger than the economic one (Zheng 1992).
        let low = self.economic_order().optimum()?.quantity;
        let mut high = 2.0 * low;
        while excess(high) < 0.0 && high.is_finite() {
            high *= 2.0;
        }
        let quantity = root(low, high, excess);
        Ok(self.priced(demand, self.best_point(demand, quantity), quantity))
    }

    /// Expected-inventory-level approximation: stock is taken for its expected level and demand
    /// is charged once for waiting, however long; (5.16) to (5.18), algorithm 5.1.
    ///
    /// Here `shortage` is per unit, and the cost is the approximation's own.
    ///
    /// # Errors
    ///
    /// As [`NormalReorder::optimum`], and if a unit's waiting is so cheap that stocking never pays.
    pub fn expected_level_approximation(&self) -> Result<ReorderPolicy, InputError> {
        let demand = self.demand()?;
        let ReorderItem { order_cost, holding, shortage, demand_rate, .. } = self.item;
        let mut quantity = self.economic_order().optimum()?.quantity;
        loop {
            let tail = holding * quantity / (shortage * demand_rate);
            between("shortage", shortage, (shortage * tail, f64::INFINITY))?;
            let reorder_point = demand.mean + normal_quantile(1.0 - tail) * demand.deviation;
            let short = shortage * demand.loss(reorder_point);
            let next = (2.0 * demand_rate * (order_cost + short) / holding).sqrt();
            if next - quantity <= 1e-12 * next {
                let stock = reorder_point - demand.mean + next / 2.0;
                let cost = holding * stock + (order_cost + short) * demand_rate / next;
                return Ok(ReorderPolicy { reorder_point, quantity: next, cost });
            }
            quantity = next;
        }
    }

    /// The quantity of the economic order with backorders, and the best reorder point for it;
    /// (3.27) and (5.9).
    ///
    /// # Errors
    ///
    /// As [`NormalReorder::optimum`].
    pub fn backorder_approximation(&self) -> Result<ReorderPolicy, InputError> {
        let demand = self.demand()?;
        let item = BackorderedOrder { item: self.economic_order(), shortage: self.item.shortage };
        let quantity = item.optimum()?.quantity;
        Ok(self.priced(demand, self.best_point(demand, quantity), quantity))
    }

    /// The economic order quantity, and a safety stock on top of the lead time's mean demand;
    /// (3.4) and (5.21).
    ///
    /// # Errors
    ///
    /// As [`NormalReorder::optimum`].
    pub fn safety_stock_approximation(&self) -> Result<ReorderPolicy, InputError> {
        let demand = self.demand()?;
        let quantity = self.economic_order().optimum()?.quantity;
        let ratio = self.item.shortage / (self.item.holding + self.item.shortage);
        let reorder_point = demand.mean + normal_quantile(ratio) * demand.deviation;
        Ok(self.priced(demand, reorder_point, quantity))
    }

    /// Loss-function approximation: nothing is short just after an order arrives, so that
    /// `n(r) = hQ / (h + p)` and `Q = √(2 (Kλ + (h + p) n⁽²⁾(r)) / h)`; (5.28) and (5.29).
    ///
    /// # Errors
    ///
    /// As [`NormalReorder::optimum`], and if the two equations have no solution.
    pub fn loss_approximation(&self) -> Result<ReorderPolicy, InputError> {
        let demand = self.demand()?;
        let ReorderItem { order_cost, holding, shortage, demand_rate, .. } = self.item;
        let mut quantity = self.economic_order().optimum()?.quantity;
        loop {
            let loss = holding * quantity / (holding + shortage);
            // The loss at `mean − loss` is at least `loss`, and 40 deviations on it is nothing.
            let (low, high) = (demand.mean - loss, demand.mean + 40.0 * demand.deviation);
            let reorder_point = root(low, high, |level| loss - demand.loss(level));
            let losses = (holding + shortage) * demand.second_loss(reorder_point);
            let next = (2.0 * (order_cost * demand_rate + losses) / holding).sqrt();
            if !next.is_finite() {
                return Err(InputError::Unbounded { field: "quantity" });
            }
            if next - quantity <= 1e-12 * next {
                return Ok(self.priced(demand, reorder_point, next));
            }
            quantity = next;
        }
    }
}

#[cfg(test)]
mod tests;
