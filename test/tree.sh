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

# A negation alone never ends a test: set -e passes it by, unless it stands last.
awk '
	{ line = line $0 }
	/[|&\\\\]$/ { next }
	line ~ /^[\t ]*! / && line !~ /\|\|/ { print FILENAME ":" FNR ": " line }
	{ line = "" }' test/*.bats test/*/*.bats >"$tap_dir/why"
[ ! -s "$tap_dir/why" ]
tap $? 'a negation in a test ends in "|| false"' "$tap_dir/why"

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

# Those of rules are templates (core-#.img).
sed -n 's/^#define IMAGE_[A-Z_]* //p' "$CRIT_BUILD/facts.h" >"$tap_dir/names"
grep -nF -f "$tap_dir/names" lib/*/*.c filters/*.c |
	grep -v '^lib/check/' >"$tap_dir/why"
[ -s "$tap_dir/names" ] && [ ! -s "$tap_dir/why" ]
tap $? 'names of images come from facts.h' "$tap_dir/why"

# In a file of its own, or in the header that bears its name.
for file in lib/*/*.c filters/*.c; do
	opening=$(sed -n 2p "$file")
	case $opening in
	'/*'* | '//'*) ;;
	*) sed -n 2,4p "${file%.c}.h" 2>/dev/null | grep -q '^ \* .' || echo "$file" ;;
	esac
done >"$tap_dir/why"
[ ! -s "$tap_dir/why" ]
tap $? 'each .c file says at its start what flows in and out' "$tap_dir/why"

ls lib | grep -vxE "$(echo $order | tr ' ' '|')|crit.h|README.md|libcrit.map|crit.pc.in" \
	>"$tap_dir/why"
[ ! -s "$tap_dir/why" ]
tap $? 'lib/ holds the folders of that list, and nothing flat' "$tap_dir/why"

# lib/README.md: a row for each folder, in that order; the files that it names.
grep -oE '^\| `[a-z]+/`' lib/README.md | tr -d '| `/' >"$tap_dir/rows"
echo $order | tr ' ' '\n' | diff - "$tap_dir/rows" >"$tap_dir/why"
tap $? 'lib/README.md has a row for each folder, in that order' "$tap_dir/why"

for name in $(grep -oE '`[a-z_]+/[a-z_.]+\.[a-z]+`' lib/README.md | tr -d '`'); do
	[ -e "lib/$name" ] || [ -e "$name" ] || [ "${name%%/*}" = build ] ||
		echo "$name"
done >"$tap_dir/why"
[ ! -s "$tap_dir/why" ]
tap $? 'the files that lib/README.md names are there' "$tap_dir/why"

# Files above 300 lines, and why they are not cut. Others are to be cut where
# they grow so long.
cat >"$tap_dir/long" <<-end
	filters/copy_job.c one job with its modes, in the order of the command line
	filters/crit-info.c options, examples and wiring of one program
	filters/crit-mem.c options of twelve modes; half of it is the option table
	lib/api/write.c the public calls of writing, a few lines each
	lib/base/unpack_kinds.c a decompressor each, the same five functions
	lib/checkpoint/model.c the events of one sink
	lib/copy/to_tar.c one target: the calls of its interface
	lib/draw/memory_picture.c one picture, a part of it after another
	lib/event/normalize.c one recursive algorithm
	lib/image/write.c the events of one sink
	lib/json/fast_read.c one fast lane, all of it inlined
	lib/json/write.c the events of one sink
	lib/json/write_bytes.c the notations of bytes, one after another
	lib/report/memory_text.c three reports of the same shape
	lib/report/summary.c the counts of a summary, a few lines each
	lib/schema/load.c one walk over a descriptor set
	lib/search/regex_filter.c one analysis of a tree
	lib/store/archive.c one store: the calls of its interface
	lib/store/archive_keep.c one store: what is kept of its members
	lib/store/dir.c one store: the calls of its interface
	lib/store/store.c the interface of all stores
end
for file in lib/*/*.[ch] filters/*.[ch]; do
	[ "$(wc -l <"$file")" -le 300 ] || grep -q "^$file [a-z]" "$tap_dir/long" ||
		echo "$file: $(wc -l <"$file") lines"
done >"$tap_dir/why"
[ ! -s "$tap_dir/why" ]
tap $? 'files above 300 lines have a reason' "$tap_dir/why"
tap_end
