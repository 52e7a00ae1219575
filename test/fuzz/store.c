// SPDX-License-Identifier: MIT
/*
 * Any bytes as an archive or a stream -> its members, and their bytes; as a
 * file, whose bytes can be read at any place, and as a pipe. One byte says
 * what pages are wanted for. Promises: what is whole both ways is the same both
 * ways; nothing is opened.
 */
#include "common/fuzz.h"
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
	uint64_t hash;
	size_t n;
	bool whole, odd;
};

static size_t read_bytes(const struct blob *b, uint64_t at, void *to, size_t n,
			 struct crit_error *err)
{
	const struct bytes *x = b->ctx;

	(void)err;
	if (at >= x->n)
		return 0;
	n = n < x->n - at ? n : x->n - (size_t)at;
	memcpy(to, x->p + at, n);
	return n;
}

static void add(struct found *f, const void *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		f->hash = (f->hash ^ ((const uint8_t *)p)[i]) *
			UINT64_C(0x100000001b3);
}

static void warn(void *ctx, const struct crit_error *err)
{
	(void)err;
	((struct found *)ctx)->odd = true;
}

/* Pages are taken, other files only looked at: those put aside. */
static bool pass(void *ctx, const struct store *s, const char *name)
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

static void read_member(struct found *f, const struct store *s,
			const char *name)
{
	struct crit_error err;
	uint8_t buf[5000];
	struct blob b;
	uint64_t at = 0;
	size_t k;

	error_clear(&err);
	add(f, name, strlen(name) + 1);
	if (!store_blob(s, name, &b, &err))
		return;
	add(f, &b.size, sizeof(b.size));
	/* holes of many GiB are not looked at */
	while (at < 100000 && (k = blob_read(&b, at, buf, sizeof(buf), &err))) {
		if (!strstr(name, "pages"))
			add(f, buf, k);
		at += k;
	}
	blob_close(&b);
}

static struct found read_all(const struct bytes *x, bool file,
			     enum store_pages want)
{
	struct found f = { 0 };
	const struct store_how how = {
		.want = want, .partial = true, .warn = warn, .pass = pass,
		.ctx = &f,
	};
	struct blob raw = {
		.fd = -1, .size = file ? x->n : BLOB_UNKNOWN,
		.read = read_bytes, .ctx = (void *)x,
	};
	struct crit_error err, ignored;
	struct container c;
	struct source source;
	struct store s;

	error_clear(&err);
	if (!source_open_blob(&source, &raw, "x", &crit_schema, &err) ||
	    source.content == CONTENT_DIR ||
	    !store_open_source(&s, &source, &crit_schema, &how, &err))
		return f;
	f.whole = !error_is(&s.damage) && store_list(&s, "x", &err);
	f.n = s.n;
	for (size_t i = 0; i < s.n && i < 200; i++)
		read_member(&f, &s, s.files[i].name);
	error_clear(&ignored);
	container_read(&c, &s, warn, &f, &ignored);
	container_free(&c);
	store_close(&s);
	return f;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct found file, pipe;
	struct bytes x;

	if (n < 1)
		return 0;
	x = (struct bytes){ p + 1, n - 1 };
	file = read_all(&x, true, p[0] % 3);
	pipe = read_all(&x, false, p[0] % 3 == STORE_PAGES_ANY ?
			STORE_PAGES_NONE : p[0] % 3);
	if (file.whole && pipe.whole && !file.odd && !pipe.odd &&
	    (file.n != pipe.n || file.hash != pipe.hash)) {
		fprintf(stderr, "%zu members as a file, %zu as a pipe\n",
			file.n, pipe.n);
		__builtin_trap();
	}
	return 0;
}
