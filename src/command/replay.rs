//! `parstock replay`: what each strategy would have cost on sales that nobody had seen.

use cluster::Team;

use super::check::read_study;
use super::{Format, ReplayArguments, folder_of, json, print};
use crate::error::Error;
use crate::inputs::Inputs;
use crate::replay::replay;
use crate::report::replayed::REPLAY;
use crate::report::tables::written;
use crate::report::text;

/// Replays the last part of the history, and lets one rank print.
///
/// # Errors
///
/// Everything that is wrong with the study or its tables, a history that is too short, or what ended the
/// team.
pub fn command(arguments: &ReplayArguments, team: &Team) -> Result<(), Error> {
    let study = read_study(&arguments.study, team)?;
    let inputs = Inputs::read(&study, folder_of(&arguments.study), team)?;
    let periods = arguments.periods.unwrap_or_else(|| usual(&inputs));
    let replayed = replay(&study, &inputs, periods, team)?
        .map_err(|reason| Error::Usage(format!("--periods: {reason}")))?;
    if !team.is_root() {
        return Ok(());
    }
    let period = inputs.history.calendar.length().name();
    print(&match arguments.format {
        Format::Text => text::replay(&study.file.name, period, &replayed),
        Format::Json => json(&replayed.lines),
        Format::Csv => written(REPLAY, &replayed.lines, false),
    })
}

/// A quarter of a year, or a quarter of the history if that is less.
fn usual(inputs: &Inputs) -> usize {
    let quarter = inputs.history.calendar.periods_per_year() / 4.0;
    (quarter.round() as usize).min(inputs.history.periods / 4).max(1)
}
