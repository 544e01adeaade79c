#!/bin/sh
# The gift shop of examples/online_retail with suppliers, room and cash: classical strategies beside
# the program of each review. The shop's data know no suppliers and no volumes: items are divided
# among eight suppliers by the digits of their number, and a unit takes a third of a litre a unit of
# price, plus one.
#
#   PARSTOCK_DATA=… scripts/program_study.sh [SCENARIOS [ARGUMENTS OF parstock run …]]
set -eu
cd "$(dirname "$0")/.."
: "${PARSTOCK_DATA:?name the folder that has online_retail/}"
scenarios="${1:-256}"
[ $# -eq 0 ] || shift
folder=target/program_study
mkdir -p "$folder"
awk -F, 'NR == 1 { print "item,price,supplier,volume"; next }
    { number = $1; gsub(/[^0-9]/, "", number)
      printf "%s,%s,supplier %d,%.2f\n", $1, $6, number * 7 % 8 + 1, 1 + $6 / 3 }' \
    "$PARSTOCK_DATA/online_retail/sku_master.csv" > "$folder/items.csv"
cat > "$folder/study.toml" <<STUDY
schema = 1
name = "gift-shop-together"
seed = 20101201

[sales]
file = "\${PARSTOCK_DATA}/online_retail/quickstart_200sku_daily.csv.gz"
columns = { item = "sku" }
gaps = "zero"

[calendar]
period = "day"
closed = "auto"

[items]
file = "items.csv"
unmatched = "warn"

[items.defaults]
lead_time_periods = 10
order_cost = 2.0
holding_rate_per_year = 0.25
unit_cost_share_of_price = 0.6

[events]
review = "before-demand"
unmet = "lost"

[suppliers.defaults]
order_cost = 15.0
minimum_order = 250.0
below_minimum = "top-up"

[simulation]
periods = 364
warm_up_periods = 56
scenarios = 512
search_scenarios = 128

[strategies]
compare = ["days-of-cover", "z-sigma", "newsvendor", "searched"]
policy = "min-max"

[constraints]
stock_budget_share = 0.9
cash_per_review = 7000.0
warehouse_space = 200000.0

[program]
scenarios = $scenarios
STUDY
rm -rf "$folder/run"
cargo build --release --quiet
exec target/release/parstock run "$folder/study.toml" --run "$folder/run" "$@"
