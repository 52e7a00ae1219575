// SPDX-License-Identifier: MIT
/*
 * What an image says of a file: the events of a message, kept, and played again
 * to whoever prints them.
 *
 *   begin, number, .. ─► facts_add ─► m->facts ─► facts_take ─► m->text
 *                                                 span ─► facts_next, facts_play
 *
 *   one event:   op + 16 * size | field | size bytes: the number, or the length
 *                                         of the bytes that follow
 */
#include "checkpoint/model.h"

enum { LENGTH = 4, HEAD = 1 + sizeof(const struct field *) };

/* The fewest bytes that hold v. */
static size_t size_of(uint64_t v)
{
	return v ? (size_t)(71 - __builtin_clzll(v)) / 8 : 0;
}

static void add(struct model *m, enum fact_op op, const struct field *f,
		uint64_t v, size_t size)
{
	uint8_t event[HEAD + 8], *p = event + HEAD;

	event[0] = (uint8_t)(op | size << 4);
	memcpy(event + 1, &f, sizeof(f));
	for (size_t i = 0; i < size; i++, v >>= 8)
		*p++ = (uint8_t)v;
	model_add(m, &m->facts, event, HEAD + size);
}

void facts_open(struct model *m)
{
	m->facts.n = m->facts_bytes = 0;
	facts_add(m, FACT_BEGIN, NULL);
}

void facts_add(struct model *m, enum fact_op op, const struct field *f)
{
	add(m, op, f, 0, 0);
}

void facts_number(struct model *m, const struct field *f, uint64_t v)
{
	add(m, FACT_NUMBER, f, v, size_of(v));
}

void facts_bytes(struct model *m, const struct field *f, const void *p,
		 size_t n, bool last)
{
	if (!m->facts_bytes) {
		add(m, FACT_BYTES, f, 0, LENGTH);
		m->facts_bytes = m->facts.n;
	}
	if (!model_add(m, &m->facts, p, n))
		return;
	wire_put32((uint8_t *)m->facts.p + m->facts_bytes - LENGTH,
		   (uint32_t)(m->facts.n - m->facts_bytes));
	if (last)
		m->facts_bytes = 0;
}

struct model_span facts_take(struct model *m)
{
	struct model_span s = { (uint32_t)m->text.n, 0 };

	if (!m->facts.n)
		return s;
	facts_add(m, FACT_END, NULL);
	s.len = (uint32_t)m->facts.n;
	if (!model_add(m, &m->text, m->facts.p, m->facts.n))
		s.len = 0;
	m->facts.n = 0;
	return s;
}

bool facts_next(const struct model *m, struct model_span *s, struct fact *fact)
{
	const uint8_t *p = (const uint8_t *)model_text(m, *s), *start = p;
	size_t size;

	if (!s->len)
		return false;
	size = *p >> 4;
	fact->op = *p & 15;
	memcpy(&fact->field, p + 1, sizeof(fact->field));
	p += HEAD;
	fact->number = 0;
	for (size_t i = 0; i < size; i++)
		fact->number |= (uint64_t)*p++ << 8 * i;
	fact->bytes = p;
	p += fact->op == FACT_BYTES ? fact->number : 0;
	s->at += (uint32_t)(p - start);
	s->len -= (uint32_t)(p - start);
	return true;
}

bool facts_find(const struct model *m, struct model_span s, const char *name,
		struct fact *fact)
{
	int depth = 0;

	while (facts_next(m, &s, fact)) {
		if (fact->op == FACT_END || fact->op == FACT_LIST_END)
			depth--;
		else if (depth == 1 && !strcmp(fact->field->name, name))
			return true;
		if (fact->op == FACT_BEGIN || fact->op == FACT_LIST)
			depth++;
	}
	return false;
}

void facts_play(const struct model *m, struct model_span s, struct sink *sink)
{
	struct fact f;

	while (facts_next(m, &s, &f))
		switch (f.op) {
		case FACT_BEGIN:
			event_begin(sink, f.field);
			break;
		case FACT_END:
			event_end(sink);
			break;
		case FACT_LIST:
			event_list(sink, f.field);
			break;
		case FACT_LIST_END:
			event_list_end(sink);
			break;
		case FACT_NUMBER:
			event_number(sink, f.field, f.number);
			break;
		case FACT_BYTES:
			event_bytes(sink, f.field, f.bytes, f.number, true);
			break;
		}
}
