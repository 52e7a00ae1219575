// SPDX-License-Identifier: MIT
/*
 * Which container the checkpoint is of: what its engine wrote beside the
 * images.
 */
#include "codec/json_escape.h"
#include "json/walk.h"
#include "report/container.h"
#include "view/explorer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LABEL = 20, SECTION_MAX = 10000 };

static void put_label(struct view *v, const char *label)
{
	out_printf(v->out, "%s:%*s", label, (int)(LABEL - strlen(label) - 1),
		   "");
}

static void put_line(struct view *v, const char *label, const char *text)
{
	put_label(v, label);
	view_say(v, text, strlen(text));
	view_put(v, "\n", 1);
}

static void put_string(struct view *v, const char *key, const char *text)
{
	view_bytes(v, key, text, strlen(text));
}

/* Bytes, as people read them. */
static void put_size(struct view *v, const char *label, uint64_t n)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
	double x = (double)n;
	int unit = -1;

	put_label(v, label);
	for (; x >= 1024 && unit < 3; unit++)
		x /= 1024;
	if (unit < 0)
		out_printf(v->out, "%" PRIu64 " B\n", n);
	else
		out_printf(v->out, "%.1f %s\n", x, units[unit]);
}

/* The n-th fact of a document below a prefix. */
struct cursor {
	const struct container *c;
	enum container_doc doc;
	const char *prefix;
	size_t at;
	const char *rest;		/* of the pointer */
};

static const struct container_fact *next(struct cursor *k)
{
	while (k->at < k->c->n) {
		const struct container_fact *f = &k->c->facts[k->at++];

		k->rest = f->doc == k->doc && f->text ?
			json_under(f->pointer, k->prefix) : NULL;
		if (k->rest)
			return f;
	}
	return NULL;
}

/* Addresses, joined: podman's networks, or CRI-O's annotations. */
static bool join(const struct container *c, enum container_doc doc,
		 const char *prefix, const char *end, char *to, size_t size)
{
	struct cursor k = { c, doc, prefix, 0, NULL };
	const struct container_fact *f;
	size_t n = 0;

	*to = 0;
	while ((f = next(&k)) && n < size) {
		size_t len = strcspn(f->text, "/");

		if (!strcmp(k.rest + strlen(k.rest) - strlen(end), end) &&
		    strlen(k.rest) >= strlen(end))
			n += (size_t)snprintf(to + n, size - n, "%s%.*s",
					      n ? ", " : "", (int)len, f->text);
	}
	return *to;
}

static bool addresses(const struct container *c, char *to, size_t size)
{
	return join(c, DOC_NETWORK, "/*/interfaces/*/subnets/*", "/ipnet", to,
		    size) ||
	       join(c, DOC_NETWORK, "/*/ips/*", "/address", to, size) ||
	       join(c, DOC_SPEC, "/annotations/io.kubernetes.cri-o.IP.", "", to,
		    size);
}

static bool macs(const struct container *c, char *to, size_t size)
{
	return join(c, DOC_NETWORK, "/*/interfaces/*", "/mac_address", to,
		    size) ||
	       join(c, DOC_NETWORK, "/*/interfaces/*", "/mac", to, size);
}

/* Mounts: three facts each, which have one number. */

struct mount {
	const char *destination, *type, *source;
};

static bool mount_at(const struct container *c, unsigned i, struct mount *m)
{
	static const char *const keys[] = { "destination", "type", "source" };
	const char **to[] = { &m->destination, &m->type, &m->source };
	char pointer[64];

	for (size_t k = 0; k < 3; k++) {
		snprintf(pointer, sizeof(pointer), "/mounts/%u/%s", i, keys[k]);
		*to[k] = container_get(c, DOC_SPEC, pointer);
	}
	return m->destination || m->type || m->source;
}

static void text_mounts(struct view *v, const struct container *c)
{
	struct mount m;

	for (unsigned i = 0; i < SECTION_MAX && mount_at(c, i, &m); i++) {
		if (!i)
			out_printf(v->out, "Mounts:\n");
		out_printf(v->out, "  %-9.9s ", m.type ? m.type : "-");
		view_say(v, m.destination ? m.destination : "-",
			 strlen(m.destination ? m.destination : "-"));
		out_printf(v->out, " ");
		view_say(v, m.source ? m.source : "-",
			 strlen(m.source ? m.source : "-"));
		view_put(v, "\n", 1);
	}
}

static void json_mounts(struct view *v, const struct container *c)
{
	struct mount m;

	view_open(v, "mounts", '[');
	for (unsigned i = 0; i < SECTION_MAX && mount_at(c, i, &m); i++) {
		view_open(v, NULL, '{');
		if (m.destination)
			put_string(v, "destination", m.destination);
		if (m.type)
			put_string(v, "type", m.type);
		if (m.source)
			put_string(v, "source", m.source);
		view_close(v, '}');
	}
	view_close(v, ']');
}

static void text_annotations(struct view *v, const struct container *c,
			     enum container_doc doc)
{
	struct cursor k = { c, doc, "/annotations/", 0, NULL };
	const struct container_fact *f;
	char key[512];

	for (bool first = true; (f = next(&k)); first = false) {
		if (first)
			out_printf(v->out, "Annotations:\n");
		json_last_key(f->pointer, key, sizeof(key));
		out_printf(v->out, "  ");
		view_say(v, key, strlen(key));
		out_printf(v->out, "=");
		view_say(v, f->text, f->n);
		view_put(v, "\n", 1);
	}
}

/* Keys may be anything: a list of pairs would be exact, an object is what
 * people ask for. */
static void json_annotations(struct view *v, const struct container *c,
			     enum container_doc doc)
{
	struct cursor k = { c, doc, "/annotations/", 0, NULL };
	const struct container_fact *f;
	char key[512], escaped[JSON_GROWTH * sizeof(key) + 8];

	view_open(v, "annotations", '{');
	while ((f = next(&k))) {
		json_last_key(f->pointer, key, sizeof(key));
		*json_escape_text(escaped, (const uint8_t *)key,
				  strlen(key)) = 0;
		view_bytes(v, escaped, f->text, f->n);
	}
	view_close(v, '}');
}

static enum container_doc annotations_of(const struct container *c)
{
	return c->have[DOC_SPEC] ? DOC_SPEC : DOC_OCI;
}

static void text(struct view *v, const struct container *c)
{
	const char *engine = container_engine_name(c), *value;
	char buf[1024];

	for (size_t i = 0; i < container_n_fields; i++)
		if ((value = container_field(c, i, buf, sizeof(buf))))
			put_line(v, container_fields[i].label, value);
	if (engine)
		put_line(v, "Engine", engine);
	if (addresses(c, buf, sizeof(buf)))
		put_line(v, "IP", buf);
	if (macs(c, buf, sizeof(buf)))
		put_line(v, "MAC", buf);
	put_size(v, "Checkpoint size", c->images);
	put_size(v, "Memory pages size", c->pages);
	if (c->gpu_pages)
		put_size(v, "AMD GPU pages size", c->gpu_pages);
	if (c->has_rootfs)
		put_size(v, "Root FS diff size", c->rootfs);
	text_mounts(v, c);
	text_annotations(v, c, annotations_of(c));
}

static void json(struct view *v, const struct container *c)
{
	const char *engine = container_engine_name(c), *value;
	char buf[1024];

	view_open(v, NULL, '{');
	for (size_t i = 0; i < container_n_fields; i++)
		if ((value = container_field(c, i, buf, sizeof(buf))))
			put_string(v, container_fields[i].key, value);
	if (engine)
		put_string(v, "engine", engine);
	if (addresses(c, buf, sizeof(buf)))
		put_string(v, "ip", buf);
	if (macs(c, buf, sizeof(buf)))
		put_string(v, "mac", buf);
	view_open(v, "checkpoint_size", '{');
	view_number(v, "total_size", c->images);
	view_number(v, "memory_pages_size", c->pages);
	if (c->gpu_pages)
		view_number(v, "amd_gpu_memory_pages_size", c->gpu_pages);
	if (c->has_rootfs)
		view_number(v, "root_fs_diff_size", c->rootfs);
	view_close(v, '}');
	json_mounts(v, c);
	json_annotations(v, c, annotations_of(c));
	view_close(v, '}');
}

/* Whether there is anything of a container. */
static bool is_container(const struct container *c)
{
	bool any = false;

	for (size_t i = 0; i < CONTAINER_DOCS; i++)
		any |= c->have[i];
	return any;
}

static void print(struct view *v)
{
	struct container c;
	struct crit_error err;

	error_clear(&err);
	if (!v->dir) {
		error_set(&err, CRIT_EDATA, "records do not say which container it "
			  "was; give the archive or the directory");
		v->model->report(v->model->ctx, &err);
		return;
	}
	if (!container_read(&c, v->dir, v->model->report, v->model->ctx, &err)) {
		if (!v->part || is_container(&c) || err.code != CRIT_EDATA)
			v->model->report(v->model->ctx, &err);
	} else if (v->format == VIEW_TEXT) {
		text(v, &c);
	} else {
		json(v, &c);
	}
	container_free(&c);
}

const struct explorer explorer_container = {
	.name = "container",
	.meant = "inspect show pod annotations",
	.about = "the container: name, image, engine, pod, addresses, mounts",
	.print = print,
};
