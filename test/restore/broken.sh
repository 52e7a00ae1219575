# SPDX-License-Identifier: MIT
#
# What crit-check reports, CRIU does not restore: each row of the table breaks a
# checkpoint in one place. The unbroken one is clean, and restores.

. "$CRIT_ROOT/test/restore/common.bash"

# breaks IMAGE CHANGE: makes $out of $in
breaks() {
	rm -rf "$out"
	cp -r "$in" "$out"
	if [ "$1" = - ]; then
		(cd "$out" && eval "$2")
	else
		(set -o pipefail; crit-decode "$in" | jq -c --arg magic "$1" \
			"if .magic == \$magic then .entries |= map($2)
				else . end" | crit-encode --allow-partial -d "$out")
	fi
}

# patient: CRIU is not waited for longer than ten seconds
patient() {
	cat >"$top/criu" <<-W
	#!/bin/sh
	timeout -k 1 10 "$criu" "\$@"
	status=\$?
	echo \$status >"$top/status"
	exit \$status
	W
	chmod +x "$top/criu"
	criu=$top/criu
}

allowed() {
	local o
	for o in $options; do
		case $o in
		--file-locks | --tcp-established | --ext-unix-sk) echo "--allow=$o" ;;
		esac
	done
	[ ! "$root" ] || echo "--allow=root"
}

errors() { crit-check $(allowed) "$1" | sed -n 's/^error \([^ ]*\).*/\1/p'; }

# row RULE RESTORE IMAGE CHANGE
row() {
	breaks "$3" "$4" || { echo "the change failed"; return 1; }
	! diff -rq "$in" "$out" >/dev/null || { echo "nothing was changed"; return 1; }
	errors "$out" | grep -qx "$1" || {
		echo "crit-check reports:"
		crit-check $(allowed) "$out"
		return 1
	}
	restore "$out"
	case $(cat "$top/status") in
	0) set -- "$@" accepts ;;
	124 | 137) set -- "$@" hangs ;;
	139) set -- "$@" crashes ;;
	*) set -- "$@" refuses ;;
	esac
	echo "CRIU $5"
	[ "$2" = "$5" ]
}

# inside PROGRAM
inside() {
	local p rule verdict image change
	begin "$1" || return 0
	in=$top/images out=$top/out
	patient
	dump "$in" >"$top/why" 2>&1 && ! errors "$in" | grep . >>"$top/why"
	result $? "is clean" || sed 's/^/# /' "$top/why"
	rows broken | while IFS=$'\t' read -r p rule verdict image change; do
		[ "$p" = "$1" ] || continue
		stop
		row "$rule" "$verdict" "$image" "$change" >"$top/why" 2>&1 </dev/null
		result $? "$rule, CRIU $verdict" || sed 's/^/# /' "$top/why"
	done
	stop
	restore "$in" >"$top/why" 2>&1 && of_program answers >>"$top/why"
	result $? "whole, restores" || sed 's/^/# /' "$top/why"
	finish
}

if [ "${1-}" = inside ]; then
	inside "$2"
else
	[ $# -gt 0 ] || set -- $(rows broken | cut -f 1 | awk '!seen[$0]++')
	each_program "$here/broken.sh" "$@"
fi
