//! The plan by one mixed-integer program over all items, periods and scenarios.

use std::collections::BTreeMap;

use cluster::{Table, Team, TeamError};
use engine::Unmet as Waiting;
use solvers::FRESH_SET;
use solvers::replenish::orders::{
    Channel, Discounts, Lane, OrderEffort, OrderError, OrderProblem, Ordered, Room, Service,
    Source, Stock, Unmet, courses, lower_bound, solve,
};

use super::super::modelled::{Known, Models};
use super::refusal::Names;
use super::{
    Delivery, FRESH, Move, OrderPlanned, Outcomes, demand_of_all, draw, lot, means, quanta,
    refused, sample_at,
};
use crate::error::Error;
use crate::study::order_plan::{Method, OrderPlan};
use crate::study::stock::StockedItem;
use crate::study::suppliers::Terms;

/// What a plan is made from.
struct Planner<'a> {
    known: &'a Known<'a>,
    terms: &'a OrderPlan,
    models: &'a Models<'a>,
    /// Everything but demand.
    problem: OrderProblem,
    names: Names,
    /// Place among the stocks of each item, its own or the one that it is sold from.
    stock_of: Vec<usize>,
    team: &'a Team,
}

/// What programs were solved for.
struct Solved {
    /// The plan.
    own: Ordered,
    /// That for expected demand, if there is one.
    expected: Option<Ordered>,
    /// Bounds of other samples, of those that have a plan \[currency\].
    bounds: Vec<Option<f64>>,
}

/// Orders of the coming periods by the program.
pub(super) fn planned(
    known: &Known<'_>,
    terms: &OrderPlan,
    models: &Models<'_>,
    team: &Team,
) -> Result<OrderPlanned, Error> {
    let planner = Planner::new(known, terms, models, team)?;
    planner.planned().map_err(|error| match error {
        OrderError::Team(TeamError::Row { reason, .. }) => refused(reason),
        OrderError::Team(error) => Error::Team(error),
        other => refused(planner.names.told(&other)),
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
        let items = &inputs.stock;
        let periods = study.planned_periods(items).map_err(Error::Data)?;
        let quanta = quanta(models, items.len(), team)?;
        let own: Vec<usize> =
            (0..items.len()).filter(|&row| items[row].stock_of.is_none()).collect();
        let place = |row: usize| own.binary_search(&row).unwrap_or(0);
        let stock_of: Vec<usize> =
            (0..items.len()).map(|row| place(items[row].stock_of.unwrap_or(row))).collect();

        let mut names = Names { items: Vec::new(), suppliers: Vec::new(), rooms: Vec::new() };
        let mut suppliers: BTreeMap<&str, (usize, Terms)> = BTreeMap::new();
        for &row in &own {
            let name = items[row].supplier.as_str();
            let terms = study.suppliers.all_terms(name);
            if terms != Terms::default() && !suppliers.contains_key(name) {
                suppliers.insert(name, (names.suppliers.len(), terms));
                names.suppliers.push(name.to_owned());
            }
            names.items.push(items[row].item.name.clone());
        }
        let mut sources = vec![Source::FREE; suppliers.len()];
        for &(at, terms) in suppliers.values() {
            sources[at] = source(terms);
        }
        let stock = |&row: &usize| {
            let supplier = suppliers.get(items[row].supplier.as_str()).copied();
            let lead_time = study.wait_for_order(&items[row]);
            // When it comes is not known: as late as an order of the period before would.
            let due = study.events.receiving_days.from(lead_time.saturating_sub(1));
            let mut arriving = vec![0.0; periods];
            arriving[due.min(periods - 1)] = items[row].on_order;
            stock(&items[row], quanta[row], (arriving, lead_time), supplier)
        };
        let mut stocks: Vec<Stock> = own.iter().map(stock).collect();
        for discount in &inputs.discounts {
            let discounts = &mut stocks[place(discount.item)].discounts;
            discounts.incremental = discount.incremental;
            discounts.tiers.push((discount.from_units, discount.unit_cost));
        }
        let lane = |way: &crate::study::transfers::Transfer| Lane {
            from: place(way.from),
            to: place(way.to),
            lead_time: way.lead_time_periods,
            unit_cost: way.cost_per_unit,
            shipment_cost: way.cost_per_shipment,
            multiple: quanta[way.from],
        };
        let mut rooms = Vec::new();
        if let Some(volume) = study.program.space {
            rooms.push(Room { stocks: (0..own.len()).collect(), volume });
            names.rooms.push("constraints.warehouse_space".to_owned());
        }
        for (location, &volume) in &terms.space_by_location {
            let here = |at: &usize| items[own[*at]].location() == Some(location.as_str());
            rooms.push(Room { stocks: (0..own.len()).filter(here).collect(), volume });
            names.rooms.push(format!("order_plan.space_by_location.{location}"));
        }
        let cash = study.program.cash.unwrap_or(f64::INFINITY);
        let channels = items.iter().zip(&stock_of);
        let problem = OrderProblem {
            periods,
            scenarios: 0,
            channels: channels
                .map(|(item, &stock)| Channel { stock, shortage: item.item.shortage_cost_per_unit })
                .collect(),
            stocks,
            sources,
            lanes: inputs.transfers.iter().map(lane).collect(),
            rooms,
            cash: vec![cash; periods],
            ordering: (0..periods).map(|period| study.events.reviewed(period)).collect(),
            receiving: (0..periods)
                .map(|period| study.events.receiving_days.include(period))
                .collect(),
            unmet: match study.events.unmet {
                Waiting::Backorder => Unmet::Waits,
                _ => Unmet::Lost,
            },
            service: Service {
                fill_rate: terms.fill_rate,
                stock_fill_rate: terms.item_fill_rate,
                tail: terms.tail.map(|tail| (tail.share, tail.limit)),
            },
            demand: Vec::new(),
        };
        Ok(Planner { known, terms, models, problem, names, stock_of, team })
    }

    /// Demand of a sample: the first is the plan's own, the others judge it.
    fn sample(&self, number: usize) -> OrderProblem {
        let scenarios = self.terms.scenarios_of(Method::Program);
        let at = sample_at(number, scenarios);
        let cells = self.problem.periods * scenarios;
        let mut demand = vec![0.0; self.problem.channels.len() * cells];
        for (row, cells) in demand.chunks_mut(cells).enumerate() {
            draw(self.models, row, at, scenarios, cells);
        }
        self.problem.with_demand(scenarios, demand)
    }

    /// The same with one scenario, of mean demand, of which service cannot be asked.
    fn expected(&self, sample: &OrderProblem) -> OrderProblem {
        let demand = means(&sample.demand, sample.scenarios);
        let service = Service::default();
        OrderProblem { service, ..self.problem.with_demand(1, demand) }
    }

    /// The plan, that for expected demand, and bounds of other samples; each is a row of its own.
    fn solved(&self) -> Result<Solved, OrderError> {
        let rows = 2 + self.terms.replications;
        let width = Ordered::width(&self.problem);
        let gap = self.terms.gap;
        let nodes = self.terms.nodes;
        let effort = OrderEffort { gap, nodes, iterations: 1_000 * i64::from(nodes) };
        let table = self.team.rows(
            Table::new(rows, width).named("order plans"),
            || (),
            |row, cells: &mut [f64], ()| {
                let none = |cells: &mut [f64]| cells[0] = f64::NAN;
                match row {
                    0 => {
                        let found = solve(&self.sample(0), effort);
                        found.map_err(|error| self.names.told(&error))?.write(cells);
                    }
                    1 => match solve(&self.expected(&self.sample(0)), effort) {
                        Ok(found) => found.write(cells),
                        Err(_) => none(cells),
                    },
                    // A sample in which limits cannot be kept has no plan.
                    _ => match lower_bound(&self.sample(row - 1)) {
                        Ok(bound) => cells[0] = bound,
                        Err(_) => none(cells),
                    },
                }
                Ok::<(), String>(())
            },
        )?;
        let known = |cells: &[f64]| cells[0].is_finite();
        let mut rows = table.chunks(width);
        let mut plan = || rows.next().unwrap_or(&[]);
        let (own, expected) = (plan(), plan());
        let own = Ordered::read(&self.problem, own);
        let expected = known(expected).then(|| Ordered::read(&self.problem, expected));
        let bounds = rows.map(|cells| Some(cells[0]).filter(|bound| bound.is_finite()));
        Ok(Solved { own, expected, bounds: bounds.collect() })
    }

    fn planned(&self) -> Result<OrderPlanned, OrderError> {
        let Solved { own: plan, expected, bounds } = self.solved()?;
        let sample = self.sample(0);
        let purchases = purchases(&sample);
        // Holding, orders and shortage cost nothing at least, unless discounts pay for them.
        let bounds_of_sample = [plan.lower - purchases, plan.upper - purchases];
        let scenarios = self.known.study.file.simulation.scenarios.min(FRESH);
        let shape = (self.problem.channels.len(), self.problem.periods);
        let demand = demand_of_all(self.models, shape, (FRESH_SET, 0), scenarios, self.team)?;
        let fresh = self.problem.with_demand(scenarios, demand);
        let of_plan = courses(&fresh, &plan, self.team)?;
        let of_means = match &expected {
            Some(expected) => courses(&fresh, expected, self.team)?.costs,
            None => Vec::new(),
        };
        let mut gaps = Vec::with_capacity(bounds.len());
        for (number, bound) in bounds.into_iter().enumerate() {
            let Some(bound) = bound else { continue };
            let sample = self.sample(number + 1);
            let costs = courses(&sample, &plan, self.team)?.costs;
            let cost = costs.iter().sum::<f64>() / sample.scenarios as f64;
            // Below zero by rounding only, or where the sample's limits are not kept.
            gaps.push((cost - (bound - self::purchases(&sample))).max(0.0));
        }
        let rooms = plan.room_prices.get(..self.problem.periods);
        let space = rooms.filter(|_| self.known.study.program.space.is_some());
        let (orders, values) = (self.by_item(&plan.orders), self.by_item(&plan.paid));
        Ok(OrderPlanned {
            method: Method::Program,
            periods: self.problem.periods,
            scenarios: sample.scenarios,
            deliveries: self.deliveries(&plan),
            moves: self.moves(&plan),
            orders,
            values,
            fresh: Outcomes {
                costs: of_plan.costs,
                holding: of_plan.holding,
                shortage: of_plan.shortage,
                waste: of_plan.waste,
                transfers: of_plan.transfers,
                demand: of_plan.demand,
                unmet: of_plan.unmet,
                fullest: of_plan.fullest,
                stock: self.by_item(&of_plan.stock),
                short: of_plan.short,
            },
            of_means,
            bounds: bounds_of_sample,
            gaps,
            room_prices: space.unwrap_or(&[]).to_vec(),
            cash_prices: plan.cash_prices,
        })
    }

    /// A table by stock as one by item; a channel has none of its own.
    fn by_item(&self, table: &[f64]) -> Vec<f64> {
        let periods = self.problem.periods;
        let items = self.known.inputs.stock.iter().zip(&self.stock_of);
        let row = |(item, &stock): (&StockedItem, &usize)| match item.stock_of {
            None => table[stock * periods..][..periods].to_vec(),
            Some(_) => vec![0.0; periods],
        };
        items.flat_map(row).collect()
    }

    fn deliveries(&self, plan: &Ordered) -> Vec<Delivery> {
        let periods = self.problem.periods;
        let mut deliveries = Vec::new();
        for (source, name) in self.names.suppliers.iter().enumerate() {
            for period in 0..periods {
                let own = self.problem.stocks.iter().enumerate();
                let own = own.filter(|(_, stock)| stock.source == Some(source));
                let ordered = own.map(|(at, stock)| (stock, at * periods + period));
                let ordered: Vec<(&Stock, usize)> =
                    ordered.filter(|&(_, at)| plan.orders[at] > 0.0).collect();
                let sum = |of: &dyn Fn(&Stock, usize) -> f64| {
                    ordered.iter().fold(0.0, |sum, &(stock, at)| sum + of(stock, at))
                };
                let trucks = plan.trucks[source * periods + period];
                deliveries.push(Delivery {
                    supplier: name.clone(),
                    period,
                    items: ordered.len(),
                    value: sum(&|_, at| plan.paid[at]),
                    volume: sum(&|stock, at| stock.volume * plan.orders[at]),
                    weight: sum(&|stock, at| stock.weight * plan.orders[at]),
                    trucks: self.problem.sources[source].has_trucks().then_some(trucks),
                });
            }
        }
        deliveries
    }

    fn moves(&self, plan: &Ordered) -> Vec<Move> {
        let periods = self.problem.periods;
        let each = plan.sent.iter().enumerate();
        each.map(|(at, &units)| Move { transfer: at / periods, period: at % periods, units })
            .collect()
    }
}

/// Mean purchases, which any plan has.
fn purchases(problem: &OrderProblem) -> f64 {
    let all = (0..problem.scenarios).map(|scenario| problem.purchases(scenario));
    all.sum::<f64>() / problem.scenarios as f64
}

fn source(terms: Terms) -> Source {
    let load = terms.load;
    let trucks = load.has_trucks();
    let holds = |of: f64| if trucks { of } else { f64::INFINITY };
    Source {
        order_cost: terms.joint.order_cost,
        least: terms.joint.minimum,
        most: terms.joint.capacity,
        truck_cost: load.truck_cost,
        truck_volume: holds(load.truck_volume),
        truck_weight: holds(load.truck_weight),
        most_trucks: load.most_trucks,
        capacity: load.capacity_time_per_period,
    }
}

fn stock(
    stocked: &StockedItem,
    quantum: f64,
    (arriving, lead_time): (Vec<f64>, usize),
    supplier: Option<(usize, Terms)>,
) -> Stock {
    let item = &stocked.item;
    Stock {
        cost: stocked.unit_cost,
        discounts: Discounts::default(),
        holding: item.holding_cost_per_unit_period,
        set_up: item.order_cost,
        least: item.minimum_order,
        multiple: lot(stocked, quantum),
        most: item.maximum_order,
        lead_time,
        opening: stocked.on_hand.unwrap_or(0.0),
        arriving,
        volume: stocked.volume,
        weight: stocked.weight,
        life: item.shelf.map(|shelf| shelf.life_periods),
        waste: item.shelf.map_or(0.0, |shelf| shelf.waste_cost_per_unit),
        floor: stocked.safety_stock,
        source: supplier.map(|(place, _)| place),
        counts: supplier.map_or(0.0, |(_, terms)| terms.weight(stocked)),
        unit_time: stocked.unit_time,
        set_up_time: stocked.set_up_time,
    }
}
