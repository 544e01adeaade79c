#!/usr/bin/env bash
# Time from the start of a run until its first item is begun.
#
#   scripts/first_item.sh ROUNDS STUDY COMMAND…
#
# COMMAND is the program, with its launcher if it has one, up to `run`; for example
# `mpirun --bind-to none -n 2 target/mpi/release/parstock`. Seconds of each round; the runs are killed.
set -euo pipefail
rounds=$1 study=$2
shift 2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for round in $(seq "$rounds"); do
  run=$folder/$round
  start=$(date +%s%N)
  "$@" run "$study" --run "$run" --threads "${THREADS:-1}" >"$folder/out" 2>&1 &
  process=$!
  # A thread writes which row it begins; before, there are only zeros.
  until cat "$run"/journal/*.work 2>/dev/null | tr -d '\0' | grep -qa .; do
    kill -0 $process 2>/dev/null || { cat "$folder/out" >&2; exit 1; }
    sleep 0.02
  done
  end=$(date +%s%N)
  { pkill -KILL -f -- "--run $run" || true; wait $process || true; } 2>/dev/null
  echo "$(((end - start) / 1000000)) ms"
done
