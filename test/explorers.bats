#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Explorers that are rows of images, tables, command lines and environments: what
# they say is what jq finds in the records of crit-decode.

bats_require_minimum_version 1.5.0

setup() {
	set -o pipefail
	cd "${CRIT_ROOT:-$BATS_TEST_DIRNAME/..}/test" || return 1
	t=$BATS_TEST_TMPDIR
	rows="creds ipc limits locks mounts net ns signals threads timers"
}

checkpoints() {
	local pstree
	for pstree in images/*/pstree.img images/*/*/pstree.img; do
		case $pstree in
		*synthetic*) ;;		# has no cores
		*) echo "${pstree%/*}" ;;
		esac
	done
}

# entries DIR IMAGES : entries of images of these names, with the number in
# their image's name
entries() {
	(cd "$1" && crit-decode ./$2) | jq -c --arg image "$2" '
		select(.image) | (.image | capture("(?<n>[0-9]+)[.]img$") // {n: "0"} |
			.n | tonumber) as $n | .entries[] | [$n, .]'
}

# living DIR : pids of tasks that are alive or stopped
living() {
	entries "$1" 'core-*.img' |
		jq -s '[.[] | select(.[1].tc.task_state | . == 1 or . == 3 or
			. == "Alive" or . == "TASK_STOPPED") | .[0]]'
}

@test "each in each format, from directories and streams: the same" {
	for dir in ct timers tree ipc files oldstyle-timers incr/3; do
		dir=images/$dir
		crit-decode "$dir" >"$t/stream" 2>/dev/null
		for what in $rows; do
			for format in text records json; do
				crit-x -f $format "$dir" "$what" >"$t/dir"
				crit-x -f $format "$what" <"$t/stream" |
					cmp - "$t/dir"
			done
			crit-x -f records "$dir" "$what" >"$t/records"
			jq -c '.[]' "$t/dir" | cmp - <(jq -c . "$t/records")
			crit-x "$dir" "$what" >"$t/table"
			lines=$(wc -l <"$t/records")
			[ "$(wc -l <"$t/table")" = $((lines + (lines > 0))) ]
		done
	done
}

@test "limits, threads, namespaces: as many as images have, and their values" {
	for dir in $(checkpoints); do
		ls "$dir"/core-*.img >/dev/null 2>&1 || continue
		alive=$(living "$dir")
		entries "$dir" 'core-*.img' >"$t/cores"
		crit-x -f records "$dir" limits >"$t/limits"
		jq -c --argjson alive "$alive" 'select(.[0] as $p | $alive | index($p)) |
			.[1].tc.rlimits.rlimits // [] | .[] | [.cur, .max] |
			map(if . == "18446744073709551615" then "unlimited" else . end)' \
			"$t/cores" | sort >"$t/want"
		ls "$dir"/rlimit-*.img >/dev/null 2>&1 ||
			jq -c '[.soft, .hard]' "$t/limits" | sort | cmp - "$t/want"
		ls "$dir"/ids-*.img >/dev/null 2>&1 || continue
		entries "$dir" 'ids-*.img' | jq -c --argjson alive "$alive" '
			select(.[0] as $p | $alive | index($p)) |
			[.[0], .[1].net_ns_id, .[1].user_ns_id]' | sort >"$t/want"
		crit-x -f records "$dir" ns | jq -c 'select(.pid) |
			[.pid, .net_ns, .user_ns]' | sort | cmp - "$t/want"
		entries "$dir" 'pstree.img' | jq -c --argjson alive "$alive" '
			.[1] | select(.pid as $p | $alive | index($p)) |
			.pid as $p | .threads[] | [$p, .]' | sort >"$t/want"
		crit-x -f records "$dir" threads | jq -c '[.pid, .tid]' | sort |
			cmp - "$t/want"
	done
}

@test "mounts, interfaces, locks, System V objects" {
	for dir in $(checkpoints); do
		while read -r what images fields; do
			ls "$dir"/$images >/dev/null 2>&1 || continue
			entries "$dir" "$images" | jq -c ".[1] | $fields" |
				sort >"$t/want"
			crit-x -f records "$dir" "$what" | jq -c ".got // . | $fields" |
				sort >"$t/got"
			cmp "$t/got" "$t/want"
		done <<-'END'
			mounts mountpoints-*.img [.mountpoint,.source,.options]
			net netdev-*.img [.name,.ifindex,.mtu]
			locks filelocks.img [.pid,.fd,.start,(.length//.len)]
		END
	done
	crit-x -f records images/ct ipc | jq -c '[.ipc_ns,.kind,.id,.key,.mode]' |
		sort | cmp - <(printf '%s\n' '[11,"msg",0,"0x4e","0600"]' \
			'[11,"sem",0,"0x4f","0600"]' '[11,"shm",0,"0x4d","0600"]')
	crit-x -f records images/ct net | jq -es 'map(select(.name == "br0"))[0] |
		.address == "02:00:00:00:77:01" and .type == "BRIDGE" and
		.flags[0] == "up"'
	[ "$(crit-x -f records images/ct ns | jq -r 'select(.hostname) |
		"\(.uts_ns) \(.hostname)"')" = '12 corpus-ct' ]
}

@test "addresses, routes and rules: what ip(8) shows" {
	crit-x -f records images/ct routes >"$t/routes"
	# as many messages as the raw images have
	for name in ifaddr:address route:route route6:route rule:rule; do
		od -A n -v -t u1 -w1 "images/ct/${name%:*}-10.img" | awk '
			{ b[n++] = $1 }
			END {
				for (at = 4; at < n; at += size) {
					size = int((b[at] + 256 * b[at + 1] + 3) / 4) * 4
					k++
				}
				print k + 0
			}'
	done | tr '\n' ' ' >"$t/want"
	jq -s '[(map(select(.kind == "address")) | length),
		(map(select(.kind == "route" and .family == "inet")) | length),
		(map(select(.kind == "route" and .family == "inet6")) | length),
		(map(select(.kind == "rule")) | length)] | map(tostring + " ") | add' -r \
		"$t/routes" | tr -d '\n' | cmp - "$t/want"
	for line in 'lo 127.0.0.1/8 host' 'vetha 10.77.1.1/24 global' 'vetha fd00:77::1/64 global'; do
		jq -r 'select(.address) | "\(.dev) \(.address) \(.scope)"' "$t/routes" |
			grep -xF "$line"
	done
	jq -es 'any(.[]; .dest == "192.0.2.0/24" and .gateway == "10.77.1.2" and
		.dev == "vetha" and .table == "main" and .protocol == "boot")' "$t/routes"
	jq -es 'any(.[]; .kind == "rule" and .source == "10.77.1.9" and .table == 100 and
		.priority == 32765)' "$t/routes"
	# cut, of no known magic, of impossible sizes: an error with its place
	cp -r images/ct "$t/bad"
	chmod -R u+w "$t/bad"
	head -c 100 images/ct/ifaddr-10.img >"$t/bad/ifaddr-10.img"
	run --separate-stderr -1 crit-x -f records "$t/bad" routes
	[ "$stderr" = 'crit-x: ifaddr-10.img: offset 80: truncated message' ]
	printf 'abcd' >"$t/bad/ifaddr-10.img"
	run --separate-stderr -1 crit-x -f records "$t/bad" routes
	[ "$stderr" = 'crit-x: ifaddr-10.img: offset 0: no network data of iproute2' ]
	printf '\x22\x12\x36\x47\xff\xff\xff\xff1234123412341234' >"$t/bad/ifaddr-10.img"
	run --separate-stderr -1 crit-x -f records "$t/bad" routes
	[[ $stderr = *'offset 4: impossible size of a message' ]]
	: >"$t/bad/ifaddr-10.img"
	crit-x -f records "$t/bad" routes | jq -es 'all(.kind != "address")'
	run --separate-stderr -2 crit-x routes < <(crit-decode images/ct)
	[[ $stderr = *'routes needs raw images, which a stream of records does not have' ]]
}

@test "signals by name, and timers" {
	crit-x -f records images/timers signals >"$t/signals"
	[ "$(jq -c 'select(.signal == "SIGUSR2") | [.pid,.action,.flags]' "$t/signals" |
		head -n 1)" = '[501,"0x401665",["SIGINFO","RESTORER","RESTART"]]' ]
	# images leave SIGKILL and SIGSTOP out: all after them have other places
	[ "$(entries images/timers 'core-501.img' | jq '[.[1].tc.sigactions[] |
		select(.sigaction != 0 and .sigaction != "0")] | length')" = \
		"$(jq -s 'map(select(.pid == 501 and .signal and .action != "pending")) |
			length' "$t/signals")" ]
	[ "$(crit-x -f records images/timers timers | jq -c 'select(.pid == 501) |
		[.kind,.left,.clock,.signal]' | sed -n '1p;3,4p' | tr '\n' ' ')" = \
		'["real","9000.379245000",null,null] ["posix","999.379112283","realtime","SIGRTMIN"] ["posix","0.000000000","monotonic","SIGALRM"] ' ]
	[ "$(crit-x -f records images/tree threads | jq -c 'select(.tid == 1012) |
		[.pid,.comm,.policy,.nice,.blocked]')" = \
		'[1001,"worker/3","batch",7,["SIGUSR1","SIGRTMIN+3"]]' ]
}

@test "credentials: capabilities by name" {
	crit-x -f records images/tree creds >"$t/creds"
	[ "$(jq -c 'select(.pid == 1007) | [.uid,.euid,.groups]' "$t/creds")" = \
		"$(entries images/tree 'core-1007.img' | jq -c '.[1].thread_core.creds |
			[.uid,.euid,.groups]')" ]
	[ "$(jq -r 'select(.pid == 1001) | .effective | length' "$t/creds")" = \
		"$(entries images/tree 'core-1001.img' | jq '[.[1].thread_core.creds.cap_eff[] |
			recurse(if . > 0 then . / 2 | floor else empty end) % 2] | add')" ]
	jq -es 'map(select(.pid == 1001))[0].effective |
		(index("chown") != null) and (index("sys_admin") != null)' "$t/creds"
}

@test "credentials, System V objects, signals, timers: on all images" {
	for dir in $(checkpoints); do
		ls "$dir"/core-*.img >/dev/null 2>&1 || continue
		alive=$(living "$dir")
		entries "$dir" 'core-*.img' | jq -c --argjson alive "$alive" '
			select(.[0] as $p | $alive | index($p))' >"$t/cores"
		jq -c 'select(.[1].thread_core.creds) | .[0] as $p |
			.[1].thread_core.creds | [$p, .uid, .gid, .euid, .egid,
			(.groups // []), (.cap_eff | map([recurse(if . > 0 then
			. / 2 | floor else empty end) % 2] | add) | add)]' "$t/cores" |
			sort >"$t/want"
		ls "$dir"/creds-*.img >/dev/null 2>&1 ||
			crit-x -f records "$dir" creds | jq -c '[.pid, .uid, .gid, .euid,
				.egid, .groups // [], (.effective | length)]' | sort |
				cmp - "$t/want"
		jq -c '[.[0], ([.[1].tc.sigactions[]? | select(.sigaction | tostring |
			IN("0", "0x0") | not)] | length)] | select(.[1] > 0)' \
			"$t/cores" | sort >"$t/want"
		ls "$dir"/sigacts-*.img >/dev/null 2>&1 || [ ! -s "$t/want" ] ||
			crit-x -f records "$dir" signals | jq -sc 'map(select(
				.action and (.action | IN("pending", "blocked") | not))) |
				group_by(.pid)[] | [.[0].pid, length]' | sort | cmp - "$t/want"
		jq -c '.[0] as $p | .[1].tc.timers.posix[]? |
			[$p, .it_id, .clock_id]' "$t/cores" | wc -l >"$t/want"
		ls "$dir"/posix-timers-*.img >/dev/null 2>&1 ||
			crit-x -f records "$dir" timers | jq -c 'select(.kind == "posix")' |
				wc -l | cmp - "$t/want"
		while read -r kind field key; do
			ls "$dir"/ipcns-"$kind"-*.img >/dev/null 2>&1 || continue
			entries "$dir" "ipcns-$kind-*.img" |
				jq -c ".[1] | [.desc.id, $field]" | sort >"$t/want"
			crit-x -f records "$dir" ipc | jq -c --arg kind "$kind" \
				"select(.kind == \$kind) | [.id, $key]" | sort | cmp - "$t/want"
		done <<-'END'
			shm .size .size
			msg .qnum .messages
			sem .nsems .semaphores
		END
	done
}

@test "old images: limits, timers and signals beside the core" {
	crit-x -f records images/oldstyle limits | jq -es 'length > 0'
	crit-x -f records images/oldstyle-timers timers >"$t/timers"
	[ "$(jq -s length "$t/timers")" -gt 0 ]
	crit-x -f records images/oldstyle-timers signals >"$t/signals"
}

@test "command lines and environments are those of crit-mem" {
	for dir in images/loop images/tree images/incr/3; do
		crit-x -f records "$dir" cmd | jq -c '[.pid,.args]' |
			cmp - <(crit-mem -f records --args "$dir" | jq -c '[.pid,.args]')
		crit-x -f records "$dir" env | jq -c '[.pid,"\(.name)=\(.value)"]' |
			cmp - <(crit-mem -f records --env "$dir" |
				jq -c '.pid as $p | .env[] | [$p,.]')
	done
	[ "$(crit-x images/loop cmd | tail -n 1)" = ' 4242  loop  /srv/corpus/bin/loop' ] ||
	[ "$(crit-x images/loop cmd | tail -n 1)" = '4242  loop  /srv/corpus/bin/loop' ]
	run --separate-stderr -2 crit-x cmd <<<'{}'
	[[ $stderr = *'needs the memory of tasks'* ]]
	run --separate-stderr -1 crit-x images/redis cmd
	[[ $stderr = *'pages-1.img: cannot open'* ]]
}

@test "tables: columns stay straight, whatever is in names" {
	{
		echo '{"image":"pstree.img","magic":"PSTREE","entries":[{"pid":1,"ppid":0,"pgid":1,"sid":1},{"pid":22222,"ppid":1,"pgid":1,"sid":1},{"pid":3,"ppid":1,"pgid":1,"sid":1}]}'
		for comm in 1:plain '22222:\u65e5\u672c' '3:a\u001bb\u0301'; do
			echo '{"image":"core-'"${comm%%:*}"'.img","magic":"CORE","entries":[{"mtype":"X86_64","tc":{"task_state":1,"exit_code":0,"personality":0,"flags":0,"blk_sigset":0,"comm":"'"${comm#*:}"'"}}]}'
		done
	} | crit-x --no-end -f table ps >"$t/table"
	cmp "$t/table" - <<-'END'
		  PID  PPID  PGID  SID  COMM    STATE  THREADS
		    1     0     1    1  plain   Alive
		22222     1     1    1  日本    Alive
		    3     1     1    1  a\x1bb́  Alive
	END
}

@test "mems: paths in records are paths; other keys tell what the text adds" {
	# records have keys for the offset, (s) and * of the text
	for dir in images/redis images/mem; do
		crit-x -f records $dir mems >"$t/records"
		crit-x $dir mems >"$t/text"
		jq -r 'select(.start) | (.path // "") as $path |
			((.status | contains("VMA_FILE_")) and .pgoff > 0) as $offset |
			"\(.pid) \($path)\(if $offset then " +" else "" end)" +
			(if (.status | contains("VMA_FILE_SHARED"))
				then " (s)" else "" end) +
			if (.status | contains("VMA_AREA_REGULAR"))
				then "" else " *" end' "$t/records" |
			sed 's/^\([0-9]*\) *$/\1/; s/  */ /g' >"$t/made"
		awk '/^[0-9]/ { pid = $1; next } $1 != "exe" { print pid, substr($0, 42) }' \
			"$t/text" | sed 's/ + 0x[0-9a-f]*/ +/; s/  */ /g; s/ $//' |
			cmp - "$t/made"
	done
}

@test "tables: cut in the middle to the width; sizes" {
	for width in 80 90 160; do
		COLUMNS=$width crit-x -f table images/redis mems >"$t/table"
		[ "$(wc -L <"$t/table")" -le $width ]
	done
	COLUMNS=80 crit-x -f table images/redis mems | grep >/dev/null '…'
	crit-x -f table images/redis mems | grep >/dev/null '/usr/bin/redis-check-rdb + 0x5f000$'
	crit-x -f table images/redis mems | grep >/dev/null ' 380.0K '
	crit-x -f table --bytes images/redis mems | grep >/dev/null ' 389120 '
	# addresses where text has INETSK.24
	crit-x -f table images/redis fds | grep >/dev/null ' TCP 127.0.0.1:6390 LISTEN  '
	crit-x images/redis fds | grep >/dev/null ' INETSK.24$'
	# as many rows as records
	for what in ps fds sk rss; do
		[ "$(crit-x -f table images/sock $what | wc -l)" = \
			"$(crit-x -f records images/sock $what | wc -l | awk '{ print $1 + 1 }')" ]
	done
}

# answers : the records of all that answers in records, of all checkpoints
answers() {
	local dir what mode
	for dir in $(checkpoints) images/ipc; do
		for what in $(crit-x -f json images/loop all | jq -r 'keys[]'); do
			crit-x -H -f records "$dir" "$what"
		done
		for mode in '' --runs '--sizes --zero-pages --equal-pages' --args \
			--env --auxv '-c 1 -s bin'; do
			crit-mem -H -f records $mode "$dir"
		done
		crit-info "$dir"
		crit-info --summary -f records --zero-pages "$dir"
		crit-check -f records "$dir"
		crit-diff -f records --pages images/incr/1 "$dir"
	done 2>/dev/null || :
	crit-x -f records archives/podman-redis.tar.zst container
}

@test "a lock has the path of its descriptor" {
	n=0
	for dir in $(checkpoints); do
		crit-x -f records "$dir" fds >"$t/fds" 2>"$t/said" || continue
		crit-x -f records "$dir" locks >"$t/locks"
		jq -e --slurpfile fds "$t/fds" '. as $l | [$fds[] | select(.pid == $l.pid and
			.fd == $l.fd)][0].path == .path' "$t/locks" >"$t/same"
		n=$((n + $(grep -c true "$t/same" || :)))
		! grep -v true "$t/same" || false
	done
	[ $n -ge 3 ]
	# a descriptor that the task does not have, no files: no path
	crit-decode images/files | jq -c 'if .magic == "FILE_LOCKS" then
		.entries[].fd = 999 else . end' | crit-x -f records locks >"$t/locks"
	jq -se 'length == 3 and all(.[]; has("path") | not)' "$t/locks"
}

@test "all: one message for one image, however many questions need it" {
	cp -r images/loop "$t/loop"
	chmod -R u+w "$t/loop"
	rm "$t"/loop/{mm-*,files.img}
	run --separate-stderr -1 crit-x -f json "$t/loop" all
	[ "$(sort <<<"$stderr")" = "crit-x: files.img: no such image
crit-x: mm-4242.img: no such image" ]
	jq -e '.ps != null and .fds != null' <<<"$output"
	rm "$t/loop/pstree.img"
	run --separate-stderr -1 crit-x -f json "$t/loop" "$t/loop" all
	[ "$(grep -c 'pstree.img: no such image$' <<<"$stderr")" = 2 ]
	[ "${#stderr_lines[@]}" = 2 ]
}

@test "one word for one thing: the records have those of crit-stream(5)" {
	awk '/^# / { on = /RECORDS OF ANSWERS/ } on' \
		"$CRIT_ROOT/share/man/crit-stream.5.scd" |
		grep -xE '(\*[a-z_0-9]+\*(, |$))+' | grep -o '\*[a-z_0-9]*\*' | tr -d '*' | sort >"$t/listed"
	sed -n 's/^\*\([a-z_0-9]*\)\*$/\1/p' \
		"$CRIT_ROOT/share/man/crit-summary.5.scd" >"$t/columns"
	[ -z "$(uniq -d "$t/listed")" ]
	answers >"$t/answers"
	# entries of images, and what others write, have words of their own
	jq -r 'def words: if type == "object" then to_entries[] | .key,
			(select(.key | IN("file", "info", "inode", "values", "fields",
				"annotations", "mounts", "checkpoint_size") | not) |
			.value | words) elif type == "array" then .[] | words
		else empty end;
		if has("bytes_pages") then words | "summary " + . else words end' \
		"$t/answers" | sort -u >"$t/words"
	# of the common ones, some record has each
	for word in pid start end prot path offset pages bytes image field kind; do
		grep -qx $word "$t/words"
	done
	[ "$(comm -23 <(grep -v '^summary ' "$t/words") "$t/listed")" = "" ]
	[ "$(comm -23 <(sed -n 's/^summary //p' "$t/words") \
		<(sort "$t/columns"))" = "" ]
}
