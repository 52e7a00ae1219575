#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Odd and hostile archives, one by one: test/archives/hostile.tsv says what is
# printed and said of each, from a file and from a pipe.

bats_require_minimum_version 1.5.0

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	zstd -dcq "$CRIT_ROOT/test/archives/hostile.tar.zst" | tar x
}

setup() {
	set -o pipefail
	cd "$BATS_FILE_TMPDIR/hostile" || return 1
	t=$BATS_TEST_TMPDIR
}

@test "what is said of each" {
	bad=0 rows=0
	while IFS=$'\t' read -r name status lines message; do
		[[ $name != \#* ]] || continue
		# how much of it can be read depends on the windows
		[ "$name" != corrupt.tar.zst ] || [[ $CRIT_SAN != *address* ]] || lines=2
		rows=$((rows + 1))
		got=0
		timeout 120 crit-x "$name" ps >"$t/out" 2>"$t/said" || got=$?
		said=$(sed 's/^crit-x: //' "$t/said" | paste -sd'|')
		[ $lines != 2 ] || [ "$name" != corrupt.tar.zst ] || message=$said
		if [ "$got $(wc -l <"$t/out") $said" != "$status $lines $message" ]; then
			printf '%s: %s, %s lines: %s\n' "$name" $got "$(wc -l <"$t/out")" "$said"
			bad=1
		fi
		got=0
		# what the last of several members has, a pipe cannot know
		[ "$name" != duplicate.tar ] || continue
		timeout 120 crit-x - ps <"$name" >"$t/pipe" 2>/dev/null || got=$?
		if [ $got != "$status" ] || ! cmp "$t/out" "$t/pipe"; then
			printf '%s: %s from a pipe\n' "$name" $got
			bad=1
		fi
	done <"$CRIT_ROOT/test/archives/hostile.tsv"
	[ $bad = 0 ]
	[ $rows = "$(find . -type f | wc -l)" ]
}

@test "all images of an archive that is only odd" {
	crit-decode ok.tar | sort >"$t/want"
	for f in absolute blocks-odd concat-archives dangling-x deep gnu-prefix \
		no-dirs no-end one-zero-block pax-path pax-size pax-size-twice \
		prefix-field reverse trailing-garbage zero-between \
		base256-size; do
		crit-decode $f.tar 2>/dev/null | sort >"$t/out"
		cmp "$t/out" "$t/want" || { echo $f; return 1; }
	done
	for f in concat.tar.gz concat-archives.tar.gz multiframe.tar.zst \
		long27.tar.zst skippable-first.tar.zst trailing-garbage.tar.gz \
		trailing-garbage.tar.zst; do
		crit-decode $f 2>/dev/null | sort | cmp - "$t/want" || { echo $f; return 1; }
	done
}

@test "sparse members have their real size, and zeros in holes" {
	for f in sparse-*.tar; do
		case $f in *overlap*) continue ;; esac
		tar xf $f -C "$t"
		size=$(find "$t" -name pages-8.img -printf %s)
		crit-info $f | jq -es --arg n "$size" \
			'any(.[]; .image == "pages-8.img" and .size == ($n | tonumber))'
		gzip -c $f | crit-info - | jq -es --arg n "$size" \
			'any(.[]; .image == "pages-8.img" and .size == ($n | tonumber))'
		rm -r "$t"/checkpoint
	done
	# pages that lie in one: the same bytes as from the directory
	mkdir "$t/c"
	tar xf ok.tar -C "$t/c"
	fallocate --dig-holes "$t/c/checkpoint/pages-1.img"
	truncate -s +1M "$t/c/checkpoint/pages-1.img"
	for format in gnu posix; do
		tar cSf "$t/sparse.tar" --format $format -C "$t/c" .
		crit-mem --all --holes skip "$t/c" >"$t/want" 2>/dev/null
		crit-mem --all --holes skip "$t/sparse.tar" 2>/dev/null | cmp - "$t/want"
		gzip -c "$t/sparse.tar" | crit-mem --all --holes skip - 2>/dev/null |
			cmp - "$t/want"
	done
}

@test "the last of several members, and a second one in a stream" {
	crit-info duplicate.tar 2>"$t/said" | grep -q '"pages-1.img","raw":"PAGES"'
	[ "$(grep -c 'the last one is used' "$t/said")" = 3 ]
	gzip -c duplicate.tar >"$t/d.gz"
	run -1 --separate-stderr crit-x "$t/d.gz" ps
	[[ $stderr == *"checkpoint/pages-1.img: a second member of this name, with other content" ]]
	[[ $output == *loop* ]]
	# the same once more does no harm
	mkdir "$t/c" && tar xf ok.tar -C "$t/c"
	tar cf "$t/twice.tar" -C "$t/c" checkpoint
	tar rf "$t/twice.tar" -C "$t/c" checkpoint/pstree.img
	gzip "$t/twice.tar"
	crit-x "$t/twice.tar.gz" ps
}

@test "zeros after compressed data: gzip and xz pad so, others warn" {
	for c in gzip xz zstd bzip2 lz4; do
		command -v $c >/dev/null || continue
		{ $c -qc <ok.tar; head -c 1000 /dev/zero; } >"$t/padded"
		crit-x "$t/padded" ps 2>"$t/said" | grep -q loop
		case $c in
		gzip | xz) [ ! -s "$t/said" ] ;;
		*) grep -q "$c: warning: other bytes follow" "$t/said" ;;
		esac
	done
}

@test "before a cut all is there" {
	for f in truncated-data.tar truncated.tar.gz; do
		run -1 --separate-stderr crit-decode $f
		[[ $output == *'"image":"inventory.img"'* ]]
		[[ $output != *'{"end":{"images"'* ]]
	done
	run -1 --separate-stderr crit-decode truncated-big.tar.zst
	[[ $output == *'"image":"core-'* ]]
	run -1 --separate-stderr crit-x -f records truncated-big.tar.zst container
	[ "$(jq -r .engine <<<"$output")" = Podman ]
}

@test "links: what they name outside is not there, what they name inside is" {
	crit-info hardlink.tar 2>"$t/said" >"$t/out" || true
	[ "$(grep -c 'hard link to a file that is not before it in the archive' "$t/said")" = 2 ]
	crit-info hardlink-size.tar >"$t/out" 2>/dev/null || true
	grep -q after.img "$t/out"
	run -1 crit-mem symlink-out.tar
	[[ $output != *root:* ]]
	crit-x symlink-inside.tar ps | grep -q loop
}
