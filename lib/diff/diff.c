// SPDX-License-Identifier: MIT
/*
 *   two stores ─► ids ─► one section after another ─► memory
 */
#include "diff/diff.h"

#include <stdio.h>
#include <string.h>

static const char *const names[SECTIONS + 1] = {
	"tasks", "files", "mappings", "sockets", "fields", "memory", NULL,
};

const char *diff_section(unsigned n)
{
	return n < SECTIONS ? names[n] : NULL;
}

/* Which of the two it is. Archives have named themselves. */
static void name_side(struct diff *d)
{
	const char *name = d->name[d->side];
	struct crit_error *err = d->err;
	char image[sizeof(err->image)];

	if (!error_is(err) || !name || d->store[d->side]->place[0])
		return;
	snprintf(image, sizeof(image), "%s", err->image);
	snprintf(err->image, sizeof(err->image), "%.180s%s%.70s", name,
		 *image ? "/" : "", image);
}

bool diff_trouble(struct diff *d)
{
	if (d->err->code == CRIT_ENOMEM)
		return false;
	name_side(d);
	d->trouble = true;
	if (error_is(d->err) && d->warn)
		d->warn(d->ctx, d->err);
	error_clear(d->err);
	return true;
}

void diff_told(struct diff *d, const struct diff_line *what)
{
	d->differs = true;
	if (d->told && !d->stop)
		d->stop = !d->told(d->ctx, what);
}

struct walk *diff_walk(struct diff *d, int side)
{
	struct walk *w = &d->walk;

	d->side = side;
	w->err = d->err;
	w->schema = d->schema;
	w->identities = &d->identities;
	w->ids = &d->ids;
	w->side = side;
	w->wanted = NULL;
	w->leaf = NULL;
	w->id = NULL;
	w->unit = NULL;
	w->into = NULL;
	return w;
}

static bool compare(struct diff *d)
{
	if (!diff_images(d) || !diff_pairs(d) || !diff_images_match(d))
		return false;
	for (unsigned s = 0; s < SECTION_MEMORY && !d->stop; s++)
		if (d->sections >> s & 1 && !diff_images_compare(d, s))
			return false;
	return d->images_only || !(d->sections >> SECTION_MEMORY & 1) || d->stop ||
	       diff_memory(d);
}

bool diff_run(struct diff *d)
{
	bool ok = false;

	d->ids.err = d->err;
	if (!identities_make(&d->identities, d->schema))
		error_set(d->err, CRIT_ENOMEM, "out of memory");
	else
		ok = compare(d);
	identities_free(&d->identities);
	ids_free(&d->ids);
	list_free(&d->names);
	list_free(&d->images[0]);
	list_free(&d->images[1]);
	return ok;
}
