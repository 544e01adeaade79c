//! Which order.

use super::Series;
use super::conditional::{Conditional, Work};
use super::exact::{BRIEF, Fit, THOROUGH, likelihood, most_likely};
use super::order::{Coefficients, MOST, Order};

/// Orders whose likelihood is made greatest before one is chosen.
const FINALISTS: usize = 3;
/// How much less plausible than the best an order of least squares may be to be promising.
const MARGIN: f64 = 6.0;
/// Orders that are tried at most.
const TRIED: usize = 94;
/// Least modulus of the roots of an order that is chosen.
const RADIUS: f64 = 1.01;

/// The walk from order to order.
struct Search<'a> {
    series: &'a Series,
    /// The series around 0 and, if a mean is allowed, around that.
    around: [Option<Conditional<'a>>; 2],
    most: [usize; 4],
    visited: Vec<Order>,
    fits: Vec<Fit>,
    work: Work,
}

/// The most plausible order of a series with its coefficients: stepwise search of Hyndman &
/// Khandakar (2008), section 3.2.
///
/// Orders are compared by the exact likelihood: of coefficients of least squares, or of likelier ones
/// if these are promising. That of the best few is then made greatest, and decides.
pub(super) fn chosen(series: &Series, constant: bool) -> Option<Fit> {
    let mut search = Search::new(series, constant);
    let seasonal = usize::from(series.places > 1);
    let starts = [[2, seasonal, 2, seasonal], [0; 4], [1, seasonal, 0, 0], [0, 0, 1, seasonal]];
    for start in starts {
        let fewer = [0, 1, 2, 3].map(|kind| start[kind].min(search.most[kind]));
        search.visit(Order::of(fewer, constant), None);
    }
    if constant {
        search.visit(Order::of([0; 4], false), None);
    }
    while let Some(best) = search.best() {
        if !search.improve(best) {
            break;
        }
    }
    search.fits.sort_by(|left, right| left.criterion.total_cmp(&right.criterion));
    search.fits.truncate(FINALISTS);
    let finals = search.fits.iter().map(|fit| {
        let likelier = most_likely(series, fit.coefficients, THOROUGH);
        likelier.filter(|fit| fit.coefficients.roots_beyond(RADIUS)).unwrap_or(*fit)
    });
    finals.min_by(|left, right| left.criterion.total_cmp(&right.criterion))
}

/// The given order with the coefficients of the greatest likelihood.
pub(super) fn fitted(series: &Series, order: Order) -> Option<Fit> {
    let search = Search::new(series, order.constant);
    let around = search.around[usize::from(order.constant)].as_ref()?;
    let start = around.least(order, None, &mut Work::default())?;
    most_likely(series, start, THOROUGH)
}

impl<'a> Search<'a> {
    fn new(series: &'a Series, constant: bool) -> Search<'a> {
        let periods = series.values.len();
        let around_mean = constant.then(|| Conditional::new(series, series.mean()));
        let shares = [3, 3 * series.places, 3, 3 * series.places];
        let mut most = [0, 1, 2, 3].map(|kind| MOST[kind].min(periods / shares[kind]));
        if series.places == 1 {
            (most[1], most[3]) = (0, 0);
        }
        Search {
            series,
            around: [Some(Conditional::new(series, 0.0)), around_mean],
            most,
            visited: Vec::with_capacity(TRIED),
            fits: Vec::with_capacity(TRIED),
            work: Work::default(),
        }
    }

    fn best(&self) -> Option<Fit> {
        self.fits.iter().min_by(|left, right| left.criterion.total_cmp(&right.criterion)).copied()
    }

    /// Tries the neighbours of `best` until one is better.
    fn improve(&mut self, best: Fit) -> bool {
        const STEPS: [[isize; 4]; 16] = [
            [0, -1, 0, 0],
            [0, 0, 0, -1],
            [0, 1, 0, 0],
            [0, 0, 0, 1],
            [0, -1, 0, -1],
            [0, 1, 0, -1],
            [0, -1, 0, 1],
            [0, 1, 0, 1],
            [-1, 0, 0, 0],
            [0, 0, -1, 0],
            [1, 0, 0, 0],
            [0, 0, 1, 0],
            [-1, 0, -1, 0],
            [1, 0, -1, 0],
            [-1, 0, 1, 0],
            [1, 0, 1, 0],
        ];
        let order = best.coefficients.order;
        let counts = order.counts();
        for step in STEPS {
            let moved = [0, 1, 2, 3].map(|kind| counts[kind].checked_add_signed(step[kind]));
            let [Some(p), Some(seasonal_p), Some(q), Some(seasonal_q)] = moved else { continue };
            let moved = Order::of([p, seasonal_p, q, seasonal_q], order.constant);
            if self.visit(moved, Some(&best)) {
                return true;
            }
        }
        let other = Order { constant: !order.constant, ..order };
        self.visit(other, Some(&best))
    }

    /// Fits an order; whether it is better than `best`.
    fn visit(&mut self, order: Order, best: Option<&Fit>) -> bool {
        let allowed = order.counts().into_iter().zip(self.most).all(|(count, most)| count <= most);
        let known = self.visited.contains(&order) || self.visited.len() >= TRIED;
        if !allowed || known {
            return false;
        }
        self.visited.push(order);
        let near = best.map(|fit| fit.coefficients);
        let Some(fit) = self.fit(order, near.as_ref()) else {
            // Around a mean that is estimated, differences too many more often end at a unit root.
            return order.constant && self.visit(Order { constant: false, ..order }, best);
        };
        self.fits.push(fit);
        best.is_some_and(|best| fit.criterion < best.criterion)
    }

    fn fit(&mut self, order: Order, near: Option<&Coefficients>) -> Option<Fit> {
        let best = self.best().map_or(f64::INFINITY, |best| best.criterion);
        let Search { series, around, work, .. } = self;
        let around = around[usize::from(order.constant)].as_ref()?;
        if series.values.len() < order.reach(series.places) + 2 * order.estimated() + 3 {
            return None;
        }
        let mut coefficients = around.least(order, near, work)?;
        // Least squares may end at a unit root where the likelihood is greatest before.
        let fine = coefficients.roots_beyond(RADIUS);
        if !fine {
            coefficients.tame();
        }
        let fit = likelihood(series, coefficients)?;
        let fit = if !fine || fit.criterion < best + MARGIN {
            most_likely(series, coefficients, BRIEF)?
        } else {
            fit
        };
        fit.coefficients.roots_beyond(RADIUS).then_some(fit)
    }
}
