//! Programs that share rows, brought together by prices.

use std::sync::{Mutex, PoisonError};

use super::{Bounds, Certificate, DecomposeError, Row, Spread, Verdict};
use crate::program::{Effort, Program, Solver, Status};

/// Minimize the sum of the blocks' costs, where rows over columns of all blocks hold too.
#[derive(Clone, Debug, Default)]
pub struct Blocks {
    /// Least and largest value of each shared row.
    pub shared: Vec<(f64, f64)>,
    /// What shares them.
    pub blocks: Vec<Block>,
}

/// A program, and its part in the shared rows.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Columns and rows of its own.
    pub program: Program,
    /// Shared row, column, factor.
    pub uses: Vec<(usize, usize, f64)>,
}

/// How long [`Blocks::solve`] tries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BlocksEffort {
    /// Relative difference of the bounds that is small enough.
    pub gap: f64,
    /// Iterations after which it stops.
    pub most_iterations: usize,
}

impl Default for BlocksEffort {
    fn default() -> BlocksEffort {
        BlocksEffort { gap: 1e-6, most_iterations: 2_000 }
    }
}

/// What the prices say.
#[derive(Clone, Debug, PartialEq)]
pub struct BlocksAnswer {
    /// The mixture of each block's solutions that is the cheapest; whole columns may be fractions in
    /// it. Empty if there is none.
    pub x: Vec<Vec<f64>>,
    /// Price of one unit more of each shared row \[currency/unit\].
    pub prices: Vec<f64>,
    /// The upper bound is the cost of the mixture. Where columns are whole, it is one of the program
    /// over mixtures, and the lower bound of the program itself too.
    pub certificate: Certificate,
}

/// Share of the best prices so far in those that are tried next (Wentges, International Transactions in
/// Operational Research 4 (1997) 151–162).
const STEADY: f64 = 0.5;

/// Sum of violations of the shared rows that is rounding, relative to the largest bound.
const ROUNDING: f64 = 1e-9;

/// A solution of a block, or a direction in which it has no end.
struct Plan {
    block: usize,
    cost: f64,
    uses: Vec<f64>,
    x: Vec<f64>,
    ray: bool,
}

impl Blocks {
    /// Whether it can be computed with.
    ///
    /// # Errors
    ///
    /// The first datum that cannot.
    pub fn check(&self) -> Result<(), DecomposeError> {
        if self.blocks.is_empty() {
            return Err(DecomposeError::Empty);
        }
        self.shared_rows().check().map_err(DecomposeError::Whole)?;
        for (part, block) in self.blocks.iter().enumerate() {
            block.program.check().map_err(|error| DecomposeError::Part(part, error))?;
            for &(row, column, factor) in &block.uses {
                let known = row < self.shared.len() && column < block.program.columns();
                if !(known && factor.is_finite()) {
                    return Err(DecomposeError::Term { part, row, column, factor });
                }
            }
        }
        Ok(())
    }

    /// The shared rows, without terms.
    fn shared_rows(&self) -> Program {
        let mut shared = Program::new();
        for &(low, high) in &self.shared {
            shared.row(low, high, []);
        }
        shared
    }

    /// Whether numbers of each block, and of the shared rows, can be told from rounding beside each other;
    /// see [`Program::check_scale`].
    ///
    /// # Errors
    ///
    /// The first block or shared row whose cannot; there columns are counted over all blocks.
    pub fn check_scale(&self) -> Result<(), DecomposeError> {
        let mut shared: Vec<Vec<(usize, f64)>> = vec![Vec::new(); self.shared.len()];
        let mut before = 0;
        for (part, block) in self.blocks.iter().enumerate() {
            let scale = block.program.check_scale();
            scale.map_err(|error| DecomposeError::Part(part, error))?;
            for &(row, column, factor) in &block.uses {
                shared[row].push((before + column, factor));
            }
            before += block.program.columns();
        }
        let mut rows = Program::new();
        for (terms, &(low, high)) in shared.into_iter().zip(&self.shared) {
            rows.row(low, high, terms);
        }
        rows.check_scale().map_err(DecomposeError::Whole)
    }

    /// The cheapest mixture of the blocks' solutions (Dantzig and Wolfe, Operations Research 8 (1960)
    /// 101–111), by cutting planes for the prices of the shared rows.
    ///
    /// # Errors
    ///
    /// If the blocks cannot be computed with, or one cannot be solved.
    pub fn solve(
        &self,
        effort: BlocksEffort,
        spread: &dyn Spread,
    ) -> Result<BlocksAnswer, DecomposeError> {
        self.check()?;
        self.check_scale()?;
        let mut search = Search::new(self)?;
        let mut history = Vec::new();
        // What cannot be within the shared rows at all, prices without costs show.
        let mut verdict = search.phase(true, effort, spread, &mut history)?;
        let mut bounds = Bounds::NONE;
        if verdict == Verdict::Optimal {
            history.clear();
            verdict = search.phase(false, effort, spread, &mut history)?;
            bounds = history.last().copied().unwrap_or(bounds);
        }
        match verdict {
            Verdict::Infeasible => bounds = Bounds { lower: f64::INFINITY, upper: f64::INFINITY },
            Verdict::Unbounded => {
                bounds = Bounds { lower: f64::NEG_INFINITY, upper: f64::NEG_INFINITY };
            }
            _ => {}
        }
        let x = if bounds.upper.is_finite() { search.mixture() } else { Vec::new() };
        let certificate = Certificate { verdict, bounds, history };
        Ok(BlocksAnswer { x, prices: search.prices, certificate })
    }
}

struct Search<'a> {
    blocks: &'a Blocks,
    solvers: Vec<Mutex<Solver>>,
    /// Prices of the lower and of the upper side of each shared row, then what each block costs, negative.
    master: Solver,
    /// Its last solution.
    known: Vec<f64>,
    plans: Vec<Plan>,
    /// Share of each plan in the mixture.
    weights: Vec<f64>,
    prices: Vec<f64>,
}

impl<'a> Search<'a> {
    fn new(blocks: &'a Blocks) -> Result<Search<'a>, DecomposeError> {
        let mut solvers = Vec::with_capacity(blocks.blocks.len());
        for (part, block) in blocks.blocks.iter().enumerate() {
            let solver = Solver::new(block.program.clone());
            solvers.push(Mutex::new(solver.map_err(|error| DecomposeError::Part(part, error))?));
        }
        let mut master = Program::new();
        let side = |bound: f64| if bound.is_finite() { bound } else { 0.0 };
        for &(low, high) in &blocks.shared {
            master.column(-side(low), 0.0, f64::from(u8::from(low.is_finite())));
            master.column(side(high), 0.0, f64::from(u8::from(high.is_finite())));
        }
        for _ in &blocks.blocks {
            master.column(1.0, f64::NEG_INFINITY, f64::INFINITY);
        }
        let master = Solver::new(master).map_err(DecomposeError::Whole)?;
        let prices = vec![0.0; blocks.shared.len()];
        let (known, plans, weights) = (Vec::new(), Vec::new(), Vec::new());
        Ok(Search { blocks, solvers, master, known, plans, weights, prices })
    }

    /// Prices with the highest bound, of the costs or of the violations of shared rows.
    fn phase(
        &mut self,
        violations: bool,
        effort: BlocksEffort,
        spread: &dyn Spread,
        history: &mut Vec<Bounds>,
    ) -> Result<Verdict, DecomposeError> {
        if !violations {
            self.charge();
        }
        let rows = self.blocks.shared.len();
        let largest = self.blocks.shared.iter().flat_map(|(low, high)| [low.abs(), high.abs()]);
        let largest = largest.filter(|bound| bound.is_finite()).fold(1.0, f64::max);
        let mut best = vec![0.0; rows];
        let mut bounds = Bounds::NONE;
        let mut steady = STEADY;
        for _ in 0..effort.most_iterations {
            // Of no plans yet, no price is known.
            let mut master = vec![0.0; rows];
            if !self.plans.is_empty() {
                let solution = self.master.solve(Effort::default());
                match solution.status {
                    Status::Optimal => {}
                    // Directions without end that no price holds.
                    Status::Infeasible => return Ok(Verdict::Unbounded),
                    status => {
                        let what = "the prices of the shared rows".to_owned();
                        return Err(DecomposeError::Unsolved { what, status });
                    }
                }
                let sides = solution.x[..2 * rows].chunks_exact(2);
                master = sides.map(|sides| sides[0] - sides[1]).collect();
                bounds.upper = -solution.objective;
                (self.weights, self.known) = (solution.row_dual, solution.x);
            }
            self.prices.clone_from(&master);
            let small = |bounds: &Bounds| match violations {
                true => bounds.upper <= ROUNDING * largest,
                false => bounds.gap() <= effort.gap,
            };
            if small(&bounds) {
                history.push(bounds);
                self.prices = if violations { master } else { best };
                return Ok(Verdict::Optimal);
            }
            if violations && bounds.lower > ROUNDING * largest {
                return Ok(Verdict::Infeasible);
            }
            let mixed = best.iter().zip(&master);
            let smooth = if bounds.lower.is_finite() { steady } else { 0.0 };
            let tried: Vec<f64> =
                mixed.map(|(old, new)| smooth * old + (1.0 - smooth) * new).collect();
            let Some((bound, plans)) = self.cheapest(&tried, violations, spread)? else {
                return Ok(Verdict::Infeasible);
            };
            if bound > bounds.lower {
                bounds.lower = bound;
                best.clone_from(&tried);
            }
            history.push(bounds);
            let added = self.add(plans, violations);
            if added {
                steady = STEADY;
            } else if smooth > 0.0 {
                steady = 0.0;
            } else {
                // Nothing is cheaper at the master's own prices: the bounds differ by rounding.
                self.prices = master;
                return Ok(match (violations, bounds.gap() <= effort.gap) {
                    (true, _) => Verdict::Infeasible,
                    (false, true) => Verdict::Optimal,
                    (false, false) => Verdict::Limit,
                });
            }
        }
        Ok(Verdict::Limit)
    }

    /// From violations to costs: plans cost what they do, and prices have no end.
    fn charge(&mut self) {
        for (row, plan) in self.plans.iter().enumerate() {
            self.master.set_row_bounds(row, -plan.cost, f64::INFINITY);
        }
        for (row, (low, high)) in self.blocks.shared.iter().enumerate() {
            for (side, bound) in [low, high].into_iter().enumerate() {
                let most = if bound.is_finite() { f64::INFINITY } else { 0.0 };
                self.master.set_bounds(2 * row + side, 0.0, most);
            }
        }
    }

    /// The bound that `prices` prove, and the cheapest plans at them; none if a block has no solution.
    fn cheapest(
        &self,
        prices: &[f64],
        violations: bool,
        spread: &dyn Spread,
    ) -> Result<Option<(f64, Vec<Plan>)>, DecomposeError> {
        let (blocks, solvers) = (&self.blocks.blocks, &self.solvers);
        let most = blocks.iter().map(|block| block.program.columns()).max().unwrap_or(0);
        let cells = spread.table(blocks.len(), 2 + most, &|number, cells| {
            let block = &blocks[number];
            let columns = block.program.columns();
            let mut costs =
                if violations { vec![0.0; columns] } else { block.program.cost.clone() };
            for &(row, column, factor) in &block.uses {
                costs[column] -= prices[row] * factor;
            }
            let mut solver = solvers[number].lock().unwrap_or_else(PoisonError::into_inner);
            solver.set_costs(0, &costs);
            let solution = solver.solve(Effort { presolve: false, ..Effort::default() });
            match solution.status {
                Status::Optimal => {
                    cells[1] = solution.bound;
                    cells[2..2 + columns].copy_from_slice(&solution.x);
                }
                Status::Infeasible => cells[0] = 1.0,
                Status::Unbounded => {
                    cells[0] = 2.0;
                    cells[1] = f64::NEG_INFINITY;
                    let ray = solver.program().direction().ok_or_else(|| {
                        let what = format!("the direction of block {number} without end");
                        DecomposeError::Unsolved { what, status: Status::Troubled }
                    })?;
                    cells[2..2 + columns].copy_from_slice(&ray);
                }
                status => {
                    let what = format!("block {number}");
                    return Err(DecomposeError::Unsolved { what, status });
                }
            }
            Ok(())
        })?;
        let mut bound = self.blocks.shared_rows().weak_dual(&mut prices.to_vec(), false).0;
        let mut plans = Vec::with_capacity(blocks.len());
        for (number, cells) in cells.chunks_exact(2 + most).enumerate() {
            if cells[0] == 1.0 {
                return Ok(None);
            }
            bound += cells[1];
            let block = &blocks[number];
            let x = cells[2..2 + block.program.columns()].to_vec();
            let mut uses = vec![0.0; self.blocks.shared.len()];
            for &(row, column, factor) in &block.uses {
                uses[row] += factor * x[column];
            }
            let cost = block.program.cost_of(&x);
            plans.push(Plan { block: number, cost, uses, x, ray: cells[0] == 2.0 });
        }
        Ok(Some((bound, plans)))
    }

    /// Adds the plans that the prices of the master do not know; whether there are any.
    fn add(&mut self, plans: Vec<Plan>, violations: bool) -> bool {
        /// Cost by which a plan must be cheaper than those known, relative to it.
        const CHEAPER: f64 = 1e-10;
        let offset = 2 * self.blocks.shared.len();
        let known = (!self.plans.is_empty()).then(|| std::mem::take(&mut self.known));
        let mut rows: Vec<Row> = Vec::new();
        for plan in plans {
            let cost = if violations { 0.0 } else { plan.cost };
            if let Some(known) = &known {
                let price =
                    |(row, uses): (usize, &f64)| (known[2 * row] - known[2 * row + 1]) * uses;
                let paid: f64 = plan.uses.iter().enumerate().map(price).sum();
                let least = if plan.ray { 0.0 } else { -known[offset + plan.block] };
                let size = cost.abs().max(paid.abs()).max(1.0);
                if cost - paid >= least - CHEAPER * size {
                    continue;
                }
            }
            let mut terms = Vec::new();
            for (row, &uses) in plan.uses.iter().enumerate().filter(|(_, uses)| **uses != 0.0) {
                terms.extend([(2 * row, -uses), (2 * row + 1, uses)]);
            }
            if !plan.ray {
                terms.push((offset + plan.block, 1.0));
            }
            rows.push((-cost, f64::INFINITY, terms));
            self.plans.push(plan);
        }
        let any = !rows.is_empty();
        self.master.add_rows(rows);
        any
    }

    fn mixture(&self) -> Vec<Vec<f64>> {
        let blocks = self.blocks.blocks.iter();
        let mut x: Vec<Vec<f64>> = blocks.map(|block| vec![0.0; block.program.columns()]).collect();
        for (plan, weight) in self.plans.iter().zip(&self.weights) {
            for (sum, part) in x[plan.block].iter_mut().zip(&plan.x) {
                *sum += weight * part;
            }
        }
        x
    }
}
