#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# share/fleet/ on engines: each recipe gives the rows that a plain loop gives. Slurm,
# sshd and parallel are unpacked, not installed.

bats_require_minimum_version 1.5.0
set -o pipefail

setup_file() {
	. "$CRIT_ROOT/test/fleet/common"
	export tools=$CRIT_BUILD/fleet/root
	local multiarch=lib/$(uname -m)-linux-gnu
	export libraries=$tools/usr/$multiarch:$tools/$multiarch
	export PATH=$PATH:$tools/usr/bin
	fleet_setup
}

setup() {
	. "$CRIT_ROOT/test/fleet/common"
	. "$CRIT_ROOT/test/until.bash"
	t=$BATS_TEST_TMPDIR
}

@test "local: GNU parallel; killed in the middle, and once more" {
	"$fleet/local" "$t/out" summary -j 2 <"$d/list" 2>/dev/null
	complete "$t/out"
	dies_after 9 "$t/again" '$$'
	run ! env PATH="$t/bin:$PATH" "$fleet/local" "$t/again" summary -j 2 \
		<"$d/list"
	n=$(ls "$t/again/summary"/*.jsonl | wc -l)
	[ "$n" -ge 9 ] && [ "$n" -lt 28 ]
	"$fleet/local" "$t/again" summary -j 2 <"$d/list" 2>/dev/null
	complete "$t/again"
}

@test "hosts: GNU parallel over ssh, to sshd on the loopback address" {
	[ "$(id -u)" = 0 ] || skip "sshd needs root"
	unshare -m true 2>/dev/null || skip "no mount namespaces here"
	ssh-keygen -q -t ed25519 -N '' -f "$t/host"
	ssh-keygen -q -t ed25519 -N '' -f "$t/key"
	port=$((20000 + $$ % 20000))
	cat >"$t/sshd_config" <<-end
		ListenAddress 127.0.0.1
		Port $port
		HostKey $t/host
		AuthorizedKeysFile $t/key.pub
		PidFile $t/sshd.pid
		PermitRootLogin yes
		StrictModes no
		UsePAM no
	end
	cat >"$t/ssh" <<-end
		#!/bin/sh
		exec ssh -F none -p $port -i $t/key -o UserKnownHostsFile=$t/known \
			-o StrictHostKeyChecking=no -o LogLevel=ERROR "\$@"
	end
	chmod +x "$t/ssh"
	# the user sshd and its directory, which only this sshd sees
	{ grep -v '^sshd:' /etc/passwd; echo 'sshd:x:65533:65534::/run/sshd:/bin/false'; } \
		>"$t/passwd"
	mkdir "$t/run"
	timeout 500 unshare -m sh -c 'mount --bind "$1/passwd" /etc/passwd &&
		mkdir -p /run/sshd && mount --bind "$1/run" /run/sshd && chmod 755 /run/sshd &&
		exec env LD_LIBRARY_PATH="'"$libraries"'" \
			"$2/usr/sbin/sshd" -D -e -f "$1/sshd_config"' \
		- "$t" "$tools" 3>&- 2>"$t/sshd.log" &
	sshd=$!
	until_true test -s "$t/sshd.pid" || true
	echo "2/root@127.0.0.1" >"$t/hosts"
	status=0
	PARALLEL_SSH=$t/ssh "$fleet/hosts" "$t/hosts" "$t/out" summary \
		<"$d/list" 2>"$t/err" || status=$?
	kill $sshd
	cat "$t/sshd.log" "$t/err"
	[ $status = 0 ]
	grep -q 'Accepted publickey' "$t/sshd.log"
	complete "$t/out"
}

# slurm.conf of one node without a database and without munge
slurm_conf() {
	cat <<-end
		ClusterName=test
		SlurmctldHost=$(hostname -s)(127.0.0.1)
		SlurmUser=root
		SlurmdUser=root
		AuthType=auth/none
		CredType=cred/none
		SlurmctldPort=$1
		SlurmdPort=$(($1 + 1))
		StateSaveLocation=$t/state
		SlurmdSpoolDir=$t/spool
		SlurmctldPidFile=$t/slurmctld.pid
		SlurmdPidFile=$t/slurmd.pid
		SlurmctldLogFile=$t/slurmctld.log
		SlurmdLogFile=$t/slurmd.log
		PluginDir=$tools/usr/lib/$(uname -m)-linux-gnu/slurm-wlm
		ProctrackType=proctrack/pgid
		TaskPlugin=task/none
		JobAcctGatherType=jobacct_gather/none
		SelectType=select/cons_tres
		SelectTypeParameters=CR_Core_Memory
		SchedulerParameters=sched_interval=1
		SchedulerType=sched/builtin
		MpiDefault=none
		ReturnToService=2
		NodeName=$(hostname -s) NodeAddr=127.0.0.1 CPUs=2 RealMemory=1024 State=UNKNOWN
		PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
	end
}

slurm_idle() { timeout 20 sinfo -h -o %T | grep idle; }

@test "array.sbatch: a job array of Slurm, slurmctld and slurmd on this machine" {
	[ "$(id -u)" = 0 ] || skip "slurmd needs root"
	export LD_LIBRARY_PATH=$libraries:$tools/usr/lib/$(uname -m)-linux-gnu/slurm-wlm
	export SLURM_CONF=$t/slurm.conf
	mkdir "$t/state" "$t/spool"
	slurm_conf $((22000 + $$ % 20000)) >"$SLURM_CONF"
	timeout 500 "$tools/usr/sbin/slurmctld-wlm" -D 3>&- >"$t/out1" 2>&1 &
	ctld=$!
	timeout 500 "$tools/usr/sbin/slurmd-wlm" -D -d "$tools/usr/sbin/slurmstepd-wlm" \
		-N "$(hostname -s)" 3>&- >"$t/out2" 2>&1 &
	slurmd=$!
	status=0
	until_true slurm_idle || true
	timeout 200 sbatch --wait --array=0-3 -o "$t/job-%a.log" \
		"$fleet/array.sbatch" "$fleet" "$t/out" summary "$d/list" || status=$?
	kill $slurmd $ctld
	tail -n 5 "$t"/*.log "$t"/out[12]
	[ $status = 0 ]
	[ "$(ls "$t"/job-*.log | wc -l)" = 4 ]
	complete "$t/out"
}

# sql QUESTION: the answer, an array a line
sql() {
	(cd "$t/out" && NODE_PATH=$CRIT_BUILD/fleet/node_modules \
		node "$CRIT_ROOT/test/fleet/duckdb.js" "$fleet/$1.sql")
}

# the numbers of archives in the first column
numbers() {
	jq -r '.[0]' | sed 's,.*/\([0-9]*\)-.*,\1,' | sort | xargs
}

@test "DuckDB's answers" {
	[ -d "$CRIT_BUILD/fleet/node_modules/@duckdb" ] || skip "no DuckDB here"
	for table in summary mappings sockets libraries found=needle-in-the-fleet; do
		"$fleet/local" "$t/out" $table -j 2 <"$d/list" 2>/dev/null
	done
	# archives 0, 7, 14 and 21 hold the text; the last three are cut
	[ "$(sql holds-string | numbers)" = "00000 00007 00014 00021" ]
	sql biggest-mappings >"$t/biggest"
	[ "$(wc -l <"$t/biggest")" = 10 ]
	[ "$(jq -s '[.[][0] | tonumber] | max' "$t/biggest")" = \
		"$(cat "$t"/out/mappings/* | jq -s 'map(.size // 0) | max')" ]
	# redis is every 4th: of these 0 and 20 listen on all addresses
	[ "$(sql listeners | numbers)" = "00000 00020" ]
	sql build-ids >"$t/ids"
	[ "$(jq -r '.[0]' "$t/ids" | sort | uniq -c | awk '$1 == 2' | wc -l)" -ge 1 ]
	jq -e '.[1] | test("^01000000[0-9a-f]{32}$")' "$t/ids" | grep -q true
	[ "$(sql broken | wc -l)" = 3 ]
}
