#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# crit-check: checkpoints that restore are clean, and options, formats, streams.
# What each rule fires on is in check-rules.sh.

setup() {
	bats_require_minimum_version 1.5.0
	images=$CRIT_ROOT/test/images
	. "$CRIT_ROOT/test/whole.bash"
	cd "$BATS_TEST_TMPDIR"
	set -o pipefail
}

# edit NAME IMAGE JQ: a copy of a checkpoint with one image changed
edit() {
	rm -rf edited
	cp -r "$images/$1" edited
	crit-decode -f json "$images/$1/$2" | jq -c "$3" |
		crit-encode -o "edited/$2"
}

# Of most checkpoints the tests have no pages.
@test "a checkpoint that CRIU restores has no error" {
	for name in ct ghostsparse incr/1 incr/2 incr/3 ipc loop mem sock tree; do
		crit-check "$images/$name" >out || { echo $name; cat out; false; }
		! grep '^error' out || false
	done
	for name in bpf cpuinfo deadproc extfile fanotify files oddnames perl \
		pidfd redis socktcp timers tty; do
		! crit-check "$images/$name" |
			grep -v '^error pages-missing' | grep '^error' || false
		crit-decode "$images/$name" | crit-check >out
	done
	[ -z "$(crit-check "$images/loop")" ]
}

# Their pages, parents, archives of tmpfs and ghost files are not here.
@test "CRIU's own tests, which restored, have no error" {
	mkdir zdtm
	zstd -dc --long=27 "$images/zdtm.tar.zst" | tar x -C zdtm
	for dir in zdtm/*; do
		! crit-check "$dir" | sed -n 's/^error \([^ ]*\).*/\1/p' | grep -vxE \
			'pages-missing|pagemap-parent-missing|mnt-tmpfs-missing|remap-ghost-missing' || false
	done
}

@test "lazy pages need --lazy-pages" {
	run -1 crit-check "$images/lazy"
	[ "$(grep -c '^error pagemap-lazy-only' <<<"$output")" = 10 ]
	run -0 crit-check --allow lazy-pages "$images/lazy"
	[ -z "$output" ]
}

@test "a broken reference names both ends" {
	edit redis files.img \
		'.entries |= map(select(.type != "UNIXSK" and .id != 1))'
	run -1 crit-check edited
	[[ $output == *"error fs-cwd-missing fs-20001.img: entry 0, cwd_id: "* ||
	   $output == *"error mm-exe-missing mm-20001.img: entry 0, exe_file_id: 1 "* ||
	   $output == *"error fdinfo-file-missing fdinfo-2.img: entry "*"descriptor "*" leads to "*" 1, "* ]]
}

# What was read of an entry before it showed to be irregular counts once.
@test "an entry with its fields out of order is the same entry" {
	. "$CRIT_ROOT/test/again.bash"
	cp -r "$images/tree" odd
	crit-check odd >before || [ $? = 1 ]
	for image in odd/mm-*.img odd/core-*.img odd/fs-*.img; do
		again "$image"
	done
	crit-check odd >after || [ $? = 1 ]
	diff before after
	# with one that lacks what it must have, too
	crit-encode --no-end --allow-partial -o odd/mm-1001.img <<-E
	{"image":"mm-1001.img","magic":"MM","entries":[{"mm_start_code":0,
	"vmas":[{"start":4096,"pgoff":0}]}]}
	E
	crit-check odd >before || [ $? = 1 ]
	again odd/mm-1001.img
	crit-check odd >after || [ $? = 1 ]
	diff before after
	[ "$(grep -c 'mm-1001.img.*vmas' after)" -ge 1 ]
}

@test "records: a line of JSON for each finding" {
	edit loop pstree.img '.entries[0].pgid = 77 | .entries[0].sid = 4242'
	run -1 crit-check -f records edited
	jq -es 'any(.rule == "pstree-session-leader-pgid" and
		.severity == "error" and .image == "pstree.img" and
		.entry == 0 and .field == "pgid" and
		.values == {"pid": 4242, "pgid": 77})' <<<"$output"
}

@test "a stream of records, without raw images" {
	crit-decode "$images/ct" | crit-check --allow root >stream
	crit-check --allow root "$images/ct" >store
	diff store stream
	run -1 crit-check - < <(crit-decode "$images/loop" |
		jq -c 'select(.image != "mm-4242.img")')
	[[ $output == *"error mm-missing pstree.img: entry 0: mm-4242.img is missing"* ]]
	crit-decode "$images/loop" | head -n 3 >cut
	run -1 --separate-stderr crit-check <cut
	[ -n "$stderr" ]
}

@test "--allow drops what an option of restore solves" {
	run -0 crit-check < <(crit-decode "$images/socktcp")
	[[ $output == *"note opt-tcp-established"* ]]
	run -0 crit-check --allow tcp-established --allow --file-locks \
		< <(crit-decode "$images/socktcp")
	[[ $output != *"opt-tcp-established"* ]]
}

@test "--allow knows the options that rules depend on, and says what is meant" {
	for option in $(grep -oh 'check_allows(c, "[^"=]*' \
			"$CRIT_ROOT"/lib/check/*.c | cut -d'"' -f2 | sort -u); do
		crit-check --allow "$option" "$images/loop"
	done
	run -2 crit-check --allow tcp-establishd "$images/loop"
	[[ $output == *"'tcp-establishd' (did you mean tcp-established?)"* ]]
	run -0 crit-check --allow "--external=mnt[/x]:/y" "$images/loop"
	run -2 crit-check --allow log-file=x "$images/loop"
}

@test "streams in shards" {
	crit-copy -f stream --to-shard two "$images/tree" one
	crit-check --shard two one >found
	crit-check "$images/tree" | diff - found
	run -1 crit-check one
	run -2 crit-check --shard two one "$images/loop"
}

@test "several checkpoints: each line names its own; the worst status wins" {
	edit loop pstree.img '.entries[0].pgid = 77'
	run -1 crit-check edited "$images/loop" "$images/ct"
	[[ $output == *"edited: error pstree-session-leader-pgid "* ]]
	[[ $output == *"$images/ct: note "* ]]
	run -1 crit-check nothing "$images/loop"
}

@test "an image that cannot be read is one finding, and not followed" {
	cp -r "$images/loop" broken
	printf junkjunk >broken/files.img
	run -1 crit-check broken
	[[ $output == "error img-magic files.img: "* ]]
	[ "${#lines[@]}" = 1 ]
	: >broken/files.img
	run -1 crit-check broken
	[[ $output == "error img-empty files.img: "* ]]
	[ "${#lines[@]}" = 1 ]
}

@test "--list: each rule once" {
	crit-check --list >list
	awk '{ print $2 }' list | sort | uniq -d >twice
	[ ! -s twice ]
	[ "$(wc -l <list)" -gt 370 ]
	! grep -vE '^(error|warning|note) +[a-z0-9-]+ +[^ ]' list || false
}

@test "usage" {
	run -2 crit-check -f yaml .
	run -2 crit-check --frobnicate
}

# mut is whole; only its pages are not here, and records do not hold them
@test "broken in ten ways: each is told once, in the same order" {
	crit-decode "$CRIT_ROOT/test/check/mut" | jq -c '
		if .image == "pstree.img" then
			(.entries[] | select(.pid == 3007)).ppid = 77
		elif .image == "core-3004.img" then
			.entries[0].tc.task_state = 6 | .entries[0].mtype = 99
		elif .image == "mm-3008.img" then
			.entries[0].exe_file_id = 99 | .entries[0].dumpable = 7
		elif .image == "fs-3001.img" then .entries[0].cwd_id = 98
		elif .image == "remap-fpath.img" then .entries[0].orig_id = 97
		elif .image == "pipes-data.img" then .entries[0].size = 2
		elif .image == "memfd.img" then .entries[0].seals = 255
		elif .image == "inventory.img" then .entries[0].lsmtype = 9
		else . end' >records
	crit-check <records >found || [ $? = 1 ]
	crit-check <records >again || [ $? = 1 ]
	cmp found again
	[ "$(sort found | uniq -d | wc -l)" = 0 ]
	for rule in pstree-parent-missing core-state core-mtype-unknown \
		mm-exe-missing mm-dumpable fs-cwd-missing remap-orig-missing \
		pipe-data-capacity memfd-seals inventory-lsm-type; do
		grep -q " $rule " found || { echo $rule; cat found; false; }
	done
}

@test "what crit-encode writes is as clean as what it was made from" {
	for name in ct ipc sock tree; do
		crit-decode "$images/$name" | crit-encode -d again
		cp -n "$images/$name"/* again 2>/dev/null || :
		crit-check "$images/$name" >before
		crit-check again | diff before -
		as_whole "$images/$name" again
		differs_by "$images/$name" again
		rm -r again
	done
}

@test "an archive is as its directory" {
	crit-check "$images/ct" >directory
	for way in '' z; do
		tar -C "$images/ct" -c${way}f ct.tar .
		crit-check ct.tar | diff directory -
		crit-check <ct.tar | diff directory -
		cat ct.tar | crit-check - | diff directory -
	done
	tar -C "$images" -cf incr.tar incr
	crit-check --at incr/3 incr.tar
	tar -C "$images" -cf two.tar loop ct
	crit-check --at ct two.tar | diff directory -
	run -1 crit-check two.tar
	[[ $output == *"choose one with --at"* ]]
}

# A dump whose parent was left elsewhere; a parent that a copy made a file.
@test "an archive tells of its link to a parent, as its directory does" {
	cp -r "$images/incr/2" alone
	rm alone/parent
	ln -s ../1 alone/parent
	run -1 crit-check alone
	[[ $output == *"error parent-dangling "*": ../1"* ]]
	tar -cf alone.tar alone
	run -1 --separate-stderr crit-check alone.tar
	[ "$output" = "$(crit-check alone)" ]
	rm alone/parent
	echo ../1 >alone/parent
	tar -cf alone.tar alone
	run -1 --separate-stderr crit-check alone
	[[ $output == *"error parent-dangling "*": a file in place of the link"* ]]
	[ "$output" = "$(crit-check alone.tar)" ]
	cp -r "$images/incr" .
	tar -cf incr.tar incr
	crit-check incr/3 | grep ' parent-' >directory
	grep -q '^warning parent-not-link ' directory
	crit-check --at incr/3 incr.tar | grep ' parent-' | diff directory -
}

@test "rules that the code names are in --list" {
	grep -ohE '"[a-z0-9]+(-[a-z0-9]+)+"' "$CRIT_ROOT"/lib/check/*.c |
		tr -d '"' | sort -u >named
	crit-check --list | awk '{ print $2 }' | sort >list
	comm -13 named list >unused
	[ ! -s unused ]
}
