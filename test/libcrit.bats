# SPDX-License-Identifier: MIT
# The library as other programs see it: header, symbols, pkg-config, and the
# examples of share/examples, built outside of the tree against an install.

setup_file() {
	export CRIT_ROOT=${CRIT_ROOT:-$BATS_TEST_DIRNAME/..}
	export CRIT_BUILD=${CRIT_BUILD:-$CRIT_ROOT/build}
	cd "$CRIT_ROOT" || return 1
	export S=$BATS_FILE_TMPDIR/stage P=$BATS_FILE_TMPDIR/stage/opt/crit
	[ -n "$CRIT_SAN" ] && return
	make -s --no-print-directory BUILD="$CRIT_BUILD" DESTDIR="$S" \
		PREFIX=/opt/crit install-lib >/dev/null
}

setup() {
	[ -z "$CRIT_SAN" ] || skip "sanitized"
	cd "$BATS_TEST_TMPDIR" || return 1
	export PKG_CONFIG_PATH=$P/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$S
	images=$CRIT_ROOT/test/images
}

# The functions that the header declares.
declared() {
	tr '\n' ' ' <"$CRIT_ROOT/lib/crit.h" | grep -o 'CRIT_API [^_;][^;]*;' |
		sed 's/CRIT_API [^(]*[ *]\(crit_[a-z_]*\)(.*/\1/' | sort
}

# example NAME [LIBRARY]: builds it here
example() {
	${CC:-cc} -std=c99 -pedantic -Wall -Wextra -Werror -o "$1" \
		"$CRIT_ROOT/share/examples/$1.c" $(pkg-config --cflags crit) \
		${2:-$(pkg-config --libs crit) -Wl,-rpath,"$P/lib"}
}

# no GREP-ARGUMENTS: what must not be found
no() {
	if grep "$@"; then return 1; fi
}

# Task 7 with one page at 0x10000.
make_task() {
	mkdir task
	printf '%s\n' '{"image":"mm-7.img","magic":"MM","entries":[{
		"mm_start_code":0,"mm_end_code":0,"mm_start_data":0,
		"mm_end_data":0,"mm_start_stack":0,"mm_start_brk":0,"mm_brk":0,
		"mm_arg_start":65536,"mm_arg_end":65541,
		"mm_env_start":65541,"mm_env_end":65561,"exe_file_id":1,
		"vmas":[{"start":65536,"end":69632,"pgoff":0,"shmid":0,
		"prot":3,"flags":34,"status":513,"fd":-1}]}]}' \
		'{"image":"pagemap-7.img","magic":"PAGEMAP","entries":[
		{"pages_id":1},
		{"vaddr":65536,"compat_nr_pages":0,"flags":4,"nr_pages":1}]}' |
		crit-encode --no-end -d task
	printf 'prog\0HOME=/root\0LANG=C.U\0' >task/pages-1.img
	truncate -s 4096 task/pages-1.img
}

@test "libcrit.so exports what crit.h declares, and nothing else" {
	declared >want
	[ "$(wc -l <want)" -gt 60 ]
	nm -D --defined-only "$P/lib/libcrit.so" |
		awk '$2 != "A" { sub("@.*", "", $3); print $3 }' | sort >got
	diff want got
}

@test "so does libcrit.a" {
	declared >want
	nm -g --defined-only "$P/lib/libcrit.a" | awk 'NF == 3 { print $3 }' |
		sort >got
	diff want got
}

@test "libcrit.so needs libc alone, and has a version" {
	readelf -d "$P/lib/libcrit.so" >dynamic
	grep -q 'SONAME.*\[libcrit\.so\.0\]' dynamic
	grep NEEDED dynamic >needed
	no -v 'libc\.\|ld-linux' needed
	no TEXTREL dynamic
	[ "$(pkg-config --modversion crit)" = "$(crit-decode --version |
		awk 'NR == 1 { print $2 }')" ]
}

@test "the library prints nothing and ends nothing" {
	# its own objects: libyaml has functions for FILEs, which nobody calls
	nm -u "$CRIT_BUILD"/lib/*/*.o | awk '$1 == "U" { print $2 }' >used
	grep -qx memcpy used
	no -xE '(v?f?|d)printf|f?put[sc]|putchar|fwrite|perror|std(err|out)|_?exit|abort|signal|kill' used
}

@test "all memory comes from alloc.c" {
	cd "$CRIT_ROOT/lib"
	no -nE '(^|[^._a-z])((m|c|re)alloc|free|str(n)?dup)\(' \
		$(ls *.c | grep -vx alloc.c)
}

@test "the header stands alone, in C99 and in C++" {
	echo '#include <crit.h>' >c.c
	${CC:-cc} -std=c99 -pedantic -Wall -Wextra -Werror -c c.c \
		$(pkg-config --cflags crit)
	for std in c++11 c++17; do
		${CXX:-c++} -x c++ -std=$std -pedantic -Wall -Wextra -Werror \
			-c c.c $(pkg-config --cflags crit)
	done
}

# Callers hold these; crit_error_new spares other languages the first. The sizes of
# those below never change, and they cannot grow.
@test "structs can grow: all but these end with reserved" {
	awk '/^struct crit[a-z_]* {/ { name = $2; room = 0 }
		/reserved\[/ { room = 1 }
		/^};/ && name && !room { print name }
		/^}/ { name = "" }' "$CRIT_ROOT/lib/crit.h" | sort | xargs >got
	[ "$(cat got)" = "crit_allocator crit_error crit_file crit_info crit_replacement" ]
}

@test "pkg-config --static links a program that needs nothing" {
	example environment "-static $(pkg-config --static --libs crit)"
	make_task
	[ "$(./environment task 7)" = "$(printf 'HOME=/root\nLANG=C.U')" ]
	readelf -d environment >dynamic
	no NEEDED dynamic
}

@test "example: dump statistics" {
	example dump-statistics
	./dump-statistics "$images/bpf" >out
	crit-decode "$images/bpf/stats-dump" | jq -r '.entries[].dump |
		"frozen for \(.frozen_time) us",
		"\(.pages_written) of \(.pages_scanned) pages written"' >want
	diff want out
	run ./dump-statistics "$images/cpuinfo"
	[ "$status" = 1 ]
	[ "$output" = "$images/cpuinfo/stats-dump: cannot open: No such file or directory" ]
}

@test "example: open files of a task" {
	example open-files
	./open-files "$images/files" 3001 >out || {
		pid=$(crit-decode "$images/files/pstree.img" |
			jq '.entries[0].pid' | head -1)
		./open-files "$images/files" "$pid" >out
	}
	pid=${pid:-3001}
	crit-x "$images/files" fds --pid "$pid" -f records |
		jq -r '[.at // .fd, (if .at then empty else .type end), .path] |
			map(tostring) | join("\t")' >want
	[ "$(wc -l <out)" -gt 5 ]
	diff want out
	run ./open-files "$images/files" 99999
	[ "$status" = 1 ]
	[ "$output" = "$images/files: no task 99999" ]
}

@test "example: change a socket's port in place" {
	example change-port
	cp "$images/sock/files.img" .
	port=$(crit-decode files.img | jq -r '.entries[].isk.src_port // empty' |
		sort -n | awk '$1 > 0 { print; exit }')
	[ "$port" -gt 0 ]
	n=$(crit-decode files.img | jq -r '.entries[].isk.src_port // empty' |
		grep -cx "$port")
	[ "$(./change-port files.img "$port" 4242)" = "$n changed" ]
	diff <(crit-decode "$images/sock/files.img" |
		jq -c "(.entries[].isk.src_port | select(. == $port)) = 4242") \
		<(crit-decode files.img)
	# as it was, and refused without a trace
	[ "$(./change-port files.img 4242 "$port")" = "$n changed" ]
	cmp files.img "$images/sock/files.img"
	run ./change-port files.img "$port" 4294967296
	[ "$status" = 1 ]
	[[ "$output" == "isk.src_port: "*"out of range" ]]
	cmp files.img "$images/sock/files.img"
	[ "$(ls -A | grep -c crit)" = 0 ]
}

@test "example: environment of a process" {
	example environment
	make_task
	[ "$(./environment task 7)" = "$(printf 'HOME=/root\nLANG=C.U')" ]
	rm task/pages-1.img
	run ./environment task 7
	[ "$status" = 1 ]
	[[ "$output" == "task/pages-1.img: "*"cannot open: No such file or directory" ]]
}

@test "the programs of libcrit(3)" {
	awk '/^#include <crit.h>/ { n++; on = 1 } /^```/ { on = 0 }
		on { print >("page" n ".c") }' \
		"$CRIT_ROOT/share/man/libcrit.3.scd"
	[ "$(ls page*.c | wc -l)" = 2 ]
	for n in 1 2; do
		${CC:-cc} -std=c99 -pedantic -Wall -Wextra -Werror -o page$n \
			page$n.c $(pkg-config --cflags --libs crit) \
			-Wl,-rpath,"$P/lib"
	done
	./page1 "$images/files/files.img" >out
	crit-decode "$images/files/files.img" |
		jq -r '.entries[].reg.name // empty' >want
	[ "$(wc -l <out)" -gt 5 ]
	diff want out
	run ./page1 "$images/loop/pages-1.img"
	[[ "$output" == "$images/loop/pages-1.img: "* ]]
	[ "$(./page2 "$images/loop")" = "4242 loop: /srv/corpus/bin/loop" ]
	for n in 1 2; do
		run ./page$n "$images/cpuinfo/nothing"
		[ "$status" = 1 ]
		[[ "$output" == *"cannot open: No such file or directory" ]]
	done
}

@test "libcrit(3) fits 60 columns" {
	make -s -C "$CRIT_ROOT" BUILD="$CRIT_BUILD" man >/dev/null
	MANWIDTH=60 man -P cat -l "$CRIT_BUILD/man/libcrit.3" | col -bx >text
	[ "$(wc -l <text)" -gt 1000 ]
	[ "$(wc -L <text)" -le 60 ]
	# first what it does, then what it looks like
	grep -A 8 'Opens an image and reads its magic' text |
		grep -q 'crit_open(struct crit \*c,'
}

@test "man finds each function" {
	make -s -C "$CRIT_ROOT" BUILD="$CRIT_BUILD" man >/dev/null
	declared >want
	ls "$CRIT_BUILD/man/links" | sed 's/\.3$//' | sort | comm -13 - want >lost
	[ ! -s lost ]
	mkdir -p m/man3
	cp "$CRIT_BUILD"/man/libcrit.3 "$CRIT_BUILD"/man/links/crit_open.3 m/man3
	MANPATH=$PWD/m man -P cat crit_open | grep -q 'crit_open(struct crit'
}

@test "the table of libcrit(3) names functions of the header" {
	sed -n '/^# FROM GO-CRIU/,/^# FILES/p' \
		"$CRIT_ROOT/share/man/libcrit.3.scd" | grep '^:' |
		grep -o '\*crit_[a-z_]*\*' | tr -d '*' | sort -u >named
	[ "$(wc -l <named)" -gt 15 ]
	declared | comm -13 - named >unknown
	[ ! -s unknown ]
}

@test "every example works with libcrit.a, too" {
	for c in "$CRIT_ROOT"/share/examples/*.c; do
		name=${c##*/}
		example "${name%.c}" "$P/lib/libcrit.a"
	done
	make_task
	[ "$(./environment task 7 | wc -l)" = 2 ]
	readelf -d environment >dynamic
	no libcrit dynamic
}

@test "uninstall leaves nothing" {
	make -s -C "$CRIT_ROOT" BUILD="$CRIT_BUILD" DESTDIR="$S" \
		PREFIX=/opt/crit uninstall-lib
	[ "$(find "$S" ! -type d | wc -l)" = 0 ]
}
