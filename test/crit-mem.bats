#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# crit-mem: map, bytes, strings, dumps and searches of tasks' memory, in every
# layout of pagemaps; and crit-info --summary.
# shellcheck disable=SC2016

bats_require_minimum_version 1.5.0

setup() {
	set -o pipefail
	cd "$BATS_TEST_TMPDIR" || return 1
	images=$CRIT_ROOT/test/images
}

# copy NAME [TO]: a checkpoint that may be changed
copy() {
	cp -r "$images/$1" "${2:-$1}" && chmod -R u+w "${2:-$1}"
}

# says STATUS MESSAGE ARGUMENT...: crit-mem ends with it and says so once
says() {
	local want=$1 text=$2 status=0
	shift 2
	crit-mem "$@" >out 2>message </dev/null || status=$?
	[ $status = "$want" ] && [[ $(cat message) == "crit-mem: "*"$text"* ]] || {
		echo "status $status, said: $(cat message)"
		return 1
	}
}

# small PAGES ENTRY...: checkpoint c of task 1 with these pagemap entries, one
# mapping from 0x10000 to 0x90000, and so many pages of letters
small() {
	local pages=$1 entries
	shift
	rm -rf c
	mkdir c
	entries=$(printf ',%s' "$@")
	echo '{"magic":"PSTREE","entries":[{"pid":1,"ppid":0,"pgid":1,"sid":1}]}' |
		crit-encode -o c/pstree.img
	echo '{"magic":"MM","entries":[{"mm_start_code":0,"mm_end_code":0,
		"mm_start_data":0,"mm_end_data":0,"mm_start_stack":0,
		"mm_start_brk":0,"mm_brk":0,"mm_arg_start":65536,
		"mm_arg_end":65540,"mm_env_start":0,"mm_env_end":0,
		"exe_file_id":0,"vmas":[{"start":65536,"end":589824,"pgoff":0,
		"shmid":0,"prot":3,"flags":34,"status":513,"fd":-1}]}]}' |
		crit-encode -o c/mm-1.img
	echo '{"magic":"PAGEMAP","entries":[{"pages_id":1}'"$entries"']}' |
		crit-encode -o c/pagemap-1.img
	for ((i = 0; i < pages; i++)); do
		head -c 4096 /dev/zero | tr '\0' "\\$((141 + i))"
	done >c/pages-1.img
}

# entry ADDRESS PAGES [FLAGS [MORE]]
entry() {
	echo '{"vaddr":"'"$1"'","compat_nr_pages":0,"flags":'"${3-4}"',"nr_pages":'"$2${4-}"'}'
}

@test "map: each mapping, its pages and where they are" {
	crit-mem -f records "$images/mem" -p 2501 >map
	diff <(jq -c '[.start, .end]' map) \
		<(crit-decode -p "$images/mem/mm-2501.img" |
			jq -c '.entries[].vmas[]? | [.start, .end]')
	jq -es 'all(.pages == .present + .parent + .lazy + .zero + .absent)' map
	[ "$(jq -s 'map(.present) | add' map)" = 45 ]
	diff - <(jq -r 'select(.path | startswith("/memfd")) |
		"\(.prot) \(.path) \(.pgoff) \(.present) \(.image)+\(.offset)"' map) <<-'END'
		rw-p /memfd:mapped 16384 1 pages-3.img+45056
		rw-s /memfd:mapped 0 1 pages-1.img+0
	END
	crit-mem "$images/mem" -p 2501 >text
	[ "$(wc -l <text)" = $(($(wc -l <map) + 1)) ]
	grep -q '0x1d0ac000-0x1d0ce000 .* pages-3.img+0x9000 \[heap\]$' text
	grep -q 'rw-p .*\[stack\]$' text
}

@test "map by runs" {
	crit-mem --runs -f records "$images/lazy" -p 9901 >runs
	[ "$(jq -s 'map(select(.kind == "lazy")) | length' runs)" = 5 ]
	jq -es 'map(select(.kind == "raw")) | all(.image == "pages-1.img")' runs
	crit-mem --runs "$images/incr/3" -p 9501 | grep >/dev/null ' parent/parent/pages-1.img+0x'
}

@test "bytes at known addresses: text, arguments, environment" {
	for dir in loop tree sock; do
		crit-mem -f records "$images/$dir" |
			jq -r 'select(.image) | "\(.pid) \(.start) \(.image) \(.offset)"' |
			while read -r pid start file offset; do
				run=$(crit-mem --runs -f records -p "$pid" "$images/$dir" |
					jq -r "select(.kind == \"raw\" and .offset == $offset and .image == \"$file\") | .start")
				crit-mem -p "$pid" -a "${run%%$'\n'*}" "$images/$dir" |
					cmp - <(tail -c +$((offset + 1)) "$images/$dir/$file" | head -c 4096)
			done
	done
	[ "$(crit-mem --args "$images/loop" -p 4242)" = /srv/corpus/bin/loop ]
	[ "$(crit-mem --args -0 "$images/tree" -p 1001 | xxd -p)" = \
		"$(printf '/srv/corpus/bin/tree\0001\0' | xxd -p)" ]
	diff - <(crit-mem --args "$images/tree") <<-'END'
		1001	/srv/corpus/bin/tree 1
		1003	/srv/corpus/bin/tree 1
		1006	/srv/corpus/bin/tree 1
		1004	/srv/corpus/bin/tree 1
		1007	/srv/corpus/bin/tree 1
		1009	/srv/corpus/bin/tree 1
	END
	[ "$(crit-mem --args -f records "$images/tree" -p 1003)" = \
		'{"pid":1003,"args":["/srv/corpus/bin/tree","1"]}' ]
	[ "$(crit-mem --env "$images/incr/3" -p 9501)" = PATH=/usr/bin:/bin ]
	[ "$(crit-mem --env -f records "$images/incr/3" -p 9501)" = \
		'{"pid":9501,"env":["PATH=/usr/bin:/bin"]}' ]
	crit-mem --auxv "$images/redis" -p 20001 | grep >/dev/null -x 'AT_PAGESZ  *0x1000'
}

@test "ranges" {
	small 4 "$(entry 0x10000 4)"
	[ "$(crit-mem c -a 0x10fff+2)" = ab ]
	[ "$(crit-mem c -a 69631-0x11001)" = ab ]
	[ "$(crit-mem c -a 0x11fff)" = b ]
	[ "$(crit-mem c -a 0x11000 | wc -c)" = 4096 ]
	[ "$(crit-mem c -a 0x13ffe+4 | xxd -p)" = 64640000 ]
	[ "$(crit-mem c -a 0xffff+2 | xxd -p)" = 0061 ]
	for empty in 0x10000+0 0x12345-0x12345; do
		[ -z "$(crit-mem c -a $empty)" ]
	done
	says 1 'has no mapping at 0x90000' c -a 0x90000
	says 1 'has no mapping at 0xfff' c -a 0xfffffffffffff000
	says 2 ': START-END, START+LENGTH or START (decimal, or 0x...)' \
		c -a 4a2000-4b0000
	says 2 'invalid address' c -a 010
	says 2 'ends before it starts' c -a 2-1
	says 2 'runs past' c -a 0xffffffffffffffff+1
	says 2 'invalid range' c -a 1x
}

@test "mappings by name" {
	crit-mem -p 2501 "$images/mem" --vma '[heap]' | cmp - \
		<(crit-mem -p 2501 "$images/mem" -a 0x1d0ac000-0x1d0ce000)
	[ "$(crit-mem -p 2501 "$images/mem" --vma /memfd:mapped | wc -c)" = 32768 ]
	says 1 "no mapping is named '[heep]'" -p 2501 "$images/mem" --vma '[heep]'
	# odd ones: as they are, and as the map shows them
	copy mem
	crit-decode -f json mem/memfd.img | jq '.entries[0].name |= "a b\n\u001b\\x"' |
		crit-encode -o mem/memfd.img
	crit-mem -p 2501 mem --vma $'/memfd:a b\n\e\\x' >bytes
	[ "$(wc -c <bytes)" = 32768 ]
	shown=$(crit-mem -p 2501 mem | sed -n 's|.*\(/memfd:.*x\)$|\1|p')
	[ "$shown" = '/memfd:a b\x0a\x1b\x5cx' ]
	crit-mem -p 2501 mem --vma "$shown" | cmp - bytes
}

@test "holes: zeros, an error, or left out" {
	small 2 "$(entry 0x11000 1)" "$(entry 0x13000 1)"
	[ "$(crit-mem c -a 0x11ffe-0x13002 | xxd -p | tr -d '\n')" = \
		"6161$(printf '%08192d' 0)6262" ]
	[ "$(crit-mem c -a 0x11ffe-0x13002 --holes=skip)" = aabb ]
	says 1 'no image has the bytes of 0x12000-0x13000' c -a 0x11ffe-0x13002 \
		--holes=error
	[ "$(cat out)" = aa ]
	[ "$(crit-mem c --all --holes skip | wc -c)" = 8192 ]
	says 2 'unknown holes' c --all --holes no
}

@test "all of it: a sparse file, the same bytes on standard output" {
	pid=1001
	crit-mem "$images/tree" -p "$pid" --all | cat >pipe
	crit-mem "$images/tree" -p "$pid" --all >file
	crit-mem "$images/tree" -p "$pid" --all -o named
	cmp pipe file
	cmp pipe named
	[ $(($(stat -c %b named) * 512)) -lt $(($(stat -c %s named) * 9 / 10)) ]
	echo before >after
	crit-mem "$images/tree" -p "$pid" --all >>after
	cmp <(tail -c +8 after) pipe
	# records say where each mapping lies in it
	crit-mem -f records "$images/tree" -p "$pid" |
		jq -r 'select(.path == "[stack]") | "\(.start)-\(.end) \(.all) \(.pages)"' |
		(read -r range at pages
			crit-mem "$images/tree" -p "$pid" -a "$range" |
			cmp - <(tail -c +$((at + 1)) named | head -c $((pages * 4096))))
}

@test "stacked, packed, aligned and old layouts hold the same memory" {
	pagemaps make made 12 70 mixed
	for name in made mem ipc ct; do
		[ $name = made ] || copy $name
		for pid in $(crit-mem -f records $name | jq .pid | sort -u); do
			crit-mem $name -p "$pid" --all >$name.$pid
		done
		for how in s ss p1 p64 p7 s,p64 ss,p1 ss,p3 flags ss,in_parent; do
			rm -rf x*
			cp -r $name x
			levels=x
			for step in ${how//,/ }; do
				case $step in
				s) pagemaps split x x1 7; levels='x x1' ;;
				ss)
					pagemaps split x x2 7
					pagemaps split x x1 99
					levels='x x1 x2'
					;;
				p*) for l in $levels; do pagemaps pack "$l" "${step#p}"; done ;;
				*) for l in $levels; do pagemaps old "$l" "$step"; done ;;
				esac
			done
			for want in "$name".*; do
				crit-mem x -p "${want##*.}" --all | cmp - "$want" || {
					echo "$name $how"
					return 1
				}
			done
			crit-mem x >/dev/null
			case $name-$how in
			made-p64 | made-ss,p1) crit-mem --runs x >runs
				for kind in raw lz4 zero; do grep -q " $kind " runs; done ;;
			esac
		done
	done
}

@test "compressed payloads: aligned, short last blocks, counted" {
	pagemaps make made 12 70 mixed
	cp -r made packed
	pagemaps pack packed 64
	crit-decode packed/pagemap-1.img | jq -e -s 'map(.entries[].flags? // 0) |
		any(. >= 8)'
	crit-mem -f records packed >map
	jq -e '.bytes < .pages * 4096 and .zero > 0 and
		.present + .zero + .absent == .pages' map
	# the core is not there, and told of
	(crit-info --summary -f json packed || [ $? = 1 ]) | jq -e '.memory |
		.packed.stored < .packed.bytes and .zero.pages > 0'
}

@test "memory of a server that dumps lazily" {
	run --separate-stderr crit-mem "$images/lazy" -p 9901 --vma '[stack]'
	[ $status = 0 ]
	[[ $stderr == *"8192 bytes of task 9901 are in no image"* ]]
	says 1 'a page server kept them' "$images/lazy" -p 9901 --args
}

@test "zombies have no memory" {
	! crit-mem "$images/tree" -f records | grep >/dev/null '"pid":1005,' || false
	pid=$(for f in "$images"/tree/core-*; do
		crit-decode "$f" | jq -r --arg f "$f" '.entries[].tc? |
			select(.task_state == 2) | $f'
	done | sed 's/.*core-\(.*\).img/\1/')
	says 1 "task $pid is a zombie" "$images/tree" -p "$pid"
	copy loop
	rm loop/mm-*
	says 1 'is missing, and the task is no zombie' loop
}

@test "what is no task, and what its images lack" {
	says 1 '20005 is a thread of task 20001' "$images/redis" -p 20005
	says 1 'there is no pstree.img: is this a checkpoint?' "$images/incr/1" --args
	# nothing is printed of what failed, nor above it
	says 1 'zombie' "$images/tree" -p 1005
	[ ! -s out ]
	says 1 'kept them' "$images/lazy" -p 9901 --args
	[ ! -s out ]
	small 1 "$(entry 0x10000 1)"
	rm c/pagemap-1.img
	says 0 'there is no pagemap-1.img' c
	cp c/pstree.img c/mm-1.img
	says 1 'mm-1.img: is a PSTREE image, not MM' c
	cp "$images/mem/files.img" c/pstree.img
	says 1 'pstree.img: is a FILES image, not PSTREE' c
}

@test "hexdump -C, with the addresses of the task" {
	small 3 "$(entry 0x11000 1)" "$(entry 0x13000 2)"
	crit-mem c -x -a 0x11ff8-0x13003 >dump
	diff - dump <<-'END'
		00011ff8  61 61 61 61 61 61 61 61  00 00 00 00 00 00 00 00  |aaaaaaaa........|
		00012008  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|
		*
		00012ff8  00 00 00 00 00 00 00 00  62 62 62                 |........bbb|
		00013003
	END
	type hexdump >/dev/null || skip 'no hexdump'
	crit-mem "$images/tree" --all -p 1001 --holes skip >bytes
	small 1 "$(entry 0x10000 12)"
	head -c $((12 * 4096)) bytes >c/pages-1.img
	diff <(crit-mem c -x -a 0x10000+49152 | sed 's/^[0-9a-f]*//') \
		<(hexdump -C c/pages-1.img | sed 's/^[0-9a-f]*//')
}

@test "a hole of terabytes is dumped in no time" {
	small 1 "$(entry 0x10000 1)"
	crit-decode -f json c/mm-1.img |
		jq '.entries[0].vmas[0].end = 17592186044416' | crit-encode -o c/mm-1.img
	[ "$(timeout 120 crit-mem c -x --all | tail -n 1)" = 100000000000 ]
	timeout 120 crit-mem c | grep >/dev/null ' 4294967279 '
}

@test "search: across pages, entries, blocks and parents" {
	for how in as-is pack split both; do
		small 4 "$(entry 0x10000 1)" "$(entry 0x11000 2)" "$(entry 0x14000 1)"
		# the last two are not next to one another in memory
		for at in 4093 8190 12285; do
			printf needle | dd of=c/pages-1.img bs=1 seek=$at conv=notrunc \
				status=none
		done
		rm -rf p
		case $how in
		split | both) pagemaps split c p 3 ;;
		esac
		case $how in
		pack) pagemaps pack c 2 ;;
		both) pagemaps pack c 1; pagemaps pack p 1 ;;
		esac
		diff - <(crit-mem c -s needle -c 2) <<-'END'
			1	0x10ffd	[anon]	aaneedlebb
			1	0x11ffe	[anon]	bbneedlecc
		END
		diff - <(crit-mem c -r 'n[e]{2}d(le|el)') <<-'END'
			1	0x10ffd	[anon]	needle
			1	0x11ffe	[anon]	needle
		END
	done
	[ "$(crit-mem c -s needle -a 0x11000-0x13000 | wc -l)" = 1 ]
	[ -z "$(crit-mem c -s noodle)" ]
}

@test "search: records, bytes that are no text, many matches" {
	small 2 "$(entry 0x10000 2)"
	printf 'x\377\\y' | dd of=c/pages-1.img bs=1 seek=100 conv=notrunc status=none
	[ "$(crit-mem c -s y -c 3)" = $'1\t0x10067\t[anon]\tx\\xff\\x5cyaaa' ]
	crit-mem c -s y -c 3 -f records | jq -e '.context.base64 == "eP9ceWFhYQ==" and
		.before == 3 and .length == 1 and .address == "0x10067" and
		.start == "0x10000"'
	[ "$(crit-mem c -r 'b{4}' | wc -l)" = 1024 ]
	[ "$(crit-mem c -s bb | wc -l)" = 2048 ]
	says 2 'regular expression' c -r '('
	says 2 'a search needs' c -s ''
	says 2 'only one of' c -s a -r b
}

@test "search: regular expressions as grep finds them" {
	small 1 "$(entry 0x10000 1)"
	LC_ALL=C awk 'BEGIN { srand(7); for (i = 0; i < 4096; i++)
		printf "%c", substr("abcab{}.c", int(rand() * 9) + 1, 1) }' >c/pages-1.img
	for re in 'ab+c' 'a{2}b' '(ab|c)\.' 'a?bc?[.{]' '[^a]{3}c' 'b.b|c\{' \
	    'a(b)*\.c' '\{\}' 'x*abc' '^a' 'c$'; do
		diff <(crit-mem c -r "$re" | awk -F '\t' '{ print $2 ":" $4 }') \
			<(grep -a -o -b -E -e "$re" c/pages-1.img |
				awk -F: '{ printf "0x%x:%s\n", 65536 + $1, $2 }') || {
			echo "$re"
			return 1
		}
	done
}

@test "search: megabytes, across windows, blocks and entries, as grep finds them" {
	small 0 "$(entry 0x10000 100)" "$(entry 0x74000 200)" "$(entry 0x13c000 300)"
	crit-decode -f json c/mm-1.img | jq '.entries[0].vmas[0].end = 2523136' |
		crit-encode -o c/mm-1.img
	head -c $((600 * 4096)) < <(cat "$CRIT_BUILD/"crit-* | base64 -w 1000) >c/pages-1.img
	cp -r c packed
	pagemaps pack packed 64
	for re in '[0-9]+x' '[Cc][Rr][Ii][Tt]' '[a-z]+[0-9]' '^[A-M][^/]*/' 'A{6}' \
	    '[0-9a-f]{7}' '(ab|c+d|[e-g]h+)[0-9]' '.{40}$' '/[A-Z]*a|b[^x]*xx'; do
		# what the programs hold differs from build to build
		(grep -aobE -e "$re" c/pages-1.img || [ $? = 1 ]) |
			awk -F: '{ printf "0x%x:%s\n", 65536 + $1, $2 }' >want
		cat want >>all
		for dir in c packed; do
			crit-mem $dir -r "$re" | awk -F '\t' '{ print $2 ":" $4 }' |
				cmp - want || { echo "$re"; return 1; }
		done
	done
	[ "$(wc -l <all)" -gt 10000 ]
}

@test "search: more states than there is room for" {
	small 0 "$(entry 0x10000 64)"
	# each byte makes a state of its own, of many instructions; in each page
	# the byte so far from its end decides (grep would take minutes)
	LC_ALL=C awk 'BEGIN { srand(7); for (i = 0; i < 262144; i++)
		printf "%s", i % 4096 == 4095 ? "c" : rand() < 0.5 ? "a" : "b" }' >c/pages-1.img
	for n in 60 90; do
		for re in "[ab]*a[ab]{$n}c" "(a|b)*a(a|b){$n}c"; do
			timeout 120 crit-mem c -r "$re" |
				awk -F '\t' '{ print $2 ":" length($4) }' |
				diff - <(fold -w 4096 c/pages-1.img | awk -v n=$n '
					substr($0, 4095 - n, 1) == "a" {
						printf "0x%x:4096\n", 65536 + 4096 * (NR - 1)
					}')
		done
	done
}

@test "pages of 64 KiB" {
	small 16 '{"vaddr":65536,"compat_nr_pages":0,"flags":4,"nr_pages":1}'
	crit-mem c --page-size 65536 -a 0x1f000 | cmp - \
		<(tail -c 4096 c/pages-1.img)
	# as the auxiliary vector says
	crit-decode -f json c/mm-1.img |
		jq '.entries[0].mm_saved_auxv = [6, 65536]' | crit-encode -o c/mm-1.img
	crit-mem -f records c | jq -e '.page_size == 65536 and .present == 1'
	says 2 'not a power of two' c --page-size 5000
}

# change JQ: the mappings of c
change() {
	crit-decode -f json c/mm-1.img | jq -c "$1" | crit-encode -o c/new
	mv c/new c/mm-1.img
}

@test "auxiliary vectors that lie, or are too long" {
	small 1 "$(entry 0x10000 1)"
	for size in 0 1 3 512 2048 4097 12288 8388608 4294967296 18446744073709551615; do
		change ".entries[0].mm_saved_auxv = [6, \"$size\"]"
		crit-mem -f records c | jq -es '.[0] | .page_size == 4096 and .present == 1' || {
			echo "$size"
			return 1
		}
	done
	change '.entries[0].mm_saved_auxv = [range(2000)]'
	[ "$(crit-mem --auxv c | wc -l)" = 64 ]
	[ "$(crit-mem c -a 0x10000+3)" = aaa ]
}

@test "mapped files with endless names" {
	small 1 "$(entry 0x10000 1)"
	change '.entries[0].vmas[0] |= (.status = 65 | .shmid = 5)'
	for n in 8190 8191 8192 20000 100000; do
		printf '{"magic":"FILES","entries":[{"type":"REG","id":5,"reg":{"id":5,"name":"/%0'$((n - 1))'d"}}]}' 0 |
			crit-encode --allow-partial -o c/files.img
		name=$(crit-mem -f records c 2>/dev/null | jq -r .path)
		[ "${#name}" = $((n < 8191 ? n : 8191)) ]
	done
}

@test "offsets and sizes beyond all bounds" {
	small 1 "$(entry 0x10000 1)"
	mv c/pagemap-1.img c/pagemap-shmem-7.img
	echo '{"magic":"PAGEMAP","entries":[{"pages_id":1},'"$(entry 0 1)"']}' |
		crit-encode -o c/pagemap-shmem-7.img
	change '.entries[0].vmas[0] |= (.status = 257 | .flags = 33 | .shmid = 7)'
	timeout 120 crit-mem -f records c | jq -es '.[0].present == 1 and .[0].absent == 127'
	# the offsets of a mapping do not begin anew at 2^64
	change '.entries[0].vmas[0].pgoff = "18446744073709547520"'
	timeout 120 crit-mem -f records c | jq -es '.[0].present == 0 and .[0].absent == 128'
	small 1 "$(entry 0x10000 1)"
	change '.entries[0].vmas[0].end = "18446744073709547520"'
	says 1 'file: cannot write: File too large' c --all -o file
	[ ! -e file ]
	change '.entries[0].vmas[0] |= (.start = 8192 | .end = 4096)'
	says 1 'the mapping ends before it starts' c
	change '.entries[0].vmas |= [.[0] | .start = 65536 | .end = 69632] + [.[0] | .start = 65536 | .end = 69632]'
	says 1 'the mapping overlaps the one before' c
}

@test "a private memfd: its own pages before the segment's" {
	small 1 "$(entry 0x11000 1)"
	change '.entries[0].vmas[0] |= (.status = 16449 | .flags = 2 | .shmid = 5 | .end = 65536 + 16384)'
	echo '{"magic":"FILES","entries":[{"type":"MEMFD","id":5,"memfd":{"id":5,"inode_id":9}}]}' |
		crit-encode --allow-partial -o c/files.img
	echo '{"magic":"MEMFD_INODE","entries":[{"name":"x","inode_id":9,"shmid":7}]}' |
		crit-encode --allow-partial -o c/memfd.img
	echo '{"magic":"PAGEMAP","entries":[{"pages_id":2},'"$(entry 0 4)"']}' |
		crit-encode -o c/pagemap-shmem-7.img
	for letter in s t u v; do
		head -c 4096 /dev/zero | tr '\0' $letter
	done >c/pages-2.img
	[ "$(crit-mem c --all | tr -s a-z)" = sauv ]
}

@test "a string without an end" {
	small 0 "$(entry 0x10000 1300)"
	change '.entries[0] |= (.mm_arg_end = 65536 + 5000000 | .vmas[0].end = 65536 + 1300 * 4096)'
	head -c $((1300 * 4096)) /dev/zero | tr '\0' a >c/pages-1.img
	says 1 'a string of more than 4194304 bytes' c --args -f records
	[ "$(crit-mem --args -p 1 c | wc -c)" = 5000001 ]
}

@test "more SysV segments than Linux has" {
	small 1 "$(entry 0x10000 1)"
	change '.entries[0].vmas[0] |= (.status = 1025 | .flags = 33 | .shmid = 7)'
	for n in 32768 32769; do
		seq -f '{"desc":{"key":1,"uid":0,"gid":0,"cuid":0,"cgid":0,"mode":0,"id":%.0f},"size":0,"extra":""}' $n |
			paste -sd, | sed 's/^/{"magic":"IPCNS_SHM","entries":[/; s/$/]}/' |
			crit-encode -o c/ipcns-shm-0.img
		if [ $n = 32768 ]; then
			crit-mem c >out
		else
			says 1 'more than 32768 segments' c
		fi
	done
}

@test "regular expressions that are too large" {
	small 1 "$(entry 0x10000 1)"
	nested() { printf "%$1s" | tr ' ' '('; printf a; printf "%$1s" | tr ' ' ')'; }
	[ "$(crit-mem c -r "$(nested 200)" | wc -l)" = 4096 ]
	says 2 'too many ( within one another' c -r "$(nested 201)"
	says 2 'too long' c -r "$(printf '%04097d' 0)"
	says 0 '' c -r "$(printf '%04096d' 0)" || [ ! -s message ]
	says 2 'a number in { } is too large' c -r 'a{32768}'
	says 2 'a number in { } is too large' c -r 'a{4294967298}'
	says 2 'a number in { } is too large' c -r 'a{1,18446744073709551618}'
	says 2 'too large' c -r 'a{32767}'
	says 2 'too large' c -r '((((a{99}){99}){99}){99})'
	says 2 'too large' c -r '(((((){99}){99}){99}){99})'
}

@test "malformed pagemaps: one clear error each" {
	bad() {
		local text=$1
		shift
		small 4 "$@"
		says 1 "pagemap-1.img: entry $text" c &&
			[ "$(wc -l <message)" = 1 ] &&
			says 1 "pagemap-1.img: entry $text" c --all
	}
	bad '2: address 0x11000 overlaps the entry before, which ends at 0x12000' \
		"$(entry 0x10000 2)" "$(entry 0x11000 1)"
	bad '2: address 0x10000 comes after 0x12000: entries are not sorted' \
		"$(entry 0x12000 1)" "$(entry 0x10000 1)"
	bad '1: address 0x10010 is not at a boundary' "$(entry 0x10010 1)"
	bad '1: 4503599627370496 pages at 0x10000 run past the end of memory' \
		"$(entry 0x10000 4503599627370496)"
	bad '1: payload runs past the end of any file' \
		"$(entry 0x10000 2251799813685248)"
	bad '1: pages are said to be both here and in the parent' "$(entry 0x10000 1 5)"
	bad '1: aligned payload of pages that are not here' "$(entry 0x10000 1 10)"
	bad "1: pages are in the parent, and the directory 'parent'" \
		"$(entry 0x10000 1 1)"
	bad '2: its pages end at 20480, and pages-1.img has only 16384 bytes' \
		"$(entry 0x10000 4)" "$(entry 0x14000 1)"
	small 4 "$(entry 0x10000 4)"
	rm c/pages-1.img
	says 1 'pages-1.img: cannot open' c --all
}

@test "malformed blocks: one clear error each" {
	blocks() {
		echo ',"blocks":{"block_sizes":['"$1"'],"total_payload_size":'"$2"',"pages_per_block":'"$3"'}'
	}
	bad() {
		small 4 "$(entry 0x10000 "$2" "$3" "$4")"
		says 1 "pagemap-1.img: entry 1: $1" c
	}
	bad 'blocks of pages that are not here' 4 2 "$(blocks 4096 4096 4)"
	bad '0 pages a block' 4 4 "$(blocks 4096 4096 0)"
	bad '1025 pages a block (1 to 1024)' 4 4 "$(blocks 4096 4096 1025)"
	bad '1 block sizes for 2 blocks' 4 4 "$(blocks 4096 4096 2)"
	bad '3 block sizes for 2 blocks' 4 4 "$(blocks 1,2,3 6 2)"
	bad 'block sizes sum up to 30, not 31' 4 4 "$(blocks 10,20 31 2)"
	bad 'block 1 has 8193 bytes, more than its pages' 4 4 "$(blocks 0,8193 8193 2)"
	bad 'block 1 has 4097 bytes, more than its pages' 3 4 "$(blocks 0,4097 4097 2)"
	bad 'the last payload ends at 8192, and pages-1.img has 16384 bytes' 2 4 \
		"$(blocks 4096,4096 8192 1)"
	# letters are no LZ4
	small 1 "$(entry 0x10000 4 4 "$(blocks 4096 4096 4)")"
	says 1 'pages-1.img: offset 0: the LZ4 block of 0x10000 does not unpack to 16384 bytes' \
		c --all
	# three letters instead of four pages
	small 0 "$(entry 0x10000 4 4 "$(blocks 4 4 4)")"
	printf '0abc' >c/pages-1.img
	says 1 'the LZ4 block of 0x10000 does not unpack to 16384 bytes' c --all
	[ ! -s out ]
	# as CRIU had it for some months
	small 1 "$(entry 0x10000 1 4 ',"_unknown":"OAE="')"
	says 1 'in a layout that no release' c
}

@test "parents: loops, what they lack, a link that became a file" {
	small 1 "$(entry 0x10000 1 1)"
	ln -s . c/parent
	says 1 'pagemap-1.img: entry 1: pages are in the parent, and the links named parent go round in a loop' c
	rm -rf p
	mv c p
	rm p/parent
	ln -s ../c p/parent
	small 1 "$(entry 0x10000 1 1)"
	ln -s ../p c/parent
	says 1 'parent/pagemap-1.img: entry 1: pages are in the parent, and the links named parent go round' c
	rm -rf p
	small 1 "$(entry 0x12000 1)"
	mv c p
	small 0 "$(entry 0x10000 1 1)"
	echo ../p >c/parent
	says 1 'page 0x10000 is in the parent, and parent/pagemap-1.img does not have it' c
	small 0 "$(entry 0x12000 1 1)"
	echo ../p >c/parent
	[ "$(crit-mem c -a 0x12000+3)" = aaa ]
}

@test "parents: a fifo, and more than 200" {
	small 1 "$(entry 0x10000 1 1)"
	mkfifo c/parent
	status=0
	timeout 120 crit-mem c >out 2>message || status=$?
	[ $status = 1 ]
	grep -q "the directory 'parent' cannot be opened: Not a directory" message
	rm c/parent
	mkdir many
	for ((i = 0; i < 202; i++)); do
		mkdir many/$i
		ln -s ../$((i + 1)) many/$i/parent
		ln c/*.img many/$i
	done
	says 1 'entry 1: more than 200 parents' many/0
	[ "$(wc -l <message)" = 1 ]
	small 1 "$(entry 0x10000 1)"
	rm many/201/p*.img
	cp c/p* many/201
	[ "$(crit-mem many/1 -a 0x10000+3)" = aaa ]
	says 1 'more than 200 parents' many/0
}

@test "two pagemaps with one pages image" {
	small 1 "$(entry 0x10000 1)"
	for image in mm pagemap; do cp c/$image-1.img c/$image-2.img; done
	echo '{"magic":"PSTREE","entries":[{"pid":1,"ppid":0,"pgid":1,"sid":1},
		{"pid":2,"ppid":1,"pgid":1,"sid":1}]}' | crit-encode -o c/pstree.img
	crit-mem c
	crit-decode -f json c/pagemap-2.img | jq '.entries[1].vaddr = 69632' |
		crit-encode -o c/pagemap-2.img
	says 1 'pagemap-1.img and pagemap-2.img are different, and have the same pages_id 1' c
}

@test "bytes too many are told of" {
	small 2 "$(entry 0x10000 1)"
	says 0 'pages-1.img: warning: has 4096 bytes more than pagemap-1.img says' c
}

@test "not to a terminal; whole files or none; usage" {
	small 1 "$(entry 0x10000 1)" "$(entry 0x20000 1)"
	echo old >file
	says 1 'its pages end at' c --all -o file
	[ "$(cat file)" = old ]
	says 2 'missing argument: CHECKPOINT'
	says 1 'its pages end at' c c
	says 2 'only one of -a' c --all -a 1
	says 2 'work only with bytes' c --all --args
	says 2 '-x needs' c -x
	says 2 '-0 needs' c --args -0 -f records
	says 2 '-0 needs' c -0
	says 2 '-c needs a search' c -c 1
	says 2 'bytes cannot be records or a table' c --all -f records
	says 1 'no images of a task 99' c -p 99
	says 2 'choose one with -p' "$images/tree" --all
	says 1 'cannot open' nowhere
	small 1 "$(entry 0x10000 1)"
	[ "$(crit-mem c -a 0x10000 2>&1 >/dev/full || echo $?)" = \
		$'crit-mem: standard output: cannot write: No space left on device\n1' ]
	type script >/dev/null || skip 'no script'
	script -qec 'crit-mem c --all' /dev/null >out </dev/null || status=$?
	[ "$status" = 2 ]
	grep -q 'to a terminal' out
}

@test "a million entries and 64 GiB: quick, in little memory" {
	pagemaps make huge 1000000 17 sparse
	last=$(printf '0x%x' $(((256 + 999999 * 18 + 16) * 4096)))
	for what in '' --args "-p 1 -a $last"; do
		start=$EPOCHREALTIME
		rss kib crit-mem huge $what >out
		time=$(awk "BEGIN { print $EPOCHREALTIME - $start }")
		echo "# figure: crit-mem ${what:-(map)}: $time s, $(cat kib) KiB" >&3
		[ -n "$CRIT_SAN" ] || [ "$(cat kib)" -lt 8192 ]
		case $what in
		--args) grep -q 'huge task' out ;;
		-p*) [ "$(head -c 9 out | tr '\0' ' ')" = 'huge task' ] ;;
		*) grep -q ' 17000000 ' out ;;
		esac
		# 0.1 s where nothing else runs: what the processor did, in the
		# quietest of three
		TIMEFORMAT='%U %S'
		for _ in 1 2 3; do
			{ time crit-mem huge $what >out; } 2>&1
		done | awk '{ print $1 + $2 }' | sort -n >cpu
		[ -n "$CRIT_SAN" ] || awk '{ exit !($1 < 1) }' cpu
	done
}

@test "all and search in 8 MiB" {
	pagemaps make big 4096 16 mixed
	cp -r big packed
	pagemaps pack packed 16
	for dir in big packed; do
		for what in --all '-s nowhere' '-r no[w]here' '-x --all' \
		    '-r [0-9]+x' '-r [a-z]{2}[0-9]' '-r (.*a){9}' \
		    '-r .{90}[^x]{90}x'; do
			rss kib crit-mem $dir $what >/dev/null
			[ -n "$CRIT_SAN" ] || [ "$(cat kib)" -lt 8192 ]
		done
	done
}

@test "a segment that is mapped from its end to its start" {
	n=20000
	mkdir desc
	echo '{"magic":"PSTREE","entries":[{"pid":1,"ppid":0,"pgid":1,"sid":1}]}' |
		crit-encode -o desc/pstree.img
	small 0 "$(entry 0x10000 1 2)"
	crit-decode -f json c/mm-1.img | jq -c --argjson n $n '.entries[0].vmas =
		[range($n) | {start: (65536 + . * 8192), end: (69632 + . * 8192),
		pgoff: (($n - 1 - .) * 8192), shmid: 7, prot: 3, flags: 33,
		status: 257, fd: -1}]' | crit-encode -o desc/mm-1.img
	jq -cn --argjson n $n '{magic: "PAGEMAP", entries: [{pages_id: 1},
		(range($n) | {vaddr: (. * 8192), compat_nr_pages: 0, flags: 4,
		nr_pages: 1})]}' | crit-encode -o desc/pagemap-shmem-7.img
	seq -f %04095.0f $n >desc/pages-1.img
	timeout 120 crit-mem -f records desc | jq -es --argjson n $n \
		'to_entries | all(.value.offset == ($n - 1 - .key) * 4096)'
	crit-mem desc --all | cmp - <(seq -f %04095.0f $n -1 1)
}

# inline_segments DIR: as before CRIU 3.0, which had the bytes of SysV segments
# behind each entry of their image; they are told apart from those that follow
inline_segments() {
	local image pages entry id size
	image=$(echo "$1"/ipcns-shm-*.img)
	crit-decode -f json "$image" | jq -c '.entries[] | del(.in_pagemaps, .extra)' |
		while read -r entry; do
			id=$(jq .desc.id <<<"$entry")
			size=$(jq .size <<<"$entry")
			pagemaps flat "$1" "pagemap-shmem-$id.img" >flat
			truncate -s "$size" flat
			pages=$(crit-decode "$1/pagemap-shmem-$id.img" |
				jq -r '.entries[0].pages_id // empty')
			rm "$1/pagemap-shmem-$id.img" "$1/pages-$pages.img"
			base64 -w 0 flat |
				jq -Rc --argjson entry "$entry" '$entry + {extra: .}'
		done | jq -cs '{magic: "IPCNS_SHM", entries: .}' >segments
	crit-encode -o "$image" segments
}

@test "SysV segments: in their own image, as before CRIU 3.0" {
	for dir in ipc ct; do
		copy $dir
		pid=$(crit-mem $dir -f records | jq -s 'map(select(.path | startswith("[ipc"))) | .[0].pid')
		crit-mem $dir -p "$pid" --all >want
		range=$(crit-mem $dir -p "$pid" -f records |
			jq -r 'select(.path == "[ipc:0]") | "\(.start)-\(.end)"')
		text=$(crit-mem $dir -p "$pid" -a "$range" | strings | head -n 1)
		crit-mem $dir -p "$pid" -s "$text" >found
		crit-mem $dir -p "$pid" -x -a "$range" >hex
		[ -n "$text" ]
		inline_segments $dir
		crit-mem $dir -p "$pid" --all | cmp - want
		crit-mem $dir -p "$pid" --all -o file
		cmp file want
		crit-mem $dir -p "$pid" --vma '[ipc:0]' | cmp - \
			<(tail -c +$(($(crit-mem $dir -p "$pid" -f records |
				jq 'select(.path == "[ipc:0]") | .all') + 1)) want | head -c 8192)
		crit-mem $dir -p "$pid" -x -a "$range" | cmp - hex
		crit-mem $dir -p "$pid" -s "$text" | cmp - found
	done
	# 5000 bytes are two pages
	crit-info --summary ct | grep >/dev/null '^  shared  *2  *8192$'
	diff - <(crit-mem ct -p "$pid" -f records | jq -c 'select(.path == "[ipc:0]") |
		[.pages, .present, .zero, .absent, .bytes, .image]') <<-'END'
		[2,2,0,0,5000,"ipcns-shm-11.img"]
	END
	at=$(crit-mem ct -p "$pid" -f records | jq 'select(.path == "[ipc:0]") | .offset')
	crit-mem ct -p "$pid" -a "${range%-*}+5000" | cmp - \
		<(tail -c +$((at + 1)) ct/ipcns-shm-11.img | head -c 5000)
	crit-mem --runs ct -p "$pid" | grep ' \[ipc:0\]$' |
		awk '{ print $3, $4 }' | diff <(printf 'raw 2\nzero 0\n') -
}

@test "SysV segments: cut short, several, half of them in pagemaps, none" {
	copy ipc
	inline_segments ipc
	cp -r ipc cut
	truncate -s -1 cut/ipcns-shm-9.img
	says 1 'ipcns-shm-9.img: entry 3, offset 108307: extra of 65536 bytes' cut
	says 1 'extra of 65536 bytes runs past the end of the image' cut --vma '[ipc:0]'
	# the third alone is in the image: offsets count only its bytes
	jq -c '.entries[2].desc.id = 0 | .entries[0].desc.id = 2 |
		.entries[0, 1, 3] |= (.in_pagemaps = true | .extra = "")' segments |
		crit-encode -o ipc/ipcns-shm-9.img
	crit-mem ipc -f records | jq -es 'any(.path == "[ipc:0]" and
		.present == 2 and .bytes == 8192)'
	# one that should be in a pagemap
	jq -c '.entries |= map(.in_pagemaps = true | .extra = "")' segments |
		crit-encode -o ipc/ipcns-shm-9.img
	says 0 'no image has the bytes of segment 0, which task 3301 maps' ipc
	grep -q ' 2 *0 *0 *0 *0 *2 *0 - *\[ipc:0\]$' out
}

@test "a pre-dump: ranges, without mappings" {
	dir=$images/incr/1
	for n in 1 2 3; do
		at=$(crit-decode "$dir/pagemap-9501.img" | jq -r ".entries[].vaddr" |
			sed -n "$((n + 1))p")
		offset=$(crit-decode "$dir/pagemap-9501.img" | head -n $((n + 1)) |
			jq -s 'map(.entries[].nr_pages // 0) | .[:-1] | add // 0')
		crit-mem "$dir" -p 9501 -a "$at" | cmp - \
			<(tail -c +$((offset * 4096 + 1)) "$dir/pages-1.img" | head -c 4096)
	done
	crit-mem "$dir" -p 9501 -x -a "$at+16" | grep >/dev/null '^00'
	says 1 'only the map, -a, -s and -r read them' "$dir" -p 9501 --all
	says 1 'no image has the bytes' "$dir" -p 9501 -a 0+1 --holes error
}

@test "blocks of 4 MiB at several levels in 8 MiB" {
	pagemaps make made 40 1024 mixed
	crit-mem made --all >want
	pagemaps split made made2 7
	pagemaps split made made1 99
	for level in made made1 made2; do pagemaps pack $level 1024; done
	crit-mem --runs made | grep >/dev/null ' lz4 .*parent/parent'
	rss kib crit-mem made --all | cmp - want
	[ -n "$CRIT_SAN" ] || [ "$(cat kib)" -lt 8192 ]
}

@test "-p may be repeated, where no bytes are wanted" {
	for mode in '' --sizes --args '-s ELF'; do
		crit-mem -f records -p 1003 --pid 1001 -p 1003 $mode "$images/tree" |
			jq -r 'select(.pid).pid' | sort -u | tr '\n' ' ' | grep -x '1001 1003 '
		crit-mem -f records -p 1003 -p 1001 $mode "$images/tree" >two
		zstd -q -c <(tar -C "$images" -c tree) | crit-mem -f records -p 1003 -p 1001 \
			$mode - | cmp - two
	done
}

@test "what makes no sense is refused" {
	for options in '-p 1003 -p 1004 --all' '-s a -s b' '-r a -r b' '-a 1-2 -a 3-4' \
		'--vma [heap] --vma [stack]' '--page-size 0' '--page-size 1000'; do
		run -2 crit-mem $options "$images/tree"
	done
	# letters that mean nothing, as they would elsewhere
	crit-mem -r '\d{4}' "$images/loop" >digits
	[ -s digits ]
	crit-mem -r '[0-9]{4}' "$images/loop" | cmp - digits
	run -2 crit-mem -r '\q' "$images/loop"
}

@test "arguments, environments, vectors of several checkpoints" {
	tar -cf tree.tar -C "$images" tree
	for mode in --args --env --auxv; do
		for d in "$images/loop" tree.tar; do
			echo "==> $d <=="
			crit-mem $mode "$d"
			[ "$d" = tree.tar ] || echo
		done >want
		crit-mem $mode "$images/loop" tree.tar | cmp - want
		for d in "$images/loop" tree.tar; do
			crit-mem $mode -f records "$d" | jq -c --arg d "$d" '{checkpoint: $d} + .'
		done >want
		crit-mem $mode -f records "$images/loop" tree.tar | jq -c . | cmp - want
		[ "$(crit-mem $mode -f table "$images/loop" tree.tar | grep -c '^==>')" = 2 ]
	done
	run -2 crit-mem --all -o out "$images/loop" tree.tar
	[[ $output = *"expected one CHECKPOINT: bytes and changes are of one task"* ]]
}

@test "crit-info names the checkpoint where there are several" {
	a=$images/loop b=$images/tree
	for d in "$a" "$b"; do
		crit-info "$d" | jq -c --arg d "$d" '{checkpoint: $d} + .'
	done >want
	crit-info "$a" "$b" | cmp - want
	{ crit-info -H "$a"; crit-info -H "$b"; } | cmp - want
	crit-info --no-checkpoint "$a" "$b" | cmp - <(crit-info "$a"; crit-info "$b")
	crit-info -f table "$a" "$b" | awk '{ print $1 }' | uniq -c | diff - <(
		echo "      1 CHECKPOINT"
		for d in "$a" "$b"; do
			printf '%7d %s\n' "$(crit-info "$d" | wc -l)" "$d"
		done)
	# images have names of their own
	crit-info "$a"/{pstree,files}.img | jq -se 'all(.[]; has("checkpoint") | not)'
	crit-info -H "$a"/{pstree,files}.img | jq -se --arg d "$a/files.img" '.[1].checkpoint == $d'
	crit-info --summary --no-checkpoint -f records "$a" "$b" |
		jq -se 'length == 2 and all(.[]; has("checkpoint") | not)'
	crit-info --summary -H "$a" | head -n 1 | grep -qx "$a:"
}

@test "crit-info --summary" {
	crit-info --summary -f json "$images/sock" >sum
	jq -e '.tasks == 1 and .sockets.total > 5 and .memory.present.pages > 0' sum
	[ "$(jq '.images.bytes' sum)" = "$(cat "$images"/sock/* | wc -c)" ]
	[ "$(jq '.memory.stored' sum)" = "$(cat "$images"/sock/pages-* | wc -c)" ]
	crit-info --summary -f json "$images/tree" |
		jq -e '.tasks == 7 and .zombies == 1 and .stopped == 1'
	crit-info --summary -f json "$images/incr/3" | jq -e '.memory.parent.pages == 140 and
		.dump.pages_skipped_parent == 140 and .dump.frozen_time == 18762 and
		.restore.restore_time == 41419'
	crit-info --summary -f json "$images/oldstyle" | jq -e '.files.total > 0'
	crit-info --summary "$images/ipc" | grep >/dev/null '^  shared  *2  *8192$'
	# text and JSON count alike; several have names
	for dir in "$images/sock" "$images/redis"; do
		[ "$(crit-info --summary "$dir" | awk '/^files|^sockets/ { print $2 }' | xargs)" = \
			"$(crit-info --summary -f json "$dir" | jq .files.total,.sockets.total | xargs)" ]
	done
	[ "$(crit-info --summary -f json "$images/sock" "$images/tree" | jq -r .dir)" = \
		"$images/sock"$'\n'"$images/tree" ]
	crit-info --summary "$images/sock" "$images/tree" |
		diff - <(for d in sock tree; do echo "$images/$d:"; crit-info --summary "$images/$d"; done)
	run -1 crit-info --summary </dev/null
	run -1 crit-info --summary - <sum
	run crit-info --summary "$BATS_TEST_TMPDIR"
	[ $status = 1 ]
}

@test "a bad expression is told once, not once a task" {
	for regex in '(' 'a*?' '[\b]' '(?i:x)'; do
		run --separate-stderr crit-mem -r "$regex" "$CRIT_ROOT/test/images/tree"
		[ "$status" != 0 ]
		[ "$output" = "" ]
		[ "$(wc -l <<<"$stderr")" = 1 ]
	done
}

@test "--sizes: sums are those of the map" {
	for dir in mem redis tree incr/3; do
		crit-mem -f records "$images/$dir" >map
		crit-mem -f records --sizes "$images/$dir" >sizes
		[ "$(jq -s 'map(.bytes) | add' map)" = \
			"$(jq -s '.[-1].bytes' sizes)" ]
		jq -cs 'group_by(.pid)[] | [.[0].pid, (map(.bytes) | add),
			(map(.present * .page_size) | add), length]' map >want
		jq -cs 'map(select(.kind == "total" and .pid)) | sort_by(.pid)[] |
			[.pid, .bytes, .memory_present, .mappings]' sizes >got
		diff want got
		# the largest come first
		jq -s 'map(select(.path).bytes)' sizes >order
		jq -e '. == (sort | reverse)' order
	done
	crit-mem --sizes "$images/mem" >text
	grep -q 'BYTES  SHARE     PID KIND' text
	[[ $(tail -1 text) == *100.0%*all*total*'(all tasks)' ]]
}

@test "--zero-pages, --equal-pages: as many as their bytes say" {
	for dir in loop incr/3 tree sock; do
		crit-mem -f records --sizes --zero-pages --equal-pages "$images/$dir" >sizes
		# each page of the images as hexadecimal digits, a line each
		cat "$images/$dir"/pages-*.img | xxd -p -c 4096 | tr -d '\n' |
			fold -w 8192 >pages
		echo >>pages
		zero=$(grep -cx '0*' pages) || true
		equal=$(grep -vx '0*' pages | sort | uniq -c | awk '{ n += $1 - 1 } END { print n + 0 }')
		jq -cs '.[-1] | [.zero_pages, .equal_pages]' sizes | grep -x "\[$zero,$equal\]"
		jq -es 'def s(f): map(f) | add; (.[-1].zero_pages) ==
			(map(select(.path)) | s(.zero_pages))' sizes
	done
	crit-mem --sizes --zero-pages "$images/loop" >text
	grep -q 'ZERO ZERO_PAGES WHAT$' text
	# a packed page of zeros is no page
	crit-copy --compress=4096 "$images/loop" packed
	for dir in "$images/loop" packed; do
		crit-mem -f records --sizes --zero-pages --equal-pages $dir |
			jq -c '[.path, .zero_pages + .memory_zero / 4096,
				.equal_pages]' | sort >"of_${dir##*/}"
	done
	diff of_loop of_packed
	run -2 crit-mem --zero-pages "$images/loop"
}

@test "--prot and --kind choose mappings; --vma takes what the map prints" {
	crit-mem -f records "$images/mem" >map
	# the same in both programs
	diff <(jq -c '[.pid, .start, .end, .prot]' map | sort) \
		<(crit-x -f records "$images/mem" mems |
			jq -c 'select(.start) | [.pid, .start, .end, .prot]' | sort)
	[ "$(crit-mem -f records --prot rw-s "$images/mem" | jq -r .prot | sort -u)" = rw-s ]
	[ "$(crit-mem -f records --prot wx "$images/mem" | wc -l)" = \
		"$(jq -c 'select(.prot | test("wx"))' map | wc -l)" ]
	[ "$(crit-mem -f records --kind heap --kind stack "$images/mem" |
		jq -r .path | sort -u | tr '\n' ' ')" = '[heap] [stack] ' ]
	crit-mem -p 2501 --all --kind heap "$images/mem" >a
	crit-mem -p 2501 --vma '[heap]' "$images/mem" | cmp - a
	name=$(crit-mem -p 2501 "$images/mem" | grep -o '/[^ ]* + 0x.*' | head -1)
	[ -n "$name" ]
	[ "$(crit-mem -f records -p 2501 --sizes --vma "$name" "$images/mem" |
		jq -s '.[-1].mappings')" = 1 ]
	run -2 crit-mem --prot q "$images/mem"
	run -2 crit-mem --kind hep "$images/mem"
	run -2 crit-mem --kind heap --args "$images/mem"
}
