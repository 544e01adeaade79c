//! The parameters that make demand most likely.

use super::form::{Form, Parameters, Trend};
use super::local::column::{ALPHA, BETA, GAMMA, LEVEL, PHI, SEASON, TREND};
use super::local::{Local, Pass, Row, parameters, pass_of, point};
use super::series::Series;

/// A fitted form.
#[derive(Clone, Debug)]
pub struct Fit {
    /// Which form.
    pub form: Form,
    /// Its most likely parameters.
    pub parameters: Parameters,
    /// Logarithm of its likelihood, as [`super::log_likelihood`] has it.
    pub log_likelihood: f64,
    /// Akaike's criterion, corrected for short series: the least is best.
    pub criterion: f64,
}

/// Akaike's criterion less `-2 log L`, corrected (Hurvich & Tsai, *Regression and Time Series Model
/// Selection in Small Samples*, Biometrika 76 (1989) 297–307); infinite if there are too few
/// observations.
pub fn penalty(form: Form, series: &Series) -> f64 {
    let (seen, estimated) = (series.seen() as f64, form.estimated(series.places()) as f64);
    let left = seen - estimated - 1.0;
    if left < 3.0 { f64::INFINITY } else { 2.0 * estimated * seen / left }
}

/// The most likely parameters of `form` from a start on.
///
/// `None` if the start has no likelihood, or as soon as the criterion is not going to be below
/// `hopeless`.
pub fn fit_from(form: Form, series: &Series, start: &Parameters, hopeless: f64) -> Option<Fit> {
    match (form.seasonal(), series.places()) {
        (false, _) => improved::<8>(form, series, start, hopeless),
        (true, 2..=7) => improved::<12>(form, series, start, hopeless),
        (true, 8..=15) => improved::<20>(form, series, start, hopeless),
        _ => None,
    }
}

/// The usual region (Hyndman et al. 2008, section 5.1), as a box, and what of it is searched.
struct Region<const W: usize> {
    low: Row<W>,
    high: Row<W>,
    free: [bool; W],
}

const LEAST_SHARE: f64 = 1e-4;
const MOST_SHARE: f64 = 1.0 - 1e-4;

impl<const W: usize> Region<W> {
    fn of(form: Form, places: usize) -> Region<W> {
        let (mut low, mut high) = ([f64::NEG_INFINITY; W], [f64::INFINITY; W]);
        for share in [ALPHA, BETA, GAMMA] {
            (low[share], high[share]) = (LEAST_SHARE, MOST_SHARE);
        }
        (low[PHI], high[PHI]) = (0.8, 0.98);
        let mut free = [false; W];
        free[ALPHA] = true;
        free[LEVEL] = true;
        free[PHI] = form.trend == Trend::Damped;
        (free[BETA], free[TREND]) = (form.trended(), form.trended());
        if form.seasonal() {
            free[GAMMA] = true;
            free[SEASON..SEASON + places - 1].fill(true);
        }
        Region { low, high, free }
    }

    fn clamp(&self, point: &mut Row<W>) {
        for c in 0..W {
            if self.free[c] {
                point[c] = point[c].max(self.low[c]).min(self.high[c]);
            }
        }
    }
}

/// Steps at most.
const STEPS: usize = 60;
/// Changes of `-2 log L` that do not matter.
const CLOSE: f64 = 1e-5;
/// How many times the improvement that the curvature promises may still come, before a form is
/// given up.
const HOPE: f64 = 4.0;

fn improved<const W: usize>(
    form: Form,
    series: &Series,
    start: &Parameters,
    hopeless: f64,
) -> Option<Fit> {
    let region = Region::<W>::of(form, series.places());
    let penalty = penalty(form, series);
    let mut at = point::<W>(start);
    region.clamp(&mut at);
    let local = descend(pass_of::<W>(form), series, &region, &mut at, hopeless - penalty)?;
    let parameters = parameters(form, series.places(), &at);
    let finite = [parameters.level, parameters.trend]
        .iter()
        .chain(&parameters.seasons)
        .all(|s| s.is_finite());
    (finite && penalty.is_finite()).then_some(Fit {
        form,
        parameters,
        log_likelihood: -0.5 * local,
        criterion: local + penalty,
    })
}

/// Scoring with damped steps within the box: Levenberg–Marquardt with Fisher's information.
/// Returns the least `-2 log L`.
fn descend<const W: usize>(
    pass: Pass<W>,
    series: &Series,
    region: &Region<W>,
    at: &mut Row<W>,
    hopeless: f64,
) -> Option<f64> {
    let (mut here, mut there) = (Local::<W>::new(), Local::<W>::new());
    if hopeless == f64::NEG_INFINITY || !pass(series, at, &mut here) {
        return None;
    }
    let mut damping = 1e-3;
    for step in 0..STEPS {
        let Some((to, promised)) = candidate(&here, region, at, damping) else {
            damping *= 10.0;
            continue;
        };
        if promised < 0.1 * CLOSE {
            break;
        }
        if step > 1 && here.value - HOPE * promised - 1.0 > hopeless {
            return None;
        }
        let fine = pass(series, &to, &mut there);
        let gain = here.value - there.value;
        if !fine || gain.is_nan() || gain <= 0.0 {
            damping *= 8.0;
            if damping > 1e9 {
                break;
            }
            continue;
        }
        damping = if gain > 0.5 * promised { 0.1 * damping } else { 2.0 * damping };
        damping = damping.max(1e-9);
        *at = to;
        core::mem::swap(&mut here, &mut there);
        if gain < CLOSE {
            break;
        }
    }
    (here.value < hopeless).then_some(here.value)
}

/// The point that the quadratic approximation likes best within the box, and by how much.
fn candidate<const W: usize>(
    local: &Local<W>,
    region: &Region<W>,
    at: &Row<W>,
    damping: f64,
) -> Option<(Row<W>, f64)> {
    let mut moves = [0.0; W];
    let mut free = region.free;
    for c in 0..W {
        let outwards = (at[c] <= region.low[c] && local.gradient[c] > 0.0)
            || (at[c] >= region.high[c] && local.gradient[c] < 0.0);
        free[c] &= !outwards;
    }
    for _ in 0..4 {
        solve(local, &free, damping, &mut moves)?;
        let mut inside = true;
        for c in 0..W {
            let to = (at[c] + moves[c]).max(region.low[c]).min(region.high[c]);
            if free[c] && to != at[c] + moves[c] {
                (moves[c], free[c], inside) = (to - at[c], false, false);
            }
        }
        if inside {
            break;
        }
    }
    let mut to = *at;
    for c in 0..W {
        to[c] += moves[c];
    }
    region.clamp(&mut to);
    let promised = -(0..W)
        .map(|c| moves[c] * (local.gradient[c] + 0.5 * times(local, c, &moves)))
        .sum::<f64>();
    Some((to, promised))
}

fn times<const W: usize>(local: &Local<W>, row: usize, moves: &Row<W>) -> f64 {
    (0..W).map(|c| local.curvature[row.max(c)][row.min(c)] * moves[c]).sum()
}

/// Moves the free coordinates to where the damped quadratic is least, the others having moved as
/// they have: by Cholesky's factors. `None` if rounding makes the curvature indefinite.
fn solve<const W: usize>(
    local: &Local<W>,
    free: &[bool; W],
    damping: f64,
    moves: &mut Row<W>,
) -> Option<()> {
    let mut names = [0; W];
    let mut count = 0;
    for c in 0..W {
        if free[c] {
            names[count] = c;
            count += 1;
            moves[c] = 0.0;
        }
    }
    let mut factor = [[0.0; W]; W];
    let mut right = [0.0; W];
    for i in 0..count {
        let name = names[i];
        right[i] = -local.gradient[name] - times(local, name, moves);
        for j in 0..=i {
            let mut sum = local.curvature[name][names[j]];
            if i == j {
                sum += damping * sum + 1e-300;
            }
            for k in 0..j {
                sum -= factor[i][k] * factor[j][k];
            }
            if i == j {
                if sum.is_nan() || sum <= 1e-14 * local.curvature[name][name] {
                    return None;
                }
                factor[i][i] = sum.sqrt();
            } else {
                factor[i][j] = sum / factor[j][j];
            }
        }
        for k in 0..i {
            right[i] -= factor[i][k] * right[k];
        }
        right[i] /= factor[i][i];
    }
    for i in (0..count).rev() {
        for k in i + 1..count {
            right[i] -= factor[k][i] * right[k];
        }
        right[i] /= factor[i][i];
        moves[names[i]] = right[i];
    }
    Some(())
}
