# SPDX-License-Identifier: MIT
#
# Every call that can fail does so, one after another, until the program makes
# fewer of them (test/faults/faults.c). After each: status 0 and the right
# output, or status 1, one line that says why, the old output as it was, and
# nothing beside it. A fault that was never hit fails the test.

bats_require_minimum_version 1.5.0

setup() {
	bin=$CRIT_BUILD/test/faults
	images=$CRIT_ROOT/test/images
	t=$BATS_TEST_TMPDIR
	export T=$t
	mkdir "$t/tmp"
	[ -z "$CRIT_SAN" ] || export ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0
	most=1		# lines of standard error
	injected=0
}

teardown() {
	[ $injected = 0 ] || echo "# figure: $injected faults" >&3
}

# faults CALL ERROR HOW COMMAND... : see test/tools/inject.c
faults() {
	local said
	said=$(inject "$1" "$2" "$3" $most "${@:4}") || {
		echo "$said"
		return 1
	}
	injected=$((injected + said))
}

each() {			# COMMAND... : what every filter goes through
	faults read EIO must "$@" &&
	faults read EINTR never "$@" &&
	faults read short never "$@" &&
	faults write ENOSPC must "$@" &&
	faults write EINTR never "$@" &&
	faults write short never "$@" &&
	faults malloc ENOMEM may "$@" &&
	faults all EIO may "$@" &&
	faults all ENOMEM may "$@"
}

@test "crit-decode FILE" {
	each "$bin/crit-decode" "$images/tree/pstree.img"
}

@test "crit-decode -f json -p <FILE" {
	cp "$images/tree/pstree.img" "$t/in"
	each "$bin/crit-decode" -f json -p
}

@test "crit-decode -o FILE" {
	set -- "$bin/crit-decode" -o "$t/new/out" "$images/ipc/"ipcns-msg-*.img
	most=3
	each "$@" &&
	faults fsync ENOSPC may "$@" &&
	faults fsync EIO must "$@" &&
	faults close EDQUOT may "$@" &&
	faults rename EACCES must "$@"
}

@test "crit-decode DIR" {
	most=100
	set -- "$bin/crit-decode" -o "$t/new/out" "$images/deadproc"
	faults read EIO must "$@" &&
	faults pread EIO may "$@" &&
	faults pread EINTR may "$@" &&
	faults readdir EIO must "$@" &&
	faults fdopendir ENOMEM must "$@" &&
	faults malloc ENOMEM may "$@" &&
	faults all EMFILE may "$@"
}

@test "crit-info FILE" {
	# it writes by stdio, see "full disk"
	set -- "$bin/crit-info" "$images/tree/pstree.img"
	faults read EIO must "$@" &&
	faults read short never "$@" &&
	faults malloc ENOMEM may "$@" &&
	faults all EIO may "$@"
}

@test "crit-encode -o FILE" {
	"$CRIT_BUILD/crit-decode" -f json "$images/tree/pstree.img" >"$t/in"
	set -- "$bin/crit-encode" -o "$t/new/out" "$t/in"
	each "$@" &&
	faults fsync EIO must "$@" &&
	faults rename EACCES must "$@" &&
	faults close EDQUOT may "$@"
}

@test "crit-encode <DOCUMENT" {
	"$CRIT_BUILD/crit-decode" -f json "$images/tree/pstree.img" >"$t/in"
	each "$bin/crit-encode"
}

@test "crit-encode with temporary files" {
	threads=$(seq 1 150000 | paste -sd,)
	echo '{"entries":[{"threads":['"$threads"'],"pid":1,"ppid":0,"pgid":1,"sid":1}],"magic":"PSTREE"}' >"$t/in"
	set -- "$bin/crit-encode" -o "$t/new/out" "$t/in"
	faults read EIO must "$@" &&
	faults pwrite ENOSPC must "$@" &&
	faults pwrite EINTR never "$@" &&
	faults pread EIO must "$@" &&
	faults pread EINTR never "$@" &&
	faults ftruncate EIO may "$@" &&
	faults lseek EIO may "$@" &&
	faults open EMFILE may "$@" &&
	faults malloc ENOMEM may "$@"
}

@test "crit-encode -d DIR" {
	"$CRIT_BUILD/crit-decode" "$images/tree/pstree.img" \
		"$images/tree/"core-*.img >"$t/in"
	sed -i '/{"end"/!b;s/.*/{"end":{},"entries":[]}/' "$t/in"
	set -- "$bin/crit-encode" -d "$t/new/dir" "$t/in"
	faults read EIO must "$@" &&
	faults read short never "$@" &&
	faults write ENOSPC must "$@" &&
	faults write EINTR never "$@" &&
	faults malloc ENOMEM may "$@" &&
	faults openat ENOSPC must "$@" &&
	faults mkdirat ENOSPC must "$@" &&
	faults syncfs EIO must "$@" &&
	faults readdir EIO partly "$@" &&
	faults renameat EIO partly "$@" &&
	faults all EIO partly "$@"
}

@test "crit-encode -d NEW" {
	"$CRIT_BUILD/crit-decode" "$images/tree/pstree.img" >"$t/in"
	set -- "$bin/crit-encode" -d "$t/new/folder" "$t/in"
	faults all EIO partly "$@"
}

@test "crit-x" {
	most=100
	for what in ps fds mems; do
		set -- "$bin/crit-x" "$images/deadproc" $what
		faults read EIO must "$@" &&
		faults write ENOSPC must "$@" &&
		faults malloc ENOMEM may "$@" &&
		faults all EIO may "$@" || return
	done
}

@test "crit-mem" {
	most=100
	set -- "$bin/crit-mem" -o "$t/new/out" "$images/mem"
	faults read EIO must "$@" &&
	faults write ENOSPC must "$@" &&
	faults malloc ENOMEM may "$@" &&
	faults fsync EIO must "$@" &&
	faults rename EIO must "$@" &&
	faults all EIO may "$@"
}

@test "full disk" {
	for p in "crit-decode $images/tree/pstree.img" \
		"crit-info $images/tree/pstree.img" \
		"crit-x $images/deadproc ps" "crit-mem $images/mem" \
		"crit-decode --help" "crit-encode --version"; do
		$p >/dev/full 2>"$t/stderr" && status=0 || status=$?
		[ $status = 1 ] || { cat "$t/stderr"; false; }
		grep -q 'standard output: cannot write: No space left' \
			"$t/stderr"
		[ "$(wc -l <"$t/stderr")" = 1 ]
	done
	echo '{"magic":"PSTREE","entries":[]}' >"$t/in"
	run -1 crit-encode -o /dev/full "$t/in"
	[ "$output" = "crit-encode: /dev/full: cannot write: No space left on device" ]
}

@test "full file system" {
	mkdir "$t/disk"
	cat >"$t/do" <<-'END'
		mount -t tmpfs -o size=64k tmpfs "$t/disk" || exit 77
		echo old >"$t/disk/out"
		crit-decode -f json -o "$t/disk/out" "$t/big.img"
		echo "decode $?"
		crit-encode -d "$t/disk" "$t/records" && exit
		echo "encode $?"
		TMPDIR=$t/disk crit-encode -o "$t/there" "$t/sorted" && ls "$t/there"
		cat "$t/disk/out"
		ls -A "$t/disk"
	END
	threads=$(seq 1 100000 | paste -sd,)
	entry='{"pid":1,"ppid":0,"pgid":1,"sid":1,"threads":['"$threads"']}'
	echo '{"magic":"PSTREE","entries":['"$entry"']}' |
		crit-encode -o "$t/big.img"
	crit-decode "$t/big.img" >"$t/records"
	echo '{"entries":['"$entry"'],"magic":"PSTREE"}' >"$t/sorted"
	export t
	unshare -rm sh "$t/do" >"$t/said" 2>&1 && status=0 || status=$?
	[ $status != 77 ] && ! grep -q 'unshare failed' "$t/said" ||
		skip "no mounts here: $(head -n 1 "$t/said")"
	sed "s|$t|T|g" "$t/said" >"$t/got"
	diff - "$t/got" <<-'END'
		crit-decode: T/disk/out: cannot write: No space left on device
		decode 1
		crit-encode: big.img: cannot write: No space left on device
		encode 1
		crit-encode: T/sorted: cannot write a temporary file: No space left on device
		old
		out
	END
}

@test "read-only folder" {
	mkdir "$t/ro"
	echo old >"$t/ro/out"
	chmod 555 "$t/ro"
	echo '{"image":"a.img","magic":"PSTREE","entries":[]}{"end":{},"entries":[]}' >"$t/in"
	as=
	[ "$(id -u)" != 0 ] || as="setpriv --reuid 65534 --regid 65534 --clear-groups"
	chmod 755 "$t" "$BATS_FILE_TMPDIR" "$BATS_SUITE_TMPDIR" "$BATS_RUN_TMPDIR"
	chmod 644 "$t/in"
	$as test -r "$t/in" -a -x "$CRIT_BUILD/crit-encode" ||
		skip "nobody cannot come here"
	run -1 $as crit-encode -o "$t/ro/out" "$t/in"
	[ "$output" = "crit-encode: $t/ro/out: cannot make: Permission denied" ]
	run -1 $as crit-encode -d "$t/ro" "$t/in"
	[ "$output" = "crit-encode: $t/ro: cannot write into it: Permission denied" ]
	run -1 $as crit-encode -d "$t/ro/new" "$t/in"
	[ "$output" = "crit-encode: $t/ro/new: cannot make: Permission denied" ]
	[ "$(ls -A "$t/ro")" = out ] && [ "$(cat "$t/ro/out")" = old ]
}
