//! The answers about all items.

use cluster::{Row, Rows};
use solvers::{AnswerShape, ItemAnswer};

/// The answers about all items, in their order; those of many lie in a file.
#[derive(Clone, Debug)]
pub struct Answers {
    shape: AnswerShape,
    rows: Rows<u64>,
}

/// The words of one of them.
pub struct Held {
    shape: AnswerShape,
    words: Row<u64>,
}

impl Held {
    /// What they say.
    pub fn answer(&self) -> ItemAnswer<'_> {
        self.shape.read(&self.words)
    }
}

impl Answers {
    /// Answers of a shape.
    pub fn new(shape: AnswerShape, rows: Rows<u64>) -> Answers {
        Answers { shape, rows }
    }

    /// The answer about an item.
    ///
    /// # Panics
    ///
    /// If there is none, or it cannot be read back from the file that it was written to.
    pub fn get(&self, item: usize) -> Held {
        Held { shape: self.shape, words: self.rows.row(item) }
    }

    /// The answers, in order.
    ///
    /// # Panics
    ///
    /// As [`Answers::get`].
    pub fn iter(&self) -> impl Iterator<Item = Held> + '_ {
        self.rows.iter().map(|words| Held { shape: self.shape, words })
    }
}
