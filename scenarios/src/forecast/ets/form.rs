//! Which of the models of exponential smoothing, and its parameters.

/// How errors scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// As large whatever the level.
    Additive,
    /// In proportion to what was expected.
    Multiplicative,
}

/// Whether the level drifts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trend {
    /// It does not.
    None,
    /// By as much each period, for good.
    Additive,
    /// By less each period.
    Damped,
}

/// Whether the places in the cycle differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Season {
    /// They do not.
    None,
    /// By an amount.
    Additive,
    /// By a factor.
    Multiplicative,
}

/// A model of the taxonomy of Hyndman, Koehler, Ord & Snyder, *Forecasting with Exponential
/// Smoothing* (2008), section 2.3, less multiplicative trends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// How errors scale.
    pub error: Error,
    /// Whether the level drifts.
    pub trend: Trend,
    /// Whether the places in the cycle differ.
    pub season: Season,
}

/// Most places in a cycle.
pub(super) const MOST_PLACES: usize = 15;

impl Form {
    /// The form in the taxonomy's order: error, trend, season.
    pub const fn new(error: Error, trend: Trend, season: Season) -> Form {
        Form { error, trend, season }
    }

    /// Numbers that are estimated, the variance among them: its weight in the criterion.
    pub fn estimated(self, places: usize) -> usize {
        let trend = match self.trend {
            Trend::None => 0,
            Trend::Additive => 2,
            Trend::Damped => 3,
        };
        // The share by which the season moves, and all its places but the one that the others fix.
        let season = if self.season == Season::None { 0 } else { places };
        3 + trend + season
    }

    /// Whether demand must be positive throughout.
    pub fn wants_positive(self) -> bool {
        self.error == Error::Multiplicative || self.season == Season::Multiplicative
    }

    /// Whether it has a trend, damped or not.
    pub fn trended(self) -> bool {
        self.trend != Trend::None
    }

    /// Whether it has a season.
    pub fn seasonal(self) -> bool {
        self.season != Season::None
    }

    /// What the seasonal states sum to, over `places`: their mean changes nothing.
    pub(super) fn season_total(self, places: usize) -> f64 {
        if self.season == Season::Multiplicative { places as f64 } else { 0.0 }
    }
}

/// Parameters of a form, with the names of Hyndman et al. (2008).
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// Share of the error by which the level moves: between 0 and 1.
    pub alpha: f64,
    /// Share of the error by which the trend moves: between 0 and `alpha`.
    pub beta: f64,
    /// Share of the error by which the season moves: between 0 and `1 - alpha`.
    pub gamma: f64,
    /// What is left of the trend after a period: 1 unless it is damped.
    pub phi: f64,
    /// The level before the first period \[counts/period\].
    pub level: f64,
    /// The trend before the first period \[counts/period²\].
    pub trend: f64,
    /// The season at first, by place \[counts/period, or a factor\]; empty if there is none.
    pub seasons: Vec<f64>,
}
