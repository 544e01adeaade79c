//! Prices of the limits by a proximal bundle method.
//!
//! Every pass over the items gives a plan, and the plan a bound on what the pass could give at other
//! prices, linear in them. The next prices are the best by these bounds, less a charge on the distance
//! from the best so far (Lemaréchal 1975; Kiwiel, Mathematical Programming 46 (1990) 105–122, which the
//! choice of the charge follows). The weights of the bounds mix the plans to one that nearly keeps the
//! limits.
//!
//! Prices are measured by what the whole limit is worth at them, and what plans take of a limit as a
//! share of it.

/// What a plan costs and takes.
struct Column {
    cost: f64,
    /// What it takes more than the limit, as a share of the limit.
    excess: Vec<f64>,
    orders: Vec<f64>,
    idle: u32,
}

/// Plans so far and the best prices.
pub(super) struct Bundle {
    columns: Vec<Column>,
    weights: Vec<f64>,
    /// By limit: how far its price moves for a share of excess.
    paces: Vec<f64>,
    centre: Vec<f64>,
    bound: f64,
    first: f64,
    /// Charge on the distance from the centre.
    tightness: f64,
    nulls: u32,
}

/// Prices to try, and what the bounds promise there.
pub(super) struct Proposal {
    pub(super) prices: Vec<f64>,
    pub(super) promise: f64,
}

/// Bounds that are kept.
const MOST_COLUMNS: usize = 70;

fn dot(left: &[f64], right: &[f64]) -> f64 {
    let mut strands = [0.0; 8];
    let (a, b) = (left.chunks_exact(8), right.chunks_exact(8));
    let rest = a.remainder().iter().zip(b.remainder()).map(|(x, y)| x * y).sum::<f64>();
    for (x, y) in a.zip(b) {
        for lane in 0..8 {
            strands[lane] += x[lane] * y[lane];
        }
    }
    strands.iter().sum::<f64>() + rest
}

impl Bundle {
    /// No plan yet; the first step may promise the share `first` of the cost.
    pub(super) fn new(paces: Vec<f64>, centre: Vec<f64>, first: f64) -> Bundle {
        let (columns, weights, bound) = (Vec::new(), Vec::new(), f64::NEG_INFINITY);
        Bundle { columns, weights, paces, centre, bound, first, tightness: 0.0, nulls: 0 }
    }

    /// Adds a plan.
    pub(super) fn push(&mut self, cost: f64, excess: Vec<f64>, orders: Vec<f64>) {
        if self.tightness == 0.0 {
            let over = excess.iter().zip(&self.paces).map(|(e, pace)| e.max(0.0).powi(2) * pace);
            let first = over.sum::<f64>() / (self.first * cost.abs()).max(f64::MIN_POSITIVE);
            self.tightness = if first > 0.0 && first.is_finite() { first } else { 1.0 };
        }
        if self.columns.len() >= MOST_COLUMNS {
            let idle = (0..self.columns.len()).filter(|place| self.weights[*place] == 0.0);
            if let Some(oldest) = idle.max_by_key(|place| self.columns[*place].idle) {
                self.columns.remove(oldest);
                self.weights.remove(oldest);
            }
        }
        self.columns.push(Column { cost, excess, orders, idle: 0 });
        self.weights.push(if self.weights.is_empty() { 1.0 } else { 0.0 });
    }

    /// The next prices, and weights of the plans: mass goes from the bound that is highest at the prices
    /// to the one that is lowest, as far as it pays (Platt's sequential minimal optimization, 1998).
    pub(super) fn propose(&mut self) -> Proposal {
        /// Steps at most, and the share of the promise at which they are good enough.
        const STEPS: usize = 1_500;
        const ENOUGH: f64 = 0.02;
        let count = self.columns.len();
        let reach: Vec<f64> = self.paces.iter().map(|pace| pace / self.tightness).collect();
        let mut free = self.centre.clone();
        for (column, weight) in self.columns.iter().zip(&self.weights) {
            if *weight > 0.0 {
                shift(&mut free, &reach, *weight, &column.excess);
            }
        }
        let mut prices: Vec<f64> = free.iter().map(|price| price.max(0.0)).collect();
        let mut values = vec![0.0; count];
        let mut promise = f64::NEG_INFINITY;
        let mut change = vec![0.0; prices.len()];
        for step in 0..STEPS {
            for (value, column) in values.iter_mut().zip(&self.columns) {
                *value = column.cost + dot(&column.excess, &prices);
            }
            let to = (0..count).min_by(|a, b| values[*a].total_cmp(&values[*b])).unwrap_or(0);
            let from = (0..count)
                .filter(|place| self.weights[*place] > 0.0)
                .max_by(|a, b| values[*a].total_cmp(&values[*b]))
                .unwrap_or(to);
            promise = values[to];
            let mixed: f64 = values.iter().zip(&self.weights).map(|(v, w)| v * w).sum();
            let enough = ENOUGH * (promise - self.bound).max(1e-9 * promise.abs());
            if mixed - promise <= enough || to == from || step + 1 == STEPS {
                break;
            }
            for (change, (a, b)) in change
                .iter_mut()
                .zip(self.columns[to].excess.iter().zip(&self.columns[from].excess))
            {
                *change = a - b;
            }
            // Prices at zero that would fall stay there and offer no resistance.
            let resistance: f64 = change
                .iter()
                .zip(&reach)
                .zip(&free)
                .map(
                    |((change, reach), free)| {
                        if *free <= 0.0 && *change <= 0.0 { 0.0 } else { change * change * reach }
                    },
                )
                .sum();
            let most = self.weights[from];
            let mass = (values[from] - values[to]) / resistance;
            let mass = if mass < most { mass } else { most };
            self.weights[to] += mass;
            self.weights[from] = if mass == most { 0.0 } else { most - mass };
            shift(&mut free, &reach, mass, &change);
            for (price, free) in prices.iter_mut().zip(&free) {
                *price = free.max(0.0);
            }
        }
        for (column, weight) in self.columns.iter_mut().zip(&self.weights) {
            column.idle = if *weight > 0.0 { 0 } else { column.idle + 1 };
        }
        Proposal { prices, promise }
    }

    /// Lets prices move further.
    pub(super) fn loosen(&mut self) {
        self.tightness *= 0.1;
    }

    /// The mixture of the plans.
    pub(super) fn mixture(&self) -> Vec<f64> {
        let mut orders = vec![0.0; self.columns[0].orders.len()];
        for (column, weight) in self.columns.iter().zip(&self.weights) {
            if *weight > 0.0 {
                for (order, own) in orders.iter_mut().zip(&column.orders) {
                    *order += weight * own;
                }
            }
        }
        orders
    }

    /// What the pass at a proposal gave, whose plan was pushed last: whether the centre moved.
    pub(super) fn judge(&mut self, proposal: &Proposal, bound: f64) -> bool {
        /// Share of the promise that moves the centre.
        const SERIOUS: f64 = 0.1;
        if self.bound == f64::NEG_INFINITY {
            self.bound = bound;
            return true;
        }
        let promised = (proposal.promise - self.bound).max(1e-12 * self.bound.abs());
        let ratio = (bound - self.bound) / promised;
        let wanted = 2.0 * self.tightness * (1.0 - ratio);
        if ratio >= SERIOUS {
            if ratio > 0.5 {
                self.tightness = wanted.clamp(0.2 * self.tightness, self.tightness);
            }
            self.centre.clone_from(&proposal.prices);
            self.bound = bound;
            self.nulls = 0;
            return true;
        }
        self.nulls += 1;
        let last = &self.columns[self.columns.len() - 1];
        let error = last.cost + dot(&last.excess, &self.centre) - self.bound;
        if error > 2.0 * promised && self.nulls > 1 {
            self.tightness = wanted.min(3.0 * self.tightness);
            self.nulls = 0;
        }
        false
    }
}

fn shift(free: &mut [f64], reach: &[f64], mass: f64, change: &[f64]) {
    for ((free, reach), change) in free.iter_mut().zip(reach).zip(change) {
        *free += mass * reach * change;
    }
}
