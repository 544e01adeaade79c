//! What knowing the future, and what reckoning with it, is worth.

use super::{BendersEffort, Decision, DecomposeError, Recourses, Spread, TwoStage, benders};
use crate::program::{Effort, Program, Solution, Status};

/// Columns of an extensive form up to which it is solved as a whole.
const SMALL: usize = 2_000;

/// Expected costs of deciding with more or less knowledge (Birge, Mathematical Programming 24 (1982)
/// 314–325).
#[derive(Clone, Debug, PartialEq)]
pub struct Values {
    /// Cost of the best decision \[currency\].
    pub here_and_now: f64,
    /// Cost if each scenario were known before the decision \[currency\].
    pub wait_and_see: f64,
    /// Cost of the decision that is the best for the mean scenario; infinite if it has no recourse
    /// somewhere \[currency\].
    pub expected_value: f64,
    /// The best decision.
    pub decision: Vec<f64>,
    /// The best decision for the mean scenario.
    pub mean_decision: Vec<f64>,
}

impl Values {
    /// What knowing the scenario before the decision is worth: expected value of perfect information
    /// \[currency\].
    pub fn perfect_information(&self) -> f64 {
        self.here_and_now - self.wait_and_see
    }

    /// What reckoning with all scenarios is worth over reckoning with their mean: value of the stochastic
    /// solution \[currency\].
    pub fn stochastic_solution(&self) -> f64 {
        self.expected_value - self.here_and_now
    }
}

/// Costs with and without knowledge.
///
/// # Errors
///
/// If the program cannot be computed with, scenarios are not alike, so that there is no mean scenario, or
/// a program has no optimum.
pub fn values(two_stage: &TwoStage, spread: &dyn Spread) -> Result<Values, DecomposeError> {
    let (decision, here_and_now) = best(two_stage, spread)?;
    let alone = spread.table(two_stage.scenarios.len(), 1, &|scenario, cells| {
        cells[0] = optimum(&two_stage.alone(scenario), &format!("scenario {scenario}"))?.objective;
        Ok(())
    })?;
    let scenarios = two_stage.scenarios.iter();
    let wait_and_see =
        scenarios.zip(alone).map(|(scenario, cost)| scenario.probability * cost).sum();
    let mean = mean_scenario(two_stage)?;
    let columns = two_stage.first.columns();
    let mean_decision = optimum(&mean.alone(0), "the mean scenario")?.x[..columns].to_vec();
    let expected_value = Recourses::new(two_stage, 0)?.expected_cost(&mean_decision, spread)?;
    Ok(Values { here_and_now, wait_and_see, expected_value, decision, mean_decision })
}

/// The best decision and its cost: as a whole where that is small or recourse whole, by cuts otherwise.
pub(super) fn best(
    two_stage: &TwoStage,
    spread: &dyn Spread,
) -> Result<(Vec<f64>, f64), DecomposeError> {
    two_stage.check()?;
    let recourse = || two_stage.scenarios.iter().map(|scenario| &scenario.recourse);
    let columns: usize = recourse().map(Program::columns).sum();
    if columns <= SMALL || recourse().any(Program::is_integer) {
        let extensive = two_stage.extensive()?;
        two_stage.check_scale()?;
        let solution = optimum(&extensive.program, "the extensive form")?;
        return Ok((solution.x[..extensive.first].to_vec(), solution.objective));
    }
    let effort = BendersEffort { groups: 100, ..BendersEffort::default() };
    let Decision { x, certificate } = benders(two_stage, effort, spread)?;
    match certificate.verdict {
        super::Verdict::Optimal => Ok((x, certificate.bounds.upper)),
        verdict => Err(DecomposeError::Unsolved {
            what: "the two-stage program".to_owned(),
            status: match verdict {
                super::Verdict::Infeasible => Status::Infeasible,
                super::Verdict::Unbounded => Status::Unbounded,
                _ => Status::Limit,
            },
        }),
    }
}

/// The only optimum that is good enough: a proved one.
fn optimum(program: &Program, what: &str) -> Result<Solution, DecomposeError> {
    let solution = program.solve(Effort::default()).map_err(DecomposeError::Whole)?;
    match solution.status {
        Status::Optimal => Ok(solution),
        status => Err(DecomposeError::Unsolved { what: what.to_owned(), status }),
    }
}

/// One scenario whose every number is the expected one.
fn mean_scenario(two_stage: &TwoStage) -> Result<TwoStage, DecomposeError> {
    let scenarios = &two_stage.scenarios;
    let like = &scenarios[0];
    let expected = |number: &dyn Fn(&super::Scenario) -> f64| -> f64 {
        scenarios.iter().map(|scenario| scenario.probability * number(scenario)).sum()
    };
    for (number, scenario) in scenarios.iter().enumerate() {
        let (own, other) = (&scenario.recourse, &like.recourse);
        let pattern = |program: &Program| -> Vec<Vec<usize>> {
            let columns = |row| program.terms_of(row).map(|(column, _)| column).collect();
            (0..program.rows()).map(columns).collect()
        };
        let links = |scenario: &super::Scenario| -> Vec<(usize, usize)> {
            scenario.technology.iter().map(|&(row, column, _)| (row, column)).collect()
        };
        if own.columns() != other.columns()
            || own.whole != other.whole
            || pattern(own) != pattern(other)
            || links(scenario) != links(like)
        {
            return Err(DecomposeError::Unlike(number));
        }
    }
    let mut mean = super::Scenario::new(1.0);
    for column in 0..like.recourse.columns() {
        let place = mean.column(
            expected(&|scenario| scenario.recourse.cost[column]),
            expected(&|scenario| scenario.recourse.lower[column]),
            expected(&|scenario| scenario.recourse.upper[column]),
        );
        mean.recourse.whole[place] = like.recourse.whole[column];
    }
    for row in 0..like.recourse.rows() {
        let mut terms: Vec<(usize, f64)> =
            like.recourse.terms_of(row).map(|(column, _)| (column, 0.0)).collect();
        for scenario in scenarios {
            for (sum, (_, factor)) in terms.iter_mut().zip(scenario.recourse.terms_of(row)) {
                sum.1 += scenario.probability * factor;
            }
        }
        let low = expected(&|scenario| scenario.recourse.row_low[row]);
        let high = expected(&|scenario| scenario.recourse.row_high[row]);
        mean.row(low, high, [], terms);
    }
    for (place, &(row, column, _)) in like.technology.iter().enumerate() {
        mean.technology.push((row, column, expected(&|scenario| scenario.technology[place].2)));
    }
    Ok(TwoStage { first: two_stage.first.clone(), scenarios: vec![mean] })
}
