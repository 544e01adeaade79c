//! Rows of features as regressions are fitted to them.

/// Rows of features, each with the demand that came.
pub(in crate::forecast) struct Table {
    pub(in crate::forecast) columns: usize,
    pub(in crate::forecast) cells: Vec<f64>,
    pub(in crate::forecast) targets: Vec<f64>,
    /// What each row is expected to be beforehand: the sum of features by the coefficients before.
    pub(in crate::forecast) offsets: Vec<f64>,
    /// Coefficients that are expected before looking, to which those found are added.
    pub(in crate::forecast) before: Vec<f64>,
    /// What was subtracted from each column, and what it was divided by then.
    pub(in crate::forecast) means: Vec<f64>,
    scales: Vec<f64>,
}

impl Table {
    /// Room for `rows` rows of as many features as there are coefficients `before`.
    pub(in crate::forecast) fn new(rows: usize, before: Vec<f64>) -> Table {
        let columns = before.len();
        Table {
            columns,
            cells: Vec::with_capacity(rows * columns),
            targets: Vec::with_capacity(rows),
            offsets: Vec::with_capacity(rows),
            before,
            means: vec![0.0; columns],
            scales: vec![1.0; columns],
        }
    }

    /// Adds a row and what came of it.
    pub(in crate::forecast) fn push(&mut self, row: &[f64], target: f64) {
        self.cells.extend_from_slice(row);
        self.targets.push(target);
        self.offsets.push(row.iter().zip(&self.before).map(|(x, b)| x * b).sum());
    }

    /// Rows.
    pub(in crate::forecast) fn rows(&self) -> usize {
        self.targets.len()
    }

    /// The same with columns of mean 0 and variance 1, but for the first, which is the constant, and
    /// those that do not vary, which become 0.
    pub(in crate::forecast) fn standardised(mut self) -> Table {
        let count = self.rows() as f64;
        let (mut means, mut squares) = (vec![0.0; self.columns], vec![0.0; self.columns]);
        for row in self.cells.chunks(self.columns) {
            means.iter_mut().zip(row).for_each(|(sum, cell)| *sum += cell / count);
        }
        means[0] = 0.0;
        for row in self.cells.chunks(self.columns) {
            for ((sum, cell), mean) in squares.iter_mut().zip(row).zip(&means) {
                *sum += (cell - mean) * (cell - mean) / count;
            }
        }
        squares[0] = 1.0;
        let scale = |(square, mean): (&f64, &f64)| {
            let varies = *square > 1e-18 * mean * mean && *square > 0.0;
            if varies { square.sqrt() } else { f64::INFINITY }
        };
        self.scales = squares.iter().zip(&means).map(scale).collect();
        self.means = means;
        for row in self.cells.chunks_mut(self.columns) {
            for ((cell, mean), scale) in row.iter_mut().zip(&self.means).zip(&self.scales) {
                *cell = (*cell - mean) / scale;
            }
        }
        self
    }

    /// Coefficients of the features as they were from those of the standardised ones.
    pub(in crate::forecast) fn restored(&self, mut coefficients: Vec<f64>) -> Vec<f64> {
        for column in 1..self.columns {
            coefficients[column] /= self.scales[column];
            coefficients[0] -= coefficients[column] * self.means[column];
            coefficients[column] += self.before[column];
        }
        coefficients
    }

    /// The lower triangle of `Σ w·x·xᵀ` and `Σ w·z·x` over the rows `x`, with weights and targets.
    pub(in crate::forecast) fn gram(
        &self,
        weights: &[f64],
        targets: &[f64],
    ) -> (Vec<f64>, Vec<f64>) {
        let size = self.columns;
        let (mut gram, mut moments) = (vec![0.0; size * size], vec![0.0; size]);
        for ((row, weight), target) in self.cells.chunks(size).zip(weights).zip(targets) {
            for left in 0..size {
                let weighted = weight * row[left];
                if weighted == 0.0 {
                    continue;
                }
                moments[left] += weighted * target;
                let cells = &mut gram[left * size..=left * size + left];
                cells.iter_mut().zip(row).for_each(|(cell, right)| *cell += weighted * right);
            }
        }
        (gram, moments)
    }
}
