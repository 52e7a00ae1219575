# SPDX-License-Identifier: MIT
#
# What signals leave behind: nothing, or after SIGKILL a file whose name says
# what it is. Each run has begun to write, and waits for more input, when the
# signal comes.

bats_require_minimum_version 1.5.0

setup() {
	. "$CRIT_ROOT/test/until.bash"
	t=$BATS_TEST_TMPDIR
	mkfifo "$t/in"
	mkdir "$t/new"
	echo old >"$t/new/out"
	crit-decode "$CRIT_ROOT/test/images/tree/pstree.img" |
		sed '/{"end"/d' >"$t/records"
}

temp() { ls -A "$t/new" | grep '^\.crit-.*\.tmp$'; }

# begin COMMAND...: it has read some and made its temporary file
begin() {
	"$@" <"$t/in" 2>"$t/stderr" 3>&- &
	pid=$!
	exec 8>"$t/in"
	cat "$t/records" >&8
	until_true temp
}

died_of() {			# NUMBER
	wait $pid && status=0 || status=$?
	exec 8>&-
	[ $status = $((128 + $1)) ]
	[ ! -s "$t/stderr" ]
}

# leave_nothing SIGNALS OPTION... : each, of a crit-encode. The shell has
# background processes ignore INT and QUIT
leave_nothing() {
	for sig in $1; do
		begin env --default-signal crit-encode "${@:2}"
		kill -$sig $pid
		died_of "$(kill -l $sig)"
		[ "$(ls -A "$t/new")" = out ] && [ "$(cat "$t/new/out")" = old ]
	done
}

@test "signals in -o leave nothing" {
	leave_nothing "INT TERM HUP QUIT" -o "$t/new/out"
}

@test "signals in -d leave nothing" {
	leave_nothing "INT TERM HUP" -d "$t/new"
}

@test "a folder that -d made goes again" {
	rm -r "$t/new"
	begin env --default-signal crit-encode -d "$t/new"
	kill -TERM $pid
	died_of 15
	[ ! -e "$t/new" ]
}

@test "signals that the parent ignores stay ignored" {
	begin env --ignore-signal=HUP crit-encode --no-end -o "$t/new/out"
	kill -HUP $pid
	exec 8>&-
	wait $pid
	cmp "$t/new/out" "$CRIT_ROOT/test/images/tree/pstree.img"
}

@test "SIGKILL leaves a file whose name says so, and the next run works" {
	begin crit-encode -o "$t/new/out"
	kill -KILL $pid
	died_of 9
	[ "$(cat "$t/new/out")" = old ]
	[ "$(temp | wc -l)" = 1 ] && [ "$(ls -A "$t/new" | wc -l)" = 2 ]
	crit-encode --no-end -o "$t/new/out" "$t/records"
	cmp "$t/new/out" "$CRIT_ROOT/test/images/tree/pstree.img"
	rm "$t/new/"*  "$t/new/".crit-*
	begin crit-encode -d "$t/new"
	kill -KILL $pid
	died_of 9
	crit-encode --no-end -d "$t/new" "$t/records"
	cmp "$t/new/pstree.img" "$CRIT_ROOT/test/images/tree/pstree.img"
	# and no reader takes the rest for part of the checkpoint
	crit-decode "$t/new" | grep -v pstree.img | grep '"images":1,'
}

@test "SIGPIPE is quiet" {
	for p in "crit-decode $CRIT_ROOT/test/images/tree" \
		"crit-info $CRIT_ROOT/test/images/tree" \
		"crit-x $CRIT_ROOT/test/images/tree ps" \
		"crit-mem $CRIT_ROOT/test/images/mem"; do
		# a reader that is gone before the first byte
		bash -c 'exec 3> >(:); wait $!; "$@" >&3 2>"$0"; echo $? >"$0.status"' \
			"$t/stderr" env --default-signal $p
		[ "$(cat "$t/stderr.status")" = 141 ]
		[ ! -s "$t/stderr" ]
	done
}

@test "SIGPIPE of standard error leaves nothing" {
	printf '\x19CVT\x30\x30\x27\x50\x00\x00\x00\x00' >"$t/odd.img"
	bash -c 'exec 3> >(:); wait $!; "$@" 2>&3' - \
		env --default-signal crit-decode -o "$t/new/out" "$t/odd.img" \
		"$t/nothing.img" || status=$?
	[ "$status" = 141 ]
	[ "$(ls -A "$t/new")" = out ] && [ "$(cat "$t/new/out")" = old ]
}

@test "a limit on file sizes leaves nothing" {
	threads=$(seq 1 100000 | paste -sd,)
	echo '{"magic":"PSTREE","entries":[{"pid":1,"ppid":0,"pgid":1,"sid":1,"threads":['"$threads"']}]}' >"$t/big"
	bash -c 'ulimit -f 8; "$@"' - env --default-signal \
		crit-encode -o "$t/new/out" "$t/big" || status=$?
	[ "$status" = 153 ]
	[ "$(ls -A "$t/new")" = out ] && [ "$(cat "$t/new/out")" = old ]
}
