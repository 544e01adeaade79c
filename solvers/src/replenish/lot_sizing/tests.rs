//! Lot sizing against Wagner & Whitin, against all patterns of set-ups, and against published optima.

use super::*;
use crate::exact::lot_sizing::wagner_whitin;

/// Whole numbers below a limit, always the same.
struct Draws(u64);

impl Draws {
    fn below(&mut self, limit: u64) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        ((self.0 >> 33) % limit) as f64
    }
}

fn drawn(draws: &mut Draws, items: usize, periods: usize, capacity: f64) -> LotSizing {
    let item = |draws: &mut Draws| LotItem {
        unit_time: 1.0 + draws.below(2),
        set_up_time: draws.below(6),
        set_up_cost: 5.0 + draws.below(40),
        holding_cost: 1.0 + draws.below(3),
        unit_cost: (0..periods).map(|_| draws.below(3)).collect(),
        demand: (0..periods).map(|_| draws.below(9)).collect(),
    };
    LotSizing {
        items: (0..items).map(|_| item(draws)).collect(),
        capacity: (0..periods).map(|_| (capacity * (0.8 + 0.1 * draws.below(5))).round()).collect(),
    }
}

/// Costs of the items' lots, each by itself.
fn apart(problem: &LotSizing) -> f64 {
    let free = vec![0.0; problem.periods()];
    let cost = |item| wagner_whitin(&prices::lot_periods(problem, item, &free)).expect("checked");
    (0..problem.items.len()).map(|item| cost(item).cost).sum()
}

/// The least cost of all patterns of set-ups.
fn of_all_patterns(problem: &LotSizing) -> Option<f64> {
    let (items, periods) = (problem.items.len(), problem.periods());
    let mut least: Option<f64> = None;
    for pattern in 0_u32..1 << (items * periods) {
        let is = |item: usize, period: usize| pattern >> (item * periods + period) & 1 == 1;
        let set_ups: Vec<Vec<bool>> =
            (0..items).map(|item| (0..periods).map(|period| is(item, period)).collect()).collect();
        // What cannot be in time needs no program.
        let late = |item: usize| {
            let wanted = problem.items[item].demand.iter().position(|&demand| demand > 0.0);
            wanted.is_some_and(|wanted| !set_ups[item][..=wanted].contains(&true))
        };
        if (0..items).any(late) {
            continue;
        }
        if let Some(quantities) = model::lots(problem, &set_ups).expect("numbers") {
            let cost = problem.cost_of(&quantities, &set_ups);
            least = Some(least.map_or(cost, |least| least.min(cost)));
        }
    }
    least
}

/// A plan meets demand, needs no more than there is, and costs what it says.
fn holds(problem: &LotSizing, plan: &LotSizingPlan) {
    for (item, data) in problem.items.iter().enumerate() {
        let mut stock = 0.0;
        for period in 0..problem.periods() {
            stock += plan.quantities[item][period] - data.demand[period];
            assert!(stock > -1e-6, "item {item} is short in period {period}");
            assert!(plan.set_ups[item][period] || plan.quantities[item][period] == 0.0);
        }
    }
    for (period, &capacity) in problem.capacity.iter().enumerate() {
        let time = |(item, data): (usize, &LotItem)| {
            let set_up = if plan.set_ups[item][period] { data.set_up_time } else { 0.0 };
            set_up + data.unit_time * plan.quantities[item][period]
        };
        let used: f64 = problem.items.iter().enumerate().map(time).sum();
        assert!(used <= capacity * (1.0 + 1e-8), "period {period}: {used} of {capacity}");
    }
    let cost = problem.cost_of(&plan.quantities, &plan.set_ups);
    assert!((cost - plan.cost).abs() < 1e-6, "{cost} against {}", plan.cost);
    assert!(plan.bound <= plan.cost + 1e-9 && plan.price_bound <= plan.cost * (1.0 + 1e-9));
}

#[test]
fn with_ample_capacity_items_are_planned_apart() {
    let mut draws = Draws(7);
    for _ in 0..8 {
        let problem = drawn(&mut draws, 4, 10, 1e4);
        let plan = solve(&problem, LotSizingEffort::default()).expect("a plan");
        holds(&problem, &plan);
        assert!(plan.optimal && (plan.cost - apart(&problem)).abs() < 1e-6, "{plan:?}");
        assert!(plan.capacity_prices.iter().all(|&price| price < 1e-9));
    }
}

/// Wagner & Whitin's plans as a program of whole set-ups.
#[test]
fn one_item_as_a_program_costs_what_the_dynamic_program_says() {
    let mut draws = Draws(11);
    for _ in 0..8 {
        let problem = drawn(&mut draws, 1, 12, 1e4);
        let program = Model::new(&problem, None).program;
        let solution = program.solve(crate::program::Effort::default()).expect("numbers");
        let least = apart(&problem);
        assert!((solution.objective - least).abs() < 1e-6, "{} for {least}", solution.objective);
    }
}

#[test]
fn no_pattern_of_set_ups_is_cheaper() {
    let mut draws = Draws(3);
    let (mut plans, mut none) = (0, 0);
    for (items, periods) in [(2, 3), (3, 3), (2, 4), (1, 6), (2, 3), (3, 3), (2, 4), (2, 5)] {
        let problem = drawn(&mut draws, items, periods, 9.0 * items as f64);
        match (of_all_patterns(&problem), solve(&problem, LotSizingEffort::default())) {
            (Some(least), Ok(plan)) => {
                holds(&problem, &plan);
                assert!((plan.cost - least).abs() < 1e-6, "{} against {least}", plan.cost);
                assert!(plan.optimal && plan.bound <= least + 1e-6);
                plans += 1;
            }
            (None, Err(LotSizingError::Infeasible { .. })) => none += 1,
            (least, plan) => panic!("{least:?} by patterns, {plan:?}"),
        }
    }
    assert!(plans >= 4, "{plans} plans, {none} without");
}

/// Set-ups with shares of demands, and set-ups with lots and stocks, say the same.
#[test]
fn both_forms_cost_the_same() {
    let mut draws = Draws(5);
    for _ in 0..4 {
        let problem = drawn(&mut draws, 3, 6, 60.0);
        let model = Model::for_search(&problem, None);
        let solve_one = |program: &crate::program::Program| {
            program.solve(crate::program::Effort::default()).expect("numbers").objective
        };
        let least = solve_one(&Model::new(&problem, None).program);
        let shared = solve_one(&model.program);
        assert!((shared - least).abs() < 1e-6, "{shared} against {least}");
        // Its relaxation is as strong as the best prices.
        let priced = prices::search(&problem, 400).expect("numbers").bound;
        assert!((solve_one(&model.program.relaxed()) - priced).abs() < 1e-5 * priced);
        let plan = solve(&problem, LotSizingEffort::default()).expect("a plan");
        let x = model.columns_of(&problem, &plan.quantities, &plan.set_ups);
        assert!(model.program.violation(&x) < 1e-9, "the plan is a solution of the program");
        assert!((model.program.cost_of(&x) - plan.cost).abs() < 1e-6);
        assert!((plan.cost - least).abs() < 1e-6, "{} against {least}", plan.cost);
    }
}

/// A problem that rounds go through with drawn neighbourhoods, twice.
#[test]
fn the_same_data_give_the_same_plan() {
    let problem = drawn(&mut Draws(23), 8, 12, 55.0);
    let effort = LotSizingEffort { nodes: 0, iterations: 9_000, ..LotSizingEffort::default() };
    let plan = solve(&problem, effort).expect("a plan");
    holds(&problem, &plan);
    assert_eq!(plan, solve(&problem, effort).expect("a plan"));
}

#[test]
fn what_does_not_fit_is_told_with_the_periods() {
    let item = LotItem {
        unit_time: 1.0,
        set_up_time: 2.0,
        set_up_cost: 10.0,
        holding_cost: 1.0,
        unit_cost: Vec::new(),
        demand: vec![0.0, 5.0, 9.0, 1.0],
    };
    let mut problem = LotSizing { items: vec![item], capacity: vec![3.0, 7.0, 6.0, 20.0] };
    // Three periods make 1 + 5 + 4 = 10 of the 14 that are asked for by the end of the third.
    match solve(&problem, LotSizingEffort::default()) {
        Err(LotSizingError::Infeasible { periods, missing }) => {
            assert_eq!(periods, [0, 1, 2]);
            let time: f64 = missing.iter().map(|shortage| shortage.time).sum();
            // Set-ups are divisible in this program: less than the 4 that whole ones miss.
            assert!(time > 1.0 && time < 4.0 + 1e-6, "{missing:?}");
        }
        other => panic!("{other:?}"),
    }
    problem.capacity[2] = 10.0;
    assert!(solve(&problem, LotSizingEffort::default()).is_ok());
    problem.capacity[2] = 9.5;
    let error = solve(&problem, LotSizingEffort::default()).expect_err("half a unit too little");
    assert!(error.to_string().contains("more"), "{error}");
}

#[test]
fn data_that_cannot_be_planned_with_are_named() {
    let mut problem = drawn(&mut Draws(1), 2, 3, 30.0);
    problem.items[1].demand.pop();
    let error = solve(&problem, LotSizingEffort::default()).expect_err("two of three");
    let words = "item 1 has 2 values of demand; 3 are expected, one a period";
    assert_eq!(error.to_string(), words);
    problem.items[1].demand.push(f64::NAN);
    assert!(matches!(problem.check(), Err(LotSizingError::Value { quantity: "demand", .. })));
    let empty = LotSizing { items: Vec::new(), capacity: vec![3.0] };
    assert_eq!(solve(&empty, LotSizingEffort::default()).expect("nothing").cost, 0.0);
    let never = LotSizing { capacity: Vec::new(), ..empty };
    assert_eq!(solve(&never, LotSizingEffort::default()).expect("nothing").cost, 0.0);
}

#[test]
fn the_text_format_is_read() {
    let problem =
        read_trigeiro("2 3\n1\n50\n1 2 3. 4.\n1.5 2 3 4\n1 2\n3 4\n5 6\nBi hi").expect("it");
    assert_eq!((problem.capacity, problem.items[1].unit_time), (vec![50.0; 3], 1.5));
    assert_eq!(problem.items[1].demand, [2.0, 4.0, 6.0]);
    assert_eq!(problem.items[0].set_up_cost, 4.0);
    let error = read_trigeiro("2 3 1 50 x").expect_err("a letter").to_string();
    assert_eq!(error, "word 5 is `x`; a unit time is expected");
    assert!(matches!(read_trigeiro("2 3 1"), Err(FormatError::End { place: 3, .. })));
}

/// Optima of Trigeiro's sets, proved by a facility-location program; G53 by Belvaux & Wolsey (2000).
#[test]
fn published_problems() {
    let Some(folder) = std::env::var_os("PARSTOCK_DATA") else {
        println!("skipped: PARSTOCK_DATA does not name a folder of data");
        return;
    };
    let folder = std::path::Path::new(&folder).join("trigeiro");
    for (file, least, nodes, off) in [
        ("X/X12127B", 8605.7, 60, 1e-9),
        ("X/X11118A", 8387.0, 60, 1e-9),
        ("FG/F11.DAT", 36700.0, 60, 1e-9),
        // Its proof takes longer than a test may.
        ("FG/G53.DAT", 74634.0, 0, 0.03),
    ] {
        let text =
            std::fs::read_to_string(folder.join(file)).expect("PARSTOCK_DATA holds trigeiro");
        let problem = read_trigeiro(&text).expect("a problem");
        let effort = LotSizingEffort { nodes, rounds: 0, ..LotSizingEffort::default() };
        let plan = solve(&problem, effort).expect("a plan");
        holds(&problem, &plan);
        assert!(plan.cost <= least * (1.0 + off) && plan.cost >= least - 1e-6, "{file} {plan:?}");
        assert!(plan.bound <= least + 1e-6, "{file} {}", plan.bound);
        assert_eq!(plan.optimal, nodes > 0, "{file}");
    }
}
