//! Scenarios pulled together.

use std::sync::{Mutex, PoisonError};

use super::recourse::{Recourses, dot};
use super::{Bounds, Certificate, Decision, DecomposeError, Spread, TwoStage, Verdict};
use crate::program::{Effort, Solver, Status};

/// How [`hedging`] pulls, and how long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HedgingEffort {
    /// Relative difference of the bounds that is small enough.
    pub gap: f64,
    /// Iterations after which it stops.
    pub most_iterations: usize,
    /// Times the usual pull, which is a column's cost by its spread over the scenarios.
    pub pull: f64,
    /// Most scenarios whose solvers are kept, at some 200 kB each.
    pub warm: usize,
}

impl Default for HedgingEffort {
    fn default() -> HedgingEffort {
        HedgingEffort { gap: 1e-4, most_iterations: 200, pull: 1.0, warm: 20_000 }
    }
}

/// Difference of a distance to the nearest tangent of its square, relative to the distance, that is as
/// good as none.
const NEAR: f64 = 0.1;

/// Most tangents of a column and scenario; more are numbers' noise.
const MOST_TANGENTS: usize = 60;

/// Most times a scenario is solved in an iteration: tangents that are missing come in the next.
const ROUNDS: usize = 4;

/// Effort of one scenario: whole columns to a tenth of the usual gap.
const EFFORT: Effort = Effort {
    method: crate::program::Method::Simplex,
    nodes: 20_000,
    iterations: i32::MAX,
    relative_gap: 1e-8,
    presolve: true,
    // Tangents lie close to each other: more digits than these are rounding.
    tolerance: 1e-7,
};

/// Progressive hedging (Rockafellar and Wets, Mathematics of Operations Research 16 (1991) 119–147).
///
/// Costs of the recourse and of the first stage may be over whole columns; the pull is proportional to
/// cost (Watson and Woodruff, Computational Management Science 8 (2011) 355–370). Squared distances are
/// bounded from below by tangents, which are added where a scenario asks for them. The lower bound is
/// that of the weights (Gade et al., Mathematical Programming 157 (2016) 47–67); the upper bound is the
/// cost of the mean decision, rounded, or of a scenario's, in all scenarios.
///
/// # Errors
///
/// If the program cannot be computed with, or a part of it cannot be solved.
pub fn hedging(
    two_stage: &TwoStage,
    effort: HedgingEffort,
    spread: &dyn Spread,
) -> Result<Decision, DecomposeError> {
    let recourses = Recourses::new(two_stage, effort.warm)?;
    two_stage.check_scale()?;
    let columns = two_stage.first.columns();
    let count = two_stage.scenarios.len();
    let pulled = Pulled::new(two_stage, effort.warm);
    let mut weights = vec![0.0; count * columns];
    let mut best: (f64, Vec<f64>) = (f64::INFINITY, Vec::new());
    let mut history: Vec<Bounds> = Vec::new();
    let mut bounds = Bounds::NONE;
    // Each scenario on its own: the start, and the first bound.
    let mut found = pulled.solve(&weights, None, spread)?;
    let Some(rho) = pulls(two_stage, &found, effort.pull) else {
        return lone(two_stage, &found);
    };
    let mut tried: Vec<Vec<f64>> = Vec::new();
    let mut verdict = Verdict::Limit;
    for iteration in 0..effort.most_iterations {
        if iteration > 0 {
            let pull = (&mean(two_stage, &found)[..], &rho[..]);
            let next = pulled.solve(&weights, Some(pull), spread)?;
            if next.iter().any(|found| found.status != Status::Optimal) {
                let what = "a scenario with its pull".to_owned();
                return Err(DecomposeError::Unsolved { what, status: Status::Troubled });
            }
            found = next;
        }
        let centre = mean(two_stage, &found);
        for (scenario, found) in found.iter().enumerate() {
            for column in 0..columns {
                weights[scenario * columns + column] +=
                    rho[column] * (found.x[column] - centre[column]);
            }
        }
        balance(two_stage, &mut weights);
        // Before the first weights, it is the bound of knowing the future.
        let alone = if iteration == 0 { None } else { Some(pulled.solve(&weights, None, spread)?) };
        let alone = alone.as_ref().unwrap_or(&found);
        let lower: f64 = two_stage
            .scenarios
            .iter()
            .zip(alone)
            .map(|(s, found)| s.probability * found.bound)
            .sum();
        bounds.lower = bounds.lower.max(lower);
        let nearest = &found[iteration % count].x;
        let lone = &alone[(iteration / 2) % count].x;
        for candidate in [rounded(two_stage, &centre), nearest.clone(), lone.clone()] {
            let outside = two_stage.first.violation(&candidate) > 1e-7;
            if outside || tried.contains(&candidate) {
                continue;
            }
            let cost = recourses.expected_cost(&candidate, spread)?;
            if cost < best.0 {
                best = (cost, candidate.clone());
            }
            tried.push(candidate);
        }
        bounds.upper = best.0;
        history.push(bounds);
        if bounds.gap() <= effort.gap {
            verdict = Verdict::Optimal;
            break;
        }
    }
    let certificate = Certificate { verdict, bounds, history };
    Ok(Decision { x: best.1, certificate })
}

/// What a scenario wants.
struct Found {
    status: Status,
    x: Vec<f64>,
    /// Lower bound on its cost, with weights and without pull \[currency\].
    bound: f64,
}

/// When a scenario on its own has no optimum: infeasible, or without a finite bound on its own, which is
/// told by the program as a whole.
fn lone(two_stage: &TwoStage, found: &[Found]) -> Result<Decision, DecomposeError> {
    const NONE: Bounds = Bounds { lower: f64::INFINITY, upper: f64::INFINITY };
    const ENDLESS: Bounds = Bounds { lower: f64::NEG_INFINITY, upper: f64::NEG_INFINITY };
    let mut x = Vec::new();
    let (verdict, bounds) = if found.iter().any(|found| found.status == Status::Infeasible) {
        (Verdict::Infeasible, NONE)
    } else {
        // Each scenario may fall without end where all together do not; there is no pull to begin with.
        let extensive = two_stage.extensive()?;
        let solution = extensive.program.solve(EFFORT).map_err(DecomposeError::Whole)?;
        match solution.status {
            Status::Unbounded => (Verdict::Unbounded, ENDLESS),
            Status::Infeasible => (Verdict::Infeasible, NONE),
            Status::Optimal => {
                x = solution.x[..extensive.first].to_vec();
                let (lower, upper) = (solution.bound, solution.objective);
                (Verdict::Optimal, Bounds { lower, upper })
            }
            status => {
                let what = "the extensive form".to_owned();
                return Err(DecomposeError::Unsolved { what, status });
            }
        }
    };
    let certificate = Certificate { verdict, bounds, history: vec![bounds] };
    Ok(Decision { x, certificate })
}

/// The expected decision.
fn mean(two_stage: &TwoStage, found: &[Found]) -> Vec<f64> {
    let mut mean = vec![0.0; two_stage.first.columns()];
    for (scenario, found) in two_stage.scenarios.iter().zip(found) {
        for (mean, x) in mean.iter_mut().zip(&found.x) {
            *mean += scenario.probability * x;
        }
    }
    mean
}

/// Whole columns to the nearest whole, within their bounds.
fn rounded(two_stage: &TwoStage, x: &[f64]) -> Vec<f64> {
    let first = &two_stage.first;
    let round = |(column, &x): (usize, &f64)| {
        let x = if first.whole[column] { x.round() } else { x };
        x.clamp(first.lower[column], first.upper[column])
    };
    x.iter().enumerate().map(round).collect()
}

/// Makes the expected weight of each column zero again, which the lower bound needs to the last digit.
fn balance(two_stage: &TwoStage, weights: &mut [f64]) {
    let columns = two_stage.first.columns();
    for column in 0..columns {
        let scenarios = two_stage.scenarios.iter().enumerate();
        let excess: f64 = scenarios
            .map(|(number, scenario)| scenario.probability * weights[number * columns + column])
            .sum();
        weights.iter_mut().skip(column).step_by(columns).for_each(|weight| *weight -= excess);
    }
}

/// The pull of each column: its cost, by its spread over the scenarios, at least one; none if a scenario
/// on its own has no optimum.
fn pulls(two_stage: &TwoStage, found: &[Found], factor: f64) -> Option<Vec<f64>> {
    if found.iter().any(|found| found.status != Status::Optimal) {
        return None;
    }
    let centre = mean(two_stage, found);
    // Columns without a cost of their own pull like the others.
    let usual = two_stage.first.cost.iter().fold(0.0_f64, |most, cost| most.max(cost.abs()));
    let usual = if usual > 0.0 { usual } else { 1.0 };
    let pull = |(column, cost): (usize, &f64)| {
        let away = |(scenario, found): (&super::Scenario, &Found)| {
            scenario.probability * (found.x[column] - centre[column]).abs()
        };
        let spread: f64 = two_stage.scenarios.iter().zip(found).map(away).sum();
        let cost = if *cost == 0.0 { usual } else { cost.abs() };
        factor * cost / spread.max(1.0)
    };
    Some(two_stage.first.cost.iter().enumerate().map(pull).collect())
}

/// A solver for each scenario with its first stage, its weights and its pull.
struct Pulled<'a> {
    two_stage: &'a TwoStage,
    warm: usize,
    parts: Vec<Mutex<Option<Part>>>,
}

/// The columns of the first stage, of the scenario, and half the squared distances of the first stage.
struct Part {
    solver: Solver,
    /// Row, column and place of each tangent, as a distance from the mean.
    tangents: Vec<(usize, usize, f64)>,
}

impl<'a> Pulled<'a> {
    fn new(two_stage: &'a TwoStage, warm: usize) -> Pulled<'a> {
        let parts = two_stage.scenarios.iter().map(|_| Mutex::new(None)).collect();
        Pulled { two_stage, warm, parts }
    }

    /// What each scenario wants: at `weights`, and pulled to a decision by as much a column, if at all.
    fn solve(
        &self,
        weights: &[f64],
        pull: Option<(&[f64], &[f64])>,
        spread: &dyn Spread,
    ) -> Result<Vec<Found>, DecomposeError> {
        let columns = self.two_stage.first.columns();
        let cells = spread.table(self.parts.len(), 2 + columns, &|scenario, cells| {
            let mut kept = self.parts[scenario].lock().unwrap_or_else(PoisonError::into_inner);
            let mut part = match kept.take() {
                Some(part) => part,
                None => self.part(scenario)?,
            };
            let weights = &weights[scenario * columns..(scenario + 1) * columns];
            let mut found = part.solve(&self.two_stage.first.cost, weights, pull);
            if matches!(found.status, Status::Troubled | Status::Other(_)) {
                // Too many tangents, or a start that leads astray: from nothing.
                part = self.part(scenario)?;
                found = part.solve(&self.two_stage.first.cost, weights, pull);
            }
            cells[0] = match found.status {
                Status::Optimal | Status::Limit => 0.0,
                Status::Infeasible => 1.0,
                Status::Unbounded => 2.0,
                status => {
                    let what = format!("scenario {scenario} with its first stage");
                    return Err(DecomposeError::Unsolved { what, status });
                }
            };
            cells[1] = found.bound;
            cells[2..].copy_from_slice(&found.x);
            if scenario < self.warm {
                *kept = Some(part);
            }
            Ok(())
        })?;
        let read = |cells: &[f64]| Found {
            status: match cells[0] {
                0.0 => Status::Optimal,
                1.0 => Status::Infeasible,
                _ => Status::Unbounded,
            },
            bound: cells[1],
            x: cells[2..].to_vec(),
        };
        Ok(cells.chunks_exact(2 + columns).map(read).collect())
    }

    fn part(&self, scenario: usize) -> Result<Part, DecomposeError> {
        let mut program = self.two_stage.alone(scenario);
        for _ in 0..self.two_stage.first.columns() {
            program.column(0.0, 0.0, f64::INFINITY);
        }
        let solver = Solver::new(program).map_err(|error| DecomposeError::Part(scenario, error))?;
        Ok(Part { solver, tangents: Vec::new() })
    }
}

impl Part {
    fn solve(&mut self, cost: &[f64], weights: &[f64], pull: Option<(&[f64], &[f64])>) -> Found {
        let columns = cost.len();
        let squares = self.solver.program().columns() - columns;
        let costs: Vec<f64> =
            cost.iter().zip(weights).map(|(cost, weight)| cost + weight).collect();
        self.solver.set_costs(0, &costs);
        let Some((centre, pulls)) = pull else {
            self.solver.set_costs(squares, &vec![0.0; columns]);
            let solution = self.solver.solve(EFFORT);
            let x = solution.x[..columns].to_vec();
            return Found { status: solution.status, x, bound: solution.bound };
        };
        self.solver.set_costs(squares, pulls);
        let side = |place: f64, centre: f64| -0.5 * place * place - place * centre;
        for &(row, column, place) in &self.tangents {
            self.solver.set_row_bounds(row, side(place, centre[column]), f64::INFINITY);
        }
        let mut last = self.solver.solve(EFFORT);
        for _ in 1..ROUNDS {
            if !matches!(last.status, Status::Optimal | Status::Limit) {
                break;
            }
            let mut rows = Vec::new();
            for column in 0..columns {
                let distance = last.x[column] - centre[column];
                let own = self.tangents.iter().filter(|(_, known, _)| *known == column);
                let nearest = own.clone().map(|(_, _, place)| (place - distance).abs());
                let nearest = nearest.fold(f64::INFINITY, f64::min);
                let small = 1e-6 * centre[column].abs().max(1.0);
                if nearest > (NEAR * distance.abs()).max(small) && own.count() < MOST_TANGENTS {
                    rows.push((column, distance));
                }
            }
            if rows.is_empty() {
                break;
            }
            let first = self.solver.add_rows(rows.iter().map(|&(column, place)| {
                let terms = [(squares + column, 1.0), (column, -place)];
                (side(place, centre[column]), f64::INFINITY, terms)
            }));
            let places = rows.iter().enumerate();
            self.tangents
                .extend(places.map(|(offset, &(column, place))| (first + offset, column, place)));
            last = self.solver.solve(EFFORT);
        }
        let bound = last.bound - dot(pulls, &last.x[squares..]);
        Found { status: last.status, x: last.x[..columns].to_vec(), bound }
    }
}
