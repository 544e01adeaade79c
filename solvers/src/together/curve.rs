//! What a position is worth to an item alone.
//!
//! The cost of a review is charged to the position after it, over the periods that its order
//! covers: those after the lead time until the next order can arrive. Between reviews the position
//! falls by what is asked for, not below zero where unmet demand is lost. The best reorder and
//! order-up-to level of that chain, its average cost `g` and its relative values come from one pass
//! over a grid of positions for each reorder level: with `v = 0` at and below the reorder level,
//! `W(y) = G(y) − g + E v(y − D)` depends on lower positions alone, so `W = a − g b` with known `a`
//! and `b`, and `g = (a(S) + k)/b(S)` (Zheng & Federgruen, Operations Research 39 (1991) 654–665,
//! equation 2). With backorders and a review every period that is exact but for the grid; with lost
//! sales it takes the stock after the lead time as `(y − D)⁺`.

use engine::{Block, Coordinates, Events, HoldingOn, Item, Money, ScenarioSource, Units, Unmet};

use crate::question::SEARCH_SET;

/// Positions of a curve.
const LEVELS: usize = 192;

/// Numbers that a curve travels as.
pub const CURVE_CELLS: usize = LEVELS + 5;

/// What a position just after a review costs from then on, beside that at the reorder level.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// Cost of a period, if the item were alone \[currency/period\].
    pub cost: Money,
    /// Best reorder level \[counts\].
    pub reorder_level: Units,
    /// Best order-up-to level \[counts\].
    pub order_up_to_level: Units,
    low: Units,
    step: Units,
    values: Vec<Money>,
    /// Places of the values on the lower convex hull.
    hull: Vec<usize>,
}

/// What a curve is made from.
pub struct CurveQuestion<'a> {
    /// The item, in counts.
    pub item: &'a Item,
    /// Its demand.
    pub source: &'a dyn ScenarioSource,
    /// The sequence of events.
    pub events: Events,
    /// Length of a scenario \[periods\], and how much of it is warm-up.
    pub periods: [usize; 2],
}

/// What a curve reckons with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reckoning {
    /// Cost of an order \[currency/order\].
    pub order_cost: Money,
    /// Charge on stock beside holding \[currency/count/period\].
    pub stock_price: Money,
}

/// Demand between a review and the arrival of its order, and in the periods that it covers.
struct Window {
    lead: Units,
    covered: Vec<Units>,
}

/// Values of demand between reviews that are told apart.
const ATOMS: usize = 64;

/// Windows that are sampled.
const WINDOWS: usize = 4_096;

impl CurveQuestion<'_> {
    /// A curve for each reckoning; the item's own order cost is none of them.
    pub fn curves(&self, reckonings: impl IntoIterator<Item = Reckoning>) -> Vec<Curve> {
        let windows = self.windows();
        let atoms = atoms(&windows);
        let mean = atoms.iter().sum::<f64>() / atoms.len() as f64;
        let interval = self.events.review_interval() as f64;
        let curve = |reckoning: Reckoning| {
            let holding = self.item.holding_cost_per_unit_period + reckoning.stock_price;
            let order_cost = reckoning.order_cost;
            let (low, step) = self.grid(&windows, mean, order_cost, holding);
            let level = |level: usize| low + step * level as f64;
            let costs: Vec<Money> =
                (0..LEVELS).map(|at| self.cost(&windows, level(at), holding)).collect();
            best(&costs, &atoms, order_cost, (low, step), interval)
        };
        reckonings.into_iter().map(curve).collect()
    }

    fn windows(&self) -> Vec<Window> {
        let [periods, warm_up] = self.periods;
        let scenarios = engine::LANES;
        let mut block = Block::zeros(scenarios, periods, warm_up);
        self.source.fill(Coordinates { set: SEARCH_SET, first_scenario: 0 }, &mut block);
        let lead_time = self.item.lead_time_periods;
        let covers = self.events.review_interval();
        let span = lead_time + covers;
        let mut windows = Vec::new();
        for scenario in 0..scenarios {
            let demand: Vec<Units> = block.scenario(scenario).collect();
            // Short scenarios repeat themselves.
            let at = |period: usize| demand[period % demand.len()];
            let starts = (WINDOWS / scenarios).min(demand.len());
            let apart = (demand.len() / starts).max(1);
            for start in (0..starts).map(|start| start * apart) {
                let lead = (start..start + lead_time).map(at).sum();
                let covered = (start + lead_time..start + span).map(at).collect();
                windows.push(Window { lead, covered });
            }
        }
        windows
    }

    /// Lowest position and distance of positions: up to what a few of the best orders reach.
    fn grid(
        &self,
        windows: &[Window],
        mean: Units,
        order_cost: Money,
        holding: Money,
    ) -> (Units, Units) {
        let total = |window: &Window| window.lead + window.covered.iter().sum::<f64>();
        let mut totals: Vec<f64> = windows.iter().map(total).collect();
        totals.sort_by(f64::total_cmp);
        let largest = totals[(totals.len() - 1) * 999 / 1000];
        let rate = mean / self.events.review_interval() as f64;
        let quantity = (2.0 * order_cost * rate / holding).sqrt();
        let quantity = if quantity.is_finite() { quantity } else { 0.0 };
        let quantity = quantity.min(rate * self.periods[0] as f64).max(mean);
        let low = if self.events.unmet.loses() { 0.0 } else { -totals[totals.len() / 2].ceil() };
        let high = 1.2 * largest + 3.0 * quantity + 10.0;
        (low, ((high - low) / LEVELS as f64).ceil().max(1.0))
    }

    /// Expected cost of the periods that an order which brings the position to `position` covers.
    fn cost(&self, windows: &[Window], position: Units, holding: Money) -> Money {
        let loses = self.events.unmet == Unmet::Lost;
        let average = self.events.holding_on == HoldingOn::Average;
        let mut sum = 0.0;
        for window in windows {
            let mut stock = position - window.lead;
            stock = if loses { stock.max(0.0) } else { stock };
            for demand in &window.covered {
                let before = stock.max(0.0);
                stock -= demand;
                let short = (-stock).max(0.0);
                let after = stock.max(0.0);
                let held = if average { 0.5 * (before + after) } else { after };
                sum += holding * held + self.item.shortage_cost_per_unit * short;
                stock = if loses { after } else { stock };
            }
        }
        sum / windows.len() as f64
    }
}

/// Demand between reviews: means of equally many samples each.
fn atoms(windows: &[Window]) -> Vec<Units> {
    let mut all: Vec<f64> = windows.iter().map(|window| window.covered.iter().sum()).collect();
    all.sort_by(f64::total_cmp);
    let count = ATOMS.min(all.len());
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
    (0..count).map(|at| mean(&all[at * all.len() / count..(at + 1) * all.len() / count])).collect()
}

/// The curve of the best levels.
fn best(
    costs: &[Money],
    atoms: &[Units],
    order_cost: Money,
    (low, step): (Units, Units),
    interval: f64,
) -> Curve {
    // Weights of the positions that lie `down` below, from demand between grid points.
    let mut falls: Vec<f64> = Vec::new();
    for demand in atoms {
        let down = demand / step;
        let (whole, part) = (down.floor() as usize, down.fract());
        falls.resize(falls.len().max(whole + 2), 0.0);
        falls[whole] += (1.0 - part) / atoms.len() as f64;
        falls[whole + 1] += part / atoms.len() as f64;
    }
    let stays = falls[0];
    let mut found: Option<(f64, usize, usize, Vec<f64>)> = None;
    let top = costs.len();
    for reorder in 0..top - 1 {
        let (mut a, mut b) = (vec![0.0; top], vec![0.0; top]);
        for at in 0..top {
            if at <= reorder {
                (a[at], b[at]) = (costs[at], 1.0);
                continue;
            }
            let (mut sum_a, mut sum_b) = (costs[at], 1.0);
            for down in 1..falls.len().min(at - reorder) {
                sum_a += falls[down] * a[at - down];
                sum_b += falls[down] * b[at - down];
            }
            // A position that nothing ever leaves is charged for ever: it is no order-up-to level.
            let leaves = (1.0 - stays).max(1e-9);
            (a[at], b[at]) = (sum_a / leaves, sum_b / leaves);
        }
        let rate = |up_to: usize| (a[up_to] + order_cost) / b[up_to];
        let up_to =
            (reorder + 1..top).min_by(|&l, &r| rate(l).total_cmp(&rate(r))).unwrap_or(top - 1);
        let cost = rate(up_to);
        if found.as_ref().is_none_or(|best| cost < best.0) {
            let values = a.iter().zip(&b).map(|(a, b)| a - cost * b).collect();
            found = Some((cost, reorder, up_to, values));
        }
    }
    let (cost, reorder, up_to, values) = found.unwrap_or((0.0, 0, top - 1, vec![0.0; top]));
    Curve {
        cost: cost / interval,
        reorder_level: low + step * reorder as f64,
        order_up_to_level: low + step * up_to as f64,
        low,
        step,
        hull: hull(&values),
        values,
    }
}

/// Places of the values that lie on their lower convex hull (Andrew, Information Processing Letters
/// 9 (1979) 216–219).
fn hull(values: &[Money]) -> Vec<usize> {
    let mut hull: Vec<usize> = Vec::new();
    for (at, value) in values.iter().enumerate() {
        while let [.., before, last] = hull[..] {
            let rise = (value - values[before]) * (last - before) as f64;
            if (values[last] - values[before]) * ((at - before) as f64) < rise {
                break;
            }
            hull.pop();
        }
        hull.push(at);
    }
    hull
}

impl Curve {
    /// What `position` just after a review costs from then on \[currency\].
    pub fn at(&self, position: Units) -> Money {
        let place = (position - self.low) / self.step;
        let last = self.values.len() - 1;
        // Beyond the ends as steep as at them.
        let from = (place.floor().max(0.0) as usize).min(last - 1);
        let (left, right) = (self.values[from], self.values[from + 1]);
        left + (right - left) * (place - from as f64)
    }

    /// The position from `position` to `highest` that costs least if a count costs `price` beside.
    pub fn best(&self, position: Units, highest: Units, price: Money) -> Units {
        let place = |position: Units| ((position - self.low) / self.step).max(0.0);
        let first = place(position).ceil() as usize;
        let end = (place(highest).floor() as usize + 1).min(self.values.len());
        let mut best = (self.at(position) + price * position, position);
        for at in first..end {
            let level = self.low + self.step * at as f64;
            let value = self.values[at] + price * level;
            if value < best.0 {
                best = (value, level);
            }
        }
        best.1
    }

    /// The position that costs least of all if a count costs `price` beside.
    pub fn cheapest(&self, price: Money) -> Units {
        // Along the hull, costs fall and then rise.
        let rises = |pair: &[usize]| {
            let slope = (self.values[pair[1]] - self.values[pair[0]]) / (pair[1] - pair[0]) as f64;
            slope + price * self.step >= 0.0
        };
        let (mut low, mut high) = (0, self.hull.len() - 1);
        while low < high {
            let middle = usize::midpoint(low, high);
            if rises(&self.hull[middle..middle + 2]) { high = middle } else { low = middle + 1 }
        }
        self.low + self.step * self.hull[low] as f64
    }

    /// The highest position that is known \[counts\].
    pub fn highest(&self) -> Units {
        self.low + self.step * (self.values.len() - 1) as f64
    }

    /// Lowest position that is known, and the distance of those above.
    pub(super) fn grid(&self) -> (Units, Units, usize) {
        (self.low, self.step, self.values.len())
    }

    /// The curve as numbers.
    ///
    /// # Panics
    ///
    /// If there is no room for [`CURVE_CELLS`].
    pub fn pack(&self, cells: &mut [f64]) {
        let head = [self.cost, self.reorder_level, self.order_up_to_level, self.low, self.step];
        cells[..5].copy_from_slice(&head);
        cells[5..CURVE_CELLS].copy_from_slice(&self.values);
    }

    /// The curve that was packed as `cells`.
    ///
    /// # Panics
    ///
    /// If they are fewer than [`CURVE_CELLS`].
    pub fn unpack(cells: &[f64]) -> Curve {
        Curve {
            cost: cells[0],
            reorder_level: cells[1],
            order_up_to_level: cells[2],
            low: cells[3],
            step: cells[4],
            values: cells[5..CURVE_CELLS].to_vec(),
            hull: hull(&cells[5..CURVE_CELLS]),
        }
    }
}
