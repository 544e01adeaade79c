#!/usr/bin/env bash
# Time and memory of whole studies: the quickstart, and the real shops where their tables are.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --quiet
program=target/release/parstock
runs=$(mktemp -d)
trap 'rm -rf "$runs"' EXIT

# Peak memory by the kernel's account of the child, so that no tool need be installed.
measure() { # name study
  python3 - "$program" "$1" "$2" "$runs" <<'PY'
import json, os, resource, subprocess, sys, time
program, name, study, runs = sys.argv[1:]
for threads in (1, os.cpu_count()):
    run = f"{runs}/{name}-{threads}"
    start = time.monotonic()
    subprocess.run([program, "run", study, "--run", run, "--threads", str(threads)],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds = time.monotonic() - start
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps({"work": f"study {name}", "who": f"parstock, {threads} threads",
                      "seconds": round(seconds, 2), "peak_mib": usage.ru_maxrss // 1024}))
PY
}

if [ ! -e examples/quickstart/study.toml ]; then "$program" init retail examples/quickstart; fi
measure quickstart examples/quickstart/study.toml
if [ -n "${PARSTOCK_DATA:-}" ] && [ -d "$PARSTOCK_DATA/online_retail" ]; then
  measure online-retail-small examples/online_retail/small.toml
  measure online-retail-full examples/online_retail/full.toml
else
  echo "skipped: online retail: PARSTOCK_DATA names no folder with online_retail/"
fi
