//! `parstock run`: the whole study, on all the ranks and threads there are.

use std::path::PathBuf;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use cluster::{Team, TeamError, build_features};

use super::check::read_study;
use super::{Format, RunArguments, folder_of, print, target, tell};
use crate::error::Error;
use crate::folder::{Found, Manifest, RunFolder, Stored};
use crate::inputs::Inputs;
use crate::report::text;
use crate::run::run;
use crate::study::Study;

/// Forms the team, runs the study, and lets one rank write and print.
///
/// # Errors
///
/// Whatever ended the run; [`speaks`] says whether this rank should tell.
pub fn command(arguments: &RunArguments, team: &Team) -> Result<(), Error> {
    let started = Instant::now();
    team.agree(concat!(env!("CARGO_PKG_VERSION"), " ", env!("PARSTOCK_COMMIT")))?;
    let study = read_study(&arguments.study, team)?;
    let inputs = Inputs::read(&study, folder_of(&arguments.study), team)?;
    let mut manifest = manifest(&study, &inputs, team);

    // The folder is opened before anything is computed: a full disk is better found now.
    let path = arguments
        .run
        .clone()
        .unwrap_or_else(|| PathBuf::from("runs").join(study.file.name.replace(' ', "-")));
    let (folder, found) = open(&path, &study, &manifest, arguments.fresh, team)?;
    if found == Found::Complete {
        if let Some(folder) = folder {
            tell(format_args!(
                "`{}` is complete already; nothing is computed again",
                path.display()
            ));
            print(&folder.read(stored(arguments))?)?;
            tell(format_args!("report: {}", folder.page().display()));
        }
        return Ok(());
    }

    let report = run(&study, &inputs, team)?;
    let Some(folder) = folder else { return Ok(()) };
    manifest.state = "complete";
    manifest.seconds = started.elapsed().as_secs_f64();
    folder.finish(&report, &manifest)?;
    match arguments.format {
        Format::Text => print(&text::summary(&report, width()))?,
        Format::Json | Format::Csv => print(&folder.read(stored(arguments))?)?,
    }
    tell(format_args!("done in {:.1} s; report: {}", manifest.seconds, folder.page().display()));
    Ok(())
}

/// The number of threads that the user or the scheduler asked for; 0 for as many as there are.
pub fn threads(asked: Option<usize>) -> usize {
    let scheduled = || std::env::var("SLURM_CPUS_PER_TASK").ok()?.parse().ok();
    asked.or_else(scheduled).unwrap_or(0)
}

fn manifest(study: &Study, inputs: &Inputs, team: &Team) -> Manifest {
    Manifest {
        schema: 1,
        state: "running",
        version: env!("CARGO_PKG_VERSION"),
        commit: env!("PARSTOCK_COMMIT"),
        features: build_features(),
        target: target(),
        seed: study.file.seed,
        inputs: inputs.files.clone(),
        ranks: team.size(),
        threads: team.threads(),
        started: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
        seconds: 0.0,
    }
}

/// Opens the folder on rank 0; every rank learns what was found or why not.
fn open(
    path: &std::path::Path,
    study: &Study,
    manifest: &Manifest,
    fresh: bool,
    team: &Team,
) -> Result<(Option<RunFolder>, Found), Error> {
    let mut folder = None;
    let word = team.from_root(|| {
        let (opened, found) = RunFolder::open(path, &study.resolved(), manifest, fresh)
            .map_err(|error| error.failure())?;
        folder = Some(opened);
        Ok(vec![u8::from(found == Found::Complete)])
    })?;
    let found = if word == [1] { Found::Complete } else { Found::Open };
    Ok((folder, found))
}

fn stored(arguments: &RunArguments) -> Stored<'_> {
    match arguments.format {
        Format::Text => Stored::Summary,
        Format::Json => Stored::Json,
        Format::Csv => Stored::Table(&arguments.table),
    }
}

/// Columns of the terminal, if there is one.
fn width() -> Option<u16> {
    terminal_size::terminal_size().map(|(width, _)| width.0)
}

/// Whether this rank tells the user about `error`: every rank makes the same mistake, so one
/// voice is enough, unless the mistake is this rank's own.
pub fn speaks(error: &Error, team: &Team) -> bool {
    let own = matches!(
        error,
        Error::Team(TeamError::Row { .. } | TeamError::Threads { .. } | TeamError::Launch { .. })
    );
    own || team.is_root()
}
