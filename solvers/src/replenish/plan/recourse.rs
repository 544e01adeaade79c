//! What a plan's orders come to in every scenario, and the least they can.
//!
//! # Selling now is never worse
//!
//! Let a unit of demand be lost while one is left in stock. Sell it now: the loss is saved, and there is
//! a unit less in stock until another loss comes of that, which costs the same, or until the end, where a
//! unit is worth at most a loss. Meanwhile holding, at least 0, and the price of volume, at least 0, are
//! saved. So stock follows `I = max(0, I + arrivals − demand)`, whatever the prices; it is the least that
//! is possible in every period at once, so that limits of volume say the same.
//!
//! # Duals
//!
//! Let `y` be what one more unit in a period of a scenario costs. It is sold at once if demand is lost
//! there, `y = −lost`, or held, `y = holding + y'` with that of the next period. By linear duality
//! (Dantzig & Wolfe, *Decomposition Principle for Linear Programs*, Operations Research 8 (1960)
//! 101–111) every choice of the two gives a lower bound that is linear in the orders, and so does
//! anything between them.

use super::problem::View;

/// Prices of an item's stock and orders.
#[derive(Clone, Debug, Default)]
pub(super) struct Charges {
    /// Cost of a unit left at the end of each period and scenario, with the price of its volume.
    pub(super) stock: Vec<f64>,
    /// Cost of a unit ordered in each period, with the price of the budget.
    pub(super) order: Vec<f64>,
}

impl Charges {
    /// Charges at prices of volume by period and scenario, and of the budget by period.
    pub(super) fn set(&mut self, view: View<'_>, volume: &[f64], budget: &[f64]) {
        let (item, share) = (view.item, 1.0 / view.scenarios as f64);
        self.stock.clear();
        self.stock.extend(volume.iter().map(|price| item.holding * share + item.volume * price));
        self.order.clear();
        self.order.extend(budget[..view.orders()].iter().map(|price| item.cost * (1.0 + price)));
    }
}

/// Sum of products of numbers, as many as a multiple of four.
#[inline]
pub(super) fn dot(left: &[f64], right: &[f64]) -> f64 {
    let mut strands = [0.0; 4];
    for (a, b) in left.chunks_exact(4).zip(right.chunks_exact(4)) {
        for lane in 0..4 {
            strands[lane] += a[lane] * b[lane];
        }
    }
    (strands[0] + strands[1]) + (strands[2] + strands[3])
}

/// Sum of the numbers, in four strands: the same on every machine.
#[inline]
pub(super) fn sum(numbers: &[f64]) -> f64 {
    let mut strands = [0.0; 4];
    let chunks = numbers.chunks_exact(4);
    let rest: f64 = chunks.remainder().iter().sum();
    for chunk in chunks {
        for (strand, number) in strands.iter_mut().zip(chunk) {
            *strand += number;
        }
    }
    (strands[0] + strands[1]) + (strands[2] + strands[3]) + rest
}

/// Stock at the end of each period, by period and scenario, after a row of opening stock; and whether a
/// further unit would have been kept (1) or sold at once (0).
pub(super) fn simulate(view: View<'_>, orders: &[f64], stock: &mut [f64], kept: &mut [u8]) {
    let width = view.scenarios;
    stock[..width].fill(view.item.opening);
    for period in 0..view.periods {
        let arrival = view.arrival(period, orders);
        let (before, now) = stock[period * width..(period + 2) * width].split_at_mut(width);
        let span = period * width..(period + 1) * width;
        let cells = view.demand[span.clone()].iter().zip(&mut kept[span]);
        for ((demand, kept), (before, now)) in cells.zip(before.iter().zip(now)) {
            let net = before + arrival - demand;
            *kept = u8::from(net >= 0.0);
            *now = if net > 0.0 { net } else { 0.0 };
        }
    }
}

/// Mean cost of stock and losses that `stock` of [`simulate`] comes to, at charges on stock.
pub(super) fn cost(
    view: View<'_>,
    orders: &[f64],
    stock: &[f64],
    charges: &[f64],
    lanes: &mut Vec<f64>,
) -> f64 {
    let (width, item) = (view.scenarios, view.item);
    lanes.clear();
    lanes.resize(width, 0.0);
    let share = 1.0 / width as f64;
    let lost = item.lost * share;
    let mut supply = item.opening;
    for period in 0..view.periods {
        supply += view.arrival(period, orders);
        let span = period * width..(period + 1) * width;
        let stock = &stock[width..][span.clone()];
        let cells = charges[span.clone()].iter().zip(&view.demand[span]);
        for ((charge, demand), (stock, lane)) in cells.zip(stock.iter().zip(lanes.iter_mut())) {
            // Losses are what was asked for, less what was there, and more what is left.
            *lane += charge * stock + lost * demand;
        }
    }
    let left = sum(&stock[view.periods * width..]);
    sum(lanes) + (item.lost - item.credit) * left * share - item.lost * supply
}

/// A lower bound that is linear in the orders.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut<'a> {
    /// Cost of one more unit of each order, without its own.
    pub(super) slopes: &'a [f64],
    /// Cost of no order.
    pub(super) constant: f64,
}

/// The bound that keeping and selling as in `kept` gives, at charges on stock: slopes by order; the constant.
pub(super) fn cut(
    view: View<'_>,
    kept: &[u8],
    charges: &[f64],
    slopes: &mut [f64],
    lanes: &mut Vec<f64>,
) -> f64 {
    let (width, item) = (view.scenarios, view.item);
    let share = 1.0 / width as f64;
    let sold = -item.lost * share;
    lanes.clear();
    lanes.resize(width, -item.credit * share);
    lanes.resize(2 * width, 0.0);
    let (duals, constants) = lanes.split_at_mut(width);
    for period in (0..view.periods).rev() {
        let earlier = view.arriving.get(period).copied().unwrap_or(0.0);
        let span = period * width..(period + 1) * width;
        // Equal lengths and no branch: these loops are most of the work.
        let cells = charges[span.clone()].iter().zip(&kept[span.clone()]).zip(&view.demand[span]);
        for (((charge, kept), demand), (dual, constant)) in
            cells.zip(duals.iter_mut().zip(constants.iter_mut()))
        {
            let held = charge + *dual;
            let mask = u64::from(*kept).wrapping_neg();
            *dual = f64::from_bits(held.to_bits() & mask | sold.to_bits() & !mask);
            *constant += *dual * (earlier - demand);
        }
        if let Some(order) = period.checked_sub(item.lead_time) {
            slopes[order] = sum(duals);
        }
    }
    sum(constants) + item.opening * sum(duals)
}

/// The same from any duals, by period and scenario: each is brought between selling and keeping first.
pub(super) fn corrected(view: View<'_>, duals: &[f64], charges: &[f64], slopes: &mut [f64]) -> f64 {
    let (width, item) = (view.scenarios, view.item);
    let share = 1.0 / width as f64;
    let mut next = vec![-item.credit * share; width];
    let mut constants = vec![0.0; width];
    for period in (0..view.periods).rev() {
        let earlier = view.arriving.get(period).copied().unwrap_or(0.0);
        for lane in 0..width {
            let at = period * width + lane;
            let dual = duals[at].max(-item.lost * share).min(charges[at] + next[lane]);
            next[lane] = dual;
            constants[lane] += dual * (earlier - view.demand[at]);
        }
        if let Some(order) = period.checked_sub(item.lead_time) {
            slopes[order] = sum(&next);
        }
    }
    sum(&constants) + item.opening * sum(&next)
}

/// Least value of a bound that is linear in the orders, where each order is between 0 and its most.
pub(super) fn least(cut: Cut<'_>, order_costs: &[f64], most: &[f64]) -> f64 {
    let slopes = cut.slopes.iter().zip(order_costs).zip(most);
    cut.constant + slopes.map(|((slope, cost), most)| (slope + cost).min(0.0) * most).sum::<f64>()
}
