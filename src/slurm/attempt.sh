# Whole rows whose results are safe on disk.
safe_rows() {
  local rows
  rows=$("$program" status "$run" --safe-rows)
  [[ $rows =~ ^[0-9]+$ ]] || rows=0
  printf '%s' "$rows"
}

restart=${SLURM_RESTART_COUNT:-0}
say() {
  printf '%s job=%s restart=%s rows_safe=%s: %s\n' "$(date +%FT%T%z)" "$job" "$restart" "$rows" "$*"
}

# Signals. bash runs a trap only between commands, so the program runs in the background. USR1
# comes before the time limit, to this script alone. TERM comes at the limit, at preemption and
# when the job is cancelled, and Slurm sends it to the program as well. Where preemption has a
# grace, steps get it at its begin, this script and what it started without srun at its end.
got=none signals=0 child=
trap 'got=USR1; ((signals += 1)); [[ -z $child ]] || ask_to_stop' USR1
trap 'got=TERM; ((signals += 1))' TERM

# When the job has to end, for --max-time auto. Older Slurms, 22.05 among them, do not say.
if [[ -z ${SLURM_JOB_END_TIME:-} ]]; then
  end=$(SLURM_TIME_FORMAT=%s squeue --noheader --job "$job" --format=%e)
  [[ ! $end =~ ^[0-9]+$ ]] || export SLURM_JOB_END_TIME=$end
fi

# How many attempts in a row began with no more rows safe than the one before. The folder of the
# run is made by the program, so an attempt that never got so far is known by Slurm's count only.
memory=$run/.slurm-attempts-$SLURM_JOB_ID
rows=$(safe_rows)
before=$rows rows_then=0 attempts=$restart
if [[ -r $memory ]]; then
  read -r rows_then attempts <"$memory"
  [[ "$rows_then $attempts" =~ ^[0-9]+\ [0-9]+$ ]] || rows_then=0 attempts=0
fi
((before > rows_then)) && attempts=0
((attempts += 1))
remember() { [[ ! -d $run ]] || printf '%s %s\n' "$before" "$attempts" >"$memory"; }
remember

# Slurm requeues by itself after preemption and when a node is lost. A run that takes its node
# down each time is stopped here, because then nothing after this line is reached.
if ((attempts > 5)); then
  say 'given up: five attempts in a row ended without a row gained'
  exit 1
fi

say "starts; attempts before it without a row gained: $((attempts - 1))"
launch &
child=$!
# `wait` also returns when a signal came. Then the code is not the program's: wait again.
while :; do
  seen=$signals
  wait "$child"
  code=$?
  [[ $seen != "$signals" ]] || break
done
trap '' USR1 TERM
remember
rows=$(safe_rows)

# What is the user's to mend fails again in the same way: 2 command line or study, 3 tables,
# 4 disk, 5 limits, 70 a bug. This comes first: a folder may be complete, and be another study's.
case $code in
  2 | 3 | 4 | 5 | 70)
    say "ended with code $code, see above; not requeued"
    exit "$code"
    ;;
esac
# Without a folder nothing has begun, and there is nothing to tell about it.
state=75
if [[ -d $run ]]; then
  "$program" status "$run" --exit-code >/dev/null
  state=$?
fi
if [[ $state = 0 ]]; then
  rm -f "$memory"
  say 'complete'
  exit 0
fi
if part_is_done; then
  rm -f "$memory"
  say 'this part is done'
  exit 0
fi
failed=$((code == 0 ? 75 : code))
if [[ $state != 75 ]]; then
  say "ended with code $code, and the run cannot be continued; not requeued"
  exit "$failed"
fi
# Slurm would requeue even a job that its owner has just cancelled. Any job that ends is shown as
# COMPLETING, but only the time limit leaves a reason. One that Slurm requeues has a restart more already.
if [[ $got = TERM ]]; then
  shown=$(scontrol show job "$job")
  if [[ $shown =~ JobState=(CANCELLED|COMPLETING) && $shown != *Reason=TimeLimit* ]]; then
    if [[ $shown =~ Restarts=([0-9]+) ]] && ((BASH_REMATCH[1] > restart)); then
      say "stopped and requeued by Slurm, rows gained $((rows - before))"
    else
      say "cancelled, rows gained $((rows - before)); submit this script again to continue"
    fi
    exit "$failed"
  fi
fi
if ((rows <= before && attempts >= 2)); then
  say "ended with code $code, signal $got, without a row gained, twice in a row; not requeued"
  exit "$failed"
fi
say "ended with code $code, signal $got, rows gained $((rows - before)); requeued"
if ! scontrol requeue "$job"; then
  say 'Slurm does not requeue this job; submit this script again to continue'
  exit "$failed"
fi
# Slurm ends this attempt itself. To exit first would make it a failed job.
trap - USR1 TERM
sleep 300
exit "$failed"
