//! Who is told how far the work is.

/// Is told how far the work is, on the rank that speaks, by its main thread.
pub trait Watch: Send + Sync {
    /// A table begins, of whose `rows` some are `kept` from before.
    fn begins(&self, name: &'static str, rows: usize, kept: usize);

    /// So many rows of it are done now, the kept ones included.
    fn done(&self, rows: usize);

    /// The table is done or given up.
    fn ends(&self);
}
