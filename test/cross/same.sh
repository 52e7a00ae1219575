# SPDX-License-Identifier: MIT
#
# Programs built for another machine print what this machine's do, which is
# what the other suites look at: each checkpoint in each way.
. test/tap.sh
cd "$CRIT_ROOT/test/images"
native=$CRIT_NATIVE

# same PROGRAM ARGUMENT... : output, messages and status of both
same() {
	local program=$1 a b
	shift
	"$program" "$@" >"$tap_dir/a" 2>"$tap_dir/a.err" </dev/null
	a=$?
	"$native/$program" "$@" >"$tap_dir/b" 2>"$tap_dir/b.err" </dev/null
	b=$?
	[ $a = $b ] && cmp "$tap_dir/a" "$tap_dir/b" &&
		diff "$tap_dir/a.err" "$tap_dir/b.err" && return
	echo "status $a, not $b: $program $*"
	return 1
}

# back DIR OPTION... : decoded and encoded, DIR is itself, as far as it is
# images; the odd ones are unit tests' and golden.sh's
back() {
	local dir=$1
	shift
	rm -rf "$tap_dir/copy"
	crit-decode "$@" "$dir" >"$tap_dir/a" 2>/dev/null || return 0
	crit-encode -d "$tap_dir/copy" <"$tap_dir/a" &&
		diff -r "$tap_dir/copy" "$dir" >"$tap_dir/b"
	! grep -v "^Only in $dir" "$tap_dir/b"
}

whole() {
	local dir=$1 what
	same crit-decode "$dir" && same crit-decode -p "$dir" &&
		same crit-decode -f json -p --nopl "$dir" &&
		same crit-info "$dir" && same crit-info --summary "$dir" &&
		back "$dir" && back "$dir" -p || return
	for what in ps fds mems rss sk; do
		same crit-x -f records "$dir" $what || return
	done
	same crit-mem "$dir" && same crit-mem -s corpus -f records "$dir"
}

for dir in */ incr/*/; do
	[ -n "$(find "$dir" -maxdepth 1 -type f)" ] || continue
	whole "${dir%/}" >"$tap_dir/why" 2>&1
	tap $? "${dir%/}: the same as on this machine" "$tap_dir/why"
done
tap_end
