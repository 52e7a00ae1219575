/* SPDX-License-Identifier: MIT
 *
 * Who holds what: tasks, the files or connections behind their descriptors, and
 * the descriptors between them.
 *
 *   fdinfo ─► task, thing, fd ─► tasks that are alike joined ─► things joined
 */
#ifndef CRIT_DRAW_HOLDERS_H
#define CRIT_DRAW_HOLDERS_H

#include "draw/look.h"

enum {
	HOLDERS_TASKS = 32,	/* that are drawn */
	HOLDERS_THINGS = 64,
	LABEL_COLUMNS = 120,
};

struct thing {
	size_t label, kind;		/* in words, from 1; "pipe" */
	enum hue hue;
	uint32_t count;			/* things that it stands for */
	uint32_t users;			/* holders */
	uint32_t first;			/* the first of them */
	uint32_t to;			/* it is part of that one; itself: no */
	bool flows;			/* from side 0 to side 1: a pipe */
	bool between;			/* tasks: not all on the same side */
};

struct holder {
	const struct model_task *task;	/* the first */
	uint32_t count;			/* tasks that it stands for */
	uint32_t to;			/* it is part of that one; itself: no */
	uint32_t edges, n_edges;
	uint64_t hash;			/* of what it holds */
	bool mixed;			/* tasks of several names */
};

/* side: which end of the thing; 0 writes to it, 1 reads, where it flows. */
struct edge {
	uint32_t holder, thing, side, fd;
};

struct holders {
	struct look look;
	struct draw *draw;
	bool connections;		/* none but pipes and sockets */
	struct list holders, things, edges, words;
	uint32_t n_holders, n_things;	/* that are left */
};

bool holders_open(struct holders *h, struct draw *d, bool connections);
void holders_close(struct holders *h);

static inline const char *holders_words(const struct holders *h, size_t at)
{
	return at ? (const char *)h->words.p + at - 1 : "";
}

static inline struct thing *holders_thing(const struct holders *h, size_t i)
{
	return (struct thing *)h->things.p + i;
}

static inline struct holder *holders_holder(const struct holders *h, size_t i)
{
	return (struct holder *)h->holders.p + i;
}

size_t holders_keep(struct holders *h, const char *text);

/* things.c: the thing that a descriptor leads to, made if need be;
 * UINT32_MAX: it is none that is drawn. */
uint32_t holders_find(struct holders *h, const struct model_task *t,
		      const struct model_fd *fd, uint32_t *side);

/* holders_join.c: makes as few of them as can be drawn; edges then lead from
 * holder to thing, sorted, each once. */
void holders_join(struct holders *h);

/* holders_title.c: title and numbers; what the colours mean. */
void holders_title(struct holders *h, struct picture *p);
void holders_legend(struct picture *p, bool connections, double x, double y);

/* "redis-server 12": of the holder. */
void holders_name(const struct holders *h, uint32_t i, char to[WORDS_MAX]);

/* "0, 1, 2": descriptors of edges from i on that lead to the same end; returns
 * the number of the first that does not. */
size_t holders_fds(const struct holders *h, size_t i, char *to, size_t size);

#endif
