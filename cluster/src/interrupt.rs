//! What asks a run to stop before it is done: signals, and a time limit.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use signal_hook::consts::{SIGINT, SIGTERM, SIGUSR1};
use signal_hook::iterator::Signals;

/// Whether this process was asked to stop.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interrupt(Arc<State>);

#[derive(Debug, Default)]
struct State {
    signal: AtomicI32,
    end: OnceLock<Instant>,
}

/// Why a run stopped before it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A signal, by its number.
    Signal(i32),
    /// The time that it may take is over.
    Time,
}

/// The file that says which rows are in work.
pub(crate) static IN_WORK: OnceLock<PathBuf> = OnceLock::new();

/// Launchers send the same signal on several ways; what comes so soon after the first is the same.
const SAME: Duration = Duration::from_secs(1);

impl Interrupt {
    /// Listens to signals from now on: the first asks to stop, a second ends the process at once.
    pub(crate) fn listen(&self, speak: bool) {
        let Ok(mut signals) = Signals::new([SIGINT, SIGTERM, SIGUSR1]) else { return };
        let state = self.0.clone();
        let listen = move || {
            let mut first: Option<Instant> = None;
            for signal in signals.forever() {
                match first {
                    None => {
                        first = Some(Instant::now());
                        state.signal.store(signal, Ordering::Release);
                        if speak {
                            eprintln!(
                                "{}: the rows in work are finished, then the run stops; once more ends it at \
                                 once",
                                Cause::Signal(signal)
                            );
                        }
                    }
                    Some(first) if first.elapsed() > SAME => {
                        // No row is to blame for this end.
                        if let Some(path) = IN_WORK.get() {
                            let _ = std::fs::remove_file(path);
                        }
                        signal_hook::low_level::exit(128 + signal);
                    }
                    Some(_) => {}
                }
            }
        };
        // Without the thread signals do what they always do.
        let _ = std::thread::Builder::new().name("signals".into()).spawn(listen);
    }

    /// Asks as a signal would.
    #[cfg(test)]
    pub(crate) fn ask(&self) {
        self.0.signal.store(SIGTERM, Ordering::Release);
    }

    /// Sets the time at which the process must have stopped.
    pub(crate) fn until(&self, end: Instant) {
        let _ = self.0.end.set(end);
    }

    /// Why to stop, if there is a reason; `ahead` is how long what is in work may still take.
    pub(crate) fn wanted(&self, ahead: Duration) -> Option<Cause> {
        match self.0.signal.load(Ordering::Acquire) {
            0 => {
                let end = self.0.end.get()?;
                (Instant::now() + ahead >= *end).then_some(Cause::Time)
            }
            signal => Some(Cause::Signal(signal)),
        }
    }
}

impl Cause {
    /// As a number that ranks tell each other: 0 is no cause.
    pub(crate) fn code(cause: Option<Cause>) -> u64 {
        match cause {
            None => 0,
            Some(Cause::Time) => 1,
            Some(Cause::Signal(signal)) => 2 + u64::from(signal.unsigned_abs()),
        }
    }

    pub(crate) fn from_code(code: u64) -> Option<Cause> {
        match code {
            0 => None,
            1 => Some(Cause::Time),
            signal => Some(Cause::Signal((signal - 2) as i32)),
        }
    }
}

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Cause::Time => f.write_str("time limit"),
            Cause::Signal(SIGINT) => f.write_str("signal INT"),
            Cause::Signal(SIGTERM) => f.write_str("signal TERM"),
            Cause::Signal(SIGUSR1) => f.write_str("signal USR1"),
            Cause::Signal(_) => f.write_str("a signal"),
        }
    }
}

/// The time at which the job of this process ends, as Slurm says.
pub fn scheduled_end() -> Option<Instant> {
    let end: u64 = std::env::var("SLURM_JOB_END_TIME").ok()?.parse().ok()?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    Some(Instant::now() + Duration::from_secs(end).saturating_sub(now))
}
