//! Joint replenishment: items that share the fixed cost of an order.
//!
//! An order is placed every `T` periods and item `i` joins every `m_i`-th of them. The cost per
//! period is `(K + Σ k_i / m_i) / T + (T / 2) Σ m_i h_i d_i`, with the shared cost `K` and the own
//! costs `k_i` of an order.
//!
//! Three answers: the heuristic of Silver, *A Simple Method of Determining Order Quantities in Joint
//! Replenishments Under Deterministic Demand*, Management Science 22 (1976) 1351–1361; the best
//! multiples for an interval and the best interval for multiples, in turn, until nothing improves;
//! and the optimum, by Goyal's enumeration of the intervals at which the best multiples change
//! (*Determination of Optimum Packaging Frequency of Items Jointly Replenished*, Management Science
//! 21 (1974) 436–443).

use super::special::{InputError, not_negative, positive};

/// One of the items.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JointItem {
    /// What the item adds to the cost of an order, `k` \[currency/order\].
    pub order_cost: f64,
    /// Charge on stock, `h` \[currency/unit/period\].
    pub holding: f64,
    /// Demand, `d` \[units/period\].
    pub demand_rate: f64,
}

impl JointItem {
    /// Holding cost of a cycle one period long, doubled, `h d` \[currency/period²\].
    fn charge(&self) -> f64 {
        self.holding * self.demand_rate
    }
}

/// Items that are ordered together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JointReplenishment<'a> {
    /// Fixed cost of any order, `K` \[currency/order\].
    pub order_cost: f64,
    /// The items.
    pub items: &'a [JointItem],
}

/// When to order, and what.
#[derive(Clone, Debug, PartialEq)]
pub struct JointPlan {
    /// Time between orders, `T` \[periods\].
    pub interval: f64,
    /// Orders from one replenishment of each item to its next, `m`.
    pub multiples: Vec<u32>,
    /// Cost of ordering and holding \[currency/period\].
    pub cost: f64,
}

impl JointReplenishment<'_> {
    fn check(&self) -> Result<(), InputError> {
        positive("order_cost", self.order_cost)?;
        if self.items.is_empty() {
            return Err(InputError::Length { field: "items", found: 0, expected: 1 });
        }
        for item in self.items {
            not_negative("order_cost", item.order_cost)?;
            positive("holding", item.holding)?;
            positive("demand_rate", item.demand_rate)?;
        }
        Ok(())
    }

    /// Cost of an order, averaged over all, and `Σ m h d`.
    fn sums(&self, multiples: &[u32]) -> (f64, f64) {
        let pairs = || self.items.iter().zip(multiples.iter().map(|m| f64::from(*m)));
        let ordering: f64 = pairs().map(|(item, m)| item.order_cost / m).sum();
        let holding = pairs().map(|(item, m)| item.charge() * m).sum();
        (self.order_cost + ordering, holding)
    }

    /// The best interval for `multiples`, `√(2 (K + Σ k / m) / Σ m h d)`.
    fn timed(&self, multiples: Vec<u32>) -> JointPlan {
        let (ordering, holding) = self.sums(&multiples);
        let cost = (2.0 * ordering * holding).sqrt();
        JointPlan { interval: (2.0 * ordering / holding).sqrt(), multiples, cost }
    }

    /// Silver's heuristic: the item with the least `k / (h d)` joins every order, the others as
    /// often as if it alone had to bear the shared cost.
    ///
    /// # Errors
    ///
    /// If there is no item, or a parameter is not positive (own order costs may be zero).
    pub fn silver(&self) -> Result<JointPlan, InputError> {
        self.check()?;
        let ratio = |item: &JointItem| item.order_cost / item.charge();
        let mut leader = &self.items[0];
        for item in self.items {
            if ratio(item) < ratio(leader) {
                leader = item;
            }
        }
        let frequency = leader.charge() / (self.order_cost + leader.order_cost);
        let multiple = |item| (ratio(item) * frequency).sqrt().round().max(1.0) as u32;
        Ok(self.timed(self.items.iter().map(multiple).collect()))
    }

    /// The plan of `interval` with the best multiples for it: each the smallest `m` with
    /// `m (m + 1) ≥ 2 k / (h d T²)`.
    ///
    /// # Errors
    ///
    /// As [`JointReplenishment::silver`], and if `interval` is not positive.
    pub fn at_interval(&self, interval: f64) -> Result<JointPlan, InputError> {
        self.check()?;
        positive("interval", interval)?;
        let multiples: Vec<u32> =
            self.items.iter().map(|item| best_multiple(item, interval)).collect();
        let (ordering, holding) = self.sums(&multiples);
        let cost = ordering / interval + interval / 2.0 * holding;
        Ok(JointPlan { interval, multiples, cost })
    }

    /// The plan that is left when the best multiples for the interval and the best interval for the
    /// multiples no longer improve on `plan`.
    ///
    /// # Errors
    ///
    /// As [`JointReplenishment::at_interval`], and if `plan` is for other items.
    pub fn improved(&self, plan: &JointPlan) -> Result<JointPlan, InputError> {
        self.check()?;
        let (found, expected) = (plan.multiples.len(), self.items.len());
        if found != expected {
            return Err(InputError::Length { field: "multiples", found, expected });
        }
        let multiples = plan.multiples.iter().map(|multiple| (*multiple).max(1)).collect();
        let mut best = self.timed(multiples);
        loop {
            let next = self.timed(self.at_interval(best.interval)?.multiples);
            if next.cost >= best.cost {
                return Ok(best);
            }
            best = next;
        }
    }

    /// The best plan of all.
    ///
    /// With `T` falling from the best common interval, each set of multiples that is best somewhere
    /// is met once; `K / T` and the items' own economic orders bound the cost from below, and so
    /// end the search.
    ///
    /// # Errors
    ///
    /// As [`JointReplenishment::silver`].
    pub fn optimum(&self) -> Result<JointPlan, InputError> {
        self.check()?;
        let alone = self
            .items
            .iter()
            .map(|item| (2.0 * item.order_cost * item.charge()).sqrt())
            .sum::<f64>();
        let mut multiples = vec![1; self.items.len()];
        let mut best = self.timed(multiples.clone());
        // Where each item's multiple grows next, from `m` to `m + 1`.
        let change = |(item, m): (&JointItem, &u32)| {
            let m = f64::from(*m);
            (2.0 * item.order_cost / (item.charge() * m * (m + 1.0))).sqrt()
        };
        loop {
            let changes: Vec<f64> = self.items.iter().zip(&multiples).map(change).collect();
            let interval = changes.iter().copied().fold(0.0, f64::max);
            if interval <= 0.0 || self.order_cost / interval + alone >= best.cost {
                return Ok(best);
            }
            for (multiple, at) in multiples.iter_mut().zip(changes) {
                *multiple += u32::from(at == interval);
            }
            let plan = self.timed(multiples.clone());
            if plan.cost < best.cost {
                best = plan;
            }
        }
    }
}

fn best_multiple(item: &JointItem, interval: f64) -> u32 {
    let bound = 2.0 * item.order_cost / (item.charge() * interval * interval);
    // The positive root of m (m + 1) = bound, which rounding may put on either side.
    let mut multiple = ((0.25 + bound).sqrt() - 0.5).floor().max(1.0);
    while multiple * (multiple + 1.0) < bound && multiple < f64::from(u32::MAX) {
        multiple += 1.0;
    }
    multiple as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(rows: &[(f64, f64, f64)]) -> Vec<JointItem> {
        let item = |&(order_cost, holding, demand_rate): &(f64, f64, f64)| JointItem {
            order_cost,
            holding,
            demand_rate,
        };
        rows.iter().map(item).collect()
    }

    fn close(ours: f64, published: f64) {
        assert!((ours - published).abs() <= 1e-12 * published, "{ours} {published}");
    }

    /// Shared cost; items as own cost, holding and demand; interval, multiples and cost.
    type Published<'a> = (f64, &'a [(f64, f64, f64)], f64, &'a [u32], f64);

    /// Silver (1976), the example; Silver, Pyke & Peterson, *Inventory Management and Production
    /// Planning and Scheduling*, 3rd ed. (1998), p. 428; and four exercises of Snyder, all with
    /// the digits of the stockpyl library.
    const PUBLISHED: [Published<'static>; 6] = [
        (
            10.0,
            &[
                (1.87, 0.2, 1736.0),
                (5.27, 0.2, 656.0),
                (7.94, 0.2, 558.0),
                (8.19, 0.2, 170.0),
                (8.87, 0.2, 142.0),
            ],
            0.281_377_149_067_147_2,
            &[1, 1, 1, 3, 3],
            218.686_320_254_986_87,
        ),
        (
            40.0,
            &[
                (15.0, 0.24, 86_000.0),
                (15.0, 0.24, 12_500.0),
                (15.0, 0.24, 1_400.0),
                (15.0, 0.24, 3_000.0),
            ],
            0.076_173_402_627_849_76,
            &[1, 1, 4, 3],
            2_067.650_840_930_354,
        ),
        (
            600.0,
            &[(120.0, 160.0, 1.0), (840.0, 20.0, 1.0), (300.0, 50.0, 1.0)],
            3.103_164_454_170_876,
            &[1, 3, 1],
            837.854_402_626_136_6,
        ),
        (
            20_000.0,
            &[
                (36_000.0, 1000.0, 1780.0),
                (46_000.0, 900.0, 445.0),
                (34_000.0, 1200.0, 920.0),
                (38_000.0, 1000.0, 175.0),
            ],
            0.244_334_052_186_343_63,
            &[1, 2, 1, 3],
            1_028_646.359_704_506_7,
        ),
        (
            1_500.0,
            &[(4_000.0, 300.0, 9_100.0), (1_000.0, 200.0, 83_200.0), (2_000.0, 200.0, 20_800.0)],
            0.017_076_411_245_211_497,
            &[3, 1, 2],
            566_083.032_778_761_1,
        ),
        (
            180.0,
            &[
                (60.0, 5.32, 6200.0),
                (100.0, 3.92, 1300.0),
                (180.0, 4.76, 400.0),
                (115.0, 3.92, 4400.0),
                (135.0, 3.36, 1800.0),
            ],
            0.113_646_573_093_608_65,
            &[1, 2, 4, 1, 2],
            9_107.181_781_429_423,
        ),
    ];

    #[test]
    fn silver_1976_and_others() {
        for (order_cost, rows, interval, multiples, cost) in PUBLISHED {
            let items = items(rows);
            let plan = JointReplenishment { order_cost, items: &items }.silver().unwrap();
            close(plan.interval, interval);
            assert_eq!(plan.multiples, multiples);
            close(plan.cost, cost);
        }
    }

    /// The least cost over all multiples up to seven.
    fn least(joint: &JointReplenishment<'_>) -> f64 {
        let count = joint.items.len() as u32;
        let plan = |code: u32| {
            let digit = |place| code / 7_u32.pow(place) % 7 + 1;
            joint.timed((0..count).map(digit).collect()).cost
        };
        (0..7_u32.pow(count)).map(plan).fold(f64::INFINITY, f64::min)
    }

    #[test]
    fn the_optimum_is_the_cheapest_of_all_and_improving_never_costs() {
        for (order_cost, rows, ..) in PUBLISHED {
            let items = items(rows);
            let joint = JointReplenishment { order_cost, items: &items };
            let (silver, best) = (joint.silver().unwrap(), joint.optimum().unwrap());
            let improved = joint.improved(&silver).unwrap();
            close(best.cost, least(&joint));
            assert!(best.cost <= improved.cost && improved.cost <= silver.cost);
            let again = joint.at_interval(best.interval).unwrap();
            close(again.cost, best.cost);
        }
    }

    #[test]
    fn the_best_multiple_for_an_interval_is_the_cheapest() {
        let item = JointItem { order_cost: 30.0, holding: 0.2, demand_rate: 100.0 };
        for step in 1..200 {
            let interval = f64::from(step) * 0.02;
            let cost = |m: u32| {
                let cycle = f64::from(m) * interval;
                item.order_cost / cycle + cycle / 2.0 * item.charge()
            };
            let least = (1..200).map(cost).fold(f64::INFINITY, f64::min);
            assert!(cost(best_multiple(&item, interval)) <= least * (1.0 + 1e-14));
        }
    }

    #[test]
    fn nonsense_is_refused() {
        let items = items(&[(1.0, 0.2, 10.0)]);
        let joint = JointReplenishment { order_cost: 10.0, items: &items };
        assert!(JointReplenishment { items: &[], ..joint }.silver().is_err());
        assert!(JointReplenishment { order_cost: 0.0, ..joint }.optimum().is_err());
        assert!(joint.at_interval(0.0).is_err());
        let other = JointPlan { interval: 1.0, multiples: vec![1, 2], cost: 0.0 };
        assert!(joint.improved(&other).is_err());
    }
}
