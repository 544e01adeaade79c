//! The folder that runs are written to, tried out.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{Finding, mounts, read, size};
use crate::error::said;

const CHECK: &str = "run folder";

/// Everything about `folder`, or about the folder it would be made in.
pub(super) fn check(folder: &Path) -> Vec<Finding> {
    let place = match existing(folder) {
        Ok(place) => place,
        Err(problem) => return vec![problem],
    };
    let mountinfo = read("/proc/self/mountinfo");
    let kind = mountinfo.as_deref().and_then(|text| mounts::kind(text, &place));
    let sync = probe(&place);
    let speed = sync.as_ref().ok().map(|sync| speed(*sync));
    let mut findings =
        vec![trial(folder, &place, sync), mounts::file_system(kind), space(Space::at(&place))];
    findings.extend(speed);
    findings
}

/// The nearest folder above `folder`, or itself, that exists.
fn existing(folder: &Path) -> Result<PathBuf, Finding> {
    let shown = folder.display();
    let whole = std::path::absolute(folder).map_err(|reason| {
        let found = format!("`{shown}` is no path: {}", said(&reason));
        Finding::problem(CHECK, found, "name another with --run")
    })?;
    for place in whole.ancestors() {
        match std::fs::metadata(place) {
            Ok(about) if about.is_dir() => {
                // Links are followed once, so that the mount they lead to is found.
                return Ok(place.canonicalize().unwrap_or_else(|_| place.to_owned()));
            }
            Ok(_) => {
                let found = format!("`{}` is a file, not a folder", place.display());
                return Err(Finding::problem(CHECK, found, "name another with --run"));
            }
            Err(reason) if reason.kind() == std::io::ErrorKind::NotFound => {}
            Err(reason) => {
                let found =
                    format!("`{}` cannot be looked into: {}", place.display(), said(&reason));
                return Err(Finding::problem(
                    CHECK,
                    found,
                    "change its permissions, or name another with --run",
                ));
            }
        }
    }
    let found = format!("no part of `{shown}` exists");
    Err(Finding::problem(CHECK, found, "name another with --run"))
}

/// Writes and replaces small files as a run does, in a folder that is removed again; the time until
/// one is on disk, the median of five.
fn probe(place: &Path) -> std::io::Result<Duration> {
    let folder = tempfile::Builder::new().prefix(".parstock-doctor-").tempdir_in(place)?;
    let path = folder.path().join("file");
    let mut times = Vec::new();
    for round in 0..5_u8 {
        let started = Instant::now();
        let mut file = tempfile::NamedTempFile::new_in(folder.path())?;
        file.write_all(&[round; 4096])?;
        file.as_file().sync_all()?;
        times.push(started.elapsed());
        file.persist(&path)?;
        if std::fs::read(&path)? != [round; 4096] {
            return Err(std::io::Error::other("a file that was replaced still has what it had"));
        }
    }
    folder.close()?;
    times.sort_unstable();
    Ok(times[2])
}

/// Whether files can be written and replaced there.
fn trial(folder: &Path, place: &Path, probe: std::io::Result<Duration>) -> Finding {
    let exists = std::fs::metadata(folder).is_ok_and(|about| about.is_dir());
    let where_ = match exists {
        true => format!("`{}`", folder.display()),
        false => format!("`{}` would be made in `{}`, which", folder.display(), place.display()),
    };
    match probe {
        Ok(_) if exists => {
            Finding::ok(CHECK, format!("{where_} can be written; files are replaced whole"))
        }
        Ok(_) => Finding::ok(CHECK, format!("{where_} can be written")),
        Err(reason) => Finding::problem(
            CHECK,
            format!("{where_} cannot be written: {}", said(&reason)),
            "change its permissions, free some space, or name another with --run",
        ),
    }
}

/// Room of a file system.
#[derive(Clone, Copy)]
struct Space {
    /// Free for this user \[B\].
    bytes: u64,
    /// Files that can still be made; nothing if that has no limit.
    files: Option<u64>,
}

impl Space {
    fn at(place: &Path) -> Option<Space> {
        let about = rustix::fs::statvfs(place).ok()?;
        // File systems without a table of files say that it has no places at all.
        let files = (about.f_files > 0).then_some(about.f_favail);
        Some(Space { bytes: about.f_bavail.saturating_mul(about.f_frsize), files })
    }
}

/// Whether a run folder, of some megabytes to a few gigabytes, fits.
fn space(space: Option<Space>) -> Finding {
    const NONE: u64 = 64 << 20;
    const LITTLE: u64 = 2 << 30;
    let check = "free space";
    let Some(Space { bytes, files }) = space else {
        return Finding::note(check, "this system does not say how much there is");
    };
    let found = match files {
        Some(files) => format!("{} and {files} files", size(bytes)),
        None => size(bytes),
    };
    let files = files.unwrap_or(u64::MAX);
    let advice = "remove old runs, or name a folder on another disk with --run";
    if bytes < NONE || files < 100 {
        Finding::problem(check, found, advice)
    } else if bytes < LITTLE || files < 10_000 {
        Finding::warning(check, found, advice)
    } else {
        Finding::ok(check, found)
    }
}

/// Whether results are safe on disk soon enough.
fn speed(sync: Duration) -> Finding {
    let check = "disk speed";
    let found = format!("a small file is safe on disk after {:.1} ms", sync.as_secs_f64() * 1e3);
    if sync > Duration::from_millis(200) {
        let advice = "that is slow: name a folder on another file system with --run";
        return Finding::warning(check, found, advice);
    }
    Finding::ok(check, found)
}

/// Whether the folder for temporary files can be written; MPI puts its sockets there.
pub(super) fn temporary(folder: &Path) -> Finding {
    let check = "temp folder";
    match tempfile::Builder::new().prefix(".parstock-doctor-").tempfile_in(folder) {
        Ok(_) => Finding::ok(check, format!("`{}` can be written", folder.display())),
        Err(reason) => Finding::warning(
            check,
            format!("`{}` cannot be written: {}", folder.display(), said(&reason)),
            "set TMPDIR to a folder that can; MPI needs one",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn a_folder_that_can_be_written_is_fine() {
        let place = tempfile::tempdir().unwrap();
        for folder in [place.path().to_owned(), place.path().join("a/b")] {
            let found = check(&folder);
            assert_eq!(found.len(), 4);
            assert_eq!(found[0].state, State::Ok, "{found:?}");
        }
        assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0, "nothing is left");
    }

    #[test]
    fn a_file_is_no_folder() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert_eq!(check(&file)[0].state, State::Problem);
        // Below a file nothing can be made either; the system says so in another way.
        assert_eq!(check(&file.join("run"))[0].state, State::Problem);
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_a_problem() {
        let refused = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        let found = trial(Path::new("/x/runs"), Path::new("/x"), Err(refused));
        assert_eq!(found.state, State::Problem);
        assert!(found.found.contains("permission denied"), "{found:?}");
        // Nobody, not even root, makes files there.
        assert_eq!(check(Path::new("/proc/runs"))[0].state, State::Problem);
        assert_eq!(temporary(Path::new("/proc")).state, State::Warning);
    }

    #[test]
    fn little_space_is_noticed() {
        let found = |bytes, files| space(Some(Space { bytes, files })).state;
        assert_eq!(found(1 << 40, None), State::Ok);
        assert_eq!(found(1 << 40, Some(1 << 20)), State::Ok);
        assert_eq!(found(1 << 30, None), State::Warning);
        assert_eq!(found(1 << 40, Some(5000)), State::Warning);
        assert_eq!(found(0, None), State::Problem);
        assert_eq!(found(1 << 40, Some(0)), State::Problem);
        assert_eq!(space(None).state, State::Note);
    }

    #[test]
    fn a_slow_disk_is_noticed() {
        assert_eq!(
            speed(Duration::from_millis(3)).found,
            "a small file is safe on disk after 3.0 ms"
        );
        assert_eq!(speed(Duration::from_secs(1)).state, State::Warning);
    }
}
