//! The cells of the grid: what is ordered by, in which order things happen, and how supply comes.

use engine::policy::{CATALOGUE, Family};
use engine::{
    Block, Coordinates, Days, Events, Expedited, HoldingOn, Issue, Item, Outcomes, Outlook, Policy,
    ReviewTime, ScenarioSource, Shelf, Sizing, Supply, Unmet,
};
use scenarios::demand::{Demand, NegativeBinomial};
use scenarios::{Masses, Scenarios};

use Hazard::{Crossing, Outages, Parts, Yield};

/// Mean demand \[units/period\].
const MEAN: f64 = 6.0;

pub(super) const REVIEWS: [ReviewTime; 2] = [ReviewTime::BeforeDemand, ReviewTime::AfterDemand];

pub(super) const SIDES: [Unmet; 4] = [
    Unmet::Backorder,
    Unmet::Lost,
    Unmet::PartlyLost { lost_fraction: 0.3 },
    Unmet::Patient { periods: 2 },
];

/// Smallest order, multiple and largest order of a supplier \[units\].
pub(super) const LOTS: [[f64; 3]; 5] = [
    [0.0, 0.0, f64::INFINITY],
    [25.0, 0.0, f64::INFINITY],
    [0.0, 12.0, f64::INFINITY],
    [20.0, 12.0, f64::INFINITY],
    [0.0, 0.0, 30.0],
];

/// How an item is supplied and how long it keeps.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// Lead time, or what chance makes of it, all as likely \[periods\].
    lead_times: &'static [f64],
    hazards: &'static [Hazard],
    shelf: Option<(usize, Issue)>,
}

/// What can happen to an order.
#[derive(Clone, Copy, PartialEq)]
enum Hazard {
    /// A later one overtakes it.
    Crossing,
    /// The supplier is closed.
    Outages,
    /// A share of it never comes.
    Yield,
    /// A share of it comes later.
    Parts,
}

const PLAIN: Kind = Kind { name: "L = 0", lead_times: &[0.0], hazards: &[], shelf: None };

/// Lead times near each other and far apart are placed by different code, hence both.
const NEAR: &[f64] = &[1.0, 2.0, 5.0];
const FAR: &[f64] = &[0.0, 2.0, 3.0, 20.0];

/// Every kind, in the order of the printed table.
pub(super) const KINDS: [Kind; 14] = [
    PLAIN,
    Kind { name: "L = 1", lead_times: &[1.0], ..PLAIN },
    Kind { name: "L = 3", lead_times: &[3.0], ..PLAIN },
    Kind { name: "L = 8", lead_times: &[8.0], ..PLAIN },
    Kind { name: "random L, in order", lead_times: NEAR, ..PLAIN },
    Kind { name: "random L, crossing", lead_times: NEAR, hazards: &[Crossing], ..PLAIN },
    Kind { name: "very random L, in order", lead_times: FAR, ..PLAIN },
    Kind { name: "very random L, crossing", lead_times: FAR, hazards: &[Crossing], ..PLAIN },
    Kind { name: "outages", lead_times: &[2.0], hazards: &[Outages], ..PLAIN },
    Kind { name: "yield", lead_times: &[2.0], hazards: &[Yield], ..PLAIN },
    Kind { name: "partial deliveries", lead_times: &[2.0], hazards: &[Parts], ..PLAIN },
    Kind { name: "oldest first", shelf: Some((3, Issue::Fifo)), ..PLAIN },
    Kind { name: "freshest first", shelf: Some((2, Issue::Lifo)), ..PLAIN },
    Kind {
        name: "all at once",
        lead_times: NEAR,
        hazards: &[Crossing, Outages, Yield, Parts],
        shelf: Some((5, Issue::Fifo)),
    },
];

impl Kind {
    fn has(&self, hazard: Hazard) -> bool {
        self.hazards.contains(&hazard)
    }

    /// The lead time a buyer would plan with \[periods\].
    fn planned(&self) -> usize {
        (self.lead_times.iter().sum::<f64>() / self.lead_times.len() as f64).round() as usize
    }

    /// The lead time, if it is always the same and all of an order comes \[periods\].
    pub(super) fn fixed_lead_time(&self) -> Option<usize> {
        let whole = self.lead_times.len() == 1 && !self.has(Yield) && !self.has(Parts);
        whole.then_some(self.lead_times[0] as usize)
    }

    /// Whether the lane loop says it knows all of it.
    pub(super) fn suits_lanes(&self) -> bool {
        !self.has(Outages) && !self.has(Yield) && !self.has(Parts) && self.shelf.is_none()
    }

    pub(super) fn item(&self, [minimum_order, order_multiple, maximum_order]: [f64; 3]) -> Item {
        let rest_after_periods = if self.has(Parts) { 3 } else { 0 };
        let supply = Supply {
            orders_cross: self.has(Crossing),
            first_share: if self.has(Parts) { 0.6 } else { 1.0 },
            rest_after_periods,
            expedited: None,
        };
        let shelf = self.shelf.map(|(life_periods, issue)| Shelf {
            life_periods,
            issue,
            waste_cost_per_unit: 1.0,
        });
        let plain = Item::plain("any", self.planned(), 1.0, 9.0);
        Item { minimum_order, order_multiple, maximum_order, supply, shelf, ..plain }
    }

    /// Bursty demand, so that stock runs out now and then, and what chance makes of supply.
    pub(super) fn block(&self, [scenarios, periods, warm_up]: [usize; 3], rounds: bool) -> Block {
        let mut supply = scenarios::Supply::default();
        if self.lead_times.len() > 1 {
            let values = self.lead_times.to_vec();
            let weights = vec![1.0; values.len()];
            supply = supply.with_lead_times(&Masses { values, weights });
        }
        if self.has(Yield) {
            supply = supply.with_yield(0.5, 1.0);
        }
        if self.has(Outages) {
            supply = supply.with_outages(scenarios::Outages {
                failure_probability: 0.15,
                recovery_probability: 0.3,
            });
        }
        if rounds {
            supply = supply.with_rounding();
        }
        let masses = [NegativeBinomial { mean: MEAN, size: 0.7 }.masses(1.0)];
        let source = Scenarios::new(7, "bursts", &masses, vec![0]).with_supply(supply);
        let mut block = Block::zeros(scenarios, periods, warm_up);
        source.fill(Coordinates { set: 0, first_scenario: 0 }, &mut block);
        block
    }
}

/// Bursty demand alone.
pub(super) fn bursts(scenarios: usize, periods: usize, warm_up: usize) -> Block {
    PLAIN.block([scenarios, periods, warm_up], false)
}

/// Every rhythm of reviews, orders and arrivals, of one order of events and demand side.
pub(super) fn rhythms(review: ReviewTime, unmet: Unmet) -> [Events; 5] {
    let days = |open: &str| {
        let pattern: Vec<bool> = open.chars().map(|day| day == 'x').collect();
        Days::new(&pattern).expect("some day is open")
    };
    let every = Events { review, unmet, ..Events::BACKORDER };
    let (ordering_days, receiving_days) = (days("x..xx"), days(".x..x.."));
    [
        every,
        Events { review_every_periods: 7, review_phase: 3, ..every },
        Events { ordering_days, ..every },
        Events { receiving_days, ..every },
        Events {
            review_every_periods: 2,
            review_phase: 1,
            ordering_days,
            receiving_days,
            holding_on: HoldingOn::Average,
            ..every
        },
    ]
}

/// The item and a policy of `family` that keeps some, but not too much, of it.
pub(super) fn sized(family: &Family, item: Item, events: &Events) -> (Item, Policy) {
    let fast = family.two_sources.then_some(item.lead_time_periods / 2);
    let sizing = Sizing {
        level: &|periods| 4.0 + MEAN * periods as f64,
        order_quantity: 20.0,
        mean_demand: MEAN,
        lead_time_periods: item.lead_time_periods,
        expedited_lead_time_periods: fast,
        review_every_periods: events.review_every_periods,
    };
    let values = (family.size)(&sizing);
    let outlook = Outlook {
        demand: &[8.0, 5.0, 7.0, 4.0],
        protection_periods: events.protection_periods(&item),
    };
    let policy = (family.build)(&values[..family.parameters.len()], &outlook);
    let expedited =
        fast.map(|lead_time_periods| Expedited { lead_time_periods, premium_per_unit: 2.0 });
    let supply = Supply { expedited, ..item.supply };
    (Item { supply, ..item }, policy.expect("a strategy's values are a policy"))
}

/// The policy of each family for `item`.
pub(super) fn each(
    item: &Item,
    events: &Events,
) -> impl Iterator<Item = (&'static str, Item, Policy)> {
    CATALOGUE.iter().map(|family| {
        let (item, policy) = sized(family, item.clone(), events);
        (family.name, item, policy)
    })
}

/// What a scenario measured, by name.
pub(crate) type Measures = [(&'static str, f64); 18];

/// What `scenario` measured.
pub(crate) fn measures(outcomes: &Outcomes, scenario: usize) -> Measures {
    // Named one by one, so that a new measure cannot be forgotten.
    let Outcomes {
        stock,
        waiting,
        unmet,
        lost,
        stockouts,
        orders,
        ordered,
        expedited,
        wasted,
        demand,
        received,
        failed,
        on_order,
        peak,
        cycles,
        short_cycles,
        opening,
        closing,
    } = outcomes;
    [
        ("stock", stock),
        ("waiting", waiting),
        ("unmet", unmet),
        ("lost", lost),
        ("stockouts", stockouts),
        ("orders", orders),
        ("ordered", ordered),
        ("expedited", expedited),
        ("wasted", wasted),
        ("demand", demand),
        ("received", received),
        ("failed", failed),
        ("on_order", on_order),
        ("peak", peak),
        ("cycles", cycles),
        ("short_cycles", short_cycles),
        ("opening", opening),
        ("closing", closing),
    ]
    .map(|(name, column)| (name, column[scenario]))
}
