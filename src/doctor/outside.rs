//! Other programs, asked for what they are; none may keep us waiting.

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Longest wait: without a controller, Slurm's commands look for one.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a program says on both of its outputs; nothing if it is not there, fails, or does not end.
pub(super) fn said(program: &str, arguments: &[&str]) -> Option<String> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    let started = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if started.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(5));
            }
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
        }
    };
    // Read after the end: what is asked for here fits into a pipe.
    let mut bytes = Vec::new();
    child.stdout.take()?.take(1 << 16).read_to_end(&mut bytes).ok()?;
    child.stderr.take()?.take(1 << 16).read_to_end(&mut bytes).ok()?;
    status.success().then(|| String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_that_fail_or_are_absent_say_nothing() {
        assert_eq!(said("sh", &["-c", "echo a; echo b >&2"]).as_deref(), Some("a\nb\n"));
        assert_eq!(said("sh", &["-c", "echo a; exit 1"]), None);
        assert_eq!(said("no-such-program-anywhere", &[]), None);
    }
}
