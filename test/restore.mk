# SPDX-License-Identifier: MIT
# Real processes, dumped by a real CRIU, restored from what the programs of
# this tree made of their checkpoints; part of Makefile. RESTORE=NAME.sh runs
# one suite.

RESTORE_SRC = $(wildcard test/restore/src/*.c)
RESTORE_BIN = $(RESTORE_SRC:test/restore/src/%.c=$(BUILD)/test/restore/%)
RESTORE_PACKAGES = iproute2 util-linux python3
# of Debian, not installed
FOREIGN = test/unpack $(BUILD)/foreign same redis-tools nginx && \
	ln -sf redis-check-rdb $(BUILD)/foreign/root/usr/bin/redis-server
RESTORE = $(notdir $(wildcard test/restore/*.sh))

# They are dumped, not tested: plain C, linked with the C library
$(RESTORE_BIN): $(BUILD)/test/restore/%: test/restore/src/%.c
	@mkdir -p $(@D)
	@echo "CC $<"; gcc -std=gnu17 -O1 -g -Wall -Wno-infinite-recursion -pthread \
		-MMD -MP -MT $@ $(RESTORE_LINK) -o $@ $<

# where its root holds no C library
$(BUILD)/test/restore/nsinit: RESTORE_LINK = -static

check-restore: deps
	$(call WITH,$(RESTORE_PACKAGES),run-restore)

run-restore: $(BIN) $(RESTORE_BIN)
	@why=$$(test/criu $(BUILD)/criu) || { \
		echo "check-restore SKIPPED: $$why"; exit 0; }; \
	$(FOREIGN); \
	test/run $(BUILD) $(RESTORE:%=test/restore/%)

.PHONY: check-restore run-restore
