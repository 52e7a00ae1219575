#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# share/fleet/ over 28 archives, 3 of them cut: what needs no packages, so that
# make check runs it; the engines are in test/fleet/engines.bats.

bats_require_minimum_version 1.5.0
set -o pipefail

setup_file() {
	. "$CRIT_ROOT/test/fleet/common"
	fleet_setup
}

setup() {
	. "$CRIT_ROOT/test/fleet/common"
	t=$BATS_TEST_TMPDIR
}

@test "rows: one file an archive, damage is a row" {
	xargs -d '\n' "$fleet/rows" "$t/out" summary <"$d/list" 2>/dev/null
	complete "$t/out"
	[ "$(cat "$t"/out/summary/* | jq -s 'map(select(.error)) | length')" = 3 ]
	run ! --separate-stderr "$fleet/rows" "$t/out" nonsense a.tar
	[[ $stderr == *usage:* ]]
	[ -z "$(ls -A "$t/out/nonsense")" ]
}

@test "rows: a worker that is killed, and the same command again" {
	dies_after 9 "$t/out" '$PPID'
	run ! env PATH="$t/bin:$PATH" xargs -d '\n' "$fleet/rows" "$t/out" summary \
		<"$d/list" 2>/dev/null
	[ "$(ls "$t/out/summary"/*.jsonl | wc -l)" = 9 ]
	xargs -d '\n' "$fleet/rows" "$t/out" summary <"$d/list" 2>/dev/null
	rm "$t/out/summary"/.new.*
	complete "$t/out"
}

@test "slice: all lines, each once" {
	for i in 0 1 2; do
		"$fleet/slice" $i 3 <"$d/list" >"$t/$i"
		[ "$(wc -l <"$t/$i")" -ge 9 ]
	done
	sort "$t"/[012] | cmp - "$d/list"
}

@test "job.yaml: the command of its pods" {
	command=$(awk '/- \|$/ { on = 1; next } /^ *env:/ { on = 0 } on' \
		"$fleet/job.yaml")
	[ -n "$command" ]
	for i in {0..7}; do
		FLEET=$fleet COUNT=8 LIST=$d/list OUT=$t/out TABLE=summary \
			JOB_COMPLETION_INDEX=$i sh -euc "$command" 2>/dev/null
	done
	complete "$t/out"
}

@test "pipe: what Spark pipes names through" {
	"$fleet/pipe" <"$d/list" 2>/dev/null | sort | cmp - "$d/want"
	sed 's/^/file:/' "$d/list" | "$fleet/pipe" 2>/dev/null | sort |
		cmp - "$d/want"
	sed 's/^/s3:\/\//' "$d/list" | FETCH='cat "${1#s3://}"' "$fleet/pipe" \
		2>/dev/null | jq -c '.checkpoint |= ltrimstr("s3://")' |
		jq -c 'select(.error | not)' | sort |
		cmp - <(jq -c 'select(.error | not)' "$d/want" | sort)
}
