//! How long the opening stock shows.
//!
//! MSER-5: of the means of batches of five periods, as many leading ones are dropped as make the
//! standard error of what is left the least. White, *An Effective Truncation Heuristic for Bias
//! Reduction in Simulation Output*, Simulation 69 (1997) 323–334, eq. 3; in batches of five, White,
//! Cobb & Spratt, *A Comparison of Five Steady-State Truncation Heuristics for Simulation*,
//! Proceedings of the Winter Simulation Conference (2000) 755–760.

/// Periods in a batch.
pub const BATCH: usize = 5;

/// The number of leading batches to drop; `None` if even half of them are too few: then the run is
/// too short to tell.
///
/// The least `d` with the least `Σ (y − ȳ)² / (n − d)²` over the `n − d` means after the first `d`.
pub fn truncation(batches: &[f64]) -> Option<usize> {
    let count = batches.len();
    let mut best = (f64::INFINITY, count);
    // From the end, so that mean and squares grow by one batch at a time (Welford, 1962).
    let (mut mean, mut squares) = (0.0, 0.0);
    for (kept, batch) in batches.iter().rev().enumerate() {
        let kept = (kept + 1) as f64;
        let off = batch - mean;
        mean += off / kept;
        squares += off * (batch - mean);
        let dropped = count - kept as usize;
        // With few left the rule would always drop the most; half are always kept.
        if 2 * dropped <= count && squares / (kept * kept) <= best.0 {
            best = (squares / (kept * kept), dropped);
        }
    }
    (best.1 < count / 2).then_some(best.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, word for word.
    fn by_definition(batches: &[f64]) -> Option<usize> {
        let statistic = |dropped: usize| {
            let kept = &batches[dropped..];
            let count = kept.len() as f64;
            let mean = kept.iter().sum::<f64>() / count;
            kept.iter().map(|batch| (batch - mean).powi(2)).sum::<f64>() / (count * count)
        };
        let half = batches.len() / 2;
        let best = (0..=half).min_by(|&l, &r| statistic(l).total_cmp(&statistic(r)))?;
        (best < half).then_some(best)
    }

    fn noise(seed: u64) -> impl Iterator<Item = f64> {
        let next = |state: &u64| Some(state.wrapping_mul(6_364_136_223_846_793_005) ^ 0x5bd1);
        std::iter::successors(Some(seed), next).map(|state| (state >> 40) as f64 / 16_777_216.0)
    }

    #[test]
    fn the_rule_is_its_definition() {
        for seed in 1..200 {
            let transient = (seed % 7) as f64;
            let batches: Vec<f64> = noise(seed)
                .take(20 + seed as usize % 40)
                .enumerate()
                .map(|(at, noise)| noise + transient * 0.7_f64.powi(at as i32))
                .collect();
            assert_eq!(truncation(&batches), by_definition(&batches), "{seed}");
        }
    }

    #[test]
    fn a_transient_is_cut_off_and_a_drift_never_ends() {
        let settled: Vec<f64> = noise(7)
            .take(80)
            .enumerate()
            .map(|(at, noise)| noise + if at < 11 { 9.0 } else { 0.0 })
            .collect();
        assert_eq!(truncation(&settled), Some(11));
        let drift: Vec<f64> = (0..80).map(f64::from).collect();
        assert_eq!(truncation(&drift), None);
        assert_eq!(truncation(&[]), None);
        assert_eq!(truncation(&[3.0; 40]), Some(0));
    }
}
