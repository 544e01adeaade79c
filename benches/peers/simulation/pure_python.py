"""Peer: a loop in Python, with nothing but its standard library."""

from random import Random

from quantiles import CUMULATIVE
from work import DAYS, LEAD_TIME, ORDER_UP_TO, REORDER_LEVEL, measure

SCENARIOS = 200
UNITS = range(len(CUMULATIVE))


def year(random: Random) -> tuple[int, int, int, int]:
    """Holding, lost units, sales and orders of one scenario."""
    on_hand = position = ORDER_UP_TO
    arriving = [0] * LEAD_TIME
    holding = lost = sales = orders = 0
    for day, demand in enumerate(random.choices(UNITS, cum_weights=CUMULATIVE, k=DAYS)):
        slot = day % LEAD_TIME
        on_hand += arriving[slot]

        sold = demand if demand < on_hand else on_hand
        on_hand -= sold
        position -= sold
        sales += sold
        lost += demand - sold

        holding += on_hand

        if position <= REORDER_LEVEL:
            arriving[slot] = ORDER_UP_TO - position
            position = ORDER_UP_TO
            orders += 1
        else:
            arriving[slot] = 0
    return holding, lost, sales, orders


def simulate(seed: int) -> list[int]:
    """Totals over `SCENARIOS` years."""
    random = Random(seed)
    return [sum(column) for column in zip(*(year(random) for _ in range(SCENARIOS)))]


measure("J1", "pure Python loop", SCENARIOS * DAYS, simulate)
