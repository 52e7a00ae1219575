#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# crit-core: the cores of checkpoints, beside the kernel's cores of the same
# processes (test/cores), and read by elf_core. Debuggers: test/core/.
# shellcheck disable=SC2016

bats_require_minimum_version 1.5.0

setup() {
	set -o pipefail
	cd "$BATS_TEST_TMPDIR" || return 1
	images=$CRIT_ROOT/test/images
}

# kernel NAME: the process of that name: ck/NAME/img and ck/NAME/kernel.core
kernel() {
	zstd -dc "$CRIT_ROOT/test/cores/$1.tar.zst" | tar x
}

# says STATUS MESSAGE ARGUMENT...: crit-core ends with it and says so once
says() {
	local want=$1 text=$2 status=0
	shift 2
	crit-core "$@" >out 2>message </dev/null || status=$?
	[ $status = "$want" ] && [[ $(cat message) == "crit-core: "*"$text"* ]] || {
		echo "status $status, said: $(cat message)"
		return 1
	}
}

# edited DIR IMAGE JQ: changes the image by a jq program
edited() {
	crit-decode "$1/$2" | jq -c "$3" | crit-encode -o "$1/$2"
}

# copy NAME: a checkpoint c that may be changed
copy() {
	rm -rf c
	cp -r "$images/$1" c && chmod -R u+w c
}

@test "every page is that of the kernel's core" {
	for name in one thr; do
		kernel $name
		crit-core -o core ck/$name/img
		elf_core list core >/dev/null
		elf_core pages core ck/$name/kernel.core >$name.pages
	done
	# all but a guard page, which the kernel writes as zeros
	[ "$(cat one.pages)" = '447 pages, 0 differ' ]
	# rseq data of each thread, and how long one still sleeps
	[ "$(tail -n 1 thr.pages)" = '105 pages, 4 differ' ]
}

@test "the bytes of each segment are those of crit-mem" {
	for name in mem tree ipc incr/3; do
		rm -rf cores
		crit-core -d cores "$images/$name"
		for core in cores/*; do
			elf_core list "$core" | awk '$4 == "here" { print $2 }' >ranges
			[ -s ranges ]
			elf_core all "$core" | sha256sum >have
			while read -r range; do
				crit-mem -p "${core##*.}" -a "$range" \
					"$images/$name" || echo bad
			done <ranges | sha256sum | cmp - have
		done
	done
}

@test "a pipe gets what a file gets, and the file is sparse" {
	crit-core "$images/loop" | cat >pipe
	crit-core -o file "$images/loop"
	crit-core "$images/loop" >redirected
	cmp pipe file
	cmp pipe redirected
	[ "$(stat -c %a file)" = 600 ]
	[ "$(stat -c %b file)" -lt "$(stat -c %b pipe)" ]
}

@test "several tasks: -p, -d, or a list of them" {
	says 2 'there are 2 tasks (9501, 9503); choose one with -p' "$images/incr/3"
	crit-core -p 9503 -o one "$images/incr/3"
	crit-core -d all "$images/incr/3"
	[ "$(ls all)" = $'core.9501\ncore.9503' ]
	cmp one all/core.9503
	[ "$(stat -c %a all/core.9501)" = 600 ]
	crit-core -p 9501 -d some "$images/incr/3"
	[ "$(ls some)" = core.9501 ]
}

@test "what has no core says why" {
	zombie=$(crit-x "$images/tree" ps -f records |
		jq 'select(.state == "Dead") | .pid' | head -n 1)
	says 1 'is a zombie and has no memory' -p "$zombie" "$images/tree"
	says 1 'no images of a task 12' -p 12 "$images/tree"
	says 1 "there is no pstree.img" "$images/incr/1"
	says 2 'only one of -o and -d' -o a -d b "$images/loop"
	says 2 'missing argument: CHECKPOINT'
	copy loop
	rm c/core-4242.img
	says 1 'core-4242.img' c
	copy loop
	edited c core-4242.img '.entries[]? |= del(.thread_info)'
	says 1 'has no registers' c
	edited c core-4242.img '.entries[]? |= (.mtype = "UNKNOWN")'
	says 1 'unknown architecture' c
}

@test "a task that cannot be read: its error, and nothing is put in place" {
	copy incr/3
	ln -sfn "$images/incr/2" c/parent
	rm c/core-9503.img
	says 1 'core-9503.img' -d cores c
	[ ! -e cores ]
	says 1 'core-9503.img' -p 9503 -o core c
	[ ! -e core ]
}

@test "lazy pages are not in the core, and it says so" {
	says 0 'of task 9901 are not in the core: a page server kept them' \
		-p 9901 "$images/lazy"
}

@test "more than 65535 segments; memory stays small" {
	pagemaps make c 40000 1 sparse
	cp "$images/loop/core-4242.img" c/core-1.img
	# of a file: each absent page cuts
	edited c mm-1.img '.entries[]?.vmas[]? |= (.status = 65 | .flags = 2)'
	rss peak crit-core -o core c
	[ "$(cat peak)" -lt 8192 ]
	elf_core list core | grep -c '^load' | grep -qx 80000
	# of anonymous memory: gaps are zeros
	edited c mm-1.img '.entries[]?.vmas[]? |= (.status = 513 | .flags = 34)'
	crit-core -o core c
	elf_core list core | grep -c '^load' | grep -qx 1
}

@test "long gaps of anonymous memory are not in the core" {
	pagemaps make c 1 1 mixed
	cp "$images/loop/core-4242.img" c/core-1.img
	start=$(crit-mem -f records c | jq -r .start)
	# page, 1 MiB but a page, page, 1 MiB, page, 12 KiB
	edited c mm-1.img ".entries[]?.vmas[]?.end = $((start + 0x205000))"
	entry=$(crit-decode c/pagemap-1.img | jq -c '.entries[]? | select(.vaddr)' |
		head -n 1)
	{
		echo '{"magic":"PAGEMAP","entries":[{"pages_id":1}'
		for at in 0 0x100000 0x201000; do
			echo ",$entry" | jq -c -R '.[1:] | fromjson' |
				jq -c ".vaddr = \"$(($(printf %d "$start") + at))\"" |
				sed 's/^/,/'
		done
		echo ']}'
	} | crit-encode -o c/pagemap-1.img
	head -c 12288 /dev/urandom >c/pages-1.img
	crit-core -o core c
	elf_core list core | sed -n 's/^load [^ ]* //p' >have
	printf '%s\n' 'rw- here' 'rw- absent' 'rw- here' | diff - have
}

@test "from archives, compressed or not, and standard input" {
	crit-core -o core "$images/loop"
	tar cf a.tar -C "$images" loop
	tar c -C "$images/loop" . | zstd -q >b.tar.zst
	crit-core a.tar | cmp - core
	crit-core b.tar.zst | cmp - core
	crit-core - <b.tar.zst | cmp - core
	tar cf two.tar -C "$images" loop tree
	crit-core --at loop two.tar | cmp - core
}

@test "a damaged archive gives no core" {
	tar c -C "$images/loop" . | zstd -q >a.tar.zst
	head -c $(($(stat -c %s a.tar.zst) / 2)) a.tar.zst >cut.tar.zst
	says 1 'zstd: the data ends early' -o core cut.tar.zst
	[ ! -e core ]
}

@test "--parent: the pages of a parent that lies elsewhere" {
	crit-core -p 9501 -o core "$images/incr/3"
	copy incr/3
	rm c/parent
	says 1 parent -p 9501 -o lost c
	crit-core -p 9501 --parent "$images/incr/2" -o found c
	cmp core found
}

@test "--sysroot: the bytes of mapped files, if they are the ones" {
	kernel one
	mkdir -p root/srv/demo
	cp one datafile root/srv/demo
	crit-core --sysroot root -o all ck/one/img 2>warned
	elf_core list all >/dev/null
	# the C library is not there, and it says so once
	grep -c libc.so.6 warned | grep -qx 1
	! grep -q srv/demo warned || false
	elf_core pages all ck/one/kernel.core | grep -qx '483 pages, 0 differ'

	# another size; no regular file; a link that leads out; another build
	echo >>root/srv/demo/datafile
	crit-core --sysroot root -o some ck/one/img 2>warned
	grep -q 'demo/datafile: has another size below the sysroot' warned
	rm root/srv/demo/datafile
	mkfifo root/srv/demo/datafile
	crit-core --sysroot root -o some ck/one/img 2>warned
	grep -q 'demo/datafile: is no regular file' warned
	rm root/srv/demo/datafile
	cp datafile outside
	ln -s ../../../outside root/srv/demo/datafile
	crit-core --sysroot root -o some ck/one/img 2>warned
	grep -q 'demo/datafile: No such file' warned
	tr '\0' '\1' <one >root/srv/demo/one
	crit-core --sysroot root -o some ck/one/img 2>warned
	grep -q 'demo/one: has another build id' warned
	says 1 'cannot open' --sysroot nothing -o some ck/one/img
}

@test "a file that is cut while its bytes are read is an error" {
	kernel one
	mkdir -p root/srv/demo
	cp one root/srv/demo
	truncate -s 60000 root/srv/demo/one
	edited ck/one/img files.img \
		'(.entries[]? | select(.reg.name == "/srv/demo/one").reg) |=
			(.size = "60000" | del(.build_id))'
	crit-core --sysroot root -o all ck/one/img
	elf_core list all >list
	# beyond the last page of the file there is nothing
	grep -q 'r-- here' list
	grep -q 'absent' list
}
