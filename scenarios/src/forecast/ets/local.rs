//! The likelihood around a point: its value, its gradient and its expected curvature, in one pass.
//!
//! Derivatives of the states travel beside the states. Nothing is allocated, and which form it is
//! was decided when the program was compiled.

use super::form::{Error, Form, MOST_PLACES, Parameters, Season};
use super::series::{Period, Series};
use super::sums::Sums;

/// What each coordinate of a point means: shares are relative to what they may be at most, so that
/// the usual region is a box.
pub(super) mod column {
    pub(crate) const ALPHA: usize = 0;
    /// `beta / alpha`.
    pub(crate) const BETA: usize = 1;
    /// `gamma / (1 - alpha)`.
    pub(crate) const GAMMA: usize = 2;
    pub(crate) const PHI: usize = 3;
    pub(crate) const LEVEL: usize = 4;
    pub(crate) const TREND: usize = 5;
    /// The first of the seasons, all but the last.
    pub(crate) const SEASON: usize = 6;
}
use column::{ALPHA, BETA, GAMMA, LEVEL, PHI, SEASON, TREND};

/// A vector of derivatives or coordinates.
pub(super) type Row<const W: usize> = [f64; W];

/// `-2 log L` around a point.
#[derive(Clone, Debug)]
pub(super) struct Local<const W: usize> {
    pub(super) value: f64,
    pub(super) gradient: Row<W>,
    /// Lower triangle of the expected second derivatives (Fisher's information, twice).
    pub(super) curvature: [Row<W>; W],
}

impl<const W: usize> Local<W> {
    pub(super) fn new() -> Local<W> {
        Local { value: f64::INFINITY, gradient: [0.0; W], curvature: [[0.0; W]; W] }
    }
}

/// Computes [`Local`]; `false` if the point has no likelihood.
pub(super) type Pass<const W: usize> = fn(&Series, &Row<W>, &mut Local<W>) -> bool;

/// The pass for `form`.
pub(super) fn pass_of<const W: usize>(form: Form) -> Pass<W> {
    const NONE: u8 = Season::None as u8;
    const ADDITIVE: u8 = Season::Additive as u8;
    const MULTIPLICATIVE: u8 = Season::Multiplicative as u8;
    match (form.error, form.season) {
        (Error::Additive, Season::None) => pass::<W, false, NONE>,
        (Error::Additive, Season::Additive) => pass::<W, false, ADDITIVE>,
        (Error::Additive, Season::Multiplicative) => pass::<W, false, MULTIPLICATIVE>,
        (Error::Multiplicative, Season::None) => pass::<W, true, NONE>,
        (Error::Multiplicative, Season::Additive) => pass::<W, true, ADDITIVE>,
        (Error::Multiplicative, Season::Multiplicative) => pass::<W, true, MULTIPLICATIVE>,
    }
}

/// The point that stands for `parameters`.
pub(super) fn point<const W: usize>(parameters: &Parameters) -> Row<W> {
    let mut point = [0.0; W];
    point[ALPHA] = parameters.alpha;
    point[BETA] = parameters.beta / parameters.alpha;
    point[GAMMA] = parameters.gamma / (1.0 - parameters.alpha);
    point[PHI] = parameters.phi;
    point[LEVEL] = parameters.level;
    point[TREND] = parameters.trend;
    let free = parameters.seasons.len().saturating_sub(1);
    point[SEASON..SEASON + free].copy_from_slice(&parameters.seasons[..free]);
    point
}

/// The parameters that a point stands for.
pub(super) fn parameters<const W: usize>(form: Form, places: usize, point: &Row<W>) -> Parameters {
    let mut seasons = Vec::new();
    if form.seasonal() {
        seasons.extend_from_slice(&point[SEASON..SEASON + places - 1]);
        seasons.push(form.season_total(places) - seasons.iter().sum::<f64>());
    }
    Parameters {
        alpha: point[ALPHA],
        beta: point[BETA] * point[ALPHA],
        gamma: point[GAMMA] * (1.0 - point[ALPHA]),
        phi: point[PHI],
        level: point[LEVEL],
        trend: point[TREND],
        seasons,
    }
}

/// Sum of squares, in units of the demand's own or of 1, that counts as none.
const NO_ERROR: f64 = 1e-18;

fn pass<const W: usize, const RELATIVE: bool, const SEASON_KIND: u8>(
    series: &Series,
    at: &Row<W>,
    local: &mut Local<W>,
) -> bool {
    let mut states = States::<W>::at::<SEASON_KIND>(at, series.places());
    let mut sums = Sums::new();
    local.curvature = [[0.0; W]; W];
    for period in series.periods() {
        if !period.seen {
            states.go_on();
        } else if !states.learn::<RELATIVE, SEASON_KIND>(period, &mut sums, &mut local.curvature) {
            return false;
        }
    }
    let least = if RELATIVE { NO_ERROR } else { NO_ERROR * series.scale() * series.scale() };
    sums.finish::<RELATIVE>(series.seen() as f64, least, local)
}

/// Level, trend and season, with their derivatives by each coordinate.
struct States<const W: usize> {
    alpha: f64,
    /// `beta`, and `beta / alpha`.
    beta: (f64, f64),
    /// `gamma`, and `gamma / (1 - alpha)`.
    gamma: (f64, f64),
    phi: f64,
    level: f64,
    trend: f64,
    seasons: [f64; MOST_PLACES],
    by_level: Row<W>,
    by_trend: Row<W>,
    by_season: [Row<W>; MOST_PLACES],
}

impl<const W: usize> States<W> {
    fn at<const SEASON_KIND: u8>(point: &Row<W>, places: usize) -> States<W> {
        let alpha = point[ALPHA];
        let mut states = States {
            alpha,
            beta: (point[BETA] * alpha, point[BETA]),
            gamma: (point[GAMMA] * (1.0 - alpha), point[GAMMA]),
            phi: point[PHI],
            level: point[LEVEL],
            trend: point[TREND],
            seasons: [0.0; MOST_PLACES],
            by_level: [0.0; W],
            by_trend: [0.0; W],
            by_season: [[0.0; W]; MOST_PLACES],
        };
        states.by_level[LEVEL] = 1.0;
        states.by_trend[TREND] = 1.0;
        if SEASON_KIND != Season::None as u8 {
            let total =
                if SEASON_KIND == Season::Multiplicative as u8 { places as f64 } else { 0.0 };
            let last = places - 1;
            states.seasons[last] = total;
            for free in 0..last {
                let season = point[SEASON + free];
                states.seasons[free] = season;
                states.seasons[last] -= season;
                states.by_season[free][SEASON + free] = 1.0;
                states.by_season[last][SEASON + free] = -1.0;
            }
        }
        states
    }

    /// The level that a period expects.
    #[inline(always)]
    fn ahead(&self) -> (f64, Row<W>) {
        let mut by = [0.0; W];
        for c in 0..W {
            by[c] = self.phi.mul_add(self.by_trend[c], self.by_level[c]);
        }
        by[PHI] += self.trend;
        (self.phi.mul_add(self.trend, self.level), by)
    }

    /// A period of which nothing is known.
    fn go_on(&mut self) {
        let (level, by_level) = self.ahead();
        (self.level, self.by_level) = (level, by_level);
        self.move_trend(0.0, &[0.0; W]);
    }

    #[inline(always)]
    fn move_trend(&mut self, error: f64, by_error: &Row<W>) {
        let (beta, ratio) = self.beta;
        for c in 0..W {
            self.by_trend[c] = self.phi.mul_add(self.by_trend[c], beta * by_error[c]);
        }
        self.by_trend[PHI] += self.trend;
        self.by_trend[ALPHA] += ratio * error;
        self.by_trend[BETA] += self.alpha * error;
        self.trend = self.phi.mul_add(self.trend, beta * error);
    }

    #[inline(always)]
    fn move_level(&mut self, level: (f64, Row<W>), error: f64, by_error: &Row<W>) {
        for c in 0..W {
            self.by_level[c] = self.alpha.mul_add(by_error[c], level.1[c]);
        }
        self.by_level[ALPHA] += error;
        self.level = self.alpha.mul_add(error, level.0);
    }

    #[inline(always)]
    fn move_season(&mut self, place: usize, error: f64, by_error: &Row<W>) {
        let (gamma, ratio) = self.gamma;
        let by_season = &mut self.by_season[place];
        for c in 0..W {
            by_season[c] = gamma.mul_add(by_error[c], by_season[c]);
        }
        by_season[ALPHA] -= ratio * error;
        by_season[GAMMA] += (1.0 - self.alpha) * error;
        self.seasons[place] = gamma.mul_add(error, self.seasons[place]);
    }

    /// A period that was seen: Hyndman et al. (2008), tables 2.2 and 2.3, and their derivatives.
    #[inline(always)]
    fn learn<const RELATIVE: bool, const SEASON_KIND: u8>(
        &mut self,
        period: &Period,
        sums: &mut Sums<W>,
        curvature: &mut [Row<W>; W],
    ) -> bool {
        let (level, mut by) = self.ahead();
        let demand = period.demand;
        let place = usize::from(period.place);
        let by_level = by;
        if SEASON_KIND == Season::Multiplicative as u8 {
            let season = self.seasons[place];
            if !(level > 0.0 && season > 0.0) {
                return false;
            }
            let by_season = self.by_season[place];
            for c in 0..W {
                by[c] = season.mul_add(by[c], level * by_season[c]);
            }
            if !sums.add::<RELATIVE>(demand, level * season, &by, curvature) {
                return false;
            }
            let (of_level, of_season) = (demand / season, demand / level);
            let (by_place, by_ahead) = (of_level / season, of_season / level);
            let (mut level_error, mut season_error) = ([0.0; W], [0.0; W]);
            for c in 0..W {
                level_error[c] = -by_place.mul_add(by_season[c], by_level[c]);
                season_error[c] = -by_ahead.mul_add(by_level[c], by_season[c]);
            }
            self.move_season(place, of_season - season, &season_error);
            self.move_trend(of_level - level, &level_error);
            self.move_level((level, by_level), of_level - level, &level_error);
            return true;
        }
        let mut mean = level;
        if SEASON_KIND == Season::Additive as u8 {
            mean += self.seasons[place];
            for c in 0..W {
                by[c] += self.by_season[place][c];
            }
        }
        if !sums.add::<RELATIVE>(demand, mean, &by, curvature) {
            return false;
        }
        let error = demand - mean;
        for c in 0..W {
            by[c] = -by[c];
        }
        if SEASON_KIND == Season::Additive as u8 {
            self.move_season(place, error, &by);
        }
        self.move_trend(error, &by);
        self.move_level((level, by_level), error, &by);
        true
    }
}
