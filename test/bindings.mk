# SPDX-License-Identifier: MIT
# libcrit from Python and Go (share/examples); part of Makefile. make check runs
# the same where both are there.

BINDING_PACKAGES = python3 golang-go

check-bindings: deps
	$(call WITH,$(BINDING_PACKAGES),run-bindings)

run-bindings: $(BIN) libcrit
	@CRIT_BINDINGS=1 test/run $(BUILD) test/bindings.bats

.PHONY: check-bindings run-bindings
