# SPDX-License-Identifier: MIT
#
# For the suites of this folder. A suite calls each_program, which runs the
# suite again as a script in namespaces of its own for each program; there the
# functions below start, dump, ask and restore it. Results are TAP lines
# without numbers, until each_program puts them together.

here=$CRIT_ROOT/test/restore
criu=$CRIT_BUILD/criu/criu
bin=$CRIT_BUILD/test/restore
foreign=$CRIT_BUILD/foreign/root
shopt -s lastpipe

# until_true COMMAND... : it comes true within half a minute, which is long where
# a machine does nothing else
until_true() {
	local end=$((SECONDS + 30 * ${CRIT_SLOW:-1}))
	while [ $SECONDS -le $end ]; do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.02
	done
	echo "not within half a minute: $*"
	return 1
}

# ---- Outside: all programs, some at a time ----

# rows FILE: a table without comments
rows() { grep -v '^#' "$here/$1" | grep .; }

# each_program SUITE [NAME]... : TAP of SUITE's lines for these programs, or all
each_program() {
	local suite=$1 log
	shift
	[ $# -gt 0 ] || set -- $(rows programs | cut -f 1)
	log=$(mktemp -d)
	export CRIT_SUITE=$suite CRIT_RESULTS=$log
	printf '%s\n' "$@" | xargs -P "$(nproc)" -I{} bash -c \
		'"$CRIT_ROOT/test/restore/private" "$CRIT_SUITE" inside {} \
			>"$CRIT_RESULTS/{}" 2>&1 </dev/null ||
			echo "not ok - {}: ended with status $?" >>"$CRIT_RESULTS/{}"'
	(cd "$log" && cat "$@") | awk '
		/^ok - / { sub(/ - /, " " ++n " - ") }
		/^not ok - / { sub(/ - /, " " ++n " - "); bad++ }
		/^(ok|not ok) / { print; next }
		{ sub(/^#* ?/, "# "); print }
		END { print "1.." n; exit bad || !n }'
	set -- $?
	rm -rf "$log"
	return "$1"
}

# ---- Commands that make a checkpoint $out of $in ----

# what is not protobuf goes along: memory, archives
raw() {
	crit-info "$in" | jq -r 'select(.raw).image' |
		while read -r i; do cp "$in/$i" "$out" || exit; done
}

images() { crit-info "$in" | jq -r 'select(.magic).image'; }

# serve COMMAND... : it waits for a CRIU at a socket in $out
serve() {
	mkdir "$out"
	"$@" <&0 >"$out.log" 2>&1 &
	until_true test -S "$out/streamer-serve.sock" || cat "$out.log"
}
export -f raw images serve until_true

# ---- Inside: one program ----

# begin NAME: starts the program of this name and waits until it is ready.
# $pid is the root of its processes, $desk the folder where it is asked; $root
# is the root folder of a container.
begin() {
	local n
	name=$1 root=
	rows programs | while IFS=$'\t' read -r n needs options command; do
		[ "$n" != "$name" ] || break
	done
	. "$here/programs.bash"
	top=$(mktemp -d "${TMPDIR:-/tmp}/restore.XXXXXX")
	desk=$top/desk
	chmod 755 "$top"
	mkdir "$desk"
	cd "$desk" || return
	[ "$options" != - ] || options=
	if [ "$needs" != - ] && ! why=$(needs_"$needs"); then
		echo "ok - $name # skip $why"
		finish
		return 1
	fi
	echo 1000 >/proc/sys/kernel/ns_last_pid
	if declare -F "prepare_$name" >/dev/null; then
		"prepare_$name"
	fi
	env -i PATH="$bin:$here/src:/usr/bin:/bin:/usr/sbin:/sbin" \
		FOREIGN="$foreign" setsid bash -c "exec ${command//\$here/$here}" </dev/null >"$top/said" 2>&1 &
	pid=$!
	disown
	of_program ready && [ ! -s "$desk/setup.err" ] || {
		echo "not ok - $name: started"
		sed 's/^/# /' "$top/said" "$desk/setup.err" 2>/dev/null
		finish
		return 1
	}
}

# of_program ready|answers: as the program's function does it, or all do
of_program() {
	if declare -F "$1_$name" >/dev/null; then
		"$1_$name"
	else
		"$1_by_file"
	fi
}

ready_by_file() { until_true test -s "$desk/ready"; }

answers_by_file() {
	rm -f "$desk/check.res"
	touch "$desk/check.req"
	until_true test -s "$desk/check.res" || return
	[ "$(cat "$desk/check.res")" = OK ] || {
		cat "$desk/check.res"
		return 1
	}
}

# errors_of LOG: what CRIU complains about
errors_of() { grep -a Error "$1" | grep -v RLIMIT_NOFILE | head -n 5; }

# dump DIR [OPTION]...
dump() {
	mkdir "$1"
	"$criu" dump -t "$pid" -D "$1" -v4 -o "$top/dump.log" $options "${@:2}" \
		>/dev/null 2>&1 && return
	errors_of "$top/dump.log"
	return 1
}

# restore DIR [OPTION]... : $pid is another one in a container
restore() {
	local status
	if [ "$root" ]; then
		mount --bind "$root" "$root"
		set -- "$@" --root "$root"
	fi
	rm -f "$top/pid"
	[ ! -S "$1/streamer-serve.sock" ] || set -- "$@" --stream
	"$criu" restore -d -D "$1" -v4 -o "$top/restore.log" --pidfile "$top/pid" \
		$options "${@:2}" >/dev/null 2>&1
	status=$?
	[ ! "$root" ] || umount -l "$root"
	if [ $status = 0 ]; then
		pid=$(cat "$top/pid")
		return
	fi
	errors_of "$top/restore.log"
	return 1
}

# The names that --link-remap gives to deleted files: each restore takes them
keep_links() {
	mkdir "$top/links"
	find "$desk" -name 'link_remap.*' -exec ln -t "$top/links" {} +
}

give_links() { find "$top/links" -type f -exec ln -ft "$desk" {} +; }

# stop: no process is left here but this one
stop() {
	kill -KILL -1 2>/dev/null
	until_true alone
}

alone() {
	local all=(/proc/[0-9]*)
	[ ${#all[@]} = 1 ]
}

# finish: nothing is left of the program
finish() {
	stop
	cd /
	rm -rf "$top"
}

# result STATUS NAME: a line of TAP; STATUS
result() {
	if [ "$1" = 0 ]; then
		echo "ok - $name: $2"
	else
		echo "not ok - $name: $2"
	fi
	return "$1"
}
