use super::*;
use crate::forecast::regression::sample::{assert_close, rows, targets};

/// The linear programme's minimum, by `linprog` of `SciPy` 1.17.1, with many steps and hardly
/// any rounding; as it is used, the sum is a hundredth larger at most.
#[test]
fn quantiles_are_those_of_the_linear_programme() {
    let (rows, targets) = (rows(), targets());
    let quick = Check::new(&rows, &targets).expect("targets vary");
    let exact = Check { rounding: 1e-5, steps: 5_000, ..quick };
    for (level, least, expected) in [
        (0.1, 9.202_127_659_574_469, [0.957_446_81, 0.638_297_87, -0.638_297_87]),
        (0.5, 20.429_577_464_788_732, [2.704_225_35, 0.422_535_21, -1.352_112_68]),
        (0.9, 7.091_836_734_693_873_5, [3.959_183_67, 1.224_489_8, -1.224_489_8]),
    ] {
        let found = exact.minimum(level, exact.least_squares());
        assert_close(&found, &expected, 0.002);
        for (check, allowed) in [(&exact, 1e-4), (&quick, 0.01)] {
            let value = check.value(level, &check.minimum(level, check.least_squares()));
            let range = least - 1e-9..least * (1.0 + allowed);
            assert!(range.contains(&value), "{level}: {value}, not {least}");
        }
    }
}
