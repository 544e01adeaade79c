//! `parstock check`: reads a study and its tables, computes nothing.

use std::path::Path;

use cluster::Team;
use serde::Serialize;

use super::{CheckTable, Format, folder_of, json};
use crate::error::Error;
use crate::inputs::{InputFile, Inputs, read_regular};
use crate::report::quality::QUALITY;
use crate::report::tables::written;
use crate::study::Study;
use crate::table::{Problem, Problems};

mod books;

/// What a check found.
#[derive(Debug, Serialize)]
struct Findings {
    study: String,
    items: usize,
    period: &'static str,
    periods: usize,
    history_from: String,
    history_to: String,
    strategies: Vec<&'static str>,
    events: String,
    inputs: Vec<InputFile>,
    completeness: f64,
    timeliness: f64,
    accuracy: f64,
    data: String,
    notes: Vec<String>,
}

/// Reads the study at `path` on rank 0 and understands it on every rank.
///
/// # Errors
///
/// Everything that is wrong with it.
pub fn read_study(path: &Path, team: &Team) -> Result<Study, Error> {
    let bytes = team.from_root(|| {
        read_regular(path).map_err(|reason| Error::disk("read", path, &reason).failure())
    })?;
    let name = path.display().to_string();
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.split(|&byte| byte == b'\n').count() as u64;
        Error::Study(Problems::from(Problem {
            file: name.clone(),
            line,
            column: String::new(),
            value: String::new(),
            message: "is not UTF-8 text; save the study file as UTF-8".into(),
        }))
    })?;
    Study::parse(text.trim_start_matches('\u{feff}'), &name).map_err(Error::Study)
}

/// Runs the command and returns what it prints.
///
/// # Errors
///
/// Everything that is wrong with the study or its tables.
///
/// # Panics
///
/// Never: findings are plain values.
pub fn check(path: &Path, table: CheckTable, format: Format) -> Result<String, Error> {
    let team = Team::solo(1)?;
    let mut study = read_study(path, &team)?;
    // A file that is only looked at is looked at closely.
    study.sales.ledger = true;
    let inputs = Inputs::read(&study, folder_of(path), &team)?;
    let history = &inputs.history;
    match table {
        CheckTable::Findings => {}
        CheckTable::Changes => {
            let lines = books::changes(history);
            return Ok(match format {
                Format::Text => books::changes_in_words(history),
                Format::Json => json(&lines),
                Format::Csv => written(books::CHANGES, &lines, false),
            });
        }
        CheckTable::Quality => {
            let lines = books::quality(history);
            return Ok(match format {
                Format::Text => books::quality_in_words(history),
                Format::Json => json(&lines),
                Format::Csv => written(QUALITY, &lines, false),
            });
        }
    }
    let quality = books::overall(history);
    let findings = Findings {
        study: study.file.name.clone(),
        items: inputs.stock.len(),
        period: inputs.history.calendar.length().name(),
        periods: inputs.history.periods,
        history_from: inputs.history.first_day().to_string(),
        history_to: inputs.history.last_day().to_string(),
        strategies: study.strategies.iter().map(|strategy| strategy.name).collect(),
        events: study.events.to_string(),
        completeness: quality.completeness(),
        timeliness: quality.timeliness(),
        accuracy: quality.accuracy(),
        data: books::sentence(history),
        inputs: inputs.files,
        notes: inputs.notes,
    };
    Ok(match format {
        Format::Text => text(&findings),
        Format::Json => json(&findings),
        Format::Csv => csv(&findings),
    })
}

fn text(findings: &Findings) -> String {
    let mut text = format!(
        "{}: {} items, {} {}s of sales from {} to {}\nevents: {}\nstrategies: {}\n",
        findings.study,
        findings.items,
        findings.periods,
        findings.period,
        findings.history_from,
        findings.history_to,
        findings.events,
        findings.strategies.join(", ")
    );
    for input in &findings.inputs {
        let InputFile { table, file, rows, .. } = input;
        text.extend([table, ": ", file, " (", &rows.to_string(), " rows)\n"]);
    }
    text.extend([&findings.data, "\n"]);
    for note in &findings.notes {
        text.extend(["note: ", note, "\n"]);
    }
    text + "nothing is wrong; `parstock run` may begin\n"
}

fn csv(findings: &Findings) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let rows = [
        ("study", findings.study.clone()),
        ("items", findings.items.to_string()),
        ("period", findings.period.to_owned()),
        ("periods", findings.periods.to_string()),
        ("history_from", findings.history_from.clone()),
        ("history_to", findings.history_to.clone()),
        ("events", findings.events.clone()),
        ("strategies", findings.strategies.join(" ")),
        ("completeness", findings.completeness.to_string()),
        ("timeliness", findings.timeliness.to_string()),
        ("accuracy", findings.accuracy.to_string()),
    ];
    let notes = findings.notes.iter().map(|note| ("note", note.clone()));
    let inputs = findings.inputs.iter().map(|input| (input.table, input.sha256.clone()));
    for row in
        std::iter::once(("finding", "value".to_owned())).chain(rows).chain(inputs).chain(notes)
    {
        writer.write_record([row.0, &row.1]).expect("memory takes every row");
    }
    String::from_utf8(writer.into_inner().expect("memory takes every row"))
        .expect("text stays text")
}
