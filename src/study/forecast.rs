//! `[forecast]`: how demand is foreseen.

use scenarios::forecast::{CATALOGUE, MOST_MEMBERS, MOST_WINDOWS};

use super::Checker;
use super::file::File;

/// How demand is foreseen.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecasting {
    /// Whether each model of the catalogue is tried.
    pub models: Vec<bool>,
    /// What a model is chosen by.
    pub judged_by: JudgedBy,
    /// How many of the best are combined.
    pub members: usize,
    /// Windows that models are tried on.
    pub windows: usize,
    /// Whether distributions are corrected by how often they were right.
    pub calibrates: bool,
    /// Whether scenarios are drawn from what is foreseen, and not from a fixed distribution.
    pub draws_scenarios: bool,
}

/// What a model is chosen by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JudgedBy {
    /// The whole distribution.
    Crps,
    /// The cost of stock at the item's critical ratio.
    Cost,
    /// The mean.
    SquaredError,
}

/// The word for all models that usually are tried.
const AUTOMATIC: &str = "automatic";

impl Checker<'_> {
    pub(super) fn forecast(&mut self, file: &File) -> Forecasting {
        let forecast = &file.forecast;
        let names: Vec<&str> =
            std::iter::once(AUTOMATIC).chain(CATALOGUE.iter().map(|model| model.name)).collect();
        let mut models = vec![false; CATALOGUE.len()];
        for name in &forecast.models {
            if name == AUTOMATIC {
                for (tried, model) in models.iter_mut().zip(CATALOGUE) {
                    *tried |= model.tried;
                }
            } else if let Some(place) = CATALOGUE.iter().position(|model| model.name == name) {
                models[place] = true;
            } else {
                self.unknown("forecast.models", name, &names);
            }
        }
        if forecast.models.is_empty() {
            self.refuse("forecast.models", "", "must name a model, or `automatic`");
        }
        for (key, value, least, most) in [
            ("combine", forecast.combine, 1, MOST_MEMBERS),
            ("windows", forecast.windows, 2, MOST_WINDOWS),
        ] {
            let expected = format!("must be a whole number from {least} to {most}");
            let fits = (least..=most).contains(&value);
            self.within(&format!("forecast.{key}"), value as f64, fits, &expected);
        }
        let criteria = [
            ("crps", JudgedBy::Crps),
            ("cost", JudgedBy::Cost),
            ("squared-error", JudgedBy::SquaredError),
        ];
        let sources = [("distribution", false), ("forecast", true)];
        Forecasting {
            models,
            judged_by: self.choice("forecast.judged_by", &forecast.judged_by, &criteria),
            members: forecast.combine,
            windows: forecast.windows,
            calibrates: forecast.calibrate,
            draws_scenarios: self.choice(
                "forecast.scenarios_from",
                &forecast.scenarios_from,
                &sources,
            ),
        }
    }
}
