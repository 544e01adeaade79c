//! Which form of exponential smoothing fits demand.

use super::form::{Error, Form, MOST_PLACES, Parameters, Season, Trend};
use super::search::{Fit, fit_from, penalty};
use super::series::Series;

/// Shares by which the level moves, where searches start: there are often several optima, one of
/// them a level that does not move.
const SHARES: [f64; 3] = [0.1, 0.5, STILL];
/// A share of nearly nothing.
const STILL: f64 = 1e-4;
/// By how much the first start may miss the limit for others to be tried.
const MISSED: f64 = 8.0;

/// The form with the least of Akaike's corrected criterion, of those that `series` allows.
///
/// Forms with multiplicative parts want positive demand. Additive errors do not go with
/// multiplicative seasons, whose forecasts may have an infinite variance (Hyndman et al. 2008,
/// section 15.2). `None` if demand is too short even for the simplest.
pub fn choose(series: &Series) -> Option<Fit> {
    let mut chosen = Chosen { series, best: None };
    let seasons: &[Season] = match (seasonal(series), series.positive()) {
        (false, _) => &[Season::None],
        (true, false) => &[Season::Additive, Season::None],
        (true, true) => &[Season::Additive, Season::Multiplicative, Season::None],
    };
    let level: Vec<Options> = seasons.iter().map(|season| chosen.level(*season)).collect();
    for (season, found) in seasons.iter().zip(&level) {
        chosen.trends(*season, found);
    }
    chosen.best
}

/// Whether the cycle was seen twice.
pub(in crate::forecast) fn seasonal(series: &Series) -> bool {
    (2..=MOST_PLACES).contains(&series.places()) && series.seen() >= 2 * series.places()
}

/// The best of the fits of `form` from a few starts; `None` unless its criterion is below
/// `hopeless`.
pub fn best(form: Form, series: &Series, hopeless: f64) -> Option<Fit> {
    let shares = || SHARES.map(|share| series.start(form, share)).to_vec();
    let starts = match form.trend {
        Trend::None => shares(),
        trend => {
            let fit = |trend| best(Form { trend, ..form }, series, f64::INFINITY);
            let straight = (trend == Trend::Damped).then(|| fit(Trend::Additive)).flatten();
            drifting(form, series, fit(Trend::None).as_ref(), straight.as_ref())
        }
    };
    best_of(form, series, &starts, hopeless)
}

fn best_of(form: Form, series: &Series, starts: &[Parameters], hopeless: f64) -> Option<Fit> {
    let mut found: Option<Fit> = None;
    for (number, start) in starts.iter().enumerate() {
        let limit = match &found {
            Some(found) => found.criterion.min(hopeless),
            None if number == 0 => hopeless + MISSED,
            None => return None,
        };
        found = fit_from(form, series, start, limit).or(found);
    }
    found.filter(|found| found.criterion < hopeless)
}

/// Starts for a form with a trend: the fit without, or with a straight trend, and lines that are
/// smoothed a lot, twice or not at all.
fn drifting(
    form: Form,
    series: &Series,
    flat: Option<&Fit>,
    straight: Option<&Fit>,
) -> Vec<Parameters> {
    let fits = straight.into_iter().chain(flat);
    let mut starts: Vec<Parameters> = fits.map(|fit| extended(fit, form, series)).collect();
    for (alpha, of_alpha) in [(0.05, 0.1), (0.005, 0.9), (STILL, 0.5)] {
        let mut start = series.start(form, alpha);
        start.beta = of_alpha * alpha;
        starts.push(start);
    }
    if form.trend == Trend::Damped {
        for start in &mut starts {
            start.phi = 0.98;
        }
        if let Some(flat) = flat {
            starts.push(Parameters { phi: 0.85, ..extended(flat, form, series) });
        }
    }
    starts
}

/// A start for `form` at the parameters of a fit of another, as far as they mean the same.
fn extended(fit: &Fit, form: Form, series: &Series) -> Parameters {
    let known = &fit.parameters;
    let mut start = series.start(form, known.alpha);
    if fit.form.trended() == form.trended() {
        (start.level, start.beta, start.trend) = (known.level, known.beta, known.trend);
    } else {
        start.beta = STILL * known.alpha;
    }
    if fit.form.seasonal() && form.seasonal() {
        start.gamma = known.gamma;
    }
    if fit.form.season == form.season {
        start.seasons.clone_from(&known.seasons);
    }
    start
}

/// Fits without trend, with either error.
struct Options {
    additive: Option<Fit>,
    multiplicative: Option<Fit>,
}

/// The best form so far.
struct Chosen<'a> {
    series: &'a Series,
    best: Option<Fit>,
}

impl Chosen<'_> {
    fn hopeless(&self) -> f64 {
        self.best.as_ref().map_or(f64::INFINITY, |best| best.criterion)
    }

    fn offer(&mut self, fit: Option<&Fit>) {
        if let Some(fit) = fit
            && fit.criterion < self.hopeless()
        {
            self.best = Some(fit.clone());
        }
    }

    /// Forms without trend: all are fitted to the end, because others start from them.
    fn level(&mut self, season: Season) -> Options {
        let form = |error| Form::new(error, Trend::None, season);
        let additive = (season != Season::Multiplicative)
            .then(|| best(form(Error::Additive), self.series, f64::INFINITY))
            .flatten();
        self.offer(additive.as_ref());
        let multiplicative = self
            .series
            .positive()
            .then(|| {
                let form = form(Error::Multiplicative);
                let near = additive.as_ref().map(|fit| extended(fit, form, self.series));
                let starts = near.map_or_else(
                    || SHARES.map(|share| self.series.start(form, share)).to_vec(),
                    |near| vec![near, self.series.start(form, STILL)],
                );
                best_of(form, self.series, &starts, f64::INFINITY)
            })
            .flatten();
        self.offer(multiplicative.as_ref());
        Options { additive, multiplicative }
    }

    /// Forms with a trend, as long as they may be better than the best so far.
    fn trends(&mut self, season: Season, level: &Options) {
        for (error, flat) in
            [(Error::Additive, &level.additive), (Error::Multiplicative, &level.multiplicative)]
        {
            let Some(flat) = flat else { continue };
            let additive = Form::new(error, Trend::Additive, season);
            if penalty(additive, self.series).is_infinite() {
                continue;
            }
            let starts = drifting(additive, self.series, Some(flat), None);
            let straight = best_of(additive, self.series, &starts, self.hopeless());
            self.offer(straight.as_ref());
            let damped = Form::new(error, Trend::Damped, season);
            let starts = drifting(damped, self.series, Some(flat), straight.as_ref());
            let bent = best_of(damped, self.series, &starts, self.hopeless());
            self.offer(bent.as_ref());
        }
    }
}
