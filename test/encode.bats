#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# crit-encode: what it takes, what it refuses and says, what it leaves behind.
# shellcheck disable=SC2016

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	images=$CRIT_ROOT/test/images
}

# hex TEXT: its image in hex
hex() {
	printf '%s' "$1" | crit-encode | xxd -p | tr -d '\n'
}

# refused TEXT MESSAGE: status 1, one line that says so, no image
refused() {
	local out status=0
	printf '%s' "$1" | crit-encode >image 2>message || status=$?
	out=$(cat message)
	[ $status = 1 ] && [[ $out == "crit-encode: "*"$2"* ]] &&
		[ "$(wc -l <message)" = 1 ] || {
		echo "status $status, said: $out"
		return 1
	}
}

# pid VALUE: a document with this pid
pid() {
	printf '{"magic":"PSTREE","entries":[{"pid":%s,"ppid":0,"pgid":1,"sid":1}]}' "$1"
}

head=19435654303027500800000008
tail=100018012001

@test "integers: number, decimal, hex, octal, binary, exact floats" {
	for v in 16 '"16"' '"0x10"' '"0X10"' '"0o20"' '"0b10000"' '" 16 "' \
	    '"+16"' '"1_6"' 16.0 1.6e1 160e-1 0.16E+2; do
		[ "$(hex "$(pid "$v")")" = "${head}10$tail" ] || {
			echo "$v"
			return 1
		}
	done
	[ "$(hex "$(pid -0)")" = "${head}00$tail" ]
}

@test "integers that are none, or do not fit" {
	refused "$(pid 010)" 'leading zero'
	refused "$(pid '"010"')" 'leading zero'
	refused "$(pid 1.5)" 'fraction'
	refused "$(pid -1)" 'negative'
	refused "$(pid 4294967296)" 'does not fit 32 bits'
	refused "$(pid 1e400)" 'does not fit'
	refused "$(pid 18446744073709551616)" 'does not fit'
	refused "$(pid true)" 'expected a number'
	refused "$(pid null)" 'expected a number'
	refused "$(pid NaN)" 'expected a number'
	refused "$(pid '""')" 'not an integer'
	refused "$(pid '"1__0"')" 'not an integer'
	refused "$(pid '"0x"')" 'not an integer'
	refused "$(pid 1.)" 'digits after its dot'
	refused "$(pid 1e)" 'digits in its exponent'
}

@test "the place of an error: line, column, entry, path" {
	refused '{"magic":"MM","entries":[
  {"vmas":[{"start":1},
    {"start":"x"}]}]}' 'line 2'
	printf '{"magic":"INETSK","entries":[{"id":1,\n "src_addr":[1,2,"x"]}]}' >doc
	run -1 crit-encode doc
	[[ $output == "crit-encode: doc: line 2, column 21, entry 0, src_addr[2]: "* ]]
}

@test "JSON that is none" {
	local good='{"magic":"PSTREE","entries":[]}'
	refused "$good x" "found 'x'"
	refused '{"magic":"PSTREE","entries":[],}' 'comma'
	refused '{"magic":"PSTREE" "entries":[]}' "found '\"'"
	refused "{'magic':'PSTREE','entries':[]}" "found '''"
	refused '{"magic":"PSTREE",/**/"entries":[]}' "found '/'"
	refused '{"magic":"PSTREE","entries":[' 'truncated'
	refused '{"magic":"PSTR' 'truncated'
	refused '[]' "expected '{'"
	refused '' 'empty input'
	refused '{"magic":"PSTREE\x","entries":[]}' 'escape'
	refused '{"magic":"P\ud800","entries":[]}' 'surrogate'
	refused "$(printf '{"magic":"\xff"}')" 'UTF-8'
	refused "$(printf '{"magic":"a\nb"}')" 'control character 0x0a'
	refused "{\"end\":$(printf '[%.0s' {1..600})" 'too deep'
	printf '\377\376{\0' | run -1 crit-encode
	printf '{"magic":"PSTREE","entries":[]}\0' >nul
	run -1 crit-encode nul
	[ "$(hex $'\ufeff'"$good")" = 1943565430302750 ]
}

@test "documents: keys" {
	refused '{"entries":[]}' 'without "magic"'
	refused '{"magic":"PSTREE"}' 'without "entries"'
	refused '{"magic":"NOPE","entries":[]}' 'magic "NOPE" is unknown'
	refused '{"magic":"PSTREE","entires":[]}' 'did you mean entries?'
	refused '{"magic":"PSTREE","magic":"PSTREE","entries":[]}' 'twice'
	refused '{"magic":"PSTREE","entries":[{"pids":1}]}' 'did you mean pid?'
	refused '{"magic":"PSTREE","entries":[{"pid":1,"pid":1}]}' 'twice'
	refused '{"magic":"PSTREE","entries":[{"pid":1}]}' \
		'required fields are missing: ppid, pgid, sid'
	[ "$(hex '{"magic":"PSTREE","entries":null}')" = 1943565430302750 ]
	[ "$(hex '{"magic":"PSTREE","entries":[],"head":"none"}')" = \
		1943565430302750 ] && false
	[ "$(hex '{"head":"none","magic":"PSTREE","entries":[]}')" = 30302750 ]
	printf '{"magic":"PSTREE","entries":[{"pid":1}]}' >partial
	[ "$(crit-encode --allow-partial partial | xxd -p)" = \
		1943565430302750020000000801 ]
}

@test "strings: escapes, pairs, base64 for what is no UTF-8" {
	nodename() {
		hex '{"magic":"UTSNS","entries":[{"nodename":'"$1"',"domainname":""}]}' |
			cut -c25-
	}
	[ "$(nodename '"\u00e9\ud83d\ude00\u0000\/"')" = \
		0a08c3a9f09f9880002f1200 ]
	[ "$(nodename '{"base64":"/w=="}')" = 0a01ff1200 ]
	refused '{"magic":"UTSNS","entries":[{"nodename":5}]}' 'a string'
	refused '{"magic":"UTSNS","entries":[{"nodename":{"x":1}}]}' 'base64'
}

@test "the same among many entries, where another way reads them" {
	among() {		# MAGIC GOOD BAD
		local many
		many=$(yes "$2" | head -n 100 | paste -sd,)
		printf '{"magic":"%s","entries":[%s,%s,%s]}' "$1" "$many" "$3" "$many"
	}
	pstree() { among PSTREE '{"pid":1,"ppid":0,"pgid":1,"sid":1}' "$1"; }
	utsns() { among UTSNS '{"nodename":"a","domainname":"b"}' "$1"; }
	refused "$(pstree '{"pid":4294967296,"ppid":0,"pgid":1,"sid":1}')" 'does not fit 32 bits'
	refused "$(pstree '{"pid":-1,"ppid":0,"pgid":1,"sid":1}')" 'negative'
	refused "$(pstree '{"pid":01,"ppid":0,"pgid":1,"sid":1}')" 'leading zero'
	refused "$(pstree '{"pid":1.5,"ppid":0,"pgid":1,"sid":1}')" 'fraction'
	refused "$(pstree '{"pid":1e99,"ppid":0,"pgid":1,"sid":1}')" 'does not fit'
	refused "$(pstree '{"pid":1,"ppid":0,"pgid":1}')" 'required field "sid" is missing'
	refused "$(pstree '{"pid":1,"ppid":0,"pgid":1,"sid":1,"sid":1}')" 'twice'
	refused "$(pstree '{"pid":1,"ppid":0,"pgid":1,"sid":1,}')" 'comma before'
	refused "$(pstree '{"pid":1,"ppid":0,"pgid":1,"sid":1,"threads":[1,]}')" 'comma before'
	refused "$(pstree '{"pid":1,"ppid":0,"pgid":1,"sid":1,"threads":[4294967296]}')" 'does not fit 32 bits'
	refused "$(utsns '{"nodename":"'$'\377''","domainname":"b"}')" 'not UTF-8'
	refused "$(utsns '{"nodename":"'$'\355\240\200''","domainname":"b"}')" 'not UTF-8'
	refused "$(utsns '{"nodename":"a'$'\n''","domainname":"b"}')" 'control character'
	refused "$(utsns '{"nodename":"\q","domainname":"b"}')" 'escape'
}

@test "strings that are longer than a buffer, and as long as one" {
	for n in 32600 32700 32760 32768 32800 65000 200000 250000; do
		long=$(printf "%0${n}d" 0)
		more=$(yes '{"nodename":"a","domainname":"b"}' | head -n 50 | paste -sd,)
		printf '{"magic":"UTSNS","entries":[{"nodename":"%s","domainname":"b"},%s]}' \
			"$long" "$more" >doc
		# all of it in a window, which a pipe does not give
		crit-encode doc >one
		printf '{"magic":"UTSNS","entries":[{"nodename":{"base64":"%s"},"domainname":"b"},%s]}' \
			"$(printf %s "$long" | base64 -w 0)" "$more" | crit-encode >two
		cmp one two
	done
}

@test "base64 is strict, but may have line breaks" {
	local g='{"magic":"TTY_DATA","entries":[{"tty_id":1,"data":"%s"}]}'
	data() { hex "${g/\%s/$1}" | cut -c25-; }
	[ "$(data aGVsbG8=)" = 0801120568656c6c6f ]
	[ "$(data 'aGVs\nbG8=\n')" = 0801120568656c6c6f ]
	[ "$(data 'aG\r\nVsb\nG8\u003d')" = 0801120568656c6c6f ]
	[ "$(data '')" = 08011200 ]
	for v in aGVsbG8 aGVsbG9= 'aG!s' =aGV a aGVs=A-_ é; do
		refused "${g/\%s/$v}" base64 || return
	done
}

@test "extra agrees with its lengths" {
	local p='{"magic":"PIPES_DATA","entries":[{"pipe_id":1,"bytes":3%s}]}'
	[ "$(hex "${p/\%s/,\"extra\":\"YWJj\"}")" = \
		19435654093745560400000008011003616263 ]
	refused "${p/\%s/,\"extra\":\"YWI=\"}" 'extra: 2 there, where bytes says 3'
	refused "${p/\%s/}" 'extra: 0 there, where bytes says 3'
	refused "${p/\%s/,\"extra\":\"... <3B>\"}" 'nopl'
	refused '{"magic":"PSTREE","entries":[{"extra":""}]}' 'have none'
	refused '{"magic":"GHOST_FILE","entries":[{"uid":0,"gid":0,"mode":33188}]}' \
		'contents of the file are missing'
}

@test "extra before the fields that say how long it is; go-criu's shapes" {
	local want s='"inq_len":"2","inq_seq":1,"outq_len":3,"outq_seq":4,"opt_mask":7,"snd_wscale":7,"mss_clamp":9'
	local n='{"magic":"IPCNS_SEM","entries":[{"desc":{"key":1,"uid":0,"gid":0,"cuid":0,"cgid":0,"mode":384,"id":0},"nsems":3,"extra":%s}]}'
	want=$(hex '{"magic":"TCP_STREAM","entries":[{'"$s"',"extra":{"inq":"aW4=","outq":"T1VU"}}]}')
	[[ $want == *696e4f5554 ]]
	[ "$(hex '{"entries":[{"extra":{"out_q":"T1VU","in_q":"aW4="},'"$s"'}],"magic":"TCP_STREAM"}')" = "$want" ]
	want=$(hex "${n/\%s/[1,2,3]}")
	[[ $want == *0100020003000000 ]]
	[ "$(hex "${n/\%s/\"[1,2,3]\"}")" = "$want" ]
}

@test "unknown fields go back to their place" {
	[ "$(hex '{"magic":"PSTREE","entries":[{"_unknown":"AAE=","pid":1,"ppid":0,"pgid":1,"sid":1}]}' 2>message)" = "" ]
	grep -q 'not whole fields' message
	# fields 0x3 (wrong type: 1a0141) and 100 (a2060142)
	[ "$(hex '{"magic":"PSTREE","entries":[{"_unknown":"GgFBogYBQg==","sid":1,"pgid":1,"ppid":0,"pid":1}]}' | cut -c25-)" = \
		080110001a014118012001a2060142 ]
	refused '{"magic":"PSTREE","entries":[{"_unknown":"oAYB"}]}' 'missing'
	refused '{"magic":"PSTREE","entries":[{"_unknown":"CAE=","pid":1,"ppid":0,"pgid":1,"sid":1}]}' \
		'known as pid'
}

@test "an unknown field whose length leads back to its start" {
	# too long for memory: fields are put in order in a temporary file
	threads=$(seq 1 150000 | paste -sd,)
	# field 99, 2^64 - 12 bytes; the twelve are tag and length
	unknown=$(echo 9a06f4ffffffffffffffff01 | xxd -r -p | base64)
	echo '{"magic":"PSTREE","entries":[{"threads":['"$threads"'],"pid":1,"ppid":0,"pgid":1,"sid":1,"_unknown":"'"$unknown"'"}]}' >doc
	status=0
	timeout 120 crit-encode doc >image 2>message || status=$?
	[ $status = 1 ]
	grep -q '_unknown: not whole fields of the wire format' message
}

@test "a stream is whole, or nothing is in place" {
	crit-decode "$images/tree" >stream
	crit-encode -d new stream
	diff -r new "$images/tree" | grep -v '^Only in .*/test/images' && false
	head -n -1 stream >cut
	run -1 crit-encode -d none cut
	[[ $output == *"ended without its end record"* ]]
	[ ! -e none ]
	crit-encode --no-end -d new cut
	head -c 3000 stream >cut
	run -1 crit-encode -d none cut
	[ ! -e none ]
	cat stream stream >twice
	run -1 crit-encode -d none twice
	[[ $output == *"appears twice"* ]]
	split -l 7 stream part.
	crit-encode -d parts part.*
	diff -r new parts
	echo '{"image":"x.img","magic":"MM","entries":[],"error":"gone"}' >error
	run -1 crit-encode -d none error
	[[ $output == *"x.img"*"gone"* ]]
	[ ! -e none ]
}

@test "a folder that was there keeps what it had; nothing hidden stays" {
	mkdir dir
	echo old >dir/pstree.img
	run -1 crit-encode -d dir <<<'{"image":"pstree.img","magic":"PSTREE","entries":[]}'
	[ "$(cat dir/pstree.img)" = old ]
	[ "$(ls -A dir)" = pstree.img ]
	crit-encode --no-end -d dir <<<'{"image":"pstree.img","magic":"PSTREE","entries":[]}'
	[ "$(xxd -p dir/pstree.img)" = 1943565430302750 ]
	[ "$(ls -A dir)" = pstree.img ]
}

@test "names that leave the folder are refused" {
	for name in ../x . .. '' /x a/b 'a\u0000b' "$(printf 'x%.0s' {1..256})"; do
		run -1 crit-encode -d dir <<<"{\"image\":\"$name\",\"magic\":\"PSTREE\",\"entries\":[]}"
		[ ! -e dir ]
	done
}

@test "one image to standard output, more with -d" {
	crit-decode "$images/tree" >stream
	run -2 --separate-stderr crit-encode stream
	[ -z "${output//[^x]/}" ] || true
	[[ $stderr == *"more than one image"*"-d"* ]]
	run -2 crit-encode -o x -d y
	run -2 crit-encode --no-such-option
	run -0 crit-encode --help
	run -0 crit-encode --version
}

@test "an edit of .entries[0] meets the end record, too" {
	crit-decode "$images/redis/pstree.img" | jq -c '.entries[0].pgid = 5' >edited
	run -1 crit-encode -o out edited
	[[ $output = *'the end record has entries: .entries[0] = ... adds one to it, .entries[] does not' ]]
	jq -c 'select(."end") | {entries, "end": ."end"}' edited | cat <(sed '$d' edited) - >late
	run -1 crit-encode -o out late
	[[ $output = *'the end record has entries'* ]]
}

@test "-o: the old file stands until the new one is whole" {
	echo old >out
	run -1 crit-encode -o out <<<'{"magic":"PSTREE","entries":[{"pid":1}]}'
	[ "$(cat out)" = old ]
	chmod 640 out
	ln -s out link
	crit-encode -i <(pid 1) --out link
	[ -L link ]
	[ "$(stat -c %a out)" = 640 ]
	[ "$(xxd -p out)" = "${head}01$tail" ]
	. "$CRIT_ROOT/test/until.bash"
	mkfifo in
	timeout 120 crit-encode -o out <in 3>&- &
	exec 8>in
	pid 1 | head -c 30 >&8
	until_true compgen -G '.crit-*.tmp'
	end_by TERM $!
	wait $! || true
	exec 8>&-
	[ "$(xxd -p out)" = "${head}01$tail" ]
	[ "$(ls -A)" = "$(printf 'in\nlink\nout')" ]
}

@test "a full disk is an error" {
	run -1 bash -c 'echo "{\"magic\":\"PSTREE\",\"entries\":[]}" | crit-encode >/dev/full'
	[[ $output == *"No space left"* ]]
}

@test "keys in any order: magic and lengths last" {
	for file in files/pipes-data.img ipc/ipcns-msg-12.img mem/mm-*.img \
	    sock/sk-queues.img; do
		for image in $images/$file; do
			[ -e "$image" ] || continue
			crit-decode "$image" | jq -S -c . | crit-encode >out
			cmp out "$image"
		done
	done
}

@test "records of an image without a name are one image" {
	for i in pstree core-1001 pagemap-1001; do
		crit-decode <"$images/tree/$i.img" >r
		! grep -q '"image"' r || false
		crit-encode <r | cmp - "$images/tree/$i.img"
		jq -S -c . r | crit-encode | cmp - "$images/tree/$i.img"
	done
	run crit-encode < <(crit-decode <$images/tree/pstree.img
		crit-decode <$images/tree/files.img)
	[ "$status" = 2 ]
}

@test "a directory is written as a whole, or not at all" {
	mkdir d
	crit-decode "$images/loop" >stream
	crit-encode -d d stream
	cp -r d before
	# one target that cannot be replaced, whichever comes first
	for name in $(cd d && ls); do
		rm d/$name
		mkdir d/$name
		touch d/$name/x
		for other in d/*.img; do
			[ -d $other ] || echo old >$other
		done
		run crit-encode -d d stream
		[ "$status" = 1 ]
		[[ $output == "crit-encode: $name: is a directory in d"* ]]
		[ "$(cat d/*.img 2>/dev/null | sort -u)" = old ]
		[ -z "$(ls -A d | grep -F .crit)" ]
		rm -r d/$name
		cp before/$name d
	done
	crit-encode -d d stream
	diff -r before d
	mkfifo e
	rm d/pstree.img && mkfifo d/pstree.img
	run crit-encode -d d stream
	[ "$status" = 1 ]
	[[ $output == *'not a regular file'* ]]
}

@test "a rename that fails rolls the others back" {
	crit-decode "$images/loop" >stream
	mkdir d
	crit-encode -d d stream
	for name in $(cd d && ls); do echo old >d/$name; done
	rm d/pstree.img d/core-*	# new ones go away again
	cp -r d before
	for ((i = 1; i < 200; i++)); do
		rm -f hit
		run env CRIT_FAULT=renameat:$i:EIO CRIT_FAULT_HIT=$PWD/hit \
			"$CRIT_BUILD/test/faults/crit-encode" -d d stream
		[ -e hit ] || break
		[ "$status" = 1 ]
		diff -r before d
		[ "$(ls -A d)" = "$(ls -A before)" ]
	done
	[ $i -gt 3 ]
	[ "$status" = 0 ]
}

@test "new images are for their owner only; what is replaced keeps its mode" {
	umask 022
	crit-decode "$images/loop" >stream
	crit-encode -d d stream
	[ "$(stat -c %a d)" = 700 ]
	[ "$(stat -c %a d/*.img | sort -u)" = 600 ]
	chmod 640 d/inventory.img
	crit-encode -d d stream
	[ "$(stat -c %a d/inventory.img)" = 640 ]
	[ "$(stat -c %a d/pstree.img)" = 600 ]
	crit-decode "$images/loop/pstree.img" | crit-encode -o new.img
	[ "$(stat -c %a new.img)" = 600 ]
	chmod 604 new.img
	crit-decode "$images/loop/pstree.img" | crit-encode -o new.img
	[ "$(stat -c %a new.img)" = 604 ]
	[ "$(id -u)" = 0 ] || return 0
	chown 1:2 new.img d/inventory.img 2>/dev/null || return 0
	crit-decode "$images/loop/pstree.img" | crit-encode -o new.img
	crit-encode -d d stream
	[ "$(stat -c %u:%g:%a new.img d/inventory.img | paste -sd' ')" = \
		"1:2:604 1:2:640" ]
}

@test "integers that jq 1.6 rounded" {
	# as jq 1.6 prints them: 17 digits that count
	for start in 18446744073699066000 18446744073699070000 123456789012345670; do
		run crit-encode -o out - <<<'{"magic":"VMAS","entries":[{"start":'$start',"end":0,"pgoff":0,"shmid":0,"prot":1,"flags":2,"status":1,"fd":-1}]}'
		[ "$status" = 1 ]
		[[ $output == *"entry 0, start: $start is not the address of a page; a program such as jq 1.6 may have rounded it; use records (the default)" ]]
		[ ! -e out ]
	done
	run crit-encode -o out - <<<'{"magic":"PSTREE","entries":[{"pid":18446744073709552000}]}'
	[ "$status" = 1 ]
	[[ $output == *"18446744073709552000 does not fit 64 bits; a program such as jq 1.6 may have rounded it; use records (the default)" ]]
	# elsewhere a warning, once an image
	event='{"id":1,"flags":0,"fown":{"uid":0,"euid":0,"signum":0,"pid_type":0,"pid":0},"counter":COUNTER}'
	event="{\"magic\":\"EVENTFD_FILE\",\"entries\":[$event,$event]}"
	for counter in 18446744073709550000 123456789012345680 1234567890123456700; do
		run -0 crit-encode -o out - <<<"${event//COUNTER/$counter}"
		[[ $output == *": warning: $counter: a program such as jq 1.6 "* ]]
		[ "$(wc -l <<<"$output")" = 1 ]
	done
	# none of what is round, or has all its digits, or is a string
	for counter in 100000000000000000 1000000000000000000 18446744073709551615 \
			123456789012345678 '"18446744073709549000"' 9007199254740993; do
		run -0 crit-encode -o out - <<<"${event//COUNTER/$counter}"
		[ "$output" = "" ]
	done
}

@test "an mm image through jq 1.6: refused as a document, whole as records" {
	local found=
	for mm in "$images"/*/mm-*.img; do
		crit-decode "$mm" | jq -c . | crit-encode --no-end | cmp - "$mm"
		grep -q 1844674407369 <(crit-decode -f json "$mm") || continue
		found=1
		[ "$(jq -n 18446744073699065856)" = 18446744073699066000 ] || continue
		run crit-encode -o out - < <(crit-decode -f json "$mm" | jq -c .)
		[ "$status" = 1 ]
	done
	[ $found ]
}
