#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Checkpoints that explorers and crit-mem once answered wrongly (test/cases).

bats_require_minimum_version 1.5.0

setup() {
	set -o pipefail
	cd "${CRIT_ROOT:-$BATS_TEST_DIRNAME/..}/test/cases" || return 1
	t=$BATS_TEST_TMPDIR
}

# from_both DIR OPTION... WHAT : the answer, the same from DIR and a stream
from_both() {
	local dir=$1
	shift
	crit-x "$@" "$dir" >"$t/from.dir"
	crit-decode "$dir" >"$t/stream.in"
	crit-x "$@" <"$t/stream.in" >"$t/from.stream"
	cmp "$t/from.dir" "$t/from.stream"
	cat "$t/from.dir"
}

# runs FIELDS : a task whose mm image has FIELDS; stdin: more documents
runs() {
	echo '{"image":"pstree.img","magic":"PSTREE","entries":[{"pid":1,"ppid":0,"pgid":1,"sid":1}]}'
	echo '{"image":"core-1.img","magic":"CORE","entries":[{"mtype":"X86_64","tc":{"task_state":1,"exit_code":0,"personality":0,"flags":0,"blk_sigset":0,"comm":"c"}}]}'
	echo '{"image":"files.img","magic":"FILES","entries":[]}'
	echo '{"image":"mm-1.img","magic":"MM","entries":[{"mm_start_code":0,"mm_end_code":0,"mm_start_data":0,"mm_end_data":0,"mm_start_stack":0,"mm_start_brk":0,"mm_brk":0,"mm_arg_start":0,"mm_arg_end":0,"mm_env_start":0,"mm_env_end":0,"exe_file_id":0,'"$1"'}]}'
	echo '{"image":"pagemap-1.img","magic":"PAGEMAP","entries":[{"pages_id":1}]}'
	cat
}

vma() {
	echo '{"start":"'"$1"'","end":"'"$2"'","pgoff":0,"shmid":0,"prot":3,"flags":34,"status":513,"fd":-1}'
}

@test "guard ranges: in file order as CRIT, in address order where memory is" {
	[ "$(from_both guard-vma mems | tail -1)" = "$(
		printf '\t7f2ff2fdb000-7f2ff2fdd000           --- *')" ]
	[ "$(from_both guard-vma -f records mems | tail -1 |
		jq -c '[.start,.end,.path]')" = \
		'["0x7f2ff2fdb000","0x7f2ff2fdd000","[guard]"]' ]
	[ "$(from_both guard-vma -f records rss | jq -c '.mappings[].start' |
		grep -c 7f2ff2fdb000)" = 0 ]
	crit-mem -f records guard-vma >"$t/map"
	[ "$(jq -sc '.[7:10][] | [.start,.end,.path,.pages,.present,.all]' "$t/map" |
		tr '\n' ' ')" = '["0x7f2ff2fd3000","0x7f2ff2fdb000","[anon]",8,1,851968] ["0x7f2ff2fdb000","0x7f2ff2fdd000","[guard]",2,0,884736] ["0x7f2ff2fdd000","0x7f2ff2fe3000","[anon]",6,0,892928] ' ]
	[ "$(crit-mem guard-vma | grep -c '\[guard\]')" = 1 ]
	[ "$(crit-mem --all guard-vma | wc -c)" = 1089536 ]
	[ "$(crit-info -f json --summary guard-vma | jq -c .mappings)" = \
		'{"count":12,"bytes":1089536}' ]
}

@test "guard ranges read as absent, over pages that images have" {
	{
		runs "\"vmas\":[$(vma 0x10000 0x14000),$(vma 0x14000 0x16000),$(
			vma 0x13000 0x15000 | sed s/513/65536/),$(
			vma 0x10000 0x11000 | sed s/513/65536/),$(
			vma 0x20000 0x21000 | sed s/513/65536/)]"
		echo '{"image":"pagemap-1.img","magic":"PAGEMAP","entries":[{"vaddr":"0x10000","nr_pages":6,"flags":4}]}'
	} | crit-encode --no-end --allow-partial -d "$t/dir"
	for page in a b c d e f; do
		head -c 4096 /dev/zero | tr '\0' $page
	done >"$t/dir/pages-1.img"
	[ "$(crit-mem "$t/dir" -f records | jq -c '[.start,.path,.present,.absent]' |
		tr '\n' ' ')" = '["0x10000","[guard]",0,1] ["0x11000","[anon]",2,0] ["0x13000","[guard]",0,1] ["0x14000","[guard]",0,1] ["0x15000","[anon]",1,0] ["0x20000","[guard]",0,1] ' ]
	[ "$(crit-mem "$t/dir" -a 0x10000+0x6000 | tr '\0' . | fold -w 4096 |
		cut -c 1 | tr -d '\n')" = .bc..f ]
	[ "$(crit-mem "$t/dir" -s bbbb | wc -l)" = 1024 ]
	[ "$(crit-mem "$t/dir" -s dddd | wc -l)" = 0 ]
	run -1 crit-mem "$t/dir" --holes error -a 0x14000+1
}

@test "guard ranges that lie in one another, and in no mapping" {
	guard() { vma "$1" "$2" | sed s/513/65536/; }
	{
		runs "\"vmas\":[$(vma 0x10000 0x18000),$(guard 0x10000 0x14000),$(
			guard 0x11000 0x12000),$(guard 0x13000 0x15000),$(
			guard 0x15000 0x15000),$(guard 0x17000 0x20000),$(
			guard 0x17800 0x19000)]"
		echo '{"image":"pagemap-1.img","magic":"PAGEMAP","entries":[{"vaddr":"0x10000","nr_pages":8,"flags":4}]}'
	} | crit-encode --no-end --allow-partial -d "$t/dir"
	for page in a b c d e f g h; do
		head -c 4096 /dev/zero | tr '\0' $page
	done >"$t/dir/pages-1.img"
	[ "$(crit-mem "$t/dir" -f records | jq -c '[.start,.end,.path]' | tr '\n' ' ')" = \
		'["0x10000","0x14000","[guard]"] ["0x14000","0x15000","[guard]"] ["0x15000","0x17000","[anon]"] ["0x17000","0x18000","[guard]"] ["0x18000","0x20000","[guard]"] ' ]
	[ "$(crit-mem "$t/dir" -a 0x10000+0x8000 | tr '\0' . | fold -w 4096 |
		cut -c 1 | tr -d '\n')" = .....fg. ]
}

@test "20,000 runs of pages through a stream" {
	runs "\"vmas\":[$(vma 0x10000 0x100000000)]" \
		< <(awk 'BEGIN { for (i = 0; i < 20000; i++)
			printf "{\"image\":\"pagemap-1.img\",\"magic\":\"PAGEMAP\",\"entries\":[{\"vaddr\":%d,\"nr_pages\":1,\"flags\":4}]}\n", 65536 + 8192 * i }') |
		crit-encode --no-end --allow-partial -d "$t/dir"
	from_both "$t/dir" -f records rss >"$t/all"
	[ "$(wc -l <"$t/all")" = 20000 ]
	[ "$(jq -sc 'map(.start) | [.[0], .[-1]]' "$t/all")" = \
		'["0x10000","0x9c4e000"]' ]
	from_both "$t/dir" rss >"$t/text"
}

@test "aio: the last mapping is there once" {
	[ "$(from_both aio-mems mems | grep -c 'vsyscall')" = 2 ]
	[ "$(from_both aio-mems -f records mems | jq -r 'select(.start) |
		"\(.pid) \(.start)"' | sort | uniq -d)" = '' ]
}

@test "a task without open descriptors has a working directory" {
	[ "$(from_both no-fdinfo -f records fds | jq -c 'select(.pid == 6) |
		[.at, .path]' | tr '\n' ' ')" = '["cwd","/zdtm/static"] ["root","/"] ' ]
	from_both no-fdinfo fds
	from_both no-fdinfo sk
}

@test "broken statistics and images: all are named, and the status is 1" {
	run --separate-stderr -1 crit-decode stats-not-an-image
	[ "$(grep -c '"end"' <<<"$output")" = 0 ]
	[ "$(jq -c 'select(.error) | [.image, .error != ""]' <<<"$output" |
		sort | tr '\n' ' ')" = '["mm-1001.img",true] ["stats-dump",true] ' ]
	[[ $stderr = *'mm-1001.img: '* ]]
	[[ $stderr = *'stats-dump: '* ]]
	run --separate-stderr -1 crit-info stats-not-an-image
	[ "$(jq -r 'select(.error) | .image' <<<"$output" | sort | tr '\n' ' ')" = \
		'mm-1001.img stats-dump ' ]
	run --separate-stderr -1 crit-info --summary stats-not-an-image
	[[ $stderr = *'mm-1001.img: '* ]]
	[[ $stderr = *'stats-dump: '* ]]
	# a later success: the broken image comes first
	mkdir "$t/dir"
	cp stats-not-an-image/pstree.img "$t/dir"
	head -c 1 "$t/dir/pstree.img" >"$t/dir/cgroup.img"
	cp stats-not-an-image/pstree.img "$t/dir/zz.img"
	run -1 crit-decode "$t/dir"
	run -1 crit-info "$t/dir"
}

@test "pagemap entries that are not sorted: one error by every question" {
	for question in '' --runs --all '-a 0x1000+4096' \
			'--vma [anon]' '-s BBBB' '-r B+'; do
		# shellcheck disable=SC2086
		run --separate-stderr -1 crit-mem pagemap-unsorted $question
		[ "${#stderr_lines[@]}" = 1 ]
		[[ $stderr = *'not sorted' ]]
	done
	# no page is hidden from it
	crit-mem pagemap-unsorted -a 0x2000
	run -1 crit-info --summary pagemap-unsorted
	[ "$(from_both pagemap-unsorted -f records rss | jq -c '[.start,.mappings[].start]' |
		tr '\n' ' ')" = '["0x2000","0x1000"] ["0x1000","0x1000"] ' ]
	run -1 crit-mem pagemap-unsorted --all -o "$t/out"
	[ ! -e "$t/out" ]
}

@test "runs that are not sorted lie in their mappings" {
	runs "\"vmas\":[$(vma 0x10000 0x11000),$(vma 0x20000 0x21000),$(
		vma 0x30000 0x31000)]" <<-'END' | crit-encode --no-end --allow-partial -d "$t/dir"
		{"image":"pagemap-1.img","magic":"PAGEMAP","entries":[{"vaddr":"0x30000","nr_pages":1},{"vaddr":"0x10000","nr_pages":1}]}
	END
	[ "$(from_both "$t/dir" -f records rss | jq -c '[.start,.mappings[].start]' |
		tr '\n' ' ')" = '["0x30000","0x30000"] ["0x10000","0x10000"] ' ]
}

@test "pagemaps without flags: present, or in the parent" {
	runs "\"vmas\":[$(vma 0x10000 0x20000)]" <<-'END' | crit-encode --no-end --allow-partial -d "$t/dir"
		{"image":"pagemap-1.img","magic":"PAGEMAP","entries":[
		{"vaddr":"0x10000","compat_nr_pages":1},
		{"vaddr":"0x11000","compat_nr_pages":1,"in_parent":false},
		{"vaddr":"0x12000","compat_nr_pages":1,"in_parent":true},
		{"vaddr":"0x13000","nr_pages":1,"flags":2}]}
	END
	[ "$(from_both "$t/dir" -f records rss | jq -r .flags | tr '\n' ' ')" = \
		'PE_PRESENT PE_PRESENT PE_PARENT PE_LAZY ' ]
}

@test "pages of 64 KiB" {
	runs "\"mm_saved_auxv\":[3,4096,6,65536,16,6],\"vmas\":[$(
		vma 0x10000 0x30000),$(vma 0x30000 0x40000),$(vma 0x50000 0x60000)]" \
		<<-'END' | crit-encode --no-end --allow-partial -d "$t/dir"
		{"image":"pagemap-1.img","magic":"PAGEMAP","entries":[
		{"vaddr":"0x20000","nr_pages":2,"flags":4}]}
	END
	[ "$(from_both "$t/dir" -f records rss | jq -c '[.pages,(.mappings[] | .start,.pages)]')" = \
		'[2,"0x10000",2,"0x30000",1]' ]
	[ "$(from_both "$t/dir" -f json rss | jq -c '.[].rss[].vmas')" = \
		'[{"addr":"10000","pages":2},{"addr":"30000","pages":1}]' ]
	# CRIT's text knows pages of 4096 bytes only
	[ "$(from_both "$t/dir" rss | grep -o '/ [0-9]*' | tr '\n' ' ')" = \
		'/ 2 / 32 / 16 ' ]
	# the pages come before the mappings
	[ "$(crit-decode "$t/dir" | awk '/"MM"/ { mm = $0; next }
		/"end"/ { print mm } 1' | crit-x -f records rss |
		jq -c '.mappings[0].pages')" = 2 ]
}

# field NUMBER.. : the byte at an address of loop's memory
loop_number() {
	crit-decode ../images/loop/mm-4242.img | head -n 1 | jq -r ".entries[0].$1"
}

# poke DIR ADDRESS BYTES : writes bytes (printf's) where a pages image has them
poke() {
	local at
	at=$(crit-mem -f records --runs "$1" | jq -r --argjson a "$2" '
		def n: .[2:] | explode | reduce .[] as $c (0; . * 16 + $c -
			(if $c > 96 then 87 else 48 end));
		select(.kind == "raw" and (.start | n) <= $a and (.end | n) > $a) |
		.offset + $a - (.start | n)')
	# shellcheck disable=SC2059
	printf "$3" | dd of="$1/pages-1.img" bs=1 seek="$at" conv=notrunc status=none
}

@test "a title in place of the command line (setproctitle)" {
	cp -r ../images/loop "$t/loop"
	chmod -R u+w "$t/loop"
	start=$(loop_number mm_arg_start)
	end=$(loop_number mm_arg_end)
	[ "$(loop_number mm_env_start)" = "$end" ]
	# over the end of the arguments, into the environment
	title="loop: waiting for connections"
	[ ${#title} -gt $((end - start)) ]
	poke "$t/loop" "$start" "$title\\0"
	[ "$(crit-mem --args "$t/loop")" = $'4242\t'"$title" ]
	[ "$(crit-mem --args -f records "$t/loop" | jq -c .args)" = "[\"$title\"]" ]
	crit-mem -p 4242 --args -0 "$t/loop" | cmp - <(printf '%s\0' "$title")
	# its NUL is the byte after the arguments, or before
	poke "$t/loop" "$start" "$(printf "%$((end - start))s" '' | tr ' ' x)\\0"
	[ "$(crit-mem -p 4242 --args "$t/loop" | tr -d x | wc -c)" = 1 ]
	[ "$(crit-mem -p 4242 --args "$t/loop" | wc -c)" = $((end - start + 1)) ]
	poke "$t/loop" $((start + 3)) '\0'
	[ "$(crit-mem -p 4242 --args "$t/loop")" = xxx ]
	# arguments that end in NUL are arguments
	poke "$t/loop" $((end - 1)) '\0'
	[ "$(crit-mem -p 4242 --args -f records "$t/loop" | jq -c '.args | length')" = 2 ]
}

@test "variables and arguments that a program wrote zeros over: a note says so" {
	cp -r ../images/loop "$t/loop"
	chmod -R u+w "$t/loop"
	n=$(crit-x -f records "$t/loop" env | wc -l)
	start=$(loop_number mm_env_start)
	end=$(loop_number mm_env_end)
	first=$(crit-mem -p 4242 --env -0 "$t/loop" | head -zn 1 | wc -c)
	poke "$t/loop" "$start" "$(printf "%${first}s" '' | sed 's/ /\\0/g')"
	note="1 of $n variables are zeros: the program wrote over them, as setproctitle does"
	crit-x -f records "$t/loop" env >"$t/env"
	[ "$(wc -l <"$t/env")" = "$n" ]
	[ "$(jq -r .note "$t/env" | tail -n 1)" = "$note" ]
	crit-x "$t/loop" env | grep -F "$note"
	[ "$(crit-mem -f records --env "$t/loop" | jq -c '.note, (.env | length)')" = "\"$note\"
$((n - 1))" ]
	run --separate-stderr crit-mem --env "$t/loop"
	[ "$stderr" = "crit-mem: task 4242: $note" ]
	[ "$(crit-mem --env "$t/loop" 2>/dev/null | wc -l)" = $((n - 1)) ]
	args=$(loop_number mm_arg_start)
	poke "$t/loop" "$args" "$(printf "%$((end - args))s" '' | sed 's/ /\\0/g')"
	crit-x "$t/loop" env | grep -F "$n of $n variables are zeros"
	for ask in "crit-x -f records $t/loop cmd" "crit-mem --args -f records $t/loop"; do
		[ "$($ask | jq -r .note)" = "the program wrote zeros over its arguments" ]
	done
	# what no image has stands in the row, too
	rm "$t"/loop/pages-1.img
	for what in cmd env; do
		run --separate-stderr -1 crit-x -f records "$t/loop" $what
		jq -e '.pid == 4242 and (.error | startswith("pages-1.img: cannot open"))' <<<"$output"
	done
}

@test "a title without a NUL goes as far as the environment does" {
	crit-decode ../images/loop | grep '"MM"' |
		jq -c '.entries[0].mm_env_end = .entries[0].mm_arg_end + 4' >"$t/mm"
	cp -r ../images/loop "$t/loop"
	chmod -R u+w "$t/loop"
	crit-encode --no-end -o "$t/loop/mm-4242.img" "$t/mm"
	start=$(loop_number mm_arg_start)
	end=$(loop_number mm_arg_end)
	poke "$t/loop" "$start" "$(printf "%$((end - start + 9))s" '' | tr ' ' y)"
	[ "$(crit-mem -p 4242 --args "$t/loop" | wc -c)" = $((end - start + 4 + 1)) ]
}

@test "searches without mm images, the map without pages images" {
	cp -r ../images/loop "$t/loop"
	chmod -R u+w "$t/loop"
	rm "$t"/loop/mm-*
	crit-mem -s corpus -f records ../images/loop | jq -r .address >"$t/want"
	[ -s "$t/want" ]
	crit-mem -s corpus -f records "$t/loop" | jq -r .address | cmp - "$t/want"
	crit-mem -r 'corp[u]s' -f records "$t/loop" | jq -r .address | cmp - "$t/want"
	run -1 crit-mem "$t/loop"
	run -1 crit-mem --all "$t/loop"
	cp ../images/loop/mm-* "$t/loop"
	rm "$t"/loop/pages-*
	crit-mem "$t/loop" | cmp - <(crit-mem ../images/loop)
	crit-mem --runs -f records "$t/loop" |
		cmp - <(crit-mem --runs -f records ../images/loop)
	crit-info --summary "$t/loop"
	for question in --all --args '-s corpus' "-o $t/out --vma [heap]"; do
		# shellcheck disable=SC2086
		run --separate-stderr -1 crit-mem $question "$t/loop"
		[[ $stderr = *'pages-1.img: cannot open: No such file or directory' ]]
	done
}

@test "bytes of the only task that has memory, among zombies" {
	{
		runs "\"vmas\":[$(vma 0x10000 0x11000)]" <<-'END' |
			{"image":"pagemap-1.img","magic":"PAGEMAP","entries":[{"vaddr":"0x10000","compat_nr_pages":1,"nr_pages":1}]}
		END
			sed 's/"sid":1}]}/"sid":1},{"pid":2,"ppid":1,"pgid":2,"sid":1}]}/'
		echo '{"image":"core-2.img","magic":"CORE","entries":[{"mtype":"X86_64","tc":{"task_state":6,"exit_code":0,"personality":0,"flags":0,"blk_sigset":0,"comm":"z"}}]}'
	} | crit-encode --no-end -d "$t/dir"
	head -c 4096 /dev/zero | tr '\0' a >"$t/dir/pages-1.img"
	crit-mem --all "$t/dir" | cmp - "$t/dir/pages-1.img"
	crit-mem -a 0x10000 "$t/dir" | cmp - "$t/dir/pages-1.img"
	run --separate-stderr -2 crit-mem --all ../images/tree
	[[ $stderr = *'there are '?' tasks (1001, 1003, '*'; choose one with -p' ]]
}

@test "a pre-dump: its map, and searches" {
	crit-mem -f records ../images/incr/1 >"$t/map"
	[ "$(jq -sc 'map(.pid) | unique' "$t/map")" = '[9501,9503]' ]
	[ "$(jq -s 'map(.present) | add' "$t/map")" = "$(cat ../images/incr/1/pages-*.img |
		wc -c | awk '{ print $1 / 4096 }')" ]
	[ "$(jq -r '.path' "$t/map" | sort -u)" = '[unknown]' ]
	[ "$(crit-mem -s PATH= ../images/incr/1 | wc -l)" = 2 ]
	[ "$(crit-mem -p 9503 -r PATH= ../images/incr/1 | wc -l)" = 1 ]
	run --separate-stderr -1 crit-mem --args ../images/incr/1
	[[ $stderr = *'A pre-dump has no mappings'* ]]
}

@test "context of 1 MiB around what is found, in 8 MiB" {
	runs "\"vmas\":[$(vma 0x10000 0x2010000)]" <<-'END' | crit-encode --no-end -d "$t/dir"
		{"image":"pagemap-1.img","magic":"PAGEMAP","entries":[{"vaddr":"0x10000","compat_nr_pages":8192,"nr_pages":8192}]}
	END
	{
		head -c 16M /dev/zero | tr '\0' a
		printf needle
		head -c $((16 * 1048576 - 6)) /dev/zero | tr '\0' b
	} >"$t/dir/pages-1.img"
	rss "$t/peak" crit-mem -c 1048576 -s needle "$t/dir" | cut -f 4 >"$t/found"
	[ "$(wc -c <"$t/found")" = $((2 * 1048576 + 7)) ]
	[ -n "$CRIT_SAN" ] || [ "$(cat "$t/peak")" -lt 8192 ]
	run -2 crit-mem -c 1048577 -s needle "$t/dir"
}

@test "a directory without images is an error that says what may be meant" {
	mkdir -p "$t/empty" "$t/other" "$t/many/dump-1"
	echo text >"$t/other/notes"
	cp ../images/loop/* "$t/many/dump-1"
	for program in 'crit-x -f json' crit-mem; do
		what=
		[ "$program" = crit-mem ] || what=ps
		# shellcheck disable=SC2086
		run --separate-stderr -1 $program "$t/empty" $what
		[ "$stderr" = "${program%% *}: $t/empty: no images here: the directory is empty" ]
		# shellcheck disable=SC2086
		run --separate-stderr -1 $program "$t/other" $what
		[ "$stderr" = "${program%% *}: $t/other: no images here; it holds notes only" ]
	done
	run --separate-stderr -1 crit-x "$t/many" ps
	[[ $stderr = *"$t/many: no images here; did you mean $t/many/dump-1?" ]]
}

@test "--schema reaches crit-mem: a field with another number" {
	cp ../../proto/*.proto "$t"
	sed -i '/mm_arg_start/s/= [0-9]*/= 900/' "$t/mm.proto"
	(cd "$t" && protoc -I. -I/usr/include --descriptor_set_out=new.binpb *.proto)
	cp -r ../images/loop "$t/loop"
	chmod -R u+w "$t/loop"
	crit-decode ../images/loop/mm-4242.img |
		crit-encode --schema "$t/new.binpb" -o "$t/loop/mm-4242.img"
	run -1 crit-mem --args "$t/loop"
	crit-mem --args --schema "$t/new.binpb" "$t/loop" |
		cmp - <(crit-mem --args ../images/loop)
	crit-mem --schema "$t/new.binpb" "$t/loop" | cmp - <(crit-mem ../images/loop)
}
