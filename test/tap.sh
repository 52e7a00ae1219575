# SPDX-License-Identifier: MIT
# For the .sh suites: lines of TAP.

tap_n=0
tap_bad=0

# tap STATUS NAME [FILE]: the result of a test; FILE says why it failed
tap() {
	tap_n=$((tap_n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tap_n - $2"
		return
	fi
	tap_bad=$((tap_bad + 1))
	echo "not ok $tap_n - $2"
	[ ! -s "${3-}" ] || head -c 2000 "$3" | cat -v | sed 's/^/# /'
}

tap_end() {
	echo "1..$tap_n"
	[ $tap_bad = 0 ]
}

# a folder that is gone afterwards
tap_dir=$(mktemp -d) || exit 1
trap 'rm -rf "$tap_dir"' EXIT
cd "$CRIT_ROOT/test" || exit 1
