# SPDX-License-Identifier: MIT
#
# A change to a checkpoint must be seen in the restored process, and not in the
# one that was dumped. Each edit of the table is one of CRIU's images, by jq,
# sed or an editor, or what crit-mem writes into memory.

. "$CRIT_ROOT/test/restore/common.bash"

# ---- For proofs ----

# opened NAME: a descriptor of it
opened() {
	find "/proc/$pid/fd" -type l -printf '%l\n' | grep -q "/$1\$"
}

# said FILE LINE: of /proc/PID, with blanks for tabs
said() { tr '\t' ' ' <"/proc/$pid/$1" | grep -qx "$2"; }

# area NAME: its address in the program
area() { sed -n "s/^$1 //p" areas; }

# seen LINE: the program finds it in its memory
seen() { of_program answers && grep -qxF -e "$1" seen; }

# in_env LINE: crit-mem finds it where getenv does
in_env() {
	crit-mem --env "$top/out" | cut -f 2 | grep -qxF -e "$1"
}

# comms DIR... : names of tasks
comms() { cat "${@/%//comm}" 2>/dev/null | sort; }

comms_in_images() {
	crit-x -f records "$top/out" ps | jq -r '.comm' | sort
}

# ---- Edits ----

# change COMMAND: makes $top/out of $top/images
change() {
	export in=$top/images out=$top/out
	rm -rf "$out"
	case $1 in
	memory\ *)
		cp -r "$in" "$out"
		eval "crit-mem -p $pid ${1#memory } $out"
		return
		;;
	edit\ *)
		cp -r "$in" "$out"
		set -- "${1#edit }"
		EDITOR="sed -i '${1#* }'" crit-edit "$out" "${1%% *}"
		return
		;;
	yaml\ *)
		(set -o pipefail; crit-decode -p -f yaml "$in" | eval "${1#yaml }" |
			crit-encode -d "$out") && raw
		return
		;;
	sed\ * | crit-*) set -- eval "$1" ;;
	*) set -- jq -c -L "$here" "include \"edits\"; $1" ;;
	esac
	(set -o pipefail; crit-decode -p "$in" | "$@" | crit-encode -d "$out") && raw
}

differs() { ! diff -rq "$top/images" "$top/out" >/dev/null; }

# edit WHAT CHANGE PROOF: of the program that runs
edit() {
	dump "$top/images" --leave-running || return
	! eval "$3" >/dev/null 2>&1 || { echo "true before the change"; return 1; }
	change "$2" || return
	differs || { echo "nothing was changed"; return 1; }
	stop && restore "$top/out" || return
	eval "$3"
}

# inside ROW: of the table
inside() {
	local program what change proof
	rows edits | sed -n "$1p" | IFS=$'\t' read -r program what change proof
	begin "$program" || return 0
	edit "$what" "$change" "$proof" >"$top/why" 2>&1 </dev/null
	result $? "$what" || sed 's/^/# /' "$top/why"
	finish
}

if [ "${1-}" = inside ]; then
	inside "$2"
else
	[ $# -gt 0 ] || set -- $(seq "$(rows edits | wc -l)")
	each_program "$here/edits.sh" "$@"
fi
