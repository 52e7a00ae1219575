/* SPDX-License-Identifier: MIT
 *
 * Paths of fields: "vmas[3].start", as they are read and followed.
 */
#ifndef CRIT_API_PATH_H
#define CRIT_API_PATH_H

#include "api/entry.h"

/* Where a path leads. */
struct path_place {
	const struct field *f;		/* NULL: the entry itself */
	const struct message *m;	/* what it is a message of, or NULL */
	bool element;			/* one of a list, not the list */
	uint32_t node;			/* 0: not there */
	uint32_t parent;		/* the node it is in, or would be; 0 also
					   where that is not there: see absent */
	int64_t index;			/* of the last element on the way, or -1 */
	bool absent;
};

struct path_walk {
	struct crit_entry *e;
	const char *path;		/* all of it, for messages */
	bool check;			/* whether all of it can be made */
	bool make;			/* what is not there */
	struct crit_error *err;

	/* [] calls this for each element */
	bool (*each)(void *ctx, const struct path_place *);
	void *ctx;
	bool stop;
};

/* Follows it. False: *err (no such field, or no memory). */
bool path_follow(struct path_walk *w, struct path_place *at);

/* An error that names the path. Returns false. */
bool path_bad(const struct path_walk *w, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
