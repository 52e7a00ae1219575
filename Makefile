# SPDX-License-Identifier: MIT
# One makefile for the whole tree. Each file of filters/ is a program, each of
# lib/ a part of libcrit; nothing is listed by hand.

VERSION = 0.1.0
PREFIX = /usr/local
BUILD = build
CC = gcc
AR = ar
PROTOC = protoc
PROTOC_C = protoc-c

CFLAGS = -O2 -g
WARN = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wwrite-strings -Wpointer-arith -Wvla $(WERROR)
# for developers and CI, who build from git; other compilers warn of other things
WERROR = $(if $(wildcard .git),-Werror)
BASE_CFLAGS = -std=c17 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -fvisibility=hidden $(WARN) \
	-DCRIT_VERSION='"$(VERSION)"' -Ilib -Ifilters -I$(BUILD) \
	-ffile-prefix-map=$(CURDIR)=.
ALL_CFLAGS = $(BASE_CFLAGS) $(CFLAGS)

# STATIC=1: programs that run where nothing else is installed, and start as fast
# as true(1); libcrit holds the libraries it uses, too. STATIC=0: all of them
# use the shared ones, as distributions want it.
STATIC = 1
ifeq ($(STATIC),1)
LINK = -static-pie
# Debian 13's liblz4.a needs it, and brings it along; others take nothing of it
XXHASH := $(if $(wildcard $(patsubst -L%, %/libxxhash.a, \
	$(filter -L%, $(LDFLAGS))) $(shell $(CC) -print-file-name=libxxhash.a)), \
	-l:libxxhash.a)
# Debian's libbz2.a is not made for shared libraries: libcrit does without
API_LIBS = -l:libprotobuf-c.a -l:libyaml.a -l:libzstd.a -l:liblzma.a \
	-l:liblz4.a $(XXHASH) -l:libz.a
LIBS = $(API_LIBS) -Wl,-u,BZ2_bzDecompressInit -l:libbz2.a
# what is linked to one object
HELD_LIBS = $(LIBS)
HELD_API_LIBS = $(API_LIBS)
else
SHARED_LIBS = -lprotobuf-c -lyaml -lzstd -llzma -llz4 -lz
LIBS = $(SHARED_LIBS) -Wl,--no-as-needed -lbz2
endif

# SAN=address,undefined builds and tests in a tree of its own
ifdef SAN
BUILD = build-$(subst $(comma),-,$(SAN))
CFLAGS += -O1 -fno-omit-frame-pointer -fsanitize=$(SAN) \
	-fno-sanitize-recover=all
LINK =
endif
comma = ,

# SCALE=16: windows and buffers are so many times smaller, and their ends near
ifdef SCALE
BUILD := $(BUILD)-$(SCALE)
CFLAGS += -DCRIT_SCALE=$(SCALE)
endif

# PLAIN=1: without the fast paths; same bytes, more slowly
ifdef PLAIN
BUILD = build-plain
CFLAGS += -DCRIT_PLAIN
endif

PROTOS = $(filter-out proto/options.proto, $(wildcard proto/*.proto))
LIB_SRC = $(wildcard lib/*/*.c)
LIB_OBJ = $(LIB_SRC:%.c=$(BUILD)/%.o) $(BUILD)/schema_tables.o \
	$(BUILD)/explorers.o $(BUILD)/formats.o \
	$(BUILD)/google/protobuf/descriptor.pb-c.o
FILTERS = $(patsubst filters/%.c, %, $(wildcard filters/crit*.c))
BIN = $(FILTERS:%=$(BUILD)/%)
COMMON_OBJ = $(patsubst %.c, $(BUILD)/%.o, \
	$(filter-out filters/crit%, $(wildcard filters/*.c)))
# a program links what it needs of these
COMMON = $(BUILD)/filters.a

all: $(BIN)

# What one may want to make
help:
	@echo 'make                 build the programs into $(BUILD)/'
	@echo 'make deps            install the Debian packages that are needed (as root)'
	@echo 'make demo            show a real checkpoint'
	@echo 'make check           run every test; SAN=address,undefined: sanitizers'
	@echo 'make install         install into PREFIX=$(PREFIX) (below DESTDIR=)'
	@echo 'make uninstall       remove what install put there'
	@echo 'make deb             build a Debian package, $(DEB)'
	@echo 'make dist            a source tarball of the commit'
	@echo 'make libcrit         build only the library'
	@echo 'make man             build only the manual pages'
	@echo 'make bench           measure, beside the crit of Debian and jq'
	@echo 'make bench-copy      crit-copy beside lz4, cp, tar and a splice loop'
	@echo 'make bench-diff      crit-diff of memories beside cmp'
	@echo 'make fuzz            fuzz for SECONDS=$(SECONDS)'
	@echo 'make check-bsdtar    our reader of tar beside that of libarchive'
	@echo 'make bench-archives  time and memory of large archives'
	@echo 'make check-fleet     recipes of share/fleet; bench-fleet N=200 measures them'
	@echo 'make lint valgrind coverage check-cross'
	@echo 'make check-threads check-leaks check-bindings: libcrit'
	@echo 'make clean           remove what was built'

$(BUILD)/%.o: %.c $(BUILD)/google/protobuf/descriptor.pb-c.h | $(BUILD)/facts.h
	@mkdir -p $(@D)
	@echo "CC $<"; $(CC) $(ALL_CFLAGS) $(PIC) -MMD -MP -MT $@ -c -o $@ $<

$(BUILD)/schema_tables.o: $(BUILD)/schema_tables.c
	@echo "CC $<"; $(CC) $(ALL_CFLAGS) $(PIC) -MMD -MP -MT $@ -c -o $@ $<

$(BUILD)/google/protobuf/descriptor.pb-c.o: \
		$(BUILD)/google/protobuf/descriptor.pb-c.c
	$(CC) -std=c17 -I$(BUILD) $(CFLAGS) $(PIC) -c -o $@ $<

$(BUILD)/google/protobuf/descriptor.pb-c.c \
$(BUILD)/google/protobuf/descriptor.pb-c.h &:
	@mkdir -p $(BUILD)
	@for tool in $(PROTOC) $(PROTOC_C) $(CC); do \
		command -v $$tool >/dev/null || { \
			echo "$$tool is not here: 'make deps', as root, installs" \
				"what is needed (README.md)" >&2; exit 1; }; done
	$(PROTOC_C) -I/usr/include --c_out=$(BUILD) google/protobuf/descriptor.proto

# proto/ and share/ -> tables
$(BUILD)/crit.binpb: $(PROTOS) proto/options.proto
	@mkdir -p $(BUILD)
	$(PROTOC) -Iproto -I/usr/include -o $@ $(PROTOS)

# schema_gen runs where the build runs, whatever CC builds for
HOSTCC = $(CC)
GEN_OBJ = $(patsubst %, $(BUILD)/host/%.o, proto/schema_gen \
	$(patsubst %.c, %, $(filter-out lib/base/output_%.c lib/base/unpack%, \
	$(wildcard lib/codec/*.c lib/base/*.c lib/schema/*.c))) \
	google/protobuf/descriptor.pb-c)
$(BUILD)/host/%.o: %.c $(BUILD)/google/protobuf/descriptor.pb-c.h
	@mkdir -p $(@D)
	@$(HOSTCC) $(BASE_CFLAGS) -O1 -MMD -MP -MT $@ -c -o $@ $<

$(BUILD)/host/google/protobuf/descriptor.pb-c.o: \
		$(BUILD)/google/protobuf/descriptor.pb-c.c
	@mkdir -p $(@D)
	@$(HOSTCC) -std=c17 -I$(BUILD) -O1 -c -o $@ $<

$(BUILD)/schema_gen: $(GEN_OBJ)
	$(HOSTCC) -o $@ $^ -lyaml -lprotobuf-c

$(BUILD)/schema_tables.c: $(BUILD)/schema_gen $(BUILD)/crit.binpb \
		share/images.yaml share/symbols.yaml
	$(BUILD)/schema_gen $(BUILD)/crit.binpb share/images.yaml \
		share/symbols.yaml >$@.tmp
	mv $@.tmp $@

$(BUILD)/facts.h: $(BUILD)/schema_gen $(BUILD)/crit.binpb share/images.yaml \
		share/symbols.yaml
	@# it stays as old as it is where nothing changed, and other makes may look, too
	new=$@.$$$$; $(BUILD)/schema_gen --facts $(BUILD)/crit.binpb \
		share/images.yaml share/symbols.yaml >$$new || exit 1; \
	cmp -s $$new $@ && rm $$new || mv $$new $@

# The list of what crit-x can be asked: a file each
EXPLORERS = $(patsubst lib/explore/%.c, %, $(wildcard lib/explore/*.c))
$(BUILD)/explorers.c: lib/explore $(wildcard lib/explore/*.c)
	@mkdir -p $(@D)
	@{ echo '#include "view/explorer.h"'; \
	printf 'extern const struct explorer explorer_%s;\n' $(EXPLORERS); \
	echo 'const struct explorer *const explorers[] = {'; \
	printf '\t&explorer_%s,\n' $(EXPLORERS); echo '};'; \
	echo 'const size_t n_explorers = sizeof(explorers) / sizeof(*explorers);'; \
	} >$@

# The list of formats of documents, the default first: each object of that type
$(BUILD)/formats.c: $(sort $(dir $(LIB_SRC))) $(LIB_SRC)
	@mkdir -p $(@D)
	@formats=$$(sed -n 's/^const struct writer_format \(writer_[a-z0-9_]*\) = {$$/\1/p' \
		$(sort $(LIB_SRC)) | grep -vx writer_records); \
	{ echo '#include "json/writer.h"'; \
	printf 'extern const struct writer_format %s;\n' writer_records $$formats; \
	echo 'const struct writer_format *const writer_formats[] = {'; \
	printf '\t&%s,\n' writer_records $$formats; \
	printf '\tNULL,\n};\n'; } >$@

$(BUILD)/explorers.o $(BUILD)/formats.o: $(BUILD)/%.o: $(BUILD)/%.c | $(BUILD)/facts.h
	@echo "CC $<"; $(CC) $(ALL_CFLAGS) $(PIC) -MMD -MP -MT $@ -c -o $@ $<

$(BUILD)/libcrit.a: $(LIB_OBJ)
	rm -f $@
	$(AR) rcs $@ $^

$(COMMON): $(COMMON_OBJ)
	rm -f $@
	$(AR) rcs $@ $^

$(BIN): $(BUILD)/%: $(BUILD)/filters/%.o $(COMMON) $(BUILD)/libcrit.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(LINK) -o $@ $^ $(LIBS)

# libcrit for other programs: the whole library as one object, of which only
# crit_* can be seen, and as a shared one. Filters link the parts themselves.
LIBDIR = $(PREFIX)/lib
LD = ld
OBJCOPY = objcopy
SONAME = libcrit.so.0
LIBCRIT = $(addprefix $(BUILD)/api/, libcrit.a libcrit.so.$(VERSION))
$(LIB_OBJ): PIC = -fPIC

$(BUILD)/api/crit.o: $(LIB_OBJ)
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -r -nostdlib -o $@ $^ $(HELD_API_LIBS)
	@$(OBJCOPY) --localize-hidden -w --keep-global-symbol='crit_*' $@

$(BUILD)/api/libcrit.a: $(BUILD)/api/crit.o
	@rm -f $@
	@$(AR) rcs $@ $<

$(BUILD)/api/libcrit.so.$(VERSION): $(BUILD)/api/crit.o lib/libcrit.map
	@$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$(SONAME) -Wl,-z,defs \
		-Wl,--version-script=lib/libcrit.map -o $@ $< \
		$(if $(HELD_LIBS),,$(LIBS))
	@ln -sf $(@F) $(@D)/$(SONAME)
	@ln -sf $(SONAME) $(@D)/libcrit.so

libcrit: $(LIBCRIT)

install: install-lib
install-lib: libcrit
	install -d '$(DESTDIR)$(LIBDIR)/pkgconfig' '$(DESTDIR)$(PREFIX)/include'
	install -m 644 lib/crit.h '$(DESTDIR)$(PREFIX)/include'
	install -m 644 $(BUILD)/api/libcrit.a '$(DESTDIR)$(LIBDIR)'
	install -m 644 $(BUILD)/api/libcrit.so.$(VERSION) '$(DESTDIR)$(LIBDIR)'
	ln -sf libcrit.so.$(VERSION) '$(DESTDIR)$(LIBDIR)/$(SONAME)'
	ln -sf $(SONAME) '$(DESTDIR)$(LIBDIR)/libcrit.so'
	sed -e 's|@VERSION@|$(VERSION)|' -e 's|@LIBDIR@|$(LIBDIR)|' \
		-e 's|@PREFIX@|$(PREFIX)|' \
		-e 's|@LIBS@|$(if $(HELD_LIBS),,$(LIBS))|' lib/crit.pc.in \
		>'$(DESTDIR)$(LIBDIR)/pkgconfig/crit.pc'
	@[ -n '$(DESTDIR)' ] || ldconfig 2>/dev/null || \
		echo "run ldconfig as root, so that programs find libcrit" >&2

uninstall: uninstall-lib
uninstall-lib:
	cd '$(DESTDIR)$(LIBDIR)' && rm -f libcrit.a libcrit.so $(SONAME) \
		libcrit.so.$(VERSION) pkgconfig/crit.pc
	rm -f '$(DESTDIR)$(PREFIX)/include/crit.h'

# What programs that are linked to libcrit rely on: beside the dump in test/. A
# change that only adds is fine; make abi then writes the new dump.
ABI = $(BUILD)/api/libcrit.abi
$(ABI): $(BUILD)/api/libcrit.so.$(VERSION)
	@abidw --no-corpus-path --no-comp-dir-path --no-show-locs \
		--exported-interfaces-only --drop-private-types \
		--header-file lib/crit.h --out-file $@ $<

check-abi: deps
	$(call WITH,abigail-tools,run-abi)

run-abi: $(ABI)
	@abidiff --no-added-syms test/libcrit.abi $< && echo 'ABI: as before'

abi: $(ABI)
	cp $< test/libcrit.abi

.PHONY: libcrit install-lib uninstall-lib check-abi run-abi abi

# Tests: each .c of test/unit is a program over libcrit, each of test/tools a
# program that tests use.
UNIT = $(patsubst %.c, $(BUILD)/%, $(wildcard test/unit/*.c))
TOOLS = $(patsubst %.c, $(BUILD)/%, $(wildcard test/tools/*.c))

$(UNIT) $(TOOLS): $(BUILD)/test/%: $(BUILD)/test/%.o $(BUILD)/libcrit.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(WRAP) -o $@ $^ $(LIBS)

# these feed the library byte by byte
$(BUILD)/test/unit/stream_%: WRAP = -Wl,--wrap=read,--wrap=write

# Filters whose system calls fail when they are told to (test/faults.bats), but
# not those of what the compiler adds (gcov, sanitizers)
FAULTY = $(FILTERS:%=$(BUILD)/test/faults/%)
FAULTS = read write pread64 pwrite64 sendfile64 copy_file_range close fsync \
	syncfs ftruncate64 lseek64 rename renameat linkat mkdir mkdirat \
	dup fstat64 fstatat64 stat64 faccessat fchmod fchown realpath readlink getrandom \
	execv execvp fdopendir readdir64 malloc calloc realloc strdup \
	open64 openat64 syscall fcntl64 lstat64 readlinkat symlinkat mknodat \
	fchmodat fchownat futimens utimensat pipe fork waitpid dup2 socket bind \
	listen accept4 recvmsg send poll splice flistxattr

$(FAULTY): $(BUILD)/test/faults/%: $(BUILD)/filters/%.o \
		$(BUILD)/test/faults/faults.o $(COMMON) $(BUILD)/libcrit.a
	@$(CC) $(filter-out --coverage, $(CFLAGS)) -r -nostdlib \
		$(FAULTS:%=-Wl,--wrap=%) -o $@.o $^ $(HELD_LIBS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $@.o $(if $(HELD_LIBS),,$(LIBS))

# Fuzz targets, here over saved inputs (test/fuzz.bats); make fuzz runs them
FUZZ = $(patsubst %.c, $(BUILD)/%, $(wildcard test/fuzz/*.c))
FUZZ_OBJ = $(patsubst %.c, $(BUILD)/%.o, $(wildcard test/fuzz/common/*.c))

$(FUZZ): $(BUILD)/test/fuzz/%: $(BUILD)/test/fuzz/%.o $(FUZZ_OBJ) \
		$(BUILD)/libcrit.a
	$(CC) $(CFLAGS) $(LDFLAGS) -Wl,--wrap=read,--wrap=write -o $@ $^ $(LIBS)

$(BUILD)/bench-gen: $(BUILD)/test/bench/gen.o $(BUILD)/libcrit.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/bench-run $(BUILD)/bench-splice: $(BUILD)/bench-%: $(BUILD)/test/bench/%.o
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

tests: $(BIN) $(UNIT) $(TOOLS) $(FAULTY) $(FUZZ) $(BUILD)/bench-gen
# suites that install run side by side: nothing may be left to make by then
ifndef SAN
tests: libcrit
endif

# What a fresh Debian 12 with git and make lacks. Nothing happens where all
# of it is there.
PACKAGES = gcc libc6-dev protobuf-compiler libprotobuf-dev \
	protobuf-c-compiler libprotobuf-c-dev libyaml-dev liblz4-dev libzstd-dev \
	liblzma-dev zlib1g-dev libbz2-dev
TEST_PACKAGES = bats jq zstd lz4 bzip2 xz-utils xxd strace procps pkg-config g++

deps:
	@test/deps $(PACKAGES) $(TEST_PACKAGES)

# These come as they are to a fresh machine: packages, then all the rest.
AGAIN = +@$(MAKE) --no-print-directory -j$(shell nproc)
# $(call WITH, PACKAGES, TARGET): made where these can be had, else passed over
WITH = +@if test/deps $1; then exec $(MAKE) --no-print-directory \
	-j$(shell nproc) $2; else echo "$@ SKIPPED: no packages"; fi

check: deps
	$(AGAIN) tests
	@CRIT_SAN=$(SAN) test/run $(BUILD) $(SUITES)

demo: deps
	$(AGAIN) all >/dev/null
	@PATH="$(abspath $(BUILD)):$$PATH" test/demo

bench: deps
	@test/deps criu || echo "bench: without Debian's crit"
	$(AGAIN) all $(BUILD)/bench-gen $(BUILD)/bench-run
	@$(BUILD)/bench-run $(BUILD) $(BENCH)

# Large: TMPDIR=/dev/shm keeps the disk out of it.
bench-copy: deps
	@test/deps lz4
	$(AGAIN) tests $(BUILD)/bench-splice
	@PATH="$(abspath $(BUILD)):$(abspath $(BUILD))/test/tools:$$PATH" \
		test/bench/copy

# Two memories of 4 GiB, beside cmp
bench-diff:
	$(AGAIN) tests
	@test/bench/diff $(BUILD)

# The same work in instructions, beside the commit BASE built in the same run:
# 3 % more fails.
BASE = HEAD^
BASE_DIR = $(abspath $(BUILD))/base
bench-instructions: deps
	@test/deps valgrind
	$(AGAIN) all $(BUILD)/bench-gen
	@rm -rf $(BASE_DIR) && mkdir -p $(BASE_DIR)
	@git archive $(BASE) -- . ":!test/images" ":!test/golden" | \
		tar -x -C $(BASE_DIR)
	+@$(MAKE) --no-print-directory -s -C $(BASE_DIR) -j$(shell nproc) \
		BUILD=build all >/dev/null
	@test/bench/instructions $(BASE_DIR)/build $(abspath $(BUILD))

include share/install.mk
include test/cross.mk
include test/restore.mk
include test/engines.mk
include test/core.mk
include test/archives.mk
include test/fleet.mk
include test/draw.mk
include test/bindings.mk
include test/libcrit.mk

# make fuzz SECONDS=600 [FUZZERS=image]: with clang; most of the time with
# windows that are 16 times smaller. What they find is left in build-fuzz.
SECONDS = 600
FUZZERS = $(patsubst test/fuzz/%.c, %, $(wildcard test/fuzz/*.c))
FUZZ_PACKAGES = clang libclang-rt-14-dev

fuzz: deps
	@test/deps $(FUZZ_PACKAGES)
	@test/fuzz/run $(SECONDS) $(FUZZERS)

# Other people's eyes: warnings are errors
lint:
	@test/deps clang-tidy cppcheck
	$(AGAIN) $(BUILD)/schema_tables.c $(BUILD)/facts.h
	printf '%s\n' $(wildcard lib/*/*.c filters/*.c) | \
		xargs -P$(shell nproc) -I{} clang-tidy --quiet {} -- \
		$(BASE_CFLAGS) 2>/dev/null
	cppcheck --quiet --std=c11 --inline-suppr --error-exitcode=1 \
		--enable=warning,performance,portability -j$(shell nproc) \
		--suppressions-list=test/cppcheck.txt -Ilib -Ifilters -I$(BUILD) \
		lib filters

# The most telling part: unit tests, what fuzzers found, signals and explorers
# under sanitizers and small windows, unit tests under valgrind. The longest
# comes first: it runs beside all others.
SAN_SUITES = test/crit-x.bats $(UNIT) test/fuzz.bats test/signals.bats
check-san: deps
	$(AGAIN) BUILD=$(BUILD)-san SAN=address,undefined SCALE=16 run-san
	$(AGAIN) valgrind

run-san: $(BIN) $(UNIT) $(FUZZ)
	@CRIT_SAN=$(SAN) test/run $(BUILD) $(SAN_SUITES)

# The unit tests under valgrind; what share of the lines all tests reach
VALGRIND = valgrind -q --error-exitcode=9 --leak-check=full
valgrind: deps
	@test/deps valgrind
	$(AGAIN) $(UNIT)
	@CRIT_SAN=valgrind CRIT_UNDER='$(VALGRIND)' test/run $(BUILD) $(UNIT)

# memory.bats, that would take an hour, is passed over as under sanitizers
coverage: deps
	$(AGAIN) BUILD=build-coverage LINK= \
		CFLAGS='-std=gnu17 -O1 -g --coverage -fprofile-update=atomic' tests
	find build-coverage -name '*.gcda' -delete
	-@CRIT_SAN=coverage test/run build-coverage $(SUITES)
	@test/coverage build-coverage

clean:
	rm -rf build build-*

.PHONY: all help tests deps check check-san run-san demo bench bench-copy bench-diff bench-instructions fuzz lint valgrind \
	coverage install uninstall clean
.DELETE_ON_ERROR:
.PRECIOUS: $(BUILD)/%.o
-include $(shell find $(BUILD) -type f -name '*.d' 2>/dev/null)
