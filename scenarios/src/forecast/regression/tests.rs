use crate::calendar::{Calendar, Length, Weekday};
use crate::forecast::{
    Ahead, Frame, Noise, Past, Regressor, negative_binomial_regression, poisson_regression,
    quantile_regression, ridge,
};
use crate::random::Random;
use crate::stream::{Purpose, Streams};

/// Too few for seasons of the year, whose estimates would scatter more than anything else.
const PERIODS: usize = 51;

/// Means of the four weeks after a past in which promotions made demand of 10 three times as large,
/// the second of them on promotion; and their names.
fn foreseen(ahead: Ahead) -> Vec<(&'static str, [f64; 4])> {
    let first = "2024-01-01".parse().expect("a date");
    let calendar = Calendar::new(Length::Week, Weekday::Monday, &[], &[], first);
    let promoted = |t: usize| if t < PERIODS { t % 7 == 3 } else { t == PERIODS + 1 };
    let mut random = Random::new(Streams::new(1, Purpose::Forecast, 0, "promoted"), 0);
    let noise = Noise::NegativeBinomial { size: 8.0 };
    let mean = |t| if promoted(t) { 30.0 } else { 10.0 };
    let demand: Vec<f64> = (0..PERIODS).map(|t| noise.draw(mean(t), &mut random)).collect();
    let values = (0..PERIODS + 4).map(|t| f32::from(promoted(t))).collect();
    let frame = Frame::new(&calendar, 0, PERIODS, PERIODS + 4).with_regressors(vec![Regressor {
        name: "promotion",
        values,
        ahead,
    }]);
    let past = Past {
        demand: &demand,
        seen: &[true; PERIODS],
        sold_out: &[false; PERIODS],
        frame: &frame,
        calendar: &calendar,
        first: 0,
        pool: None,
    };
    let families = [
        ridge::FAMILY,
        poisson_regression::FAMILY,
        negative_binomial_regression::FAMILY,
        quantile_regression::FAMILY,
    ];
    let means = families.iter().map(|family| {
        let mut means = [0.0; 4];
        let forecast = family.estimated(&past).expect("demand").forecast(&past);
        forecast.means(&frame, &mut means);
        (family.name, means)
    });
    means.collect()
}

/// Estimates of 30 and 10 from 7 and 44 counts of size 8 have standard errors of 0.15 and 0.07 of
/// them; what is remembered moves them further.
#[test]
fn a_promotion_that_is_planned_is_expected() {
    for (name, means) in foreseen(Ahead::Planned) {
        let times = means[1] / means[0];
        assert!((2.0..4.5).contains(&times), "{name}: {means:?}");
        assert!((7.0..14.0).contains(&means[0]), "{name}: {means:?}");
    }
}

#[test]
fn a_promotion_of_which_nobody_knows_is_not() {
    for (name, means) in foreseen(Ahead::Ceases) {
        for mean in means {
            assert!((7.0..14.0).contains(&mean), "{name}: {means:?}");
        }
    }
}
