//! Searched: the cheapest policy of the study's family that simulation finds; see [`crate::search`].

use super::{Method, Strategy};

pub(super) const STRATEGY: Strategy = Strategy {
    name: "searched",
    summary: "the cheapest policy found by simulating many on the model's scenarios",
    method: Method::Search,
};
