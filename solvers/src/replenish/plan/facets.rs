//! What stock costs when orders are partly paid for: inequalities that whole set-ups keep.
//!
//! # Stock that orders leave
//!
//! What stock on hand and on order meets is met without the plan; of the rest, `d`, the plan's orders meet what
//! they can, and their own stock `I` is what they add to that which is there without them. Let `y` say
//! whether an order is placed, and `D` the demand `d` from its arrival to the end of a period, in a scenario. From
//! the arrival of the first that is placed in any set `S`, no more is sold than its `D`, and the rest of all is left: so
//!
//! ```text
//! I >= Σ over S of (x − D y)        and at best        I >= R = Σ max(0, x − D y)
//! ```
//!
//! (Barany, Van Roy & Wolsey, *Strong formulations for multi-item capacitated lot sizing*, Management Science
//! 30 (1984) 1255–1261), scenario by scenario, and with lost sales too. Where every `y` is 0 or 1 this says nothing
//! new; in between it keeps an order that is paid for in part from being used for longer than that.
//!
//! # Duals
//!
//! Stock is the least that is possible, `I = max(R, I + arrivals − d)`. Where `R` is what holds it up, one more
//! unit that arrives is worth a loss at once, and a unit of `R` costs what the unit costs that is held, and the loss:
//! at least 0, at any prices. So a choice between selling, keeping and `R` for each period and scenario, with a set
//! `S` for each, gives a lower bound that is linear in `x` and `y`.

use super::problem::View;
use super::recourse::sum;

/// What is done with one more unit.
const SOLD: u8 = 0;
const KEPT: u8 = 1;
const HELD_UP: u8 = 2;

/// An item's demand without what is there anyway, and what orders come to against it.
#[derive(Clone, Debug, Default)]
pub(super) struct Facets {
    /// Demand that is left for the plan, by period and scenario.
    pub(super) demand: Vec<f64>,
    /// Stock without the plan, by period and scenario.
    pub(super) base: Vec<f64>,
    /// Cost of that stock, at the charges.
    pub(super) base_cost: f64,
    /// Stock of the plan's orders, after a row of zeros.
    stock: Vec<f64>,
    /// What is done with one more unit, by period and scenario.
    pub(super) choices: Vec<u8>,
    /// What holds stock up, or what a unit of it costs.
    reach: Vec<f64>,
    lanes: Vec<f64>,
}

impl Facets {
    /// Takes what is there anyway from an item's demand.
    pub(super) fn set(&mut self, view: View<'_>, charges: &[f64]) {
        let (width, cells) = (view.scenarios, view.periods * view.scenarios);
        self.demand.clear();
        self.base.clear();
        self.lanes.clear();
        self.lanes.resize(width, view.item.opening);
        for period in 0..view.periods {
            let earlier = view.arriving.get(period).copied().unwrap_or(0.0);
            let span = period * width..(period + 1) * width;
            for (demand, stock) in view.demand[span].iter().zip(&mut self.lanes) {
                let net = *stock + earlier - demand;
                *stock = net.max(0.0);
                self.base.push(*stock);
                self.demand.push((-net).max(0.0));
            }
        }
        let held: f64 = self.base.iter().zip(charges).map(|(stock, charge)| stock * charge).sum();
        let left = sum(&self.base[cells - width..]);
        self.base_cost = held - view.item.credit / width as f64 * left;
        self.stock.clear();
        self.stock.resize(cells + width, 0.0);
        self.choices.resize(cells, SOLD);
        self.reach.resize(cells, 0.0);
    }

    /// No better plan orders more than this, whatever is ordered elsewhere.
    pub(super) fn tighten(&self, view: View<'_>, most: &mut [f64]) {
        if view.item.credit > view.item.cost {
            return;
        }
        let width = view.scenarios;
        let mut left = vec![0.0; width];
        for (order, most) in most.iter_mut().enumerate().rev() {
            let row = (order + view.item.lead_time) * width;
            for (left, demand) in left.iter_mut().zip(&self.demand[row..row + width]) {
                *left += demand;
            }
            *most = most.min(left.iter().copied().fold(0.0, f64::max));
        }
    }

    /// Simulates orders of which the share `paid` is paid for; what is done with one more unit is left here.
    pub(super) fn simulate(&mut self, view: View<'_>, units: &[f64], paid: &[f64]) {
        let width = view.scenarios;
        let lead_time = view.item.lead_time;
        let whole = units.iter().zip(paid).all(|(units, paid)| *units == 0.0 || *paid >= 1.0);
        self.reach.fill(0.0);
        if !whole {
            for (order, (units, paid)) in units.iter().zip(paid).enumerate() {
                if *units > 0.0 {
                    self.reach_of(width, order + lead_time, *units, *paid);
                }
            }
        }
        for period in 0..view.periods {
            let arrival = period.checked_sub(lead_time).map_or(0.0, |order| units[order]);
            let (before, now) =
                self.stock[period * width..(period + 2) * width].split_at_mut(width);
            let span = period * width..(period + 1) * width;
            let cells = self.demand[span.clone()].iter().zip(&self.reach[span.clone()]);
            let cells = cells.zip(&mut self.choices[span]).zip(before.iter().zip(now));
            for (((demand, reach), choice), (before, now)) in cells {
                let net = before + arrival - demand;
                *now = if net > *reach { net } else { *reach };
                let short = if *reach > 0.0 { HELD_UP } else { SOLD };
                *choice = if net >= *reach { KEPT } else { short };
            }
        }
    }

    /// Adds what an order alone leaves of itself.
    fn reach_of(&mut self, width: usize, arrival: usize, units: f64, paid: f64) {
        self.lanes.clear();
        self.lanes.resize(width, 0.0);
        let demand = self.demand[arrival * width..].chunks_exact(width);
        let reach = self.reach[arrival * width..].chunks_exact_mut(width);
        for (demand, reach) in demand.zip(reach) {
            let mut any = 0.0_f64;
            for ((so_far, demand), reach) in self.lanes.iter_mut().zip(demand).zip(reach) {
                *so_far += demand;
                let left = units - *so_far * paid;
                let left = if left > 0.0 { left } else { 0.0 };
                any = if left > any { left } else { any };
                *reach += left;
            }
            if any <= 0.0 {
                break;
            }
        }
    }

    /// Stock of the last simulation with that which is there anyway, after a row of opening stock.
    pub(super) fn total_stock(&self, view: View<'_>, stock: &mut [f64]) {
        let width = view.scenarios;
        stock[..width].fill(view.item.opening);
        let cells = self.stock[width..].iter().zip(&self.base);
        for (stock, (own, base)) in stock[width..].iter_mut().zip(cells) {
            *stock = own + base;
        }
    }

    /// The bound that `choices` give, with the sets `S` of the point `units`, `paid`, at charges on stock: slopes
    /// by order, then by set-up; the constant.
    pub(super) fn cut(
        &mut self,
        view: View<'_>,
        (choices, units, paid): (&[u8], &[f64], &[f64]),
        charges: &[f64],
        slopes: &mut [f64],
    ) -> f64 {
        let (width, item) = (view.scenarios, view.item);
        let share = 1.0 / width as f64;
        let lost = item.lost * share;
        self.lanes.clear();
        self.lanes.resize(width, -item.credit * share);
        self.lanes.resize(2 * width, 0.0);
        let (duals, constants) = self.lanes.split_at_mut(width);
        for period in (0..view.periods).rev() {
            let span = period * width..(period + 1) * width;
            let cells = charges[span.clone()].iter().zip(&choices[span.clone()]);
            let cells = cells.zip(&self.demand[span.clone()]).zip(&mut self.reach[span]);
            for ((((charge, choice), demand), reach), (dual, constant)) in
                cells.zip(duals.iter_mut().zip(constants.iter_mut()))
            {
                let held = charge + *dual;
                *reach = if *choice == HELD_UP { held + lost } else { 0.0 };
                *dual = if *choice == KEPT { held } else { -lost };
                *constant -= *dual * demand;
            }
            if let Some(order) = period.checked_sub(item.lead_time) {
                slopes[order] = sum(duals);
            }
        }
        let constant = sum(constants) + self.base_cost;
        let orders = units.len();
        slopes[orders..2 * orders].fill(0.0);
        if choices.contains(&HELD_UP) {
            for order in 0..orders {
                if units[order] > 0.0 {
                    let arrival = order + item.lead_time;
                    let (more, less) = self.spread(width, arrival, units[order], paid[order]);
                    slopes[order] += more;
                    slopes[orders + order] = -less;
                }
            }
        }
        constant
    }

    /// What one more unit of an order adds to the cost of `R`, and one more set-up saves.
    fn spread(&mut self, width: usize, arrival: usize, units: f64, paid: f64) -> (f64, f64) {
        self.lanes.clear();
        self.lanes.resize(3 * width, 0.0);
        let (so_far, rest) = self.lanes.split_at_mut(width);
        let (more, less) = rest.split_at_mut(width);
        let demand = self.demand[arrival * width..].chunks_exact(width);
        for (demand, reach) in demand.zip(self.reach[arrival * width..].chunks_exact(width)) {
            let mut any = 0.0_f64;
            let cells = so_far.iter_mut().zip(demand).zip(reach);
            for (((so_far, demand), reach), (more, less)) in
                cells.zip(more.iter_mut().zip(less.iter_mut()))
            {
                *so_far += demand;
                let left = units - *so_far * paid;
                any = if left > any { left } else { any };
                let reach = if left > 0.0 { *reach } else { 0.0 };
                *more += reach;
                *less += reach * *so_far;
            }
            if any <= 0.0 {
                break;
            }
        }
        (sum(more), sum(less))
    }
}
