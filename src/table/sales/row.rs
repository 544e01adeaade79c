//! One row of sales, small enough that tens of millions fit into memory.

use bytemuck::{Pod, Zeroable};
use scenarios::Date;

const OUT_OF_STOCK: u32 = 1 << 31;
const PROMOTED: u32 = 1 << 30;
const PRICE: u32 = PROMOTED - 1;

/// One row of sales.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Row {
    /// \[units\]
    pub(super) units: f64,
    /// Number of the item.
    pub(super) item: u32,
    pub(super) date: Date,
    /// Line in the file; the last one there is room for if it has more.
    pub(super) line: u32,
    /// Number of the price plus 1, or 0; promotion and stock in the highest bits.
    pub(super) marks: u32,
}

impl Row {
    pub(super) fn new(item: u32, date: Date, units: f64, line: u32) -> Row {
        Row { units, item, date, line, marks: 0 }
    }

    /// The row with its price (number plus 1, or 0) and marks.
    pub(super) fn with(self, price: u32, promoted: bool, out_of_stock: bool) -> Row {
        let promoted = if promoted { PROMOTED } else { 0 };
        let out_of_stock = if out_of_stock { OUT_OF_STOCK } else { 0 };
        Row { marks: price.min(PRICE) | promoted | out_of_stock, ..self }
    }

    /// Makes a row of a piece one of the whole table: with the table's number of its price, and its line
    /// after those of the pieces `before`.
    pub(super) fn place(&mut self, prices: &[u32], before: u64) {
        if let Some(price) = self.price() {
            let price = prices.get(price).copied().unwrap_or(PRICE);
            self.marks = self.marks & !PRICE | price.min(PRICE);
        }
        self.line = u32::try_from(before + u64::from(self.line)).unwrap_or(u32::MAX);
    }

    /// Number of the price.
    pub(super) fn price(&self) -> Option<usize> {
        ((self.marks & PRICE) as usize).checked_sub(1)
    }

    pub(super) fn promoted(&self) -> bool {
        self.marks & PROMOTED != 0
    }

    pub(super) fn out_of_stock(&self) -> bool {
        self.marks & OUT_OF_STOCK != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_takes_24_bytes() {
        assert_eq!(size_of::<Row>(), 24);
    }

    #[test]
    fn marks_do_not_touch_each_other() {
        let row = Row::new(1, Date::from_days(0), 2.0, 3);
        assert_eq!((row.price(), row.promoted(), row.out_of_stock()), (None, false, false));
        for price in [0, 1, PRICE] {
            for (promoted, out) in [(false, false), (false, true), (true, false), (true, true)] {
                let row = row.with(price, promoted, out);
                assert_eq!(row.price(), (price as usize).checked_sub(1));
                assert_eq!((row.promoted(), row.out_of_stock()), (promoted, out));
            }
        }
    }
}
