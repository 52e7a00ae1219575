// SPDX-License-Identifier: MIT
#include "report/container.h"
#include "base/alloc.h"
#include "codec/wire.h"
#include "json/walk.h"

#include <stdio.h>
#include <string.h>

enum { BYTES_MAX = 4 << 20 };		/* of all texts */

/* What is kept of each file. */
static const struct {
	enum container_doc doc;
	const char *pointer;		/* * is one key; at the end all below */
} wanted[] = {
	{ DOC_CONFIG, "/id" }, { DOC_CONFIG, "/name" },
	{ DOC_CONFIG, "/rootfsImageName" }, { DOC_CONFIG, "/runtime" },
	{ DOC_CONFIG, "/createdTime" }, { DOC_CONFIG, "/checkpointedTime" },
	{ DOC_CONFIG, "/pod" }, { DOC_CONFIG, "/logPath" },
	{ DOC_SPEC, "/annotations/" }, { DOC_SPEC, "/mounts/*/destination" },
	{ DOC_SPEC, "/mounts/*/type" }, { DOC_SPEC, "/mounts/*/source" },
	{ DOC_SPEC, "/hostname" },
	{ DOC_NETWORK, "/" }, { DOC_STATUS, "/log_path" },
	{ DOC_META, "/name" },
	{ DOC_OCI, "/annotations/" }, { DOC_OCI, "/manifests/*/annotations/" },
};

static bool is_wanted(enum container_doc doc, const char *pointer)
{
	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
		const char *rest = wanted[i].doc == doc ?
			json_under(pointer, wanted[i].pointer) : NULL;
		size_t n = strlen(wanted[i].pointer);

		if (rest && (!*rest || wanted[i].pointer[n - 1] == '/'))
			return true;
	}
	return false;
}

struct reading {
	struct container *c;
	enum container_doc doc;
};

static bool grow(struct container *c)
{
	size_t cap = c->cap ? 2 * c->cap : 64;
	struct container_fact *more;

	if (c->n < c->cap)
		return true;
	more = alloc_more(c->facts, cap * sizeof(*more));
	if (!more)
		return error_set(c->err, CRIT_ENOMEM, "out of memory");
	c->facts = more;
	c->cap = cap;
	return true;
}

/* The last of several with the same key counts. */
static bool keep(void *ctx, const struct walk_value *v)
{
	struct reading *r = ctx;
	struct container *c = r->c;
	struct container_fact *f;

	if (v->kind == WALK_OPEN || v->kind == WALK_WORD ||
	    !is_wanted(r->doc, v->pointer) || c->bytes > BYTES_MAX)
		return true;
	if (!grow(c))
		return false;
	f = &c->facts[c->n];
	*f = (struct container_fact){
		.doc = r->doc, .pointer = alloc_text(v->pointer),
		.text = alloc(v->n + 1), .n = v->n,
	};
	if (!f->pointer || !f->text) {
		alloc_free(f->pointer);
		alloc_free(f->text);
		return error_set(c->err, CRIT_ENOMEM, "out of memory");
	}
	c->n++;
	memcpy(f->text, v->text, v->n);
	f->text[v->n] = 0;
	c->bytes += v->n + strlen(v->pointer);
	return true;
}

const char *container_get(const struct container *c, enum container_doc doc,
			  const char *pointer)
{
	for (size_t i = c->n; i--; )
		if (c->facts[i].doc == doc && c->facts[i].text &&
		    !strcmp(c->facts[i].pointer, pointer))
			return c->facts[i].text;
	return NULL;
}

struct files {
	struct container *c;
	const struct store *s;
	void (*report)(void *ctx, const struct crit_error *);
	void *ctx;
};

static void walk(struct files *f, enum container_doc doc, const struct blob *b,
		 const char *name)
{
	struct reading r = { f->c, doc };
	struct crit_error err;

	error_clear(&err);
	f->c->have[doc] = true;
	if (json_walk(b, keep, &r, &err) || error_is(f->c->err))
		return;
	snprintf(err.image, sizeof(err.image), "%s", name);
	f->report(f->ctx, &err);
}

static void read_doc(struct files *f, enum container_doc doc, const char *name)
{
	struct crit_error err;
	char path[64];
	struct blob b;
	bool absent;

	error_clear(&err);
	/* as seen from the images */
	snprintf(path, sizeof(path), "%s%s", *f->s->at &&
		 f->s->ops->absent(f->s, name) ? "../" : "", name);
	if (store_beside(f->s, name, &b, &absent, &err)) {
		walk(f, doc, &b, path);
	} else if (!absent) {
		snprintf(err.image, sizeof(err.image), "%s", path);
		f->report(f->ctx, &err);
	}
	blob_close(&b);
}

/* containerd's export has the spec in a message: 1: its type, 2: JSON. */
static size_t spec_at(const struct blob *b, struct crit_error *err)
{
	uint8_t p[512 + WIRE_SLOP] = { 0 };
	size_t n = blob_read(b, 0, p, 512, err), at = 0;
	unsigned sloppy = 0;
	uint64_t key, size;

	for (int i = 0; i < 2 && at < n; i++) {
		const uint8_t *q = wire_varint(p + at, &key, &sloppy);

		q = q && q < p + n ? wire_varint(q, &size, &sloppy) : NULL;
		if (!q)
			return 0;
		at = (size_t)(q - p);
		if (key == (2 << 3 | 2))
			return at;
		if (key != (1 << 3 | 2) || size > n)
			return 0;
		at += (size_t)size;
	}
	return 0;
}

struct tail {
	const struct blob *b;
	size_t at;
};

static size_t read_tail(const struct blob *b, uint64_t at, void *p, size_t n,
			struct crit_error *err)
{
	const struct tail *t = b->ctx;

	return blob_read(t->b, t->at + at, p, n, err);
}

static void read_export(struct files *f)
{
	struct crit_error err;
	struct blob b, json;
	struct tail t = { .b = &b };
	bool absent;

	error_clear(&err);
	if (!store_beside(f->s, STORE_OCI_CONFIG, &b, &absent, &err))
		return;
	t.at = spec_at(&b, &err);
	json = (struct blob){
		.fd = -1, .size = b.size - t.at, .read = read_tail, .ctx = &t,
	};
	if (t.at)
		walk(f, DOC_SPEC, &json, "spec");
	blob_close(&b);
}

static enum container_engine find_engine(const struct container *c)
{
	const char *manager = container_get(c, DOC_SPEC,
					    "/annotations/io.container.manager");

	if (!c->have[DOC_SPEC])
		return ENGINE_NONE;
	if (manager && !strcmp(manager, "libpod"))
		return ENGINE_PODMAN;
	return manager && !strcmp(manager, "cri-o") ? ENGINE_CRIO :
		ENGINE_CONTAINERD;
}

/* CRI-O's name is in JSON within a string. */
static void read_metadata(struct files *f)
{
	const char *text = container_get(f->c, DOC_SPEC, "/annotations/"
					 "io.kubernetes.cri-o.Metadata");
	struct blob b = { .fd = -1, .bytes = (const uint8_t *)text };

	if (!text)
		return;
	b.size = strlen(text);
	walk(f, DOC_META, &b, "spec.dump: io.kubernetes.cri-o.Metadata");
}

static void read_sizes(struct container *c, const struct store *s)
{
	struct crit_error err;
	struct blob b;
	bool absent;

	error_clear(&err);
	for (size_t i = 0; i < s->n; i++) {
		const char *name = s->files[i].name;

		if (!s->files[i].regular)
			continue;
		if (!store_blob(s, name, &b, &err)) {
			if (err.code != CRIT_EDATA && !error_is(c->err))
				*c->err = err;
			error_clear(&err);
			continue;
		}
		c->images += b.size;
		c->pages += strncmp(name, "pages-", 6) ? 0 : b.size;
		c->gpu_pages += strncmp(name, "amdgpu-pages-", 13) ? 0 : b.size;
		blob_close(&b);
	}
	c->has_rootfs = store_beside(s, "rootfs-diff.tar", &b, &absent, &err);
	c->rootfs = c->has_rootfs ? b.size : 0;
	if (error_is(&err) && err.code != CRIT_EDATA && !error_is(c->err))
		*c->err = err;
	blob_close(&b);
}

bool container_read(struct container *c, const struct store *s,
		    void (*report)(void *ctx, const struct crit_error *),
		    void *ctx, struct crit_error *err)
{
	static const char *const names[] = {
		[DOC_CONFIG] = "config.dump", [DOC_SPEC] = "spec.dump",
		[DOC_NETWORK] = "network.status", [DOC_STATUS] = "status.dump",
		[DOC_OCI] = STORE_OCI_MANIFEST,
	};
	struct files f;
	bool any = false;

	*c = (struct container){ .err = err };
	f = (struct files){ c, s, report, ctx };
	for (size_t i = 0; i < CONTAINER_DOCS; i++)
		if (names[i])
			read_doc(&f, (enum container_doc)i, names[i]);
	if (!c->have[DOC_SPEC])
		read_export(&f);
	read_metadata(&f);
	c->engine = find_engine(c);
	read_sizes(c, s);
	for (size_t i = 0; i < CONTAINER_DOCS; i++)
		any |= c->have[i];
	if (any || error_is(err))
		return !error_is(err);
	return error_set(err, CRIT_EDATA, "no container metadata here: neither "
			 "config.dump nor spec.dump");
}

void container_free(struct container *c)
{
	for (size_t i = 0; i < c->n; i++) {
		alloc_free(c->facts[i].pointer);
		alloc_free(c->facts[i].text);
	}
	alloc_free(c->facts);
	c->facts = NULL;
	c->n = c->cap = 0;
}
