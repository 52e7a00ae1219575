# SPDX-License-Identifier: MIT
# The same tests with other compilers, another C library, 32 bits, and big-
# endian numbers; part of Makefile. Libraries for the other machines are static
# archives out of Debian's packages, unpacked below BUILD: nothing of them is
# installed. musl has no such packages; it links those of glibc, which need
# nothing of it but what C has.

CROSS = clang musl i386 s390x
cross_packages_clang = clang
cross_packages_musl = musl-tools
cross_packages_i386 = gcc-i686-linux-gnu libc6-dev-i386-cross
cross_packages_s390x = gcc-s390x-linux-gnu libc6-dev-s390x-cross qemu-user
CROSS_DIR = $(abspath $(BUILD))/cross

cross_clang = CC=clang
# with the fast paths off, as make PLAIN=1 has them: the same bytes
# Debian's libbz2.a wants glibc
cross_musl = CC=musl-gcc LINK=-static LIBS='$$(API_LIBS)' \
	LDFLAGS='-static -L$(CROSS_DIR)/root-musl' \
	CFLAGS='-O2 -DCRIT_PLAIN -isystem $(CROSS_DIR)/root-musl'
cross_foreign = CC=$2-gcc AR=$2-ar LINK=-static LDFLAGS='-static \
	-L$(CROSS_DIR)/root-$1/usr/lib/$3' \
	CFLAGS='-O2 -isystem $(CROSS_DIR)/root-$1/usr/include'
cross_i386 = $(call cross_foreign,i386,i686-linux-gnu,i386-linux-gnu)
cross_s390x = $(call cross_foreign,s390x,s390x-linux-gnu,s390x-linux-gnu)
runs_i386 = qemu-i386
runs_s390x = qemu-s390x

programs: $(BIN) $(UNIT)

cross-%: tests
	@test/deps $(cross_packages_$*) && \
		test/cross-run root $* $(CROSS_DIR)/root-$* || \
		echo "cross-$* SKIPPED: no packages"
	+@[ ! -e $(CROSS_DIR)/root-$*/done ] || $(MAKE) --no-print-directory \
		BUILD=$(CROSS_DIR)/$* HOSTCC=$(CC) $(cross_$*) programs \
		>$(CROSS_DIR)/$*.log 2>&1 || \
		{ tail -n 20 $(CROSS_DIR)/$*.log; exit 1; }
	@[ ! -e $(CROSS_DIR)/root-$*/done ] || \
		test/cross-run run $(abspath $(BUILD)) $(CROSS_DIR)/$* $(runs_$*)

# One after another, all of them; check-cross-i386: this one
check-cross: deps
	+@bad=0; for c in $(CROSS); do echo "== $$c"; $(MAKE) \
		--no-print-directory -j$(shell nproc) cross-$$c || bad=1; done; \
		exit $$bad

$(CROSS:%=check-cross-%): check-cross-%: deps
	$(AGAIN) cross-$*

.PHONY: programs check-cross $(CROSS:%=check-cross-%)
