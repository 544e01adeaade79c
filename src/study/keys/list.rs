//! Every section of a study file and its keys.

use super::Kind::{
    self, Closed, Columns, Flag, Named, Number, Numbers, Section, Settings, Text, Texts, Whole,
    Wholes,
};

/// Every section and the keys it may have; a test compares them with what is read.
pub(in crate::study) const KEYS: &[(&str, &[(&str, Kind)])] = &[
    (
        "",
        &[
            ("schema", Whole),
            ("name", Text),
            ("seed", Whole),
            ("sales", Section),
            ("calendar", Section),
            ("items", Section),
            ("forecast", Section),
            ("events", Section),
            ("supply", Section),
            ("shelf", Section),
            ("suppliers", Section),
            ("simulation", Section),
            ("strategies", Section),
            ("selection", Section),
            ("constraints", Section),
            ("report", Section),
        ],
    ),
    (
        "sales",
        &[
            ("file", Text),
            ("columns", Columns),
            ("gaps", Text),
            ("duplicates", Text),
            ("returns", Text),
            ("outliers", Text),
            ("unit_mistakes", Text),
            ("delimiter", Text),
            ("decimal", Text),
            ("date_format", Text),
        ],
    ),
    (
        "forecast",
        &[
            ("models", Texts),
            ("judged_by", Text),
            ("combine", Whole),
            ("windows", Whole),
            ("calibrate", Flag),
            ("scenarios_from", Text),
            ("tuning", Text),
            ("tuning_trials", Whole),
            ("options", Settings),
        ],
    ),
    ("calendar", &[("period", Text), ("week_starts", Text), ("closed", Closed)]),
    (
        "items",
        &[
            ("file", Text),
            ("columns", Columns),
            ("unmatched", Text),
            ("delimiter", Text),
            ("decimal", Text),
            ("defaults", Section),
        ],
    ),
    (
        "items.defaults",
        &[
            ("lead_time_periods", Whole),
            ("order_cost", Number),
            ("holding_rate_per_year", Number),
            ("holding_cost_per_unit_period", Number),
            ("unit_cost_share_of_price", Number),
            ("shortage_cost_per_unit", Number),
            ("minimum_order", Number),
            ("order_multiple", Number),
            ("maximum_order", Number),
            ("waiting_cost_per_unit_period", Number),
            ("volume", Number),
        ],
    ),
    (
        "events",
        &[
            ("review", Text),
            ("unmet", Text),
            ("holding_on", Text),
            ("review_every_periods", Whole),
            ("review_phase", Whole),
            ("lost_fraction", Number),
            ("patience_periods", Whole),
            ("ordering_days", Text),
            ("receiving_days", Text),
        ],
    ),
    (
        "supply",
        &[
            ("lead_time_deviation_periods", Number),
            ("observed_lead_times", Wholes),
            ("orders_cross", Flag),
            ("yield_low", Number),
            ("yield_high", Number),
            ("failure_probability", Number),
            ("recovery_probability", Number),
            ("first_delivery_share", Number),
            ("rest_after_periods", Whole),
            ("expedited_lead_time_periods", Whole),
            ("expedited_premium_share", Number),
        ],
    ),
    ("shelf", &[("life_periods", Whole), ("issue", Text), ("waste_cost_per_unit", Number)]),
    ("suppliers", &[("defaults", Section), ("named", Named)]),
    ("suppliers.defaults", SUPPLIER),
    ("suppliers.named.any", SUPPLIER),
    (
        "simulation",
        &[
            ("periods", Whole),
            ("warm_up_periods", Whole),
            ("scenarios", Whole),
            ("search_scenarios", Whole),
        ],
    ),
    (
        "strategies",
        &[
            ("compare", Texts),
            ("policy", Text),
            ("days_of_cover", Number),
            ("demand_share", Number),
            ("fill_rate", Number),
            ("class_service_levels", Numbers),
            ("tail_share", Number),
            ("search", Text),
            ("service_level", Number),
        ],
    ),
    ("selection", &[("alpha", Number), ("indifference_share", Number), ("most_scenarios", Whole)]),
    (
        "constraints",
        &[
            ("stock_budget", Number),
            ("stock_budget_share", Number),
            ("volume_limit", Number),
            ("volume_limit_share", Number),
        ],
    ),
    (
        "report",
        &[("confidence_level", Number), ("half_width_share", Number), ("replay_periods", Whole)],
    ),
];

/// Terms of a supplier.
const SUPPLIER: &[(&str, Kind)] = &[
    ("order_cost", Number),
    ("minimum_order", Number),
    ("maximum_order", Number),
    ("counts", Text),
    ("below_minimum", Text),
];
