/* SPDX-License-Identifier: MIT
 *
 * Anchors of a YAML document, as the JSON text that they stand for.
 *
 *   text.p   ....|"a":{"b":1}|.....   the part after an anchor until its
 *                ^ start     ^ end    node ends, kept for its aliases
 */
#ifndef CRIT_YAML_ANCHOR_H
#define CRIT_YAML_ANCHOR_H

#include "base/error.h"

#include <stddef.h>

enum {
	YAML_ANCHORS_MAX = 256,			/* in a document */
	YAML_ANCHOR_NAME_MAX = 63,
	YAML_KEPT_MAX = 256 << 10,		/* bytes of their text */
	YAML_ALIASES_MAX = 4 << 20,		/* bytes that aliases stand for */
};

/* Bytes that grow, up to a bound. */
struct yaml_text {
	char *p;
	size_t n, cap;
};

/* False: no memory. */
bool yaml_text_put(struct yaml_text *t, const char *p, size_t n);

struct yaml_anchor {
	char name[YAML_ANCHOR_NAME_MAX + 1];
	size_t start, end;
	int depth;		/* while its collection is open; else -1 */
};

struct yaml_anchors {
	struct yaml_anchor *list;	/* YAML_ANCHORS_MAX; made at the first */
	size_t n;
	int open;			/* anchors with an open collection */
	struct yaml_text text;
	size_t expanded;		/* bytes that aliases stood for */
	struct crit_error *err;
};

/* Each returns false and *err if a bound is exceeded, or there is no memory. */

/* The next text belongs to this anchor until yaml_anchor_end(depth). */
bool yaml_anchor_begin(struct yaml_anchors *a, const char *name, int depth);
void yaml_anchor_end(struct yaml_anchors *a, int depth);

/* Keeps text, while an anchor is open. */
bool yaml_anchor_text(struct yaml_anchors *a, const char *p, size_t n);

/* What the alias stands for: good until the next call. */
bool yaml_anchor_find(struct yaml_anchors *a, const char *name,
		      const char **p, size_t *n);

void yaml_anchors_reset(struct yaml_anchors *a);	/* another document */
void yaml_anchors_free(struct yaml_anchors *a);

#endif
