// SPDX-License-Identifier: MIT
/*
 *   struct, the bytes that it points to ─► spool:
 *       size of all │ struct │ size, bytes, NUL, for each pointer
 */
#include "api/iterator.h"

#include <string.h>

enum { ALIGN = 8, NONE = -1 };

struct crit_iterator *iterator_new(struct crit *c,
				   const struct iterator_kind *kind,
				   struct crit_error *err)
{
	struct crit_iterator *it = alloc_zero(sizeof(*it));

	if (!it) {
		api_no_memory(err);
		return NULL;
	}
	it->c = c;
	it->kind = kind;
	error_clear(&it->err);
	error_clear(&it->end);
	spool_init(&it->spool, &it->err);
	return it;
}

void crit_iterator_free(struct crit_iterator *it)
{
	if (!it)
		return;
	spool_free(&it->spool);
	alloc_free(it->bytes);
	alloc_free(it);
}

static size_t round_up(size_t n)
{
	return (n + ALIGN - 1) / ALIGN * ALIGN;
}

/* The bytes of a pointer; NULL: *n is NONE. */
static const void *pointed(const void *answer, const struct iterator_pointer *p,
			   int64_t *n)
{
	const void *bytes;
	size_t count;

	memcpy(&bytes, (const char *)answer + p->at, sizeof(bytes));
	*n = NONE;
	if (!bytes)
		return NULL;
	if (p->size_at == ITERATOR_NO_SIZE)
		count = strlen(bytes);
	else
		memcpy(&count, (const char *)answer + p->size_at, sizeof(count));
	*n = (int64_t)(count * p->unit);
	return bytes;
}

static bool put_padded(struct crit_iterator *it, const void *p, size_t n)
{
	static const char zeros[ALIGN];

	/* at least one, that ends a string */
	return (!n || spool_put(&it->spool, p, n)) &&
	       spool_put(&it->spool, zeros, round_up(n + 1) - n);
}

bool iterator_put(struct crit_iterator *it, const void *answer)
{
	const struct iterator_kind *k = it->kind;
	uint64_t all = round_up(k->size + 1);
	int64_t n;

	for (size_t i = 0; i < k->n; i++) {
		pointed(answer, &k->pointers[i], &n);
		all += sizeof(n) + (n < 0 ? 0 : round_up((size_t)n + 1));
	}
	if (!spool_put(&it->spool, &all, sizeof(all)) ||
	    !put_padded(it, answer, k->size))
		return false;
	for (size_t i = 0; i < k->n; i++) {
		const void *p = pointed(answer, &k->pointers[i], &n);

		if (!spool_put(&it->spool, &n, sizeof(n)) ||
		    (p && !put_padded(it, p, (size_t)n)))
			return false;
	}
	return true;
}

struct crit_iterator *iterator_ready(struct crit_iterator *it, bool ok,
				     struct crit_error *err)
{
	if (error_is(&it->err))
		it->end = it->err;
	if ((ok && !error_is(&it->err)) ||
	    (spool_size(&it->spool) && it->end.code != CRIT_ENOMEM))
		return it;
	api_fail(err, &it->end);
	crit_iterator_free(it);
	return NULL;
}

/* n bytes of the spool, in it->bytes. */
static bool take(struct crit_iterator *it, size_t n)
{
	size_t got = 0, k = 1;
	char *more;

	if (n > it->cap) {
		more = alloc_more(it->bytes, n);
		if (!more)
			return error_set(&it->err, CRIT_ENOMEM, "out of memory");
		it->bytes = more;
		it->cap = n;
	}
	while (got < n && k) {
		k = spool_read(&it->spool, it->at, it->bytes + got, n - got);
		got += k;
		it->at += k;
	}
	return got == n || error_set(&it->err, CRIT_EIO, "a temporary file has "
				     "become shorter");
}

static void set_pointers(struct crit_iterator *it, void *answer)
{
	const struct iterator_kind *k = it->kind;
	char *at = it->bytes + round_up(k->size + 1);
	int64_t n;

	for (size_t i = 0; i < k->n; i++) {
		const char *p;

		memcpy(&n, at, sizeof(n));
		at += sizeof(n);
		p = n < 0 ? NULL : at;
		memcpy((char *)answer + k->pointers[i].at, &p, sizeof(p));
		at += n < 0 ? 0 : round_up((size_t)n + 1);
	}
}

static int fail(const struct crit_error *own, struct crit_error *err)
{
	api_fail(err, own);
	return -1;
}

int iterator_next(struct crit_iterator *it, const struct iterator_kind *kind,
		  void *answer, struct crit_error *err)
{
	uint64_t size;
	API(it->c);

	if (kind != it->kind)
		return api_usage(err, "this iterator gives %s", it->kind->what),
		       -1;
	if (!error_is(&it->err) && it->at == spool_size(&it->spool))
		return error_is(&it->end) ? fail(&it->end, err) : 0;
	if (error_is(&it->err) || !take(it, sizeof(size)))
		return fail(&it->err, err);
	memcpy(&size, it->bytes, sizeof(size));
	if (!take(it, (size_t)size))
		return fail(&it->err, err);
	memcpy(answer, it->bytes, kind->size);
	set_pointers(it, answer);
	return 1;
}
