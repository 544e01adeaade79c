//! Everything that is asked about one item.
//!
//! A question is answered by one thread from beginning to end: draw scenarios, let each strategy
//! set a policy, select one of them, and price them all again on fresh scenarios. Nothing is
//! exchanged while it runs, and the answer is a pure function of the question.

use std::cell::Cell;

use engine::policy::{CATALOGUE, Family, PolicyError};
use engine::{
    Block, Coordinates, Detail, Estimate, Events, Item, Outcomes, Outlook, Policy, ScenarioSource,
    Scratch, Sizing, Units, conditional_tail_mean, percentile,
};

use crate::answer::{
    Answer, CandidateAnswer, MOST_CANDIDATES, Measures, Rule, SelectionAnswer, StrategyAnswer,
};
use crate::reference::Reference;
use crate::search::Evidence;
use crate::strategy::{Knowledge, Method, Strategy, Targets, group_fill_rate, round_up, sizing};

mod courses;
mod searching;
mod selecting;
mod settling;

pub use courses::{Course, Courses, MOVES, kept};
pub use selecting::Selecting;
pub use settling::FALSE_ALARM;

/// Scenarios on which parameters are searched.
pub const SEARCH_SET: u32 = 0;
/// Scenarios on which everything reported is priced.
pub const FRESH_SET: u32 = 1;
/// Scenarios on which strategies are selected.
pub(crate) const SELECTION_SET: u32 = 2;
/// Scenarios on which the best that a search found are compared again.
pub(crate) const FINAL_SET: u32 = 3;
/// Scenarios drawn at a time when pricing: what fits in a second-level cache.
const BLOCK: usize = 256;

/// The most steps of the ladder of candidates.
pub(crate) const MOST_STEPS: usize = 22;

/// What is the same for every item of a study.
pub struct Settings<'a> {
    /// The sequence of events.
    pub events: Events,
    /// Measured length of a scenario \[periods\].
    pub periods: usize,
    /// Periods simulated before measuring starts.
    pub warm_up_periods: usize,
    /// Fresh scenarios.
    pub scenarios: usize,
    /// Scenarios to search on.
    pub search_scenarios: usize,
    /// How strategies are selected.
    pub selecting: Selecting,
    /// The strategies compared.
    pub strategies: &'a [&'static Strategy],
    /// The policy whose parameters levels are turned into.
    pub family: &'static Family,
    /// How its parameters are searched; `None` as its shape asks for.
    pub search: Option<&'static crate::search::Method>,
    /// What strategies aim at.
    pub targets: Targets,
    /// What `group-fill-rate` pays for a unit that is not met at once \[currency/unit\].
    pub shortage_price: f64,
    /// Periods in a year.
    pub periods_per_year: f64,
}

/// Memory for outcomes that a thread keeps from one question to the next: with many scenarios, asking the
/// system for it anew took longer than writing it.
#[derive(Debug, Default)]
pub struct Spare(Vec<Outcomes>);

impl Spare {
    /// Outcomes of so many policies, of no scenario yet.
    fn cleared(&mut self, policies: usize) -> &mut [Outcomes] {
        self.0.resize_with(policies.max(self.0.len()), Outcomes::default);
        let outcomes = &mut self.0[..policies];
        outcomes.iter_mut().for_each(Outcomes::clear);
        outcomes
    }
}

/// One item, its past and its demand model; stock and demand in counts, whole multiples of its
/// smallest unit of sale, in which the lane loop is exact.
pub struct Question<'a> {
    /// The study's settings.
    pub settings: &'a Settings<'a>,
    /// The item.
    pub item: &'a Item,
    /// Its demand.
    pub source: &'a dyn ScenarioSource,
    /// The same without seasons, which the warm-up is judged by: a season is no transient.
    pub level: &'a dyn ScenarioSource,
    /// Probabilities of a period's demand of 0, 1, 2 and so on counts, if they are the same in
    /// every period.
    pub probabilities: Option<&'a [f64]>,
    /// Mean demand of the model \[counts/period\].
    pub mean: Units,
    /// Standard deviation of the model \[counts/period\].
    pub deviation: Units,
    /// Expected demand of the model in each period of a scenario \[counts/period\].
    pub expected: &'a [Units],
    /// Sales of past periods \[counts\].
    pub history: &'a [Units],
    /// Which of them say how much was demanded.
    pub observed: &'a [bool],
    /// In which of them demand was at least what was sold.
    pub sold_out: &'a [bool],
    /// Standard deviation of lead times \[periods\].
    pub lead_time_deviation: f64,
    /// Class of value: 0 for A, 1 for B, 2 for C.
    pub class: usize,
    /// Units that a count stands for.
    pub quantum: Units,
}

/// A policy that an item could have.
struct Proposal {
    rule: Rule,
    safety_stock: Units,
    /// What sizes are made of \[counts\].
    order_quantity: Units,
    policy: Policy,
}

impl Question<'_> {
    fn proposal(&self, rule: Rule, safety_stock: Units, order_quantity: Units) -> Proposal {
        Proposal { rule, safety_stock, order_quantity, policy: self.built(rule) }
    }

    /// The policy that `rule` stands for, in counts.
    ///
    /// # Panics
    ///
    /// If its values make no sense; those of an answer do.
    pub fn built(&self, rule: Rule) -> Policy {
        self.try_built(rule).unwrap_or_else(|error| panic!("{}: {error}", self.item.name))
    }

    /// The policy that `rule` stands for, in counts, if its values make sense.
    fn try_built(&self, rule: Rule) -> Result<Policy, PolicyError> {
        let family = &CATALOGUE[rule.family as usize];
        let outlook = Outlook {
            demand: self.expected,
            protection_periods: self.settings.events.protection_periods(self.item),
        };
        (family.build)(&rule.values[..family.parameters.len()], &outlook)
    }

    /// What families turn `level` into parameters by.
    fn sizing<'b>(&self, level: &'b dyn Fn(usize) -> Units, quantity: Units) -> Sizing<'b> {
        sizing(self.item, &self.settings.events, self.mean, level, quantity)
    }

    /// Scenarios of the choice, from the first on.
    fn drawn(&self, scenarios: usize) -> Block {
        self.drawn_from(0, scenarios)
    }

    /// Scenarios of the choice.
    fn drawn_from(&self, first: usize, scenarios: usize) -> Block {
        let settings = self.settings;
        let horizon = settings.periods + settings.warm_up_periods;
        let mut block = Block::zeros(scenarios, horizon, settings.warm_up_periods);
        self.source.fill(Coordinates { set: SEARCH_SET, first_scenario: first as u32 }, &mut block);
        block
    }

    /// What strategies may know, with these `scenarios`.
    fn known<'b>(&'b self, scenarios: &'b Block) -> Knowledge<'b> {
        let settings = self.settings;
        Knowledge {
            item: self.item,
            events: &settings.events,
            mean: self.mean,
            deviation: self.deviation,
            batches: settings.family.batches,
            periods_per_year: settings.periods_per_year,
            history: self.history,
            observed: self.observed,
            sold_out: self.sold_out,
            lead_time_deviation: self.lead_time_deviation,
            class: self.class,
            shortage_price: settings.shortage_price * self.quantum,
            scenarios,
            targets: &settings.targets,
        }
    }

    /// Demand that is not met at once under each price of a unit short, in units and a period: see
    /// [`group_fill_rate::curve`].
    pub fn unmet_by_price(&self) -> [f64; group_fill_rate::PRICES] {
        let scenarios = self.drawn(self.settings.search_scenarios);
        let known = self.known(&scenarios);
        let protection = self.settings.events.protection_periods(self.item);
        let price = |place: usize| group_fill_rate::price(place) * self.quantum;
        group_fill_rate::curve(&known, protection, price).map(|counts| counts * self.quantum)
    }

    /// The answer; `model` is kept in it for the caller, who gets the strategies' `courses` as well
    /// if there is room for them.
    pub fn answer(
        &self,
        model: [u64; 3],
        spare: &mut Spare,
        courses: Option<&mut Courses>,
    ) -> Answer {
        let settings = self.settings;
        let searched_on = self.drawn(settings.search_scenarios);
        let known = self.known(&searched_on);
        let mut answer: Answer = bytemuck::Zeroable::zeroed();
        let proposals: Vec<Proposal> = settings
            .strategies
            .iter()
            .map(|strategy| self.propose(strategy, &known, &mut answer.search))
            .collect();

        (answer.mean, answer.deviation, answer.model) = (self.mean, self.deviation, model);
        self.offer(&mut answer, &known, &proposals);
        let outcomes = self.confirm(&mut answer, &proposals, spare);
        if let Some(courses) = courses {
            *courses = self.courses(&proposals, outcomes);
        }
        let recommended = &proposals[answer.recommended as usize];
        if let Some(demand) = self.probabilities {
            let (item, policy) = (self.item, &recommended.policy);
            answer.reference = Reference::of(item, &settings.events, demand, policy);
        }
        answer.unsettled_periods = settling::unsettled(self, &recommended.policy);
        answer
    }

    /// The policy that `strategy` proposes.
    fn propose(
        &self,
        strategy: &Strategy,
        known: &Knowledge<'_>,
        evidence: &mut Evidence,
    ) -> Proposal {
        match strategy.method {
            Method::Level(level) => {
                // The family asks for the level over the time its rule leaves the item alone.
                let safety_stock = Cell::new(0.0);
                let level = |periods: usize| {
                    let level = level(known, periods);
                    safety_stock.set(level - self.mean * periods as f64);
                    level
                };
                let quantity = known.order_quantity();
                let values = (self.settings.family.size)(&self.sizing(&level, quantity));
                let rule = Rule { family: place(self.settings.family.name), values };
                self.proposal(rule, safety_stock.get(), quantity)
            }
            Method::Search => {
                let (proposal, found) = self.searched(known);
                *evidence = found;
                proposal
            }
        }
    }

    /// The (s, S) policy with `values`.
    fn min_max(&self, values: [f64; 2]) -> Proposal {
        let protection = self.settings.events.protection_periods(self.item) as f64;
        let [min, max] = values;
        let rule = Rule { family: place("min-max"), values: [min, max, 0.0] };
        self.proposal(rule, min - self.mean * protection, max - min)
    }

    /// Prices the proposals on the scenarios of the search, selects one on others, and lists what the
    /// item could have instead when limits are shared.
    fn offer(&self, answer: &mut Answer, known: &Knowledge<'_>, proposals: &[Proposal]) {
        let mut scratch = Scratch::default();
        let mut outcomes = Outcomes::default();
        let mut measure = |proposal: &Proposal| {
            outcomes.clear();
            let block = known.scenarios;
            let events = &self.settings.events;
            let (scratch, outcomes) = (&mut scratch, &mut outcomes);
            proposal.policy.simulate(self.item, events, block, Detail::Cost, scratch, outcomes);
            let periods = block.measured();
            let mean = |column: &[f64]| Estimate::of(column).mean / periods as f64;
            CandidateAnswer {
                rule: proposal.rule,
                safety_stock: proposal.safety_stock,
                cost: Estimate::of(&outcomes.costs(self.item, events, periods)).mean,
                shortage_cost: outcomes.cost_parts(self.item, events, periods).shortage,
                stock: outcomes.average_stock(events, periods).mean,
                unmet: mean(&outcomes.unmet),
                demand: mean(&outcomes.demand),
            }
        };
        let mut candidates: Vec<CandidateAnswer> = proposals.iter().map(&mut measure).collect();
        for (strategy, candidate) in candidates.iter().enumerate() {
            answer.strategies[strategy] = StrategyAnswer {
                rule: candidate.rule,
                safety_stock: candidate.safety_stock,
                chosen_by: candidate.cost,
                measures: Measures::default(),
            };
        }
        let least = candidates.iter().map(|candidate| candidate.cost).fold(f64::INFINITY, f64::min);
        let selected = self.select(proposals, least);
        answer.recommended = selected.best as u64;
        answer.selection = SelectionAnswer {
            left: selected.left,
            scenarios: selected.scenarios as u64,
            guaranteed: u64::from(selected.guaranteed),
        };
        // Around what was cheapest where the candidates are priced as well.
        let cheapest = (0..proposals.len())
            .min_by(|left, right| candidates[*left].cost.total_cmp(&candidates[*right].cost))
            .unwrap_or(0);
        let ladder = self.ladder(known, &proposals[cheapest]);
        let new = ladder.iter().filter(|step| proposals.iter().all(|p| p.rule != step.rule));
        candidates.extend(new.map(measure));
        candidates.truncate(MOST_CANDIDATES);
        answer.candidate_count = candidates.len() as u64;
        answer.candidates[..candidates.len()].copy_from_slice(&candidates);
    }

    /// Policies from lean to generous around the cheapest one.
    fn ladder(&self, known: &Knowledge<'_>, cheapest: &Proposal) -> Vec<Proposal> {
        const LEVELS: [f64; MOST_STEPS / 2] =
            [0.0, 0.1, 0.3, 0.5, 0.7, 0.83, 0.91, 0.96, 0.985, 0.995, 0.9995];
        const LEANER: [f64; 2] = [1.0, 0.6];
        let protection = known.events.protection_periods(self.item);
        let demand = known.model_demand(protection);
        let [low, high, _] = cheapest.rule.values;
        let searched = cheapest.rule.family == place("min-max");
        let quantity = if searched { high - low } else { known.order_quantity() };
        let mut steps: Vec<[f64; 2]> = Vec::new();
        for level in LEVELS {
            let min = round_up(percentile(&demand, level)) - 1.0;
            for leaner in LEANER {
                let step = [min, min + round_up(leaner * quantity).max(1.0)];
                if !steps.contains(&step) {
                    steps.push(step);
                }
            }
        }
        steps.into_iter().map(|step| self.min_max(step)).collect()
    }

    /// Prices the proposals again, on scenarios nothing was chosen by.
    fn confirm<'s>(
        &self,
        answer: &mut Answer,
        proposals: &[Proposal],
        spare: &'s mut Spare,
    ) -> &'s [Outcomes] {
        let policies: Vec<&Policy> = proposals.iter().map(|proposal| &proposal.policy).collect();
        let outcomes = self.simulated(&policies, self.settings.scenarios, Detail::Full, spare);
        let costs: Vec<Vec<f64>> = outcomes.iter().map(|outcomes| self.costs(outcomes)).collect();
        for (strategy, (outcomes, costs)) in outcomes.iter().zip(&costs).enumerate() {
            answer.strategies[strategy].measures = self.measures(outcomes, costs);
        }
        for left in 0..costs.len() {
            for right in 0..left {
                let difference = Estimate::difference(&costs[left], &costs[right]);
                answer.pair_errors[Answer::pair(left, right)] = difference.error;
            }
        }
        outcomes
    }

    /// Outcomes of each policy on the first `scenarios` fresh ones: a block is drawn once and every
    /// policy is run on it while it is in cache.
    fn simulated<'s>(
        &self,
        policies: &[&Policy],
        scenarios: usize,
        detail: Detail,
        spare: &'s mut Spare,
    ) -> &'s [Outcomes] {
        let settings = self.settings;
        let horizon = settings.periods + settings.warm_up_periods;
        let outcomes = spare.cleared(policies.len());
        let mut scratch = Scratch::default();
        for first in (0..scenarios).step_by(BLOCK) {
            let count = BLOCK.min(scenarios - first);
            let mut block = Block::zeros(count, horizon, settings.warm_up_periods);
            let at = Coordinates { set: FRESH_SET, first_scenario: first as u32 };
            self.source.fill(at, &mut block);
            for (policy, outcomes) in policies.iter().zip(&mut *outcomes) {
                let (item, events) = (self.item, &settings.events);
                policy.simulate(item, events, &block, detail, &mut scratch, outcomes);
            }
        }
        outcomes
    }

    fn costs(&self, outcomes: &Outcomes) -> Vec<f64> {
        outcomes.costs(self.item, &self.settings.events, self.settings.periods)
    }

    fn measures(&self, outcomes: &Outcomes, costs: &[f64]) -> Measures {
        let (events, periods) = (&self.settings.events, self.settings.periods);
        let mean = |column: &[f64]| Estimate::of(column).mean / periods as f64;
        let mut sorted = costs.to_vec();
        sorted.sort_by(f64::total_cmp);
        Measures {
            cost: Estimate::of(costs),
            cost_p05: percentile(&sorted, 0.05),
            cost_p95: percentile(&sorted, 0.95),
            cost_cvar95: conditional_tail_mean(&sorted, 0.95),
            parts: outcomes.cost_parts(self.item, events, periods),
            fill_rate: outcomes.fill_rate(),
            ready_rate: outcomes.ready_rate(periods),
            cycle_service: outcomes.cycle_service().mean,
            peak_stock: Estimate::of(&outcomes.peak).mean,
            lost: mean(&outcomes.lost),
            wasted: mean(&outcomes.wasted),
            expedited: mean(&outcomes.expedited),
            stock: outcomes.average_stock(events, periods),
            orders: mean(&outcomes.orders),
            ordered: mean(&outcomes.ordered),
            unmet: mean(&outcomes.unmet),
            demand: mean(&outcomes.demand),
            errors: {
                let (unmet, demand) = (&outcomes.unmet, &outcomes.demand);
                let square = (periods * periods) as f64;
                let of = |left: &[f64], right: &[f64]| Estimate::covariance(left, right) / square;
                [of(unmet, unmet), of(demand, demand), of(unmet, demand)]
            },
        }
    }
}

/// Place of the family called `name` in its catalogue.
fn place(name: &str) -> u64 {
    CATALOGUE.iter().position(|family| family.name == name).expect("in the catalogue") as u64
}
