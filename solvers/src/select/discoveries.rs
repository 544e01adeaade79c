//! Which of many findings count, if few of those that do may be false.

/// Which of the `statistics` count as findings, if the expected share of false ones among them may be
/// `rate`; `threshold` is what a statistic exceeds with a given probability where there is nothing to
/// be found.
///
/// The procedure of Benjamini & Hochberg, *Controlling the False Discovery Rate*, Journal of the Royal
/// Statistical Society B 57 (1995) 289–300, theorem 1: for statistics that are independent.
pub fn discoveries(statistics: &[f64], rate: f64, threshold: impl Fn(f64) -> f64) -> Vec<bool> {
    let count = statistics.len() as f64;
    let mut order: Vec<usize> = (0..statistics.len()).collect();
    order.sort_by(|&left, &right| statistics[right].total_cmp(&statistics[left]));
    let reached = |rank: usize, place: usize| {
        let share = (rank + 1) as f64 / count;
        statistics[place] >= threshold(share * rate)
    };
    let found = order.iter().enumerate().rev().find(|&(rank, &place)| reached(rank, place));
    let many = found.map_or(0, |(rank, _)| rank + 1);
    let mut counts = vec![false; statistics.len()];
    order[..many].iter().for_each(|&place| counts[place] = true);
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the paper, section 4.1: four of fifteen, where Bonferroni finds three.
    #[test]
    fn the_published_example_is_reproduced() {
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
            0.5719, 0.6528, 0.7590, 1.0000,
        ];
        let statistics = p.map(|p| 1.0 - p);
        let found = discoveries(&statistics, 0.05, |p| 1.0 - p);
        assert_eq!(found.iter().filter(|found| **found).count(), 4);
        assert!(found[..4].iter().all(|found| *found));
    }

    #[test]
    fn a_late_one_carries_the_earlier_ones_with_it() {
        // 0.04 is above 0.05/3 and below 0.05: all three count because the last does.
        let found = discoveries(&[0.96, 0.97, 0.96], 0.05, |p| 1.0 - p);
        assert_eq!(found, [true; 3]);
        assert_eq!(discoveries(&[0.5, f64::NAN.min(0.0)], 0.05, |p| 1.0 - p), [false; 2]);
        assert!(discoveries(&[], 0.05, |p| p).is_empty());
    }
}
