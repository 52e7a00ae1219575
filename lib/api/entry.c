// SPDX-License-Identifier: MIT
#include "api/entry.h"
#include "api/image.h"

#include <string.h>

static bool too_large(struct crit_error *err)
{
	if (err)
		error_set(err, CRIT_ENOMEM, "more than a crit_entry may take: "
			  "crit_next takes it, or a higher crit_set_limit");
	return false;
}

static bool no_memory(struct crit_error *err)
{
	if (err)
		error_set(err, CRIT_ENOMEM, "out of memory");
	return false;
}

static bool grow(const struct crit_entry *e, void **p, size_t *cap,
		 size_t size, size_t need, size_t others, struct crit_error *err)
{
	size_t more = *cap ? *cap : 64;
	void *bigger;

	if (need <= *cap)
		return true;
	while (more < need)
		more *= 2;
	if (more * size + others > e->c->limit)
		return too_large(err);
	bigger = alloc_more(*p, more * size);
	if (!bigger)
		return no_memory(err);
	*p = bigger;
	*cap = more;
	return true;
}

uint32_t entry_add(struct crit_entry *e, uint8_t kind, const struct field *f,
		   struct crit_error *err)
{
	size_t cap = e->cap;
	void *p = e->node;

	if (e->n == UINT32_MAX / 2)
		return too_large(err);
	if (!grow(e, &p, &cap, sizeof(*e->node), (size_t)e->n + 1, e->cap_text,
		  err))
		return 0;
	e->node = p;
	e->cap = (uint32_t)cap;
	e->node[e->n] = (struct entry_node){ .kind = kind, .f = f };
	return e->n++;
}

bool entry_text(struct crit_entry *e, uint32_t node, const void *b, size_t n,
		struct crit_error *err)
{
	size_t at = e->n_text, nodes = e->cap * sizeof(*e->node);
	void *p = e->text;

	if (n > UINT32_MAX - 1 - e->node[node].size)
		return too_large(err);
	if (e->node[node].size)
		at--;		/* goes on: the NUL before gives way */
	if (!grow(e, &p, &e->cap_text, 1, at + n + 1, nodes, err))
		return false;
	e->text = p;
	if (n)
		memcpy(e->text + at, b, n);
	e->text[at + n] = 0;
	e->n_text = at + n + 1;
	if (!e->node[node].size)
		e->node[node].value = at;
	e->node[node].size += (uint32_t)n;
	return true;
}

void entry_append(struct crit_entry *e, uint32_t into, uint32_t node)
{
	struct entry_node *in = &e->node[into];

	if (in->last)
		e->node[in->last].next = node;
	else
		in->first = node;
	in->last = node;
}

static uint32_t order(const struct entry_node *n)
{
	if (!n->f)
		return UINT32_MAX - 1;
	return n->f->number ? n->f->number : UINT32_MAX;
}

void entry_insert(struct crit_entry *e, uint32_t into, uint32_t node)
{
	struct entry_node *in = &e->node[into];
	uint32_t before = 0, after = in->first;

	while (after && order(&e->node[after]) <= order(&e->node[node])) {
		before = after;
		after = e->node[after].next;
	}
	e->node[node].next = after;
	if (before)
		e->node[before].next = node;
	else
		in->first = node;
	if (!after)
		in->last = node;
}

/* Events in. */

static void put_value(struct crit_entry *e, const struct event_parts *parts)
{
	struct crit_error *err = e->sink.sink.err;
	uint32_t into = e->open[e->depth - 1];
	uint32_t node = e->more ? e->node[into].last :
		entry_add(e, parts->kind, parts->f, err);

	if (!node)
		return;
	if (!e->more)
		entry_append(e, into, node);
	if (parts->kind == CRIT_NUMBER)
		e->node[node].value = parts->value;
	else if (parts->kind == CRIT_MESSAGE || parts->kind == CRIT_LIST)
		e->open[e->depth++] = node;
	else
		e->more = entry_text(e, node, parts->bytes, parts->size, err) &&
			!parts->last;
}

static void put(struct event_sink *s, const struct event_parts *parts)
{
	struct crit_entry *e = (struct crit_entry *)((char *)s -
		offsetof(struct crit_entry, sink));

	switch (parts->kind) {
	case CRIT_ENTRY:
		e->message = parts->m;
		break;
	case CRIT_ENTRY_END:
		break;
	case CRIT_MESSAGE_END:
	case CRIT_LIST_END:
		e->depth--;
		break;
	default:
		put_value(e, parts);
	}
}

/* The entry comes again from its beginning. */
static void again(struct event_sink *s)
{
	struct crit_entry *e = (struct crit_entry *)((char *)s -
		offsetof(struct crit_entry, sink));

	entry_reset(e, e->type, e->message, s->sink.err);
}

struct crit_entry *entry_new(struct crit *c)
{
	struct crit_entry *e = alloc_zero(sizeof(*e));

	if (e)
		e->c = c;
	return e;
}

bool entry_reset(struct crit_entry *e, const struct image_type *type,
		 const struct message *m, struct crit_error *err)
{
	e->type = type;
	e->message = m;
	e->n = 0;
	e->n_text = 0;
	e->seen_list = 0;
	e->depth = 1;
	e->open[0] = 0;
	e->more = false;
	event_sink_init(&e->sink, err, put, again);
	entry_add(e, CRIT_MESSAGE, NULL, err);
	return e->n;
}

int crit_read(struct crit_image *im, struct crit_entry **entry,
	      struct crit_error *err)
{
	struct crit_entry *e;
	API(im->c);

	if (!*entry)
		*entry = entry_new(im->c);
	e = *entry;
	if (!e)
		return api_no_memory(err), -1;
	event_queue_clear(&im->queue, 0);
	if (!error_is(&im->err))
		entry_reset(e, im->source.image.type, NULL, &im->err);
	return api_image_next(im, &e->sink.sink, err);
}

struct crit_entry *crit_entry_new(struct crit *c, const char *magic, bool first,
				  struct crit_error *err)
{
	const struct image_type *type =
		schema_image_name(c->schema, magic, strlen(magic));
	struct crit_entry *e;
	API(c);

	if (!type)
		return api_usage(err, "no image has the magic %s", magic), NULL;
	e = entry_new(c);
	if (e && entry_reset(e, type, first ? type->first : type->rest, NULL))
		return e;
	crit_entry_free(e);
	return api_no_memory(err), NULL;
}

void crit_entry_free(struct crit_entry *e)
{
	if (!e)
		return;
	alloc_free(e->node);
	alloc_free(e->text);
	alloc_free(e);
}

const char *crit_entry_message(const struct crit_entry *e)
{
	return e->message->name;
}

/* Events out. */

static void emit_inside(const struct crit_entry *e, struct sink *sink,
			const struct entry_node *in);

static void emit(const struct crit_entry *e, struct sink *sink,
		 const struct entry_node *n)
{
	const char *text = n->size ? e->text + n->value : "";

	switch (n->kind) {
	case CRIT_NUMBER:
		event_number(sink, n->f, n->value);
		break;
	case CRIT_MESSAGE:
		event_begin(sink, n->f);
		emit_inside(e, sink, n);
		event_end(sink);
		break;
	case CRIT_LIST:
		event_list(sink, n->f);
		emit_inside(e, sink, n);
		event_list_end(sink);
		break;
	case CRIT_UNKNOWN:
		event_unknown(sink, text, n->size, true);
		break;
	default:
		event_bytes(sink, n->f, text, n->size, true);
	}
}

static void emit_inside(const struct crit_entry *e, struct sink *sink,
			const struct entry_node *in)
{
	for (uint32_t i = in->first; i; i = e->node[i].next)
		emit(e, sink, &e->node[i]);
}

void entry_emit(const struct crit_entry *e, struct sink *sink)
{
	event_entry(sink, e->message);
	emit_inside(e, sink, &e->node[0]);
	event_entry_end(sink);
}
