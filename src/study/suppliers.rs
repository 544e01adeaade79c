//! What the study file says of suppliers: terms for the orders of all their items together.

use std::collections::BTreeMap;

use engine::{Joint, Shortfall, Units};

use super::file::{File, SupplierTerms};
use super::keys::nearest;
use super::stock::StockedItem;
use super::{Checker, Study};
use crate::table::{Problem, Problems, listed};
pub use load::Load;

mod known;
mod load;

/// Terms by supplier.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Suppliers {
    every: Terms,
    named: BTreeMap<String, Terms>,
}

/// Terms of one supplier.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    /// What couples the orders of its items.
    pub joint: Joint,
    /// What its minimum and maximum count.
    pub counts: Counts,
    /// What carries or makes its goods; it couples nothing in a simulation.
    pub load: Load,
}

/// What a supplier's minimum and maximum count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    /// Units at unit cost \[currency\].
    Value,
    /// Volume.
    Volume,
    /// Units, whatever they are.
    Units,
}

impl Default for Terms {
    fn default() -> Terms {
        Terms { joint: Joint::NOTHING, counts: Counts::Value, load: Load::NOTHING }
    }
}

impl Terms {
    /// Whether they couple anything.
    fn couple(&self) -> bool {
        self.joint != Joint { shortfall: self.joint.shortfall, ..Joint::NOTHING }
    }

    /// Whether orders are weighed.
    pub fn weigh(&self) -> bool {
        self.joint.minimum > 0.0 || self.joint.capacity.is_finite()
    }

    /// What a unit of the item weighs.
    pub fn weight(&self, item: &StockedItem) -> f64 {
        match self.counts {
            // Nobody weighs: every item may come along.
            _ if !self.weigh() => 1.0,
            Counts::Value => item.unit_cost,
            Counts::Volume => item.volume,
            Counts::Units => 1.0,
        }
    }

    /// Why the item cannot be ordered from `supplier` under these terms: a column and a reason.
    pub fn refusal(&self, supplier: &str, item: &StockedItem) -> Option<(&'static str, String)> {
        let (column, noun) = match self.counts {
            Counts::Value => ("unit_cost", "value"),
            Counts::Volume => ("volume", "volume"),
            Counts::Units => ("order_multiple", "units"),
        };
        let chance = [
            ("shelf_life_periods", item.item.shelf.is_some()),
            ("lead_time_deviation_periods", item.lead_time_deviation.is_some_and(|d| d > 0.0)),
        ];
        if let Some((column, _)) = chance.into_iter().find(|(_, given)| *given) {
            let reason = format!(
                "has {column}, which is not known to items that share the terms of a supplier; \
                 remove it, or the terms of `{supplier}`"
            );
            return Some((column, reason));
        }
        let weight = self.weight(item);
        if weight <= 0.0 {
            let reason = format!(
                "has no {column}, but what is ordered from supplier `{supplier}` counts by {noun}; \
                 give it one, or choose another `counts` for the supplier"
            );
            return Some((column, reason));
        }
        let multiple = item.item.order_multiple;
        let smallest: Units = match multiple > 0.0 {
            true => (item.item.minimum_order / multiple).ceil().max(1.0) * multiple,
            false => item.item.minimum_order,
        };
        (self.weigh() && weight * smallest > self.joint.capacity).then(|| {
            let reason = format!(
                "orders {smallest} units at least, which count {} by {noun}, but maximum_order of \
                 supplier `{supplier}` is {}; raise it, or order less at a time",
                (weight * smallest * 1e6).round() / 1e6,
                self.joint.capacity
            );
            ("minimum_order", reason)
        })
    }
}

impl Suppliers {
    /// The terms of the supplier called `name`; `None` if they couple nothing.
    pub fn terms(&self, name: &str) -> Option<Terms> {
        let terms = *self.named.get(name).unwrap_or(&self.every);
        (!name.is_empty() && terms.couple()).then_some(terms)
    }

    /// The terms of the supplier called `name`, whether they couple anything or not; none of an item
    /// without a supplier.
    pub fn all_terms(&self, name: &str) -> Terms {
        match name.is_empty() {
            true => Terms::default(),
            false => *self.named.get(name).unwrap_or(&self.every),
        }
    }

    /// Whether any supplier has trucks or a production line.
    fn any_load(&self) -> bool {
        self.every.load != Load::NOTHING
            || self.named.values().any(|terms| terms.load != Load::NOTHING)
    }

    /// Whether any supplier has terms.
    pub fn any(&self) -> bool {
        self.every.couple() || self.named.values().any(Terms::couple)
    }

    /// The suppliers that have terms of their own.
    pub fn named(&self) -> impl Iterator<Item = &str> {
        self.named.keys().map(String::as_str)
    }
}

/// A supplier with terms, and what it delivers.
#[derive(Clone, Debug, PartialEq)]
pub struct Supplier {
    /// Its name.
    pub name: String,
    /// Its terms.
    pub terms: Terms,
    /// Places of its items among those that are stocked.
    pub items: Vec<usize>,
}

/// Items times periods that are simulated together at most: their demand in 64 scenarios takes
/// 128 to 512 bytes each in memory.
const MOST_TOGETHER: usize = 1_000_000;

/// The suppliers that have terms, in order of name, and their items among `stock`.
///
/// # Errors
///
/// Terms that are nobody's, and suppliers with more items than can be simulated together.
pub fn suppliers_of(study: &Study, stock: &[StockedItem]) -> Result<Vec<Supplier>, Problems> {
    let mut problems = Problems::default();
    let mut items: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, item) in stock.iter().enumerate() {
        items.entry(&item.supplier).or_default().push(place);
    }
    items.remove("");
    let mut refuse = |value: &str, message: String| {
        let of_file = Problem::of_file(&study.file.items.file, message);
        problems.add(Problem { value: value.into(), ..of_file });
    };
    let known: Vec<&str> = items.keys().copied().collect();
    for name in study.suppliers.named().filter(|name| !items.contains_key(name)) {
        let hint = match nearest(name, &known) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => "give the items a column `supplier`".to_owned(),
            None => format!("there are {}", listed(known.iter().copied(), 5)),
        };
        refuse(name, format!("has terms in [suppliers.named], but delivers no item; {hint}"));
    }
    if (study.suppliers.any() || study.suppliers.any_load()) && items.is_empty() {
        let message = "has no supplier for any item, but the study has [suppliers]; give the \
                       items a column `supplier`, or remove the section";
        refuse("", message.to_owned());
    }
    for (name, places) in &items {
        let load = study.suppliers.all_terms(name).load;
        if let Some(message) = load.of_nothing(&places.iter().map(|&place| &stock[place])) {
            refuse(name, message);
        }
    }
    let horizon = study.periods + study.warm_up_periods;
    if study.program.scenarios > 0 && stock.len() * horizon > MOST_TOGETHER {
        let message = format!(
            "has {} items, but over {horizon} periods no more than {} can be ordered together; \
             shorten simulation.periods, or remove [program]",
            stock.len(),
            MOST_TOGETHER / horizon
        );
        refuse("", message);
    }
    let mut suppliers = Vec::new();
    for (name, items) in items {
        let Some(terms) = study.suppliers.terms(name) else { continue };
        if items.len() * horizon > MOST_TOGETHER {
            let message = format!(
                "delivers {} items, but over {horizon} periods no more than {} can be simulated \
                 together; divide the supplier, or shorten simulation.periods",
                items.len(),
                MOST_TOGETHER / horizon
            );
            refuse(name, message);
        }
        suppliers.push(Supplier { name: name.to_owned(), terms, items });
    }
    if problems.is_empty() { Ok(suppliers) } else { Err(problems) }
}

/// Above this, an amount is mistyped.
const MOST: f64 = 1e12;

impl Checker<'_> {
    /// What suppliers demand.
    pub(super) fn suppliers(&mut self, file: &File) -> Suppliers {
        let given = &file.suppliers;
        let every = self.supplier(file, "suppliers.defaults", &given.defaults, Terms::default());
        let mut named = BTreeMap::new();
        for (name, terms) in &given.named {
            let path = format!("suppliers.named.{name}");
            named.insert(name.clone(), self.supplier(file, &path, terms, every));
        }
        let suppliers = Suppliers { every, named };
        if suppliers.any() {
            self.known_to_groups(file, "items that share a supplier's terms", "[suppliers]");
        }
        suppliers
    }

    fn supplier(&mut self, file: &File, path: &str, own: &SupplierTerms, every: Terms) -> Terms {
        let key = |name: &str| format!("{path}.{name}");
        for (name, value) in [("order_cost", own.order_cost), ("minimum_order", own.minimum_order)]
        {
            let value = value.unwrap_or(0.0);
            let fits = (0.0..=MOST).contains(&value);
            self.within(&key(name), value, fits, "must be zero or more");
        }
        if let Some(value) = own.maximum_order {
            let fits = value > 0.0 && value <= MOST;
            let expected = "must be above zero; leave it out if any order is delivered";
            self.within(&key("maximum_order"), value, fits, expected);
        }
        let minimum = own.minimum_order.unwrap_or(every.joint.minimum);
        let capacity = own.maximum_order.unwrap_or(every.joint.capacity);
        if minimum > capacity {
            let own = if own.minimum_order.is_some() { "minimum_order" } else { "maximum_order" };
            let message = format!(
                "makes minimum_order {minimum}, which is above maximum_order {capacity}; lower \
                 the one, or raise the other"
            );
            let value = if own == "minimum_order" { minimum } else { capacity };
            self.refuse(&key(own), &value.to_string(), message);
        }
        let kinds =
            [("value", Counts::Value), ("volume", Counts::Volume), ("units", Counts::Units)];
        let counts = own.counts.as_ref();
        let counts = counts.map(|word| self.choice(&key("counts"), word, &kinds));
        let shortfalls = [("wait", Shortfall::Wait), ("top-up", Shortfall::TopUp)];
        let below = own.below_minimum.as_ref();
        let below = below.map(|word| self.choice(&key("below_minimum"), word, &shortfalls));
        let order_cost = own.order_cost.unwrap_or(every.joint.order_cost);
        let shortfall = below.unwrap_or(every.joint.shortfall);
        let counts = counts.unwrap_or(every.counts);
        let load = self.load(file, path, own, every.load);
        Terms { joint: Joint { order_cost, minimum, shortfall, capacity }, counts, load }
    }
}
