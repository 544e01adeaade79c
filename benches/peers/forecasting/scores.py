"""How good forecasts were: the same scores for every program.

A forecast is a row a period: its mean and quantiles. Scores are means over periods, then over
series and windows; all but the coverage are in multiples of how much the series changed from one
period to the next before.
"""

import numpy as np
import pandas as pd

LEVELS = [0.005, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975, 0.995]
QUANTILES = [f"q{level}" for level in LEVELS]
DECILES = [level for level in LEVELS if round(10 * level, 6).is_integer()]
INTERVALS = [0.8, 0.9, 0.95, 0.99]


def pinball(level: float, quantile: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Loss of a quantile."""
    return np.where(truth > quantile, level * (truth - quantile), (1 - level) * (quantile - truth))


def scales(known: pd.DataFrame) -> tuple[float, float]:
    """Mean absolute and root mean squared change from one period to the next; not a number where
    there is none."""
    units = known.units.to_numpy()[known.in_stock.to_numpy() == 1]
    if len(units) < 2:
        return np.nan, np.nan
    changes = np.diff(units)
    absolute = np.abs(changes).mean()
    if absolute == 0:
        return (units.mean() or np.nan), (units.mean() or np.nan)
    return absolute, np.sqrt((changes**2).mean())


def windows(series: pd.DataFrame, horizon: int, origins: int) -> pd.DataFrame:
    """Truth and scales of the last windows of each series."""
    found = []
    for item, own in series.groupby("item", sort=False):
        own = own.reset_index(drop=True)
        for window in range(origins):
            origin = len(own) - (origins - window) * horizon
            absolute, square = scales(own.iloc[:origin])
            truth = own.iloc[origin : origin + horizon]
            found.append(
                pd.DataFrame(
                    {
                        "item": item,
                        "origin": origin,
                        "step": np.arange(1, horizon + 1),
                        "truth": truth.units.to_numpy(),
                        "seen": truth.in_stock.to_numpy() == 1,
                        "absolute": absolute,
                        "square": square,
                    }
                )
            )
    return pd.concat(found)


def score(truth: pd.DataFrame, forecast: pd.DataFrame) -> dict[str, float]:
    """Scores of a forecast in windows that have a scale and whose demand was seen."""
    both = truth.merge(forecast, on=["item", "origin", "step"], how="inner")
    both = both[both.seen & both.absolute.notna()].copy()
    sold, absolute = both.truth.to_numpy(), both.absolute.to_numpy()
    both["crps"] = (
        2
        * np.mean([pinball(level, both[f"q{level}"].to_numpy(), sold) for level in DECILES], axis=0)
        / absolute
    )
    for level in (0.5, 0.8, 0.9, 0.95, 0.995):
        both[f"p{level}"] = pinball(level, both[f"q{level}"].to_numpy(), sold) / absolute
    error = sold - both["mean"].to_numpy()
    both["mase"] = np.abs(error) / absolute
    both["msse"] = error**2 / both.square.to_numpy() ** 2
    both["bias"] = -error / absolute
    each = both.groupby(["item", "origin"])
    result = {
        "series": int(both.item.nunique()),
        "windows": each.ngroups,
        "scaled CRPS": each.crps.mean().mean(),
        "RMSSE": np.sqrt(each.msse.mean()).mean(),
        "MASE": each.mase.mean().mean(),
        "bias": each.bias.mean().mean(),
    }
    for level in (0.5, 0.8, 0.9, 0.95, 0.995):
        result[f"pinball {level}"] = each[f"p{level}"].mean().mean()
    for level in INTERVALS:
        low, high = f"q{round((1 - level) / 2, 3)}", f"q{round((1 + level) / 2, 3)}"
        inside = (sold >= both[low]) & (sold <= both[high])
        result[f"coverage {level}"] = inside.mean()
    return result


def total_coverage(series: pd.DataFrame, forecast: pd.DataFrame, horizon: int) -> dict[str, float]:
    """How many windows' totals lay within the central intervals that were foreseen for them."""
    whole = windows(series, horizon, int(forecast.groupby("item").origin.nunique().max()))
    each = whole.groupby(["item", "origin"])
    totals = each.agg(truth=("truth", "sum"), seen=("seen", "all")).reset_index()
    both = totals[totals.seen].merge(forecast[forecast.step == 0], on=["item", "origin"])
    result = {"windows": len(both)}
    for level in INTERVALS:
        low, high = f"q{round((1 - level) / 2, 3)}", f"q{round((1 + level) / 2, 3)}"
        result[f"{level}"] = ((both.truth >= both[low]) & (both.truth <= both[high])).mean()
    return result
