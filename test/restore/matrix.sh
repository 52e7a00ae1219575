# SPDX-License-Identifier: MIT
#
# Each program of the table is dumped once; each way of the other table makes
# another checkpoint of that one, CRIU restores it, and the program itself says
# whether all is there. CRIT_WAYS, a pattern, chooses ways; CRIT_SPOIL is a
# command that damages $out before the restore.

. "$CRIT_ROOT/test/restore/common.bash"

# try BYTES COMMAND: a way
try() {
	export top in=$top/images out=$top/out
	rm -rf "$out"
	bash -o pipefail -c "$2" 2>&1 || return
	[ "$1" != same ] || diff -r "$in" "$out" || return
	[ -z "${CRIT_SPOIL-}" ] || bash -c "$CRIT_SPOIL"
	give_links
	restore "$out" && of_program answers
}

# known PROGRAM/WAY: what CRIU itself cannot do
known() {
	case $1 in
	socktcp*/live)
		echo "CRIU restores no connection with queues from a stream" ;;
	*) return 1 ;;
	esac
}

# options of criu restore that rules of crit-check depend on
allowed() {
	local option
	for option in $options; do
		case $option in
		--ghost-limit | --network-lock) ;;
		--*) echo --allow "${option#--}" ;;
		esac
	done
}

inside() {
	begin "$1" || return 0
	dump "$top/images" && until_true alone
	result $? dumped || { finish; return; }
	keep_links
	crit-check $(allowed) "$top/images" >"$top/why" 2>&1
	result $? "crit-check" || sed 's/^/# /' "$top/why"
	rows ways | while IFS=$'\t' read -r way bytes how; do
		[[ $way == ${CRIT_WAYS-*} ]] || continue
		if why=$(known "$name/$way"); then
			echo "ok - $name: $way # skip $why"
			continue
		fi
		try "$bytes" "$how" </dev/null >"$top/why"
		result $? "$way" || sed 's/^/# /' "$top/why"
		stop
	done
	finish
}

if [ "${1-}" = inside ]; then
	inside "$2"
else
	each_program "$here/matrix.sh" "$@"
fi
