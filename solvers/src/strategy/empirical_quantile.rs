//! Empirical quantile: what lead-time demand exceeded only so often in the past.
//!
//! Needs no distribution: the order statistic of demand over past windows as long as the
//! protection interval (Lordahl & Bookbinder, *Order-Statistic Calculation, Costs, and Service
//! in an (s, Q) Inventory System*, Naval Research Logistics 41 (1994) 81–97). Windows overlap. One in
//! which the item was sold out had at least the demand that was met, and counts as such: Kaplan & Meier,
//! *Nonparametric Estimation from Incomplete Observations*, Journal of the American Statistical
//! Association 53 (1958) 457–481.

use engine::Units;

use super::{Knowledge, Method, Strategy, round_up};

pub(super) const STRATEGY: Strategy = Strategy {
    name: "empirical-quantile",
    summary: "a quantile of past demand over lead time and review; the model's if too few",
    method: Method::Level(|known, protection| {
        let level = known.targets.service_level;
        round_up(match quantile(windows(known, protection), level) {
            Some(quantile) => quantile,
            None => engine::percentile(&known.model_demand(protection), level),
        })
    }),
};

/// Fewest past windows that say more than the model does.
const FEWEST: usize = 20;

/// Demand over every past window of `protection` periods \[counts\], and whether there was more, in
/// windows of which something is known in every period.
fn windows(known: &Knowledge<'_>, protection: usize) -> Vec<(Units, bool)> {
    let starts = 0..(known.history.len() + 1).saturating_sub(protection);
    let window = |first: usize| {
        let periods = first..first + protection;
        let says = |period: usize| known.observed[period] || known.sold_out[period];
        periods.clone().all(says).then(|| {
            let sold_out = known.sold_out[periods.clone()].iter().any(|out| *out);
            (known.history[periods].iter().sum(), sold_out)
        })
    };
    starts.filter_map(window).collect()
}

/// Kaplan and Meier's quantile: the least total that is exceeded with probability `1 − level` or less,
/// or the largest that was seen; `None` if there are too few windows that were not sold out.
fn quantile(mut windows: Vec<(Units, bool)>, level: f64) -> Option<Units> {
    if windows.iter().filter(|(_, more)| !more).count() < FEWEST {
        return None;
    }
    // Of equal totals those that are known come first.
    windows.sort_by(|left, right| left.0.total_cmp(&right.0).then(left.1.cmp(&right.1)));
    let (mut beyond, mut at_risk) = (1.0, windows.len() as f64);
    for (total, more) in &windows {
        if !more {
            beyond *= 1.0 - 1.0 / at_risk;
            // Products of shares round: a billionth is no demand.
            if beyond <= 1.0 - level + 1e-9 {
                return Some(*total);
            }
        }
        at_risk -= 1.0;
    }
    windows.last().map(|last| last.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without sold-out windows it is the order statistic. Of 20, 21, …, 43, with 24 and 30 sold out, what
    /// is left is 20/24 · 14/19 after 29, 12/13 of that after 31, and below a half after 33.
    #[test]
    fn sold_out_windows_are_at_least_what_was_sold() {
        let all = |sold_out: &[f64]| -> Vec<(f64, bool)> {
            (20..=43).map(f64::from).map(|total| (total, sold_out.contains(&total))).collect()
        };
        assert_eq!(quantile(all(&[]), 0.5), Some(31.0));
        assert_eq!(quantile(all(&[]), 0.95), Some(42.0));
        // 20/24 is left at 24; then 18 of 19 for each up to 30, and so on.
        let mut beyond = 20.0 / 24.0;
        let mut expected = 43.0;
        for total in 25..=43 {
            if total != 30 {
                beyond *= 1.0 - 1.0 / f64::from(44 - total);
            }
            if beyond <= 0.5 {
                expected = f64::from(total);
                break;
            }
        }
        assert_eq!(quantile(all(&[24.0, 30.0]), 0.5), Some(expected));
        assert_eq!(expected, 33.0);
        // More was demanded than ever sold.
        assert_eq!(quantile(all(&[40.0, 41.0, 42.0, 43.0]), 0.99), Some(43.0));
        assert_eq!(quantile(vec![(1.0, false); FEWEST - 1], 0.5), None);
    }
}
