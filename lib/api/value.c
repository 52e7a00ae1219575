// SPDX-License-Identifier: MIT
/*
 * Values of an entry by their paths: got, counted, found, set, removed.
 */
#include "api/path.h"

#include <inttypes.h>
#include <string.h>

static bool is_list(const struct path_place *at)
{
	return at->f->label == LABEL_REPEATED && !at->element;
}

/* Where the value of a const entry is; the path is only followed. */
static bool look(const struct crit_entry *entry, const char *path,
		 struct path_walk *w, struct path_place *at,
		 struct crit_error *err)
{
	*w = (struct path_walk){
		.e = (struct crit_entry *)entry, .path = path, .err = err,
	};
	return path_follow(w, at);
}

static const char *type_name(const struct path_place *at)
{
	if (is_list(at))
		return "a list";
	if (kind_is_number(at->f->kind))
		return "a number";
	if (at->f->kind == KIND_MESSAGE)
		return "a message";
	return at->f->kind == KIND_STRING ? "a string" : "bytes";
}

static bool is_number(const struct path_walk *w, const struct path_place *at)
{
	if (!is_list(at) && kind_is_number(at->f->kind))
		return true;
	return path_bad(w, "%s, not a number", type_name(at));
}

static bool is_bytes(const struct path_walk *w, const struct path_place *at)
{
	if (!is_list(at) && (at->f->kind == KIND_STRING ||
			     at->f->kind == KIND_BYTES))
		return true;
	return path_bad(w, "%s, not a string or bytes", type_name(at));
}

static bool list_here(const struct path_walk *w, const struct path_place *at)
{
	return is_list(at) || path_bad(w, "%s, not a list", type_name(at));
}

int crit_get_number(const struct crit_entry *e, const char *path,
		    uint64_t *value, struct crit_error *err)
{
	struct path_place at;
	struct path_walk w;

	if (!look(e, path, &w, &at, err) || !is_number(&w, &at))
		return -1;
	if (at.absent)
		return 0;
	*value = e->node[at.node].value;
	return 1;
}

static const char *text_of(const struct crit_entry *e, uint32_t node)
{
	return e->node[node].size ? e->text + e->node[node].value : "";
}

int crit_get_bytes(const struct crit_entry *e, const char *path,
		   const char **bytes, size_t *size, struct crit_error *err)
{
	struct path_place at;
	struct path_walk w;

	if (!look(e, path, &w, &at, err) || !is_bytes(&w, &at))
		return -1;
	if (at.absent)
		return 0;
	*bytes = text_of(e, at.node);
	if (size)
		*size = e->node[at.node].size;
	return 1;
}

int crit_has(const struct crit_entry *e, const char *path,
	     struct crit_error *err)
{
	struct path_place at;
	struct path_walk w;

	if (!look(e, path, &w, &at, err))
		return -1;
	if (at.absent)
		return 0;
	return !is_list(&at) || e->node[at.node].first;
}

int64_t crit_count(const struct crit_entry *e, const char *path,
		   struct crit_error *err)
{
	struct path_place at;
	struct path_walk w;
	int64_t n = 0;

	if (!look(e, path, &w, &at, err) || !list_here(&w, &at))
		return -1;
	if (at.absent)
		return 0;
	for (uint32_t i = e->node[at.node].first; i; i = e->node[i].next)
		n++;
	return n;
}

struct finder {
	const struct crit_entry *e;
	bool (*found)(void *ctx, const struct crit_event *);
	void *ctx;
};

static bool found(void *ctx, const struct path_place *at)
{
	const struct finder *finder = ctx;
	const struct entry_node *n = &finder->e->node[at->node];
	struct event_place place = { .depth = 0 };
	struct crit_event event;
	struct event_parts parts = {
		.f = n->f, .m = at->m, .kind = n->kind, .last = true,
		.value = n->kind == CRIT_NUMBER ? n->value : 0,
	};

	if (n->kind == CRIT_STRING || n->kind == CRIT_BYTES) {
		parts.bytes = text_of(finder->e, at->node);
		parts.size = n->size;
	}
	event_make(&place, &parts, &event);
	event.index = at->index;
	return finder->found(finder->ctx, &event);
}

bool crit_find(const struct crit_entry *e, const char *path,
	       bool (*f)(void *ctx, const struct crit_event *), void *ctx,
	       struct crit_error *err)
{
	struct finder finder = { e, f, ctx };
	struct path_place at;
	struct path_walk w = {
		.e = (struct crit_entry *)e, .path = path, .err = err,
		.each = found, .ctx = &finder,
	};

	return path_follow(&w, &at);
}

/* Setting: the path is followed once to see that all is well, and once more
 * to make what is not there. */

static bool number_fits(const struct path_walk *w, const struct path_place *at,
			uint64_t value)
{
	/* semaphores are 16 bits wide */
	if (at->f == &extra_semaphores ? value <= UINT16_MAX :
	    kind_holds(at->f->kind, value))
		return true;
	return path_bad(w, "%" PRIu64 " is out of range", value);
}

/* Elements of absent lists must be the first: make would say so too late. */
static bool look_to_set(struct crit_entry *e, const char *path,
			struct path_walk *w, struct path_place *at,
			struct crit_error *err)
{
	*w = (struct path_walk){
		.e = e, .path = path, .check = true, .err = err,
	};
	return path_follow(w, at);
}

static bool make(struct path_walk *w, struct path_place *at)
{
	w->make = true;
	return path_follow(w, at);
}

bool crit_set_number(struct crit_entry *e, const char *path, uint64_t value,
		     struct crit_error *err)
{
	struct path_place at;
	struct path_walk w;
	API(e->c);

	if (!look_to_set(e, path, &w, &at, err) || !is_number(&w, &at) ||
	    !number_fits(&w, &at, value) || !make(&w, &at))
		return false;
	e->node[at.node].value = value;
	return true;
}

bool crit_set_bytes(struct crit_entry *e, const char *path, const void *p,
		    size_t n, struct crit_error *err)
{
	struct crit_error none;
	struct path_place at;
	struct path_walk w;
	uint32_t size;
	API(e->c);

	error_clear(err ? err : &none);
	if (!look_to_set(e, path, &w, &at, err) || !is_bytes(&w, &at) ||
	    !make(&w, &at))
		return false;
	size = e->node[at.node].size;
	e->node[at.node].size = 0;
	if (entry_text(e, at.node, p, n, err ? err : &none))
		return true;
	e->node[at.node].size = size;
	return false;
}

bool crit_set_string(struct crit_entry *e, const char *path, const char *s,
		     struct crit_error *err)
{
	return crit_set_bytes(e, path, s, strlen(s), err);
}

bool crit_set_message(struct crit_entry *e, const char *path,
		      struct crit_error *err)
{
	struct path_place at;
	struct path_walk w;
	API(e->c);

	if (!look_to_set(e, path, &w, &at, err))
		return false;
	if (is_list(&at) || at.f->kind != KIND_MESSAGE)
		return path_bad(&w, "%s, not a message", type_name(&at));
	return make(&w, &at);
}

bool crit_remove(struct crit_entry *e, const char *path, struct crit_error *err)
{
	struct entry_node *in;
	struct path_place at;
	struct path_walk w;
	uint32_t before = 0;

	if (!look(e, path, &w, &at, err))
		return false;
	if (at.absent)
		return true;
	in = &e->node[at.parent];
	e->seen_list = 0;
	for (uint32_t i = in->first; i != at.node; i = e->node[i].next)
		before = i;
	if (before)
		e->node[before].next = e->node[at.node].next;
	else
		in->first = e->node[at.node].next;
	if (in->last == at.node)
		in->last = before;
	return true;
}
