/* SPDX-License-Identifier: MIT
 *
 * What the fuzz targets share. A target is a function of some bytes; clang's
 * libFuzzer calls it (make fuzz), or replay.c with saved files (make check).
 * Each aborts where a promise is broken.
 *
 * Input and output never touch the kernel: read and write are wrapped. Reads
 * come in pieces of a size that the target chooses, and what lies behind the
 * bytes that a reader may look at is poisoned (address sanitizer).
 */
#ifndef CRIT_FUZZ_H
#define CRIT_FUZZ_H

#include "image/read.h"
#include "json/write.h"
#include "yaml/formats.h"

/* What a run gave: its bytes, the error and the first warning as text. */
struct result {
	uint8_t *p;
	size_t n, cap;
	bool ok, odd, missing;	/* warnings: bytes change; required ones lack */
	char error[1100];
};

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* A descriptor that gives these bytes in pieces of at most cut bytes (0: all
 * at once), and one that adds to r what is written to it. One of each. */
int fuzz_input(const uint8_t *p, size_t n, size_t cut);
int fuzz_output(struct result *r);
void fuzz_close(struct in *in);
void result_free(struct result *r);

/* Prints both and aborts. */
_Noreturn void fuzz_fail(const char *what, const struct result *a,
			 const struct result *b);

/* Whether both have the same bytes, and errors where errors is set. */
void fuzz_same(const char *what, const struct result *a,
	       const struct result *b, bool errors);

/* The build's schema, but that UTSNS images hold a message with fields of all
 * kinds, itself among them. */
const struct schema *fuzz_schema(void);

/* Image to text. */
struct to_text {
	enum json_format format;
	bool pretty, nopl, named;
	bool plain;		/* by events, without the fast paths */
	size_t cut;
};
void fuzz_decode(const struct to_text *how, const uint8_t *p, size_t n,
		 struct result *r);

/* Text to images, one after another. */
void fuzz_encode(const uint8_t *p, size_t n, size_t cut, bool partial,
		 struct result *r);

/* The same of documents in any format, told by their content; and image to
 * YAML. */
void fuzz_encode_any(const uint8_t *p, size_t n, size_t cut, struct result *r);
void fuzz_yaml(const uint8_t *p, size_t n, struct result *r);

/* Image to image by events, no text between. */
void fuzz_copy(const uint8_t *p, size_t n, size_t cut, struct result *r);

#endif
