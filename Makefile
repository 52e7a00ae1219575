# SPDX-License-Identifier: MIT
# One makefile, no recursion. Each file of filters/ is a program, each of lib/
# a part of libcrit; nothing is listed by hand.

VERSION = 0.1.0
PREFIX = /usr/local
BUILD = build
CC = gcc
AR = ar
PROTOC = protoc
PROTOC_C = protoc-c

CFLAGS = -O2 -g
WARN = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wwrite-strings -Wpointer-arith -Wvla -Werror
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE -fvisibility=hidden $(WARN) \
	-DCRIT_VERSION='"$(VERSION)"' -Ilib -Ifilters -I$(BUILD) $(CFLAGS)
LIBS = -l:libprotobuf-c.a

# SAN=address,undefined builds and tests in a tree of its own
ifdef SAN
BUILD = build-$(subst $(comma),-,$(SAN))
CFLAGS += -O1 -fno-omit-frame-pointer -fsanitize=$(SAN) \
	-fno-sanitize-recover=all
endif
comma = ,

# PLAIN=1: without the fast paths; same bytes, more slowly
ifdef PLAIN
BUILD = build-plain
CFLAGS += -DCRIT_PLAIN
endif

PROTOS = $(filter-out proto/options.proto, $(wildcard proto/*.proto))
LIB_SRC = $(wildcard lib/*.c)
LIB_OBJ = $(LIB_SRC:%.c=$(BUILD)/%.o) $(BUILD)/schema_tables.o \
	$(BUILD)/google/protobuf/descriptor.pb-c.o
FILTERS = $(patsubst filters/%.c, %, $(wildcard filters/crit*.c))
BIN = $(FILTERS:%=$(BUILD)/%)
COMMON_OBJ = $(patsubst %.c, $(BUILD)/%.o, \
	$(filter-out filters/crit%, $(wildcard filters/*.c)))

all: $(BIN)

$(BUILD)/%.o: %.c $(BUILD)/google/protobuf/descriptor.pb-c.h
	@mkdir -p $(@D)
	@echo "CC $<"; $(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/schema_tables.o: $(BUILD)/schema_tables.c
	@echo "CC $<"; $(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/google/protobuf/descriptor.pb-c.o: \
		$(BUILD)/google/protobuf/descriptor.pb-c.c
	$(CC) -std=c17 -I$(BUILD) $(CFLAGS) -c -o $@ $<

$(BUILD)/google/protobuf/descriptor.pb-c.c \
$(BUILD)/google/protobuf/descriptor.pb-c.h &:
	@mkdir -p $(BUILD)
	$(PROTOC_C) -I/usr/include --c_out=$(BUILD) google/protobuf/descriptor.proto

# proto/ and share/ -> tables
$(BUILD)/crit.binpb: $(PROTOS) proto/options.proto
	@mkdir -p $(BUILD)
	$(PROTOC) -Iproto -I/usr/include --include_imports -o $@ $(PROTOS)

GEN_OBJ = $(BUILD)/proto/schema_gen.o $(BUILD)/lib/schema_load.o \
	$(BUILD)/lib/schema.o $(BUILD)/lib/error.o $(BUILD)/lib/wire.o \
	$(BUILD)/lib/buffer.o $(BUILD)/google/protobuf/descriptor.pb-c.o
$(BUILD)/schema_gen: $(GEN_OBJ)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lyaml $(LIBS)

$(BUILD)/schema_tables.c: $(BUILD)/schema_gen $(BUILD)/crit.binpb \
		share/images.yaml share/symbols.yaml
	ASAN_OPTIONS=detect_leaks=0 $(BUILD)/schema_gen $(BUILD)/crit.binpb share/images.yaml \
		share/symbols.yaml >$@.tmp
	mv $@.tmp $@

$(BUILD)/libcrit.a: $(LIB_OBJ)
	rm -f $@
	$(AR) rcs $@ $^

$(BIN): $(BUILD)/%: $(BUILD)/filters/%.o $(COMMON_OBJ) $(BUILD)/libcrit.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

# Tests and measurements: each .c of these folders is a program.
$(BUILD)/bench-gen: $(BUILD)/test/bench/gen.o $(BUILD)/libcrit.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

clean:
	rm -rf build build-*

.PHONY: all clean
.DELETE_ON_ERROR:
.SECONDARY:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
