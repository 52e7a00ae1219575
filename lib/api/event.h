/* SPDX-License-Identifier: MIT
 *
 * Events of sources (event.h) as those of the API (crit.h), given to a
 * function at once; or first put aside, and asked for one by one.
 */
#ifndef CRIT_API_EVENT_H
#define CRIT_API_EVENT_H

#include "api/api.h"

enum { EVENT_LEVELS = 2 * WIRE_DEPTH_MAX + 8 };

/* What an event is made of. kind: enum crit_event_kind. */
struct event_parts {
	const struct field *f;		/* or NULL */
	const struct message *m;	/* ENTRY */
	uint64_t value;
	const void *bytes;
	size_t size;
	uint8_t kind, last;
};

/* Where the events are: which messages and lists are open. */
struct event_place {
	uint64_t entry;
	int depth;
	bool more;			/* pieces of a string have come */
	struct {
		bool list;
		int64_t count;		/* elements so far */
	} level[EVENT_LEVELS];
};

void event_make(struct event_place *at, const struct event_parts *parts,
		struct crit_event *event);

/* A sink that makes parts of all that comes. */
struct event_sink {
	struct sink sink;
	void (*put)(struct event_sink *, const struct event_parts *);
	void (*again)(struct event_sink *);
};

/* again: takes back what came of the entry, which comes again; NULL: it cannot,
 * and entries are checked before their parts come. */
void event_sink_init(struct event_sink *s, struct crit_error *err,
		     void (*put)(struct event_sink *,
				 const struct event_parts *),
		     void (*again)(struct event_sink *));

/* An event_sink that gives them to a function, until that says false. */
struct event_giver {
	struct event_sink sink;
	struct event_place place;
	bool (*give)(void *ctx, const struct crit_event *);
	void *ctx;
	bool stop;
};

void event_giver_init(struct event_giver *g, struct crit_error *err,
		      bool (*give)(void *ctx, const struct crit_event *),
		      void *ctx);

/* An event_sink that puts those of one entry aside. */
enum { EVENT_PIECE = 16 << 10, EVENT_WINDOW = 2 * EVENT_PIECE };

struct event_queue {
	struct event_sink sink;
	struct event_place place;
	struct spool spool;
	uint64_t at;			/* what was read of it into the window */
	uint8_t window[EVENT_WINDOW];
	size_t pos, end;
};

void event_queue_init(struct event_queue *q, struct crit_error *err);
void event_queue_clear(struct event_queue *q, uint64_t entry);
void event_queue_free(struct event_queue *q);

/* The next one: 1, 0 at the end, -1 and the sink's error. */
int event_queue_next(struct event_queue *q, struct crit_event *event);

#endif
