# SPDX-License-Identifier: MIT
#
# CRIU dumps into a crit-copy (criu dump --stream), and restores from one: as a
# stream through a pipe, as an archive, and changed on the way.

. "$CRIT_ROOT/test/restore/common.bash"

# When crit-copy has its socket, CRIU may start.
ready() { grep -q socket-init "$1" 2>/dev/null; }

# dump_to COMMAND : crit-copy's command line takes the dump from $work
dump_to() {
	mkdir -p "$work"
	rm -f "$top/progress"
	bash -o pipefail -c "$1" 7>"$top/progress" 2>"$top/copy.err" &
	copy=$!
	until_true ready "$top/progress" || return
	"$criu" dump --stream -t "$pid" -D "$work" -v4 -o "$top/dump.log" \
		$options >/dev/null 2>&1 || { errors_of "$top/dump.log"; return 1; }
	wait $copy || { cat "$top/copy.err"; return 1; }
	grep -q checkpoint-start "$top/progress" &&
		tail -n 1 "$top/progress" | grep -q shards
}

# restore_from COMMAND : crit-copy's command line gives it to $work
restore_from() {
	rm -f "$top/progress"
	bash -o pipefail -c "$1" 7>"$top/progress" 2>"$top/copy.err" &
	copy=$!
	until_true ready "$top/progress" || { cat "$top/copy.err"; return 1; }
	restore "$work" --stream || return
	wait $copy || { cat "$top/copy.err"; return 1; }
	of_program answers
}

# try PROGRAM NAME DUMP RESTORE: of a process that was never dumped before
try() {
	local status
	begin "$1" || return 0
	export work=$top/work out=$top/out
	{ dump_to "$3" && until_true gone && restore_from "$4"; } \
		>"$top/why" 2>&1
	status=$?
	result $status "$2" || sed 's/^/# /' "$top/why"
	finish
}

gone() { ! kill -0 "$pid" 2>/dev/null; }

inside() {
	try "$1" "stream" 'crit-copy --progress-fd 7 -f stream criu:$work $out' \
		'crit-copy --progress-fd 7 $out criu:$work'
	try "$1" "directory" 'crit-copy --progress-fd 7 criu:$work $out' \
		'crit-copy --progress-fd 7 $out criu:$work'
	try "$1" "tar, from a pipe" \
		'crit-copy --progress-fd 7 -f tar criu:$work - | zstd >$out' \
		'zstd -dc $out | crit-copy --progress-fd 7 - criu:$work'
	try "$1" "filter" \
		'crit-copy --progress-fd 7 -f stream --filter "jq -c ." criu:$work $out' \
		'crit-copy --progress-fd 7 --flatten $out criu:$work'
}

if [ "${1-}" = inside ]; then
	inside "$2"
elif [ $# -gt 0 ]; then
	each_program "$here/live.sh" "$@"
else
	each_program "$here/live.sh" loop files mem sock ipc python redis
fi
