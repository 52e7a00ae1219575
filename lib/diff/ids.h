/* SPDX-License-Identifier: MIT
 *
 * Which id of A is which id of B: those that stand in the same place of the
 * same thing. The ids of a level are found out with the help of those of the
 * levels before: descriptors say which files, files say which pipes.
 *
 *   A: fd 5 of task 12 ─► file 7 ─┐
 *                                 ├─ a pair: one token
 *   B: fd 5 of task 12 ─► file 9 ─┘
 */
#ifndef CRIT_DIFF_IDS_H
#define CRIT_DIFF_IDS_H

#include "diff/identity.h"
#include "base/error.h"

struct list {
	void *p;
	size_t n, cap;
};

/* One more element (zeroed); NULL and *err. */
void *list_more(struct list *l, size_t size, struct crit_error *err);

void list_free(struct list *l);

/* Behind the last element; NULL of an empty list, as is the first. */
static inline const void *list_end(const struct list *l, size_t size)
{
	return l->n ? (const char *)l->p + l->n * size : l->p;
}

struct title {
	uint8_t role;		/* enum role */
	uint32_t pid;
	uint64_t number;	/* of a descriptor; where a mapping starts */
};

static inline bool title_same(const struct title *a, const struct title *b)
{
	return a->role == b->role && a->pid == b->pid && a->number == b->number;
}

struct id {
	uint64_t id, token;	/* token 0: only here */
	struct title label;
	uint32_t name;		/* in diff.names, from 1; 0: not kept */
	uint8_t space;
	bool held;		/* what holds it is in the other one, too */
	bool last;		/* added in this level */
	bool itself;		/* nothing but its own entry holds it */
};

/* What a file is: its type (0: not known), and its path or else its fields. */
struct shape {
	uint64_t id, hash;
	uint32_t type;
};

/* An id where it stands. There may be many: of each mapping, one. */
struct sight {
	uint64_t id, holder;
	uint64_t number;		/* of the label */
	uint32_t pid;
	uint8_t role, space;
};

/* Where the ids of a level stand. */
struct sights {
	struct list of[2];		/* struct sight */
};

struct ids {
	struct list known[2];		/* struct id, by space and id */
	struct list shapes[2];		/* struct shape, by id */
	bool some_shapes;		/* not all: they say nothing */
	uint64_t pairs;
	uint64_t files;			/* ids of files found, and paired */
	struct crit_error *err;
};

void ids_free(struct ids *s);
bool ids_see(struct ids *s, struct sights *to, int side,
	     const struct sight *at);
void sights_free(struct sights *all);

/* What the files are: all of them, before any level. */
bool ids_shape(struct ids *s, int side, const struct shape *shape);
void ids_shapes_end(struct ids *s);
void ids_shapes_free(struct ids *s);

/* Each file, as its own entry has its id. */
bool ids_see_shapes(struct ids *s, struct sights *to);

/* How likely x of A is y of B: 3 is the most; -1: it cannot be. */
int ids_likeness(const struct ids *s, const struct id *x, const struct id *y);

/* All of the level have been seen. Those that are less alike than least do not
 * pair yet (ids_likeness; 0: all may). Where an id could be several of the other
 * one's, the one of the same shape is taken, else the one of the same number;
 * files of other types are never the same. weak: they pair only if one of the
 * two was not known before. What may still pair stays in seen, for a call with
 * a smaller least. */
bool ids_pair(struct ids *s, struct sights *seen, bool weak, int least);

/* NULL: no task has it. */
struct id *ids_find(const struct ids *s, int side, enum space space,
		    uint64_t id);

/* Equal on both sides where they mean the same thing. */
uint64_t ids_token(const struct ids *s, int side, enum space space,
		   uint64_t id);

/* Whether it is in one only, and a line about what holds it says so. */
bool ids_alone(const struct id *id);

/* Mixes two words into one. */
static inline uint64_t mix(uint64_t a, uint64_t b)
{
	uint64_t h = (a ^ (b + 0x9e3779b97f4a7c15u + (a << 6) + (a >> 2))) *
		0xff51afd7ed558ccdu;

	h = (h ^ (h >> 32)) * 0xc4ceb9fe1a85ec53u;
	return h ^ (h >> 29);
}

#endif
