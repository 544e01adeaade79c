//! A first plan: who is ordered from when, then how much.

use super::first::Kind;
use super::search::{Most, Search, TOLERANCE};
use super::{Limit, OrderError};
use crate::program::{Effort, Solver, Status};

/// How amounts are rounded.
#[derive(Clone, Copy)]
enum Rounded {
    Nearest,
    Up,
    Down,
}

/// What a relaxed yes is rounded up from, one first plan each.
const ROUNDED_UP: [f64; 3] = [0.5, 0.2, 0.8];

impl Search<'_> {
    /// A first plan: who is ordered from when, group by group; then the rest by rounding.
    pub(super) fn first(&mut self) -> Result<(), OrderError> {
        if !self.model.program.is_integer() {
            return Ok(());
        }
        let structure = self.structure()?;
        // Where everything was decided, it makes no difference what is rounded up.
        let undecided = self.undecided(&structure);
        for at_least in if undecided { &ROUNDED_UP[..] } else { &ROUNDED_UP[..1] } {
            self.rounded(&structure, *at_least)?;
        }
        if self.best.is_none() {
            // Together the groups ask for more than there is.
            let open = vec![None; structure.len()];
            for at_least in ROUNDED_UP {
                self.rounded(&open, at_least)?;
            }
        }
        Ok(())
    }

    /// Which orders there are, each group for itself at the prices of what all share, with any amounts; `None`
    /// where that is not decided. Raises the bound by what that costs each group beyond its relaxation.
    fn structure(&mut self) -> Result<Vec<Option<f64>>, OrderError> {
        let count = self.groups.count;
        let first = &self.model.first;
        let mut structure = vec![None; first.columns];
        let mut priced = self.root.program.clone();
        let mut constant = 0.0;
        for &(row, limit) in &self.model.limits {
            let shared =
                matches!(limit, Limit::Cash(_) | Limit::Room(..) | Limit::FillRate | Limit::Tail);
            if shared && count > 1 {
                let price = self.root.duals[row];
                let terms: Vec<(usize, f64)> = priced.terms_of(row).collect();
                for (column, factor) in terms {
                    priced.cost[column] -= price * factor;
                }
                if price != 0.0 {
                    constant += price * priced.row_high[row];
                }
                (priced.row_low[row], priced.row_high[row]) = (f64::NEG_INFINITY, f64::INFINITY);
            }
        }
        let decided = |column: usize| {
            matches!(first.kind_of(column), Kind::Joint | Kind::Placed | Kind::Trucks)
        };
        let relaxed = self.root.bound;
        let mut raised = 0.0;
        for group in 0..count {
            let mut program = priced.clone();
            let mut any = false;
            for column in 0..program.columns() {
                if self.groups.decides(group, column) {
                    program.whole[column] &= column < first.columns && decided(column);
                    any |= program.whole[column];
                } else {
                    let x = self.root.x[column];
                    program.whole[column] = false;
                    (program.lower[column], program.upper[column]) = (x, x);
                }
            }
            if !any {
                continue;
            }
            let most = Most {
                nodes: self.effort.nodes,
                iterations: self.effort.iterations / (2 * count.max(5)) as i64,
                plans: usize::MAX,
            };
            let found = self.searched(Solver::new(program)?, most, relaxed);
            if found.bound.is_finite() {
                raised += (found.bound + constant - relaxed).max(0.0);
            }
            if !matches!(found.status, Status::Optimal | Status::Limit) {
                continue;
            }
            for (column, place) in structure.iter_mut().enumerate() {
                let yes_or_no = matches!(first.kind_of(column), Kind::Joint | Kind::Placed);
                if yes_or_no
                    && self.groups.decides(group, column)
                    && self.root.program.whole[column]
                {
                    *place = Some(found.x[column]);
                }
            }
        }
        self.bound = self.bound.max(relaxed + raised);
        Ok(structure)
    }

    /// A plan by rounding the relaxation period by period, which is solved again each time.
    fn rounded(&mut self, structure: &[Option<f64>], at_least: f64) -> Result<(), OrderError> {
        let first = &self.model.first;
        let mut solver = Solver::new(self.root.program.relaxed())?;
        let effort = Effort { tolerance: TOLERANCE, ..Effort::default() };
        for (column, value) in structure.iter().enumerate() {
            if let Some(value) = value {
                solver.set_bounds(column, *value, *value);
            }
        }
        let mut found = solver.solve(effort);
        let whole = |column: &usize| self.root.program.whole[*column];
        let columns: Vec<usize> = (0..first.columns).filter(whole).collect();
        for period in 0..self.problem.periods {
            let own: Vec<usize> =
                columns.iter().copied().filter(|&at| first.period_of(at) == period).collect();
            for kind in [Kind::Joint, Kind::Placed, Kind::Amount, Kind::Trucks] {
                let open =
                    |column: &usize| first.kind_of(*column) == kind && structure[*column].is_none();
                let of_kind: Vec<usize> = own.iter().copied().filter(open).collect();
                if of_kind.is_empty() || found.status != Status::Optimal {
                    continue;
                }
                let mut next = None;
                // To the nearest; where that breaks a limit, all up, all down, or nothing at all.
                for way in [Rounded::Nearest, Rounded::Up, Rounded::Down] {
                    for &column in &of_kind {
                        let (x, program) = (found.x[column], &self.root.program);
                        let value = match (kind, way) {
                            (Kind::Trucks, _) | (Kind::Amount, Rounded::Up) => (x - 1e-6).ceil(),
                            (Kind::Amount, Rounded::Nearest) => (x + 0.5).floor(),
                            (Kind::Amount, Rounded::Down) => (x + 1e-6).floor(),
                            (Kind::Joint | Kind::Placed, _) => f64::from(u8::from(x >= at_least)),
                        };
                        let value = value.clamp(program.lower[column], program.upper[column]);
                        solver.set_bounds(column, value, value);
                    }
                    let tried = solver.solve(effort);
                    self.iterations += tried.iterations;
                    if tried.status == Status::Optimal {
                        next = Some(tried);
                        break;
                    }
                }
                if let Some(next) = next {
                    found = next;
                    continue;
                }
                for &column in &own {
                    solver.set_bounds(column, 0.0, 0.0);
                }
                found = solver.solve(effort);
                self.iterations += found.iterations;
                break;
            }
            if found.status != Status::Optimal {
                return Ok(());
            }
        }
        if found.objective < self.cost() {
            self.best = Some((found.objective, found.x));
        }
        Ok(())
    }

    /// Whether there are yes-or-no columns that the structure does not decide.
    fn undecided(&self, structure: &[Option<f64>]) -> bool {
        let first = &self.model.first;
        (0..first.columns).any(|column| {
            let yes_or_no = matches!(first.kind_of(column), Kind::Joint | Kind::Placed);
            yes_or_no && self.root.program.whole[column] && structure[column].is_none()
        })
    }
}
