//! The books of a group, one scenario at a time and in plain steps.

use super::super::setting::Setting;
use super::*;
use crate::lane::LANES;
use crate::{Rule, Units};

/// An item in one scenario.
#[derive(Clone, Default)]
struct Stock {
    net: Units,
    position: Units,
    /// What arrives in each period.
    due: Vec<Units>,
    wanted: Vec<Units>,
}

/// What an item asks for, under a trigger of its own.
fn order(rule: &Rule, trigger: Units, position: Units) -> Units {
    Rule { trigger, ..*rule }.order(position)
}

/// Runs the group; of the outcomes, what is compared.
pub(super) fn simulate(group: &Group<'_>) -> (Vec<Outcomes>, GroupOutcomes) {
    let setting = Setting::of(group, Detail::Full, None);
    let (members, events, joint) = (&group.members, group.events, group.joint);
    let block = members[0].block;
    let mut outcomes = vec![Outcomes::default(); members.len()];
    let mut together = GroupOutcomes::default();
    for scenario in 0..block.scenarios() {
        let (tile, lane) = (scenario / LANES, scenario % LANES);
        let plans = setting.plans.iter();
        let mut stocks: Vec<Stock> = plans
            .map(|plan| {
                let net = plan.opening(tile).0[lane];
                let due = vec![0.0; block.periods() + 50];
                let wanted = plan.block.scenario(scenario).collect();
                Stock { net, position: net, due, wanted }
            })
            .collect();
        for outcomes in &mut outcomes {
            for column in [&mut outcomes.ordered, &mut outcomes.orders, &mut outcomes.stock] {
                column.push(0.0);
            }
            outcomes.unmet.push(0.0);
        }
        for column in [&mut together.orders, &mut together.bound, &mut together.waited] {
            column.push(0.0);
        }
        for period in 0..block.periods() {
            let measured = f64::from(u8::from(period >= block.warm_up()));
            let mut review = |stocks: &mut Vec<Stock>, counted_from: usize| {
                if !events.reviewed(period) {
                    return;
                }
                let rule = |i: usize| {
                    let plan = &setting.plans[i];
                    let rules = &plan.policy.rules;
                    rules[plan.rule_at(period, plan.ahead(tile))].agreed(plan.item)
                };
                let position = |i: usize| stocks[i].position;
                let all = 0..members.len();
                if !all.clone().any(|i| position(i) <= rule(i).trigger) {
                    return;
                }
                let last = |i: usize| rule(i).target.next_down();
                let can = |i: usize| members[i].policy.joins_at.unwrap_or(f64::NEG_INFINITY);
                let ask = |i: usize| {
                    order(&rule(i), rule(i).trigger.max(can(i).min(last(i))), position(i))
                };
                let orders_ever = |i: usize| rule(i).trigger > f64::NEG_INFINITY;
                let fill = |i: usize| match orders_ever(i) {
                    true => order(&rule(i), last(i), position(i)),
                    false => 0.0,
                };
                let mut asked: Vec<Units> = all.clone().map(ask).collect();
                let weigh = |asked: &[Units]| -> f64 {
                    members.iter().zip(asked).map(|(member, units)| member.weight * units).sum()
                };
                if weigh(&asked) < joint.minimum {
                    let filled: Vec<Units> = all.clone().map(fill).collect();
                    let enough = weigh(&filled) >= joint.minimum;
                    if joint.shortfall == Shortfall::Wait || !enough {
                        together.waited[scenario] += measured;
                        return;
                    }
                    asked = filled;
                }
                let share = joint.capacity / weigh(&asked);
                if share < 1.0 {
                    together.bound[scenario] += measured;
                    let mut left = 0.0;
                    for turn in all.clone() {
                        let i = (turn + period) % members.len();
                        let unit = if block.largest() > 0.0 { 1.0 } else { 1.0 / 1_048_576.0 };
                        let lot = if rule(i).lot > 0.0 { rule(i).lot } else { unit };
                        let weight = members[i].weight;
                        let granted = left + share * (weight * asked[i]);
                        let lots = (granted * (1.0 / (weight * lot))).floor();
                        let given = (lots * lot).min(asked[i]);
                        asked[i] = if given < rule(i).least { 0.0 } else { given };
                        left = granted - asked[i] * weight;
                    }
                }
                let any = asked.iter().any(|&units| units > 0.0);
                together.orders[scenario] += measured * f64::from(u8::from(any));
                for (i, &units) in asked.iter().enumerate() {
                    let due = counted_from + members[i].item.lead_time_periods;
                    stocks[i].due[events.receiving_days.from(due)] += units;
                    stocks[i].position += units;
                    outcomes[i].ordered[scenario] += measured * units;
                    outcomes[i].orders[scenario] += measured * f64::from(u8::from(units > 0.0));
                }
            };
            if events.review == ReviewTime::BeforeDemand {
                review(&mut stocks, period);
            }
            let mut missed = Vec::new();
            for stock in &mut stocks {
                let available = stock.net + stock.due[period];
                let wanted = stock.wanted[period];
                let short = (wanted - available.max(0.0)).max(0.0);
                let taken = if events.unmet == Unmet::Lost { wanted - short } else { wanted };
                stock.net = available - taken;
                stock.position -= taken;
                missed.push(short);
            }
            if events.review == ReviewTime::AfterDemand {
                review(&mut stocks, period + 1);
            }
            for (i, stock) in stocks.iter().enumerate() {
                outcomes[i].stock[scenario] += measured * stock.net.max(0.0);
                outcomes[i].unmet[scenario] += measured * missed[i];
            }
        }
        for (outcomes, stock) in outcomes.iter_mut().zip(&stocks) {
            outcomes.closing.push(stock.net);
        }
    }
    (outcomes, together)
}
