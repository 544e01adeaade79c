#!/usr/bin/env bash
# Faults that only a scheduler can make, with jobs of `parstock slurm` on the cluster of
# start-slurm.sh: faults.sh [--show] PROGRAM CASE...
#
# Cases run side by side, each on nodes of its own. Each ends with the digest of a run that nothing
# disturbed, or this ends with status 1 and tells what happened; with 77 where there is no Slurm.
# --show prints the logs and the states of all jobs. PARSTOCK_MPICH_PROGRAM is for the cases of MPICH.
set -euo pipefail
here=$(realpath "$(dirname "$0")")

cases=(preemption preempted-array time-limit max-time node-loss killed-rank missing-element wrong-mpi mpich)
show=no
if [ "${1:-}" = --show ]; then show=yes; shift; fi
[ $# -ge 2 ] || { echo "usage: $0 [--show] PROGRAM CASE...; cases: ${cases[*]}" >&2; exit 2; }
program=$(realpath "$1")
shift

skip() { echo "skipped: slurm: $*"; exit 77; }
command -v sbatch >/dev/null || skip 'sbatch is not installed'
[ -n "${SLURM_CONF:-}" ] || skip 'SLURM_CONF is not set'
[ "$(sinfo -h -N -p scavenge -o %N 2>/dev/null | tr '\n' ' ')" = 'n3 n4 n5 n6 n7 ' ] ||
  skip "no cluster of start-slurm.sh answers at $SLURM_CONF"
[[ $(srun --mpi=list 2>&1) == *pmix* ]] || skip 'this Slurm has no PMIx plugin'

folder=$(mktemp -d)
finish() {
  local job
  for job in $(cat "$folder"/*/jobs 2>/dev/null); do scancel --quiet "$job" 2>/dev/null || true; done
  # What a case left running ends with its job.
  wait
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# ---- the study ------------------------------------------------------------------------------

write_study() {
  cat >"$folder/study.toml" <<'STUDY'
schema = 1
name = "faults"
seed = 11
[sales]
file = "sales.csv"
gaps = "zero"
[items]
file = "items.csv"
[items.defaults]
lead_time_periods = 4
order_cost = 3.0
holding_rate_per_year = 0.3
unit_cost_share_of_price = 0.6
[simulation]
periods = 60
warm_up_periods = 20
scenarios = 100
search_scenarios = 64
[strategies]
compare = ["newsvendor", "searched"]
[constraints]
stock_budget_share = 0.8
STUDY
  awk -v sales="$folder/sales.csv" -v items="$folder/items.csv" 'BEGIN {
    print "date,item,units" >sales
    print "item,price" >items
    for (item = 0; item < 40; item++) {
      for (day = 0; day < 84; day++)
        printf "2024-%02d-%02d,item-%02d,%d\n", 1 + int(day / 28), 1 + day % 28, item,
          (day * (item + 3) * 7919 + item * 104729) % 17 * (item % 5 + 1) / 4 >sales
      printf "item-%02d,%d\n", item, 2 + item % 7 >items
    }
  }'
}

# ---- jobs -----------------------------------------------------------------------------------

# Each case works in $case, its folder. `job` is the number of its job.
fail() { echo "failed: $*" >&2; exit 1; }

# write_job PROGRAM NODES MILLISECONDS OPTIONS...: a job for these nodes. The items of its first
# attempt take so long, so that there is time to disturb it.
write_job() {
  local program=$1 nodes=$2 slow=$3
  shift 3
  cat >"$case/site.toml" <<SITE
[site]
extra_sbatch = ["--nodelist=$nodes"]
partition = "work"
setup = ['((\${SLURM_RESTART_COUNT:-0})) || export PARSTOCK_REHEARSE=slow@items:$slow'$more_setup]
SITE
  "$program" slurm "$folder/study.toml" --run "$case/run" --profile "$case/site.toml" \
    "$@" >"$case/job.sh"
}

# Sends the job and writes down its states as they change.
submit() { # options of sbatch...
  job=$(cd "$case" && sbatch --parsable "$@" job.sh)
  echo "$job" >>"$case/jobs"
  follow >>"$case/states" &
  follower=$!
}

states() { squeue --noheader --array --states=all --job "$job" --sort=i --format='%i %T %r' | sort; }

follow() {
  local now without_reasons before='' woken=no end=$((SECONDS + 150))
  while ((SECONDS < end)); do
    now=$(states 2>/dev/null) || now=
    without_reasons=$(sed 's/ [^ ]*$//' <<<"$now")
    if [[ -n $now && $without_reasons != "$before" ]]; then
      sed "s/^/$(date +%T) /" <<<"$now"
      before=$without_reasons
    fi
    # A requeued job waits two minutes, until nothing of its last attempt is valid any more. A few
    # seconds are enough for that here, but with none its start is refused: `credential revoked`.
    case $now in
      *' PENDING BeginTime'*)
        [ $woken = yes ] || scontrol update JobId="$job" StartTime=now+4 2>/dev/null || true
        woken=yes
        ;;
      *' RUNNING '*) woken=no ;;
    esac
    [[ -z $now || $now =~ PENDING|RUNNING|COMPLETING|REQUEUED ]] || return 0
    sleep 0.2
  done
  echo 'it does not end'
  return 1
}

# until_true SECONDS WHAT COMMAND...
until_true() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < end)) || fail "not within its time: $what"
    sleep 0.1
  done
}
has_rows() { [ "$("$program" status "$case/run" --safe-rows)" -ge "$1" ]; }

# The job ended by itself, after so many restarts or more, with the bytes of the undisturbed run.
ends_well() { # restarts
  wait "$follower" || fail "job $job does not end"
  local shown
  shown=$(scontrol show job "$job")
  [[ $shown == *JobState=COMPLETED* ]] || fail "job $job is not COMPLETED"
  [[ $shown =~ Restarts=([0-9]+) ]] && ((BASH_REMATCH[1] >= $1)) ||
    fail "job $job was not requeued"
  is_complete
}
is_complete() {
  "$program" status "$case/run" --exit-code >/dev/null || fail 'the run is not complete'
  cmp "$folder/alone/digest.txt" "$case/run/digest.txt" || fail 'another digest'
}
log_has() { # text
  grep -qF -- "$1" "$case"/parstock-*.out || fail "the log does not have: $1"
}

# ---- cases ----------------------------------------------------------------------------------

# An urgent job takes the node of a run in a partition that may be preempted.
case_preemption() {
  write_job "$program" n3 300 --partition scavenge --ranks-per-node 2 --cpus-per-rank 1
  submit
  until_true 40 'rows are safe' has_rows 4
  preempt n3
  ends_well 1
  log_has 'stopped by signal TERM'
}
preempt() { # node
  (cd "$case" && sbatch --parsable --partition urgent --nodelist "$1" --exclusive --output /dev/null \
    --wrap 'sleep 3') >>"$case/jobs"
}

# The same for processes that no srun has started: they are told only when the grace is over.
case_preempted-array() {
  write_job "$program" n7 2500 --partition scavenge --array 2 --cpus-per-rank 1
  submit
  until_true 40 'rows are safe' has_rows 4
  preempt n7
  wait "$follower" || fail "job $job does not end"
  [ "$(states | grep -c ' COMPLETED ')" = 2 ] || fail 'two elements are not COMPLETED'
  is_complete
  log_has 'stopped and requeued by Slurm'
}

# A real limit of a minute: 18 to 48 s after the start Slurm sends its signal, and after 40 s the
# program would stop by its own clock, since it keeps 20 s for writing results.
case_time-limit() {
  write_job "$program" n6 1800 --time 1m --cpus-per-rank 1
  submit
  ends_well 1
  log_has 'ended with code 75'
}

# Nobody sends a signal: the program knows when its job has to end.
case_max-time() {
  more_setup=", '((\${SLURM_RESTART_COUNT:-0})) || export SLURM_JOB_END_TIME=\$((\$(date +%s) + 30))'"
  write_job "$program" n6 900 --cpus-per-rank 1
  submit
  ends_well 1
  log_has 'ended with code 75, signal none'
}

# The node of the script and of half of the ranks is gone, and comes back.
case_node-loss() {
  write_job "$program" n4,n5 500 --nodes 2 --cpus-per-rank 1
  submit
  until_true 40 'rows are safe' has_rows 4
  "$here/node-kill.sh" n4
  until_true 90 'Slurm sees the loss' is_down n4
  "$here/start-slurm.sh" start
  ends_well 1
}
# Down, or drained if it was lost while it ended something; a controller that is busy is asked again.
is_down() { [[ $(sinfo -h -N -n "$1" -o %T) =~ down|drain ]]; }

# One rank of a step is gone; the script lets its job be requeued.
case_killed-rank() {
  write_job "$program" n6 400 --ranks-per-node 3 --cpus-per-rank 1
  submit
  until_true 40 'rows are safe' has_rows 4
  kill -KILL "$(rank 1)"
  ends_well 1
  log_has 'ended with code 137'
}
# The process of a rank.
rank() { # number
  local process
  for process in $(pgrep -f -- "^$program run .*--run $case/run"); do
    if grep -qzx "SLURM_PROCID=$1" "/proc/$process/environ"; then
      echo "$process"
      return 0
    fi
  done
  fail "rank $1 is not there"
}

# One of three elements never starts: the others do its part.
case_missing-element() {
  write_job "$program" n6 300 --array 3 --cpus-per-rank 1
  submit --hold
  scancel "${job}_2"
  scontrol release "$job"
  wait "$follower" || fail "job $job does not end"
  [ "$(states | grep -c ' COMPLETED ')" = 2 ] || fail 'two elements are not COMPLETED'
  is_complete
}

# Ranks that do not find each other do not compute anything alone. Open MPI ends by itself, with 1.
case_wrong-mpi() {
  refused_by_ranks "$program" pmi2 1
  grep -q 'if it ends here, start it with the launcher' "$case"/parstock-*.out \
    || fail 'nothing is said of the wrong launcher'
  ! "$program" slurm "$folder/study.toml" --run "$case/run" --ranks-per-node 2 --mpi none \
    2>"$case/none" || fail '--mpi none is taken for two ranks'
  grep -q -- '--mpi none starts 2 ranks that do not know of each other' "$case/none"
  if [ -n "${PARSTOCK_MPICH_PROGRAM:-}" ]; then
    refused_by_ranks "$PARSTOCK_MPICH_PROGRAM" pmix 2
  fi
}
refused_by_ranks() { # program kind code
  local code
  write_job "$1" n6 0 --ranks-per-node 2 --cpus-per-rank 1 --mpi "$2"
  submit
  wait "$follower" || fail "job $job does not end"
  code=$(scontrol show job "$job" | sed -n 's/.*ExitCode=\([0-9]*\):.*/\1/p')
  [ "$code" = "$3" ] || fail "$1 under $2 ends with code $code"
  [ ! -e "$case/run/digest.txt" ] || fail "$1 under $2 has made results"
}

# MPICH has the same bytes under its own launcher.
case_mpich() {
  [ -n "${PARSTOCK_MPICH_PROGRAM:-}" ] || { echo 'skipped: slurm: PARSTOCK_MPICH_PROGRAM is not set'; return 0; }
  [[ $(srun --mpi=list 2>&1) == *pmi2* ]] || { echo 'skipped: slurm: it has no pmi2'; return 0; }
  program=$PARSTOCK_MPICH_PROGRAM
  write_job "$program" n6 100 --ranks-per-node 2 --cpus-per-rank 1
  submit
  ends_well 0
}

# ---- all of them ----------------------------------------------------------------------------

tell() { # case
  echo "---- $1: its job"
  # Without the report of the run.
  cat "$folder/$1"/parstock-*.out 2>/dev/null | sed '/^Before you trust/,/^… and /d' || true
  echo "---- $1: the states of its job"
  cat "$folder/$1/states" 2>/dev/null || true
}
tell_more() { # case
  local job
  echo "---- $1: Slurm's word on its jobs"
  sinfo -h -N -o '%n %T' || true
  for job in $(cat "$folder/$1/jobs" 2>/dev/null); do scontrol show job "$job" || true; done
  echo '---- the end of the controller'"'"'s log'
  tail -n 40 "$(scontrol show config | sed -n 's/^SlurmctldLogFile *= //p')" || true
}

run_case() { # name
  case=$folder/$1
  more_setup=
  mkdir "$case"
  "case_$1"
  echo "$SECONDS" >"$case/seconds"
}

for name in "$@"; do
  declare -F "case_$name" >/dev/null || { echo "no case \`$name\`; cases: ${cases[*]}" >&2; exit 2; }
done
write_study
"$program" run "$folder/study.toml" --run "$folder/alone" --threads 1 >"$folder/alone.out" 2>&1 || {
  cat "$folder/alone.out"
  exit 1
}

SECONDS=0
declare -A process
for name in "$@"; do
  (trap - EXIT; run_case "$name") >"$folder/$name.out" 2>&1 &
  process[$name]=$!
done
status=0
for name in "$@"; do
  if wait "${process[$name]}"; then
    echo "$name: well, after $(<"$folder/$name/seconds") s"
    grep '^skipped: ' "$folder/$name.out" || true
    [ $show = no ] || tell "$name"
  else
    status=1
    echo "$name: FAILED"
    cat "$folder/$name.out"
    tell "$name"
    tell_more "$name"
  fi
done
exit $status
