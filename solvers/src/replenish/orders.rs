//! Orders of the coming periods as one mixed-integer program, with every term that couples them.
//!
//! Orders are decided for all scenarios, and what follows in each: a two-stage stochastic program with
//! integers in the first stage (Birge & Louveaux, *Introduction to Stochastic Programming*, 2011). It knows
//! charges of items and suppliers, least and largest orders, lots, discounts, trucks, capacity with
//! set-up times, cash, warehouses, transfers, demand of several channels from one stock, shelf lives,
//! safety stock, and limits on shortage: the share of demand met, and the mean of the worst outcomes.
//!
//! | read             | to learn                                                                   |
//! |------------------|----------------------------------------------------------------------------|
//! | [`OrderProblem`] | what is known                                                              |
//! | [`solve`]        | a plan, and a bound that no plan is below                                  |
//! | [`lower_bound`]  | the bound alone                                                            |
//! | [`courses`]      | what a plan comes to in other scenarios                                    |
//!
//! Sizes are those of a program that fits one solver; plans of thousands of items within cash and room
//! alone are [`super::plan`]'s.

mod asked;
mod course;
mod cuts;
mod explain;
mod first;
mod groups;
mod layout;
mod model;
mod problem;
mod reach;
mod result;
mod root;
mod search;
mod start;
#[cfg(test)]
mod tests;

use engine::{Money, Units};

use crate::program::ProgramError;

pub use course::{Courses, courses};
pub use problem::{Channel, Discounts, Lane, OrderProblem, Room, Service, Source, Stock, Unmet};
pub use search::{OrderEffort, lower_bound, solve};

/// A limit that several orders, periods or scenarios share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Money for the orders of a period.
    Cash(usize),
    /// The largest order to a source, in a period.
    Source(usize, usize),
    /// Trucks of a source, in a period.
    Trucks(usize, usize),
    /// Time of a source, in a period.
    Capacity(usize, usize),
    /// What a warehouse holds, in a period.
    Room(usize, usize),
    /// Safety stock, at the end of a period.
    Floor(usize, usize),
    /// Share of all demand that is met.
    FillRate,
    /// The same of a stock.
    StockFillRate(usize),
    /// Mean shortage cost of the worst scenarios.
    Tail,
}

/// Why no orders can be planned.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum OrderError {
    /// There is nothing to plan for.
    #[error("a plan needs a period, a scenario and a stock")]
    Empty,
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
    /// Something is named that is not there.
    #[error("{field}: there is no {place}, counted from 0, among {count}")]
    Unknown {
        /// What names it.
        field: &'static str,
        /// Its place.
        place: usize,
        /// How many there are.
        count: usize,
    },
    /// A number cannot be planned with.
    #[error("{field}, place {place}: {value:?} cannot be planned with")]
    Value {
        /// Which number.
        field: &'static str,
        /// Of which stock, channel, source, lane, room or period, from 0.
        place: usize,
        /// The number.
        value: f64,
    },
    /// Numbers of two stocks differ by more than can be told from rounding.
    #[error(
        "{value:.1e} beside {other:.1e}: the smaller cannot be told from rounding; measure in other \
         units"
    )]
    Scale {
        /// The limit in which they meet, if it is one.
        limit: Option<Limit>,
        /// The stock of the smaller, if it is one's.
        stock: Option<usize>,
        /// The smaller.
        value: f64,
        /// The stock of the larger, likewise.
        other_stock: Option<usize>,
        /// The larger.
        other: f64,
    },
    /// Limits cannot be kept together.
    #[error("limits cannot be kept together: {limits:?}")]
    Infeasible {
        /// Those that cannot.
        limits: Vec<Limit>,
        /// The cheapest change: by how much which of them must give way, in its own unit.
        repair: Vec<(Limit, f64)>,
    },
    /// Neither a plan nor a proof that there is none.
    #[error(
        "no plan was found within {0} nodes, and no proof that there is none; allow more nodes"
    )]
    Unfound(i64),
    /// Numbers that cannot be computed with together.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// The team could not finish.
    #[error(transparent)]
    Team(#[from] cluster::TeamError),
}

/// Orders, and how good they are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ordered {
    /// No plan has a lower expected cost in these scenarios, purchases among it \[currency\].
    pub lower: Money,
    /// That of this plan \[currency\].
    pub upper: Money,
    /// Whether the search ended with both the same, to within the gap that was asked for.
    pub closed: bool,
    /// What orders, trucks and planned shipments cost, goods among them \[currency\].
    pub first_cost: Money,
    /// Orders, by stock, then period \[units\].
    pub orders: Vec<Units>,
    /// What they cost at the prices of their size, by stock, then period \[currency\].
    pub paid: Vec<Money>,
    /// Trucks, by source, then period.
    pub trucks: Vec<f64>,
    /// What leaves today, by lane \[units\].
    pub sent_today: Vec<Units>,
    /// Whether a charged shipment is planned, 0 or 1, by lane, then period.
    pub shipments: Vec<f64>,
    /// What is expected to leave, by lane, then period \[units\].
    pub sent: Vec<Units>,
    /// What a further unit of a period's cash saves \[currency/currency\].
    pub cash_prices: Vec<f64>,
    /// What a further unit of room saves, by room, then period \[currency/volume\].
    pub room_prices: Vec<f64>,
    /// Branch-and-bound nodes of all searches.
    pub nodes: i64,
    /// Iterations of all linear programs.
    pub iterations: i64,
}

impl Ordered {
    /// Numbers of a plan of `problem`, for a table of plans.
    pub fn width(problem: &OrderProblem) -> usize {
        Ordered::empty(problem).parts().into_iter().map(Vec::len).sum::<usize>() + HEAD
    }

    /// The plan in which nothing is ordered.
    pub(crate) fn empty(problem: &OrderProblem) -> Ordered {
        let periods = problem.periods;
        let table = |rows: usize| vec![0.0; rows * periods];
        Ordered {
            orders: table(problem.stocks.len()),
            paid: table(problem.stocks.len()),
            trucks: table(problem.sources.len()),
            sent_today: vec![0.0; problem.lanes.len()],
            shipments: table(problem.lanes.len()),
            sent: table(problem.lanes.len()),
            cash_prices: table(1),
            room_prices: table(problem.rooms.len()),
            ..Ordered::default()
        }
    }

    /// Writes it into cells, of which there are [`Ordered::width`].
    pub fn write(&self, cells: &mut [f64]) {
        let (head, mut rest) = cells.split_at_mut(HEAD);
        head.copy_from_slice(&[
            self.lower,
            self.upper,
            f64::from(u8::from(self.closed)),
            self.first_cost,
            self.nodes as f64,
            self.iterations as f64,
        ]);
        for part in self.parts() {
            let (own, others) = rest.split_at_mut(part.len());
            own.copy_from_slice(part);
            rest = others;
        }
    }

    /// Reads it from such cells.
    pub fn read(problem: &OrderProblem, cells: &[f64]) -> Ordered {
        let (head, mut rest) = cells.split_at(HEAD);
        let mut ordered = Ordered::empty(problem);
        (ordered.lower, ordered.upper) = (head[0], head[1]);
        (ordered.closed, ordered.first_cost) = (head[2] > 0.5, head[3]);
        (ordered.nodes, ordered.iterations) = (head[4] as i64, head[5] as i64);
        for part in ordered.parts_mut() {
            let (own, others) = rest.split_at(part.len());
            part.copy_from_slice(own);
            rest = others;
        }
        ordered
    }

    fn parts(&self) -> [&Vec<f64>; 8] {
        [
            &self.orders,
            &self.paid,
            &self.trucks,
            &self.sent_today,
            &self.shipments,
            &self.sent,
            &self.cash_prices,
            &self.room_prices,
        ]
    }

    fn parts_mut(&mut self) -> [&mut Vec<f64>; 8] {
        [
            &mut self.orders,
            &mut self.paid,
            &mut self.trucks,
            &mut self.sent_today,
            &mut self.shipments,
            &mut self.sent,
            &mut self.cash_prices,
            &mut self.room_prices,
        ]
    }
}

/// Numbers of a plan that are not tables.
const HEAD: usize = 6;
