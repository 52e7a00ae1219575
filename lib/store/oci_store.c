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

enum {
	LAYERS_MAX = 128,		/* that are tried */
	LABEL_MAX = 32,			/* bytes of a label besides the name */
	REF_MAX = 512,
};

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

/* The layers of a layout, one after another. */
struct layers {
	struct store *s;
	const char *name;		/* of the layout, for messages */
	const char *ref;		/* of the image that --at names, or NULL */
	size_t n;
	struct oci_found found;		/* the n-th */
	bool none, several;
};

static bool find(const struct layers *l, size_t n, struct oci_found *to,
		 bool *none, struct crit_error *err)
{
	return oci_find(l->s, l->ref, n, to, none, err);
}

static size_t add_label(const struct oci_found *f, char *to, size_t size)
{
	return oci_label(f->name, strrchr(f->layer, '/') + 1, to, size);
}

/* The n-th layer is the first one that holds a checkpoint. A further one of the
 * same kind may hold other files of the same: then some bytes would be wrong. */
static bool is_only(struct layers *l, struct crit_error *err)
{
	struct crit_error ignored;
	struct oci_found next;
	char list[160];
	size_t at = add_label(&l->found, list, sizeof(list)), count = 1;
	bool none;

	for (size_t n = l->n + 1; n < LAYERS_MAX; n++) {
		error_clear(&ignored);
		if (!find(l, n, &next, &none, &ignored)) {
			if (none)
				break;
			continue;
		}
		if (!alike(&l->found, &next))
			break;
		if (!probe(l->s, &next, l->name, &ignored))
			continue;
		count++;
		if (at + OCI_NAME + LABEL_MAX > sizeof(list)) {
			snprintf(list + at, sizeof(list) - at, ", ...");
			break;
		}
		at += (size_t)snprintf(list + at, sizeof(list) - at, ", ");
		at += add_label(&next, list + at, sizeof(list) - at);
	}
	return count == 1 ||
	       error_set(err, CRIT_EDATA, "several checkpoints in it (%s); "
			 "choose one with --at", list);
}

/* Whether another layer is of the same kind. */
static bool has_next(const struct layers *l)
{
	struct crit_error ignored;
	struct oci_found next;
	bool none;

	error_clear(&ignored);
	return find(l, l->n + 1, &next, &none, &ignored) &&
	       alike(&l->found, &next);
}

static bool try(struct layers *l, struct crit_error *err)
{
	if (!find(l, l->n, &l->found, &l->none, err))
		return false;
	if (has_next(l)) {
		if (!probe(l->s, &l->found, l->name, err))
			return false;
		l->several = !is_only(l, err);
		if (l->several)
			return false;
		error_clear(err);
	}
	return open_layer(l->s, &l->found, l->name, err);
}

/* The layer that has images; what is wrong with the first one, if none has. */
static bool open_first(struct layers *l, struct crit_error *err)
{
	struct crit_error first, own;
	struct store *s = l->s;

	error_clear(&first);
	error_clear(&own);
	for (; l->n < LAYERS_MAX && !l->several && s->ops; l->n++) {
		error_clear(&own);
		error_clear(&s->damage);
		if (try(l, &own))
			return true;
		if (l->none || !error_is(&own))
			break;
		if (!error_is(&first) || l->several || !s->ops)
			first = own;
	}
	if (error_is(&own) && !error_is(&first))
		first = own;
	if (error_is(&first))
		*err = first;
	else
		error_set(err, CRIT_EDATA, "an OCI image without a layer that holds "
			  "a checkpoint");
	return false;
}

bool oci_store_open(struct store *s, const char *name, struct crit_error *err)
{
	struct layers l = { .s = s, .name = name };
	const char *at = s->how.at;
	char ref[REF_MAX];

	if (at && !oci_at(s, at, ref, sizeof(ref), &l.ref, &s->how.at, err))
		return false;
	if (open_first(&l, err))
		return true;
	if (s->how.at && s->how.at == at)
		oci_no_image(s, err);
	if (s->ops)
		err->image[0] = 0;
	return false;
}
