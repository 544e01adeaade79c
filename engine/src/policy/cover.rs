//! Cover: at every review, order up to the expected demand of so many periods.
//!
//! The level follows the seasons: it is the forecast of the periods to be covered, as buyers who think
//! in *days of cover* set it.

use super::{Family, MOST_INTERVAL, Parameter, positive, refuse, take};

pub(super) const FAMILY: Family = Family {
    name: "cover",
    summary: "order up to the expected demand of the coming periods",
    parameters: &[Parameter::time("cover")],
    build: |values, outlook| {
        let [cover] = take("cover", values)?;
        positive("cover", "cover", cover)?;
        if cover > MOST_INTERVAL {
            let reason = format!("cover is {cover}, but must be at most {MOST_INTERVAL} periods");
            return Err(refuse("cover", reason));
        }
        Ok(outlook.phased(|period| outlook.over(period, cover)))
    },
    batches: false,
    two_sources: false,
    size: |sizing| {
        [(sizing.protection() / sizing.mean_demand).clamp(0.01, MOST_INTERVAL), 0.0, 0.0]
    },
    sentence: |values| {
        format!("order up to the expected demand of {} periods at every review", values[0])
    },
};
