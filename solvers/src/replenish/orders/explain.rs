//! Which limits cannot be kept together.

use super::model::{Asked, Model};
use super::problem::OrderProblem;
use super::{Limit, OrderError};
use crate::program::{Program, ProgramError, Side, conflict};

/// Columns up to which integers are taken into account.
const SMALL: usize = 2_000;

/// The conflict of a problem that has no solution: without integers if these do not matter or are many.
pub(super) fn infeasible(problem: &OrderProblem) -> OrderError {
    let model = match Model::new(problem, Asked::Limits) {
        Ok(model) => model,
        Err(error) => return error,
    };
    let relaxed = explained(&model, &model.program.relaxed());
    let found = match relaxed {
        Ok(None) | Err(ProgramError::Unexplained(_)) if model.program.columns() <= SMALL => {
            explained(&model, &model.program)
        }
        found => found,
    };
    match found {
        Ok(Some((limits, repair))) => OrderError::Infeasible { limits, repair },
        // Proved, but not which limits conflict.
        Ok(None) | Err(ProgramError::Unexplained(_)) => {
            OrderError::Infeasible { limits: Vec::new(), repair: Vec::new() }
        }
        Err(error) => error.into(),
    }
}

type Explained = Option<(Vec<Limit>, Vec<(Limit, f64)>)>;

fn explained(model: &Model, program: &Program) -> Result<Explained, ProgramError> {
    let row = |side: Side| match side {
        Side::RowHigh(row) | Side::RowLow(row) => Some(row),
        _ => None,
    };
    let limit = |side: Side| {
        let row = row(side)?;
        let place = model.limits.binary_search_by_key(&row, |(row, _)| *row).ok()?;
        Some(model.limits[place].1)
    };
    // A tenth of any limit is as dear as a tenth of any other.
    let price = |side: Side| limit(side).map(|_| 1.0 / side.bound(program).abs().max(1.0));
    let Some(found) = conflict(program, price)? else { return Ok(None) };
    let mut limits: Vec<Limit> = Vec::new();
    for limit in found.sides.iter().filter_map(|side| limit(*side)) {
        if !limits.contains(&limit) {
            limits.push(limit);
        }
    }
    let scenarios = model.scenarios as f64;
    let change = |(side, by): &(Side, f64)| {
        let limit = limit(*side)?;
        // Rows of expectations are summed over scenarios.
        let summed = matches!(
            limit,
            Limit::Floor(..) | Limit::FillRate | Limit::StockFillRate(_) | Limit::Tail
        );
        Some((limit, if summed { by / scenarios } else { *by }))
    };
    // A room must suffice in the worst of its scenarios.
    let mut repair: Vec<(Limit, f64)> = Vec::new();
    for (limit, by) in found.repair.iter().filter_map(change) {
        match repair.iter_mut().find(|(known, _)| *known == limit) {
            Some((_, known)) => *known = known.max(by),
            None => repair.push((limit, by)),
        }
    }
    Ok(Some((limits, repair)))
}
