# SPDX-License-Identifier: MIT
#
# The tree itself: a licence line in each source, no tab-less indentation, the
# bounds of STYLE.
. "$(dirname "$0")/tap.sh"
cd "$CRIT_ROOT" || exit 1

sources() {
	find Makefile lib filters proto share test .ci -type f ! -path '*/images/*' \
		! -path '*/golden/*' "$@"
}

sources \( -name '*.[ch]' -o -name '*.proto' -o -name '*.sh' -o -name '*.bats' \
	-o -name '*.yaml' -o -name '*.mk' -o -name Makefile -o -name run \) \
	-exec grep -L 'SPDX-License-Identifier: MIT' {} + >"$tap_dir/why"
[ ! -s "$tap_dir/why" ]
tap $? 'each source says its licence' "$tap_dir/why"

grep -q '^MIT License' LICENSE
tap $? 'LICENSE is MIT'

sources -name '*.[ch]' -exec grep -nE ' +$|^ {8}' {} + >"$tap_dir/why"
[ ! -s "$tap_dir/why" ]
tap $? 'no blanks at the end, tabs at the start' "$tap_dir/why"

bad=0
for header in lib/*.h; do
	printf '#include "%s"\n#include "%s"\nint main(void) { return 0; }\n' \
		"${header##*/}" "${header##*/}" |
		gcc -std=c17 -D_GNU_SOURCE -Ilib -I"$CRIT_BUILD" -fsyntax-only \
			-x c - \
			2>>"$tap_dir/why" || bad=1
done
tap $bad 'each header compiles alone, and twice' "$tap_dir/why"
tap_end
