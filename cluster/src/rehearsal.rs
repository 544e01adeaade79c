//! Faults on demand, so that whoever sets up a cluster can see what becomes of a run before one happens.
//!
//! `PARSTOCK_REHEARSE` is a list of `fault@table:number`, such as `kill@items:17`: when row 17 of the items
//! is computed, the process is killed. `slow@items:200` makes each of these rows take 200 ms longer.

use std::sync::OnceLock;
use std::time::Duration;

use signal_hook::consts::{SIGKILL, SIGTERM};
use signal_hook::low_level::raise;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rehearsal {
    fault: Fault,
    table: String,
    number: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// The process is killed at this row.
    Kill,
    /// There is a bug at this row.
    Panic,
    /// This row fails.
    Fail,
    /// Somebody stops the run while it is at this row.
    Stop,
    /// Rows take so many milliseconds longer.
    Slow,
}

const VARIABLE: &str = "PARSTOCK_REHEARSE";

/// Does what is rehearsed at a row; says what failed, if the row is to fail.
pub(crate) fn rehearse(table: &str, row: usize) -> Option<String> {
    static ALL: OnceLock<Vec<Rehearsal>> = OnceLock::new();
    let all = ALL.get_or_init(|| read(&std::env::var(VARIABLE).unwrap_or_default()));
    if all.is_empty() {
        return None;
    }
    let mut failed = None;
    for Rehearsal { fault, number, .. } in all.iter().filter(|of| of.table == table) {
        match fault {
            Fault::Slow => std::thread::sleep(Duration::from_millis(*number as u64)),
            _ if *number != row => {}
            Fault::Kill => drop(raise(SIGKILL)),
            Fault::Stop => drop(raise(SIGTERM)),
            Fault::Panic => panic!("{VARIABLE}: a bug at row {row}"),
            Fault::Fail => failed = Some(format!("{VARIABLE}: it fails")),
        }
    }
    failed
}

/// What a list asks for; what makes no sense is left out, since no run depends on it.
fn read(list: &str) -> Vec<Rehearsal> {
    let one = |text: &str| {
        let (fault, place) = text.trim().split_once('@')?;
        let (table, number) = place.rsplit_once(':')?;
        let fault = match fault {
            "kill" => Fault::Kill,
            "panic" => Fault::Panic,
            "fail" => Fault::Fail,
            "stop" => Fault::Stop,
            "slow" => Fault::Slow,
            _ => return None,
        };
        Some(Rehearsal { fault, table: table.to_owned(), number: number.parse().ok()? })
    };
    list.split(',').filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read() {
        let of = |fault, table: &str, number| Rehearsal { fault, table: table.into(), number };
        assert_eq!(
            read("kill@items:17, slow@models tried:200,what@items:1,kill@items:x"),
            [of(Fault::Kill, "items", 17), of(Fault::Slow, "models tried", 200)]
        );
        assert_eq!(read(""), []);
    }
}
