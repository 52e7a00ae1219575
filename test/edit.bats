#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# crit-edit with editors that are scripts.
# shellcheck disable=SC2016

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	images=$CRIT_ROOT/test/images
	. "$CRIT_ROOT/test/whole.bash"
	set -o pipefail
	mkdir tmp
	export TMPDIR=$PWD/tmp
	unset VISUAL EDITOR
	cp "$images/tree/pstree.img" image
	cp image was
}

# editor LINE...: a script that has the text at $1
editor() {
	{ echo '#!/bin/bash'; printf '%s\n' "$@"; } >editor.sh
	chmod +x editor.sh
	export EDITOR=$PWD/editor.sh
}

# nothing of it is left, neither text nor half an image
clean() {
	[ -z "$(ls -A tmp)" ] && ! ls -A | grep -q '^\.'
}

unchanged() {
	cmp image was && clean
}

@test "what was changed is in the image, in YAML and JSON" {
	editor 'sed -i s/1001/1111/ "$1"'
	for format in yaml json; do
		cp was image
		crit-edit -f $format image
		[ "$(crit-decode image | jq -r '.entries[0].pid // empty' | head -n 1)" = 1111 ]
		crit-decode was | sed 's/1001/1111/g' >want
		crit-decode image | diff - <(sed 's/"was"/"image"/' want)
		clean
	done
}

@test "an edited checkpoint is as whole, and differs by the edit" {
	cp -r "$images/tree" whole
	editor 'sed -i "s/sess-leader/other/" "$1"'
	crit-edit whole/core-1003.img
	as_whole "$images/tree" whole
	differs_by "$images/tree" whole \
		'task 1003: tc.comm: "sess-leader" -> "other"' \
		'task 1003: thread_core.comm: "sess-leader" -> "other"'
}

@test "the editor: VISUAL before EDITOR, a command line, a private file" {
	editor 'stat -c "%a %n" "$1" >seen; cp "$1" text'
	crit-edit image 2>message
	grep -qE '^600 .*/tmp/crit-edit\.[^.]*\.yaml$' seen
	head -n 1 text | grep -q '^# crit-edit: '
	grep -q 'image: not changed' message
	crit-edit -f json image 2>/dev/null
	grep -q 'json$' seen
	printf '#!/bin/sh\necho "$@" >args\n' >visual
	chmod +x visual
	VISUAL="$PWD/visual --wait" crit-edit image 2>/dev/null
	grep -qE '^--wait .*yaml$' args
	mkdir bin
	cp visual bin/editor
	rm args
	EDITOR= PATH=$PWD/bin:$PATH crit-edit image 2>/dev/null
	grep -qE '^[^ ]*yaml$' args
	rm args
	EDITOR='true; ./visual' crit-edit image 2>/dev/null
	grep -qE 'yaml$' args
	unchanged
}

@test "names for numbers" {
	cp "$images/tree/mm-1001.img" mm.img
	editor 'grep -q "prot: PROT_READ" "$1" && touch named; sed -i "0,/PROT_READ/s/PROT_READ/PROT_READ | PROT_WRITE/" "$1"'
	crit-edit mm.img
	[ -e named ]
	[ "$(crit-decode mm.img | jq '.entries[0].vmas[0].prot' | head -n 1)" = 3 ]
}

@test "text as before, empty, only comments: the image stays" {
	for what in true ': >"$1"' 'echo "# nothing" >"$1"' 'echo >"$1"' \
	    'sed -i "/^# crit-edit/d" "$1"' 'touch "$1"'; do
		editor "$what"
		crit-edit image 2>message
		grep -q 'not changed' message
		unchanged
	done
}

@test "an error brings the editor back, with the message at its place" {
	editor 'n=$(cat n 2>/dev/null || echo 0); echo $((n + 1)) >n; cp "$1" "text$n"
		case $n in
		0) sed -i "s/  ppid: 0/  ppid: none/" "$1" ;;
		1) sed -i "s/ppid: none/ppid: 77/" "$1" ;;
		esac'
	crit-edit image
	[ "$(cat n)" = 2 ]
	grep -B 1 'ppid: none' text1 | head -n 1 |
		grep -q '^# crit-edit: line 5, .* "none": not an integer'
	[ "$(crit-decode image | jq '.entries[0].ppid' | head -n 1)" = 77 ]
	clean
	# JSON has no comments, but those of crit-edit
	rm n
	cp was image
	editor 'n=$(cat n 2>/dev/null || echo 0); echo $((n + 1)) >n; cp "$1" "text$n"
		case $n in
		0) sed -i "s/\"ppid\": 0/\"ppid\": \"none\"/" "$1" ;;
		1) sed -i "s/\"none\"/77/" "$1" ;;
		esac'
	crit-edit -f json image
	grep -A 1 '^# crit-edit: line' text1 | grep -q '"ppid": "none"'
	[ "$(crit-decode image | jq '.entries[0].ppid' | head -n 1)" = 77 ]
}

@test "the same error twice: crit-edit gives up, and keeps the text" {
	editor 'sed -i "s/  ppid: 0/  ppid: none/" "$1"'
	run -1 crit-edit image
	[[ $output == *'"none": not an integer'* && $output == *'the edited text is in '* ]]
	cmp image was
	grep -q 'ppid: none' tmp/*.yaml
	[ "$(stat -c %a tmp/*.yaml)" = 600 ]
}

@test "another error each time: crit-edit gives up after 50" {
	command -v script >/dev/null || skip "no script"
	editor 'n=$(cat n 2>/dev/null || echo 0); echo $((n + 1)) >n
		sed -i "0,/  ppid: .*/s//  ppid: none$n/" "$1"'
	# in a terminal as without one
	run -1 crit-edit image
	[ "$(cat n)" = 50 ]
	[[ $output == *'"none49": not an integer'*"the edited text is in $TMPDIR"* ]]
	grep -q 'ppid: none49' tmp/*.yaml
	rm n tmp/*
	run -1 script -qec 'crit-edit image' /dev/null </dev/null
	[ "$(cat n)" = 50 ]
	cmp image was
}

@test "no regular file is no image" {
	mkfifo pipe
	for file in pipe /dev/null /dev/tty; do
		EDITOR=true run -1 timeout 120 crit-edit $file </dev/null
		[ "${#lines[@]}" = 1 ]
	done
	TMPDIR=/nowhere EDITOR=true run -1 crit-edit image
	[[ $output == "crit-edit: /nowhere: cannot make a temporary file"* ]]
	unchanged
}

@test "disks that are full or read-only: the image as it was, the text kept" {
	cat >do <<-'END'
		mkdir ro full
		mount -t tmpfs -o size=16k tmpfs full || exit 77
		cp image ro; cp image full; head -c 20000 /dev/zero >full/fill
		mount --bind ro ro && mount -o remount,ro,bind ro || exit 77
		for dir in ro full; do
			crit-edit $dir/image
			cmp $dir/image was && ls -A $dir
		done
		TMPDIR=full crit-edit image
		ls -A full
	END
	editor 'sed -i s/1001/1111/ "$1"'
	unshare -rm sh do >said 2>&1 && status=0 || status=$?
	[ $status != 77 ] && ! grep -q 'unshare failed' said || skip "no mounts here"
	sed 's/crit-edit\.[^.]*\./crit-edit.X./' said | grep -v '^head' | diff - <(
		printf '%s\n' 'crit-edit: ro/image: cannot create: Read-only file system' \
			"crit-edit: the edited text is in $TMPDIR/crit-edit.X.yaml" image \
			'crit-edit: full/image: cannot write: No space left on device' \
			"crit-edit: the edited text is in $TMPDIR/crit-edit.X.yaml" fill image \
			'crit-edit: temporary file: cannot write: No space left on device' \
			fill image)
	grep -l 1111 tmp/*.yaml | wc -l | grep -qx 2
}

# killed_each WHAT: crit-edit image or an archive, killed at each of its calls: as
# before, or as after
killed_each() {
	local bin=$CRIT_BUILD/test/faults/crit-edit i n=0 status
	for ((i = 1; ; i++)); do
		rm -f hit tmp/*.yaml
		cp "$1.was" "$1"
		status=0
		CRIT_FAULT=$2:$i:KILL CRIT_FAULT_HIT=hit "$bin" "$1" $3 2>message ||
			status=$?
		[ -e hit ] || break
		[ $status = 137 ] || { echo "$2 $i: $status"; return 1; }
		cmp -s "$1" "$1.was" || cmp "$1" "$1.done" || return
		n=$((n + 1))
	done
	[ $n -ge "$4" ]
}

@test "killed at any call: the image or archive as before, or as after" {
	editor 'sed -i s/1001/1111/ "$1"'
	cp was image.was
	crit-edit image
	mv image image.done
	killed_each image all '' 10
	crit-copy -f tar "$images/tree" tree.tar
	cp tree.tar tree.tar.was
	crit-edit tree.tar pstree.img
	mv tree.tar tree.tar.done
	for call in write close rename fsync; do
		killed_each tree.tar $call pstree.img 1
	done
}

@test "editors that fail" {
	editor 'exit 3'
	run -1 crit-edit image
	[[ $output == *"the editor failed (status 3)"* ]]
	unchanged
	editor 'kill -9 $$'
	run -1 crit-edit image
	[[ $output == *"the editor failed (status 137)"* ]]
	unchanged
	EDITOR=/nowhere/editor run -1 crit-edit image
	[[ $output == *"no editor: set VISUAL or EDITOR"* ]]
	unchanged
	editor 'rm "$1"'
	run -1 crit-edit image
	[[ $output == *"cannot open the edited text"* ]]
	cmp image was
	editor 'printf "magic: PSTREE\nentries: []\n---\nmagic: PSTREE\nentries: []\nhead: none\n" >"$1"'
	run -1 crit-edit image
	cmp image was
}

@test "an image that changes meanwhile is not overwritten" {
	editor 'sed -i s/1001/1111/ "$1"; printf x >>image'
	run -1 crit-edit image
	[[ $output == *"the image has changed meanwhile"*"the edited text is in"* ]]
	[ "$(wc -c <image)" = $(($(wc -c <was) + 1)) ]
}

@test "an image of a directory; what is none is refused" {
	cp -r "$images/tree" dir
	editor 'sed -i s/1001/1111/ "$1"'
	crit-edit dir pstree.img
	crit-decode dir/pstree.img | grep -q '"pid":1111'
	mkdir -p container
	cp -r "$images/tree" container/checkpoint
	crit-edit container pstree.img
	crit-decode container/checkpoint/pstree.img | grep -q '"pid":1111'
	run -2 crit-edit dir
	[[ $output == *"missing argument: IMAGE of dir"* ]]
	run -2 crit-edit dir ../image
	[[ $output == *"is not the name of an image"* ]]
	tar czf a.tar -C dir .
	run -2 crit-edit a.tar pstree.img
	[[ $output == *"a.tar is not a directory or an uncompressed tar archive"* ]]
	run -1 crit-edit dir none.img
	[[ $output == *"dir/none.img: cannot open"* ]]
	run -2 crit-edit
	echo text >text
	run -1 crit-edit text
	clean
}

@test "mode and links of the image stay" {
	chmod 640 image
	ln -s image link
	editor 'sed -i s/1001/1111/ "$1"'
	crit-edit link
	[ -L link ]
	[ "$(stat -c %a image)" = 640 ]
	crit-decode image | grep -q '"pid":1111'
}

@test "in a terminal; Ctrl-C is the editor's" {
	command -v script >/dev/null || skip "no script"
	editor '[ -t 0 ] && [ -t 1 ] && touch terminal; trap "touch caught" INT
		kill -INT $PPID $$; sed -i s/1001/1111/ "$1"'
	script -qec 'crit-edit image' /dev/null </dev/null
	[ -e terminal ]
	[ -e caught ]
	crit-decode image | grep -q '"pid":1111'
	clean
}

@test "killed while the editor runs: the image is as it was" {
	editor 'kill -TERM $PPID; sleep 0.2; sed -i s/1001/1111/ "$1"'
	run -143 crit-edit image
	cmp image was
}

@test "an image of an archive: the other members stay as they are" {
	archive=$CRIT_ROOT/test/archives/podman-redis.tar.zst
	zstd -dq "$archive" -o c.tar
	cp c.tar was.tar
	mkdir old now
	tar xf was.tar -C old
	EDITOR='sed -i s/redis-server/other-server/' crit-edit c.tar files.img
	tar tf c.tar | diff - <(tar tf was.tar)
	tar xf c.tar -C now
	[ "$(diff -rq old now)" = \
		"Files old/checkpoint/files.img and now/checkpoint/files.img differ" ]
	crit-decode now/checkpoint/files.img | grep -q other-server
	# unchanged text, an editor that fails, an image that is not there
	cp c.tar before.tar
	EDITOR=true run -0 crit-edit c.tar files.img
	[ "$output" = "crit-edit: files.img: not changed" ]
	EDITOR=false run -1 crit-edit c.tar files.img
	EDITOR=true run -1 crit-edit c.tar nothere.img
	[[ $output == *'nothere.img'* ]]
	# compressed ones are refused, with what to do, in a line that fits
	EDITOR=true run -2 crit-edit "$archive" files.img
	[[ $output == *'not a directory or an uncompressed tar archive: crit-copy it to a directory first'* ]]
	cmp c.tar before.tar
	clean
}
