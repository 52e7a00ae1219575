// SPDX-License-Identifier: MIT
/*
 *   name ─┬─ in the records ─► their image
 *         └─ else ───────────► the store below, if there is one
 */
#include "copy/overlay.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct overlay *of(const struct store *s)
{
	return s->state;
}

/* A file of the store below that is not an image, or may be one still. */
static bool stays(const struct overlay *o, const char *name)
{
	size_t n = strlen(name);

	return o->below &&
	       (!o->whole || schema_raw_file(o->store.schema, name) || n < 4 ||
		strcmp(name + n - 4, ".img"));
}

static bool list(struct store *s, struct crit_error *err)
{
	const struct overlay *o = of(s);

	for (size_t i = 0; i < o->changes->n; i++)
		if (!store_add(s, o->changes->list[i].name, true, err))
			return false;
	for (size_t i = 0; o->below && i < o->below->n; i++)
		if (stays(o, o->below->files[i].name) &&
		    !changes_find(o->changes, o->below->files[i].name) &&
		    !store_add(s, o->below->files[i].name,
			       o->below->files[i].regular, err))
			return false;
	return true;
}

static bool absent(const struct store *s, const char *name)
{
	return !changes_find(of(s)->changes, name) &&
	       (!stays(of(s), name) || store_absent(of(s)->below, name));
}

static bool regular(const struct store *s, const char *name)
{
	const struct store *below = of(s)->below;

	return changes_find(of(s)->changes, name) ||
	       (below && below->ops->regular(below, name));
}

static bool blob(const struct store *s, const char *name, struct blob *b,
		 struct crit_error *err)
{
	const struct change *change = changes_find(of(s)->changes, name);

	if (!change && of(s)->below)
		return store_blob(of(s)->below, name, b, err);
	if (!change)
		return error_set(err, CRIT_EDATA, "the records do not have it");
	*b = changes_blob(of(s)->changes, change);
	return true;
}

static bool parent(const struct store *s, struct store *to)
{
	errno = ENOENT;
	return of(s)->below && store_parent(of(s)->below, to);
}

static void nothing(struct store *s)
{
	(void)s;
}

static const struct store_ops ops = {
	.what = "checkpoint with changes", .list = list, .absent = absent,
	.regular = regular, .blob = blob, .parent = parent, .close = nothing,
};

static bool over(struct overlay *o, const struct changes *changes,
		 const struct schema *schema, struct crit_error *err)
{
	o->store.ops = &ops;
	o->store.schema = schema;
	o->store.fd = -1;
	o->store.state = o;
	o->changes = changes;
	return store_list(&o->store, o->store.place, err);
}

bool overlay_open(struct overlay *o, const struct store *below,
		  const struct changes *changes, bool whole,
		  struct crit_error *err)
{
	*o = (struct overlay){
		.store = { .how = below->how, .id = { below->id[0],
						      below->id[1] } },
		.below = below, .whole = whole,
	};
	o->store.in_layer = below->in_layer;
	memcpy(o->store.place, below->place, sizeof(below->place));
	memcpy(o->store.at, below->at, sizeof(below->at));
	return over(o, changes, below->schema, err);
}

bool overlay_open_alone(struct overlay *o, const char *place,
			const struct changes *changes,
			const struct schema *schema, struct crit_error *err)
{
	*o = (struct overlay){ .whole = true };
	o->store.id[0] = (uint64_t)(uintptr_t)o;
	snprintf(o->store.place, sizeof(o->store.place), "%.250s: ", place);
	return over(o, changes, schema, err);
}

void overlay_close(struct overlay *o)
{
	store_close(&o->store);
}
