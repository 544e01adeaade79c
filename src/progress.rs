//! How far the work is: a bar on a terminal, a line a minute elsewhere.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::command::tell;

/// Tells the user how far this rank's rows are. Silent on every rank but the first.
pub struct Progress {
    what: &'static str,
    bar: ProgressBar,
    /// Whether lines are written instead of the bar.
    lines: bool,
    total: usize,
    done: AtomicUsize,
    started: Instant,
    told: Mutex<Instant>,
}

/// How often a line is written where there is no terminal.
const EVERY: Duration = Duration::from_secs(60);

impl Progress {
    /// Progress of `total` rows of `what`; `speak` is false on ranks that stay silent.
    pub fn new(what: &'static str, total: usize, speak: bool) -> Progress {
        let bar = if speak { ProgressBar::new(total as u64) } else { ProgressBar::hidden() };
        let style =
            ProgressStyle::with_template("{msg} {bar:30} {pos}/{len} ({per_sec}, {eta} left)");
        if let Ok(style) = style {
            bar.set_style(style);
        }
        bar.set_message(what);
        let now = Instant::now();
        Progress {
            what,
            lines: speak && bar.is_hidden(),
            bar,
            total,
            done: AtomicUsize::new(0),
            started: now,
            told: Mutex::new(now),
        }
    }

    /// One more row is done. Called by many threads.
    pub fn finished(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        self.bar.inc(1);
        if !self.lines {
            return;
        }
        // Whoever finds the lock taken leaves the telling to the other.
        let Ok(mut told) = self.told.try_lock() else { return };
        if told.elapsed() >= EVERY {
            *told = Instant::now();
            let seconds = self.started.elapsed().as_secs_f64();
            let left = seconds / done as f64 * (self.total - done.min(self.total)) as f64;
            tell(format_args!(
                "{}: {done} of {} done, about {left:.0} s left",
                self.what, self.total
            ));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
