# SPDX-License-Identifier: MIT
# Each program's main job as a C program of 40 lines over an installed libcrit
# (test/calls): the same bytes.

bats_require_minimum_version 1.5.0

setup_file() {
	export CRIT_ROOT=${CRIT_ROOT:-$BATS_TEST_DIRNAME/..}
	export CRIT_BUILD=${CRIT_BUILD:-$CRIT_ROOT/build}
	export S=$BATS_FILE_TMPDIR/stage P=$BATS_FILE_TMPDIR/stage/opt/crit
	export A=$BATS_FILE_TMPDIR/archives
	cd "$CRIT_ROOT" || return 1
	[ -n "$CRIT_SAN" ] && return
	make -s --no-print-directory BUILD="$CRIT_BUILD" DESTDIR="$S" \
		PREFIX=/opt/crit install-lib >/dev/null
	export PKG_CONFIG_PATH=$P/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$S
	mkdir "$BATS_FILE_TMPDIR/bin" "$A"
	for c in test/calls/*.c; do
		name=${c##*/}
		${CC:-cc} -std=c99 -pedantic -Wall -Wextra -Werror \
			-o "$BATS_FILE_TMPDIR/bin/${name%.c}" "$c" \
			$(pkg-config --cflags --libs crit) -Wl,-rpath,"$P/lib" ||
			return 1
	done
	tar -cf "$A/loop.tar" -C test/images/loop .
	mkdir -p "$A/pod/checkpoint"
	cp -r test/images/redis/. "$A/pod/checkpoint"
	printf '{}' >"$A/pod/config.dump"
	tar -czf "$A/pod.tar.gz" -C "$A/pod" .
}

setup() {
	set -o pipefail
	[ -z "$CRIT_SAN" ] || skip "sanitized"
	cd "$BATS_TEST_TMPDIR" || return 1
	bin=$BATS_FILE_TMPDIR/bin
	images=$CRIT_ROOT/test/images
	all="$images/ct $images/redis $images/sock $A/loop.tar $A/pod.tar.gz"
}

@test "each program has at most 40 lines" {
	for c in "$CRIT_ROOT"/test/calls/*.c; do
		[ "$(wc -l <"$c")" -le 40 ]
	done
}

@test "crit-decode" {
	for d in $all; do
		# crit-decode prints an archive in its order
		order=cat
		[ -d "$d" ] || order=sort
		cmp <("$bin/decode" "$d" | $order) <(crit-decode "$d" | $order)
		cmp <("$bin/decode" "$d" yaml | $order) \
			<(crit-decode -f yaml "$d" | $order)
	done
}

@test "crit-encode" {
	for d in $all; do
		mkdir a b
		crit-decode "$d" >records
		"$bin/encode" a <records
		crit-encode -d b <records
		[ "$(ls a | wc -l)" -gt 5 ]
		diff -r a b
		rm -r a b
	done
}

@test "crit-x" {
	for d in $all; do
		for what in ps fds mems rss sk threads mounts container; do
			cmp <("$bin/explore" "$d" $what || :) \
				<(crit-x -f records "$d" $what 2>/dev/null || :)
		done
	done
	[ "$("$bin/explore" "$A/pod.tar.gz" ps | wc -l)" = 1 ]
}

@test "crit-mem" {
	for d in "$images/loop" "$A/loop.tar"; do
		"$bin/memory" "$d" 4242 '[stack]' >got
		[ -s got ]
		cmp got <(crit-mem -p 4242 --vma '[stack]' "$d")
	done
}

@test "crit-core" {
	for d in "$images/loop" "$A/loop.tar"; do
		"$bin/core" "$d" 4242 got
		crit-core -p 4242 -o want "$d"
		cmp got want
	done
}

@test "crit-check" {
	for d in $all "$images/bad"; do
		run "$bin/check" "$d"
		got=$status
		crit-check "$d" >want 2>/dev/null && want=0 || want=$?
		[ "$got" = "$want" ]
		[ ! -s want ] || diff want <("$bin/check" "$d" 2>/dev/null || :)
	done
	cp -r "$images/ct" cut
	rm cut/mm-22.img
	"$bin/check" cut >got && false
	grep -q '^error ' got
	diff got <(crit-check cut)
}

@test "crit-copy" {
	for d in $all; do
		for how in tar memory stream; do
			"$bin/copy" "$d" got $how
			crit-copy -f ${how/memory/tar} "$d" - >want
			if [ $how = stream ] || [ "${d%.t*}" != "$d" ]; then
				cmp <(crit-decode got) <(crit-decode want)
			fi
			[ $how = stream ] ||
				diff <(tar -tvf got) <(tar -tvf want)
			rm got want
		done
		for how in plain flatten compress; do
			options=
			[ $how = plain ] ||
				options=--${how/%compress/compress=65536}
			# one without its pages is refused by both
			if ! crit-copy $options "$d" want 2>/dev/null; then
				[ "${d%redis}${d%pod.tar.gz}" != "$d$d" ]
				run "$bin/copy" "$d" got $how
				[ "$status" = 1 ]
				continue
			fi
			"$bin/copy" "$d" got $how
			diff -r got want
			rm -r got want
		done
	done
	crit-decode "$images/files/files.img" | jq -c '.entries = []' >records
	"$bin/copy" "$images/files" got files.img
	crit-copy --add <(echo '{"image":"files.img","magic":"FILES","entries":[]}' |
		cat - <(crit-decode "$images/cpuinfo" | tail -n 1)) "$images/files" want
	[ "$(stat -c %s got/files.img)" = 8 ]
	diff -r got want
	run "$bin/copy" "$images/ct" got
	[ "$status" = 1 ]
	[[ "$output" == *"got"*"xists"* ]]
}

@test "crit-copy criu:" {
	mkdir work back
	. "$CRIT_ROOT/test/until.bash"
	timeout 120 "$bin/live" capture work out 3>&- &
	until_true test -S work/streamer-capture.sock
	criu_peer dump work/streamer-capture.sock "$images/loop"
	wait $!
	diff -r out "$images/loop"
	timeout 120 "$bin/live" serve work out 3>&- &
	until_true test -S work/streamer-serve.sock
	criu_peer restore work/streamer-serve.sock back pstree.img none.img pages-1.img
	wait $!
	cmp back/pstree.img out/pstree.img
	cmp back/pages-1.img out/pages-1.img
	[ ! -e back/none.img ]
}

@test "crit-info" {
	for d in $all; do
		diff <("$bin/info" "$d" | sort) <(crit-info "$d" | sort | grep '"magic"' |
			sed 's/"count":[0-9]*,//')
		cmp <("$bin/info" summary "$d") \
			<(crit-info --summary -f records "$d")
		cmp <("$bin/info" all "$d") <(crit-info --summary -f json "$d")
		cmp <("$bin/info" text "$d") <(crit-info --summary "$d")
	done
}

@test "crit-diff" {
	for d in $all; do
		for e in "$images/tree" $all; do
			"$bin/diff" "$d" "$e" >got 2>/dev/null && is=0 || is=$?
			crit-diff -f records "$d" "$e" >want 2>/dev/null &&
				status=0 || status=$?
			cmp got want
			[ $is = $status ]
		done
	done
	cmp <("$bin/diff" "$images/incr/1" "$images/incr/3" text || :) \
		<(crit-diff "$images/incr/1" "$images/incr/3" || :)
	run -2 "$bin/diff" "$images/ct" "$images/nothing"
}

@test "crit-draw" {
	for d in $all; do
		for what in tree memory files sockets; do
			cmp <("$bin/draw" $what "$d") <(crit-draw $what "$d")
			cmp <("$bin/draw" $what "$d" dot) \
				<(crit-draw -f dot $what "$d")
		done
		cmp <("$bin/draw" report "$d") <(crit-draw report "$d")
	done
}

@test "crit-edit" {
	cp "$images/redis/files.img" a.img
	cp a.img b.img
	"$bin/edit" a.img >text
	# it has no other images to tell it from
	cmp <(grep -v '^image: ' text) \
		<(EDITOR=cat crit-edit b.img 2>/dev/null | grep -v '^#')
	sed -i '/^image: /d; s/redis/memcached/' text
	"$bin/edit" a.img - <text
	EDITOR="cp $PWD/text" crit-edit b.img
	cmp a.img b.img
	run ! cmp a.img "$images/redis/files.img"
	echo '- nonsense' >text
	run -1 "$bin/edit" a.img - <text
	cmp a.img b.img
}

@test "crit-pids, crit-anon" {
	printf secret >key
	for d in $all; do
		crit-decode "$d" >records
		cmp <("$bin/change" pids +1000 <records) \
			<(crit-pids +1000 <records)
		cmp <("$bin/change" anon secret <records) \
			<(crit-anon --key key <records)
	done
}

@test "crit-copy --in-place, --to-shard" {
	cp -r "$images/loop" a
	cp -r "$images/loop" b
	"$bin/place" a
	crit-copy --in-place --compress=64K b
	diff -r a b
	run -1 "$bin/place" "$A/loop.tar"
	[[ "$output" == *"in place needs a directory"* ]]
	for d in $all; do
		"$bin/place" "$d" one two
		crit-copy -f stream --to-shard four "$d" three
		cmp one three
		cmp two four
		rm one two three four
	done
}
