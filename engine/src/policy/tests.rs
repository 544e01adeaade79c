use super::*;

const FLAT: Outlook<'_> = Outlook { demand: &[5.0], protection_periods: 4 };

fn built(name: &str, values: &[f64]) -> Policy {
    (family(name).unwrap().build)(values, &FLAT).unwrap()
}

fn orders(name: &str, values: &[f64], positions: &[f64]) -> Vec<f64> {
    let item = crate::Item::plain("any", 2, 1.0, 9.0);
    let rule = built(name, values).rules[0].agreed(&item);
    positions.iter().map(|&position| rule.order(position)).collect()
}

/// A policy, its values, positions, and the order at each.
type Orders<'a> = (&'a str, &'a [f64], &'a [f64], &'a [f64]);

/// One order a policy and position, worked out by hand from the rule's definition.
#[test]
fn every_rule_orders_what_its_source_says() {
    let cases: [Orders<'_>; 11] = [
        ("base-stock", &[60.0], &[52.5, 60.0, 61.0], &[7.5, 0.0, 0.0]),
        ("capped-base-stock", &[60.0, 5.0], &[58.0, 50.0], &[2.0, 5.0]),
        ("min-max", &[6.0, 40.0], &[6.0, 7.0, -2.0], &[34.0, 0.0, 42.0]),
        ("min-max-capped", &[17.0, 23.0, 7.0], &[17.0, 15.0, 18.0], &[6.0, 7.0, 0.0]),
        ("lot-size", &[20.0, 6.0], &[20.0, 15.0, 14.0, 21.0], &[6.0, 6.0, 12.0, 0.0]),
        ("fixed-lot", &[20.0, 6.0], &[20.0, -50.0, 21.0], &[6.0, 6.0, 0.0]),
        ("eoq-cycle", &[4.0, 25.0, 20.0], &[20.0, 0.0, 21.0], &[25.0, 25.0, 0.0]),
        ("lot-for-lot", &[30.0], &[23.0], &[7.0]),
        ("kanban", &[3.0, 10.0], &[30.0, 21.0, 20.0, 10.0], &[0.0, 0.0, 10.0, 20.0]),
        ("periodic-lots", &[4.0, 20.0, 6.0], &[14.0], &[12.0]),
        ("tailored-base-surge", &[8.0, 3.0], &[-4.0, 900.0], &[3.0, 3.0]),
    ];
    for (name, values, positions, expected) in cases {
        assert_eq!(orders(name, values, positions), expected, "{name}");
    }
}

#[test]
fn a_rhythm_orders_once_an_interval() {
    for (name, values) in [
        ("periodic", vec![7.0, 30.0]),
        ("periodic-min-max", vec![7.0, 10.0, 30.0]),
        ("periodic-lots", vec![7.0, 10.0, 30.0]),
        ("eoq-cycle", vec![7.0, 10.0, 30.0]),
    ] {
        let policy = built(name, &values);
        assert_eq!(policy.rhythm(), 7);
        assert!(policy.rules[0] != Rule::NOTHING);
        assert!(policy.rules[1..].iter().all(|rule| *rule == Rule::NOTHING));
    }
}

/// A level that follows the seasons is the forecast of the periods it must cover.
#[test]
fn phased_levels_follow_the_forecast() {
    let outlook = Outlook { demand: &[1.0, 2.0, 10.0], protection_periods: 2 };
    let levels = |name: &str, values: &[f64]| {
        let policy = (family(name).unwrap().build)(values, &outlook).unwrap();
        assert!(policy.calendar);
        policy.rules.iter().map(|rule| rule.target).collect::<Vec<_>>()
    };
    assert_eq!(levels("time-phased", &[4.0]), [7.0, 16.0, 15.0]);
    assert_eq!(levels("cover", &[1.5]), [2.0, 7.0, 11.0]);
}

#[test]
fn parameters_that_contradict_each_other_are_both_named() {
    let refused = |name: &str, values: &[f64]| {
        (family(name).unwrap().build)(values, &FLAT).unwrap_err().to_string()
    };
    assert_eq!(
        refused("min-max", &[40.0, 6.0]),
        "policy `min-max`: min is 40 and max is 6, but min must be below max"
    );
    assert_eq!(
        refused("periodic", &[2.5, 6.0]),
        "policy `periodic`: interval is 2.5, but must be a whole number from 1 to 10000"
    );
    assert_eq!(
        refused("kanban", &[0.0, 6.0]),
        "policy `kanban`: cards is 0, but must be a whole number from 1"
    );
    assert!(refused("can-order", &[5.0, 4.0, 9.0]).contains("can is 4 and min is 5"));
    assert!(refused("lot-size", &[5.0, -4.0]).contains("lot is -4, but must be positive"));
}
