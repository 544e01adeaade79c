"""Forecasts of statsforecast, kept on disk as they are slow to make.

Every model is fitted anew before each window, on all that was known. Models without a predictive
distribution get the conformal intervals that statsforecast offers for them. Demand is never
negative, so neither is a mean or a quantile: that is in the peers' favour.
"""

import hashlib
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
import scores
import statsforecast
from data import Settings
from statsforecast import models
from statsforecast.utils import ConformalIntervals

CENTRAL = [20, 40, 60, 80, 90, 95, 99]  # percent
# The longest season that exponential smoothing takes; the other automatic models would be slow.
LONGEST_SEASON = 24
CONFORMAL_WINDOWS = 40
# Series given to a model that is too slow for all of them.
SOME_DAILY, SOME = 10, 60


@dataclass(frozen=True)
class Contender:
    """A model, and what it is given."""

    model: type
    options: dict = field(default_factory=dict)
    conformal: int = 0  # most windows for its intervals; 0 where it has intervals of its own
    series: int | None = None  # all of them where it is not said
    filled: bool = False  # with the mean of what was seen in place of periods out of stock

    def made(self, known: int, horizon: int):
        """The model, for a history of so many periods.

        At least a third of the history stays for fitting when windows for intervals are set aside.
        """
        if not self.conformal:
            return self.model(**self.options)
        count = max(2, min(self.conformal, 2 * known // 3 // horizon))
        intervals = ConformalIntervals(h=horizon, n_windows=count)
        return self.model(**self.options, prediction_intervals=intervals)

    def given(self, items: list[str]) -> list[str]:
        """The items that it forecasts: every k-th."""
        if self.series is None:
            return items
        return items[:: max(1, len(items) // self.series)][: self.series]


def contenders(series: pd.DataFrame, settings: Settings) -> dict[str, Contender]:
    """The models for a set; where stock ran out, each a second time with those periods filled."""
    season = settings.season
    short = {"season_length": season if season <= LONGEST_SEASON else 1}
    some = SOME_DAILY if settings.period == "day" else SOME
    conformal = CONFORMAL_WINDOWS
    found = {
        "AutoETS": Contender(models.AutoETS, short),
        "AutoTheta": Contender(models.AutoTheta, short),
        "AutoCES": Contender(models.AutoCES, short),
        "AutoARIMA": Contender(models.AutoARIMA, short, series=some),
        "SeasonalNaive": Contender(models.SeasonalNaive, {"season_length": season}),
        "HistoricAverage": Contender(models.HistoricAverage),
        "SESOptimized": Contender(models.SimpleExponentialSmoothingOptimized, {}, conformal),
        "CrostonSBA": Contender(models.CrostonSBA, {}, conformal),
        "TSB": Contender(models.TSB, {"alpha_d": 0.1, "alpha_p": 0.1}, conformal),
        "IMAPA": Contender(models.IMAPA, {}, conformal),
        "ADIDA": Contender(models.ADIDA, {}, conformal),
    }
    if not series.in_stock.all():
        found |= {f"{who}, filled": replace(one, filled=True) for who, one in found.items()}
    return found


def foreseen(model, known: np.ndarray, horizon: int) -> dict[str, np.ndarray]:
    """Mean and quantiles of the periods that follow; the median is the mean."""
    found = model.forecast(y=known, h=horizon, level=CENTRAL)
    result = {"mean": found["mean"]}
    for level in scores.LEVELS:
        width = round(100 * abs(2 * level - 1))
        side = "hi" if level > 0.5 else "lo"
        result[f"q{level}"] = found[f"{side}-{width}"] if width else found["mean"]
    if not all(np.isfinite(values).all() for values in result.values()):
        raise ValueError("a forecast is not a number")
    return {name: np.maximum(values, 0) for name, values in result.items()}


def filled(units: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """The history with the mean of what was seen in place of what was not."""
    return np.where(seen, units, units[seen].mean()) if seen.any() else units


def forecasts(contender: Contender, series: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """What a model foresees of the last windows of the series.

    Where it fails, `failed` is 1 and the forecast is the plain average of the history.
    """
    found = []
    horizon = settings.horizon
    wanted = set(contender.given(list(series.item.unique())))
    for item, own in series[series.item.isin(wanted)].groupby("item", sort=False):
        units, seen = own.units.to_numpy(float), own.in_stock.to_numpy(bool)
        for ahead in range(settings.origins, 0, -1):
            origin = len(units) - ahead * horizon
            known = units[:origin]
            if contender.filled:
                known = filled(known, seen[:origin])
            failed = 0
            try:
                result = foreseen(contender.made(origin, horizon), known, horizon)
            except Exception:  # noqa: BLE001 - whatever a peer raises must not cost the others
                failed = 1
                result = foreseen(models.HistoricAverage(), known, horizon)
            steps = np.arange(1, horizon + 1)
            place = {"item": item, "origin": origin, "step": steps, "failed": failed}
            found.append(pd.DataFrame({**place, **result}))
    return pd.concat(found)


def cached(
    cache: Path, name: str, who: str, contender: Contender, series: pd.DataFrame, settings: Settings
) -> Path:
    """Where a model's forecasts of a set are kept: one place for each release, set and options."""
    content = f"{contender} {settings} {series.to_csv(index=False)}"
    mark = hashlib.sha256(content.encode()).hexdigest()[:8]
    model = who.replace(", ", "-")
    return cache / f"{name}.{model}.{statsforecast.__version__}.{mark}.csv.gz"


def all_forecasts(
    name: str, series: pd.DataFrame, settings: Settings, cache: Path, only: list[str] | None
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Each model's forecasts of a set, from disk where they are there."""
    warnings.filterwarnings("ignore")
    for who, contender in contenders(series, settings).items():
        if only and who.removesuffix(", filled") not in only:
            continue
        file = cached(cache, name, who, contender, series, settings)
        if not file.exists():
            start = time.process_time()
            unfinished = file.with_name(f"unfinished.{file.name}")
            forecasts(contender, series, settings).to_csv(
                unfinished, index=False, float_format="%.6g"
            )
            unfinished.rename(file)
            seconds = time.process_time() - start
            print(f"{name}: {who}: {seconds:.1f} s", file=sys.stderr, flush=True)
        yield who, pd.read_csv(file, dtype={"item": str})
