use super::*;
use crate::calendar::{Length, Weekday};
use crate::forecast::Frame;
use crate::random::Random;
use crate::stream::{Purpose, Streams};

fn calendar(length: Length) -> Calendar {
    let first = "2024-01-01".parse().expect("a date");
    Calendar::new(length, Weekday::Monday, &[], &[], first)
}

fn summary(calendar: &Calendar, demand: &[f64]) -> Summary {
    let (seen, sold_out) = (vec![true; demand.len()], vec![false; demand.len()]);
    let frame = Frame::new(calendar, 0, demand.len(), demand.len());
    Summary::of(&Past {
        demand,
        seen: &seen,
        sold_out: &sold_out,
        frame: &frame,
        calendar,
        first: 0,
        pool: None,
    })
}

#[test]
fn an_item_says_its_mean_its_scatter_and_its_seasons() {
    let calendar = calendar(Length::Day);
    let demand: Vec<f64> = (0..700).map(|t| [9.0, 4.0, 3.0, 4.0, 6.0, 12.0, 4.0][t % 7]).collect();
    let found = summary(&calendar, &demand);
    assert_eq!((found.periods, found.mean), (700.0, 6.0));
    assert_eq!(found.weekdays[5], [200.0, 100.0]);
    assert!(found.dispersion < 0.0, "it hardly scatters");
    assert_eq!(summary(&calendar, &[0.0; 9]), Summary { periods: 9.0, ..Summary::default() });
    assert_eq!(summary(&calendar, &[]), Summary::default());
}

/// 2,000 items with gamma-distributed levels of mean 3 and shape 1.5 and counts of size 2: what the
/// pool says is within a tenth of that.
#[test]
fn the_pool_is_what_items_were_drawn_from() {
    let calendar = calendar(Length::Week);
    let noise = crate::forecast::Noise::NegativeBinomial { size: 2.0 };
    let mut random = Random::new(Streams::new(1, Purpose::Forecast, 0, "pool"), 0);
    let summaries: Vec<Summary> = (0..2_000)
        .map(|_| {
            let level = 3.0 * random.gamma(1.5);
            let demand: Vec<f64> = (0..60).map(|_| noise.draw(level, &mut random)).collect();
            summary(&calendar, &demand)
        })
        .collect();
    let pool = Pool::of(&summaries).expect("many items");
    for (found, expected) in [(pool.mean, 3.0), (pool.shape, 1.5), (pool.size, 2.0)] {
        assert!((found / expected - 1.0_f64).abs() < 0.1, "{pool:?}");
    }
    assert_eq!(
        pool,
        Pool::of(bytemuck::cast_slice::<u8, Summary>(bytemuck::cast_slice(&summaries)))
            .expect("the same")
    );
}

#[test]
fn few_items_are_no_pool() {
    let calendar = calendar(Length::Week);
    let long = summary(&calendar, &[3.0; 20]);
    let short = summary(&calendar, &[3.0; 5]);
    assert_eq!(Pool::of(&[]), None);
    assert_eq!(Pool::of(&[long, long, long, long, short]), None);
    let alike = Pool::of(&[long; 5]).expect("five items");
    assert!((alike.mean / 3.0 - 1.0).abs() < 0.02, "{alike:?}");
}
