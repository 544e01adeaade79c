//! What is ordered at one review, as plain numbers that every lane applies alike.

use crate::lane::{Lane, Lot, Width};
use crate::{Item, Units};

/// An order as a function of the inventory position.
///
/// At or below `trigger`, order up to `target`, but at least `least`, in whole multiples of `lot`,
/// and at most `most`; above it, nothing. Every policy of the catalogue that looks at the position
/// alone is a row of such rules, one for each period of its rhythm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// Position at or below which is ordered \[units\]; infinite if always below the target.
    pub trigger: Units,
    /// Position ordered up to \[units\].
    pub target: Units,
    /// Orders are whole multiples of this \[units\]; 0 if any size will do.
    pub lot: Units,
    /// Smallest order \[units\].
    pub least: Units,
    /// Largest order \[units\]; infinite if there is none.
    pub most: Units,
}

impl Rule {
    /// Nothing, whatever the position.
    pub const NOTHING: Rule = Rule {
        trigger: f64::NEG_INFINITY,
        target: f64::NEG_INFINITY,
        lot: 0.0,
        least: 0.0,
        most: f64::INFINITY,
    };

    /// At every review, up to `level`.
    pub fn up_to(level: Units) -> Rule {
        Rule { trigger: f64::INFINITY, target: level, ..Rule::NOTHING }
    }

    /// At or below `trigger`, up to `target`.
    pub fn at(trigger: Units, target: Units) -> Rule {
        Rule { trigger, target, ..Rule::NOTHING }
    }

    /// At or below `trigger`, whole lots until above it.
    pub fn lots(trigger: Units, lot: Units) -> Rule {
        Rule { lot, ..Rule::at(trigger, trigger + 1.0) }
    }

    /// Always `quantity`, whatever the position.
    pub fn always(quantity: Units) -> Rule {
        let trigger = f64::INFINITY;
        Rule { trigger, target: f64::INFINITY, least: quantity, most: quantity, ..Rule::NOTHING }
    }

    /// The same, but at most `most`.
    #[must_use]
    pub fn at_most(self, most: Units) -> Rule {
        Rule { most, ..self }
    }

    /// The rule as the item's supplier lets it: with its minimum, multiple and maximum.
    ///
    /// A lot of the rule's own becomes the least multiple of the supplier's that holds it.
    #[must_use]
    pub(crate) fn agreed(self, item: &Item) -> Rule {
        let multiple = item.order_multiple;
        let up = |units: Units| match multiple > 0.0 {
            true => (units / multiple).ceil() * multiple,
            false => units,
        };
        let largest = match multiple > 0.0 {
            true => (item.maximum_order / multiple).floor() * multiple,
            false => item.maximum_order,
        };
        let lot = if self.lot > 0.0 { up(self.lot).min(largest) } else { multiple };
        let down = |units: Units| match lot > 0.0 && units.is_finite() {
            true => (units / lot).floor().max(1.0) * lot,
            false => units,
        };
        Rule {
            // Nothing is ordered at the target itself: for whole counts, one below it is the last.
            trigger: self.trigger.min(self.target.next_down()),
            lot,
            least: self.least.max(item.minimum_order),
            // What the supplier takes at least goes before the rule's own limit.
            most: down(up(self.most).max(up(item.minimum_order))).min(down(item.maximum_order)),
            ..self
        }
    }

    /// Whether an order is more than the difference to the target.
    pub(crate) fn has_lots(&self) -> bool {
        self.lot > 0.0 || self.least > 0.0 || self.most.is_finite()
    }

    /// The order at `position` \[units\], of a rule that was agreed with the supplier.
    pub(crate) fn order(&self, position: Units) -> Units {
        if position > self.trigger {
            return 0.0;
        }
        let wanted = (self.target - position).max(self.least).min(self.most);
        let whole = if self.lot > 0.0 { (wanted / self.lot).ceil() * self.lot } else { wanted };
        whole.min(self.most)
    }

    /// The highest position just after an order \[units\].
    pub(crate) fn ceiling(&self) -> Units {
        if self.trigger == f64::NEG_INFINITY {
            return 0.0;
        }
        self.target.max(self.trigger + self.least) + self.lot
    }

    /// Whether all its numbers are whole or infinite.
    pub(crate) fn is_whole(&self) -> bool {
        let whole = |units: Units| units.is_infinite() || units.fract() == 0.0;
        whole(self.target) && whole(self.lot) && whole(self.least) && whole(self.most)
    }
}

/// An agreed rule in the numbers of a lane.
#[derive(Clone, Copy)]
pub(crate) struct Laned<L> {
    trigger: L,
    target: L,
    lot: Lot<L>,
    least: L,
    most: L,
}

impl<L: Lane> Laned<L> {
    pub(crate) fn new(rule: Rule) -> Laned<L> {
        Laned {
            // Positions are whole where lanes are integers, so the floor is the same trigger.
            trigger: L::of(match L::WIDTH {
                Width::Wide => rule.trigger,
                Width::Narrow | Width::Middle => rule.trigger.floor(),
            }),
            target: L::of(rule.target),
            lot: Lot::new(if rule.lot > 0.0 { rule.lot } else { 1.0 }),
            least: L::of(rule.least),
            most: L::of(rule.most),
        }
    }

    /// The order at `position`; `LOTS` if it can be other than the difference to the target.
    #[inline(always)]
    pub(crate) fn order<const LOTS: bool>(&self, position: L) -> L {
        let wanted = self.target.minus(position);
        let order = if LOTS {
            wanted.most(self.least).rounded_up(self.lot).least(self.most)
        } else {
            wanted
        };
        if position <= self.trigger { order } else { L::ZERO }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::tests::bolts;

    #[test]
    fn a_rule_meets_the_suppliers_terms() {
        let terms =
            Item { minimum_order: 20.0, order_multiple: 12.0, maximum_order: 50.0, ..bolts() };
        let order = |rule: Rule, position| rule.agreed(&terms).order(position);
        assert_eq!(order(Rule::up_to(100.0), 99.0), 24.0);
        assert_eq!(order(Rule::up_to(100.0), 70.0), 36.0);
        assert_eq!(order(Rule::up_to(100.0), 0.0), 48.0);
        assert_eq!(order(Rule::up_to(100.0), 100.0), 0.0);
        assert_eq!(order(Rule::lots(30.0, 10.0), 30.0), 24.0);
        assert_eq!(order(Rule::up_to(100.0).at_most(5.0), 0.0), 24.0);
        assert_eq!(order(Rule::NOTHING, -1e9), 0.0);
    }

    /// The integer lanes order what the definition says, at every position.
    #[test]
    fn lanes_order_what_the_rule_says() {
        let items = [
            bolts(),
            Item { minimum_order: 25.0, ..bolts() },
            Item { order_multiple: 12.0, maximum_order: 60.0, ..bolts() },
        ];
        let rules = [
            Rule::NOTHING,
            Rule::up_to(40.0),
            Rule::at(6.0, 40.0),
            Rule::lots(20.0, 7.0),
            Rule::up_to(40.0).at_most(9.0),
            Rule { least: 15.0, most: 15.0, ..Rule::lots(20.0, 15.0) },
        ];
        for item in &items {
            for rule in rules.map(|rule| rule.agreed(item)) {
                for position in -300..300 {
                    let expected = rule.order(f64::from(position));
                    let narrow = Laned::<i16>::new(rule).order::<true>(position as i16);
                    let middle = Laned::<i32>::new(rule).order::<true>(position);
                    let wide = Laned::<f64>::new(rule).order::<true>(f64::from(position));
                    assert_eq!([narrow.value(), middle.value(), wide], [expected; 3], "{rule:?}");
                    if !rule.has_lots() {
                        let plain = Laned::<i16>::new(rule).order::<false>(position as i16);
                        assert_eq!(plain.value(), expected, "{rule:?}");
                    }
                }
            }
        }
    }
}
