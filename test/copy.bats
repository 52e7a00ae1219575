#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# crit-copy: everything arrives, whatever the form; pages stay what they are;
# nothing is left half-made.
# shellcheck disable=SC2016

bats_require_minimum_version 1.5.0

setup() {
	set -o pipefail
	. "$CRIT_ROOT/test/until.bash"
	. "$CRIT_ROOT/test/whole.bash"
	cd "$BATS_TEST_TMPDIR" || return 1
	images=$CRIT_ROOT/test/images
	# the demo's parents are files that hold the path
	names=$(cd "$images" && ls -d */inventory.img */*/inventory.img |
		sed 's|/inventory.img||')
}

# a copy that may be changed
take() {
	cp -r "$images/$1" "${2:-$1}" && chmod -R u+w "${2:-$1}"
}

# memory CHECKPOINT [OPTION]...: a sum of the whole address space of each task
memory() {
	local pid
	for pid in $(crit-mem -f records "$@" | jq -r .pid | uniq); do
		crit-mem -p "$pid" --all "$@" | sha256sum || return
	done
}

# nothing FILE...: none of them is there, nor a temporary one
nothing() {
	local f
	for f; do
		[ ! -e "$f" ] || return
	done
	[ -z "$(find . -name '.crit*')" ]
}

@test "a directory: every byte, modes, times" {
	for name in $names; do
		crit-copy "$images/$name" out 2>said
		diff -r "$images/$name" out
		(cd "$images/$name" && find . -mindepth 1 -printf '%P %m %T@\n' | sort) >a
		(cd out && find . -mindepth 1 -printf '%P %m %T@\n' | sort) >b
		cmp a b
		rm -rf out
	done
}

@test "tar: GNU tar reads it, and finds the same files" {
	for name in $names; do
		crit-copy -f tar "$images/$name" a.tar 2>said
		crit-copy -f tar "$images/$name" - 2>said >b.tar
		cmp a.tar b.tar
		mkdir out
		tar -xf a.tar -C out
		diff -r "$images/$name" out
		rm -rf out
	done
}

@test "tar: headers as Go writes them, long names and holes as PAX" {
	take tree
	long=$(printf 'd%.0s' {1..60})
	mkdir -p "tree/$long/$long/$long" tree/ä
	echo x >"tree/$long/$long/$long/$long"
	ln -s "$long/$long/$long/$long" tree/link
	ln tree/pstree.img tree/other-name
	truncate -s 64M tree/sparse
	echo data | dd of=tree/sparse bs=1 seek=20000000 conv=notrunc 2>dd
	mkfifo tree/fifo
	crit-copy -f tar tree out.tar
	[ "$(stat -c %s out.tar)" -lt 2000000 ]
	mkdir out
	tar -xf out.tar -C out
	[ -p out/fifo ]
	rm tree/fifo out/fifo
	diff -r tree out
	[ "$(stat -c %i out/pstree.img)" = "$(stat -c %i out/other-name)" ]
	[ "$(readlink out/link)" = "$(readlink tree/link)" ]
	[ "$(stat -c %b out/sparse)" -lt 1000 ]
	# no x header where ustar has room: as many blocks as files take
	crit-copy -f tar "$images/tree" magic.tar
	head -c 265 magic.tar | tail -c 8 | xxd -p >magic
	[ "$(cat magic)" = 7573746172003030 ]
}

@test "a directory keeps holes, links and what is beside the images" {
	mkdir -p c/checkpoint
	cp "$images"/tree/* c/checkpoint
	echo '{}' >c/config.dump
	ln -s ../elsewhere c/checkpoint/parent
	truncate -s 1G c/checkpoint/pages-99.img
	crit-copy c out 2>said
	diff <(cd c && find . -printf '%P %y %s %l\n' | grep -v ' d ' | sort) \
		<(cd out && find . -printf '%P %y %s %l\n' | grep -v ' d ' | sort)
	[ "$(stat -c %b out/checkpoint/pages-99.img)" = 0 ]
}

@test "a stream: the markers of criu-image-streamer" {
	mkdir one
	printf abc >one/a.img
	: >one/b.img
	crit-copy -f stream one - | xxd -p >said
	cat >want <<-END
		0700000012 05 612e696d67 04000000 0801 1803 616263 04000000 0802 2001
		0900000008 03 1205 622e696d67 04000000 0804 2001 04000000 0805 2801
	END
	[ "$(tr -d '\n' <said)" = "$(tr -d ' \n' <want)" ]
}

@test "a stream: what has no place in it is named" {
	pack c
	ln -s pstree.img c/checkpoint/link
	crit-copy -f stream c s 2>said
	[ "$(cat said)" = 'crit-copy: left out: config.dump, spec.dump, checkpoint/link, rootfs-diff.tar' ]
	crit-copy -v -f stream c s 2>&1 | grep 'left out$' >said
	printf 'crit-copy: %s: left out\n' config.dump spec.dump checkpoint/link \
		rootfs-diff.tar | cmp - said
	# one line, however many there are
	for i in {10..40}; do echo >"c/some-file-$i"; done
	crit-copy --images-only c d 2>said
	[ "$(wc -l <said)" = 1 ]
	grep -qE '^crit-copy: left out: .*, some-file-[0-9]+ and [0-9]+ more \(-v names all\)$' said
	[ "$(grep -o 'file-' said | wc -l)" -lt 12 ]
	rm c/some-file-* && rm -r d
	crit-copy --images-only -f stream "$images/tree" s 2>said
	[ ! -s said ]
}

@test "a stream in shards holds what one has" {
	crit-copy -f stream "$images/redis" whole
	crit-copy -f stream --to-shard b --to-shard c "$images/redis" a
	[ $(($(stat -c %s a) + $(stat -c %s b) + $(stat -c %s c))) = \
		"$(stat -c %s whole)" ]
	[ -s b ] && [ -s c ]
}

@test "pages: each way leaves the memory what it is" {
	for name in mem incr/3 ghostsparse ipc tree; do
		memory "$images/$name" >want
		[ -s want ]
		for how in --flatten "--flatten --compress" \
			"--flatten --compress=4096" "--flatten --drop-zero" \
			"--flatten --compress=4M --drop-zero"; do
			crit-copy $how "$images/$name" out
			[ ! -e out/parent ]
			memory out >have
			cmp want have
			as_whole "$images/$name" out
			for back in --decompress --compress=64K --drop-zero; do
				crit-copy $back out again
				memory again >have
				cmp want have
				rm -rf again
			done
			rm -rf out
		done
	done
}

@test "each form is as whole as before, and does not differ" {
	for name in mem sock ct ipc tree; do
		for how in "-f dir" "-f tar" "-f stream" --compress \
			"--flatten --drop-zero"; do
			crit-copy $how "$images/$name" out
			as_whole "$images/$name" out
			crit-diff --ignore inventory.img: "$images/$name" out
			rm -rf out
		done
		# what is changed on the way is what differs
		crit-copy --filter "jq -c 'if .image == \"stats-dump\" then
			.entries[].dump.frozen_time = 1 else . end'" \
			"$images/$name" out
		as_whole "$images/$name" out
		differs_by "$images/$name" out 'stats-dump: dump.frozen_time: * -> 1'
		rm -rf out
	done
	crit-copy --no-memory "$images/tree" out
	as_whole "$images/tree" out
	crit-diff --only tasks,files,mappings,sockets,fields \
		--ignore inventory.img: "$images/tree" out
}

# chain DIR LAYER...: DIR gets as many parents, p1 next to it; each LAYER is
# raw, the pages of a block, or the age of its fields; the last is DIR's
chain() {
	local dir=$1 n=$(($# - 1)) i layer
	shift
	for ((i = 1; i < n; i++)); do
		pagemaps split "$dir" "p$((n - i))" $((i * 31)) || return
	done
	for ((i = 1; i <= n; i++)); do
		layer=p$i
		[ $i != $n ] || layer=$dir
		case ${!i} in
		raw) ;;
		[0-9]*) pagemaps pack "$layer" "${!i}" ;;
		*) pagemaps old "$layer" "${!i}" ;;
		esac || return
	done
}

@test "flatten: five layers with shared memory, raw, packed and old" {
	pagemaps make made 12 70 mixed
	for name in made mem ipc ct; do
		[ $name = made ] || take $name
		memory $name >want
		[ -s want ]
		crit-check $name | grep -v ^note >checked || true
		for layers in "raw raw raw raw raw" "64 raw 1 raw 7" \
			"1 64 7 1 64" "raw 64 raw 64 raw" \
			"flags in_parent flags raw raw"; do
			rm -rf x p?
			cp -r $name x
			chain x $layers
			memory x | cmp want -
			for how in --flatten "--flatten --compress" \
				"--flatten --decompress" "--flatten --drop-zero"; do
				crit-copy $how x flat || return
				[ ! -e flat/parent ]
				# alone: nothing of the others is read
				mkdir alone
				mv flat alone
				memory alone/flat | cmp want -
				crit-check alone/flat | grep -v ^note >said || true
				diff checked said
				rm -rf alone
			done
		done
	done
}

@test "pages: an auxiliary vector with an odd page size" {
	bench-gen mixed m 1
	memory m >want
	[ -s want ]
	for how in --compress --drop-zero; do
		crit-copy $how m out
		memory out | cmp want -
		rm -rf out
	done
}

@test "pages: what is packed is smaller, what is unpacked as before" {
	crit-copy --compress "$images/mem" packed
	[ "$(stat -c %s packed/pages-4.img)" -lt 70000 ]
	crit-decode -f json packed/inventory.img | jq -e '.entries[0] |
		.compress == 1 and .compress_block_size == 262144 and
		.img_version == 3'
	crit-copy --decompress packed raw
	cmp raw/pages-4.img "$images/mem/pages-4.img"
	cmp raw/inventory.img "$images/mem/inventory.img"
	crit-copy --drop-zero "$images/mem" less
	[ "$(cat less/pages-*.img | wc -c)" -lt \
		"$(cat "$images"/mem/pages-*.img | wc -c)" ]
}

@test "pages: an inventory that is not one entry is refused" {
	take mem
	printf '\1\0\0\0\0' >>mem/inventory.img
	for command in "crit-copy --drop-zero mem out" \
			"crit-copy --compress mem out"; do
		run -1 $command
		[[ $output == *"inventory.img: is not one entry of at most 4 KiB"* ]] || {
			echo "$command: $output"
			return 1
		}
		[ ! -e out ]
	done
	# as it is: every byte
	crit-copy mem out
	cmp mem/inventory.img out/inventory.img
}

@test "pages: segments of huge pages stay raw" {
	take mem
	blocks() { crit-decode "$1/pagemap-shmem-582.img" | grep -c '"blocks"' || true; }
	crit-copy --compress mem out
	[ "$(blocks out)" != 0 ]
	rm -rf out
	# MAP_HUGETLB on what is MAP_SHARED
	for pid in 2501 2504; do
		crit-decode mem/mm-$pid.img | jq -c '(.entries[].vmas[]? |
			select(.flags % 2 == 1)).flags += 262144' |
			crit-encode -o mm
		mv mm mem/mm-$pid.img
	done
	crit-copy --compress mem out
	[ "$(blocks out)" = 0 ]
	crit-copy --compress -f tar mem - | crit-copy - back
	cmp out/pages-4.img back/pages-4.img
}

@test "pages: entries of the source stay, also where they touch" {
	take mem
	crit-decode mem/pagemap-2501.img | jq -c '(.entries |= map(
		if (.nr_pages? // 0) > 1 then
			(.nr_pages |= 1), (.nr_pages -= 1 | .vaddr += 4096)
		else . end))' | crit-encode -o two
	[ "$(crit-decode two | wc -l)" -gt \
		"$(crit-decode mem/pagemap-2501.img | wc -l)" ]
	mv two mem/pagemap-2501.img
	memory mem >want
	crit-copy --decompress mem a
	cmp a/pagemap-2501.img mem/pagemap-2501.img
	crit-copy --compress mem b
	memory b | cmp want -
	crit-copy --decompress b c
	diff -r mem c
}

@test "pages: --no-memory keeps the shape" {
	crit-copy --no-memory "$images/mem" out
	diff <(crit-mem out | cut -c 1-90) <(crit-mem "$images/mem" | cut -c 1-90)
	[ "$(stat -c %s out/pages-4.img)" = \
		"$(stat -c %s "$images/mem/pages-4.img")" ]
	[ "$(stat -c %b out/pages-4.img)" = 0 ]
	crit-mem --all -p 2501 out >bytes
	[ -s bytes ]
	[ -z "$(tr -d '\0' <bytes | head -c 1)" ]
}

@test "a tar of rewritten pages, to a file and to a pipe" {
	memory "$images/mem" >want
	for how in --flatten --compress; do
		crit-copy -f tar $how "$images/mem" a.tar
		crit-copy -f tar $how "$images/mem" - >b.tar
		for t in a b; do
			# each pagemap before its pages
			tar -t -f $t.tar | grep -E '^pa(gemap|ges)-' |
				awk '/^pages/ == NR % 2 { exit 1 }'
			crit-x $t.tar ps >ps
			mkdir $t
			tar -xf $t.tar -C $t
			memory $t >have
			cmp want have
			rm -rf $t
		done
	done
}

@test "--with, --add, --filter: the images of records" {
	crit-decode "$images/sock" | sed 's/8081/8088/' >records
	crit-copy --with records "$images/sock" a
	crit-copy --with - "$images/sock" b <records
	crit-copy --filter "sed s/8081/8088/" "$images/sock" c
	grep '"image":"files.img"' records >some
	echo '{"end":{"images":1,"records":1},"entries":[]}' >>some
	crit-copy --add some "$images/sock" d
	for t in a b c d; do
		diff -rq "$images/sock" $t >said || true
		[ "$(cat said)" = "Files $images/sock/files.img and $t/files.img differ" ]

		! cmp -s $t/files.img "$images/sock/files.img" || false
		crit-decode $t/files.img | grep -q 8088
	done
}

@test "--with: images that the records lack are left out, new ones come" {
	crit-decode "$images/tree" | sed 's/core-1003/core-77/; /"fs-1003/d' >r
	crit-copy --with r "$images/tree" out 2>said
	[ -e out/core-77.img ] && [ ! -e out/core-1003.img ]
	[ ! -e out/fs-1003.img ]
	grep -q 'left out: .*fs-1003.img' said
	cmp out/core-77.img "$images/tree/core-1003.img"
	cmp out/pages-1.img "$images/tree/pages-1.img"
}

@test "--with and pages: edited pagemaps are those that are rewritten" {
	crit-decode "$images/mem" >all
	# without its last entry
	tac all | awk '!gone && /pagemap-2501.img/ { gone = 1; next } 1' | tac >r
	crit-copy --with r --compress "$images/mem" out
	crit-copy --compress "$images/mem" whole
	[ "$(crit-decode out/pagemap-2501.img | wc -l)" -lt \
		"$(crit-decode whole/pagemap-2501.img | wc -l)" ]
}

@test "crit-encode says what it does not write" {
	run -0 --separate-stderr bash -c 'crit-decode "$1" | crit-encode -d out' \
		- "$images/mem"
	[ "$stderr" = "crit-encode: out lacks 4 raw images of the checkpoint (pages-1.img, pages-2.img, pages-3.img, pages-4.img): crit-copy --with - SOURCE DESTINATION copies them, too" ]
	cp "$images"/mem/pages-* out
	run -0 --separate-stderr bash -c 'crit-decode "$1" | crit-encode -d out' \
		- "$images/mem"
	[ -z "$stderr" ]
}

@test "--drop, --images-only" {
	crit-copy --drop pages-1.img --drop stats-dump "$images/mem" out
	[ ! -e out/pages-1.img ] && [ ! -e out/stats-dump ]
	[ -e out/pstree.img ]
	run -0 crit-copy --drop 'core-*' --drop '*.log' "$images/mem" less
	[ "$output" = "crit-copy: --drop *.log: no such file in $images/mem" ]
	! ls less/core-* || false
	[ -e less/pstree.img ]
	take mem
	echo log >mem/dump.log
	crit-copy --images-only mem only 2>said
	[ ! -e only/dump.log ] && [ -e only/pages-1.img ]
	[ "$(cat said)" = "crit-copy: left out: dump.log" ]
}

@test "in place: all or nothing, .bak as crit compress" {
	take mem
	memory mem >want
	run -0 crit compress mem
	[ "${lines[0]}" = "Compressing checkpoint in mem" ]
	[[ ${lines[1]} == *pagemap-2501.img* ]]
	[ "${lines[-1]}" = Done ]
	cmp mem/pages-4.img.bak "$images/mem/pages-4.img"
	memory mem >have
	cmp want have
	run -0 crit compress mem
	[ "${lines[1]}" = "mem is already compressed" ]
	run -1 crit decompress mem
	[[ $output == *.img.bak* ]]
	rm mem/*.bak
	run -0 crit decompress --in-place mem
	cmp mem/pages-4.img "$images/mem/pages-4.img"
	nothing mem/pages-4.img.bak
	mkdir empty
	cp "$images/mem/inventory.img" empty
	run -0 crit compress empty
	[ "${lines[1]}" = "No pagemap files found in empty" ]
	run -2 crit-copy --in-place --no-memory mem
}

@test "a parent that stays behind is told of" {
	run -0 --separate-stderr crit-copy "$images/incr/3" out
	[[ $stderr == *"use --flatten to copy them, too"* ]]
	run -0 --separate-stderr crit-copy --flatten "$images/incr/3" flat
	[ -z "$stderr" ]
}

@test "a source without images is refused" {
	mkdir none
	echo x >none/readme
	tar -c -C none . >none.tar
	for from in none none.tar -; do
		run -1 crit-copy $from out <none.tar
		[[ $output == "crit-copy: ${from/#-/standard input}: no images here"* ]]
		nothing out
	done
}

@test "usage: what would surprise is refused" {
	run -2 crit-copy --progress-fd 77 "$images/loop" x
	[[ $output == *"not open"* ]]
	for front in compress decompress; do
		run -2 crit $front
		[[ ${lines[-1]} == "crit $front: error: "*required* ]]
	done
	for path in .. ../x x/../../y x/.. /x; do
		run -2 crit-copy -f tar --prefix "$path" "$images/loop" x.tar
		[[ $output == *'leads out of the archive'* && ! -e x.tar ]]
	done
	crit-copy -f tar --prefix ..x/y.. "$images/loop" x.tar
	rm x.tar
	run -2 crit-copy criu: "$images/loop"
	run -2 crit-copy "$images/loop" criu:
	mkdir there
	for args in "there" "a.tar" "a.tar.zst" "a.tgz" "a.stream" "-"; do
		run -2 crit-copy "$images/tree" $args
	done
	nothing a.tar
	run -2 crit-copy --with a --add b "$images/tree" x
	run -2 crit-copy --compress=100 "$images/tree" x
	run -2 crit-copy --compress --decompress "$images/tree" x
	run -2 crit-copy -f tar "$images/tree"
	take tree
	run -2 crit-copy tree tree/inside
	[[ $output == *"lies inside of"* ]]
	nothing x tree/inside
}

@test "nothing half-made: bad records, a failing command, damage" {
	crit-decode "$images/tree" >all
	head -n 5 all >cut
	run -1 crit-copy --with cut "$images/tree" out
	nothing out
	run -1 crit-copy --filter 'cat; false' "$images/tree" out
	[[ $output == *"status 1"* ]]
	nothing out
	run -1 crit-copy --filter 'head -n 3' "$images/tree" out
	nothing out
	take mem
	truncate -s 4096 mem/pages-4.img
	run -1 crit-copy --compress mem out
	[[ $output == *pagemap-*.img* ]]
	nothing out
	echo before >a.tar
	run -1 crit-copy -f tar --compress mem a.tar
	[ "$(cat a.tar)" = before ]
	# no end-of-archive blocks on standard output
	! crit-copy -f tar --compress mem - >b.tar || false
	[ "$(tail -c 1024 b.tar | tr -d '\0' | wc -c)" != 0 ] || [ ! -s b.tar ]
}

@test "what has no room is named with where it was to go" {
	# SIGXFSZ ignored: EFBIG
	full() { (trap '' XFSZ; ulimit -f 16; "$@"); }
	run -1 full crit-copy "$images/loop" new
	[ "$output" = "crit-copy: new/pages-1.img: cannot write: File too large" ]
	run -1 full crit-copy -f stream "$images/loop" s
	[ "$output" = "crit-copy: s: cannot write: File too large" ]
	run -1 full crit-core -p 4242 "$images/loop" -d cores
	[[ $output = "crit-core: cores/core.4242: cannot write: File too large"* ]]
	crit-decode "$images/tree" >records
	run -1 bash -c 'trap "" XFSZ; ulimit -f 1; crit-encode -d d records'
	[[ $output = "crit-encode: d/core-"*".img: cannot write: File too large" ]]
	nothing new s cores d
}

@test "a full disk and signals leave nothing" {
	run -1 crit-copy -f tar "$images/redis" /dev/full
	run -1 bash -c 'crit-copy -f tar "$1" - 2>&1 >/dev/full' - "$images/loop"
	[ "$output" = "crit-copy: standard output: cannot write: No space left on device" ]
	run -1 crit-copy -f stream --to-shard /dev/full "$images/loop" s
	[ "$output" = "crit-copy: /dev/full: cannot write: No space left on device" ]
	nothing s
	run -1 bash -c 'crit-copy -f stream "$1" - >/dev/full' - "$images/redis"
	mkfifo pipe
	timeout 120 crit-copy --with pipe "$images/redis" out 3>&- &
	pid=$!
	exec 9>pipe
	end_by TERM $pid
	! wait $pid || false
	exec 9>&-
	nothing out
}

# pack TO: a checkpoint as container engines pack it
pack() {
	mkdir -p "$1/checkpoint" "$1/artifacts"
	cp "$images"/tree/* "$1/checkpoint"
	chmod -R u+w "$1"
	echo '{"name":"c"}' >"$1/config.dump"
	echo '{}' >"$1/spec.dump"
	tar -c -C "$images/loop" . >"$1/rootfs-diff.tar"
	truncate -s 8M "$1/checkpoint/pages-77.img"
}

@test "archives: every member, from a file and from a pipe, and back" {
	pack c
	tar -c -S -C c --format=posix . | zstd -q >c.tar.zst
	tar -c -C c . >c.tar
	crit-copy c.tar.zst a
	crit-copy c.tar b
	zstd -dc c.tar.zst | crit-copy - d
	crit-copy - e <c.tar.zst
	for t in a b d e; do
		diff -r c $t
	done
	[ "$(stat -c %b a/checkpoint/pages-77.img)" = 0 ]
	crit-copy -f tar c.tar.zst again.tar
	mkdir x
	tar -xf again.tar -C x
	diff -r c x
	# the order of podman
	crit-copy -f tar c - | tar -t >all
	head -n 3 all >names
	printf '%s\n' artifacts/ config.dump spec.dump | cmp - names
}

@test "archives: extended attributes are lost, and told of once" {
	take loop
	tar -c --format=posix --pax-option=SCHILY.xattr.user.a:=1 -C loop . >a.tar
	run -0 crit-copy a.tar out
	[ ${#lines[@]} = 1 ]
	[[ $output == *"extended attributes are not copied"* ]]
	diff -r loop out
	# what a system gives to each file
	tar -c --format=posix --pax-option=SCHILY.xattr.security.selinux:=1 \
		-C loop . >b.tar
	run -0 crit-copy b.tar out2
	[ ! "$output" ]
}

@test "a directory: extended attributes are lost, and told of once" {
	take loop
	take loop labelled
	set_xattr loop/pstree.img user.a 1 || skip 'no extended attributes here'
	set_xattr loop/inventory.img user.b 2
	for how in '' '-f tar'; do
		run -0 crit-copy $how loop out
		[ ${#lines[@]} = 1 ]
		[[ $output == "crit-copy: inventory.img: extended attributes are not copied, here and elsewhere" ]]
		rm -r out
	done
	# labels and access lists of the system are no news
	set_xattr labelled/pstree.img security.selinux label || true
	run -0 crit-copy labelled out
	[ ! "$output" ]
}

@test "archives: of members with one name the last is copied" {
	take loop checkpoint
	echo old >checkpoint/beside
	ln -s /etc/passwd checkpoint/link
	tar cf a.tar checkpoint
	printf '\1' >>checkpoint/beside
	rm checkpoint/link && echo file >checkpoint/link
	tar rf a.tar checkpoint/beside checkpoint/link checkpoint/pages-1.img
	for from in a.tar -; do
		crit-copy "$from" out <a.tar 2>said
		diff -r checkpoint out/checkpoint
		[ ! -L out/checkpoint/link ]
		[ "$(grep -c 'there are several members of this name; the last one is used' said)" = 3 ]
		rm -r out
	done
	# an archive of it is one again
	crit-copy -f tar a.tar b.tar
	crit-copy b.tar out
	diff -r checkpoint out/checkpoint
	rm -r out
	# what is a directory stays one
	tar cf c.tar --transform 's,checkpoint/beside,checkpoint,' checkpoint \
		checkpoint/beside
	run -1 crit-copy c.tar out
	[[ $output == *"cannot create: Is a directory" ]]
	[ ! -e out ]
}

@test "archives: cut anywhere, nothing is copied" {
	pack c
	truncate -s 20K c/checkpoint/pages-77.img
	crit-copy -f tar --drop '*.dump' --drop rootfs-diff.tar c c.tar
	size=$(stat -c %s c.tar)
	for at in 1000 5000 9999 16384 16385 $((size - 10240)) \
		$((size - 1024)); do
		head -c $at c.tar >cut.tar
		for how in "cut.tar out" "-f tar cut.tar out" "-f stream cut.tar out" \
			"--compress cut.tar out" "- out"; do
			run -1 crit-copy $how <cut.tar
			nothing out
			run -1 crit-copy $how < <(cat cut.tar)
			nothing out
		done
	done
	head -c $((size - 512)) c.tar >one.tar
	crit-copy one.tar out
	diff -r c out >said || [ "$(wc -l <said)" = 3 ]
}

@test "archives: changed on the way" {
	pack c
	tar -c -C c . | zstd -q >c.tar.zst
	for from in c c.tar.zst; do
		crit-copy --filter 'sed s/kthread/k/' --drop spec.dump $from out
		diff -r c out >said || true
		[ "$(cat said)" = "Only in c: spec.dump" ]
		rm -rf out
		crit-copy --compress $from out 2>said
		memory out >have
		memory c >want
		cmp want have
		rm -rf out
		crit-copy --images-only $from out 2>said
		grep -q 'left out: .*config.dump' said
		[ ! -e out/config.dump ] && [ -e out/checkpoint/pstree.img ]
		rm -rf out
	done
	crit-copy --images-only - out <c.tar.zst 2>said
	[ -e out/checkpoint/pstree.img ]
}

@test "streams: there and back" {
	for name in tree mem ghostsparse sock; do
		crit-copy -f stream "$images/$name" - | crit-copy - one
		diff -r "$images/$name" one
		rm -rf one
		crit-copy -f stream "$images/$name" - | zstd -q | crit-copy - one
		diff -r "$images/$name" one
		crit-copy -f stream --to-shard b --to-shard c "$images/$name" s
		crit-copy --shard c --shard b s three
		diff -r "$images/$name" three
		rm -rf three
		crit-copy -f stream --to-shard b --to-shard c "$images/$name" a
		head -c 5000 a >cut
		run -1 crit-copy cut none
		nothing none
		rm -rf one
	done
}

@test "archives: what leads out is refused" {
	mkdir c
	cp "$images/tree/pstree.img" c
	tar -c -C c --transform 's|^|../|' pstree.img >a.tar 2>said
	run -1 crit-copy a.tar out
	nothing out ../pstree.img
	ln -s /etc c/etc
	echo x >c/passwd
	tar -c -C c etc >b.tar
	tar -r -C c --transform 's|^|etc/|' -f b.tar passwd
	run -1 crit-copy b.tar out
	nothing out
}

# ---- The protocol of criu dump --stream and restore --stream ----

# there SOCKET: waits until crit-copy has made it
there() { until_true test -S "$1"; }

# live ARGUMENT...: crit-copy beside the test, its number in $copy; it keeps
# none of the test's descriptors, and ends if nothing connects to its socket
live() {
	timeout 120 crit-copy "$@" 2>said 3>&- &
	copy=$!
}

# dumped FROM ARGUMENT...: crit-copy takes what CRIU's side sends
dumped() {
	local from=$1
	shift
	mkdir -p work
	live "$@"
	there work/streamer-capture.sock
	criu_peer dump work/streamer-capture.sock "$from"
	wait $copy
}

@test "live: what CRIU dumps arrives in each form" {
	for name in mem tree; do
		dumped "$images/$name" criu:work out
		diff -r "$images/$name" out
		[ -z "$(ls -A work)" ]
		dumped "$images/$name" -f stream criu:work s
		crit-copy s out2
		diff -r out out2
		dumped "$images/$name" -f tar criu:work t.tar
		mkdir x
		tar -xf t.tar -C x
		diff -r out x
		dumped "$images/$name" -f tar --filter cat --progress-fd 2 \
			criu:work - >f.tar
		[ "$(sed -n 1p said)" = socket-init ]
		[ "$(sed -n 2p said)" = checkpoint-start ]
		rm -rf x && mkdir x
		tar -xf f.tar -C x
		diff -r out x
		rm -rf out out2 x s ./*.tar
	done
}

@test "live: CRIU is given what it asks for" {
	crit-copy -f stream "$images/mem" s
	zstd -q s
	mkdir work
	for from in "$images/mem" s s.zst; do
		mkdir got
		live $from criu:work
		there work/streamer-serve.sock
		(cd "$images/mem" && ls) | xargs criu_peer restore \
			work/streamer-serve.sock got none.img >asked
		[ "$(cat asked)" = "none.img: does not exist" ]
		wait $copy
		diff -r "$images/mem" got
		[ -z "$(ls -A work)" ]
		rm -rf got
	done
}

@test "live: a long path, changes, a name that leads out" {
	long=$(printf 'd%.0s' {1..150})
	mkdir -p "$long" in
	live "criu:$long" out
	there "$long/streamer-capture.sock"
	criu_peer dump "$long/streamer-capture.sock" "$images/tree"
	wait $copy
	diff -r "$images/tree" out
	mkdir work got
	live --filter 'sed s/1001/1002/' "$images/loop" criu:work
	there work/streamer-serve.sock
	criu_peer restore work/streamer-serve.sock got pstree.img
	wait $copy || true
	[ -s got/pstree.img ]
}

@test "live: requests that CRIU does not make are refused" {
	mkdir work
	while IFS='|' read -r bytes pipe message; do
		printf "$bytes" >request
		live criu:work out
		there work/streamer-capture.sock
		criu_peer say work/streamer-capture.sock request $pipe
		status=0
		wait $copy || status=$?
		[ "$status $(cat said)" = "1 crit-copy: $message" ] ||
			{ echo "$bytes: $status, not $message"; cat said; return 1; }
		nothing out
		[ -z "$(ls -A work)" ]
	done <<-'END'
		\5\0||CRIU's request is truncated
		\5\0\0\0||CRIU's request is truncated
		\5\0\0\0\12\3a||CRIU's request is truncated
		\1\4\0\0||CRIU's request is too large
		\0\0\0\0||CRIU's request has no name
		\2\0\0\0\12\0||CRIU's request has no name
		\3\0\0\0\12\5a||length runs past the end of its message
		\5\0\0\0\12\3a\0b||CRIU asks for an impossible name
		\6\0\0\0\12\4../x|pipe|CRIU sends a file named ../x: refused
		\4\0\0\0\12\2..|pipe|CRIU sends a file named ..: refused
		\3\0\0\0\12\1a||CRIU sent no descriptor
	END
	# what comes last counts, as in each message; others are passed over
	printf '\13\0\0\0\20\1\12\1a\12\4../x' >request
	live criu:work out
	there work/streamer-capture.sock
	criu_peer say work/streamer-capture.sock request pipe
	! wait $copy || false
	[ "$(cat said)" = "crit-copy: CRIU sends a file named ../x: refused" ]
	# a restore
	printf '\3\0\0\0\12\3a' >request
	live "$images/loop" criu:work
	there work/streamer-serve.sock
	criu_peer say work/streamer-serve.sock request
	! wait $copy || false
	[ "$(cat said)" = "crit-copy: length runs past the end of its message" ]
	[ -z "$(ls -A work)" ]
}

@test "live: either side may go: a message, and nothing half-made" {
	mkdir work
	for at in 1 5000 60000; do
		export CRIT_PEER_AT=$at
		live criu:work out
		there work/streamer-capture.sock
		criu_peer dump work/streamer-capture.sock "$images/mem" || true
		status=0
		wait $copy || status=$?
		[ $status = 1 ]
		grep -q 'before it sent inventory.img' said
		nothing out
	done
	unset CRIT_PEER_AT
	live criu:work out
	there work/streamer-capture.sock
	end_by TERM $copy
	! wait $copy || false
	nothing out work/streamer-capture.sock
	live "$images/mem" criu:work
	there work/streamer-serve.sock
	end_by TERM $copy
	! wait $copy || false
	nothing work/streamer-serve.sock
	mkdir tmp
	export TMPDIR=$PWD/tmp
	live --compress "$images/mem" criu:work
	there work/streamer-serve.sock
	kill -TERM $copy
	! wait $copy || false
	nothing work/streamer-serve.sock
	[ -z "$(ls -A tmp)" ]
}

@test "live: a signal at any call leaves no socket" {
	mkdir work
	for call in socket bind listen renameat accept4; do
		run -143 env CRIT_FAULT=$call:1:TERM CRIT_FAULT_HIT=hit \
			"$CRIT_BUILD/test/faults/crit-copy" "$images/mem" criu:work
		rm hit
		ls -A work | cmp - /dev/null
	done
}

# copied HOW FROM TO: a copy of top from this kind of source to that kind of
# destination, out; parents are in below
copied() {
	local -a from=(top --parent below) to=(out)
	local feed=true
	case $2 in
	dir) ;;
	container) from[0]=c ;;
	tar) from[0]=top.tar ;;
	tar.zst) from[0]=top.tar.zst ;;
	stream) from[0]=top.stream ;;
	shards) from=(top.1 --shard top.2 --parent below) ;;
	piped-*)
		from[0]=-
		feed="cat top.${2#piped-}"
		;;
	criu)
		from[0]=criu:work
		feed=sent
		;;
	esac
	case $3 in
	tar | stream) to=(-f "$3" out) ;;
	piped-*) to=(-f "${3#piped-}" -) ;;
	criu) to=(criu:work2) ;;
	esac
	rm -rf out got
	if [ "$feed" = sent ]; then
		{ there work/streamer-capture.sock 3>&- &&
			criu_peer dump work/streamer-capture.sock top; } 3>&- &
		feed=true
	fi
	if [ "$3" = criu ]; then
		mkdir got
		{ there work2/streamer-serve.sock && ls top |
			xargs criu_peer restore work2/streamer-serve.sock got; } \
			>asked 3>&- &
	fi
	$feed | timeout 120 crit-copy $1 "${from[@]}" "${to[@]}" >piped 2>said \
		3>&- || { cat said; return 1; }
	wait
	case $3 in
	piped-*) mv piped out ;;
	criu) mv got out ;;
	esac
}

@test "pages: each change, from each kind of source, to each destination" {
	take mem raw
	memory raw >want
	[ -s want ]
	pagemaps split raw below 5
	crit-copy --compress=16K raw top
	memory top --parent below | cmp want -
	rm -f top/parent
	mkdir -p c work work2
	cp -r top c/checkpoint
	tar -c -C top . >top.tar
	crit-copy -f stream --to-shard top.2 top top.1
	crit-copy -f stream top top.stream
	zstd -qk top.tar top.stream
	for from in dir container tar tar.zst stream shards criu piped-tar \
		piped-tar.zst piped-stream piped-stream.zst; do
		for to in dir tar stream piped-tar piped-stream criu; do
			for how in --flatten --compress --decompress --drop-zero; do
				set --
				[ $how = --flatten ] || set -- --parent below
				{ copied $how $from $to &&
					memory out "$@" | cmp want -; } || {
					echo "$how $from $to"
					return 1
				}
			done
		done
	done
}
