//! The whole program: fit, propose, choose, share what is scarce, confirm, report.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::mem;

use bytemuck::{Pod, Zeroable};
use cluster::{RowFailure, Rows, Sums, Table, Team, TeamError};
use scenarios::cleaning::{Inspection, Quality};
use solvers::{
    Allocation, AnswerShape, Candidate, CandidateAnswer, Courses, LIMITS, PlanAnswer, Rule,
    Settings, Spare, SupplierAnswer, SupplierItem, SupplierQuestion, allocate,
};

pub use answers::Answers;
use answers::Held;
pub(crate) use asked::Asked;
pub use futures::Futures;
use futures::Layout;
use modelled::{Known, Modelled, Models};
pub use order_plan::{Delivery, Move, OrderPlanned};
pub use program::Programmed;

use crate::error::Error;
use crate::foresight::Foresight;
use crate::inputs::Inputs;
use crate::replay::replay;
use crate::report::replayed::Replay;
use crate::report::{FailureLine, Report};
use crate::study::stock::StockedItem;
use crate::study::suppliers::Supplier;
use crate::study::{Limit, Study};
use crate::summary;
use crate::table::Problems;

mod answers;
mod asked;
mod futures;
mod modelled;
mod order_plan;
mod program;

/// Recommends a policy for every item of `study`.
///
/// Where the study records failures, items that cannot be computed are left out, as if the tables did not
/// name them, and the report says so.
///
/// # Errors
///
/// [`Error::Limits`] if the study's limits cannot be met, [`Error::Team`] if the ranks failed,
/// [`Error::Item`] if an item cannot be computed and that is not to be recorded, or none can.
pub fn run(study: &Study, inputs: &Inputs, team: &Team) -> Result<Finished, Error> {
    let mut failures: Vec<FailureLine> = Vec::new();
    let mut rest: Option<Inputs> = None;
    loop {
        let inputs = rest.as_ref().unwrap_or(inputs);
        let failed = match recommended(study, inputs, team)? {
            Ok(report) => {
                let failed = failures.len();
                let report = report.map(|report| summary::with_failures(report, failures));
                return Ok(Finished { report, failed, items: inputs.stock.len() + failed });
            }
            Err(failed) => failed,
        };
        let name = |row: usize| inputs.stock[row].item.name.clone();
        let lines = failed
            .iter()
            .map(|failure| FailureLine { item: name(failure.row), reason: failure.reason.clone() });
        failures.extend(lines);
        let rows: BTreeSet<usize> = failed.iter().map(|failure| failure.row).collect();
        if !study.records_failures || rows.len() == inputs.stock.len() {
            let FailureLine { item, reason } = failures.swap_remove(0);
            return Err(Error::Item { item, reason });
        }
        let names: Vec<&str> = failures.iter().map(|failure| &failure.item[..]).collect();
        team.branch(names.join("\0").as_bytes());
        rest = Some(inputs.without(study, &rows));
    }
}

/// What a run comes to.
#[derive(Clone, Debug)]
pub struct Finished {
    /// What the user gets, on the rank that writes and prints.
    pub report: Option<Report>,
    /// Items that could not be computed.
    pub failed: usize,
    /// Items, these included.
    pub items: usize,
}

/// What a thread keeps from one item to the next.
#[derive(Default)]
struct Memory {
    spare: Spare,
    courses: Courses,
}

/// The report, on rank 0, or the items that cannot be computed.
fn recommended(
    study: &Study,
    inputs: &Inputs,
    team: &Team,
) -> Result<Result<Option<Report>, Vec<RowFailure>>, Error> {
    let items = &inputs.stock;
    let foresight = Foresight::wanted(study, inputs, team)?;
    let Asked { known, settings } = Asked::new(study, inputs, foresight.as_ref(), team)?;

    // Each item's whole question is one row; nothing is exchanged while it runs.
    let layout = Layout::new(study.strategies.len(), settings.scenarios);
    let shape = AnswerShape::new(study.strategies.len());
    let answered = |row: usize, cells: &mut [u64], sums: &mut Sums, memory: &mut Memory| {
        let Memory { spare, courses } = memory;
        let modelled = known.modelled(row);
        let quantum = modelled.demand.quantum;
        let question = modelled.question(&settings);
        let answer = question.answer(modelled.demand.code, spare, Some(courses)).in_units(quantum);
        let courses = mem::take(courses).in_units(quantum);
        if !answer.costs_are_numbers() {
            return Err("its cost is not a number");
        }
        layout.add(&courses, answer.recommended as usize, items[row].unit_cost, sums);
        shape.write(&answer, cells);
        Ok(())
    };
    let mut table = Table::new(items.len(), shape.words()).named("items").with_sums(layout.sums());
    if study.program.scenarios == 0 {
        // Kilobytes an item: the others need no more of them than what was chosen.
        table = table.at_root();
    }
    let computed = team.compute(table, study.records_failures, Memory::default, answered);
    let (answers, sums) = match computed {
        Err(TeamError::Row { row, reason }) => return Ok(Err(vec![RowFailure { row, reason }])),
        other => match other? {
            (answers, sums, failed) if failed.is_empty() => (answers, sums),
            (.., failed) => return Ok(Err(failed)),
        },
    };
    let (answers, mut futures) = (Answers::new(shape, answers), layout.futures(&sums));

    // One rank solves the program and all learn the plan; what it changed is priced again.
    let plan = share(study, items, &answers, team)?;
    let choices = choices(&answers, plan.as_ref(), team)?;
    let priced = match &plan {
        Some(_) => {
            let (priced, changes) = price(&known, &settings, &choices, team)?;
            futures.planned = layout.planned(&futures, &changes);
            priced
        }
        None => Rows::of(Vec::new(), 1),
    };
    let quality = quality(inputs, team)?;
    let outcome = Outcome {
        answers,
        choices,
        plan,
        priced,
        futures,
        suppliers: Vec::new(),
        quality,
        programmed: None,
        order_plan: None,
        replayed: None,
    };
    let suppliers = supplied(&known, &settings, &outcome, team)?;
    let outcome = Outcome { suppliers, ..outcome };
    let models = Models::new(&known);
    let programmed = program::programmed(&known, &models, (&settings, &outcome), team)?;
    let order_plan = order_plan::order_plan(&known, &models, team)?;
    let replayed = match study.file.report.replay_periods {
        0 => None,
        periods => Some(replay(study, inputs, periods, team)?),
    };
    let outcome = Outcome { programmed, order_plan, replayed, ..outcome };
    Ok(Ok(team.is_root().then(|| summary::report(study, inputs, &outcome))))
}

/// Everything that was computed.
pub struct Outcome {
    /// What was answered about each item; on rank 0, and elsewhere only if all items are ordered together.
    pub answers: Answers,
    /// What was chosen for each item, on every rank.
    pub choices: Vec<Choice>,
    /// The plan within the study's limits, if it has any.
    pub plan: Option<Plan>,
    /// What the plan's choice costs; zeros where it is the recommended one.
    pub priced: Rows<PlanAnswer>,
    /// Totals over items, scenario by scenario.
    pub futures: Futures,
    /// What was answered about each supplier.
    pub suppliers: Vec<SupplierAnswer>,
    /// What ways of ordering all items together do; `None` if nobody asked.
    pub programmed: Option<Programmed>,
    /// Orders of the coming periods; `None` if nobody asked.
    pub order_plan: Option<OrderPlanned>,
    /// The last part of the history, replayed, or why it was not; `None` if nobody asked.
    pub replayed: Option<Result<Replay, String>>,
    /// How good the sales of each item are, on rank 0.
    pub quality: Vec<Quality>,
}

impl Outcome {
    /// The plan's choice for an item where it is not the recommended one, and what it costs.
    pub fn changed(&self, row: usize) -> Option<(CandidateAnswer, PlanAnswer)> {
        let chosen = self.plan.as_ref()?.allocation.chosen[row];
        let held = self.answers.get(row);
        let answer = held.answer();
        let kept = chosen == answer.recommended as usize;
        (!kept).then(|| (answer.candidates[chosen], self.priced.row(row)[0]))
    }

    /// The rule the item is to follow, if it is alone.
    pub fn rule(&self, row: usize) -> Rule {
        self.choices[row].planned
    }

    /// The rule of the strategy that was selected for the item, before any limit.
    pub fn selected(&self, row: usize) -> Rule {
        self.choices[row].selected
    }
}

/// What was chosen for an item.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Choice {
    /// By the strategy that was selected, before any limit.
    pub selected: Rule,
    /// Within the limits.
    pub planned: Rule,
    /// 1 if the limits changed the choice, else 0.
    pub is_changed: u64,
}

/// What was chosen, as rank 0 knows it, on every rank.
fn choices(answers: &Answers, plan: Option<&Plan>, team: &Team) -> Result<Vec<Choice>, Error> {
    let choice = |(row, held): (usize, Held)| {
        let answer = held.answer();
        let recommended = answer.recommended as usize;
        let selected = answer.strategies[recommended].rule;
        let chosen = plan.map_or(recommended, |plan| plan.allocation.chosen[row]);
        let is_changed = chosen != recommended;
        let planned = if is_changed { answer.candidates[chosen].rule } else { selected };
        Choice { selected, planned, is_changed: u64::from(is_changed) }
    };
    let bytes = team.from_root(|| {
        let choices: Vec<Choice> = answers.iter().enumerate().map(choice).collect();
        Ok(bytemuck::cast_slice(&choices).to_vec())
    })?;
    Ok(bytemuck::allocation::pod_collect_to_vec(&bytes))
}

/// A plan within the study's limits.
pub struct Plan {
    /// The limits, as amounts.
    pub limits: [Option<f64>; LIMITS],
    /// The choice.
    pub allocation: Allocation,
}

/// How good the sales of each item are, on rank 0.
fn quality(inputs: &Inputs, team: &Team) -> Result<Vec<Quality>, Error> {
    let history = &inputs.history;
    let known =
        |row: usize| history.quality.get(inputs.stock[row].series).copied().unwrap_or_default();
    let items = if team.is_root() { inputs.stock.len() } else { 0 };
    if inputs.inspected {
        return Ok((0..items).map(known).collect());
    }
    let (counts, _) = team.rows_and_sums(
        Table::new(inputs.stock.len(), 2).at_root(),
        || (),
        |row, cells: &mut [u64], _, ()| {
            let stocked = &inputs.stock[row];
            let pack = Some(stocked.item.order_multiple).filter(|pack| *pack > 0.0);
            let series = history.series.get(stocked.series);
            let mut quality = Quality::default();
            Inspection::of(&series, &history.calendar, pack).count(&mut quality);
            cells.copy_from_slice(&[quality.unit_mistakes as u64, quality.outliers as u64]);
            Ok::<(), Infallible>(())
        },
    )?;
    let all = counts.chunks(2).enumerate().map(|(row, counts)| Quality {
        unit_mistakes: counts[0] as usize,
        outliers: counts[1] as usize,
        ..known(row)
    });
    Ok(all.collect())
}

/// Asks about each supplier whose terms couple its items.
fn supplied(
    known: &Known<'_>,
    settings: &Settings<'_>,
    outcome: &Outcome,
    team: &Team,
) -> Result<Vec<SupplierAnswer>, Error> {
    let Known { study, inputs, .. } = *known;
    let suppliers = &inputs.suppliers;
    if suppliers.is_empty() {
        return Ok(Vec::new());
    }
    let answers = team.rows(
        Table::new(suppliers.len(), 1).named("suppliers"),
        || (),
        |row, cells, ()| {
            let Supplier { name, terms, items } = &suppliers[row];
            let stocked = |&place: &usize| &inputs.stock[place];
            let models: Vec<Modelled> = items.iter().map(|&place| known.modelled(place)).collect();
            let joined = items.iter().zip(&models).map(|(place, modelled)| {
                let quantum = modelled.demand.quantum;
                let rule = outcome.rule(*place).in_counts(quantum);
                SupplierItem {
                    item: &modelled.item,
                    source: &*modelled.demand.source,
                    mean: modelled.demand.mean,
                    rule,
                    policy: modelled.question(settings).built(rule),
                    weight: quantum * terms.weight(stocked(place)),
                    unit_cost: quantum * stocked(place).unit_cost,
                    quantum,
                }
            });
            let question = SupplierQuestion {
                events: study.events,
                periods: study.periods,
                warm_up_periods: study.warm_up_periods,
                scenarios: settings.scenarios,
                search_scenarios: settings.search_scenarios,
                joint: terms.joint,
                items: joined.collect(),
            };
            let answer = question.answer();
            cells[0] = answer.map_err(|error| format!("supplier `{name}`: {error}"))?;
            Ok::<(), String>(())
        },
    );
    answers.map_err(|error| {
        of_tables(error, |reason| Problems::of_file(&study.file.items.file, reason))
    })
}

/// What only shows once the policies are known is still a matter of the user's tables.
fn of_tables(error: TeamError, problems: impl FnOnce(String) -> Problems) -> Error {
    match error {
        TeamError::Row { reason, .. } => Error::Data(problems(reason)),
        other => Error::Team(other),
    }
}

/// The cheapest choice of one candidate an item within the limits; `None` without limits.
fn share(
    study: &Study,
    items: &[StockedItem],
    answers: &Answers,
    team: &Team,
) -> Result<Option<Plan>, Error> {
    let given = [study.stock_budget, study.volume_limit];
    if given.iter().all(Option::is_none) {
        return Ok(None);
    }
    let bytes = team.from_root(|| {
        let (limits, mut allocation) = allocated(given, items, answers).map_err(|e| e.failure())?;
        for (chosen, held) in allocation.chosen.iter_mut().zip(answers.iter()) {
            let answer = held.answer();
            // Strategies may agree: then the plan keeps the recommended one's name.
            let recommended = answer.recommended as usize;
            if answer.candidates[*chosen].rule == answer.candidates[recommended].rule {
                *chosen = recommended;
            }
        }
        Ok(packed(limits, &allocation))
    })?;
    Ok(Some(unpacked(&bytes)))
}

/// The limits as amounts, and the cheapest choice within them.
fn allocated(
    given: [Option<Limit>; LIMITS],
    items: &[StockedItem],
    answers: &Answers,
) -> Result<([Option<f64>; LIMITS], Allocation), Error> {
    let candidates: Vec<Vec<Candidate>> = items
        .iter()
        .zip(answers.iter())
        .map(|(item, held)| {
            let uses = |stock: f64| [item.unit_cost * stock, item.volume * stock];
            let of = |c: &solvers::CandidateAnswer| Candidate { cost: c.cost, uses: uses(c.stock) };
            held.answer().candidates.iter().map(of).collect()
        })
        .collect();
    let unlimited = |limit: usize| -> f64 {
        let chosen = answers.iter().map(|held| held.answer().recommended as usize);
        candidates.iter().zip(chosen).map(|(c, chosen)| c[chosen].uses[limit]).sum()
    };
    let mut limits = [None; LIMITS];
    for (place, limit) in given.into_iter().enumerate() {
        limits[place] = limit.map(|limit| match limit {
            Limit::Amount(amount) => amount,
            Limit::Share(share) => share * unlimited(place),
        });
    }
    let allocation = allocate(&candidates, limits)?;
    Ok((limits, allocation))
}

/// Prices the plan on fresh scenarios; items whose policy it leaves alone keep zeros.
fn price(
    known: &Known<'_>,
    settings: &Settings<'_>,
    choices: &[Choice],
    team: &Team,
) -> Result<(Rows<PlanAnswer>, Sums), Error> {
    let inputs = known.inputs;
    let layout = Layout::new(settings.strategies.len(), settings.scenarios);
    let items = &inputs.stock;
    let (priced, sums, _) = team.compute(
        Table::new(items.len(), 1).named("plan").with_sums(layout.changes()).at_root(),
        false,
        || (),
        |row, cells: &mut [PlanAnswer], sums, ()| {
            let Choice { selected, planned, is_changed } = choices[row];
            if is_changed == 1 {
                let modelled = known.modelled(row);
                let quantum = modelled.demand.quantum;
                let [old, new] = [selected, planned].map(|rule| rule.in_counts(quantum));
                let question = modelled.question(settings);
                let (answer, courses) = question.price(old, new);
                cells[0] = answer.in_units(quantum);
                let courses = courses.map(|course| course.in_units(quantum));
                futures::add_change(&courses, items[row].unit_cost, sums);
            }
            Ok::<(), Infallible>(())
        },
    )?;
    Ok((priced, sums))
}

/// A plan as bytes for the other ranks.
fn packed(limits: [Option<f64>; LIMITS], allocation: &Allocation) -> Vec<u8> {
    let optimal = f64::from(u8::from(allocation.optimal));
    let mut numbers = vec![optimal, allocation.objective, allocation.bound];
    numbers.extend(allocation.prices);
    // Limits and ranges that there are not travel as no numbers.
    numbers.extend(limits.map(|limit| limit.unwrap_or(f64::NAN)));
    let ranges = allocation.price_ranges.unwrap_or([[f64::NAN; 2]; LIMITS]);
    numbers.extend(ranges.into_iter().flatten());
    numbers.extend(allocation.chosen.iter().map(|&chosen| chosen as f64));
    bytemuck::cast_slice(&numbers).to_vec()
}

fn unpacked(bytes: &[u8]) -> Plan {
    let numbers: Vec<f64> = bytemuck::allocation::pod_collect_to_vec(bytes);
    let (head, chosen) = numbers.split_at(3 + 4 * LIMITS);
    let of_limits =
        |from: usize| -> [f64; LIMITS] { std::array::from_fn(|limit| head[from + limit]) };
    let at = 3 + 2 * LIMITS;
    let ranges: [[f64; 2]; LIMITS] =
        std::array::from_fn(|limit| [head[at + 2 * limit], head[at + 2 * limit + 1]]);
    let allocation = Allocation {
        optimal: head[0] == 1.0,
        objective: head[1],
        bound: head[2],
        prices: of_limits(3),
        price_ranges: Some(ranges).filter(|ranges| ranges[0][0].is_finite()),
        chosen: chosen.iter().map(|&chosen| chosen as usize).collect(),
    };
    let limits = of_limits(3 + LIMITS).map(|limit| Some(limit).filter(|limit| !limit.is_nan()));
    Plan { limits, allocation }
}
