# SPDX-License-Identifier: MIT
# The explorers: CRIT's text, go-criu's structure, records; from directories
# and streams, whole and broken.

bats_require_minimum_version 1.5.0

setup() {
	set -o pipefail
	cd "${CRIT_ROOT:-$BATS_TEST_DIRNAME/..}/test" || return 1
	t=$BATS_TEST_TMPDIR
	whats="ps fds mems rss sk"
}

# image JSON.. : a checkpoint of the documents on stdin in $t/NAME
make_dir() {
	crit-encode -d "$t/$1" --no-end
}

# The images of a stream in another order.
turn() {
	awk '/^\{"end"/ { end = $0; next }
	     { name = $0; sub(/","magic.*/, "", name)
	       if (!(name in text)) order[n++] = name
	       text[name] = text[name] $0 "\n" }
	     END { while (n) printf "%s", text[order[--n]]; print end }'
}

tree() {
	echo '{"image":"pstree.img","magic":"PSTREE","entries":['"$1"']}'
	for pid in $2; do
		echo '{"image":"core-'$pid'.img","magic":"CORE","entries":[{
		"mtype":"X86_64","tc":{"task_state":1,"exit_code":0,
		"personality":0,"flags":0,"blk_sigset":0,"comm":"c'$pid'"}}]}'
	done
}

task() {
	echo '{"pid":'$1',"ppid":'$2',"pgid":'$1',"sid":1}'
}

@test "one word or four are an address, others are numbers" {
	while read -r words want; do
		crit-decode images/socktcp |
			jq -c "(.entries[].isk | values).src_addr |= $words" |
			crit-encode -d "$t/words"
		[ "$(crit-x -f records sk "$t/words" |
			jq -sc 'map(select(.file.src_addr))[0] | [.file.src_addr, .src_addr]')" = "$want" ]
	done <<-'END'
		[1] [["1.0.0.0"],"1.0.0.0"]
		[1,2] [[1,2],null]
		[1,2,3] [[1,2,3],null]
		[1,2,3,4] [["100:0:200:0:300:0:400:0"],"100:0:200:0:300:0:400:0"]
		[1,2,3,4,5] [[1,2,3,4,5],null]
		[1,2,3,4,5,6,7,8,9] [[1,2,3,4,5,6,7,8,9],null]
	END
}

@test "numbers of files and words of addresses without a bound" {
	tree "$(task 1 0)" 1 | make_dir far
	echo '{"magic":"IDS","entries":[{"vm_id":1,"files_id":1,"fs_id":1,"sighand_id":1}]}' |
		crit-encode -o "$t/far/ids-1.img"
	echo '{"magic":"FDINFO","entries":[{"id":7,"flags":0,"type":"INETSK","fd":4},
		{"id":4294967295,"flags":0,"type":"REG","fd":3},
		{"id":400000000,"flags":0,"type":"REG","fd":5}]}' |
		crit-encode -o "$t/far/fdinfo-1.img"
	words=$(seq -s, 1 20000)
	echo '{"magic":"FILES","entries":[
		{"type":"REG","id":4294967295,"reg":{"id":4294967295,"name":"/far"}},
		{"type":"REG","id":400000000,"reg":{"id":400000000,"name":"/near"}},
		{"type":"INETSK","id":7,"isk":{"id":7,"ino":9,"family":"INET",
		"type":"STREAM","proto":"TCP","state":1,"src_port":80,"dst_port":81,
		"flags":0,"backlog":0,"src_addr":['$words'],"dst_addr":['$words']}}]}' |
		crit-encode --allow-partial -o "$t/far/files.img"
	crit-x "$t/far" fds >"$t/fds" 2>"$t/stderr" || status=$?
	grep -q ' 3: /far$' "$t/fds"
	grep -q ' 5: /near$' "$t/fds"
	[ -n "$CRIT_SAN" ] || {
		rss "$t/kib" crit-x "$t/far" fds >"$t/fds" 2>"$t/stderr" || status=$?
		[ "$(cat "$t/kib")" -lt 16384 ]
	}
	crit-x "$t/far" sk >"$t/sk" 2>"$t/stderr" || status=$?
	grep -q ' 4: ' "$t/sk"
}

@test "text is CRIT's" {
	for want in golden/*/x-*.txt; do
		dir=${want%/*}
		what=${want##*/x-}
		crit-x "${what%.txt}" "images/${dir##*/}" >"$t/out"
		cmp "$t/out" "$want"
	done
}

@test "text and structure where CRIT fails" {
	for want in explore/golden/*; do
		name=${want##*/} format=${want##*.}
		dir=explore/${name%%.*}
		[ -d "$dir" ] || dir=images/${name%%.*}
		what=${name#*.}
		# of the files of x-reg-files only one image is there
		crit-x -f "${format/txt/text}" "$dir" "${what%.*}" >"$t/out" \
			2>"$t/said" || grep -q 'no image has file [0-9]* (' "$t/said"
		sed 's/no image has file.*//' "$t/said" | diff - <(sed 's/.*/crit-x: /' "$t/said")
		cmp "$t/out" "$want"
	done
}

@test "zombies are in ps, and passed over elsewhere" {
	crit-x ps images/tree | grep >/dev/null '1005.*zombie$'
	crit-x ps -f records images/tree | jq -es 'any(.[]; .pid == 1005 and
		.state == "Dead" and .exit_code == 768)'
	for what in fds mems rss sk; do
		crit-x $what images/tree >"$t/out"
		! grep -q '^1005$' "$t/out" || false
	done
}

@test "a stream says what its directory says, in any order of images" {
	for dir in images/{ct,files,oldstyle,tree} explore/x-{basic,zombie}; do
		crit-decode "$dir" >"$t/plain"
		jq -c . "$t/plain" >"$t/jq"
		jq -S -c . "$t/plain" >"$t/sorted"
		turn <"$t/plain" >"$t/turned"
		for what in $whats; do
			crit-x $what "$dir" >"$t/want"
			for form in plain jq sorted turned; do
				crit-x $what <"$t/$form" >"$t/out"
				cmp "$t/out" "$t/want"
			done
			crit-x -f records $what "$dir" >"$t/want"
			crit-x -f records $what <"$t/turned" >"$t/out"
			cmp "$t/out" "$t/want"
		done
	done
}

@test "all of JSON is JSON, a record is a line with a pid" {
	for dir in images/{ct,files,oddnames,socktcp,synthetic,tty}; do
		for what in $whats; do
			crit-x -f json $what "$dir" 2>/dev/null >"$t/out" || :
			jq . "$t/out" >/dev/null
			crit-x -f records $what "$dir" 2>/dev/null >"$t/out" || :
			[ "$(jq 'has("pid")' "$t/out" | grep -c true)" = \
				"$(wc -l <"$t/out")" ]
		done
	done
}

@test "operands in either order, short names" {
	crit-x ps images/tree >"$t/want"
	crit-x images/tree ps | cmp - "$t/want"
	crit-x images/tree fd >"$t/out"
	crit-x images/tree fds | cmp - "$t/out"
	crit-x mem images/tree >"$t/out"
	crit-x mems images/tree | cmp - "$t/out"
	crit-decode images/tree >"$t/records"
	crit-x ps "$t/records" | cmp - "$t/want"
}

@test "--pid restricts to tasks, and misses those that are not there" {
	crit-x -p 1003 --pid 1007 fds images/tree >"$t/out"
	[ "$(grep -c '^[0-9]' "$t/out")" = 2 ]
	crit-decode images/tree | crit-x -p 1003 -p 1007 fds | cmp - "$t/out"
	run crit-x ps -p 1003 -p 99 images/tree
	[ "$status" = 1 ]
	[[ $output = *"no task 99"* && $output = *sess-leader* ]]
}

@test "a broken image is named, the rest is answered" {
	cp -r images/tree "$t/dir"
	chmod -R u+w "$t/dir"
	head -c 30 images/tree/fdinfo-2.img >"$t/dir/fdinfo-2.img"
	crit-x fds images/tree >"$t/want"
	run -1 --separate-stderr crit-x fds "$t/dir"
	[[ $stderr = *fdinfo-2.img:* ]]
	[ "$(grep -c '^[0-9]' <<<"$output")" = "$(grep -c '^[0-9]' "$t/want")" ]
	whole=$output
	crit-decode "$t/dir" >"$t/records" 2>/dev/null || :
	run -1 --separate-stderr crit-x fds <"$t/records"
	[[ $stderr = *fdinfo-2.img:* ]]
	[ "$output" = "$whole" ]
}

@test "an image that is not there is named, the rest is answered" {
	cp -r images/tree "$t/dir"
	chmod -R u+w "$t/dir"
	rm "$t"/dir/{ids,mm,pagemap,core}-1003.img
	for what in ps:core fds:ids mems:mm rss:mm sk:ids; do
		run -1 --separate-stderr crit-x "${what%:*}" "$t/dir"
		[[ $stderr = *"${what#*:}-1003.img"* ]]
	done
	run -1 --separate-stderr crit-x ps "$t/dir"
	[[ $output = *grandkid* ]]
	run -1 --separate-stderr crit-x ps "$t"
	[[ $stderr = *"no images here; did you mean $t/dir?" ]]
	[ -z "$output" ]
}

@test "a stream without its end is answered, and told of" {
	crit-x ps images/tree >"$t/want"
	crit-decode images/tree | grep -v '^{"end"' >"$t/records"
	run -1 --separate-stderr crit-x ps <"$t/records"
	[ "$output" = "$(cat "$t/want")" ]
	[ -n "$stderr" ]
	crit-x --no-end ps <"$t/records" | cmp - "$t/want"
}

@test "several roots, orphans, rings" {
	tree "$(task 5 0),$(task 6 5),$(task 7 0),$(task 8 99)" "5 6 7 8" |
		make_dir roots
	crit-x ps "$t/roots" >"$t/out"
	diff - "$t/out" <<-END
	    PID   PGID    SID   COMM
	      5      5      1   c5
	      6      6      1       c6
	      7      7      1   c7
	      8      8      1   c8
	END
	[ "$(crit-x -f json ps "$t/roots" | jq -c 'map(.pid)')" = "[5,7,8]" ]
	# one document
	[ "$(crit-x -f json -p 5 -p 7 ps "$t/roots" | jq -c 'map(.pid)')" = "[5,7]" ]
	[ "$(crit-x -f json -p 7 ps "$t/roots" | jq -c .pid)" = 7 ]
	tree "$(task 1 2),$(task 2 3),$(task 3 1),$(task 4 4)" "1 2 3 4" |
		make_dir ring
	crit-x ps "$t/ring" >"$t/out"
	[ "$(wc -l <"$t/out")" = 5 ]
	crit-x -f json ps "$t/ring" | jq . >/dev/null
}

@test "names of any bytes: CRIT's b'...' in text, base64 in JSON" {
	crit-x ps images/oddnames | grep >/dev/null -F "b'c\\xf6mm'"
	[ "$(crit-x -f records ps images/oddnames | jq -r 'select(.pid == 8901) |
		.comm.base64' | base64 -d)" = $'c\xf6mm' ]
}

@test "a terminal gets no control characters" {
	command -v script || skip "no script(1)"
	script -qec "crit-x ps explore/x-basic" /dev/null >"$t/out"
	grep -q 'a "b"\\x0a' "$t/out"
	ln -s "$PWD/images/loop" "$t"/$'a\e[1mb'
	script -qec "crit-x '$t/'*b '$t'/*b ps" /dev/null >"$t/out"
	grep -q '^==> .*/a\\x1b\[1mb <==' "$t/out"
	crit-x ps explore/x-basic | grep >/dev/null 'a "b"$'
}

@test "records know each kind of file" {
	crit-x -f records fds images/files >"$t/out"
	fact() { jq -es --arg type "$1" "any(.[]; .type == \$type and ($2))" \
		"$t/out" >/dev/null; }
	fact EVENTFD '.file.counter == 77'
	fact EVENTPOLL '(.file.tfd | length) > 1'
	fact INOTIFY '.file.wd[0].mask == "0x80000002"'
	fact TIMERFD '.file.clockid == 7'
	fact SIGNALFD '.file.sigmask == "0x8000004000000200"'
	fact MEMFD '.inode.name == "my memfd" and .inode.size == 5000'
	fact REG '.file.pos == 100 and .path == .file.name'
	crit-x -f records fds images/oldstyle >"$t/out"
	fact EVENTFD '.file.counter == 77'
	fact SIGNALFD '.file.sigmask == "0x8000004000000200"'
}

@test "targets of an epoll descriptor of old" {
	fown='"fown":{"uid":0,"euid":0,"signum":0,"pid_type":0,"pid":0}'
	{
		tree "$(task 1 0)" 1
		echo '{"image":"ids-1.img","magic":"IDS","entries":[{"vm_id":1,
		"files_id":9,"fs_id":1,"sighand_id":1}]}'
		echo '{"image":"fs-1.img","magic":"FS","entries":[{"cwd_id":7,
		"root_id":8}]}'
		echo '{"image":"fdinfo-9.img","magic":"FDINFO","entries":[{"id":5,
		"flags":0,"type":"EVENTPOLL","fd":3}]}'
		echo '{"image":"eventpoll.img","magic":"EVENTPOLL_FILE","entries":[
		{"id":5,"flags":0,'"$fown"'}]}'
		echo '{"image":"eventpoll-tfd.img","magic":"EVENTPOLL_TFD",
		"entries":[{"id":5,"tfd":10,"events":1,"data":1},{"id":6,"tfd":11,
		"events":1,"data":1},{"id":5,"tfd":12,"events":1,"data":1}]}'
	} >"$t/records"
	run -1 --separate-stderr crit-x --no-end -f records fds <"$t/records"
	[ "$stderr" = 'crit-x: files.img: no such image' ]
	echo "$output" >"$t/out"
	jq -es '.[0].tfd | map(.tfd) == [10, 12]' "$t/out"
	run -1 --separate-stderr crit-x --no-end fds <"$t/records"
	[[ $output = *'root: unknown path'* ]]
}

@test "a file that no image has is told of, once" {
	cp -r images/redis "$t/some"
	rm "$t/some/files.img"
	for what in fds mems rss sk; do
		run -1 --separate-stderr crit-x $what "$t/some"
		[ "$stderr" = 'crit-x: files.img: no such image' ]
		[ -n "$output" ]
	done
	crit-decode images/redis/files.img |
		jq -c 'select(.entries[0].id != 19)' | crit-encode -o "$t/some/files.img"
	run -1 --separate-stderr crit-x fds "$t/some"
	[ "$stderr" = 'crit-x: no image has file 19 (REG)' ]
	[ "$(diff <(echo "$output") <(crit-x fds images/redis) | grep -c '^<')" = 1 ]
	# one that cannot be read is not missing, too
	truncate -s -1 "$t/some/files.img"
	run -1 --separate-stderr crit-x fds "$t/some"
	[[ $stderr = *'runs past the end of the image' ]]
	[ "${#stderr_lines[@]}" = 1 ]
	truncate -s -3 "$t/some/core-20001.img"
	run -1 --separate-stderr crit-x ps "$t/some"
	[[ $stderr = *'runs past the end of the image' ]]
	[ "${#stderr_lines[@]}" = 1 ]
}

@test "a stream that cannot be read on: one message" {
	crit-decode images/redis >"$t/whole"
	sed '/"files.img"/{s/"entries"/"x"/;q}' "$t/whole" >"$t/records"
	for what in ps fds mems sk; do
		run -1 --separate-stderr crit-x $what "$t/records"
		[ "${#stderr_lines[@]}" = 1 ]
		[[ $stderr = *': key "x" is unknown'* ]]
	done
}

@test "a socket is a line, whatever its name" {
	n=$(crit-x -f records sk images/sock | jq .pid | sort | uniq -c | awk '{ n += $1 + 1 } END { print n + 1 }')
	[ "$(crit-x sk images/sock | wc -l)" = "$n" ]
	crit-x sk images/sock | grep >/dev/null '17: .*\\x0a'
}

@test "two checkpoints in one stream are refused" {
	(crit-decode images/tree; crit-decode images/redis) >"$t/records"
	run -1 --separate-stderr crit-x ps <"$t/records"
	[[ $stderr = 'crit-x: pstree.img: line '*': appears twice, with other images between: does the input hold two checkpoints?' ]]
	[ "$output" = "$(crit-x ps images/tree)" ]
	run -1 --separate-stderr crit-x ps < <(crit-decode images/tree images/redis)
	[ -n "$stderr" ]
	# one of two parts is none
	(crit-decode images/tree/core-*.img; crit-decode images/tree/pstree.img) |
		crit-x ps - | diff - <(crit-x ps images/tree)
}

@test "sockets: addresses, names, buffers" {
	crit-x -f records sk images/socktcp >"$t/out"
	jq -es 'any(.[]; .src_addr == "::1" and .dest_port == 9090 and
		.state == "ESTABLISHED" and .protocol == "TCP")' "$t/out"
	jq -es 'any(.[]; .src_addr == "\u0000/tmp/.X11-unix/X0")' "$t/out"
	jq -es 'any(.[]; .protocol == "KOBJECT_UEVENT")' "$t/out"
}

@test "a message of another schema: ns_pid" {
	command -v protoc || skip "no protoc"
	sed 's/required uint32 \(pid\|pgid\|sid\)/optional uint32 \1/
	     s/threads = 5.*;/&\n\trepeated uint32 ns_pid = 16;/' \
		../proto/pstree.proto >"$t/pstree.proto"
	protoc -I"$t" -I../proto -I/usr/include -o "$t/pstree.binpb" "$t/pstree.proto"
	tree '{"ns_pid":[40,1],"ppid":0,"pgid":40,"sid":1}' 40 >"$t/records"
	crit-x --no-end --schema "$t/pstree.binpb" ps <"$t/records" |
		grep -q '^ *40 .*c40$'
}

@test "pages do not stay in memory" {
	[ -z "${CRIT_SAN-}" ] || skip "a sanitizer's memory"
	{
		tree "$(task 1 0)" 1
		echo '{"image":"pagemap-1.img","magic":"PAGEMAP","entries":['
		echo '{"pages_id":1}'
		awk 'BEGIN { for (i = 1; i <= 500000; i++)
			printf ",{\"vaddr\":%d,\"compat_nr_pages\":1,\"flags\":4}\n", i * 8192 }'
		echo ']}'
		echo '{"image":"mm-1.img","magic":"MM","entries":[]}'
		echo '{"image":"mm-1.img","magic":"MM","entries":[{"mm_start_code":0,
		"mm_end_code":0,"mm_start_data":0,"mm_end_data":0,
		"mm_start_stack":0,"mm_start_brk":0,"mm_brk":0,"mm_arg_start":0,
		"mm_arg_end":0,"mm_env_start":0,"mm_env_end":0,"exe_file_id":1}]}'
		echo '{"end":{},"entries":[]}'
	} >"$t/records"
	n=$(ulimit -v 20000; crit-x rss <"$t/records" | wc -l)
	[ "$n" = 500001 ]
	crit-encode -d "$t/dir" "$t/records"
	n=$(ulimit -v 20000; crit-x rss "$t/dir" | wc -l)
	[ "$n" = 500001 ]
}

@test "command lines that make no sense, and a full disk" {
	for args in "" "zz" "a b c" "ps -f xml ." "ps -p x ."; do
		run crit-x $args
		[ "$status" = 2 ]
	done
	run crit-x ps "$t/none"
	[ "$status" = 1 ]
	run bash -c 'crit-x ps images/tree >/dev/full'
	[ "$status" = 1 ]
	crit-x --help | grep >/dev/null '^Usage: crit-x'
	crit-x --version | grep >/dev/null '^crit-x '
}

@test "addresses of 16 digits, wherever a buffer ends" {
	crit-decode images/tree | jq -c 'if .magic == "MM" then
		.entries[0].vmas = [.entries[0].vmas[0] as $v | range(30000) |
			. as $i | $v | .start = "0xffffffffff600000" |
			.end = "0xffffffffff601000" | .pgoff = $i * $i]
		else . end' | crit-x mems >"$t/out"
	[ "$(grep -c $'^\tffffffffff600000-ffffffffff601000   r--' "$t/out")" = \
		"$(grep -vc $'^[0-9]\|^\texe' "$t/out")" ]
	[ "$(wc -l <"$t/out")" -gt 150000 ]
}
