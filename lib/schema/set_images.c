// SPDX-License-Identifier: MIT
/*
 *   images of base ─► with the messages of the set
 *   option (crit.image) of a message ─► an image with entries of this type
 */
#include "schema/set.h"
#include "codec/wire.h"

#include <inttypes.h>
#include <string.h>

enum { OPTION_IMAGE = 1022, FILES_MAX = 16 };

static char *copy_bytes(struct loader *l, const struct wire_field *w)
{
	char *s = schema_get(l, (size_t)w->value + 1);

	return s ? memcpy(s, w->data, (size_t)w->value) : NULL;
}

static bool read_head(struct loader *l, struct image_type *t,
		      const struct wire_field *w)
{
	static const char *const heads[] = { "none", "common", "service" };

	for (uint8_t i = 0; i < 3; i++)
		if (strlen(heads[i]) == w->value &&
		    !memcmp(heads[i], w->data, (size_t)w->value)) {
			t->head = i;
			return true;
		}
	return error_set(l->err, CRIT_EDATA, "image of message %s: head is neither "
			 "none, common nor service", t->first->name);
}

static bool read_file(struct loader *l, struct image_type *t, const char **files,
		      const struct wire_field *w)
{
	if (t->n_files == FILES_MAX)
		return error_set(l->err, CRIT_EDATA, "image of message %s: too many "
				 "files", t->first->name);
	files[t->n_files] = copy_bytes(l, w);
	return files[t->n_files++];
}

/* crit.Image, see proto/options.proto. */
static bool read_option(struct loader *l, struct image_type *t,
			const uint8_t *opt, size_t n)
{
	const char **files = schema_get(l, FILES_MAX * sizeof(*files));
	uint8_t *copy = schema_get(l, n + WIRE_SLOP);
	const uint8_t *p = copy, *end = copy + n;
	bool ok = files && copy;

	if (ok)
		memcpy(copy, opt, n);
	t->files = files;
	while (ok && p < end) {
		struct wire_field w;
		const char *what;

		p = wire_field(p, end, &w, &what);
		if (!p)
			return error_set(l->err, CRIT_EDATA, "image of message %s: "
					 "%s", t->first->name, what);
		if (w.number == 1 && w.type == WIRE_VARINT)
			t->magic = (uint32_t)w.value;
		else if (w.number == 2 && w.data)
			ok = (t->name = copy_bytes(l, &w)) != NULL;
		else if (w.number == 3 && w.data)
			ok = read_head(l, t, &w);
		else if (w.number == 4 && w.data)
			ok = read_file(l, t, files, &w);
	}
	return ok;
}

/* Where it goes: in place of one with that magic or name, or behind all. */
static bool add(struct loader *l, struct image_type *images,
		const struct image_type *t)
{
	struct schema *s = &l->to->schema;
	size_t i = 0;

	if (!t->magic || !t->name || !*t->name || strlen(t->name) >= 64 ||
	    t->magic == MAGIC_COMMON || t->magic == MAGIC_SERVICE)
		return error_set(l->err, CRIT_EDATA, "image of message %s: needs a "
				 "name and a magic", t->first->name);
	while (i < s->n_images && images[i].magic != t->magic &&
	       strcmp(images[i].name, t->name))
		i++;
	images[i] = *t;
	s->n_images += i == s->n_images;
	return true;
}

static bool add_named(struct loader *l, struct image_type *images)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct declared *d = &l->declared[i];
		struct image_type t = { .about = "of --schema",
			.head = HEAD_COMMON, .order = 9,
		};
		const uint8_t *opt;
		unsigned at = 0;
		size_t n;
		bool found = false;

		if (!d->message || !d->message->options)
			continue;
		t.first = t.rest = d->made;
		while ((opt = schema_option(&d->message->options->base,
					    OPTION_IMAGE, &at, &n))) {
			found = true;
			if (!read_option(l, &t, opt, n))
				return false;
		}
		if (found && !add(l, images, &t))
			return false;
	}
	return true;
}

bool schema_images(struct loader *l)
{
	struct schema *s = &l->to->schema;
	struct image_type *images = schema_get(l,
		(l->base->n_images + l->n + 1) * sizeof(*images));

	if (!images)
		return false;
	for (size_t i = 0; i < l->base->n_images; i++) {
		images[i] = l->base->images[i];
		images[i].first = schema_message(s, images[i].first->name);
		images[i].rest = schema_message(s, images[i].rest->name);
		if (!images[i].first || !images[i].rest)
			return error_set(l->err, CRIT_EDATA,
					 "image %s: message %s is not defined",
					 images[i].name,
					 l->base->images[i].first->name);
	}
	s->images = images;
	return add_named(l, images);
}
