//! `parstock run`: the whole study, on all the ranks and threads there are.

use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use cluster::{Damage, Identity, Keeping, Team, TeamError, build_features};

use super::check::read_study;
use super::{Format, MaxTime, RunArguments, folder_of, print, run_folder, target, tell};
use crate::error::Error;
use crate::estimate::Needs;
use crate::folder::{
    DIGEST, Found, Held, JOURNAL, Manifest, RunFolder, Stored, host, without_what_decides_nothing,
};
use crate::inputs::Inputs;
use crate::report::text;
use crate::run::{Finished, run};
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

    let key = key(&study, &inputs);
    team.agree_on(
        &key,
        "sees another study or other tables",
        "they must be the same on every node",
    )?;

    // The folder is opened before anything is computed: a full disk is better found now.
    let path = run_folder(arguments.run.as_deref(), &study.file.name);
    let (folder, found) = open(&path, (&study, inputs.stock.len()), &manifest, arguments, team)?;
    if found == Found::Complete {
        if let Some(folder) = folder {
            tell(format_args!(
                "`{}` is complete already; nothing is computed again",
                path.display()
            ));
            print(&folder.folder.read(stored(arguments))?)?;
            tell(format_args!("report: {}", folder.folder.page().display()));
        }
        return Ok(());
    }
    let begun = begin(&path, key, arguments, team)?;
    manifest.attempt = begun.attempt;
    // All ranks learn whether it can be written: none waits for one that cannot.
    team.from_root(|| match &folder {
        Some(Opened { folder, .. }) if !path.join(DIGEST).exists() => {
            folder.note(&manifest).map(|()| Vec::new()).map_err(|error| error.failure())
        }
        _ => Ok(Vec::new()),
    })?;
    if folder.is_some() {
        told(&begun);
        let seconds = started.elapsed().as_secs_f64();
        if seconds > 1.0 {
            tell(format_args!("study and tables are read after {seconds:.1} s"));
        }
    }

    let Finished { report, failed, items } = match run(&study, &inputs, team) {
        Err(Error::Team(TeamError::Interrupted { cause, name, done, rows })) => {
            if let Some(folder) = folder.as_ref().filter(|_| !path.join(DIGEST).exists()) {
                manifest.seconds = started.elapsed().as_secs_f64();
                folder.folder.stopped(&manifest)?;
            }
            return Err(Error::Stopped { cause, name, done, rows, folder: path });
        }
        finished => finished?,
    };
    if let (Some(Opened { folder, .. }), Some(report)) = (folder, report) {
        manifest.state = "complete";
        manifest.seconds = started.elapsed().as_secs_f64();
        folder.finish(&report, &manifest, team)?;
        match arguments.format {
            Format::Text => print(&text::summary(&report, width()))?,
            Format::Json | Format::Csv => print(&folder.read(stored(arguments))?)?,
        }
        tell(format_args!(
            "done in {:.1} s; report: {}",
            manifest.seconds,
            folder.page().display()
        ));
    }
    if failed > 0 { Err(Error::Recorded { failed, items }) } else { Ok(()) }
}

/// Begins to listen to signals and the clock, and to keep rows.
fn begin(
    path: &Path,
    key: [u8; 32],
    arguments: &RunArguments,
    team: &Team,
) -> Result<cluster::Found, Error> {
    /// What writing results takes at most, in a study of usual size.
    const WRITING: Duration = Duration::from_secs(20);
    match arguments.max_time {
        Some(MaxTime::After(time)) => team.until(Instant::now() + time),
        Some(MaxTime::Auto) => {
            if let Some(end) = cluster::scheduled_end() {
                team.until(end.checked_sub(WRITING).unwrap_or(end));
            }
        }
        None => {}
    }
    team.listen();
    let folder = path.join(JOURNAL);
    let writer = format!("process {} on {}", std::process::id(), host());
    let identity = Identity { key, writer };
    let keeping = Keeping {
        folder: &folder,
        identity,
        finished: path.join(DIGEST),
        retries: arguments.retry,
    };
    Ok(team.keep(&keeping)?)
}

/// Says what was found of earlier attempts.
fn told(found: &cluster::Found) {
    let Damage { torn, damaged, foreign, .. } = &found.damage;
    for (file, bytes) in torn {
        let file = file.display();
        tell(format_args!("note: `{file}`: the last {bytes} bytes are torn and left out"));
    }
    for (file, places) in damaged {
        let file = file.display();
        tell(format_args!(
            "warning: `{file}` is damaged in {places} places; the rows there are computed again"
        ));
    }
    for file in foreign {
        tell(format_args!(
            "warning: `{}` is no journal of this run; it is left out",
            file.display()
        ));
    }
    if found.rows > 0 {
        let (attempt, rows) = (found.attempt, found.rows);
        tell(format_args!("attempt {attempt}: {rows} rows are there from before, and are kept"));
    }
}

/// A hash of all that rows depend on.
fn key(study: &Study, inputs: &Inputs) -> [u8; 32] {
    let table = study.resolved().parse().unwrap_or_default();
    let mut hash = blake3::Hasher::new();
    hash.update(without_what_decides_nothing(table).to_string().as_bytes());
    for file in &inputs.files {
        hash.update(file.table.as_bytes());
        hash.update(file.sha256.as_bytes());
    }
    hash.update(env!("CARGO_PKG_VERSION").as_bytes());
    hash.update(env!("PARSTOCK_COMMIT").as_bytes());
    *hash.finalize().as_bytes()
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
        attempt: 1,
        host: host(),
        job: std::env::var("SLURM_JOB_ID").ok(),
        ranks: team.size(),
        threads: team.threads(),
        started: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
        seconds: 0.0,
    }
}

/// A run folder that this process writes to; others keep out of it.
struct Opened {
    folder: RunFolder,
    /// Parts share the folder.
    _held: Option<Held>,
}

/// Opens the folder on rank 0; every rank learns what was found or why not.
fn open(
    path: &Path,
    (study, items): (&Study, usize),
    manifest: &Manifest,
    arguments: &RunArguments,
    team: &Team,
) -> Result<(Option<Opened>, Found), Error> {
    let mut opened = None;
    let word = team.from_root(|| {
        let resolved = study.resolved();
        let open = RunFolder::open(path, &resolved, manifest, arguments.fresh);
        let (folder, found) = open.map_err(|error| error.failure())?;
        let held = match (found, arguments.part) {
            (Found::Open, None) => Some(folder.held().map_err(|error| error.failure())?),
            _ => None,
        };
        if found == Found::Open {
            Needs::of(study, items).fit(path).map_err(|error| error.failure())?;
            folder.begin(&resolved, manifest).map_err(|error| error.failure())?;
        }
        opened = Some(Opened { folder, _held: held });
        Ok(vec![u8::from(found == Found::Complete)])
    })?;
    let found = if word == [1] { Found::Complete } else { Found::Open };
    Ok((opened, found))
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
        Error::Item { .. }
            | Error::Team(
                TeamError::Row { .. }
                    | TeamError::Threads { .. }
                    | TeamError::Launch { .. }
                    | TeamError::Journal(_)
            )
    );
    own || team.is_root()
}
