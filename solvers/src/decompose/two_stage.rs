//! Decisions now, recourse in each scenario.

use super::{Block, Blocks, DecomposeError};
use crate::program::Program;

/// Minimize `cost · x` plus the expected cost of the recourse.
///
/// The recourse `y` of a scenario meets `low ≤ T x + W y ≤ high` (Birge and Louveaux, *Introduction to
/// Stochastic Programming*, 2nd ed., §3.1). It need not exist for every `x`.
#[derive(Clone, Debug, Default)]
pub struct TwoStage {
    /// Columns and rows of the first stage.
    pub first: Program,
    /// What may come.
    pub scenarios: Vec<Scenario>,
}

/// What may come, and what can be done then.
#[derive(Clone, Debug, Default)]
pub struct Scenario {
    /// Its probability; those of all scenarios sum to one.
    pub probability: f64,
    /// Columns of its own, and rows over them.
    pub recourse: Program,
    /// The part of the first stage in its rows: row, column of the first stage, factor.
    pub technology: Vec<(usize, usize, f64)>,
}

/// All scenarios in one program.
#[derive(Clone, Debug)]
pub struct Extensive {
    /// The columns of the first stage, then those of each scenario; rows likewise.
    pub program: Program,
    /// Number of columns of the first stage.
    pub first: usize,
    /// Place of the first column of each scenario.
    pub starts: Vec<usize>,
}

impl Scenario {
    /// A scenario without columns and rows.
    pub fn new(probability: f64) -> Scenario {
        Scenario { probability, ..Scenario::default() }
    }

    /// A column of the recourse between two bounds; its place.
    pub fn column(&mut self, cost: f64, lower: f64, upper: f64) -> usize {
        self.recourse.column(cost, lower, upper)
    }

    /// A row over columns of the first stage and of the recourse; its place.
    pub fn row(
        &mut self,
        low: f64,
        high: f64,
        first: impl IntoIterator<Item = (usize, f64)>,
        own: impl IntoIterator<Item = (usize, f64)>,
    ) -> usize {
        let row = self.recourse.row(low, high, own);
        self.technology.extend(first.into_iter().map(|(column, factor)| (row, column, factor)));
        row
    }
}

impl TwoStage {
    /// A first stage without scenarios yet.
    pub fn new(first: Program) -> TwoStage {
        TwoStage { first, scenarios: Vec::new() }
    }

    /// Whether it can be computed with.
    ///
    /// # Errors
    ///
    /// The first datum that cannot.
    pub fn check(&self) -> Result<(), DecomposeError> {
        /// How far the sum of probabilities may be from one.
        const ROUNDING: f64 = 1e-9;
        self.first.check().map_err(DecomposeError::First)?;
        if self.scenarios.is_empty() {
            return Err(DecomposeError::Empty);
        }
        for (part, scenario) in self.scenarios.iter().enumerate() {
            let probability = scenario.probability;
            if !(probability > 0.0 && probability <= 1.0) {
                return Err(DecomposeError::Probability(part, probability));
            }
            scenario.recourse.check().map_err(|error| DecomposeError::Part(part, error))?;
            let known = |&(row, column, factor): &(usize, usize, f64)| {
                row < scenario.recourse.rows()
                    && column < self.first.columns()
                    && factor.is_finite()
            };
            if let Some(&(row, column, factor)) =
                scenario.technology.iter().find(|term| !known(term))
            {
                return Err(DecomposeError::Term { part, row, column, factor });
            }
        }
        let sum: f64 = self.scenarios.iter().map(|scenario| scenario.probability).sum();
        if (sum - 1.0).abs() > ROUNDING {
            return Err(DecomposeError::Probabilities(sum));
        }
        Ok(())
    }

    /// Whether numbers of the first stage and of each scenario can be told from rounding beside each other;
    /// see [`Program::check_scale`].
    ///
    /// # Errors
    ///
    /// The first scenario whose cannot.
    pub fn check_scale(&self) -> Result<(), DecomposeError> {
        self.first.check_scale().map_err(DecomposeError::First)?;
        (0..self.scenarios.len()).try_for_each(|scenario| {
            let alone = self.alone(scenario).check_scale();
            alone.map_err(|error| DecomposeError::Scale(scenario, error))
        })
    }

    /// The program of all scenarios together.
    ///
    /// # Errors
    ///
    /// As [`TwoStage::check`].
    pub fn extensive(&self) -> Result<Extensive, DecomposeError> {
        self.check()?;
        let first = self.first.columns();
        let mut program = self.first.clone();
        let mut starts = Vec::with_capacity(self.scenarios.len());
        for scenario in &self.scenarios {
            starts.push(scenario.append(&mut program, scenario.probability));
        }
        Ok(Extensive { program, first, starts })
    }

    /// A block for each scenario, with a first stage of its own that must equal its neighbour's
    /// (Carøe and Schultz, Operations Research Letters 24 (1999) 37–45).
    ///
    /// # Errors
    ///
    /// As [`TwoStage::check`].
    pub fn blocks(&self) -> Result<Blocks, DecomposeError> {
        self.check()?;
        let (columns, scenarios) = (self.first.columns(), self.scenarios.len());
        let mut blocks =
            Blocks { shared: vec![(0.0, 0.0); columns * (scenarios - 1)], blocks: Vec::new() };
        for (number, scenario) in self.scenarios.iter().enumerate() {
            let mut program = self.alone(number);
            program.cost.iter_mut().for_each(|cost| *cost *= scenario.probability);
            let before = (number > 0).then(|| (number - 1, -1.0));
            let after = (number + 1 < scenarios).then_some((number, 1.0));
            let links = before.into_iter().chain(after);
            let uses = links.flat_map(|(link, sign)| {
                (0..columns).map(move |column| (link * columns + column, column, sign))
            });
            blocks.blocks.push(Block { program, uses: uses.collect() });
        }
        Ok(blocks)
    }

    /// The first stage and one scenario, as if nothing else could come.
    ///
    /// The columns of the first stage keep their places.
    pub(super) fn alone(&self, scenario: usize) -> Program {
        let mut program = self.first.clone();
        self.scenarios[scenario].append(&mut program, 1.0);
        program
    }
}

impl Scenario {
    /// Puts its columns and rows behind those of `program`, which begin with the first stage's; the
    /// place of its first column.
    fn append(&self, program: &mut Program, weight: f64) -> usize {
        let own = &self.recourse;
        let start = program.columns();
        for column in 0..own.columns() {
            let place =
                program.column(weight * own.cost[column], own.lower[column], own.upper[column]);
            program.whole[place] = own.whole[column];
        }
        let linked = self.linked_rows();
        for row in 0..own.rows() {
            let terms = own.terms_of(row).map(|(column, factor)| (start + column, factor));
            let terms: Vec<(usize, f64)> = linked[row].iter().copied().chain(terms).collect();
            program.row(own.row_low[row], own.row_high[row], terms);
        }
        start
    }

    /// Of each row, the terms of the first stage; a column that is named twice counts once, as its sum.
    fn linked_rows(&self) -> Vec<Vec<(usize, f64)>> {
        let mut linked = vec![Vec::<(usize, f64)>::new(); self.recourse.rows()];
        for &(row, column, factor) in &self.technology {
            match linked[row].iter_mut().find(|(known, _)| *known == column) {
                Some((_, sum)) => *sum += factor,
                None => linked[row].push((column, factor)),
            }
        }
        linked
    }
}
