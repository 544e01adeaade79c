//! What strategies would have cost on sales that nobody had seen.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Shop;

/// A shop of three items whose sales of a day are `units` of item and day.
fn shop(units: impl Fn(u32, u32) -> u32) -> Shop {
    let shop = Shop::new();
    let mut sales = "date,item,units\n".to_owned();
    for item in 0..3 {
        for day in 0..112 {
            let (month, date) = (1 + day / 28, 1 + day % 28);
            let units = units(item, day);
            writeln!(sales, "2025-{month:02}-{date:02},item-{item},{units}").expect("text");
        }
    }
    let items: Vec<String> = (0..3).map(|item| format!("item-{item},1,2\n")).collect();
    shop.write("sales.csv", &sales);
    shop.write("items.csv", &format!("item,unit_cost,price\n{}", items.concat()));
    let study =
        shop.read("study.toml").replace("[items]", "[calendar]\nclosed = \"auto\"\n[items]");
    shop.write("study.toml", &study);
    shop
}

/// Figures of each strategy.
fn figures(shop: &Shop, threads: &str) -> BTreeMap<String, Vec<f64>> {
    let options = ["--periods", "28", "--format", "csv", "--threads", threads];
    let text = shop.told(&[&["replay", "study.toml"], &options[..]].concat());
    let lines = text.lines().skip(1).map(|line| {
        let (name, numbers) = line.split_once(',').expect("cells");
        let numbers = numbers.split(',').map(|cell| cell.parse().unwrap_or(f64::NAN));
        (name.to_owned(), numbers.collect())
    });
    lines.collect()
}

/// What is held out changes what is real and not what was promised; and it is really met.
#[test]
fn what_is_held_out_is_not_seen() {
    let usual = |item: u32, day: u32| 3 + item + (day * day + 3 * item) % 5;
    let calm = figures(&shop(usual), "1");
    assert_eq!(calm.len(), 6);
    assert_eq!(calm, figures(&shop(usual), "2"));
    let spiked = |item: u32, day: u32| usual(item, day) * if day < 84 { 1 } else { 4 };
    let wild = figures(&shop(spiked), "1");
    for (name, figures) in &calm {
        let [items, promised, real, _, _, _, promised_fill, real_fill, ..] = figures[..] else {
            panic!("{name}: {figures:?}")
        };
        assert_eq!(items, 3.0);
        // The same demand goes on: the promise is about kept.
        assert!((real - promised).abs() < 0.4 * promised, "{name}: {promised} {real}");
        assert_eq!((wild[name][1], wild[name][6]), (promised, promised_fill), "{name}");
        let (dearer, short) = (wild[name][2] > 1.2 * real, wild[name][7] < real_fill - 0.01);
        assert!(dearer && short, "{name}: {figures:?} {:?}", wild[name]);
    }
}

/// A demand that never changes is met as promised, to the last digit.
#[test]
fn constant_demand_keeps_every_promise() {
    let figures = figures(&shop(|item, _| 4 + item), "2");
    for (name, figures) in figures.iter().filter(|(name, _)| *name == "days-of-cover") {
        assert_eq!((figures[6], figures[7]), (1.0, 1.0), "{name}");
        let away = (figures[1] - figures[2]).abs();
        assert!(away < 0.05 * figures[1], "{name}: {figures:?}");
    }
}

#[test]
fn too_much_cannot_be_held_out() {
    let shop = Shop::new();
    let refused = |periods: &str| shop.refused(&["replay", "study.toml", "--periods", periods], 2);
    assert!(refused("0").contains("at least one and at most half"));
    assert!(refused("100").contains("at most half"));
    let study = shop.read("study.toml") + "[strategies]\npolicy = \"time-phased\"\n";
    shop.write("study.toml", &study);
    assert!(shop.refused(&["replay", "study.toml"], 2).contains("time-phased"));
}

/// A run that is asked to tells the same as the command.
#[test]
fn a_run_replays_if_it_is_asked_to() {
    let shop = shop(|item, day| 3 + item + (day * day + 3 * item) % 5);
    let plain = shop.read("study.toml");
    shop.write("study.toml", &(plain.clone() + "[report]\nreplay_periods = 28\n"));
    let text = shop.told(&["run", "study.toml", "--run", "out"]);
    assert!(text.contains("Replayed on the last 28 days"), "{text}");
    let asked = ["replay", "study.toml", "--periods", "28", "--format", "csv"];
    assert_eq!(shop.read("out/replay.csv"), shop.told(&asked));
    shop.write("study.toml", &(plain + "[report]\nreplay_periods = 100\n"));
    let text = shop.told(&["run", "study.toml", "--run", "other"]);
    assert!(
        text.contains("report.replay_periods: `100` of 112 periods cannot be held out"),
        "{text}"
    );
}
