#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# crit-mem --write, --write-hex, --setenv: each layout of pages afterwards holds
# the old bytes with the change, and nothing else has changed.
# shellcheck disable=SC2016

bats_require_minimum_version 1.5.0

setup() {
	set -o pipefail
	cd "$BATS_TEST_TMPDIR" || return 1
	images=$CRIT_ROOT/test/images
	. "$CRIT_ROOT/test/whole.bash"
	printf 'written bytes' >bytes
}

# copy NAME [TO]: a checkpoint that may be changed
copy() {
	cp -r "$images/$1" "${2:-$1}" && chmod -R u+w "${2:-$1}"
}

# offset DIR PID ADDRESS: where it is in the bytes of all mappings
offset() {
	local start end at=0
	while read -r start end; do
		if [[ $start != 0xffffffffff* ]] && (($3 >= start && $3 < end)); then
			echo $((at + $3 - start))
			return
		fi
		at=$((at + end - start))
	done < <(crit-mem -f records -p "$2" "$1" | jq -r '"\(.start) \(.end)"')
	return 1
}

# all DIR TO: the memory of each task, as files TO/PID
all() {
	mkdir -p "$2"
	for mm in "$1"/mm-*.img; do
		local pid=${mm##*-}
		pid=${pid%.img}
		crit-mem --all -p "$pid" "$1" >"$2/$pid" 2>/dev/null
	done
}

# expect DIR PID ADDRESS FILE: want/PID has the file's bytes there
expect() {
	dd if="$4" of=want/"$2" bs=1 seek="$(offset "$1" "$2" "$3")" conv=notrunc \
		status=none
}

# sound DIR: crit-check finds no error, and of pages only that statistics differ
sound() {
	crit-check "$1" >findings &&
		! grep -v ' pages-stats ' findings | grep '^error\|^[a-z]* page' || {
		cat findings
		return 1
	}
}

# edit DIR PID ADDRESS FILE [OPTION]...: writes it, and compares all memory of
# all tasks
edit() {
	local dir=$1 pid=$2 address=$3 file=$4
	shift 4
	rm -rf want got
	all "$dir" want
	expect "$dir" "$pid" "$address" "$file"
	crit-mem -p "$pid" -a "$address" --write "$file" "$@" "$dir"
	all "$dir" got
	diff -r want got && sound "$dir"
	[ -z "$(find "$dir" -name '.crit-*')" ]
}

# says STATUS MESSAGE ARGUMENT...: crit-mem ends with it and says so once
says() {
	local want=$1 text=$2 status=0
	shift 2
	crit-mem "$@" >out 2>message </dev/null || status=$?
	[ $status = "$want" ] && [[ $(cat message) == "crit-mem: "*"$text"* ]] &&
		[ "$(grep -vc "^Try 'crit-mem" message)" = 1 ] || {
		echo "status $status, said: $(cat message)"
		return 1
	}
}

# Addresses of task 2501 of mem: a page of the heap that is there, one that is
# not, the last bytes of one before one that is not.
present=0x1d0ac123 absent=0x1d0bc800 border=0x1d0adffa

@test "a raw page: in place, no other file changes" {
	copy mem
	sum() { (cd mem && sha256sum -- *) >sums.$1; }
	sum before
	ls -i mem >inodes
	[[ $(crit-mem -n -p 2501 -a $present --write bytes mem) == \
		*$'\n'"$present"$'\t13\tpresent\tpages-3.img+0x'*123 ]]
	sum after
	diff sums.before sums.after
	edit mem 2501 $present bytes
	as_whole "$images/mem" mem
	differs_by "$images/mem" mem 'memory 2501 * [[]heap[]]: 1 page changed'
	ls -i mem | diff inodes -
	sum after
	[ "$(diff sums.before sums.after | grep -c '^>.*pages-3.img')" = 1 ]
	[ "$(diff sums.before sums.after | grep -c '^>')" = 1 ]
}

@test "a file of two names is not written in place" {
	copy mem
	ln mem/pages-3.img kept
	cp kept was
	edit mem 2501 $present bytes
	cmp kept was
	[ ! -e mem/pages-3.img ]
}

@test "every layout, page by page and over borders" {
	copy mem raw
	cp -r raw one
	pagemaps pack one 1
	cp -r raw blocks
	pagemaps pack blocks 64
	crit-copy --compress raw packed
	cp -r raw flags
	pagemaps old flags flags
	cp -r raw in_parent
	pagemaps old in_parent in_parent
	cp -r raw child
	pagemaps split child older 7
	pagemaps split older oldest 8
	cp -r child packed-child
	pagemaps pack packed-child 16
	head -c 9000 /dev/urandom >much
	for dir in raw one blocks packed flags in_parent child packed-child; do
		echo "$dir"
		for at in $present $absent $border; do
			edit $dir 2501 $at bytes
		done
		edit $dir 2501 0x1d0acfff much
		# the other task, which shares memory with this one
		edit $dir 2504 $absent bytes
	done
	# 3 pages more than before; parents stay as they are
	rm -rf got want
	copy mem again
	pagemaps split again parent 7
	pagemaps split parent grand 8
	diff -r parent older
	diff -r grand oldest
}

@test "compressed pages stay compressed" {
	crit-copy --compress "$images/mem" c
	edit c 2501 $absent bytes
	crit-mem --runs -p 2501 c | grep -q ' lz4 '
}

@test "old kinds of pagemaps keep their kind" {
	copy mem
	pagemaps old mem flags
	edit mem 2501 $absent bytes
	crit-decode mem/pagemap-2501.img | jq -se 'all(.[].entries[];
		has("nr_pages") | not)'
}

@test "shared memory changes for all that map it" {
	copy mem
	# the memfd: mapped shared, and privately from its fifth page on
	shared=0x7fc6272da010 private=0x7fc6272d6010
	crit-mem -p 2501 -a $shared --write bytes mem
	[ "$(crit-mem -p 2501 -a $shared+13 mem)" = "$(cat bytes)" ]
	crit-mem -p 2501 -a $shared --write-hex 00 mem
	edit mem 2501 $private bytes
	# another task, one object
	at=$(crit-mem -f records -p 2504 mem | jq -r 'select(.prot == "rw-s" and
		(.path | startswith("/memfd"))) | .start' | head -n 1)
	[ -n "$at" ] && crit-mem -p 2504 -a "$at" --write bytes mem
	[ "$(crit-mem -p 2501 -a "$at"+13 mem)" = "$(cat bytes)" ]
	sound mem
}

@test "an unchanged page of a file: by the file, or as a whole" {
	copy loop
	page=0x402000
	says 1 'the page is unchanged from the mapped file' -p 4242 -a $page --write bytes loop
	head -c 4096 /dev/urandom >page
	edit loop 4242 $page page
	# the file has the size that files.img says, and pages of letters
	size=$(crit-decode loop/files.img | jq '.entries[] |
		select(.reg.name == "/srv/corpus/bin/loop") | .reg.size')
	mkdir -p root/srv/corpus/bin
	head -c "$size" /dev/urandom >root/srv/corpus/bin/loop
	crit-decode loop/files.img | jq -c 'del(.entries[]?.reg?.build_id?)' |
		crit-encode -o files.img
	cp files.img loop/
	edit loop 4242 0x403010 page --sysroot root
	cmp <(crit-mem -p 4242 -a 0x403000+16 loop) \
		<(dd if=root/srv/corpus/bin/loop bs=1 skip=$((0x3000)) count=16 \
			status=none)
	echo >>root/srv/corpus/bin/loop
	run -1 --separate-stderr crit-mem -p 4242 -a 0x406000 --write bytes \
		--sysroot root loop
	[[ $stderr == *'has another size below the sysroot'* ]]
}

@test "what cannot be written, and says why" {
	copy mem
	copy lazy
	copy loop
	says 1 'no mapping is there' -p 2501 -a 0x1000 --write bytes mem
	says 1 '[vvar]' -p 2501 -a 0x7fc627432000 --write bytes mem
	says 1 '[vsyscall]' -p 2501 -a 0xffffffffff600000 --write bytes mem
	says 1 'PROT_NONE' -p 2501 -a 0x7fc627408000 --write bytes mem
	says 1 'shared mapping of a file' -p 2501 -a 0x7fc627402000 --write bytes mem
	cp -r mem guard
	crit-decode mem/mm-2501.img | jq -c 'if .end then . else
		.entries[].vmas += [{start: "0x1d0bc000", end: "0x1d0bd000",
			pgoff: 0, shmid: 0, prot: 0, flags: 34, status: 66049,
			fd: -1}] end' | crit-encode -o guard/mm-2501.img
	says 1 'guard range' -p 2501 -a $absent --write bytes guard
	at=$(crit-mem --runs -f records -p 9901 lazy | jq -r '
		select(.kind == "lazy").start' | head -n 1)
	says 1 'a page server has the page' -p 9901 -a "$at" --write bytes lazy
	head -c 4096 /dev/urandom >page
	crit-mem -p 9901 -a "$at" --write page lazy
	crit-mem -p 9901 -a "$at"+4096 lazy | cmp page
	says 1 'more than the 3 bytes' -p 2501 -a $present+3 --write bytes mem
	says 1 'there are 13 bytes, not the 99' -p 2501 -a $present+99 --write bytes mem
	says 1 'no bytes to write' -p 2501 -a $present --write /dev/null mem
	says 1 'nothere: cannot open' -p 2501 -a $present --write nothere mem
	says 2 'is not a hexadecimal digit' -p 2501 -a $present --write-hex xy mem
	says 2 'two digits for each byte' -p 2501 -a $present --write-hex abc mem
	says 2 'need -a' -p 2501 --write bytes mem
	says 2 'only one of' -p 2501 -a $present --write bytes --setenv A=b mem
	says 2 'only one of' -p 2501 -a $present -x --write bytes mem
	says 2 'need --write' -n mem
	says 2 'choose one with -p' -a $present --write bytes mem
	diff -r mem "$images/mem"
}

@test "beyond the end of a mapped file, nothing is written" {
	copy mem
	cp -r mem short
	crit-decode mem/memfd.img | jq -c 'if .end then . else (.entries[] |
		select(.name == "mapped")).size = 22000 end' |
		crit-encode -o short/memfd.img
	# 6 pages, the first at each of the two mappings' offsets 0x4000 and 0
	says 1 'beyond the end of the mapped file, which has 22000 bytes' \
		-p 2501 -a 0x7fc6272d8000 --write bytes short
	head -c 4096 /dev/urandom >page
	says 1 'beyond the end' -p 2501 -a 0x7fc6272d8000 --write page short
	says 1 'beyond the end' -p 2501 -a 0x7fc6272d7fff --write bytes short
	edit short 2501 0x7fc6272d7000 bytes
	# the shared one; and a file on disk
	crit-decode mem/memfd.img | jq -c 'if .end then . else (.entries[] |
		select(.name == "mapped")).size = 4097 end' |
		crit-encode -o short/memfd.img
	says 1 'beyond the end of the mapped file, which has 4097 bytes' \
		-p 2501 -a 0x7fc6272dc000 --write page short
	cp mem/memfd.img short
	crit-decode mem/files.img | jq -c 'if .end then . else (.entries[] |
		select(.reg.name? == "/srv/corpus/run/mem/map.file")).reg.size = 20481 end' |
		crit-encode -o short/files.img
	says 1 'beyond the end of the mapped file, which has 20481 bytes' \
		-p 2501 -a 0x7fc62740c000 --write page short
	edit short 2501 0x7fc62740b000 page
}

# dry WAS WHERE OPTION...: a dry run says so of one page, and changes nothing
dry() {
	local was=$1 where=$2 dir=${*: -1}
	shift 2
	find "$dir"/ -type f -exec sha256sum {} + >sums
	crit-mem -n "$@" >said
	[ "$(wc -l <said)" = 2 ] && tail -n 1 said | grep -qE "	$was	$where\$" || {
		cat said
		return 1
	}
	sha256sum --quiet -c sums
	[ "$(find "$dir"/ -type f | wc -l)" = "$(wc -l <sums)" ]
}

@test "a dry run of each case" {
	copy mem
	copy loop
	copy lazy
	crit-copy --compress mem packed
	cp -r mem child
	pagemaps split child older 7
	head -c 4096 /dev/urandom >page
	new='pages-[0-9]+.img -> pages-[0-9]+.img'
	dry present 'pages-3.img\+0x9123' -p 2501 -a $present --write bytes mem
	dry absent "$new" -p 2501 -a $absent --write bytes mem
	dry compressed "$new" -p 2501 -a $present --write bytes packed
	at=$(crit-mem --runs -f records -p 2501 child | jq -r '
		select(.depth == 1).start' | head -n 1)
	dry parent "$new" -p 2501 -a "$at" --write bytes child
	dry file "$new" -p 4242 -a 0x402000 --write page loop
	at=$(crit-mem --runs -f records -p 9901 lazy | jq -r '
		select(.kind == "lazy").start' | head -n 1)
	dry lazy "$new" -p 9901 -a "$at" --write page lazy
	# shared: of a memfd, of an anonymous segment
	dry present 'pages-1.img\+0x10' -p 2501 -a 0x7fc6272da010 --write bytes mem
	dry absent "$new" -p 2501 -a 0x7fc6272dd010 --write bytes mem
	dry present 'pages-2.img\+0x10' -p 2501 -a 0x7fc627422010 --write bytes mem
	# a private mapping over the memfd's page
	dry absent "$new" -p 2501 -a 0x7fc6272d8010 --write bytes mem
	dry present 'pages-.*' -p 4242 --setenv PATH=/bin loop
}

@test "an archive is not written: crit-copy unpacks it" {
	crit-copy -f tar "$images/loop" loop.tar
	cp loop.tar was
	says 2 'crit-copy loop.tar DIR' -p 4242 -a 0x7ffe70bd0fe0 --write bytes loop.tar
	cmp was loop.tar
}

@test "bytes from a pipe and from digits" {
	copy loop
	seq 1 3000 >numbers
	edit loop 4242 0x1dd95ffe numbers
	rm -rf loop
	copy loop
	cat numbers | crit-mem -p 4242 -a 0x1dd95ffe --write - loop
	crit-mem -p 4242 -a 0x1dd95ffe+"$(wc -c <numbers)" loop | cmp numbers
	crit-mem -p 4242 -a 0x1dd95ffe+4 --write-hex 'de ad:BEEF' loop
	[ "$(crit-mem -p 4242 -a 0x1dd95ffe+4 loop | xxd -p)" = deadbeef ]
}

@test "two pagemaps of one pages image: neither is written" {
	copy mem
	cp mem/pagemap-2501.img mem/pagemap-77.img
	says 1 'is not the only pagemap' -p 2501 -a $absent --write bytes mem
	says 1 'is not the only pagemap' -p 2501 -a $present --write bytes mem
}

# pointer DIR PID ADDRESS: eight bytes of memory
pointer() {
	crit-mem -p "$2" -a "$3"+8 "$1" | od -An -tx8 | sed 's/ */0x/'
}

# variable DIR PID NUMBER: the string that envp[NUMBER] leads to, as getenv
# finds it: from where the kernel has put argc
variable() {
	local at argc
	at=$(crit-decode "$1/mm-$2.img" | jq -r '.entries[].mm_start_stack')
	argc=$(pointer "$1" "$2" "$at")
	at=$(pointer "$1" "$2" $((at + 8 * (argc + 2 + $3))))
	crit-mem -p "$2" -a "$at" "$1" | tr '\0' '\n' | head -n 1 || true
}

@test "a variable: shorter in place, longer elsewhere, again and again" {
	copy loop
	[ "$(variable loop 4242 0)" = PATH=/usr/bin:/bin ]
	crit-mem --env loop >before
	crit-mem -p 4242 --setenv PATH=/bin loop
	[ "$(variable loop 4242 0)" = PATH=/bin ]
	as_whole "$images/loop" loop
	differs_by "$images/loop" loop 'memory 4242 * [[]stack[]]: 1 page changed'
	crit-mem --args loop >args
	for value in /a:/much:/longer:/path/than:/before /b "$(seq -s: 1 200)" \
		"$(seq -s: 1 300)" "$(seq -s: 1 5000)"; do
		crit-mem -p 4242 --setenv PATH="$value" loop
		[ "$(crit-mem -p 4242 -n --setenv PATH=x loop | wc -l)" -ge 2 ]
		[ "${#value}" -gt 4096 ] ||
			[ "$(variable loop 4242 0)" = "PATH=$value" ]
		sound loop
		# as getenv finds it, and the others as they were
		sed "1s|.*|4242	PATH=$value|" before | diff - <(crit-mem --env loop)
	done
	crit-mem -f records --env loop | jq -r '.env[]' | diff - <(cut -f 2 before |
		sed "1s|.*|PATH=$value|")
	crit-mem -0 -p 4242 --env loop | tr '\0' '\n' | diff - <(cut -f 2 before |
		sed "1s|.*|PATH=$value|")
	crit-x loop env -f records | jq -r '.name + "=" + .value' | diff - <(
		cut -f 2 before | sed "1s|.*|PATH=$value|")
	crit-copy -f tar loop - | zstd | crit-mem --env - | diff - <(
		crit-mem --env loop)
	crit-mem --args loop | diff args -
	[ "$(crit-mem -s PATH=1:2:3 loop | wc -l)" -ge 3 ]
	says 1 'has no variable NEW' -p 4242 --setenv NEW=1 loop
	says 1 'no room' -p 4242 --setenv PATH="$(seq -s, 1 18000)" loop
	says 2 'is not NAME=VALUE' -p 4242 --setenv PATH loop
	says 2 'is not NAME=VALUE' -p 4242 --setenv =x loop
}

@test "a variable whose envp is not there" {
	copy loop
	at=$(crit-decode loop/mm-4242.img | jq -r '.entries[].mm_start_stack')
	crit-mem --env loop >before
	crit-mem -p 4242 -a "$at" --write-hex 09 loop
	crit-mem --env loop | diff before -
	says 1 'its envp is not where the kernel put it' -p 4242 --setenv PATH=x loop
}

@test "a variable of every task of every checkpoint" {
	n=0
	copy loop
	copy mem
	copy tree
	copy incr
	for at in loop mem tree incr/3; do
		for mm in $at/mm-*.img; do
			pid=${mm##*-} pid=${pid%.img}
			[ "$(variable $at "$pid" 0)" = PATH=/usr/bin:/bin ] || continue
			crit-mem -p "$pid" --setenv PATH=/x:/y:/z:/longer/than/before $at
			[ "$(variable $at "$pid" 0)" = PATH=/x:/y:/z:/longer/than/before ]
			n=$((n + 1))
		done
		sound $at
	done
	[ $n -ge 8 ]
}

@test "killed at any time: the old memory or the new" {
	pagemaps make huge 40 200 mixed
	start=$(crit-mem --runs -f records huge | jq -r 'select(.kind == "raw").start' |
		head -n 1)
	crit-mem --all huge >old
	cp -r huge done
	from=$(date +%s%N)
	printf 'new' | crit-mem -p 1 -a $((start + 4095)) --write - done
	took=$((($(date +%s%N) - from) / 1000000))
	crit-mem --all done >new
	! cmp -s old new || false
	kept=0 changed=0
	for i in $(seq 1 12); do
		rm -rf c
		cp -r huge c
		printf 'new' >three
		crit-mem -p 1 -a $((start + 4095)) --write three c &
		sleep "$(printf '0.%03d' $((took * i / 9 % 1000)))"
		kill -KILL $! 2>/dev/null || true
		wait $! || true
		crit-mem --all c >now
		if cmp -s now old; then
			kept=$((kept + 1))
		else
			cmp now new
			changed=$((changed + 1))
		fi
		# and it works after that
		crit-mem -p 1 -a $((start + 4095)) --write three c
		crit-mem --all c | cmp - new
	done
	echo "# figure: $kept times as before, $changed times as after" >&3
}

@test "killed between two pagemaps: each is old or new, and again mends it" {
	# the end of a private mapping of a memfd, the beginning of a shared one
	bin=$CRIT_BUILD/test/faults/crit-mem at=0x7fc6272d9ffa
	copy mem was
	cp -r was done
	crit-mem -p 2501 -a $at --write bytes done
	parts() {	# DIR: the bytes of each mapping
		crit-mem -p 2501 -a 0x7fc6272d6000-0x7fc6272da000 "$1" | sha256sum
		crit-mem -p 2501 -a 0x7fc6272da000-0x7fc6272de000 "$1" | sha256sum
	}
	parts was >old
	parts done >new
	paste old new | awk '$1 == $3 { exit 1 }'
	mixed=0 n=0
	for call in linkat renameat mkdirat close; do
		for ((i = 1; ; i++)); do
			rm -rf c hit
			cp -r was c
			status=0
			CRIT_FAULT=$call:$i:KILL CRIT_FAULT_HIT=hit "$bin" -p 2501 \
				-a $at --write bytes c 2>message || status=$?
			[ -e hit ] || break
			[ $status = 137 ]
			parts c >now
			# each of the two is one of the two
			paste old new now | awk '$5 != $1 && $5 != $3 { exit 1 }'
			cmp -s now old || cmp -s now new || mixed=$((mixed + 1))
			# crit-check names what is left over
			crit-check c >findings
			! grep -v -e '^note pages-stats ' -e '^note img-orphan pages-' \
				findings || false
			crit-mem -p 2501 -a $at --write bytes c
			parts c | cmp - new
			n=$((n + 1))
		done
	done
	[ $mixed -ge 1 ]
	echo "# figure: killed $n times, $mixed times between the pagemaps" >&3
}

@test "calls that fail: the old memory or the new, and one message" {
	bin=$CRIT_BUILD/test/faults/crit-mem
	copy loop was
	crit-mem --all was >old
	cp -r was done
	crit-mem -p 4242 -a 0x1dd96ffe --write bytes done
	crit-mem --all done >new
	n=0
	for fault in all:EIO write:ENOSPC rename:EACCES memory:ENOMEM; do
		for ((i = 1; ; i++)); do
			rm -rf c hit
			cp -r was c
			status=0
			CRIT_FAULT=${fault%:*}:$i:${fault#*:} CRIT_FAULT_HIT=hit \
				"$bin" -p 4242 -a 0x1dd96ffe --write bytes c \
				>out 2>message || status=$?
			[ -e hit ] || break
			crit-mem --all c >now
			[ $status = 0 ] || [ "$(grep -c '^crit-mem: ' message)" -ge 1 ]
			[ $status != 0 ] || cmp now new
			cmp -s now old || cmp now new || {
				echo "$fault $i: $(cat message)"
				return 1
			}
			n=$((n + 1))
		done
	done
	[ $n -gt 100 ]
}

@test "a full disk: one message, the memory of before" {
	pagemaps make was 4 20 mixed
	start=$(crit-mem --runs -f records was | jq -r 'select(.kind == "raw").start' |
		head -n 1)
	export was=$PWD/was start
	mkdir disk
	cat >do <<-'END'
		mount -t tmpfs -o size=600k tmpfs disk || exit 77
		cp -r was disk/c || exit 78
		crit-mem --all disk/c >old
		crit-mem -p 1 -a $((start + 4095)) --write bytes disk/c
		echo "status $?"
		crit-mem --all disk/c | cmp - old && echo same
		ls -A disk/c
	END
	unshare -rm sh do >said 2>&1 && status=0 || status=$?
	[ $status != 77 ] && ! grep -q 'unshare failed' said || skip "no mounts here"
	(ls -A was) >names
	diff - said <<-END
		crit-mem: disk/c/pages-2.img: cannot write: No space left on device
		status 1
		same
		$(cat names)
	END
}

@test "a search says where bytes are stored" {
	copy mem
	crit-copy --compress mem packed
	crit-mem -f records -r 'PATH=[^=]*' mem >found
	while read -r pid address file offset; do
		[ "$(crit-mem -p "$pid" -a "$address"+5 mem)" = \
			"$(tail -c +$((offset + 1)) "mem/$file" | head -c 5)" ]
	done < <(jq -r '"\(.pid) \(.address) \(.image) \(.offset)"' found)
	[ "$(wc -l <found)" -ge 2 ]
	diff <(jq -c '[.pid, .address]' found) \
		<(crit-mem -f records -r 'PATH=[^=]*' packed | jq -c '
			select(.block) | [.pid, .address]')
	# what a parent has, and matches that come late
	crit-mem -f records -s PATH "$images/incr/3" | jq -se 'any(.image |
		startswith("parent/"))'
}
