//! The plan by prices of cash and room, at which each item is planned for itself.

use cluster::Team;
use solvers::FRESH_SET;
use solvers::replenish::plan::{
    Approach, Course, Item, Lot, Plan, PlanError, Replenishment, Wanted, course, decompose, in_lots,
};

use super::super::modelled::{Known, Models};
use super::{
    FRESH, OrderPlanned, Outcomes, demand_of_all, draw, lot, means, quanta, refused, sample_at,
};
use crate::error::Error;
use crate::study::order_plan::{Method, OrderPlan};
use crate::study::stock::StockedItem;

/// Passes over the items at most.
const PASSES: usize = 150;

/// Gap, purchases among the cost, that is asked for at least: without charges on orders, and with.
const LEAST_GAP: [f64; 2] = [1e-5, 2e-4];

/// What a plan is made from.
struct Planner<'a> {
    known: &'a Known<'a>,
    terms: &'a OrderPlan,
    models: &'a Models<'a>,
    periods: usize,
    items: Vec<Item>,
    lots: Vec<Lot>,
    arriving: Vec<f64>,
    team: &'a Team,
}

/// Orders of the coming periods by prices of cash and room.
pub(super) fn planned(
    known: &Known<'_>,
    terms: &OrderPlan,
    models: &Models<'_>,
    team: &Team,
) -> Result<OrderPlanned, Error> {
    let planner = Planner::new(known, terms, models, team)?;
    planner.planned().map_err(|error| match error {
        PlanError::Team(error) => Error::Team(error),
        PlanError::Volume { period, needed, room, .. } => refused(format!(
            "what is in stock and on order takes a room of {needed:.1} in period {} if little is \
             asked for, but constraints.warehouse_space is {room:.1}; raise it, or correct on_hand \
             and on_order",
            period + 1
        )),
        other => refused(other.to_string()),
    })
}

impl<'a> Planner<'a> {
    fn new(
        known: &'a Known<'a>,
        terms: &'a OrderPlan,
        models: &'a Models<'a>,
        team: &'a Team,
    ) -> Result<Planner<'a>, Error> {
        let Known { study, inputs, .. } = *known;
        let periods = study.planned_periods(&inputs.stock).map_err(Error::Data)?;
        let lead_time = |row: usize| study.wait_for_order(&inputs.stock[row]);
        let mut arriving = vec![0.0; inputs.stock.len() * periods];
        let mut items = Vec::with_capacity(inputs.stock.len());
        for (row, stocked) in inputs.stock.iter().enumerate() {
            // When it comes is not known: as late as an order of the period before would.
            arriving[row * periods + lead_time(row).saturating_sub(1)] = stocked.on_order;
            let item = &stocked.item;
            items.push(Item {
                cost: stocked.unit_cost,
                holding: item.holding_cost_per_unit_period,
                // What is not sold need not be bought.
                lost: item.shortage_cost_per_unit + stocked.unit_cost,
                credit: stocked.unit_cost,
                set_up: item.order_cost,
                volume: stocked.volume,
                opening: stocked.on_hand.unwrap_or(0.0),
                lead_time: lead_time(row),
                most: item.maximum_order,
            });
        }
        let lots = Vec::new();
        let mut planner = Planner { known, terms, models, periods, items, lots, arriving, team };
        planner.lots = planner.lots()?;
        Ok(planner)
    }

    /// What an order of each item may be.
    fn lots(&self) -> Result<Vec<Lot>, Error> {
        let quanta = quanta(self.models, self.items.len(), self.team)?;
        let stock = self.known.inputs.stock.iter().zip(quanta);
        let lot = |(stocked, quantum): (&StockedItem, f64)| Lot {
            multiple: lot(stocked, quantum),
            least: stocked.item.minimum_order,
        };
        Ok(stock.map(lot).collect())
    }

    /// What is to be planned, for a sample: the first is the plan's own, the others judge it.
    fn sample(&self, number: usize) -> Result<Replenishment, PlanError> {
        let scenarios = self.terms.scenarios_of(Method::Prices);
        let shape = (self.items.len(), self.periods);
        let sample = sample_at(number, scenarios);
        let demand = demand_of_all(self.models, shape, sample, scenarios, self.team)?;
        Ok(self.problem(scenarios, demand))
    }

    fn problem(&self, scenarios: usize, demand: Vec<f64>) -> Replenishment {
        let study = self.known.study;
        let cash = study.program.cash.unwrap_or(f64::INFINITY);
        let budget = |period: usize| if study.events.reviewed(period) { cash } else { 0.0 };
        Replenishment {
            periods: self.periods,
            scenarios,
            items: self.items.clone(),
            demand,
            arriving: self.arriving.clone(),
            volume: vec![study.program.space.unwrap_or(f64::INFINITY); self.periods],
            budget: (0..self.periods).map(budget).collect(),
        }
    }

    /// What is bought whatever is planned: a plan's cost beside it is holding, shortage and ordering.
    fn purchases(&self, problem: &Replenishment) -> f64 {
        let cells = self.periods * problem.scenarios;
        let of = |(row, item): (usize, &Item)| {
            let demand = problem.demand[row * cells..(row + 1) * cells].iter().sum::<f64>();
            let arriving = self.arriving[row * self.periods..(row + 1) * self.periods].iter();
            let known = item.opening + arriving.sum::<f64>();
            item.cost * (demand / problem.scenarios as f64 - known)
        };
        self.items.iter().enumerate().map(of).sum()
    }

    /// A plan whose gap is small beside what it costs apart from purchases; an attempt that comes after
    /// another finds it.
    fn solve(&self, problem: &Replenishment) -> Result<Plan, PlanError> {
        self.once(problem, || self.searched(problem))
    }

    /// The same in lots.
    fn in_lots(&self, problem: &Replenishment, plan: &Plan) -> Result<Plan, PlanError> {
        self.once(problem, || in_lots(problem, plan, &self.lots, self.team))
    }

    /// A plan that is kept as a whole: passes over the items remember the one before.
    fn once(
        &self,
        problem: &Replenishment,
        make: impl FnOnce() -> Result<Plan, PlanError>,
    ) -> Result<Plan, PlanError> {
        let orders = problem.items.len() * problem.periods;
        let volume_prices = problem.periods * problem.scenarios;
        let width = 2 + orders + volume_prices + problem.periods;
        let numbers = self.team.once(width, || {
            let Plan { lower, upper, orders, volume_prices, budget_prices, .. } = make()?;
            Ok::<_, PlanError>([vec![lower, upper], orders, volume_prices, budget_prices].concat())
        })?;
        let (bounds, rest) = numbers.split_at(2);
        let (orders, rest) = rest.split_at(orders);
        let (volume_prices, budget_prices) = rest.split_at(volume_prices);
        Ok(Plan {
            approach: Approach::Decomposition,
            lower: bounds[0],
            upper: bounds[1],
            orders: orders.to_vec(),
            volume_prices: volume_prices.to_vec(),
            budget_prices: budget_prices.to_vec(),
            history: Vec::new(),
        })
    }

    fn searched(&self, problem: &Replenishment) -> Result<Plan, PlanError> {
        /// Gap of the first plan, which tells what purchases are beside the rest; and passes for it.
        const FIRST: (f64, usize) = (5e-3, 60);
        let solve = |(gap, most_passes)| {
            decompose(problem, Wanted { gap, most_passes, ..Wanted::default() }, self.team)
        };
        let constant = self.purchases(problem);
        let mut plan = solve(FIRST)?;
        let rest = (plan.upper - constant).max(0.0);
        if plan.upper - plan.lower > self.terms.gap * rest {
            // A little less than is wanted: lots come on top.
            let share = rest / plan.upper.abs().max(f64::MIN_POSITIVE);
            let least = LEAST_GAP[usize::from(problem.has_set_ups())];
            plan = solve(((0.7 * self.terms.gap * share).max(least), PASSES))?;
        }
        Ok(plan)
    }

    fn planned(&self) -> Result<OrderPlanned, PlanError> {
        let problem = self.sample(0)?;
        let plan = self.solve(&problem)?;
        let whole = self.in_lots(&problem, &plan)?;
        let purchases = self.purchases(&problem);
        // Holding, orders and shortage cost nothing at least.
        let bounds = [plan.lower, whole.upper].map(|bound| (bound - purchases).max(0.0));

        let fresh_scenarios = self.known.study.file.simulation.scenarios.min(FRESH);
        let fresh = |orders: &[f64]| {
            let draw = |row: usize, cells: &mut [f64]| {
                draw(self.models, row, (FRESH_SET, 0), fresh_scenarios, cells);
            };
            course(&problem, orders, &self.shortage(), (fresh_scenarios, &draw), self.team)
        };
        let expected = self.expected(&problem);
        let of_means = self.in_lots(&expected, &self.solve(&expected)?)?;
        let mut gaps = Vec::with_capacity(self.terms.replications);
        for number in 1..=self.terms.replications {
            let sample = self.sample(number)?;
            let lower = match self.solve(&sample) {
                Ok(plan) => (plan.lower - self.purchases(&sample)).max(0.0),
                // A sample in which not even today's stock has room has no plan.
                Err(PlanError::Volume { .. }) => continue,
                Err(error) => return Err(error),
            };
            let scenarios = sample.scenarios;
            let draw = |row: usize, cells: &mut [f64]| {
                let width = cells.len();
                cells.copy_from_slice(&sample.demand[row * width..(row + 1) * width]);
            };
            let orders = &whole.orders;
            let course = course(&sample, orders, &self.shortage(), (scenarios, &draw), self.team)?;
            let cost = course.costs().iter().sum::<f64>() / scenarios as f64;
            // Below zero by rounding only, or where the sample's room is not kept.
            gaps.push((cost - lower).max(0.0));
        }
        let room = plan.volume_prices.chunks(problem.scenarios);
        let unit_costs = self.items.iter().flat_map(|item| vec![item.cost; self.periods]);
        Ok(OrderPlanned {
            method: Method::Prices,
            periods: self.periods,
            scenarios: problem.scenarios,
            fresh: outcomes(fresh(&whole.orders)?),
            of_means: fresh(&of_means.orders)?.costs(),
            values: unit_costs.zip(&whole.orders).map(|(cost, order)| cost * order).collect(),
            orders: whole.orders,
            bounds,
            gaps,
            cash_prices: plan.budget_prices,
            room_prices: room.map(|prices| prices.iter().sum()).collect(),
            deliveries: Vec::new(),
            moves: Vec::new(),
        })
    }

    fn shortage(&self) -> Vec<f64> {
        self.items.iter().map(|item| item.lost - item.cost).collect()
    }

    /// The same with one scenario, of mean demand.
    fn expected(&self, problem: &Replenishment) -> Replenishment {
        self.problem(1, means(&problem.demand, problem.scenarios))
    }
}

fn outcomes(course: Course) -> Outcomes {
    Outcomes {
        costs: course.costs(),
        holding: course.holding,
        shortage: course.shortage,
        demand: course.demand,
        unmet: course.lost,
        fullest: course.fullest,
        stock: course.stock,
        short: course.unmet,
        ..Outcomes::default()
    }
}
