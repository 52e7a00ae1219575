# SPDX-License-Identifier: MIT
# libcrit under other eyes; part of Makefile.

API_UNIT = $(filter $(BUILD)/test/unit/api_%, $(UNIT))
API_SUITES = $(if $(SUITES),$(SUITES),$(API_UNIT))

# Objects in threads of their own, under gcc's thread sanitizer, in build-thread. It
# wants addresses that are not random.
check-threads: deps
	$(AGAIN) SAN=thread run-threads

run-threads: $(API_UNIT)
	@CRIT_SAN=thread CRIT_UNDER='setarch $(shell uname -m) -R' \
		TSAN_OPTIONS=halt_on_error=1 test/run $(BUILD) $(API_SUITES)

# All of the API under valgrind: leaks, reads of what was never written
check-leaks: deps
	@test/deps valgrind
	$(AGAIN) $(API_UNIT)
	@CRIT_SAN=valgrind CRIT_UNDER='$(VALGRIND)' test/run $(BUILD) $(API_SUITES)

.PHONY: check-threads run-threads check-leaks
