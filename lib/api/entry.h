/* SPDX-License-Identifier: MIT
 *
 * An entry as a whole: a tree of what its events say.
 *
 *   node 0 (the entry) ─ first ─► pid ─ next ─► threads ─ next ─► ...
 *                                                 └ first ─► 1 ─► 2
 *
 * Nodes are known by their index, since they move when their number grows; 0
 * also stands for none.
 */
#ifndef CRIT_API_ENTRY_H
#define CRIT_API_ENTRY_H

#include "api/event.h"

struct entry_node {
	const struct field *f;		/* NULL: the entry, or unknown fields */
	uint64_t value;			/* of a number; where bytes are in text */
	uint32_t size;			/* of bytes */
	uint32_t first, last, next;	/* inside it; after it */
	uint8_t kind;			/* enum crit_event_kind */
};

struct crit_entry {
	struct crit *c;
	const struct image_type *type;
	const struct message *message;

	struct entry_node *node;
	uint32_t n, cap;
	char *text;
	size_t n_text, cap_text;

	/* while events come */
	struct event_sink sink;
	uint32_t open[EVENT_LEVELS];
	int depth;
	bool more;			/* pieces of a string have come */

	/* the element of a list that was last looked for */
	uint32_t seen_list, seen_node;
	uint64_t seen_index;
};

struct crit_entry *entry_new(struct crit *c);

/* Empty, for an image of this type. */
bool entry_reset(struct crit_entry *e, const struct image_type *type,
		 const struct message *m, struct crit_error *err);

/* A node, not yet in the tree; 0 and *err. */
uint32_t entry_add(struct crit_entry *e, uint8_t kind, const struct field *f,
		   struct crit_error *err);

/* Puts a node into another one: after all others, or in the order of field
 * numbers. */
void entry_append(struct crit_entry *e, uint32_t into, uint32_t node);
void entry_insert(struct crit_entry *e, uint32_t into, uint32_t node);

/* Keeps bytes, with a NUL after them, in the text of a node. */
bool entry_text(struct crit_entry *e, uint32_t node, const void *p, size_t n,
		struct crit_error *err);

/* The events of it, from entry to entry_end. */
void entry_emit(const struct crit_entry *e, struct sink *sink);

#endif
