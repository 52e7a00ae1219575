// SPDX-License-Identifier: MIT
#include "event/bulk.h"
#include "json/fast_read.h"
#include "codec/utf8.h"

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

/* The first field from f on with the key at *p; *p moves behind the colon and a
 * space. NULL: none. */
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
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && !defined(CRIT_PLAIN)
	if (v < UINT64_C(1) << 56) {
		unsigned n = (unsigned)(63 - __builtin_clzll(v)) / 7;

		/* sevens apart, and a bit on all but the last */
		v = (v & UINT64_C(0x0fffffff)) |
			(v & UINT64_C(0xfffffff0000000)) << 4;
		v = (v & UINT64_C(0x00003fff00003fff)) |
			(v & UINT64_C(0x0fffc0000fffc000)) << 2;
		v = (v & UINT64_C(0x007f007f007f007f)) |
			(v & UINT64_C(0x3f803f803f803f80)) << 1;
		v |= UINT64_C(0x8080808080808080) &
			((UINT64_C(1) << 8 * n) - 1);
		memcpy(o, &v, 8);
		return o + n + 1;
	}
#endif
	return wire_put_varint(o, v);
}

/* An integer that the kind holds. */
static inline const uint8_t *number(const struct field *f, const uint8_t *p,
				    uint8_t **out)
{
	bool minus = *p == '-';
	uint64_t v;

	p = json_digits(p + minus, &v);
	if (!p || *p == '.' || (*p | 0x20) == 'e' ||
	    v > (minus ? kind_table[f->kind].below : kind_table[f->kind].max))
		return NULL;
	if (minus)
		v = -v;
	*out = put(*out, kind_raw(f->kind, v));
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
	if (f->kind <= KIND_SINT64)
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

/* Behind an entry: past what comes between it and the next one of the list, or
 * of a record that begins like the last one. NULL: something else. */
static const uint8_t *between(const struct json_source *s,
			      const struct quick *q, const uint8_t *p,
			      unsigned *records)
{
	*records = 0;
	if (p > q->stop)
		return NULL;
	if (*p == ',')
		return p + 1 + (p[1] == ' ');
	if (memcmp(p, "]}\n", 3) || !s->prefix_len || !s->records ||
	    s->j != &s->lex)
		return NULL;
	p += 3;
	if ((size_t)(q->stop - p) < s->prefix_len || q->stop < p ||
	    memcmp(p, s->prefix, s->prefix_len) || p[s->prefix_len] != '[')
		return NULL;
	*records = 1;
	return p + s->prefix_len + 1;
}

/* Whether it is worth a try: where it did not work it is not tried each time,
 * and not near the end of the window. */
static bool begin(struct json_source *s, struct quick *q, const uint8_t **p)
{
	struct in *in = s->j->in;

#ifdef CRIT_PLAIN
	return false;
#endif
	if (s->slow && s->slow++ % 64)
		return false;
	json_peek(s->j);
	q->limit = s->chunk + JSON_CHUNK - ROOM;
	q->stop = in->buf + in->end - AHEAD;
	*p = in->buf + in->pos;
	return in_avail(in) >= AHEAD;
}

/* Takes what lies before p; NULL: it did not work. */
static bool took(struct json_source *s, const uint8_t *p)
{
	struct in *in = s->j->in;

	s->slow = p ? 0 : s->slow + 1;
	if (p)
		in_take(in, (size_t)(p - (in->buf + in->pos)));
	return p;
}

bool json_fast_message(struct json_source *s, const struct message *m)
{
	uint8_t *end = s->chunk;
	const uint8_t *p;
	struct quick q;

	if (!sink_bulk(s->sink)->content || !begin(s, &q, &p) ||
	    !took(s, object(&q, m, p, &end, 0)))
		return false;
	sink_bulk(s->sink)->content(s->sink, m, s->chunk, (size_t)(end - s->chunk));
	return true;
}

bool json_fast_entries(struct json_source *s)
{
	uint8_t *o = s->chunk, *content = o + 4;
	const uint8_t *p, *taken = NULL;
	unsigned records = 0;
	uint64_t count = 0;
	struct quick q;

	if (!sink_bulk(s->sink)->entries || s->type->extra || !begin(s, &q, &p))
		return false;
	while (p && o <= q.limit &&
	       (p = object(&q, s->index + count ? s->type->rest :
			   s->type->first, p, &content, 0))) {
		wire_put32(o, (uint32_t)(content - o - 4));
		o = content;
		content += 4;
		taken = p;
		count++;
		s->documents += records;
		p = between(s, &q, p, &records);
	}
	if (!took(s, taken))
		return false;
	s->index += count;
	sink_bulk(s->sink)->entries(s->sink, s->chunk, (size_t)(o - s->chunk),
				   count);
	return true;
}
