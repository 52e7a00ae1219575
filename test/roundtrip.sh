# SPDX-License-Identifier: MIT
#
# Decode and encode give the same bytes: each checkpoint as a stream, in every
# format and through jq; the odd images one by one.
. "$(dirname "$0")/tap.sh"

named() {			# FILTER OPTION... -- : stdin to stdout
	case $1 in
	as-is) cat ;;
	sorted) jq -S -c . ;;
	*) jq -c . ;;
	esac
}

there_and_back() {		# DIR THROUGH OPTION...
	local dir=$1 through=$2
	shift 2
	crit-decode "$@" "$dir" 2>/dev/null | named "$through" |
		crit-encode -d "$tap_dir/new" 2>"$tap_dir/why"
	[ "${PIPESTATUS[*]}" = "0 0 0" ] &&
		diff -r "$tap_dir/new" "$tap_dir/want" >>"$tap_dir/why" 2>&1
	tap $? "$dir $through $*" "$tap_dir/why"
	rm -rf "$tap_dir/new"
}

# expect DIR: a copy of those files of it that are images
expect() {
	local names
	names=$(crit-decode "$1" 2>/dev/null | sed -n 's/^{"image":"\([^"]*\)".*/\1/p' |
		uniq)
	mkdir "$tap_dir/want"
	(cd "$1" && cp $names "$tap_dir/want")
}

for dir in images/*/ images/incr/[0-9]; do
	dir=${dir%/}
	case $dir in
	images/edge | images/incr | images/bad) continue ;;
	esac
	expect "$dir"
	there_and_back "$dir" as-is
	there_and_back "$dir" as-is -p
	there_and_back "$dir" as-is -f json
	there_and_back "$dir" as-is -f json -p
	there_and_back "$dir" as-is -f yaml
	there_and_back "$dir" as-is -f yaml -p
	there_and_back "$dir" jq
	there_and_back "$dir" jq -p
	there_and_back "$dir" sorted
	rm -rf "$tap_dir/want"
done
for dir in images/edge images/bad; do
	images roundtrip "$dir" | grep -v '^ok' >"$tap_dir/each"
	tap "${PIPESTATUS[0]}" "$dir, each" "$tap_dir/each"
done
tap_end
