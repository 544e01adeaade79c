//! What is odd about an item's history, in words.

use super::{FEW, FitOptions};
use crate::calendar::Calendar;
use crate::history::Series;
use crate::outliers::outliers;

/// What the user should know about an item's history, in words; empty if nothing.
pub fn note(series: &Series, calendar: &Calendar) -> String {
    let seen: Vec<f64> = series
        .units
        .iter()
        .zip(&series.observed)
        .filter_map(|(&units, &observed)| observed.then_some(units))
        .collect();
    let Some(last_sale) = seen.iter().rposition(|&units| units > 0.0) else {
        let periods = seen.len();
        return format!(
            "never sold in {periods} observed periods; half a unit in that time is assumed"
        );
    };
    let mut notes = Vec::new();
    let held_out = FitOptions::of(calendar).held_out(series);
    let training = &series.observed[..series.units.len() - held_out];
    if training.iter().filter(|&&observed| observed).count() < FEW {
        let periods = seen.len();
        notes
            .push(format!("short history of {periods} observed periods; models were not compared"));
    }
    let idle = seen.len() - 1 - last_sale;
    if idle as f64 > calendar.periods_per_year() / 4.0 {
        notes.push(format!("not sold in the last {idle} periods; discontinued?"));
    }
    if let Some(note) = far_above(series, calendar) {
        notes.push(note);
    }
    let said = (0..series.units.len())
        .filter(|&i| series.observed[i] || (series.sold_out[i] && series.units[i] > 0.0));
    let unobserved = series.units.len() - said.count();
    if 4 * unobserved > series.units.len() {
        let share = 100 * unobserved / series.units.len();
        notes.push(format!("{share} % of its periods say nothing of demand (no stock or no row)"));
    }
    notes.join("; ")
}

/// What is said of sales far above the usual.
fn far_above(series: &Series, calendar: &Calendar) -> Option<String> {
    let found = outliers(series, calendar);
    let largest = found.iter().max_by(|l, r| l.units.total_cmp(&r.units))?;
    let date = calendar.start_of(series.first + largest.place);
    let others = match found.len() - 1 {
        0 => String::new(),
        others => format!(", and {others} more"),
    };
    let (units, most) = (largest.units, largest.most);
    Some(format!(
        "sales far above the usual: {units} on {date}, where {most} would be much{others}"
    ))
}
