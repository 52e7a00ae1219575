# SPDX-License-Identifier: MIT
# Pictures and pages of crit-draw in the programs that read them, which are large
# packages; part of Makefile.

DRAW_PACKAGES = libxml2-utils tidy graphviz chromium fonts-dejavu-core

check-draw: deps
	$(call WITH,$(DRAW_PACKAGES),run-draw)

run-draw: $(BUILD)/crit-draw
	@test/run $(BUILD) $(wildcard test/draw/*.bats)

.PHONY: check-draw run-draw
