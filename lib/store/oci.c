// SPDX-License-Identifier: MIT
#include "store/oci.h"
#include "base/alloc.h"
#include "json/walk.h"

#include <stdio.h>
#include <string.h>

enum {
	BLOBS_MAX = 1000,		/* descriptors that are looked at */
	JSON_MAX = 4 << 20,
};

enum blob_kind { OTHER, LIST, CRIU_TAR, LAYER, CONFIG };

struct blob_entry {
	char hex[OCI_DIGEST + 1];
	enum blob_kind kind;
	uint64_t size;
	bool has_size;
	bool marked;			/* of a manifest of a checkpoint */
	size_t from;			/* the list that names it */
};

struct search {
	const struct store *s;
	struct blob_entry *blobs;
	size_t n;
	size_t list;			/* that is being read */
	size_t first;			/* blobs of it */
	bool marked;
	struct crit_error *err;
};

bool oci_is(const struct store *s)
{
	return !store_absent(s, "index.json") &&
	       (!store_absent(s, "oci-layout") || !store_absent(s, "blobs"));
}

static enum blob_kind kind_of(const char *type)
{
	static const struct {
		const char *part;
		enum blob_kind kind;
	} parts[] = {
		{ "criu.checkpoint.criu.tar", CRIU_TAR },
		{ "checkpoint.config.v1+proto", CONFIG },
		{ "image.index.v1+json", LIST }, { "manifest.v1+json", LIST },
		{ "manifest.v2+json", LIST }, { "manifest.list.v2+json", LIST },
		{ "layer.v1.tar", LAYER }, { "rootfs.diff.tar", LAYER },
		{ "layer.nondistributable.v1.tar", LAYER },
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (strstr(type, parts[i].part))
			return parts[i].kind;
	return OTHER;
}

/* "sha256:HEX", and nothing else. */
static void set_digest(struct blob_entry *b, const char *text)
{
	if (strncmp(text, "sha256:", 7) || strlen(text) != 7 + OCI_DIGEST ||
	    strspn(text + 7, "0123456789abcdef") != OCI_DIGEST)
		return;
	memcpy(b->hex, text + 7, OCI_DIGEST + 1);
}

static bool is_mark(const char *key)
{
	static const char *const marks[] = {
		"io.podman.annotations.checkpoint.",
		"io.kubernetes.cri-o.annotations.checkpoint.",
		"org.criu.checkpoint.",
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (!strncmp(key, marks[i], strlen(marks[i])))
			return true;
	return false;
}

static const char *in_list(const char *pointer)
{
	const char *p = json_under(pointer, "/manifests/*");

	return p ? p : json_under(pointer, "/layers/*");
}

static bool on_value(void *ctx, const struct walk_value *v)
{
	struct search *f = ctx;
	struct blob_entry *b = &f->blobs[f->n - 1];
	const char *p = in_list(v->pointer);

	if (p && !*p && v->kind == WALK_OPEN) {
		if (f->n == BLOBS_MAX)
			return false;
		f->blobs[f->n++] = (struct blob_entry){ .from = f->list };
	} else if (p && f->n > f->first) {
		if (!strcmp(p, "/mediaType") && v->kind == WALK_STRING)
			b->kind = kind_of(v->text);
		else if (!strcmp(p, "/digest") && v->kind == WALK_STRING)
			set_digest(b, v->text);
		else if (!strcmp(p, "/size") && v->kind == WALK_NUMBER)
			b->size = v->number, b->has_size = !v->negative;
	} else if ((p = json_under(v->pointer, "/annotations/"))) {
		f->marked |= is_mark(p);
	}
	return true;
}

static void name_of(const struct blob_entry *b, char to[80])
{
	snprintf(to, 80, "blobs/sha256/%s", b->hex);
}

/* Takes the blob. */
static bool check_digest(struct blob *b, const char *name, struct crit_error *err)
{
	struct oci_digest *d = oci_digest_open(b, err);

	return d && oci_digest_check(d, name, err);
}

/* Adds the blobs that a list names; number 0 is index.json. */
static bool read_list(struct search *f, size_t i)
{
	struct blob_entry *b = &f->blobs[i];
	char name[80] = "index.json";
	struct blob bytes = BLOB_NONE;
	bool ok;

	if (i)
		name_of(b, name);
	if (i && (!*b->hex || store_absent(f->s, name)))
		return true;		/* not all that is named was exported */
	f->list = i;
	f->first = f->n;
	f->marked = false;
	ok = store_blob(f->s, name, &bytes, f->err);
	if (ok && bytes.size > JSON_MAX)
		ok = error_set(f->err, CRIT_EDATA, "larger than 4 MiB");
	ok = ok && (!i || check_digest(&bytes, name, f->err)) &&
	     json_walk(&bytes, on_value, f, f->err);
	blob_close(&bytes);
	for (size_t k = f->first; k < f->n; k++)
		f->blobs[k].marked = f->marked || f->blobs[k].kind == CRIU_TAR;
	return ok;
}

static bool read_lists(struct search *f)
{
	f->blobs[0] = (struct blob_entry){ .kind = LIST };
	f->n = 1;
	for (size_t i = 0; i < f->n; i++)
		if (f->blobs[i].kind == LIST && !read_list(f, i))
			return false;
	f->err->image[0] = 0;
	return true;
}

/* Whether the same blob was named before, in the same way. */
static bool seen(const struct search *f, size_t i)
{
	const struct blob_entry *b = &f->blobs[i];

	for (size_t k = 1; k < i; k++)
		if (f->blobs[k].kind == b->kind &&
		    f->blobs[k].marked == b->marked &&
		    !strcmp(f->blobs[k].hex, b->hex))
			return true;
	return false;
}

/* Layers of ordinary images come last. */
static size_t nth(const struct search *f, size_t n)
{
	for (int pass = 0; pass < 3; pass++)
		for (size_t i = 1; i < f->n; i++) {
			const struct blob_entry *b = &f->blobs[i];
			bool fits = pass == 0 ? b->kind == CRIU_TAR :
				b->kind == LAYER && b->marked == (pass == 1);

			if (fits && *b->hex && !seen(f, i) && !n--)
				return i;
		}
	return 0;
}

static bool fill(const struct search *f, size_t i, struct oci_found *found,
		 struct crit_error *err)
{
	const struct blob_entry *b = &f->blobs[i];
	struct blob bytes;

	*found = (struct oci_found){ .manifest = "index.json" };
	name_of(b, found->layer);
	if (b->from)
		name_of(&f->blobs[b->from], found->manifest);
	for (size_t k = 1; k < f->n; k++)
		if (f->blobs[k].kind == CONFIG && f->blobs[k].from == b->from)
			name_of(&f->blobs[k], found->config);
	if (!store_blob(f->s, found->layer, &bytes, err))
		return false;
	if (b->has_size && bytes.size != b->size)
		error_set(err, CRIT_EDATA, "has %llu bytes; its descriptor says "
			  "%llu", (unsigned long long)bytes.size,
			  (unsigned long long)b->size);
	blob_close(&bytes);
	found->marked = b->marked;
	found->criu_tar = b->kind == CRIU_TAR;
	return !error_is(err);
}

bool oci_find(const struct store *s, size_t n, struct oci_found *found,
	      bool *none, struct crit_error *err)
{
	struct search f = { .s = s, .err = err };
	size_t i;
	bool ok;

	*none = false;
	f.blobs = alloc(BLOBS_MAX * sizeof(*f.blobs));
	if (!f.blobs)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	ok = read_lists(&f);
	i = ok ? nth(&f, n) : 0;
	*none = ok && !i;
	ok = i && fill(&f, i, found, err);
	alloc_free(f.blobs);
	return ok;
}
