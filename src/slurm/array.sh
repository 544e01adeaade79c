# The number of the array alone would mean all of its elements.
job=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID

# One process with many threads. Elements share the run folder; one takes over what another
# leaves, and whoever finishes last writes the results.
launch() {
  exec "$program" run "$study" --run "$run" --part "$SLURM_ARRAY_TASK_ID/$elements" \
    --max-time auto </dev/null
}

ask_to_stop() { kill -USR1 "$child" 2>/dev/null; }
# The other elements may be at work still.
part_is_done() { [[ $code = 0 ]]; }
