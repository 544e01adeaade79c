#!/usr/bin/env bash
# Time of one study on many ranks, beside what the model of docs/scaling.md says; a line of JSON each.
#
#   scripts/scaling.sh PROGRAM STUDY [ROUNDS] [RANKS...]
#
# PROGRAM is built with `--features mpi`. Ranks have one thread; rounds are taken in turn, medians told.
set -euo pipefail
[ $# -ge 2 ] || { echo "usage: $0 PROGRAM STUDY [ROUNDS] [RANKS...]" >&2; exit 2; }
program=$(realpath "$1") study=$(realpath "$2") rounds=${3:-3}
shift $(($# > 2 ? 3 : 2))
ranks=("$@")
[ $# -gt 0 ] || ranks=(1 2 4 8 16 32 64)
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
options=()
if mpirun --version | grep -q 'Open MPI'; then options=(--oversubscribe --bind-to none); fi

for ((round = 0; round < rounds; round++)); do
  for count in "${ranks[@]}"; do
    begin=${EPOCHREALTIME/[.,]/}
    mpirun "${options[@]}" -n "$count" "$program" run "$study" --run "$folder/run" --threads 1 \
      >/dev/null 2>"$folder/log" </dev/null || { cat "$folder/log" >&2; exit 1; }
    echo "$count $((${EPOCHREALTIME/[.,]/} - begin)) $(head -c 16 "$folder/run/digest.txt")" >>"$folder/times"
    rm -rf "$folder/run"
  done
done
[ "$(cut -d' ' -f3 "$folder/times" | sort -u | wc -l)" = 1 ] || { echo 'digests differ' >&2; exit 1; }
for count in "${ranks[@]}"; do
  awk -v count="$count" '$1 == count { print $2 }' "$folder/times" | sort -n |
    awk -v count="$count" '{ of[NR] = $1 / 1e6 }
      END { printf "{\"ranks\": %d, \"seconds\": %.2f, \"least\": %.2f, \"most\": %.2f}\n",
                   count, of[int((NR + 1) / 2)], of[1], of[NR] }'
done
