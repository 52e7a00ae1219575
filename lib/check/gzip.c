// SPDX-License-Identifier: MIT
/*
 *   blob ─► unpack ─► to the end, or what is wrong
 */
#include "check/areas.h"
#include "base/alloc.h"
#include "base/unpack.h"

#include <string.h>

enum { PIECE = 64 << 10 };

static const char *read_all(struct unpack *u, uint8_t *buf,
			    struct crit_error *err)
{
	struct crit_error own;
	uint64_t at = 0;
	size_t n;

	error_clear(&own);
	while ((n = unpack_read(u, at, buf, PIECE, &own)) > 0)
		at += n;
	if (own.code == CRIT_EIO || own.code == CRIT_ENOMEM)
		*err = own;
	else if (error_is(&own))
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
		why = read_all(&u, buf, err);
		unpack_close(&u);
	}
	alloc_free(buf);
	return why;
}
