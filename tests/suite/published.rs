//! Results from the literature, reproduced within their own confidence intervals.
//!
//! Each exact value must lie in the simulation's 99 % interval for at least 97 of 100 seeds
//! (if the interval is right, 97 or more is what 98 of 100 tests see). So a bias fails, however
//! small it is against a loose tolerance, and so does an interval that is too narrow.

use engine::{
    Block, Coordinates, Detail, Estimate, Events, Item, Outcomes, Outlook, ScenarioSource, Scratch,
    policy::family, student_quantile,
};
use scenarios::demand::{Demand, Normal, Poisson};
use scenarios::{Masses, Scenarios};
use solvers::search::{Problem, search};
use solvers::{Knowledge, Targets};

/// A row of a published table.
struct Case<'a> {
    name: String,
    events: Events,
    item: Item,
    masses: &'a Masses,
    quantum: f64,
    family: &'static str,
    values: Vec<f64>,
    published: f64,
    /// Half a unit of the last printed digit, or the published error of a simulated value.
    rounding: f64,
}

const SCENARIOS: usize = 64;

fn item(holding: f64, shortage: f64, order: f64, lead_time_periods: usize) -> Item {
    Item { order_cost: order, ..Item::plain("published", lead_time_periods, holding, shortage) }
}

impl Case<'_> {
    /// Costs of scenarios under `seed`.
    fn costs(&self, seed: u64, values: &[f64], periods: usize) -> Vec<f64> {
        let name = &self.item.name;
        let masses = std::slice::from_ref(self.masses);
        let source = Scenarios::new(seed, name, masses, vec![0]);
        let mut block = Block::zeros(SCENARIOS, periods + WARM_UP, WARM_UP);
        source.fill(Coordinates { set: 0, first_scenario: 0 }, &mut block);
        let counts: Vec<f64> = values.iter().map(|units| (units / self.quantum).round()).collect();
        let outlook = Outlook { demand: &[1.0], protection_periods: 1 };
        let policy = (family(self.family).unwrap().build)(&counts, &outlook).unwrap();
        let item = self.item.in_counts(self.quantum);
        let (mut scratch, mut outcomes) = (Scratch::default(), Outcomes::default());
        let detail = Detail::Cost;
        policy.simulate(&item, &self.events, &block, detail, &mut scratch, &mut outcomes);
        outcomes.costs(&item, &self.events, periods)
    }

    /// Checks that the published value lies in the interval often enough.
    fn check(&self) {
        let width = student_quantile(0.995, SCENARIOS as f64 - 1.0);
        let mut pooled = Vec::new();
        let mut covered = 0;
        for seed in 0..100 {
            let costs = self.costs(seed, &self.values, 500);
            let Estimate { mean, error } = Estimate::of(&costs);
            covered += usize::from((mean - self.published).abs() <= width * error + self.rounding);
            pooled.extend(costs);
        }
        // All seeds together are one long run with a tenth of the error.
        let all = Estimate::of(&pooled);
        println!(
            "{}: published {}, ours {:.4} ± {:.4}, in {covered} of 100 intervals",
            self.name, self.published, all.mean, all.error
        );
        assert!(covered >= 97, "{}: in {covered} of 100 intervals", self.name);
        assert!(
            (all.mean - self.published).abs() <= 4.0 * all.error + self.rounding,
            "{}: {} ± {}, published {}",
            self.name,
            all.mean,
            all.error,
            self.published
        );
    }
}

/// Periods until the opening stock is forgotten.
const WARM_UP: usize = 300;

fn poisson(mean: f64) -> Masses {
    Poisson { mean }.masses(1.0)
}

/// Zheng & Federgruen, *Finding Optimal (s, S) Policies Is About As Simple As Evaluating a Single
/// Policy*, Operations Research 39 (1991) 654–665, Table I: h = 1, p = 9, K = 64, L = 0, Poisson
/// demand, backorders; optimal (s, S) and cost per period.
#[test]
fn zheng_federgruen() {
    for (mean, min, max, published) in [
        (10.0, 6.0, 40.0, 35.022),
        (15.0, 10.0, 49.0, 42.698),
        (23.0, 17.0, 52.0, 52.757),
        (25.0, 19.0, 56.0, 54.262),
        (30.0, 23.0, 66.0, 57.819),
        (40.0, 33.0, 87.0, 64.512),
        (45.0, 37.0, 97.0, 67.776),
        (50.0, 42.0, 108.0, 70.975),
        (60.0, 52.0, 129.0, 77.306),
        (61.0, 52.0, 131.0, 77.929),
        (65.0, 56.0, 75.0, 78.518),
        (75.0, 67.0, 86.0, 79.554),
    ] {
        Case {
            name: format!("Zheng & Federgruen, mean {mean}"),
            events: Events::BACKORDER,
            item: item(1.0, 9.0, 64.0, 0),
            masses: &poisson(mean),
            quantum: 1.0,
            family: "min-max",
            values: vec![min, max],
            published,
            rounding: 0.0005,
        }
        .check();
    }
}

/// Snyder & Shen, *Fundamentals of Supply Chain Theory*, 2nd ed. (2019), Example 4.7 and
/// Problem 4.31: optimal (s, S) policies and two others, Poisson demand, backorders, L = 0.
#[test]
fn snyder_shen_min_max() {
    for (name, rates, mean, values, published) in [
        ("Example 4.7", (1.0, 4.0, 5.0), 6.0, [4.0, 10.0], 8.034_111_561),
        ("Example 4.7, (6, 18)", (1.0, 4.0, 5.0), 6.0, [6.0, 18.0], 10.193_798_672),
        ("Problem 4.31", (40.0, 125.0, 150.0), 4.0, [2.0, 7.0], 223.574_829_6),
        ("Problem 4.31, (4, 10)", (40.0, 125.0, 150.0), 4.0, [4.0, 10.0], 262.275_561_4),
    ] {
        let (holding, shortage, order) = rates;
        Case {
            name: format!("Snyder & Shen, {name}"),
            events: Events::BACKORDER,
            item: item(holding, shortage, order, 0),
            masses: &poisson(mean),
            quantum: 1.0,
            family: "min-max",
            values: values.to_vec(),
            published,
            rounding: 0.0,
        }
        .check();
    }
}

/// Snyder & Shen (2019), Examples 4.3 and 4.4 and their Poisson variant: newsvendor and base-stock.
#[test]
fn snyder_shen_base_stock() {
    // Normal demand on a grid of a thousandth of a unit.
    let normal = Normal { mean: 50_000.0, deviation: 8_000.0 }.masses(1.0);
    for (name, lead_time, level, published) in [
        ("newsvendor", 0, 56.603_955_927, 1.997_605_193),
        ("base-stock, L = 4", 4, 264.766_894_374_2, 4.466_781_004),
    ] {
        Case {
            name: format!("Snyder & Shen, {name}"),
            events: Events::BACKORDER,
            item: item(0.18, 0.7, 0.0, lead_time),
            masses: &normal,
            quantum: 0.001,
            family: "base-stock",
            values: vec![level],
            published,
            rounding: 0.0,
        }
        .check();
    }
    Case {
        name: "Snyder & Shen, newsvendor, Poisson(6)".into(),
        events: Events::BACKORDER,
        item: item(1.0, 4.0, 0.0, 0),
        masses: &poisson(6.0),
        quantum: 1.0,
        family: "base-stock",
        values: vec![8.0],
        published: 3.570_106_946,
        rounding: 0.0,
    }
    .check();
}

/// Zipkin, *Old and New Methods for Lost-Sales Inventory Systems*, Operations Research 56 (2008)
/// 1256–1263: best base-stock level and its cost by simulation, to ± 0.01; h = 1, Poisson(5).
#[test]
fn zipkin_base_stock() {
    for (shortage, lead_time, level, published, optimal) in [
        (4.0, 2, 16.0, 4.63, 4.3953),
        (9.0, 3, 23.0, 6.85, 6.5314),
        (19.0, 4, 31.0, 9.22, 8.8872),
        (39.0, 4, 33.0, 11.05, 10.7944),
    ] {
        let case = Case {
            name: format!("Zipkin, p = {shortage}, L = {lead_time}"),
            events: Events::LOST,
            item: item(1.0, shortage, 0.0, lead_time),
            masses: &poisson(5.0),
            quantum: 1.0,
            family: "base-stock",
            values: vec![level],
            published,
            rounding: 0.015,
        };
        case.check();
        // The level is the best, and no policy beats the exact optimum.
        let own = case.costs(1, &[level], 8_000);
        for other in [level - 1.0, level + 1.0] {
            let dearer = Estimate::difference(&case.costs(1, &[other], 8_000), &own);
            assert!(dearer.mean > -3.0 * dearer.error, "{}: {other} is better", case.name);
        }
        let Estimate { mean, error } = Estimate::of(&own);
        assert!(mean > optimal - 3.0 * error, "{}: {mean} beats the optimum", case.name);
    }
}

/// The exact optima of the same paper's Poisson table bound what any base-stock level costs, and
/// for L = 1 and high shortage costs the best level is known to come close (Zipkin 2008, §5).
#[test]
fn zipkin_optima_are_bounds() {
    for (shortage, optima) in [
        (4.0, [4.0407, 4.3953, 4.5987, 4.7285]),
        (9.0, [5.4382, 6.0936, 6.5314, 6.8360]),
        (19.0, [6.6758, 7.6644, 8.3625, 8.8872]),
        (39.0, [7.8360, 9.1064, 10.0385, 10.7944]),
    ] {
        for (lead_time, optimal) in (1..).zip(optima) {
            let case = Case {
                name: String::new(),
                events: Events::LOST,
                item: item(1.0, shortage, 0.0, lead_time),
                masses: &poisson(5.0),
                quantum: 1.0,
                family: "base-stock",
                values: Vec::new(),
                published: optimal,
                rounding: 0.0,
            };
            let protection = lead_time as f64 + 1.0;
            let levels = (0..25).map(|more| (5.0 * protection).floor() - 6.0 + f64::from(more));
            let costs = levels.map(|level| Estimate::of(&case.costs(2, &[level], 2_000)));
            let best = costs.min_by(|l, r| l.mean.total_cmp(&r.mean)).unwrap();
            let bound = best.mean + 4.0 * best.error;
            assert!(bound > optimal, "p {shortage}, L {lead_time}: {} < {optimal}", best.mean);
            assert!(best.mean < 1.12 * optimal, "p {shortage}, L {lead_time}: {}", best.mean);
        }
    }
}

/// The search finds policies that cost at most half a per cent more than the published optimum,
/// even where the best `S` jumps from 129 to 75 between means of 60 and 65.
#[test]
fn the_search_comes_close_to_the_optimum() {
    for (mean, published) in [
        (10.0, 35.022),
        (15.0, 42.698),
        (23.0, 52.757),
        (25.0, 54.262),
        (30.0, 57.819),
        (40.0, 64.512),
        (45.0, 67.776),
        (50.0, 70.975),
        (60.0, 77.306),
        (61.0, 77.929),
        (65.0, 78.518),
        (75.0, 79.554),
    ] {
        let masses = poisson(mean);
        let case = Case {
            name: format!("search, mean {mean}"),
            events: Events::BACKORDER,
            item: item(1.0, 9.0, 64.0, 0),
            masses: &masses,
            quantum: 1.0,
            family: "min-max",
            values: Vec::new(),
            published,
            rounding: 0.0005,
        };
        let drawn = |scenarios| {
            let source = Scenarios::new(9, "search", std::slice::from_ref(&masses), vec![0]);
            let mut block = Block::zeros(scenarios, 420, 56);
            source.fill(Coordinates { set: 0, first_scenario: 0 }, &mut block);
            block
        };
        let all = drawn(256);
        let targets = Targets::default();
        let moments = (mean, mean.sqrt());
        let known = Knowledge::plain(&case.item, &case.events, moments, &all, &targets);
        let family = family("min-max").expect("in the catalogue");
        let outlook = Outlook { demand: &[mean], protection_periods: 1 };
        let build = |values: [f64; 3]| (family.build)(&values[..2], &outlook).ok();
        let draw = |_, scenarios| drawn(scenarios);
        let (found, _) = search(&mut Problem::new(&known, family, &build, &draw), None);
        let fresh = Estimate::of(&case.costs(10, &found.values[..2], 8_000));
        println!("mean {mean}: {:?} costs {:.3} ± {:.3}", found.values, fresh.mean, fresh.error);
        assert!(
            fresh.mean - 3.0 * fresh.error <= 1.005 * published,
            "mean {mean}: {:?} costs {} ± {}, the best {published}",
            found.values,
            fresh.mean,
            fresh.error
        );
        assert!(fresh.mean + 4.0 * fresh.error > published, "nothing beats the optimum");
    }
}
