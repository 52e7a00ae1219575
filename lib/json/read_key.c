// SPDX-License-Identifier: MIT
/*
 * Which field a key names: nearly always the one that came after the field
 * before, the last time.
 */
#include "json/read_value.h"

#if defined(__SSE2__) && !defined(CRIT_PLAIN)
#include <emmintrin.h>

/* Whether the n bytes at p and at key are the same; both may be read up to a
 * multiple of SCHEMA_KEY_PAD. */
static inline bool same_key(const uint8_t *p, const char *key, size_t n)
{
	for (;; p += 16, key += 16, n -= 16) {
		__m128i a = _mm_loadu_si128((const void *)p);
		__m128i b = _mm_loadu_si128((const void *)key);
		unsigned same = (unsigned)_mm_movemask_epi8(
						_mm_cmpeq_epi8(a, b));

		if (n <= 16)
			return !((~same << (16 - n)) & 0xffff);
		if (same != 0xffff)
			return false;
	}
}
#else
static inline bool same_key(const uint8_t *p, const char *key, size_t n)
{
	return !memcmp(p, key, n);
}
#endif

const struct field json_unknown = {
	.name = "_unknown", .name_len = 8, .kind = KIND_BYTES,
};

static inline struct json_guess *guess_at(struct json_source *s,
					  const void *after)
{
	return &s->guess[((uintptr_t)after >> 4) % JSON_GUESSES];
}

/* Remembers f, which came with or without space after the colon. */
static void learn(struct json_source *s, const void *after, bool first,
		  const struct field *f, bool spaced)
{
	struct json_guess *g = guess_at(s, after);
	unsigned skip = !first ? 0 : spaced ? 2 : 1;

	g->after = after;
	g->field = f;
	g->key = (spaced ? f->key_spaced : f->key) + skip;
	g->n = f->name_len + (spaced ? 6u : 4u) - skip;
}

/* Takes the key that came here the last time, with comma and colon. */
static inline const struct field *guessed(struct json_source *s,
					  const void *after)
{
	const struct json_guess *g = guess_at(s, after);
	const uint8_t *p = json_window(s->j);

	if (g->after != after || !same_key(p, g->key, g->n) ||
	    in_avail(s->j->in) < g->n)
		return NULL;
	in_take(s->j->in, g->n);
	return g->field;
}

const struct field *json_no_key(struct json_source *s, const struct message *m,
				const char *name, size_t n)
{
	const struct field *near = message_nearest(m, name, n);

	json_error(s->j, near ? "key \"%s\" is unknown (did you mean %s?)" :
		   "key \"%s\" is unknown", name, near ? near->name : "");
	return NULL;
}

__attribute__((noinline))
static const struct field *find_key(struct json_source *s,
				    const struct message *m,
				    const struct field *prev)
{
	char name[SCHEMA_NAME_MAX + 1];
	const struct field *f;
	size_t n;

	if (!prev && json_peek(s->j) == '}') {
		in_take(s->j->in, 1);
		return NULL;
	}
	if (prev && !json_next(s->j, '}'))
		return NULL;
	if (json_peek(s->j) != '"') {
		json_expected(s->j, prev ? "a key" : "a key or '}'");
		return NULL;
	}
	if (!json_text(s->j, name, sizeof(name), &n) || !json_take(s->j, ':'))
		return NULL;
	f = message_field_name(m, name, n);
	/* the made-up keys are in many messages: nothing follows from them */
	if (f && strlen(f->name) == n && prev != &json_unknown &&
	    prev != &extra_bytes)
		learn(s, prev ? (const void *)prev : m, !prev, f,
		      *json_window(s->j) == ' ');
	else if (!strcmp(name, json_unknown.name))
		f = &json_unknown;
	else if (!strcmp(name, extra_bytes.name))
		f = &extra_bytes;
	return f ? f : json_no_key(s, m, name, n);
}

const struct field *json_key(struct json_source *s, const struct message *m,
			     const struct field *prev)
{
	const struct field *f = guessed(s, prev ? (const void *)prev : m);

	if (f)
		return f;
	if (prev && *json_window(s->j) == '}') {
		in_take(s->j->in, 1);
		return NULL;
	}
	return find_key(s, m, prev);
}
