#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Filters of records: crit-pids, crit-anon.
# shellcheck disable=SC2016

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	images=$CRIT_ROOT/test/images
	set -o pipefail
}

# each checkpoint below images (synthetic has random numbers)
checkpoints() {
	for dir in "$images"/* "$images"/incr/*; do
		case ${dir#"$images/"} in
		edge | incr | bad | synthetic) ;;
		*) echo "$dir" ;;
		esac
	done
}

# What crit-pids +1000 does, told by names of fields and images
plus='def more: if . > 0 then . + 1000 else . end;
	walk(if type == "object" then with_entries(
		if .key == "threads" then .value |= map(more)
		elif (.value | type) == "number" and (.key | IN("pid", "ppid",
			"pgid", "sid", "pgrp", "nspid", "notify_thread_id"))
		then .value |= more
		else . end)
	else . end) |
	if .image then .image |= sub("^(?<name>(core|mm|ids|fs|pagemap|vmas|creds" +
		"|sigacts|itimers|posix-timers|rlimit|filelocks|signal-[sp])-)" +
		"(?<pid>[0-9]+)"; "\(.name)\(.pid | tonumber + 1000)")
	else . end |
	(.. | select(type == "object" and .remap_type == "PROCFS").remap_id) |= more |
	del(..|.siginfo?)'

@test "crit-pids +1000: what is a pid has changed, nothing else" {
	checkpoints >list
	while read -r dir; do
		crit-decode "$dir" >old 2>/dev/null || continue
		jq -S -c "$plus" old >want
		crit-pids +1000 old | jq -S -c 'del(..|.siginfo?)' | diff - want | cut -c1-300 >why ||
			{ echo "$dir"; cat why; return 1; }
	done <list
}

@test "crit-pids: pairs there and back give the same bytes" {
	crit-decode "$images/tree" >old
	jq -r '.entries[] | .pid?, .threads[]? // empty' old | grep -x '[1-9][0-9]*' | sort -un >pids
	there=$(awk '{ printf "%s%d=%d", s, $1, 7 * $1 % 5000 + 9; s = "," }' pids)
	back=$(awk '{ printf "%s%d=%d", s, 7 * $1 % 5000 + 9, $1; s = "," }' pids)
	crit-pids "$there" old >new
	! cmp -s old new
	crit-encode -d new.d new
	crit-pids "$back" new | cmp - old
	crit-x new.d ps | tail -n +2 | awk '{ print $1 }' >seen
	! grep -wFf pids seen
	crit-pids 1001=1003,1003=1001 old | crit-pids 1001=1003,1003=1001 | cmp - old
}

@test "crit-pids: senders of signals, /proc of dead tasks" {
	siginfo() {	# SIGNO CODE PID
		perl -e 'print pack("l<l<l<l<l<l<", $ARGV[0], 0, $ARGV[1], 0, $ARGV[2], 5),
			"\0" x 104' "$@" | base64 -w 0
	}
	for code in 0:17 -1:17 -6:17 -2:7 128:7; do
		printf '{"image":"signal-p-9.img","magic":"SIGNAL","entries":[{"siginfo":"%s"}]}\n' \
			"$(siginfo 10 ${code%:*} 7)" | crit-pids --no-end 7=17 >new
		grep -qF "\"siginfo\":\"$(siginfo 10 ${code%:*} ${code#*:})\"" new
	done
	printf '{"image":"remap-fpath.img","magic":"REMAP_FPATH","entries":[{"orig_id":7,"remap_id":7,"remap_type":"%s"}]}\n' \
		PROCFS GHOST >old
	crit-pids --no-end 7=17 old | jq -r '.entries[].remap_id' | diff - <(printf '17\n7\n')
	printf '{"magic":"REMAP_FPATH","entries":[{"orig_id":7,"remap_id":7}]}' |
		crit-pids 7=17 | jq -r '.entries[].remap_id' | grep -qx 7
}

@test "crit-pids: maps that cannot be" {
	for map in '' 5 5= =5 5=6, 5=6,7 +0 +x -1 0=5 5=0 5=4194305 99999999999=1 5=6=7; do
		run -2 crit-pids -- "$map" </dev/null
		[[ $output == *"is no map"* ]]
	done
	run -2 crit-pids 5=6,7=6 </dev/null
	[[ $output == *"two pids become 6"* ]]
	run -2 crit-pids 5=6,5=7 </dev/null
	[[ $output == *"pid 5 is there twice"* ]]
	run -2 crit-pids
	[[ $output == *"missing argument: MAP"* ]]
	crit-decode "$images/tree" >old
	run -1 crit-pids 1001=1003 old
	[[ $output == *"1001 becomes 1003"* && $output == *'"error":'* ]]
	[[ $output != *'"end":'* ]]
	run -1 crit-pids +4194000 old
	[[ $output == *"is above 4194304"* ]]
}

@test "filters of records: streams that are cut, wrong, or say an error" {
	crit-decode "$images/tree" >old
	for filter in 'crit-pids +1'; do
		head -n 20 old >cut
		run -1 $filter cut
		[[ $output == *"truncated"* && $output != *'"end":'* ]]
		head -n 20 old | $filter --no-end >/dev/null
		run -1 $filter <<<'{"image":"x.img","magic":"PSTREE","entries":[],"error":"no"}'
		[[ $output == *"its producer stopped"* && $output == *'"error":"'* ]]
		run -1 $filter <<<'{"magic":"PSTREE","entries":[{"pid":"x"}]}'
		[[ $output == *"not an integer"* ]]
		echo before >file
		run -1 $filter -o file cut
		[ "$(cat file)" = before ]
		$filter -o file old
		$filter <old | cmp - file
		run -1 $filter old -o /dev/full
		crit-decode -f yaml "$images/tree" | $filter | cmp - file
	done
}
