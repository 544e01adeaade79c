//! Several ways of ordering for a site, on the same scenarios.

use std::ops::Range;

use engine::{
    Block, Buyer, Coordinates, Detail, Estimate, Events, Group, GroupError, GroupOutcomes,
    GroupScratch, Item, Joint, Member, Money, Outcomes, Policy, ScenarioSource, Units, Wants,
};

use super::curve::Curve;
use super::programme::Programme;
use super::rationed::Rationed;
use super::record::Record;
use super::site::Site;

/// Numbers that are measured of each scenario of each way.
pub const MEASURES: usize = 8;

/// An item of a site, in counts.
pub struct TrialItem<'a> {
    /// The item.
    pub item: &'a Item,
    /// Its demand.
    pub source: &'a (dyn ScenarioSource + Sync),
    /// Its policy; it says what stock begins with, however orders are decided.
    pub policy: Policy,
    /// What a count costs \[currency/count\].
    pub unit_cost: Money,
    /// Units that a count stands for.
    pub quantum: Units,
}

/// A way of ordering.
#[derive(Debug)]
pub enum Way {
    /// Each item's own policy, cut to what there is.
    Own(Vec<Policy>),
    /// The program of each review, with a curve for each item.
    Programme(Vec<Curve>),
}

/// What is tried.
pub struct Trial<'a> {
    /// The sequence of events.
    pub events: Events,
    /// Measured length of a scenario \[periods\].
    pub periods: usize,
    /// Periods simulated before measuring starts.
    pub warm_up_periods: usize,
    /// What is shared.
    pub site: Site,
    /// The items.
    pub items: Vec<TrialItem<'a>>,
}

/// What one way did in each scenario.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tried {
    /// Cost of all items and of the suppliers' orders \[currency/period\].
    pub cost: Vec<f64>,
    /// Average stock at unit cost \[currency\].
    pub stock_value: Vec<f64>,
    /// Demand that was not met at once \[units\].
    pub unmet: Vec<f64>,
    /// Demand \[units\].
    pub demand: Vec<f64>,
    /// Charges of suppliers for orders, whatever their size \[currency/period\].
    pub charged: Vec<f64>,
    /// Share of periods with a review at which cash or room was too little.
    pub short: Vec<f64>,
    /// What one more unit of a review's cash would save, mean of the periods \[currency/currency\];
    /// zero where nobody prices it.
    pub cash_price: Vec<f64>,
    /// What one more unit of room would save, likewise \[currency/volume\].
    pub room_price: Vec<f64>,
}

impl Trial<'_> {
    /// What `way` does in `scenarios` of `set`, at most [`engine::LANES`] of them.
    ///
    /// # Errors
    ///
    /// [`GroupError`] if the items cannot be simulated together.
    pub fn run(&self, set: u32, scenarios: Range<usize>, way: &Way) -> Result<Tried, GroupError> {
        let count = scenarios.len();
        let horizon = self.periods + self.warm_up_periods;
        let at = Coordinates { set, first_scenario: scenarios.start as u32 };
        let block = |item: &TrialItem<'_>| {
            let mut block = Block::zeros(count, horizon, self.warm_up_periods);
            item.source.fill(at, &mut block);
            block
        };
        let blocks: Vec<Block> = self.items.iter().map(block).collect();
        let policy = |place: usize| match way {
            Way::Own(policies) => &policies[place],
            Way::Programme(_) => &self.items[place].policy,
        };
        let members = self.items.iter().zip(&blocks).enumerate();
        let members = members
            .map(|(place, (item, block))| Member {
                item: item.item,
                policy: policy(place),
                block,
                weight: 1.0,
            })
            .collect();
        let group = Group { members, events: self.events, joint: Joint::NOTHING }.checked()?;
        let mut outcomes = vec![Outcomes::default(); self.items.len()];
        let mut buy = |buyer: &mut dyn Buyer| {
            let (mut scratch, mut together) = (GroupScratch::default(), GroupOutcomes::default());
            group.simulate_bought(buyer, Detail::Cost, &mut scratch, &mut outcomes, &mut together);
        };
        let record = match way {
            Way::Own(policies) => {
                let wants = policies.iter().zip(&self.items);
                let wants = wants.map(|(policy, item)| Wants::new(policy, item.item)).collect();
                let mut buyer = Rationed::new(&self.site, wants, count);
                buy(&mut buyer);
                buyer.record
            }
            Way::Programme(curves) => {
                let mut buyer = Programme::new(&self.site, curves, count);
                buy(&mut buyer);
                buyer.record
            }
        };
        Ok(self.measured(&outcomes, record))
    }

    fn measured(&self, outcomes: &[Outcomes], record: Record) -> Tried {
        let periods = self.periods as f64;
        let scenarios = record.charged.len();
        let per_period = |sums: Vec<f64>| sums.into_iter().map(|sum| sum / periods).collect();
        let charged: Vec<f64> = per_period(record.charged);
        let [cash_price, room_price] = record.prices.map(per_period);
        let mut tried = Tried {
            cost: charged.clone(),
            stock_value: vec![0.0; scenarios],
            unmet: vec![0.0; scenarios],
            demand: vec![0.0; scenarios],
            charged,
            short: per_period(record.short),
            cash_price,
            room_price,
        };
        for (item, outcomes) in self.items.iter().zip(outcomes) {
            let costs = outcomes.costs(item.item, &self.events, self.periods);
            for scenario in 0..scenarios {
                let stock = outcomes.charged_stock(&self.events, scenario);
                tried.cost[scenario] += costs[scenario];
                tried.stock_value[scenario] += item.unit_cost * stock / periods;
                tried.unmet[scenario] += item.quantum * outcomes.unmet[scenario];
                tried.demand[scenario] += item.quantum * outcomes.demand[scenario];
            }
        }
        tried
    }
}

impl Tried {
    /// What was measured, a column each.
    pub fn columns(&self) -> [&Vec<f64>; MEASURES] {
        let Tried { cost, stock_value, unmet, demand, charged, short, cash_price, room_price } =
            self;
        [cost, stock_value, unmet, demand, charged, short, cash_price, room_price]
    }

    /// The same, to be written.
    pub fn columns_mut(&mut self) -> [&mut Vec<f64>; MEASURES] {
        let Tried { cost, stock_value, unmet, demand, charged, short, cash_price, room_price } =
            self;
        [cost, stock_value, unmet, demand, charged, short, cash_price, room_price]
    }

    /// Share of demand met at once.
    pub fn fill_rate(&self) -> Estimate {
        Estimate::ratio(&self.unmet, &self.demand).complement()
    }
}
