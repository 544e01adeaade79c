//! Linear and mixed-integer programs, solved by `HiGHS`. The only file that names `HiGHS`.
//!
//! Each solve uses a fresh solver, one thread, a fixed seed and limits in nodes, never in
//! seconds: the answer does not depend on the machine's load. Status and bound are always
//! kept, and the caller checks feasibility again.
#![allow(unsafe_code)] // a C interface; every call is in this file

use std::ffi::{CStr, c_void};
use std::ptr;

use highs_sys::{
    Highs_create, Highs_destroy, Highs_getDoubleInfoValue, Highs_getModelStatus, Highs_getSolution,
    Highs_passModel, Highs_run, Highs_setBoolOptionValue, Highs_setDoubleOptionValue,
    Highs_setIntOptionValue, Highs_setStringOptionValue, HighsInt, kHighsMatrixFormatRowwise,
    kHighsModelStatusInfeasible, kHighsModelStatusOptimal, kHighsModelStatusSolutionLimit,
    kHighsModelStatusUnboundedOrInfeasible, kHighsObjSenseMinimize, kHighsStatusError,
    kHighsStatusOk, kHighsVarTypeInteger,
};

/// Minimize `cost · x` with `0 ≤ x ≤ 1`, subject to `rows`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Program {
    /// Cost of each variable.
    pub(crate) cost: Vec<f64>,
    /// `low ≤ Σ factor · x[variable] ≤ high`.
    pub(crate) rows: Vec<Row>,
}

/// One constraint of a [`Program`].
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) terms: Vec<(usize, f64)>,
}

/// How a solve ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Proved optimal.
    Optimal,
    /// Proved infeasible.
    Infeasible,
    /// A limit was reached with a feasible solution at hand.
    Limit,
    /// Anything else, by `HiGHS`'s number.
    Other(i32),
}

/// What `HiGHS` said.
#[derive(Clone, Debug)]
pub(crate) struct Solution {
    pub(crate) status: Status,
    /// Values of the variables.
    pub(crate) x: Vec<f64>,
    /// What one more unit of each row's bound would save; zero for integer programs.
    pub(crate) row_dual: Vec<f64>,
    pub(crate) objective: f64,
    /// Proved lower bound on the objective.
    pub(crate) bound: f64,
}

/// Branch-and-bound nodes after which a solve stops.
const NODES: i32 = 20_000;

/// Relative gap at which a plan counts as optimal: a thousandth of the solver's own, and
/// far below what costs are known to.
pub(crate) const MIP_GAP: f64 = 1e-7;

/// A `HiGHS` object that is freed when dropped.
struct Highs(*mut c_void);

impl Drop for Highs {
    fn drop(&mut self) {
        // SAFETY: the pointer came from `Highs_create` and is freed once.
        unsafe { Highs_destroy(self.0) }
    }
}

impl Highs {
    fn new() -> Highs {
        // SAFETY: no preconditions; a null pointer would mean no memory at all.
        let highs = Highs(unsafe { Highs_create() });
        assert!(!highs.0.is_null(), "HiGHS could not allocate a solver");
        highs.set_bool(c"output_flag", false);
        highs.set_int(c"threads", 1); // the team owns the cores
        highs.set_text(c"parallel", c"off");
        highs.set_int(c"random_seed", 1);
        highs.set_int(c"mip_max_nodes", NODES);
        highs.set_double(c"mip_rel_gap", MIP_GAP);
        highs.set_double(c"mip_abs_gap", 0.0);
        highs.set_double(c"primal_feasibility_tolerance", 1e-9);
        highs.set_double(c"mip_feasibility_tolerance", 1e-9);
        highs
    }

    fn set_bool(&self, name: &CStr, value: bool) {
        // SAFETY: a live object and a terminated name.
        let status = unsafe { Highs_setBoolOptionValue(self.0, name.as_ptr(), i32::from(value)) };
        debug_assert_eq!(status, kHighsStatusOk, "{name:?}");
    }

    fn set_int(&self, name: &CStr, value: i32) {
        // SAFETY: a live object and a terminated name.
        let status = unsafe { Highs_setIntOptionValue(self.0, name.as_ptr(), value) };
        debug_assert_eq!(status, kHighsStatusOk, "{name:?}");
    }

    fn set_double(&self, name: &CStr, value: f64) {
        // SAFETY: a live object and a terminated name.
        let status = unsafe { Highs_setDoubleOptionValue(self.0, name.as_ptr(), value) };
        debug_assert_eq!(status, kHighsStatusOk, "{name:?}");
    }

    fn set_text(&self, name: &CStr, value: &CStr) {
        // SAFETY: a live object and two terminated texts.
        let status = unsafe { Highs_setStringOptionValue(self.0, name.as_ptr(), value.as_ptr()) };
        debug_assert_eq!(status, kHighsStatusOk, "{name:?}");
    }

    fn info(&self, name: &CStr) -> f64 {
        let mut value = f64::NAN;
        // SAFETY: a live object, a terminated name, and room for one number.
        unsafe { Highs_getDoubleInfoValue(self.0, name.as_ptr(), &raw mut value) };
        value
    }
}

impl Program {
    /// Solves with every variable 0 or 1.
    pub(crate) fn solve_integer(&self) -> Solution {
        self.solve(true)
    }

    /// Solves with every variable between 0 and 1.
    pub(crate) fn solve_relaxed(&self) -> Solution {
        self.solve(false)
    }

    fn solve(&self, integer: bool) -> Solution {
        let (columns, rows) = (self.cost.len(), self.rows.len());
        let highs = Highs::new();
        self.pass(&highs, integer);
        // SAFETY: the object holds a model.
        let ran = unsafe { Highs_run(highs.0) };
        // SAFETY: as above.
        let model = unsafe { Highs_getModelStatus(highs.0) };
        let mut solution = Solution {
            status: status(ran, model),
            x: vec![0.0; columns],
            row_dual: vec![0.0; rows],
            objective: highs.info(c"objective_function_value"),
            bound: f64::NEG_INFINITY,
        };
        let mut column_dual = vec![0.0; columns];
        let mut row_value = vec![0.0; rows];
        // SAFETY: room for as many numbers as the model has columns and rows.
        unsafe {
            Highs_getSolution(
                highs.0,
                solution.x.as_mut_ptr(),
                column_dual.as_mut_ptr(),
                row_value.as_mut_ptr(),
                solution.row_dual.as_mut_ptr(),
            );
        }
        solution.bound = if integer { highs.info(c"mip_dual_bound") } else { solution.objective };
        solution
    }

    /// Hands the model to `HiGHS`, row by row.
    fn pass(&self, highs: &Highs, integer: bool) {
        let columns = self.cost.len();
        let (mut starts, mut indices, mut values) = (Vec::new(), Vec::new(), Vec::new());
        for row in &self.rows {
            starts.push(indices.len() as HighsInt);
            indices.extend(row.terms.iter().map(|&(variable, _)| variable as HighsInt));
            values.extend(row.terms.iter().map(|&(_, factor)| factor));
        }
        let lower = vec![0.0; columns];
        let upper = vec![1.0; columns];
        let low: Vec<f64> = self.rows.iter().map(|row| row.low).collect();
        let high: Vec<f64> = self.rows.iter().map(|row| row.high).collect();
        let kinds = vec![kHighsVarTypeInteger as HighsInt; columns];
        // SAFETY: every array has the length its count says; HiGHS copies them.
        let status = unsafe {
            Highs_passModel(
                highs.0,
                columns as HighsInt,
                self.rows.len() as HighsInt,
                indices.len() as HighsInt,
                0,
                kHighsMatrixFormatRowwise as HighsInt,
                0,
                kHighsObjSenseMinimize as HighsInt,
                0.0,
                self.cost.as_ptr(),
                lower.as_ptr(),
                upper.as_ptr(),
                low.as_ptr(),
                high.as_ptr(),
                starts.as_ptr(),
                indices.as_ptr(),
                values.as_ptr(),
                ptr::null(),
                ptr::null(),
                ptr::null(),
                if integer { kinds.as_ptr() } else { ptr::null() },
            )
        };
        assert_ne!(status, kHighsStatusError, "HiGHS refused a model of finite numbers");
    }
}

fn status(ran: HighsInt, model: HighsInt) -> Status {
    if ran == kHighsStatusError {
        return Status::Other(model);
    }
    if model == kHighsModelStatusOptimal as HighsInt {
        Status::Optimal
    } else if model == kHighsModelStatusInfeasible as HighsInt
        || model == kHighsModelStatusUnboundedOrInfeasible as HighsInt
    {
        Status::Infeasible // never unbounded: every variable lies between 0 and 1
    } else if model == kHighsModelStatusSolutionLimit as HighsInt {
        Status::Limit
    } else {
        Status::Other(model)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_program_is_solved_and_priced() {
        // min −3a − 2b, a + b ≤ 1.5: relaxed a = 1, b = ½; integer a = 1.
        let row = Row { low: f64::NEG_INFINITY, high: 1.5, terms: vec![(0, 1.0), (1, 1.0)] };
        let program = Program { cost: vec![-3.0, -2.0], rows: vec![row] };
        let relaxed = program.solve_relaxed();
        assert_eq!(relaxed.status, Status::Optimal);
        assert!((relaxed.objective + 4.0).abs() < 1e-9 && (relaxed.row_dual[0] + 2.0).abs() < 1e-9);
        let integer = program.solve_integer();
        assert_eq!(integer.status, Status::Optimal);
        assert!((integer.objective + 3.0).abs() < 1e-9 && (integer.bound + 3.0).abs() < 1e-9);
    }

    #[test]
    fn what_cannot_be_is_infeasible() {
        let row = Row { low: 3.0, high: 4.0, terms: vec![(0, 1.0), (1, 1.0)] };
        let program = Program { cost: vec![1.0, 1.0], rows: vec![row] };
        assert_eq!(program.solve_integer().status, Status::Infeasible);
        assert_eq!(program.solve_relaxed().status, Status::Infeasible);
    }
}
