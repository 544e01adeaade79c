"""Peer: numba, one scenario after the other, as one would first write it."""

from collections.abc import Callable

import numpy as np
from numba import njit

import quantiles
from work import DAYS, LEAD_TIME, MEAN, ORDER_UP_TO, REORDER_LEVEL, measure

SCENARIOS = 1_000
CUMULATIVE = np.array(quantiles.CUMULATIVE)
GUIDE = np.array(quantiles.GUIDE)


@njit
def by_poisson() -> int:
    """Demand of a day, as the library draws it."""
    return np.random.poisson(MEAN)


@njit
def by_table() -> int:
    """Demand of a day, by inversion."""
    level = np.random.random()
    demand = GUIDE[int(level * GUIDE.size)]
    while level >= CUMULATIVE[demand]:
        demand += 1
    return demand


def years(draw: Callable[[], int]) -> Callable[[int], tuple[int, int, int, int]]:
    """A compiled function from a seed to the totals over `SCENARIOS` years."""

    @njit
    def simulate(seed):
        np.random.seed(seed)
        holding = lost = sales = orders = 0
        arriving = np.empty(LEAD_TIME, np.int64)
        for _ in range(SCENARIOS):
            on_hand = position = ORDER_UP_TO
            arriving[:] = 0
            slot = 0
            for _ in range(DAYS):
                on_hand += arriving[slot]

                demand = draw()
                sold = min(demand, on_hand)
                on_hand -= sold
                position -= sold
                sales += sold
                lost += demand - sold

                holding += on_hand

                low = position <= REORDER_LEVEL
                order = ORDER_UP_TO - position if low else 0
                arriving[slot] = order
                position += order
                orders += low

                slot = slot + 1 if slot + 1 < LEAD_TIME else 0
        return holding, lost, sales, orders

    return simulate


measure("J1", "numba scalar, np.random.poisson", SCENARIOS * DAYS, years(by_poisson))
measure("J1", "numba scalar, inverse-CDF table", SCENARIOS * DAYS, years(by_table))
