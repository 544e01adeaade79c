//! Forty rows that other programs were given too.

use super::table::Table;

const TARGETS: [u8; 40] = [
    2, 2, 3, 0, 4, 2, 4, 1, 4, 2, 2, 3, 1, 4, 3, 2, 1, 5, 0, 3, 3, 2, 2, 3, 2, 2, 6, 0, 4, 2, 2, 1,
    4, 0, 4, 3, 2, 4, 2, 5,
];

/// A constant and two features of each row.
pub(in crate::forecast) fn rows() -> Vec<[f64; 3]> {
    let row =
        |t: usize| [1.0, ((t * 7) % 11) as f64 / 5.0 - 1.0, ((t * 5) % 13) as f64 / 6.0 - 1.0];
    (0..TARGETS.len()).map(row).collect()
}

pub(in crate::forecast) fn targets() -> Vec<f64> {
    TARGETS.map(f64::from).to_vec()
}

pub(in crate::forecast) fn table() -> Table {
    let mut table = Table::new(40, vec![0.0; 3]);
    for (row, target) in rows().iter().zip(targets()) {
        table.push(row, target);
    }
    table
}

pub(in crate::forecast) fn assert_close(found: &[f64], expected: &[f64], tolerance: f64) {
    for (value, other) in found.iter().zip(expected) {
        assert!((value - other).abs() <= tolerance, "{found:?}, not {expected:?}");
    }
}
