#!/usr/bin/env bash
# Our speed beside that of programs from PyPI, on the same work. Called by `make peers`.
#
#   scripts/peers.sh [--quick] [--rounds N]
set -euo pipefail
cd "$(dirname "$0")/.."
export PYTHONDONTWRITEBYTECODE=1

wanted=benches/peers/requirements.txt
venv=target/peers-venv
python=$venv/bin/python

install() { "$python" -m pip install --quiet --disable-pip-version-check "$@" >&2; }

# A peer that cannot be had must not cost the others.
install_each() {
  local package
  grep -v '^#' "$wanted" | while read -r package; do
    install "$package" </dev/null || echo "skipped: $package: pip cannot install it"
  done
}

if ! cmp -s "$wanted" "$venv/installed.txt"; then
  python3 -m venv --clear "$venv"
  if install -r "$wanted"; then
    cp "$wanted" "$venv/installed.txt"
  else
    install_each
  fi
fi

cargo build --release --quiet -p benches --bin jobs --bin forecast
quick=()
case " $* " in *" --quick "*) quick=(--quick) ;; esac
"$python" benches/peers/simulate.py "$@"
"$python" benches/peers/programs.py "${quick[@]}"

# Forecasts need real data; the first time the peers take half an hour, and what they foresee is kept.
data=${PARSTOCK_DATA:-}
if [ -n "$data" ] && [ -d "$data/m5" ]; then
  PARSTOCK_DATA=$data "$python" benches/peers/forecast.py "${quick[@]}"
else
  echo "skipped: forecasts: PARSTOCK_DATA names no folder with m5/"
fi
