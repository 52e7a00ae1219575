// SPDX-License-Identifier: MIT
#include "yaml/anchor.h"
#include "base/alloc.h"

#include <stdio.h>
#include <string.h>

bool yaml_text_put(struct yaml_text *t, const char *p, size_t n)
{
	if (t->cap - t->n < n) {
		size_t cap = t->cap ? t->cap : 4096;
		char *more;

		while (cap - t->n < n)
			cap *= 2;
		more = alloc_more(t->p, cap);
		if (!more)
			return false;
		t->p = more;
		t->cap = cap;
	}
	memcpy(t->p + t->n, p, n);
	t->n += n;
	return true;
}

static bool no_memory(struct yaml_anchors *a)
{
	return error_set(a->err, CRIT_ENOMEM, "out of memory");
}

bool yaml_anchor_begin(struct yaml_anchors *a, const char *name, int depth)
{
	struct yaml_anchor *new;

	if (!a->list)
		a->list = alloc(YAML_ANCHORS_MAX * sizeof(*a->list));
	if (!a->list)
		return no_memory(a);
	if (a->n == YAML_ANCHORS_MAX)
		return error_set(a->err, CRIT_EDATA, "more than %d anchors in a "
				 "document", YAML_ANCHORS_MAX);
	if (strlen(name) > YAML_ANCHOR_NAME_MAX)
		return error_set(a->err, CRIT_EDATA, "the name of an anchor is "
				 "longer than %d bytes", YAML_ANCHOR_NAME_MAX);
	new = &a->list[a->n++];
	strcpy(new->name, name);
	new->start = a->text.n;
	new->depth = depth;
	a->open++;
	return true;
}

void yaml_anchor_end(struct yaml_anchors *a, int depth)
{
	for (size_t i = a->n; a->open && i-- > 0; )
		if (a->list[i].depth == depth) {
			a->list[i].depth = -1;
			a->list[i].end = a->text.n;
			a->open--;
		}
}

bool yaml_anchor_text(struct yaml_anchors *a, const char *p, size_t n)
{
	if (!a->open)
		return true;
	if (n > YAML_KEPT_MAX - a->text.n)
		return error_set(a->err, CRIT_EDATA, "the anchors of a document "
				 "hold more than %d KiB", YAML_KEPT_MAX >> 10);
	return yaml_text_put(&a->text, p, n) || no_memory(a);
}

bool yaml_anchor_find(struct yaml_anchors *a, const char *name,
		      const char **p, size_t *n)
{
	for (size_t i = a->n; i-- > 0; ) {
		const struct yaml_anchor *at = &a->list[i];

		if (strcmp(at->name, name))
			continue;
		if (at->depth >= 0)
			return error_set(a->err, CRIT_EDATA, "alias *%s is inside "
					 "of what it stands for", name);
		*p = a->text.p + at->start;
		*n = at->end - at->start;
		a->expanded += *n;
		return a->expanded <= YAML_ALIASES_MAX ||
			error_set(a->err, CRIT_EDATA, "the aliases of a document "
				  "stand for more than %d MiB",
				  YAML_ALIASES_MAX >> 20);
	}
	return error_set(a->err, CRIT_EDATA, "alias *%.60s has no anchor", name);
}

void yaml_anchors_reset(struct yaml_anchors *a)
{
	a->n = a->expanded = a->text.n = 0;
	a->open = 0;
}

void yaml_anchors_free(struct yaml_anchors *a)
{
	alloc_free(a->list);
	alloc_free(a->text.p);
	a->list = NULL;
	a->text.p = NULL;
}
