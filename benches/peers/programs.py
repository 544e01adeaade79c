#!/usr/bin/env python3
"""Programs by prices of what is shared, and by HiGHS, on the same numbers.

    python benches/peers/programs.py [--quick] [--plans] [--set-ups] [--sizes A,B]

Prints a JSON line for each program and size: seconds of CPU, objective, and the gap to the best bound that
is known. `cargo run --release -p benches --bin prices` says what the tables are: one candidate an item under
five common limits. With `--plans` they are the orders of `--bin plan`, with `--set-ups` those with a charge
on each order.
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


def our_plans(sizes: list[int], folder: Path, set_ups: bool) -> dict[int, dict]:
    """What our prices find for plans; leaves the numbers in the folder."""
    command = ["cargo", "run", "--release", "--quiet", "-p", "benches", "--bin", "plan", "--"]
    command += ["--set-ups"] if set_ups else []
    command += ["--write", str(folder), *map(str, sizes)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return dict(zip(sizes, lines, strict=True))


def plan_program(path: Path, items: int, set_ups: bool):  # noqa: ANN201
    """The program of a plan, by columns: orders, stock, losses, then set-ups of all items."""
    import highspy
    from scipy import sparse

    periods, scenarios = 12, 20
    numbers = np.fromfile(path)
    item = numbers[: 9 * items].reshape(items, 9).T
    cost, holding, lost, credit, set_up, volume, opening, lead_time, most = item
    cells = items * periods * scenarios
    demand = numbers[9 * items : 9 * items + cells].reshape(items, periods, scenarios)
    room, budget = numbers[9 * items + cells :].reshape(2, periods)
    placed = items * periods
    orders = np.arange(placed).reshape(items, periods)
    stock = placed + np.arange(cells).reshape(demand.shape)
    losses = stock + cells
    paid = placed + 2 * cells + orders
    columns = placed + 2 * cells + (placed if set_ups else 0)
    costs, upper = np.zeros(columns), np.full(columns, np.inf)
    costs[orders], upper[orders] = cost[:, None], most[:, None]
    costs[stock] = (holding / scenarios)[:, None, None]
    costs[stock[:, -1]] -= (credit / scenarios)[:, None]
    costs[losses], upper[losses] = (lost / scenarios)[:, None, None], demand
    row = np.arange(cells).reshape(demand.shape)
    ones = np.ones(cells)
    entries = [(row, stock, ones), (row, losses, -ones)]
    entries += [(row[:, 1:], stock[:, :-1], -np.ones(row[:, 1:].size))]
    for place in range(items):
        late = int(lead_time[place])
        rows = row[place, late:]
        entries += [(rows, np.repeat(orders[place, : periods - late], scenarios), -np.ones(rows.size))]
    right = -demand
    right[:, 0] += opening[:, None]
    shared = np.broadcast_to(
        cells + np.arange(periods * scenarios).reshape(periods, scenarios), demand.shape
    )
    entries += [(shared, stock, np.repeat(volume, periods * scenarios))]
    first = cells + periods * scenarios
    money = np.broadcast_to(first + np.arange(periods), orders.shape)
    entries += [(money, orders, np.repeat(cost, periods))]
    high = [right.ravel(), np.repeat(room, scenarios), budget]
    low = [right.ravel(), np.full(periods * scenarios + periods, -np.inf)]
    rows = first + periods
    if set_ups:
        costs[paid], upper[paid] = set_up[:, None], 1.0
        linked = rows + orders
        entries += [(linked, orders, np.ones(placed)), (linked, paid, -np.repeat(most, periods))]
        low += [np.full(placed, -np.inf)]
        high += [np.zeros(placed)]
        rows += placed
    places, across, values = (
        np.concatenate([np.ravel(entry[part]) for entry in entries]) for part in range(3)
    )
    matrix = sparse.csc_matrix((values, (places, across)), shape=(rows, columns))
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = columns, rows
    program.col_cost_, program.col_lower_, program.col_upper_ = costs, np.zeros(columns), upper
    program.row_lower_, program.row_upper_ = np.concatenate(low), np.concatenate(high)
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = matrix.indptr
    program.a_matrix_.index_ = matrix.indices
    program.a_matrix_.value_ = matrix.data
    if set_ups:
        kinds = np.zeros(columns, dtype=int)
        kinds[paid] = 1
        whole = [highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger]
        program.integrality_ = [whole[kind] for kind in kinds]
    return program


def plans(sizes: list[int], set_ups: bool, folder: Path) -> None:
    """Measures plans: interior point and first-order method, or branch and bound for some minutes."""
    for items, line in our_plans(sizes, folder, set_ups).items():
        print(json.dumps({"who": rounds.OURS, **line}), flush=True)
        if items > 800:
            rounds.skip(f"HiGHS, {items} items", "it takes too long")
            continue
        try:
            import highspy

            program = plan_program(folder / f"plan-{items}.f64", items, set_ups)
        except ImportError:
            rounds.skip("HiGHS", "highspy or scipy is not installed")
            return
        if set_ups:
            trials = [("HiGHS MIP", {"mip_rel_gap": 5e-3, "time_limit": 120.0})]
        else:
            trials = [
                ("HiGHS PDLP", {"solver": "pdlp", "kkt_tolerance": 1e-4}),
                ("HiGHS IPX", {"solver": "ipx", "run_crossover": "off"}),
            ]
        for who, chosen in trials:
            solver = highspy.Highs()
            for option, value in [("output_flag", False), ("threads", 1), *chosen.items()]:
                solver.setOptionValue(option, value)
            start = time.process_time()
            solver.passModel(program)
            passed = time.process_time() - start
            start = time.process_time()
            solver.run()
            seconds = time.process_time() - start
            info = solver.getInfo()
            text = {"who": who, "work": line["work"], "seconds": round(seconds, 3)}
            text |= {"pass": round(passed, 4), "objective": round(info.objective_function_value, 2)}
            text |= {"over_our_bound": float(f"{info.objective_function_value / line['lower'] - 1:.2e}")}
            text |= {"bound": round(info.mip_dual_bound, 2)} if set_ups else {}
            print(json.dumps(text), flush=True)


def main() -> None:
    """Measures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a small table, within a minute")
    parser.add_argument("--sizes", default="2000,20000,100000", metavar="A,B", help="items")
    parser.add_argument("--plans", action="store_true", help="orders within volume and budget")
    parser.add_argument("--set-ups", action="store_true", help="the same with a charge on each order")
    options = parser.parse_args()
    sizes = [500] if options.quick else [int(size) for size in options.sizes.split(",")]
    rounds.pin()
    if options.plans or options.set_ups:
        given = parser.get_default("sizes") != options.sizes
        sizes = [50] if options.quick else sizes if given else [200, 800]
        with tempfile.TemporaryDirectory() as folder:
            plans(sizes, options.set_ups, Path(folder))
        return
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
