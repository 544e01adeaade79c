use super::*;

fn candidate(cost: f64, capital: f64) -> Candidate {
    Candidate { cost, uses: [capital, 0.0] }
}

fn two_items() -> Vec<Vec<Candidate>> {
    vec![
        vec![candidate(10.0, 5.0), candidate(4.0, 9.0)],
        vec![candidate(8.0, 3.0), candidate(7.0, 8.0)],
    ]
}

#[test]
fn money_goes_where_it_saves_most() {
    let chosen = |budget| allocate(&two_items(), [Some(budget), None]).unwrap().chosen;
    assert_eq!(chosen(12.0), vec![1, 0]);
    assert_eq!(chosen(17.0), vec![1, 1]);
}

#[test]
fn a_budget_too_small_says_what_would_do() {
    let refusal = allocate(&two_items(), [Some(7.0), None]).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "stock_budget is 7.00, but the leanest policies of all items need 8.00; raise it to at \
         least that, or leave items out"
    );
}

/// A number below `bound` that looks random and is the same everywhere.
fn number(state: &mut u64, bound: u64) -> f64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    ((*state >> 33) % bound) as f64
}

/// Every plan, one after the other.
fn best_by_enumeration(items: &[Vec<Candidate>], limits: [Option<f64>; LIMITS]) -> Option<f64> {
    let plans: usize = items.iter().map(Vec::len).product();
    let plan = |mut index: usize| -> Vec<usize> {
        items
            .iter()
            .map(|candidates| {
                let chosen = index % candidates.len();
                index /= candidates.len();
                chosen
            })
            .collect()
    };
    (0..plans)
        .map(plan)
        .filter(|plan| within(items, plan, limits))
        .map(|plan| cost(items, &plan))
        .min_by(f64::total_cmp)
}

#[test]
fn the_plan_is_the_best_of_all_plans() {
    let mut state = 7;
    for instance in 0..300 {
        let count = 1 + instance % 6;
        let items: Vec<Vec<Candidate>> = (0..count)
            .map(|_| {
                (0..=instance % 5)
                    .map(|_| Candidate {
                        cost: number(&mut state, 90),
                        uses: [number(&mut state, 50), number(&mut state, 50)],
                    })
                    .collect()
            })
            .collect();
        let limits = [
            Some(number(&mut state, 40 * count as u64) + 5.0),
            (instance % 2 == 0).then(|| number(&mut state, 40 * count as u64) + 5.0),
        ];
        let best = best_by_enumeration(&items, limits);
        match allocate(&items, limits) {
            Ok(plan) => {
                assert!(plan.optimal);
                let best = best.expect("a plan exists, as one was found");
                assert!(
                    (plan.objective - best).abs() < 1e-6,
                    "{instance}: {} {best}",
                    plan.objective
                );
                assert!(plan.bound <= best + 1e-6);
            }
            Err(_) => assert_eq!(best, None, "{instance}: a plan was missed"),
        }
    }
}

#[test]
fn the_price_is_what_one_more_unit_saves() {
    // Convex costs: each unit of budget saves less than the one before.
    let item = |save: f64| -> Vec<Candidate> {
        (0..40)
            .map(|units| {
                let units = f64::from(units);
                candidate(1_000.0 - save * units + units * units, units)
            })
            .collect()
    };
    let items: Vec<_> = (0..30).map(|i| item(60.0 + f64::from(i))).collect();
    let at = |budget| allocate(&items, [Some(budget), None]).unwrap();
    let saved = at(500.0).objective - at(501.0).objective;
    let price = at(500.0).prices[0];
    assert!((saved - price).abs() <= 2.0, "saved {saved}, priced {price}");
}

/// Many items are priced by a search instead of a linear program: prices and plan are the same.
#[test]
fn many_items_get_what_the_linear_program_gives() {
    let mut state = 3;
    let items: Vec<Vec<Candidate>> = (0..1_000)
        .map(|_| {
            let size = 10.0 + number(&mut state, 90);
            let candidate = |place: u32| {
                let stock = size * (1.0 + f64::from(place) / 8.0) + number(&mut state, 5);
                let cost = 0.3 * stock + 3.0 * size * size / stock;
                Candidate { cost, uses: [stock, stock * (1.0 + number(&mut state, 3))] }
            };
            (0..25).map(candidate).collect()
        })
        .collect();
    assert!(items.iter().map(Vec::len).sum::<usize>() > MANY);
    let everything: Vec<Vec<usize>> = items.iter().map(|all| (0..all.len()).collect()).collect();
    for limits in [[Some(70_000.0), None], [Some(75_000.0), Some(110_000.0)]] {
        let (exact, _) = relaxed(&items, &everything, limits, &Scale::of(&items)).unwrap();
        let found = allocate(&items, limits).unwrap();
        assert!(found.optimal && within(&items, &found.chosen, limits));
        assert!(found.objective - found.bound <= 1e-6 * found.objective);
        for (ours, theirs) in found.prices.iter().zip(exact) {
            assert!((ours - theirs).abs() <= 0.02 * theirs, "{ours} {theirs}");
        }
    }
}
