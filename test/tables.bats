#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Tables: order, the first rows, totals, and what a terminal changes.

bats_require_minimum_version 1.5.0

setup() {
	set -o pipefail
	cd "${CRIT_ROOT:-$BATS_TEST_DIRNAME/..}/test" || return 1
	t=$BATS_TEST_TMPDIR
	export TERM=xterm
	unset COLUMNS NO_COLOR
}

# terminal WIDTH COMMAND : what it writes to a terminal so wide
terminal() {
	script -qec "stty -onlcr cols $1 rows 24; $2" /dev/null </dev/null
}

@test "sorted by a column: sizes largest first, all else ascending" {
	crit-x -f records images/redis mems | jq -r 'select(.size).size' |
		sort -nr >"$t/want"
	crit-x --bytes --sort size images/redis mems |
		awk 'NR > 1 { print $4 }' | cmp - "$t/want"
	# the other way round; by the number, not by 4.0K
	crit-x --sort -size images/redis mems | sed -n '2p;$p' |
		awk '{ printf "%s ", $4 }' | grep -x '4.0K 8.0M '
	crit-x --bytes --sort=-size images/redis mems |
		awk 'NR > 1 { print $4 }' | cmp - <(sort -n "$t/want")
	# texts, and hexadecimal numbers of different lengths
	crit-x -f table --sort type images/files fds | awk 'NR > 1 { print $3 }' |
		LC_ALL=C sort -c
	crit-x --sort START images/loop mems | awk 'NR > 1 { print $2 }' |
		sed 's/0x//' | awk '{ printf "%16s\n", $1 }' | LC_ALL=C sort -c
	# rows without the column come last either way
	for sort in fd -fd; do
		crit-x -p 20001 --sort $sort images/redis fds | tail -n 2 |
			awk '{ print $2 }' | sort | tr '\n' ' ' | grep -x 'cwd root '
	done
	crit-x -p 20001 --sort -fd images/redis fds | awk 'NR > 1 { print $2 }' |
		head -n 3 | tr '\n' ' ' | grep -x '7 6 5 '
}

@test "the first rows, and totals of all" {
	[ "$(crit-x --top 3 images/redis mems | wc -l)" = 4 ]
	[ "$(crit-x --top 3000 images/redis mems | wc -l)" = \
		"$(crit-x -f table images/redis mems | wc -l)" ]
	sum=$(crit-x -f records images/redis mems | jq -s 'map(.size // 0) | add')
	for args in '' '--top 2' '--sort size --top 2'; do
		crit-x --bytes --total $args images/redis mems | tail -n 1 |
			awk '{ print $1, $2 }' | grep -x "total $sum"
	done
	crit-x --total images/redis rss | tail -n 1 | awk '{ print $2 }' |
		grep -x "$(crit-x -f records images/redis rss |
			jq -s 'map(.pages) | add')"
}

@test "what is no column, no number, no table is a usage error" {
	run --separate-stderr -2 crit-x --sort nme images/redis fds
	[ "$stderr" = "crit-x: no column 'nme' to sort by (pid, fd, type, flags, path, res, id)" ]
	[ -z "$output" ]
	run --separate-stderr -2 crit-x --sort -flag images/redis fds
	[ "$stderr" = "crit-x: no column 'flag' to sort by (did you mean flags?)" ]
	for n in 0 -1 x 1x ''; do
		run --separate-stderr -2 crit-x --top "$n" images/redis fds
	done
	for format in json records; do
		run --separate-stderr -2 crit-x -f $format --sort fd images/redis fds
		[[ $stderr = *'need a table'* ]]
	done
}

@test "a terminal: its width, and a header that stands out" {
	for width in 80 132; do
		terminal $width 'crit-x -f table images/redis mems' >"$t/out"
		sed 's/\x1b\[[0-9]*m//g' "$t/out" >"$t/plain"
		[ "$(wc -L <"$t/plain")" -le $width ]
		grep >/dev/null '…' "$t/plain" || [ $width = 132 ]
		head -n 1 "$t/out" | grep >/dev/null "^$(printf '\033')\[1m.*$(printf '\033')\[0m"
		[ "$(grep -c "$(printf '\033')" "$t/out")" = 1 ]
	done
	# not a terminal: nothing is cut, nothing is coloured
	crit-x -f table images/redis mems >"$t/out"
	! grep "$(printf '\033')\|…" "$t/out" || false
}

@test "an empty table says so on a terminal; a checkpoint alone is half a question" {
	terminal 80 'crit-x images/redis mounts' | grep -x 'crit-x: mounts: nothing in these images'
	run --separate-stderr crit-x images/redis mounts
	[ "$output$stderr" = '' ]
	run --separate-stderr -2 crit-x images/redis
	[ "${stderr%%$'\n'*}" = 'crit-x: missing argument: WHAT' ]
	[[ $stderr = *'crit-x --tree DIR ps'* ]]
	run --separate-stderr -2 crit-draw
	[ "${stderr%%$'\n'*}" = 'crit-draw: missing argument: WHAT' ]
	run --separate-stderr -2 crit-core
	[[ $stderr = *'Usage: crit-core'* ]]
}

@test "colour: NO_COLOR that is not empty, and a TERM that is dumb" {
	esc=$(printf '\033')
	command='crit-x -f table images/files fds'
	for no in 'NO_COLOR=1' 'NO_COLOR=0' 'TERM=dumb' 'TERM='; do
		! terminal 80 "env $no $command" | grep "$esc" || false
	done
	terminal 80 "env NO_COLOR= $command" | grep >/dev/null "$esc"
}

@test "descriptors: deleted files, names of terminals and memory, CRIU's names" {
	# deleted: those that remap-fpath.img tells of
	for dir in images/files images/ct images/deadproc images/ghostsparse; do
		crit-decode "$dir/remap-fpath.img" | jq -c '.entries[] |
			select(.remap_type != "PROCFS").orig_id' | sort -u >"$t/ids"
		[ -s "$t/ids" ] || [ "$dir" = images/deadproc ]
		crit-x -f records "$dir" fds |
			jq -c 'select(.deleted).id' | sort -u >"$t/got"
		[ -z "$(comm -13 "$t/ids" "$t/got")" ]
		[ "$(crit-x -f records "$dir" fds | jq -s --slurpfile ids "$t/ids" '
			map(select(.type == "REG" and (.id | IN($ids[])))) | length')" = \
			"$(crit-x -f table "$dir" fds | grep -c ' (deleted) ')" ]
	done
	crit-x -f table images/files fds >"$t/files"
	grep -q 'ghost.dat (deleted)  ' "$t/files"
	for text in 'rw  *memfd:my memfd  */memfd:my memfd ' 'rw,cloexec  *eventfd 3 ' \
		'r,nonblock  *inotify of 3 watches' 'eventpoll of 5 files' \
		'rw,append,cloexec  */srv/corpus/run/files/append.log ' \
		' signalfd SIGUSR1 SIGRTMIN+5 SIGRTMIN+30 '; do
		grep -q -- "$text" "$t/files" || { echo "$text"; return 1; }
	done
	! grep ' [A-Z]*[.][0-9]' "$t/files" || false
	crit-x -f table images/tty fds | grep >/dev/null ' /dev/pts/1  *tty\[8801:27\] '
	crit-x -f table images/ct fds >"$t/ct"
	grep -q ' net namespace 10 ' "$t/ct"
	grep -q ' tun tapc1 ' "$t/ct"
	crit-x -f table images/pidfd fds | grep >/dev/null ' pidfd 8103 '
	crit-x -f table images/sock fds | grep >/dev/null ' unix DGRAM sock.dgram ESTABLISHED '
	crit-x -f records images/tty fds >"$t/tty"
	jq -es 'map(select(.info.dev)) | length > 3 and
		all(.[]; .res | test("^tty\\[[0-9a-f]+:[0-9a-f]+\\]$"))' "$t/tty"
	crit-x -f records images/files fds | jq -es '
		map(select(.type == "PIPE")) | length > 3 and
		all(.[]; .res == "pipe:[\(.file.pipe_id)]")'
	crit-x -f records images/sock fds | jq -es '
		map(select(.type == "UNIXSK")) | length > 3 and
		all(.[]; .res == "socket:[\(.file.ino)]")'
	crit-x -f records images/files fds | jq -es '
		map(select(.type == "REG" and has("fd"))) | length > 3 and
		all(.[]; .res == .path[1:])'
	crit-decode images/loop | jq -c 'if .image == "files.img" then
		.entries[].reg |= (select(.) | .ext = true | .name = "file[1f:2a]") else . end' |
		crit-encode -d "$t/external"
	crit-x -f records "$t/external" fds | jq -es 'all(.[]; .at or .res == "file[1f:2a]")'
}

@test "all: one document, of what each says as JSON" {
	for dir in images/tree images/files images/ct images/sock images/oldstyle; do
		crit-x "$dir" all >"$t/all" || [ "$dir" != images/tree ]
		for what in $(jq -r 'keys[]' "$t/all"); do
			[ "$what" != container ] || continue
			crit-x -f json "$dir" "$what" >"$t/one" 2>/dev/null || :
			jq -S . "$t/one" >"$t/want"
			[ -s "$t/want" ] || echo null >"$t/want"
			jq -S ".$what" "$t/all" | cmp - "$t/want"
		done
		[ "$(jq -c .container "$t/all")" = null ]
	done
	# as many as --help lists
	[ "$(jq -r 'keys[]' "$t/all" | wc -l)" = "$(crit-x --help |
		sed -n '/WHAT is one of/,/^Unread/p' | grep -c '^  [a-z]*[ ,]' |
		awk '{ print $1 - 1 }')" ]
	crit-x images/tree images/files all >"$t/two" || :
	jq -rs 'map(.checkpoint + " " + (.all.ps | type)) | .[]' "$t/two" | tr '\n' ' ' |
		grep -x 'images/tree object images/files object '
	run -2 crit-x -f table images/tree all
	run -2 crit-x all < <(crit-decode images/tree)
}

@test "each explorer's numbers are those of the records, on all images" {
	for pstree in images/*/pstree.img; do
		dir=${pstree%/*}
		case $dir in
		*synthetic) continue ;;		# has no cores
		esac
		crit-decode "$dir" 2>/dev/null | jq -c 'select(.image)' >"$t/records"
		# tasks that are alive or stopped
		alive=$(jq -c 'select(.magic == "CORE" and .entries[0].tc) |
			select(.entries[0].tc.task_state |
				IN(1, 3, "Alive", "Stopped", "TASK_ALIVE", "TASK_STOPPED")) |
			.image | capture("(?<n>[0-9]+)").n | tonumber' "$t/records" |
			jq -sc .)
		jq -c 'select(.magic == "PSTREE").entries[] | [.pid, .ppid, .pgid, .sid]' \
			"$t/records" | sort >"$t/want"
		crit-x -f records "$dir" ps | jq -c '[.pid, .ppid, .pgid, .sid]' |
			sort | cmp - "$t/want"
		jq -c --argjson alive "$alive" 'select(.magic == "MM") |
			(.image | capture("(?<n>[0-9]+)").n | tonumber) as $p |
			select($p | IN($alive[])) | .entries[].vmas[]? |
			[$p, .shmid, .pgoff]' "$t/records" | sort >"$t/want"
		[ ! -s "$t/want" ] || crit-x -f records "$dir" mems 2>/dev/null |
			jq -c 'select(.start and (.status | contains("GUARD") | not)) |
				[.pid, .shmid, .pgoff]' | sort | cmp - "$t/want"
		jq -c --argjson alive "$alive" 'select(.magic == "PAGEMAP") |
			(.image | capture("(?<n>[0-9]+)").n | tonumber) as $p |
			select((.image | startswith("pagemap-shmem") | not) and
				($p | IN($alive[]))) | .entries[] |
			select(has("vaddr")) |
			[$p, (.vaddr | tonumber), .nr_pages // .compat_nr_pages]' \
			"$t/records" | sort >"$t/want"
		crit-x -f records "$dir" rss 2>/dev/null |
			jq -c 'def hex: ltrimstr("0x") | explode | reduce .[] as $c
				(0; . * 16 + if $c > 96 then $c - 87 else $c - 48 end);
				[.pid, (.start | hex), .pages]' | sort | cmp - "$t/want"
		# descriptors: as many of each type, for each table and each who has it
		jq -c 'select(.magic == "FDINFO") | .entries[] | [.fd, .id, .type]' \
			"$t/records" | sort -u >"$t/want"
		crit-x -f records "$dir" fds 2>/dev/null | jq -c 'select(.fd) |
			[.fd, .id, .type]' | sort -u | cmp - "$t/want"
		jq -r 'select(.[2] | IN("INETSK","UNIXSK","PACKETSK","NETLINKSK")) | tojson' \
			"$t/want" >"$t/sockets"
		crit-x -f records "$dir" sk 2>/dev/null | jq -c '[.fd, .id, .fd_type]' |
			sort -u | cmp - "$t/sockets"
	done
}

@test "the map, --sizes, --runs and searches of crit-mem as tables" {
	crit-mem -f records images/redis >"$t/map"
	crit-mem -f table --bytes images/redis >"$t/table"
	awk 'NR > 1 { print $1, $2, $3, $4 }' "$t/table" |
		cmp - <(jq -r '"\(.pid) \(.start) \(.end) \(.prot)"' "$t/map")
	[ "$(crit-mem --bytes --total images/redis | tail -n 1 | awk '{ print $NF }')" = \
		"$(jq -s 'map(.bytes) | add' "$t/map")" ]
	[ "$(crit-mem --bytes --sort bytes --top 1 images/redis | awk 'END { print $2 }')" = \
		"$(jq -rs 'max_by(.bytes).start' "$t/map")" ]
	crit-mem --runs -f table images/redis | awk 'NR > 1 { print $2 }' |
		cmp - <(crit-mem --runs -f records images/redis | jq -r .start)
	crit-mem --sizes -f table --top 2 images/redis >"$t/sizes"
	[ "$(wc -l <"$t/sizes")" = 14 ]
	head -n 2 "$t/sizes" | tail -n 1 | grep >/dev/null '^ *1.8M  61.7%  20001  anon '
	crit-mem -f table --args images/loop | grep >/dev/null '^4242  /srv/corpus/bin/loop$'
	crit-mem -f table -s ELF images/loop | grep >/dev/null ' \[vdso\] '
	run --separate-stderr -2 crit-mem -f records --top 2 images/redis
	run --separate-stderr -2 crit-mem -f table --all images/loop
	# a name that is not UTF-8, and one of control bytes
	crit-decode images/loop | jq -c 'if .image == "files.img" then
		.entries[].reg |= (select(.) | .name = if .id == 1 then
		{base64: "L/9hYg=="} else "/a\u0007\"\\漢" end) else . end' |
		crit-encode -d "$t/odd"
	crit-mem -f table "$t/odd" | grep >/dev/null -F ' /\xffab'
	crit-mem --bytes --sizes -f table "$t/odd" | grep >/dev/null -F ' /\xffab '
	crit-x -f table "$t/odd" fds | grep >/dev/null -F ' /a\x07"\漢 '
}

@test "images and summaries as tables" {
	for dir in loop ct redis; do
		crit-info images/$dir >"$t/lines"
		crit-info --bytes -f table images/$dir | awk 'NR > 1 { print $1, $NF }' |
			cmp - <(jq -r '"\(.image) \(.size)"' "$t/lines")
	done
	[ "$(crit-info --bytes --total --top 1 --sort size images/redis |
		awk 'END { print $NF }')" = "$(crit-info images/redis | jq -s 'map(.size) | add')" ]
	run --separate-stderr -1 crit-info --summary --bytes -f table images/loop images/none images/ct
	[ "$(wc -l <<<"$output")" = 4 ]
	crit-info --summary -f records images/loop images/ct |
		jq -r '"\(.checkpoint) \(.tasks) \(.bytes)"' >"$t/want"
	awk '/^images/ && !/none/ { print $1, $2, $(NF - 1) }' <<<"$output" | cmp - "$t/want"
	grep -q '^images/none .*cannot open' <<<"$output"
	run -2 crit-info -f json --top 1 --summary images/loop
}

@test "names that JSON escapes: quotes, pairs of surrogates, bytes that are no text" {
	name=$'a\U1F600"\u00fc\\b.tar'
	tar -cf "$t/$name" -C images loop
	cp "$t/$name" "$t/"$'n\xff.tar'
	cd "$t"
	crit-info --summary -f table ./a*.tar | awk 'NR == 2 { print $1 }' |
		cmp - <(echo "./$name")
	crit-info --summary -f table ./n*.tar | awk 'NR == 2 { print $1 }' |
		grep -Fx './n\xff.tar'
}

@test "ps: whose each task is" {
	crit-x -f table images/tree ps | awk 'NR > 1 { print $1, $5 }' | sort >"$t/got"
	crit-x -f records images/tree creds | jq -r '"\(.pid) \(.uid)"' | sort |
		comm -23 - "$t/got" | cmp - /dev/null
	grep -x '1007 2000' "$t/got"
}

@test "ps --tree: branches, of lines only on a terminal of UTF-8" {
	crit-x --tree images/tree ps >"$t/ascii"
	[ "$(awk 'NR > 1 { print $1 }' "$t/ascii" | tr '\n' ' ')" = \
		'1001 1003 1006 1004 1005 1007 1009 ' ]
	for line in ' tree-root ' ' |- sess-leader ' ' |  `- grandkid ' ' |- stopped ' \
		' |- zombie  *Dead  *exit 3$' ' `- nice-one '; do
		grep -q -- "$line" "$t/ascii"
	done
	for locale in LC_ALL=en_US.UTF-8 LC_CTYPE=C.utf8 LANG=de_DE.UTF-8; do
		terminal 100 "env -u LC_ALL -u LC_CTYPE -u LANG $locale \
			crit-x --tree images/tree ps" >"$t/box"
		grep -q ' ├─ sess-leader ' "$t/box"
		grep -q ' │  └─ grandkid ' "$t/box"
		sed 's/\x1b\[[0-9]*m//g; s/├─/|-/; s/└─/`-/; s/│/|/' "$t/box" |
			cmp - "$t/ascii"
	done
	terminal 100 'env LC_ALL=C LANG=C.UTF-8 crit-x --tree images/tree ps' |
		grep >/dev/null ' |- stopped '
	# deep ones end where a line does
	crit-decode images/loop | jq -c 'if .image == "pstree.img" then
		.entries[0].pid as $p | ., (range(100) as $i | .entries[0] |= (.pid = 5000 + $i |
			.threads = [.pid] | .ppid = if $i == 0 then $p else .pid - 1 end))
		elif .end then .end = {} else . end' |
		crit-encode --no-end -d "$t/deep" 2>/dev/null
	crit-x --tree "$t/deep" ps >"$t/out" 2>/dev/null || :
	grep -q '(68)   *`- $' "$t/out" || grep -q '(68) ' "$t/out"
	[ "$(wc -L <"$t/out")" -lt 200 ]
	for args in 'fds' '-f json ps' '--sort pid ps'; do
		run -2 crit-x --tree images/tree $args
	done
	[ "${lines[0]}" = 'crit-x: --tree works only with ps as a table, without --sort' ]
}

# CRIT_UPDATE=1 writes them anew.
@test "golden tables at widths 80 and 132" {
	for width in 80 132; do
		for name in tree.ps tree.threads files.fds redis.mems oddnames.fds \
			sock.fds tty.fds redis.rss sock.sk ct.mounts ct.net ct.routes tree.creds \
			files.locks timers.timers redis.map redis.sizes ct.images \
			ct.summary; do
			what=${name#*.} dir=images/${name%.*}
			case $what in
			map) set -- crit-mem -f table "$dir" ;;
			sizes) set -- crit-mem -f table --sizes "$dir" ;;
			images) set -- crit-info -f table "$dir" ;;
			summary) set -- crit-info --summary -f table "$dir" images/tree ;;
			*) set -- crit-x -f table "$dir" "$what" ;;
			esac
			COLUMNS=$width "$@" >"$t/table"
			[ -z "${CRIT_UPDATE-}" ] || cp "$t/table" "tables/golden/$name.$width"
			cmp "$t/table" "tables/golden/$name.$width"
			[ "$(wc -L <"$t/table")" -le $width ]
		done
	done
}
