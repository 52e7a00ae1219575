// SPDX-License-Identifier: MIT
/*
 *   blob ─► unpack ─► to the end, or what is wrong
 */
#include "check/areas.h"
#include "base/alloc.h"
#include "base/unpack.h"

#include <string.h>

enum { PIECE = 64 << 10 };

static const char *read_all(struct unpack *u, uint8_t *buf)
{
	struct crit_error err;
	uint64_t at = 0;
	size_t n;

	error_clear(&err);
	while ((n = unpack_read(u, at, buf, PIECE, &err)) > 0)
		at += n;
	if (error_is(&err))
		return "the gzip stream is cut or damaged";
	return u->trailing ? "bytes follow the gzip stream" : NULL;
}

const char *gzip_wrong(const struct blob *b, struct crit_error *err)
{
	const struct unpack_kind *kind;
	uint8_t *buf = alloc(PIECE);
	const char *why = NULL;
	struct unpack u;
	size_t n;

	if (!buf) {
		error_set(err, CRIT_ENOMEM, "out of memory");
		return NULL;
	}
	n = blob_read(b, 0, buf, UNPACK_HEAD, err);
	kind = unpack_kind(buf, n);
	if (!kind || strcmp(unpack_name(kind), "gzip"))
		why = "it is no gzip stream";
	else if (unpack_open(&u, b, kind, err)) {
		why = read_all(&u, buf);
		unpack_close(&u);
	}
	alloc_free(buf);
	return why;
}
