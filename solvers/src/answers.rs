//! An answer with room for no more than its study asks, as one of many.

use std::ops::Deref;

use engine::{Estimate, Money};

use crate::answer::{Answer, CandidateAnswer, Head, MOST_CANDIDATES, StrategyAnswer};
use crate::question::MOST_STEPS;

/// How much of an answer there is in a study.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerShape {
    strategies: usize,
    candidates: usize,
}

/// Words of a value.
const fn words<T>() -> usize {
    size_of::<T>() / size_of::<u64>()
}

impl AnswerShape {
    /// The shape of answers that compare so many strategies.
    pub fn new(strategies: usize) -> AnswerShape {
        AnswerShape { strategies, candidates: MOST_CANDIDATES.min(strategies + MOST_STEPS) }
    }

    /// Words of an answer, of eight bytes.
    pub fn words(self) -> usize {
        let pairs = self.pairs() * words::<Money>();
        words::<Head>()
            + self.strategies * words::<StrategyAnswer>()
            + pairs
            + self.candidates * words::<CandidateAnswer>()
    }

    fn pairs(self) -> usize {
        self.strategies * self.strategies.saturating_sub(1) / 2
    }

    /// Writes an answer of this shape into so many words.
    ///
    /// # Panics
    ///
    /// If these are not [`AnswerShape::words`].
    pub fn write(self, answer: &Answer, cells: &mut [u64]) {
        let mut rest = cells;
        let mut put = |words: &[u64]| {
            let (place, others) = std::mem::take(&mut rest).split_at_mut(words.len());
            place.copy_from_slice(words);
            rest = others;
        };
        put(bytemuck::cast_slice(std::slice::from_ref(&answer.head)));
        put(bytemuck::cast_slice(&answer.strategies[..self.strategies]));
        put(bytemuck::cast_slice(&answer.pair_errors[..self.pairs()]));
        put(bytemuck::cast_slice(&answer.candidates[..self.candidates]));
    }

    /// The answer that was written into these words.
    ///
    /// # Panics
    ///
    /// If these are not [`AnswerShape::words`].
    pub fn read(self, cells: &[u64]) -> ItemAnswer<'_> {
        let (head, rest) = cells.split_at(words::<Head>());
        let (strategies, rest) = rest.split_at(self.strategies * words::<StrategyAnswer>());
        let (pair_errors, candidates) = rest.split_at(self.pairs() * words::<Money>());
        let head: &[Head] = bytemuck::cast_slice(head);
        let head = &head[0];
        let candidates: &[CandidateAnswer] = bytemuck::cast_slice(candidates);
        ItemAnswer {
            head,
            strategies: bytemuck::cast_slice(strategies),
            pair_errors: bytemuck::cast_slice(pair_errors),
            candidates: &candidates[..head.candidate_count as usize],
        }
    }
}

/// The answer about an item.
#[derive(Clone, Copy, Debug)]
pub struct ItemAnswer<'a> {
    head: &'a Head,
    /// Strategies, in the study's order.
    pub strategies: &'a [StrategyAnswer],
    /// Standard errors of the paired cost differences, by [`Answer::pair`] \[currency/period\].
    pub pair_errors: &'a [Money],
    /// Candidates, the strategies' own first.
    pub candidates: &'a [CandidateAnswer],
}

impl Deref for ItemAnswer<'_> {
    type Target = Head;

    fn deref(&self) -> &Head {
        self.head
    }
}

impl ItemAnswer<'_> {
    /// Cost of strategy `left` minus that of `right`, on the same scenarios \[currency/period\].
    pub fn difference(&self, left: usize, right: usize) -> Estimate {
        if left == right {
            return Estimate::default();
        }
        let mean = |strategy: usize| self.strategies[strategy].measures.cost.mean;
        Estimate {
            mean: mean(left) - mean(right),
            error: self.pair_errors[Answer::pair(left, right)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_as_it_was_written() {
        for strategies in [1, 2, 5, 16] {
            let shape = AnswerShape::new(strategies);
            let number = |place: usize| 0.5 + place as f64;
            let mut answer: Answer = bytemuck::Zeroable::zeroed();
            answer.mean = 7.0;
            answer.candidate_count = 3;
            for place in 0..strategies {
                answer.strategies[place].safety_stock = number(place);
                answer.candidates[place].cost = number(place);
            }
            for (place, error) in answer.pair_errors.iter_mut().enumerate() {
                *error = number(place);
            }
            let mut cells = vec![0; 2 * shape.words()];
            shape.write(&answer, &mut cells[shape.words()..]);
            let (first, second) = cells.split_at(shape.words());
            assert_eq!(shape.read(first).mean, 0.0);
            let read = shape.read(second);
            assert_eq!(*read, answer.head);
            assert_eq!(read.strategies, &answer.strategies[..strategies]);
            assert_eq!(read.candidates, &answer.candidates[..3]);
            if strategies > 1 {
                let last = strategies - 1;
                let error = answer.pair_errors[Answer::pair(0, last)];
                assert_eq!(read.difference(last, 0).error, error);
            }
        }
    }
}
