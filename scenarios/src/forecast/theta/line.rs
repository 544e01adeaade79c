//! A trend line that is brought up to date with each demand.

/// The straight line through demand so far, by least squares, brought up to date as in Welford,
/// *Note on a Method for Calculating Corrected Sums of Squares and Products*, Technometrics 4 (1962)
/// 419–420.
#[derive(Clone, Default)]
pub(super) struct Line {
    /// Periods that have passed.
    time: f64,
    /// Periods seen.
    pub(super) observed: f64,
    mean_time: f64,
    mean_demand: f64,
    /// Sums of squares of times and of products with demand, around the means.
    squares: f64,
    products: f64,
}

impl Line {
    /// The next period, with its demand if that was seen.
    pub(super) fn next(&mut self, demand: Option<f64>) {
        self.time += 1.0;
        let Some(demand) = demand else { return };
        self.observed += 1.0;
        let away = self.time - self.mean_time;
        self.mean_time += away / self.observed;
        self.mean_demand += (demand - self.mean_demand) / self.observed;
        self.squares += away * (self.time - self.mean_time);
        self.products += away * (demand - self.mean_demand);
    }

    /// Its value at time 0 and its slope.
    pub(super) fn coefficients(&self) -> (f64, f64) {
        let slope = if self.squares > 0.0 { self.products / self.squares } else { 0.0 };
        (self.mean_demand - slope * self.mean_time, slope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recursion of the paper for the line: `B_t = ((t − 2)·B_{t−1} + 6/t·(y_t − ȳ_{t−1}))/(t + 1)`.
    #[test]
    fn the_line_is_that_of_the_paper() {
        let mut line = Line::default();
        let (mut slope, mut mean) = (0.0, 0.0);
        for (period, demand) in [3.0, 7.0, 1.0, 4.0, 9.0, 2.0].into_iter().enumerate() {
            let t = period as f64 + 1.0;
            line.next(Some(demand));
            slope = ((t - 2.0) * slope + 6.0 / t * (demand - mean)) / (t + 1.0);
            mean += (demand - mean) / t;
            if period > 0 {
                let (intercept, found) = line.coefficients();
                assert!((found - slope).abs() < 1e-12, "{found} {slope}");
                assert!((intercept - (mean - slope * (t + 1.0) / 2.0)).abs() < 1e-12);
            } else {
                slope = 0.0;
            }
        }
    }
}
