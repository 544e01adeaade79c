"""Peer: numpy, a vector over the scenarios for each day."""

from collections.abc import Iterable

import numpy as np

from work import (
    CANDIDATES,
    DAYS,
    LEAD_TIME,
    MEAN,
    ORDER_UP_TO,
    PATHS,
    REORDER_LEVEL,
    cheapest,
    mean_cost,
    measure,
)


def simulate(
    demands: Iterable[np.ndarray], scenarios: int, reorder_level: int, order_up_to: int, dtype: type
) -> tuple[int, int, int, int]:
    """Totals over the scenarios, whose demand is given day by day.

    `dtype` must hold the stock of a scenario summed over the year; 16 bits do.
    """
    on_hand = np.full(scenarios, order_up_to, dtype)
    position = on_hand.copy()
    arriving = np.zeros((LEAD_TIME, scenarios), dtype)
    holding, lost, sales, orders = np.zeros((4, scenarios), dtype)
    for day, demand in enumerate(demands):
        slot = day % LEAD_TIME
        on_hand += arriving[slot]

        sold = np.minimum(demand, on_hand)
        on_hand -= sold
        position -= sold
        sales += sold
        lost += demand - sold

        holding += on_hand

        low = position <= reorder_level
        order = (order_up_to - position) * low
        arriving[slot] = order
        position += order
        orders += low
    return tuple(int(total.sum(dtype=np.int64)) for total in (holding, lost, sales, orders))


def fresh(scenarios: int, seed: int) -> tuple[int, int, int, int]:
    """`J1`, with demand drawn day by day."""
    generator = np.random.default_rng(seed)
    demands = (generator.poisson(MEAN, scenarios).astype(np.int32) for _ in range(DAYS))
    return simulate(demands, scenarios, REORDER_LEVEL, ORDER_UP_TO, np.int32)


def paths(seed: int) -> np.ndarray:
    """A year of demand for `PATHS` scenarios, a row a day."""
    return np.random.default_rng(seed).poisson(MEAN, (DAYS, PATHS)).astype(np.int16)


def costs(seed: int) -> list[float]:
    """`J2`: the mean cost of each candidate."""
    demand = paths(seed)
    years = (simulate(demand, PATHS, s, S, np.int16) for s, S in CANDIDATES)
    return [mean_cost(holding, lost, orders) for holding, lost, _, orders in years]


drawn = paths(0)
for scenarios in (1_000, 10_000):
    name = f"numpy, {scenarios:,} scenarios"
    measure("J1", name, scenarios * DAYS, lambda seed: fresh(scenarios, seed))
measure("J2", "numpy int16", len(CANDIDATES) * PATHS * DAYS, costs, cheapest)
measure(
    "policy-only",
    "numpy int16",
    PATHS * DAYS,
    lambda _: simulate(drawn, PATHS, REORDER_LEVEL, ORDER_UP_TO, np.int16),
)
