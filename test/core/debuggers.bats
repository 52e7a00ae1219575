#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# crit-core: its cores beside the kernel's cores of the same processes, as gdb,
# lldb and elfutils see them; redis by Debian's binaries.
# shellcheck disable=SC2016

bats_require_minimum_version 1.5.0

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	for name in one thr redis; do
		zstd -dc "$CRIT_ROOT/test/cores/$name.tar.zst" | tar x
	done
	for name in one thr; do
		install -D $name root/srv/demo/$name
	done
	install datafile root/srv/demo/datafile
	library root libc.so.6 ld-linux-x86-64.so.2
	for name in one thr; do
		crit-core -o $name.core ck/$name/img
		crit-core --sysroot root -o $name.all ck/$name/img 2>>other
	done
	crit-core -o redis.core redis
}

setup() {
	set -o pipefail
	cd "$BATS_FILE_TMPDIR" || return 1
}

# library ROOT NAME...: these of this machine, with the names that programs ask
# for
library() {
	local root=$1 lib=usr/lib/x86_64-linux-gnu name
	shift
	mkdir -p "$root/$lib" "$root/usr/lib64"
	for name; do
		cp "/$lib/$name" "$root/$lib"
	done
	/sbin/ldconfig -n "$root/$lib"
	[ -L "$root/lib" ] || rm -rf "$root/lib"
	ln -sfn usr/lib "$root/lib"
	ln -sfn usr/lib64 "$root/lib64"
	ln -sfn ../lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 "$root/usr/lib64/"
}

# The C library of the images is not this machine's: no names of functions
same_library() {
	[ ! -s other ] || skip "$(head -n 1 other)"
}

# in_gdb PROGRAM CORE COMMAND...
in_gdb() {
	local program=$1 core=$2 command say=()
	shift 2
	for command; do
		say+=(-ex "$command")
	done
	gdb -nx -batch -iex 'set sysroot root' -iex 'set debuginfod enabled off' \
		-iex 'set auto-load no' -iex 'set width 0' "${say[@]}" \
		"root/srv/demo/$program" "$core" 2>/dev/null
}

# frames: threads and the functions in them, of gdb's backtraces
frames() {
	sed -nE 's/^(Thread .*):$/\1/p; s/^#[0-9]+ +(0x[0-9a-f]+ in )?([^ ]+) .*/\2/p'
}

@test "gdb: backtraces, TLS variables and threads are the kernel's" {
	same_library
	for core in thr.core thr.all ck/thr/kernel.core; do
		in_gdb thr $core 'thread apply all bt' | frames
		in_gdb thr $core 'thread apply all p tlsvar' \
			'thread apply all p tlsname' 'info symbol m' \
			'p shared_counter' | grep -E '^(Thread|\$|m in)'
	done >all
	[ "$(grep -c spin_wait all)" = 9 ]
	split -n l/3 all part.
	cmp part.aa part.ab
	cmp part.aa part.ac
}

@test "gdb: registers of all kinds are the kernel's" {
	for name in one thr; do
		for core in $name.core ck/$name/kernel.core; do
			# those that the restart of a system call changes
			in_gdb $name $core 'thread apply all info all-registers' |
				grep -vE '^(rax|rip|rbp|orig_rax) ' |
				grep -E '^([a-z0-9_]+ |Thread)'
		done >all
		split -n l/2 all part.
		[ "$(wc -l <part.aa)" -gt 70 ]
		diff part.aa part.ab
	done
}

@test "gdb: auxiliary vector, mappings, arguments" {
	for name in one thr; do
		for core in $name.core ck/$name/kernel.core; do
			in_gdb $name $core 'info auxv' 'info proc mappings' |
				grep -E '^ *(0x|[0-9]+ +AT_)' | grep -v /dev/zero
		done >all
		split -n l/2 all part.
		[ "$(wc -l <part.aa)" -gt 30 ]
		diff part.aa part.ab
	done
	in_gdb one one.core 'info proc' | grep -q "exe = '/srv/demo/one /srv/demo/datafile'"
}

@test "gdb finds the bytes of files where the core has none" {
	in_gdb one one.core 'x/4i $pc' 'x/32xb *(char **)environ' >a
	in_gdb one one.all 'x/4i $pc' 'x/32xb *(char **)environ' >b
	[ -s a ]
	diff a b
}

@test "eu-stack needs no program where --sysroot gave the bytes" {
	same_library
	eu-stack --core one.all >out
	grep -q '__libc_start_main' out
	# the unwind table of this program is not in its memory
	for core in thr.all ck/thr/kernel.core; do
		eu-stack --core $core 2>/dev/null | awk '{ print $1, $3 }' || true
	done >all
	split -n l/2 all part.
	grep -q pthread_mutex_lock part.aa
	diff part.aa part.ab
}

@test "eu-readelf takes each note" {
	for core in one.core thr.all redis.core; do
		eu-readelf -h -l -n $core >out 2>err
		[ ! -s err ]
		grep -q 'CORE (Core file)' out
	done
}

@test "lldb: threads and backtraces" {
	same_library
	command -v lldb >/dev/null || skip "no lldb"
	lldb -b -c thr.all -o 'bt all' >out 2>err
	[ "$(grep -c 'thread #' out)" = 4 ]
	[ "$(grep -c spin_wait out)" = 3 ]
	grep -q 'clone3' out
}

@test "redis: each thread's backtrace, by Debian's binaries" {
	"$CRIT_ROOT/test/unpack" "$CRIT_BUILD/foreign-core" same redis-tools ||
		skip "no package redis-tools"
	cp -r "$CRIT_BUILD/foreign-core/root" redis-root
	eu-readelf -n redis.core | grep -oE '/usr/lib/x86_64-linux-gnu/[^ ]+' |
		sort -u | sed 's|.*/||' | while read -r name; do
			[ -e "redis-root/usr/lib/x86_64-linux-gnu/$name" ] ||
				echo "$name"
		done >wanted
	while read -r name; do
		library redis-root "$name" || skip "no $name here"
	done <wanted
	# Debian may have newer ones
	crit-core --sysroot redis-root -o redis.all redis 2>said || true
	! grep -q 'another build id' said ||
		skip "$(grep -m 1 'another build id' said)"
	gdb -nx -batch -iex 'set sysroot redis-root' -ex 'thread apply all bt' \
		redis-root/usr/bin/redis-check-rdb redis.core >out 2>err || true
	frames <out >names
	cat out
	[ "$(grep -c ^Thread names)" = 5 ]
	[ "$(grep -cE '^(__)?clone3$' names)" = 4 ]
	grep -qx aeMain names
	grep -qx main names
	grep -qx epoll_wait names
}
