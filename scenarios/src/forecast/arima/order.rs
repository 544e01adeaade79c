//! How many coefficients of each kind.

use super::polynomial::{BLOCK, expanded, from_partial, roots_beyond, to_partial};

/// Numbers of coefficients of `φ(B)·Φ(B^m)·(w_t − μ) = θ(B)·Θ(B^m)·e_t`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Order {
    /// Coefficients `p` of demand just past.
    pub autoregressive: usize,
    /// Coefficients `P` of demand in past seasons.
    pub seasonal_autoregressive: usize,
    /// Coefficients `q` of errors just past.
    pub moving: usize,
    /// Coefficients `Q` of errors in past seasons.
    pub seasonal_moving: usize,
    /// Whether the mean `μ` is another than 0.
    pub constant: bool,
}

/// Most coefficients of each kind, in the order in which they are kept.
pub(super) const MOST: [usize; 4] = [5, 2, 5, 2];
/// Most coefficients in all.
pub(super) const ALL: usize = 14;
/// Largest size of a partial autocorrelation: what is beyond is a unit root.
const LARGEST_PARTIAL: f64 = 0.9995;

impl Order {
    /// `p`, `P`, `q` and `Q`.
    pub fn counts(self) -> [usize; 4] {
        let Order { autoregressive, seasonal_autoregressive, moving, seasonal_moving, .. } = self;
        [autoregressive, seasonal_autoregressive, moving, seasonal_moving]
    }

    /// The order with these `p`, `P`, `q` and `Q`.
    pub fn of(counts: [usize; 4], constant: bool) -> Order {
        let [autoregressive, seasonal_autoregressive, moving, seasonal_moving] = counts;
        Order { autoregressive, seasonal_autoregressive, moving, seasonal_moving, constant }
    }

    /// Number of coefficients, the mean not among them.
    pub fn coefficients(self) -> usize {
        self.counts().iter().sum()
    }

    /// Number of estimated values: coefficients, mean and variance.
    pub fn estimated(self) -> usize {
        self.coefficients() + usize::from(self.constant) + 1
    }

    /// Periods before the first whose demand all coefficients say something about.
    pub(super) fn reach(self, places: usize) -> usize {
        self.autoregressive + self.seasonal_autoregressive * places
    }
}

/// Values of the coefficients of an order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coefficients {
    /// How many of each kind.
    pub order: Order,
    values: [f64; ALL],
}

impl Coefficients {
    /// All of them 0.
    pub(super) fn zero(order: Order) -> Coefficients {
        Coefficients { order, values: [0.0; ALL] }
    }

    /// `φ`, `Φ`, `θ` and `Θ`.
    pub fn blocks(&self) -> [&[f64]; 4] {
        let [p, seasonal_p, q, seasonal_q] = self.order.counts();
        let (ar, rest) = self.values.split_at(p);
        let (seasonal_ar, rest) = rest.split_at(seasonal_p);
        let (ma, rest) = rest.split_at(q);
        [ar, seasonal_ar, ma, &rest[..seasonal_q]]
    }

    /// All in a row.
    pub fn values(&self) -> &[f64] {
        &self.values[..self.order.coefficients()]
    }

    pub(super) fn values_mut(&mut self) -> &mut [f64] {
        &mut self.values[..self.order.coefficients()]
    }

    /// The same for another order, with 0 for coefficients that are new.
    pub(super) fn extended(&self, order: Order) -> Coefficients {
        let mut extended = Coefficients::zero(order);
        let (mut start, counts) = (0, order.counts());
        for (block, count) in self.blocks().into_iter().zip(counts) {
            let common = block.len().min(count);
            extended.values[start..start + common].copy_from_slice(&block[..common]);
            start += count;
        }
        extended
    }

    /// Whether the process is stationary and its errors follow from its past, with all roots of the
    /// four polynomials beyond `radius`.
    pub(super) fn roots_beyond(&self, radius: f64) -> bool {
        let signs = [1.0, 1.0, -1.0, -1.0];
        self.blocks().iter().zip(signs).all(|(block, sign)| roots_beyond(radius, block, sign))
    }

    /// Shrinks each block until it is fine.
    pub(super) fn tame(&mut self) {
        let signs = [1.0, 1.0, -1.0, -1.0];
        let mut start = 0;
        for (count, sign) in self.order.counts().into_iter().zip(signs) {
            let block = &mut self.values[start..start + count];
            start += count;
            if block.iter().any(|value| !value.is_finite()) {
                block.fill(0.0);
            }
            let mut halvings = 0;
            while !roots_beyond(1.02, block, sign) && halvings < 60 {
                let mut power = 1.0;
                for value in &mut *block {
                    power *= 0.9;
                    *value *= power;
                }
                halvings += 1;
            }
        }
    }

    /// Numbers without bounds for coefficients that have some: `tanh⁻¹` of partial autocorrelations.
    pub(super) fn free(&self) -> [f64; ALL] {
        self.each_block(|block, sign| {
            let mut partial = [0.0; BLOCK];
            let partial = &mut partial[..block.len()];
            partial.iter_mut().zip(&*block).for_each(|(partial, value)| *partial = sign * value);
            if !to_partial(partial) {
                partial.fill(0.0);
            }
            for (value, partial) in block.iter_mut().zip(partial) {
                *value = libm::atanh((*partial / LARGEST_PARTIAL).clamp(-0.9999, 0.9999));
            }
        })
    }

    /// The coefficients of numbers without bounds.
    pub(super) fn of_free(order: Order, free: &[f64; ALL]) -> Coefficients {
        let values = Coefficients { order, values: *free }.each_block(|block, sign| {
            for value in &mut *block {
                *value = LARGEST_PARTIAL * libm::tanh(*value);
            }
            from_partial(block);
            for value in block {
                *value *= sign;
            }
        });
        Coefficients { order, values }
    }

    fn each_block(&self, change: impl Fn(&mut [f64], f64)) -> [f64; ALL] {
        let mut values = self.values;
        let mut start = 0;
        for (count, sign) in self.order.counts().into_iter().zip([1.0, 1.0, -1.0, -1.0]) {
            change(&mut values[start..start + count], sign);
            start += count;
        }
        values
    }

    /// `φ(B)·Φ(B^m)` as coefficients of past values.
    pub(super) fn autoregression(&self, places: usize) -> Vec<f64> {
        let [ar, seasonal, ..] = self.blocks();
        expanded(ar, seasonal, places, -1.0)
    }

    /// `θ(B)·Θ(B^m)` as coefficients of past errors.
    pub(super) fn moving_average(&self, places: usize) -> Vec<f64> {
        let [.., ma, seasonal] = self.blocks();
        expanded(ma, seasonal, places, 1.0)
    }
}
