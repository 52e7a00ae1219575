// SPDX-License-Identifier: MIT
/*
 *   index.json ─► lists that it names, each read once ─► descriptors of blobs
 */
#include "store/oci_lists.h"
#include "base/alloc.h"
#include "json/walk.h"

#include <stdio.h>
#include <string.h>

enum {
	DESCRIPTORS_MAX = 1000,		/* that are looked at */
	JSON_MAX = 4 << 20,
};

static enum oci_kind kind_of(const char *type)
{
	static const struct {
		const char *part;
		enum oci_kind kind;
	} parts[] = {
		{ "criu.checkpoint.criu.tar", OCI_CRIU_TAR },
		{ "checkpoint.config.v1+proto", OCI_CONFIG },
		{ "image.index.v1+json", OCI_LIST },
		{ "manifest.list.v2+json", OCI_LIST },
		{ "manifest.v1+json", OCI_LIST },
		{ "manifest.v2+json", OCI_LIST },
		{ "layer.v1.tar", OCI_LAYER },
		{ "rootfs.diff.tar", OCI_LAYER },
		{ "layer.nondistributable.v1.tar", OCI_LAYER },
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (strstr(type, parts[i].part))
			return parts[i].kind;
	return OCI_OTHER;
}

/* "sha256:HEX", and nothing else. */
static void set_digest(struct oci_descriptor *b, const char *text)
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

/* A name in the annotations of a descriptor: that of podman, skopeo and buildah,
 * or containerd's full one, of which the other is then only the tag. */
static void set_name(const struct oci_lists *l, struct oci_descriptor *d,
		     const char *key, const char *text)
{
	bool full = !strcmp(key, "io.containerd.image.name");

	if (!full && strcmp(key, "org.opencontainers.image.ref.name"))
		return;
	d->named |= l->name && !strcmp(text, l->name);
	if (full || !*d->name)
		snprintf(d->name, sizeof(d->name), "%s", text);
}

static void set_member(const struct oci_lists *l, struct oci_descriptor *d,
		       const char *member, const struct walk_value *v)
{
	const char *key = json_under(member, "/annotations/");

	if (v->kind == WALK_NUMBER && !strcmp(member, "/size"))
		d->size = v->number, d->has_size = !v->negative;
	if (v->kind != WALK_STRING)
		return;
	if (key)
		set_name(l, d, key, v->text);
	else if (!strcmp(member, "/mediaType"))
		d->kind = kind_of(v->text);
	else if (!strcmp(member, "/digest"))
		set_digest(d, v->text);
}

static bool on_value(void *ctx, const struct walk_value *v)
{
	struct oci_lists *l = ctx;
	const char *p = in_list(v->pointer);

	if (p && !*p && v->kind == WALK_OPEN) {
		if (l->n == DESCRIPTORS_MAX)
			return false;
		l->all[l->n++] = (struct oci_descriptor){ .from = l->list };
	} else if (p && l->n > l->first) {
		set_member(l, &l->all[l->n - 1], p, v);
	} else if ((p = json_under(v->pointer, "/annotations/"))) {
		l->marked |= is_mark(p);
	}
	return true;
}

void oci_path(const struct oci_descriptor *d, char to[OCI_PATH])
{
	snprintf(to, OCI_PATH, "blobs/sha256/%s", d->hex);
}

/* Takes the blob. */
static bool check_digest(struct blob *b, const char *name, struct crit_error *err)
{
	struct oci_digest *d = oci_digest_open(b, err);

	return d && oci_digest_check(d, name, err);
}

static bool was_read(const struct oci_lists *l, size_t i)
{
	for (size_t k = 1; k < i; k++)
		if (l->all[k].kind == OCI_LIST &&
		    !strcmp(l->all[k].hex, l->all[i].hex))
			return true;
	return false;
}

/* Adds the descriptors of a list; number 0 is index.json. */
static bool read_list(struct oci_lists *l, size_t i)
{
	char path[OCI_PATH] = "index.json";
	struct blob bytes = BLOB_NONE;
	bool ok;

	if (i)
		oci_path(&l->all[i], path);
	/* not all that is named was exported */
	if (i && (!*l->all[i].hex || store_absent(l->s, path) || was_read(l, i)))
		return true;
	l->list = i;
	l->first = l->n;
	l->marked = false;
	ok = store_blob(l->s, path, &bytes, l->err);
	if (ok && bytes.size > JSON_MAX)
		ok = error_set(l->err, CRIT_EDATA, "larger than 4 MiB");
	ok = ok && (!i || check_digest(&bytes, path, l->err)) &&
	     json_walk(&bytes, on_value, l, l->err);
	blob_close(&bytes);
	for (size_t k = l->first; k < l->n; k++)
		l->all[k].marked = l->marked || l->all[k].kind == OCI_CRIU_TAR;
	return ok;
}

bool oci_lists_read(struct oci_lists *l)
{
	l->all = alloc(DESCRIPTORS_MAX * sizeof(*l->all));
	if (!l->all)
		return error_set(l->err, CRIT_ENOMEM, "out of memory");
	l->all[0] = (struct oci_descriptor){ .kind = OCI_LIST };
	l->n = 1;
	for (size_t i = 0; i < l->n; i++)
		if (l->all[i].kind == OCI_LIST && !read_list(l, i))
			return false;
	l->err->image[0] = 0;
	return true;
}

void oci_lists_free(struct oci_lists *l)
{
	alloc_free(l->all);
}
