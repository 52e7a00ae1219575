# SPDX-License-Identifier: MIT
# Container engines write checkpoints, which our programs read and change; part
# of Makefile. Nothing of the engines is installed.

ENGINES = podman runc conmon netavark containerd busybox-static \
	golang-github-containers-common golang-github-containers-image
ENGINE_SUITES = $(wildcard test/engines/*.sh)

check-engines: deps
	$(call WITH,$(RESTORE_PACKAGES),run-engines)

run-engines: $(BIN)
	@why=$$(test/criu $(BUILD)/criu) && why="no packages" && $(FOREIGN) && \
		test/unpack $(BUILD)/engines same $(ENGINES) || { \
		echo "check-engines SKIPPED: $$why"; exit 0; }; \
	test/run $(BUILD) $(ENGINE_SUITES)

.PHONY: check-engines run-engines
