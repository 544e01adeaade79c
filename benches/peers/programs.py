#!/usr/bin/env python3
"""One candidate an item under five common limits: a search of prices, and HiGHS, on the same tables.

    python benches/peers/programs.py [--quick] [--sizes A,B]

Prints a JSON line for each program and size: seconds of CPU, objective, and the gap to the best bound that
is known. `cargo run --release -p benches --bin prices` says what the tables are.
"""

import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import rounds

ROOT = Path(__file__).resolve().parents[2]
CANDIDATES, LIMITS = 100, 5
# Beyond these, HiGHS takes more than some minutes.
MOST_LINEAR, MOST_INTEGER = 20_000, 2_000


def ours(sizes: list[int], folder: Path) -> dict[int, dict]:
    """What our search finds; leaves the tables in the folder."""
    command = ["cargo", "run", "--release", "--quiet", "-p", "benches", "--bin", "prices", "--"]
    command += ["--write", str(folder), *map(str, sizes)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return dict(zip(sizes, lines, strict=True))


def highs(table: Path, items: int, integer: bool) -> tuple[float, float]:
    """Objective and seconds of CPU of the linear or integer program."""
    import highspy

    numbers = np.fromfile(table)
    cells = numbers[:-LIMITS].reshape(items, 1 + LIMITS, CANDIDATES)
    count = items * CANDIDATES
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = count, items + LIMITS
    program.col_cost_ = cells[:, 0].ravel()
    program.col_lower_, program.col_upper_ = np.zeros(count), np.ones(count)
    program.row_lower_ = np.concatenate([np.ones(items), np.full(LIMITS, -highspy.kHighsInf)])
    program.row_upper_ = np.concatenate([np.ones(items), numbers[-LIMITS:]])
    uses = cells[:, 1:].transpose(0, 2, 1).reshape(count, LIMITS)
    values = np.column_stack([np.ones(count), uses])
    rows = np.column_stack(
        [np.repeat(np.arange(items), CANDIDATES), np.tile(items + np.arange(LIMITS), (count, 1))]
    )
    kept = values != 0.0
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = np.concatenate([[0], np.cumsum(kept.sum(axis=1))])
    program.a_matrix_.index_ = rows[kept]
    program.a_matrix_.value_ = values[kept]
    if integer:
        program.integrality_ = [highspy.HighsVarType.kInteger] * count
    solver = highspy.Highs()
    for option, value in [("output_flag", False), ("threads", 1), ("mip_rel_gap", 1e-4)]:
        solver.setOptionValue(option, value)
    solver.passModel(program)
    start = time.process_time()
    solver.run()
    return solver.getInfo().objective_function_value, time.process_time() - start


def main() -> None:
    """Measures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a small table, within a minute")
    parser.add_argument("--sizes", default="2000,20000,100000", metavar="A,B", help="items")
    options = parser.parse_args()
    sizes = [500] if options.quick else [int(size) for size in options.sizes.split(",")]
    rounds.pin()
    with tempfile.TemporaryDirectory() as folder:
        found = ours(sizes, Path(folder))
        for items, line in found.items():
            print(json.dumps({"who": rounds.OURS, **line}), flush=True)
            for integer, most in [(False, MOST_LINEAR), (True, MOST_INTEGER)]:
                who = "HiGHS MIP to 1e-4" if integer else "HiGHS LP"
                if items > most:
                    rounds.skip(f"{who}, {items} items", "it takes too long")
                    continue
                try:
                    objective, seconds = highs(Path(folder) / f"prices-{items}.f64", items, integer)
                except ImportError:
                    rounds.skip(who, "highspy is not installed")
                    continue
                over = objective / line["bound"] - 1.0
                text = {"who": who, "work": line["work"], "seconds": round(seconds, 3)}
                text |= {"over_our_bound": float(f"{over:.2e}")}
                text |= {"ratio": round(seconds / line["seconds"], 1)}
                print(json.dumps(text), flush=True)


if __name__ == "__main__":
    main()
