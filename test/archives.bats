#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Checkpoints in archives and streams: the same answers as from directories,
# from files and from pipes; and what is wrong with hostile ones.
# shellcheck disable=SC2016

bats_require_minimum_version 1.5.0

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	for name in engines hostile; do
		zstd -dcq "$CRIT_ROOT/test/archives/$name.tar.zst" | tar x
	done
}

setup() {
	set -o pipefail
	cd "$BATS_FILE_TMPDIR" || return 1
	t=$BATS_TEST_TMPDIR
}

# unpacked FILE: the directory of its checkpoint, below $t
unpacked() {
	local d
	rm -rf "$t/d"
	mkdir "$t/d"
	case $1 in
	*.lz4) lz4 -dcq "$1" | tar xC "$t/d" ;;
	*) tar xf "$1" -C "$t/d" 2>/dev/null ;;
	esac
	for d in checkpoint 3 state/final final pre-checkpoint; do
		if [ -d "$t/d/$d" ]; then
			echo "$t/d/$d"
			return
		fi
	done
	return 1
}

# same DIR FILE COMMAND...: it prints the same of the directory, of the file
# and of a pipe; SORT set: as sorted lines
same() {
	local dir=$1 file=$2 f
	shift 2
	"$@" "$dir" >"$t/of-dir" 2>/dev/null || true
	"$@" "$file" >"$t/of-file" 2>"$t/said" || true
	cat "$file" | "$@" - >"$t/of-pipe" 2>>"$t/said" || true
	if [ -n "${SORT-}" ]; then
		for f in dir file pipe; do
			sort -o "$t/of-$f" "$t/of-$f"
		done
	fi
	cmp "$t/of-dir" "$t/of-file" && cmp "$t/of-dir" "$t/of-pipe" || {
		echo "$file: $*"
		cat "$t/said"
		return 1
	}
}

# answers FILE: all questions
answers() {
	local d pid
	d=$(unpacked "$1")
	SORT=1 same "$d" "$1" crit-decode
	SORT=1 same "$d" "$1" crit-decode -f json
	SORT=1 same "$d" "$1" crit-info
	same "$d" "$1" crit-info -f table
	same "$t/d" "$1" crit-info --summary --at "${d#"$t/d/"}"
	case $1 in *pre*) return ;; esac
	for what in ps fds mems rss sk; do
		same "$d" "$1" crit-x "$what"
		same "$d" "$1" crit-x -f records "$what"
	done
	case $1 in *counter*) return ;; esac
	pid=$(crit-mem -f records "$d" | jq -s '.[0].pid')
	same "$d" "$1" crit-mem
	same "$d" "$1" crit-mem -f table
	same "$d" "$1" crit-mem --sizes
	same "$d" "$1" crit-mem --args
	same "$d" "$1" crit-mem --env
	same "$d" "$1" crit-check
	same "$d" "$1" crit-core -p "$pid"
	same "$d" "$1" crit-draw -f dot tree
	SORT=1 same "$d" "$1" crit-mem -s root
	SORT=1 same "$d" "$1" crit-mem -r 'lib[a-z]+\.so'
	same "$d" "$1" crit-mem -p "$pid" --all --holes skip
}

@test "podman's archives, compressed or not" {
	for f in podman/*.tar*; do
		answers "$f"
	done
}

@test "archives of CRI-O and containerd" {
	for f in crio/* containerd/checkpoint-* containerd/ctrd-*; do
		answers "$f"
	done
}

@test "what the engines themselves wrote" {
	for f in real/podman-*; do
		answers "$f"
	done
}

@test "chains of parents in one archive" {
	for f in runc/* incus/*; do
		answers "$f"
	done
}

@test "dialects of tar, and each compression" {
	for f in dialects/*.tar*; do
		d=$(unpacked "$f")
		SORT=1 same "$d" "$f" crit-decode
		same "$d" "$f" crit-mem --args
	done
}

# early FILE COMMAND...: the first line that it prints of a pipe comes before
# the last third of the file is sent
early() {
	local size file=$1
	shift
	size=$(($(stat -c %s "$file") * 2 / 3))
	rm -f "$t/go" && mkfifo "$t/go"
	export size file t
	timeout 120 bash -c '
		{ head -c $size "$file"; read -r _ <"$t/go"
		  tail -c +$((size + 1)) "$file"; } | "$@" - |
			{ read -r line; echo "$line"; echo >"$t/go" & cat; wait; }
	' _ "$@" >"$t/early"
	"$@" "$file" | sort >"$t/want"
	sort "$t/early" | cmp - "$t/want"
}

@test "what has come is printed before the rest of the archive is there" {
	for f in podman/redis.tar.gz podman/redis.tar.zst podman/ct.tar \
		crio/crio-1.25-tree.tar.gz containerd/ctrd-2.0.tar \
		streams/redis-1shard.stream; do
		early "$f" crit-info
		# its small images are the last ones
		[[ $f = *stream ]] || early "$f" crit-decode
	done
}

@test "images that are too large to be put aside: as they come by" {
	mkdir -p "$t/big/checkpoint"
	cp "$CRIT_ROOT"/test/images/loop/*.img "$t/big/checkpoint"
	bench-gen pagemap 20000 >"$t/big/checkpoint/pagemap-77.img"
	tar cf "$t/big.tar" -C "$t/big" --sort=name checkpoint
	zstd -q "$t/big.tar"
	for c in crit-decode crit-info; do
		$c "$t/big" | sort >"$t/want"
		for f in big.tar big.tar.zst; do
			$c - <"$t/$f" | sort | cmp - "$t/want"
			strace -fe trace=openat,memfd_create -o "$t/calls" \
				$c - <"$t/$f" | sort | cmp - "$t/want"
			! grep -q 'O_TMPFILE\|/tmp\|memfd' "$t/calls" || false
		done
	done
	# cut within it: what came is there, the record says that it is not whole
	size=$(($(stat -c %s "$t/big.tar") / 2))
	run -1 --separate-stderr crit-decode - < <(head -c $size "$t/big.tar")
	[[ $output == *'"image":"pagemap-77.img","magic":"PAGEMAP","entries":[],"error":'* ]]
	[[ $stderr == *"the archive ends in the data of checkpoint/pagemap-77.img"* ]]
}

# passes FILE COMMAND...: how often it reads the whole file, in tenths
passes() {
	local file size
	file=$(realpath "$1") size=$(stat -c %s "$1")
	shift
	strace -fyo "$t/calls" -e trace=read,pread64 "$@" >"$t/out" 2>"$t/said" || true
	awk -v f="<$file>" -v size="$size" 'index($0, f) && match($0, /= [0-9]+$/) {
		n += substr($0, RSTART + 2)
	}
	END { print int(10 * n / size) }' "$t/calls"
}

# bounded DIR FILE COMMAND...: the same as of the directory, in two passes
bounded() {
	local dir=$1 file=$2 n
	shift 2
	n=$(passes "$file" "$@" "$file")
	"$@" "$dir" 2>/dev/null | sort >"$t/want" || true
	if [ "$n" -lt 10 ] || [ "$n" -gt "${MOST-20}" ] || ! sort "$t/out" | cmp - "$t/want"; then
		echo "$file: $*: $n tenths of it are read"
		cat "$t/said"
		return 1
	fi
}

@test "a compressed archive is read twice, or a few times; no pages are kept" {
	crit-copy -f tar "$CRIT_ROOT/test/images/ipc" - | zstd -q >"$t/ipc.tar.zst"
	zstd -q <runc/incr-chain.tar >"$t/chain.tar.zst"
	zstd -q <streams/redis-1shard.stream >"$t/redis.zst"
	crit-copy streams/redis-1shard.stream "$t/stream"
	mkdir -p "$t/c" && tar xf runc/incr-chain.tar -C "$t/c"
	redis=$(unpacked podman/redis.tar.zst)
	mv "$redis" "$t/redis"
	tree=$(unpacked podman/tree-min.tar.zst)
	for pair in "$t/redis podman/redis.tar.zst" "$t/stream $t/redis.zst" \
		"$tree podman/tree-min.tar.zst" "$t/c/3 $t/chain.tar.zst" \
		"$CRIT_ROOT/test/images/ipc $t/ipc.tar.zst"; do
		set -- $pair
		# as engines order it, or not
		case $2 in podman/*) MOST=20 ;; *) MOST=50 ;; esac
		pid=$(crit-mem -f records "$1" | jq -s '.[0].pid')
		for q in crit-decode crit-info 'crit-x ps' 'crit-x cmd' \
			'crit-x env' 'crit-x rss' crit-mem 'crit-mem --args' \
			'crit-mem --env' 'crit-mem -s root' 'crit-mem -r lib.*so' \
			"crit-mem -p $pid --all --holes skip" \
			"crit-mem -p $pid -s root" crit-check \
			"crit-core -p $pid"; do
			bounded "$1" "$2" $q
		done
		for q in 'crit-x all' 'crit-draw memory' 'crit-draw report'; do
			[ "$(passes "$2" $q "$2")" -le "$MOST" ]
		done
	done
	# nor does any of them write a file
	for q in 'crit-x cmd' 'crit-x env' 'crit-core -p 20001' 'crit-x all' \
		'crit-mem -s root' 'crit-mem --args' 'crit-draw memory'; do
		strace -fo "$t/calls" -e trace=openat,memfd_create \
			$q podman/redis.tar.zst >"$t/out"
		! grep 'O_TMPFILE\|O_CREAT\|memfd' "$t/calls" || false
	done
	# where they come in any order, that is said
	run -0 --separate-stderr crit-mem -v -p "$pid" -s root "$t/ipc.tar.zst"
	crit-mem -v -s count "$t/chain.tar.zst" 2>&1 >"$t/out" |
		grep -qx '.*the archive is read a second time'
	# many tasks, the last one first: not a pass for each
	mkdir "$t/many"
	cp "$CRIT_ROOT"/test/images/loop/*.img "$t/many"
	(
		cd "$t/many"
		crit-decode -f json pstree.img | jq -c '.entries = [.entries[0] as $e |
			range(4242; 4272) as $p | $e | .pid = $p | .threads = [$p]]' \
			>pstree.json
		crit-encode pstree.json -o pstree.img
		n=100
		for p in {4243..4271}; do
			for f in core mm fs ids; do
				cp $f-4242.img $f-$p.img
			done
			crit-decode -f json pagemap-4242.img |
				jq -c ".entries[0].pages_id = $((n - 1))" |
				crit-encode - -o pagemap-$p.img
			n=$((n - 1))
			cp pages-1.img pages-$n.img
		done
		rm pstree.json
	)
	tar c --sort=name -C "$t/many" . | zstd -q >"$t/back.tar.zst"
	crit-mem -s root "$t/many" >"$t/want"
	n=$(passes "$t/back.tar.zst" crit-mem -v -s root "$t/back.tar.zst")
	cmp "$t/want" "$t/out"
	[ "$n" -le 190 ]
	grep -q 'was read many times: its pages are put into a temporary file' "$t/said"
}

@test "many pages images that no task owns" {
	mkdir "$t/checkpoint"
	cp "$CRIT_ROOT"/test/images/loop/*.img "$t/checkpoint"
	(cd "$t/checkpoint" && printf 'pages-%d.img\n' {100..20000} | xargs touch)
	tar cC "$t" --sort=name checkpoint | zstd -q >"$t/a.tar.zst"
	for q in 'crit-x cmd' 'crit-mem --args' 'crit-mem -s root'; do
		$q "$CRIT_ROOT/test/images/loop" >"$t/want"
		timeout 20 $q "$t/a.tar.zst" | cmp - "$t/want"
	done
}

@test "an archive that begins with its directory, from a pipe" {
	mkdir "$t/checkpoint"
	cp "$CRIT_ROOT"/test/images/loop/*.img "$t/checkpoint"
	head -c 300000 /dev/urandom >"$t/checkpoint/pages-9.img"
	tar cC "$t" --sort=name --exclude=a.tar* -f "$t/a.tar" ./checkpoint
	tar cC "$t" --exclude=./a.tar* -f "$t/b.tar" .
	for f in "$t/a.tar" "$t/b.tar"; do
		crit-x "$f" ps >"$t/want"
		for kind in zstd gzip xz lz4; do
			$kind -c "$f" | crit-x - ps | diff "$t/want" -
		done
		cat "$f" | crit-x - ps | diff "$t/want" -
	done
	grep -q loop "$t/want"
}

@test "hard links among images: all are there, also as they come by" {
	local f
	mkdir -p "$t/checkpoint"
	cp "$CRIT_ROOT/test/images/mem/"*.img "$t/checkpoint"
	ln "$t/checkpoint/core-2501.img" "$t/checkpoint/core-9.img"
	ln "$t/checkpoint/pages-1.img" "$t/checkpoint/pages-9.img"
	tar cC "$t" --sort=name checkpoint | zstd -cq >"$t/a.tar.zst"
	for f in crit-info crit-decode; do
		SORT=1 same "$t/checkpoint" "$t/a.tar.zst" "$f"
	done
	[ "$(crit-info "$t/a.tar.zst" | grep -c -e core- -e pages-)" = 8 ]
}

@test "an archive that ends a few bytes early, or without its padding" {
	local end f
	mkdir "$t/checkpoint"
	cp "$CRIT_ROOT/test/images/mem/inventory.img" "$t/checkpoint"
	head -c 5120 /dev/zero | tr '\0' p >"$t/checkpoint/pages-1.img"
	tar cC "$t" -b 1 --sort=name checkpoint >"$t/whole.tar"
	end=$(($(stat -c %s "$t/whole.tar") - 1024))
	for cut in 1 100 511 512; do
		head -c $((end - cut)) "$t/whole.tar" >"$t/a.tar"
		zstd -qf "$t/a.tar"
		for f in a.tar a.tar.zst; do
			run -1 crit-info "$t/$f"
			[[ $output = *"ends in the data of checkpoint/pages-1.img"* ]]
			run -1 crit-info - <"$t/$f"
			[[ $output = *"ends in the data of checkpoint/pages-1.img"* ]]
		done
	done
	# 120 bytes of padding are not missed
	truncate -s 5000 "$t/checkpoint/pages-1.img"
	tar cC "$t" -b 1 --sort=name checkpoint >"$t/whole.tar"
	head -c $((end - 120)) "$t/whole.tar" >"$t/a.tar"
	zstd -qf "$t/a.tar"
	crit-info "$t/a.tar"
	crit-info "$t/a.tar.zst"
	crit-info - <"$t/a.tar.zst"
}

@test "an uncompressed archive: no page bytes are read for what needs none" {
	mkdir -p "$t/c/checkpoint"
	cp "$CRIT_ROOT"/test/images/loop/*.img "$t/c/checkpoint"
	truncate -s 64M "$t"/c/checkpoint/pages-1.img
	tar cf "$t/c.tar" -C "$t/c" checkpoint
	for q in 'crit-x ps' 'crit-x fds' 'crit-x mems' 'crit-x rss' crit-info \
		crit-decode crit-mem crit-check; do
		[ "$(passes "$t/c.tar" $q "$t/c.tar")" = 0 ]
		awk '/c\.tar>/ && match($0, /= [0-9]+$/) {
			n += substr($0, RSTART + 2)
		}
		END { exit n > 512 * 1024 }' "$t/calls"
	done
}

@test "directories of containers" {
	d=docker/containers/*/checkpoints
	crit-x $d/ckpt1 ps >"$t/want"
	crit-x $d/.. ps | diff - "$t/want"
	unpacked podman/redis.tar.zst >/dev/null
	crit-x "$t/d/checkpoint" ps >"$t/want"
	crit-x "$t/d" ps | diff - "$t/want"
	mkdir "$t/two" && cp -r $d "$t/two"
	cp -r "$t/two/checkpoints/ckpt1" "$t/two/checkpoints/ckpt2"
	run -1 crit-x "$t/two" ps
	[[ $output == *"several checkpoints in it"*"--at"* ]]
	crit-x --at checkpoints/ckpt2 "$t/two" ps
}

@test "streams of criu-image-streamer, in one and two shards" {
	redis=$(unpacked podman/redis.tar.zst)
	for how in 'redis-1shard.stream' \
		'redis-2shards.0 --shard streams/redis-2shards.1' \
		'redis-2shards.1 --shard streams/redis-2shards.0'; do
		crit-x streams/$how mems | diff - <(crit-x "$redis" mems)
		crit-mem -s redis streams/$how |
			diff - <(crit-mem -s redis "$redis")
	done
	for f in streams/*.stream; do
		crit-info "$f" | jq -r .image | sort >"$t/names"
		cat "$f" | crit-info - | jq -r .image | sort | diff - "$t/names"
		zstd -qc "$f" | crit-info - | jq -r .image | sort |
			diff - "$t/names"
	done
	crit-mem --args streams/redis-1shard.stream >"$t/want"
	zstd -qc streams/redis-1shard.stream | crit-mem --args - |
		diff - "$t/want"
}

@test "a stream that is cut, or lacks a shard" {
	run -1 crit-x streams/redis-2shards.0 ps
	[[ $output == *"are there more shards (--shard FILE)?"* ]]
	head -c 3000000 streams/redis-1shard.stream >"$t/cut"
	run -1 crit-info "$t/cut"
	[[ $output == *"stream ends in the data of a file"* ]]
	cat "$t/cut" | run -1 crit-info -
	(cat streams/tree.stream; echo more) >"$t/more"
	run -1 crit-info "$t/more"
}

@test "a pre-checkpoint in another archive" {
	mkdir "$t/both"
	tar xf podman/counter-pre.tar.zst -C "$t/both"
	tar xf podman/counter.tar.zst -C "$t/both"
	crit-mem -s count "$t/both/checkpoint" | sort >"$t/want"
	[ -s "$t/want" ]
	crit-mem -s count --parent podman/counter-pre.tar.zst \
		podman/counter.tar.zst | sort | diff - "$t/want"
	cat podman/counter.tar.zst |
		crit-mem -s count --parent podman/counter-pre.tar.zst - |
		sort | diff - "$t/want"
	run -1 crit-mem -s count podman/counter.tar.zst
	[[ $output == *"--parent"* ]]
}

@test "--at, --image, and which checkpoint is meant" {
	crit-x hostile/two-checkpoints.tar ps >"$t/want"
	crit-x --at checkpoint hostile/two-checkpoints.tar ps | diff - "$t/want"
	run -1 crit-x --at nowhere hostile/two-checkpoints.tar ps
	[[ $output == *"no images at nowhere in it"* ]]
	for c in crit-decode crit-info; do
		run -1 $c --image 'nothing*' hostile/ok.tar hostile/deep.tar
		[ "$output" = "$c: no image matches 'nothing*'" ]
		run -1 $c --image 'nothing*' "$CRIT_ROOT/test/images/loop"
		$c --image 'timens*' "$CRIT_ROOT/test/images/loop" \
			"$CRIT_ROOT/test/images/perl" >"$t/some"
	done
	crit-decode --image 'pstree*' hostile/ok.tar | jq -r '.image//empty' |
		sort -u | diff - <(echo pstree.img)
	crit-info --image 'core-*' hostile/ok.tar | grep -q core-
	crit-x runc/incr-chain.tar ps | diff - <(crit-x --at 3 runc/incr-chain.tar ps)
	run -2 crit-x --shard a --shard b x y ps
	run -2 crit-mem --parent a -s b x y
}

@test "several checkpoints in one answer" {
	a=podman/ct.tar b=podman/redis.tar.zst
	crit-x -f records "$a" "$b" ps >"$t/both"
	crit-x -f records "$a" ps | jq -c --arg a "$a" '{checkpoint: $a} + .' >"$t/want"
	crit-x -f records "$b" ps | jq -c --arg a "$b" '{checkpoint: $a} + .' >>"$t/want"
	diff "$t/both" "$t/want"
	crit-x --no-checkpoint -f records "$a" "$b" ps |
		diff - <(jq -c 'del(.checkpoint)' "$t/want")
	crit-x -H -f records "$b" ps |
		diff - <(jq -c "select(.checkpoint == \"$b\")" "$t/want")
	crit-x "$a" "$b" ps | grep -x '==> podman/.* <==' | wc -l | grep -x 2
	crit-x -f json "$a" "$b" ps | jq -r .checkpoint | diff - <(printf '%s\n' "$a" "$b")
	crit-mem -H -s root -f records "$b" | jq -e ".checkpoint == \"$b\"" >/dev/null
	run -1 --separate-stderr crit-x -f records hostile/zeros.tar "$b" ps
	[ "$(jq -r 'select(.error).checkpoint' <<<"$output")" = hostile/zeros.tar ]
	jq -e 'select(.checkpoint == "podman/redis.tar.zst").pid' <<<"$output"
}

# Where messages and answers go different ways, the heading does not tell.
@test "of several, each message names its checkpoint" {
	images=$CRIT_ROOT/test/images
	cp -r "$images/loop" "$t/dir"
	rm "$t/dir/pstree.img"
	tar -C "$t" -cf "$t/dir.tar" dir
	tar -C "$images" -cf "$t/loop.tar" loop
	cd "$t"
	run -1 --separate-stderr crit-x "$images/loop" dir dir.tar ps
	[ "$stderr" = "crit-x: dir/pstree.img: no such image
crit-x: dir.tar: dir/pstree.img: no such image" ]
	run -1 --separate-stderr crit-x -p 7 "$images/loop" "$images/tree/" ps
	[ "$stderr" = "crit-x: $images/loop: no task 7
crit-x: $images/tree: no task 7" ]
	truncate -s 20 dir/files.img
	run -1 --separate-stderr crit-info "$images/loop" dir
	[[ $stderr = "crit-info: dir/files.img: entry "* ]]
	rm dir/pagemap* dir/core*
	run -1 --separate-stderr crit-mem -s PATH "$images/loop" dir
	[[ $stderr = "crit-mem: dir: there is no pstree.img"* ]]
	# an output is nobody's
	for program in "crit-x loop.tar fds" "crit-mem -s PATH loop.tar"; do
		run -1 sh -c "$program 2>&1 >/dev/full"
		[[ $output = *": standard output: cannot write"* ]]
		[[ $output != *"loop.tar: standard output"* ]]
	done
}

@test "messages name the file" {
	cp hostile/empty.tar hostile/not-a-tar.txt "$t"
	run -1 crit-x "$t/empty.tar" ps
	[ "$output" = "crit-x: $t/empty.tar: empty input" ]
	run -1 crit-x "$t/not-a-tar.txt" ps
	[ "$output" = "crit-x: $t/not-a-tar.txt: line 1, column 1: expected '{', found 'T'" ]
	run -1 crit-x hostile/bad-json.tar container
	[[ $output == *$'\n'"crit-x: hostile/bad-json.tar: spec.dump: line 1, "* ]]
	crit-decode hostile/ok.tar | grep -v pstree >"$t/records"
	run -1 crit-x "$t/records" ps
	[ "$output" = "crit-x: $t/records: pstree.img: no such image" ]
}

@test "members are named in messages" {
	run -1 crit-x hostile/symlink-out.tar ps
	[[ $output == *"hostile/symlink-out.tar: checkpoint/"* ]]
}

@test "nothing on the machine is opened by an archive" {
	for f in hostile/symlink-*.tar hostile/hardlink*.tar hostile/dotdot.tar \
		hostile/absolute.tar hostile/types.tar; do
		strace -fe trace=open,openat,openat2 -o "$t/calls" \
			crit-decode "$f" >/dev/null 2>&1 || true
		sed -n 's/.*open[at2]*(.*"\(.*\)".*/\1/p' "$t/calls" | sort -u |
			grep -vx "$f" | grep -v '^/proc\|/lib\|/etc/ld\|\.gcda$' >"$t/others" || true
		[ ! -s "$t/others" ]
	done
}

@test "OCI images: layouts, their archives, containerd's exports" {
	crit-x oci/podman-image ps >"$t/want"
	grep -q mem-child "$t/want"
	crit-x oci/podman-image.oci.tar ps | diff - "$t/want"
	crit-x oci/crio-image-zstd ps | diff - "$t/want"
	for f in oci/podman-image.oci.tar containerd/ctr-export.tar \
		real/containerd-redis.oci.tar; do
		for q in 'crit-x mems' 'crit-mem --args' 'crit-decode' \
			'crit-mem -s bin'; do
			$q "$f" >"$t/file"
			[ -s "$t/file" ]
			cat "$f" | $q - | diff - "$t/file"
			gzip -c "$f" | $q - | diff - "$t/file"
		done
	done
}

@test "OCI images that are damaged" {
	cp -r oci/podman-image "$t/image"
	chmod -R u+w "$t/image"
	layer=$(find "$t/image/blobs" -size +20k)
	truncate -s -1 "$layer"
	run -1 crit-x "$t/image" ps
	[[ $output == *"its descriptor says"* ]]
	rm "$layer"
	run -1 crit-x "$t/image" ps
	for f in "$t"/image/blobs/sha256/*; do
		sed -i 's/podman/Podman/' "$f"
	done
	run -1 crit-x "$t/image" ps
	[[ $output == *"image: blobs/sha256/"*": its digest is sha256:"* ]]
	echo '{"manifests":[{"mediaType":"x.manifest.v1+json","digest":"sha256:../../../../etc/passwd"}]}' \
		>"$t/image/index.json"
	run -1 crit-x "$t/image" ps
	[[ $output == *"without a layer that holds a checkpoint"* ]]
}

# blob FILE: moves it to its place in $t/image; its digest and size
blob() {
	local sum
	sum=$(sha256sum <"$1") sum=${sum%% *}
	stat -c %s "$1"
	mv "$1" "$t/image/blobs/sha256/$sum"
	echo "$sum"
}

# manifest JQ...: changes the only manifest of $t/image
manifest() {
	local size sum
	jq -c "$@" "$t/image/blobs/sha256/$(jq -r '.manifests[0].digest[7:]' \
		"$t/image/index.json")" >"$t/m"
	{ read -r size; read -r sum; } < <(blob "$t/m")
	jq -c --arg d "sha256:$sum" --argjson n "$size" \
		'.manifests[0] |= (.digest = $d | .size = $n)' \
		"$t/image/index.json" >"$t/i"
	mv "$t/i" "$t/image/index.json"
}

# layer FILE: puts it behind the layers of that manifest
layer() {
	local size sum
	{ read -r size; read -r sum; } < <(blob "$1")
	manifest --arg d "sha256:$sum" --argjson n "$size" \
		'.layers += [.layers[0] | .digest = $d | .size = $n]'
}

@test "the digest of a layer, when it is read whole" {
	cp -r oci/podman-image "$t/image"
	chmod -R u+w "$t/image"
	crit-x "$t/image" ps >"$t/want"
	layer=$(find "$t/image/blobs" -size +20k)
	# another compression of the same bytes, of the same size
	printf '\1' | dd of="$layer" bs=1 seek=9 conv=notrunc status=none
	gzip -t "$layer"
	run -1 --separate-stderr crit-x "$t/image" ps
	[ "$output" = "$(cat "$t/want")" ]
	[[ $stderr == "crit-x: $t/image: blobs/sha256/${layer##*/}: its digest is sha256:"* ]]
	tar cf "$t/image.tar" -C "$t/image" .
	run -1 --separate-stderr crit-decode - <"$t/image.tar"
	[[ $output == *'"image":"pstree.img"'* && $output != *'{"end":'* ]]
	[[ $stderr == *": its digest is sha256:"* ]]
	# only the names of an uncompressed one are read
	gzip -dc "$layer" >"$t/layer"
	layer "$t/layer"
	manifest '.layers = [.layers[1] | .mediaType |= sub("\\+gzip"; "")]'
	run -0 --separate-stderr crit-decode -v "$t/image"
	[[ $stderr == *"is read in part: its digest is not checked"* ]]
}

@test "several layers with checkpoints in one image are refused" {
	cp -r oci/podman-image "$t/image"
	chmod -R u+w "$t/image"
	crit-x "$t/image" ps >"$t/want"
	# one that holds none does no harm
	mkdir -p "$t/l/etc" && echo x >"$t/l/etc/hosts"
	tar czf "$t/layer" -C "$t/l" etc
	layer "$t/layer"
	crit-x "$t/image" ps | diff - "$t/want"
	crit-decode "$t/image" | sort | diff - <(crit-decode oci/podman-image | sort)
	mkdir -p "$t/l/checkpoint"
	cp "$CRIT_ROOT"/test/images/loop/*.img "$t/l/checkpoint"
	tar czf "$t/layer" -C "$t/l" checkpoint
	layer "$t/layer"
	for q in 'crit-x ps' crit-decode 'crit-mem -s root'; do
		run -1 $q "$t/image"
		[[ $output == *"several checkpoints in it ("*"sha256:"*"choose one with --at"* ]]
		tar cf - -C "$t/image" . | run -1 $q -
		[[ $output == *"several checkpoints in it ("*"sha256:"*"choose one with --at"* ]]
	done
}

@test "which container it was" {
	fields() {
		crit-x -f records "$1" container |
			jq -r '[.container_name, .image, .id[:12], .runtime,
				.created, .checkpointed, .engine, .ip, .mac,
				.namespace] | map(. // "-") | join(" ")'
	}
	[ "$(fields podman/redis.tar.zst)" = "cache docker.io/library/redis:7 bccdf97ad095 crun 2026-03-13T09:26:53+01:00 - Podman 10.88.0.14 f2:99:8d:fb:5a:05 -" ]
	[ "$(fields crio/checkpoint-*)" = "checkout quay.io/shop/checkout:2.8 0c83d7900fa6 runc 2026-03-13T09:26:53Z 2026-03-14T09:26:53+05:30 CRI-O 10.85.0.17 - shop" ]
	[ "$(fields containerd/checkpoint-*)" = "api docker.io/library/alpine:3.20 2534163b6856 io.containerd.runc.v2 2026-03-14T07:26:53Z 2026-03-14T09:26:53Z containerd - - default" ]
	[ "$(fields oci/crio-image-zstd)" = "$(fields crio/checkpoint-*)" ]
	crit-x podman/redis.tar.zst container >"$t/text"
	grep -qx 'Memory pages size:  2.9 MiB' "$t/text"
	grep -q '^  proc  *//*proc proc$' "$t/text"
	crit-x containerd/ctr-export.tar container | grep -q '^Mounts:$'
	unpacked podman/redis.tar.zst >/dev/null
	crit-x "$t/d" container | diff - "$t/text"
	cat podman/redis.tar.zst | crit-x container | diff - "$t/text"
	run -1 crit-x hostile/only-images.tar container
	run -1 bash -c "crit-decode hostile/ok.tar | crit-x container"
	[[ $output == *"records do not say"* ]]
	crit-x hostile/odd-json.tar container >"$t/out" 2>/dev/null || true
	! grep -q $'\e' "$t/out" || false
	run -1 --separate-stderr crit-x hostile/bad-json.tar container
	[ "${#stderr_lines[@]}" = 3 ]
	crit-info --summary podman/redis.tar.zst >"$t/summary"
	grep -q '^container_name  *cache$' "$t/summary"
	grep -q '^  pages_scanned' "$t/summary"
	crit-info --summary -f records podman/redis.tar.zst |
		jq -e '.checkpoint == "podman/redis.tar.zst" and
			.engine == "Podman"'
}
