//! How far ahead is planned, and which items no plan of this kind knows.

use std::collections::BTreeSet;

use engine::{ReviewTime, Unmet};

use super::{Method, OrderPlan};
use crate::study::Study;
use crate::study::stock::StockedItem;
use crate::table::{Problem, Problems, listed, nearest, shown};

/// Periods of a plan beside the longest lead time at least, unless the study says.
const BEYOND: usize = 12;

/// Which items a plan does not know, what is said of them, and what may be done.
type Unfit<'a> = (&'a dyn Fn(&StockedItem) -> bool, &'static str, &'static str);

/// What may be done about what the program alone knows.
const BY_PROGRAM: &str = "plans by prices do not know it: write method = \"program\"";

impl Study {
    /// From an order to the period before whose demand it is there \[periods\].
    pub(crate) fn wait_for_order(&self, stocked: &StockedItem) -> usize {
        let after = usize::from(self.events.review == ReviewTime::AfterDemand);
        stocked.item.lead_time_periods + after
    }

    /// How many periods are planned of these items.
    ///
    /// # Errors
    ///
    /// What keeps a plan of them from being made.
    pub(crate) fn planned_periods(&self, stock: &[StockedItem]) -> Result<usize, Problems> {
        let Some(terms) = &self.order_plan else { return Ok(0) };
        let wait = |stocked: &StockedItem| self.wait_for_order(stocked);
        let longest = stock.iter().map(wait).max().unwrap_or(0);
        let beyond = BEYOND.max(2 * self.events.review_interval());
        let simulated = self.periods + self.warm_up_periods;
        let periods = terms.periods.unwrap_or((longest + beyond).min(simulated));
        let mut problems = self.unfit(stock, terms.method);
        problems.append(unknown_locations(terms, stock));
        let arrives = |stocked: &StockedItem| {
            let reviews = (0..periods).filter(|period| self.events.reviewed(*period));
            let arrivals =
                reviews.map(|period| self.events.receiving_days.from(period + wait(stocked)));
            arrivals.into_iter().any(|arrival| arrival < periods)
        };
        let late = stock.iter().filter(|stocked| !arrives(stocked));
        if let Some(stocked) = late.max_by_key(|stocked| wait(stocked)) {
            let instead = match terms.periods {
                Some(_) => "plan for more periods",
                None => "lengthen simulation.periods",
            };
            let (name, wait) = (&stocked.item.name, wait(stocked));
            let message = format!(
                "no order of `{name}`, which takes {wait} periods, arrives within {periods} \
                 periods; {instead}"
            );
            problems.add(Problem::of_file("[order_plan]", message));
        }
        if problems.is_empty() { Ok(periods) } else { Err(problems.in_order()) }
    }

    /// Items that a plan by this method does not know; automatically, one that knows most is made.
    fn unfit(&self, stock: &[StockedItem], method: Method) -> Problems {
        let (prices, waits) = (method == Method::Prices, self.events.unmet == Unmet::Backorder);
        let unfit: [Unfit<'_>; 6] = [
            (
                &|stocked| stocked.stock_of.is_none() && stocked.on_hand.is_none(),
                "has no on_hand",
                "a plan of the coming periods starts from today's stock: give the column",
            ),
            (
                &|stocked| !waits && stocked.on_hand.is_some_and(|units| units < 0.0),
                "has an on_hand below 0",
                "customers who wait are not known to a plan in which unmet demand is lost: give \
                 what is there",
            ),
            (&|stocked| prices && stocked.item.shelf.is_some(), "has a shelf life", BY_PROGRAM),
            (&|stocked| prices && stocked.safety_stock > 0.0, "has a safety_stock", BY_PROGRAM),
            (&|stocked| prices && stocked.stock_of.is_some(), "has a stock_of", BY_PROGRAM),
            (
                &|stocked| self.terms.lead_time_deviation(stocked.lead_time_deviation) > 0.0,
                "has lead times that vary",
                "plans of the coming periods do not know them",
            ),
        ];
        let mut problems = Problems::default();
        for (is_unfit, what, instead) in unfit {
            let mut unfit = stock.iter().filter(|stocked| is_unfit(stocked));
            let Some(first) = unfit.next() else { continue };
            let others = match unfit.count() {
                0 => String::new(),
                others => format!(" and {others} more"),
            };
            let name = &first.item.name;
            let message = format!("{what} for `{name}`{others}; {instead}, or remove [order_plan]");
            problems.add(Problem::of_file(&self.file.items.file, message));
        }
        problems
    }
}

/// Locations that are given room, but have no items.
fn unknown_locations(plan: &OrderPlan, stock: &[StockedItem]) -> Problems {
    let stocked = stock.iter().filter(|item| item.stock_of.is_none());
    let known: BTreeSet<&str> = stocked.filter_map(StockedItem::location).collect();
    let mut problems = Problems::default();
    for location in plan.space_by_location.keys().filter(|name| !known.contains(name.as_str())) {
        let hint = match nearest(location, known.iter().copied()) {
            Some(near) => format!("did you mean `{}`?", shown(near)),
            None if known.is_empty() => "no item has a location: name them `item@location`".into(),
            None => format!("there are {}", listed(known.iter().copied(), 5)),
        };
        let message = format!("is given room in space_by_location, but has no item; {hint}");
        let problem = Problem::of_file("[order_plan]", message);
        problems.add(Problem { value: location.clone(), ..problem });
    }
    problems
}

#[cfg(test)]
mod tests {
    use cluster::Team;

    use crate::study::Study;
    use crate::study::stock::stocked_items;
    use crate::table::items::read_items;
    use crate::table::sales::read_sales;

    const STUDY: &str = "schema = 1\nname = \"shop\"\nseed = 7\n[sales]\nfile = \"s.csv\"\n\
                         [items]\nfile = \"i.csv\"\n[items.defaults]\nlead_time_periods = 1\n\
                         order_cost = 2\nholding_rate_per_year = 0.2\nshortage_cost_per_unit = 1\n";

    /// How many periods are planned, or why none.
    fn planned(more: &str, items: &str) -> Result<usize, String> {
        let study = Study::parse(&format!("{STUDY}{more}"), "study.toml").unwrap();
        let sales = b"date,item,units\n2024-01-01,a@x,3\n2024-01-01,b@y,2\n";
        let history = read_sales("s.csv", sales, &study.sales, &Team::solo(1).unwrap());
        let history = history.unwrap().expect("this is rank 0");
        let table = format!("item,unit_cost,{items}");
        let (rows, _) = read_items("i.csv", table.as_bytes(), &study.items).unwrap();
        let stock = stocked_items(&study, &history, &rows).unwrap();
        study.planned_periods(&stock).map_err(|problems| problems.to_string())
    }

    const STOCKED: &str = "on_hand\na@x,1,4\nb@y,1,3\n";

    #[test]
    fn an_order_arrives_on_a_receiving_day_of_the_plan() {
        assert_eq!(planned("", STOCKED), Ok(0));
        assert_eq!(planned("[order_plan]\n", STOCKED), Ok(13));
        let weekly = "[events]\nreceiving_days = \"----x\"\n[order_plan]\nperiods = ";
        assert_eq!(planned(&format!("{weekly}5\n"), STOCKED), Ok(5));
        let late = planned(&format!("{weekly}4\n"), STOCKED).unwrap_err();
        assert!(late.contains("arrives within 4 periods; plan for more periods"), "{late}");
    }

    #[test]
    fn customers_who_wait_are_known_where_demand_waits() {
        let waiting = "on_hand\na@x,1,-4\nb@y,1,3\n";
        assert_eq!(planned("[events]\nunmet = \"backorder\"\n[order_plan]\n", waiting), Ok(13));
        let lost = planned("[order_plan]\n", waiting).unwrap_err();
        assert!(lost.contains("has an on_hand below 0 for `a@x`"), "{lost}");
    }

    #[test]
    fn plans_by_prices_know_fewer_items() {
        for (column, values, what) in [
            ("shelf_life_periods", [3, 2], "has a shelf life for `a@x` and 1 more"),
            ("safety_stock", [0, 2], "has a safety_stock for `b@y`"),
        ] {
            let [a, b] = values;
            let items = format!("on_hand,{column}\na@x,1,4,{a}\nb@y,1,3,{b}\n");
            assert_eq!(planned("[order_plan]\n", &items), Ok(13));
            let refused = planned("[order_plan]\nmethod = \"prices\"\n", &items).unwrap_err();
            assert!(refused.contains(what) && refused.contains("\"program\""), "{refused}");
        }
        let channel = "on_hand,stock_of\na@x,1,4,\nb@y,1,,a@x\n";
        assert_eq!(planned("[order_plan]\n", channel), Ok(13));
        let refused = planned("[order_plan]\nmethod = \"prices\"\n", channel).unwrap_err();
        assert!(refused.contains("has a stock_of for `b@y`"), "{refused}");
    }

    #[test]
    fn room_is_given_where_items_are() {
        let room = |location: &str| {
            let more = format!("[order_plan]\nspace_by_location = {{ {location} = 9 }}\n");
            planned(&more, STOCKED)
        };
        assert_eq!(room("y"), Ok(13));
        assert!(room("z").unwrap_err().ends_with("has no item; did you mean `x`?"));
        assert!(room("north").unwrap_err().ends_with("has no item; there are `x`, `y`"));
    }
}
