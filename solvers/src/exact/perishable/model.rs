//! An item that spoils as a decision process.
//!
//! A state is a number whose digits are amounts: what is under way, the last order first, and then
//! what is on the shelf, the freshest first. Demand takes units from the shelf; then the oldest
//! stock is dropped, everything moves by a place, and the order is put in front.

use engine::Issue;

use super::super::chain::{scaled, tails};
use super::super::special::{
    InputError, OnePeriod, between, not_negative, positive, probabilities,
};
use super::{Horizon, OrderTable, Perishable};

/// Most states.
const STATES: usize = 4_000_000;
/// Largest discount.
const DISCOUNT: f64 = 0.9999;

/// The item as a decision process.
pub(super) struct Model<'a> {
    item: &'a Perishable<'a>,
    /// Amounts from zero to the largest order; the state is a number with this base, the oldest
    /// stock its last digit.
    pub(super) base: usize,
    /// Value of the digits of the shelf, in the order in which they are sold.
    places: Vec<usize>,
    /// Value of the first digit, where the order goes.
    front: usize,
    /// Probabilities of each demand.
    demand: Vec<f64>,
    /// Probabilities of at least so much demand.
    tails: Vec<f64>,
    /// Expected charges of a period by state, without those of the order.
    pub(super) charges: Vec<f64>,
}

impl<'a> Model<'a> {
    pub(super) fn new(item: &'a Perishable<'a>) -> Result<Model<'a>, InputError> {
        check(item)?;
        let base = item.largest_order + 1;
        let digits = item.lead_time + item.shelf_life - 1;
        let states = libm::pow(base as f64, digits as f64);
        if states > STATES as f64 {
            let (value, high) = (states, STATES as f64);
            return Err(InputError::Outside { field: "states", value, low: 1.0, high });
        }
        let value = |digit: usize| base.pow(digit as u32);
        let mut places: Vec<usize> = (0..item.shelf_life).map(value).collect();
        if item.issue == Issue::Lifo {
            places.reverse();
        }
        let demand = scaled(item.demand);
        let tails = tails(&demand);
        let loss = OnePeriod::new(&demand, 1.0, 1.0);
        let (front, charges) = (value(digits - 1), Vec::new());
        let mut model = Model { item, base, places, front, demand, tails, charges };
        model.charges = (0..states as usize).map(|state| model.charge(state, &loss)).collect();
        Ok(model)
    }

    /// What a digit of `state` counts.
    fn digit(&self, state: usize, place: usize) -> usize {
        state / place % self.base
    }

    fn on_shelf(&self, state: usize) -> usize {
        self.places.iter().map(|&place| self.digit(state, place)).sum()
    }

    /// Visits what each demand leaves, with its probability.
    fn after_demand(&self, state: usize, mut visit: impl FnMut(usize, f64)) {
        let (mut left, mut sold) = (state, 0);
        let beyond = |units: usize| self.tails.get(units).copied().unwrap_or(0.0);
        for &place in &self.places {
            for _ in 0..self.digit(state, place) {
                visit(left, self.demand.get(sold).copied().unwrap_or(0.0));
                left -= place;
                sold += 1;
            }
        }
        visit(left, beyond(sold));
    }

    /// Expected shortage, waste and holding of a period.
    fn charge(&self, state: usize, loss: &OnePeriod) -> f64 {
        let mut sum = self.item.shortage * loss.loss(self.on_shelf(state) as i64);
        self.after_demand(state, |left, probability| {
            let wasted = left % self.base;
            let kept = self.on_shelf(left) - wasted;
            let charge = self.item.waste * wasted as f64 + self.item.holding * kept as f64;
            sum += probability * charge;
        });
        sum
    }

    /// Visits the places of the next state without the order, with their probabilities.
    fn next(&self, state: usize, mut visit: impl FnMut(usize, f64)) {
        let (mut last, mut sum) = (usize::MAX, 0.0);
        self.after_demand(state, |left, probability| {
            let rest = left / self.base;
            if rest != last && sum > 0.0 {
                visit(last, sum);
                sum = 0.0;
            }
            last = rest;
            sum += probability;
        });
        if sum > 0.0 {
            visit(last, sum);
        }
    }

    /// The cost of the best order, which is noted.
    pub(super) fn improved(&self, state: usize, values: &[f64], order: &mut u32) -> f64 {
        let mut costs = vec![0.0; self.base];
        self.next(state, |rest, probability| {
            for (cost, row) in costs.iter_mut().zip(values.chunks_exact(self.front)) {
                *cost += probability * row[rest];
            }
        });
        let mut best = f64::INFINITY;
        for (units, later) in (0..).zip(costs) {
            let cost = self.item.unit_cost * f64::from(units) + self.item.discount * later;
            if cost < best {
                (best, *order) = (cost, units);
            }
        }
        self.charges[state] + best
    }

    /// Width of the bounds on the cost for ever, relative to the cost.
    pub(super) fn width(&self, values: &[f64], next: &[f64]) -> f64 {
        let (mut low, mut high, mut largest) = (f64::INFINITY, f64::NEG_INFINITY, 0.0_f64);
        for (value, next) in values.iter().zip(next) {
            low = low.min(next - value);
            high = high.max(next - value);
            largest = largest.max(next.abs());
        }
        let weight = self.item.discount / (1.0 - self.item.discount);
        weight * (high - low) / (1.0 + largest + weight * high.abs())
    }

    pub(super) fn base_stock(&self, level: usize) -> OrderTable {
        let position = |state: usize| -> usize {
            let digits = std::iter::successors(Some(state), |rest| Some(rest / self.base));
            digits.take_while(|rest| *rest > 0).map(|rest| rest % self.base).sum()
        };
        let order =
            |state| level.saturating_sub(position(state)).min(self.item.largest_order) as u32;
        OrderTable { base: self.base, orders: (0..self.charges.len()).map(order).collect() }
    }

    /// Expected discounted cost of `policy` from an empty shelf with nothing under way.
    pub(super) fn cost(&self, policy: &OrderTable, horizon: Horizon) -> f64 {
        let walk = Walk::new(self, policy);
        let mut values = vec![0.0; walk.charges.len()];
        for _ in 0..horizon.periods {
            values = walk.later(&values);
            for (value, charge) in values.iter_mut().zip(&walk.charges) {
                *value = charge + self.item.discount * *value;
            }
        }
        for _ in 0..horizon.warm_up {
            values = walk.later(&values);
        }
        values[0]
    }
}

/// The states that a policy can reach from an empty shelf with nothing under way, that one first.
struct Walk {
    /// Where each state's transitions begin, and the end of the last.
    starts: Vec<usize>,
    /// The states they lead to, with their probabilities.
    transitions: Vec<(u32, f64)>,
    /// Expected charges of a period.
    charges: Vec<f64>,
}

impl Walk {
    fn new(model: &Model<'_>, policy: &OrderTable) -> Walk {
        let mut places = vec![u32::MAX; model.charges.len()];
        places[0] = 0;
        let mut states = vec![0];
        let mut walk = Walk { starts: vec![0], transitions: Vec::new(), charges: Vec::new() };
        while walk.charges.len() < states.len() {
            let state = states[walk.charges.len()];
            let order = policy.orders[state] as usize;
            model.next(state, |rest, probability| {
                let target = order * model.front + rest;
                if places[target] == u32::MAX {
                    places[target] = states.len() as u32;
                    states.push(target);
                }
                walk.transitions.push((places[target], probability));
            });
            walk.starts.push(walk.transitions.len());
            walk.charges.push(model.charges[state] + model.item.unit_cost * order as f64);
        }
        walk
    }

    /// Expected value a period later, by state.
    fn later(&self, values: &[f64]) -> Vec<f64> {
        let expected = |range: &[usize]| -> f64 {
            let transitions = &self.transitions[range[0]..range[1]];
            transitions.iter().map(|&(target, weight)| weight * values[target as usize]).sum()
        };
        self.starts.windows(2).map(expected).collect()
    }
}

/// Refuses nonsense.
fn check(item: &Perishable<'_>) -> Result<(), InputError> {
    probabilities("demand", item.demand)?;
    positive("lead_time", item.lead_time as f64)?;
    positive("shelf_life", item.shelf_life as f64)?;
    positive("largest_order", item.largest_order as f64)?;
    not_negative("unit_cost", item.unit_cost)?;
    not_negative("holding", item.holding)?;
    not_negative("shortage", item.shortage)?;
    not_negative("waste", item.waste)?;
    between("discount", item.discount, (0.0, DISCOUNT))
}
