//! What kinds of items there are.

use engine::student_quantile;
use scenarios::classes::{Life, Pattern, Season, Value, Variability};
use solvers::select::discoveries;

use crate::inputs::Inputs;
use crate::report::{ClassLine, Recommendation};
use crate::run::Answers;
use crate::study::Study;

/// Value of each item's demand \[currency/period\].
fn values(inputs: &Inputs, answers: &Answers) -> Vec<f64> {
    let each = inputs.stock.iter().zip(answers.iter());
    each.map(|(item, held)| item.unit_cost * held.answer().mean).collect()
}

/// Says of each item what kind it is.
pub(super) fn classify(inputs: &Inputs, answers: &Answers, recommendations: &mut [Recommendation]) {
    let values = values(inputs, answers);
    for (place, (class, held)) in Value::of(&values).into_iter().zip(answers.iter()).enumerate() {
        let (line, answer) = (&mut recommendations[place], held.answer());
        let series = &inputs.history.series.get(inputs.stock[place].series);
        line.value_class = class.name();
        line.variability_class = Variability::of(answer.mean, answer.deviation).name();
        line.pattern = Pattern::of(series).name();
        line.life = Life::of(series, &inputs.history.calendar).name();
        line.season = Season::of(series, &inputs.history.calendar).name();
    }
}

/// Which savings count in each class of value, if only a share of those that count may be false.
pub(super) fn discover(study: &Study, recommendations: &mut [Recommendation]) {
    let others = (study.strategies.len() as f64 - 1.0).max(1.0);
    let freedom = study.file.simulation.scenarios as f64 - 1.0;
    let width = |probability: f64| student_quantile(1.0 - 0.5 * probability / others, freedom);
    let rate = 1.0 - study.file.report.confidence_level;
    for class in [Value::A, Value::B, Value::C] {
        let own = |line: &&mut Recommendation| {
            line.value_class == class.name() && !line.runner_up.is_empty()
        };
        let mut lines: Vec<&mut Recommendation> = recommendations.iter_mut().filter(own).collect();
        // Half-widths are as many standard errors as the whole level asks for.
        let statistic = |line: &&mut Recommendation| {
            let half = 0.5 * (line.saving.high - line.saving.low);
            let size = line.saving.mean.abs();
            if size > 0.0 { size / half.max(f64::MIN_POSITIVE) * width(rate) } else { 0.0 }
        };
        let statistics: Vec<f64> = lines.iter().map(statistic).collect();
        for (line, found) in lines.iter_mut().zip(discoveries(&statistics, rate, width)) {
            line.discovered = found;
        }
    }
}

/// What the classes of value are.
pub(super) fn classes(
    inputs: &Inputs,
    answers: &Answers,
    recommendations: &[Recommendation],
) -> Vec<ClassLine> {
    const PATTERNS: [Pattern; 4] =
        [Pattern::Smooth, Pattern::Erratic, Pattern::Intermittent, Pattern::Lumpy];
    let values = values(inputs, answers);
    let all: f64 = values.iter().sum();
    let line = |class: Value| {
        let places = || {
            let classes = recommendations.iter().enumerate();
            classes.filter(move |(_, line)| line.value_class == class.name())
        };
        ClassLine {
            class: class.name(),
            items: places().count(),
            value_share: places().map(|(place, _)| values[place]).sum::<f64>()
                / all.max(f64::MIN_POSITIVE),
            cost: places().map(|(_, line)| line.cost.mean).sum(),
            stock_value: places().map(|(_, line)| line.stock_value).sum(),
            patterns: PATTERNS
                .map(|pattern| places().filter(|(_, line)| line.pattern == pattern.name()).count()),
        }
    };
    [Value::A, Value::B, Value::C].into_iter().map(line).filter(|line| line.items > 0).collect()
}
