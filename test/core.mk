# SPDX-License-Identifier: MIT
# Cores in the hands of debuggers, which are large packages; part of Makefile.

CORE_PACKAGES = gdb gdb-multiarch elfutils lldb
CORE_TESTS = $(wildcard test/core/*.bats)

check-core: deps
	@test/deps $(CORE_PACKAGES)
	$(AGAIN) tests
	@test/run $(BUILD) $(CORE_TESTS)

.PHONY: check-core
