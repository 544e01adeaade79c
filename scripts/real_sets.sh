#!/usr/bin/env bash
# Sixteen strategies on real sales: ranked on fresh scenarios, replayed on sales that nobody had seen, and
# what stock each needs for the same service. The gift shop, and sets that benches/peers/forecast.py
# leaves. Costs are assumptions: a unit costs 2 and sells for 3, holding takes 25 % a year, an order 5.
#
#   scripts/real_sets.sh [FOLDER]     the run folders are kept in FOLDER, if it is named
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --quiet
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
runs=${1:-$work/runs}
strategies='compare = ["days-of-cover", "percent-of-demand", "z-sigma", "king", "forecast-error", "empirical-quantile", "bootstrap-quantile", "kernel-quantile", "conformal-quantile", "negative-binomial-quantile", "class-based", "fill-rate", "group-fill-rate", "newsvendor", "tail-averse", "searched"]'
run() { # name study
  target/release/parstock run "$2" --run "$runs/$1" 2> /dev/null | grep -v '^  ' | sed -n '/fresh scenarios/,/^Average stock\|^ item /p' | grep -v '^ item \|^Average stock'
}
set_of() { # set period lead_time held_out
  local series=target/peers/forecast/$1.csv
  if [ ! -e "$series" ]; then
    echo "skipped: there is no $series; run benches/peers/forecast.py --sets $1 first"
    return
  fi
  { echo item,unit_cost,price; tail -n +2 "$series" | cut -d, -f1 | sort -u | sed 's/$/,2,3/'; } > "$work/items.csv"
  cp "$series" "$work/sales.csv"
  cat > "$work/study.toml" <<TOML
schema = 1
name = "$1"
seed = 1
[sales]
file = "sales.csv"
gaps = "zero"
[calendar]
period = "$2"
[items]
file = "items.csv"
[items.defaults]
lead_time_periods = $3
order_cost = 5
holding_rate_per_year = 0.25
[strategies]
$strategies
[report]
replay_periods = $4
TOML
  run "$1" "$work/study.toml"
}
if [ -n "${PARSTOCK_DATA:-}" ] && [ -d "$PARSTOCK_DATA/online_retail" ]; then
  { grep -v '^compare = \|^\[report\]\|^confidence_level' examples/online_retail/small.toml \
      | sed "s/^\[strategies\].*/[strategies]\n$strategies/"
    printf '\n[report]\nreplay_periods = 74\n'; } > "$work/small.toml"
  run online_retail "$work/small.toml"
else
  echo "skipped: online retail: PARSTOCK_DATA names no folder with online_retail/"
fi
set_of store_item day 7 90
set_of raf month 2 24
set_of vn2 week 3 26
