#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# crit-decode: records, streams, directories, errors, outputs.
# shellcheck disable=SC2016

bats_require_minimum_version 1.5.0

setup() {
	set -o pipefail
	cd "$BATS_TEST_TMPDIR" || return 1
	images=$CRIT_ROOT/test/images
}

# same FILE FILE : or how they differ
same() {
	cmp "$1" "$2" || { diff "$1" "$2" | head -n 5; return 1; }
}

@test "each line of each checkpoint is JSON, and the last one is the end" {
	for dir in "$images"/*; do
		[ -e "$dir/pstree.img" ] || continue
		crit-decode "$dir" >stream
		jq -c . stream >again
		[ "$(wc -l <stream)" = "$(wc -l <again)" ]
		crit-decode -f json -p "$dir" | jq -c . >again
		tail -n 1 again | grep >/dev/null '"end"'
	done
}

@test "a record is an entry; together they are the document" {
	for image in "$images"/tree/{pstree,files,core-1001,pagemap-1001}.img; do
		crit-decode "$image" | jq -c 'select(.end|not)' | jq -s -c '
			{magic: .[0].magic, entries: map(.entries[0])}' >a
		# the same numbers: a large one is a string in records
		crit-decode -f json "$image" | jq -c '{magic, entries}' >b
		jq -c '[.. | strings, numbers | tonumber? // .]' a >a.flat
		jq -c '[.. | strings, numbers | tonumber? // .]' b >b.flat
		same a.flat b.flat
	done
}

@test "a record of each kind, as the manual says" {
	crit-decode "$images/tree/pstree.img" >got
	[ "$(head -n 1 got)" = '{"image":"pstree.img","magic":"PSTREE","entries":[{"pid":1001,"ppid":0,"pgid":1001,"sid":1001,"threads":[1001,1010,1011,1012]}]}' ]
	[ "$(tail -n 1 got)" = '{"end":{"images":1,"records":7},"entries":[]}' ]
	crit-decode "$images/edge/magic-only.img" >got
	[ "$(head -n 1 got)" = '{"image":"magic-only.img","magic":"CORE","entries":[]}' ]
	crit-decode <"$images/loop/fs-4242.img" >got
	[[ $(cat got) == '{"magic":"FS","entries":[{'*'}]}' ]]
}

@test "file, standard input, pipe and zstd agree" {
	for image in "$images"/synthetic/*[ftp]*-[0-9]*.img; do
		crit-decode -f json "$image" >a
		crit-decode -f json <"$image" >b
		cat "$image" | crit-decode -f json - >c
		zstd -q -c "$image" | zstd -dc | crit-decode -f json >d
		same a b
		same a c
		same a d
	done
}

@test "head -n 1 ends it quietly" {
	bench-gen pagemap 1000000 >big.img
	for options in '' -p '-f json'; do
		set +e
		crit-decode $options big.img 2>said | head -c 100 >/dev/null
		status=("${PIPESTATUS[@]}")
		set -e
		[ "${status[0]}" = 141 ]
		[ ! -s said ]
	done
}

@test "a line leaves before the next image comes" {
	mkfifo in out
	timeout 120 crit-decode - <in >out 3>&- &
	pid=$!
	exec 7>in 8<out
	cat "$images/loop/pstree.img" >&7
	read -r -t 100 line <&8
	[[ $line == '{"magic":"PSTREE","entries":['* ]]
	exec 7>&-
	cat <&8 >/dev/null
	wait $pid
}

@test "what is wrong with each odd image" {
	bad=0
	while IFS=$'\t' read -r image status message; do
		got=0
		crit-decode "$images/edge/$image" >out 2>said || got=$?
		said=$(sed "s/^crit-decode: .*$image: //" said)
		if [ $got != "$status" ] || [ "$said" != "$message" ]; then
			printf '%s: %s, %s\n' "$image" $got "$said"
			bad=1
		fi
		# in band, too; and the end says that all is well, or is not there
		if [ $got = 0 ]; then
			tail -n 1 out | grep >/dev/null '^{"end":'
		else
			tail -n 1 out | jq -e '.error' >/dev/null
			! grep -q '^{"end":' out || false
		fi
	done <"$CRIT_ROOT/test/edge.tsv"
	[ $bad = 0 ]
	[ "$(find "$images/edge" -name '*.img' | wc -l)" = \
		"$(wc -l <"$CRIT_ROOT/test/edge.tsv")" ]
}

@test "what the schema does not know is kept" {
	is() {		# IMAGE JQ : of its first record
		crit-decode "$images/edge/$1.img" 2>/dev/null | head -n 1 |
			jq -e "$2" || { echo "$1"; return 1; }
	}
	is unknown-fields '.entries[0]._unknown | startswith("kAP///")'
	is unknown-enum-only '.entries[0].type == 126'
	is wrong-wiretype '.entries[0]._unknown == "DWFiY2Q="'
	is v10-pstree '.head == "none"'
	is service-pstree '.head == "service"'
	is common-inventory '.head == "common"'
	is nonutf8-string '.entries[0].name.base64 | length > 0'
}

@test "names that are not UTF-8 are base64, and only they" {
	crit-decode "$images/oddnames/files.img" | jq -r '
		.entries[].reg.name | objects | .base64' >names
	[ -s names ]
	while read -r name; do
		! base64 -d <<<"$name" | iconv -f UTF-8 -t UTF-8 >/dev/null 2>&1 || false
	done <names
	crit-decode "$images/oddnames/files.img" | jq -e '
		.end or (.entries[].reg.name | type != "null")' >/dev/null
}

@test "large numbers survive jq" {
	crit-decode "$images/tree/core-1001.img" >a
	jq -c . a >b
	same a b
}

@test "--schema names the fields of a newer CRIU" {
	cat >new.proto <<-'END'
		syntax = "proto2";
		enum colour { RED = 0; GREEN = 7; }
		message novelty { optional string what = 1; repeated uint64 n = 2; }
		message pstree_entry {
			required uint32 pid = 1;
			required uint32 ppid = 2;
			required uint32 pgid = 3;
			required uint32 sid = 4;
			repeated uint32 threads = 5;
			optional colour colour = 900;
			optional novelty novelty = 901;
		}
	END
	protoc -I. --descriptor_set_out=new.binpb new.proto
	printf '\x19\x43\x56\x54\x30\x30\x27\x50\x17\0\0\0\x08\1\x10\2\x18\3\x20\4\xa0\x38\x07\xaa\x38\x09\x0a\x03new\x10\5\x10\6' >new.img
	crit-decode new.img | jq -e '.end or .entries[0]._unknown'
	[ "$(crit-decode --schema new.binpb new.img | head -n 1)" = '{"image":"new.img","magic":"PSTREE","entries":[{"pid":1,"ppid":2,"pgid":3,"sid":4,"colour":"GREEN","novelty":{"what":"new","n":[5,6]}}]}' ]
	crit-decode --schema new.binpb new.img |
		crit-encode --schema new.binpb | cmp - new.img
	# and without it nothing is lost
	crit-decode new.img | crit-encode | cmp - new.img
}

@test "--schema with a message in itself: 100 of them, and no more" {
	cat >self.proto <<-'END'
		syntax = "proto2";
		message utsns_entry {
			optional string nodename = 1;
			optional utsns_entry more = 3;
		}
	END
	protoc -o self.binpb self.proto
	# deep LEVELS [INNERMOST]: a document; others after it, so that there are
	# two ways to read it
	deep() {
		printf '{"magic":"UTSNS","entries":[%s%s%s,%s]}' \
			"$(yes '{"more":' | head -n $(($1 - 1)) | tr -d '\n')" "${2-{\}}" \
			"$(yes '}' | head -n $(($1 - 1)) | tr -d '\n')" \
			"$(yes '{"nodename":"a"}' | head -n 50 | paste -sd,)"
	}
	# the longest does not fit into memory
	for inner in '{}' '{"nodename":"b"}' "$(printf '{"nodename":"%070000d"}' 0)"; do
		for n in 2 17 99 100; do
			deep $n "$inner" >doc
			crit-encode --schema self.binpb doc >deep.img
			crit-decode --schema self.binpb -f json deep.img |
				jq -c . | cmp - <(jq -c . doc)
		done
		for n in 101 102 110 150; do
			deep $n "$inner" >doc
			run -1 crit-encode --schema self.binpb -o none doc
			[[ $output == *'messages nested too deep' ]]
			# and as an image: what is in it, with n - 1 tags and
			# lengths before it
			crit-encode --schema self.binpb \
				<<<"{\"magic\":\"UTSNS\",\"entries\":[$inner]}" |
				tail -c +13 >message
			size=$(wc -c <message) tags=
			for ((i = 1; i < n; i++)); do
				tag=1a
				for ((v = size; v > 127; v >>= 7)); do
					printf -v tag %s%02x $tag $((v & 127 | 128))
				done
				printf -v tag %s%02x $tag $v
				tags=$tag$tags
				size=$((size + ${#tag} / 2))
			done
			printf -v tag %08x $size
			{
				xxd -r -p <<<"1943565403324754${tag:6}${tag:4:2}${tag:2:2}${tag:0:2}$tags"
				cat message
			} >deep.img
			run -1 crit-decode --schema self.binpb deep.img
			[[ ${lines[-1]} == *'messages nested too deep'* ]]
		done
	done
}

@test "--schema that is none" {
	echo nonsense >bad.binpb
	run -1 crit-decode --schema bad.binpb "$images/loop/pstree.img"
	[[ $output == crit-decode:* ]]
	run -1 crit-decode --schema none.binpb "$images/loop/pstree.img"
	[[ $output == *'No such file'* ]]
}

@test "a directory: order, raw images, links, fifos, what is no image" {
	cp -r "$images/loop" dir
	cd dir
	mkfifo fifo.img
	mkfifo other
	mkdir sub.img
	ln -s /etc/passwd out.img
	ln -s pstree.img link.img
	echo text >dump.log
	printf '\x1f\x8b' >tmpfs-dev-7.tar.gz.img
	cd ..
	run -1 --separate-stderr timeout 120 crit-decode -v dir
	printf '%s\n' "$output" >out
	jq -r '.image' out | uniq | sed -n 1,5p | tr '\n' ' ' >order
	[ "$(cat order)" = 'inventory.img pstree.img ids-4242.img core-4242.img fdinfo-2.img ' ]
	grep -q '"image":"fifo.img","entries":\[\],"error":"not a regular file"' out
	grep -q '"image":"sub.img","entries":\[\],"error":"is a directory"' out
	grep -q '"image":"out.img","entries":\[\],"error":"symbolic link' out
	grep -q '"image":"link.img","magic":"PSTREE"' out
	[[ $stderr == *'pages-1.img: raw image, skipped'* ]]
	[[ $stderr == *'tmpfs-dev-7.tar.gz.img: raw image, skipped'* ]]
	[[ $stderr == *'dump.log: not an image, skipped'* ]]
	[[ $stderr == *'other: not an image, skipped'* ]]
	# the rest is there, the end is not
	grep -q '"image":"timens-0.img"' out
	! grep -q '^{"end"' out || false
}

@test "one bad image does not stop the others" {
	run -1 --separate-stderr crit-decode none.img "$images/loop/pstree.img" \
		"$images/edge/empty.img" "$images/loop/inventory.img"
	[[ ${lines[0]} == '{"image":"none.img","entries":[],"error":"'*'No such file'* ]]
	[[ ${lines[1]} == '{"image":"pstree.img",'* ]]
	[[ ${lines[2]} == '{"image":"empty.img","entries":[],"error":"empty: not an image"}' ]]
	[[ ${lines[3]} == '{"image":"inventory.img",'* ]]
	[ ${#lines[@]} = 4 ]
	[ "$(wc -l <<<"$stderr")" = 2 ]
}

@test "an image that fails is said in band, after what was read" {
	head -c 100 "$images/tree/pstree.img" >cut.img
	run -1 --separate-stderr crit-decode cut.img
	[[ ${lines[-1]} == '{"image":"cut.img","magic":"PSTREE","entries":[],"error":"entry 4, '* ]]
	[ ${#lines[@]} = 5 ]
	# and whoever reads the stream says so
	crit-decode cut.img 2>/dev/null >stream || true
	run -1 crit-encode stream
	[[ $output == *'cut.img'*'runs past the end'* ]]
}

@test "--nopl: sizes in place of payloads" {
	crit-decode --nopl "$images/files/pipes-data.img" | head -n 1 |
		grep -q '"extra":"\.\.\. <[0-9.]*[KMG]\?B>"'
}

@test "usage errors are 2, and say how to get help" {
	for bad in --none '-f xml' '-i a b' -o; do
		run -2 crit-decode $bad
		[[ $output == *"Try 'crit-decode --help'."* ]]
	done
	run -0 crit-decode --help
	[[ ${lines[0]} == Usage:* ]]
	run -0 crit-decode --version
	[[ $output == "crit-decode "[0-9]* ]]
}

@test "a full disk and a closed output are errors" {
	for options in '' '-f json' -p --help; do
		status=0
		crit-decode $options "$images/tree" >/dev/full 2>said || status=$?
		[ $status = 1 ]
		grep -q 'No space left' said
	done
	status=0
	crit-decode "$images/tree" >&- 2>said || status=$?
	[ $status = 1 ]
	[ -s said ]
}

@test "-o: all of it, or the old file" {
	crit-decode -o new "$images/tree/pstree.img"
	crit-decode "$images/tree/pstree.img" | cmp - new
	echo old >out
	run -1 crit-decode -o out "$images/edge/trunc-core.img"
	[ "$(cat out)" = old ]
	run -1 crit-decode -o none/out "$images/tree/pstree.img"
	# nothing is left behind
	[ "$(find . -type f | sort | tr '\n' ' ')" = './new ./out ' ]
	# json: no newline at the end of a file
	crit-decode -f json -o out "$images/tree/pstree.img"
	[ "$(tail -c 1 out)" = '}' ]
}

@test "-o: a name that can be none is refused before anything is read" {
	run -1 crit-decode -o '' none.img
	[ "${lines[0]}" = 'crit-decode: cannot create: No such file or directory' ]
	run -1 crit-decode -o none/ none.img
	[ "${lines[0]}" = 'crit-decode: none/: cannot create: Is a directory' ]
}

@test "files of one name, one after another, are told of" {
	run -0 --separate-stderr crit-decode "$images/tree/pstree.img" "$images/redis/pstree.img"
	[[ $stderr = 'crit-decode: pstree.img: another image has this name'* ]]
	run -0 --separate-stderr crit-decode "$images/tree/pstree.img" - <"$images/redis/pstree.img"
	[ -z "$stderr" ]
}

@test "-o -: standard output, as for -i" {
	crit-decode -o - "$images/tree/pstree.img" >records
	crit-decode "$images/tree/pstree.img" | cmp - records
	crit-encode -i records -o - | cmp - "$images/tree/pstree.img"
	crit-mem -o - -s loop "$images/loop" | cmp - <(crit-mem -s loop "$images/loop")
	crit decode -i "$images/tree/pstree.img" -o - | crit encode -o - |
		cmp - "$images/tree/pstree.img"
	[ "$(ls -A)" = records ]
}

@test "-o: a signal leaves the old file and nothing else" {
	echo old >out
	mkfifo pipe
	. "$CRIT_ROOT/test/until.bash"
	timeout 120 crit-decode -o out - <pipe 3>&- &
	pid=$!
	exec 7>pipe
	head -c 26 "$images/tree/pstree.img" >&7
	# its temporary file is there: it is at work
	until_true compgen -G '.crit-*'
	end_by TERM $pid
	status=0
	wait $pid || status=$?
	exec 7>&-
	[ $status = 143 ]
	[ "$(cat out)" = old ]
	[ "$(ls -A | tr '\n' ' ')" = 'out pipe ' ]
}

@test "a required field is missing, where the output's window ends" {
	threads=$(seq 1 60000 | paste -sd,)
	for pid in 1 2 3; do
		echo '{"magic":"PSTREE","entries":[{"pid":'$pid',"ppid":0,"threads":['"$threads"']}]}'
	done >in.json
	crit-encode --allow-partial -o in.img in.json
	for how in "" "-f json" "-f json -p"; do
		crit-decode $how in.img 2>stderr >out.json
		[ "$(jq -c '.entries[] | [.pid, (.threads | length)]' out.json | paste -sd' ')" = \
			"[1,60000] [2,60000] [3,60000]" ]
		grep -q 'required fields are missing: pgid' stderr
		crit-encode --allow-partial out.json | cmp - in.img
	done
}

@test "crit-info: one document, or a line each; right where CRIT is not" {
	crit-info "$images/tree/pstree.img" | jq -e '.count == 7'
	crit-info <"$images/tree/pstree.img" | jq -e '.count == 7'
	cat "$images/tree/pstree.img" | crit-info | jq -e '.magic == "PSTREE"'
	crit-info "$images/ghostsparse/ghost-file-1.img" | jq -e '.count > 0'
	for image in "$images"/synthetic/*[ftp]*-[0-9]*.img; do
		n=$(crit-decode -f json "$image" | jq '.entries | length')
		[ "$(crit-info "$image" "$image" | head -n 1 | jq .entries)" = "$n" ]
	done
	crit-info "$images/loop" | jq -s -e 'map(.size) | all'
	crit-info "$images/loop" | jq -s -e 'map(select(.raw)) | length == 1'
	run -1 crit-info "$images/edge/trunc-size.img"
	[[ $output == *'trunc-size.img: entry 7, offset 148: truncated entry size'* ]]
	run -2 crit-info --none
	! crit-info "$images/loop" >/dev/full || false
}

@test "crit-info: options" {
	crit-info -f json "$images/tree/pstree.img" >want
	crit-info -f json -i "$images/tree/pstree.img" | cmp - want
	crit-info -f json --schema "$CRIT_BUILD/crit.binpb" \
		"$images/tree/pstree.img" | cmp - want
	run -2 crit-info -i want want
	[ "${lines[0]}" = "crit-info: --in and operands exclude each other" ]
	run -2 crit-info -f yaml want
	[ "${lines[0]}" = "crit-info: unknown format 'yaml' (text, json, records, table)" ]
	run -1 crit-info --schema want "$images/tree/pstree.img"
	[ "${#lines[@]}" = 1 ]
}

@test "--schema names the magic of an image" {
	cp "$CRIT_ROOT/proto/options.proto" .
	cat >uring.proto <<-'END'
		syntax = "proto2";
		import "options.proto";
		message io_uring_data_entry {
			option (crit.image).magic = 0x54194822;
			option (crit.image).name = "IO_URING_DATA";
			option (crit.image).files = "io_uring-data.img";
			required uint32 id = 1;
			optional string what = 2;
		}
		message odd_entry {
			option (crit.image) = { magic: 0x01020304 name: "ODD" head: "service" };
			optional uint32 id = 1;
		}
	END
	protoc -I. -I/usr/include -o uring.binpb uring.proto
	echo 1943565422481954 05000000 0801120161 | xxd -r -p >io_uring-data.img
	echo 4059105504030201 02000000 0805 | xxd -r -p >odd.img
	crit-decode --schema uring.binpb io_uring-data.img odd.img >records 2>said
	[ ! -s said ]
	sed -n 1p records | grep -qxF '{"image":"io_uring-data.img","magic":"IO_URING_DATA","entries":[{"id":1,"what":"a"}]}'
	sed -n 2p records | grep -qxF '{"image":"odd.img","magic":"ODD","entries":[{"id":5}]}'
	crit-encode --schema uring.binpb -d back records
	cmp io_uring-data.img back/io_uring-data.img
	cmp odd.img back/odd.img
	# what was written with it can be read without it
	crit-decode io_uring-data.img 2>/dev/null | grep -q '"raw":"BQAAAAgBEgFh"'
	sed -i '/IO_URING_DATA/d' uring.proto
	protoc -I. -I/usr/include -o uring.binpb uring.proto
	run -1 crit-decode --schema uring.binpb odd.img
	[[ $output == *'image of message io_uring_data_entry: needs a name and a magic' ]]
}
