// SPDX-License-Identifier: MIT
#include "report/summary.h"
#include "base/alloc.h"
#include "memory/pagemap.h"
#include "checkpoint/extract.h"
#include "checkpoint/tasks.h"
#include "checkpoint/mappings.h"
#include "checkpoint/model.h"

#include "report/summary_data.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reports an error; returns false, for the caller to continue. */
static bool tell(struct summary *s)
{
	if (!s->bad)
		s->first = s->err;
	s->bad = true;
	if (s->warn)
		s->warn(s->ctx, &s->err);
	error_clear(&s->err);
	return false;
}

/* The image of this name, if it is there. */
static bool pick(struct summary *s, const char *name,
		 const struct extract_rule *rules, size_t n,
		 bool (*done)(void *, const struct extract_rule *))
{
	const struct extract p = {
		.rules = rules, .n_rules = n, .ctx = s, .done = done,
	};
	bool absent;

	if (!extract_image(&p, s->dir, name, &absent, &s->err))
		tell(s);
	return !absent;
}

static const struct extract_rule inventory_rules[] = {
	{ "inventory_entry", "img_version", offsetof(struct summary, version), 0 },
	{ "inventory_entry", "compress", offsetof(struct summary, compress), 0 },
	{ "inventory_entry", "dump_uptime", offsetof(struct summary, uptime), 0 },
	{ "inventory_entry", "dump_criu_run_id", offsetof(struct summary, run_id),
	  sizeof(((struct summary *)0)->run_id) },
};

static void read_tasks(struct summary *s, bool inventory)
{
	struct tasks t;

	/* a pre-dump has pages only */
	if (inventory && store_absent(s->dir, IMAGE_PSTREE))
		return;
	if (!tasks_open(&t, s->dir, &s->err))
		tell(s);
	s->tasks = t.n;
	s->threads = t.threads;
	for (size_t i = 0; i < t.n; i++) {
		uint64_t state = tasks_state(s->dir, t.pids[i], &s->err);

		if (error_is(&s->err))
			tell(s);
		s->zombies += state == TASK_DEAD || state == TASK_ZOMBIE;
		s->stopped += state == TASK_STOPPED;
	}
	tasks_close(&t);
}

/* Files: by type, as files.img has it; or one image a type, before. */

static bool count_file(void *ctx, const struct extract_rule *rule)
{
	struct summary *s = ctx;

	(void)rule;
	s->files++;
	s->file_types[s->type < SUMMARY_TYPES ? s->type : SUMMARY_TYPES - 1]++;
	return true;
}

static const struct extract_rule file_rules[] = {
	{ "file_entry", "type", offsetof(struct summary, type), 0 },
	{ "file_entry", NULL, 0, 0 },
};

/* Images of one type of files, before files.img. */
static void read_old_files(struct summary *s, const struct model_kind *k)
{
	const struct image_type *t = schema_image_name(s->dir->schema, k->type,
						     strlen(k->type));
	const struct extract_rule rule[] = { { t->first->name, NULL, 0, 0 } };
	char name[32];

	snprintf(name, sizeof(name), "%s.img", k->prefix);
	s->type = (uint64_t)k->fd_type;
	pick(s, name, rule, 1, count_file);
}

static void read_files(struct summary *s)
{
	const struct model_kind *k = NULL;

	if (pick(s, IMAGE_FILES, file_rules, 2, count_file))
		return;
	while ((k = model_old_files(k)))
		read_old_files(s, k);
}

/* The image of this number, by its name: mm-12.img. */
static void read_mm(struct summary *s, const char *name)
{
	struct mappings v;
	bool absent;

	if (!mappings_open(&v, s->dir, (uint32_t)strtoul(name + 3, NULL, 10),
		       &absent, &s->err))
		tell(s);
	if (!s->page_size)
		s->page_size = mappings_page_size(&v);
	s->vmas += v.whole;
	for (uint64_t i = 0; i < v.n; i++) {
		const struct vma *a = mappings_get(&v, i);

		if (!a) {
			tell(s);
			break;
		}
		s->vma_bytes += a->end - a->start;
	}
	mappings_close(&v);
}

static void count_entry(struct summary *s, const struct pagemap *p, bool shared)
{
	const struct pagemap_entry *e = &p->entry;
	uint64_t n = e->end - e->start;

	if (e->flags & PAGEMAP_PRESENT) {
		*(shared ? &s->shared : &s->present) += n - e->zero;
		s->zero += e->zero;
		s->stored += e->size;
		if (e->blocks) {
			s->packed += n;
			s->packed_stored += e->size;
		}
	} else if (e->flags & PAGEMAP_PARENT) {
		s->parent += n;
	} else if (e->flags & PAGEMAP_LAZY) {
		s->lazy += n;
	}
}

static void read_pagemap(struct summary *s, const char *name)
{
	bool shared = !strncmp(name, "pagemap-shmem-", 14), absent;
	struct pagemap p;
	int r = -1;

	if (pagemap_open(&p, s->dir, name, s->page_size ? s->page_size : PAGE_SIZE_USUAL,
			 &absent, &s->err))
		while ((r = pagemap_next(&p)) > 0)
			count_entry(s, &p, shared);
	pagemap_close(&p);
	if (r < 0 && error_is(&s->err))
		tell(s);
	else if (s->stored_zero != SUMMARY_UNKNOWN &&
		 !summary_zeros(s, name, p.page_size))
		tell(s);
}

/* Segments with their bytes in the image itself (segments.h). */

static const struct extract_rule segment_rules[] = {
	{ "ipc_shm_entry", "size", offsetof(struct summary, segment), 0 },
	{ "ipc_shm_entry", "in_pagemaps", offsetof(struct summary, elsewhere), 0 },
	{ "ipc_shm_entry", NULL, 0, 0 },
};

static bool count_segment(void *ctx, const struct extract_rule *rule)
{
	struct summary *s = ctx;
	uint64_t page = s->page_size ? s->page_size : PAGE_SIZE_USUAL;

	(void)rule;
	if (!s->elsewhere)
		s->shared += (s->segment + page - 1) & -page;
	s->segment = s->elsewhere = 0;
	return true;
}

/* What kind of image a file is, and its size. */

static void count_kind(struct summary *s, const char *name, uint64_t size)
{
	for (size_t i = 0; i < s->n_kinds; i++) {
		if (s->kinds[i].name != name)
			continue;
		s->kinds[i].files++;
		s->kinds[i].bytes += size;
		return;
	}
	if (s->n_kinds < SUMMARY_KINDS)
		s->kinds[s->n_kinds++] = (struct summary_kind){ name, 1, size };
}

static const char *kind_of(struct summary *s, const char *name,
			   const struct blob *b)
{
	const struct raw_type *raw = schema_raw_file(s->dir->schema, name);
	const struct image_type *type;
	uint8_t head[8] = { 0 };
	uint32_t magic;

	if (raw)
		return raw->name;
	if (blob_read(b, 0, head, sizeof(head), &s->err) < 4)
		return "other";
	magic = wire_get32(head);
	if (magic == MAGIC_COMMON || magic == MAGIC_SERVICE)
		magic = wire_get32(head + 4);
	type = schema_image(s->dir->schema, magic);
	return type ? type->name : "other";
}

/* How much is in the file, and its kind; NULL: it does not count. */
static const char *look(struct summary *s, const struct store_file *f,
			uint64_t *size)
{
	const char *kind;
	struct blob b;

	if (!f->regular && !s->dir->how.follow)
		return NULL;
	if (!store_blob(s->dir, f->name, &b, &s->err)) {
		tell(s);
		return NULL;
	}
	*size = b.size;
	kind = kind_of(s, f->name, &b);
	if (error_is(&s->err))
		tell(s);
	s->err.image[0] = 0;
	blob_close(&b);
	return kind;
}

static void read_file(struct summary *s, const struct store_file *f)
{
	uint64_t size;
	const char *name = f->name, *kind = look(s, f, &size);

	if (!kind)
		return;
	count_kind(s, kind, size);
	s->bytes += size;
	s->images++;
	if (!strcmp(kind, "MM"))
		read_mm(s, name);
	else if (!strcmp(kind, "PAGEMAP"))
		read_pagemap(s, name);
	else if (!strcmp(kind, "IPCNS_SHM"))
		pick(s, name, segment_rules, 3, count_segment);
}

static int larger(const void *a, const void *b)
{
	const struct summary_kind *x = a, *y = b;

	return x->bytes < y->bytes ? 1 : x->bytes > y->bytes ? -1 :
	       strcmp(x->name, y->name);
}

static void read_stats(struct summary *s)
{
	for (size_t i = 0; i < SUMMARY_STATS; i++)
		s->stats[i] = SUMMARY_UNKNOWN;
	pick(s, "stats-dump", summary_dump_rules, SUMMARY_DUMP, NULL);
	pick(s, "stats-restore", summary_restore_rules,
	     SUMMARY_STATS - SUMMARY_DUMP, NULL);
}

static void report(void *ctx, const struct crit_error *err)
{
	struct summary *s = ctx;

	s->err = *err;
	tell(s);
}

/* Where an engine wrote something beside the images. */
static void read_container(struct summary *s, struct container *c)
{
	struct crit_error err;

	error_clear(&err);
	if (container_read(c, s->dir, report, s, &err))
		s->container = c;
}

bool summary_read(struct summary *s, struct store *dir, bool zeros,
		  struct container *container,
		  void (*warn)(void *ctx, const struct crit_error *),
		  void *ctx)
{
	s->dir = dir;
	s->stored_zero = zeros ? 0 : SUMMARY_UNKNOWN;
	s->warn = warn;
	s->ctx = ctx;
	error_clear(&s->err);
	error_clear(&s->first);
	read_container(s, container);
	read_tasks(s, pick(s, IMAGE_INVENTORY, inventory_rules,
			   sizeof(inventory_rules) / sizeof(*inventory_rules),
			   NULL));
	read_files(s);
	read_stats(s);
	for (size_t i = 0; i < dir->n; i++)
		read_file(s, &dir->files[i]);
	qsort(s->kinds, s->n_kinds, sizeof(*s->kinds), larger);
	if (!s->page_size)
		s->page_size = PAGE_SIZE_USUAL;
	return !s->bad;
}

bool summary_print(struct store *dir, bool zeros, struct out *out,
		   const char *name, enum summary_format format,
		   void (*warn)(void *ctx, const struct crit_error *),
		   void *ctx, struct crit_error *err)
{
	static void (*const print[])(const struct summary *, struct out *) = {
		[SUMMARY_TEXT] = summary_text, [SUMMARY_JSON] = summary_json,
		[SUMMARY_ROW] = summary_row,
	};
	struct summary *s = alloc_zero(sizeof(*s));
	struct container container;
	bool ok;

	if (!s) {
		error_set(err, CRIT_ENOMEM, "out of memory");
		if (warn)
			warn(ctx, err);
		return false;
	}
	s->name = name;
	ok = summary_read(s, dir, zeros, &container, warn, ctx);
	print[format](s, out);
	if (!ok)
		*err = s->first;
	container_free(&container);
	alloc_free(s);
	return ok;
}
