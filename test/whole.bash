# SPDX-License-Identifier: MIT
#
# For suites with programs that write checkpoints.

# as_whole BEFORE AFTER [OPTION]...: crit-check finds no error in AFTER that it
# does not find in BEFORE
as_whole() {
	local new
	new=$(comm -13 <(errors_of "$1" "${@:3}") <(errors_of "$2" "${@:3}"))
	[ -z "$new" ] || {
		crit-check "${@:3}" "$2" | grep '^error'
		return 1
	}
}

errors_of() {
	crit-check "${@:2}" "$1" | sed -n 's/^error \([^ ]*\) .*/\1/p' | sort -u
}

# differs_by A B LINE...: crit-diff tells these lines (patterns), and no others
differs_by() {
	local told=() want status=0
	crit-diff "$1" "$2" >differences || status=$?
	mapfile -t told <differences
	shift 2
	[ "$status" = $(($# > 0)) ] && [ ${#told[@]} = $# ] || {
		echo "status $status:"
		cat differences
		return 1
	}
	for want; do
		[[ ${told[0]} == $want ]] || {
			echo "${told[0]}"
			return 1
		}
		told=("${told[@]:1}")
	done
}
