//! Searched: the cheapest (s, S) policy that simulation finds.

use super::{Method, Strategy};

pub(super) const STRATEGY: Strategy = Strategy {
    name: "searched",
    summary: "the cheapest (s, S) found by simulating many on the model's scenarios",
    method: Method::Search,
};
