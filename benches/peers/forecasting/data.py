"""Real series in one form, whatever file they come in.

Each set is a table `item, date, units, in_stock` with a row a period, and its settings: length of a
period, season, horizon, and how many windows of that length at the end are foreseen. Dates of sets
that come without any are made up. The files are not part of this repository: `PARSTOCK_DATA` names
their folder.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

FOLDER = Path(os.environ.get("PARSTOCK_DATA", "data"))


@dataclass(frozen=True)
class Settings:
    """How a set is forecast; `judged` windows say how often intervals hold."""

    period: str
    season: int
    horizon: int
    origins: int
    judged: int


SETS = {
    "online_retail_ii": Settings("day", 6, 12, 3, 8),
    "vn2": Settings("week", 52, 4, 3, 10),
    "raf": Settings("month", 12, 6, 3, 5),
    "auto": Settings("month", 12, 4, 2, 2),
    "m5": Settings("day", 7, 14, 3, 8),
    "store_item": Settings("day", 7, 28, 3, 10),
    "bakery": Settings("day", 7, 7, 3, 20),
    "uci_weekly": Settings("week", 1, 4, 3, 4),
}


def chosen(items: list, count: int) -> list:
    """Every k-th of the items, `count` of them."""
    step = max(1, len(items) // count)
    return items[::step][:count]


def rows(
    item: str, dates: Iterable[str], units: np.ndarray, in_stock: np.ndarray | None = None
) -> pd.DataFrame:
    """The table of one series."""
    seen = np.ones(len(units), dtype=int) if in_stock is None else in_stock.astype(int)
    return pd.DataFrame({"item": item, "date": dates, "units": units, "in_stock": seen})


def wide(values: pd.DataFrame, dates: pd.Index, name: str, count: int) -> pd.DataFrame:
    """A series from each of `count` rows that sells something before the last windows."""
    horizon, origins = SETS[name].horizon, SETS[name].origins
    known = values.iloc[:, : values.shape[1] - horizon * origins]
    sold = values[(known > 0).sum(axis=1) > 0]
    picked = chosen(list(sold.index), count)
    return pd.concat([rows(f"{name} {i}", dates, sold.loc[i].to_numpy(float)) for i in picked])


def online_retail_ii() -> pd.DataFrame:
    """A gift shop's items on its open days, each from its first sale; closed on Saturdays."""
    table = pd.read_csv(FOLDER / "online_retail_ii" / "daily_sku_2y.csv.gz", dtype={"sku": str})
    days = pd.Index(sorted(table.date.unique()))
    sold = table.groupby("sku").date.nunique()
    series = []
    for item in chosen(sorted(sold[sold >= 50].index), 150):
        own = table[table.sku == item].groupby("date").units.sum().clip(lower=0)
        open_days = days[days >= own.index.min()]
        series.append(rows(item, open_days, own.reindex(open_days, fill_value=0).to_numpy(float)))
    return pd.concat(series)


def vn2() -> pd.DataFrame:
    """Weekly sales of products in stores; a week out of stock is not seen."""
    folder = FOLDER / "vn2" / "raw"
    keys = ["Store", "Product"]
    sales = pd.read_csv(folder / "Week 0 - 2024-04-08 - Sales.csv").set_index(keys)
    stock = pd.read_csv(folder / "Week 0 - In Stock.csv").set_index(keys)
    series = []
    for key in sales.index[::3]:
        seen = stock.loc[key, sales.columns].astype(str).str.lower().isin(["true", "1"]).to_numpy()
        units = sales.loc[key].to_numpy(float)
        series.append(rows(f"{key[0]}-{key[1]}", sales.columns, units, seen))
    return pd.concat(series)


def months(count: int) -> pd.Index:
    """First days of so many months."""
    return pd.Index(pd.date_range("2018-01-01", periods=count, freq="MS").strftime("%Y-%m-%d"))


def raf() -> pd.DataFrame:
    """Spare parts of an air force, nine months in ten without demand."""
    table = pd.read_csv(FOLDER / "intermittent" / "raw" / "RAF.csv")
    return wide(table, months(table.shape[1]), "raf", 200)


def auto() -> pd.DataFrame:
    """Spare parts of cars, two years."""
    table = pd.read_csv(FOLDER / "intermittent" / "raw" / "Auto.csv")
    return wide(table, months(table.shape[1]), "auto", 200)


def m5() -> pd.DataFrame:
    """Daily sales of a supermarket chain, each series from its first sale."""
    table = pd.read_parquet(FOLDER / "m5" / "raw" / "m5_204series_daily_2015-16.parquet")
    series = []
    for name, own in table.sort_values(["id", "date"]).groupby("id", sort=True):
        dates = pd.Index(pd.to_datetime(own.date).dt.strftime("%Y-%m-%d"))
        series.append(rows(name, dates, own.sales.to_numpy(float)))
    return pd.concat(series)


def store_item() -> pd.DataFrame:
    """Daily sales of items in stores, probably made by a simulation: none is ever zero."""
    table = pd.read_csv(FOLDER / "store_item" / "store_item_demand_500x1826.csv.gz")
    series = []
    for key, own in list(table.groupby(["store", "item"]))[::5]:
        own = own.sort_values("date").tail(1000)
        dates = pd.Index(own.date)
        series.append(rows(f"{key[0]}-{key[1]}", dates, own.sales.to_numpy(float)))
    return pd.concat(series)


def bakery() -> pd.DataFrame:
    """Daily sales of a bakery's products in its shops."""
    table = pd.read_csv(FOLDER / "store_item" / "bakery_wide_105x1215.csv.gz").set_index("series")
    table = table.iloc[:, -730:]
    dates = pd.date_range("2022-01-03", periods=table.shape[1]).strftime("%Y-%m-%d")
    series = [rows(str(i), pd.Index(dates), table.loc[i].to_numpy(float)) for i in table.index]
    return pd.concat(series)


def uci_weekly() -> pd.DataFrame:
    """Weekly sales of products over one year."""
    file = FOLDER / "uci_weekly" / "raw" / "Sales_Transactions_Dataset_Weekly.csv"
    table = pd.read_csv(file).set_index("Product_Code")
    table = table[[f"W{week}" for week in range(52)]]
    dates = pd.date_range("2023-01-02", periods=52, freq="7D").strftime("%Y-%m-%d")
    return wide(table, pd.Index(dates), "uci_weekly", 200)


READERS = {
    "online_retail_ii": online_retail_ii,
    "vn2": vn2,
    "raf": raf,
    "auto": auto,
    "m5": m5,
    "store_item": store_item,
    "bakery": bakery,
    "uci_weekly": uci_weekly,
}


def export(cache: Path, names: Iterable[str]) -> dict[str, Path]:
    """Writes sets as CSV and their settings beside them; says where each set is."""
    cache.mkdir(parents=True, exist_ok=True)
    files = {}
    for name in names:
        files[name] = cache / f"{name}.csv"
        READERS[name]().to_csv(files[name], index=False)
    settings = {name: asdict(SETS[name]) for name in SETS}
    (cache / "sets.json").write_text(json.dumps(settings, indent=1))
    return files
