# SPDX-License-Identifier: MIT
#
# Odd documents (test/edge-json). NAME.json.bin is what CRIT makes of it. In
# edge-json.tsv: "same" bytes; "taken" where CRIT fails; "refused", and the
# message, where CRIT guesses or fails.
. "$(dirname "$0")/tap.sh"

while IFS=$'\t' read -r name want message; do
	case=edge-json/$name.json
	status=0
	crit-encode <"$case" >"$tap_dir/image" 2>"$tap_dir/why" || status=$?
	said=$(sed 's/^crit-encode: //' "$tap_dir/why" | cut -c 1-110)
	case $want in
	same) [ $status = 0 ] && cmp "$tap_dir/image" "$case.bin" >>"$tap_dir/why" ;;
	taken) [ $status = 0 ] && [ -s "$tap_dir/image" ] ;;
	refused) [ $status = 1 ] || [ $status = 2 ] && [ "$said" = "$message" ] ;;
	esac
	tap $? "$name $want" "$tap_dir/why"
done <edge-json.tsv
[ "$(find edge-json -name '*.json' | wc -l)" = "$tap_n" ]
tap $? 'each case is in the table'
tap_end
