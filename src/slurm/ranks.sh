job=$SLURM_JOB_ID

# A wrong --mpi starts ranks that do not know each other; better to stop before they do.
listed=$(srun --mpi=list 2>&1)
if [[ -n $listed && $listed != *"$mpi"* ]]; then
  printf 'error: this Slurm has no --mpi=%s; give `parstock slurm` another --mpi. It has: %s\n' "$mpi" "$listed" >&2
  exit 2
fi

# srun asks for --cpus-per-task again: since Slurm 22.05 it does not take it from the job. If one
# rank dies, the others would wait for it for ever without --kill-on-bad-exit.
launch() {
  exec srun --mpi="$mpi" --kill-on-bad-exit=1 --cpus-per-task="$SLURM_CPUS_PER_TASK" \
    "$program" run "$study" --run "$run" --max-time auto </dev/null
}

# Without --batch this reaches the steps and not this script.
ask_to_stop() { scancel --quiet --signal=USR1 "$job"; }
part_is_done() { false; }
