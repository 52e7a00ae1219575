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
		jq -c '[.start,.end,.resource]')" = \
		'["0x7f2ff2fdb000","0x7f2ff2fdd000","[guard] *"]' ]
	[ "$(from_both guard-vma -f records rss | jq -c '.vmas[].start' |
		grep -c 7f2ff2fdb000)" = 0 ]
	crit-mem -f records guard-vma >"$t/map"
	[ "$(jq -sc '.[7:10][] | [.start,.end,.what,.pages,.present,.all]' "$t/map" |
		tr '\n' ' ')" = '["0x7f2ff2fd3000","0x7f2ff2fdb000","[anon]",8,1,851968] ["0x7f2ff2fdb000","0x7f2ff2fdd000","[guard]",2,0,884736] ["0x7f2ff2fdd000","0x7f2ff2fe3000","[anon]",6,0,892928] ' ]
	[ "$(crit-mem guard-vma | grep -c '\[guard\]')" = 1 ]
	[ "$(crit-mem --all guard-vma | wc -c)" = 1089536 ]
	[ "$(crit-info -f json --summary guard-vma | jq -c .vmas)" = \
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
	[ "$(crit-mem "$t/dir" -f records | jq -c '[.start,.what,.present,.absent]' |
		tr '\n' ' ')" = '["0x10000","[guard]",0,1] ["0x11000","[anon]",2,0] ["0x13000","[guard]",0,1] ["0x14000","[guard]",0,1] ["0x15000","[anon]",1,0] ["0x20000","[guard]",0,1] ' ]
	[ "$(crit-mem "$t/dir" -a 0x10000+0x6000 | tr '\0' . | fold -w 4096 |
		cut -c 1 | tr -d '\n')" = .bc..f ]
	[ "$(crit-mem "$t/dir" -s bbbb | wc -l)" = 1024 ]
	[ "$(crit-mem "$t/dir" -s dddd | wc -l)" = 0 ]
	run -1 crit-mem "$t/dir" --holes error -a 0x14000+1
}

@test "20,000 runs of pages through a stream" {
	runs "\"vmas\":[$(vma 0x10000 0x100000000)]" \
		< <(awk 'BEGIN { for (i = 0; i < 20000; i++)
			printf "{\"image\":\"pagemap-1.img\",\"magic\":\"PAGEMAP\",\"entries\":[{\"vaddr\":%d,\"nr_pages\":1,\"flags\":4}]}\n", 65536 + 8192 * i }') |
		crit-encode --no-end --allow-partial -d "$t/dir"
	from_both "$t/dir" -f records rss >"$t/all"
	[ "$(wc -l <"$t/all")" = 20000 ]
	[ "$(jq -sc 'map(.vaddr) | [.[0], .[-1]]' "$t/all")" = \
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
	for question in '' --runs --all '-a 0x1000+4096' '-a 0x2000+4096' \
			'--vma [anon]' '-s BBBB' '-r B+'; do
		# shellcheck disable=SC2086
		run --separate-stderr -1 crit-mem pagemap-unsorted $question
		[ "${#stderr_lines[@]}" = 1 ]
		[[ $stderr = *'not sorted' ]]
	done
	run -1 crit-info --summary pagemap-unsorted
	[ "$(from_both pagemap-unsorted -f records rss | jq -c '[.vaddr,.vmas[].start]' |
		tr '\n' ' ')" = '["0x2000","0x1000"] ["0x1000","0x1000"] ' ]
	run -1 crit-mem pagemap-unsorted --all -o "$t/out"
	[ ! -e "$t/out" ]
}

@test "runs that are not sorted lie in their mappings" {
	runs "\"vmas\":[$(vma 0x10000 0x11000),$(vma 0x20000 0x21000),$(
		vma 0x30000 0x31000)]" <<-'END' | crit-encode --no-end --allow-partial -d "$t/dir"
		{"image":"pagemap-1.img","magic":"PAGEMAP","entries":[{"vaddr":"0x30000","nr_pages":1},{"vaddr":"0x10000","nr_pages":1}]}
	END
	[ "$(from_both "$t/dir" -f records rss | jq -c '[.vaddr,.vmas[].start]' |
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
	[ "$(from_both "$t/dir" -f records rss | jq -c '[.nr_pages,(.vmas[] | .start,.pages)]')" = \
		'[2,"0x10000",2,"0x30000",1]' ]
	[ "$(from_both "$t/dir" -f json rss | jq -c '.[].rss[].vmas')" = \
		'[{"addr":"10000","pages":2},{"addr":"30000","pages":1}]' ]
	# CRIT's text knows pages of 4096 bytes only
	[ "$(from_both "$t/dir" rss | grep -o '/ [0-9]*' | tr '\n' ' ')" = \
		'/ 2 / 32 / 16 ' ]
	# the pages come before the mappings
	[ "$(crit-decode "$t/dir" | awk '/"MM"/ { mm = $0; next }
		/"end"/ { print mm } 1' | crit-x -f records rss |
		jq -c '.vmas[0].pages')" = 2 ]
}
