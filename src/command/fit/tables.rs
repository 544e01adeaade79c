//! How the findings are printed.

use std::fmt::Write;

use scenarios::backtest::{INTERVALS, LEVELS, Scores};
use scenarios::classes::Pattern;

use super::lines::{ItemLine, Shares, TunedLine};
use super::{Findings, FitTable, QUANTILES};
use crate::report::{figures, tables};

const MEMORY: &str = "memory takes every row";

/// The sums of items that are alike, and the models.
pub(super) fn text(findings: &Findings) -> String {
    let mut text = findings.about.clone();
    let _ = write!(
        text,
        "\n{:<14}{:>7}{:>9}{:>8}{:>9}{:>9}{:>8}{:>7}{:>7}{:>9}",
        "demand",
        "items",
        "windows",
        "CRPS %",
        "plain %",
        "skill %",
        "bias %",
        "MASE",
        "RMSSE",
        "saving %"
    );
    for level in INTERVALS {
        let _ = write!(text, "{:>8}", format!("in {:.0} %", 100.0 * level));
    }
    text.push('\n');
    for pattern in Pattern::ALL {
        let alike = findings.items.iter().filter(|line| line.pattern == pattern.name());
        let alike: Vec<&ItemLine> = alike.collect();
        if !alike.is_empty() {
            let name = if pattern == Pattern::None { "never seen" } else { pattern.name() };
            sums(&mut text, name, &alike);
        }
    }
    sums(&mut text, "all", &findings.items.iter().collect::<Vec<_>>());
    text.push_str(
        "CRPS: continuous ranked probability score of a window's demand, as a share of it; plain: the \
         same of the\ndistribution that only the season changes; skill: how much lower the score is \
         than that of the item's own\npast windows; bias: expected less sold; MASE, RMSSE: errors of a \
         period's mean in changes from one period\nto the next; saving: cost of stock that covers a \
         window at the critical ratio, less than by its own past\nwindows; in 80 %: windows within the \
         central 80 % interval.\n\nitems  loss  model\n",
    );
    for line in &findings.models {
        let ratio = line.loss_ratio.map_or(figures::NONE.to_owned(), |r| figures::number(r, 2));
        let _ = writeln!(text, "{:>5}{ratio:>6}  {}: {}", line.items, line.model, line.summary);
    }
    text.push_str(
        "loss: in multiples of the plain distribution's, over all items. Those that do best for an item \
         and for items\nalike are combined.\n",
    );
    tuned(&mut text, &findings.tuned);
    text
}

/// What tuning found, if there was any.
fn tuned(text: &mut String, lines: &[TunedLine]) {
    if lines.is_empty() {
        return;
    }
    text.push_str("\n   gain   items  set  model and demand: best of what was tried\n");
    for line in lines {
        let set = if line.set { "yes" } else { "no" };
        let _ = writeln!(
            text,
            "{:>7}{:>8}{set:>5}  {}, {}: {}",
            figures::number(line.gain, 4),
            line.items,
            line.model,
            line.pattern,
            line.options,
        );
    }
    text.push_str(
        "gain: how much less is lost than with what each item estimates, in standard deviations of \
         demand; set if it\nis more than its standard error.\n",
    );
}

fn sums(text: &mut String, name: &str, alike: &[&ItemLine]) {
    let sum = |of: fn(&ItemLine) -> Scores| {
        alike.iter().map(|line| of(line)).fold(Scores::default(), Scores::plus)
    };
    let (scores, plain) = (sum(|line| line.scores), sum(|line| line.plain));
    let per_cent = |share: f64| figures::number(100.0 * share, 1);
    let _ = write!(
        text,
        "{name:<14}{:>7}{:>9}{:>8}{:>9}{:>9}{:>8}{:>7}{:>7}{:>9}",
        alike.len(),
        scores.windows,
        per_cent(scores.crps_share()),
        per_cent(plain.crps_share()),
        per_cent(scores.skill()),
        per_cent(scores.bias()),
        figures::number(scores.mase(), 2),
        figures::number(scores.rmsse(), 2),
        per_cent(scores.saving()),
    );
    for covered in scores.coverage() {
        let _ = write!(text, "{:>8}", per_cent(covered));
    }
    text.push('\n');
}

/// A table for programs.
pub(super) fn json(findings: &Findings, which: FitTable) -> String {
    match which {
        FitTable::Items => super::json(&findings.items),
        FitTable::Models => super::json(&findings.models),
        FitTable::Forecasts => super::json(&findings.steps),
        FitTable::Tuning => super::json(&findings.tuned),
    }
}

/// A table for spreadsheets.
pub(super) fn csv(findings: &Findings, which: FitTable) -> String {
    match which {
        FitTable::Items => items(&findings.items),
        FitTable::Models => written(
            ["model", "items", "loss_ratio"].map(str::to_owned).to_vec(),
            findings.models.iter().map(|line| {
                let ratio = line.loss_ratio.map_or(String::new(), tables::number);
                vec![line.model.to_owned(), line.items.to_string(), ratio]
            }),
        ),
        FitTable::Tuning => written(
            ["model", "demand_pattern", "items", "trials", "options", "gain", "gain_error", "set"]
                .map(str::to_owned)
                .to_vec(),
            findings.tuned.iter().map(|line| {
                let words = [line.model, line.pattern].map(str::to_owned);
                let counts = [line.items, line.trials].map(|count| count.to_string());
                let gains = [line.gain, line.gain_error].map(tables::number);
                let last = [line.options.clone()].into_iter().chain(gains);
                words.into_iter().chain(counts).chain(last).chain([line.set.to_string()]).collect()
            }),
        ),
        FitTable::Forecasts => written(
            ["item", "date", "mean_units"]
                .map(str::to_owned)
                .into_iter()
                .chain(quantiles())
                .collect(),
            findings.steps.iter().map(|line| {
                let numbers = std::iter::once(line.mean_units).chain(line.quantile_units);
                [tables::harmless(line.item.clone()), line.date.clone()]
                    .into_iter()
                    .chain(numbers.map(tables::number))
                    .collect()
            }),
        ),
    }
}

fn quantiles() -> impl Iterator<Item = String> {
    QUANTILES.into_iter().map(|level| format!("quantile_{:.0}_units", 100.0 * level))
}

fn items(lines: &[ItemLine]) -> String {
    let names = [
        "item",
        "demand_pattern",
        "models",
        "window_periods",
        "mean_units_per_window",
        "windows",
        "crps_share",
        "plain_crps_share",
        "skill_over_past",
        "bias_share",
        "mase",
        "rmsse",
        "cost_per_window",
        "saving_over_past",
    ];
    let pinball = LEVELS.map(|level| format!("pinball_{:.0}_share", 100.0 * level));
    let covered = INTERVALS.map(|level| format!("coverage_{:.0}", 100.0 * level));
    let header = names.map(str::to_owned).into_iter().chain(pinball).chain(covered);
    let row = |line: &ItemLine| {
        let Shares { crps_share, skill_over_past, bias_share, mase, rmsse, .. } = line.shares;
        let numbers = [
            line.window_periods as f64,
            line.mean_units,
            line.windows,
            crps_share,
            line.plain_crps_share,
            skill_over_past,
            bias_share,
            mase,
            rmsse,
            line.shares.cost_per_window,
            line.shares.saving_over_past,
        ];
        let words = [line.item.clone(), line.pattern.to_owned(), line.models.join(" ")];
        let shares = line.shares.pinball_share.into_iter().chain(line.shares.coverage);
        let numbers = numbers.into_iter().chain(shares).chain(line.quantile_units);
        let note = [tables::harmless(line.note.clone())];
        let words = words.map(tables::harmless).into_iter();
        words.chain(numbers.map(tables::number)).chain(note).collect()
    };
    let header = header.chain(quantiles()).chain(["note".to_owned()]);
    written(header.collect(), lines.iter().map(row))
}

fn written(header: Vec<String>, rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header).expect(MEMORY);
    for row in rows {
        writer.write_record(row).expect(MEMORY);
    }
    let bytes = writer.into_inner().expect(MEMORY);
    String::from_utf8(bytes).expect("every cell is text")
}
