#!/usr/bin/env bash
# A real sweep through a Slurm of this machine's own: munge, slurmctld and slurmd in a temporary folder, a job array, one
# task killed on the way, the missing points submitted again. Exit code 77, and why, where that cannot be.
# Usage: slurm_sweep.sh HEADROOM CONFIGS
set -euo pipefail
headroom=$1 configs=$2
skip() { echo "skipped: $1"; exit 77; }
[ "$(id -u)" -eq 0 ] || skip "starting slurmd needs root"
for program in munged slurmctld slurmd sbatch squeue scancel; do
  command -v "$program" >/dev/null || skip "$program is not installed (apt-get install slurm-wlm munge)"
done

work=$(mktemp -d)
daemons=()
finish() {
  for daemon in "${daemons[@]}"; do kill "$daemon" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
fail() { echo "FAILED: $1"; tail -n 20 "$work"/*.log "$work"/out.sqlite.slurm/*/log-* 2>/dev/null || true; exit 1; }
within() {  # SECONDS COMMAND…: until it succeeds
  local end=$((SECONDS + $1)); shift
  until "$@" >/dev/null 2>&1; do [ $SECONDS -lt $end ] || return 1; sleep 0.2; done
}

chmod 755 "$work"
mkdir -p "$work/munge" "$work/state" "$work/spool"
dd if=/dev/urandom of="$work/munge/key" bs=128 count=1 status=none
chmod 400 "$work/munge/key"; chmod 700 "$work/munge"
mkdir -p "$work/socket"; chmod 755 "$work/socket"
munged --foreground --force --key-file="$work/munge/key" --socket="$work/socket/munge" --pid-file="$work/munge/pid" \
  --log-file="$work/munge.log" --seed-file="$work/munge/seed" >"$work/munged.log" 2>&1 &
daemons+=($!)
host=$(hostname -s)
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("", 0)); print(s.getsockname()[1])'; }
cat >"$work/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$host
SlurmUser=root
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
AuthType=auth/munge
AuthInfo=socket=$work/socket/munge
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
ReturnToService=2
SchedulerParameters=sched_interval=1
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
NodeName=$host CPUs=2 State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF="$work/slurm.conf"
within 20 test -S "$work/socket/munge" || fail "munged does not start"
slurmctld -D >"$work/ctld.log" 2>&1 &
daemons+=($!)
slurmd -D -N "$host" >"$work/d.log" 2>&1 &
daemons+=($!)
within 60 sh -c "sinfo --noheader --format=%t | grep -q idle" || skip "no idle node: $(tail -n 2 "$work/slurmd.log")"

cat >"$work/sweep.yaml" <<SWEEP
base: tiny
fidelity: analytic
axes:
  - plan.recompute: [none, full]
  - chip.power_cap: {from: 100 W, to: 1000 W, count: 2000}
SWEEP
sweep() { "$headroom" sweep "$work/sweep.yaml" --config-path "$configs" "$@"; }
sweep -o "$work/here.sqlite" --jobs 2
sweep -o "$work/out.sqlite" --executor slurm --chunk 1000 --jobs 1 >"$work/first.log" 2>&1 &
first=$!
task() { squeue --noheader --states=running --array --format=%i | head -n 1; }
within 60 sh -c "squeue --noheader --states=running --array --format=%i | grep -q ." || fail "no task runs"
killed=$(task)
scancel --full --signal=KILL "$killed" || true
code=0; wait $first || code=$?
sweep -o "$work/out.sqlite" --executor slurm --status
if [ $code -ne 0 ]; then
  grep -q "points are missing" "$work/first.log" || fail "$(cat "$work/first.log")"
  sweep -o "$work/out.sqlite" --executor slurm --resume --chunk 1000 --jobs 1 || fail "the resumed sweep fails"
else
  echo "note: the task $killed had ended when it was killed"
fi
"$headroom" export "$work/here.sqlite" -o "$work/here.jsonl"
"$headroom" export "$work/out.sqlite" -o "$work/out.jsonl"
cmp "$work/here.jsonl" "$work/out.jsonl" || fail "rows through Slurm differ from those of this machine"
[ "$(wc -l <"$work/out.jsonl")" -eq 4000 ] || fail "rows are missing"
echo "4,000 points through Slurm; task $killed killed on the way (exit code $code of the first attempt)"
