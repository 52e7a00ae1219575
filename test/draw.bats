#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# crit-draw: what pictures say, where it stands, and what hostile names become.
# Browsers, tidy, Graphviz: make check-draw.

bats_require_minimum_version 1.5.0

setup() {
	set -o pipefail
	cd "$BATS_TEST_TMPDIR" || return 1
	images=$CRIT_ROOT/test/images
}

# good FILE: nothing lies outside, no text on text
good() {
	awk -f "$CRIT_ROOT/test/draw/geometry.awk" "$1" >bad
	cat bad
	[ ! -s bad ]
}

# many N: a checkpoint of a parent and N tasks, each with a child if 2 is given
many() {
	crit-decode "$images/loop" >loop.rec
	pid=$(jq -r 'select(.image == "pstree.img").entries[0].pid' loop.rec)
	jq -c --argjson n "$1" --argjson pid "$pid" '
		def of(p): .image |= sub("-[0-9]+.img$"; "-\(p).img");
		if .image == "pstree.img" then ., (range($n) as $i | .entries[0] |=
			(.pid = 100000 + $i | .ppid = $pid | .threads = [100000 + $i]))
		elif .image == "core-\($pid).img" or .image == "ids-\($pid).img" then
			., (range($n) as $i | of(100000 + $i))
		elif .end then .end = {}
		else . end' loop.rec |
		crit-encode -d many --no-end
}

# named NAME...: the tasks of a checkpoint have these names, as JSON strings
named() {
	crit-decode "$images/tree/core-1001.img" | jq -c --argjson name "$1" \
		'if .entries[0].tc then .entries[0].tc.comm = $name else . end' |
		crit-encode -o hostile/core-1001.img
}

@test "tree: each task, its id and threads, no text on text" {
	crit-draw tree "$images/tree" >tree.svg
	good tree.svg
	for text in tree-root sess-leader grandkid stopped zombie 'pid 1009' \
		'4 threads' worker/3; do
		grep -q ">$text<\|[> ]$text[,<]" tree.svg || {
			echo "$text is missing"
			return 1
		}
	done
	[ "$(grep -c 'class="bold"' tree.svg)" = 8 ]	# 7 tasks, Namespaces
}

@test "memory: numbers are those of the map" {
	crit-draw memory "$images/redis" >memory.svg
	good memory.svg
	bytes=$(crit-mem -f records "$images/redis" | jq -s 'map(.bytes) | add')
	mib=$(awk -v n="$bytes" 'BEGIN { printf "%.1f MiB", n / 1048576 }')
	grep -q ">$mib in pages images, 1 task;" memory.svg
	vmas=$(crit-mem -f records "$images/redis" | wc -l)
	grep -q ">$vmas mappings of " memory.svg
	grep -q '>/usr/lib/x86_64-linux-gnu/libc.so.6<' memory.svg
}

@test "memory: -p chooses tasks" {
	crit-draw -p 1007 memory "$images/tree" >memory.svg
	good memory.svg
	[ "$(grep -c '>Address space of ' memory.svg)" = 1 ]
	grep -q '>Address space of creds, pid 1007<' memory.svg
	crit-draw -p 1007 --pid 1001 memory "$images/tree" >memory.svg
	good memory.svg
	[ "$(grep -c '>Address space of ' memory.svg)" = 2 ]
}

@test "all pictures of all checkpoints: nothing outside, no text on text" {
	for dir in "$images"/*/; do
		[ -e "$dir/pstree.img" ] && [ -e "$dir/inventory.img" ] || continue
		for what in tree memory files sockets; do
			crit-draw "$what" "$dir" >x.svg 2>said ||
				[ "$(wc -c <said)" -gt 0 ]
			[ -s x.svg ] || continue
			good x.svg || { echo "$what $dir"; return 1; }
		done
	done
}

@test "500 tasks: alike ones are one card; less than a second" {
	many 500
	TIMEFORMAT='%U %S'
	{ time crit-draw tree many >x.svg; } 2>cpu
	cat cpu
	[ -n "$CRIT_SAN" ] || awk '{ exit !($1 + $2 < 1) }' cpu
	good x.svg
	grep -q '>501 tasks, 501 threads' x.svg
	grep -q '>500 tasks, pids 100000 to 100499<' x.svg
	[ "$(grep -o ' height="[0-9]*"' x.svg | head -1 | tr -dc 0-9)" -lt 400 ]
}

@test "a chain of tasks and a broad tree end where a page does" {
	crit-decode "$images/loop" >loop.rec
	pid=$(jq -r 'select(.image == "pstree.img").entries[0].pid' loop.rec)
	jq -c --argjson pid "$pid" '
		if .image == "pstree.img" then ., (range(300) as $i | .entries[0] |=
			(.pid = 100000 + $i | .threads = [100000 + $i] |
			 .ppid = if $i == 0 then $pid else 99999 + $i end))
		elif .end then .end = {} else . end' loop.rec |
		crit-encode -d many --no-end
	crit-draw tree many >x.svg 2>said || true
	good x.svg
	grep -q '>and 285 more below it, not shown<' x.svg
}

@test "hostile names stay text" {
	cp -r "$images/tree" hostile
	chmod -R u+w hostile
	long=$(printf 'W%.0s' {1..4096})
	for name in '"<script>alert(1)</script>"' '"\u0001\u001b[31m\ud7ff]]>&amp;"' \
		'"\u202eabc\ufffe"' "\"$long\"" '"\u6f22\u5b57\u6f22\u5b57"' \
		'"\"><b onload=x>"' '""'; do
		named "$name"
		for what in tree memory files; do
			crit-draw "$what" hostile >x.svg
			good x.svg
			! grep -q '<script\|<b onload' x.svg || false
			! LC_ALL=C grep -q "$(printf '[\001-\010\013-\037]')" x.svg || false
			[ "$(wc -L <x.svg)" -lt 3000 ]
			crit-draw -f html "$what" hostile >x.html
			! grep -q '<script>alert\|<b onload' x.html || false
			crit-draw -f dot "$what" hostile >x.dot
			! grep -q '<script>alert\|<b onload' x.dot || [ "$what" != memory ]
		done
	done
}

@test "names that are not UTF-8 stand as escapes" {
	cp -r "$images/tree" odd
	chmod -R u+w odd
	crit-decode "$images/tree/core-1001.img" |
		jq -c 'if .end then . else .entries[0].tc.comm = "tree-XYZt" end' | crit-encode |
		sed 's/tree-XYZt/tree-\xff\xfe\x80t/' >odd/core-1001.img
	crit-draw tree odd >x.svg
	grep -q '>tree-\\xff\\xfe\\x80t<' x.svg
	good x.svg
}

@test "files: descriptors, what tasks share" {
	crit-draw files "$images/redis" >x.svg
	good x.svg
	for text in 'redis-server 20001' /dev/null 'fd 0, 1, 2' 'pipe\[[0-9]*\]' \
		'fd 3, 4' 'TCP 127.0.0.1:6390 LISTEN'; do
		grep -q ">$text<" x.svg
	done
	crit-draw files "$images/tree" >x.svg
	good x.svg
	grep -q '>6 holders<' x.svg
	crit-draw -f dot files "$images/redis" >x.dot
	[ "$(grep -c ' -- ' x.dot)" = 5 ]
}

@test "sockets: pairs are one connection" {
	crit-draw sockets "$images/sock" >x.svg
	good x.svg
	# socket pairs are a line each, with both descriptors
	grep -q '>fd 3, 4<' x.svg
	grep -q '>TCP 0.0.0.0:8081 LISTEN<' x.svg
	! grep -q '>file<' x.svg || false
}

@test "report: answers, in one page that needs nothing else" {
	crit-draw report "$images/redis" >x.html 2>said || grep pages-1 said
	for id in ran big open listens needs more wrong; do
		[ "$(grep -c "<section id=\"$id\">" x.html)" = 1 ]
	done
	# what listens is the answer of crit-x, and what is mapped that of the map
	sed -n '/section id="listens"/,/<svg/p' x.html >listens
	grep -q '<td>LISTEN</td>' listens
	[ "$(grep -c '<tr><td class="n">20001' listens)" = "$(crit-x -f records \
		"$images/redis" sk | jq -c 'select(.state == "LISTEN")' | wc -l)" ]
	sed -n '/section id="open"/,/<section id="listens"/p' x.html >open
	[ "$(grep -c '<tr><td class="n">20001' open)" = "$(crit-x -f records \
		"$images/redis" fds | wc -l)" ]
	grep -q '<li>/usr/lib/x86_64-linux-gnu/libc.so.6</li>' x.html
	# nothing is fetched
	! grep -E '(src|href)=' x.html | grep -v 'href="#' || false
	! grep -q 'url(\|@import\|http-equiv' x.html || false
}

@test "report: of a container, of an archive" {
	mkdir -p a/checkpoint
	cp "$images"/redis/* a/checkpoint
	echo '{"name": "ca<b>che", "id": "abc", "rootfsImageName": "redis:7"}' \
		>a/config.dump
	tar -C a -cf a.tar .
	crit-draw report a.tar >x.html 2>said || grep pages-1 said
	grep -q '<dd>ca&lt;b&gt;che</dd>' x.html
	grep -q '<dd>redis:7</dd>' x.html
}

@test "report: hostile names, damaged images, no secrets" {
	cp -r "$images/tree" hostile
	chmod -R u+w hostile
	named '"<script>alert(1)</script>"'
	crit-draw report hostile >x.html
	[ "$(grep -c '<script>' x.html)" = 1 ]
	! grep -q 'alert(1)</script>' x.html || false
	truncate -s 30 hostile/files.img
	run -1 --separate-stderr crit-draw -o y.html report hostile
	[[ $stderr == *files.img* ]]
	grep -q '<li>files.img' y.html
	env=$(crit-mem --env -p 1001 "$images/tree" | head -1)
	[ -n "$env" ] && ! grep -qF "$env" x.html
}

@test "-f dot, -f html, -o" {
	crit-draw -f dot tree "$images/tree" >x.dot
	[ "$(grep -c ' -> ' x.dot)" = 6 ]
	crit-draw -f html -o x.html tree "$images/tree"
	[ "$(head -1 x.html)" = '<!DOCTYPE html>' ]
	crit-draw tree "$images/tree" >x.svg
	crit-draw -o y.svg "$images/tree" tree
	cmp x.svg y.svg
}

@test "from an archive as from its directory" {
	tar -C "$images" -cf tree.tar tree
	mv tree.tar tree
	for what in tree memory; do
		crit-draw "$what" "$images/tree" >a.svg
		crit-draw "$what" tree >b.svg
		cmp a.svg b.svg
		crit-draw "$what" - <tree | grep -v '<title>\|class="title"' >c.svg
		grep -v '<title>\|class="title"' a.svg | cmp - c.svg
	done
}

@test "usage errors" {
	run -2 crit-draw
	run -2 crit-draw forest "$images/tree"
	[[ $output == *"unknown picture 'forest'"* ]]
	run -2 crit-draw -f png tree "$images/tree"
	run -2 crit-draw tree a b
	run -2 crit-draw -f svg report "$images/tree"
	run -1 crit-draw tree nowhere
	for what in tree memory files sockets report; do
		run --separate-stderr -1 crit-draw -p 9999 -p 1001 "$what" "$images/tree"
		[ "$stderr" = "crit-draw: no task 9999" ]
	done
	mkdir none
	run -1 crit-draw -o none.svg tree none
	[ ! -e none.svg ]
}

# wired: pipes and a unix connection between three tasks
wired() {
	crit-decode "$images/tree" | jq -c '
		def fown: {uid: 0, euid: 0, signum: 0, pid_type: 0, pid: 0};
		def pipe(i; n; f): .entries = [{type: "PIPE", id: i,
			pipe: {id: i, pipe_id: n, flags: f, fown: fown}}];
		def unix(i; n; p): .entries = [{type: "UNIXSK", id: i, usk: {id: i, ino: n,
			type: 1, state: 1, flags: 2, uflags: 0, backlog: 0, peer: p,
			fown: fown, name: "", opts: {so_sndbuf: 1, so_rcvbuf: 1,
			so_snd_tmo_sec: 0, so_snd_tmo_usec: 0, so_rcv_tmo_sec: 0,
			so_rcv_tmo_usec: 0}}}];
		def fd(n; i; t): .entries = [{id: i, flags: 0, type: t, fd: n}];
		if .image == "files.img" and .entries[0].id == 2 then .,
			pipe(100; 500; 0), pipe(101; 500; 1), pipe(104; 600; 1),
			unix(102; 900; 901), unix(103; 901; 900)
		elif .entries[0].fd != 2 then if .end then .end = {} else . end
		elif .image == "fdinfo-2.img" then ., fd(10; 101; "PIPE"),
			fd(12; 102; "UNIXSK"), fd(13; 104; "PIPE")
		elif .image == "fdinfo-3.img" then ., fd(11; 100; "PIPE")
		elif .image == "fdinfo-4.img" then ., fd(12; 103; "UNIXSK")
		else . end' | crit-encode --no-end -d wired 2>/dev/null
}

@test "sockets: tasks at both ends, pipes with their direction" {
	wired
	crit-draw sockets wired >x.svg
	good x.svg
	# writer, pipe, reader: from left to right; and one without a reader
	x() { sed -n "s|.* x=\"\([0-9]*\)[0-9.]*\".*>$1<.*|\1|p" x.svg | head -n 1; }
	[ "$(x 'tree-root 1001')" -lt "$(x 'pipe.500.')" ]
	[ "$(x 'pipe.500.')" -lt "$(x 'sess-leader 1003')" ]
	[ "$(x 'sess-leader 1003')" = "$(x 'grandkid 1006')" ]
	grep -q '>fd 10 → 11<' x.svg
	grep -q '>fd 12 ↔ 12<' x.svg
	grep -q '>fd 13<' x.svg
	[ "$(grep -c 'l-8.0 -4.5v9z' x.svg)" = 3 ]
	crit-draw -f dot sockets wired >x.dot
	grep -q 't0 -- t1 .dir=forward, label="pipe pipe.500."' x.dot
	grep -q 't0 -- t2 .label="unix .900. ↔ .901."' x.dot
	grep -q 't0 -- x[0-9]* .label="13", dir=forward' x.dot
}

@test "report: in short, what ran, how big, what is open and listens" {
	crit-draw report "$images/redis" >x.html
	sed -n '/<dl class="short">/,/<\/dl>/p' x.html >short
	for text in '<b>redis-server</b> <span>pid 20001' '>Big</dt><dd>2.9 MiB in images\|>Big</dt>' \
		'8 descriptors: 3 files, 2 pipe ends, 1 network socket' \
		'<code>TCP 127.0.0.1:6390</code>' '<code>unix /srv/corpus/run/redis/redis.sock' \
		'1 free process id'; do
		grep -q "$text" short || { echo "$text"; return 1; }
	done
	# without memory there are no command lines, which is no error
	grep -q 'Command lines are in pages images' x.html
	many 40
	rm -f many/pages-*
	crit-draw report many >x.html 2>said || ! grep pages- said
	grep -q '<b>loop</b> ×41 ' x.html
}

@test "without a process tree: one message, and nothing that looks whole" {
	mkdir part
	cp "$images/loop/inventory.img" part
	tar cf all.tar -C "$images" tree
	head -c 3000 all.tar >cut.tar
	for what in report tree memory; do
		run --separate-stderr -1 crit-draw "$what" part
		[ -z "$output" ]
		[[ $stderr = "crit-draw: there is no pstree.img: "* ]]
		[ "${#stderr_lines[@]}" = 1 ]
		run --separate-stderr -1 crit-draw "$what" cut.tar
		[ -z "$output" ]
		[[ $stderr = "crit-draw: cut.tar: offset 3000: the archive ends in "* ]]
		[ "${#stderr_lines[@]}" = 1 ]
		run -1 crit-draw -o "$what.out" "$what" part
		[ ! -e "$what.out" ]
	done
	for mode in '' --args --sizes '-s abc' '-H'; do
		# shellcheck disable=SC2086
		run --separate-stderr -1 crit-mem $mode cut.tar
		[[ $stderr = "crit-mem: cut.tar: offset 3000: the archive ends in "* ]]
		[ "${#stderr_lines[@]}" = 1 ]
	done
}
