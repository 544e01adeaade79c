//! What is kept, lost and found again.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::journal::{Damage, Identity, Reader};

/// Cells and sums of the first table, cells of the second.
type Tables = (Vec<f64>, Vec<f64>, Vec<u64>);

/// Rows of the tables below.
const ROWS: usize = 60;

fn keeping(folder: &Path) -> Keeping<'_> {
    let identity = Identity { key: [3; 32], writer: "a test".into() };
    Keeping { folder, identity, finished: folder.join("finished"), retries: false }
}

/// Two tables, one of which has sums; `counted` counts the rows that are computed, and when `stop_at` of
/// them are, somebody asks to stop.
fn tables(team: &Team, counted: &AtomicUsize, stop_at: usize) -> Result<Tables, TeamError> {
    let count = || {
        // Longer than it takes to read a row back: else it is not worth keeping.
        std::thread::sleep(Duration::from_micros(300));
        if counted.fetch_add(1, Ordering::SeqCst) + 1 == stop_at {
            team.interrupt().ask();
        }
    };
    let summed = |row: usize, cells: &mut [f64], sums: &mut Sums, (): &mut ()| {
        count();
        cells[1] = (row as f64).sqrt();
        sums.add(row % 3, cells[1]);
        Ok::<(), Infallible>(())
    };
    let table = Table::new(ROWS, 3).named("first").with_sums(3);
    let (cells, sums) = team.rows_and_sums(table, || (), summed)?;
    let plain = |row: usize, cells: &mut [u64], (): &mut ()| {
        count();
        cells[0] = row as u64 * 7;
        Ok::<(), Infallible>(())
    };
    let words = team.rows(Table::new(ROWS, 1).named("second"), || (), plain)?;
    Ok((cells, sums.values(), words))
}

fn undisturbed() -> Tables {
    tables(&Team::solo(2).unwrap(), &AtomicUsize::new(0), usize::MAX).unwrap()
}

/// One attempt in `folder`: the result, and the number of rows that were computed.
fn attempt(folder: &Path, ranks: usize, stop_at: usize) -> (Vec<Result<Tables, TeamError>>, usize) {
    let counted = AtomicUsize::new(0);
    let each = together(ranks, Duration::ZERO, |wire| {
        let team = Team::of(Some(wire), None, 2).unwrap();
        team.keep(&keeping(folder)).unwrap();
        tables(&team, &counted, stop_at)
    });
    (each, counted.into_inner())
}

/// Stopped anywhere and continued on another number of ranks, it computes each row once, and the answer
/// has the same bits.
#[test]
fn a_stopped_run_goes_on_from_where_it_was() {
    let expected = undisturbed();
    for (stop_at, ranks) in [(1, 1), (7, 3), (30, 2), (59, 4), (61, 1), (90, 3), (119, 2)] {
        let folder = tempfile::tempdir().unwrap();
        let (each, first) = attempt(folder.path(), ranks, stop_at);
        assert!(first >= stop_at);
        for result in each {
            match result {
                Err(TeamError::Interrupted { done, rows: ROWS, .. }) => {
                    assert!(done % ROWS == first % ROWS, "{done} of {first}");
                }
                // Who was asked to stop after the last row has nothing to stop.
                other => assert_eq!((other, first), (Ok(expected.clone()), 2 * ROWS)),
            }
        }
        let (each, second) = attempt(folder.path(), 5 - ranks, usize::MAX);
        assert!(each.into_iter().all(|result| result == Ok(expected.clone())));
        assert_eq!(first + second, 2 * ROWS, "stopped at {stop_at} on {ranks} ranks");
    }
}

/// A journal that is cut at any byte, or has any byte flipped, costs work and never an answer.
#[test]
fn damage_costs_work_and_no_answer() {
    let expected = undisturbed();
    let folder = tempfile::tempdir().unwrap();
    attempt(folder.path(), 2, 70);
    let journals = crate::journal::files(folder.path(), crate::journal::ROWS).unwrap();
    let journal = &journals[0];
    let bytes = fs::read(journal).unwrap();
    let again = |damaged: &[u8]| {
        let copy = tempfile::tempdir().unwrap();
        fs::write(copy.path().join(journal.file_name().unwrap()), damaged).unwrap();
        let other = &journals[1];
        fs::copy(other, copy.path().join(other.file_name().unwrap())).unwrap();
        let team = Team::solo(1).unwrap();
        let found = team.keep(&keeping(copy.path())).unwrap();
        let counted = AtomicUsize::new(0);
        assert_eq!(tables(&team, &counted, usize::MAX), Ok(expected.clone()));
        assert_eq!(found.rows + counted.into_inner(), 2 * ROWS);
        found.damage
    };
    assert_eq!(again(&bytes), Damage::default());
    let mut torn = 0;
    for end in (0..bytes.len()).step_by(13) {
        let damage = again(&bytes[..end]);
        assert!(damage.damaged.is_empty());
        torn += damage.torn.len() + damage.foreign.len();
    }
    assert!(torn > 5);
    let mut noticed = 0;
    for place in (0..bytes.len()).step_by(11) {
        let mut flipped = bytes.clone();
        flipped[place] ^= 1 << (place % 8);
        let damage = again(&flipped);
        noticed += usize::from(damage != Damage::default());
    }
    assert_eq!(noticed, bytes.len().div_ceil(11), "a flipped bit went unnoticed");
}

/// What is kept of a table is not taken for rows of another that another attempt has in its place.
#[test]
fn another_table_in_the_same_place_is_computed() {
    let folder = tempfile::tempdir().unwrap();
    attempt(folder.path(), 2, usize::MAX);
    for (rows, name) in [(ROWS, "other"), (ROWS - 1, "first")] {
        let team = Team::solo(1).unwrap();
        team.keep(&keeping(folder.path())).unwrap();
        let work = |_: usize, cells: &mut [f64], sums: &mut Sums, (): &mut ()| {
            cells[0] = 9.0;
            sums.add(0, 1.0);
            Ok::<(), Infallible>(())
        };
        let table = Table::new(rows, 3).named(name).with_sums(3);
        let (cells, sums) = team.rows_and_sums(table, || (), work).unwrap();
        assert!(cells.chunks(3).all(|row| row == [9.0, 0.0, 0.0]));
        assert_eq!(sums.values(), [rows as f64, 0.0, 0.0]);
    }
}

/// What a run with failures keeps after it has branched off is found at once: tables are counted, not numbers.
#[test]
fn a_branch_is_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let counted = AtomicUsize::new(0);
    for expected in [0, 2 * ROWS] {
        let team = Team::solo(2).unwrap();
        let found = team.keep(&keeping(folder.path())).unwrap();
        assert_eq!(found.rows, expected);
        team.branch(b"an item");
        assert_eq!(tables(&team, &counted, usize::MAX), Ok(undisturbed()));
    }
    assert_eq!(counted.into_inner(), 2 * ROWS);
}

/// Journals of other studies are left alone and not believed.
#[test]
fn foreign_journals_are_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let team = Team::solo(1).unwrap();
    let other = Identity { key: [4; 32], writer: "another".into() };
    team.keep(&Keeping { identity: other, ..keeping(folder.path()) }).unwrap();
    tables(&team, &AtomicUsize::new(0), usize::MAX).unwrap();
    drop(team);
    fs::write(folder.path().join("0002-notes.rows"), "not a journal").unwrap();
    let team = Team::solo(1).unwrap();
    let found = team.keep(&keeping(folder.path())).unwrap();
    assert_eq!((found.rows, found.damage.foreign.len(), found.attempt), (0, 2, 3));
    assert_eq!(tables(&team, &AtomicUsize::new(0), usize::MAX), Ok(undisturbed()));
}

/// Parts that share a folder and nothing else: two of three, one of which comes late, one never.
#[test]
fn parts_do_the_work_of_those_that_are_missing() {
    let (expected, folder) = (undisturbed(), tempfile::tempdir().unwrap());
    let part = |number: usize| {
        let team = Team::of(None, Some((number, 3)), 1).unwrap();
        team.keep(&keeping(folder.path())).unwrap();
        let counted = AtomicUsize::new(0);
        let result = tables(&team, &counted, usize::MAX);
        (result, counted.into_inner())
    };
    let (first, last) = std::thread::scope(|scope| {
        let first = scope.spawn(|| part(0));
        let second = scope.spawn(|| part(1));
        (first.join().unwrap(), second.join().unwrap())
    });
    assert_eq!((first.0, last.0), (Ok(expected.clone()), Ok(expected.clone())));
    // Who comes last finds all that was kept; records that overlap cost at most what they hold.
    let late = part(2);
    assert_eq!(late.0, Ok(expected));
    assert!(late.1 < ROWS, "{} of {} rows were computed again", late.1, 2 * ROWS);
    fs::write(folder.path().join("finished"), "").unwrap();
    assert_eq!(part(1).0, Err(TeamError::Finished));
}

/// A part that finishes removes the journals; one that is still at work then has nothing left to do.
#[test]
fn a_part_whose_journals_are_gone_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let journals = folder.path().join("journal");
    fs::create_dir(&journals).unwrap();
    let finished = folder.path().join("finished");
    let team = Team::of(None, Some((0, 2)), 1).unwrap();
    team.keep(&Keeping { finished: finished.clone(), ..keeping(&journals) }).unwrap();
    let work = |row: usize, cells: &mut [u64], (): &mut ()| {
        if row == 3 {
            fs::write(&finished, "").unwrap();
            fs::remove_dir_all(&journals).unwrap();
        }
        cells[0] = 1;
        Ok::<(), Infallible>(())
    };
    let outcome = team.rows(Table::new(8, 1).named("rows"), || (), work);
    assert_eq!(outcome, Err(TeamError::Finished));
}

/// A row that ended the process twice, the second time with nothing beside it, is not computed again.
#[test]
fn a_row_that_ends_the_process_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let begun = |attempt: usize, rows: &[usize], alone: bool| {
        let identity = keeping(folder.path()).identity;
        let journal =
            crate::journal::Journal::begin(folder.path(), attempt, "rank-00000", 2, &identity);
        let journal = journal.unwrap();
        for (thread, row) in rows.iter().enumerate() {
            journal.slots.begins(thread, 0, Some(*row), alone);
        }
        // As if the process had been killed: nothing is tidied up.
        std::mem::forget(journal);
    };
    let order = || {
        let team = Team::solo(2).unwrap();
        team.keep(&keeping(folder.path())).unwrap();
        let order = Mutex::new(Vec::new());
        let work = |row: usize, cells: &mut [f64], _: &mut Sums, (): &mut ()| {
            std::thread::sleep(Duration::from_micros(100));
            order.lock().unwrap().push(row);
            cells[0] = 1.0;
            Ok::<(), Infallible>(())
        };
        let table = Table::new(ROWS, 1).named("items");
        let (cells, _, failures) = team.compute(table, true, || (), work).unwrap();
        (order.into_inner().unwrap(), cells.into_vec(), failures)
    };
    begun(1, &[5, 9], false);
    {
        let copy = tempfile::tempdir().unwrap();
        for file in fs::read_dir(folder.path()).unwrap() {
            let path = file.unwrap().path();
            fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
        }
        let (computed, cells, failures) = order();
        assert_eq!(computed[ROWS - 2..], [5, 9], "what is under suspicion comes last");
        assert!(failures.is_empty() && cells.iter().all(|cell| *cell == 1.0));
    }
    // Row 9 was alone when the second and the third attempt ended.
    for file in fs::read_dir(folder.path()).unwrap() {
        fs::remove_file(file.unwrap().path()).unwrap();
    }
    begun(1, &[5, 9], false);
    begun(2, &[9], true);
    begun(3, &[9], true);
    let (computed, cells, failures) = order();
    assert_eq!((computed.len(), computed.last(), cells[9]), (ROWS - 1, Some(&5), 0.0));
    assert_eq!(failures.len(), 1);
    assert_eq!(failures[0].row, 9);
    assert!(failures[0].reason.contains("ended the process"), "{}", failures[0].reason);
}

/// What is made of many tables is made once, and the tables behind it are the same in every attempt.
#[test]
fn a_result_of_many_tables_is_kept_as_a_whole() {
    let made = AtomicUsize::new(0);
    let whole = |team: &Team| {
        team.once(3, || {
            // As many tables as attempts: their number says nothing of the tables behind.
            let passes = 2 + made.fetch_add(1, Ordering::SeqCst) / 4;
            let mut sum = 0.0;
            for _ in 0..passes {
                let work = |row: usize, cells: &mut [f64], (): &mut ()| {
                    std::thread::sleep(Duration::from_micros(200));
                    cells[0] = row as f64;
                    Ok::<(), Infallible>(())
                };
                sum = team.rows(Table::new(9, 1), || (), work)?.iter().sum();
            }
            Ok::<_, TeamError>(vec![sum, 1.0, -0.0])
        })
    };
    let alone = Team::solo(2).unwrap();
    let expected = whole(&alone).unwrap();
    let tables_behind = undisturbed();
    let folder = tempfile::tempdir().unwrap();
    for (ranks, stop_at, makes) in [(2, 30, 2), (3, 20, 0), (1, 10, 0), (2, usize::MAX, 0)] {
        made.store(0, Ordering::SeqCst);
        let counted = AtomicUsize::new(0);
        let each = together(ranks, Duration::ZERO, |wire| {
            let team = Team::of(Some(wire), None, 2).unwrap();
            team.keep(&keeping(folder.path())).unwrap();
            assert_eq!(whole(&team).unwrap(), expected);
            tables(&team, &counted, stop_at)
        });
        assert_eq!(made.load(Ordering::SeqCst), makes, "{ranks} ranks");
        let is_as_expected = |found: &Result<Tables, TeamError>| match found {
            Ok(found) => *found == tables_behind,
            Err(error) => matches!(error, TeamError::Interrupted { .. }),
        };
        assert!(each.iter().all(is_as_expected), "{each:?}");
        assert_eq!(each.iter().all(Result::is_ok), stop_at == usize::MAX);
    }
}

/// What `kept` tells of journals while they are written, and that a second attempt adds to them.
#[test]
fn journals_tell_how_far_a_run_is() {
    let folder = tempfile::tempdir().unwrap();
    attempt(folder.path(), 2, 80);
    let kept = kept(folder.path(), None).unwrap();
    let names: Vec<&str> = kept.tables.iter().map(|table| &table.name[..]).collect();
    assert_eq!((names, kept.files), (vec!["first", "second"], 2));
    assert_eq!((kept.tables[0].rows, kept.tables[0].kept), (60, 60));
    assert!((20..60).contains(&kept.tables[1].kept), "{:?}", kept.tables[1]);
}

/// A slow file system lists files that are not there, and shows others late and in part: what can be seen
/// is used, and nothing else is.
#[test]
fn journals_that_show_late_are_read_as_they_come() {
    let expected = undisturbed();
    let written = tempfile::tempdir().unwrap();
    attempt(written.path(), 2, 70);
    let seen = tempfile::tempdir().unwrap();
    for (place, entry) in fs::read_dir(written.path()).unwrap().enumerate() {
        let entry = entry.unwrap();
        let to = seen.path().join(entry.file_name());
        std::os::unix::fs::symlink(seen.path().join(format!("not here yet {place}")), to).unwrap();
    }
    let mut reader = Reader::open(seen.path(), Some([3; 32])).unwrap();
    assert_eq!((reader.end(), &reader.damage), (0, &Damage::default()));
    let known = |reader: &Reader| reader.rows(0).len() + reader.rows(1).len();
    let mut before = 0;
    for shown in 1..=10 {
        for entry in fs::read_dir(written.path()).unwrap() {
            let entry = entry.unwrap();
            let bytes = fs::read(entry.path()).unwrap();
            let to = seen.path().join(entry.file_name());
            let _ = fs::remove_file(&to);
            fs::write(to, &bytes[..bytes.len() * shown / 10]).unwrap();
        }
        reader.refresh().unwrap();
        assert!(known(&reader) >= before, "{shown}");
        before = known(&reader);
    }
    let whole = Reader::open(written.path(), Some([3; 32])).unwrap();
    assert_eq!(before, known(&whole));
    assert!(before >= 60 && reader.damage.torn.is_empty(), "{before}");
    let (each, computed) = attempt(seen.path(), 3, usize::MAX);
    assert_eq!(computed, 2 * ROWS - before);
    assert!(each.into_iter().all(|result| result == Ok(expected.clone())));
}

/// Cells of every row as rank 0 has them, and the rows that failed, of a table that may lie in files.
fn at_root(team: &Team, rows: usize, fails: bool) -> Result<(Vec<Vec<u64>>, usize), TeamError> {
    let work = |row: usize, cells: &mut [u64], sums: &mut Sums, (): &mut ()| {
        if fails && row % 7 == 3 {
            return Err("no demand");
        }
        cells.fill(row as u64);
        cells[0] = 1;
        sums.add(0, 1.0);
        Ok(())
    };
    let table = Table::new(rows, 5).named("items").with_sums(1).at_root();
    let (cells, sums, failed) = team.compute(table, fails, || (), work)?;
    assert_eq!(sums.values(), [(rows - failed.len()) as f64]);
    assert_eq!(cells.len(), if team.is_root() { rows } else { 0 });
    let each: Vec<Vec<u64>> = (0..cells.len()).map(|row| cells.row(row).to_vec()).collect();
    assert!(cells.iter().map(|row| row.to_vec()).eq(each.iter().cloned()));
    assert_eq!(cells.into_vec(), each.concat());
    Ok((each, failed.len()))
}

/// What is too large for memory lies in files, and is the same.
#[test]
fn large_tables_lie_in_files() {
    // More than one block of rows, and of messages.
    for (rows, fails) in [(1, false), (60, false), (60, true), (20_000, false)] {
        let expected = at_root(&Team::solo(2).unwrap(), rows, fails).unwrap();
        for ranks in [1, 2, 5] {
            let folder = tempfile::tempdir().unwrap();
            let each = together(ranks, Duration::ZERO, |wire| {
                let mut team = Team::of(Some(wire), None, 2).unwrap();
                team.held = 0;
                team.keep(&keeping(folder.path())).unwrap();
                at_root(&team, rows, fails).unwrap()
            });
            assert_eq!(each[0], expected);
            assert!(each[1..].iter().all(|(cells, _)| cells.is_empty()));
        }
    }
}

/// Where there is no place for them, all ranks learn it.
#[test]
fn tables_that_find_no_place_end_all_ranks() {
    for ranks in [1, 3] {
        let folder = tempfile::tempdir().unwrap();
        let each = together(ranks, Duration::ZERO, |wire| {
            let mut team = Team::of(Some(wire), None, 2).unwrap();
            team.held = if team.is_root() { 0 } else { usize::MAX };
            team.keep(&keeping(folder.path())).unwrap();
            team.wire().unwrap().meet();
            let _ = fs::remove_dir_all(folder.path());
            team.wire().unwrap().meet();
            at_root(&team, 60, false).unwrap_err()
        });
        let said = each[0].to_string();
        assert!(
            matches!(&each[0], TeamError::Journal(_)) && said.contains("No such file"),
            "{said}"
        );
        let peer = TeamError::Peer { rank: 0, disk: true };
        assert!(each[1..].iter().all(|error| *error == peer), "{each:?}");
    }
}
