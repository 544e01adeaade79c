use super::super::sample::{assert_close, table};
use super::*;

fn fitted(size: f64, prior: [f64; 3]) -> Fit {
    let table = table();
    let likelihood = Likelihood { size, prior: prior.to_vec() };
    likelihood.fit(&table, start(&table).expect("a mean")).expect("a fit")
}

/// `GLM(y, X, family=Poisson())` and `NegativeBinomial(alpha=0.5)` of statsmodels 0.15.0; steps end
/// where the likelihood hardly grows.
#[test]
fn coefficients_are_those_of_another_program() {
    let poisson = [0.880_713_986_404_388_8, 0.238_404_384_787_341_83, -0.372_293_300_064_518_94];
    assert_close(&fitted(f64::INFINITY, [0.0; 3]).coefficients, &poisson, 1e-6);
    let binomial = [0.879_157_976_697_071_4, 0.257_897_699_233_155_86, -0.379_177_554_662_953_5];
    assert_close(&fitted(2.0, [0.0; 3]).coefficients, &binomial, 1e-5);
}

/// The minimum of the penalised Poisson likelihood by BFGS, `minimize` of `SciPy` 1.17.1.
#[test]
fn the_prior_holds_coefficients_back() {
    let expected = [0.886_803_058_344_868, 0.218_488_164_472_325_16, -0.343_217_992_621_121_24];
    assert_close(&fitted(f64::INFINITY, [0.0, 3.0, 3.0]).coefficients, &expected, 1e-6);
}

#[test]
fn standardised_features_give_the_same_means() {
    let plain = fitted(f64::INFINITY, [0.0; 3]);
    let table = table().standardised();
    let likelihood = Likelihood { size: f64::INFINITY, prior: vec![0.0; 3] };
    let fit = likelihood.fit(&table, start(&table).expect("a mean")).expect("a fit");
    assert_close(&fit.means, &plain.means, 1e-6);
    assert_close(&table.restored(fit.coefficients), &plain.coefficients, 1e-6);
}

#[test]
fn the_size_solves_its_equation() {
    let mut table = table();
    let means = vec![2.525; 40];
    // Poisson counts scatter more than these.
    assert_eq!(size(&table, &means, 1.0), LARGEST);
    table.targets.iter_mut().for_each(|target| *target *= *target);
    let means = vec![table.targets.iter().sum::<f64>() / 40.0; 40];
    let found = size(&table, &means, 1.0);
    let variance = means[0] + means[0] * means[0] / found;
    let squares: f64 = table.targets.iter().map(|y| (y - means[0]) * (y - means[0])).sum();
    assert!((squares / variance - 39.0).abs() < 1e-4);
}
