# SPDX-License-Identifier: MIT
#
# Random images of every type: image -> JSON -> image, and JSON -> image ->
# JSON, in every format and through jq.
. "$(dirname "$0")/tap.sh"

seed=${CRIT_SEED-1}
old=$tap_dir/old
random_images "$seed" "${CRIT_COUNT-8}" "$old"
n=$(find "$old" -type f | wc -l)

back() {			# NAME OPTION... : and what comes on stdin is encoded
	local name=$1 status
	shift
	rm -rf "$tap_dir/new"
	crit-encode -d "$tap_dir/new" 2>"$tap_dir/why"
	status=$?
	diff -r "$old" "$tap_dir/new" >>"$tap_dir/why" 2>&1 || status=1
	tap $status "$n images, seed $seed, $name" "$tap_dir/why"
}

for format in records json yaml; do
	for pretty in '' -p; do
		crit-decode -f $format $pretty "$old" >"$tap_dir/json"
		tap $? "decode $format $pretty"
		back "$format $pretty" <"$tap_dir/json"
		crit-decode -f $format $pretty "$tap_dir/new" |
			cmp - "$tap_dir/json" >"$tap_dir/why" 2>&1
		tap $? "and the same text again" "$tap_dir/why"
	done
done
crit-decode "$old" >"$tap_dir/json"
back 'jq -c' < <(jq -c . "$tap_dir/json")
back 'jq -S -c' < <(jq -S -c . "$tap_dir/json")
back 'pretty, jq -S' < <(crit-decode -p "$old" | jq -S .)
tap_end
