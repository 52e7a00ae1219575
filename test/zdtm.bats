#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 100 checkpoints of CRIU's own tests, without their pages: each image comes back
# byte for byte, and explorers answer the same from directories and streams.

bats_require_minimum_version 1.5.0

setup() {
	set -o pipefail
	cd "${CRIT_ROOT:-$BATS_TEST_DIRNAME/..}/test" || return 1
	t=$BATS_TEST_TMPDIR
	zstd -dc --long=27 images/zdtm.tar.zst | tar x -C "$BATS_TEST_TMPDIR"
}

checkpoints() {
	(cd "$t" && find . -name pstree.img -printf '%h\n' | sort)
}

@test "each image comes back byte for byte" {
	[ "$(checkpoints | wc -l)" = 100 ]
	for dir in $(checkpoints); do
		n=$(crit-decode "$t/$dir" | tail -n 1 | jq .end.images)
		for options in '' '-f yaml' '-f yaml -p'; do
			# shellcheck disable=SC2086
			crit-decode $options "$t/$dir" | crit-encode -d "$t/back"
			for image in "$t/back"/*; do
				cmp "$image" "$t/$dir/${image##*/}"
			done
			[ "$(ls "$t/back" | wc -l)" = "$n" ]
			rm -r "$t/back"
		done
	done
}

@test "explorers: status 0, from directories and streams the same bytes" {
	for dir in $(checkpoints); do
		crit-decode "$t/$dir" >"$t/stream"
		for what in ps fds mems rss sk; do
			for format in text records; do
				crit-x -f $format "$t/$dir" $what >"$t/answer"
				crit-x -f $format $what <"$t/stream" |
					cmp - "$t/answer"
			done
		done
	done
}

@test "the others: status 0, and rows are numbers of jq" {
	for dir in $(checkpoints); do
		for what in creds ipc limits locks mounts net ns signals threads \
				timers; do
			crit-x -f records "$t/$dir" $what >"$t/$what"
		done
		[ "$(jq -s length "$t/threads")" = "$(crit-x -f records "$t/$dir" ps |
			jq -s 'map(select(.state == "Alive" or .state == "Stopped") |
				.threads | length) | add')" ]
	done
}
