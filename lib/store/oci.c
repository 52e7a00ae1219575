// SPDX-License-Identifier: MIT
/*
 *   descriptors ─► those of the image that --at names ─► layers, best first
 */
#include "store/oci.h"
#include "base/alloc.h"
#include "store/oci_lists.h"

#include <stdio.h>
#include <string.h>

bool oci_is(const struct store *s)
{
	return !store_absent(s, "index.json") &&
	       (!store_absent(s, "oci-layout") || !store_absent(s, "blobs"));
}

size_t oci_label(const char *name, const char *hex, char *to, size_t size)
{
	return (size_t)snprintf(to, size, "%s%ssha256:%.12s", name,
				*name ? " " : "", hex);
}

/* The n digits that begin a digest; NULL: ref is a name. */
static const char *digits(const char *ref, size_t *n)
{
	if (strncmp(ref, "sha256:", 7))
		return NULL;
	*n = strlen(ref + 7);
	return ref + 7;
}

static bool matches(const struct oci_descriptor *d, const char *ref)
{
	size_t n;
	const char *hex = digits(ref, &n);

	return *d->hex && (hex ? n && !strncmp(d->hex, hex, n) : d->named);
}

static bool inherits(const struct oci_lists *l, size_t i)
{
	size_t from = l->all[i].from;

	/* a list may be named by several others */
	for (size_t k = 1; k < l->n && from; k++)
		if (l->all[k].chosen && !strcmp(l->all[k].hex, l->all[from].hex))
			return true;
	return false;
}

/* Those that ref names, and what they lead to. */
static void choose(struct oci_lists *l, const char *ref)
{
	bool more = ref;

	for (size_t i = 1; i < l->n; i++)
		l->all[i].chosen = !ref || matches(&l->all[i], ref);
	while (more) {
		more = false;
		for (size_t i = 1; i < l->n; i++)
			if (!l->all[i].chosen && inherits(l, i))
				l->all[i].chosen = more = true;
	}
}

/* Whether the same blob was named before, in the same way. */
static bool seen(const struct oci_lists *l, size_t i)
{
	const struct oci_descriptor *d = &l->all[i];

	for (size_t k = 1; k < i; k++)
		if (l->all[k].kind == d->kind && l->all[k].chosen &&
		    l->all[k].marked == d->marked &&
		    !strcmp(l->all[k].hex, d->hex))
			return true;
	return false;
}

/* Layers of ordinary images come last. */
static size_t nth(const struct oci_lists *l, size_t n)
{
	for (int pass = 0; pass < 3; pass++)
		for (size_t i = 1; i < l->n; i++) {
			const struct oci_descriptor *d = &l->all[i];
			bool fits = pass == 0 ? d->kind == OCI_CRIU_TAR :
				d->kind == OCI_LAYER && d->marked == (pass == 1);

			if (fits && d->chosen && *d->hex && !seen(l, i) && !n--)
				return i;
		}
	return 0;
}

/* The name of the image that it is of. */
static const char *name_of(const struct oci_lists *l, size_t i)
{
	while (i && !*l->all[i].name)
		i = l->all[i].from;
	return l->all[i].name;
}

static bool fill(const struct oci_lists *l, size_t i, struct oci_found *found,
		 struct crit_error *err)
{
	const struct oci_descriptor *d = &l->all[i];
	struct blob bytes;

	*found = (struct oci_found){ .manifest = "index.json" };
	oci_path(d, found->layer);
	if (d->from)
		oci_path(&l->all[d->from], found->manifest);
	for (size_t k = 1; k < l->n; k++)
		if (l->all[k].kind == OCI_CONFIG && l->all[k].from == d->from)
			oci_path(&l->all[k], found->config);
	snprintf(found->name, sizeof(found->name), "%s", name_of(l, i));
	if (!store_blob(l->s, found->layer, &bytes, err))
		return false;
	if (d->has_size && bytes.size != d->size)
		error_set(err, CRIT_EDATA, "has %llu bytes; its descriptor says "
			  "%llu", (unsigned long long)bytes.size,
			  (unsigned long long)d->size);
	blob_close(&bytes);
	found->marked = d->marked;
	found->criu_tar = d->kind == OCI_CRIU_TAR;
	return !error_is(err);
}

bool oci_find(const struct store *s, const char *ref, size_t n,
	      struct oci_found *found, bool *none, struct crit_error *err)
{
	struct oci_lists l = { .s = s, .name = ref, .err = err };
	bool ok = oci_lists_read(&l);
	size_t i = 0;

	if (ok) {
		choose(&l, ref);
		i = nth(&l, n);
	}
	*none = ok && !i;
	ok = i && fill(&l, i, found, err);
	oci_lists_free(&l);
	return ok;
}

/* The first ones that fit: those that ref names, or all of index.json. */
static void list(const struct oci_lists *l, const char *ref, char *to,
		 size_t size)
{
	size_t n = 0, listed = 0;

	*to = 0;
	for (size_t i = 1; i < l->n && n + OCI_NAME + 32 < size; i++) {
		const struct oci_descriptor *d = &l->all[i];

		if (!*d->hex || (ref ? !matches(d, ref) : d->from))
			continue;
		n += (size_t)snprintf(to + n, size - n, "%s", listed++ ? ", " : "");
		n += oci_label(d->name, d->hex, to + n, size - n);
	}
}

static const struct oci_descriptor *only(const struct oci_lists *l,
					 const char *ref, bool *several)
{
	const struct oci_descriptor *found = NULL;

	for (size_t i = 1; i < l->n; i++)
		if (matches(&l->all[i], ref)) {
			*several |= found && strcmp(found->hex, l->all[i].hex);
			found = &l->all[i];
		}
	return found;
}

static bool check_ref(const struct oci_lists *l, const char *ref, bool sure,
		      bool *is)
{
	char text[180];
	bool several = false;

	*is = only(l, ref, &several);
	if (several) {
		list(l, ref, text, sizeof(text));
		return error_set(l->err, CRIT_EDATA, "--at %.50s fits several "
				 "in it (%s)", ref, text);
	}
	if (*is || !sure)
		return true;
	list(l, NULL, text, sizeof(text));
	return error_set(l->err, CRIT_EDATA, "no image %.50s in it (%s)", ref,
			 text);
}

bool oci_at(const struct store *s, const char *at, char *text, size_t size,
	    const char **ref, const char **dir, struct crit_error *err)
{
	struct oci_lists l = { .s = s, .name = text, .err = err };
	const char *end = strstr(at, "//");
	bool is, ok;
	size_t n;

	snprintf(text, size, "%.*s", end ? (int)(end - at) : (int)strlen(at), at);
	ok = oci_lists_read(&l) &&
	     check_ref(&l, text, end || digits(text, &n), &is);
	oci_lists_free(&l);
	if (!ok)
		return false;
	*ref = is ? text : NULL;
	*dir = !is ? at : end && end[2] ? end + 2 : NULL;
	return true;
}

void oci_no_image(const struct store *s, struct crit_error *err)
{
	struct crit_error ignored;
	struct oci_lists l = { .s = s, .err = &ignored };
	size_t n = strlen(err->what);
	char text[180];

	error_clear(&ignored);
	if (s->ops && oci_lists_read(&l)) {
		list(&l, NULL, text, sizeof(text));
		snprintf(err->what + n, sizeof(err->what) - n,
			 "; no image of that name either (%s)", text);
	}
	oci_lists_free(&l);
}
