// SPDX-License-Identifier: MIT
#include "api/path.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool path_bad(const struct path_walk *w, const char *fmt, ...)
{
	struct crit_error *err = w->err;
	va_list ap;

	if (!err)
		return false;
	error_clear(err);
	err->code = CRIT_EUSAGE;
	snprintf(err->path, sizeof(err->path), "%s", w->path);
	va_start(ap, fmt);
	vsnprintf(err->what, sizeof(err->what), fmt, ap);
	va_end(ap);
	return false;
}

static uint8_t kind_of(const struct path_place *at)
{
	if (at->f->label == LABEL_REPEATED && !at->element)
		return CRIT_LIST;
	if (kind_is_number(at->f->kind))
		return CRIT_NUMBER;
	if (at->f->kind == KIND_MESSAGE)
		return CRIT_MESSAGE;
	return at->f->kind == KIND_STRING ? CRIT_STRING : CRIT_BYTES;
}

static const struct field *find_field(const struct path_walk *w,
				      const struct path_place *at,
				      const char *name, size_t n)
{
	const struct field *f = NULL;

	if (at->m)
		f = message_field_name(at->m, name, n);
	if (!f && !at->f && n == 5 && !memcmp(name, "extra", 5))
		f = extra_forms[w->e->type->extra].field;
	if (at->f == &extra_queues && n == 3 && !memcmp(name, "inq", 3))
		f = &extra_queue[0];
	if (at->f == &extra_queues && n == 4 && !memcmp(name, "outq", 4))
		f = &extra_queue[1];
	return f;
}

static uint32_t find_child(const struct crit_entry *e, uint32_t in,
			   const struct field *f)
{
	for (uint32_t i = e->node[in].first; i; i = e->node[i].next)
		if (e->node[i].f == f)
			return i;
	return 0;
}

/* Makes what is not there, where that is wanted. */
static bool make(struct path_walk *w, struct path_place *at)
{
	struct crit_error none, *err = w->err ? w->err : &none;

	if (!at->absent || !w->make)
		return true;
	error_clear(err);
	at->node = entry_add(w->e, kind_of(at), at->f, err);
	if (!at->node)
		return false;
	if (at->element)
		entry_append(w->e, at->parent, at->node);
	else
		entry_insert(w->e, at->parent, at->node);
	at->absent = false;
	return true;
}

/* A field of the message at at. */
static bool step_into(struct path_walk *w, struct path_place *at,
		      const char *name, size_t n)
{
	const struct field *f;

	if (at->f && at->f->kind != KIND_MESSAGE)
		return path_bad(w, "%s is not a message", at->f->name);
	if (at->f && at->f->label == LABEL_REPEATED && !at->element)
		return path_bad(w, "%s is a list: which element?", at->f->name);
	f = find_field(w, at, name, n);
	if (!f)
		return path_bad(w, "%s has no field %.*s", at->m ? at->m->name :
				"extra", (int)n, name);
	at->parent = at->node;
	at->node = at->absent ? 0 : find_child(w->e, at->parent, f);
	at->absent = !at->node;
	at->f = f;
	at->m = f->message;
	at->element = false;
	return make(w, at);
}

static uint32_t nth(struct crit_entry *e, uint32_t list, uint64_t index,
		    uint64_t *n)
{
	uint32_t i = e->node[list].first;

	*n = 0;
	if (list == e->seen_list && e->seen_index <= index) {
		i = e->seen_node;
		*n = e->seen_index;
	}
	while (i && *n < index) {
		i = e->node[i].next;
		++*n;
	}
	if (i) {
		e->seen_list = list;
		e->seen_node = i;
		e->seen_index = index;
	}
	return i;
}

/* What an element is a field of: those of IPCNS_MSG take turns. */
static void be_element(const struct path_walk *w, struct path_place *at,
		       uint64_t index)
{
	bool messages = at->f == &extra_messages;

	at->parent = at->node;
	at->element = true;
	at->index = (int64_t)index;
	if (messages && index % 2)
		at->f = &extra_text;
	else if (messages)
		at->m = schema_message(w->e->c->schema, "ipc_msg");
}

static bool step_index(struct path_walk *w, struct path_place *at,
		       uint64_t index)
{
	uint64_t n = 0;
	uint32_t node = at->absent ? 0 : nth(w->e, at->node, index, &n);

	be_element(w, at, index);
	at->node = node;
	at->absent = !node;
	if (!node && n < index && (w->check || w->make))
		return path_bad(w, "only %" PRIu64 " elements are there", n);
	return make(w, at);
}

static bool follow(struct path_walk *w, const char *p, struct path_place *at);

static bool step_each(struct path_walk *w, const char *p, struct path_place *at)
{
	uint32_t i = at->absent ? 0 : w->e->node[at->node].first;
	struct path_place list = *at;
	uint64_t index = 0;

	if (!w->each)
		return path_bad(w, "[] is for crit_find only");
	if (!i) {
		/* nothing to be found, but is it a path? */
		be_element(w, at, 0);
		at->node = 0;
		at->absent = true;
		return follow(w, p, at);
	}
	for (; i && !w->stop; i = w->e->node[i].next) {
		*at = list;
		be_element(w, at, index++);
		at->node = i;
		if (!follow(w, p, at))
			return false;
	}
	return true;
}

static bool follow_index(struct path_walk *w, const char *p,
			 struct path_place *at)
{
	uint64_t index = 0;

	if (at->element || at->f->label != LABEL_REPEATED)
		return path_bad(w, "%s is not a list", at->f->name);
	if (*p == ']')
		return step_each(w, p + 1, at);
	do {
		if (*p < '0' || *p > '9' || index > UINT32_MAX)
			return path_bad(w, "no index of an element");
		index = 10 * index + (uint64_t)(*p++ - '0');
	} while (*p != ']');
	return step_index(w, at, index) && follow(w, p + 1, at);
}

/* The rest of a path, after a field or an element. */
static bool follow(struct path_walk *w, const char *p, struct path_place *at)
{
	size_t n;

	if (*p == '[')
		return follow_index(w, p + 1, at);
	if (*p == '.') {
		n = strcspn(++p, ".[");
		return step_into(w, at, p, n) && follow(w, p + n, at);
	}
	if (*p)
		return path_bad(w, "expected . or [ before %.20s", p);
	if (w->each && !at->absent)
		w->stop = !w->each(w->ctx, at);
	return true;
}

bool path_follow(struct path_walk *w, struct path_place *at)
{
	size_t n = strcspn(w->path, ".[");

	*at = (struct path_place){ .m = w->e->message, .index = -1 };
	if (!n)
		return path_bad(w, "no name of a field");
	return step_into(w, at, w->path, n) && follow(w, w->path + n, at);
}
