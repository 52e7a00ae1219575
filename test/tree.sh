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
for header in lib/*.h lib/*/*.h; do
	printf '#include "%s"\n#include "%s"\nint main(void) { return 0; }\n' \
		"${header#lib/}" "${header#lib/}" |
		gcc -std=c17 -D_GNU_SOURCE -Ilib -I"$CRIT_BUILD" -fsyntax-only \
			-x c - \
			2>>"$tap_dir/why" || bad=1
done
tap $bad 'each header compiles alone, and twice' "$tap_dir/why"

# What stands in lib/: folders, in the order in which they know of each other.
# A file includes what is in its own folder or in one before it.
order="codec base schema event image json yaml search store checkpoint memory
	report view explore core check diff copy change draw api"
awk -v order="$order" -F '["/]' '
	BEGIN {
		n = split(order, name, /[ \t\n]+/)
		for (i = 1; i <= n; i++)
			rank[name[i]] = i
	}
	/^#include "/ && $2 != "crit.h" && $2 != "google" &&
	$2 != "facts.h" {
		split(FILENAME, part, "/")
		if (!($2 in rank) || rank[$2] > rank[part[2]])
			print FILENAME ":" FNR ": " $0
	}' lib/*/*.[ch] >"$tap_dir/why"
[ ! -s "$tap_dir/why" ]
tap $? 'folders of lib/ include only those above them' "$tap_dir/why"

# Whoever reads images is given the schema in use.
grep -n '\bcrit_schema\b' lib/*/*.[ch] | grep -v '^lib/schema/\|^lib/api/api\.c:' \
	>"$tap_dir/why"
[ ! -s "$tap_dir/why" ]
tap $? 'the built-in schema is the default of libcrit, and of nothing else' \
	"$tap_dir/why"

ls lib | grep -vxE "$(echo $order | tr ' ' '|')|crit.h|README.md|libcrit.map|crit.pc.in" \
	>"$tap_dir/why"
[ ! -s "$tap_dir/why" ]
tap $? 'lib/ holds the folders of that list, and nothing flat' "$tap_dir/why"
tap_end
