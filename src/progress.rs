//! How far the work is: a bar on a terminal, a line a minute elsewhere.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use cluster::Watch;
use indicatif::{ProgressBar, ProgressStyle};

use crate::command::tell;

/// Tells the user how far the rows of all ranks are.
#[derive(Default)]
pub struct Progress(Mutex<Option<At>>);

/// A table that is being computed.
struct At {
    what: &'static str,
    bar: ProgressBar,
    /// Whether lines are written instead of the bar.
    lines: bool,
    total: usize,
    /// Rows that are kept from before: they took no time.
    kept: usize,
    started: Instant,
    told: Instant,
}

/// How often a line is written where there is no terminal.
const EVERY: Duration = Duration::from_secs(60);

impl Watch for Progress {
    fn begins(&self, what: &'static str, total: usize, kept: usize) {
        let bar = ProgressBar::new(total as u64);
        let style =
            ProgressStyle::with_template("{msg} {bar:30} {pos}/{len} ({per_sec}, {eta} left)");
        if let Ok(style) = style {
            bar.set_style(style);
        }
        bar.set_message(what);
        bar.set_position(kept as u64);
        bar.reset_eta();
        let now = Instant::now();
        let lines = bar.is_hidden();
        self.set(Some(At { what, lines, bar, total, kept, started: now, told: now }));
    }

    fn done(&self, done: usize) {
        let mut at = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(at) = at.as_mut() else { return };
        at.bar.set_position(done as u64);
        if at.lines && at.told.elapsed() >= EVERY {
            at.told = Instant::now();
            let seconds = at.started.elapsed().as_secs_f64();
            let rate = done.saturating_sub(at.kept) as f64 / seconds;
            let left = (at.total - done.min(at.total)) as f64 / rate.max(f64::MIN_POSITIVE);
            tell(format_args!(
                "{}: {done} of {} done, {rate:.1} a second, about {left:.0} s left",
                at.what, at.total
            ));
        }
    }

    fn ends(&self) {
        self.set(None);
    }
}

impl Progress {
    fn set(&self, at: Option<At>) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = std::mem::replace(&mut *now, at) {
            before.bar.finish_and_clear();
        }
    }
}
