//! Programs over scenarios, by the whole and by their parts; lots by a program.

use cluster::Team;
use solvers::decompose::examples::{air_conditioner, farmer};
use solvers::decompose::{BendersEffort, BlocksEffort, DecomposeError, TwoStage, benders, values};
use solvers::program::{Effort, Program, ProgramError};

use super::{Rows, Table, computed, printed};

pub(super) const SCENARIOS: Table = Table {
    name: "stochastic-programs",
    source: "Birge & Louveaux, Introduction to Stochastic Programming (2011), section 1.1: the farmer; \
             SDDP.jl, tutorial: the maker of air conditioners; each as one program, by Benders' cuts \
             and by prices of blocks",
    convention: "expected cost, profits being negative; cuts and prices end at a gap of 1e-6",
    rows: |rows| {
        let farmer = farmer(&[1.2, 1.0, 0.8]);
        every_way(rows, "the farmer", (-108_390.0, 0.5), &farmer);
        let known = values(&farmer, rows.team).expect("the example makes sense");
        let information = known.perfect_information();
        rows.exact("the farmer", "perfect information", printed(7_016.0, 0), information);
        let stochastic = known.stochastic_solution();
        rows.exact("the farmer", "stochastic solution", (1_150.0, 0.5), stochastic);
        let crops = ["acres of wheat", "acres of corn", "acres of sugar beets"];
        for ((crop, published), ours) in
            crops.into_iter().zip([170.0, 80.0, 250.0]).zip(known.decision)
        {
            rows.exact("the farmer", crop, (published, 1e-6), ours);
        }
        every_way(rows, "air conditioners", (62_500.0, 0.5), &air_conditioner());
    },
};

pub(super) const LOTS: Table = Table {
    name: "lot-sizing-program",
    source: "Snyder & Shen (2019), Example 3.9, as a mixed-integer program",
    convention: "order, demand, charge; no backorders; holding on stock at the ends of periods",
    rows: |rows| {
        let cost = lot_sizing(&[90.0, 120.0, 80.0, 70.0]).expect("the example makes sense");
        rows.exact("Example 3.9", "least cost", computed(1380.0), cost);
    },
};

/// A way to an optimum.
type Way = fn(&TwoStage, &Team) -> Result<f64, DecomposeError>;

/// The optimum by the extensive form, Benders' cuts and prices of blocks.
fn every_way(rows: &mut Rows<'_>, case: &str, published: (f64, f64), two_stage: &TwoStage) {
    let ways: [(&'static str, Way); 3] = [
        ("as one program", whole),
        ("by Benders' cuts", |two_stage, team| {
            let found = benders(two_stage, BendersEffort::default(), team)?;
            Ok(found.certificate.bounds.upper)
        }),
        ("by prices of blocks", |two_stage, team| {
            let found = two_stage.blocks()?.solve(BlocksEffort::default(), team)?;
            Ok(found.certificate.bounds.lower)
        }),
    ];
    for (way, solve) in ways {
        let ours = solve(two_stage, rows.team).expect("the example makes sense");
        rows.exact(case, way, published, ours);
    }
}

fn whole(two_stage: &TwoStage, _: &Team) -> Result<f64, DecomposeError> {
    let program = two_stage.extensive()?.program;
    let solution = program.solve(Effort::default()).map_err(DecomposeError::Whole)?;
    Ok(solution.objective)
}

/// Set-ups of 500 and a charge of 2 on stock, as a program.
fn lot_sizing(demand: &[f64]) -> Result<f64, ProgramError> {
    let mut program = Program::new();
    let total: f64 = demand.iter().sum();
    let mut before: Option<usize> = None;
    for &demand in demand {
        let set_up = program.whole_column(500.0, 0.0, 1.0);
        let lot = program.column(0.0, 0.0, f64::INFINITY);
        let stock = program.column(2.0, 0.0, f64::INFINITY);
        let opening = before.map(|stock| (stock, 1.0));
        program.row(demand, demand, [(lot, 1.0), (stock, -1.0)].into_iter().chain(opening));
        program.row(f64::NEG_INFINITY, 0.0, [(lot, 1.0), (set_up, -total)]);
        before = Some(stock);
    }
    Ok(program.solve(Effort::default())?.objective)
}
