//! Who computes which rows: half of them by a rule, the others as ranks become free.
//!
//! Guided self-scheduling (Polychronopoulos & Kuck, 1987): a rank that asks is dealt a share of what is
//! left, so that ranks end within about a row of each other, whatever rows and machines cost, and the
//! root answers some 2·ranks·ln(rows) questions in all.

use std::ops::Range;

/// The positions of `0..count` that belong to `rank` of `size`: contiguous, even to within one.
pub(crate) fn share(count: usize, rank: usize, size: usize) -> Range<usize> {
    count * rank / size..count * (rank + 1) / size
}

/// An order of `0..count` in which neighbours lie far apart, so that dear rows that stand together, as
/// those of a category do, are spread over whoever takes a range of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spread {
    count: usize,
    step: usize,
}

impl Spread {
    pub(crate) fn new(count: usize) -> Spread {
        // Multiples of the golden ratio fill a circle as evenly as any (Knuth, vol. 3, 6.4, theorem S).
        let mut step = (0.618_033_988_749_895 * count as f64) as usize;
        while greatest_common_divisor(step, count) > 1 {
            step += 1;
        }
        Spread { count, step }
    }

    /// What stands at `position` of the order.
    pub(crate) fn at(self, position: usize) -> usize {
        (position as u128 * self.step as u128 % self.count.max(1) as u128) as usize
    }
}

fn greatest_common_divisor(left: usize, right: usize) -> usize {
    if right == 0 { left } else { greatest_common_divisor(right, left % right) }
}

/// The part of its share that a rank begins with, without asking.
pub(crate) fn opening(count: usize, rank: usize, size: usize) -> Range<usize> {
    let share = share(count, rank, size);
    share.start..share.start + share.len().div_ceil(2)
}

/// Deals the positions that no rank began with.
#[derive(Clone, Debug)]
pub(crate) struct Dealer {
    left: Vec<Range<usize>>,
    remaining: usize,
    size: usize,
}

impl Dealer {
    /// A dealer of `0..count` among `size` ranks.
    pub(crate) fn new(count: usize, size: usize) -> Dealer {
        let rest = |rank| opening(count, rank, size).end..share(count, rank, size).end;
        // Dealt from the back, so that the last rows come first: any order will do.
        let left: Vec<Range<usize>> =
            (0..size).map(rest).filter(|rest: &Range<usize>| !rest.is_empty()).collect();
        let remaining = left.iter().map(ExactSizeIterator::len).sum();
        Dealer { left, remaining, size }
    }

    /// The next positions for a rank that asks; empty once all are dealt.
    pub(crate) fn deal(&mut self) -> Range<usize> {
        let wanted = self.remaining.div_ceil(2 * self.size);
        let Some(last) = self.left.last_mut() else { return 0..0 };
        let taken = wanted.min(last.len());
        let dealt = last.end - taken..last.end;
        last.end = dealt.start;
        if last.start == last.end {
            self.left.pop();
        }
        self.remaining -= taken;
        dealt
    }

    /// Deals nothing from now on.
    pub(crate) fn stop(&mut self) {
        self.left.clear();
        self.remaining = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_is_an_order() {
        for count in (0..200).chain([4_096, 99_991]) {
            let spread = Spread::new(count);
            let mut seen = vec![false; count];
            (0..count).for_each(|position| seen[spread.at(position)] = true);
            assert!(seen.iter().all(|seen| *seen), "{count}");
        }
    }

    #[test]
    fn every_position_is_dealt_once() {
        for count in (0..60).chain([1_000, 12_345]) {
            for size in [1, 2, 3, 7, 64] {
                let mut seen = vec![0; count];
                let mut dealer = Dealer::new(count, size);
                let openings = (0..size).map(|rank| opening(count, rank, size));
                let dealt = std::iter::from_fn(|| Some(dealer.deal()).filter(|d| !d.is_empty()));
                openings.chain(dealt).flatten().for_each(|position| seen[position] += 1);
                assert!(seen.iter().all(|times| *times == 1), "{count} on {size}");
            }
        }
    }

    /// Time of `count` rows on `size` ranks, whose questions the root answers one after another, in
    /// `latency` each way and `service` of its time \[s\]: (time, questions).
    fn simulated(
        count: usize,
        size: usize,
        cost: impl Fn(usize) -> f64,
        latency: f64,
        service: f64,
    ) -> (f64, usize) {
        let mut dealer = Dealer::new(count, size);
        let work = |range: Range<usize>| range.map(&cost).sum::<f64>();
        // Ranks by the time at which their next question reaches the root.
        let mut asking: Vec<(f64, usize)> =
            (0..size).map(|rank| (work(opening(count, rank, size)) + latency, rank)).collect();
        let (mut free, mut end, mut questions) = (0.0_f64, 0.0_f64, 0);
        let mut heap: std::collections::BinaryHeap<std::cmp::Reverse<(u64, usize)>> = asking
            .drain(..)
            .map(|(time, rank)| std::cmp::Reverse(((time * 1e9) as u64, rank)))
            .collect();
        while let Some(std::cmp::Reverse((time, rank))) = heap.pop() {
            let time = time as f64 / 1e9;
            questions += 1;
            free = free.max(time) + service;
            let dealt = dealer.deal();
            let arrives = free + latency;
            if dealt.is_empty() {
                end = end.max(arrives);
            } else {
                let asks = arrives + work(dealt) + latency;
                heap.push(std::cmp::Reverse(((asks * 1e9) as u64, rank)));
            }
        }
        (end, questions)
    }

    /// A thousand ranks end within a question and a row of a perfect division, although a tenth of the
    /// rows, which stand together, take ten times as long; contiguous parts take five times longer.
    #[test]
    fn a_thousand_ranks_are_balanced() {
        let (rows, ranks, latency, service) = (100_000, 1_000, 50e-6, 20e-6);
        let dear = |row: usize| if row < rows / 10 { 1.0 } else { 0.1 };
        let spread = Spread::new(rows);
        let cost = |position: usize| dear(spread.at(position));
        let perfect = (0..rows).map(dear).sum::<f64>() / ranks as f64;
        let (time, questions) = simulated(rows, ranks, cost, latency, service);
        let parts = (0..ranks).map(|rank| share(rows, rank, ranks).map(dear).sum::<f64>());
        let divided = parts.fold(0.0, f64::max);
        println!("perfect {perfect} s, dealt {time} s, {questions} questions, parts {divided} s");
        assert!(divided > 5.0 * perfect);
        // Every rank is told at the end that nothing is left; the dearest row is a second.
        assert!(time < perfect + 1.0 + ranks as f64 * service + 0.1, "{time} s");
        assert!(questions < 15_000, "{questions}");
    }
}
