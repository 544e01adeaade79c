//! Plans of the coming periods that cannot be made as they are asked for.

use super::Change::{Append, Swap, Write};
use super::{Case, ITEMS, STUDY};

const DISCOUNTS: &str = "discounts.csv";
const TRANSFERS: &str = "transfers.csv";

const fn case(name: &'static str, exit: i32, changes: &'static [super::Change]) -> Case {
    Case { name, exit, changes }
}

/// The items with what is in stock, for a plan starts from it.
const STOCKED: super::Change =
    Write(ITEMS, b"item,unit_cost,price,on_hand\nlamp,6.00,10.00,12\nrope,1.50,2.50,8\n");

/// Discounts are asked for.
const ASKED: super::Change =
    Append(STUDY, "[order_plan]\nperiods = 9\ndiscounts = \"discounts.csv\"\n");

pub(super) const CASES: &[Case] = &[
    // Keys.
    case(
        "plan_counts_and_words_wrong",
        2,
        &[Append(STUDY, "[order_plan]\nmethod = \"programm\"\nnodes = 0\nscenarios = 1\n")],
    ),
    case(
        "plan_shares_wrong",
        2,
        &[Append(
            STUDY,
            "[order_plan]\nfill_rate = 97\nitem_fill_rate = 1.0\nshortage_tail_share = 0.2\n",
        )],
    ),
    case(
        "plan_by_prices_of_more_than_it_knows",
        2,
        &[
            Swap(STUDY, "unmet = \"lost\"", "unmet = \"backorder\"\nreceiving_days = \"x-\""),
            Append(
                STUDY,
                "[suppliers.defaults]\ntruck_cost = 90\ntruck_volume = 60\n[order_plan]\n\
                 method = \"prices\"\nfill_rate = 0.9\ndiscounts = \"discounts.csv\"\n\
                 [order_plan.space_by_location]\nnorth = 100.0\n",
            ),
        ],
    ),
    case(
        "plan_of_the_freshest_first",
        2,
        &[Append(STUDY, "[shelf]\nlife_periods = 9\nissue = \"lifo\"\n[order_plan]\n")],
    ),
    case(
        "space_by_location_wrong",
        2,
        &[Append(STUDY, "[order_plan.space_by_location]\nnorth = \"100\"\n")],
    ),
    case("trucks_without_a_plan", 2, &[Append(STUDY, "[suppliers.defaults]\ntruck_cost = 90\n")]),
    case(
        "trucks_make_no_sense",
        2,
        &[Append(
            STUDY,
            "[suppliers.defaults]\ntruck_cost = 90\nmost_trucks = 2\n[suppliers.named.ACME]\n\
             truck_volume = 0\ntruck_weight = -4\nmost_trucks = 5000000\n\
             capacity_time_per_period = -1\n[order_plan]\n",
        )],
    ),
    // Items.
    case(
        "trucks_of_what_takes_no_room",
        3,
        &[
            Append(
                STUDY,
                "[suppliers.defaults]\ntruck_cost = 90\ntruck_volume = 60\n\
                 [suppliers.named.EMCA]\ncapacity_time_per_period = 8\n[order_plan]\n",
            ),
            Write(
                ITEMS,
                b"item,unit_cost,price,on_hand,supplier,volume\nlamp,6.00,10.00,12,ACME,\n\
                       rope,1.50,2.50,8,EMCA,3\n",
            ),
        ],
    ),
    case(
        "plan_values_of_items_wrong",
        3,
        &[Write(
            ITEMS,
            b"item,unit_cost,price,weight,unit_time,set_up_time,safety_stock\n\
                       lamp,6.00,10.00,-1,-2,-3,-4\nrope,1.50,2.50,heavy,,,\n",
        )],
    ),
    case(
        "channels_of_nothing",
        3,
        &[
            Append(STUDY, "[order_plan]\n"),
            Write(
                ITEMS,
                b"item,unit_cost,price,on_hand,stock_of\nlamp,6.00,10.00,12,ropes\n\
                       rope,1.50,2.50,8,rope\nweb,1.50,2.50,8,rope\n",
            ),
        ],
    ),
    case(
        "channel_that_contradicts_its_stock",
        3,
        &[
            Append(STUDY, "[order_plan]\n"),
            Write(
                ITEMS,
                b"item,unit_cost,price,on_hand,supplier,stock_of,volume\n\
                       lamp,6.00,10.00,12,ACME,,\nrope,1.50,2.50,8,EMCA,lamp,2\n",
            ),
        ],
    ),
    case(
        "channel_of_what_is_left_out",
        3,
        &[
            Swap(STUDY, "file = \"items.csv\"", "file = \"items.csv\"\nunmatched = \"warn\""),
            Append(STUDY, "[order_plan]\n"),
            Write(
                ITEMS,
                b"item,unit_cost,price,on_hand,stock_of\nlamp,6.00,10.00,,tent\n\
                       rope,1.50,2.50,8,\ntent,6.00,10.00,5,\n",
            ),
        ],
    ),
    case(
        "locations_of_nothing",
        3,
        &[STOCKED, Append(STUDY, "[order_plan]\n[order_plan.space_by_location]\nnorth = 100.0\n")],
    ),
    case(
        "plan_too_large",
        3,
        &[
            STOCKED,
            Append(STUDY, "[order_plan]\nmethod = \"program\"\nperiods = 31\nscenarios = 1000\n"),
        ],
    ),
    case(
        "plan_too_large_for_what_it_needs",
        3,
        &[
            STOCKED,
            Append(STUDY, "[order_plan]\nfill_rate = 0.9\nperiods = 31\nscenarios = 1000\n"),
        ],
    ),
    // Discounts.
    case("discounts_absent", 4, &[STOCKED, ASKED]),
    case(
        "discounts_without_a_column",
        3,
        &[STOCKED, ASKED, Write(DISCOUNTS, b"item,from,unit_cost\nlamp,10,5\n")],
    ),
    case(
        "discounts_with_another_delimiter",
        3,
        &[STOCKED, ASKED, Write(DISCOUNTS, b"item;from_units;unit_cost\nlamp;10;5\n")],
    ),
    case(
        "discounts_at_odds",
        3,
        &[
            STOCKED,
            ASKED,
            Write(
                DISCOUNTS,
                b"item,from_units,unit_cost,kind\nlamp,10,5,\nlamp,50,5.5,\nlamp,99,4.5,\n\
                       lamp,99,4,\nrope,0,1,\nrope,,1,\nrope,20,-1,\nrope,10,1.2,whole\n\
                       rope,30,1.1,\nrope,40,1,incremental\n",
            ),
        ],
    ),
    case(
        "discounts_of_nothing",
        3,
        &[
            ASKED,
            Write(
                ITEMS,
                b"item,unit_cost,price,on_hand,stock_of\nlamp,6.00,10.00,12,\nrope,,8.00,,lamp\n",
            ),
            Write(
                DISCOUNTS,
                b"item,from_units,unit_cost\nlamps,10,5\nrope,10,5\nlamp,10,6\ntent,5,1\n",
            ),
        ],
    ),
    // Transfers.
    case(
        "transfers_wrong",
        3,
        &[
            STOCKED,
            Append(STUDY, "[order_plan]\nperiods = 9\ntransfers = \"transfers.csv\"\n"),
            Write(
                TRANSFERS,
                b"item_from,item_to,lead_time_periods,cost_per_unit,cost_per_shipment\n\
                       lamp,lamp,1,0,0\nlamp,rope,1,0,0\nrope,lamp,,,\nlamp,rope,2,0,0\n\
                       rope,lamp,0.5,-1,x\n,rope,,,\n",
            ),
        ],
    ),
    case(
        "transfers_of_nothing",
        3,
        &[
            STOCKED,
            Append(STUDY, "[order_plan]\nperiods = 9\ntransfers = \"transfers.csv\"\n"),
            Write(TRANSFERS, b"item_from,item_to\nlamp,robe\nrope,tent\n"),
        ],
    ),
    case(
        "transfers_of_what_spoils",
        3,
        &[
            STOCKED,
            Append(
                STUDY,
                "[shelf]\nlife_periods = 9\n[order_plan]\nperiods = 9\ntransfers = \"transfers.csv\"\n",
            ),
            Write(TRANSFERS, b"item_from,item_to\nlamp,rope\n"),
        ],
    ),
];

/// A supplier whose orders cost something, and its items.
const SUPPLIED: super::Change = Write(
    ITEMS,
    b"item,unit_cost,price,on_hand,supplier\nlamp,6.00,10.00,12,ACME\nrope,1.50,2.50,8,ACME\n",
);

/// Studies whose plan is another than may be thought.
pub(super) const ODD: &[Case] = &[
    case(
        "odd_plan_by_prices",
        0,
        &[
            SUPPLIED,
            Append(
                STUDY,
                "[suppliers.defaults]\norder_cost = 5\n[order_plan]\nmethod = \"prices\"\n",
            ),
        ],
    ),
    case(
        "odd_plan_too_large",
        0,
        &[
            SUPPLIED,
            Append(
                STUDY,
                "[suppliers.defaults]\norder_cost = 5\n[order_plan]\nperiods = 31\n\
                 scenarios = 1000\n",
            ),
        ],
    ),
    case(
        "odd_plan_of_what_is_left_out",
        0,
        &[
            Swap(STUDY, "file = \"items.csv\"", "file = \"items.csv\"\nunmatched = \"warn\""),
            Append(
                STUDY,
                "[order_plan]\nperiods = 9\ndiscounts = \"discounts.csv\"\n\
                 transfers = \"transfers.csv\"\n",
            ),
            Write(ITEMS, b"item,unit_cost,price,on_hand\nlamp,6.00,10.00,12\ntent,60.00,90.00,2\n"),
            Write(
                DISCOUNTS,
                b"item,from_units,unit_cost,note\nrope,10,1,x\ntent,5,50,\nlamp,9,5,\n",
            ),
            Write(TRANSFERS, b"item_from,item_to\nlamp,tent\n"),
        ],
    ),
];
