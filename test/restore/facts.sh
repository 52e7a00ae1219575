# SPDX-License-Identifier: MIT
#
# What these programs say about a checkpoint, and what the kernel says about the
# processes. CRIU calls this suite when the images are complete and before it
# lets the processes go, so that both are of the same moment. The kernel's text
# is put into our words where the two say the same differently; all that may
# differ is named here.

. "$CRIT_ROOT/test/restore/common.bash"
. "$CRIT_ROOT/test/restore/facts.bash"

# known PROGRAM FACT: why they differ today
known() {
	case $1/$2 in
	*) return 1 ;;
	esac
}

# compare FACT... : of task $p, $h here
compare() {
	local fact
	for fact; do
		"kernel_$fact" >"$top/kernel" 2>"$top/why"
		"our_$fact" >"$top/ours" 2>>"$top/why"
		echo "$fact" >>"$top/compared"
		cmp -s "$top/kernel" "$top/ours" && [ ! -s "$top/why" ] && continue
		{
			echo "task $p: $fact (< the kernel, > ours)"
			diff -a "$top/kernel" "$top/ours" | head -n 12 | cat -v
			cat "$top/why"
		} >>"$top/differ-$fact"
	done
}

# verdict FACT: what TAP says of it
verdict() {
	local why agree=false
	grep -qx "$1" "$top/compared" && [ ! -e "$top/differ-$1" ] && agree=true
	if why=$(known "$name" "$1"); then
		if $agree; then
			result 1 "$1: they agree, and are known to differ"
		else
			echo "ok - $name: $1 # skip $why"
		fi
	elif $agree; then
		result 0 "$1"
	else
		result 1 "$1"
		head -n 30 "$top/differ-$1" | sed 's/^/# /'
	fi
}

facts="args environ auxv map memory fds files sockets status"

# Called by CRIU with $top, $d and $root. Of the first twelve tasks: a program
# has 36.
frozen() {
	crit-x -f records "$d" ps | jq -r 'select(.state != "Dead") | .pid' |
		head -n 12 |
		while read -r p; do
			h=$(here_is "$p")
			compare $facts
		done
}

inside() {
	local fact
	begin "$1" || return 0
	export top root d=$top/images
	cat >"$top/frozen" <<-S
	#!/bin/sh
	[ "\$CRTOOLS_SCRIPT_ACTION" != post-dump ] ||
		exec bash "$here/facts.sh" frozen
	S
	chmod +x "$top/frozen"
	dump "$d" --action-script "$top/frozen" ||
		{ result 1 "dumped"; finish; return; }
	for fact in $facts; do
		verdict "$fact"
	done
	finish
}

case ${1-} in
frozen) frozen ;;
inside) inside "$2" ;;
*)
	each_program "$here/facts.sh" "$@"
	;;
esac
