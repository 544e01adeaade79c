//! Rows of numbers whose width is known only when the program runs.

use super::{Lane, Row, Width};
use crate::Units;

/// Rows of one of the three widths.
#[derive(Clone, Debug, PartialEq)]
pub enum Rows {
    /// 16-bit integers.
    Narrow(Vec<Row<i16>>),
    /// 32-bit integers.
    Middle(Vec<Row<i32>>),
    /// 64-bit floating point.
    Wide(Vec<Row<f64>>),
}

/// Does something with rows whose width is not known before.
pub(crate) trait WithRows {
    /// Does it.
    fn with<L: Lane>(&mut self, rows: &mut [Row<L>]);
}

impl Rows {
    /// `count` rows of zeros.
    pub(crate) fn zeros(width: Width, count: usize) -> Rows {
        match width {
            Width::Narrow => Rows::Narrow(vec![Row::ZERO; count]),
            Width::Middle => Rows::Middle(vec![Row::ZERO; count]),
            Width::Wide => Rows::Wide(vec![Row::ZERO; count]),
        }
    }

    /// Their width.
    pub fn width(&self) -> Width {
        match self {
            Rows::Narrow(_) => Width::Narrow,
            Rows::Middle(_) => Width::Middle,
            Rows::Wide(_) => Width::Wide,
        }
    }

    /// Hands rows `from..to` to `what`.
    pub(crate) fn with(&mut self, from: usize, to: usize, what: &mut impl WithRows) {
        match self {
            Rows::Narrow(rows) => what.with(&mut rows[from..to]),
            Rows::Middle(rows) => what.with(&mut rows[from..to]),
            Rows::Wide(rows) => what.with(&mut rows[from..to]),
        }
    }

    /// One number.
    pub(crate) fn value(&self, row: usize, lane: usize) -> Units {
        match self {
            Rows::Narrow(rows) => rows[row].0[lane].value(),
            Rows::Middle(rows) => rows[row].0[lane].value(),
            Rows::Wide(rows) => rows[row].0[lane],
        }
    }

    /// Rows `from..to` as numbers of width `L`: in place if they are, otherwise copied to `copy`.
    pub(crate) fn of<'a, L: Lane>(
        &'a self,
        from: usize,
        to: usize,
        copy: &'a mut Vec<Row<L>>,
    ) -> &'a [Row<L>] {
        if let Some(rows) = L::rows(self) {
            return &rows[from..to];
        }
        copy.clear();
        match self {
            Rows::Narrow(rows) => {
                copy.extend(rows[from..to].iter().map(|row| row.map(L::from_narrow)));
            }
            Rows::Middle(rows) => {
                copy.extend(rows[from..to].iter().map(|row| row.map(L::from_middle)));
            }
            Rows::Wide(rows) => copy.extend(rows[from..to].iter().map(|row| row.map(L::of))),
        }
        copy
    }
}
