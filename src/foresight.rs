//! The automatic forecast over all items: what each round learns, on any number of ranks.

use std::convert::Infallible;

use cluster::{Table, Team};
use scenarios::DemandModel;
use scenarios::backtest::{Scores, UnitCosts, judged};
use scenarios::classes::Pattern;
use scenarios::forecast::automatic::{
    Calibrations, Foreseen, Scored, foreseen, scored, windows_foreseen,
};
use scenarios::forecast::{
    CATALOGUE, Calibration, Criterion, Part, Pool, Prepared, Rules, Setting, Standings, Summary,
    Trial, Windows, loss, streams, trial, tuning,
};

use crate::error::Error;
use crate::inputs::Inputs;
use crate::report::fans::LEVELS;
use crate::study::Study;
use crate::study::forecast::JudgedBy;

/// What is known of every item after the rounds.
pub struct Foresight<'a> {
    study: &'a Study,
    inputs: &'a Inputs,
    rules: Rules,
    groups: Vec<usize>,
    /// What the items of each category say of one another, and each item's category.
    pools: Vec<Option<Pool>>,
    categories: Vec<usize>,
    /// Of models as the study has them.
    given: Vec<Trial>,
    /// The same, after what was found by tuning was set.
    trials: Vec<Trial>,
    /// What is set of each model for each group of items.
    settings: Vec<Vec<Setting>>,
    found: Vec<tuning::Found>,
    standings: Standings,
    calibrations: Calibrations,
}

impl<'a> Foresight<'a> {
    /// Tries every model on every item, and learns from the windows up to the end of a part.
    ///
    /// # Errors
    ///
    /// What ended the team.
    pub fn learned(
        study: &'a Study,
        inputs: &'a Inputs,
        until: Part,
        team: &Team,
    ) -> Result<Foresight<'a>, Error> {
        let mut foresight = Foresight::tried(study, inputs, team)?;
        foresight.learn(until, team)?;
        Ok(foresight)
    }

    /// What a run needs: forecasts after all that is known, if its scenarios are drawn from them.
    ///
    /// # Errors
    ///
    /// What ended the team.
    pub fn wanted(
        study: &'a Study,
        inputs: &'a Inputs,
        team: &Team,
    ) -> Result<Option<Foresight<'a>>, Error> {
        let draws = study.forecasting.draws_scenarios;
        draws.then(|| Foresight::learned(study, inputs, Part::Later, team)).transpose()
    }

    fn tried(study: &'a Study, inputs: &'a Inputs, team: &Team) -> Result<Foresight<'a>, Error> {
        let forecasting = &study.forecasting;
        let rules = Rules {
            models: forecasting.models.clone(),
            criterion: Criterion::Crps,
            members: forecasting.members,
            settings: forecasting.settings.clone(),
        };
        let group =
            |row: usize| Pattern::of(&inputs.history.series.get(inputs.stock[row].series)) as usize;
        let items = inputs.stock.len();
        let mut names: Vec<&str> =
            inputs.stock.iter().map(|stocked| stocked.category.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let category =
            |row: usize| names.partition_point(|name| *name < inputs.stock[row].category.as_str());
        let mut foresight = Foresight {
            study,
            inputs,
            rules,
            groups: (0..items).map(group).collect(),
            pools: Vec::new(),
            categories: (0..items).map(category).collect(),
            given: Vec::new(),
            trials: Vec::new(),
            settings: vec![forecasting.settings.clone(); GROUPS],
            found: Vec::new(),
            standings: Standings::of(std::iter::empty(), GROUPS, Part::Later),
            calibrations: Calibrations::none(GROUPS),
        };
        // What is pooled was known before the first window: no window sees itself.
        let summaries: Vec<Summary> = team.rows(
            Table::new(items, 1),
            || (),
            |row, cells, ()| {
                let item = foresight.prepared(row);
                let windows = foresight.windows(row, &item);
                let first = windows.origins.first().copied().unwrap_or(item.past().periods());
                cells[0] = Summary::of(&item.past().until(first));
                Ok::<(), Infallible>(())
            },
        )?;
        let of = |category: usize| {
            let own = foresight.categories.iter().zip(&summaries);
            let own = own.filter(|(of, _)| **of == category).map(|(_, summary)| summary);
            // A category of few items is told by all.
            Pool::of(own).or_else(|| Pool::of(&summaries))
        };
        foresight.pools = (0..names.len()).map(of).collect();
        foresight.given = team.rows(
            Table::new(items, 1).named("models tried"),
            || (),
            |row, cells, ()| {
                let item = foresight.prepared(row);
                let rules = foresight.rules(row);
                cells[0] = trial(&item, &foresight.windows(row, &item), &rules, foresight.seed());
                Ok::<(), Infallible>(())
            },
        )?;
        Ok(foresight)
    }

    /// Learns from the windows up to the end of `until`, which models are best and how their
    /// distributions are to be corrected.
    ///
    /// # Errors
    ///
    /// What ended the team.
    pub fn learn(&mut self, until: Part, team: &Team) -> Result<(), Error> {
        self.tune(until, team)?;
        let trials = self.groups.iter().copied().zip(&self.trials);
        self.standings = Standings::of(trials, GROUPS, until);
        self.calibrations = Calibrations::none(GROUPS);
        if !self.study.forecasting.calibrates {
            return Ok(());
        }
        let parts = until.and_before();
        let scores: Vec<Scored> = team.rows(
            Table::new(self.items(), 1).named("calibrated"),
            || (),
            |row, cells, ()| {
                let item = self.prepared(row);
                let windows = self.windows(row, &item);
                let (best, rules) = (self.best(row), self.rules(row));
                cells[0] = scored(&item, &windows, parts, &best, &rules, self.seed());
                Ok::<(), Infallible>(())
            },
        )?;
        let scores = self.groups.iter().copied().zip(&scores);
        self.calibrations = Calibrations::of(scores, GROUPS);
        Ok(())
    }

    /// Searches for what is best set of models in the windows up to the end of `until`, if the study
    /// wants it, and tries those models again.
    fn tune(&mut self, until: Part, team: &Team) -> Result<(), Error> {
        let forecasting = &self.study.forecasting;
        self.settings = vec![forecasting.settings.clone(); GROUPS];
        self.trials.clone_from(&self.given);
        let Some(search) = forecasting.tuning else { return Ok(()) };
        // What the study sets is not searched for.
        let free = |model: usize| forecasting.models[model] && forecasting.settings[model].is_own();
        let models: Vec<bool> = (0..CATALOGUE.len()).map(free).collect();
        let trials = forecasting.tuning_trials;
        let mut tuning = tuning::Tuning::new(search, trials, &models, GROUPS, self.seed());
        let items = tuning.items(&self.groups);
        while tuning.width() > 0 {
            let width = tuning.width();
            let losses: Vec<f32> = team.rows(
                Table::new(items.len(), width).named("tuned"),
                || (),
                |at, cells, ()| {
                    self.excesses(items[at], until, &tuning, cells);
                    Ok::<(), Infallible>(())
                },
            )?;
            let groups = items.iter().map(|row| self.groups[*row]);
            tuning.learn(groups.zip(losses.chunks(width)));
        }
        for (group, settings) in self.settings.iter_mut().enumerate() {
            for (setting, tuned) in settings.iter_mut().zip(tuning.settings(group)) {
                if !tuned.is_own() {
                    *setting = tuned;
                }
            }
        }
        self.found = tuning.found();
        self.trials = team.rows(
            Table::new(self.items(), 1),
            || (),
            |row, cells, ()| {
                let (item, rules) = (self.prepared(row), self.rules(row));
                let windows = self.windows(row, &item);
                let tuned = |model: usize| models[model] && !rules.settings[model].is_own();
                cells[0] = self.given[row].again(&item, &windows, &rules, self.seed(), tuned);
                Ok::<(), Infallible>(())
            },
        )?;
        Ok(())
    }

    /// How much more than by its own estimates an item loses under each proposal of its group, in the
    /// windows up to the end of `until`.
    fn excesses(&self, row: usize, until: Part, tuning: &tuning::Tuning, cells: &mut [f32]) {
        let item = self.prepared(row);
        let windows = self.windows(row, &item);
        let criterion = self.rules(row).criterion;
        let given = &self.given[row];
        let proposals = tuning.proposals(self.groups[row]);
        for (cell, (model, setting)) in cells.iter_mut().zip(proposals) {
            let (mut sum, mut count) = (0.0, 0.0);
            for (at, part) in until.and_before().iter().enumerate() {
                let windows_there = f64::from(given.windows[at]);
                if windows_there > 0.0 {
                    let setting = (model, &setting);
                    let own = f64::from(given.losses[at][model]);
                    let lost = loss(&item, &windows, *part, setting, criterion, self.seed());
                    sum += windows_there * (lost - own);
                    count += windows_there;
                }
            }
            *cell = (sum / count) as f32;
        }
    }

    /// What tuning found, group by group.
    pub fn found(&self) -> &[tuning::Found] {
        &self.found
    }

    fn items(&self) -> usize {
        self.inputs.stock.len()
    }

    fn seed(&self) -> u64 {
        self.study.file.seed
    }

    /// Periods of lead time and review of an item.
    pub fn window_periods(&self, row: usize) -> usize {
        self.study.events.protection_periods(&self.inputs.stock[row].item)
    }

    /// An item as forecasts see it.
    pub fn prepared(&self, row: usize) -> Prepared<'_> {
        let history = &self.inputs.history;
        let series = history.series.get(self.inputs.stock[row].series);
        let item = Prepared::new(&series, &history.calendar, self.window_periods(row));
        match self.pools.get(self.categories[row]) {
            Some(Some(pool)) => item.with_pool(pool),
            _ => item,
        }
    }

    fn windows(&self, row: usize, item: &Prepared<'_>) -> Windows {
        Windows::last(&item.past(), self.window_periods(row), self.study.forecasting.windows)
    }

    fn rules(&self, row: usize) -> Rules {
        let criterion = match self.study.forecasting.judged_by {
            JudgedBy::Crps => Criterion::Crps,
            JudgedBy::SquaredError => Criterion::SquaredError,
            JudgedBy::Cost => Criterion::Pinball(self.costs(row).critical_ratio()),
        };
        let settings = self.settings[self.groups[row]].clone();
        Rules { criterion, settings, ..self.rules.clone() }
    }

    /// What a unit left over at the end of a window, or missing in it, costs.
    fn costs(&self, row: usize) -> UnitCosts {
        let item = &self.inputs.stock[row].item;
        let review = self.study.events.review_interval() as f64;
        UnitCosts {
            over: item.holding_cost_per_unit_period * review,
            under: item.shortage_cost_per_unit,
        }
    }

    fn best(&self, row: usize) -> Vec<usize> {
        self.standings.best(self.groups[row], &self.trials[row], &self.rules)
    }

    fn calibration(&self, row: usize) -> &Calibration {
        self.calibrations.group(self.groups[row])
    }

    /// Scores of what was learned in the windows of the later part.
    pub fn judged(&self, row: usize) -> Scores {
        self.judged_as(row, &self.best(row), &self.rules(row), self.calibration(row))
    }

    /// The same of the plain distribution, which scenarios are drawn from without a forecast.
    ///
    /// # Panics
    ///
    /// Never: the distribution is in the catalogue.
    pub fn plain(&self, row: usize) -> Scores {
        let plain = CATALOGUE.iter().position(|model| model.name == "distribution");
        let rules = Rules { members: 1, ..self.rules.clone() };
        self.judged_as(row, &[plain.expect("in the catalogue")], &rules, &Calibration::none())
    }

    fn judged_as(
        &self,
        row: usize,
        best: &[usize],
        rules: &Rules,
        calibration: &Calibration,
    ) -> Scores {
        let item = self.prepared(row);
        let windows = self.windows(row, &item);
        judged(&item, &windows, best, rules, calibration, self.costs(row), self.seed())
    }

    /// Where the last window that is judged began, and quantiles of its periods as they were foreseen
    /// by what was learned before \[units\].
    pub fn held_out(&self, row: usize) -> Option<(usize, Vec<Vec<f64>>)> {
        let item = self.prepared(row);
        let windows = self.windows(row, &item);
        let (best, rules) = (self.best(row), self.rules(row));
        let all = windows_foreseen(&item, &windows, Part::Later, &best, &rules, self.seed());
        let (place, paths, _) = all.into_iter().next_back()?;
        let paths = paths.calibrated(self.calibration(row), streams(self.seed(), &item.item));
        let bands = (0..windows.length).map(|ahead| paths.quantiles(ahead, &LEVELS));
        let units = |band: Vec<f64>| band.into_iter().map(|count| item.quantum * count).collect();
        Some((windows.origins[place], bands.map(units).collect()))
    }

    /// What comes after the history.
    pub fn foreseen(&self, row: usize) -> Foreseen {
        let item = self.prepared(row);
        let (best, rules) = (self.best(row), self.rules(row));
        let length = self.window_periods(row);
        foreseen(&item, length, &best, &rules, self.calibration(row), self.seed())
    }

    /// How many times the loss of the plain distribution a model's is, over all items.
    pub fn loss_ratio(&self, model: usize) -> Option<f64> {
        self.standings.overall(model)
    }
}

/// Groups of items that learn from one another: those with the same pattern of demand.
const GROUPS: usize = Pattern::ALL.len();

/// Codes from here on are forecasts.
const FORECAST: u64 = 1 << 32;

/// The first models of a forecast as three numbers, for [`describe`].
pub fn code(models: &[usize]) -> [u64; 3] {
    let place = |at: usize| models.get(at).map_or(0, |model| FORECAST + *model as u64);
    [place(0), place(1), place(2)]
}

/// A demand model in words.
pub fn describe(code: [u64; 3]) -> String {
    if code[0] < FORECAST {
        return DemandModel::describe(code);
    }
    let models = code.into_iter().filter(|place| *place >= FORECAST);
    let names: Vec<&str> =
        models.map(|place| CATALOGUE[(place - FORECAST) as usize].name).collect();
    format!("forecast by {}", names.join(", "))
}
