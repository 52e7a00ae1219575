// SPDX-License-Identifier: MIT
/*
 *   events of a source ─► parts ─┬─► those of the API ─► a function
 *                                ├─► spool ─► one by one, when they are asked for
 *                                └─► a tree (entry.c)
 */
#include "api/event.h"
#include "event/message.h"
#include "schema/pretty.h"

/* Which element of its list this is, or -1. */
static int64_t count(struct event_place *at, const struct event_parts *parts)
{
	bool element = at->depth && at->level[at->depth - 1].list &&
		       parts->kind != CRIT_LIST_END;
	bool more = at->more;

	if (parts->kind == CRIT_STRING || parts->kind == CRIT_BYTES)
		at->more = !parts->last;
	if (!element)
		return -1;
	if (!more)
		at->level[at->depth - 1].count++;
	return at->level[at->depth - 1].count - 1;
}

static void push(struct event_place *at, bool list)
{
	at->level[at->depth].list = list;
	at->level[at->depth].count = 0;
	at->depth++;
}

static void step(struct event_place *at, uint8_t kind)
{
	switch (kind) {
	case CRIT_ENTRY:
		at->depth = 0;
		at->more = false;
		break;
	case CRIT_MESSAGE:
	case CRIT_LIST:
		push(at, kind == CRIT_LIST);
		break;
	case CRIT_MESSAGE_END:
	case CRIT_LIST_END:
		at->depth--;
		break;
	default:
		break;
	}
}

void event_make(struct event_place *at, const struct event_parts *parts,
		struct crit_event *event)
{
	const struct field *f = parts->f;
	const struct message *m = f && parts->kind != CRIT_LIST ? f->message :
		parts->m;

	*event = (struct crit_event){
		.kind = parts->kind, .number = f ? f->number : 0,
		.field = f ? f->name : NULL, .message = m ? m->name : NULL,
		.value = parts->value, .bytes = parts->bytes,
		.size = parts->size, .entry = at->entry,
		.index = count(at, parts),
		.is_signed = f && kind_is_signed(f->kind),
		.last = parts->last,
	};
	if (parts->kind == CRIT_NUMBER && f->kind == KIND_ENUM)
		event->symbol = pretty_name(f->symbols, parts->value);
	step(at, parts->kind);
}

/* The sink's calls. */

static void put(struct sink *sink, uint8_t kind, const struct field *f)
{
	struct event_sink *s = (struct event_sink *)sink;

	if (!error_is(sink->err))
		s->put(s, &(struct event_parts){ .kind = kind, .f = f });
}

static void put_bytes(struct sink *sink, uint8_t kind, const struct field *f,
		      const void *p, size_t n, bool last)
{
	struct event_sink *s = (struct event_sink *)sink;
	const uint8_t *b = p;

	do {
		size_t k = n < EVENT_PIECE ? n : EVENT_PIECE;
		struct event_parts parts = {
			.kind = kind, .f = f, .bytes = b, .size = k,
			.last = last && k == n,
		};

		if (error_is(sink->err))
			return;
		s->put(s, &parts);
		b += k;
		n -= k;
	} while (n);
}

static void on_entry(struct sink *sink, const struct message *m)
{
	struct event_sink *s = (struct event_sink *)sink;

	s->put(s, &(struct event_parts){ .kind = CRIT_ENTRY, .m = m });
}

static void on_entry_end(struct sink *sink)
{
	put(sink, CRIT_ENTRY_END, NULL);
}

static void on_begin(struct sink *sink, const struct field *f)
{
	put(sink, CRIT_MESSAGE, f);
}

static void on_end(struct sink *sink)
{
	put(sink, CRIT_MESSAGE_END, NULL);
}

static void on_list(struct sink *sink, const struct field *f)
{
	put(sink, CRIT_LIST, f);
}

static void on_list_end(struct sink *sink)
{
	put(sink, CRIT_LIST_END, NULL);
}

static void on_number(struct sink *sink, const struct field *f, uint64_t v)
{
	struct event_sink *s = (struct event_sink *)sink;
	struct event_parts parts = { .kind = CRIT_NUMBER, .f = f, .value = v };

	if (!error_is(sink->err))
		s->put(s, &parts);
}

static void on_bytes(struct sink *sink, const struct field *f, const void *p,
		     size_t n, bool last)
{
	put_bytes(sink, f->kind == KIND_STRING ? CRIT_STRING : CRIT_BYTES, f, p,
		  n, last);
}

static void on_unknown(struct sink *sink, const void *p, size_t n, bool last)
{
	put_bytes(sink, CRIT_UNKNOWN, NULL, p, n, last);
}

/* An entry in memory. A function that was called cannot be called back: it gets
 * events of what is known to be regular only. All else is taken back. */
static enum flat on_flat(struct sink *sink, const struct message *m,
			 const uint8_t *p, size_t n)
{
	struct event_sink *s = (struct event_sink *)sink;
	enum flat r;

	if (!s->again)
		return message_whole(sink, m, p, n);
	r = message_pass(sink, m, p, n);
	if (r != FLAT_OK)
		s->again(s);
	return r;
}

static const struct bulk_ops bulk = { .flat = on_flat };

static const struct sink_ops ops = {
	.entry = on_entry,
	.entry_end = on_entry_end,
	.begin = on_begin,
	.end = on_end,
	.list = on_list,
	.list_end = on_list_end,
	.number = on_number,
	.bytes = on_bytes,
	.unknown = on_unknown,
	.bulk = &bulk,
};

void event_sink_init(struct event_sink *s, struct crit_error *err,
		     void (*f)(struct event_sink *, const struct event_parts *),
		     void (*again)(struct event_sink *))
{
	s->sink = (struct sink){ .ops = &ops, .err = err };
	s->put = f;
	s->again = again;
}

static void give(struct event_sink *s, const struct event_parts *parts)
{
	struct event_giver *g = (struct event_giver *)s;
	struct crit_event event;

	if (g->stop)
		return;
	event_make(&g->place, parts, &event);
	g->stop = !g->give(g->ctx, &event);
}

void event_giver_init(struct event_giver *g, struct crit_error *err,
		      bool (*f)(void *ctx, const struct crit_event *), void *ctx)
{
	event_sink_init(&g->sink, err, give, NULL);
	g->place.depth = 0;
	g->place.more = false;
	g->give = f;
	g->ctx = ctx;
	g->stop = false;
}

/* In the spool: the parts as they are (bytes: none), and the bytes. */
static void put_aside(struct event_sink *s, const struct event_parts *parts)
{
	struct event_queue *q = (struct event_queue *)s;

	if (spool_put(&q->spool, parts, sizeof(*parts)) && parts->size)
		spool_put(&q->spool, parts->bytes, parts->size);
}

/* All but the first: that the entry begins. */
static void cut(struct event_sink *s)
{
	struct event_queue *q = (struct event_queue *)s;

	spool_cut(&q->spool, sizeof(struct event_parts));
}

void event_queue_init(struct event_queue *q, struct crit_error *err)
{
	event_sink_init(&q->sink, err, put_aside, cut);
	spool_init(&q->spool, err);
	event_queue_clear(q, 0);
}

void event_queue_clear(struct event_queue *q, uint64_t entry)
{
	spool_reset(&q->spool);
	q->at = 0;
	q->pos = q->end = 0;
	q->place.entry = entry;
}

void event_queue_free(struct event_queue *q)
{
	spool_free(&q->spool);
}

/* n bytes, in the window until the next call; NULL: *err. */
static const uint8_t *take(struct event_queue *q, size_t n)
{
	if (q->end - q->pos < n) {
		memmove(q->window, q->window + q->pos, q->end - q->pos);
		q->end -= q->pos;
		q->pos = 0;
	}
	while (q->end - q->pos < n) {
		size_t k = spool_read(&q->spool, q->at, q->window + q->end,
				      EVENT_WINDOW - q->end);

		if (!k)
			return NULL;
		q->at += k;
		q->end += k;
	}
	q->pos += n;
	return q->window + q->pos - n;
}

int event_queue_next(struct event_queue *q, struct crit_event *event)
{
	struct event_parts parts;
	const uint8_t *p;

	if (q->pos == q->end && q->at == spool_size(&q->spool))
		return 0;
	p = take(q, sizeof(parts));
	if (!p)
		return -1;
	memcpy(&parts, p, sizeof(parts));
	parts.bytes = take(q, parts.size);
	if (!parts.bytes)
		return -1;
	event_make(&q->place, &parts, event);
	return 1;
}
