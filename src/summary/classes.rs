//! What kinds of items there are.

use scenarios::classes::{Life, Pattern, Season, Value, Variability};
use solvers::Answer;

use crate::inputs::Inputs;
use crate::report::{ClassLine, Recommendation};
use crate::study::stock::StockedItem;

/// Value of an item's demand \[currency/period\].
fn value(item: &StockedItem, answer: &Answer) -> f64 {
    item.unit_cost * answer.mean
}

/// Says of each item what kind it is.
pub(super) fn classify(
    inputs: &Inputs,
    answers: &[Answer],
    recommendations: &mut [Recommendation],
) {
    let values: Vec<f64> = inputs.stock.iter().zip(answers).map(|(i, a)| value(i, a)).collect();
    for (place, class) in Value::of(&values).into_iter().enumerate() {
        let (line, answer) = (&mut recommendations[place], &answers[place]);
        let series = &inputs.history.series[inputs.stock[place].series];
        line.value_class = class.name();
        line.variability_class = Variability::of(answer.mean, answer.deviation).name();
        line.pattern = Pattern::of(series).name();
        line.life = Life::of(series, &inputs.history.calendar).name();
        line.season = Season::of(series, &inputs.history.calendar).name();
    }
}

/// What the classes of value are.
pub(super) fn classes(
    inputs: &Inputs,
    answers: &[Answer],
    recommendations: &[Recommendation],
) -> Vec<ClassLine> {
    const PATTERNS: [Pattern; 4] =
        [Pattern::Smooth, Pattern::Erratic, Pattern::Intermittent, Pattern::Lumpy];
    let of = |place: usize| value(&inputs.stock[place], &answers[place]);
    let all: f64 = (0..answers.len()).map(of).sum();
    let line = |class: Value| {
        let places = || {
            let classes = recommendations.iter().enumerate();
            classes.filter(move |(_, line)| line.value_class == class.name())
        };
        ClassLine {
            class: class.name(),
            items: places().count(),
            value_share: places().map(|(place, _)| of(place)).sum::<f64>()
                / all.max(f64::MIN_POSITIVE),
            cost: places().map(|(_, line)| line.cost.mean).sum(),
            stock_value: places().map(|(_, line)| line.stock_value).sum(),
            patterns: PATTERNS
                .map(|pattern| places().filter(|(_, line)| line.pattern == pattern.name()).count()),
        }
    };
    [Value::A, Value::B, Value::C].into_iter().map(line).filter(|line| line.items > 0).collect()
}
