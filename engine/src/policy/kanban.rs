//! Kanban: a number of cards, each worth a container; an emptied container sends its card.
//!
//! The same as (s, nQ) with `s = (N − 1) Q` — Sugimori, Kusunoki, Cho & Uchikawa, *Toyota Production
//! System and Kanban System*, International Journal of Production Research 15 (1977) 553–564.

use super::{Family, MOST_UNITS, Parameter, Policy, positive, refuse, take};
use crate::Rule;

pub(super) const FAMILY: Family = Family {
    name: "kanban",
    summary: "each emptied container is ordered again",
    parameters: &[Parameter::cards("cards"), Parameter::units("container")],
    build: |values, _| {
        let [cards, container] = take("kanban", values)?;
        positive("kanban", "container", container)?;
        if cards < 1.0 || cards.fract() != 0.0 {
            let reason = format!("cards is {cards}, but must be a whole number from 1");
            return Err(refuse("kanban", reason));
        }
        if cards * container > MOST_UNITS {
            let reason = format!(
                "cards is {cards} and container is {container}, but together they must hold at \
                 most {MOST_UNITS} units"
            );
            return Err(refuse("kanban", reason));
        }
        Ok(Policy::constant(
            Rule::lots((cards - 1.0) * container, container),
            [(cards - 1.0) * container, cards * container],
        ))
    },
    batches: true,
    two_sources: false,
    size: |sizing| {
        let container = sizing.order_quantity;
        [(sizing.protection() / container).ceil().max(0.0) + 1.0, container, 0.0]
    },
    sentence: |values| {
        format!("{} cards of {} each: order a container when one is empty", values[0], values[1])
    },
};
