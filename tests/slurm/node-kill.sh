#!/usr/bin/env bash
# The sudden loss of a virtual node of start-slurm.sh, as if its power was cut: node-kill.sh n2
#
# Kills its slurmd, the slurmstepds and all tasks there, each by its number.
# `start-slurm.sh start` brings the node back.
set -euo pipefail
[ $# = 1 ] || { echo "usage: $0 NODE" >&2; exit 2; }
node=$1
dir=${PARSTOCK_SLURM_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/parstock-slurm}

# Of this cluster and no other: a slurmstepd by the log it writes, a task by its environment.
daemons=() tasks=()
for process in /proc/[0-9]*; do
  case $(readlink "$process/exe" || true) in
    */slurmd* | */slurmstepd*)
      files=$(readlink "$process"/fd/* 2>/dev/null) || true
      [[ $'\n'$files$'\n' != *$'\n'"$dir/log/slurmd-$node.log"$'\n'* ]] || daemons+=("${process#/proc/}")
      ;;
    *)
      if grep -qszxF "SLURMD_NODENAME=$node" "$process/environ" &&
        grep -qszxF "SLURM_CONF=$dir/etc/slurm.conf" "$process/environ"; then
        tasks+=("${process#/proc/}")
      fi
      ;;
  esac
done
[ ${#daemons[@]} -gt 0 ] || { echo "node-kill: nothing runs on $node" >&2; exit 1; }

# At one moment, or a daemon would report what the tasks died of. Some may end meanwhile.
kill -STOP "${daemons[@]}" 2>/dev/null || true
kill -KILL "${tasks[@]}" "${daemons[@]}" 2>/dev/null || true
# What it had on its own disks is gone too; a socket that is left would refuse the next step.
rm -rf "$dir/spool/$node" "$dir/tmp/$node"
echo "node-kill: $node lost ${#daemons[@]} daemons and ${#tasks[@]} tasks"
