//! A finite Markov chain and its long run.
//!
//! Up to three thousand states the stationary distribution is found by elimination without
//! subtractions: Grassmann, Taksar & Heyman, *Regenerative Analysis and Steady State Distributions
//! for Markov Chains*, Operations Research 33 (1985) 1107–1116. Beyond, the vector `g = Pⁿ r` of a
//! measure `r` is iterated: its mean under the stationary distribution stays the same at every
//! step, so the long-run measure lies between the smallest and the largest entry of `g` (Odoni,
//! *On Finding the Maximal Gain for Markov Decision Processes*, Operations Research 17 (1969)
//! 857–860).

use std::collections::HashMap;
use std::hash::Hash;

use super::ChainError;

/// States up to which elimination is used; it takes their third power in operations.
pub(super) const ELIMINATED: usize = 3000;
/// Most states of a chain.
pub(super) const STATES: usize = 500_000;
/// Most transitions of a chain; each takes twelve bytes.
const TRANSITIONS: usize = 20_000_000;
/// Most steps of the iteration before it gives up; fewer where a chain is large.
const STEPS: usize = 20_000;
/// Most transitions that the iteration follows before it gives up.
const WORK: usize = 2_000_000_000;
/// Width of the bounds, relative to the measure plus one, at which the iteration ends.
pub(super) const WIDTH: f64 = 1e-11;
/// Share of each state that stays where it is at a step, so that no chain is periodic.
const LAZY: f64 = 0.1;

/// Stock, waiting, unmet, stock-outs, orders, units ordered.
pub(super) const MEASURES: usize = 6;
pub(super) type Measures = [f64; MEASURES];

/// Where a state leads, and what it measures.
pub(super) struct Leaving<S> {
    measures: Measures,
    next: Vec<(S, f64)>,
}

impl<S: PartialEq> Leaving<S> {
    pub(super) fn new(measures: Measures) -> Leaving<S> {
        Leaving { measures, next: Vec::new() }
    }

    /// Counts an order.
    pub(super) fn count(&mut self, order: i64, probability: f64) {
        if order > 0 {
            self.measures[4] += probability;
            self.measures[5] += probability * order as f64;
        }
    }

    pub(super) fn add(&mut self, state: S, probability: f64) {
        match self.next.last_mut() {
            Some((last, sum)) if *last == state => *sum += probability,
            _ if probability > 0.0 => self.next.push((state, probability)),
            _ => {}
        }
    }
}

/// A finite Markov chain with measures.
pub(super) struct Chain {
    /// Where each state's transitions begin, and the end of the last.
    starts: Vec<usize>,
    targets: Vec<u32>,
    weights: Vec<f64>,
    pub(super) measures: Vec<Measures>,
}

impl Chain {
    /// Every state that can be reached from `first`, in the order in which it is found.
    pub(super) fn explore<S: Clone + Eq + Hash>(
        first: S,
        most_states: usize,
        step: &dyn Fn(&S) -> Result<Leaving<S>, ChainError>,
    ) -> Result<Chain, ChainError> {
        let mut places = HashMap::from([(first.clone(), 0_u32)]);
        let mut states = vec![first];
        let (targets, weights, measures) = (Vec::new(), Vec::new(), Vec::new());
        let mut chain = Chain { starts: vec![0], targets, weights, measures };
        while chain.measures.len() < states.len() {
            let leaving = step(&states[chain.measures.len()])?;
            for (state, weight) in leaving.next {
                let place = *places.entry(state).or_insert_with_key(|state| {
                    states.push(state.clone());
                    states.len() as u32 - 1
                });
                chain.targets.push(place);
                chain.weights.push(weight);
            }
            chain.starts.push(chain.targets.len());
            chain.measures.push(leaving.measures);
            if states.len() > most_states || chain.targets.len() > TRANSITIONS {
                let (states, transitions) = (states.len(), chain.targets.len());
                return Err(ChainError::TooLarge { states, transitions });
            }
        }
        Ok(chain)
    }

    /// Targets and weights of the transitions from `state`.
    fn leaving(&self, state: usize) -> impl Iterator<Item = (usize, f64)> {
        let range = self.starts[state]..self.starts[state + 1];
        let targets = self.targets[range.clone()].iter().map(|target| *target as usize);
        targets.zip(self.weights[range].iter().copied())
    }

    /// Long-run measures and a bound on their error; `cycle` is a period that the chain may have.
    pub(super) fn long_run(&self, cycle: usize) -> Result<(Measures, f64), ChainError> {
        if self.measures.len() > ELIMINATED {
            return self.iterated(cycle);
        }
        let class = self.closed_class()?;
        let shares = self.stationary(&class);
        let mut sum = [0.0; MEASURES];
        for (&state, share) in class.iter().zip(shares) {
            for (total, measure) in sum.iter_mut().zip(self.measures[state]) {
                *total += share * measure;
            }
        }
        Ok((sum, 0.0))
    }

    /// The states that are visited for ever; all others lead to them.
    fn closed_class(&self) -> Result<Vec<usize>, ChainError> {
        let mut state = 0;
        loop {
            let reached = self.reached_from(state);
            let returning = self.leading_to(state);
            match (0..reached.len()).find(|&other| reached[other] && !returning[other]) {
                Some(other) => state = other,
                None if returning.contains(&false) => return Err(ChainError::SeveralLongRuns),
                None => return Ok((0..reached.len()).filter(|&other| reached[other]).collect()),
            }
        }
    }

    fn reached_from(&self, state: usize) -> Vec<bool> {
        let successors = |state: usize| self.leaving(state).map(|(target, _)| target);
        let mut reached = vec![false; self.measures.len()];
        let mut open = vec![state];
        while let Some(state) = open.pop() {
            if !reached[state] {
                reached[state] = true;
                open.extend(successors(state));
            }
        }
        reached
    }

    fn leading_to(&self, state: usize) -> Vec<bool> {
        let mut sources = vec![Vec::new(); self.measures.len()];
        for from in 0..self.measures.len() {
            self.leaving(from).for_each(|(target, _)| sources[target].push(from));
        }
        let mut leading = vec![false; self.measures.len()];
        let mut open = vec![state];
        while let Some(state) = open.pop() {
            if !leading[state] {
                leading[state] = true;
                open.extend(&sources[state]);
            }
        }
        leading
    }

    /// Stationary probabilities of a closed class: states are taken out of the chain one by one,
    /// from the last, by Grassmann, Taksar & Heyman (1985).
    fn stationary(&self, class: &[usize]) -> Vec<f64> {
        let size = class.len();
        let mut matrix = vec![vec![0.0; size]; size];
        for (row, &state) in matrix.iter_mut().zip(class) {
            for (target, weight) in self.leaving(state) {
                row[class.binary_search(&target).expect("the class is closed")] += weight;
            }
        }
        for out in (1..size).rev() {
            let (rows, rest) = matrix.split_at_mut(out);
            let leaving = &rest[0][..out];
            let sum: f64 = leaving.iter().sum();
            for row in rows {
                let entering = row[out] / sum;
                row[out] = entering;
                if entering > 0.0 {
                    for (cell, share) in row.iter_mut().zip(leaving) {
                        *cell += entering * share;
                    }
                }
            }
        }
        let mut shares = vec![1.0; size];
        for state in 1..size {
            shares[state] = (0..state).map(|from| shares[from] * matrix[from][state]).sum();
        }
        let sum: f64 = shares.iter().sum();
        shares.into_iter().map(|share| share / sum).collect()
    }

    /// Bounds by iteration, narrowed until they meet.
    pub(super) fn iterated(&self, cycle: usize) -> Result<(Measures, f64), ChainError> {
        let mut values = self.mean_of_steps(cycle);
        let mut width = f64::INFINITY;
        let steps = STEPS.min(WORK / self.targets.len());
        for _ in 0..steps {
            let middle;
            (middle, width) = bounds(&values);
            if width <= WIDTH {
                return Ok((middle, width));
            }
            values = self.step(&values, LAZY);
        }
        Err(ChainError::Slow { steps, width })
    }

    /// Mean of `r, P r, P² r, …` over a cycle, which takes its rhythm out of the iteration.
    fn mean_of_steps(&self, cycle: usize) -> Vec<Measures> {
        let mut sum = self.measures.clone();
        let mut values = self.measures.clone();
        for _ in 1..cycle {
            values = self.step(&values, 0.0);
            for (total, value) in sum.iter_mut().flatten().zip(values.iter().flatten()) {
                *total += value;
            }
        }
        sum.iter_mut().flatten().for_each(|total| *total /= cycle as f64);
        sum
    }

    /// `((1 − lazy) P + lazy) values`.
    fn step(&self, values: &[Measures], lazy: f64) -> Vec<Measures> {
        let expected = |state: usize| {
            let mut sum = [0.0; MEASURES];
            for (target, weight) in self.leaving(state) {
                for (total, value) in sum.iter_mut().zip(&values[target]) {
                    *total += weight * value;
                }
            }
            for (total, value) in sum.iter_mut().zip(&values[state]) {
                *total = (1.0 - lazy) * *total + lazy * value;
            }
            sum
        };
        (0..values.len()).map(expected).collect()
    }
}

/// Middle of the smallest and the largest value of each measure, and their largest distance,
/// relative to the measure plus one.
fn bounds(values: &[Measures]) -> (Measures, f64) {
    let (mut low, mut high) = (values[0], values[0]);
    for value in values {
        for measure in 0..MEASURES {
            low[measure] = low[measure].min(value[measure]);
            high[measure] = high[measure].max(value[measure]);
        }
    }
    let width = |(low, high): (f64, f64)| (high - low) / (1.0 + high.abs());
    let widest = low.into_iter().zip(high).map(width).fold(0.0, f64::max);
    let mut middle = low;
    for (middle, high) in middle.iter_mut().zip(high) {
        *middle = 0.5 * (*middle + high);
    }
    (middle, widest)
}
