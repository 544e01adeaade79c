//! `[forecast]`: how demand is foreseen.

use scenarios::forecast::tuning::{self, Search};
use scenarios::forecast::{CATALOGUE, MOST_MEMBERS, MOST_WINDOWS, Setting, Tunable};

use super::Checker;
use super::file::File;

/// How demand is foreseen.
#[derive(Clone, Debug)]
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
    /// What is set of each model of the catalogue.
    pub settings: Vec<Setting>,
    /// How options that are not set are searched for, if they are.
    pub tuning: Option<&'static Search>,
    /// Settings that are tried of each model, for each pattern of demand.
    pub tuning_trials: usize,
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

/// The most settings that are tried of a model.
const MOST_TRIALS: usize = 200;

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
            ("tuning_trials", forecast.tuning_trials, 2, MOST_TRIALS),
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
        let none = [("none", None)].into_iter();
        let searches: Vec<(&str, Option<&'static Search>)> = none
            .chain(tuning::CATALOGUE.iter().map(|search| (search.name, Some(search))))
            .collect();
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
            settings: self.settings(file),
            tuning: self.choice("forecast.tuning", &forecast.tuning, &searches),
            tuning_trials: forecast.tuning_trials,
        }
    }

    /// What is set of each model of the catalogue.
    fn settings(&mut self, file: &File) -> Vec<Setting> {
        let mut settings = vec![Setting::OWN; CATALOGUE.len()];
        let tunable: Vec<&str> = CATALOGUE
            .iter()
            .filter(|model| !model.options.is_empty())
            .map(|model| model.name)
            .collect();
        for (name, options) in &file.forecast.options {
            let path = format!("forecast.options.{name}");
            if !tunable.contains(&name.as_str()) {
                self.unknown(&path, name, &tunable);
                continue;
            }
            let place = CATALOGUE.iter().position(|model| model.name == name);
            let place = place.expect("its name is a model's");
            let known = CATALOGUE[place].options;
            let names: Vec<&str> = known.iter().map(|option| option.name).collect();
            for (option, &value) in options {
                let path = format!("{path}.{option}");
                let Some(at) = names.iter().position(|name| name == option) else {
                    self.unknown(&path, option, &names);
                    continue;
                };
                let Tunable { least, most, .. } = known[at];
                let fits = (least..=most).contains(&value);
                let expected = format!("must be a number from {least} to {most}");
                self.within(&path, value, fits, &expected);
                settings[place] = settings[place].with(at, value);
            }
        }
        settings
    }
}
