//! Demand: its history, a model fitted to it, and scenarios drawn from the model.
//!
//! | read            | to learn                                                       |
//! |-----------------|----------------------------------------------------------------|
//! | [`Calendar`]    | what a period is: days, weeks or months, less closed days       |
//! | [`History`]     | sales by item and period, and which periods say nothing         |
//! | [`backtest`]    | how well a model would have foreseen what came                  |
//! | [`classes`]     | what kind of item it is                                         |
//! | [`outliers`]    | sales far above the usual                                       |
//! | [`demand`]      | the distributions of one period's demand, one file each         |
//! | [`fit()`]       | which of them an item gets, and why                             |
//! | [`forecast`]    | models of demand in time, one file each                        |
//! | [`Scenarios`]   | demand drawn from coordinates alone, on any rank, in any order  |
//! | [`Supply`]      | lead times, yield and outages that chance decides               |
//! | [`Streams`]     | the random numbers behind it                                    |
//!
//! This crate reads no files and starts no threads.

mod avx512;
pub mod backtest;
pub mod bytes;
mod calendar;
pub mod classes;
pub mod cleaning;
pub mod demand;
pub mod fit;
pub mod forecast;
mod history;
mod masses;
pub mod outliers;
mod random;
mod special;
mod stream;
mod supply;
mod table;
pub mod unit_mistakes;

pub use calendar::{Calendar, Date, Length, Weekday};
pub use demand::Demand;
pub use fit::{DemandModel, FitOptions, fit};
pub use history::{History, PackedSeries, Series};
pub use masses::Masses;
pub use random::Random;
pub use stream::{MAX_SEED, Purpose, Streams, philox};
pub use supply::{Outages, Supply, gamma_lead_times, observed_lead_times};
pub use table::Scenarios;
