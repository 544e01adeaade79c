//! Tail-averse: the level whose cost is least on average over the worst outcomes.
//!
//! Conditional value at risk of a newsvendor's cost `h(y − D)⁺ + p(D − y)⁺` beyond a share `β`:
//! `y = h/(h + p) F⁻¹(p(1 − β)/(h + p)) + p/(h + p) F⁻¹((hβ + p)/(h + p))`: Gotoh & Takano, *Newsvendor
//! Solutions via Conditional Value-at-Risk Minimization*, European Journal of Operational Research 179
//! (2007) 80–96, proposition 2 without a margin.

use engine::percentile;

use super::{Method, Strategy, round_up};

pub(super) const STRATEGY: Strategy = Strategy {
    name: "tail-averse",
    summary: "the level whose cost is least over the worst outcomes (CVaR) of the model's demand",
    method: Method::Level(|known, protection| {
        let demand = known.model_demand(protection);
        round_up(level(&demand, known.critical_ratio(), known.targets.tail_share))
    }),
};

/// `ratio` is `p/(h + p)`; outcomes beyond the share `tail` count.
fn level(sorted: &[f64], ratio: f64, tail: f64) -> f64 {
    let low = percentile(sorted, ratio * (1.0 - tail));
    let high = percentile(sorted, (1.0 - ratio) * tail + ratio);
    (1.0 - ratio) * low + ratio * high
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::conditional_tail_mean;

    /// No other level has a lower mean cost over the worst outcomes.
    #[test]
    fn no_level_is_better_in_the_tail() {
        let demand: Vec<f64> = (0..4_000_u32)
            .map(|i| -40.0 * libm::log((f64::from(4_000 - i) - 0.5) / 4_000.0))
            .collect();
        for (ratio, tail) in [(0.9, 0.5), (0.6, 0.9), (0.97, 0.8), (0.75, 0.0)] {
            let (under, over) = (ratio, 1.0 - ratio);
            let cost = |level: f64| {
                let one = |d: &f64| over * (level - d).max(0.0) + under * (d - level).max(0.0);
                let mut costs: Vec<f64> = demand.iter().map(one).collect();
                costs.sort_by(f64::total_cmp);
                conditional_tail_mean(&costs, tail)
            };
            let found = level(&demand, ratio, tail);
            let best =
                (0..800).map(|step| cost(f64::from(step) * 0.5)).fold(f64::INFINITY, f64::min);
            assert!(cost(found) <= best * 1.001, "{ratio} {tail}: {} {best}", cost(found));
        }
    }
}
