// SPDX-License-Identifier: MIT
/*
 * A checkpoint as one flat row, for tables of many:
 *
 *   struct summary ─► columns, always all of them, in this order
 *
 * crit-summary(5) documents them. Columns are added at the end, before error;
 * none changes its name or meaning, and none goes.
 */
#include "json/text.h"
#include "report/summary.h"
#include "report/summary_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct column {
	const char *key;
	void (*put)(struct json_text *r, const struct summary *s,
		    const struct column *c);
	size_t offset;			/* of a number in the summary */
	const char *name;		/* of what it is made of */
};

static void put_text(struct json_text *r, const char *key, const char *text)
{
	if (text && *text)
		json_text_text(r, key, text, strlen(text));
	else
		json_text_null(r, key);
}

static void put_engine(struct json_text *r, const struct summary *s,
		       const struct column *c)
{
	put_text(r, c->key, s->container ? container_engine_name(s->container) :
		 NULL);
}

static void put_field(struct json_text *r, const struct summary *s,
		      const struct column *c)
{
	const char *text = NULL;
	char buf[1024];

	for (size_t i = 0; s->container && i < container_n_fields; i++)
		if (!strcmp(container_fields[i].key, c->name))
			text = container_field(s->container, i, buf,
					       sizeof(buf));
	put_text(r, c->key, text);
}

/* As CRIU's log has it, in its first lines: "Version: 4.1 (gitid 0)". */
static const char *logged_version(const struct summary *s, char *buf,
				  size_t size)
{
	struct crit_error err;
	const char *at = NULL;
	struct blob b;
	bool absent;
	size_t n = 0;

	error_clear(&err);
	if (store_beside(s->dir, "dump.log", &b, &absent, &err))
		n = blob_read(&b, 0, buf, size - 1, &err);
	buf[n] = 0;
	blob_close(&b);
	at = strstr(buf, "Version: ");
	if (!at)
		return NULL;
	at += strlen("Version: ");
	n = strspn(at, "0123456789.");
	memmove(buf, at, n);
	buf[n] = 0;
	return buf;
}

/* As CRIU's RPC has it: 40200 is 4.2, 31701 is 3.17.1. */
static const char *dotted(const char *text, char *buf, size_t size)
{
	unsigned long v = strtoul(text, NULL, 10);
	int n = snprintf(buf, size, "%lu.%lu", v / 10000, v / 100 % 100);

	if (v % 100)
		snprintf(buf + n, size - (size_t)n, ".%lu", v % 100);
	return buf;
}

/* An engine's annotation, or the log. */
static void put_criu(struct json_text *r, const struct summary *s,
		     const struct column *c)
{
	const char *text = s->container ?
		container_annotation(s->container, "criu.version") : NULL;
	char buf[4096];

	if (text && strspn(text, "0123456789") == strlen(text))
		text = dotted(text, buf, sizeof(buf));
	put_text(r, c->key, text ? text : logged_version(s, buf, sizeof(buf)));
}

static uint64_t number(const struct summary *s, size_t offset)
{
	uint64_t v;

	memcpy(&v, (const char *)s + offset, sizeof(v));
	return v;
}

static void put_number(struct json_text *r, const struct summary *s,
		       const struct column *c)
{
	json_text_number(r, c->key, number(s, c->offset));
}

/* Unknown: the image that has it is missing, or it was not asked for. */
static void put_stat(struct json_text *r, const struct summary *s,
		     const struct column *c)
{
	if (number(s, c->offset) == SUMMARY_UNKNOWN)
		json_text_null(r, c->key);
	else
		put_number(r, s, c);
}

static void put_files(struct json_text *r, const struct summary *s,
		      const struct column *c)
{
	json_text_number(r, c->key, s->files - summary_sockets(s));
}

static void put_sockets(struct json_text *r, const struct summary *s,
			const struct column *c)
{
	json_text_number(r, c->key, summary_sockets(s));
}

static void put_run(struct json_text *r, const struct summary *s,
		    const struct column *c)
{
	put_text(r, c->key, s->run_id);
}

static void put_rootfs(struct json_text *r, const struct summary *s,
		       const struct column *c)
{
	if (s->container && s->container->has_rootfs)
		json_text_number(r, c->key, s->container->rootfs);
	else
		json_text_null(r, c->key);
}

static uint64_t kind_bytes(const struct summary *s, const char *name)
{
	for (size_t i = 0; i < s->n_kinds; i++)
		if (!strcmp(s->kinds[i].name, name))
			return s->kinds[i].bytes;
	return 0;
}

static void put_kind(struct json_text *r, const struct summary *s,
		     const struct column *c)
{
	json_text_number(r, c->key, kind_bytes(s, c->name));
}

static void put_other(struct json_text *r, const struct summary *s,
		      const struct column *c);

static void put_error(struct json_text *r, const struct summary *s,
		      const struct column *c)
{
	const struct crit_error *err = error_is(&s->dir->damage) ?
		&s->dir->damage : &s->first;
	char text[512];

	put_text(r, c->key, error_is(err) ? error_text(err, text, sizeof(text)) :
		 NULL);
}

#define FIELD(key, name) { key, put_field, 0, name }
#define NUMBER(key, member) { key, put_number, offsetof(struct summary, member), \
	NULL }
#define KIND(key, name) { key, put_kind, 0, name }
#define STAT(key, i) { key, put_stat, offsetof(struct summary, stats) + \
	(i) * sizeof(uint64_t), NULL }
#define DUMP(key) STAT(#key, SUMMARY_DUMP_##key)

static const struct column columns[] = {
	FIELD("container", "container_name"), FIELD("image", "image"),
	{ "engine", put_engine, 0, NULL }, FIELD("id", "id"),
	FIELD("runtime", "runtime"), FIELD("pod", "pod"),
	FIELD("namespace", "namespace"), FIELD("created", "created"),
	FIELD("checkpointed", "checkpointed"),
	{ "criu_version", put_criu, 0, NULL },
	NUMBER("img_version", version), { "run_id", put_run, 0, NULL },
	NUMBER("tasks", tasks), NUMBER("threads", threads),
	NUMBER("zombies", zombies), NUMBER("stopped", stopped),
	{ "files", put_files, 0, NULL },
	NUMBER("files_regular", file_types[FD_REG]),
	NUMBER("files_pipe", file_types[FD_PIPE]),
	{ "sockets", put_sockets, 0, NULL },
	NUMBER("sockets_inet", file_types[FD_INETSK]),
	NUMBER("sockets_unix", file_types[FD_UNIXSK]),
	NUMBER("mappings", vmas), NUMBER("mappings_bytes", vma_bytes),
	NUMBER("page_size", page_size), NUMBER("memory_present", present),
	NUMBER("memory_shared", shared), NUMBER("memory_parent", parent),
	NUMBER("memory_lazy", lazy), NUMBER("memory_zero", zero),
	NUMBER("memory_stored", stored),
	NUMBER("images", images), NUMBER("bytes", bytes),
	KIND("bytes_pages", "PAGES"), KIND("bytes_pagemap", "PAGEMAP"),
	KIND("bytes_core", "CORE"), KIND("bytes_mm", "MM"),
	KIND("bytes_files", "FILES"), KIND("bytes_ghost", "GHOST_FILE"),
	{ "bytes_other", put_other, 0, NULL },
	{ "bytes_rootfs", put_rootfs, 0, NULL },
	DUMP(freezing_time), DUMP(frozen_time), DUMP(memdump_time),
	DUMP(memwrite_time), DUMP(pages_scanned), DUMP(pages_skipped_parent),
	DUMP(pages_written), STAT("forking_time", SUMMARY_DUMP),
	STAT("restore_time", SUMMARY_DUMP + 1),
	{ "memory_stored_zero", put_stat, offsetof(struct summary, stored_zero),
	  NULL },
	{ "error", put_error, 0, NULL },
};

enum { COLUMNS = sizeof(columns) / sizeof(*columns) };

/* All bytes that no other column has. */
static void put_other(struct json_text *r, const struct summary *s,
		      const struct column *c)
{
	uint64_t rest = s->bytes;

	for (size_t i = 0; i < COLUMNS; i++)
		if (columns[i].put == put_kind)
			rest -= kind_bytes(s, columns[i].name);
	json_text_number(r, c->key, rest);
}

void summary_row(const struct summary *s, struct out *out)
{
	struct json_text r;

	json_text_begin(&r, out);
	if (s->name)
		put_text(&r, "checkpoint", s->name);
	for (size_t i = 0; i < COLUMNS; i++)
		columns[i].put(&r, s, &columns[i]);
	json_text_end(&r);
}

void summary_print_error(struct out *out, const struct crit_error *err)
{
	struct json_text r;
	char text[512];

	json_text_begin(&r, out);
	for (size_t i = 0; i < COLUMNS - 1; i++)
		json_text_null(&r, columns[i].key);
	put_text(&r, columns[COLUMNS - 1].key,
		 error_text(err, text, sizeof(text)));
	json_text_end(&r);
}
