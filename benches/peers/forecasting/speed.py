"""How long statsforecast takes for a series, by CPU time on one core."""

import time
from collections.abc import Iterator
from statistics import median

import data
import numpy as np
from statsforecast import models

REPEATS = 3
SERIES = 20
RARE_SERIES = 1000  # each takes microseconds
LEVELS = [80, 95]  # percent


def last_values(name: str, periods: int) -> list[np.ndarray]:
    """Some series of a set, so many periods of each."""
    table = data.READERS[name]()
    long = [own.units.to_numpy(float) for _, own in table.groupby("item", sort=False)]
    long = [units[-periods:] for units in long if len(units) >= periods]
    return data.chosen(long, SERIES)


def intermittent(days: int) -> list[np.ndarray]:
    """Days of which every fourth has a demand, of three units on average."""
    generator = np.random.default_rng(1)
    sold = generator.random((RARE_SERIES, days)) < 0.25
    return list(np.where(sold, 1.0 + generator.poisson(2, sold.shape), 0.0))


def milliseconds(model, series: list[np.ndarray], horizon: int, **options) -> float:
    """Time for a series: mean over the series, median over the repeats after one to warm up."""
    spent = []
    for _ in range(1 + REPEATS):
        start = time.process_time()
        for units in series:
            model.forecast(y=units, h=horizon, **options)
        spent.append(1000 * (time.process_time() - start) / len(series))
    return median(spent[1:])


def measured() -> Iterator[dict]:
    """A line for each model and kind of series."""
    weekly, daily, rare = last_values("vn2", 156), last_values("m5", 365), intermittent(1000)
    levels = {"level": LEVELS}
    works = [
        ("156 weeks", "AutoETS", models.AutoETS(season_length=1), weekly, 13, levels),
        ("156 weeks", "AutoARIMA", models.AutoARIMA(season_length=1), weekly, 13, levels),
        ("365 days, season 7", "AutoETS", models.AutoETS(season_length=7), daily, 28, levels),
        ("1000 days", "CrostonSBA", models.CrostonSBA(), rare, 28, {}),
        ("1000 days", "TSB", models.TSB(alpha_d=0.1, alpha_p=0.1), rare, 28, {}),
    ]
    for work, who, model, series, horizon, options in works:
        value = float(f"{milliseconds(model, series, horizon, **options):.4g}")
        yield {"work": work, "who": who, "value": value, "unit": "ms / series"}
