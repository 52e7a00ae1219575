/* SPDX-License-Identifier: MIT
 *
 * Answers put aside, and given one by one.
 *
 *   callback ─► iterator_put ─► spool ─► iterator_next ─► the caller's struct
 */
#ifndef CRIT_API_ITERATOR_H
#define CRIT_API_ITERATOR_H

#include "api/dir.h"
#include "base/spool.h"

/* A member of a struct that points to bytes. */
struct iterator_pointer {
	size_t at;			/* offset of the pointer */
	size_t size_at;			/* of its size_t, or NO_SIZE: a string */
	size_t unit;			/* bytes of an element */
};

enum { ITERATOR_NO_SIZE = SIZE_MAX >> 1, ITERATOR_POINTERS = 5 };

/* What an iterator gives. */
struct iterator_kind {
	const char *what;
	size_t size;			/* of the struct */
	size_t n;
	struct iterator_pointer pointers[ITERATOR_POINTERS];
};

struct crit_iterator {
	struct crit *c;
	const struct iterator_kind *kind;
	struct spool spool;
	uint64_t at;			/* of the next answer, in the spool */
	char *bytes;			/* of the answer now */
	size_t cap;
	struct crit_error err;		/* of the spool */
	struct crit_error end;		/* what comes after the last answer */
};

struct crit_iterator *iterator_new(struct crit *c,
				   const struct iterator_kind *kind,
				   struct crit_error *err);

/* One answer; its pointers are followed. False: it cannot be put aside. */
bool iterator_put(struct crit_iterator *it, const void *answer);

/* All have been put. ok: whether the question could be answered; if not,
 * it->end says why. Returns the iterator; NULL and *err if that is all there is
 * to be said. */
struct crit_iterator *iterator_ready(struct crit_iterator *it, bool ok,
				     struct crit_error *err);

/* The next answer, as crit_next_task. */
int iterator_next(struct crit_iterator *it, const struct iterator_kind *kind,
		  void *answer, struct crit_error *err);

/* For the tables and functions of iterators: pointers of a struct. */
#define STRING_AT(type, member) \
	{ offsetof(type, member), ITERATOR_NO_SIZE, 1 }
#define BYTES_AT(type, member, count, unit) \
	{ offsetof(type, member), offsetof(type, count), unit }

/* CALL: what asks, with give and it; its error goes to it->end. */
#define ITERATE(context, kind, CALL) \
	struct crit_iterator *it; \
	API(context); \
	it = iterator_new(context, kind, err); \
	return it ? iterator_ready(it, CALL, err) : NULL

#define GIVE(name, type) \
	static bool name(void *it, const type *answer) \
	{ \
		return iterator_put(it, answer); \
	}

#endif
