//! What a plan of the coming periods is made from beside the items: discounts and transfers.

use std::path::Path;

use cluster::Team;

use super::{Hashed, InputFile, shared};
use crate::error::Error;
use crate::study::discounts::{Discount, discounts};
use crate::study::named::Named;
use crate::study::transfers::{Transfer, transfers};
use crate::table::Problems;
use crate::table::discounts::read_discounts;
use crate::table::transfers::read_transfers;

/// What such a plan knows beside the items, and how it was read.
#[derive(Default)]
pub(super) struct Planned {
    pub(super) discounts: Vec<Discount>,
    pub(super) transfers: Vec<Transfer>,
    pub(super) files: Vec<InputFile>,
    pub(super) notes: Vec<String>,
}

/// Values of a table, its rows that were read, and what the user should know.
type Read<T> = Result<(Vec<T>, usize, Vec<String>), Problems>;

/// Reads the tables that only a plan of the coming periods knows, if the study gives any.
///
/// # Errors
///
/// Everything that is wrong with them, or the first that cannot be read.
pub(super) fn planned(named: &Named<'_>, folder: &Path, team: &Team) -> Result<Planned, Error> {
    let mut planned = Planned::default();
    let Some(plan) = &named.study.file.order_plan else { return Ok(planned) };
    let text = (named.study.items.delimiter, named.study.items.decimal);
    let mut problems = Problems::default();
    if let Some(file) = &plan.discounts {
        let bytes = shared(folder, "order_plan.discounts", file, team)?;
        let read = read_discounts(file, &bytes, text).and_then(|(rows, notes)| {
            let (values, more) = discounts(named, file, &rows)?;
            Ok((values, rows.len(), [notes, more].concat()))
        });
        let described = Hashed::of(&bytes).file("discounts", file);
        planned.discounts = planned.taken(described, read, &mut problems);
    }
    if let Some(file) = &plan.transfers {
        let bytes = shared(folder, "order_plan.transfers", file, team)?;
        let read = read_transfers(file, &bytes, text).and_then(|(rows, notes)| {
            let (values, more) = transfers(named, file, &rows)?;
            Ok((values, rows.len(), [notes, more].concat()))
        });
        let described = Hashed::of(&bytes).file("transfers", file);
        planned.transfers = planned.taken(described, read, &mut problems);
    }
    if problems.is_empty() { Ok(planned) } else { Err(Error::Data(problems)) }
}

impl Planned {
    /// The values of a table, which is entered among the files.
    fn taken<T>(&mut self, file: InputFile, read: Read<T>, problems: &mut Problems) -> Vec<T> {
        match read {
            Ok((values, rows, notes)) => {
                self.files.push(InputFile { rows, ..file });
                self.notes.extend(notes);
                values
            }
            Err(others) => {
                problems.append(others);
                Vec::new()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::Inputs;
    use crate::study::Study;
    use crate::study::order_plan::Method;

    const STUDY: &str = "schema = 1\nname = \"shop\"\nseed = 7\n[sales]\nfile = \"s.csv\"\n\
                         [items]\nfile = \"i.csv\"\n[items.defaults]\nlead_time_periods = 1\n\
                         order_cost = 2\nholding_rate_per_year = 0.2\n\
                         unit_cost_share_of_price = 0.5\n[simulation]\nperiods = 20\n";

    const ITEMS: &str = "item,price,on_hand,safety_stock,stock_of,supplier,weight\n\
                         tea@north,10,4,,,ACME,2\ntea@south,10,3,,,ACME,\n\
                         web,12,,,tea@north,,\n";

    /// The same without a channel.
    const PLAIN: &str = "item,price,on_hand,safety_stock,shortage_cost_per_unit,supplier,weight\n\
                         tea@north,10,4,0,3,ACME,2\ntea@south,10,3,,3,ACME,\nweb,12,1,,3,,\n";

    /// The inputs of a study with `more` in its file, whose tables of items, discounts and transfers
    /// these are.
    fn inputs(more: &str, tables: [&str; 3]) -> Inputs {
        let folder = tempfile::tempdir().unwrap();
        let row = |day| {
            let of = |item| format!("2024-01-0{day},{item},{day}\n");
            ["tea@north", "tea@south", "web"].map(of).concat()
        };
        let sales = "date,item,units\n".to_owned() + &(1..=9).map(row).collect::<String>();
        let [items, discounts, transfers] = tables;
        for (name, text) in
            [("s.csv", &*sales), ("i.csv", items), ("d.csv", discounts), ("t.csv", transfers)]
        {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let study = Study::parse(&format!("{STUDY}{more}"), "study.toml").unwrap();
        Inputs::read(&study, folder.path(), &Team::solo(1).unwrap()).expect("valid")
    }

    #[test]
    fn discounts_transfers_and_channels_find_their_items() {
        let inputs = inputs(
            "[order_plan]\ndiscounts = \"d.csv\"\ntransfers = \"t.csv\"\n",
            [
                ITEMS,
                "item,from_units,unit_cost,kind\ntea@south,20,3,incremental\n\
                 tea@north,10,4.5,\ntea@north,50,4,\n",
                "item_from,item_to,lead_time_periods,cost_per_unit\ntea@south,tea@north,2,0.1\n",
            ],
        );
        let discount = |item, from_units, unit_cost| Discount {
            item,
            from_units,
            unit_cost,
            incremental: item == 1,
        };
        assert_eq!(
            inputs.discounts,
            [discount(0, 10.0, 4.5), discount(0, 50.0, 4.0), discount(1, 20.0, 3.0)]
        );
        let [way] = inputs.transfers[..] else { panic!("one") };
        assert_eq!((way.from, way.to, way.lead_time_periods), (1, 0, 2));
        assert_eq!((way.cost_per_unit, way.cost_per_shipment), (0.1, 0.0));
        let [north, south, web] = &inputs.stock[..] else { panic!("three") };
        assert_eq!((north.stock_of, south.stock_of, web.stock_of), (None, None, Some(0)));
        // The channel has its own price, and the cost, weight and supplier of its stock.
        assert_eq!((web.unit_cost, web.item.shortage_cost_per_unit), (5.0, 7.0));
        assert_eq!((web.weight, &*web.supplier, web.on_hand), (2.0, "ACME", None));
        assert_eq!((north.location(), web.location()), (Some("north"), None));
        assert_eq!(inputs.plan_method, Method::Program);
        let files: Vec<_> = inputs.files.iter().map(|file| (file.table, file.rows)).collect();
        assert_eq!(files, [("sales", 27), ("items", 3), ("discounts", 3), ("transfers", 1)]);
        let (before, _) = inputs.before(1);
        assert!(before.discounts.is_empty() && before.transfers.is_empty());
        assert!(before.stock.iter().all(|item| item.stock_of.is_none()));
    }

    #[test]
    fn without_a_plan_its_columns_are_not_used() {
        let items = ITEMS.replace("web,12,,,tea@north", "web,12,1,3,web");
        let inputs = inputs("", [&items, "", ""]);
        assert!(inputs.stock.iter().all(|item| item.stock_of.is_none()));
        assert_eq!((inputs.stock[2].unit_cost, inputs.plan_method), (6.0, Method::Prices));
    }

    #[test]
    fn the_program_is_chosen_where_it_alone_knows_what_is_given() {
        let method = |more: &str, items: &str| {
            let inputs = inputs(more, [items, "", ""]);
            (inputs.plan_method, inputs.notes)
        };
        let (prices, program) = (Method::Prices, Method::Program);
        assert_eq!(method("[order_plan]\n", PLAIN), (prices, vec![]));
        for given in [
            "method = \"program\"",
            "fill_rate = 0.9",
            "item_fill_rate = 0.9",
            "shortage_tail_limit = 0",
            "space_by_location = { north = 9 }",
            "[events]\nunmet = \"backorder\"",
            "[events]\nreceiving_days = \"x-\"",
            "[shelf]\nlife_periods = 3",
            "[suppliers.defaults]\norder_cost = 3",
            "[suppliers.defaults]\ntruck_cost = 3\ntruck_weight = 100",
        ] {
            let more = format!("[order_plan]\n{given}\n");
            assert_eq!(method(&more, PLAIN), (program, vec![]), "{given}");
        }
        let safe = PLAIN.replace("tea@north,10,4,0", "tea@north,10,4,2");
        assert_eq!(method("[order_plan]\n", &safe), (program, vec![]));
        // Trucks that cost nothing and are without number are none.
        let free = "[order_plan]\n[suppliers.defaults]\ntruck_weight = 100\n";
        assert_eq!(method(free, PLAIN), (prices, vec![]));
    }

    #[test]
    fn terms_of_suppliers_alone_are_left_out_of_what_is_too_large() {
        let more = "[order_plan]\nperiods = 30\nscenarios = 1000\n[suppliers.defaults]\n\
                    order_cost = 3\n";
        let inputs = inputs(more, [PLAIN, "", ""]);
        assert_eq!(inputs.plan_method, Method::Prices);
        let [note] = &inputs.notes[..] else { panic!("one: {:?}", inputs.notes) };
        assert!(note.contains("order_cost") && note.contains("scenarios to at most 222"), "{note}");
    }
}
