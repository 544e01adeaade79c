//! What items that are simulated or planned together do not know.

use crate::study::Checker;
use crate::study::file::File;

impl Checker<'_> {
    /// Refuses what items that are simulated together do not know.
    pub(in crate::study) fn known_to_groups(&mut self, file: &File, whom: &str, section: &str) {
        self.certain_supply(file, whom, section);
        if file.shelf.life_periods.is_some() {
            let message = format!("is not known to {whom}; remove it, or remove {section}");
            self.refuse("shelf.life_periods", "", message);
        }
    }

    /// Refuses supply that chance or a second source has a part in, and customers who wait for some time only.
    pub(in crate::study) fn certain_supply(&mut self, file: &File, whom: &str, section: &str) {
        let supply = &file.supply;
        let unknown = [
            (
                "supply.lead_time_deviation_periods",
                supply.lead_time_deviation_periods.is_some_and(|d| d > 0.0),
            ),
            ("supply.observed_lead_times", !supply.observed_lead_times.is_empty()),
            ("supply.yield_low", supply.yield_low.is_some()),
            ("supply.failure_probability", supply.failure_probability.is_some()),
            ("supply.first_delivery_share", supply.first_delivery_share.is_some_and(|s| s < 1.0)),
            ("supply.expedited_lead_time_periods", supply.expedited_lead_time_periods.is_some()),
            ("events.unmet", !matches!(file.events.unmet.as_str(), "lost" | "backorder")),
        ];
        for (key, given) in unknown {
            if given {
                let message = format!("is not known to {whom}; remove it, or remove {section}");
                self.refuse(key, "", message);
            }
        }
    }
}
