//! Teams of many ranks in one process, with and without journals.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::*;
use virtual_ranks::together;

mod faults;
mod kept;
mod virtual_ranks;

/// Rows of uneven length with sums over them.
fn table(team: &Team, rows: usize) -> Result<(Vec<f64>, Vec<f64>), TeamError> {
    let work = |row: usize, cells: &mut [f64], sums: &mut Sums, (): &mut ()| {
        cells[0] = (row as f64).sqrt();
        cells[1] = 1.0 / (row as f64 + 1.0);
        sums.add(row % 3, cells[1]);
        Ok::<(), Infallible>(())
    };
    let table = Table::new(rows, 2).named("rows").with_sums(3);
    team.rows_and_sums(table, || (), work).map(|(cells, sums)| (cells, sums.values()))
}

#[test]
fn the_answer_does_not_depend_on_threads_or_ranks() {
    for rows in [0, 1, 5, 37, 1_000] {
        let one = table(&Team::solo(1).unwrap(), rows).unwrap();
        assert_eq!(one, table(&Team::solo(7).unwrap(), rows).unwrap());
        for (ranks, threads) in [(1, 2), (2, 1), (3, 2), (8, 1)] {
            let each = together(ranks, Duration::ZERO, |wire| {
                table(&Team::of(Some(wire), None, threads).unwrap(), rows).unwrap()
            });
            assert!(each.iter().all(|other| *other == one), "{rows} rows on {ranks} ranks");
        }
    }
}

/// The messages of a thousand ranks, a hundred microseconds apart, over three tables in a row.
#[test]
fn a_thousand_ranks_agree() {
    let alone = Team::solo(2).unwrap();
    let expected: Vec<_> = [5_000, 3, 2_000].map(|rows| table(&alone, rows).unwrap()).into();
    let each = together(1_000, Duration::from_micros(100), |wire| {
        let team = Team::of(Some(wire), None, 1).unwrap();
        [5_000, 3, 2_000].map(|rows| table(&team, rows).unwrap()).to_vec()
    });
    assert!(each.iter().all(|tables| *tables == expected));
}

/// A table that only rank 0 needs is nowhere else.
#[test]
fn tables_of_the_root_are_at_the_root() {
    let each = together(3, Duration::ZERO, |wire| {
        let team = Team::of(Some(wire), None, 2).unwrap();
        let work = |row: usize, cells: &mut [u64], sums: &mut Sums, (): &mut ()| {
            cells[0] = row as u64 + 1;
            sums.add(0, 1.0);
            Ok::<(), Infallible>(())
        };
        let table = Table::new(50, 1).with_sums(1).at_root();
        let (cells, sums) = team.rows_and_sums(table, || (), work).unwrap();
        (cells, sums.values())
    });
    assert_eq!(each[0], ((1..=50).collect(), vec![50.0]));
    assert_eq!(each[1..], [(vec![], vec![50.0]), (vec![], vec![50.0])]);
}

/// Rows that remember are computed by the same rank whatever the others do.
#[test]
fn rows_that_remember_stay_where_they_are() {
    let each = together(3, Duration::ZERO, |wire| {
        let team = Team::of(Some(wire), None, 2).unwrap();
        let memory: Vec<Mutex<f64>> = (0..20).map(|_| Mutex::new(0.0)).collect();
        let mut last = Vec::new();
        for _ in 0..4 {
            let table = Table::new(20, 1).remembering();
            let work = |row: usize, cells: &mut [f64], (): &mut ()| {
                let mut before = memory[row].lock().unwrap();
                *before += row as f64;
                cells[0] = *before;
                Ok::<(), Infallible>(())
            };
            last = team.rows(table, || (), work).unwrap();
        }
        last
    });
    let expected: Vec<f64> = (0..20).map(|row| 4.0 * f64::from(row)).collect();
    assert!(each.iter().all(|table| *table == expected));
}

#[test]
fn a_failed_row_ends_all_ranks_and_is_named_by_its_own() {
    let failing = |team: &Team| {
        let work = |row: usize, _: &mut [f64], (): &mut ()| match row {
            11 => Err("no demand"),
            _ => Ok(()),
        };
        team.rows(Table::new(40, 1), || (), work).unwrap_err()
    };
    let alone = failing(&Team::solo(2).unwrap());
    assert_eq!(alone.to_string(), "row 11: no demand");
    let each = together(4, Duration::ZERO, |wire| failing(&Team::of(Some(wire), None, 1).unwrap()));
    assert_eq!(each.iter().filter(|error| **error == alone).count(), 1, "{each:?}");
    let rank = each.iter().position(|error| *error == alone).unwrap();
    let others = each.iter().filter(|error| **error == TeamError::Peer { rank, disk: false });
    assert_eq!(others.count(), 3, "{each:?}");
}

/// Where failures are recorded, the other rows are there, and all ranks know which failed and why.
#[test]
fn failures_are_recorded() {
    let recorded = |team: &Team| {
        let work = |row: usize, cells: &mut [f64], _: &mut Sums, (): &mut ()| match row {
            3 => Err("no demand"),
            17 => panic!("a bug at {row}"),
            _ => {
                cells[0] = row as f64;
                Ok(())
            }
        };
        let (cells, _, failures) = team.compute(Table::new(30, 1), true, || (), work).unwrap();
        (cells.into_vec(), failures)
    };
    let alone = recorded(&Team::solo(2).unwrap());
    let failure = |row, reason: &str| RowFailure { row, reason: reason.to_owned() };
    assert_eq!(alone.1, [failure(3, "no demand"), failure(17, "internal error: a bug at 17")]);
    assert_eq!((alone.0[3], alone.0[4], alone.0[17]), (0.0, 4.0, 0.0));
    let each =
        together(3, Duration::ZERO, |wire| recorded(&Team::of(Some(wire), None, 2).unwrap()));
    assert!(each.iter().all(|other| *other == alone));
}

#[test]
fn what_the_root_says_or_fails_reaches_everyone() {
    let failure = Failure { exit_code: 4, message: "no such file".into() };
    let each = together(3, Duration::ZERO, |wire| {
        let team = Team::of(Some(wire), None, 1).unwrap();
        assert_eq!(team.from_root(|| Ok(vec![1, 2])), Ok(vec![1, 2]));
        assert_eq!(team.agree("0.1.0"), Ok(()));
        let other = team.rank() == 2;
        let differs = team.agree_on(&[u8::from(other)], "reads other tables", "copy them");
        (team.from_root(|| Err(failure.clone())).unwrap_err(), differs.unwrap_err().to_string())
    });
    let said = "rank 2 reads other tables than rank 0; copy them".to_owned();
    assert!(each.iter().all(|of| *of == (TeamError::Root(failure.clone()), said.clone())));
}

/// What is made of `count` pieces of rank 0, of one of which nothing is made, and how many were not taken.
fn made_of_pieces(team: &Team, count: usize, refused: usize) -> (Vec<Vec<u8>>, usize) {
    let mut left = 0..count;
    let mut next = || left.next().map(|number| Arc::new(number.to_le_bytes().to_vec()));
    let pieces = Pieces { head: b"head", about: count, next: &mut next };
    let pieces = Some(pieces).filter(|_| team.is_root());
    let made = team.worked(pieces, |head, piece| match piece {
        piece if *piece == refused.to_le_bytes() => Vec::new(),
        piece => [head, piece].concat(),
    });
    (made, left.len())
}

/// Pieces come back in order, whoever worked on them; there may be fewer than ranks, or none.
#[test]
fn pieces_come_back_in_order() {
    for count in [0, 1, 3, 400] {
        let of = |number: usize| [&b"head"[..], &number.to_le_bytes()].concat();
        let expected: Vec<Vec<u8>> = (0..count).map(of).collect();
        assert_eq!(made_of_pieces(&Team::solo(2).unwrap(), count, usize::MAX).0, expected);
        for (ranks, threads) in [(2, 1), (3, 2), (40, 1)] {
            let each = together(ranks, Duration::ZERO, |wire| {
                // Ranks need not have the same number of threads.
                let threads = threads + wire.rank() % 3;
                let team = Team::of(Some(wire), None, threads).unwrap();
                made_of_pieces(&team, count, usize::MAX).0
            });
            assert_eq!(each[0], expected);
            assert!(each[1..].iter().all(Vec::is_empty));
        }
    }
}

/// No piece is taken long after one of which nothing is made.
#[test]
fn a_piece_of_which_nothing_is_made_is_among_the_last() {
    const COUNT: usize = 1_000_000;
    let is_short = |(made, left): (Vec<Vec<u8>>, usize)| {
        made.iter().any(Vec::is_empty) && left > 0 && made.len() + left == COUNT
    };
    assert!(is_short(made_of_pieces(&Team::solo(2).unwrap(), COUNT, 5)));
    let each = together(3, Duration::ZERO, |wire| {
        let team = Team::of(Some(wire), None, 2).unwrap();
        let found = made_of_pieces(&team, COUNT, 5);
        if team.is_root() { is_short(found) } else { found.0.is_empty() }
    });
    assert_eq!(each, [true; 3]);
}

/// What rank 0 tells reaches every other rank whole and in order, and rank 0 keeps its own.
#[test]
fn what_is_told_is_heard_in_order() {
    for count in [0, 1, 20] {
        let pieces: Vec<Vec<u8>> = (1..=count).map(|piece| vec![piece; piece as usize]).collect();
        let each = together(5, Duration::ZERO, |wire| {
            let team = Team::of(Some(wire), None, 1).unwrap();
            let own = if team.is_root() { pieces.clone() } else { Vec::new() };
            let mut heard = Vec::new();
            team.tell(own.into_iter(), |piece| heard.push(piece.to_vec()));
            heard
        });
        assert!(each[0].is_empty() && each[1..].iter().all(|heard| *heard == pieces));
    }
}
