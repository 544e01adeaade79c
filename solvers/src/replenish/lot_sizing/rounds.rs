//! Better plans from searches over a few set-ups at a time.

use super::LotSizingError;
use super::improve::Improver;
use super::model::Model;
use super::prices::Priced;

/// Set-ups that a search is free in, at first.
const FREE_SET_UPS: usize = 50;

/// As many times more are free in the next that is drawn after a search that came to its end.
const MORE: f64 = 1.1;

/// As many times more, which is fewer, after one that did not.
const FEWER: f64 = 0.8;

/// Set-ups that a search is free in at least.
const LEAST_FREE: f64 = 15.0;

/// Simplex iterations of a search: after as many, another neighbourhood finds more.
const ITERATIONS: i64 = 2_000;

/// Where the rounds are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    /// Windows, groups and undecided set-ups so far.
    next: usize,
    /// Neighbourhoods since the last better plan.
    pub(super) since: usize,
    /// Set-ups of a drawn neighbourhood: more where searches come to an end, fewer where they do not.
    free: f64,
    /// State of the draws.
    draws: u64,
}

impl Default for Turn {
    fn default() -> Turn {
        Turn { next: 0, since: 0, free: FREE_SET_UPS as f64, draws: 1 }
    }
}

impl Turn {
    /// A whole number below a limit; the same in every run (Knuth's linear congruence).
    fn below(&mut self, limit: usize) -> usize {
        self.draws = self.draws.wrapping_mul(6_364_136_223_846_793_005);
        self.draws = self.draws.wrapping_add(1_442_695_040_888_963_407);
        ((self.draws >> 33) % limit.max(1) as u64) as usize
    }
}

impl Improver<'_> {
    /// Set-ups that searches are free in, by item and period: those of some periods, then those of
    /// some items, of neighbours first, then of such as lie further apart.
    pub(super) fn neighbourhoods(&self) -> Vec<Vec<usize>> {
        let (items, periods) = (self.problem.items.len(), self.problem.periods());
        let [span, group] = self.sizes();
        let mut all = Vec::new();
        for round in 0..self.effort.rounds.max(1) {
            for from in (0..periods).step_by(span.div_ceil(2)) {
                let window = from..(from + span).min(periods);
                let of = |item: usize| window.clone().map(move |period| item * periods + period);
                all.push((0..items).flat_map(of).collect());
            }
            for first in (0..items).step_by(group.div_ceil(2)) {
                let member = |place: usize| (first + place * (round + 1)) % items;
                let of = |place: usize| (0..periods).map(move |at| member(place) * periods + at);
                all.push((0..group).flat_map(of).collect());
            }
        }
        all
    }

    /// Periods of a window, and items of a group.
    fn sizes(&self) -> [usize; 2] {
        let (items, periods) = (self.problem.items.len().max(1), self.problem.periods().max(1));
        let span = FREE_SET_UPS.div_ceil(items).clamp(2, periods.max(2));
        [span, FREE_SET_UPS.div_ceil(periods).clamp(1, items)]
    }

    /// Set-ups that the best prices mix, or that the best plan has otherwise than they (relaxation induced
    /// neighbourhood: Danna, Rothberg & Le Pape, Mathematical Programming 102 (2005) 71–90).
    fn undecided(&self, priced: &Priced) -> Vec<usize> {
        /// Share of a set-up in the mixture from which it is decided.
        const DECIDED: f64 = 0.95;
        let best = self.cost().1;
        let periods = self.problem.periods();
        let mut all = Vec::new();
        for (item, shares) in priced.set_ups.iter().enumerate() {
            for (period, &share) in shares.iter().enumerate() {
                let is = best[item][period];
                let agrees = if is { share >= DECIDED } else { share <= 1.0 - DECIDED };
                if !agrees {
                    all.push(item * periods + period);
                }
            }
        }
        all
    }

    /// Set-ups of some items in a window, both drawn: few items for long, or many for a short time.
    fn drawn(&mut self) -> Vec<usize> {
        let (items, periods) = (self.problem.items.len(), self.problem.periods());
        let free = self.turn.free as usize;
        let fewest = free.div_ceil(periods).clamp(1, items);
        let members = fewest + self.turn.below(items - fewest + 1);
        let span = free.div_ceil(members).clamp(1, periods);
        let from = self.turn.below(periods - span + 1);
        let mut all: Vec<usize> = (0..items).collect();
        for place in 0..members {
            let other = place + self.turn.below(items - place);
            all.swap(place, other);
        }
        let of = |&item: &usize| (from..from + span).map(move |period| item * periods + period);
        all[..members].iter().flat_map(of).collect()
    }

    /// Searches around the best plan, until they took as many iterations: windows and groups in turn
    /// until none finds a better plan, then as many that are drawn.
    pub(super) fn rounds(
        &mut self,
        model: &Model,
        priced: &Priced,
        bound: f64,
        (iterations, draws): (i64, usize),
    ) -> Result<(), LotSizingError> {
        if self.effort.rounds == 0 || self.best.is_none() || model.open() == 0 {
            return Ok(());
        }
        let neighbourhoods = self.neighbourhoods();
        let turns = neighbourhoods.len() + 1;
        let end = self.iterations.saturating_add(iterations);
        while self.iterations < end && self.left() > 0 && self.turn.since < turns + draws {
            if self.grid.closed(self.cost().0, bound) {
                break;
            }
            self.turn.since += 1;
            if self.turn.since > turns {
                self.around_drawn(model)?;
                continue;
            }
            match self.turn.next % turns {
                0 => self.around(model, &self.undecided(priced), 2 * ITERATIONS)?,
                place => self.around(model, &neighbourhoods[place - 1], ITERATIONS)?,
            }
            self.turn.next += 1;
        }
        Ok(())
    }

    /// A search over drawn set-ups, and how many the next has.
    fn around_drawn(&mut self, model: &Model) -> Result<(), LotSizingError> {
        let (free, before) = (self.drawn(), self.iterations);
        self.around(model, &free, ITERATIONS)?;
        let factor = if self.iterations - before < ITERATIONS { MORE } else { FEWER };
        let most = (self.problem.items.len() * self.problem.periods()) as f64;
        self.turn.free = (self.turn.free * factor).min(most).max(LEAST_FREE);
        Ok(())
    }

    /// A search over the set-ups that are free, the others as in the best plan.
    fn around(
        &mut self,
        model: &Model,
        free: &[usize],
        iterations: i64,
    ) -> Result<(), LotSizingError> {
        let Some(best) = &self.best else { return Ok(()) };
        let mut program = model.program.clone();
        let mut open = 0;
        for (item, set_ups) in best.set_ups.iter().enumerate() {
            for (period, &set_up) in set_ups.iter().enumerate() {
                let column = model.set_up(item, period);
                if !free.contains(&column) {
                    let value = f64::from(u8::from(set_up));
                    (program.lower[column], program.upper[column]) = (value, value);
                } else if program.lower[column] < program.upper[column] {
                    open += 1;
                }
            }
        }
        if open > 0 {
            let gap = self.grid.relative_gap(best.cost);
            self.search(model, program, (self.effort.round_nodes, iterations), gap)?;
        }
        Ok(())
    }
}
