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

# faults COMMAND... <TABLE : a call, then errors and how each must be borne
# (see test/tools/inject.c)
faults() {
	local said
	local -a row
	while read -ra row; do
		for ((i = 1; i < ${#row[@]}; i += 2)); do
			said=$(inject "${row[0]}" "${row[@]:i:2}" $most "$@") || {
				echo "$said"
				return 1
			}
			injected=$((injected + said))
		done
	done
}

# what every filter goes through
each="pread EIO must EINTR never short never
write ENOSPC must EPIPE must EINTR never short never
memory ENOMEM may
all EIO may ENOMEM may"

# the same of those that read documents
reads=read${each#pread}

@test "crit-decode FILE" {
	faults "$bin/crit-decode" "$images/tree/pstree.img" <<<"$each"
}

@test "crit-decode -f json -p <FILE" {
	cp "$images/tree/pstree.img" "$t/in"
	faults "$bin/crit-decode" -f json -p <<<"$each"
}

@test "crit-decode -f yaml FILE" {
	faults "$bin/crit-decode" -f yaml "$images/tree/pstree.img" <<<"$each"
}

@test "crit-encode <YAML" {
	"$CRIT_BUILD/crit-decode" -f yaml "$images/tree/pstree.img" >"$t/in"
	faults "$bin/crit-encode" <<<"$reads"
}

@test "crit-draw: a picture, a page" {
	most=3
	faults "$bin/crit-draw" tree "$images/loop" <<<"$each"
	faults "$bin/crit-draw" -f dot sockets "$images/loop" <<<"memory ENOMEM may"
	faults "$bin/crit-draw" memory "$images/loop" <<<"memory ENOMEM may"
}

@test "crit-decode -o FILE" {
	most=3
	faults "$bin/crit-decode" -o "$t/new/out" "$images/ipc/"ipcns-msg-*.img <<-END
		$each
		fsync ENOSPC may EIO must
		close EDQUOT may
		rename EACCES must
		open ENOSPC may
		stat EACCES may
		realpath EACCES may
		fchmod EPERM may
		fchown EPERM may
		getrandom EAGAIN may
	END
}

@test "crit-decode --schema FILE" {
	cp "$CRIT_BUILD/crit.binpb" "$t/set"
	# all its memory would take minutes: it is one schema a message
	faults "$bin/crit-decode" --schema "$t/set" "$images/tree/pstree.img" <<-END
		read EIO must EINTR never
		open EMFILE must
		all EIO may
	END
}

@test "crit-decode DIR" {
	most=100
	faults "$bin/crit-decode" -o "$t/new/out" "$images/deadproc" <<-END
		pread EIO must EINTR never
		readdir EIO must
		fdopendir ENOMEM must
		dup EMFILE must
		syscall EMFILE may
		memory ENOMEM may
		all EMFILE may
	END
}

# crit-info writes by stdio, see "full disk"
info="pread EIO must short never
memory ENOMEM may
all EIO may"

@test "crit-info FILE" {
	faults "$bin/crit-info" "$images/tree/pstree.img" <<<"$info"
}

@test "crit-info DIR" {
	most=100
	for how in "" "--summary -f json"; do
		faults "$bin/crit-info" $how "$images/deadproc" \
			<<<"$info" || return
	done
}

@test "crit" {
	# gcov has an execv of its own
	local exec='execv EACCES never'
	[ "$CRIT_SAN" != coverage ] || exec=
	faults "$bin/crit" decode -i "$images/tree/pstree.img" <<-END
		readlink ENOENT never
		$exec
		pread EIO must
		memory ENOMEM may
		all EIO may
	END
}

@test "crit-encode -o FILE" {
	"$CRIT_BUILD/crit-decode" -f json "$images/tree/pstree.img" >"$t/in"
	faults "$bin/crit-encode" -o "$t/new/out" "$t/in" <<-END
		$reads
		fsync EIO must
		rename EACCES must
		close EDQUOT may
	END
}

@test "crit-encode <DOCUMENT" {
	"$CRIT_BUILD/crit-decode" -f json "$images/tree/pstree.img" >"$t/in"
	faults "$bin/crit-encode" <<<"$reads"
}

@test "crit-encode with temporary files" {
	threads=$(seq 1 150000 | paste -sd,)
	echo '{"entries":[{"threads":['"$threads"'],"pid":1,"ppid":0,"pgid":1,"sid":1}],"magic":"PSTREE"}' >"$t/in"
	faults "$bin/crit-encode" -o "$t/new/out" "$t/in" <<-END
		read EIO must
		pwrite ENOSPC must EINTR never
		pread EIO must EINTR never
		ftruncate EIO may
		lseek EIO may
		open EMFILE may
		memory ENOMEM may
	END
}

@test "crit-encode -d DIR" {
	"$CRIT_BUILD/crit-decode" "$images/tree/pstree.img" \
		"$images/tree/"core-*.img >"$t/in"
	sed -i '/{"end"/!b;s/.*/{"end":{},"entries":[]}/' "$t/in"
	faults "$bin/crit-encode" -d "$t/new/dir" "$t/in" <<-END
		read EIO must short never
		write ENOSPC must EINTR never
		memory ENOMEM may
		openat ENOSPC must
		mkdirat ENOSPC must
		syncfs EIO must
		fsync EIO must
		fstatat EIO must
		readdir EIO must
		renameat EIO must
		linkat EPERM never
		all EIO may
	END
}

@test "crit-encode -d NEW" {
	"$CRIT_BUILD/crit-decode" "$images/tree/pstree.img" >"$t/in"
	faults "$bin/crit-encode" -d "$t/new/folder" "$t/in" <<<"all EIO may"
}

# encode_with FAULT ARGUMENT... : crit-encode of T/in, with this one fault
encode_with() {
	"$CRIT_BUILD/crit-decode" "$images/tree/pstree.img" >"$t/in"
	mkdir -p "$t/new"
	echo old >"$t/new/out"
	run env CRIT_FAULT="$1" CRIT_FAULT_HIT="$t/hit" \
		"$bin/crit-encode" "${@:2}" <"$t/in"
	[ -e "$t/hit" ]
}

@test "a disk that is full only when a file is closed" {
	encode_with close:1:EDQUOT -o "$t/new/out"
	[ $status = 1 ]
	[ "$output" = "crit-encode: $t/new/out: cannot close: Disk quota exceeded" ]
	[ "$(ls -A "$t/new")" = out ] && [ "$(cat "$t/new/out")" = old ]
	rm "$t/hit"
	encode_with close:1:EDQUOT -d "$t/new"
	[ $status = 1 ]
	[ "$output" = "crit-encode: pstree.img: cannot close: Disk quota exceeded" ]
	[ "$(ls -A "$t/new")" = out ]
	rm "$t/hit"
	encode_with close:1:EDQUOT
	[ $status = 1 ]
	[[ $output = *"crit-encode: standard output: cannot write: Disk quota exceeded" ]]
}

@test "a temporary name that is taken" {
	# without random numbers it is made of the process's number, which exec
	# keeps: in either order of its bytes
	cat >"$t/do" <<-'END'
		letters=abcdefghijklmnopqrstuvwxyz012345 name=
		for i in 0 1 2 3; do
			name+=${letters:($$ >> 8 * i) % 32:1}
		done
		rev=$(rev <<<"$name")
		for n in "$name" "$rev"; do
			ln -s ../mine "$t/new/.crit-${n}aa.tmp" || :
		done
		exec "$@" <"$t/in"
	END
	echo mine >"$t/mine"
	export t
	"$CRIT_BUILD/crit-decode" "$images/tree/pstree.img" >"$t/in"
	mkdir "$t/new"
	CRIT_FAULT=getrandom:1:EAGAIN CRIT_FAULT_HIT=$t/hit bash "$t/do" \
		"$bin/crit-encode" -o "$t/new/out"
	[ -e "$t/hit" ]
	[ "$(cat "$t/mine")" = mine ]
	[ ! -L "$t/new/out" ]
	cmp "$t/new/out" "$images/tree/pstree.img"
}

@test "a kernel without openat2 follows no link at all" {
	mkdir "$t/dir"
	ln -s "$images/tree/pstree.img" "$t/dir/ids-1.img"
	CRIT_FAULT=syscall:1:EPERM CRIT_FAULT_HIT=$t/hit run -1 \
		--separate-stderr "$bin/crit-decode" "$t/dir"
	[ -e "$t/hit" ]
	[ "$stderr" = "crit-decode: ids-1.img: symbolic link, which could lead out of the checkpoint: no openat2(2) here (-L follows it)" ]
}

# of a folder, of a stream
asked="pread EIO must
write ENOSPC must
memory ENOMEM may
all EIO may"
streamed="pread EIO must EINTR never short never
memory ENOMEM may"

@test "crit-x" {
	most=100
	for what in ps fds mems signals "-f table threads"; do
		faults "$bin/crit-x" "$images/deadproc" $what <<<"$asked" || return
	done
	for what in cmd "-f records env"; do
		faults "$bin/crit-x" "$images/incr/3" $what <<<"$asked" || return
	done
}

@test "crit-x <RECORDS" {
	"$CRIT_BUILD/crit-decode" "$images/deadproc" >"$t/in"
	most=100
	for what in "-f records fds" "-f json sk" rss; do
		faults "$bin/crit-x" $what <<<"$streamed" || return
	done
}

@test "crit-check" {
	most=100
	faults "$bin/crit-check" "$images/incr/2" <<<"$asked" || return
	faults "$bin/crit-check" --host -f records "$images/cpuinfo" \
		<<<"memory ENOMEM may"
}

@test "crit-check <RECORDS" {
	"$CRIT_BUILD/crit-decode" "$images/deadproc" >"$t/in"
	most=100
	faults "$bin/crit-check" <<-END
		pread EIO must EINTR never
		memory ENOMEM may
	END
}

# 2 is its status of trouble; what is compared does not differ
@test "crit-diff" {
	most=100
	cat >"$t/diff" <<-E
	#!/bin/sh
	"$bin/crit-diff" "\$@"
	status=\$?
	[ \$status != 2 ] || exit 1
	[ \$status = 0 ] || exit 3
	E
	chmod +x "$t/diff"
	cp -r "$images/deadproc" "$t/same"
	faults "$t/diff" --only tasks,files,mappings,sockets,fields \
		"$images/deadproc" "$t/same" <<-END
		pread EIO must EINTR never short never
		memory ENOMEM may
		all EIO may
	END
	# names of mapped files are only to be shown
	faults "$t/diff" --only memory "$images/deadproc" "$t/same" <<-END
		pread EIO may EINTR never
		memory ENOMEM may
	END
	"$CRIT_BUILD/crit-decode" "$images/deadproc" >"$t/in"
	faults "$t/diff" "$images/deadproc" - <<-END
		pread EIO must EINTR never
		write ENOSPC must
		memory ENOMEM may
	END
}

@test "crit-mem: questions" {
	most=100
	pid=$("$CRIT_BUILD/crit-x" "$images/mem" ps -f records | jq .pid | head -n 1)
	for how in "" "--args" "-s a -f records" "-p $pid -x --vma [stack]"; do
		faults "$bin/crit-mem" $how "$images/mem" <<<"$asked" || return
	done
}

@test "crit-mem: copies" {
	pid=$("$CRIT_BUILD/crit-x" "$images/mem" ps -f records | jq .pid | head -n 1)
	most=3
	# into a pipe, and into a file
	faults bash -c 'set -o pipefail; "$@" | cat' - \
		"$bin/crit-mem" -p "$pid" --all "$images/mem" \
		<<<"sendfile EIO must EINVAL never EINTR never short never" &&
	faults "$bin/crit-mem" -p "$pid" --all -o "$t/new/out" "$images/mem" <<-END
		copy_file_range EIO must EXDEV never EINTR never
		ftruncate EFBIG must
		fcntl EINVAL never
	END
}

@test "crit-mem -o FILE" {
	most=100
	faults "$bin/crit-mem" -o "$t/new/out" "$images/mem" <<-END
		$asked
		fsync EIO must
		rename EIO must
	END
}

@test "crit-core" {
	most=40
	faults "$bin/crit-core" -o "$t/new/out" "$images/loop" <<-END
		pread EIO must
		memory ENOMEM may
		all EIO may
		copy_file_range EIO must EXDEV never EINTR never
		fsync EIO must
		rename EIO must
	END
}

@test "crit-core -d" {
	most=40
	faults "$bin/crit-core" -d "$t/new/folder" "$images/incr/3" <<-END
		pread EIO must
		all EIO may
	END
}

@test "crit-copy to a directory, a tar, a stream" {
	most=60
	copies="pread EIO may EINTR never
	close EIO may
	memory ENOMEM may"
	for how in "-f tar" "-f tar --flatten" "-f stream"; do
		faults "$bin/crit-copy" $how "$images/loop" "$t/new/out" \
			<<<"$copies" || return
	done
	# a directory is not there, or whole
	cat >"$t/dir" <<-'END'
		status=0
		rm -rf "$t/d"
		"$bin/crit-copy" $how "$images/loop" "$t/d" || status=$?
		[ -z "$(ls -A "$t" | grep crit)" ] || echo "left: $(ls -A "$t")"
		[ ! -e "$t/d" ] || cat "$t"/d/*
		exit $status
	END
	export t bin images how
	for how in "" "--compress" "--filter cat"; do
		faults bash "$t/dir" <<<"$copies" || return
	done
	most=20 how=
	faults bash "$t/dir" <<-END
		copy_file_range EIO must EXDEV never EINTR never
		mkdirat EACCES must
		fchown EPERM must
		fchmod EPERM must
		futimens EPERM must
		syncfs EIO must
		readdir EIO must
		fdopendir ENOMEM must
		fstatat EIO must
		openat EMFILE may
		dup EMFILE must
		syscall EINVAL never
	END
	how="--filter cat"
	faults bash "$t/dir" <<-END
		pipe EMFILE must
		fork EAGAIN must
	END
	faults "$bin/crit-copy" -f tar --compress "$images/mem" "$t/new/out" <<-END
		pwrite ENOSPC must EINTR never short never
		ftruncate EFBIG must
		fsync EIO must
		rename EIO must
	END
}

# CRIU's side of a socket is criu_peer, which comes when the socket is there; a
# directory is there whole or not at all, and nothing else is left
@test "crit-copy from CRIU and to CRIU" {
	most=60
	cat >"$t/live" <<-'END'
		status=0
		rm -rf "$t/d" "$t/work"
		mkdir "$t/work"
		if [ $side = dump ]; then
			socket=$t/work/streamer-capture.sock
			set -- dump "$socket" "$images/loop"
			from=criu:$t/work to=$t/d
		else
			socket=$t/work/streamer-serve.sock
			mkdir "$t/d"
			set -- restore "$socket" "$t/d" $(ls "$images/loop")
			from=$images/loop to=criu:$t/work
		fi
		(until [ -S "$socket" ]; do sleep 0.01; done
			exec criu_peer "$@") >/dev/null 2>&1 &
		timeout 120 "$bin/crit-copy" $how $from $to || status=$?
		[ $status = 0 ] || kill $! 2>/dev/null
		wait
		[ -z "$(ls -A "$t" | grep crit)$(ls -A "$t/work")" ] ||
			echo "left: $(ls -A "$t" "$t/work")"
		[ $side = dump ] || [ $status = 0 ] || rm -rf "$t/d"
		[ ! -e "$t/d" ] || cat "$t"/d/*
		exit $status
	END
	export t bin images how side=dump CRIT_PEER_OPEN=1
	faults bash "$t/live" <<-END
		socket EMFILE must
		bind EACCES must
		listen EIO must
		renameat EACCES must
		accept4 EMFILE must
		recvmsg EIO must EINTR never
		read EIO may
		poll ENOMEM must EINTR never
		splice EIO must EINVAL never EINTR never
		memory ENOMEM may
	END
	side=restore
	faults bash "$t/live" <<-END
		accept4 EMFILE must
		recvmsg EIO must EINTR never
		poll ENOMEM must EINTR never
		send EPIPE must
		sendfile EIO must EINVAL never EAGAIN never EINTR never
		fcntl EINVAL may
	END
	how="--filter cat"
	for side in dump restore; do
		faults bash "$t/live" <<-END || return
			pipe EMFILE must
			fork EAGAIN must
		END
	done
}

@test "crit-pids, crit-anon" {
	"$CRIT_BUILD/crit-decode" "$images/tree/pstree.img" >"$t/in"
	echo secret >"$t/key"
	faults "$bin/crit-pids" +1 "$t/in" <<<"$reads"
	most=100
	for option in -o -m; do
		faults "$bin/crit-anon" -k "$t/key" $option "$t/new/out" \
			"$t/in" <<-END || return
			read EIO must EINTR never
			write ENOSPC must EINTR never
			fsync EIO must
			rename EACCES must
			memory ENOMEM may
			all EIO may
		END
	done
}

@test "crit-edit" {
	cp "$images/tree/pstree.img" "$t/image"
	most=100
	# later ones leave the text there, on purpose: test/edit.bats
	EDITOR='echo "#" >>' faults "$bin/crit-edit" "$t/image" <<-END
		fork EAGAIN must
		waitpid EINTR never
	END
	# the first file is that of the text
	TMPDIR=$t EDITOR=true CRIT_FAULT=openat:1:EACCES CRIT_FAULT_HIT=$t/hit \
		run -1 "$bin/crit-edit" "$t/image"
	[ -e "$t/hit" ]
	[ "$output" = "crit-edit: $t: cannot make a temporary file: Permission denied" ]
}

@test "what can fail can be made to" {
	[ -z "$CRIT_SAN" ] || skip "a sanitizer's own calls"
	cd "$CRIT_BUILD"
	# what fails here is nothing: no errors, or nobody to tell; stdio is
	# for "full disk"
	harmless='LZ4F?_.*|ZSTD_.*|lzma_.*|inflate.*|yaml_.*|_.*|mem.*|str.*|sig.*|opt.*|f?printf|fputs|fwrite|putc
		|puts|putchar|fflush|ferror|v?sn?printf|std(err|out)|exit|free|getauxval
		|getenv|abort|geteuid|getopt_long|getpid|inet_ntop|inet_pton|isatty|qsort|bsearch|raise
		|program_.*|reg(comp|exec|error|free)|closedir|rewinddir|rmdir
		|unlink(at)?|environ|getegid|time|clock_gettime|fnmatch|(free|get)ifaddrs
		|if_(indextoname|nametoindex)|getpgid|getsid|qsort_r|sysconf|uname|access|ioctl|execl|dprintf|is[a-z]*|stpcpy'
	nm -u lib/*/*.o filters/*.o | awk '$1 == "U" { print $2 }' | sort -u |
		grep -Evx "$(tr -d ' \t\n' <<<"$harmless")" >"$t/used"
	nm libcrit.a filters/*.o test/faults/faults.o |
		awk 'NF == 3 { sub("^__wrap_", "", $3); print $3 }' |
		sort -u >"$t/known"
	comm -23 "$t/used" "$t/known" >"$t/new.list"
	cat "$t/new.list"
	[ ! -s "$t/new.list" ]
	[ "$(wc -l <"$t/used")" -gt 20 ]
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
		crit-encode: T/disk/big.img: cannot write: No space left on device
		encode 1
		crit-encode: T/sorted: cannot write a temporary file: No space left on device
		old
		out
	END
}

@test "read-only folder" {
	[ "$CRIT_SAN" != coverage ] || skip "counters that cannot be written"
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
	[ "$output" = "crit-encode: $t/ro/out: cannot create: Permission denied" ]
	run -1 $as crit-encode -d "$t/ro" "$t/in"
	[ "$output" = "crit-encode: $t/ro: cannot write into it: Permission denied" ]
	run -1 $as crit-encode -d "$t/ro/new" "$t/in"
	[ "$output" = "crit-encode: $t/ro/new: cannot create: Permission denied" ]
	[ "$(ls -A "$t/ro")" = out ] && [ "$(cat "$t/ro/out")" = old ]
}

# archives TO: an archive, compressed and not, a stream, a layout
archives() {
	zstd -dcq "$CRIT_ROOT/test/archives/engines.tar.zst" |
		tar xC "$1" podman/tree-min.tar.zst oci/podman-image.oci.tar \
			streams/loop.stream
	zstd -dcq "$1/podman/tree-min.tar.zst" >"$1/tree.tar"
}

store="pread EIO may EINTR never short never
memory ENOMEM may
all EIO may ENOMEM may"

@test "crit-x: an archive" {
	archives "$t"
	faults "$bin/crit-x" "$t/tree.tar" ps <<<"$store"
}

@test "crit-decode: a compressed archive, from a pipe" {
	archives "$t"
	most=2
	cp "$t/podman/tree-min.tar.zst" "$t/in"
	export t bin
	faults bash -c 'cat "$t/in" | "$bin/crit-decode" -' <<-END
		read EIO must EINTR never short never
		memory ENOMEM may
		all EIO may ENOMEM may
	END
}

@test "crit-mem: a compressed archive" {
	archives "$t"
	most=20
	faults "$bin/crit-mem" --args "$t/podman/tree-min.tar.zst" <<<"$store"
}

@test "crit-x: an OCI image in an archive" {
	archives "$t"
	most=3
	faults "$bin/crit-x" "$t/oci/podman-image.oci.tar" container <<<"$store"
}

@test "crit-info: a stream" {
	archives "$t"
	# where it cannot seek it takes the stream's order
	faults "$bin/crit-info" --image 'pst*' "$t/streams/loop.stream" <<<"$store"
}
