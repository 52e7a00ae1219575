/* SPDX-License-Identifier: MIT
 *
 * Any bytes as an archive or a stream -> its members, and their bytes; as a
 * file, whose bytes can be read at any place, and as a pipe. What is whole both
 * ways must be the same both ways.
 */
#ifndef CRIT_FUZZ_MEMBERS_H
#define CRIT_FUZZ_MEMBERS_H

#include "fuzz.h"
#include "report/container.h"
#include "store/source.h"
#include "store/store.h"

#include <stdio.h>
#include <string.h>

struct bytes {
	const uint8_t *p;
	size_t n;
};

struct found {
	uint64_t hash, pages;
	size_t n;
	bool whole, odd;
};

/* What is opened, and how. */
struct members_of {
	struct bytes bytes;
	bool file;
	enum content content;		/* anything else is not looked at */
	enum store_pages want;
	const char *const *shards;
	size_t n_shards;
};

static inline size_t members_bytes(const struct blob *b, uint64_t at, void *to,
				   size_t n, struct crit_error *err)
{
	const struct bytes *x = b->ctx;

	(void)err;
	if (at >= x->n)
		return 0;
	n = n < x->n - at ? n : x->n - (size_t)at;
	memcpy(to, x->p + at, n);
	return n;
}

static inline void members_hash(uint64_t *hash, const void *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		*hash = (*hash ^ ((const uint8_t *)p)[i]) *
			UINT64_C(0x100000001b3);
}

static inline void members_warn(void *ctx, const struct crit_error *err)
{
	(void)err;
	((struct found *)ctx)->odd = true;
}

/* Pages are taken, other files only looked at: those put aside. */
static inline bool members_pass(void *ctx, const struct store *s,
				const char *name)
{
	struct crit_error err;
	uint8_t buf[100];
	struct blob b;
	bool ok;

	(void)ctx;
	error_clear(&err);
	if (!store_blob(s, name, &b, &err))
		return false;
	ok = b.size > 200000 && !strstr(name, "pages") ? false :
		blob_read(&b, 50, buf, sizeof(buf), &err) &&
		blob_read(&b, 10, buf, sizeof(buf), &err);
	blob_close(&b);
	return ok && strstr(name, "pages");
}

static inline void members_one(struct found *f, const struct store *s,
			       const char *name)
{
	uint64_t *hash = strstr(name, "pages") ? &f->pages : &f->hash;
	struct crit_error err;
	uint8_t buf[5000];
	struct blob b;
	uint64_t at = 0;
	size_t k;

	error_clear(&err);
	members_hash(&f->hash, name, strlen(name) + 1);
	if (!store_blob(s, name, &b, &err))
		return;
	members_hash(&f->hash, &b.size, sizeof(b.size));
	/* holes of many GiB are not looked at */
	while (at < 100000 && (k = blob_read(&b, at, buf, sizeof(buf), &err))) {
		members_hash(hash, buf, k);
		at += k;
	}
	blob_close(&b);
}

static inline struct found members_read(const struct members_of *of)
{
	struct found f = { 0 };
	const struct store_how how = {
		.want = of->want, .partial = true, .warn = members_warn,
		.pass = members_pass, .ctx = &f,
		.shards = of->shards, .n_shards = of->n_shards,
	};
	struct blob raw = {
		.fd = -1, .size = of->file ? of->bytes.n : BLOB_UNKNOWN,
		.read = members_bytes, .ctx = (void *)&of->bytes,
	};
	struct crit_error err, ignored;
	struct container c;
	struct source source;
	struct store s;

	error_clear(&err);
	if (!source_open_blob(&source, &raw, "x", &crit_schema, &err))
		return f;
	if (source.content != of->content) {
		source_close(&source);
		return f;
	}
	if (!store_open_source(&s, &source, &crit_schema, &how, &err))
		return f;
	f.whole = !error_is(&s.damage) && store_list(&s, "x", &err);
	f.n = s.n;
	for (size_t i = 0; i < s.n && i < 200; i++)
		members_one(&f, &s, s.files[i].name);
	error_clear(&ignored);
	container_read(&c, &s, members_warn, &f, &ignored);
	container_free(&c);
	store_close(&s);
	return f;
}

/* pages: also their bytes, which both ways have kept. */
static inline void members_same(const char *what, const struct found *a,
				const struct found *b, bool pages)
{
	if (!a->whole || !b->whole || a->odd || b->odd ||
	    (a->n == b->n && a->hash == b->hash &&
	     (!pages || a->pages == b->pages)))
		return;
	fprintf(stderr, "%zu and %zu members: %s\n", a->n, b->n, what);
	__builtin_trap();
}

/* Reads it as a file and as a pipe. */
static inline struct found members_check(struct members_of *of)
{
	struct found file, pipe;

	of->file = true;
	file = members_read(of);
	of->file = false;
	if (of->want == STORE_PAGES_ANY)
		of->want = STORE_PAGES_NONE;
	pipe = members_read(of);
	members_same("file, pipe", &file, &pipe, false);
	return file;
}

#endif
