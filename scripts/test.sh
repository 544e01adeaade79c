#!/usr/bin/env bash
# All tests. Called by `make test`, which prepares the environment.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin:/sbin
mkdir -p target
log=target/test.log
skipped=()
status=0
[ -n "${PARSTOCK_DATA:-}" ] || unset PARSTOCK_DATA # empty means none

build_mpi() {
  if ! command -v mpicc >/dev/null || ! command -v mpirun >/dev/null; then
    skipped+=('skipped: mpi: mpicc or mpirun is not installed')
    return 0
  fi
  forget_another_mpi mpicc target/mpi --release
  CARGO_TARGET_DIR=target/mpi cargo build --release --features mpi
  export PARSTOCK_MPI_PROGRAM=$PWD/target/mpi/release/parstock
}

# Beside the MPI that mpicc stands for. Debian gives MPICH's compiler a name of its own.
build_mpich() {
  if ! command -v mpicc.mpich >/dev/null || ! command -v mpirun.mpich >/dev/null; then
    skipped+=('skipped: mpich: mpicc.mpich or mpirun.mpich is not installed')
    return 0
  fi
  forget_another_mpi mpicc.mpich target/mpich
  MPICC=mpicc.mpich MPI_PKG_CONFIG=mpich CARGO_TARGET_DIR=target/mpich cargo build --features mpi
  export PARSTOCK_MPICH_PROGRAM=$PWD/target/mpich/debug/parstock
}

# mpi-sys does not notice another MPI, so forget it when its compiler changes.
forget_another_mpi() { # compiler folder options of cargo...
  local compiler=$1 folder=$2 mpi
  shift 2
  mpi=$(command -v "$compiler"; "$compiler" -show 2>/dev/null || true)
  mkdir -p "$folder"
  if [ "$mpi" != "$(cat "$folder/mpicc" 2>/dev/null)" ]; then
    cargo clean --quiet "$@" -p mpi-sys --target-dir "$folder" 2>/dev/null || true
    echo "$mpi" >"$folder/mpicc"
  fi
}

start_slurm() {
  if ! command -v slurmctld >/dev/null || ! command -v munged >/dev/null; then
    skipped+=('skipped: slurm: slurmctld or munged is not installed')
    return 0
  fi
  # A folder of its own, so that two checkouts can test at the same time; short, because it
  # holds a Unix socket.
  PARSTOCK_SLURM_DIR=$(mktemp -d /tmp/parstock-slurm.XXXXXX)
  export PARSTOCK_SLURM_DIR
  if tests/slurm/start-slurm.sh start; then
    eval "$(tests/slurm/start-slurm.sh env)"
    export PARSTOCK_SLURM=1
  else
    skipped+=('skipped: slurm: the test cluster did not start')
  fi
}

finish() {
  if [ -n "${PARSTOCK_SLURM_DIR:-}" ]; then
    tests/slurm/start-slurm.sh stop || true
    rm -rf "$PARSTOCK_SLURM_DIR"
  fi
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

build_mpi
build_mpich
start_slurm
cargo test --workspace -- --show-output 2>&1 | tee "$log" || status=$?

mapfile -t -O "${#skipped[@]}" skipped < <(grep '^skipped: ' "$log" | sort -u || true)
if [ ${#skipped[@]} = 0 ]; then
  echo 'skipped: nothing'
else
  printf '%s\n' "${skipped[@]}"
fi
exit "$status"
