//! Ranking and selection: the best of several alternatives, with a stated chance of being right.
//!
//! Costs of alternatives are compared on the same scenarios, so that only their differences count. An
//! alternative is dropped as soon as another is surely better; scenarios are added until one is left or
//! what is left differs by no more than the indifference zone.
//!
//! The guarantee: if the best is better than every other by the zone or more, it is selected with
//! probability `1 − alpha` or more, for normal differences, whatever their correlation.

mod discoveries;
mod policies;

pub use discoveries::discoveries;
pub use policies::{Memory, Policies};

/// What is asked of a selection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guarantee {
    /// Probability of selecting another than the best that is accepted.
    pub alpha: f64,
    /// Difference of costs that does not matter \[currency/period\].
    pub zone: f64,
}

/// How many scenarios are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Scenarios of the first look, by which variances are known; at least 8.
    pub first: usize,
    /// Scenarios that are added at a time.
    pub step: usize,
    /// The most of an alternative.
    pub most: usize,
}

/// Costs of an alternative in a range of scenarios, in their order.
pub trait Costs {
    /// Appends the costs of `alternative` in `scenarios`.
    fn append(&mut self, alternative: usize, scenarios: core::ops::Range<usize>, to: &mut Vec<f64>);
}

/// What was selected.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// The one with the least mean cost of those that are left.
    pub best: usize,
    /// Those that are not surely worse, `best` included, in order.
    pub left: Vec<usize>,
    /// Scenarios drawn, over all alternatives.
    pub scenarios: usize,
    /// Whether the guarantee holds: there were scenarios enough.
    pub guaranteed: bool,
}

/// Kim and Nelson's fully sequential procedure.
///
/// *A Fully Sequential Procedure for Indifference-Zone Selection in Simulation*, ACM Transactions on
/// Modeling and Computer Simulation 11 (2001) 251–273, with `c = 1`: `h² = 2η(n₀ − 1)`, `η = ½((2α/(k −
/// 1))^(−2/(n₀ − 1)) − 1)`; an alternative is dropped once its mean exceeds another's by more than
/// `max(0, δ/(2r) (h²S²/δ² − r))` after `r` scenarios, `S²` being the variance of their differences in the
/// first `n₀`. It is valid with common random numbers.
///
/// # Panics
///
/// If there is no alternative.
pub fn fully_sequential(
    count: usize,
    guarantee: Guarantee,
    effort: Effort,
    costs: &mut dyn Costs,
) -> Selection {
    assert!(count > 0, "something has to be selected");
    let mut race = Race::new((0..count).collect(), guarantee, effort, costs, 0);
    race.run(costs);
    race.selection()
}

/// A knock-out tournament: in each round alternatives meet in pairs, and winners go on.
///
/// Zhong & Hong, *Knockout-Tournament Procedures for Large-Scale Ranking and Selection in Parallel
/// Computing Environments*, Operations Research 70 (2022) 432–453: each match is a fully sequential
/// selection between two with a share `α/2^round` of the error, on scenarios that no earlier round has
/// seen; both sides of a match see the same. Total effort grows with the number of alternatives and not
/// faster.
///
/// # Panics
///
/// If there is no alternative.
pub fn knock_out(
    count: usize,
    guarantee: Guarantee,
    effort: Effort,
    costs: &mut dyn Costs,
) -> Selection {
    assert!(count > 0, "something has to be selected");
    let mut playing: Vec<usize> = (0..count).collect();
    let (mut round, mut scenarios, mut guaranteed) = (1, 0, true);
    while playing.len() > 1 {
        let share =
            Guarantee { alpha: guarantee.alpha / f64::from(1 << round.min(30)), ..guarantee };
        let from = (round as usize - 1) * effort.most;
        playing = playing
            .chunks(2)
            .map(|pair| {
                let &[_, _] = pair else { return pair[0] };
                let mut race = Race::new(pair.to_vec(), share, effort, costs, from);
                race.run(costs);
                let winner = race.selection();
                scenarios += winner.scenarios;
                guaranteed &= winner.guaranteed;
                winner.best
            })
            .collect();
        round += 1;
    }
    Selection { best: playing[0], left: playing, scenarios, guaranteed }
}

/// Alternatives on their way.
struct Race {
    guarantee: Guarantee,
    effort: Effort,
    /// First scenario.
    from: usize,
    runners: Vec<Runner>,
    /// `h²` times the variance of the difference of each pair, by the runners' places at the start.
    spreads: Vec<f64>,
    starters: usize,
    /// Scenarios so far.
    seen: usize,
    scenarios: usize,
}

struct Runner {
    alternative: usize,
    /// Place at the start.
    place: usize,
    sum: f64,
}

impl Race {
    /// The first look at `alternatives`.
    fn new(
        alternatives: Vec<usize>,
        guarantee: Guarantee,
        effort: Effort,
        costs: &mut dyn Costs,
        from: usize,
    ) -> Race {
        let starters = alternatives.len();
        let first = effort.first.max(8).min(effort.most.max(8));
        let look = |alternative: &usize| {
            let mut seen = Vec::with_capacity(first);
            costs.append(*alternative, from..from + first, &mut seen);
            seen
        };
        let looks: Vec<Vec<f64>> = alternatives.iter().map(look).collect();
        let freedom = first as f64 - 1.0;
        let share = 2.0 * guarantee.alpha / (starters as f64 - 1.0).max(1.0);
        let factor = freedom * (libm::pow(share, -2.0 / freedom) - 1.0);
        let mut spreads = vec![0.0; starters * starters];
        for left in 0..starters {
            for right in 0..left {
                let spread = factor * variance_of_difference(&looks[left], &looks[right]);
                spreads[left * starters + right] = spread;
                spreads[right * starters + left] = spread;
            }
        }
        let runners =
            alternatives.into_iter().zip(&looks).enumerate().map(|(place, (alternative, look))| {
                Runner { alternative, place, sum: look.iter().sum() }
            });
        let runners = runners.collect();
        let scenarios = first * starters;
        Race { guarantee, effort, from, runners, spreads, starters, seen: first, scenarios }
    }

    fn run(&mut self, costs: &mut dyn Costs) {
        let mut more = Vec::new();
        loop {
            self.drop_worse();
            let next = (self.seen + self.effort.step.max(1)).min(self.effort.most);
            if self.runners.len() == 1 || self.is_indifferent() || next <= self.seen {
                return;
            }
            for runner in &mut self.runners {
                more.clear();
                let range = self.from + self.seen..self.from + next;
                costs.append(runner.alternative, range, &mut more);
                runner.sum += more.iter().sum::<f64>();
                self.scenarios += more.len();
            }
            self.seen = next;
        }
    }

    fn spread(&self, left: &Runner, right: &Runner) -> f64 {
        self.spreads[left.place * self.starters + right.place]
    }

    /// Drops those that another one beats by more than chance explains.
    fn drop_worse(&mut self) {
        let (seen, zone) = (self.seen as f64, self.guarantee.zone);
        let beaten = |runner: &Runner| {
            self.runners.iter().any(|other| {
                let reach = (0.5 / seen) * (self.spread(runner, other) / zone - zone * seen);
                (runner.sum - other.sum) / seen > reach.max(0.0)
            })
        };
        let keep: Vec<bool> = self.runners.iter().map(|runner| !beaten(runner)).collect();
        let mut keep = keep.into_iter();
        self.runners.retain(|_| keep.next().unwrap_or(true));
    }

    /// Whether what is left differs by no more than the zone: every pair has been seen long enough.
    fn is_indifferent(&self) -> bool {
        let zone = self.guarantee.zone;
        self.runners.iter().all(|left| {
            let mut others = self.runners.iter();
            others.all(|right| self.spread(left, right) <= zone * zone * self.seen as f64)
        })
    }

    fn selection(&self) -> Selection {
        let least = self.runners.iter().min_by(|left, right| left.sum.total_cmp(&right.sum));
        let best = least.expect("the best is never dropped").alternative;
        let left = self.runners.iter().map(|runner| runner.alternative).collect();
        let guaranteed = self.runners.len() == 1 || self.is_indifferent();
        Selection { best, left, scenarios: self.scenarios, guaranteed }
    }
}

fn variance_of_difference(left: &[f64], right: &[f64]) -> f64 {
    let count = left.len() as f64;
    let mean = left.iter().zip(right).map(|(l, r)| l - r).sum::<f64>() / count;
    let squares = left.iter().zip(right).map(|(l, r)| (l - r - mean) * (l - r - mean));
    squares.sum::<f64>() / (count - 1.0)
}

#[cfg(test)]
mod tests;
