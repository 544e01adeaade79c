//! Cuts from the duals of the recourse.

use super::recourse::{Cut, Kind, Recourses};
use super::{Bounds, Certificate, Decision, DecomposeError, Row, Spread, TwoStage, Verdict};
use crate::program::{Effort, Program, Solution, Solver, Status};

/// How long [`benders`] tries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BendersEffort {
    /// Relative difference of the bounds that is small enough.
    pub gap: f64,
    /// Iterations after which it stops.
    pub most_iterations: usize,
    /// Most groups of scenarios with a cut of their own: one is the single cut, as many as scenarios the
    /// multi-cut.
    pub groups: usize,
    /// Most scenarios whose solvers are kept, at some 100 kB each.
    pub warm: usize,
}

impl Default for BendersEffort {
    fn default() -> BendersEffort {
        BendersEffort { gap: 1e-6, most_iterations: 1_000, groups: usize::MAX, warm: 20_000 }
    }
}

/// Share of the best decision so far in the one that is tried next (Ben-Ameur and Neto, Networks 49
/// (2007) 3–17): cutting planes alone leap about.
const STEADY: f64 = 0.3;

/// Bounds of columns without any, while there are too few cuts to bound the first stage, at first and
/// at last.
const BOX: [f64; 2] = [1e4, 1e8];

/// Violation by which a cut is worth adding, relative to its value.
const VIOLATED: f64 = 1e-9;

/// The L-shaped method with a cut for each scenario or group (Van Slyke and Wets, SIAM Journal on Applied
/// Mathematics 17 (1969) 638–663; Birge and Louveaux, European Journal of Operational Research 34 (1988)
/// 384–392).
///
/// Columns of the first stage may be whole: cuts come from fractions first (`McDaniel` and Devine, Management
/// Science 24 (1977) 312–319).
///
/// # Errors
///
/// If the program cannot be computed with, its recourse has whole columns, or a part of it cannot be
/// solved.
pub fn benders(
    two_stage: &TwoStage,
    effort: BendersEffort,
    spread: &dyn Spread,
) -> Result<Decision, DecomposeError> {
    let recourses = Recourses::new(two_stage, effort.warm)?;
    two_stage.check_scale()?;
    let whole = two_stage.scenarios.iter().position(|scenario| scenario.recourse.is_integer());
    if let Some(scenario) = whole {
        return Err(DecomposeError::WholeRecourse(scenario));
    }
    let mut master = Master::new(two_stage, effort)?;
    let mut history = Vec::new();
    let mut bounds = Bounds::NONE;
    // The best of the program with fractions, and the best of the program as it is.
    let mut centre: (f64, Option<Vec<f64>>) = (f64::INFINITY, None);
    let mut best: (f64, Option<Vec<f64>>) = (f64::INFINITY, None);
    let mut steady = STEADY;
    let mut verdict = Verdict::Limit;
    for _ in 0..effort.most_iterations {
        let Some(solution) = master.solve()? else {
            verdict = Verdict::Infeasible;
            bounds = Bounds { lower: f64::INFINITY, upper: f64::INFINITY };
            history.push(bounds);
            break;
        };
        let wanted = &solution.x[..two_stage.first.columns()];
        if master.is_bounding() {
            bounds.lower = bounds.lower.max(solution.bound);
        }
        // Between the best and the next; whole columns are tried as they are.
        let mut tried = wanted.to_vec();
        if let (Some(centre), true) = (&centre.1, master.relaxed && steady > 0.0) {
            for (tried, centre) in tried.iter_mut().zip(centre) {
                *tried += steady * (centre - *tried);
            }
        }
        let cells = recourses.cuts(&tried, spread)?;
        let cuts: Vec<Cut> = cells.chunks_exact(3 + tried.len()).map(Cut::read).collect();
        let feasible = cuts.iter().all(|cut| cut.kind != Kind::Infeasible);
        if feasible && cuts.iter().any(|cut| cut.kind == Kind::Unbounded) {
            verdict = if two_stage.first.is_integer() && master.relaxed {
                // Whether whole columns have a recourse too, the search over them says.
                master.make_whole(two_stage)?;
                continue;
            } else {
                bounds = Bounds { lower: f64::NEG_INFINITY, upper: f64::NEG_INFINITY };
                best = (f64::NEG_INFINITY, Some(tried));
                Verdict::Unbounded
            };
            history.push(bounds);
            break;
        }
        if feasible {
            let later = two_stage.scenarios.iter().zip(&cuts);
            let later: f64 = later.map(|(scenario, cut)| scenario.probability * cut.value).sum();
            let cost = two_stage.first.cost_of(&tried) + later;
            if cost < centre.0 {
                centre = (cost, Some(tried.clone()));
            }
            if cost < best.0 && !(master.relaxed && two_stage.first.is_integer()) {
                best = (cost, Some(tried.clone()));
            }
        }
        bounds.upper = best.0;
        history.push(bounds);
        let target = if master.relaxed { centre.0 } else { best.0 };
        let closed = Bounds { upper: target, ..bounds }.gap() <= effort.gap;
        let added = !closed && master.add(two_stage, &cuts, &solution);
        if added {
            steady = STEADY;
            continue;
        }
        if !closed && steady > 0.0 && master.relaxed && wanted != &tried[..] {
            // Nothing new between the two: at the next itself there may be.
            steady = 0.0;
            continue;
        }
        if master.boxed.is_some() {
            if master.widen() {
                continue;
            }
            // Costs fell as far as numbers go; whether for ever, the whole program says.
            let whole = two_stage.extensive()?.program.relaxed();
            let solution = whole.solve(Effort::default()).map_err(DecomposeError::Whole)?;
            if solution.status == Status::Unbounded {
                verdict = Verdict::Unbounded;
                bounds = Bounds { lower: f64::NEG_INFINITY, upper: f64::NEG_INFINITY };
            }
            break;
        }
        if master.relaxed && two_stage.first.is_integer() {
            master.make_whole(two_stage)?;
            steady = 0.0;
            continue;
        }
        if closed {
            verdict = Verdict::Optimal;
        }
        break;
    }
    let certificate = Certificate { verdict, bounds, history };
    Ok(Decision { x: best.1.unwrap_or_default(), certificate })
}

/// The first stage, and what is known of the recourse.
struct Master {
    solver: Solver,
    /// Whether whole columns may be fractions for now.
    relaxed: bool,
    effort: Effort,
    /// Number of the group of each scenario.
    group: Vec<usize>,
    /// Whether the cost of a group is bounded by a cut; until then it is held at zero.
    bounded: Vec<bool>,
    /// Size of the box around zero, while there is one.
    boxed: Option<f64>,
    first: Program,
}

impl Master {
    fn new(two_stage: &TwoStage, effort: BendersEffort) -> Result<Master, DecomposeError> {
        let scenarios = two_stage.scenarios.len();
        let groups = effort.groups.clamp(1, scenarios);
        let mut program = two_stage.first.relaxed();
        for _ in 0..groups {
            program.column(1.0, 0.0, 0.0);
        }
        Ok(Master {
            solver: Solver::new(program).map_err(DecomposeError::First)?,
            relaxed: true,
            effort: Effort { relative_gap: 0.1 * effort.gap, ..Effort::default() },
            group: (0..scenarios).map(|scenario| scenario * groups / scenarios).collect(),
            bounded: vec![false; groups],
            boxed: None,
            first: two_stage.first.clone(),
        })
    }

    /// The next decision; none if there is none.
    fn solve(&mut self) -> Result<Option<Solution>, DecomposeError> {
        let mut solution = self.solver.solve(self.effort);
        if solution.status == Status::Unbounded && self.boxed.is_none() {
            self.set_box(Some(BOX[0]));
            solution = self.solver.solve(self.effort);
        } else if self.boxed.is_some() && solution.status == Status::Optimal {
            // Perhaps the cuts hold it by now.
            let size = self.boxed;
            self.set_box(None);
            let free = self.solver.solve(self.effort);
            if free.status == Status::Optimal {
                return Ok(Some(free));
            }
            self.set_box(size);
            solution = self.solver.solve(self.effort);
        }
        match solution.status {
            Status::Optimal | Status::Limit => Ok(Some(solution)),
            // A box can be too small to hold any decision.
            Status::Infeasible if self.boxed.is_some() && self.widen() => self.solve(),
            Status::Infeasible => Ok(None),
            status => {
                let what = "the first stage with its cuts".to_owned();
                Err(DecomposeError::Unsolved { what, status })
            }
        }
    }

    /// Whether its optimum is a lower bound.
    fn is_bounding(&self) -> bool {
        self.boxed.is_none() && self.bounded.iter().all(|bounded| *bounded)
    }

    fn set_box(&mut self, size: Option<f64>) {
        self.boxed = size;
        let size = size.unwrap_or(f64::INFINITY);
        for column in 0..self.first.columns() {
            let (lower, upper) = (self.first.lower[column], self.first.upper[column]);
            let low = if lower.is_finite() { lower } else { (-size).min(upper) };
            let high = if upper.is_finite() { upper } else { size.max(lower) };
            self.solver.set_bounds(column, low, high);
        }
    }

    fn widen(&mut self) -> bool {
        let size = self.boxed.unwrap_or(BOX[0]) * 100.0;
        if size <= BOX[1] {
            self.set_box(Some(size));
        }
        size <= BOX[1]
    }

    /// Fractions end here: the same cuts, and whole columns.
    fn make_whole(&mut self, two_stage: &TwoStage) -> Result<(), DecomposeError> {
        let mut program = self.solver.program().clone();
        let columns = two_stage.first.columns();
        program.whole[..columns].copy_from_slice(&two_stage.first.whole);
        self.solver = Solver::new(program).map_err(DecomposeError::First)?;
        self.relaxed = false;
        Ok(())
    }

    /// Adds the cuts that `solution` breaks; whether there are any.
    fn add(&mut self, two_stage: &TwoStage, cuts: &[Cut], solution: &Solution) -> bool {
        let columns = two_stage.first.columns();
        let (x, later) = solution.x.split_at(columns);
        let mut rows: Vec<Row> = Vec::new();
        let terms = |gradient: &[f64]| -> Vec<(usize, f64)> {
            let terms = gradient.iter().copied().enumerate();
            terms.filter(|(_, factor)| *factor != 0.0).collect()
        };
        for cut in cuts.iter().filter(|cut| cut.kind == Kind::Infeasible) {
            if cut.at(x) > VIOLATED * cut.constant.abs().max(1.0) {
                rows.push((cut.constant, f64::INFINITY, terms(cut.gradient)));
            }
        }
        let mut next = 0;
        for group in 0..self.bounded.len() {
            let from = next;
            while next < cuts.len() && self.group[next] == group {
                next += 1;
            }
            let members = &cuts[from..next];
            if members.iter().any(|cut| cut.kind != Kind::Optimal) {
                continue;
            }
            let (mut constant, mut gradient) = (0.0, vec![0.0; columns]);
            for (cut, scenario) in members.iter().zip(&two_stage.scenarios[from..next]) {
                constant += scenario.probability * cut.constant;
                for (sum, part) in gradient.iter_mut().zip(cut.gradient) {
                    *sum += scenario.probability * part;
                }
            }
            let value = constant - super::recourse::dot(&gradient, x);
            let bounded = self.bounded[group];
            if bounded && value <= later[group] + VIOLATED * value.abs().max(1.0) {
                continue;
            }
            if !bounded {
                self.bounded[group] = true;
                let column = columns + group;
                self.solver.set_bounds(column, f64::NEG_INFINITY, f64::INFINITY);
            }
            let mut row = terms(&gradient);
            row.push((columns + group, 1.0));
            rows.push((constant, f64::INFINITY, row));
        }
        let any = !rows.is_empty();
        self.solver.add_rows(rows);
        any
    }
}
