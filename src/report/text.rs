//! What a planner reads on the terminal after a run.
//!
//! Plain UTF-8 without colours or control characters, so that a log file reads as well as
//! a terminal. On a narrow terminal the tables leave out their least important columns and
//! say so.

use comfy_table::{
    CellAlignment, ContentArrangement, ContentLineStyle, LineStyle, Row, Table, TableStyle,
};

use super::figures::{
    NAME, NONE, column_decimals, count, number, percent, plain, shared_decimals, short, visible,
    with_half_width,
};
use super::replayed::Replay;
use super::{OTHER_COSTS, Recommendation, Report, StrategyLine, SupplierLine, WAITS, words};

/// Recommendations shown; the rest are in the file.
const SHOWN: usize = 10;
/// Warnings shown.
const WARNINGS: usize = 20;
/// Longest line of running text.
const MEASURE: usize = 100;

/// The light lines of every table.
const LINES: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::none())
    .header_separator(LineStyle::none().fill('─'))
    .content_lines(ContentLineStyle::none());

/// The report in words and tables, at most `width_hint` columns wide if that can be.
pub fn summary(report: &Report, width_hint: Option<u16>) -> String {
    let width = width_hint.map_or(usize::MAX, usize::from).max(20);
    let parts = [
        warnings(report, width),
        Some(introduction(report, width)),
        strategies(report, width),
        words::selection(report).map(|text| wrapped(&text, "", "", width)),
        exchange(report, width),
        words::classes(report).map(|text| wrapped(&text, "", "", width)),
        words::data(report).map(|text| wrapped(&text, "", "", width)),
        words::search(report).map(|text| wrapped(&text, "", "", width)),
        words::exact(report).map(|text| wrapped(&text, "", "", width)),
        replayed(report, width),
        scarcity(report, width),
        suppliers(report, width),
        programmed(report, width),
        order_plan(report, width),
        recommendations(report, width),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join("\n").replace('\u{a0}', " ")
}

fn warnings(report: &Report, width: usize) -> Option<String> {
    if report.warnings.is_empty() {
        return None;
    }
    let mut text = "Before you trust the figures\n".to_string();
    for warning in report.warnings.iter().take(WARNINGS) {
        text += &wrapped(&visible(warning), "  ! ", "    ", width);
    }
    if report.warnings.len() > WARNINGS {
        let more = count(report.warnings.len() - WARNINGS);
        text = text + "  … and " + &more + " more in the report\n";
    }
    Some(text)
}

fn introduction(report: &Report, width: usize) -> String {
    let simulated = format!("{}: {}", visible(&report.study), words::simulated(report));
    let events = format!(
        "Each {}: {}. Intervals (±) are at {}\u{a0}%.",
        report.period,
        visible(&report.events),
        plain(100.0 * report.confidence_level)
    );
    let answer = words::answer(report);
    let paragraphs = [simulated, events].map(|text| wrapped(&text, "", "", width)).concat();
    paragraphs + "\n" + &wrapped(&answer, "", "", width)
}

fn strategies(report: &Report, width: usize) -> Option<String> {
    if report.strategies.is_empty() {
        return None;
    }
    let lines = || report.strategies.iter();
    let cost = shared_decimals(lines().map(|line| &line.cost));
    let value = shared_decimals(lines().map(|line| &line.stock_value));
    let difference = shared_decimals(lines().map(|line| &line.difference));
    let apart = |line: &StrategyLine| match line.verdict {
        "cheapest" => NONE.to_string(),
        _ => with_half_width(&line.difference, difference),
    };
    let each = |show: &dyn Fn(&StrategyLine) -> String| lines().map(show).collect();
    let mut columns = vec![
        left("strategy", 9, each(&|line| line.strategy.to_string())),
        right(&price(report), 9, each(&|line| with_half_width(&line.cost, cost))),
        right("holding", 1, each(&|line| number(line.holding_cost, cost))),
        right("orders", 1, each(&|line| number(line.order_cost, cost))),
        right("shortage", 1, each(&|line| number(line.shortage_cost, cost))),
    ];
    for (name, part) in OTHER_COSTS {
        if lines().any(|line| part(line) > 0.0) {
            columns.push(right(name, 1, each(&|line| number(part(line), cost))));
        }
    }
    columns.extend([
        right("fill rate %", 4, each(&|line| percent(line.fill_rate.mean, 1))),
        right("stock value", 3, each(&|line| number(line.stock_value.mean, value))),
        right("dearer by", 9, each(&apart)),
        left("verdict", 2, each(&|line| line.verdict.to_string())),
        right("best for", 5, each(&|line| words::several(line.recommended_for, "item"))),
    ]);
    Some(drawn(columns, width, "strategies.csv"))
}

fn exchange(report: &Report, width: usize) -> Option<String> {
    let sentence = words::exchange(report)?;
    let lines = &report.exchange.as_ref()?.lines;
    let each = |place: usize| {
        lines.iter().map(|line| words::exchanged(line)[place].clone()).collect::<Vec<_>>()
    };
    let columns = vec![
        left("strategy", 9, lines.iter().map(|line| line.strategy.to_string()).collect()),
        right("stock for the same service, %", 9, each(0)),
        right("safety stock, %", 5, each(1)),
        right("fill rate for the same stock, points", 4, each(2)),
    ];
    Some(wrapped(&sentence, "", "", width) + &drawn(columns, width, "service.csv"))
}

/// What `parstock replay` prints.
pub fn replay(study: &str, period: &str, replay: &Replay) -> String {
    let sentence = format!("{}: {}", visible(study), words::replay(period, replay));
    let width = usize::MAX;
    (wrapped(&sentence, "", "", width) + &replays(period, replay, width)).replace('\u{a0}', " ")
}

fn replayed(report: &Report, width: usize) -> Option<String> {
    let replay = report.replay.as_ref()?;
    let sentence = words::replay(report.period, replay);
    Some(wrapped(&sentence, "", "", width) + &replays(report.period, replay, width))
}

fn replays(period: &str, replay: &Replay, width: usize) -> String {
    let cells = words::replayed(replay);
    let column = |place: usize| cells.iter().map(|cells| cells[place].clone()).collect();
    let names = replay.lines.iter().map(|line| line.strategy.to_string()).collect();
    let columns = vec![
        left("strategy", 9, names),
        right(&format!("promised/{period}"), 9, column(0)),
        right("real", 9, column(1)),
        right("real less promised", 5, column(2)),
        right("fill rate % promised", 3, column(3)),
        right("real", 4, column(4)),
        right("stock value promised", 2, column(5)),
        right("real", 2, column(6)),
    ];
    drawn(columns, width, "replay.csv")
}

fn scarcity(report: &Report, width: usize) -> Option<String> {
    let limits = report.scarcity.as_ref()?;
    let text = words::scarcity(report, limits).join(" ");
    Some(wrapped(&visible(&text), "", "", width))
}

fn programmed(report: &Report, width: usize) -> Option<String> {
    let programmed = report.programmed.as_ref()?;
    let sentence = words::programmed(report.period, programmed);
    let cells = words::ways(programmed);
    let column = |place: usize| cells.iter().map(|line| line[place].clone()).collect();
    let names = programmed.lines.iter().map(|line| line.way.to_string()).collect();
    let mut columns = vec![
        left("ordering", 9, names),
        right(&price(report), 8, column(0)),
        right("more than program", 7, column(1)),
        right("fill rate %", 4, column(2)),
        right("stock value", 3, column(3)),
    ];
    if programmed.lines.iter().any(|line| line.supplier_order_cost > 0.0) {
        columns.push(right(&format!("suppliers/{}", report.period), 2, column(4)));
    }
    if programmed.cash_per_review.is_some() || programmed.warehouse_space.is_some() {
        columns.push(right("short, % of time", 5, column(5)));
    }
    Some(wrapped(&sentence, "", "", width) + &drawn(columns, width, "program.csv"))
}

fn order_plan(report: &Report, width: usize) -> Option<String> {
    let plan = report.order_plan.as_ref()?;
    let sentence = wrapped(&words::order_plan(report.period, plan), "", "", width);
    let lines = words::first_orders(plan);
    if lines.is_empty() {
        return Some(sentence);
    }
    let column = |place: usize| lines.iter().map(|line| line.1[place].clone()).collect();
    let columns = vec![
        left("item", 9, lines.iter().map(|line| line.0.clone()).collect()),
        right("order today", 8, column(0)),
        right("value", 5, column(1)),
        right("later", 4, column(2)),
        right("stock at the end", 3, column(3)),
    ];
    Some(sentence + &drawn(columns, width, "order_plan.csv"))
}

fn suppliers(report: &Report, width: usize) -> Option<String> {
    let sentence = words::together(report)?;
    let shown = &report.suppliers[..report.suppliers.len().min(SHOWN)];
    let lines = || shown.iter();
    let cost = shared_decimals(lines().map(|line| &line.cost));
    let saving = shared_decimals(lines().map(|line| &line.saving));
    let value = shared_decimals(lines().map(|line| &line.stock_value));
    let each = |show: &dyn Fn(&SupplierLine) -> String| lines().map(show).collect();
    let mut columns = vec![
        left("supplier", 9, each(&|line| short(&line.supplier, NAME))),
        right("items", 3, each(&|line| count(line.items))),
        left("what to do", 9, each(&|line| words::coordination(line, report.period))),
        right(&price(report), 8, each(&|line| with_half_width(&line.cost, cost))),
        right("saves", 7, each(&|line| with_half_width(&line.saving, saving))),
        right(&format!("orders/{}", report.period), 5, each(&|line| plain(line.orders))),
        right("alone", 4, each(&|line| plain(line.orders_alone))),
        right("fill rate %", 3, each(&|line| percent(line.fill_rate.mean, 1))),
        right("stock value", 2, each(&|line| number(line.stock_value.mean, value))),
    ];
    for (name, share) in WAITS {
        if lines().any(|line| share(line) > 0.0) {
            columns.push(right(name, 4, each(&|line| percent(share(line), 1))));
        }
    }
    let mut text = wrapped(&sentence, "", "", width) + &drawn(columns, width, "suppliers.csv");
    if report.suppliers.len() > SHOWN {
        let more = count(report.suppliers.len() - SHOWN);
        text = text + "… and " + &more + " more in suppliers.csv\n";
    }
    Some(text)
}

fn recommendations(report: &Report, width: usize) -> Option<String> {
    if report.recommendations.is_empty() {
        return None;
    }
    let shown = &report.recommendations[..report.recommendations.len().min(SHOWN)];
    let lines = || shown.iter();
    let cost = column_decimals(lines().map(|line| line.cost.mean));
    let stock = column_decimals(lines().map(|line| line.stock_units.mean));
    let each = |show: &dyn Fn(&Recommendation) -> String| lines().map(show).collect();
    let columns = vec![
        left("item", 9, each(&|line| short(&line.item, NAME))),
        left("what to do", 9, each(&|line| words::item(line))),
        right(&price(report), 8, each(&|line| with_half_width(&line.cost, cost))),
        right("fill rate %", 4, each(&|line| percent(line.fill_rate.mean, 1))),
        right("stock", 3, each(&|line| number(line.stock_units.mean, stock))),
        left("set by", 2, each(&|line| line.strategy.clone())),
        left("saving", 5, each(&|line| saving(line, cost))),
    ];
    let mut text = drawn(columns, width, "recommendations.csv");
    if report.together.is_some() {
        text += "Figures of items are those of each item alone.\n";
    }
    if report.recommendations.len() > SHOWN {
        let more = count(report.recommendations.len() - SHOWN);
        text = text + "… and " + &more + " more in recommendations.csv\n";
    }
    Some(text)
}

/// Header of a column of costs.
fn price(report: &Report) -> String {
    format!("cost/{}", report.period)
}

/// `0.40 ± 0.05 over newsvendor`, or that there is none.
fn saving(line: &Recommendation, decimals: usize) -> String {
    match (line.runner_up, line.significant) {
        ("", _) => NONE.to_string(),
        (runner_up, true) => {
            format!("{} over {runner_up}", with_half_width(&line.saving, decimals))
        }
        (runner_up, false) => format!("same as {runner_up}"),
    }
}

/// A column of a table on the terminal.
struct Column {
    name: String,
    /// Columns with the smallest number go first when the terminal is too narrow.
    importance: u8,
    left: bool,
    cells: Vec<String>,
}

/// A column of words.
fn left(name: &str, importance: u8, cells: Vec<String>) -> Column {
    Column { name: name.to_string(), importance, left: true, cells }
}

/// A column of numbers.
fn right(name: &str, importance: u8, cells: Vec<String>) -> Column {
    Column { left: false, ..left(name, importance, cells) }
}

/// The table, without the columns that `width` has no room for, and a line that names them.
fn drawn(mut columns: Vec<Column>, width: usize, file: &str) -> String {
    let mut left_out: Vec<String> = Vec::new();
    loop {
        let text = table(&columns, None);
        let least = columns.iter().map(|column| column.importance).min().unwrap_or(9);
        if text.lines().all(|line| line.chars().count() <= width) || least == 9 {
            let text = if least < 9 { text } else { table(&columns, Some(width)) };
            return if left_out.is_empty() {
                text
            } else {
                let note = format!("Left out here: {}; see {file}.", left_out.join(", "));
                text + &wrapped(&note, "", "", width)
            };
        }
        let (kept, dropped) =
            columns.into_iter().partition(|column: &Column| column.importance > least);
        columns = kept;
        left_out.extend(Vec::into_iter(dropped).map(|column: Column| column.name));
    }
}

/// The table as wide as it is, or with its cells wrapped to `width`.
fn table(columns: &[Column], width: Option<usize>) -> String {
    let mut table = Table::new();
    table.load_style(LINES).set_content_arrangement(ContentArrangement::Disabled);
    if let Some(width) = width.and_then(|width| u16::try_from(width).ok()) {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    table.set_header(columns.iter().map(|column| column.name.as_str()));
    for line in 0..columns.first().map_or(0, |column| column.cells.len()) {
        table.add_row(Row::from(columns.iter().map(|column| column.cells[line].as_str())));
    }
    for (drawn, column) in table.column_iter_mut().zip(columns) {
        let alignment = if column.left { CellAlignment::Left } else { CellAlignment::Right };
        drawn.set_cell_alignment(alignment);
    }
    table.trim_fmt() + "\n"
}

/// The text in lines of at most `width` and [`MEASURE`] characters.
fn wrapped(text: &str, first: &str, indent: &str, width: usize) -> String {
    let width = width.min(MEASURE);
    let mut lines = String::new();
    let mut line = first.to_string();
    let mut empty = true;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if !empty && line.chars().count() + 1 + word.chars().count() > width {
            lines = lines + &line + "\n";
            line = indent.to_string();
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line += word;
        empty = false;
    }
    lines + &line + "\n"
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn warnings_come_first_and_nothing_steers_the_terminal() {
        let text = summary(&sample::report(40), None);
        assert!(text.starts_with("Before you trust the figures\n  ! 3 items sold"), "{text}");
        assert!(text.chars().all(|character| character == '\n' || !character.is_control()));
        assert!(text.contains("\\x1b[31mred"), "{text}");
        assert!(text.contains("812.4 ± 3.1") && text.contains("… and 30 more in"), "{text}");
        assert!(text.contains("INFLATABLE POLITICAL GLOBE,…"), "{text}");
        assert!(text.contains("same as newsvendor") && text.contains("over newsvendor"), "{text}");
    }

    #[test]
    fn narrow_terminals_lose_columns_and_not_lines() {
        for width in [60, 80, 100, 120, 200] {
            let text = summary(&sample::report(40), Some(width));
            let widest = text.lines().map(|line| line.chars().count()).max();
            assert!(widest <= Some(usize::from(width)), "{width}: {text}");
            assert_eq!(text.contains("Left out here: "), width < 200, "{width}: {text}");
        }
    }

    #[test]
    fn a_report_without_anything_still_reads() {
        let mut report = sample::report(0);
        for (items, lines) in [(0, 5), (1, 1), (0, 0)] {
            report.items = items;
            report.strategies.truncate(lines);
            report.frontier.clear();
            report.warnings.clear();
            report.scarcity = None;
            let text = summary(&report, Some(80));
            assert!(text.starts_with("quickstart") && !text.contains("NaN"), "{text}");
        }
    }
}
