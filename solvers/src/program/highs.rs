//! `HiGHS`, with one thread, a fixed seed, and no clock.
#![allow(unsafe_code)] // a C interface; every call is in this file

use std::ffi::{CStr, c_char, c_void};
use std::ptr;

use highs_sys::{
    Highs_addRows, Highs_changeColBounds, Highs_changeColCost, Highs_changeColsCostByRange,
    Highs_changeRowBounds, Highs_clearSolver, Highs_create, Highs_destroy, Highs_getBasis,
    Highs_getDoubleInfoValue, Highs_getDualRay, Highs_getInt64InfoValue, Highs_getIntInfoValue,
    Highs_getModelStatus, Highs_getPrimalRay, Highs_getSolution, Highs_passModel, Highs_run,
    Highs_setBasis, Highs_setBoolOptionValue, Highs_setCallback, Highs_setDoubleOptionValue,
    Highs_setIntOptionValue, Highs_setSolution, Highs_setStringOptionValue, Highs_startCallback,
    HighsCallbackDataIn, HighsCallbackDataOut, HighsInt, kHighsCallbackMipImprovingSolution,
    kHighsCallbackMipInterrupt, kHighsMatrixFormatRowwise, kHighsModelStatusInfeasible,
    kHighsModelStatusInterrupt, kHighsModelStatusIterationLimit, kHighsModelStatusModelEmpty,
    kHighsModelStatusOptimal, kHighsModelStatusSolutionLimit, kHighsModelStatusTimeLimit,
    kHighsModelStatusUnbounded, kHighsModelStatusUnboundedOrInfeasible, kHighsModelStatusUnknown,
    kHighsObjSenseMinimize, kHighsStatusError, kHighsStatusOk, kHighsVarTypeContinuous,
    kHighsVarTypeInteger,
};

use super::check::{SMALL_COSTS, VISIBLE_COST, is_near};
use super::{Effort, Method, Program, ProgramError, Solution, Status};

/// How far a solution that is called optimal may be outside its rows, by [`Program::violation`].
pub(super) const TROUBLED: f64 = 1e-6;

/// The same of a first-order method, which is asked for four digits.
const TROUBLED_FIRST_ORDER: f64 = 1e-2;

/// The least that `HiGHS` lets rows be off.
const LEAST_TOLERANCE: f64 = 1e-10;

/// Relative error that a first-order method may leave.
const FIRST_ORDER: f64 = 1e-4;

/// Which columns and rows are basic, and at which bound the others are: a start for a solve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    columns: Vec<HighsInt>,
    rows: Vec<HighsInt>,
}

/// What a search tells while it runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    /// A better solution of this cost.
    Better(f64),
    /// It may be stopped here, at this many nodes, with this bound.
    Pause {
        /// Branch-and-bound nodes so far.
        nodes: i64,
        /// Proved lower bound.
        bound: f64,
        /// Iterations of all its linear programs so far.
        iterations: i64,
    },
}

/// What is told of a search; `false` stops it.
type Watch = Box<dyn FnMut(Event) -> bool + Send>;

/// `HiGHS` with a program in it.
///
/// A solve starts from where the last one ended, unless a [`Basis`] is set. Changes are not checked one by
/// one: after one that cannot be computed with, every solve ends as [`Status::Troubled`].
pub struct Solver {
    highs: *mut c_void,
    program: Program,
    /// What `HiGHS` counts a cost of one as, a power of two: reduced costs below 1e-7 are none to it, so
    /// that programs whose costs are all small are solved in smaller units.
    unit: f64,
    /// Whether costs that it was made with are so small beside others that an optimum must be proved from
    /// its duals.
    faint: bool,
    /// Whether every change so far could be computed with.
    sound: bool,
    /// Kept for as long as `HiGHS` may call it.
    watch: Option<Box<Watch>>,
}

// SAFETY: the object is owned by this struct alone, and every call that changes it takes `&mut`.
unsafe impl Send for Solver {}

impl Drop for Solver {
    fn drop(&mut self) {
        // SAFETY: the pointer came from `Highs_create` and is freed once.
        unsafe { Highs_destroy(self.highs) }
    }
}

impl std::fmt::Debug for Solver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Solver").field("program", &self.program).finish_non_exhaustive()
    }
}

impl Solver {
    /// A solver of `program`.
    ///
    /// # Errors
    ///
    /// The first datum that cannot be computed with.
    ///
    /// # Panics
    ///
    /// If there is no memory for it.
    pub fn new(program: Program) -> Result<Solver, ProgramError> {
        program.check()?;
        // SAFETY: no preconditions; a null pointer would mean no memory at all.
        let highs = unsafe { Highs_create() };
        assert!(!highs.is_null(), "HiGHS could not allocate a solver");
        let unit = unit(&program.cost);
        let faint =
            program.cost.iter().any(|cost| *cost != 0.0 && cost.abs() * unit < VISIBLE_COST);
        let solver = Solver { highs, program, unit, faint, sound: true, watch: None };
        solver.set_bool(c"output_flag", false);
        solver.set_int(c"threads", 1); // the team owns the cores
        solver.set_text(c"parallel", c"off");
        solver.set_int(c"random_seed", 1);
        solver.set_double(c"mip_abs_gap", 0.0);
        solver.pass();
        Ok(solver)
    }

    /// The program as it stands.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Cost of a column from now on.
    pub fn set_cost(&mut self, column: usize, cost: f64) {
        self.program.cost[column] = cost;
        self.faint = false;
        // SAFETY: a live object; the column is one of the program's, or indexing had ended here.
        let told = unsafe { Highs_changeColCost(self.highs, column as HighsInt, cost * self.unit) };
        self.changed(told, is_near(cost));
    }

    /// Costs of the columns from `first` on.
    pub fn set_costs(&mut self, first: usize, costs: &[f64]) {
        if costs.is_empty() {
            return;
        }
        self.program.cost[first..first + costs.len()].copy_from_slice(costs);
        self.faint = false;
        // Whoever watches was told the unit.
        if costs.len() == self.program.columns() && self.watch.is_none() {
            self.unit = unit(costs);
        }
        let counted: Vec<f64>;
        let told = if self.unit == 1.0 {
            costs
        } else {
            counted = costs.iter().map(|cost| cost * self.unit).collect();
            &counted
        };
        let last = (first + costs.len() - 1) as HighsInt;
        // SAFETY: as many costs as the range says.
        let told = unsafe {
            Highs_changeColsCostByRange(self.highs, first as HighsInt, last, told.as_ptr())
        };
        self.changed(told, costs.iter().all(|cost| is_near(*cost)));
    }

    /// Bounds of a column from now on.
    pub fn set_bounds(&mut self, column: usize, lower: f64, upper: f64) {
        (self.program.lower[column], self.program.upper[column]) = (lower, upper);
        // SAFETY: as above.
        let told = unsafe { Highs_changeColBounds(self.highs, column as HighsInt, lower, upper) };
        self.changed(told, are_bounds(lower, upper));
    }

    /// Bounds of a row from now on.
    pub fn set_row_bounds(&mut self, row: usize, low: f64, high: f64) {
        (self.program.row_low[row], self.program.row_high[row]) = (low, high);
        // SAFETY: as above.
        let told = unsafe { Highs_changeRowBounds(self.highs, row as HighsInt, low, high) };
        self.changed(told, are_bounds(low, high));
    }

    /// One more row; its place.
    pub fn add_row(
        &mut self,
        low: f64,
        high: f64,
        terms: impl IntoIterator<Item = (usize, f64)>,
    ) -> usize {
        self.add_rows([(low, high, terms)])
    }

    /// More rows, each its least value, largest value and terms; the place of the first.
    pub fn add_rows<T: IntoIterator<Item = (usize, f64)>>(
        &mut self,
        rows: impl IntoIterator<Item = (f64, f64, T)>,
    ) -> usize {
        let (first, before) = (self.program.rows(), self.program.terms());
        for (low, high, terms) in rows {
            self.program.row(low, high, terms);
        }
        let program = &self.program;
        let columns: Vec<HighsInt> =
            program.columns[before..].iter().map(|&column| column as HighsInt).collect();
        let starts = program.starts[first..program.rows()].iter();
        let starts: Vec<HighsInt> = starts.map(|&at| (at - before) as HighsInt).collect();
        let sound = program.factors[before..].iter().all(|factor| factor.is_finite())
            && (first..program.rows())
                .all(|row| are_bounds(program.row_low[row], program.row_high[row]));
        // SAFETY: as many rows, columns and factors as the counts say; HiGHS copies them.
        let told = unsafe {
            Highs_addRows(
                self.highs,
                starts.len() as HighsInt,
                program.row_low[first..].as_ptr(),
                program.row_high[first..].as_ptr(),
                columns.len() as HighsInt,
                starts.as_ptr(),
                columns.as_ptr(),
                program.factors[before..].as_ptr(),
            )
        };
        self.changed(told, sound);
        first
    }

    /// Notes whether a change can be computed with, by what `HiGHS` told and by our own check.
    fn changed(&mut self, told: HighsInt, sound: bool) {
        self.sound &= sound && told != kHighsStatusError;
    }

    /// Where the last solve ended.
    pub fn basis(&self) -> Basis {
        let mut basis =
            Basis { columns: vec![0; self.program.columns()], rows: vec![0; self.program.rows()] };
        // SAFETY: room for as many statuses as there are columns and rows.
        unsafe {
            Highs_getBasis(self.highs, basis.columns.as_mut_ptr(), basis.rows.as_mut_ptr());
        }
        basis
    }

    /// Where the next solve starts; whether the basis is one of this program.
    pub fn set_basis(&mut self, basis: &Basis) -> bool {
        let fits = basis.columns.len() == self.program.columns()
            && basis.rows.len() == self.program.rows();
        // SAFETY: as many statuses as there are columns and rows.
        fits && unsafe { Highs_setBasis(self.highs, basis.columns.as_ptr(), basis.rows.as_ptr()) }
            == kHighsStatusOk
    }

    /// A solution that a search for whole columns starts from, if it is one.
    ///
    /// # Panics
    ///
    /// If it has not a value for each column.
    pub fn start_from(&mut self, x: &[f64]) {
        assert_eq!(x.len(), self.program.columns(), "a value for each column");
        // SAFETY: as many values as there are columns; the other arrays may be null.
        unsafe {
            Highs_setSolution(self.highs, x.as_ptr(), ptr::null(), ptr::null(), ptr::null());
        }
    }

    /// Tells a search's events to `watch` from now on; `false` ends the search.
    pub fn watch(&mut self, mut watch: impl FnMut(Event) -> bool + Send + 'static) {
        let unit = self.unit;
        let mut watch: Box<Watch> = Box::new(Box::new(move |event| {
            watch(match event {
                Event::Better(cost) => Event::Better(cost / unit),
                Event::Pause { nodes, bound, iterations } => {
                    Event::Pause { nodes, bound: bound / unit, iterations }
                }
            })
        }));
        let data: *mut Watch = &raw mut *watch;
        // SAFETY: the closure outlives the object: it is boxed, and kept beside it.
        unsafe {
            Highs_setCallback(self.highs, Some(told), data.cast());
            for kind in [kHighsCallbackMipImprovingSolution, kHighsCallbackMipInterrupt] {
                Highs_startCallback(self.highs, kind);
            }
        }
        self.watch = Some(watch);
    }

    /// Solves the program as it stands.
    pub fn solve(&mut self, effort: Effort) -> Solution {
        if !self.sound {
            return self.unsolved(Status::Troubled);
        }
        let mut solution = self.answer(effort);
        if effort.presolve && solution.iterations == 0 {
            solution = self.program.searched_again(solution, effort);
        }
        match self.program.breaks_if_whole(&solution) {
            true => self.program.polished(solution),
            false => solution,
        }
    }

    /// What `HiGHS` says, checked.
    fn answer(&mut self, effort: Effort) -> Solution {
        let method = match effort.method {
            Method::Simplex => c"simplex",
            Method::InteriorPoint => c"ipx",
            Method::FirstOrder => c"pdlp",
        };
        self.set_text(c"solver", method);
        self.set_text(c"run_crossover", c"off");
        self.set_text(c"presolve", if effort.presolve { c"choose" } else { c"off" });
        self.set_int(c"mip_max_nodes", effort.nodes.max(0));
        for limit in [c"simplex_iteration_limit", c"ipm_iteration_limit", c"pdlp_iteration_limit"] {
            self.set_int(limit, effort.iterations.max(0));
        }
        self.set_double(c"mip_rel_gap", effort.relative_gap.max(0.0));
        let tolerance = effort.tolerance.clamp(LEAST_TOLERANCE, TROUBLED);
        self.set_double(c"primal_feasibility_tolerance", tolerance);
        self.set_double(c"mip_feasibility_tolerance", tolerance);
        let first_order = effort.method == Method::FirstOrder;
        self.set_double(c"kkt_tolerance", if first_order { FIRST_ORDER } else { 1e-7 });
        let (ran, model) = self.run_again(self.run(), effort, tolerance);
        // Simplex can lose its way along a direction without end.
        let lost = model == kHighsModelStatusUnknown && self.program.direction().is_some();
        if model != kHighsModelStatusUnboundedOrInfeasible && !lost {
            return self.told(status(ran, model), effort);
        }
        // Which of the two, a program without costs says.
        let (costs, faint) = (self.program.cost.clone(), self.faint);
        self.set_costs(0, &vec![0.0; costs.len()]);
        let (ran, model) = self.run();
        let feasible = status(ran, model) == Status::Optimal;
        self.set_costs(0, &costs);
        self.faint = faint;
        let mut solution =
            self.told(if feasible { Status::Unbounded } else { status(ran, model) }, effort);
        if solution.status != Status::Infeasible {
            // What was proved is of no costs.
            solution.bound = f64::NEG_INFINITY;
        }
        solution
    }

    /// Nothing, for a reason.
    fn unsolved(&self, status: Status) -> Solution {
        let (columns, rows) = (self.program.columns(), self.program.rows());
        Solution {
            status,
            x: vec![0.0; columns],
            row_dual: vec![0.0; rows],
            column_dual: vec![0.0; columns],
            objective: f64::NAN,
            bound: f64::NEG_INFINITY,
            violation: f64::INFINITY,
            iterations: 0,
            nodes: 0,
        }
    }

    /// What a solve told, unless it lost its way: then what one tells from nothing, with presolve the other
    /// way about, and last with wider rows.
    fn run_again(
        &self,
        first: (HighsInt, HighsInt),
        effort: Effort,
        tolerance: f64,
    ) -> (HighsInt, HighsInt) {
        let mut told = first;
        for wider in [1.0, 100.0] {
            if told.1 != kHighsModelStatusUnknown || effort.method != Method::Simplex {
                break;
            }
            // SAFETY: a live object; it keeps its model.
            unsafe { Highs_clearSolver(self.highs) };
            self.set_text(c"presolve", if effort.presolve { c"off" } else { c"choose" });
            self.set_double(c"primal_feasibility_tolerance", wider * tolerance);
            told = self.run();
        }
        told
    }

    fn run(&self) -> (HighsInt, HighsInt) {
        // SAFETY: the object holds a model.
        let ran = unsafe { Highs_run(self.highs) };
        // SAFETY: as above.
        (ran, unsafe { Highs_getModelStatus(self.highs) })
    }

    /// A combination of rows that proves that no solution exists, after an infeasible solve by
    /// simplex without presolve.
    pub fn dual_ray(&self) -> Option<Vec<f64>> {
        let (mut has, mut ray) = (0, vec![0.0; self.program.rows()]);
        // SAFETY: room for as many numbers as there are rows.
        unsafe { Highs_getDualRay(self.highs, &raw mut has, ray.as_mut_ptr()) };
        (has != 0).then_some(ray)
    }

    /// A direction in which costs fall for ever, after an unbounded solve by simplex without
    /// presolve.
    pub fn primal_ray(&self) -> Option<Vec<f64>> {
        let (mut has, mut ray) = (0, vec![0.0; self.program.columns()]);
        // SAFETY: room for as many numbers as there are columns.
        unsafe { Highs_getPrimalRay(self.highs, &raw mut has, ray.as_mut_ptr()) };
        // There is none where simplex was not needed, or lost its way.
        if has != 0 { Some(ray) } else { self.program.direction() }
    }

    /// What the last solve said, checked.
    fn told(&self, status: Status, effort: Effort) -> Solution {
        let mut solution = self.unsolved(status);
        solution.nodes = self.int64(c"mip_node_count").max(0);
        for kind in [c"simplex_iteration_count", c"ipm_iteration_count", c"pdlp_iteration_count"] {
            solution.iterations += i64::from(self.int(kind).max(0));
        }
        let mut row_value = vec![0.0; self.program.rows()];
        // SAFETY: room for as many numbers as there are columns and rows.
        unsafe {
            Highs_getSolution(
                self.highs,
                solution.x.as_mut_ptr(),
                solution.column_dual.as_mut_ptr(),
                row_value.as_mut_ptr(),
                solution.row_dual.as_mut_ptr(),
            );
        }
        if self.unit != 1.0 {
            let duals = solution.row_dual.iter_mut().chain(&mut solution.column_dual);
            duals.for_each(|dual| *dual /= self.unit);
        }
        if matches!(status, Status::Optimal | Status::Limit) {
            self.program.round(&mut solution.x);
            solution.objective = self.program.cost_of(&solution.x);
            solution.violation = self.program.violation(&solution.x);
        }
        let integer = self.program.is_integer();
        solution.bound = match status {
            Status::Infeasible => f64::INFINITY,
            Status::Unbounded => f64::NEG_INFINITY,
            _ if integer => self.double(c"mip_dual_bound") / self.unit,
            Status::Optimal => solution.objective,
            _ => f64::NEG_INFINITY,
        };
        if solution.bound.is_nan() {
            solution.bound = f64::NEG_INFINITY;
        }
        let first_order = effort.method == Method::FirstOrder && !integer;
        let tolerated = if first_order { TROUBLED_FIRST_ORDER } else { TROUBLED };
        if status == Status::Optimal && !integer && (self.faint || effort.method != Method::Simplex)
        {
            solution.bound = self.program.proved(&solution.row_dual);
        }
        let open = solution.objective - solution.bound > TROUBLED * solution.objective.abs();
        // What is at hand when a limit ends a linear program is no solution yet.
        solution.status = match status {
            // Without columns `HiGHS` does not look at the rows.
            Status::Optimal if solution.x.is_empty() && solution.violation > tolerated => {
                solution.bound = f64::INFINITY;
                Status::Infeasible
            }
            Status::Optimal if solution.violation > tolerated => Status::Troubled,
            Status::Optimal if self.faint && !integer && open => Status::Troubled,
            Status::Limit if solution.violation > tolerated => Status::LimitWithout,
            status => status,
        };
        solution
    }

    fn set_bool(&self, name: &CStr, value: bool) {
        // SAFETY: a live object and a terminated name.
        ok(unsafe { Highs_setBoolOptionValue(self.highs, name.as_ptr(), i32::from(value)) });
    }

    fn set_int(&self, name: &CStr, value: i32) {
        // SAFETY: a live object and a terminated name.
        ok(unsafe { Highs_setIntOptionValue(self.highs, name.as_ptr(), value) });
    }

    fn set_double(&self, name: &CStr, value: f64) {
        // SAFETY: a live object and a terminated name.
        ok(unsafe { Highs_setDoubleOptionValue(self.highs, name.as_ptr(), value) });
    }

    fn set_text(&self, name: &CStr, value: &CStr) {
        // SAFETY: a live object and two terminated texts.
        ok(unsafe { Highs_setStringOptionValue(self.highs, name.as_ptr(), value.as_ptr()) });
    }

    fn double(&self, name: &CStr) -> f64 {
        let mut value = f64::NAN;
        // SAFETY: a live object, a terminated name, and room for one number.
        unsafe { Highs_getDoubleInfoValue(self.highs, name.as_ptr(), &raw mut value) };
        value
    }

    fn int(&self, name: &CStr) -> i32 {
        let mut value = 0;
        // SAFETY: as above.
        unsafe { Highs_getIntInfoValue(self.highs, name.as_ptr(), &raw mut value) };
        value
    }

    fn int64(&self, name: &CStr) -> i64 {
        let mut value = 0;
        // SAFETY: as above.
        unsafe { Highs_getInt64InfoValue(self.highs, name.as_ptr(), &raw mut value) };
        value
    }

    /// Hands the program to `HiGHS`.
    fn pass(&self) {
        let program = &self.program;
        let starts: Vec<HighsInt> = program.starts.iter().map(|&at| at as HighsInt).collect();
        let columns: Vec<HighsInt> = program.columns.iter().map(|&at| at as HighsInt).collect();
        let kind = |whole: &bool| match whole {
            true => kHighsVarTypeInteger,
            false => kHighsVarTypeContinuous,
        };
        let kinds: Option<Vec<HighsInt>> =
            program.is_integer().then(|| program.whole.iter().map(kind).collect());
        let costs: Vec<f64> = program.cost.iter().map(|cost| cost * self.unit).collect();
        // SAFETY: every array has the length its count says; HiGHS copies them.
        let status = unsafe {
            Highs_passModel(
                self.highs,
                program.columns() as HighsInt,
                program.rows() as HighsInt,
                program.terms() as HighsInt,
                0,
                kHighsMatrixFormatRowwise,
                0,
                kHighsObjSenseMinimize,
                0.0,
                costs.as_ptr(),
                program.lower.as_ptr(),
                program.upper.as_ptr(),
                program.row_low.as_ptr(),
                program.row_high.as_ptr(),
                starts.as_ptr(),
                columns.as_ptr(),
                program.factors.as_ptr(),
                ptr::null(),
                ptr::null(),
                ptr::null(),
                kinds.as_ref().map_or(ptr::null(), Vec::as_ptr),
            )
        };
        // A warning is for factors that HiGHS takes as zero.
        assert_ne!(status, kHighsStatusError, "HiGHS refused a program that was checked");
    }
}

fn ok(status: HighsInt) {
    debug_assert_ne!(status, kHighsStatusError, "HiGHS refused an option that was checked");
}

/// What a cost of one is counted as, so that the largest is about one if all are small.
fn unit(costs: &[f64]) -> f64 {
    let largest = costs.iter().fold(0.0_f64, |most, cost| most.max(cost.abs()));
    if largest > 0.0 && largest < SMALL_COSTS {
        // Not beyond what doubles hold, however small the costs.
        (-largest.log2().floor()).min(1_000.0).exp2()
    } else {
        1.0
    }
}

/// Whether two numbers can be bounds, be there a number between them or not.
fn are_bounds(low: f64, high: f64) -> bool {
    let is_bound = |bound: f64| is_near(bound) || bound.is_infinite();
    is_bound(low) && is_bound(high) && low < f64::INFINITY && high > f64::NEG_INFINITY
}

/// Called by `HiGHS` while it searches.
unsafe extern "C" fn told(
    kind: HighsInt,
    _message: *const c_char,
    out: *const HighsCallbackDataOut,
    back: *mut HighsCallbackDataIn,
    data: *mut c_void,
) {
    // SAFETY: `data` is the closure that `Solver::watch` keeps; `out` and `back` are alive while this
    // function runs, and `back` may be null where nothing can be told.
    unsafe {
        let watch = &mut *data.cast::<Watch>();
        let event = if kind == kHighsCallbackMipImprovingSolution {
            Event::Better((*out).objective_function_value)
        } else {
            Event::Pause {
                nodes: (*out).mip_node_count,
                bound: (*out).mip_dual_bound,
                iterations: (*out).mip_total_lp_iterations,
            }
        };
        let goes_on = watch(event);
        if !goes_on && !back.is_null() {
            (*back).user_interrupt = 1;
        }
    }
}

fn status(ran: HighsInt, model: HighsInt) -> Status {
    let is = |status: HighsInt| model == status;
    if ran == kHighsStatusError {
        Status::Other(model)
    } else if is(kHighsModelStatusOptimal) || is(kHighsModelStatusModelEmpty) {
        Status::Optimal
    } else if is(kHighsModelStatusInfeasible) {
        Status::Infeasible
    } else if is(kHighsModelStatusUnbounded) {
        Status::Unbounded
    } else if [
        kHighsModelStatusSolutionLimit,
        kHighsModelStatusIterationLimit,
        kHighsModelStatusTimeLimit,
        kHighsModelStatusInterrupt,
    ]
    .into_iter()
    .any(is)
    {
        Status::Limit
    } else {
        Status::Other(model)
    }
}
