#!/usr/bin/env bash
# Fails unless every copy of the lane loop is vectorized in the program we ship: one copy for each
# width of the lanes, sequence of events and instruction set.
#
# Looks at the linked program: with thin LTO, vectorization happens after linking.
set -euo pipefail
cd "$(dirname "$0")/.."
program=${1:-target/release/parstock}
[ $# -gt 0 ] || cargo build -q --release
objdump -d --no-show-raw-insn "$program" | awk '
  # "__detect" asks the processor what it has.
  /^[0-9a-f]+ <.*engine.*lanes.*advance/ && !/__detect/ { name = $2; wide = packed = 0 }
  name && /v(p?add|p?sub|p?max|p?min|p?mul)(w|d|pd|sw|uw|sd|hw) .*zmm/ { wide++ }
  name && /v(p?add|p?sub|p?max|p?min|p?mul)(w|d|pd|sw|uw|sd|hw) .*[yz]mm/ { packed++ }
  name && /^$/ { judge() }
  END {
    if (name) judge()
    for (set in copies)
      print set ": " copies[set] " lane loops, at least " least[set] " packed operations in each"
    if (!length(copies)) { print "no lane loop found"; bad = 1 }
    exit bad
  }
  function judge(   set) {
    set = wide ? "AVX-512" : "AVX2"
    if (!copies[set]++ || packed < least[set]) least[set] = packed
    if (packed < 8) { print "only " packed " packed operations in " name; bad = 1 }
    name = ""
  }
'
