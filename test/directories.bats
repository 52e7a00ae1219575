# SPDX-License-Identifier: MIT
#
# Checkpoints that hold what none should, and pipes whose other end is slow.

bats_require_minimum_version 1.5.0

setup() {
	t=$BATS_TEST_TMPDIR
	tree=$CRIT_ROOT/test/images/tree
	mkdir "$t/dir"
	cp "$tree/pstree.img" "$t/dir"
}

teardown() {
	rm -rf "${many-}"
}

# what crit-decode says of the folder, without the path
say() {
	timeout 120 crit-decode "$@" "$t/dir" 2>&1 >"$t/records" |
		sed "s|$t/||g"
	return "${PIPESTATUS[0]}"
}

@test "a link within the checkpoint is followed" {
	ln -s pstree.img "$t/dir/ids-1.img"
	run -0 say
	[ -z "$output" ]
	grep -q '"image":"ids-1.img","magic":"PSTREE"' "$t/records"
}

@test "a link out of the checkpoint is refused, but with -L" {
	ln -s "$tree/pstree.img" "$t/dir/ids-1.img"
	ln -s ../dir/pstree.img "$t/dir/ids-2.img"
	run -1 say
	[ "${lines[0]}" = "crit-decode: ids-1.img: symbolic link that leads out of the checkpoint (-L follows it)" ]
	[ "${lines[1]}" = "crit-decode: ids-2.img: symbolic link that leads out of the checkpoint (-L follows it)" ]
	[ ${#lines[@]} = 2 ]
	[ "$(grep -c '"error"' "$t/records")" = 2 ]
	run -0 say -L
	[ -z "$output" ]
}

@test "-L is there for all who read a folder" {
	mkdir "$t/links"
	ln -s "$tree"/* "$t/links"
	for cmd in crit-decode crit-info "crit-x ps" "crit-x rss" crit-mem; do
		(cd "$tree" && $cmd .) >"$t/want"
		run -1 bash -c 'cd "$1" && exec $2 .' - "$t/links" "$cmd"
		(cd "$t/links" && $cmd -L .) | cmp - "$t/want"
	done
}

@test "links in circles and to nothing" {
	ln -s ids-2.img "$t/dir/ids-1.img"
	ln -s ids-1.img "$t/dir/ids-2.img"
	ln -s nothing "$t/dir/ids-3.img"
	run -1 say
	[ ${#lines[@]} = 3 ]
	[ "${lines[0]}" = "crit-decode: ids-1.img: cannot open: Too many levels of symbolic links" ]
	[ "${lines[2]}" = "crit-decode: ids-3.img: cannot open: No such file or directory" ]
	run -1 say -L
	[ ${#lines[@]} = 3 ]
}

@test "fifos, devices, sockets and folders never block" {
	mkfifo "$t/dir/core-1.img"
	mkdir "$t/dir/core-2.img"
	ln -s /dev/zero "$t/dir/core-3.img"
	mknod "$t/dir/core-4.img" c 1 5 2>/dev/null || : >"$t/dir/other"
	for args in "" -L; do
		run -1 say $args
		[ "${lines[0]}" = "crit-decode: core-1.img: not a regular file" ]
		[ "${lines[1]}" = "crit-decode: core-2.img: is a directory" ]
		[[ ${lines[2]} = "crit-decode: core-3.img: "* ]]
	done
	run -1 timeout 120 crit-x "$t/dir" ps
	run -1 timeout 120 crit-mem "$t/dir"
	run -1 timeout 120 crit-info "$t/dir"
}

@test "files that cannot be read" {
	[ "$CRIT_SAN" != coverage ] || skip "counters that cannot be written"
	chmod 755 "$t" "$BATS_FILE_TMPDIR" "$BATS_SUITE_TMPDIR" "$BATS_RUN_TMPDIR"
	: >"$t/dir/ids-1.img"
	chmod 0 "$t/dir/ids-1.img"
	as=
	[ "$(id -u)" != 0 ] || as="setpriv --reuid 65534 --regid 65534 --clear-groups"
	$as test -r "$t/dir/pstree.img" -a -x "$CRIT_BUILD/crit-decode" ||
		skip "nobody cannot come here"
	run -1 --separate-stderr $as crit-decode "$t/dir"
	[ "$stderr" = "crit-decode: ids-1.img: cannot open: Permission denied" ]
	[[ $output = *'"image":"ids-1.img","entries":[],"error":"cannot open: Permission denied"'* ]]
	[ "$(grep -c '"magic":"PSTREE"' <<<"$output")" -gt 2 ]
	chmod 0 "$t/dir"
	run -1 --separate-stderr $as crit-decode "$t/dir"
	chmod 755 "$t/dir"
	[ "$stderr" = "crit-decode: $t/dir: cannot open: Permission denied" ]
}

@test "a file that changes while it is read" {
	# more than a window, so that much of it is still to be read
	threads=$(seq 1 300000 | paste -sd,)
	echo '{"magic":"PSTREE","entries":[{"pid":1,"ppid":0,"pgid":1,"sid":1,"threads":['"$threads"']}]}' |
		crit-encode -o "$t/big.img"
	mkfifo "$t/out"
	crit-decode "$t/big.img" >"$t/out" 2>"$t/stderr" 3>&- &
	exec 8<"$t/out"
	read -rn 100 -u 8 beginning
	truncate -s 300000 "$t/big.img"
	tail -c 300 <&8 >"$t/end"
	exec 8<&-
	wait $! && status=0 || status=$?
	[ $status = 1 ]
	[ "$(wc -l <"$t/stderr")" = 1 ]
	grep -q 'big.img: entry 0, threads.*, offset [0-9]*: ' "$t/stderr"
	grep -q '"error":"' "$t/end"
}

@test "a file that grows while it is read" {
	threads=$(seq 1 300000 | paste -sd,)
	echo '{"magic":"PSTREE","entries":[{"pid":1,"ppid":0,"pgid":1,"sid":1,"threads":['"$threads"']}]}' |
		crit-encode -o "$t/big.img"
	mkfifo "$t/out"
	crit-decode "$t/big.img" >"$t/out" 3>&- &
	exec 8<"$t/out"
	read -rn 100 -u 8 beginning
	# the entries of another one: they are part of it
	tail -c +9 "$t/dir/pstree.img" >>"$t/big.img"
	{ printf %s "$beginning"; cat <&8; } >"$t/records"
	exec 8<&-
	wait $!
	crit-encode "$t/records" | cmp - "$t/big.img"
}

@test "a file that becomes a fifo while the folder is read" {
	threads=$(seq 1 300000 | paste -sd,)
	cp "$t/dir/pstree.img" "$t/dir/x.img"
	echo '{"magic":"PSTREE","entries":[{"pid":1,"ppid":0,"pgid":1,"sid":1,"threads":['"$threads"']}]}' |
		crit-encode -o "$t/dir/pstree.img"
	mkfifo "$t/out" "$t/fifo"
	timeout 120 crit-decode "$t/dir" >"$t/out" 2>"$t/stderr" 3>&- &
	exec 8<"$t/out"
	read -rn 100 -u 8 beginning
	mv "$t/fifo" "$t/dir/x.img"
	cat <&8 >"$t/records"
	exec 8<&-
	wait $! && status=0 || status=$?
	[ $status = 1 ]
	[ "$(wc -l <"$t/stderr")" = 1 ]
	grep -q '^crit-decode: x.img: ' "$t/stderr"
}

@test "100,000 images" {
	[ -z "$CRIT_SAN" ] || skip "not with sanitizers"
	# in memory: a disk may take minutes to remove so many
	many=$(mktemp -d -p /dev/shm 2>&- || mktemp -d -p "$t")
	# empty images of eight bytes
	(cd "$many" && yes "$(printf '\31CVT\3\62GT')" | head -n 100000 |
		tr -d '\n' | split -a 5 -d -b 8 --additional-suffix=.img - x) ||
		skip "no room"
	rss "$t/kib" crit-decode "$many" >"$t/records" 2>"$t/stderr"
	[ ! -s "$t/stderr" ]
	[ "$(tail -n 1 "$t/records")" = '{"end":{"images":100000,"records":100000},"entries":[]}' ]
	# only the names are kept
	[ "$(cat "$t/kib")" -le 16384 ]
	echo "# figure: $(cat "$t/kib") KiB for the names of 100,000 images" >&3
}

@test "-d never follows a link out" {
	mkdir "$t/new" "$t/elsewhere"
	echo mine >"$t/elsewhere/pstree.img"
	ln -s "$t/elsewhere/pstree.img" "$t/new/pstree.img"
	crit-decode "$t/dir" | crit-encode -d "$t/new"
	[ "$(cat "$t/elsewhere/pstree.img")" = mine ]
	[ ! -L "$t/new/pstree.img" ]
	cmp "$t/new/pstree.img" "$t/dir/pstree.img"
}

@test "names that would disturb a terminal are escaped in messages" {
	odd=$'no\xff\xc2\x9bname\x1b[2J\n'
	want='no\xff\xc2\x9bname\x1b[2J\x0a: cannot open: No such file or directory'
	for program in crit-decode crit-encode crit-info 'crit-x ps' 'crit-mem'; do
		run -1 --separate-stderr $program "$t/$odd"
		[ "$stderr" = "${program%% *}: $t/$want" ]
	done
	# text of people is none of that
	run -1 crit-decode "$t/größe"
	[[ $output = *"/größe: cannot open"* ]]
	mkdir "$t/$odd"
	cp "$tree/pstree.img" "$t/$odd"
	[ "$(crit-info --summary "$t/$odd" "$t/dir" 2>/dev/null | head -n 1)" = \
		"$t/${want%%: *}:" ]
}

# -- pipes

@test "a record leaves before the filter waits" {
	mkfifo "$t/in" "$t/out"
	timeout 120 crit-decode <"$t/in" >"$t/out" 3>&- &
	exec 8>"$t/in" 9<"$t/out"
	# all but the last byte of the last entry
	head -c -1 "$t/dir/pstree.img" >&8
	read -ru 9 line
	[[ $line = '{"magic":"PSTREE","entries":[{"pid":'* ]]
	tail -c 1 "$t/dir/pstree.img" >&8
	exec 8>&-
	cat <&9 | tail -n 1 | grep -q PSTREE
	wait $!
}

@test "an entry leaves before the filter waits" {
	mkfifo "$t/in" "$t/out"
	timeout 120 crit-encode <"$t/in" >"$t/out" 3>&- &
	exec 8>"$t/in" 9<"$t/out"
	crit-decode "$t/dir/pstree.img" >"$t/records"
	# the first entry, and some of the second
	head -c $(($(head -n 1 "$t/records" | wc -c) + 40)) "$t/records" >&8
	# magic, size, message: then there is no more
	timeout 120 head -c 12 <&9 >"$t/begin"
	size=$(od -An -tu4 -j 8 -N 4 "$t/begin")
	timeout 120 head -c $((size)) <&9 >>"$t/begin"
	cmp -n $((12 + size)) "$t/begin" "$t/dir/pstree.img"
	tail -c +$(($(head -n 1 "$t/records" | wc -c) + 41)) "$t/records" >&8
	exec 8>&-
	cat "$t/begin" - <&9 | cmp - "$t/dir/pstree.img"
	wait $!
}

@test "a writer that gives one byte at a time" {
	one=$(crit-decode "$t/dir/pstree.img" | md5sum)
	set -- "$t/dir/pstree.img"
	size=$(wc -c <"$1")
	two=$({ for ((i = 0; i < size; i++)); do
		dd if="$1" bs=1 skip=$i count=1 status=none
	done; } | crit-decode -f json)
	[ "$two" = "$(crit-decode -f json "$1")" ]
	# and documents
	crit-decode -f json "$1" >"$t/doc"
	while IFS= read -rn 1 c; do printf %s "${c:-
}"; done <"$t/doc" | crit-encode | cmp - "$1"
}

@test "a reader that is slow" {
	threads=$(seq 1 200000 | paste -sd,)
	echo '{"magic":"PSTREE","entries":[{"pid":1,"ppid":0,"pgid":1,"sid":1,"threads":['"$threads"']}]}' |
		crit-encode -o "$t/big.img"
	crit-decode -f json "$t/big.img" |
		{ while dd bs=5000 count=1 status=none of="$t/piece" &&
			[ -s "$t/piece" ]; do cat "$t/piece"; done; } |
		crit-encode | cmp - "$t/big.img"
}

@test "a directory without images is an error of every program" {
	cd "$BATS_TEST_TMPDIR"
	mkdir -p empty other/sub outer/inner
	echo x >other/notes.txt
	cp "$CRIT_ROOT/test/images/loop/"{inventory,pstree}.img outer/inner
	for command in crit-decode crit-info 'crit-info --summary' 'crit-decode -f json'; do
		run --separate-stderr -1 $command empty
		[ "$output" = "" ]
		[[ $stderr == crit-*": empty: no images here: the directory is empty" ]]
		run --separate-stderr -1 $command other
		[ "$output" = "" ]
		[[ $stderr == crit-*": other: no images here; it holds "* ]]
		run --separate-stderr -1 $command outer
		[[ $stderr == *'did you mean outer/inner?' ]]
		# raw images alone are images
		mkdir -p raw
		echo x >raw/pages-1.img
		run $command raw
		[[ $output != *'no images here'* ]]
	done
}

@test "raw images as operands are passed over, alone they are an error" {
	cd "$BATS_TEST_TMPDIR"
	cp "$CRIT_ROOT/test/images/loop/"{inventory,pstree}.img .
	echo x >pages-1.img
	echo x >route6-2.img
	run --separate-stderr -0 crit-decode -v *.img
	[[ ${lines[-1]} == *'"raw":["pages-1.img","route6-2.img"]'* ]]
	[[ $stderr == *'pages-1.img: raw image, skipped'* ]]
	run --separate-stderr -0 crit-decode ./*.img
	[ "$stderr" = "" ]
	run -0 crit-info *.img
	[[ $output == *'{"image":"pages-1.img","raw":"PAGES","size":2}'* ]]
	for command in crit-decode crit-info; do
		run --separate-stderr -1 $command pages-1.img
		[ "$stderr" = "$command: pages-1.img: a raw image without entries: memory pages; read it with crit-mem" ]
		run --separate-stderr -1 $command route6-2.img
		[[ $stderr == *'read it with ip -6 route restore' ]]
	done
}

@test "archives and compressed data are read" {
	cd "$BATS_TEST_TMPDIR"
	cp "$CRIT_ROOT/test/images/loop/pstree.img" .
	tar cf a.tar pstree.img
	gzip -k a.tar
	crit-decode pstree.img >want
	for file in a.tar a.tar.gz; do
		crit-decode - <$file | cmp - want
		crit-decode $file | cmp - want
	done
}
