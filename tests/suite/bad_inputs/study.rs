//! Study files that are wrong.

use super::Change::{Append, Folder, Remove, Swap, Turn, Write};
use super::{Case, ITEMS, STUDY};

const fn case(name: &'static str, exit: i32, changes: &'static [super::Change]) -> Case {
    Case { name, exit, changes }
}

pub(super) const CASES: &[Case] = &[
    case("study_absent", 4, &[Remove(STUDY)]),
    case("study_is_a_folder", 4, &[Folder(STUDY)]),
    case("study_empty", 2, &[Write(STUDY, b"")]),
    case("study_latin_1", 2, &[Write(STUDY, b"schema = 1\nname = \"caf\xe9\"\n")]),
    case("study_utf_16", 2, &[Turn(STUDY, super::tables::utf_16)]),
    case("study_syntax", 2, &[Swap(STUDY, "name = \"shop\"", "name = \"shop")]),
    case("study_path_of_windows", 2, &[Swap(STUDY, "\"sales.csv\"", "\"C:\\data\\sales.csv\"")]),
    case("study_decimal_comma", 2, &[Swap(STUDY, "order_cost = 5.0", "order_cost = 5,0")]),
    case("study_value_missing", 2, &[Swap(STUDY, "seed = 7", "seed =")]),
    case("study_word_without_quotes", 2, &[Swap(STUDY, "\"lost\"", "lost")]),
    case("study_nested_deeply", 2, &[Turn(STUDY, |_| b"[".repeat(100_000))]),
    case(
        "study_value_nested_deeply",
        2,
        &[Turn(STUDY, |_| [b"schema = ".to_vec(), b"[".repeat(100_000)].concat())],
    ),
    case(
        "schema_of_the_future",
        2,
        &[
            Swap(STUDY, "schema = 1", "schema = 2"),
            Swap(STUDY, "[events]", "[events]\nquantum_leaps = true"),
        ],
    ),
    case(
        "forecast_options",
        2,
        &[Append(
            STUDY,
            "\n[forecast]\ntuning = \"bayes\"\n[forecast.options.moving-avrage]\nwindow = 5\n\
             [forecast.options.tsb]\nshare_of_size = 0.1\nshare_of_probability = 7\n",
        )],
    ),
    case(
        "forecast_option_is_no_number",
        2,
        &[Append(STUDY, "\n[forecast.options.ridge]\npenalty = \"high\"\n")],
    ),
    case("schema_absent", 2, &[Swap(STUDY, "schema = 1\n", "")]),
    case("sales_section_absent", 2, &[Swap(STUDY, "[sales]\nfile = \"sales.csv\"\n", "")]),
    case(
        "number_not_finite",
        2,
        &[
            Swap(STUDY, "order_cost = 5.0", "order_cost = nan"),
            Swap(STUDY, "holding_rate_per_year = 0.25", "holding_rate_per_year = inf"),
            Swap(STUDY, "service_level = 0.95", "service_level = 1e400"),
        ],
    ),
    case("key_misspelt", 2, &[Swap(STUDY, "search_scenarios = 32", "search_scenario = 32")]),
    case(
        "key_unknown",
        2,
        &[
            Swap(STUDY, "unmet = \"lost\"", "colour = \"red\""),
            Append(STUDY, "[storage]\nshelves = 4\n"),
        ],
    ),
    case(
        "key_in_another_section",
        2,
        &[Swap(STUDY, "unmet = \"lost\"", "unmet = \"lost\"\nperiods = 28\nseed = 7")],
    ),
    case(
        "section_is_a_value",
        2,
        &[
            Swap(STUDY, "[calendar]\nperiod = \"day\"", "[[calendar]]\nperiod = \"day\""),
            Swap(STUDY, "seed = 7", "seed = 7\nreport = 0.95"),
        ],
    ),
    case(
        "unmet_needs_its_number",
        2,
        &[Swap(STUDY, "unmet = \"lost\"", "unmet = \"partly-lost\"\npatience_periods = 3")],
    ),
    case(
        "unmet_fraction_in_per_cent",
        2,
        &[Swap(STUDY, "unmet = \"lost\"", "unmet = \"partly-lost\"\nlost_fraction = 70")],
    ),
    case("patience_absent", 2, &[Swap(STUDY, "unmet = \"lost\"", "unmet = \"patient\"")]),
    case(
        "days_never_open",
        2,
        &[Swap(
            STUDY,
            "unmet = \"lost\"",
            "unmet = \"lost\"\nordering_days = \"-----\"\nreceiving_days = \"mon-fri\"",
        )],
    ),
    case(
        "supply_makes_no_sense",
        2,
        &[Append(
            STUDY,
            "[supply]\nlead_time_deviation_periods = -2\nyield_low = 0.9\nyield_high = 0.5\n\
             failure_probability = 0.1\nrecovery_probability = 0.0\nfirst_delivery_share = 70\n\
             rest_after_periods = 2\nexpedited_lead_time_periods = 0\n",
        )],
    ),
    case(
        "supply_types_wrong",
        2,
        &[Append(STUDY, "[supply]\norders_cross = \"no\"\nobserved_lead_times = [3, -4]\n")],
    ),
    case(
        "shelf_makes_no_sense",
        2,
        &[Append(STUDY, "[shelf]\nlife_periods = 0\nissue = \"filo\"\n")],
    ),
    case(
        "supplier_terms_make_no_sense",
        2,
        &[Append(
            STUDY,
            "[suppliers.defaults]\norder_cost = -5\nminimum_order = 500\ncounts = \"weight\"\n\
             [suppliers.named.\"ACME Ltd.\"]\nmaximum_order = 100\nbelow_minimum = \"top up\"\n",
        )],
    ),
    case(
        "supplier_keys_unknown",
        2,
        &[Append(STUDY, "[suppliers]\norder_cost = 5\n[suppliers.named.ACME]\nminimum = 500\n")],
    ),
    case("supplier_is_a_value", 2, &[Append(STUDY, "[suppliers.named]\nACME = 500\n")]),
    case(
        "supplier_terms_beside_chance",
        2,
        &[
            Swap(STUDY, "unmet = \"lost\"", "unmet = \"patient\"\npatience_periods = 3"),
            Append(
                STUDY,
                "[suppliers.defaults]\norder_cost = 5\n[supply]\nyield_low = 0.5\n\
                 yield_high = 1.0\n[shelf]\nlife_periods = 9\n",
            ),
        ],
    ),
    case("supplier_of_nothing", 3, &[Append(STUDY, "[suppliers.defaults]\norder_cost = 5\n")]),
    case(
        "supplier_misspelt",
        3,
        &[
            Append(STUDY, "[suppliers.named.AMCE]\norder_cost = 5\n"),
            Write(ITEMS, b"item,unit_cost,price,supplier\nlamp,6.00,10.00,ACME\nrope,1.50,2.50,\n"),
        ],
    ),
    case(
        "supplier_of_what_spoils",
        3,
        &[
            Append(STUDY, "[suppliers.defaults]\norder_cost = 5\n"),
            Write(
                ITEMS,
                b"item,unit_cost,price,shelf_life_periods,lead_time_deviation_periods,supplier\n\
                       lamp,6.00,10.00,7,,ACME\nrope,1.50,2.50,,1.5,ACME\n",
            ),
        ],
    ),
    case(
        "lead_times_said_twice",
        3,
        &[
            Append(STUDY, "[supply]\nobserved_lead_times = [2, 3]\n"),
            Write(
                ITEMS,
                b"item,unit_cost,price,shelf_life_periods,lead_time_deviation_periods\n\
                       lamp,6.00,10.00,7,\nrope,1.50,2.50,,1.5\n",
            ),
        ],
    ),
    case(
        "supplier_that_weighs",
        3,
        &[
            Append(STUDY, "[suppliers.defaults]\nmaximum_order = 70\ncounts = \"volume\"\n"),
            Write(
                ITEMS,
                b"item,unit_cost,price,volume,order_multiple,supplier\n\
                       lamp,6.00,10.00,,,ACME\nrope,1.50,2.50,7.3,10,ACME\n",
            ),
        ],
    ),
    case("shelf_without_life", 3, &[Append(STUDY, "[shelf]\nissue = \"lifo\"\n")]),
    case(
        "two_sources_and_one_supplier",
        2,
        &[Swap(STUDY, "service_level = 0.95", "service_level = 0.95\npolicy = \"dual-index\"")],
    ),
    case(
        "terms_that_no_order_meets",
        3,
        &[Swap(
            STUDY,
            "order_cost = 5.0",
            "order_cost = 5.0\nminimum_order = 50\norder_multiple = 40\nmaximum_order = 60",
        )],
    ),
    case(
        "lead_time_beyond_the_horizon",
        3,
        &[Swap(STUDY, "lead_time_periods = 2", "lead_time_periods = 200")],
    ),
    case(
        "fast_source_slower_than_the_other",
        3,
        &[Append(
            STUDY,
            "[supply]\nexpedited_lead_time_periods = 5\nexpedited_premium_share = 0.1\n",
        )],
    ),
    case(
        "waiting_costs_nothing_known",
        3,
        &[Swap(STUDY, "unmet = \"lost\"", "unmet = \"patient\"\npatience_periods = 3")],
    ),
    case("key_twice", 2, &[Swap(STUDY, "seed = 7", "seed = 7\nseed = 8")]),
    case("section_twice", 2, &[Append(STUDY, "[events]\nreview_phase = 0\n")]),
    case("type_wrong", 2, &[Swap(STUDY, "scenarios = 32", "scenarios = \"many\"")]),
    case("fraction_for_a_whole_number", 2, &[Swap(STUDY, "periods = 28", "periods = 28.5")]),
    case("number_in_quotes", 2, &[Swap(STUDY, "order_cost = 5.0", "order_cost = \"5.0\"")]),
    case("list_for_a_word", 2, &[Swap(STUDY, "period = \"day\"", "period = [\"day\"]")]),
    case("number_below_zero", 2, &[Swap(STUDY, "lead_time_periods = 2", "lead_time_periods = -1")]),
    case("number_with_a_leading_zero", 2, &[Swap(STUDY, "scenarios = 32", "scenarios = 032")]),
    case("number_too_large", 2, &[Swap(STUDY, "schema = 1", "schema = 4294967296")]),
    case("seed_above_2_to_53", 2, &[Swap(STUDY, "seed = 7", "seed = 9007199254740992")]),
    case("seed_above_2_to_64", 2, &[Swap(STUDY, "seed = 7", "seed = 18446744073709551616")]),
    case("seed_below_zero", 2, &[Swap(STUDY, "seed = 7", "seed = -7")]),
    case("name_is_a_path", 2, &[Swap(STUDY, "name = \"shop\"", "name = \"../../etc/shop\"")]),
    case("name_is_dots", 2, &[Swap(STUDY, "name = \"shop\"", "name = \"..\"")]),
    case(
        "levels_in_per_cent",
        2,
        &[
            Swap(STUDY, "service_level = 0.95", "service_level = 95"),
            Append(STUDY, "[report]\nconfidence_level = 95\n"),
        ],
    ),
    case("service_level_one", 2, &[Swap(STUDY, "service_level = 0.95", "service_level = 1.0")]),
    case(
        "defaults_implausible",
        2,
        &[
            Swap(STUDY, "lead_time_periods = 2", "lead_time_periods = 20000"),
            Swap(STUDY, "order_cost = 5.0", "order_cost = -5.0"),
            Swap(STUDY, "holding_rate_per_year = 0.25", "holding_rate_per_year = 25.0"),
            Swap(STUDY, "[events]", "unit_cost_share_of_price = 60.0\n\n[events]"),
        ],
    ),
    case(
        "holding_given_twice",
        2,
        &[Swap(STUDY, "[events]", "holding_cost_per_unit_period = 0.01\n\n[events]")],
    ),
    case(
        "counts_out_of_range",
        2,
        &[
            Swap(STUDY, "periods = 28", "periods = 0"),
            Swap(STUDY, "scenarios = 32", "scenarios = 1"),
            Swap(STUDY, "search_scenarios = 32", "search_scenarios = 100000"),
            Swap(STUDY, "[simulation]", "review_every_periods = 0\n\n[simulation]"),
        ],
    ),
    case(
        "review_phase_too_late",
        2,
        &[Swap(
            STUDY,
            "[simulation]",
            "review_every_periods = 7\nreview_phase = 7\n\n[simulation]",
        )],
    ),
    case(
        "choices_unknown",
        2,
        &[
            Swap(STUDY, "\"lost\"", "\"lots\""),
            Swap(STUDY, "period = \"day\"", "period = \"fortnight\""),
            Swap(STUDY, "file = \"sales.csv\"", "file = \"sales.csv\"\ngaps = \"zeros\""),
            Swap(STUDY, "\"z-sigma\"", "\"z_sigma\", \"oracle\""),
            Swap(STUDY, "[strategies]", "[strategies]\npolicy = \"minmax\""),
        ],
    ),
    case("strategy_twice", 2, &[Swap(STUDY, "\"z-sigma\"", "\"newsvendor\"")]),
    case("strategies_none", 2, &[Swap(STUDY, "\"z-sigma\", \"newsvendor\"", "")]),
    case(
        "closed_days_wrong",
        2,
        &[Swap(STUDY, "period = \"day\"", "closed = [\"sunday\", \"sonntag\", \"25.12.2024\"]")],
    ),
    case(
        "closed_in_a_weekly_calendar",
        2,
        &[Swap(STUDY, "period = \"day\"", "period = \"week\"\nclosed = [\"sunday\"]")],
    ),
    case("closed_is_a_date", 2, &[Swap(STUDY, "period = \"day\"", "closed = 2024-12-25")]),
    case(
        "delimiter_of_two_characters",
        2,
        &[Swap(STUDY, "file = \"sales.csv\"", "file = \"sales.csv\"\ndelimiter = \", \"")],
    ),
    case(
        "date_format_wrong",
        2,
        &[Swap(STUDY, "file = \"sales.csv\"", "file = \"sales.csv\"\ndate_format = \"%Y-%m-%d\"")],
    ),
    case(
        "columns_wrong",
        3,
        &[Swap(
            STUDY,
            "file = \"sales.csv\"",
            "file = \"sales.csv\"\ncolumns = { unit = \"units\", \
                                             price = \"prise\" }",
        )],
    ),
    case(
        "limits_wrong",
        2,
        &[Append(
            STUDY,
            "[constraints]\nstock_budget = 100.0\nstock_budget_share = 0.5\n\
                       volume_limit = -1.0\n",
        )],
    ),
    case("limit_in_per_cent", 2, &[Append(STUDY, "[constraints]\nstock_budget_share = 80\n")]),
];
