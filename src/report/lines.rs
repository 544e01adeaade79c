//! Lists that are too long to be in memory at once.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// Lines that are made when they are asked for, a few at a time.
#[derive(Clone)]
pub struct Lines<Line> {
    count: usize,
    make: Arc<dyn Fn(usize) -> Vec<Line> + Send + Sync>,
}

impl<Line> Lines<Line> {
    /// What `make` makes of each of `0..count`, one after the other.
    pub fn new(
        count: usize,
        make: impl Fn(usize) -> Vec<Line> + Send + Sync + 'static,
    ) -> Lines<Line> {
        Lines { count, make: Arc::new(make) }
    }

    /// All lines, in order.
    pub fn iter(&self) -> impl Iterator<Item = Line> + '_ {
        (0..self.count).flat_map(|place| (self.make)(place))
    }
}

impl<Line: Clone + Send + Sync + 'static> From<Vec<Line>> for Lines<Line> {
    fn from(lines: Vec<Line>) -> Lines<Line> {
        Lines::new(lines.len(), move |place| vec![lines[place].clone()])
    }
}

impl<Line: fmt::Debug> fmt::Debug for Lines<Line> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}

impl<Line: Serialize> Serialize for Lines<Line> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_made_in_order() {
        let lines = Lines::new(3, |place| vec![place; place]);
        assert!(lines.iter().eq([1, 2, 2]));
        assert_eq!(serde_json::to_string(&lines).expect("numbers"), "[1,2,2]");
        assert!(Lines::from(vec![5, 6]).iter().eq([5, 6]));
    }
}
