#!/usr/bin/env bash
# The same study gives the same bytes on any number of ranks and threads:
#
#   scripts/invariance.sh PROGRAM STUDY
#
# PROGRAM is built with `--features mpi`; without mpirun only threads are compared.
set -euo pipefail
[ $# = 2 ] || { echo "usage: $0 PROGRAM STUDY" >&2; exit 2; }
program=$(realpath "$1")
study=$(realpath "$2")

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

# compare RANKS THREADS LAUNCHER...
compare() {
  local ranks=$1 threads=$2 begin=${EPOCHREALTIME/[.,]/} name status=0
  shift 2
  name=$ranks-ranks-$threads-threads
  [ $# -gt 0 ] || name=alone-$threads-threads
  "$@" "$program" run "$study" --run "$folder/$name" --threads "$threads" \
    >"$folder/$name.log" 2>&1 </dev/null || status=$?
  if [ $status != 0 ]; then
    cat "$folder/$name.log"
    echo "$name: failed with status $status"
    exit 1
  fi
  local digest=$folder/$name/digest.txt microseconds=$((${EPOCHREALTIME/[.,]/} - begin))
  first=${first:-$digest}
  printf '%-6s %d ranks %d threads %7.2f s  %s\n' "${1:-alone}" "$ranks" "$threads" \
    "$((microseconds / 10000))e-2" "$(head -c 16 "$digest")"
  if ! cmp "$first" "$digest"; then
    echo "$name differs from alone-1-threads"
    exit 1
  fi
}

first=
for threads in 1 2; do compare 1 $threads; done

if ! command -v mpirun >/dev/null; then
  echo 'skipped: mpi: mpirun is not installed'
  exit 0
fi
options=()
# Open MPI gives every rank one core unless told otherwise, and refuses more ranks than cores.
if mpirun --version | grep -q 'Open MPI'; then options=(--oversubscribe --bind-to none); fi
for ranks in 1 2 3 4; do compare $ranks 1 mpirun "${options[@]}" -n $ranks; done
