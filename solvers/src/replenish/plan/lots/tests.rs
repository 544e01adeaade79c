use super::*;
use crate::program::{Effort, Status};
use crate::replenish::plan::tests::instance;
use crate::replenish::plan::{Replenishment, course, decompose, extensive};

fn solo() -> Team {
    Team::solo(1).unwrap()
}

/// The cheapest orders in lots, by a mixed-integer program over all items.
fn optimum(problem: &Replenishment, lots: &[Lot]) -> f64 {
    let mut free = problem.clone();
    free.items.iter_mut().for_each(|item| item.set_up = 0.0);
    let mut program = extensive(&free).unwrap();
    let own = program.columns() / problem.items.len();
    for (at, (item, lot)) in problem.items.iter().zip(lots).enumerate() {
        for period in 0..problem.periods.saturating_sub(item.lead_time) {
            let order = at * own + period;
            // More than can be sold is worth ordering, if a lot is more.
            program.upper[order] = item.most.min(problem.budget[period] / item.cost);
            let number = program.whole_column(0.0, 0.0, 1e4);
            program.row(0.0, 0.0, [(order, 1.0), (number, -lot.multiple)]);
            let placed = program.whole_column(item.set_up, 0.0, 1.0);
            program.row(f64::NEG_INFINITY, 0.0, [(placed, lot.least), (order, -1.0)]);
            let most = program.upper[order];
            program.row(f64::NEG_INFINITY, 0.0, [(order, 1.0), (placed, -most)]);
        }
    }
    let solution = program.solve(Effort::default()).unwrap();
    assert_eq!(solution.status, Status::Optimal);
    solution.objective
}

/// Problems that are tried.
const SEEDS: u64 = 12;

#[test]
fn orders_in_lots_are_near_the_best_and_within_the_limits() {
    let (mut excess_cost, mut worst, mut reckoned) = (0.0, 0.0_f64, 0.0);
    for seed in 0..SEEDS {
        let mut problem = instance(4, 5, 3, seed);
        let sizes = [1.0, 5.0, 12.0, 8.0];
        let lots: Vec<Lot> = sizes
            .into_iter()
            .map(|multiple| Lot { multiple, least: if seed % 2 == 0 { 0.0 } else { 24.0 } })
            .collect();
        for item in &mut problem.items {
            item.set_up = if seed % 3 == 0 { 12.0 } else { 0.0 };
        }
        let plan = decompose(&problem, Wanted { most_passes: 40, ..Wanted::default() }, &solo());
        let plan = plan.unwrap();
        let whole = in_lots(&problem, &plan, &lots, &solo()).unwrap();
        assert_eq!(whole, in_lots(&problem, &plan, &lots, &Team::solo(3).unwrap()).unwrap());
        for (place, order) in whole.orders.iter().enumerate() {
            let lot = lots[place / problem.periods];
            assert_eq!((order / lot.multiple).fract(), 0.0, "{order} of {lot:?}");
            assert!(*order == 0.0 || *order >= lot.least, "{order} of {lot:?}");
        }
        let passes = Passes::new(&problem, plan_team(), 1e-3);
        let valued = passes.value(&whole.orders).unwrap();
        assert!(excess(&problem, &valued) <= ROUNDING);
        assert_eq!(valued.cost, whole.upper);
        let best = optimum(&problem, &lots);
        assert!(plan.lower <= best * (1.0 + 1e-6), "{} above {best}", plan.lower);
        assert!(whole.upper >= best * (1.0 - 1e-6), "{} below {best}", whole.upper);
        let lost = whole.upper / best - 1.0;
        (excess_cost, worst) = (excess_cost + lost, worst.max(lost));
        reckoned += whole.gap();
    }
    let (mean, reckoned) = (excess_cost / SEEDS as f64, reckoned / SEEDS as f64);
    println!(
        "in lots: {mean:.4} above the best, {worst:.4} at most; {reckoned:.4} above the bound"
    );
    assert!(mean <= reckoned, "{mean} {reckoned}");
    // So few items share so tight limits that a lot more or less is much.
    assert!(mean <= 0.04 && worst <= 0.1, "{mean} {worst}");
}

fn plan_team() -> &'static Team {
    static TEAM: std::sync::OnceLock<Team> = std::sync::OnceLock::new();
    TEAM.get_or_init(solo)
}

#[test]
fn the_course_of_a_plan_on_its_own_sample_costs_what_the_plan_says() {
    let problem = instance(6, 6, 5, 4);
    let plan = decompose(&problem, Wanted::default(), &solo()).unwrap();
    let cells = problem.periods * problem.scenarios;
    let draw = |item: usize, demand: &mut [f64]| {
        demand.copy_from_slice(&problem.demand[item * cells..(item + 1) * cells]);
    };
    let lost: Vec<f64> = problem.items.iter().map(|item| item.lost).collect();
    let course =
        course(&problem, &plan.orders, &lost, (problem.scenarios, &draw), &solo()).unwrap();
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let items = problem.items.iter().enumerate();
    let bought = items.map(|(at, item)| {
        let orders = &plan.orders[at * problem.periods..(at + 1) * problem.periods];
        item.cost * orders.iter().sum::<f64>()
            - item.credit * course.stock[(at + 1) * problem.periods - 1]
    });
    let cost = mean(&course.costs()) + bought.sum::<f64>();
    assert!((cost - plan.upper).abs() < 1e-9 * cost, "{cost} {}", plan.upper);
    assert!(course.fullest.iter().all(|share| *share <= 1.0 + 1e-9), "{:?}", course.fullest);
    let unmet: f64 = course.unmet.iter().sum();
    assert!((unmet - mean(&course.lost)).abs() < 1e-9, "{unmet}");
}
