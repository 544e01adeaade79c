"""Peer: numba in blocks of scenarios, the strongest that we could write.

LLVM turns the loop over the lanes into vector code. State and totals are 16 bits wide and stay in
the first-level cache. Sales alone are summed: what is lost is the rest of the demand.
"""

import numpy as np
from numba import njit

import quantiles
from work import (
    CANDIDATES,
    DAYS,
    HOLDING_COST,
    LEAD_TIME,
    LOST_COST,
    MEAN,
    ORDER_COST,
    ORDER_UP_TO,
    PATHS,
    REORDER_LEVEL,
    cheapest,
    measure,
)

LANES = 256
SHAPE = (PATHS // LANES, DAYS, LANES)
CUMULATIVE = np.array(quantiles.CUMULATIVE)
GUIDE = np.array(quantiles.GUIDE, np.uint8)
GRID = np.array(CANDIDATES, np.int16)

# Rows of the state of a block.
ON_HAND, POSITION, HOLDING, SALES, ORDERS, ARRIVING = range(6)


@njit
def by_table(generator):
    """Demand of all paths, by inversion."""
    demand = np.empty(SHAPE, np.uint8)
    cells = demand.reshape(-1)
    for cell in range(cells.size):
        level = generator.random()
        units = GUIDE[int(level * GUIDE.size)]
        while level >= CUMULATIVE[units]:
            units += 1
        cells[cell] = units
    return demand


def by_numpy(generator: np.random.Generator) -> np.ndarray:
    """Demand of all paths, as the library draws it."""
    return generator.poisson(MEAN, SHAPE).astype(np.uint8)


@njit
def simulate(demand, reorder_level, order_up_to):
    """Holding, sales and orders over all paths."""
    state = np.empty((ARRIVING + LEAD_TIME, LANES), np.int16)
    holding = sales = orders = 0
    for block in demand:
        state[:] = 0
        state[ON_HAND] = order_up_to
        state[POSITION] = order_up_to
        slot = ARRIVING
        for day in range(DAYS):
            for lane in range(LANES):
                on_hand = np.int16(state[ON_HAND, lane] + state[slot, lane])

                sold = min(np.int16(block[day, lane]), on_hand)
                on_hand = np.int16(on_hand - sold)
                position = np.int16(state[POSITION, lane] - sold)
                state[SALES, lane] += sold

                state[ON_HAND, lane] = on_hand
                state[HOLDING, lane] += on_hand

                low = position <= reorder_level
                order = np.int16(order_up_to - position) if low else np.int16(0)
                state[slot, lane] = order
                state[POSITION, lane] = np.int16(position + order)
                state[ORDERS, lane] += np.int16(low)
            slot = slot + 1 if slot + 1 < ARRIVING + LEAD_TIME else ARRIVING
        holding += state[HOLDING].sum()
        sales += state[SALES].sum()
        orders += state[ORDERS].sum()
    return holding, sales, orders


@njit
def costs(demand):
    """The mean cost of each candidate."""
    wanted = demand.sum()
    means = np.empty(len(GRID))
    for candidate in range(len(GRID)):
        holding, sales, orders = simulate(demand, GRID[candidate, 0], GRID[candidate, 1])
        cost = HOLDING_COST * holding + LOST_COST * (wanted - sales) + ORDER_COST * orders
        means[candidate] = cost / PATHS
    return means


def year(demand: np.ndarray, wanted: int) -> tuple[int, int, int, int]:
    """Totals over all paths, whose demand adds up to `wanted`."""
    holding, sales, orders = simulate(demand, np.int16(REORDER_LEVEL), np.int16(ORDER_UP_TO))
    return holding, wanted - sales, sales, orders


def generator(seed: int) -> np.random.Generator:
    """The fastest source of uniform numbers that numpy has."""
    return np.random.Generator(np.random.SFC64(seed))


def fresh(seed: int) -> tuple[int, int, int, int]:
    """`J1`, with new demand each time."""
    demand = by_table(generator(seed))
    return year(demand, int(demand.sum()))


drawn = by_table(generator(0))
wanted = int(drawn.sum())
J2 = len(CANDIDATES) * PATHS * DAYS
measure("J1", "numba int16 blocks, table", PATHS * DAYS, fresh)
measure(
    "J2", "numba int16 blocks, numpy Poisson", J2, lambda x: costs(by_numpy(generator(x))), cheapest
)
measure("J2", "numba int16 blocks, table", J2, lambda x: costs(by_table(generator(x))), cheapest)
measure("policy-only", "numba int16 blocks", PATHS * DAYS, lambda _: year(drawn, wanted))
