//! Forecasts against those of another program.
#![allow(missing_docs)]

mod arima;
mod theta;
