#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The promise of 8 MiB: images, entries and extras of any size, both ways. The
# figures are printed. These take seconds, since the inputs have gigabytes.

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	[ -z "$CRIT_SAN" ] || skip "sanitizers take memory of their own"
	set -o pipefail
}

# measured COMMAND... : under a bound of address space; the peak in a file
measured() {
	(
		ulimit -v 40960
		exec rss peak "$@"
	)
}

figure() {
	printf '# figure: %s: peak %d KiB\n' "$1" "$(cat peak)" >&3
	[ "$(cat peak)" -lt 8192 ]
}

@test "decode: a pagemap image of 1 GiB" {
	bench-gen pagemap 64000000 | measured crit-decode | wc -l >lines
	figure 'decode 1 GiB of pagemap, 64,000,001 entries'
	[ "$(cat lines)" = 64000001 ]
}

@test "decode: 1,000,000 mappings in one entry, each format" {
	bench-gen mm 1000000 >mm.img
	for options in '' -p '-f json' '-f json -p'; do
		# shellcheck disable=SC2086
		measured crit-decode $options mm.img | tail -c 100 >tail
		figure "decode ${options:-records}, 1,000,000 mappings"
		grep -q thp_disabled tail
	done
	rm mm.img
}

@test "YAML: 1,000,000 entries, and 64 MiB in one, there and back" {
	bench-gen pagemap 1000000 >in.img
	measured crit-decode -f yaml in.img | rss back crit-encode | cmp - in.img
	figure 'decode 1,000,000 entries to YAML'
	mv back peak
	figure 'encode them'
	bench-gen shm 67108864 >in.img
	measured crit-decode -f yaml in.img | rss back crit-encode | cmp - in.img
	figure 'decode 64 MiB of shared memory to YAML'
	mv back peak
	figure 'encode it'
	rm in.img
}

@test "a ghost file of 4 GiB there and back" {
	bench-gen ghost 0 >ghost.img
	truncate -s +4G ghost.img
	measured crit-decode ghost.img | rss back crit-encode | cmp - ghost.img
	figure 'decode a ghost file of 4 GiB'
	mv back peak
	figure 'encode a ghost file of 4 GiB, to a pipe'
	rm ghost.img
}

@test "extras: 300 MiB of shared memory, from a pipe, in both directions" {
	bench-gen shm 314572800 >shm.img
	cat shm.img | measured crit-decode -f json | rss back crit-encode |
		cmp - shm.img
	figure 'decode 300 MiB of shared memory'
	mv back peak
	figure 'encode 300 MiB of shared memory'
	rm shm.img
}

@test "encode: a pagemap of 50,000,000 entries, to a file and to a pipe" {
	bench-gen pagemap 50000000 | crit-decode | measured crit-encode |
		cmp - <(bench-gen pagemap 50000000)
	figure 'encode 50,000,000 records, to a pipe'
	bench-gen pagemap 50000000 | crit-decode -f json |
		measured crit-encode -o out
	figure 'encode a document of 50,000,000 entries, to a file'
	cmp out <(bench-gen pagemap 50000000)
}

@test "encode: 1,000,000 mappings in one entry, keys in order and sorted" {
	bench-gen mm 1000000 >mm.img
	crit-decode mm.img | measured crit-encode | cmp - mm.img
	figure 'encode 1,000,000 mappings, to a pipe'
	crit-decode -f json mm.img | measured crit-encode -o out
	figure 'encode 1,000,000 mappings, to a file'
	cmp out mm.img
	bench-gen mm-sorted 1000000 | measured crit-encode | cmp - mm.img
	figure 'encode 1,000,000 mappings, keys sorted, to a pipe'
	bench-gen mm-sorted 1000000 | measured crit-encode -o out
	figure 'encode 1,000,000 mappings, keys sorted, to a file'
	cmp out mm.img
}

@test "info: a pagemap image of 1 GiB, from a pipe" {
	bench-gen pagemap 64000000 | measured crit-info >out
	figure 'info, 64,000,001 entries'
	grep -q 64000000 out
}

@test "what an input claims takes no memory" {
	# an entry of 4 GiB, lengths of 2^63: of which nothing comes
	printf '\x19\x43\x56\x54\x30\x30\x27\x50\xff\xff\xff\xff\x08\1' >claim.img
	run -1 measured crit-decode claim.img
	figure 'an entry of 4 GiB that is not there'
	run -1 measured crit-decode - < <(cat claim.img)
	figure 'the same from a pipe'
}

@test "500 processes x 200 mappings x 50 descriptors: each question" {
	bench-gen dir big 500 200 50
	TIMEFORMAT='%U %S'
	for what in ps fds mems rss sk; do
		best=$(for _ in 1 2 3 4 5; do
			{ time measured crit-x big $what >answer; } 2>&1
		done | awk '{ ms = ($1 + $2) * 1000 }
			NR == 1 || ms < best { best = ms } END { print best }')
		figure "crit-x $what, 500 processes, $best ms"
		[ "$(wc -l <answer)" -gt 500 ]
	done
	measured crit-x big rss -f records | wc -l >lines
	figure 'crit-x rss, 500 processes, records'
	[ "$(cat lines)" = 99500 ]
	# 100 ms is the goal, where nothing else runs: ten times that is a defect
	# anywhere
	[ "${best%.*}" -lt 1000 ]
}

# The decompressor's window comes on top: -3 has 2 MiB, podman's encoder 8 MiB
@test "archives: 64 GiB of pages in a sparse member, 50,000 members" {
	mkdir -p a/checkpoint
	bench-gen pagemap 1000000 >a/checkpoint/pagemap-1.img
	truncate -s 64G a/checkpoint/pages-1.img
	cp "$CRIT_ROOT"/test/images/loop/{pstree,inventory,files,core-*}.img a/checkpoint
	tar cSf big.tar -C a .
	measured crit-info big.tar >/dev/null
	figure 'info of a tar with 64 GiB of pages, 1,000,000 entries'
	zstd -q big.tar
	measured crit-info big.tar.zst >/dev/null
	figure 'the same, compressed by zstd'
	cat big.tar.zst | measured crit-x - ps >/dev/null
	figure 'crit-x ps of it, from a pipe'
	rm -r a big.tar*
	mkdir -p a/checkpoint
	cp "$CRIT_ROOT"/test/images/loop/{pstree,inventory,core-*}.img a/checkpoint
	(cd a/checkpoint && seq 50000 | xargs touch)
	tar cf many.tar -C a .
	measured crit-x many.tar ps >/dev/null
	figure 'crit-x ps of a tar with 50,000 members'
	gzip many.tar
	measured crit-x many.tar.gz ps >/dev/null
	figure 'the same, compressed by gzip'
}

# marker SEQ BODY (hexadecimal): as criu-image-streamer writes it
markers='
function varint(v, s) {
	for (s = ""; v > 127; v = int(v / 128))
		s = s sprintf("%02x", v % 128 + 128)
	return s sprintf("%02x", v)
}
function marker(body, b) {
	b = (seq ? "08" varint(seq) : "") body
	seq++
	return sprintf("%02x000000", length(b) / 2) b
}
function name(c) { return marker("120b" "70616765732d" c "2e696d67") }'

@test "a stream whose files come byte by byte, one after another" {
	awk "$markers"'
		BEGIN {
			for (i = 0; i < 300000; i++)
				print name(i % 2 ? "31" : "32") marker("1801") "41"
			print name("31") marker("2001") name("32") marker("2001") \
				marker("2801")
		}' | xxd -r -p >bytes.stream
	measured crit-info bytes.stream >out
	figure 'info of a stream in 300,000 pieces'
	[ "$(jq -c '[.image, .size]' out | sort | paste -sd' ')" = \
		'["pages-1.img",150000] ["pages-2.img",150000]' ]
	zstd -q bytes.stream
	measured crit-info - <bytes.stream.zst | cmp - out
	figure 'the same from a pipe, compressed'
}
