// SPDX-License-Identifier: MIT
#include "event/normalize.h"
#include "base/alloc.h"
#include "event/message.h"

#include <stdlib.h>

/* A field of the input. Sorted by key (number, then what does not fit before
 * what does; those of a list stay as they are), then by place. */
struct item {
	uint32_t key;		/* number << 1 | known, or in a list */
	uint32_t start, data, end;
};

/* Items of the messages being worked on, innermost last. There are n / 2 at
 * most: one takes two bytes at least beside the items inside of it. */
struct normalize {
	const uint8_t *p;
	struct item *items;
	size_t used, max;
	uint8_t *out, *end;
};

static bool merge(struct normalize *c, const struct message *m,
		  const struct item *spans, size_t n, int depth);

static bool known(const struct field *f, const struct wire_field *w)
{
	return message_fit(f, w->type) != FIT_UNKNOWN && message_holds(f, w);
}

static bool index_span(struct normalize *c, const struct message *m,
		       const struct item *span)
{
	const uint8_t *p = c->p + span->data, *end = c->p + span->end;
	struct wire_field w;
	const char *what;

	while (p < end) {
		struct item *it = &c->items[c->used];
		const struct field *f;

		p = wire_field(p, end, &w, &what);
		if (!p || c->used == c->max)
			return false;
		f = message_field(m, w.number);
		it->key = w.number << 1 |
			  (f && (f->label == LABEL_REPEATED || known(f, &w)));
		it->start = (uint32_t)(w.start - c->p);
		it->data = (uint32_t)((w.data ? w.data : w.start) - c->p);
		it->end = (uint32_t)(w.end - c->p);
		c->used++;
	}
	return true;
}

static int by_key(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->start < y->start ? -1 : x->start > y->start;
}

static void sort(struct item *items, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (by_key(&items[i - 1], &items[i]) > 0) {
			qsort(items, n, sizeof(*items), by_key);
			return;
		}
}

static bool put(struct normalize *c, const void *p, size_t n)
{
	if ((size_t)(c->end - c->out) < n)
		return false;
	memcpy(c->out, p, n);
	c->out += n;
	return true;
}

static bool put_varint(struct normalize *c, uint64_t v)
{
	uint8_t b[WIRE_VARINT_MAX];

	return put(c, b, (size_t)(wire_put_varint(b, v) - b));
}

/* Reads one value of a number kind at *p and writes it as it should be. */
static bool put_value(struct normalize *c, uint8_t kind, const uint8_t **p,
		      const uint8_t *end)
{
	uint8_t type = kind_wire(kind);
	unsigned sloppy = 0;
	uint64_t v;

	if (type != WIRE_VARINT) {
		const uint8_t *q = *p;
		ptrdiff_t n = type == WIRE_I32 ? 4 : 8;

		*p += n;
		return end - q >= n && put(c, q, (size_t)n);
	}
	*p = wire_varint(*p, &v, &sloppy);
	if (!*p || *p > end)
		return false;
	return put_varint(c, kind_raw(kind, kind_value(kind, v)));
}

/* The values of one item, which may be a packed list of them; each with tag
 * unless that is 0. */
static bool put_values(struct normalize *c, const struct field *f,
		       const struct item *it, uint32_t tag)
{
	const uint8_t *p = c->p + it->start, *end = c->p + it->end;
	unsigned sloppy = 0;
	uint64_t was = 0;

	p = wire_varint(p, &was, &sloppy);
	if ((was & 7) == WIRE_LEN)
		p = c->p + it->data;
	while (p < end)
		if ((tag && !put_varint(c, tag)) ||
		    !put_value(c, f->kind, &p, end))
			return false;
	return true;
}

/* A length in front of what was written since start; five bytes are free
 * there. */
static bool put_length(struct normalize *c, uint8_t *start)
{
	size_t n = (size_t)(c->out - start - 5);
	uint8_t *to = wire_put_varint(start, n);

	memmove(to, start + 5, n);
	c->out = to + n;
	return true;
}

static uint8_t *reserve(struct normalize *c)
{
	uint8_t *start = c->out;

	if (c->end - c->out < 5)
		return NULL;
	c->out += 5;
	return start;
}

static bool put_packed(struct normalize *c, const struct field *f,
		       const struct item *it, size_t n)
{
	uint8_t *start;

	if (!put_varint(c, f->tag) || !(start = reserve(c)))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!put_values(c, f, &it[i], 0))
			return false;
	return put_length(c, start);
}

static bool put_message(struct normalize *c, const struct field *f,
			const struct item *spans, size_t n, int depth)
{
	uint8_t *start;

	return put_varint(c, f->tag) && (start = reserve(c)) &&
	       merge(c, f->message, spans, n, depth + 1) &&
	       put_length(c, start);
}

/* The n items of a known field. */
static bool put_field(struct normalize *c, const struct field *f,
		      const struct item *it, size_t n, int depth)
{
	if (f->kind == KIND_MESSAGE && f->label != LABEL_REPEATED)
		return put_message(c, f, it, n, depth);
	if (f->packed)
		return !n || put_packed(c, f, it, n);
	for (size_t i = f->label == LABEL_REPEATED ? 0 : n - 1; i < n; i++) {
		size_t len = it[i].end - it[i].data;
		bool ok;

		if (f->kind == KIND_MESSAGE)
			ok = put_message(c, f, &it[i], 1, depth);
		else if (kind_is_number(f->kind))
			ok = put_values(c, f, &it[i], f->tag);
		else
			ok = put_varint(c, f->tag) && put_varint(c, len) &&
			     put(c, c->p + it[i].data, len);
		if (!ok)
			return false;
	}
	return true;
}

/* A field that the schema does not know, or what is in a group, tag by tag:
 * minimal varints, and otherwise the bytes they are. */
static bool put_unknown(struct normalize *c, const uint8_t *p, const uint8_t *end)
{
	unsigned sloppy = 0;

	while (p && p < end) {
		uint64_t v = 0, n = 0;

		p = wire_varint(p, &v, &sloppy);
		if (!p || !put_varint(c, v))
			return false;
		switch (v & 7) {
		case WIRE_VARINT:
			p = wire_varint(p, &v, &sloppy);
			if (!p || !put_varint(c, v))
				return false;
			break;
		case WIRE_LEN:
			p = wire_varint(p, &n, &sloppy);
			if (!p || !put_varint(c, n))
				return false;
			break;
		case WIRE_I64:
			n = 8;
			break;
		case WIRE_I32:
			n = 4;
			break;
		}
		if (n > (uint64_t)(end - p) || !put(c, p, (size_t)n))
			return false;
		p += n;
	}
	return p == end;
}

static bool put_unknowns(struct normalize *c, const struct item *it, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!put_unknown(c, c->p + it[i].start, c->p + it[i].end))
			return false;
	return true;
}

/* The n items of a list, as far as they fit; then the others. */
static bool put_list(struct normalize *c, const struct field *f,
		     const struct item *it, size_t n, int depth)
{
	struct wire_field w;
	const char *what;
	size_t k = 0;

	while (k < n && wire_field(c->p + it[k].start, c->p + it[k].end, &w,
				   &what) && known(f, &w))
		k++;
	return put_field(c, f, it, k, depth) && put_unknowns(c, it + k, n - k);
}

/* The message with the content of all these spans, concatenated. */
static bool merge(struct normalize *c, const struct message *m,
		  const struct item *spans, size_t n, int depth)
{
	size_t first = c->used;
	struct item *it = c->items + first;

	if (depth > WIRE_DEPTH_MAX)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!index_span(c, m, &spans[i]))
			return false;
	n = c->used - first;
	sort(it, n);
	for (size_t i = 0, k; i < n; i += k) {
		const struct field *f = message_field(m, it[i].key >> 1);
		bool ok;

		for (k = 1; i + k < n && it[i + k].key == it[i].key; )
			k++;
		if (!(it[i].key & 1))
			ok = put_unknowns(c, &it[i], k);
		else if (f->label == LABEL_REPEATED)
			ok = put_list(c, f, &it[i], k, depth);
		else
			ok = put_field(c, f, &it[i], k, depth);
		if (!ok)
			return false;
	}
	c->used = first;
	return true;
}

bool normalize(const struct message *m, const uint8_t *p, size_t n,
	   uint8_t *out, size_t cap, size_t *size)
{
	struct item all = { .end = (uint32_t)n };
	struct normalize c = { .p = p, .max = n / 2 + 1,
			   .out = out, .end = out + cap };
	bool ok;

	if (n >= 256 << 20)
		return false;
	c.items = alloc(c.max * sizeof(*c.items));
	ok = c.items && merge(&c, m, &all, 1, 1);
	alloc_free(c.items);
	*size = (size_t)(c.out - out);
	return ok;
}
