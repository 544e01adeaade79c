#!/usr/bin/env python3
"""Speed of simulation, ours and that of other programs, on the same work.

    python benches/peers/simulate.py [--quick] [--rounds N] [--parstock PATH]

`simulation/work.py` says what the work is. Prints a JSON line for each measurement, then one for
each work and peer with the median of our rate over the peer's in the same round; a table follows on
stderr. A peer that is not there is skipped; `make peers` installs them. Ends with status 1 if the
checks show that not all did the same work.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

import rounds
from rounds import OURS, Contender, Line

HERE = Path(__file__).resolve().parent
PEERS = HERE / "simulation"
PROGRAM = HERE.parents[1] / "target" / "release" / "jobs"
BUILD = "cargo build --release -p benches --bin jobs"

WORKS = ("J1", "J2", "policy-only")
PYTHON_PEERS = {
    "stockpyl": "stockpyl_backorders.py",
    "SimPy": "simpy_process.py",
    "pure Python": "pure_python.py",
    "numpy": "numpy_vectors.py",
    "numba scalar": "numba_scalar.py",
    "numba blocks": "numba_blocks.py",
    "JAX": "jax_scan.py",
}
NOT_ON_PYPI = ("HDPO", "viso_jax")
NO_LOST_SALES = ("stockpyl (backorders)",)

FILL_RATE_TOLERANCE = 0.003  # absolute
COST_TOLERANCE = 0.005  # of the lowest


def ourselves(program: Path, seconds: float) -> list[Contender]:
    """Our program, once for each work."""
    return [
        Contender(f"{OURS} {work}", [str(program), work, "--seconds", str(seconds)])
        for work in WORKS
    ]


def python_peers(seconds: float) -> list[Contender]:
    """The peers that this Python runs."""
    return [
        Contender(name, [sys.executable, str(PEERS / file), str(seconds)])
        for name, file in PYTHON_PEERS.items()
    ]


def compiled_peers(folder: str, seconds: float) -> list[Contender]:
    """The C++ peer, if it can be compiled."""
    source, program = str(PEERS / "std_poisson.cpp"), f"{folder}/std_poisson"
    flags = ["-std=c++17", "-O3", "-march=native"]
    try:
        rounds.measure(Contender("g++", ["g++", *flags, source, "-o", program]))
    except rounds.Failed as reason:
        rounds.skip("C++", f"g++: {reason}")
        return []
    return [Contender("C++", [program, str(seconds)])]


def differs(measure: str, values: list[tuple[float, str]], tolerance: float) -> list[str]:
    """A complaint if the values, each with its owner, lie further apart than allowed."""
    if not values:
        return []
    (low, lowest), (high, highest) = min(values), max(values)
    if high - low <= tolerance:
        return []
    return [f"{measure} is {low} by {lowest}, but {high} by {highest}: that is not the same work"]


def complaints(lines: list[Line]) -> list[str]:
    """Why the rates must not be compared."""
    done = {line["work"] for line in lines if line["who"] == OURS}
    missing = [f"{OURS} did not do {work}" for work in WORKS if work not in done]
    fill_rates = [
        (line["check"]["fill_rate"], line["who"])
        for line in lines
        if line["work"] != "J2" and line["who"] not in NO_LOST_SALES
    ]
    costs = [
        (line["check"]["best_mean_cost"], line["who"]) for line in lines if line["work"] == "J2"
    ]
    cheapest = min(costs, default=(0.0, ""))[0]
    return (
        missing
        + differs("the fill rate", fill_rates, FILL_RATE_TOLERANCE)
        + differs("the best mean cost", costs, COST_TOLERANCE * cheapest)
    )


def main() -> int:
    """Measures, compares, and says what to make of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one short round, within a minute")
    parser.add_argument("--rounds", type=int, metavar="N", help="rounds to run (3)")
    parser.add_argument(
        "--parstock",
        type=Path,
        metavar="PATH",
        default=PROGRAM,
        help="our program (target/release/jobs)",
    )
    options = parser.parse_args()
    if not options.parstock.is_file():
        parser.error(f"there is no {options.parstock}; build it with `{BUILD}`")
    seconds = 0.2 if options.quick else 1.0
    count = options.rounds or (1 if options.quick else 3)

    for peer in NOT_ON_PYPI:
        rounds.skip(peer, "not on PyPI")
    rounds.pin()
    with tempfile.TemporaryDirectory() as folder:
        contenders = ourselves(options.parstock, seconds)
        contenders += python_peers(seconds) + compiled_peers(folder, seconds)
        measured = rounds.run(contenders, count)

    for line in rounds.ratios(measured):
        print(json.dumps(line))
    print(rounds.table(measured), file=sys.stderr)
    wrong = complaints([line for lines in measured for line in lines])
    for complaint in wrong:
        print(f"error: {complaint}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
