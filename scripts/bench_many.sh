#!/usr/bin/env bash
# Time and memory of `parstock fit` or `parstock run` over many weekly items: copies of the series of VN2, as
# benches/peers/forecast.py leaves them, each copy rotated so that no two are alike.
#
#   scripts/bench_many.sh [fit|run] [ITEMS]      30,000 to fit by default, 10,000 to run: twelve strategies,
#                                                2,000 scenarios of 104 weeks
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-fit}
case $what in fit) usual=30000 ;; run) usual=10000 ;; *) echo "fit or run, not $what" >&2; exit 2 ;; esac
items=${2:-$usual}
series=target/peers/forecast/vn2.csv
if [ ! -e "$series" ]; then
  echo "skipped: there is no $series; run benches/peers/forecast.py --sets vn2 first"
  exit 0
fi
cargo build --release --quiet
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 - "$series" "$items" "$folder" <<'PY'
import csv, itertools, sys
series, items, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
with open(series) as file:
    rows = list(csv.reader(file))[1:]
known = [list(own) for _, own in itertools.groupby(rows, key=lambda row: row[0])]
known = [own[-156:] for own in known if len(own) >= 156]
dates = [row[1] for row in known[0]]
with open(f"{folder}/sales.csv", "w") as sales, open(f"{folder}/items.csv", "w") as table:
    sales.write("date,item,units,in_stock\n")
    table.write("item,unit_cost,price\n")
    for number in range(items):
        own = known[number % len(known)]
        turn = 7 * (number // len(known)) % 156
        table.write(f"item-{number:05},2,3\n")
        for date, row in zip(dates, own[turn:] + own[:turn]):
            sales.write(f"{date},item-{number:05},{row[2]},{row[3]}\n")
with open(f"{folder}/study.toml", "w") as study:
    study.write(
        'schema = 1\nname = "many"\nseed = 1\n[sales]\nfile = "sales.csv"\n[calendar]\nperiod = "week"\n'
        '[items]\nfile = "items.csv"\n[items.defaults]\nlead_time_periods = 2\norder_cost = 1\n'
        "holding_rate_per_year = 0.2\n[simulation]\nperiods = 104\nscenarios = 2000\n[strategies]\ncompare = ["
        '"days-of-cover", "percent-of-demand", "z-sigma", "king", "forecast-error", "empirical-quantile", '
        '"kernel-quantile", "negative-binomial-quantile", "class-based", "newsvendor", "tail-averse", "searched"]\n'
    )
PY
python3 - "$what" "$folder/study.toml" "$items" <<'PY'
import json, os, resource, subprocess, sys, time
what, study, items = sys.argv[1:]
to = [] if what == "fit" else ["--run", study.replace("study.toml", "run")]
start = time.monotonic()
subprocess.run(["target/release/parstock", what, study, "--format", "csv", *to],
               check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
seconds = time.monotonic() - start
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"work": f"{what} of {items} items of 156 weeks", "who": f"parstock, {os.cpu_count()} threads",
                  "seconds": round(seconds, 1), "peak_mib": usage.ru_maxrss // 1024}))
PY
