#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# crit-info --summary -f records: one flat row a checkpoint.

bats_require_minimum_version 1.5.0
set -o pipefail

setup() {
	images=$CRIT_ROOT/test/images
	t=$BATS_TEST_TMPDIR
	cd "$images"
}

row() {
	crit-info --summary -f records "$@"
}

@test "crit-summary(5) lists the columns, in their order" {
	row redis | jq -r 'keys_unsorted[]' >"$t/has"
	sed -n '/^# COLUMNS/,$ s/^\*\([a-z_]*\)\*$/\1/p' \
		"$CRIT_ROOT/share/man/crit-summary.5.scd" | diff - "$t/has"
}

@test "columns that there were before are still there" {
	row redis | jq -r 'keys_unsorted[]' | sort >"$t/has"
	sort "$CRIT_ROOT/test/fleet/columns-1" | comm -23 - "$t/has" >"$t/gone"
	[ ! -s "$t/gone" ]
}

@test "each row has all columns, and no value is a list or an object" {
	keys=$(row redis | jq -c keys_unsorted)
	for d in */inventory.img; do
		row "${d%/*}" 2>/dev/null || true
	done | jq -c "select(keys_unsorted != $keys or
		any(.[]; type == \"array\" or type == \"object\"))" >"$t/bad"
	[ ! -s "$t/bad" ]
}

@test "the row says what the nested summary says" {
	for d in redis tree sock ct ipc incr/3; do
		crit-info --summary -f json $d |
			jq -S '[.tasks, .threads, .files.total, .sockets.total,
				.mappings.count, .memory.present.bytes,
				.memory.parent.bytes, .images.bytes,
				.dump.frozen_time]' >"$t/want"
		row $d | jq -S '[.tasks, .threads, .files, .sockets, .mappings,
			.memory_present, .memory_parent, .bytes,
			.frozen_time]' | diff - "$t/want"
	done
	for d in redis tree sock ct ipc; do
		row $d
	done | jq -es 'all(.bytes == ([to_entries[] | select(.key |
		test("^bytes_") and . != "bytes_rootfs").value] | add))'
}

@test "engines: container, pod, version of CRIU" {
	tar -C "$t" -xf "$CRIT_ROOT/test/archives/engines.tar.zst"
	cd "$t"
	row podman/redis.tar.zst | jq -e '.container == "cache" and
		.engine == "Podman" and .image == "docker.io/library/redis:7" and
		.bytes_rootfs == 14848 and .error == null and .pod == null'
	row containerd/checkpoint-api-0_* | jq -e '.pod == "api-0" and
		.namespace == "default" and .criu_version == "4.2" and
		.checkpointed == "2026-03-14T09:26:53Z"'
	row oci/podman-image.oci.tar | jq -e '.criu_version == "4.2"'
}

@test "a broken one gives a row with error, and the rest go on" {
	tar -C "$t" -xf "$CRIT_ROOT/test/archives/engines.tar.zst"
	cd "$t/podman"
	head -c 300000 redis.tar.zst >cut.tar.zst
	head -c 5000 ct.tar >cut.tar
	: >empty.tar
	run -1 --separate-stderr crit-info --summary -f records ct.tar \
		cut.tar.zst none.tar empty.tar cut.tar redis.tar.zst
	echo "$output" >"$t/rows"
	[ "$(jq -r '.checkpoint' "$t/rows" | xargs)" = \
		"ct.tar cut.tar.zst none.tar empty.tar cut.tar redis.tar.zst" ]
	[ "$(jq -r 'select(.error).checkpoint' "$t/rows" | xargs)" = \
		"cut.tar.zst none.tar empty.tar cut.tar" ]
	# what came before the cut is there
	jq -es '.[1] | .container == "cache" and .mappings == 115 and
		(.error | endswith("the data ends early"))' "$t/rows"
	jq -es '.[2].tasks == null' "$t/rows"
	[ "$(jq -cr 'keys_unsorted' "$t/rows" | sort -u | wc -l)" = 1 ]
}

# bytes of whole pages of zeros in a file
zeros() {
	xxd -p -c 4096 "$1" | grep -cE '^0{8192}$' | awk '{ print $1 * 4096 }'
}

@test "--zero-pages counts stored pages of zeros, wherever they are" {
	cp -r loop "$t/loop"
	dd if=/dev/zero of="$t/loop/pages-1.img" bs=4096 seek=3 count=2 \
		conv=notrunc status=none
	want=$(zeros "$t/loop/pages-1.img")
	[ "$want" -ge 8192 ]
	tar -C "$t/loop" -czf "$t/loop.tar.gz" .
	crit-copy --compress "$t/loop" "$t/packed"
	for d in "$t/loop" "$t/loop.tar.gz" "$t/packed"; do
		crit-info --summary --zero-pages -f records "$d" |
			jq -c '[.memory_stored_zero + .memory_zero, .error]' >"$t/is"
		[ "$(cat "$t/is")" = "[$want,null]" ]
		[ "$(row "$d" | jq .memory_stored_zero)" = null ]
	done
	[ "$(crit-info --summary --zero-pages -f json "$t/loop.tar.gz" |
		jq .memory.stored_zero.bytes)" = "$want" ]
	crit-info --summary --zero-pages "$t/loop" |
		grep -q "^  stored, of zeros  *$((want / 4096))  *$want\$"
	crit-info --summary "$t/loop" >"$t/text"
	run ! grep 'of zeros' "$t/text"
	rm "$t/loop/pages-1.img"
	run --separate-stderr -1 crit-info --summary --zero-pages -f records "$t/loop"
	[ "$(jq -r .error <<<"$output")" = "pages-1.img: cannot open: No such file or directory" ]
	run -2 crit-info --zero-pages "$t/loop"
}
