"""Rounds of measurements: every contender in each round, one after the other, on one core.

A machine is faster at one minute than at another, so rates are compared within a round only, and
the median of these ratios is what counts.

A contender is a program that prints a JSON line `{"work", "who", "value", "unit", "check"}` for
each work that it does, where `value` is a rate by CPU time.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

OURS = "parstock"

# One thread, as one core is what is measured; and nothing written beside the sources.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "JAX_PLATFORMS": "cpu",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
    "PYTHONDONTWRITEBYTECODE": "1",
}

Line = dict
Round = list[Line]


@dataclass(frozen=True)
class Contender:
    """A program to measure."""

    name: str
    command: list[str]


class Failed(Exception):
    """A contender did not do its work; says why."""


def skip(name: str, reason: str) -> None:
    """Says that a peer is left out."""
    print(f"skipped: {name}: {reason}", flush=True)


def pin() -> None:
    """Keeps this process and its children on one core, where the system can do that."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def measure(contender: Contender) -> Round:
    """What the contender prints."""
    try:
        done = subprocess.run(
            contender.command, capture_output=True, text=True, env={**os.environ, **ENVIRONMENT}
        )
    except OSError as error:
        raise Failed(error.strerror) from error
    if done.returncode != 0:
        said = done.stderr.strip().splitlines() or [f"ended with status {done.returncode}"]
        raise Failed(said[-1])
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def run(contenders: Iterable[Contender], count: int) -> list[Round]:
    """Measures all contenders `count` times; one that fails is left out from then on."""
    waiting = list(contenders)
    rounds = []
    for number in range(1, count + 1):
        print(f"round {number} of {count}", file=sys.stderr, flush=True)
        lines = []
        for contender in list(waiting):
            try:
                measured = measure(contender)
            except Failed as reason:
                skip(contender.name, str(reason))
                waiting.remove(contender)
                continue
            for line in measured:
                print(json.dumps(line), flush=True)
            lines += measured
        rounds.append(lines)
    return rounds


def rates(rounds: list[Round]) -> dict[tuple[str, str], list[float]]:
    """Rates of each (work, who), in the order of the rounds."""
    found: dict[tuple[str, str], list[float]] = {}
    for lines in rounds:
        for line in lines:
            found.setdefault((line["work"], line["who"]), []).append(line["value"])
    return found


def ratios(rounds: list[Round]) -> list[Line]:
    """Our rate over the peer's, the median over the rounds, for each work and peer."""
    found: dict[tuple[str, str], list[float]] = {}
    for lines in rounds:
        ours = {line["work"]: line["value"] for line in lines if line["who"] == OURS}
        for line in lines:
            if line["who"] != OURS and line["work"] in ours:
                ratio = ours[line["work"]] / line["value"]
                found.setdefault((line["work"], line["who"]), []).append(ratio)
    return [
        {"work": work, "who": who, "value": float(f"{median(r):.4g}"), "unit": f"{OURS} / peer"}
        for (work, who), r in found.items()
    ]


def table(rounds: list[Round]) -> str:
    """Median rates and ratios as text, the slowest of each work first."""
    ratio = {(line["work"], line["who"]): line["value"] for line in ratios(rounds)}
    medians = {at: median(values) for at, values in rates(rounds).items()}
    rows = [f"{'work':<12} {'who':<34} {'million/s':>12} {'ours / it':>11}"]
    for work in dict.fromkeys(work for work, _ in medians):
        at_work = [at for at in medians if at[0] == work]
        for at in sorted(at_work, key=medians.__getitem__):
            share = f"{ratio[at]:>11,.1f}" if at in ratio else ""
            rows.append(f"{work:<12} {at[1]:<34} {medians[at] / 1e6:>12,.4f} {share}".rstrip())
    return "\n".join(rows)
