//! Which form of exponential smoothing fits demand.

use super::form::{Error, Form, MOST_PLACES, Parameters, Season, Trend};
use super::search::{Fit, fit_from, penalty};
use super::series::Series;

/// Levels of forms without trend start with moving by these shares.
const SHARES: [f64; 2] = [0.1, 0.5];
/// Share of forms with a trend whose search starts with a line.
const STEADY: f64 = 0.05;

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

/// The better of the fits of `form` from a few starts; `None` unless its criterion is below
/// `hopeless`.
pub fn best(form: Form, series: &Series, hopeless: f64) -> Option<Fit> {
    let starts = match form.trended() {
        false => SHARES.map(|share| series.start(form, share)).to_vec(),
        true => {
            let flat = Form { trend: Trend::None, ..form };
            let flat = best(flat, series, f64::INFINITY);
            let warm = flat.map(|flat| extended(&flat, form, series));
            warm.into_iter().chain([series.start(form, STEADY)]).collect()
        }
    };
    best_of(form, series, &starts, hopeless)
}

fn best_of(form: Form, series: &Series, starts: &[Parameters], hopeless: f64) -> Option<Fit> {
    let mut found: Option<Fit> = None;
    for start in starts {
        let limit = found.as_ref().map_or(hopeless, |found| found.criterion);
        found = fit_from(form, series, start, limit).or(found);
    }
    found
}

/// A start for `form` at the parameters of a fit of another, as far as they mean the same.
fn extended(fit: &Fit, form: Form, series: &Series) -> Parameters {
    let mut start = series.start(form, fit.parameters.alpha);
    let known = &fit.parameters;
    start.level = known.level;
    if fit.form.trended() == form.trended() {
        (start.beta, start.trend) = (known.beta, known.trend);
    } else {
        start.trend = 0.0;
    }
    if fit.form.trended() && form.trend == Trend::Damped {
        start.phi = 0.97;
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
                let near = near.map_or_else(
                    || SHARES.map(|share| self.series.start(form, share)).to_vec(),
                    |near| vec![near],
                );
                best_of(form, self.series, &near, f64::INFINITY)
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
            let starts =
                [extended(flat, additive, self.series), self.series.start(additive, STEADY)];
            let straight = best_of(additive, self.series, &starts, self.hopeless());
            self.offer(straight.as_ref());
            let damped = Form::new(error, Trend::Damped, season);
            let mut starts = vec![extended(flat, damped, self.series)];
            starts.extend(straight.iter().map(|fit| extended(fit, damped, self.series)));
            let bent = best_of(damped, self.series, &starts, self.hopeless());
            self.offer(bent.as_ref());
        }
    }
}
