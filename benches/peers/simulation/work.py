"""The simulated work, and how its rate is taken.

One item with lost sales. On each of `DAYS` days, in this order:

1. the order placed `LEAD_TIME` days ago arrives;
2. demand, Poisson with mean `MEAN`, is met from stock, and what is not met is lost;
3. stock is counted;
4. if the position is at or below the reorder level `s`, an order brings it up to `S`.

A scenario begins with `S` on hand and nothing on order. The works are

- `J1`: one policy, fresh demand for each scenario;
- `J2`: all `CANDIDATES` on the same `PATHS` demand paths, drawing included, and the cheapest;
- `policy-only`: one policy on demand drawn beforehand.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence

DAYS = 365
LEAD_TIME = 3
MEAN = 5.0
REORDER_LEVEL = 18
ORDER_UP_TO = 45

PATHS = 1024
CANDIDATES = [
    (REORDER_LEVEL + lower, ORDER_UP_TO + upper) for lower in range(-5, 5) for upper in range(-5, 5)
]

HOLDING_COST = 1.0  # per unit and day
LOST_COST = 10.0  # per unit
ORDER_COST = 50.0  # per order

Check = dict[str, float | list[int]]


def mean_cost(holding: float, lost: float, orders: float) -> float:
    """Cost of a year, from totals over `PATHS` scenarios."""
    return (HOLDING_COST * holding + LOST_COST * lost + ORDER_COST * orders) / PATHS


def service(totals: Sequence[float], item_days: int) -> Check:
    """What a reader compares for `J1`, from `(holding, lost, sales, orders)`."""
    holding, lost, sales, orders = totals
    return {
        "fill_rate": round(sales / (sales + lost), 5),
        "holding_per_day": round(holding / item_days, 4),
        "orders_per_day": round(orders / item_days, 5),
    }


def cheapest(costs: Sequence[float], _item_days: int) -> Check:
    """What a reader compares for `J2`, from the mean cost of each candidate."""
    best = min(range(len(costs)), key=costs.__getitem__)
    return {"best_mean_cost": round(costs[best], 2), "best": list(CANDIDATES[best])}


def measure(
    work: str,
    who: str,
    item_days: int,
    run: Callable[[int], Sequence[float]],
    check: Callable[[Sequence[float], int], Check] = service,
) -> None:
    """Prints the rate of `run`, which simulates `item_days` from a seed.

    `run` is repeated for as many seconds of CPU time, of all threads, as the first argument of
    the program says, each time with another seed. The check is of its mean results.
    """
    seconds = float(sys.argv[1])
    run(0)  # compiles, fills caches

    results = []
    begin = time.process_time()
    spent = 0.0
    while spent < seconds:
        results.append(run(len(results) + 1))
        spent = time.process_time() - begin

    means = [float(sum(column)) / len(results) for column in zip(*results)]
    line = {
        "work": work,
        "who": who,
        "value": round(len(results) * item_days / spent),
        "unit": "item-periods/s",
        "check": check(means, item_days),
    }
    print(json.dumps(line), flush=True)
