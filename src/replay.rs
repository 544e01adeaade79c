//! Replay: what strategies would have cost on the last part of the history, which none of them saw.
//!
//! Models are fitted, parameters set and strategies selected as if the last periods had not come yet.
//! Then each policy meets the sales of these periods. The periods before them warm it up, from 64 opening
//! positions; all figures are means over these.

use std::convert::Infallible;

use bytemuck::{Pod, Zeroable};
use cluster::Team;
use engine::{Block, CostParts, Detail, Estimate, Outcomes, Scratch};
use solvers::strategy::MOST_STRATEGIES;

use crate::error::Error;
use crate::foresight::Foresight;
use crate::inputs::Inputs;
use crate::progress::Progress;
use crate::run::Asked;
use crate::study::Study;

/// Opening positions.
const OPENINGS: usize = 64;

/// What a strategy does to an item.
#[derive(Clone, Copy, Debug, Default, Pod, Zeroable)]
#[repr(C)]
pub struct Replayed {
    /// Cost on fresh scenarios of the model \[currency/period\].
    pub promised: f64,
    /// Cost on the real periods \[currency/period\].
    pub cost: f64,
    /// Demand not met at once on fresh scenarios, and demand \[units/period\].
    pub promised_unmet: f64,
    /// \[units/period\]
    pub promised_demand: f64,
    /// The same on the real periods.
    pub unmet: f64,
    /// \[units/period\]
    pub demand: f64,
    /// Average stock on fresh scenarios \[units\].
    pub promised_stock: f64,
    /// The same on the real periods.
    pub stock: f64,
}

/// An item's strategies.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct ItemReplay {
    /// By strategy, in the study's order.
    pub strategies: [Replayed; MOST_STRATEGIES],
    /// The one that was selected.
    pub recommended: u64,
}

/// Replays the last `periods` of the history; `inputs` end before them, and `whole` has them.
///
/// # Errors
///
/// What ended the team.
pub fn replay(
    study: &Study,
    inputs: &Inputs,
    whole: &[&[f64]],
    periods: usize,
    team: &Team,
) -> Result<Vec<ItemReplay>, Error> {
    let items = inputs.stock.len();
    let foresight = Foresight::wanted(study, inputs, team)?;
    let asked = Asked::new(study, inputs, foresight.as_ref(), team)?;
    let progress = Progress::new("replayed", team.rows_here(items), team.is_root());
    let cells = team.rows(
        items,
        1,
        || (),
        || progress.finished(),
        |row, cells, ()| {
            cells[0] = replayed(&asked, row, whole[row], periods);
            Ok::<(), Infallible>(())
        },
    )?;
    Ok(cells)
}

fn replayed(asked: &Asked<'_>, row: usize, units: &[f64], periods: usize) -> ItemReplay {
    let modelled = asked.modelled(row);
    let question = modelled.question(&asked.settings, asked.inputs());
    let answer = question.answer([0; 3], None);
    let quantum = modelled.quantum();
    // As much of the past as scenarios are warmed up by, or as there is.
    let warm_up = asked.settings.warm_up_periods.min(units.len() - periods);
    let path = &units[units.len() - periods - warm_up..];
    let mut block = Block::zeros(OPENINGS, periods + warm_up, warm_up);
    block.set(0, |_, period| (path[period] / quantum).round());
    let events = &asked.settings.events;
    let mut replay = ItemReplay { strategies: Zeroable::zeroed(), recommended: answer.recommended };
    let (mut scratch, mut outcomes) = (Scratch::default(), Outcomes::default());
    for (strategy, of) in
        replay.strategies.iter_mut().enumerate().take(asked.settings.strategies.len())
    {
        let own = &answer.strategies[strategy];
        let policy = question.built(own.rule);
        outcomes.clear();
        policy.simulate(question.item, events, &block, Detail::Full, &mut scratch, &mut outcomes);
        let mean = |column: &[f64]| quantum * Estimate::of(column).mean / periods as f64;
        let cost: CostParts = outcomes.cost_parts(question.item, events, periods);
        *of = Replayed {
            promised: own.measures.cost.mean,
            cost: cost.total(),
            promised_unmet: quantum * own.measures.unmet,
            promised_demand: quantum * own.measures.demand,
            unmet: mean(&outcomes.unmet),
            demand: mean(&outcomes.demand),
            promised_stock: quantum * own.measures.stock.mean,
            stock: quantum * outcomes.average_stock(events, periods).mean,
        };
    }
    replay
}
