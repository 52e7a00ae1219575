# SPDX-License-Identifier: MIT
# Cores in the hands of debuggers, which are large packages, and beside those
# that the kernel writes of fresh dumps; part of Makefile.

# libc6-dbg: names of functions that the C library does not export
CORE_PACKAGES = gdb gdb-multiarch elfutils lldb libc6-dbg
CORE_TESTS = $(wildcard test/core/*.bats)

check-core: deps
	$(call WITH,$(CORE_PACKAGES) $(RESTORE_PACKAGES),run-core)

run-core: $(BIN) $(TOOLS) $(RESTORE_BIN)
	@why=$$(test/criu $(BUILD)/criu) && fresh=test/core/kernel.sh || \
		echo "check-core without fresh dumps: $$why"; \
	[ ! "$$fresh" ] || { $(FOREIGN); }; \
	test/run $(BUILD) $$fresh $(CORE_TESTS)

.PHONY: check-core run-core
