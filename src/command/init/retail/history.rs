//! Two years of one item: what was asked for, on offer, and on the shelf.

use super::assortment::{Article, Pattern};
use super::chance::{About, Chance, count};
use super::open_days::OpenDay;

/// One day of one item.
pub(super) struct Row {
    /// Place among the open days.
    pub(super) day: usize,
    /// Sold \[units\]: what was asked for, as far as the shelf had it.
    pub(super) units: u32,
    /// Asked \[cents/unit\].
    pub(super) price: u32,
    /// Whether the price is cut.
    pub(super) promotion: bool,
    /// Whether the shelf had enough all day.
    pub(super) in_stock: bool,
}

/// The rows of `article`, one for every open day from its first on.
pub(super) fn history(article: &Article, days: &[OpenDay]) -> Vec<Row> {
    let chance = article.chance;
    let mut shelf = Shelf::new(article);
    (article.first()..days.len())
        .map(|day| {
            let open = &days[day];
            let offer = offer(article, open.week);
            let level = article.level(day, days.len(), open.part_of_year)
                * article.category.week[open.weekday]
                * offer.as_ref().map_or(1.0, |offer| offer.uplift);
            let demand = demand(&article.pattern, level, chance, day as u32);
            let sold = shelf.sell(demand, day, offer.is_some());
            Row {
                day,
                units: sold.unwrap_or(demand),
                price: offer.as_ref().map_or(article.price, |offer| offer.price),
                promotion: offer.is_some(),
                in_stock: sold.is_none(),
            }
        })
        .collect()
}

fn demand(pattern: &Pattern, level: f64, chance: Chance, day: u32) -> u32 {
    let uniform = chance.uniform(About::Demand, day);
    match *pattern {
        Pattern::Steady { mean, shape } => count(uniform, mean * level, shape),
        Pattern::Sparse { chance: some, more, shape } => {
            let asked = chance.happens(About::Occurrence, day, (some * level).min(0.95));
            if asked { 1 + count(uniform, more, Some(shape)) } else { 0 }
        }
    }
}

/// A promotion, for a week.
struct Offer {
    /// \[cents/unit\].
    price: u32,
    /// Demand in terms of what it would be.
    uplift: f64,
}

/// The promotion of `article` in `week`; never two in a row.
fn offer(article: &Article, week: u32) -> Option<Offer> {
    let chance = article.chance;
    let often = match article.pattern {
        Pattern::Steady { .. } => 0.08,
        Pattern::Sparse { .. } => 0.02,
    };
    let drawn = |week| chance.happens(About::Promotion, week, often);
    if !drawn(week) || (week > 0 && drawn(week - 1)) {
        return None;
    }
    let cut = chance.whole(About::Cut, week, (15, 30));
    // A deeper cut sells more, but not surely.
    let depth = f64::from(cut - 15) / 15.0;
    let uplift = 1.3 + 1.2 * (0.6 * depth + 0.4 * chance.uniform(About::Uplift, week));
    Some(Offer { price: (article.price * (100 - cut) + 50) / 100, uplift })
}

/// Whether the item is there.
struct Shelf<'a> {
    article: &'a Article,
    /// Chance that a stock-out begins on a day.
    begins: f64,
    /// The day on which the shelf is full again.
    full_on: usize,
}

impl Shelf<'_> {
    fn new(article: &Article) -> Shelf<'_> {
        // Some items are hardly ever out of stock and some often: 8 % of the days on average.
        let share = article.chance.between(About::Availability, (0.01, 0.15));
        // A stock-out lasts six days on average.
        Shelf { article, begins: share / (6.0 * (1.0 - share)), full_on: 0 }
    }

    /// What is sold of `demand` on a day that is out of stock; `None` on any other.
    fn sell(&mut self, demand: u32, day: usize, promotion: bool) -> Option<u32> {
        let chance = self.article.chance;
        let at = day as u32;
        if day < self.full_on {
            return Some(part(demand, 1.5 * chance.uniform(About::PartlySold, at) - 1.0));
        }
        let begins = if promotion { 2.0 * self.begins } else { self.begins };
        // A day in stock lies between two stock-outs, and before the first.
        let full = day <= self.full_on.max(self.article.first());
        let over = self.article.life.is_over(day);
        if full || over || !chance.happens(About::StockOut, at, begins) {
            return None;
        }
        self.full_on = day + chance.whole(About::StockOutLength, at, (2, 10)) as usize;
        // The rest of the shelf goes on the first day.
        Some(part(demand, 0.9 * chance.uniform(About::PartlySold, at)))
    }
}

fn part(demand: u32, share: f64) -> u32 {
    (f64::from(demand) * share.max(0.0)) as u32
}
