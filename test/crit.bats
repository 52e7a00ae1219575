# SPDX-License-Identifier: MIT
# The historical command lines: all ways in and out, on every image of dumps.

bats_require_minimum_version 1.5.0

setup() {
	cd "${CRIT_ROOT:-$BATS_TEST_DIRNAME/..}/test" || return 1
	t=$BATS_TEST_TMPDIR
	dumps="images/loop images/files"
}

each_image() {
	for dir in $dumps; do
		for image in "$dir"/*.img "$dir"/stats-dump; do
			case $image in
			*/pages-*.img | */*.gz.img | *'*'*) continue ;;
			esac
			[ -s "$image" ] && "$1" "$image"
		done
	done
}

# Each way in and out gives the same, and the way back the image.
all_ways() {
	crit decode -i "$1" -o "$t/json"
	crit decode -i "$1" >"$t/line"
	crit decode <"$1" | cmp - "$t/line"
	crit decode -o "$t/in" <"$1"
	cmp "$t/in" "$t/json"
	[ "$(cat "$t/line")" = "$(cat "$t/json")" ]
	[ "$(wc -c <"$t/line")" = $(($(wc -c <"$t/json") + 1)) ]

	crit encode -i "$t/json" -o "$t/img"
	cmp "$t/img" "$1"
	crit encode -i "$t/json" | cmp - "$1"
	crit encode <"$t/json" | cmp - "$1"
	crit encode -o "$t/img2" <"$t/line"
	cmp "$t/img2" "$1"
	crit decode <"$1" | crit encode | cmp - "$1"
}

pretty_ways() {
	crit decode --pretty -i "$1" -o "$t/json"
	crit encode -i "$t/json" | cmp - "$1"
	crit decode --pretty <"$1" >"$t/out"
	[ "$(cat "$t/out")" = "$(cat "$t/json")" ]
	crit show "$1" | cmp - "$t/out"
	crit show --nopl "$1" | jq -e .magic >"$t/magic"
	crit info "$1" | jq -e .count >/dev/null
}

@test "usage: what is wrong is named" {
	run -2 crit foo
	[[ ${lines[-1]} = *'no such command: foo' ]]
	run -2 crit decode bar
	[[ ${lines[-1]} = *'unrecognized arguments: bar' ]]
	run -2 crit show --baz x
	[[ ${lines[-1]} = *'unrecognized arguments: --baz' ]]
}

@test "decode and encode: stdin, stdout, -i, -o, every image" {
	each_image all_ways
}

@test "pretty, show, info: every image" {
	each_image pretty_ways
}

@test "x DIR WHAT" {
	for what in ps fds mems rss; do
		crit x images/loop $what | cmp - golden/loop/x-$what.txt
	done
	# words that only go-criu has: its JSON
	for what in sk fd mem; do
		crit x images/loop $what | cmp - <(crit-x -f json images/loop $what)
		crit x images/loop $what | jq -e 'type == "array"' >/dev/null
		crit x -f records images/loop $what |
			cmp - <(crit-x -f records images/loop $what)
	done
	cp -r images/loop "$t/fd"
	(cd "$t" && crit x fd ps) | cmp - golden/loop/x-ps.txt
	crit x -f records images/tree ps | jq -e .pid >/dev/null
}

@test "crit help; crit encode writes to a terminal" {
	crit help | cmp - <(crit --help)
	type script >/dev/null || skip 'no script'
	crit decode -i images/loop/pstree.img >"$t/doc"
	script -qec "crit encode -i $t/doc" /dev/null </dev/null >"$t/typed"
	# the terminal writes carriage returns; there are no line feeds in this one
	cmp images/loop/pstree.img "$t/typed"
	script -qec "crit-encode -i $t/doc" /dev/null </dev/null >"$t/typed" || :
	grep -q terminal "$t/typed"
}

@test "spellings of both crits" {
	crit decode -i images/loop/mm-*.img >"$t/want"
	crit decode --pretty -i images/loop/mm-*.img >"$t/pretty"
	for in in --in --input --inp "--in="; do
		if [[ $in = *= ]]; then
			crit decode "$in$(echo images/loop/mm-*.img)" | cmp - "$t/want"
		else
			crit decode $in images/loop/mm-*.img | cmp - "$t/want"
		fi
	done
	for out in --out --output --outp -o; do
		rm -f "$t/out"
		crit decode $out "$t/out" -i images/loop/mm-*.img
		[ "$(cat "$t/out")" = "$(cat "$t/want")" ]
	done
	for pretty in --pretty --pre --p; do
		crit decode $pretty -i images/loop/mm-*.img | cmp - "$t/pretty"
	done
	crit show --no images/loop/mm-*.img >/dev/null
}

@test "statuses" {
	for args in "foo" "show" "info" "x" "show a b" "decode extra" \
		"encode --pretty" "decode --nope" "x images/loop zz"; do
		run crit $args
		[ "$status" = 2 ]
	done
	for args in "decode -i none" "show none" "info none" "x none ps" \
		"decode -i ../Makefile"; do
		run crit $args
		[ "$status" = 1 ]
	done
	for args in "-h" "--help" "decode -h" "show --help" "x -h" "--version"; do
		run -0 --separate-stderr crit $args
		[[ $output = *crit* && -z $stderr ]]
	done
	run crit encode <<<'{"magic":"NOPE","entries":[]}'
	[ "$status" = 1 ]
}

@test "the filters beside it come before those in PATH" {
	mkdir "$t/bin" "$t/other"
	cp "$(command -v crit)" "$t/bin/crit"
	printf '#!/bin/sh\necho beside\n' >"$t/bin/crit-info"
	printf '#!/bin/sh\necho path\n' >"$t/other/crit-info"
	chmod +x "$t"/*/crit-info
	[ "$(PATH=$t/other:$PATH "$t/bin/crit" info x)" = beside ]
	rm "$t/bin/crit-info"
	[ "$(PATH=$t/other:$PATH "$t/bin/crit" info x)" = path ]
}

@test "crit NAME runs crit-NAME, and crit alone lists them" {
	crit >"$t/list"
	for source in ../filters/crit-*.c; do
		name=${source##*/crit-}
		grep -qE "^  ${name%.c} +[a-zA-Z]" "$t/list"
	done
	[ "$(grep -c '^  ' "$t/list")" = "$(ls ../filters/crit-*.c | wc -l)" ]
	crit mem --args images/loop | cmp - <(crit-mem --args images/loop)
	crit check --version | grep -q '^crit-check '
	run crit mem
	[ "$status" = 2 ]
	mkdir -p "$t/more"
	printf '#!/bin/sh\nprintf "%%s|" "$@"; exit 7\n' >"$t/more/crit-own"
	chmod +x "$t/more/crit-own"
	run env PATH="$t/more:$PATH" crit own 'a b' --in-place -h
	[ "$status $output" = '7 a b|--in-place|-h|' ]
	for name in nope '' a/b ../crit-x; do
		run -2 crit "$name"
		[[ $output = *'no such command'* ]]
	done
}
