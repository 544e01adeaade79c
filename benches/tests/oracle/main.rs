//! Forecasts beside those of another program.
#![allow(missing_docs)]

mod arima;
mod ets;
mod intermittent;
mod theta;
