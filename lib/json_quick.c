// SPDX-License-Identifier: MIT
#include "json_quick.h"
#include "utf8.h"

#if defined(__SSE2__) && !defined(CRIT_PLAIN)
#include <emmintrin.h>
#endif

enum {
	DEPTH = 16,
	ROOM = 40,	/* tag, length and number */
	AHEAD = 2 * SCHEMA_NAME_MAX,
};

/* Where room for a field ends in the result, and where it is too near to the
 * end of the window for keys and numbers to be read without a look. */
struct quick {
	uint8_t *limit;
	const uint8_t *stop;
};

static const uint8_t *object(struct quick *q, const struct message *m,
			     const uint8_t *p, uint8_t **out, int depth);

/* Whether the n bytes of a key are at p; both may be read past them. */
static inline bool same(const uint8_t *p, const char *key, size_t n)
{
#if defined(__SSE2__) && !defined(CRIT_PLAIN)
	__m128i a = _mm_loadu_si128((const void *)p);
	__m128i b = _mm_loadu_si128((const void *)key);
	unsigned mask = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(a, b));

	if (n <= 16)
		return !((~mask << (16 - n)) & 0xffff);
	return mask == 0xffff && !memcmp(p + 16, key + 16, n - 16);
#else
	return !memcmp(p, key, n);
#endif
}

/* The field from f on whose key is at *p, which comes out behind the colon
 * (and the space after it). NULL: none. */
static inline const struct field *find(const struct message *m,
				       const struct field *f, bool first,
				       const uint8_t **p)
{
	const struct field *end = m->fields + m->n_fields;
	const uint8_t *at = *p;
	bool spaced = !first && at[1] == ' ';

	for (; f < end; f++) {
		const char *key = spaced ? f->key_spaced : f->key + first;
		size_t n = f->name_len + (spaced ? 6u : 4u - first);

		if (!same(at, key, n))
			continue;
		at += n;
		*p = at + (first && *at == ' ');
		return f;
	}
	return NULL;
}

static inline uint8_t *put(uint8_t *o, uint64_t v)
{
	if (v < 0x80) {
		*o = (uint8_t)v;
		return o + 1;
	}
	return wire_put_varint(o, v);
}

/* A non-negative integer that the kind holds. */
static inline const uint8_t *number(const struct field *f, const uint8_t *p,
				    uint8_t **out)
{
	uint64_t v;

	p = json_digits(p, &v);
	if (!p || *p == '.' || (*p | 0x20) == 'e')
		return NULL;
	if (v > INT32_MAX && f->kind != KIND_UINT64 &&
	    (f->kind != KIND_UINT32 || v > UINT32_MAX))
		return NULL;
	if (f->kind > KIND_INT64)	/* zigzag, fixed: seldom */
		return NULL;
	*out = put(*out, v);
	return p;
}

static const uint8_t *boolean(const uint8_t *p, uint8_t **out)
{
	bool yes = !memcmp(p, "true", 4);

	if (!yes && memcmp(p, "false", 5))
		return NULL;
	*(*out)++ = yes;
	return p + (yes ? 4 : 5);
}

/* The text from the quote at p: its first byte, and the closing quote. */
static inline const uint8_t *quoted(const uint8_t *p, const uint8_t **end)
{
	if (*p != '"')
		return NULL;
	*end = json_run_end(p + 1);
	return **end == '"' ? p + 1 : NULL;
}

static const uint8_t *name(const struct field *f, const uint8_t *p,
			   uint8_t **out)
{
	const struct symbols *e = f->symbols;
	const uint8_t *end;
	size_t n;

	p = quoted(p, &end);
	n = p ? (size_t)(end - p) : 0;
	for (size_t i = 0; p && i < e->n; i++)
		if (!strncmp(e->list[i].name, (const char *)p, n) &&
		    !e->list[i].name[n]) {
			*out = put(*out, e->list[i].value);
			return end + 1;
		}
	return NULL;
}

static const uint8_t *string(struct quick *q, const struct field *f,
			     const uint8_t *p, uint8_t **out)
{
	const uint8_t *end;
	size_t n;

	p = f->show == SHOW_NAME ? NULL : quoted(p, &end);
	if (!p)
		return NULL;
	n = (size_t)(end - p);
	if (*out >= q->limit || n > (size_t)(q->limit - *out) ||
	    !utf8_valid(p, n))
		return NULL;
	*out = put(*out, n);
	memcpy(*out, p, n);
	*out += n;
	return end + 1;
}

/* A message, behind its tag: its length is put in front of it at the end. */
static const uint8_t *message(struct quick *q, const struct field *f,
			      const uint8_t *p, uint8_t **out, int depth)
{
	uint8_t *start = *out + 1, *o = start;
	size_t n, extra;

	p = object(q, f->message, p, &o, depth + 1);
	if (!p)
		return NULL;
	n = (size_t)(o - start);
	extra = wire_varint_size(n) - 1;
	if (extra)
		memmove(start + extra, start, n);
	wire_put_varint(start - 1, n);
	*out = o + extra;
	return p;
}

static inline const uint8_t *value(struct quick *q, const struct field *f,
				   const uint8_t *p, uint8_t **out, int depth)
{
	if (*out > q->limit)
		return NULL;
	*out = put(*out, f->tag);
	if (f->kind <= KIND_INT64)
		return number(f, p, out);
	switch (f->kind) {
	case KIND_MESSAGE:
		return message(q, f, p, out, depth);
	case KIND_STRING:
		return string(q, f, p, out);
	case KIND_BOOL:
		return boolean(p, out);
	case KIND_ENUM:
		return name(f, p, out);
	default:
		return NULL;
	}
}

static const uint8_t *list(struct quick *q, const struct field *f,
			   const uint8_t *p, uint8_t **out, int depth)
{
	if (*p++ != '[' || f->packed)
		return NULL;
	for (;;) {
		p = value(q, f, p, out, depth);
		if (!p)
			return NULL;
		if (*p == ']')
			return p + 1;
		if (*p++ != ',')
			return NULL;
		p += *p == ' ';
		if (p > q->stop)
			return NULL;
	}
}

static const uint8_t *object(struct quick *q, const struct message *m,
			     const uint8_t *p, uint8_t **out, int depth)
{
	const struct field *f = m->fields;
	uint64_t required = 0;
	bool first = true;

	if (*p++ != '{' || depth == DEPTH)
		return NULL;
	for (; *p != '}'; f++) {
		if (p > q->stop)
			return NULL;
		f = find(m, f, first, &p);
		if (!f)
			return NULL;
		first = false;
		required |= f->required;
		p = f->label == LABEL_REPEATED ? list(q, f, p, out, depth) :
			value(q, f, p, out, depth);
		if (!p)
			return NULL;
	}
	/* what is missing is told by the other way */
	return required == m->required ? p + 1 : NULL;
}

bool json_quick(struct json_source *s, const struct message *m)
{
	struct in *in = s->j->in;
	struct quick q;
	uint8_t *o = s->chunk;
	const uint8_t *p;

#ifdef CRIT_PLAIN
	return false;
#endif
	/* where it does not work it is not tried each time */
	if (!s->sink->ops->content || (s->slow && s->slow++ % 64))
		return false;
	json_peek(s->j);
	if (in_avail(in) < AHEAD)
		return false;
	q.limit = s->chunk + JSON_CHUNK - ROOM;
	q.stop = in->buf + in->end - AHEAD;
	p = object(&q, m, in->buf + in->pos, &o, 0);
	if (!p) {
		s->slow++;
		return false;
	}
	s->slow = 0;
	in_take(in, (size_t)(p - (in->buf + in->pos)));
	s->sink->ops->content(s->sink, m, s->chunk, (size_t)(o - s->chunk));
	return true;
}
