# SPDX-License-Identifier: MIT
#
# For scdoc(1), which takes backslashes in literal blocks for escapes: there
# they stand for themselves.
/^\t*```/ { literal = !literal }
literal { gsub(/\\/, "&&") }
{ print }
