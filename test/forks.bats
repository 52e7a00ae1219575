# SPDX-License-Identifier: MIT
#
# Images that a newer CRIU or another one wrote: nothing of them is lost.

setup() {
	cases=$CRIT_ROOT/test/cases
	cd "$BATS_TEST_TMPDIR" || exit 1
	set -o pipefail
}

# whole FILE: it comes back byte for byte, from each format
whole() {
	local options
	for options in '' -p '-f json' '-f json -p'; do
		crit-decode $options "$1" >doc 2>said
		crit-encode -i doc -o back
		cmp "$1" back
	done
}

# image MAGIC HEX: an image of one entry
image() {
	local n=$((${#2} / 2))
	printf '1943565%s%02x%02x%02x00%s' "4$1" $((n & 255)) \
		$((n >> 8 & 255)) $((n >> 16)) "$2" | xxd -r -p
}

@test "a message in place of which there is something else" {
	whole "$cases/pagemap-layout-a.img"
	grep -q 'entry 1, blocks, offset 28: warning: .*_unknown' said
	crit-decode "$cases/pagemap-layout-a.img" 2>/dev/null | sed -n 2p >got
	[ "$(<got)" = '{"image":"pagemap-layout-a.img","magic":"PAGEMAP","entries":[{"vaddr":65536,"compat_nr_pages":3,"flags":4,"nr_pages":3,"_unknown":"MgXQDwCAIDjQLw=="}]}' ]
}

@test "the inode of a pidfd has 64 bits" {
	whole "$cases/pidfd-ino-64bit.img"
	[ ! -s said ]
	crit-decode "$cases/pidfd-ino-64bit.img" | grep -q '"ino":4294967301,'
}

@test "numbers that are too large for their field" {
	local pstree=30302750
	# pid = 2^32 + 5; threads = 1, 2^32 + 5, 2; the same packed
	image $pstree 08858080801010001801200128012885808080102802 >odd.img
	whole odd.img
	[ "$(grep -c warning said)" = 1 ]
	grep -q 'odd.img: entry 0, pid, offset 12: warning' said
	crit-decode odd.img 2>/dev/null |
		grep -q '"entries":\[{"ppid":0,"pgid":1,"sid":1,"threads":\[1\],"_unknown":"CIWAgIAQKIWAgIAQKAI="}\]'
	image $pstree 08011000180120012a0701858080801002 >odd.img
	whole odd.img
}

@test "they are kept in messages that do not fit into memory, too" {
	# 30000 threads, one of them too large; its pid likewise
	image 30302750 "$(awk 'BEGIN {
		printf "088580808010100018012001"
		for (i = 0; i < 30000; i++)
			printf i == 20000 ? "288580808010" : "28d98c01"
	}')" >odd.img
	whole odd.img
	[ "$(grep -c warning said)" = 1 ]
	[ "$(crit-decode odd.img 2>/dev/null | jq -c 'select(.image) | .entries[].threads | length')" = 20000 ]
}

@test "a large list in place of a message" {
	# 60001 blocks of 4096 bytes: an odd number of varints is no message
	for n in 60001 200001; do
		awk -v n=$n 'BEGIN {
			printf "088080041003"
			printf "3203"	# the length comes here
			for (i = 0; i < n; i++)
				printf "8020"
		}' >hex
		size=$((2 * n))
		length=$(printf '%02x%02x%02x' $((size & 127 | 128)) \
			$((size >> 7 & 127 | 128)) $((size >> 14)))
		sed -i "s/^0880800410033203/08808004100332$length/" hex
		all=$(($(wc -c <hex) / 2))
		{
			printf 1943565425400856
			printf 020000000801
			printf '%02x%02x%02x00' $((all & 255)) $((all >> 8 & 255)) $((all >> 16))
			cat hex
		} | xxd -r -p >odd.img
		whole odd.img
		[ "$(grep -c 'entry 1, blocks.*warning' said)" = 1 ]
		crit-decode - <odd.img 2>/dev/null | crit-encode | cmp - odd.img
	done
}

@test "a mapping of a large mm that is none" {
	bench-gen mm 4000 >mm-1.img
	# the length of a field in the 2000th mapping
	crit-decode mm-1.img | jq -c 'select(.image) | .entries[].vmas[:2]' >before
	at=$(LC_ALL=C grep -abo $'\x72' mm-1.img | sed -n 2000p | cut -d: -f1)
	printf '\xff\xff' | dd of=mm-1.img bs=1 seek=$((at + 2)) conv=notrunc 2>/dev/null
	whole mm-1.img
	grep -q 'warning' said
}

@test "explorers leave such values out, from a directory and from a stream" {
	cp -r "$CRIT_ROOT/test/images/loop" d
	crit-decode -f json d/pstree.img | jq -c '.entries[0] +=
		{"ppid": 7, "_unknown": "KIWAgIAQ"} | del(.entries[0].ppid)' |
		crit-encode --allow-partial -o d/pstree.img
	for options in '' '-f json' '-f records'; do
		crit-x $options d ps >dir
		crit-decode d 2>/dev/null | crit-x $options ps >stream
		cmp dir stream
	done
}

@test "pages whose blocks are in another layout are not read as they are" {
	mkdir d
	crit-decode "$cases/pagemap-layout-a.img" 2>/dev/null |
		sed 's/pagemap-layout-a/pagemap-1/' | crit-encode -d d
	head -c 12288 /dev/zero >d/pages-1.img
	run crit-mem -p 1 -a 0x10000+16 d
	[ "$status" != 0 ]
}

@test "files of GPUs and of Virtuozzo are raw images, passed over and counted" {
	cp -r "$cases/amdgpu" d
	for name in pages-shmem-1 pages-1.comp vz-iptables-nft-5 \
			vz-ip6tables-nft-5 ipset-5; do
		head -c 64 /dev/urandom >d/$name.img
	done
	crit-decode -v d >stream 2>said
	[ "$(grep -c 'raw image' said)" = 10 ]
	tail -n 1 stream | grep -q '^{"end":'
	crit-info d >info
	[ "$(grep -c '"raw":"AMDGPU"' info)" = 3 ]
	[ "$(grep -c '"raw":"AMDGPU_PAGES"' info)" = 2 ]
	[ "$(grep -c '"raw":' info)" = 10 ]
}

@test "an image with a name that is not UTF-8" {
	mkdir d
	cp "$CRIT_ROOT/test/images/loop/pstree.img" $'d/\xff\xfe.img'
	cp "$CRIT_ROOT/test/images/loop/inventory.img" d
	for filter in cat 'jq -c .' 'jq -S -c .'; do
		rm -rf e
		crit-decode d | $filter | crit-encode -d e
		diff -r d e
	done
	crit-decode d | crit-x -f records ps >/dev/null 2>said || :
	! grep -q base64 said || false
	echo '{"image":{"base64":"Li4="},"magic":"PSTREE","entries":[]}' >doc
	run crit-encode -d e doc
	[ "$status" = 1 ]
	[[ $output == *'not the name of a file'* ]]
}

@test "go-criu's JSON: names of unix sockets are base64" {
	for name in sock redis perl; do
		for filter in cat 'jq .' 'jq -S .'; do
			$filter "$cases/go-json/$name-files.json" | crit-encode |
				cmp - "$CRIT_ROOT/test/images/$name/files.img"
		done
		# CRIT's, in any order
		for format in records json; do
			crit-decode -f $format <"$CRIT_ROOT/test/images/$name/files.img" |
				jq -S -c . | crit-encode |
				cmp - "$CRIT_ROOT/test/images/$name/files.img"
		done
	done
}

@test "a name that may be either is refused" {
	usk='"id":1,"ino":2,"type":1,"state":1,"flags":2,"uflags":0,"backlog":0,"peer":0,"fown":{"uid":0,"euid":0,"signum":0,"pid_type":0,"pid":0}'
	opts='"so_sndbuf":1,"so_rcvbuf":1,"so_snd_tmo_usec":0,"so_rcv_tmo_sec":0,"so_rcv_tmo_usec":0'
	doc() {			# SO_SND_TMO_SEC NAME [BEFORE]
		echo "{$3\"magic\":\"UNIXSK\",\"entries\":[{$usk,\"opts\":{$opts,\"so_snd_tmo_sec\":$1},\"name\":\"$2\"}]}"
	}
	run crit-encode -o out - <<<"$(doc '"0"' /tmp/abc)"
	[ "$status" = 1 ]
	[[ $output == *"go-criu's base64?"* ]]
	# one that can be one of them only
	doc '"0"' /tmp/abcd | crit-encode | crit-decode | grep -q '"/tmp/abcd"'
	# named records are never go-criu's
	doc '"0"' /tmp/abc '"image":"unixsk.img",' | crit-encode --no-end |
		crit-decode | grep -q '"/tmp/abc"'
	doc 0 /tmp/abc | crit-encode | crit-decode | grep -q '"/tmp/abc"'
}

@test "an image with an unknown magic goes through as raw records" {
	mkdir d
	cp "$CRIT_ROOT/test/images/loop/"{pstree,inventory}.img d
	{ echo 1943565422481954 | xxd -r -p; head -c 150000 /dev/urandom; } >d/io_uring-data.img
	{ echo 1943565401020305 | xxd -r -p; head -c 98304 /dev/zero; } >d/exact.img
	echo 4059105501020304 | xxd -r -p >d/service.img
	for format in records yaml; do
		rm -rf e
		crit-decode -f $format d 2>said | crit-encode -d e
		diff -r d e
	done
	grep -q 'io_uring-data.img: warning: magic 0x54194822 is unknown (IO_URING_DATA' said
	for filter in 'jq -c .' 'jq -S .'; do
		rm -rf e
		crit-decode d 2>/dev/null | $filter | crit-encode -d e
		diff -r d e
	done
	for options in '' '-f json' '-f json -p'; do
		for name in io_uring-data exact service; do
			crit-decode $options <d/$name.img 2>/dev/null | crit-encode |
				cmp - d/$name.img
		done
	done
	# records of 48 KiB
	crit-decode d/io_uring-data.img 2>/dev/null >records
	[ "$(grep -c '^{"image":"io_uring-data.img","magic":"0x54194822","entries":\[\],"raw":"' records)" = 4 ]
	crit-decode d/exact.img 2>/dev/null | wc -l | grep -qx 3
	crit-decode d/service.img 2>/dev/null | head -n 1 |
		grep -qxF '{"image":"service.img","magic":"0x04030201","head":"service","entries":[],"raw":""}'
	# explorers pass over it; crit-info tells
	crit-decode d 2>/dev/null | { crit-x -f records ps 2>/dev/null || :; } |
		grep -q '"pid":4242'
	crit-info d 2>/dev/null | grep -q '"image":"exact.img","magic":"0x05030201","entries":0,"count":0,"payload":98304,'
}

@test "--strict rejects an unknown magic, and so does crit" {
	mkdir d
	echo 1943565401020305 | xxd -r -p >d/odd.img
	run crit-decode --strict d
	[ "$status" = 1 ]
	[[ $output == *'"image":"odd.img","entries":[],"error":'*'unknown magic 0x05030201'* ]]
	! grep -q '"end"' <<<"$output" || false
	run crit decode -i d/odd.img
	[ "$status" = 1 ]
	# raw pages have no head: they stay an error
	head -c 4096 /dev/zero >d/other.img
	run crit-decode d
	[ "$status" = 1 ]
}

@test "raw: what is wrong with it" {
	while IFS='|' read -r doc message; do
		run crit-encode -o out - <<<"$doc"
		[ "$status" = 1 ]
		[[ $output == *"$message"* ]]
	done <<-'END'
		{"magic":"0x05030201","entries":[{}]}|has no entries, but "raw"
		{"magic":"0x05030201","entries":[]}|a document without "raw"
		{"magic":"PSTREE","entries":[],"raw":""}|only images with an unknown magic
		{"magic":"0x5030201","entries":[],"raw":""}|magic "0x5030201" is unknown
		{"magic":"0x05030201","raw":"a"}|base64
	END
}

@test "the end record lists the raw images that were passed over" {
	mkdir d
	cp "$CRIT_ROOT/test/images/loop/pstree.img" d
	crit-decode d | tail -n 1 | grep -qxF '{"end":{"images":1,"records":1},"entries":[]}'
	echo x >d/pages-1.img
	echo x >d/pages-10.img
	crit-decode d | tail -n 1 |
		grep -qxF '{"end":{"images":1,"records":1,"raw":["pages-1.img","pages-10.img"]},"entries":[]}'
	crit-decode -f json d | tail -n 1 |
		grep -qxF '{"end": {"images": 1, "records": 1, "raw": ["pages-1.img", "pages-10.img"]}, "entries": []}'
	for format in records yaml; do
		rm -rf e
		crit-decode -f $format d | crit-encode -d e
		[ "$(ls e)" = pstree.img ]
	done
}

@test "keys of a document in any order: head after the entries" {
	entry='{"pid":1,"ppid":0,"pgid":1,"sid":1}'
	# enough of them for the output to be sent before the head comes
	many=$entry$(awk -v e=",$entry" 'BEGIN { while (n++ < 100000) printf "%s", e }')
	for entries in "$entry" "$many"; do
		for head in none common service; do
			echo '{"magic":"PSTREE","head":"'$head'","entries":['"$entries"']}' |
				crit-encode -o want
			echo '{"magic":"PSTREE","entries":['"$entries"'],"head":"'$head'"}' >doc
			crit-encode -o got doc
			cmp want got
			crit-encode doc >got
			cmp want got
			echo '{"entries":['"$entries"'],"head":"'$head'","magic":"PSTREE"}' |
				crit-encode -o got
			cmp want got
			echo x >got
			crit-encode doc >>got
			cmp want <(tail -c +3 got)
		done
	done
	# a pipe cannot take back what it got
	echo '{"magic":"PSTREE","entries":['"$many"'],"head":"none"}' >doc
	! crit-encode doc 2>said | cat >/dev/null || false
	grep -q 'put it before them, or write to a file' said
	# each record has it
	cp "$CRIT_ROOT/test/images/edge/v10-pstree.img" .
	crit-decode v10-pstree.img | jq -c 'if .end then . else
		{image, magic, entries, head: "none"} end' >records
	crit-encode -d d records
	cmp v10-pstree.img d/v10-pstree.img
	echo '{"image":"a.img","magic":"PSTREE","entries":['"$entry"']}
		{"image":"a.img","magic":"PSTREE","entries":['"$entry"'],"head":"none"}' >doc
	run crit-encode --no-end -o out doc
	[ "$status" = 1 ]
	[[ $output == *'had another head before'* ]]
}

@test "fields of forks and of CRIU's development" {
	while IFS='|' read -r magic entry; do
		echo "{\"magic\":\"$magic\",\"entries\":[$entry]}" >doc
		crit-encode --allow-partial -o image doc 2>said
		crit-decode <image 2>/dev/null | jq -c '.entries[]' | cmp - <(echo "$entry")
	done <<-'END'
		PSTREE|{"pid":1,"own_pid":1,"vz_child_subreaper":true}
		PIDFD|{"id":1,"ino":4294967301,"attr":{"exit_code":-1,"ino":5,"dump_pid":7}}
		SK_QUEUES|{"id_for":1,"length":0,"dead_pid":7,"extra":""}
		INVENTORY|{"img_version":2,"nested_ns":true}
		USERNS|{"creator_pid":7}
		STATS|{"restore":{"resume_time":5}}
		PAGEMAP|{"pages_id":1}
		CORE|{"mtype":"AARCH64","tc":{"task_state":1,"vz_stop_signo":19},"ids":{"vm_id":1,"vz_pid_for_children_ns_id":2},"thread_core":{"vz_start_time":6}}
		REG_FILES|{"id":1,"vz_use_relative_path":true}
		NETLINK_SK|{"id":1,"vz_enobufs":true}
		INETSK|{"id":1,"ip_opts":{"vz_pktinfo":true}}
		EVENTPOLL_TFD|{"id":1,"pid":9}
	END
}

@test "proposals that use a number otherwise survive as unknown" {
	# inventory 14 as a message
	echo 16313158 06000000 08027202080a | xxd -r -p >inv.img
	whole inv.img
	grep -q 'allow_uprobes.*warning' said
}
