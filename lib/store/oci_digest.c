// SPDX-License-Identifier: MIT
/*
 *   bytes of a layer ─► (SHA-256, as long as they are read in order) ─► reader
 */
#include "store/oci.h"
#include "base/alloc.h"
#include "codec/sha256.h"

#include <stdio.h>
#include <string.h>

struct oci_digest {
	struct blob from;
	struct sha256 h;
	uint64_t at;			/* bytes that have been added */
};

static size_t read_on(struct oci_digest *d, uint64_t at, void *p, size_t n,
		      struct crit_error *err)
{
	size_t k = blob_read(&d->from, at, p, n, err);
	uint64_t new = at <= d->at && at + k > d->at ? at + k - d->at : 0;

	if (new)
		sha256_add(&d->h, (char *)p + k - new, (size_t)new);
	d->at += new;
	return k;
}

static size_t read_blob(const struct blob *b, uint64_t at, void *p, size_t n,
			struct crit_error *err)
{
	return read_on(b->ctx, at, p, n, err);
}

static void close_blob(struct blob *b)
{
	struct oci_digest *d = b->ctx;

	blob_close(&d->from);
	alloc_free(d);
}

struct oci_digest *oci_digest_open(struct blob *b, struct crit_error *err)
{
	struct oci_digest *d = alloc(sizeof(*d));

	if (!d) {
		error_set(err, CRIT_ENOMEM, "out of memory");
		return NULL;
	}
	d->from = *b;
	d->at = 0;
	sha256_init(&d->h);
	*b = (struct blob){
		.fd = -1, .size = d->from.size, .read = read_blob,
		.close = close_blob, .ctx = d,
	};
	return d;
}

bool oci_digest_check(struct oci_digest *d, const char *name,
		      struct crit_error *err)
{
	const char *hex = strrchr(name, '/') + 1;
	uint8_t buf[4096], sum[SHA256_SIZE];
	char text[SHA256_HEX];

	/* what follows the compressed data */
	while (read_on(d, d->at, buf, sizeof(buf), err))
		;
	sha256_end(&d->h, sum);
	if (!error_is(err) && strcmp(sha256_hex(sum, text), hex))
		error_set(err, CRIT_EDATA, "%s: its digest is sha256:%s", name,
			  text);
	return !error_is(err);
}
