#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Our reader of tar beside libarchive's: names, types, sizes and contents of the
# members of each archive. bsdtar writes what it has read as a plain PAX archive.
# make check-bsdtar fetches it where it is not installed.

bats_require_minimum_version 1.5.0

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	for name in engines hostile; do
		zstd -dcq "$CRIT_ROOT/test/archives/$name.tar.zst" | tar x
	done
}

setup() {
	local root=$CRIT_BUILD/bsdtar/root
	set -o pipefail
	cd "$BATS_FILE_TMPDIR" || return 1
	t=$BATS_TEST_TMPDIR
	bsdtar=$(command -v bsdtar) || bsdtar=$root/usr/bin/bsdtar
	[ -x "$bsdtar" ] || skip "no bsdtar here (libarchive-tools): make check-bsdtar"
	[ ! -d "$root" ] ||
		export LD_LIBRARY_PATH=$root/usr/lib/$(gcc -dumpmachine)
}

# compared FILE: 1 where the members differ
compared() {
	tar_list "$1" >"$t/ours" || true
	"$bsdtar" -cf - --format pax @"$1" >"$t/again.tar" 2>"$t/said" || true
	tar_list "$t/again.tar" >"$t/theirs" || true
	# errors are those of hostile.tsv
	diff <(grep -v '^error: ' "$t/ours") <(grep -v '^error: ' "$t/theirs")
}

@test "archives of engines, dialects, compressions" {
	n=0
	while read -r f; do
		compared "$f" || { echo "$f"; return 1; }
		[ -s "$t/ours" ]
		n=$((n + 1))
	done < <(find . -path ./hostile -prune -o -name '*.tar*' -type f -print)
	[ $n -ge 30 ]
}

@test "odd and hostile ones, but for what is excused" {
	bad=0
	for f in hostile/*; do
		! grep -q "^${f#*/}"$'\t' "$CRIT_ROOT/test/archives/bsdtar.tsv" || continue
		compared "$f" || { echo "$f"; bad=1; }
	done
	[ $bad = 0 ]
	while IFS=$'\t' read -r name _; do
		[[ $name == \#* ]] || [ -e "hostile/$name" ]
	done <"$CRIT_ROOT/test/archives/bsdtar.tsv"
}
