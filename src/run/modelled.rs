//! Items with their demand, as runs simulate it.

use std::sync::OnceLock;

use engine::{Item, ScenarioSource};
use scenarios::forecast::Cycles;
use scenarios::{DemandModel, FitOptions, fit};
use solvers::{Question, Settings};

use crate::foresight::{self, Foresight};
use crate::inputs::Inputs;
use crate::study::Study;
use crate::study::stock::StockedItem;

/// What demand models are made from.
pub(super) struct Known<'a> {
    pub(super) study: &'a Study,
    pub(super) inputs: &'a Inputs,
    /// What is foreseen, if scenarios are drawn from that.
    pub(super) foresight: Option<&'a Foresight<'a>>,
    /// Class of value of each item: 0 for A, 1 for B, 2 for C.
    pub(super) classes: Vec<usize>,
}

/// Items with their demand, each modelled when it is first asked for and then kept.
pub(super) struct Models<'a> {
    known: &'a Known<'a>,
    models: Vec<OnceLock<Modelled>>,
}

impl<'a> Models<'a> {
    pub(super) fn new(known: &'a Known<'a>) -> Models<'a> {
        Models { known, models: known.inputs.stock.iter().map(|_| OnceLock::new()).collect() }
    }

    /// The item in a row.
    pub(super) fn get(&self, row: usize) -> &Modelled {
        self.models[row].get_or_init(|| self.known.modelled(row))
    }
}

/// An item with its demand, in counts.
pub(crate) struct Modelled {
    pub(super) demand: Modelling,
    pub(super) item: Item,
    /// Sales of past periods \[counts\].
    past: Vec<f64>,
    /// Which of these periods say how much was demanded, and in which it was sold out.
    observed: Vec<bool>,
    sold_out: Vec<bool>,
    /// Class of value.
    class: usize,
    /// Standard deviation of lead times \[periods\].
    lead_time_deviation: f64,
}

/// Demand of an item.
pub(super) struct Modelling {
    /// What the model is, for [`foresight::describe`].
    pub(super) code: [u64; 3],
    /// Units in a count.
    pub(super) quantum: f64,
    pub(super) source: Box<dyn ScenarioSource + Send + Sync>,
    /// The same without seasons.
    level: Box<dyn ScenarioSource + Send + Sync>,
    /// Probabilities of demand of 0, 1, 2 and so on, if every period is alike.
    probabilities: Option<Vec<f64>>,
    pub(super) mean: f64,
    deviation: f64,
    /// Expected demand in each period \[counts\].
    expected: Vec<f64>,
}

impl Known<'_> {
    /// The item in a row, with its demand.
    pub(super) fn modelled(&self, row: usize) -> Modelled {
        let stocked = &self.inputs.stock[row];
        let demand = match self.foresight {
            Some(foresight) => self.foreseen(row, stocked, foresight),
            None => self.fitted(stocked),
        };
        let series = self.inputs.history.series.get(stocked.series);
        Modelled {
            item: stocked.item.in_counts(demand.quantum),
            past: series.units.iter().map(|units| (units / demand.quantum).round()).collect(),
            observed: series.observed,
            sold_out: series.sold_out,
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
        let series = history.series.get(stocked.series);
        let model: DemandModel = fit(&series, history, FitOptions::of(&history.calendar));
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

    pub(crate) fn question<'a>(&'a self, settings: &'a Settings<'a>) -> Question<'a> {
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
            observed: &self.observed,
            sold_out: &self.sold_out,
            lead_time_deviation: self.lead_time_deviation,
            class: self.class,
            quantum: demand.quantum,
        }
    }
}
