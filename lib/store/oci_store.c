// SPDX-License-Identifier: MIT
/*
 *   store of a layout ─► the layer that holds a checkpoint ─► store of it
 */
#include "base/alloc.h"
#include "store/archive.h"
#include "store/oci.h"

#include <stdio.h>
#include <string.h>

enum { LAYERS_MAX = 128 };		/* that are tried */

/* The layout moves to the heap: the archive in it owns it then. */
static struct store *move_out(struct store *s, struct crit_error *err)
{
	struct store *outer = alloc(sizeof(*outer));

	if (!outer) {
		error_set(err, CRIT_ENOMEM, "out of memory");
		return NULL;
	}
	*outer = *s;
	outer->outside = NULL;
	outer->owns = false;
	s->ops = NULL;
	s->state = NULL;
	s->fd = -1;
	return outer;
}

static void move_back(struct store *s, struct store *outer)
{
	s->ops = outer->ops;
	s->state = outer->state;
	s->fd = outer->fd;
	alloc_free(outer);
}

static bool open_layer(struct store *s, const struct oci_found *found,
		       const char *name, struct crit_error *err)
{
	struct store *outer;
	struct source source;
	struct blob b;

	if (!store_blob(s, found->layer, &b, err) ||
	    !source_open_blob(&source, &b, name, s->schema, err))
		return false;
	if (source.content != CONTENT_TAR) {
		source_close(&source);
		return error_set(err, CRIT_EDATA, "%s is no tar archive",
				 found->layer);
	}
	outer = move_out(s, err);
	if (!outer) {
		source_close(&source);
		return false;
	}
	if (archive_store_open_in(s, &source, outer, found, err))
		return true;
	move_back(s, outer);
	return false;
}

/* The first layer that has images; what is wrong with the first one, if
 * none has. */
bool oci_store_open(struct store *s, const char *name, struct crit_error *err)
{
	struct crit_error first, own;
	struct oci_found found;
	bool none = false;

	error_clear(&first);
	for (size_t n = 0; n < LAYERS_MAX; n++) {
		error_clear(&own);
		error_clear(&s->damage);
		if (oci_find(s, n, &found, &none, &own) &&
		    open_layer(s, &found, name, &own))
			return true;
		if (none || !error_is(&own))
			break;
		if (!error_is(&first))
			first = own;
	}
	if (error_is(&own) && !error_is(&first))
		first = own;
	if (error_is(&first))
		*err = first;
	else
		error_set(err, CRIT_EDATA, "an OCI image without a layer that holds "
			  "a checkpoint");
	err->image[0] = 0;
	return false;
}
