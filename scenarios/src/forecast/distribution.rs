//! Every period as every other of its season: the distribution that scenarios are drawn from.

use super::frame::Frame;
use super::{Family, Fitted, Forecast, Past};
use crate::fit::{Choice, DemandModel, FitOptions, choose};
use crate::history::{History, Series};
use crate::random::Random;

pub(super) const FAMILY: Family = Family {
    name: "distribution",
    summary: "a distribution of demand that only the season changes, chosen by likelihood",
    tried: true,
    options: &[],
    fit: |past, _| {
        let (series, history) = history_of(past);
        let options = FitOptions::of(&history.calendar);
        Some(Box::new(Distribution { choice: choose(&series, &history, options) }))
    },
};

/// The past as a history of its own.
fn history_of(past: &Past<'_>) -> (Series, History) {
    let series = Series {
        observed: past.seen.to_vec(),
        sold_out: past.sold_out.to_vec(),
        ..Series::new("", past.first, past.demand.to_vec())
    };
    let periods = past.first + past.periods();
    let history = History { periods, ..History::new(past.calendar.clone(), Vec::new()) };
    (series, history)
}

/// Which distribution.
struct Distribution {
    choice: Choice,
}

impl Fitted for Distribution {
    fn forecast(&self, past: &Past<'_>) -> Box<dyn Forecast> {
        let (series, history) = history_of(past);
        let model = self.choice.fit(&series, &history, FitOptions::of(&history.calendar));
        let ahead = past.frame.periods().saturating_sub(past.periods());
        let seasons = model.seasons(past.calendar, past.first + past.periods(), ahead);
        Box::new(Independent {
            laws: model.factors.iter().map(|&factor| Law::of(&model, factor)).collect(),
            seasons,
        })
    }

    fn parameters(&self) -> Vec<(&'static str, f64)> {
        Vec::new()
    }
}

/// Demand of each period by itself.
struct Independent {
    laws: Vec<Law>,
    /// Season of each of the next periods.
    seasons: Vec<u8>,
}

/// Values of demand, their mean, and the probability of at most each.
struct Law {
    mean: f64,
    values: Vec<f64>,
    upto: Vec<f64>,
}

impl Law {
    fn of(model: &DemandModel, factor: f64) -> Law {
        let masses = model.distribution.masses(factor);
        let total: f64 = masses.weights.iter().sum();
        let mut below = 0.0;
        let upto = masses.weights.iter().map(|weight| {
            below += weight;
            below / total
        });
        Law {
            upto: upto.collect(),
            mean: model.quantum * model.distribution.mean(factor),
            values: masses.values.iter().map(|value| model.quantum * value).collect(),
        }
    }

    fn draw(&self, uniform: f64) -> f64 {
        let place = self.upto.partition_point(|&upto| upto < uniform);
        self.values[place.min(self.values.len() - 1)].round()
    }
}

impl Independent {
    fn law(&self, ahead: usize) -> &Law {
        &self.laws[usize::from(self.seasons[ahead % self.seasons.len()])]
    }
}

impl Forecast for Independent {
    fn means(&self, _: &Frame, means: &mut [f64]) {
        for (ahead, mean) in means.iter_mut().enumerate() {
            *mean = self.law(ahead).mean;
        }
    }

    fn path(&self, _: &Frame, random: &mut Random, path: &mut [f64]) {
        for (ahead, demand) in path.iter_mut().enumerate() {
            *demand = self.law(ahead).draw(random.uniform());
        }
    }
}
