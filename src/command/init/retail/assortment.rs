//! What the shop sells: 300 items of eight categories.

use super::chance::{About, Chance};

/// Items in the assortment.
pub(super) const ITEMS: u32 = 300;
/// Items that enter part-way.
const NEW: usize = 18;
/// Items whose demand fades and ends.
const DYING: usize = 15;
/// Items that sell slowly more or slowly less.
const TRENDING: usize = 36;
/// Suppliers of each category.
const SUPPLIERS: u32 = 3;

/// What items of one kind have in common.
pub(super) struct Category {
    /// First letters of an item's name.
    pub(super) code: &'static str,
    /// As it stands in the items file.
    pub(super) name: &'static str,
    items: u32,
    /// Regular price \[currency/unit\].
    price: (f64, f64),
    /// Demand of steady sellers \[units/day\].
    rate: (f64, f64),
    /// Share of steady sellers; two thirds of the others are intermittent, one third lumpy.
    steady: f64,
    /// Demand of Monday to Saturday; 6 in all.
    pub(super) week: [f64; 6],
    /// Yearly season: height, and part of the year at which it peaks.
    season: (f64, f64),
    /// Open days from order to arrival.
    lead_time: (u32, u32),
    /// Holding rate \[1/year\] where it is not the study's default.
    pub(super) holding_rate: Option<&'static str>,
    /// Space \[litres/unit\].
    volume: (f64, f64),
}

/// Shops fill up towards Saturday.
const WEEKLY_SHOPPING: [f64; 6] = [0.86, 0.80, 0.84, 0.95, 1.20, 1.35];
/// More so what is bought for the weekend.
const WEEKEND: [f64; 6] = [0.74, 0.72, 0.80, 0.96, 1.32, 1.46];
/// Less so what is bought when it runs out.
const ANY_DAY: [f64; 6] = [0.97, 0.92, 0.94, 0.96, 1.02, 1.19];
/// And this is bought before school or work.
const WORKDAYS: [f64; 6] = [1.16, 1.06, 1.00, 0.98, 0.92, 0.88];

#[rustfmt::skip] // a table
const CATEGORIES: [Category; 8] = [
    Category { code: "GRO", name: "groceries", items: 70, price: (0.79, 6.0), rate: (2.0, 45.0), steady: 0.78, week: WEEKLY_SHOPPING, season: (0.07, 0.95), lead_time: (2, 5), holding_rate: None, volume: (0.3, 2.0) },
    Category { code: "BEV", name: "beverages", items: 40, price: (0.89, 9.0), rate: (2.0, 50.0), steady: 0.80, week: WEEKEND, season: (0.32, 0.54), lead_time: (2, 4), holding_rate: None, volume: (0.5, 9.0) },
    Category { code: "CON", name: "confectionery", items: 40, price: (0.99, 7.0), rate: (1.5, 30.0), steady: 0.75, week: WEEKEND, season: (0.25, 0.97), lead_time: (3, 7), holding_rate: Some("0.30"), volume: (0.1, 1.0) },
    Category { code: "FRZ", name: "frozen", items: 30, price: (1.49, 8.0), rate: (1.5, 22.0), steady: 0.80, week: WEEKLY_SHOPPING, season: (0.22, 0.53), lead_time: (2, 4), holding_rate: Some("0.40"), volume: (0.4, 3.0) },
    Category { code: "HOU", name: "household", items: 45, price: (1.29, 24.0), rate: (1.0, 14.0), steady: 0.55, week: ANY_DAY, season: (0.10, 0.28), lead_time: (4, 10), holding_rate: None, volume: (0.3, 12.0) },
    Category { code: "PER", name: "personal care", items: 40, price: (1.19, 18.0), rate: (0.8, 12.0), steady: 0.58, week: ANY_DAY, season: (0.08, 0.52), lead_time: (3, 8), holding_rate: None, volume: (0.1, 1.0) },
    Category { code: "PET", name: "pet food", items: 20, price: (0.99, 32.0), rate: (1.0, 20.0), steady: 0.65, week: ANY_DAY, season: (0.03, 0.00), lead_time: (3, 8), holding_rate: None, volume: (0.2, 15.0) },
    Category { code: "STA", name: "stationery", items: 15, price: (0.79, 15.0), rate: (0.6, 6.0), steady: 0.30, week: WORKDAYS, season: (0.40, 0.67), lead_time: (8, 18), holding_rate: Some("0.20"), volume: (0.05, 3.0) },
];

/// How demand comes.
pub(super) enum Pattern {
    /// Nearly every day, `mean` \[units/day\]; over-dispersed when there is a `shape`.
    Steady { mean: f64, shape: Option<f64> },
    /// On some days only, then one unit and `more`.
    Sparse { chance: f64, more: f64, shape: f64 },
}

/// How demand changes over the years; days count open days.
pub(super) enum Life {
    Whole,
    New { first: usize },
    Dying { fades: usize, ends: usize },
    Trending { change: f64 },
}

/// One item.
pub(super) struct Article {
    pub(super) name: String,
    pub(super) category: &'static Category,
    pub(super) chance: Chance,
    pub(super) pattern: Pattern,
    pub(super) life: Life,
    /// Height of the yearly season.
    pub(super) season: f64,
    /// Regular price \[cents/unit\].
    pub(super) price: u32,
    /// \[cents/unit\].
    pub(super) unit_cost: u32,
    /// Number of the supplier among all.
    pub(super) supplier: u32,
    /// \[open days\].
    pub(super) lead_time: u32,
    /// \[cents/order\], where it is not the study's default.
    pub(super) order_cost: Option<u32>,
    /// \[cents/unit\], where it is not the margin.
    pub(super) shortage_cost: Option<u32>,
    pub(super) order_multiple: u32,
    pub(super) minimum_order: u32,
    /// \[millilitres/unit\].
    pub(super) volume: u32,
}

/// The assortment, for sales of `days` open days.
pub(super) fn assortment(days: usize) -> Vec<Article> {
    let mut articles = Vec::with_capacity(ITEMS as usize);
    for (place, category) in (0..).zip(&CATEGORIES) {
        for number in 1..=category.items {
            articles.push(article(category, place, number, articles.len() as u32));
        }
    }
    assign_lives(&mut articles, days);
    articles
}

fn article(category: &'static Category, place: u32, number: u32, subject: u32) -> Article {
    let chance = Chance { subject };
    let pattern = pattern(category, chance);
    // Prices end in 9.
    let price = (chance.skewed(About::Price, category.price) * 10.0 + 0.5) as u32 * 10 - 1;
    let unit_cost = (f64::from(price) * (1.0 - chance.between(About::Margin, (0.28, 0.48)))) as u32;
    let supplier = place * SUPPLIERS + chance.whole(About::Supplier, 0, (0, SUPPLIERS - 1));
    let terms = Chance { subject: ITEMS + supplier };
    let order_multiple = case_pack(&pattern, chance);
    Article {
        name: format!("{}-{number:04}", category.code),
        category,
        chance,
        pattern,
        life: Life::Whole,
        season: category.season.0 * chance.between(About::Season, (0.6, 1.4)),
        price,
        unit_cost,
        supplier,
        lead_time: terms.whole(About::LeadTime, 0, category.lead_time),
        order_cost: (supplier % 2 == 1).then(|| 10 * terms.whole(About::OrderCost, 0, (15, 60))),
        shortage_cost: chance.happens(About::Shortage, 0, 0.3).then(|| {
            let factor = 1.0 + 1.5 * chance.uniform(About::Shortage, 1);
            (f64::from(price - unit_cost) * factor) as u32
        }),
        order_multiple,
        minimum_order: order_multiple * chance.whole(About::MinimumOrder, 0, (1, 2)),
        volume: (chance.skewed(About::Volume, category.volume) * 100.0 + 0.5) as u32 * 10,
    }
}

fn pattern(category: &Category, chance: Chance) -> Pattern {
    let drawn = chance.uniform(About::Pattern, 0);
    let intermittent = category.steady + (1.0 - category.steady) * 2.0 / 3.0;
    if drawn < category.steady {
        Pattern::Steady {
            mean: chance.skewed(About::Rate, category.rate),
            shape: chance
                .happens(About::Spread, 1, 0.65)
                .then(|| chance.skewed(About::Spread, (2.5, 30.0))),
        }
    } else if drawn < intermittent {
        Pattern::Sparse {
            chance: chance.skewed(About::Rate, (0.05, 0.35)),
            more: chance.between(About::Size, (0.1, 0.8)),
            shape: 2.0,
        }
    } else {
        Pattern::Sparse {
            chance: chance.skewed(About::Rate, (0.04, 0.18)),
            more: chance.skewed(About::Size, (4.0, 16.0)),
            shape: chance.between(About::Spread, (0.8, 2.5)),
        }
    }
}

/// Units in a case: more of what sells more.
fn case_pack(pattern: &Pattern, chance: Chance) -> u32 {
    let cases: &[u32] = match pattern {
        Pattern::Steady { mean, .. } if *mean >= 6.0 => &[6, 12, 12, 24],
        Pattern::Steady { .. } => &[1, 4, 6, 6, 12],
        Pattern::Sparse { .. } => &[1, 1, 1, 2, 4],
    };
    cases[chance.whole(About::CasePack, 0, (0, cases.len() as u32 - 1)) as usize]
}

/// Exact numbers of each, spread over the assortment by lot.
fn assign_lives(articles: &mut [Article], days: usize) {
    let mut lots: Vec<usize> = (0..articles.len()).collect();
    lots.sort_by(|&one, &other| {
        let lot = |at: usize| articles[at].chance.uniform(About::Fate, 0);
        lot(one).total_cmp(&lot(other))
    });
    for (rank, at) in lots.into_iter().enumerate() {
        let chance = articles[at].chance;
        let part = |low, high| (chance.between(About::Span, (low, high)) * days as f64) as usize;
        articles[at].life = if rank < NEW {
            Life::New { first: part(0.15, 0.85) }
        } else if rank < NEW + DYING {
            let ends = part(0.6, 0.9);
            Life::Dying { fades: ends - 100, ends }
        } else if rank < NEW + DYING + TRENDING {
            let size = chance.between(About::Span, (0.15, 0.4));
            Life::Trending { change: if rank % 2 == 0 { size } else { -size } }
        } else {
            Life::Whole
        };
    }
}

impl Article {
    /// The day of the item's first row.
    pub(super) fn first(&self) -> usize {
        if let Life::New { first } = self.life { first } else { 0 }
    }

    /// Demand on `day` of `days`, relative to the item's usual demand in an average week.
    pub(super) fn level(&self, day: usize, days: usize, part_of_year: f64) -> f64 {
        let turn = 2.0 * std::f64::consts::PI * (part_of_year - self.category.season.1);
        (1.0 + self.season * libm::cos(turn)) * self.life.level(day, days)
    }
}

impl Life {
    fn level(&self, day: usize, days: usize) -> f64 {
        match *self {
            Life::Whole => 1.0,
            // Six weeks until the customers know it.
            Life::New { first } => (0.4 + (day - first) as f64 / 60.0).min(1.0),
            Life::Dying { fades, ends } => {
                ((ends as f64 - day as f64) / (ends - fades) as f64).clamp(0.0, 1.0)
            }
            Life::Trending { change } => 1.0 + change * (day as f64 / days as f64 - 0.5),
        }
    }

    /// Whether nobody asks for the item any more on `day`.
    pub(super) fn is_over(&self, day: usize) -> bool {
        matches!(*self, Life::Dying { ends, .. } if day >= ends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_categories_add_up() {
        assert_eq!(CATEGORIES.iter().map(|category| category.items).sum::<u32>(), ITEMS);
        for category in &CATEGORIES {
            let week: f64 = category.week.iter().sum();
            assert!((week - 6.0).abs() < 1e-9, "{}: {week}", category.name);
        }
    }

    #[test]
    fn some_items_are_new_and_some_are_dying() {
        let articles = assortment(623);
        let count = |which: fn(&Life) -> bool| articles.iter().filter(|a| which(&a.life)).count();
        assert_eq!(count(|life| matches!(life, Life::New { .. })), NEW);
        assert_eq!(count(|life| matches!(life, Life::Dying { .. })), DYING);
        assert_eq!(count(|life| matches!(life, Life::Trending { .. })), TRENDING);
    }

    #[test]
    fn every_item_earns_something() {
        for article in assortment(623) {
            assert!(article.unit_cost > 0 && article.unit_cost < article.price, "{}", article.name);
            assert!(article.volume > 0, "{}", article.name);
        }
    }
}
