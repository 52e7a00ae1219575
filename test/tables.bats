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
			jq -s 'map(.nr_pages) | add')"
}

@test "what is no column, no number, no table is a usage error" {
	run --separate-stderr -2 crit-x --sort nme images/redis fds
	[ "$stderr" = "crit-x: no column 'nme' to sort by (pid, fd, type, id, flags, path)" ]
	[ -z "$output" ]
	for n in 0 -1 x 1x ''; do
		run --separate-stderr -2 crit-x --top "$n" images/redis fds
	done
	for format in json records; do
		run --separate-stderr -2 crit-x -f $format --sort fd images/redis fds
		[[ $stderr = *'are of tables'* ]]
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
	! grep "$(printf '\033')\|…" "$t/out"
}

@test "colour: NO_COLOR that is not empty, and a TERM that is dumb" {
	esc=$(printf '\033')
	command='crit-x -f table images/files fds'
	for no in 'NO_COLOR=1' 'NO_COLOR=0' 'TERM=dumb' 'TERM='; do
		! terminal 80 "env $no $command" | grep "$esc"
	done
	terminal 80 "env NO_COLOR= $command" | grep >/dev/null "$esc"
}
