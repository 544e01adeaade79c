//! `[strategies]` and `[selection]`: what is compared, and how one is chosen.

use engine::policy::{self, Family};
use scenarios::Length;
use solvers::search::{self, AUTOMATIC, Method};
use solvers::strategy::{self, MOST_STRATEGIES};
use solvers::{Selecting, Strategy, Targets};

use super::file::{self, File};
use super::{Checker, MOST_SCENARIOS, share};

impl Checker<'_> {
    pub(super) fn strategies(
        &mut self,
        file: &mut File,
        period: Length,
    ) -> (Vec<&'static Strategy>, &'static Family) {
        let strategies = &mut file.strategies;
        let cover = match period {
            Length::Day => 7.0,
            Length::Week => 1.0,
            Length::Month => 0.25,
        };
        let cover = *strategies.days_of_cover.get_or_insert(cover);
        let fits = (0.0..=10_000.0).contains(&cover);
        self.within("strategies.days_of_cover", cover, fits, "must be a number of periods from 0");
        let names: Vec<&str> = policy::CATALOGUE.iter().map(|family| family.name).collect();
        let family = policy::family(&strategies.policy).unwrap_or_else(|| {
            self.unknown("strategies.policy", &strategies.policy, &names);
            &policy::CATALOGUE[0]
        });

        let key = "strategies.compare";
        let names: Vec<&str> = strategy::CATALOGUE.iter().map(|strategy| strategy.name).collect();
        let mut chosen: Vec<&'static Strategy> = Vec::new();
        for name in &strategies.compare {
            match strategy::strategy(name) {
                Some(_) if chosen.iter().any(|known| known.name == name) => {
                    self.refuse(key, name, "is named twice");
                }
                Some(strategy) => chosen.push(strategy),
                None => self.unknown(key, name, &names),
            }
        }
        if strategies.compare.is_empty() || chosen.len() > MOST_STRATEGIES {
            let message = format!("must name one to {MOST_STRATEGIES} strategies");
            self.refuse(key, "", message);
        }
        (chosen, family)
    }

    /// How parameters of `family` are searched; `None` as its shape asks for.
    pub(super) fn search(&mut self, file: &File, family: &Family) -> Option<&'static Method> {
        let (key, name) = ("strategies.search", &file.strategies.search);
        if name == AUTOMATIC {
            return None;
        }
        let Some(method) = search::method(name) else {
            let methods = search::CATALOGUE.iter().map(|method| method.name);
            let names: Vec<&str> = std::iter::once(AUTOMATIC).chain(methods).collect();
            self.unknown(key, name, &names);
            return None;
        };
        if !(method.fits)(family) {
            let fits: Vec<&str> = search::CATALOGUE
                .iter()
                .filter(|method| (method.fits)(family))
                .map(|method| method.name)
                .collect();
            let message = format!(
                "cannot search the policy `{}`, which has {} parameters; choose {AUTOMATIC}, {}",
                family.name,
                family.parameters.len(),
                fits.join(", ")
            );
            self.refuse(key, name, message);
        }
        Some(method)
    }

    /// How strategies are selected.
    pub(super) fn selecting(&mut self, file: &File) -> Selecting {
        let &file::Selection { alpha, indifference_share, most_scenarios } = &file.selection;
        let expected = format!("must lie above 0 and below 0.5{}", share(alpha));
        self.within("selection.alpha", alpha, alpha > 0.0 && alpha < 0.5, &expected);
        let zone = indifference_share;
        let expected =
            format!("must lie above 0 and be at most 0.5, a share of cost{}", share(zone));
        self.within("selection.indifference_share", zone, zone > 0.0 && zone <= 0.5, &expected);
        let fits = (64..=MOST_SCENARIOS).contains(&most_scenarios);
        let expected = format!("must be a whole number from 64 to {MOST_SCENARIOS}");
        self.within("selection.most_scenarios", most_scenarios as f64, fits, &expected);
        Selecting { alpha, indifference_share, most_scenarios }
    }

    /// What strategies aim at.
    pub(super) fn targets(&mut self, file: &File) -> Targets {
        let given = &file.strategies;
        let of_class =
            given.class_service_levels.iter().map(|level| ("class_service_levels", *level));
        let levels = [("service_level", given.service_level), ("fill_rate", given.fill_rate)];
        for (key, level) in levels.into_iter().chain(of_class) {
            let expected = format!(
                "must lie between 0 and 1, without the ends: no stock covers every demand{}",
                share(level)
            );
            let fits = level > 0.0 && level < 1.0;
            self.within(&format!("strategies.{key}"), level, fits, &expected);
        }
        let tail = given.tail_share;
        let expected = format!("must be a share from 0 to below 1{}", share(tail));
        self.within("strategies.tail_share", tail, (0.0..1.0).contains(&tail), &expected);
        let reserve = given.demand_share;
        let fits = (0.0..=100.0).contains(&reserve);
        self.within("strategies.demand_share", reserve, fits, "must be a share from 0 to 100");
        let defaults = Targets::default();
        let classes = given.class_service_levels.as_slice().try_into().unwrap_or_else(|_| {
            let message = "must be three, of items of class A, B and C: such as [0.98, 0.95, 0.9]";
            self.refuse("strategies.class_service_levels", "", message);
            defaults.class_service_levels
        });
        Targets {
            days_of_cover: given.days_of_cover.unwrap_or(defaults.days_of_cover),
            demand_share: reserve,
            service_level: given.service_level,
            class_service_levels: classes,
            fill_rate: given.fill_rate,
            tail_share: tail,
        }
    }
}
