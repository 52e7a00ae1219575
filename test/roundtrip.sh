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
	local dir=$1 through=$2 new=$tap_dir/new n
	shift 2
	rm -rf "$new"
	crit-decode "$@" "$dir" 2>/dev/null | named "$through" |
		crit-encode -d "$new" 2>"$tap_dir/why"
	[ "${PIPESTATUS[*]}" = "0 0 0" ]
	local status=$?
	n=$(tail -n 1 "$tap_dir/end" | jq .end.images)
	# nothing but these, the same bytes, as many as the stream said
	diff -r "$new" "$dir" 2>&1 | grep -v "^Only in $dir" >>"$tap_dir/why" &&
		status=1
	[ "$(find "$new" -type f | wc -l)" = "$n" ] || {
		echo "not $n images" >>"$tap_dir/why"
		status=1
	}
	tap $status "$dir $through $*" "$tap_dir/why"
}

for dir in images/* images/incr/[0-9]; do
	case $dir in
	images/edge | images/incr | images/bad) continue ;;
	esac
	crit-decode "$dir" 2>/dev/null | tail -n 1 >"$tap_dir/end"
	there_and_back "$dir" as-is
	there_and_back "$dir" as-is -p
	there_and_back "$dir" as-is -f json
	there_and_back "$dir" as-is -f json -p
	there_and_back "$dir" jq
	there_and_back "$dir" jq -p
	there_and_back "$dir" sorted
done
for dir in images/edge images/bad; do
	images roundtrip "$dir" | grep -v '^ok' >"$tap_dir/each"
	tap "${PIPESTATUS[0]}" "$dir, each" "$tap_dir/each"
done
tap_end
