//! What is known before a plan is made, and whether it can be planned with.

use engine::{Money, Units};

use crate::program::{MOST_RATIO, extremes};

/// One item of a plan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Item {
    /// What a unit costs when it is ordered \[currency/unit\].
    pub cost: Money,
    /// Charge on stock left at the end of a period \[currency/unit/period\].
    pub holding: Money,
    /// Loss on a unit of demand that is not met \[currency/unit\].
    pub lost: Money,
    /// What a unit left at the end of the horizon is worth; at most as much as `lost` \[currency/unit\].
    pub credit: Money,
    /// Charge on each order, whatever its size \[currency\].
    pub set_up: Money,
    /// Volume of a unit in the warehouse \[volume/unit\].
    pub volume: f64,
    /// Stock before the first period \[units\].
    pub opening: Units,
    /// Periods from an order to its arrival, before the demand of that period \[periods\].
    pub lead_time: usize,
    /// Largest order; infinite if there is no limit \[units\].
    pub most: Units,
}

/// Items that share a warehouse and a budget, and scenarios of their demand.
#[derive(Clone, Debug)]
pub struct Replenishment {
    /// Length of the horizon \[periods\].
    pub periods: usize,
    /// Number of scenarios; each is as likely as any other.
    pub scenarios: usize,
    /// The items.
    pub items: Vec<Item>,
    /// Demand, by item, then period, then scenario \[units\].
    pub demand: Vec<Units>,
    /// What arrives of earlier orders, by item, then period; empty if nothing does \[units\].
    pub arriving: Vec<Units>,
    /// Room for stock left at the end of each period, in every scenario; may be infinite \[volume\].
    pub volume: Vec<f64>,
    /// Money for the orders of each period; may be infinite \[currency\].
    pub budget: Vec<Money>,
}

/// Why no plan can be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PlanError {
    /// There is nothing to plan for.
    #[error("a plan needs a period, a scenario and an item; there are {0}, {1} and {2}")]
    Empty(usize, usize, usize),
    /// Numbers are missing, or there are too many.
    #[error("{field}: there are {found} numbers; {expected} are expected")]
    Length {
        /// Which table.
        field: &'static str,
        /// Numbers in it.
        found: usize,
        /// Numbers that there should be.
        expected: usize,
    },
    /// A number cannot be planned with.
    #[error("item {item}: {field} is {value:?}; a number of at least 0 and below 1e15 is expected")]
    Amount {
        /// The item, from 0.
        item: usize,
        /// Which of its numbers.
        field: &'static str,
        /// The number.
        value: f64,
    },
    /// Two items differ by more than rows of a program can tell apart.
    #[error(
        "item {item}: {field} is {value:.1e}, beside {other:.1e} of item {other_item}; beyond a ratio \
         of 1e9 the smaller cannot be told from rounding: plan such items apart, or measure in other \
         units"
    )]
    Scale {
        /// The item with the smaller number, from 0.
        item: usize,
        /// Which of its numbers.
        field: &'static str,
        /// The smaller number.
        value: f64,
        /// The item with the larger.
        other_item: usize,
        /// The larger number.
        other: f64,
    },
    /// A limit cannot be planned with.
    #[error("{field} of period {period} is {value}; at least 0 is expected")]
    Limit {
        /// Volume or budget.
        field: &'static str,
        /// The period, from 0.
        period: usize,
        /// The limit.
        value: f64,
    },
    /// Stock at the end is worth more than the demand it could have met.
    #[error(
        "item {item}: a unit left at the end is worth {credit}, but meeting demand only {lost}; \
         a credit of at most the loss is expected"
    )]
    Credit {
        /// The item, from 0.
        item: usize,
        /// Worth of a unit at the end \[currency/unit\].
        credit: Money,
        /// Loss on a unit of demand \[currency/unit\].
        lost: Money,
    },
    /// The more is ordered the better, and nothing limits it.
    #[error(
        "item {item}: a unit left at the end is worth {credit} and costs {cost}, so that no order \
         is large enough; a largest order is expected"
    )]
    Endless {
        /// The item, from 0.
        item: usize,
        /// Worth of a unit at the end \[currency/unit\].
        credit: Money,
        /// Cost of a unit \[currency/unit\].
        cost: Money,
    },
    /// Even with no order there is no room for the stock.
    #[error(
        "in period {period}, scenario {scenario}, what is in stock and on order takes a volume of \
         {needed:.6}, but there is room for {room:.6}"
    )]
    Volume {
        /// The period, from 0.
        period: usize,
        /// The scenario, from 0.
        scenario: usize,
        /// Volume of the stock without any further order \[volume\].
        needed: f64,
        /// Capacity \[volume\].
        room: f64,
    },
    /// The program is refused.
    #[error(transparent)]
    Program(#[from] crate::program::ProgramError),
    /// The team could not finish.
    #[error(transparent)]
    Team(#[from] cluster::TeamError),
}

/// One item with its tables.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) item: &'a Item,
    pub(super) scenarios: usize,
    pub(super) periods: usize,
    /// By period, then scenario.
    pub(super) demand: &'a [f64],
    /// By period, or empty.
    pub(super) arriving: &'a [f64],
}

impl View<'_> {
    /// Number of periods whose orders arrive within the horizon.
    pub(super) fn orders(&self) -> usize {
        self.periods.saturating_sub(self.item.lead_time)
    }

    /// What arrives in a period: earlier orders, and those of the plan.
    pub(super) fn arrival(&self, period: usize, orders: &[f64]) -> f64 {
        let earlier = self.arriving.get(period).copied().unwrap_or(0.0);
        let placed = period.checked_sub(self.item.lead_time).map_or(0.0, |order| orders[order]);
        earlier + placed
    }
}

impl Replenishment {
    /// One item with its tables.
    pub(super) fn view(&self, item: usize) -> View<'_> {
        let cells = self.periods * self.scenarios;
        View {
            item: &self.items[item],
            scenarios: self.scenarios,
            periods: self.periods,
            demand: &self.demand[item * cells..(item + 1) * cells],
            arriving: self
                .arriving
                .get(item * self.periods..(item + 1) * self.periods)
                .unwrap_or(&[]),
        }
    }

    /// Whether orders have a charge of their own.
    pub fn has_set_ups(&self) -> bool {
        self.items.iter().any(|item| item.set_up > 0.0)
    }

    /// Checks every number once.
    ///
    /// # Errors
    ///
    /// The first [`PlanError`] that is found.
    pub fn check(&self) -> Result<(), PlanError> {
        let (periods, scenarios, items) = (self.periods, self.scenarios, self.items.len());
        if periods.min(scenarios).min(items) == 0 {
            return Err(PlanError::Empty(periods, scenarios, items));
        }
        let lengths = [
            ("demand", self.demand.len(), items * periods * scenarios),
            ("volume", self.volume.len(), periods),
            ("budget", self.budget.len(), periods),
        ];
        for (field, found, expected) in lengths {
            if found != expected {
                return Err(PlanError::Length { field, found, expected });
            }
        }
        if !self.arriving.is_empty() && self.arriving.len() != items * periods {
            let found = self.arriving.len();
            return Err(PlanError::Length { field: "arriving", found, expected: items * periods });
        }
        for (field, limits) in [("volume", &self.volume), ("budget", &self.budget)] {
            if let Some(period) = limits.iter().position(|limit| limit.is_nan() || *limit < 0.0) {
                return Err(PlanError::Limit { field, period, value: limits[period] });
            }
        }
        (0..items).try_for_each(|item| self.check_item(item))
    }

    /// Whether items can be told from each other in the rows of one program. Plans by prices need it not:
    /// items are planned each for itself, and what they share is summed up.
    pub(super) fn check_scale(&self) -> Result<(), PlanError> {
        type Number = fn(&Item) -> f64;
        let rows: [(&'static str, &[f64], Number); 2] = [
            ("volume", &self.volume, |item| item.volume),
            ("cost", &self.budget, |item| item.cost),
        ];
        for (field, limits, number) in rows {
            let numbers = self.items.iter().map(number).enumerate();
            let [least, largest] = extremes(numbers);
            if largest.1 > least.1 * MOST_RATIO && limits.iter().any(|limit| limit.is_finite()) {
                return Err(PlanError::Scale {
                    item: least.0,
                    field,
                    value: least.1,
                    other_item: largest.0,
                    other: largest.1,
                });
            }
        }
        Ok(())
    }

    fn check_item(&self, place: usize) -> Result<(), PlanError> {
        let (view, item) = (self.view(place), &self.items[place]);
        let amounts = [
            ("cost", item.cost),
            ("holding", item.holding),
            ("lost", item.lost),
            ("credit", item.credit),
            ("set-up", item.set_up),
            ("volume", item.volume),
            ("opening stock", item.opening),
        ];
        let demand = view.demand.iter().map(|demand| ("demand", *demand));
        let arriving = view.arriving.iter().map(|units| ("arriving", *units));
        let bad = |value: f64| !(0.0..1e15).contains(&value);
        let found =
            amounts.into_iter().chain(demand).chain(arriving).find(|(_, value)| bad(*value));
        if let Some((field, value)) = found {
            return Err(PlanError::Amount { item: place, field, value });
        }
        if item.most.is_nan() || item.most < 0.0 {
            return Err(PlanError::Amount {
                item: place,
                field: "largest order",
                value: item.most,
            });
        }
        let Item { credit, lost, cost, .. } = *item;
        if credit > lost {
            return Err(PlanError::Credit { item: place, credit, lost });
        }
        if self.most(place).iter().any(|most| most.is_infinite()) {
            return Err(PlanError::Endless { item: place, credit, cost });
        }
        Ok(())
    }

    /// No better plan orders more of an item in a period than this: its own limit, what the budget
    /// pays for, and what could still be sold, unless stock at the end is worth more than it costs.
    pub(super) fn most(&self, item: usize) -> Vec<f64> {
        let view = self.view(item);
        let Item { cost, credit, lead_time, most, .. } = *view.item;
        let mut left = vec![0.0; self.scenarios];
        let mut bounds = vec![0.0; self.periods];
        for order in (0..view.orders()).rev() {
            let row = (order + lead_time) * self.scenarios;
            for (left, demand) in left.iter_mut().zip(&view.demand[row..row + self.scenarios]) {
                *left += demand;
            }
            let sold = left.iter().copied().fold(0.0, f64::max);
            let sold = if credit <= cost { sold } else { f64::INFINITY };
            // Without a budget there is no order, be it for nothing.
            let paid = match self.budget[order] {
                0.0 => 0.0,
                budget if cost > 0.0 => budget / cost,
                _ => f64::INFINITY,
            };
            bounds[order] = most.min(sold).min(paid);
        }
        bounds
    }
}
