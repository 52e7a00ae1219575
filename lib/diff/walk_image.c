// SPDX-License-Identifier: MIT
/*
 *   a name ─► what the image is of ─► its events ─► walk.c
 */
#include "diff/walk_parts.h"
#include "image/read.h"

#include <stdlib.h>
#include <string.h>

/* The number in a name: "fdinfo-2.img", "ghost-file-1f.img". */
static const char *number_in(const char *name, uint64_t *number)
{
	bool hex = !strncmp(name, "ghost-file-", 11) ||
		   !strncmp(name, "tcp-stream-", 11);
	const char *at = name + strcspn(name, "."), *end = at;
	char *after;

	while (at > name && at[-1] != '-')
		at--;
	if (at == name || at == end)
		return NULL;
	*number = strtoull(at, &after, hex ? 16 : 10);
	return after == end ? at : NULL;
}

static uint64_t hash_text(uint64_t h, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		h = mix(h, (uint8_t)s[i]);
	return h;
}

/* Whether the number in it is a task's. */
static bool is_of_task(const struct schema *schema, const char *name)
{
	for (size_t i = 0; i < schema->n_images; i++) {
		const struct image_type *t = &schema->images[i];

		for (unsigned k = 0; k < t->n_pids; k++)
			if (schema_template(t->files[k], name))
				return true;
	}
	return false;
}

struct image_id walk_image_id(const struct schema *schema,
			      const struct ids *ids, int side,
			      const char *name)
{
	struct image_id r = { .key = 0 };
	const char *at = number_in(name, &r.number);
	const struct id *id;

	if (!at) {
		r.key = hash_text(3, name, strlen(name));
		return r;
	}
	r.space = identity_image(name, (size_t)(at - name - 1));
	r.key = hash_text(3, name, (size_t)(at - name));
	r.key = mix(r.key, ids_token(ids, side, r.space, r.number));
	id = r.space ? ids_find(ids, side, r.space, r.number) : NULL;
	if (id)
		r.label = id->label;
	else if (!r.space && is_of_task(schema, name))
		r.label = (struct title){ .role = ROLE_TASK,
					  .pid = (uint32_t)r.number };
	/* pages are not matched by name, and the rest of it counts */
	r.key = hash_text(r.key, strchr(name, '.'), strlen(strchr(name, '.')));
	return r;
}

static void start(struct walk *w, const char *name)
{
	struct image_id id = walk_image_id(w->schema, w->ids, w->side, name);

	w->sink = (struct sink){ .ops = &walk_ops, .err = w->err };
	w->name = name;
	w->key = id.key;
	w->label = id.label;
	w->ordinals = 0;
	walk_bytes_begin(w);
}

bool walk_image(struct walk *w, const struct store *store, const char *name)
{
	struct image_source s;
	struct blob b = BLOB_NONE;
	bool ok;

	start(w, name);
	if (!store_blob(store, name, &b, w->err))
		return false;
	ok = image_source_open_blob(&s, &b, name, w->schema, w->err) ||
	     image_source_raw(&s);
	if (ok) {
		w->type = s.image.type;
		ok = image_source_run(&s, &w->sink);
	}
	image_source_close(&s);
	blob_close(&b);
	return ok && !error_is(w->err);
}
