//! What orders come to in scenarios that they were not made for.

use std::convert::Infallible;

use cluster::{Sums, Table, Team};
use engine::{Money, Units};

use super::item::Memory;
use super::problem::{PlanError, Replenishment, View};

/// What orders come to, scenario by scenario, and item by item.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    /// Charges on stock, by scenario \[currency\].
    pub holding: Vec<Money>,
    /// Losses on demand that is not met, by scenario \[currency\].
    pub shortage: Vec<Money>,
    /// Charges on orders, whatever their size \[currency\].
    pub ordering: Money,
    /// Demand, by scenario \[units\].
    pub demand: Vec<Units>,
    /// The part of it that is not met \[units\].
    pub lost: Vec<Units>,
    /// Largest volume of stock, as a share of the room, by scenario; 0 if there is no limit.
    pub fullest: Vec<f64>,
    /// Expected stock at the end, by item, then period \[units\].
    pub stock: Vec<Units>,
    /// Expected demand that is not met, by item, then period \[units\].
    pub unmet: Vec<Units>,
}

impl Course {
    /// Holding, shortage and ordering, by scenario \[currency\].
    pub fn costs(&self) -> Vec<Money> {
        let parts = self.holding.iter().zip(&self.shortage);
        parts.map(|(holding, shortage)| holding + shortage + self.ordering).collect()
    }
}

/// What demand there is of an item, by period, then scenario; filled anew.
pub type Draw<'a> = dyn Fn(usize, &mut [Units]) + Sync + 'a;

/// What `orders` come to in `scenarios` scenarios of other demand. A loss is charged at `shortage` an item.
///
/// # Errors
///
/// [`PlanError::Team`] if the ranks failed.
pub fn course(
    problem: &Replenishment,
    orders: &[Units],
    shortage: &[Money],
    (scenarios, draw): (usize, &Draw<'_>),
    team: &Team,
) -> Result<Course, PlanError> {
    /// Columns of sums by scenario, before the volumes.
    const COLUMNS: usize = 4;
    let (periods, width) = (problem.periods, scenarios);
    let cells = periods * width;
    let sums = 1 + COLUMNS * width + cells;
    let shape = Table::new(problem.items.len(), 2 * periods).with_sums(sums);
    let work = |row: usize, means: &mut [Units], sums: &mut Sums, memory: &mut Memory| {
        let mut demand = vec![0.0; cells];
        draw(row, &mut demand);
        let view = View { demand: &demand, scenarios: width, ..problem.view(row) };
        let item = view.item;
        memory.size(view);
        memory.orders.copy_from_slice(&orders[row * periods..][..view.orders()]);
        memory.stock_of(view);
        let placed = memory.orders.iter().filter(|order| **order > 0.0).count();
        sums.add(0, item.set_up * placed as f64);
        for scenario in 0..width {
            let (mut held, mut asked, mut lost) = (0.0, 0.0, 0.0);
            for period in 0..periods {
                let at = period * width + scenario;
                let (before, now) = (memory.stock[at], memory.stock[at + width]);
                let arrival = view.arrival(period, &memory.orders);
                let short = (demand[at] - (before + arrival - now)).max(0.0);
                held += now;
                asked += demand[at];
                lost += short;
                means[period] += now / width as f64;
                means[periods + period] += short / width as f64;
                sums.add(1 + COLUMNS * width + at, item.volume * now);
            }
            let columns = [item.holding * held, shortage[row] * lost, asked, lost];
            for (column, value) in columns.into_iter().enumerate() {
                sums.add(1 + column * width + scenario, value);
            }
        }
        Ok::<(), Infallible>(())
    };
    let (means, sums) = team.rows_and_sums(shape, Memory::default, work)?;
    let sums = sums.values();
    let column = |place: usize| sums[1 + place * width..][..width].to_vec();
    let volumes = &sums[1 + COLUMNS * width..];
    let full = |scenario: usize| {
        let shares = problem.volume.iter().enumerate().filter(|(_, room)| room.is_finite());
        let share = |(period, room): (usize, &f64)| volumes[period * width + scenario] / room;
        shares.map(share).fold(0.0, f64::max)
    };
    let part = |from: usize| -> Vec<Units> {
        means.chunks(2 * periods).flat_map(|row| &row[from..from + periods]).copied().collect()
    };
    Ok(Course {
        ordering: sums[0],
        holding: column(0),
        shortage: column(1),
        demand: column(2),
        lost: column(3),
        fullest: (0..width).map(full).collect(),
        stock: part(0),
        unmet: part(periods),
    })
}
