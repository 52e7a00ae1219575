# SPDX-License-Identifier: MIT
# share/fleet/: many archives, on engines that exist; part of Makefile. Nothing of
# the engines is installed.

FLEET = parallel openssh-server slurmctld slurmd slurm-client \
	slurm-wlm-basic-plugins
DUCKDB = @duckdb/node-api@1.5.6-r.1

check-fleet: deps
	$(call WITH,openssh-client iproute2,run-fleet)

# DuckDB comes from npm; its tests are passed over where there is none. The ports
# of sshd and Slurm are free in a network of their own.
run-fleet: $(BIN) $(TOOLS)
	@test/unpack $(BUILD)/fleet same $(FLEET) || { \
		echo "check-fleet SKIPPED: no packages"; exit 0; }; \
	[ -e $(BUILD)/fleet/node_modules/@duckdb ] || ! command -v npm >/dev/null || \
		npm install --silent --no-audit --no-fund --no-save \
			--prefix $(BUILD)/fleet $(DUCKDB) >/dev/null || \
		echo "check-fleet: without DuckDB"; \
	$$(unshare --net true 2>/dev/null && echo unshare --net) \
		sh -c 'ip link set lo up 2>/dev/null; \
			ip address add 192.0.2.1/32 dev lo 2>/dev/null; \
			exec "$$@"' - \
		test/run $(BUILD) test/fleet.bats \
		$(wildcard test/fleet/*.bats)

# What needs no packages: seconds, and part of make check
check-fleet-quick: deps
	$(AGAIN) $(BIN) $(TOOLS)
	@test/run $(BUILD) test/fleet.bats

# Archives a second, and memory: N of them, a minute for 200. As root on a busy
# machine: UNDER='chrt -r 1' make bench-fleet
N = 200
ROUNDS = 5
bench-fleet: deps
	$(AGAIN) $(BIN) $(TOOLS)
	@PATH="$(abspath $(BUILD)):$(abspath $(BUILD))/test/tools:$$PATH" \
		test/fleet/bench $(N) $(ROUNDS)

.PHONY: check-fleet check-fleet-quick run-fleet bench-fleet
