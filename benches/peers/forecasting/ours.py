"""Our own forecasts, as the program `forecast` prints them."""

import io
import json
import subprocess
from pathlib import Path

import pandas as pd
import rounds
from data import Settings


def forecasts(program: Path, file: Path, settings: Settings) -> tuple[pd.DataFrame, float]:
    """Forecasts of a set by each of our models, and how long a series took in all [ms].

    `step` is 0 for the total of a window.
    """
    done, spent = told(program, file, settings, ["--origins", str(settings.origins)])
    table = pd.read_csv(io.StringIO(done.stdout), dtype={"item": str})
    return table, 1000 * spent["seconds"] / spent["series"]


def coverage(program: Path, file: Path, settings: Settings) -> tuple[int, list[float]]:
    """How many windows were judged, and the share of their totals within central intervals of 80, 90,
    95 and 99 %; one that lies on an interval's end counts in part."""
    _, spent = told(program, file, settings, ["--origins", str(settings.judged), "--coverage"])
    return int(spent["windows"]), spent["covered"]


def told(
    program: Path, file: Path, settings: Settings, more: list[str]
) -> tuple[subprocess.CompletedProcess, dict]:
    """What the program printed, and what it said at the end."""
    command = [str(program), str(file), "--period", settings.period]
    command += ["--horizon", str(settings.horizon), *more]
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except OSError as error:
        raise rounds.Failed(error.strerror) from error
    said = done.stderr.strip().splitlines() or [f"ended with status {done.returncode}"]
    if done.returncode != 0:
        raise rounds.Failed(said[-1])
    return done, json.loads(said[-1])
