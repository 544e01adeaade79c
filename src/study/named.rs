//! Items that other tables name.

use scenarios::History;

use super::Study;
use super::stock::StockedItem;
use crate::table::items::ItemRow;
use crate::table::{listed, nearest, shown};

/// What the tables say of items, to be found by name.
pub struct Named<'a> {
    /// The study.
    pub study: &'a Study,
    /// What was sold.
    pub history: &'a History,
    /// The items table, in order of name.
    pub rows: &'a [ItemRow],
    /// What is stocked of it, in order of name.
    pub stock: &'a [StockedItem],
}

/// What an item's name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// An item with stock of its own, by its place among those that are stocked.
    Stocked(usize),
    /// An item that is left out of the study, because only one of the tables has it.
    LeftOut,
}

impl Named<'_> {
    /// What the item called `name` is.
    ///
    /// # Errors
    ///
    /// Why it is nothing that can be bought or moved, to be said after the name.
    pub fn place(&self, name: &str) -> Result<Place, String> {
        if let Ok(place) = self.stock.binary_search_by(|item| item.item.name.as_str().cmp(name)) {
            return match self.stock[place].stock_of {
                None => Ok(Place::Stocked(place)),
                Some(other) => {
                    let other = shown(&self.stock[other].item.name);
                    Err(format!("is sold from the stock of `{other}`; name `{other}`"))
                }
            };
        }
        let sold = |name: &str| self.history.series.find(name).is_some();
        let names = || self.rows.iter().map(|row| row.item.as_str());
        if names().any(|known| known == name) || (self.study.unmatched_is_fine && sold(name)) {
            return Ok(Place::LeftOut);
        }
        Err(self.unknown(name))
    }

    /// Why there is no item called `name`.
    fn unknown(&self, name: &str) -> String {
        let names = || self.rows.iter().map(|row| row.item.as_str());
        let hint = match nearest(name, names()) {
            Some(near) => format!("did you mean `{}`?", shown(near)),
            None => format!("there are {}", listed(names(), 5)),
        };
        format!("is not an item of {}; {hint}", shown(&self.study.file.items.file))
    }
}

/// What is said of rows of `file` whose items, called `names`, are left out.
pub(super) fn left_out(file: &str, mut names: Vec<&str>) -> Option<String> {
    names.sort_unstable();
    names.dedup();
    let (file, listed) = (shown(file), listed(names.iter().copied(), 5));
    (!names.is_empty()).then(|| {
        format!("{file}: rows of items that are left out of the study are not used: {listed}")
    })
}
