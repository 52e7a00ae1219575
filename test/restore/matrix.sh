# SPDX-License-Identifier: MIT
#
# Each program of the table is dumped once; each way of the other table makes
# another checkpoint of that one, CRIU restores it, and the program itself says
# whether all is there.

. "$CRIT_ROOT/test/restore/common.bash"

raw() {
	crit-info "$in" | jq -r 'select(.raw).image' |
		while read -r i; do cp "$in/$i" "$out" || exit; done
}

images() { crit-info "$in" | jq -r 'select(.magic).image'; }
export -f raw images

# try NAME COMMAND: a way
try() {
	export in=$top/images out=$top/out
	rm -rf "$out"
	bash -o pipefail -c "$2" 2>&1 || return
	[ "$1" = none ] || diff -r "$in" "$out" || return
	[ -z "${CRIT_SPOIL-}" ] || bash -c "$CRIT_SPOIL"
	give_links
	restore "$out" && of_program answers
}

inside() {
	begin "$1" || return 0
	dump "$top/images" && until_true alone
	result $? dumped || { finish; return; }
	keep_links
	rows ways | while IFS=$'\t' read -r way how; do
		try "$way" "$how" </dev/null >"$top/why"
		result $? "$way" || cat "$top/why"
		stop
	done
	finish
}

if [ "${1-}" = inside ]; then
	inside "$2"
else
	each_program "$here/matrix.sh" "$@"
fi
