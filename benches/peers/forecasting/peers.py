"""Forecasts of statsforecast, kept on disk as they are slow to make.

Every model is fitted anew before each window, on all that was known. Models without a predictive
distribution get the conformal intervals that statsforecast offers for them.
"""

import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import scores
import statsforecast
from data import Settings
from statsforecast import models
from statsforecast.utils import ConformalIntervals

CENTRAL = [20, 40, 60, 80, 90, 95, 99]
# Longest seasons that exponential smoothing and CES are given, as their makers do.
LONGEST_SEASON = 24


def contenders(settings: Settings) -> dict[str, tuple]:
    """Name of each model, how it is made, and how many series it is given: all, or some."""
    season, horizon = settings.season, settings.horizon
    short = season if season <= LONGEST_SEASON else 1
    conformal = ConformalIntervals(h=horizon, n_windows=2)
    arima_series = 20 if settings.period == "day" else 60
    return {
        "AutoETS": (lambda: models.AutoETS(season_length=short), None),
        "AutoTheta": (lambda: models.AutoTheta(season_length=short), None),
        "AutoCES": (lambda: models.AutoCES(season_length=short), None),
        "AutoARIMA": (lambda: models.AutoARIMA(season_length=short), arima_series),
        "SeasonalNaive": (lambda: models.SeasonalNaive(season_length=season), None),
        "HistoricAverage": (models.HistoricAverage, None),
        "SESOptimized": (
            lambda: models.SimpleExponentialSmoothingOptimized(prediction_intervals=conformal),
            None,
        ),
        "CrostonSBA": (lambda: models.CrostonSBA(prediction_intervals=conformal), None),
        "TSB": (
            lambda: models.TSB(alpha_d=0.1, alpha_p=0.1, prediction_intervals=conformal),
            None,
        ),
        "IMAPA": (lambda: models.IMAPA(prediction_intervals=conformal), None),
        "ADIDA": (lambda: models.ADIDA(prediction_intervals=conformal), None),
    }


def one(model, known: np.ndarray, horizon: int) -> dict[str, np.ndarray]:
    """Mean and quantiles of the periods that follow; demand is not negative."""
    found = model.forecast(y=known, h=horizon, level=CENTRAL)
    result = {"mean": np.maximum(found["mean"], 0)}
    for level in scores.LEVELS:
        side, width = ("hi", 2 * level - 1) if level > 0.5 else ("lo", 1 - 2 * level)
        width = round(100 * width)
        quantile = found["mean"] if width == 0 else found[f"{side}-{width}"]
        result[f"q{level}"] = np.maximum(quantile, 0)
    return result


def forecasts(make, series: pd.DataFrame, settings: Settings, some: int | None) -> pd.DataFrame:
    """What a model foresees of the last windows of the series; where it fails, the plain average."""
    found = []
    items = list(dict.fromkeys(series.item))
    if some is not None:
        items = items[:: max(1, len(items) // some)][:some]
    wanted = set(items)
    for item, own in series.groupby("item", sort=False):
        if item not in wanted:
            continue
        units = own.units.to_numpy(float)
        for window in range(settings.origins):
            origin = len(units) - (settings.origins - window) * settings.horizon
            try:
                result = one(make(), units[:origin], settings.horizon)
            except Exception:  # noqa: BLE001 - whatever a peer raises must not cost the others
                result = one(models.HistoricAverage(), units[:origin], settings.horizon)
            steps = np.arange(1, settings.horizon + 1)
            found.append(pd.DataFrame({"item": item, "origin": origin, "step": steps, **result}))
    return pd.concat(found)


def all_forecasts(
    name: str, series: pd.DataFrame, settings: Settings, cache: Path, only: list[str] | None
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Each model's forecasts of a set, from disk where they are there."""
    warnings.filterwarnings("ignore")
    for who, (make, some) in contenders(settings).items():
        if only and who not in only:
            continue
        file = cache / f"{name}.{who}.{statsforecast.__version__}.csv.gz"
        if not file.exists():
            start = time.process_time()
            found = forecasts(make, series, settings, some)
            found.to_csv(file, index=False, float_format="%.6g")
            seconds = time.process_time() - start
            print(f"{name} {who}: {seconds:.1f} s", flush=True)
        yield who, pd.read_csv(file, dtype={"item": str})
