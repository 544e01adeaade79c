use super::*;
use crate::forecast::regression::sample::{assert_close, rows, targets};

/// The linear programme's minimum, by `linprog` (HiGHS) of SciPy 1.17.1: the sum within a
/// five-hundredth of it, where residuals at zero are rounded.
#[test]
fn quantiles_are_those_of_the_linear_programme() {
    let (rows, targets) = (rows(), targets());
    let check = Check::new(&rows, &targets).expect("targets vary");
    for (level, least, expected) in [
        (0.1, 9.202_127_659_574_469, [0.957_446_81, 0.638_297_87, -0.638_297_87]),
        (0.5, 20.429_577_464_788_732, [2.704_225_35, 0.422_535_21, -1.352_112_68]),
        (0.9, 7.091_836_734_693_873_5, [3.959_183_67, 1.224_489_8, -1.224_489_8]),
    ] {
        let found = check.minimum(level, check.least_squares());
        assert_close(&found, &expected, 0.05);
        let value = check.value(level, &found);
        assert!(value >= least - 1e-9 && value < 1.002 * least, "{level}: {value} {least}");
    }
}
