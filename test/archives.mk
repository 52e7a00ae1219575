# SPDX-License-Identifier: MIT
# Archives beside other programs; part of Makefile. Nothing is installed.

# What bsdtar reads in each archive of the tests, beside ours
check-bsdtar: deps
	$(AGAIN) $(BIN) $(TOOLS)
	@test/unpack $(BUILD)/bsdtar same libarchive-tools || { \
		echo "check-bsdtar SKIPPED: no packages"; exit 0; }; \
	test/run $(BUILD) test/bsdtar.bats

# 4 GiB and 64 GiB of pages, 50,000 members: time and memory
bench-archives: deps
	@test/deps strace
	$(AGAIN) $(BIN) $(TOOLS) $(BUILD)/bench-gen
	@PATH="$(abspath $(BUILD)):$(abspath $(BUILD))/test/tools:$$PATH" \
		test/bench/archives

.PHONY: check-bsdtar bench-archives
