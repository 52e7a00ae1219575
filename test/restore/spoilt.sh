# SPDX-License-Identifier: MIT
#
# The matrix must notice a single byte. One is changed on purpose, after the way
# and before the restore; then that program must fail, by CRIU's word or by its
# own.

. "$CRIT_ROOT/test/tap.sh"

# spoil IMAGE TEXT: changes the first byte of TEXT there
spoil() {
	local at image
	image=$(echo "$out"/$1)
	at=$(grep -abom 1 "$2" "$image" | head -n 1 | cut -d : -f 1)
	[ "$at" ] && printf '#' |
		dd of="$image" bs=1 seek="$at" conv=notrunc status=none
}
export -f spoil

# noticed PROGRAM IMAGE TEXT REASON: what the matrix says then
noticed() {
	CRIT_WAYS=records CRIT_SPOIL="spoil '$2' '$3'" \
		bash "$CRIT_ROOT/test/restore/matrix.sh" "$1" >"$tap_dir/out"
	grep -q '^ok .*: dumped' "$tap_dir/out" &&
		grep -q '^not ok .*: records' "$tap_dir/out" &&
		grep -q "^# .*$4" "$tap_dir/out"
	tap $? "one byte of $1's $2 is noticed" "$tap_dir/out"
}

noticed mem pages-1.img 'memfd map' 'memcmp(mfm, "memfd map", 9) == 0'
noticed files files.img 'plain[.]txt' "Can't open file .*#lain.txt"
noticed ghostsparse ghost-file-1.img 'chunk 7 of' 'memcmp(b, w, l) == 0'
noticed sock sk-queues.img 'datagram1' 'memcmp(b, "datagram1", 9) == 0'
noticed container 'utsns-*.img' 'corpus-ct' 'strcmp(u.nodename, "corpus-ct") == 0'
tap_end
