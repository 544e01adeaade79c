//! Who is at work in a run folder: two runs of one study in one folder would do the same work twice.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// A process that is at work in a run folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Machine of its first rank.
    pub host: String,
    /// Number of that process.
    pub process: u32,
    /// When that process started, in the machine's own count: a number may be used again.
    pub process_started: u64,
    /// Slurm's number of its job, if it has one.
    pub job: Option<String>,
    /// How often Slurm started that job again.
    pub restarts: u32,
    /// When it took the folder \[seconds since 1970-01-01 UTC\].
    pub since: u64,
}

/// Name of the file that says who is at work.
pub(super) const HOLDER: &str = "holder.json";
/// How often it is written again, as a sign of life.
const EVERY: Duration = Duration::from_secs(5);
/// After so long without one, a process on another machine is taken for dead.
const DEAD: Duration = Duration::from_secs(60);

/// A folder that this process holds, until this value is dropped.
#[derive(Debug)]
pub struct Held {
    path: PathBuf,
    this: Holder,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Holder {
    /// This process.
    pub fn this() -> Holder {
        let process = std::process::id();
        let job = std::env::var("SLURM_JOB_ID").ok();
        let restarts = std::env::var("SLURM_RESTART_COUNT").ok();
        Holder {
            host: host(),
            process,
            process_started: process_started(process).unwrap_or(0),
            job,
            restarts: restarts.and_then(|count| count.parse().ok()).unwrap_or(0),
            since: SystemTime::now()
                .duration_since(SystemTime::UNIX_EPOCH)
                .map_or(0, |since| since.as_secs()),
        }
    }

    /// Whoever is at work in the folder, if he is alive as far as can be told from here.
    pub fn of(folder: &Path) -> Option<Holder> {
        let path = folder.join(HOLDER);
        let holder = read(&path)?;
        holder.lives(&path).then_some(holder)
    }

    fn lives(&self, path: &Path) -> bool {
        let this = Holder::this();
        if self.job.is_some() && self.job == this.job && self.restarts < this.restarts {
            return false; // this is the same job, started again
        }
        if self.host == this.host {
            return process_started(self.process).is_some_and(|at| at == self.process_started);
        }
        // Both times are the file system's: clocks of machines differ.
        let modified = |path: &Path| fs::metadata(path).and_then(|found| found.modified()).ok();
        let now = path.parent().and_then(|folder| {
            let probe = tempfile::Builder::new().prefix(".now-").tempfile_in(folder).ok()?;
            modified(probe.path())
        });
        let age = now.zip(modified(path)).and_then(|(now, then)| now.duration_since(then).ok());
        age.unwrap_or_default() < DEAD
    }
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "process {} on {}", self.process, self.host)?;
        self.job.as_ref().map_or(Ok(()), |job| write!(f, ", job {job}"))?;
        let now = Holder::this().since;
        write!(f, ", since {} s", now.saturating_sub(self.since))
    }
}

impl Held {
    /// Takes the folder for this process, unless somebody who lives holds it.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] naming him, [`Error::Disk`] if the folder cannot be written.
    pub fn take(folder: &Path) -> Result<Held, Error> {
        let path = folder.join(HOLDER);
        let this = Holder::this();
        for _ in 0..3 {
            if let Some(holder) = Holder::of(folder) {
                return Err(Error::Usage(format!(
                    "`{}` is being worked on by {holder}; wait for it, stop it, or name another folder with \
                     --run (`parstock status` tells how far it is)",
                    folder.display()
                )));
            }
            // Who is dead is moved aside; of two that do so at once, only one finds him there.
            let failed = |error: &std::io::Error| Error::disk("write", &path, error);
            let aside = tempfile::Builder::new().prefix(".now-").tempdir_in(folder);
            let aside = aside.map_err(|error| failed(&error))?;
            let moved = aside.path().join(HOLDER);
            if fs::rename(&path, &moved).is_ok() && lives_in(&moved) {
                let _ = fs::hard_link(&moved, &path);
                continue;
            }
            // The file is whole when it appears, and appears for one.
            let mut file = tempfile::Builder::new()
                .prefix(".now-")
                .tempfile_in(folder)
                .map_err(|error| failed(&error))?;
            write(file.as_file_mut(), &this).map_err(|error| failed(&error))?;
            match file.persist_noclobber(&path) {
                Ok(_) => return Ok(Held::living(path, this)),
                Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {
                    std::thread::sleep(Duration::from_millis(50));
                }
                Err(error) => return Err(failed(&error.error)),
            }
        }
        let reason = std::io::Error::other("another run takes it at the same time");
        Err(Error::disk("hold", folder, &reason))
    }

    fn living(path: PathBuf, this: Holder) -> Held {
        let (stop, stopped) = channel();
        let held = this.clone();
        let file = path.clone();
        let live = move || {
            while stopped.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                // Written again, so that its time is the file system's own.
                if is_of(&file, &this) {
                    let again = OpenOptions::new().write(true).open(&file);
                    let _ = again.and_then(|mut file| write(&mut file, &this));
                }
            }
        };
        let thread = std::thread::Builder::new().name("holder".into()).spawn(live).ok();
        Held { path, this: held, stop: Some(stop), thread }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        if is_of(&self.path, &self.this) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn read(path: &Path) -> Option<Holder> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

fn is_of(path: &Path, holder: &Holder) -> bool {
    read(path).is_some_and(|found| found == *holder)
}

/// Whether the holder that was moved to `moved` lives after all.
fn lives_in(moved: &Path) -> bool {
    read(moved).is_some_and(|holder| holder.lives(moved))
}

fn write(file: &mut File, holder: &Holder) -> std::io::Result<()> {
    file.write_all(&serde_json::to_vec(holder)?)
}

/// When a process of this machine started, in the machine's own count; `None` if there is none.
fn process_started(process: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name, in brackets, may hold anything; the state is the third field, the start the 22nd.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let is_dead = matches!(fields.next()?, "Z" | "X");
    if is_dead { None } else { fields.nth(18)?.parse().ok() }
}

/// Name of this machine.
pub fn host() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { "unknown".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_lives_keeps_the_folder_and_who_is_dead_loses_it() {
        let folder = tempfile::tempdir().unwrap();
        let held = Held::take(folder.path()).unwrap();
        let refusal = Held::take(folder.path()).unwrap_err();
        assert_eq!(refusal.exit_code(), 2);
        let this = format!("process {} on {}", std::process::id(), host());
        assert!(refusal.to_string().contains(&this), "{refusal}");
        drop(held);
        assert_eq!(Holder::of(folder.path()), None);

        let leave = |holder: &Holder| {
            fs::write(folder.path().join(HOLDER), serde_json::to_vec(holder).unwrap()).unwrap();
            Holder::of(folder.path()).is_some()
        };
        let this = Holder::this();
        assert!(leave(&this));
        assert!(!leave(&Holder { process: u32::MAX, ..this.clone() }), "no such process");
        assert!(!leave(&Holder { process_started: 1, ..this.clone() }), "another of that number");
        assert!(
            leave(&Holder { host: "elsewhere".into(), ..this.clone() }),
            "a fresh sign of life"
        );
        fs::write(folder.path().join(HOLDER), "torn").unwrap();
        assert!(Held::take(folder.path()).is_ok());
    }
}
