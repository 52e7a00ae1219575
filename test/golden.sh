# SPDX-License-Identifier: MIT
# The outputs of CRIT are ours, byte for byte; see test/tools/images.c.
# CRIT_IMAGES: these only.
cd "$CRIT_ROOT/test" || exit 1
exec images golden "images/${CRIT_IMAGES-}" "golden/${CRIT_IMAGES-}"
