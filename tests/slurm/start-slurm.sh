#!/usr/bin/env bash
# A real Slurm on this machine, for tests: munged, slurmctld and seven slurmd, each a virtual node.
#
#   start-slurm.sh start | stop | env        eval "$(start-slurm.sh env)" exports SLURM_CONF
#
# Started again, it brings back the nodes that node-kill.sh ended. Needs no root, no systemd, no
# cgroups; does not touch a Slurm that this machine may have, nor another one of these.
#   PARSTOCK_SLURM_DIR    state and sockets, a short path   (~/.cache/parstock-slurm)
#
# Nodes have eight pretended CPUs each. Two are the partition main. The others, for faults, are in
# three: work, and scavenge, whose jobs are requeued when one of urgent wants their nodes.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin

dir=${PARSTOCK_SLURM_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/parstock-slurm}
nodes=7
host=$(hostname -s)
export SLURM_CONF=$dir/etc/slurm.conf

say() { printf 'slurm: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# Process identifiers are reused: trust one only while it is still the program we started.
alive() { # name program
  local id
  id=$(cat "$dir/run/$1.pid" 2>/dev/null) || return 1
  [[ $(readlink "/proc/$id/exe") == */"$2"* ]] 2>/dev/null
}

spawn() { # name program arguments...
  local name=$1
  shift
  alive "$name" "$1" && return 0
  setsid nohup env -C "$dir" "$@" >"$dir/log/$name.out" 2>&1 </dev/null 9<&- &
  echo $! >"$dir/run/$name.pid"
}

end() { # name program
  local id
  if alive "$1" "$2"; then
    id=$(<"$dir/run/$1.pid")
    kill -TERM "$id" 2>/dev/null || true
    for _ in {1..100}; do
      alive "$1" "$2" || break
      sleep 0.1
    done
    alive "$1" "$2" && kill -KILL "$id" 2>/dev/null
  fi
  rm -f "$dir/run/$1.pid"
}

wait_for() { # what command...
  local what=$1
  shift
  for _ in {1..300}; do
    "$@" >/dev/null 2>&1 && return 0
    sleep 0.1
  done
  tail -qn 2 "$dir"/log/*.log >&2 || true
  die "no $what after 30 s"
}

controller_is_up() { scontrol ping 2>/dev/null | grep -q 'is UP'; }
nodes_are_idle() { [ "$(sinfo -h -N -t idle,alloc,mix -o %N | sort -u | wc -l)" = "$nodes" ]; }

has_controller() { alive munged munged && alive slurmctld slurmctld && controller_is_up; }

healthy() {
  local k
  for ((k = 1; k <= nodes; k++)); do alive "slurmd-n$k" slurmd || return 1; done
  has_controller
}

# A block of a thousand ports, below those the kernel hands out. Whoever chooses holds a lock
# until its controller listens, so that two do not choose the same.
free_ports() { # address
  local first
  for first in {17000..31000..1000}; do
    (: <"/dev/tcp/$1/$first") 2>/dev/null || { echo "$first"; return 0; }
  done
  die 'no free ports from 17000 to 31000'
}

write_configuration() {
  local address port k
  address=$(getent ahostsv4 "$host" | awk 'NR == 1 { print $1 }')
  [ -n "$address" ] || die "the host name \`$host\` has no address, add it to /etc/hosts"
  port=$(free_ports "$address")

  # Daemons listen only on the address of the host's name, which on most machines is loopback.
  cat >"$SLURM_CONF" <<CONF
ClusterName=parstock
SlurmctldHost=$host($address)
SlurmctldPort=$port
SrunPortRange=$((port + 100))-$((port + 999))
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$dir/munge/socket
CredType=cred/munge
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool/%n
# The PMIx plugin makes a folder named by job and step here, which virtual nodes must not share.
TmpFS=$dir/tmp/%n
SlurmctldPidFile=$dir/run/slurmctld.own
SlurmdPidFile=$dir/run/slurmd-%n.own
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd-%n.log
DebugFlags=NO_CONF_HASH
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
TaskProlog=$dir/etc/task-prolog.sh
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=2,bf_interval=2,batch_sched_delay=0,sched_min_interval=0
MpiDefault=none
ReturnToService=2
JobRequeue=1
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
# Short timers, so that tests are quick.
KillWait=5
SlurmctldTimeout=30
SlurmdTimeout=10
MessageTimeout=10
UnkillableStepTimeout=15
NodeName=DEFAULT CPUs=8 Boards=1 SocketsPerBoard=1 CoresPerSocket=8 ThreadsPerCore=1 RealMemory=4096
CONF
  for ((k = 1; k <= nodes; k++)); do
    echo "NodeName=n$k NodeHostname=$host NodeAddr=$address Port=$((port + k))"
  done >>"$SLURM_CONF"
  cat >>"$SLURM_CONF" <<CONF
PartitionName=DEFAULT Nodes=n[3-$nodes] DefaultTime=10 MaxTime=INFINITE PreemptMode=OFF
PartitionName=main Nodes=n[1-2] Default=YES PriorityTier=10
PartitionName=work PriorityTier=10
PartitionName=scavenge PriorityTier=1 PreemptMode=REQUEUE GraceTime=5
PartitionName=urgent PriorityTier=100
CONF

  # Containers often have no control groups; this plugin does not look for any until it is used.
  echo 'CgroupPlugin=cgroup/v1' >"$dir/etc/cgroup.conf"

  # Open MPI names its shared memory by host, user and local rank: two virtual nodes would map
  # each other's. An mpirun in a batch script hands one setting to all nodes: no shared memory.
  cat >"$dir/etc/task-prolog.sh" <<PROLOG
#!/bin/sh
if [ -z "\$SLURM_STEP_NUM_TASKS" ]; then
  echo "export OMPI_MCA_btl=self,tcp"
else
  echo "export OMPI_MCA_btl=self,vader,tcp"
  echo "export OMPI_MCA_btl_vader_backing_directory=$dir/tmp/\$SLURMD_NODENAME"
fi
echo "export OMPI_MCA_pml=ob1"
echo "export OMPI_MCA_btl_tcp_if_include=lo"
echo "export OMPI_MCA_oob_tcp_if_include=lo"
echo "export UCX_NET_DEVICES=lo"
PROLOG
  chmod 755 "$dir/etc/task-prolog.sh"
}

start() {
  local program k
  for program in munged munge slurmctld slurmd srun sbatch; do
    command -v $program >/dev/null || die "$program is not installed"
  done
  if healthy; then say "already up, SLURM_CONF=$SLURM_CONF"; return 0; fi
  has_controller || start_controller
  for ((k = 1; k <= nodes; k++)); do
    mkdir -p "$dir/spool/n$k" "$dir/tmp/n$k"
    chmod 1777 "$dir/tmp/n$k"
    spawn "slurmd-n$k" slurmd -D -N "n$k" -f "$SLURM_CONF"
  done
  wait_for "$nodes idle nodes" nodes_are_idle
  say "$nodes nodes up, SLURM_CONF=$SLURM_CONF"
}

start_controller() {
  stop
  mkdir -p "$dir"/{etc,run,log,state,spool,munge,tmp}
  chmod 755 "$dir"
  chmod 711 "$dir/munge"
  exec 9</tmp
  flock -w 60 9 || die 'another start does not come to an end'
  write_configuration
  [ -s "$dir/munge/key" ] ||
    (umask 077; dd if=/dev/urandom of="$dir/munge/key" bs=128 count=1 status=none)
  spawn munged munged --foreground --force --num-threads=2 \
    --key-file="$dir/munge/key" --socket="$dir/munge/socket" --seed-file="$dir/munge/seed" \
    --pid-file="$dir/munge/own" --log-file="$dir/munge/log"
  wait_for munged munge -S "$dir/munge/socket" -n -o /dev/null
  spawn slurmctld slurmctld -D -f "$SLURM_CONF"
  wait_for slurmctld controller_is_up
  exec 9<&-
}

stop() {
  local file name
  # Jobs first, or their processes outlive the daemons.
  if alive slurmctld slurmctld; then
    scancel --quiet --full --user="$(id -un)" >/dev/null 2>&1 || true
    for _ in {1..50}; do
      [ -n "$(squeue -h 2>/dev/null)" ] || break
      sleep 0.2
    done
  fi
  for file in "$dir"/run/slurmd-n*.pid; do
    [ -e "$file" ] || continue
    name=${file##*/}
    end "${name%.pid}" slurmd
  done
  end slurmctld slurmctld
  end munged munged
}

case ${1:-} in
  start) start ;;
  stop) stop ;;
  env) echo "export SLURM_CONF=$SLURM_CONF" ;;
  *) sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
