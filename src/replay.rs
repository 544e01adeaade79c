//! Replay: what strategies would have cost on the last part of the history, which none of them saw.
//!
//! Models are fitted, parameters set and strategies selected as if the last periods had not come yet.
//! Then each policy meets the sales of these periods. The periods before them warm it up, from 64 opening
//! positions; all figures are means over these.

use std::convert::Infallible;

use bytemuck::{Pod, Zeroable};
use cluster::{Table, Team};
use engine::{Block, CostParts, Detail, Estimate, Outcomes, Scratch, student_quantile};
use solvers::Spare;
use solvers::strategy::MOST_STRATEGIES;

use crate::error::Error;
use crate::foresight::Foresight;
use crate::inputs::Inputs;
use crate::report::Interval;
use crate::report::replayed::{Replay, ReplayLine};
use crate::run::Asked;
use crate::study::Study;
use crate::summary::service::SELECTED;

/// Opening positions.
const OPENINGS: usize = 64;

/// What a strategy does to an item.
#[derive(Clone, Copy, Debug, Default, Pod, Zeroable)]
#[repr(C)]
struct Replayed {
    /// Cost on fresh scenarios of the model \[currency/period\].
    promised: f64,
    /// Cost on the real periods \[currency/period\].
    cost: f64,
    /// Demand not met at once on fresh scenarios, and demand \[units/period\].
    promised_unmet: f64,
    /// \[units/period\]
    promised_demand: f64,
    /// The same on the real periods.
    unmet: f64,
    /// \[units/period\]
    demand: f64,
    /// Average stock on fresh scenarios \[units\].
    promised_stock: f64,
    /// The same on the real periods.
    stock: f64,
}

/// An item's strategies.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
struct ItemReplay {
    /// By strategy, in the study's order.
    strategies: [Replayed; MOST_STRATEGIES],
    /// The one that was selected.
    recommended: u64,
}

/// Replays the last `periods` of the history; or says why that cannot be.
///
/// # Errors
///
/// What ended the team.
pub fn replay(
    study: &Study,
    inputs: &Inputs,
    periods: usize,
    team: &Team,
) -> Result<Result<Replay, String>, Error> {
    let longest = inputs.history.periods;
    if study.family.name == "time-phased" {
        let reason = "the policy `time-phased` follows a plan of the year that comes, which a replay of the \
                      past does not have; choose another policy";
        return Ok(Err(reason.to_owned()));
    }
    if periods == 0 || 2 * periods > longest {
        return Ok(Err(format!(
            "`{periods}` of {longest} periods cannot be held out; hold out at least one and at most half"
        )));
    }
    let (known, sales) = inputs.before(periods);
    if known.stock.is_empty() {
        return Ok(Err(format!(
            "no item is known for long enough before the last {periods} periods; hold out fewer"
        )));
    }
    let items = known.stock.len();
    let foresight = Foresight::wanted(study, &known, team)?;
    let asked = Asked::new(study, &known, foresight.as_ref(), team)?;
    let replays =
        team.rows(Table::new(items, 1).named("replayed"), Spare::default, |row, cells, spare| {
            cells[0] = replayed(&asked, row, (&sales[row], periods), spare);
            Ok::<(), Infallible>(())
        })?;
    Ok(Ok(Replay {
        periods,
        known_to: known.history.last_day().to_string(),
        history_to: inputs.history.last_day().to_string(),
        left_out: inputs.stock.len() - items,
        lines: lines(study, &known, &replays),
    }))
}

fn lines(study: &Study, known: &Inputs, replays: &[ItemReplay]) -> Vec<ReplayLine> {
    let line = |strategy: &'static str, of: &dyn Fn(&ItemReplay) -> Replayed| {
        let each: Vec<Replayed> = replays.iter().map(of).collect();
        let sum = |value: fn(&Replayed) -> f64| each.iter().map(value).sum::<f64>();
        let value = |stock: fn(&Replayed) -> f64| {
            each.iter().zip(&known.stock).map(|(of, item)| item.unit_cost * stock(of)).sum::<f64>()
        };
        let share = |unmet: f64, demand: f64| if demand > 0.0 { 1.0 - unmet / demand } else { 1.0 };
        let count = each.len() as f64;
        let differences: Vec<f64> = each.iter().map(|of| of.cost - of.promised).collect();
        let level = study.file.report.confidence_level;
        let width = student_quantile(0.5 + 0.5 * level, (count - 1.0).max(1.0));
        ReplayLine {
            strategy,
            items: each.len(),
            promised_cost: sum(|of| of.promised),
            real_cost: sum(|of| of.cost),
            difference: Interval::around(Estimate::of(&differences).times(count), width),
            promised_fill_rate: share(sum(|of| of.promised_unmet), sum(|of| of.promised_demand)),
            real_fill_rate: share(sum(|of| of.unmet), sum(|of| of.demand)),
            promised_stock_value: value(|of| of.promised_stock),
            real_stock_value: value(|of| of.stock),
        }
    };
    let strategies = study.strategies.iter().enumerate();
    let mut lines: Vec<ReplayLine> = strategies
        .map(|(place, strategy)| line(strategy.name, &|replay| replay.strategies[place]))
        .collect();
    lines.sort_by(|left, right| left.real_cost.total_cmp(&right.real_cost));
    lines.insert(0, line(SELECTED, &|replay| replay.strategies[replay.recommended as usize]));
    lines
}

fn replayed(
    asked: &Asked<'_>,
    row: usize,
    (units, periods): (&[f64], usize),
    spare: &mut Spare,
) -> ItemReplay {
    let modelled = asked.modelled(row);
    let question = modelled.question(&asked.settings);
    let answer = question.answer([0; 3], spare, None);
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
