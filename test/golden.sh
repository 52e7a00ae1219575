# SPDX-License-Identifier: MIT
# The outputs of CRIT are ours, byte for byte; see test/tools/images.c.
cd "$CRIT_ROOT/test" && exec images golden images golden
