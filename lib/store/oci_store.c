// SPDX-License-Identifier: MIT
/*
 *   store of a layout ─► the layer that holds a checkpoint ─► store of it
 */
#include "base/alloc.h"
#include "base/unpack.h"
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

static bool is_compressed(const struct blob *b, struct crit_error *err)
{
	uint8_t p[UNPACK_HEAD];

	return unpack_kind(p, blob_read(b, 0, p, sizeof(p), err));
}

/* What is compressed has been read whole. */
static bool check(struct store *s, struct oci_digest *d, const char *name,
		  const struct oci_found *found, struct crit_error *err)
{
	struct crit_error e;
	char text[160];

	error_clear(&e);
	if (!d) {
		snprintf(text, sizeof(text), "%s is read in part: its digest is "
			 "not checked", found->layer);
		if (s->how.note)
			s->how.note(s->how.ctx, text);
		return true;
	}
	if (error_is(&s->damage) || oci_digest_check(d, found->layer, &e))
		return true;
	snprintf(e.image, sizeof(e.image), "%s", name);
	if (s->how.partial)
		s->damage = e;
	else
		*err = e;
	return s->how.partial;
}

/* Takes *s only where it succeeds. */
static bool open_layer(struct store *s, const struct oci_found *found,
		       const char *name, struct crit_error *err)
{
	struct oci_digest *d = NULL;
	struct store *outer;
	struct source source;
	struct blob b;

	if (!store_blob(s, found->layer, &b, err))
		return false;
	if (is_compressed(&b, err) && !(d = oci_digest_open(&b, err))) {
		blob_close(&b);
		return false;
	}
	if (!source_open_blob(&source, &b, name, s->schema, err))
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
	if (archive_store_open_in(s, &source, outer, found, err)) {
		if (check(s, d, name, found, err))
			return true;
		s->ops->close(s);
		s->ops = NULL;
		return false;
	}
	move_back(s, outer);
	return false;
}

/* Whether a layer holds a checkpoint; the store stays as it is. */
static bool probe(struct store *s, const struct oci_found *found,
		  const char *name, struct crit_error *err)
{
	struct store other = { .schema = s->schema, .fd = -1 };
	struct source source;
	struct blob b;
	bool is;

	other.how = (struct store_how){
		.at = s->how.at, .want = STORE_PAGES_NONE, .partial = true,
	};
	error_clear(&other.damage);
	if (!store_blob(s, found->layer, &b, err) ||
	    !source_open_blob(&source, &b, name, s->schema, err))
		return false;
	if (source.content != CONTENT_TAR) {
		source_close(&source);
		return false;
	}
	is = archive_store_open(&other, &source, err);
	store_close(&other);
	return is;
}

static bool alike(const struct oci_found *a, const struct oci_found *b)
{
	return a->marked == b->marked && a->criu_tar == b->criu_tar;
}

static const char *digest(const struct oci_found *f)
{
	return strrchr(f->layer, '/') + 1;
}

/* The n-th layer is the first one that holds a checkpoint. A further one of the
 * same kind may hold other files of the same: then some bytes would be wrong. */
static bool is_only(struct store *s, size_t n, const struct oci_found *found,
		    const char *name, struct crit_error *err)
{
	struct crit_error ignored;
	struct oci_found next;
	bool none;

	while (++n < LAYERS_MAX) {
		error_clear(&ignored);
		if (!oci_find(s, n, &next, &none, &ignored)) {
			if (none)
				break;
			continue;
		}
		if (!alike(found, &next))
			break;
		if (probe(s, &next, name, &ignored))
			return error_set(err, CRIT_EDATA, "several layers of the "
					 "image hold checkpoints (sha256:%.12s, "
					 "sha256:%.12s): take one out of it "
					 "first", digest(found), digest(&next));
	}
	return true;
}

/* Whether another layer is of the same kind. */
static bool has_next(struct store *s, size_t n, const struct oci_found *found)
{
	struct crit_error ignored;
	struct oci_found next;
	bool none;

	error_clear(&ignored);
	return oci_find(s, n + 1, &next, &none, &ignored) && alike(found, &next);
}

static bool try(struct store *s, size_t n, const char *name, bool *none,
		bool *several, struct crit_error *err)
{
	struct oci_found found;

	if (!oci_find(s, n, &found, none, err))
		return false;
	if (has_next(s, n, &found)) {
		if (!probe(s, &found, name, err))
			return false;
		*several = !is_only(s, n, &found, name, err);
		if (*several)
			return false;
		error_clear(err);
	}
	return open_layer(s, &found, name, err);
}

/* The layer that has images; what is wrong with the first one, if none has. */
bool oci_store_open(struct store *s, const char *name, struct crit_error *err)
{
	struct crit_error first, own;
	bool none = false, several = false;

	error_clear(&first);
	for (size_t n = 0; n < LAYERS_MAX && !several && s->ops; n++) {
		error_clear(&own);
		error_clear(&s->damage);
		if (try(s, n, name, &none, &several, &own))
			return true;
		if (none || !error_is(&own))
			break;
		if (!error_is(&first) || several || !s->ops)
			first = own;
	}
	if (error_is(&own) && !error_is(&first))
		first = own;
	if (error_is(&first))
		*err = first;
	else
		error_set(err, CRIT_EDATA, "an OCI image without a layer that holds "
			  "a checkpoint");
	if (s->ops)
		err->image[0] = 0;
	return false;
}
