//! `parstock status`: how far a run is, read from its folder while it runs or after it stopped.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use cluster::{Damage, KeptRows, RowFailure, kept};
use serde::Serialize;

use super::{Format, StatusArguments, json, print};
use crate::error::Error;
use crate::folder::{DIGEST, Holder, JOURNAL, RunFolder};
use crate::report::figures::{count, visible};

/// How far a run is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Status {
    /// `complete`, `running`, or `stopped`: then the command that started it continues it.
    pub state: &'static str,
    /// Who is at work, if anybody is.
    pub holder: Option<String>,
    /// Attempts, this one included.
    pub attempts: u64,
    /// Processes and threads of the last attempt.
    pub ranks: u64,
    /// Threads of each.
    pub threads: u64,
    /// Tables of rows that were begun, in order.
    pub tables: Vec<TableStatus>,
    /// Rows whose results are safe on disk.
    pub safe_rows: u64,
    /// What of the journals cannot be used; the rows there are computed again.
    pub damage: Vec<String>,
}

/// How far a table of rows is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TableStatus {
    /// What its rows are.
    pub name: String,
    /// Rows that are safe.
    pub done: u64,
    /// Rows it has.
    pub rows: u64,
    /// Rows a second in the last minutes, if any were written.
    pub rate_per_second: Option<f64>,
    /// What the rest takes at this rate \[s\].
    pub seconds_left: Option<f64>,
    /// Rows that failed, and why.
    pub failures: Vec<String>,
}

/// Prints how far a run is; the exit code tells too, if that is wanted.
///
/// # Errors
///
/// [`Error::Usage`] if the folder is none of a run, [`Error::Disk`] if it cannot be read.
pub fn command(arguments: &StatusArguments) -> Result<u8, Error> {
    if arguments.safe_rows {
        // Asked by job scripts, also before there is a folder.
        let safe = status(&arguments.run).map_or(0, |status| status.safe_rows);
        print(&format!("{safe}\n"))?;
        return Ok(0);
    }
    loop {
        let status = status(&arguments.run)?;
        print(&match arguments.format {
            Format::Text => text(&status),
            Format::Json => json(&status),
            Format::Csv => csv(&status),
        })?;
        let complete = status.state == "complete";
        if complete || !arguments.watch {
            return Ok(if arguments.exit_code && !complete { 75 } else { 0 });
        }
        std::thread::sleep(Duration::from_secs(2));
    }
}

/// How far the run in a folder is.
///
/// # Errors
///
/// As [`command`].
pub fn status(folder: &Path) -> Result<Status, Error> {
    let manifest = RunFolder::manifest(folder)?;
    let number = |key: &str| manifest[key].as_u64().unwrap_or(0);
    let complete = folder.join(DIGEST).exists();
    let journals = folder.join(JOURNAL);
    let kept = match journals.is_dir() {
        true => match kept(&journals, None) {
            Ok(kept) => kept,
            // It was finished meanwhile.
            Err(_) if folder.join(DIGEST).exists() => KeptRows::default(),
            Err(error) => return Err(Error::disk("read", journals, &error)),
        },
        false => KeptRows::default(),
    };
    let holder = Holder::of(folder);
    let now = Holder::this().since;
    let recently = kept.tables.iter().any(|table| table.last + 30 > now);
    let state = match (complete, &holder) {
        (true, _) => "complete",
        (false, Some(_)) => "running",
        // Parts hold nothing, but are seen to write.
        (false, None) if recently && manifest["state"] == "running" => "running",
        (false, None) => "stopped",
    };
    let tables = kept.tables.iter().filter(|table| !table.name.is_empty()).map(|table| {
        let left = table.rows.saturating_sub(table.kept + table.failures.len() as u64);
        TableStatus {
            name: table.name.clone(),
            done: table.kept,
            rows: table.rows,
            rate_per_second: table.rate_per_second,
            seconds_left: table.rate_per_second.map(|rate| left as f64 / rate),
            failures: table
                .failures
                .iter()
                .map(|RowFailure { row, reason }| format!("row {row}: {reason}"))
                .collect(),
        }
    });
    Ok(Status {
        state,
        holder: holder.map(|holder| holder.to_string()),
        attempts: number("attempt"),
        ranks: number("ranks"),
        threads: number("threads"),
        tables: tables.collect(),
        safe_rows: kept.tables.iter().map(|table| table.kept).sum(),
        damage: damaged(&kept.damage, holder_is_writing(state)),
    })
}

/// While somebody writes, a record that is not whole yet is no damage.
fn holder_is_writing(state: &str) -> bool {
    state == "running"
}

fn damaged(damage: &Damage, writing: bool) -> Vec<String> {
    let mut all = Vec::new();
    if !writing {
        for (file, bytes) in &damage.torn {
            all.push(format!("{}: the last {bytes} bytes are torn", file.display()));
        }
    }
    for (file, places) in &damage.damaged {
        all.push(format!("{}: damaged in {places} places", file.display()));
    }
    for file in &damage.foreign {
        all.push(format!("{}: no journal of this run", file.display()));
    }
    all
}

fn text(status: &Status) -> String {
    let mut text = match (status.state, &status.holder) {
        ("running", Some(holder)) => format!("running: {}\n", visible(holder)),
        ("stopped", _) => {
            "stopped; the command that started it goes on from what is safe\n".to_owned()
        }
        (state, _) => format!("{state}\n"),
    };
    let Status { attempts, ranks, threads, .. } = status;
    let _ = writeln!(text, "attempt {attempts}, {ranks} ranks of {threads} threads");
    for table in &status.tables {
        let TableStatus { name, done, rows, .. } = table;
        let (done, rows) = (count(*done as usize), count(*rows as usize));
        let _ = write!(text, "{}: {done} of {rows} safe", visible(name));
        if let (Some(rate), Some(left)) = (table.rate_per_second, table.seconds_left)
            && left > 0.0
        {
            let _ = write!(text, ", {rate:.1} a second, about {left:.0} s left");
        }
        text += "\n";
        for failure in &table.failures {
            let _ = writeln!(text, "  failed: {}", visible(failure));
        }
    }
    for damage in &status.damage {
        let _ = writeln!(text, "damage: {}", visible(damage));
    }
    text.replace('\u{a0}', " ")
}

fn csv(status: &Status) -> String {
    let mut text = "state,table,done,rows,rate_per_second,seconds_left,failed\n".to_owned();
    for table in &status.tables {
        let optional =
            |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
        let (rate, left) = (optional(table.rate_per_second), optional(table.seconds_left));
        let TableStatus { name, done, rows, failures, .. } = table;
        let _ = writeln!(
            text,
            "{},{name},{done},{rows},{rate},{left},{}",
            status.state,
            failures.len()
        );
    }
    if status.tables.is_empty() {
        let _ = writeln!(text, "{},,0,0,,,0", status.state);
    }
    text
}
