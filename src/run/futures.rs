//! Totals over all items, scenario by scenario: each is a future of the whole assortment.

use cluster::Sums;
use solvers::{Course, Courses, MOVES, kept};

/// What the assortment does in each fresh scenario; a course's `stock` is its value at unit cost here.
#[derive(Clone, Debug, Default)]
pub struct Futures {
    /// Demand \[units/period\].
    pub demand: Vec<f64>,
    /// Courses of the study's strategies, each used for every item; then of each item's own choice.
    pub own: Vec<Course>,
    /// The same with levels moved, by [`MOVES`], in fewer scenarios.
    pub moved: Vec<[Course; MOVES.len()]>,
    /// The course of the plan within limits, if there is one.
    pub planned: Option<Course>,
}

/// Where sums lie: demand by scenario, then a course for each strategy and for the choice, then the
/// same moved.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    /// Strategies and the choice.
    alternatives: usize,
    /// Scenarios of courses.
    scenarios: usize,
    /// Scenarios of courses with levels moved.
    few: usize,
}

/// Columns of a course.
const COLUMNS: usize = 3;

impl Layout {
    pub(super) fn new(strategies: usize, scenarios: usize) -> Layout {
        let [scenarios, few] = kept(scenarios);
        Layout { alternatives: strategies + 1, scenarios, few }
    }

    pub(super) fn sums(&self) -> usize {
        self.moved_at(self.alternatives, 0)
    }

    fn own_at(&self, alternative: usize) -> usize {
        self.scenarios * (1 + COLUMNS * alternative)
    }

    fn moved_at(&self, alternative: usize, place: usize) -> usize {
        let before = MOVES.len() * alternative + place;
        self.own_at(self.alternatives) + self.few * COLUMNS * before
    }

    /// Adds an item, with its `unit_cost` and the strategy that was chosen for it.
    pub(super) fn add(&self, courses: &Courses, chosen: usize, unit_cost: f64, sums: &mut Sums) {
        for (scenario, demand) in courses.demand.iter().enumerate() {
            sums.add(scenario, *demand);
        }
        let choice = self.alternatives - 1;
        let places = |strategy: usize| {
            std::iter::once(strategy).chain((strategy == chosen).then_some(choice))
        };
        for (strategy, course) in courses.own.iter().enumerate() {
            for place in places(strategy) {
                add(course, 1.0, unit_cost, self.own_at(place), sums);
            }
        }
        for (strategy, moves) in courses.moved.iter().enumerate() {
            for (step, course) in moves.iter().enumerate() {
                for place in places(strategy) {
                    add(course, 1.0, unit_cost, self.moved_at(place, step), sums);
                }
            }
        }
    }

    /// What the sums say.
    pub(super) fn futures(&self, sums: &Sums) -> Futures {
        let sums = sums.values();
        let course = |from: usize, scenarios: usize| course(&sums[from..], scenarios);
        let alternatives = 0..self.alternatives;
        let moved = |alternative| {
            std::array::from_fn(|place| course(self.moved_at(alternative, place), self.few))
        };
        Futures {
            demand: sums[..self.scenarios].to_vec(),
            own: alternatives.clone().map(|of| course(self.own_at(of), self.scenarios)).collect(),
            moved: alternatives.map(moved).collect(),
            planned: None,
        }
    }

    /// Sums that a change of plan needs.
    pub(super) fn changes(&self) -> usize {
        COLUMNS * self.scenarios
    }

    /// The course of the plan that changes what was chosen by `changes`.
    pub(super) fn planned(&self, futures: &Futures, changes: &Sums) -> Option<Course> {
        let changes = course(&changes.values(), self.scenarios);
        let chosen = futures.own.last()?;
        let sum =
            |left: &[f64], right: &[f64]| left.iter().zip(right).map(|(l, r)| l + r).collect();
        Some(Course {
            cost: sum(&chosen.cost, &changes.cost),
            unmet: sum(&chosen.unmet, &changes.unmet),
            stock: sum(&chosen.stock, &changes.stock),
        })
    }
}

/// Adds what the plan changes at an item: the course it has now, less the one it had.
pub(super) fn add_change([old, new]: &[Course; 2], unit_cost: f64, sums: &mut Sums) {
    add(new, 1.0, unit_cost, 0, sums);
    add(old, -1.0, unit_cost, 0, sums);
}

/// Adds `times` a course to the sums from a place on.
fn add(course: &Course, times: f64, unit_cost: f64, from: usize, sums: &mut Sums) {
    let scenarios = course.cost.len();
    for scenario in 0..scenarios {
        let value = unit_cost * course.stock[scenario];
        let cells = [course.cost[scenario], course.unmet[scenario], value];
        for (column, cell) in cells.into_iter().enumerate() {
            sums.add(from + column * scenarios + scenario, times * cell);
        }
    }
}

fn course(sums: &[f64], scenarios: usize) -> Course {
    let column = |place: usize| sums[place * scenarios..(place + 1) * scenarios].to_vec();
    Course { cost: column(0), unmet: column(1), stock: column(2) }
}
