//! Forecasts beside those of another program.
#![allow(missing_docs)]

mod ets;
mod intermittent;
