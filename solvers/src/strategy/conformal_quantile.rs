//! Conformal quantile: a level that holds as often as promised, whatever the distribution.
//!
//! The ⌈(n + 1)τ⌉-th smallest of past windows' demand less what the model expects, added to what it
//! expects now: Vovk, Gammerman & Shafer, *Algorithmic Learning in a Random World* (2005), §2.2. The
//! promise holds if windows are exchangeable; they overlap, so it holds about.

use super::{Method, Strategy, round_up};

pub(super) const STRATEGY: Strategy = Strategy {
    name: "conformal-quantile",
    summary: "mean demand and as much more as past windows exceeded theirs; the model's if too few",
    method: Method::Level(|known, protection| {
        let expected = known.mean * protection as f64;
        let mut windows = known.past_demand(protection);
        if windows.len() < FEWEST {
            windows = known.model_demand(protection);
        }
        // The past lay around its own mean: what it varied by is asked for.
        let own = windows.iter().sum::<f64>() / windows.len() as f64;
        windows.sort_by(f64::total_cmp);
        let place = place(windows.len(), known.targets.service_level);
        round_up((expected + windows[place] - own).max(0.0))
    }),
};

/// Fewest past windows that say more than the model does.
const FEWEST: usize = 20;

/// Place of the ⌈(n + 1)τ⌉-th smallest of `count` values; the largest where there is none.
fn place(count: usize, level: f64) -> usize {
    let rank = ((count as f64 + 1.0) * level - 1e-9).ceil() as usize;
    rank.clamp(1, count) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rank_is_that_of_split_conformal_prediction() {
        // 19 values: the largest for 95 %; 39: the 38th; 100: ⌈95.95⌉ = 96th.
        assert_eq!([place(19, 0.95), place(39, 0.95), place(100, 0.95)], [18, 37, 95]);
        assert_eq!([place(10, 0.95), place(10, 0.05)], [9, 0]);
    }
}
