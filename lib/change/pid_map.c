// SPDX-License-Identifier: MIT
/*
 *   text "+1000" or "12=34,56=78" ─► pairs, sorted by what they replace
 */
#include "change/pids.h"
#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

/* A pid at *s, which is moved to what follows it; 0: none. */
static uint32_t number(const char **s)
{
	uint32_t v = 0;

	for (; (uint8_t)(**s - '0') < 10 && v <= PIDS_MAX; ++*s)
		v = 10 * v + (uint32_t)(**s - '0');
	return v <= PIDS_MAX ? v : 0;
}

static int by_from(const void *a, const void *b)
{
	const struct pid_pair *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

static int by_to(const void *a, const void *b)
{
	const struct pid_pair *x = a, *y = b;

	return (x->to > y->to) - (x->to < y->to);
}

static bool bad(const char *text, struct crit_error *err)
{
	return error_set(err, CRIT_EUSAGE, "invalid map '%.80s': expected "
		"OLD=NEW,... or +OFFSET, pids from 1 to %d", text,
			 PIDS_MAX);
}

static bool read_pairs(struct pid_map *m, const char *text,
		       struct crit_error *err)
{
	const char *s = text;

	do {
		struct pid_pair *p = &m->pairs[m->n++];

		p->from = number(&s);
		if (!p->from || *s++ != '=')
			return bad(text, err);
		p->to = number(&s);
		if (!p->to || (*s && *s != ','))
			return bad(text, err);
	} while (*s++);
	return true;
}

static bool once(struct pid_map *m, struct crit_error *err)
{
	qsort(m->pairs, m->n, sizeof(*m->pairs), by_to);
	for (size_t i = 1; i < m->n; i++)
		if (m->pairs[i].to == m->pairs[i - 1].to)
			return error_set(err, CRIT_EUSAGE, "two pids would "
				"become %u",
					 m->pairs[i].to);
	qsort(m->pairs, m->n, sizeof(*m->pairs), by_from);
	for (size_t i = 1; i < m->n; i++)
		if (m->pairs[i].from == m->pairs[i - 1].from)
			return error_set(err, CRIT_EUSAGE, "pid %u appears "
				"twice",
					 m->pairs[i].from);
	return true;
}

bool pid_map_read(struct pid_map *m, const char *text, struct crit_error *err)
{
	size_t n = 1;

	*m = (struct pid_map){ 0 };
	if (*text == '+') {
		const char *s = text + 1;

		m->offset = number(&s);
		return (m->offset && !*s) || bad(text, err);
	}
	for (const char *s = text; *s; s++)
		n += *s == ',';
	m->pairs = alloc(n * sizeof(*m->pairs));
	if (!m->pairs)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	return read_pairs(m, text, err) && once(m, err);
}

void pid_map_free(struct pid_map *m)
{
	alloc_free(m->pairs);
	m->pairs = NULL;
}
