# SPDX-License-Identifier: MIT
# The outputs of CRIT are what the programs print; see test/tools/images.c.
# All of them, without programs: test/unit/stream_golden.c
cd "$CRIT_ROOT/test" && exec images golden images/${1-synthetic} golden/${1-synthetic}
