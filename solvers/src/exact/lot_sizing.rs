//! Lot sizing for demand that varies but is known: the Wagner–Whitin algorithm.
//!
//! An order covers whole periods: `f(t) = min { K_t + c_t Σ d_i + Σ (h_t + … + h_{i−1}) d_i + f(j) }`
//! over `j > t`, sums over `i = t … j − 1`, and `f(t) = f(t + 1)` too where nothing is asked for.
//! Stock is charged at the end of each period, after demand. Quadratic in the periods.
//!
//! Wagner & Whitin, *Dynamic Version of the Economic Lot Size Model*, Management Science 5 (1958)
//! 89–96; Snyder & Shen, *Fundamentals of Supply Chain Theory*, 2nd ed. (2019), equation (3.39) and
//! algorithm 3.1.

use super::special::{InputError, not_negative};

/// A period's demand and costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LotPeriod {
    /// Demand, `d` \[units\].
    pub demand: f64,
    /// Fixed cost of an order, `K` \[currency/order\].
    pub order_cost: f64,
    /// Charge on stock at the period's end, `h` \[currency/unit\].
    pub holding: f64,
    /// Price of a unit, `c` \[currency/unit\].
    pub purchase: f64,
}

/// What to order when.
#[derive(Clone, Debug, PartialEq)]
pub struct LotPlan {
    /// Order of each period, zero for none \[units\].
    pub quantities: Vec<f64>,
    /// Cost of all periods \[currency\].
    pub cost: f64,
}

/// The cheapest orders that meet every demand in its period.
///
/// # Errors
///
/// If a demand or a cost is negative.
pub fn wagner_whitin(periods: &[LotPeriod]) -> Result<LotPlan, InputError> {
    for period in periods {
        not_negative("demand", period.demand)?;
        not_negative("order_cost", period.order_cost)?;
        not_negative("holding", period.holding)?;
        not_negative("purchase", period.purchase)?;
    }
    let count = periods.len();
    let mut to_go = vec![0.0; count + 1];
    let mut next = vec![count; count];
    for t in (0..count).rev() {
        (to_go[t], next[t]) = cheapest(&periods[t..], &to_go[t + 1..]);
        next[t] += t;
    }
    let mut quantities = vec![0.0; count];
    let mut t = 0;
    while t < count {
        // An order that covers nothing is none.
        let covered = &periods[t..next[t]];
        quantities[t] = covered.iter().fold(0.0, |sum, period| sum + period.demand);
        t = next[t].max(t + 1);
    }
    Ok(LotPlan { quantities, cost: to_go[0] })
}

/// Cost to go from the first of `periods`, and how many of them its order covers; `to_go` holds the
/// costs from the second on.
fn cheapest(periods: &[LotPeriod], to_go: &[f64]) -> (f64, usize) {
    let first = periods[0];
    let mut best = if first.demand == 0.0 { (to_go[0], 0) } else { (f64::INFINITY, 0) };
    let (mut cost, mut unit) = (first.order_cost, first.purchase);
    for (covered, (period, rest)) in periods.iter().zip(to_go).enumerate() {
        cost += unit * period.demand;
        unit += period.holding;
        if cost + rest < best.0 {
            best = (cost + rest, covered + 1);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn periods(demand: &[f64], order_cost: f64, holding: f64) -> Vec<LotPeriod> {
        let period =
            |demand: &f64| LotPeriod { demand: *demand, order_cost, holding, purchase: 0.0 };
        demand.iter().map(period).collect()
    }

    /// Snyder & Shen (2019), example 3.9 and problems 3.27 and 3.29.
    #[test]
    fn snyder_shen() {
        for (demand, order_cost, holding, orders, cost) in [
            (&[90.0, 120.0, 80.0, 70.0][..], 500.0, 2.0, &[210.0, 0.0, 150.0, 0.0][..], 1380.0),
            (&[150.0, 100.0, 80.0, 200.0], 120.0, 0.8, &[150.0, 180.0, 0.0, 200.0], 424.0),
            (
                &[730.0, 580.0, 445.0, 650.0, 880.0],
                100.0,
                0.1,
                &[1310.0, 0.0, 1095.0, 0.0, 880.0],
                423.0,
            ),
        ] {
            let plan = wagner_whitin(&periods(demand, order_cost, holding)).unwrap();
            assert_eq!(plan.quantities, orders);
            assert!((plan.cost - cost).abs() < 1e-9, "{plan:?}");
        }
    }

    /// A further exercise of the same author, whose prices vary: it is best to buy early.
    #[test]
    fn prices_that_vary() {
        let mut periods = periods(&[400.0, 500.0, 500.0, 1100.0, 900.0], 100.0, 0.1);
        for (period, price) in periods.iter_mut().zip([3.0, 1.0, 4.0, 6.0, 6.0]) {
            period.purchase = price;
        }
        let plan = wagner_whitin(&periods).unwrap();
        assert_eq!(plan.quantities, [400.0, 3000.0, 0.0, 0.0, 0.0]);
        assert!((plan.cost - 4940.0).abs() < 1e-9, "{plan:?}");
    }

    #[test]
    fn nothing_is_ordered_before_it_pays() {
        let mut periods = periods(&[0.0, 0.0, 0.0, 0.0, 0.0, 7.0], 110.0, 1.0);
        for (period, cost) in periods.iter_mut().zip([110.0, 108.0, 110.0, 120.0, 125.0, 134.0]) {
            period.order_cost = cost;
        }
        let plan = wagner_whitin(&periods).unwrap();
        assert_eq!(plan.quantities, [0.0, 0.0, 7.0, 0.0, 0.0, 0.0]);
        assert_eq!(plan.cost, 131.0);
        assert_eq!(wagner_whitin(&[]).unwrap().cost, 0.0);
    }

    /// Cost of ordering in the periods of `set`, a bit each, as late as possible.
    fn cost_of(periods: &[LotPeriod], set: usize) -> f64 {
        let (mut cost, mut order) = (0.0, None);
        for (t, period) in periods.iter().enumerate() {
            if set >> t & 1 == 1 {
                cost += period.order_cost;
                order = Some(t);
            }
            cost += match order {
                None if period.demand == 0.0 => 0.0,
                None => f64::INFINITY,
                Some(from) => {
                    let stock: f64 = periods[from..t].iter().map(|period| period.holding).sum();
                    (periods[from].purchase + stock) * period.demand
                }
            };
        }
        cost
    }

    #[test]
    fn no_set_of_order_periods_is_cheaper() {
        let mut state = 12_345_u64;
        let mut draw = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            ((state >> 33) % below) as f64
        };
        for _ in 0..50 {
            let periods: Vec<LotPeriod> = (0..9)
                .map(|_| LotPeriod {
                    demand: draw(6),
                    order_cost: draw(30),
                    holding: draw(4),
                    purchase: draw(5),
                })
                .collect();
            let plan = wagner_whitin(&periods).unwrap();
            let least = (0..1 << 9).map(|set| cost_of(&periods, set)).fold(f64::INFINITY, f64::min);
            assert_eq!(plan.cost, least);
            let set = plan
                .quantities
                .iter()
                .enumerate()
                .fold(0, |set, (t, quantity)| set | usize::from(*quantity > 0.0) << t);
            assert!(cost_of(&periods, set) <= least);
        }
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(wagner_whitin(&periods(&[90.0, -1.0], 500.0, 2.0)).is_err());
        assert!(wagner_whitin(&periods(&[90.0], 500.0, f64::NAN)).is_err());
    }
}
