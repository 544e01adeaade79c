#!/usr/bin/env bash
# The same study gives the same bytes under srun as alone: run.sh PROGRAM STUDY
#
# Needs SLURM_CONF, see start-slurm.sh. Ends with status 77 where there is no Slurm.
set -euo pipefail
[ $# = 2 ] || { echo "usage: $0 PROGRAM STUDY" >&2; exit 2; }
program=$(realpath "$1")
study=$(realpath "$2")

skip() { echo "skipped: slurm: $*"; exit 77; }
command -v srun >/dev/null || skip 'srun is not installed'
[ -n "${SLURM_CONF:-}" ] || skip 'SLURM_CONF is not set'
sinfo >/dev/null 2>&1 || skip "no controller answers at $SLURM_CONF"
[[ $(srun --mpi=list 2>&1) == *pmix* ]] || skip 'this Slurm has no PMIx plugin'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$program" run "$study" --run "$folder/alone" --threads 1 >"$folder/alone.out"
timeout 600 srun --mpi=pmix -n 2 --cpus-per-task=1 --kill-on-bad-exit=1 --time=10 \
  "$program" run "$study" --run "$folder/srun" >"$folder/srun.out" </dev/null

if ! cmp "$folder/alone/digest.txt" "$folder/srun/digest.txt"; then
  echo 'two ranks under srun differ from one process'
  exit 1
fi
echo "same under srun: $(head -c 16 "$folder/srun/digest.txt")"
