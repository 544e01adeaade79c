//! What a table of rows is.

/// A table that a team computes: what it is called, and how large it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// What its rows are, in the plural; empty for what is not worth a word to the user.
    pub(crate) name: &'static str,
    pub(crate) rows: usize,
    /// Cells of a row.
    pub(crate) width: usize,
    /// Sums over all rows that are taken on the way.
    pub(crate) sums: usize,
    /// A row remembers what it computed in tables before.
    pub(crate) remembers: bool,
    /// Only rank 0 needs it.
    pub(crate) at_root: bool,
}

impl Table {
    /// A table of `rows` of `width` cells each.
    pub fn new(rows: usize, width: usize) -> Table {
        Table { name: "", rows, width, sums: 0, remembers: false, at_root: false }
    }

    /// The same, whose progress is told; `name` says what its rows are, in the plural.
    pub fn named(self, name: &'static str) -> Table {
        Table { name, ..self }
    }

    /// The same, whose rows go on from what they computed in tables before, such as programs that are
    /// solved again with other prices: a row is always computed by the same rank, and not kept.
    pub fn remembering(self) -> Table {
        Table { remembers: true, ..self }
    }

    /// The same, which only rank 0 gets: the others get sums and no cells, and need no memory for them.
    pub fn at_root(self) -> Table {
        Table { at_root: true, ..self }
    }

    /// The same, with so many sums over all rows.
    pub fn with_sums(self, sums: usize) -> Table {
        Table { sums, ..self }
    }
}

/// A row that failed, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFailure {
    /// Index of the row.
    pub row: usize,
    /// What went wrong.
    pub reason: String,
}

/// Rows that some worker finished, in the order in which it did.
#[derive(Debug)]
pub(crate) struct Batch<T> {
    pub(crate) rows: Vec<usize>,
    pub(crate) cells: Vec<T>,
    /// What these rows added to the sums.
    pub(crate) sums: Option<crate::Sums>,
    pub(crate) failures: Vec<RowFailure>,
    /// Time it took \[s\].
    pub(crate) seconds: f64,
    /// Time of the longest row \[s\].
    pub(crate) longest: f64,
}

impl<T> Batch<T> {
    pub(crate) fn new(sums: usize) -> Batch<T> {
        Batch {
            rows: Vec::new(),
            cells: Vec::new(),
            sums: (sums > 0).then(|| crate::Sums::new(sums)),
            failures: Vec::new(),
            seconds: 0.0,
            longest: 0.0,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.failures.is_empty()
    }
}
