// SPDX-License-Identifier: MIT
/*
 * Arguments and environment through the API: strings that lie one after
 * another, each with its NUL.
 */
#include "api/memory.h"
#include "memory/arguments.h"
#include "memory/environment.h"

#include <inttypes.h>
#include <string.h>

enum { STRING_BYTES_MAX = 16 << 20 };

struct strings {
	struct crit_memory *m;
	crit_string *give;
	void *ctx;
	char *p;
	size_t n, cap;
	bool stop;
};

static bool keep(struct strings *s, const uint8_t *p, size_t n)
{
	size_t cap = s->cap ? s->cap : 256;
	char *more;

	while (cap < s->n + n + 1)
		cap *= 2;
	if (cap > STRING_BYTES_MAX)
		return error_set(&s->m->err, CRIT_EDATA, "a string of more than "
				 "%d bytes", STRING_BYTES_MAX);
	if (cap > s->cap) {
		more = alloc_more(s->p, cap);
		if (!more)
			return error_set(&s->m->err, CRIT_ENOMEM, "out of memory");
		s->p = more;
		s->cap = cap;
	}
	if (n)
		memcpy(s->p + s->n, p, n);
	s->n += n;
	s->p[s->n] = 0;
	return true;
}

static bool cut(struct strings *s, const uint8_t *p, size_t n)
{
	while (n && !s->stop) {
		const uint8_t *nul = memchr(p, 0, n);
		size_t k = nul ? (size_t)(nul - p) : n;

		if (!keep(s, p, k))
			return false;
		if (!nul)
			return true;
		s->stop = !s->give(s->ctx, s->p, s->n);
		s->n = 0;
		p += k + 1;
		n -= k + 1;
	}
	return true;
}

static bool read_strings(void *ctx, uint64_t addr, uint64_t end)
{
	struct strings *s = ctx;
	uint8_t buf[4096];

	while (addr < end && !s->stop) {
		size_t k = end - addr < sizeof(buf) ? (size_t)(end - addr) :
			sizeof(buf);
		uint64_t absent = 0;

		if (!api_memory_bytes(s->m, addr, buf, k, &absent))
			return false;
		if (absent)
			return error_set(&s->m->err, CRIT_EDATA, "no image has "
					 "the bytes at 0x%" PRIx64, addr);
		if (!cut(s, buf, k))
			return false;
		addr += k;
	}
	return true;
}

static bool strings_end(struct strings *s, bool ok, struct crit_error *err)
{
	if (ok && s->n && !s->stop)
		s->give(s->ctx, s->p, s->n);
	alloc_free(s->p);
	return api_memory_result(s->m, ok, err);
}

bool crit_memory_args(struct crit_memory *m, crit_string *string, void *ctx,
		      struct crit_error *err)
{
	struct strings s = { .m = m, .give = string, .ctx = ctx };
	uint64_t start, end;
	API(m->c);

	return strings_end(&s, memory_arguments(&m->memory, &start, &end) &&
			   read_strings(&s, start, end), err);
}

bool crit_memory_env(struct crit_memory *m, crit_string *string, void *ctx,
		     struct crit_error *err)
{
	struct strings s = { .m = m, .give = string, .ctx = ctx };
	API(m->c);

	return strings_end(&s, memory_environment(&m->memory, read_strings, &s),
			   err);
}
