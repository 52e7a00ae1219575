# SPDX-License-Identifier: MIT
#
# crit.h -> the names of its functions, a line each.

/^CRIT_API / { open = 1 }
open && match($0, /crit_[a-z_]*\(/) {
	print substr($0, RSTART, RLENGTH - 1)
	open = 0
}
