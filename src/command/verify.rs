//! `parstock verify`: published results beside ours.

use std::fmt::Write;

use cluster::Team;
use serde::Serialize;

use super::{Format, json};
use crate::error::Error;
use crate::verify::{self, CATALOGUE, Method, Row, Table};

/// What was compared, and whether all of it agrees.
pub struct Verification {
    /// What to print.
    pub text: String,
    /// Rows that do not agree.
    pub disagreeing: usize,
    /// All rows.
    pub rows: usize,
}

/// Compares the table called `name`, or every table, and prints it once.
///
/// # Errors
///
/// [`Error::Usage`] if there is no such table, [`Error::Verification`] if a number differs.
pub fn command(name: Option<&str>, format: Format, team: &Team) -> Result<(), Error> {
    let found = verify(name, format, team)?;
    if team.is_root() {
        super::print(&found.text)?;
    }
    match found.disagreeing {
        0 => Ok(()),
        wrong => Err(Error::Verification { wrong, rows: found.rows }),
    }
}

/// Compares the table called `name`, or every table.
///
/// # Errors
///
/// [`Error::Usage`] if there is no such table.
///
/// # Panics
///
/// Never: plain rows can be written as JSON.
pub fn verify(name: Option<&str>, format: Format, team: &Team) -> Result<Verification, Error> {
    let tables: Vec<&Table> = match name {
        None => CATALOGUE.iter().collect(),
        Some(name) => vec![verify::table(name).ok_or_else(|| unknown(name))?],
    };
    let compared: Vec<(&Table, Vec<Row>)> =
        tables.into_iter().map(|table| (table, table.compare(team))).collect();
    let rows: Vec<&Row> = compared.iter().flat_map(|(_, rows)| rows).collect();
    let disagreeing = rows.iter().filter(|row| !row.agrees).count();
    let text = match format {
        Format::Text => text(&compared, disagreeing),
        Format::Json => {
            let tables: Vec<Described<'_>> = compared.iter().map(Described::of).collect();
            json(&tables)
        }
        Format::Csv => csv(&rows),
    };
    Ok(Verification { text, disagreeing, rows: rows.len() })
}

fn unknown(name: &str) -> Error {
    let names: Vec<&str> = CATALOGUE.iter().map(|table| table.name).collect();
    Error::Usage(format!("there is no table `{name}` to verify; there are {}", names.join(", ")))
}

#[derive(Serialize)]
struct Described<'a> {
    table: &'static str,
    source: &'static str,
    convention: &'static str,
    rows: &'a [Row],
}

impl<'a> Described<'a> {
    fn of((table, rows): &'a (&Table, Vec<Row>)) -> Described<'a> {
        let Table { name: table, source, convention, .. } = table;
        Described { table, source, convention, rows }
    }
}

fn text(compared: &[(&Table, Vec<Row>)], disagreeing: usize) -> String {
    let mut text = String::new();
    let mut put = |line: std::fmt::Arguments<'_>| {
        text.write_fmt(line).expect("text can be appended to");
        text.push('\n');
    };
    for (table, rows) in compared {
        put(format_args!("{}: {}", table.name, table.source));
        put(format_args!("  {}", table.convention));
        let [case, quantity] = [
            rows.iter().map(|row| row.case.chars().count()).max().unwrap_or(0),
            rows.iter().map(|row| row.quantity.len()).max().unwrap_or(0),
        ];
        for row in rows {
            let decimals = decimals(row);
            let error = match row.method {
                Method::Exact => "exact".to_owned(),
                Method::Simulation => format!("± {:.decimals$}", row.half_width),
            };
            put(format_args!(
                "  {:case$}  {:quantity$}  {:>14.decimals$}  {:>14.decimals$} {error:<10} {:>+10.decimals$}  {}",
                row.case,
                row.quantity,
                row.published,
                row.ours,
                row.ours - row.published,
                if row.agrees { "agrees" } else { "DIFFERS" },
            ));
        }
        put(format_args!(""));
    }
    let rows: usize = compared.iter().map(|(_, rows)| rows.len()).sum();
    put(format_args!(
        "{} of {rows} published numbers agree: exact ones to the digits printed, simulated ones \
         within {} standard errors",
        rows - disagreeing,
        verify::WIDTH
    ));
    text
}

/// Decimals that show the last printed digit, or the simulation's error.
fn decimals(row: &Row) -> usize {
    let finest = if row.half_width > 0.0 { row.half_width } else { row.rounding };
    let places = -libm::log10(finest.max(1e-9)).floor();
    places.clamp(0.0, 6.0) as usize
}

fn csv(rows: &[&Row]) -> String {
    let mut text = String::from(
        "table,case,quantity,published,rounding,ours,half_width,difference,method,agrees\n",
    );
    for row in rows {
        let method = match row.method {
            Method::Exact => "exact",
            Method::Simulation => "simulation",
        };
        let Row { table, case, quantity, published, rounding, ours, half_width, agrees, .. } = row;
        let difference = ours - published;
        // Cases contain commas and no quotes.
        writeln!(
            text,
            "{table},\"{case}\",{quantity},{published},{rounding},{ours},{half_width},\
             {difference},{method},{agrees}"
        )
        .expect("text can be appended to");
    }
    text
}
