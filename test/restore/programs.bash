# SPDX-License-Identifier: MIT
#
# What programs of the table need, when those that know nothing of these tests
# are ready, and how they answer. The functions run in $desk.
