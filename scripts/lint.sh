#!/usr/bin/env bash
# Everything that can be said about the source without running it. Called by `make lint`.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '== %s\n' "$*"; }

# forbid PATTERN WHY [FILE]: code outside FILE must not match; comments may.
forbid() {
  find . \( -name target -o -name runs -o -name .git \) -prune -o -name '*.rs' -print | sort |
    xargs awk -v pattern="$1" -v why="$2" -v home="./${3:-}" '
      { code = $0; sub(/\/\/.*/, "", code) }
      FILENAME != home && code ~ pattern {
        printf "%s:%d: %s\n    %s\n", substr(FILENAME, 3), FNR, why, $0
        found = 1
      }
      END { exit found }
    '
}

say house rules
broken=0
forbid '(^|[^:a-z_])mpi::' 'only cluster/src/mpi.rs names MPI' cluster/src/mpi.rs || broken=1
forbid 'highs_sys' 'only solvers/src/program/highs.rs names HiGHS' solvers/src/program/highs.rs || broken=1
forbid 'rayon' 'only cluster/src/team.rs names rayon' cluster/src/team.rs || broken=1
forbid 'mul_add *[(]' 'mul_add fuses on some machines and not on others' || broken=1
forbid '(todo|unimplemented)!' 'unfinished' || broken=1
[ $broken = 0 ]

say cargo fmt
cargo fmt --all --check

say cargo clippy
cargo clippy --quiet --workspace --all-targets -- -D warnings
if command -v mpicc >/dev/null; then
  say cargo clippy --features mpi
  cargo clippy --quiet --workspace --all-targets --features mpi -- -D warnings
else
  echo 'skipped: clippy --features mpi: mpicc is not installed'
fi

say cargo doc
RUSTDOCFLAGS='-D warnings' cargo doc --quiet --workspace --no-deps

if ! command -v cargo-deny >/dev/null; then
  echo 'skipped: cargo deny: not installed (cargo install cargo-deny --locked)'
  exit 0
fi
say cargo deny
cargo deny --log-level error check bans licenses sources
# The database is fetched from the network; a copy from an earlier time will do.
databases=${CARGO_HOME:-$HOME/.cargo}/advisory-dbs
if timeout 60 cargo deny --log-level off fetch db >/dev/null 2>&1 ||
  compgen -G "$databases/*/" >/dev/null; then
  cargo deny --log-level error check --disable-fetch advisories
else
  echo 'skipped: cargo deny check advisories: the advisory database cannot be reached'
fi
