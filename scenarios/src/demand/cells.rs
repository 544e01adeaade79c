//! Equal observations, counted once: likelihoods cost what is distinct, not what is long.

use super::Cell;

/// Counts below this are counted in a table, which is faster than sorting.
const SMALL: usize = 128;

/// Cells of observations of a season and a count each, in order of season and count; `factors` are
/// those of the seasons.
///
/// # Panics
///
/// If a season has no factor.
pub fn cells(observations: &[(usize, f64)], factors: &[f64]) -> Vec<Cell> {
    counted(observations, factors).unwrap_or_else(|| sorted(observations.to_vec(), factors))
}

/// The cells of small whole counts.
fn counted(observations: &[(usize, f64)], factors: &[f64]) -> Option<Vec<Cell>> {
    if factors.len() * SMALL > 4 * observations.len() + SMALL {
        return None;
    }
    let mut times = vec![0_u32; factors.len() * SMALL];
    for &(season, count) in observations {
        let whole = count as i32;
        let place = whole as u32 as usize;
        // A fraction or a huge count is another number than its place; so is −0.
        if place >= SMALL || f64::from(whole).to_bits() != count.to_bits() {
            return None;
        }
        times[season * SMALL + place] += 1;
    }
    let seasons = times.chunks_exact(SMALL).zip(factors);
    let cells = seasons.flat_map(|(times, &factor)| {
        let counts = times.iter().enumerate().filter(|(_, times)| **times > 0);
        counts.map(move |(count, &times)| Cell {
            factor,
            count: count as f64,
            times: f64::from(times),
        })
    });
    Some(cells.collect())
}

/// The cells of any counts.
fn sorted(mut observations: Vec<(usize, f64)>, factors: &[f64]) -> Vec<Cell> {
    observations.sort_by(|left, right| left.0.cmp(&right.0).then(left.1.total_cmp(&right.1)));
    let runs = observations.chunk_by(|left, right| left == right);
    runs.map(|run| Cell { factor: factors[run[0].0], count: run[0].1, times: run.len() as f64 })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counted_and_sorted_cells_are_the_same() {
        let factors = [0.5, 1.5];
        let mut observations: Vec<(usize, f64)> =
            (0..500).map(|i| (i % 2, (i * i % 31) as f64)).collect();
        let found = counted(&observations, &factors).expect("small counts");
        assert_eq!(found, sorted(observations.clone(), &factors));
        assert!(found.len() > 10);
        for other in [0.25, -1.0, 1e9, f64::INFINITY] {
            observations[7].1 = other;
            assert_eq!(counted(&observations, &factors), None);
        }
    }
}
