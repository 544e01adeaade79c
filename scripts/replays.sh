#!/usr/bin/env bash
# What strategies promised and what they would have cost, on real sales that nobody had seen: the gift
# shop, and the sets that benches/peers/forecast.py leaves. Costs are assumptions: a unit costs 2 and sells
# for 3, holding takes 25 % a year, an order costs 5.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --quiet
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
strategies='compare = ["days-of-cover", "percent-of-demand", "z-sigma", "king", "forecast-error",
  "empirical-quantile", "bootstrap-quantile", "kernel-quantile", "conformal-quantile", "gamma-quantile",
  "negative-binomial-quantile", "class-based", "fill-rate", "newsvendor", "tail-averse", "searched"]'
replay() { # set period lead_time held_out closed
  local series=target/peers/forecast/$1.csv
  if [ ! -e "$series" ]; then
    echo "skipped: there is no $series; run benches/peers/forecast.py --sets $1 first"
    return
  fi
  { echo item,unit_cost,price; tail -n +2 "$series" | cut -d, -f1 | sort -u | sed 's/$/,2,3/'; } > "$folder/items.csv"
  cp "$series" "$folder/sales.csv"
  cat > "$folder/study.toml" <<TOML
schema = 1
name = "$1"
seed = 1
[sales]
file = "sales.csv"
gaps = "zero"
[calendar]
period = "$2"
$5
[items]
file = "items.csv"
[items.defaults]
lead_time_periods = $3
order_cost = 5
holding_rate_per_year = 0.25
[strategies]
$strategies
TOML
  target/release/parstock replay "$folder/study.toml" --periods "$4" 2>/dev/null
  echo
}
if [ -n "${PARSTOCK_DATA:-}" ] && [ -d "$PARSTOCK_DATA/online_retail" ]; then
  sed "s/^compare = .*/$(echo "$strategies" | tr '\n' ' ' | sed 's/[&/]/\\&/g')/" examples/online_retail/small.toml > "$folder/small.toml"
  target/release/parstock replay "$folder/small.toml" 2>/dev/null
  echo
else
  echo "skipped: online retail: PARSTOCK_DATA names no folder with online_retail/"
fi
replay store_item day 7 90 ''
replay raf month 2 24 ''
replay vn2 week 3 26 ''
