#!/usr/bin/env python3
"""How good our forecasts are, and those of statsforecast, on the same real series.

    PARSTOCK_DATA=FOLDER python benches/peers/forecast.py [--quick] [--sets A,B] [--peers A,B]
                         [--cache FOLDER] [--parstock PATH]

`forecasting/data.py` says which series. Each is forecast before each of its last windows, with what
was known then. Prints a JSON line for each set, model and score, then for the time a series takes;
a table follows on stderr. The first time statsforecast keeps a core busy for half an hour; its
forecasts are kept. Ends with status 1 if not all forecast the same windows.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import rounds

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE / "forecasting"))

import data  # noqa: E402 - these are beside this file, in a folder
import ours  # noqa: E402
import peers  # noqa: E402
import scores  # noqa: E402
import speed  # noqa: E402

PROGRAM = ROOT / "target" / "release" / "forecast"
BUILD = "cargo build --release -p benches --bin forecast"
AUTOMATIC = f"{rounds.OURS} automatic"
QUICK_SETS, QUICK_PEERS = ["auto"], ["AutoETS"]
COUNTS = ("series", "windows")
UNITS = {"coverage": "share of periods", "RMSSE": "root mean squared changes"}

Scores = dict[str, float]


def say(work: str, who: str, value: float, unit: str) -> None:
    """A line of what was measured."""
    line = {"work": work, "who": who, "value": float(f"{value:.4g}"), "unit": unit}
    print(json.dumps(line), flush=True)


def our_forecasts(
    name: str, file: Path, settings: data.Settings, program: Path
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Forecasts of each of our models, if our program is there."""
    if not program.is_file():
        rounds.skip(rounds.OURS, f"there is no {program}; build it with `{BUILD}`")
        return
    try:
        table, spent = ours.forecasts(program, file, settings)
        judged, covered = ours.coverage(program, file, settings)
    except rounds.Failed as reason:
        rounds.skip(f"{rounds.OURS} on {name}", str(reason))
        return
    say(f"{name} time", rounds.OURS, spent, "ms / series")
    for level, share in zip(scores.INTERVALS, covered, strict=True):
        work = f"{name} coverage {level} of totals, ends counted in part"
        say(work, AUTOMATIC, share, f"share of {judged} windows")
    for model, forecast in table.groupby("model", sort=False):
        yield f"{rounds.OURS} {model}", forecast


def say_scores(name: str, who: str, series: pd.DataFrame, forecast: pd.DataFrame, score: Scores):
    """A line for each score; and for how many totals of windows were within their intervals, where
    totals are foreseen."""
    for measure, value in score.items():
        if measure not in COUNTS:
            say(f"{name} {measure}", who, value, UNITS.get(measure.split()[0], "mean changes"))
    if (forecast.step == 0).any():
        covered = scores.total_coverage(series, forecast, data.SETS[name].horizon)
        for level in scores.INTERVALS:
            say(f"{name} coverage {level} of totals", who, covered[f"{level}"], "share of windows")


def compare(name: str, file: Path, options: argparse.Namespace) -> dict[str, Scores]:
    """Scores of every program on a set.

    `beside` is the scaled CRPS over that of our automatic forecast, or of AutoETS where there is
    none, on the series that both forecast.
    """
    settings = data.SETS[name]
    series = pd.read_csv(file, dtype={"item": str})
    truth = scores.windows(series, settings.horizon, settings.origins)
    forecasts = dict(our_forecasts(name, file, settings, options.parstock))
    forecasts |= peers.all_forecasts(name, series, settings, options.cache, options.peers)
    reference = forecasts.get(AUTOMATIC, forecasts.get("AutoETS"))

    found: dict[str, Scores] = {}
    for who, forecast in forecasts.items():
        score = found[who] = scores.score(truth, forecast)
        say_scores(name, who, series, forecast, score)
        if reference is not None:
            same = scores.score(truth[truth.item.isin(forecast.item)], reference)
            score["beside"] = score["scaled CRPS"] / same["scaled CRPS"]
        if "failed" in forecast:
            score["failed"] = forecast.failed.mean()
    return found


def complaints(name: str, found: dict[str, Scores]) -> list[str]:
    """Why the scores of a set must not be compared."""
    some = {who for who, score in found.items() if who.startswith("AutoARIMA")}
    counts = {who: score["windows"] for who, score in found.items() if who not in some}
    most = max(counts.values(), default=0)
    return [
        f"{name}: {who} has forecasts of {count} windows, another has {most}"
        for who, count in counts.items()
        if count < most
    ]


def table(found: dict[str, dict[str, Scores]]) -> str:
    """Scores as text, the best of each set first."""
    rows = [
        f"{'set':<17} {'who':<26} {'series':>6} {'CRPS':>7} {'beside':>7} {'RMSSE':>7} {'MASE':>7}"
        f" {'bias':>7} {'p0.95':>7} {'p0.995':>7} {'cover: 80':>9} {'90':>5} {'95':>5} {'99':>5}"
        f" {'failed':>6}"
    ]
    for name, by_model in found.items():
        for who, score in sorted(by_model.items(), key=lambda row: row[1]["scaled CRPS"]):
            beside = f"{score['beside']:.3f}" if "beside" in score else ""
            failed = f"{100 * score['failed']:.1f}" if "failed" in score else ""
            covered = " ".join(
                f"{100 * score[f'coverage {level}']:>{9 if level == 0.8 else 5}.1f}"
                for level in scores.INTERVALS
            )
            rows.append(
                f"{name:<17} {who:<26} {score['series']:>6} {score['scaled CRPS']:>7.4f}"
                f" {beside:>7} {score['RMSSE']:>7.4f} {score['MASE']:>7.4f} {score['bias']:>+7.3f}"
                f" {score['pinball 0.95']:>7.4f} {score['pinball 0.995']:>7.4f}"
                f" {covered} {failed:>6}"
            )
    return "\n".join(rows)


def listed(text: str) -> list[str]:
    """What stands between commas."""
    return text.split(",")


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one set, one peer, within a minute")
    parser.add_argument("--sets", type=listed, metavar="A,B", help="sets (all)")
    parser.add_argument("--peers", type=listed, metavar="A,B", help="models of statsforecast (all)")
    parser.add_argument(
        "--cache",
        type=Path,
        metavar="FOLDER",
        default=ROOT / "target" / "peers" / "forecast",
        help="where series and the peers' forecasts are kept (target/peers/forecast)",
    )
    parser.add_argument(
        "--parstock",
        type=Path,
        metavar="PATH",
        default=PROGRAM,
        help="our program (target/release/forecast)",
    )
    options = parser.parse_args()
    if options.quick:
        options.sets = options.sets or QUICK_SETS
        options.peers = options.peers or QUICK_PEERS
    options.sets = options.sets or list(data.SETS)
    unknown = set(options.sets) - set(data.SETS)
    if unknown:
        parser.error(f"no set is called {', '.join(unknown)}; there are {', '.join(data.SETS)}")
    return options


def main() -> int:
    """Forecasts, scores, and says what to make of it."""
    options = arguments()
    rounds.pin()
    found = {}
    for name in options.sets:
        try:
            file = data.export(options.cache, [name])[name]
        except FileNotFoundError as error:
            rounds.skip(name, f"there is no {error.filename}; set PARSTOCK_DATA")
            continue
        found[name] = compare(name, file, options)
    if not options.quick:
        for line in speed.measured():
            print(json.dumps(line), flush=True)
    print(table(found), file=sys.stderr)
    wrong = [complaint for name in found for complaint in complaints(name, found[name])]
    for complaint in wrong:
        print(f"error: {complaint}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
