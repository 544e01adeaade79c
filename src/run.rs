//! The whole program: fit, propose, choose, share what is scarce, confirm, report.

use std::convert::Infallible;

use cluster::{Team, TeamError};
use engine::{Item, ScenarioSource};
use scenarios::classes::Value;
use scenarios::cleaning::{Inspection, Quality};
use scenarios::forecast::Cycles;
use scenarios::{DemandModel, FitOptions, History, fit};
use solvers::strategy::group_fill_rate;
use solvers::{
    Allocation, Answer, Candidate, CandidateAnswer, LIMITS, PlanAnswer, Question, Rule, Settings,
    SupplierAnswer, SupplierItem, SupplierQuestion, allocate,
};

use crate::error::Error;
use crate::foresight::{self, Foresight};
use crate::inputs::Inputs;
use crate::progress::Progress;
use crate::report::Report;
use crate::study::stock::StockedItem;
use crate::study::suppliers::Supplier;
use crate::study::{Limit, Study};
use crate::summary;
use crate::table::Problems;

/// Recommends a policy for every item of `study`.
///
/// # Errors
///
/// [`Error::Limits`] if the study's limits cannot be met, [`Error::Team`] if the ranks failed.
pub fn run(study: &Study, inputs: &Inputs, team: &Team) -> Result<Report, Error> {
    let items = &inputs.stock;
    let foresight = Foresight::wanted(study, inputs, team)?;
    let Asked { known, settings } = Asked::new(study, inputs, foresight.as_ref(), team)?;

    // Each item's whole question is one row; nothing is exchanged while it runs.
    let progress = progress("items", items.len(), team);
    let answers: Vec<Answer> = team.rows(
        items.len(),
        1,
        || (),
        || progress.finished(),
        |row, cells, ()| {
            let modelled = known.modelled(row);
            let question = modelled.question(&settings, inputs);
            cells[0] = question.answer(modelled.demand.code).in_units(modelled.demand.quantum);
            Ok::<(), Infallible>(())
        },
    )?;
    drop(progress);

    // One rank solves the program and all learn the plan; what it changed is priced again.
    let plan = share(study, items, &answers, team)?;
    let priced = match &plan {
        Some(plan) => price(&known, &settings, &answers, plan, team)?,
        None => Vec::new(),
    };
    let quality = quality(inputs, team)?;
    let outcome = Outcome { answers, plan, priced, suppliers: Vec::new(), quality };
    let suppliers = supplied(&known, &settings, &outcome, team)?;
    Ok(summary::report(study, inputs, &Outcome { suppliers, ..outcome }))
}

/// What is asked about every item of a study.
pub(crate) struct Asked<'a> {
    known: Known<'a>,
    pub(crate) settings: Settings<'a>,
}

impl<'a> Asked<'a> {
    /// With what all items have to know of each other.
    pub(crate) fn new(
        study: &'a Study,
        inputs: &'a Inputs,
        foresight: Option<&'a Foresight<'a>>,
        team: &Team,
    ) -> Result<Asked<'a>, Error> {
        let mut settings = settings(study, &inputs.history);
        let known = Known { study, inputs, foresight, classes: classes(inputs) };
        if study.strategies.iter().any(|strategy| strategy.name == group_fill_rate::NAME) {
            settings.shortage_price = shortage_price(&known, &settings, team)?;
        }
        Ok(Asked { known, settings })
    }

    pub(crate) fn inputs(&self) -> &'a Inputs {
        self.known.inputs
    }

    pub(crate) fn modelled(&self, row: usize) -> Modelled {
        self.known.modelled(row)
    }
}

/// Everything that was computed.
pub struct Outcome {
    /// What was answered about each item.
    pub answers: Vec<Answer>,
    /// The plan within the study's limits, if it has any.
    pub plan: Option<Plan>,
    /// What the plan's choice costs; zeros where it is the recommended one.
    pub priced: Vec<PlanAnswer>,
    /// What was answered about each supplier.
    pub suppliers: Vec<SupplierAnswer>,
    /// How good the sales of each item are.
    pub quality: Vec<Quality>,
}

impl Outcome {
    /// The plan's choice for an item where it is not the recommended one, and what it costs.
    pub fn changed(&self, row: usize) -> Option<(&CandidateAnswer, &PlanAnswer)> {
        let chosen = self.plan.as_ref()?.allocation.chosen[row];
        let kept = chosen == self.answers[row].recommended as usize;
        (!kept).then(|| (&self.answers[row].candidates[chosen], &self.priced[row]))
    }

    /// The rule the item is to follow, if it is alone.
    pub fn rule(&self, row: usize) -> Rule {
        let answer = &self.answers[row];
        match self.changed(row) {
            Some((candidate, _)) => candidate.rule,
            None => answer.strategies[answer.recommended as usize].rule,
        }
    }
}

/// A plan within the study's limits.
pub struct Plan {
    /// The limits, as amounts.
    pub limits: [Option<f64>; LIMITS],
    /// The choice.
    pub allocation: Allocation,
}

/// How good the sales of each item are.
fn quality(inputs: &Inputs, team: &Team) -> Result<Vec<Quality>, Error> {
    let history = &inputs.history;
    let known =
        |row: usize| history.quality.get(inputs.stock[row].series).copied().unwrap_or_default();
    let items = inputs.stock.len();
    if inputs.inspected {
        return Ok((0..items).map(known).collect());
    }
    let counts: Vec<u64> = team.rows(
        items,
        2,
        || (),
        || (),
        |row, cells, ()| {
            let stocked = &inputs.stock[row];
            let pack = Some(stocked.item.order_multiple).filter(|pack| *pack > 0.0);
            let series = &history.series[stocked.series];
            let mut quality = Quality::default();
            Inspection::of(series, &history.calendar, pack).count(&mut quality);
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

fn settings<'a>(study: &'a Study, history: &History) -> Settings<'a> {
    Settings {
        events: study.events,
        periods: study.periods,
        warm_up_periods: study.warm_up_periods,
        scenarios: study.file.simulation.scenarios,
        search_scenarios: study.file.simulation.search_scenarios,
        strategies: &study.strategies,
        family: study.family,
        targets: study.targets,
        selecting: study.selecting,
        shortage_price: 0.0,
        periods_per_year: history.calendar.periods_per_year(),
    }
}

/// Classes of value of the items, by the value of what was sold.
fn classes(inputs: &Inputs) -> Vec<usize> {
    let value = |item: &StockedItem| {
        let series = &inputs.history.series[item.series];
        let seen = series.units.iter().zip(&series.observed).filter(|(_, seen)| **seen);
        let (sum, count) = seen.fold((0.0, 0.0), |(sum, count), (u, _)| (sum + u, count + 1.0));
        item.unit_cost * sum / f64::max(count, 1.0)
    };
    let values: Vec<f64> = inputs.stock.iter().map(value).collect();
    Value::of(&values).into_iter().map(|class| class as usize).collect()
}

/// What a unit that is not met at once has to cost, so that all items together meet the wanted share of
/// demand with the least holding cost \[currency/unit\].
fn shortage_price(known: &Known<'_>, settings: &Settings<'_>, team: &Team) -> Result<f64, Error> {
    let items = known.inputs.stock.len();
    let progress = progress("group fill rate", items, team);
    let width = group_fill_rate::PRICES + 1;
    let cells: Vec<f64> = team.rows(
        items,
        width,
        || (),
        || progress.finished(),
        |row, cells, ()| {
            let modelled = known.modelled(row);
            let question = modelled.question(settings, known.inputs);
            let (demand, curve) = cells.split_at_mut(1);
            demand[0] = modelled.demand.mean * modelled.demand.quantum;
            curve.copy_from_slice(&question.unmet_by_price());
            Ok::<(), Infallible>(())
        },
    )?;
    // In order of the items, so that sums have the same bits everywhere.
    let (mut demand, mut unmet) = (0.0, [0.0; group_fill_rate::PRICES]);
    for cells in cells.chunks(width) {
        demand += cells[0];
        for (sum, cell) in unmet.iter_mut().zip(&cells[1..]) {
            *sum += cell;
        }
    }
    Ok(group_fill_rate::price_for(&unmet, (1.0 - settings.targets.fill_rate) * demand))
}

fn progress(what: &'static str, rows: usize, team: &Team) -> Progress {
    Progress::new(what, team.rows_here(rows), team.is_root())
}

/// What demand models are made from.
struct Known<'a> {
    study: &'a Study,
    inputs: &'a Inputs,
    /// What is foreseen, if scenarios are drawn from that.
    foresight: Option<&'a Foresight<'a>>,
    /// Class of value of each item: 0 for A, 1 for B, 2 for C.
    classes: Vec<usize>,
}

/// An item with its demand, in counts.
pub(crate) struct Modelled {
    demand: Modelling,
    item: Item,
    /// Sales of past periods \[counts\].
    past: Vec<f64>,
    /// Place of its series in the history.
    series: usize,
    /// Class of value.
    class: usize,
    /// Standard deviation of lead times \[periods\].
    lead_time_deviation: f64,
}

/// Demand of an item.
struct Modelling {
    /// What the model is, for [`foresight::describe`].
    code: [u64; 3],
    /// Units in a count.
    quantum: f64,
    source: Box<dyn ScenarioSource + Send + Sync>,
    /// The same without seasons.
    level: Box<dyn ScenarioSource + Send + Sync>,
    /// Probabilities of demand of 0, 1, 2 and so on, if every period is alike.
    probabilities: Option<Vec<f64>>,
    mean: f64,
    deviation: f64,
    /// Expected demand in each period \[counts\].
    expected: Vec<f64>,
}

impl Known<'_> {
    /// The item in a row, with its demand.
    fn modelled(&self, row: usize) -> Modelled {
        let stocked = &self.inputs.stock[row];
        let demand = match self.foresight {
            Some(foresight) => self.foreseen(row, stocked, foresight),
            None => self.fitted(stocked),
        };
        let series = &self.inputs.history.series[stocked.series];
        Modelled {
            item: stocked.item.in_counts(demand.quantum),
            past: series.units.iter().map(|units| (units / demand.quantum).round()).collect(),
            series: stocked.series,
            class: self.classes[row],
            lead_time_deviation: self.study.terms.lead_time_deviation(stocked.lead_time_deviation),
            demand,
        }
    }

    fn horizon(&self) -> usize {
        self.study.periods + self.study.warm_up_periods
    }

    fn supply(&self, stocked: &StockedItem) -> scenarios::Supply {
        let lead_time = stocked.item.lead_time_periods;
        self.study.terms.chance(lead_time, stocked.lead_time_deviation)
    }

    /// Demand as the fitted distribution has it.
    fn fitted(&self, stocked: &StockedItem) -> Modelling {
        let history = &self.inputs.history;
        let series = &history.series[stocked.series];
        let model: DemandModel = fit(series, history, FitOptions::of(&history.calendar));
        let (seed, supply) = (self.study.file.seed, self.supply(stocked));
        let source = model.scenarios(seed, &series.item, history, self.horizon());
        let level = model.level(seed, &stocked.item.name);
        Modelling {
            code: model.code(),
            quantum: model.quantum,
            source: Box::new(source.with_supply(supply.clone())),
            probabilities: model.probabilities().filter(|_| supply.is_certain()),
            level: Box::new(level.with_supply(supply)),
            expected: model.expected(history, self.horizon()),
            mean: model.mean(),
            deviation: model.deviation(),
        }
    }

    /// Demand as it is foreseen.
    fn foreseen(&self, row: usize, stocked: &StockedItem, foresight: &Foresight<'_>) -> Modelling {
        let foreseen = foresight.foreseen(row);
        let cycles = Cycles::new(self.study.file.seed, &stocked.item.name, &foreseen)
            .with_supply(self.supply(stocked));
        Modelling {
            code: foresight::code(&foreseen.models),
            quantum: foreseen.quantum,
            level: Box::new(cycles.clone()),
            probabilities: None,
            expected: cycles.expected(self.horizon()),
            mean: cycles.mean(),
            deviation: cycles.deviation(),
            source: Box::new(cycles),
        }
    }
}

impl Modelled {
    /// Units in a count.
    pub(crate) fn quantum(&self) -> f64 {
        self.demand.quantum
    }

    pub(crate) fn question<'a>(
        &'a self,
        settings: &'a Settings<'a>,
        inputs: &'a Inputs,
    ) -> Question<'a> {
        let demand = &self.demand;
        Question {
            settings,
            item: &self.item,
            source: &*demand.source,
            level: &*demand.level,
            probabilities: demand.probabilities.as_deref(),
            mean: demand.mean,
            deviation: demand.deviation,
            expected: &demand.expected,
            history: &self.past,
            observed: &inputs.history.series[self.series].observed,
            sold_out: &inputs.history.series[self.series].sold_out,
            lead_time_deviation: self.lead_time_deviation,
            class: self.class,
            quantum: demand.quantum,
        }
    }
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
    let progress = progress("suppliers", suppliers.len(), team);
    let answers = team.rows(
        suppliers.len(),
        1,
        || (),
        || progress.finished(),
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
                    policy: modelled.question(settings, inputs).built(rule),
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
    // What only shows once the policies are known is still a matter of the user's tables.
    answers.map_err(|error| match error {
        TeamError::Row { reason, .. } => {
            Error::Data(Problems::of_file(&study.file.items.file, reason))
        }
        other => Error::Team(other),
    })
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
    let bytes = team.from_root(|| {
        let allocation = allocate(&candidates, limits).map_err(|e| Error::Limits(e).failure())?;
        Ok(packed(&allocation))
    })?;
    let mut allocation = unpacked(&bytes);
    for (chosen, answer) in allocation.chosen.iter_mut().zip(answers) {
        // Strategies may agree: then the plan keeps the recommended one's name.
        let recommended = answer.recommended as usize;
        if answer.candidates[*chosen].rule == answer.candidates[recommended].rule {
            *chosen = recommended;
        }
    }
    Ok(Some(Plan { limits, allocation }))
}

/// Prices the plan on fresh scenarios; items whose policy it leaves alone keep zeros.
fn price(
    known: &Known<'_>,
    settings: &Settings<'_>,
    answers: &[Answer],
    plan: &Plan,
    team: &Team,
) -> Result<Vec<PlanAnswer>, Error> {
    let inputs = known.inputs;
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
                let recommended = answer.strategies[answer.recommended as usize].rule;
                let modelled = known.modelled(row);
                let quantum = modelled.demand.quantum;
                let [old, new] = [recommended, chosen.rule].map(|rule| rule.in_counts(quantum));
                let question = modelled.question(settings, inputs);
                cells[0] = question.price(old, new).in_units(quantum);
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
