//! The whole program: fit, propose, choose, share what is scarce, confirm, report.

use std::convert::Infallible;

use cluster::Team;
use scenarios::{DemandModel, FitOptions, fit};
use solvers::{Allocation, Answer, Candidate, LIMITS, PlanAnswer, Question, Settings, allocate};

use crate::error::Error;
use crate::inputs::Inputs;
use crate::progress::Progress;
use crate::report::Report;
use crate::study::stock::StockedItem;
use crate::study::{Limit, Study};
use crate::summary;

/// Recommends a policy for every item of `study`.
///
/// # Errors
///
/// [`Error::Limits`] if the study's limits cannot be met, [`Error::Team`] if the ranks failed.
pub fn run(study: &Study, inputs: &Inputs, team: &Team) -> Result<Report, Error> {
    let settings = settings(study);
    let items = &inputs.stock;

    // Each item's whole question is one row; nothing is exchanged while it runs.
    let progress = progress("items", items.len(), team);
    let answers: Vec<Answer> = team.rows(
        items.len(),
        1,
        || (),
        || progress.finished(),
        |row, cells, ()| {
            cells[0] = ask(study, inputs, &settings, &items[row], |question, model| {
                question.answer(model)
            });
            Ok::<(), Infallible>(())
        },
    )?;
    drop(progress);

    // One rank solves the program and all learn the plan; what it changed is priced again.
    let plan = share(study, items, &answers, team)?;
    let priced = match &plan {
        Some(plan) => price(study, inputs, &settings, &answers, plan, team)?,
        None => Vec::new(),
    };
    Ok(summary::report(study, inputs, &answers, plan.as_ref().zip(Some(&priced[..]))))
}

/// A plan within the study's limits.
pub struct Plan {
    /// The limits, as amounts.
    pub limits: [Option<f64>; LIMITS],
    /// The choice.
    pub allocation: Allocation,
}

fn settings(study: &Study) -> Settings<'_> {
    Settings {
        events: study.events,
        periods: study.periods,
        warm_up_periods: study.warm_up_periods,
        scenarios: study.file.simulation.scenarios,
        search_scenarios: study.file.simulation.search_scenarios,
        strategies: &study.strategies,
        family: study.family,
        days_of_cover: study.days_of_cover,
        service_level: study.file.strategies.service_level,
    }
}

fn progress(what: &'static str, rows: usize, team: &Team) -> Progress {
    Progress::new(what, team.rows_here(rows), team.is_root())
}

/// Fits the item's demand model and asks a question about it.
fn ask<T>(
    study: &Study,
    inputs: &Inputs,
    settings: &Settings<'_>,
    stocked: &StockedItem,
    question: impl FnOnce(&Question<'_>, [u64; 3]) -> T,
) -> T {
    let history = &inputs.history;
    let series = &history.series[stocked.series];
    let model: DemandModel = fit(series, history, FitOptions::of(&history.calendar));
    let horizon = settings.periods + settings.warm_up_periods;
    let source = model.scenarios(study.file.seed, &series.item, history, horizon);
    let asked = Question {
        settings,
        item: &stocked.item,
        source: &source,
        mean: model.mean(),
        deviation: model.deviation(),
        quantum: model.quantum,
        history: &series.units,
        observed: &series.observed,
    };
    question(&asked, model.code())
}

/// The cheapest choice of one candidate an item within the limits; `None` without limits.
fn share(
    study: &Study,
    items: &[StockedItem],
    answers: &[Answer],
    team: &Team,
) -> Result<Option<Plan>, Error> {
    let candidates: Vec<Vec<Candidate>> = items
        .iter()
        .zip(answers)
        .map(|(item, answer)| {
            let uses = |stock: f64| [item.unit_cost * stock, item.volume * stock];
            let of = |c: &solvers::CandidateAnswer| Candidate { cost: c.cost, uses: uses(c.stock) };
            answer.candidates().iter().map(of).collect()
        })
        .collect();
    let unlimited = |limit: usize| -> f64 {
        let chosen = answers.iter().map(|answer| answer.recommended as usize);
        candidates.iter().zip(chosen).map(|(c, chosen)| c[chosen].uses[limit]).sum()
    };
    let mut limits = [None; LIMITS];
    for (place, limit) in [study.stock_budget, study.volume_limit].into_iter().enumerate() {
        limits[place] = limit.map(|limit| match limit {
            Limit::Amount(amount) => amount,
            Limit::Share(share) => share * unlimited(place),
        });
    }
    if limits == [None; LIMITS] {
        return Ok(None);
    }
    let mut refusal = None;
    let bytes = team.from_root(|| match allocate(&candidates, limits) {
        Ok(allocation) => Ok(packed(&allocation)),
        Err(error) => {
            let text = error.to_string();
            refusal = Some(error);
            Err(text)
        }
    });
    match (bytes, refusal) {
        (_, Some(error)) => Err(Error::Limits(error)),
        (Err(error), None) => Err(Error::Team(error)),
        (Ok(bytes), None) => Ok(Some(Plan { limits, allocation: unpacked(&bytes) })),
    }
}

/// Prices the plan on fresh scenarios; items whose policy it leaves alone keep zeros.
fn price(
    study: &Study,
    inputs: &Inputs,
    settings: &Settings<'_>,
    answers: &[Answer],
    plan: &Plan,
    team: &Team,
) -> Result<Vec<PlanAnswer>, Error> {
    let items = &inputs.stock;
    let progress = progress("plan", items.len(), team);
    let priced = team.rows(
        items.len(),
        1,
        || (),
        || progress.finished(),
        |row, cells, ()| {
            let (answer, chosen) = (&answers[row], plan.allocation.chosen[row]);
            if chosen != answer.recommended as usize {
                let chosen = &answer.candidates[chosen];
                cells[0] = ask(study, inputs, settings, &items[row], |question, _| {
                    question.price(answer, chosen)
                });
            }
            Ok::<(), Infallible>(())
        },
    )?;
    Ok(priced)
}

/// An allocation as bytes for the other ranks.
fn packed(allocation: &Allocation) -> Vec<u8> {
    let [budget, volume] = allocation.prices;
    let optimal = f64::from(u8::from(allocation.optimal));
    let mut numbers = vec![optimal, allocation.objective, allocation.bound, budget, volume];
    numbers.extend(allocation.chosen.iter().map(|&chosen| chosen as f64));
    bytemuck::cast_slice(&numbers).to_vec()
}

fn unpacked(bytes: &[u8]) -> Allocation {
    let numbers: Vec<f64> = bytemuck::allocation::pod_collect_to_vec(bytes);
    let (head, chosen) = numbers.split_at(5);
    Allocation {
        optimal: head[0] == 1.0,
        objective: head[1],
        bound: head[2],
        prices: [head[3], head[4]],
        chosen: chosen.iter().map(|&chosen| chosen as usize).collect(),
    }
}
