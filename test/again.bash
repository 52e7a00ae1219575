# SPDX-License-Identifier: MIT
#
# For suites that read messages in an unusual encoding.

# again IMAGE: the first field of its first entry, a number, stands once more at the
# end of that entry, where no writer puts it; it is the only entry
again() {
	local bytes n=1 size
	bytes=($(od -An -v -tx1 -j12 -N12 "$1"))
	while ((0x${bytes[n]} >= 0x80)); do n=$((n + 1)); done
	size=$(printf %08x $(($(od -An -tu4 -j8 -N4 "$1") + n + 1)))
	{
		head -c 8 "$1"
		printf "\\x${size:6:2}\\x${size:4:2}\\x${size:2:2}\\x${size:0:2}"
		tail -c +13 "$1"
		tail -c +13 "$1" | head -c $((n + 1))
	} >again.img
	mv again.img "$1"
}
