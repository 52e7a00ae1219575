#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Filters of records: crit-pids, crit-anon.
# shellcheck disable=SC2016

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	images=$CRIT_ROOT/test/images
	. "$CRIT_ROOT/test/whole.bash"
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
plus='def more: if . > 1 then . + 1000 else . end;
	walk(if type == "object" then with_entries(
		if .key == "threads" then .value |= map(more)
		elif (.value | type) == "number" and (.key | IN("pid", "ppid",
			"pgid", "sid", "pgrp", "nspid", "notify_thread_id"))
		then .value |= more
		else . end)
	else . end) |
	if .image then .image |= sub("^(?<name>(core|mm|ids|fs|pagemap|vmas|creds" +
		"|sigacts|itimers|posix-timers|rlimit|filelocks|signal-[sp])-)" +
		"(?<pid>[0-9]+)"; "\(.name)\(.pid | tonumber | more)")
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
	! cmp -s old new || false
	crit-encode -d new.d new
	crit-pids "$back" new | cmp - old
	crit-x new.d ps | tail -n +2 | awk '{ print $1 }' >seen
	! grep -wFf pids seen || false
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

@test "crit-pids: threads of dead tasks, maps that fit nothing, operands" {
	task() {
		jq -cn --argjson t "$1" '{magic: "PSTREE", entries: [{pid: 7, ppid: 0,
			pgid: 7, sid: 7, threads: $t}]}'
	}
	# what stands in place of a dead task's threads is no id
	[ "$(task '[4194000]' | crit-pids +1000 | jq -c '.entries[] | [.pid, .threads]')" = \
		'[1007,[4194000]]' ]
	[ "$(task '[5]' | crit-pids 7=5 | jq -c '.entries[] | [.pid, .threads]')" = '[5,[5]]' ]
	[ "$(task '[7,8]' | crit-pids +1000 | jq -c '.entries[].threads')" = '[1007,1008]' ]
	[ "$(jq -cn '{magic: "PSTREE", entries: [{threads: [7, 8], pid: 7, ppid: 0,
		pgid: 7, sid: 7}]}' | crit-pids +1000 | jq -c '.entries[].threads')" = \
		'[1007,1008]' ]
	crit-decode "$images/tree" >old
	run -0 --separate-stderr crit-pids 5=6,1001=7,9=8 old
	[ "$stderr" = "crit-pids: warning: the records have no process, thread, group or session 5, 9" ]
	run -0 --separate-stderr crit-pids "1001=1001,$(seq 100 119 |
		sed 's/.*/&=3&/' | paste -sd,)" old
	[ "$stderr" = "crit-pids: warning: the records have no process, thread, group or session 100, 101, 102, 103, 104, 105, 106, 107 and 12 others" ]
	run -0 --separate-stderr crit-pids +5 <<<'{"magic":"PSTREE","entries":[]}'
	[ "$stderr" = 'crit-pids: warning: no id was changed' ]
	run -0 --separate-stderr crit-pids 1001=2001 old
	[ "$stderr" = '' ]
	for filter in 'crit-pids +1' crit-anon; do
		run -1 --separate-stderr $filter "$images/tree"
		[[ $stderr == *"tree: is a directory: use crit-decode $images/tree | ..." ]]
		run -1 --separate-stderr $filter "$images/tree/pstree.img"
		[[ $stderr == *"not records: use crit-decode $images/tree/pstree.img | ..." ]]
		run -1 --separate-stderr $filter "$CRIT_ROOT/test/archives/podman-redis.tar.zst"
		[[ $stderr == *"not records: use crit-decode "* ]]
	done
}

@test "crit-pids: maps that cannot be" {
	for map in '' 5 5= =5 5=6, 5=6,7 +0 +x -1 0=5 5=0 5=4194304 +4194304 99999999999=1 5=6=7; do
		run -2 crit-pids -- "$map" </dev/null
		[[ $output == *"invalid map "* ]]
	done
	run -2 crit-pids 5=6,7=6 </dev/null
	[[ $output == *"two pids would become 6"* ]]
	run -2 crit-pids 5=6,5=7 </dev/null
	[[ $output == *"pid 5 appears twice"* ]]
	run -2 crit-pids
	[[ $output == *"missing argument: MAP"* ]]
	crit-decode "$images/tree" >old
	run -1 crit-pids 1001=1003 old
	[[ $output == *"1001 becomes 1003"* && $output == *'"error":'* ]]
	[[ $output != *'"end":'* ]]
	run -1 crit-pids +4194000 old
	[[ $output == *"is above 4194303"* ]]
}

@test "filters of records: streams that are cut, wrong, or say an error" {
	echo secret >key
	crit-decode "$images/tree" >old
	for filter in 'crit-pids +1' 'crit-anon -k key'; do
		head -n 20 old >cut
		run -1 $filter cut
		[[ $output == *"truncated"* && $output != *'"end":'* ]]
		head -n 20 old | $filter --no-end >new
		! grep -q '"end"' new || false
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

# Each value of records: the last two keys of its path, and itself
leaves() {
	jq -c 'tostream | select(length == 2) |
		[(.[0] | map(strings) | .[-2:] | join(".")), .[1]]' "$@"
}

# all_records: of each checkpoint, without end records
all_records() {
	checkpoints | while read -r dir; do
		crit-decode "$dir" 2>/dev/null | grep -v '^{"end"' || true
	done
}

@test "crit-anon: what is private has changed, nothing else" {
	echo secret >key
	all_records >old
	crit-anon --no-end -k key -m map old | grep -v '^{"end"' >new
	leaves old >old.leaves
	leaves new >new.leaves
	paste old.leaves new.leaves >both
	# the fields that changed somewhere: a mark that is lost shows here
	awk -F '\t' '$1 != $2 { split($1, word, "\""); print word[2] }' both |
		sort -u >changed
	diff changed - <<-END
		atim.tv_sec
		atim.tv_usec
		boottime.tv_nsec
		boottime.tv_sec
		bpf.map_name
		comm.base64
		desc.key
		entries.address
		entries.build_id
		entries.data
		entries.domainname
		entries.dump_criu_run_id
		entries.dump_uptime
		entries.extra
		entries.mountpoint
		entries.name
		entries.nodename
		entries.options
		entries.root
		entries.sival_ptr
		entries.source
		entries.timestamp
		extra.inq
		extra.mtype
		extra.outq
		f_handle.handle
		f_handle.path
		fpregs.xmm_space
		$(printf 'gpregs.%s\n' ax bp bx cx di dx r10 r11 r12 r13 r14 r15 r8 r9 si)
		monotonic.tv_nsec
		monotonic.tv_sec
		mtim.tv_sec
		mtim.tv_usec
		name.base64
		opts.so_filter
		posix.sival_ptr
		reg.build_id
		reg.name
		tc.comm
		tfd.data
		thread_core.comm
		tunf.netdev
		usk.name
		usk.name_dir
		xsave.hi16_zmm
		xsave.opmask_reg
	END
	# where it may be seen, it does not stay, but for zeros and known words
	grep -E '^\["[^"]*(comm|build_id|nodename|run_id|sival_ptr|xmm_space|key)",' both |
		awk -F '\t' '$1 == $2 && $1 !~ /,(0|"")\]$/' >kept
	[ ! -s kept ]
	# equal values stay equal, different ones different
	grep -E '^\["[^"]*(comm|name|nodename|xmm_space|sival_ptr|path)",' both |
		sed 's/\["[^"]*",//g' | sort -u >pairs
	[ "$(cut -f 1 pairs | sort | uniq -d | wc -l)" = 0 ]
	[ "$(cut -f 2 pairs | sort | uniq -d | wc -l)" = 0 ]
}

@test "crit-anon: no word of the original is left" {
	echo secret >key
	all_records >old
	crit-anon --no-end -k key -m map old >new
	jq -r 'select(.kind == "word").from' map | grep -E '[a-z]{5}' | sort -u >words
	[ "$(wc -l <words)" -gt 50 ]
	# (names of images, such as files.img, stay)
	leaves new | grep -v '^\["image",' | sed 's/^\["[^"]*",//' | grep -E '^"' >values
	[ "$(wc -l <values)" -gt 1000 ]
	! grep -oFf words values || false
	# no content either
	jq -r '.entries[].extra? | strings' old | grep . >contents
	[ "$(wc -l <contents)" -gt 10 ]
	! grep -qFf contents new || false
}

@test "crit-anon: keys" {
	echo secret >key
	crit-decode "$images/redis" >old
	crit-anon -k key old >one
	crit-anon -k key old | cmp - one
	echo other >key2
	crit-anon -k key2 old >two
	! cmp -s one two || false
	crit-anon old >three
	crit-anon old >four
	! cmp -s three four || false
	: >empty
	run -1 crit-anon -k empty old
	[[ $output == *"empty: the key is empty"* ]]
	run -1 crit-anon -k . old
	[[ $output == *"crit-anon: .: cannot read: Is a directory"* ]]
	run -1 crit-anon -k none old
	[[ $output == *"none: cannot open"* ]]
	[ "$(stat -c %a map 2>/dev/null || echo none)" = none ]
	crit-anon -k key -m map old >/dev/null
	[ "$(stat -c %a map)" = 600 ]
	jq -e -s 'map(select(.from == "redis-server"))[0].to | length == 12' map >/dev/null
}

@test "crit-anon --keep" {
	echo secret >key
	all=$(printf -- '--keep %s ' name path address key time bytes unknown)
	for dir in tree redis ipc synthetic; do
		crit-decode "$images/$dir" >old
		crit-anon $all old | cmp - old
	done
	crit-decode "$images/redis" >old
	crit-anon -k key --keep path old >new
	grep -q redis.sock new
	! grep -q redis-server new || false
	crit-anon -k key --keep name old >new
	! grep -q redis.sock new || false
	grep -q redis-server new
	run -2 crit-anon --keep paths old
	[[ $output == *"unknown kind 'paths' (did you mean path?)"* ]]
}

@test "crit-anon: fields that the schema does not know are left out" {
	crit-encode <<<'{"magic":"FS","entries":[{"cwd_id":1,"root_id":2,"_unknown":"wj4DYWJj"}]}' |
		crit-decode >old
	crit-anon old >new 2>message
	! grep -q _unknown new || false
	grep -q 'were left out' message
	crit-anon --keep unknown old | cmp - old
}

@test "raw images of the end record, images of unknown magic" {
	crit-decode "$images/ipc" | tail -n 1 >want
	grep -q '"raw":\["pages-1.img"' want
	for filter in 'crit-pids +1' crit-anon; do
		crit-decode "$images/ipc" | $filter | tail -n 1 | diff - want
		printf '{"image":"x.img","magic":"0x54194822","entries":[],"raw":"c2VjcmV0IQ=="}\n' |
			$filter --no-end >new
		jq -r .raw new | base64 -d | wc -c | grep -qx 7
	done
	! grep -q c2VjcmV0 new || false
}

@test "crit-anon: a schema of CRIU's own, without marks" {
	command -v protoc >/dev/null || skip "no protoc"
	mkdir proto
	printf 'syntax = "proto2";\nmessage utsns_entry {\nrequired string nodename = 1;\nrequired string domainname = 2;\noptional string motto = 3;\noptional uint32 n = 4;\n}\n' >proto/u.proto
	protoc -Iproto -o set proto/u.proto
	printf '{"magic":"UTSNS","entries":[{"nodename":"host","domainname":"home","motto":"hidden words","n":7}]}' |
		crit-anon --schema set >new
	! grep -qE 'host|home|hidden|words' new || false
	grep -q '"n":7' new
}

@test "crit-anon: addresses" {
	sk() {
		jq -cn --argjson a "$1" '{magic: "INETSK", entries: [{id: 1, ino: 1,
			family: 2, type: 1, proto: 6, state: 7, src_port: 80,
			dst_port: 81, flags: 0, backlog: 0, src_addr: $a,
			dst_addr: ["10.1.2.3"], fown: {uid: 0, euid: 0, signum: 0,
			pid_type: 0, pid: 0}, opts: {so_sndbuf: 1, so_rcvbuf: 1,
			so_snd_tmo_sec: 0, so_snd_tmo_usec: 0, so_rcv_tmo_sec: 0,
			so_rcv_tmo_usec: 0}}]}' |
			crit-anon -k key | crit-encode | crit-decode -p |
			jq -r '.entries[0] | .src_addr[], .dst_addr[0]'
	}
	echo secret >key
	sk '["10.1.2.200"]' >new
	! grep -q '10\.1\.2' new || false
	[ "$(cut -d. -f 1-3 new | sort -u | wc -l)" = 1 ]
	[ "$(sort -u new | wc -l)" = 2 ]
	sk '["::ffff:10.1.2.3"]' >new
	IFS=. read -r a b c d < <(sed -n 2p new)
	[ "$(sed -n 1p new)" = "$(printf '::ffff:%x:%x' $((a * 256 + b)) $((c * 256 + d)))" ]
	for kept in 127.0.0.1 0.0.0.0 ::1 :: 255.255.255.255; do
		sk "[\"$kept\"]" | sed -n 1p | grep -qxF "$kept"
	done
	sk '["fe80::1:2"]' | grep -q '^fe[89ab]'
	# five words are none: numbers, in their order
	sk '[7, 8, 9, 10, 7]' >new
	[ "$(sed -n 1p new)" = "$(sk '[1, 2, 3, 4, 7]' | sed -n 5p)" ]
}

@test "crit-anon: the result is a checkpoint as good as before" {
	echo secret >key
	for dir in tree redis sock socktcp files timers ipc tty; do
		crit-decode "$images/$dir" >old
		crit-anon -k key old | crit-encode -d "$dir"
		for what in ps fds mems rss sk; do
			crit-x "$images/$dir" "$what" 2>/dev/null | wc -lw >want || true
			crit-x "$dir" "$what" 2>/dev/null | wc -lw | diff - want
		done
		mkdir "$dir.was"
		crit-encode -d "$dir.was" old
		# the same findings of crit-check, in the same order
		crit-check "$dir.was" | awk '{ print $1, $2, $3 }' >want || true
		(crit-check "$dir" || true) | awk '{ print $1, $2, $3 }' | diff - want
		as_whole "$dir.was" "$dir"
		# no task, descriptor or mapping comes or goes
		! crit-diff -f records "$dir.was" "$dir" 2>/dev/null |
			jq -ce 'select(.change != "changed" and .section != "fields" || false
				and .kind != null and .field == null)'
	done
}

@test "crit-anon: crit-diff finds other values, nothing more or less" {
	echo secret >key
	n=0
	checkpoints | grep -v /incr/ >list
	while read -r dir; do
		# some are cut, or have no end
		crit-decode "$dir" >old 2>/dev/null || continue
		crit-anon -k key old >new
		crit-diff -f records --only tasks,files,mappings,sockets,fields old \
			new >changes && status=0 || status=$?
		[ $status -le 1 ]
		# mounts and devices are told by their names: as many go as come, with
		# the same fields
		for change in gone appeared; do
			jq -c --arg c $change 'select(.change == $c) | [.section, .image,
				(.fields | keys)]' changes | sort >$change
		done
		diff gone appeared | cut -c 1-200 || { echo "$dir"; return 1; }
		! grep -v -e '"mountpoint"' -e '"ifindex"' gone || return 1
		n=$((n + $(wc -l <changes)))
	done <list
	[ $n -gt 1000 ]
}

@test "crit-anon and crit-copy: nothing of the original is left in any file" {
	echo secret >key
	cp -r "$images/loop" from
	echo SECRET_TOKEN=tok-1234 >from/config.dump
	crit-decode from | crit-anon -k key -m map |
		crit-copy --images-only --no-memory --with - from shown 2>/dev/null
	[ ! -e shown/config.dump ]
	jq -r 'select(.kind == "word").from' map | grep -E '[A-Za-z0-9]{5}' |
		sort -u >words
	echo SECRET_TOKEN >>words
	[ "$(wc -l <words)" -ge 3 ]
	! cat shown/* | grep -oaFf words || false
	# memory: zeros or nothing
	! cat shown/pages-*.img 2>/dev/null | tr -d '\0' | grep -qa . || false
	for what in ps fds mems rss; do
		crit-x from "$what" | wc -l >want
		crit-x shown "$what" | wc -l | diff - want
	done
}

@test "crit-anon and crit-copy: nothing is left of a container" {
	archive=$CRIT_ROOT/test/archives/podman-redis.tar.zst
	mkdir was shown
	tar xf "$archive" -C was
	grep -q SECRET_TOKEN=tok-1234 was/spec.dump
	grep -qa SECRET_TOKEN was/checkpoint/pages-1.img
	crit-decode "$archive" | crit-anon -m map |
		crit-copy --images-only --no-memory --with - -f tar "$archive" \
			shown.tar 2>left-out
	tar xf shown.tar -C shown
	# only images, and no raw ones
	[ -z "$(find shown -type f ! -name '*.img')" ]
	[ -z "$(find shown -name '*.tar.*')" ]
	# words of records and of metadata, but for those of the kernel
	cat >public <<-'END'
		blkio
		cgroup
		cpuacct
		cpuset
		devices
		devpts
		domain
		firmware
		freezer
		memory
		mount
		mqueue
		overlay
		ptmxmode
		seccomp
		sysfs
		systemd
		timer_list
		tmpfs
	END
	{
		jq -r 'select(.kind == "word").from' map
		jq -r '.. | strings' was/config.dump was/spec.dump was/network.status
		printf '%s\n' SECRET_TOKEN tok-1234
	} | grep -oE '[A-Za-z0-9._-]{5,}' | grep '[A-Za-z]' | sort -u |
		grep -vxFf public >words
	grep -qx tok-1234 words
	[ "$(wc -l <words)" -gt 100 ]
	# names and bytes, and what stands compressed or as base64 in them
	{ find shown; cat shown/checkpoint/*.img; } >all
	! grep -oaFf words all || false
	crit-decode -f json -p shown | jq -r '.. | strings' >values
	# "disable" and the like are names that the schema has, not values
	grep -oFf words values | sort -u | grep -vxE 'disable|false|network|_data' >leaked || true
	[ ! -s leaked ]
	! tr -d '\0' <shown/checkpoint/pages-1.img | grep -qa . || false
	# still a checkpoint: the same images, the same answers
	for what in ps fds mems sk mounts ns threads creds limits signals net \
			ipc locks timers cmd; do
		crit-x "$archive" "$what" | wc -l >want
		crit-x shown.tar "$what" | wc -l | diff - want
	done
	# (pages lie in fewer entries; memory is zeros; the engine's files are gone)
	[ "$(crit-x shown.tar rss | wc -l)" -gt 1 ]
	crit-x -f records shown.tar env | jq -r '.value // ""' | sort -u | diff - <(echo)
	run -1 crit-x shown.tar container
	[[ $output == *"no container metadata here"* ]]
	(crit-check shown.tar || true) | grep '^error' | grep -v mnt-tmpfs-missing >errors ||
		true
	[ ! -s errors ]
}

@test "crit-pids: the result is a checkpoint as good as before" {
	# a parent would have to change with its child
	checkpoints | grep -v /incr/ >list
	n=0
	while read -r dir; do
		crit-decode "$dir" >old 2>/dev/null || continue
		rm -rf new
		crit-pids +1000 old | crit-copy --with - "$dir" new 2>/dev/null ||
			continue
		# the same rules find the same, pids aside
		(crit-check -L "$dir" || true) | awk '{ print $1, $2 }' | sort >want
		(crit-check -L new || true) | awk '{ print $1, $2 }' | sort >got
		diff want got || { echo "$dir"; crit-check new; return 1; }
		as_whole "$dir" new -L
		n=$((n + 1))
	done <list
	[ $n -gt 20 ]
}
