/* SPDX-License-Identifier: MIT
 *
 * Picks a few fields out of an image into a structure, by a table of names; the
 * rest is passed over (plan.h).
 *
 *	static const struct extract_rule rules[] = {
 *		{ "vma_entry", "start", offsetof(struct x, start), 0 },
 *		{ "vma_entry", NULL, 0, 0 },		calls done after each
 *	};
 */
#ifndef CRIT_CHECKPOINT_EXTRACT_H
#define CRIT_CHECKPOINT_EXTRACT_H

#include "store/store.h"
#include "event/event.h"
#include "checkpoint/plan.h"

enum { EXTRACT_RULES_MAX = 40, EXTRACT_DEPTH = 2 * 100 + 2 };

struct extract_rule {
	const char *message;
	const char *field;	/* NULL: report the end of this message */
	size_t offset;		/* of a uint64_t in ctx, or of char[size] */
	size_t size;		/* of text, with its NUL; longer is cut */
};

/* ctx is what the offsets count from. A list gives each number by item. */
struct extract {
	const char *magic;	/* or NULL: the name of the image's, else an error */
	const struct extract_rule *rules;
	size_t n_rules;
	void *ctx;
	bool (*done)(void *ctx, const struct extract_rule *);	/* or NULL */
	void (*item)(void *ctx, const struct field *, uint64_t); /* or NULL */
	struct plan *plan;	/* or NULL: compiled for each image anew */
	uint64_t *end;		/* or NULL: set to the offset after each entry
				   and its extra, before done */
};

/* The rules, compiled: for who reads many images. NULL: *err. */
struct plan *extract_compile(const struct extract *p, const struct schema *schema,
			     struct crit_error *err);
void extract_free(struct plan *plan);

/* Extracts from image NAME. Returns false and *err on failure; done may set its
 * own error and return false to end early. If the image does not exist, *absent
 * is set; with absent NULL that is an error. */
bool extract_image(const struct extract *p, const struct store *dir,
		const char *name, bool *absent, struct crit_error *err);

#endif
