// SPDX-License-Identifier: MIT
#include "checkpoint/model_dir.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

static const char *const waiting[] = { "mm-", "vmas-", "pagemap-" };

enum { MAPPINGS = 2, WAITING = 3 };

static void failed(struct model *m)
{
	if (error_is(m->sink.err))
		m->report(m->ctx, m->sink.err);
	error_clear(m->sink.err);
}

static void read_image(const struct model_dir *d, const struct blob *b,
		       const char *name)
{
	struct model *m = d->model;
	struct image_source s;

	if (image_source_open_blob(&s, b, name, d->dir->schema, m->sink.err)) {
		s.skip_extra = true;
		s.warn = d->warn;
		s.ctx = d->ctx;
		image_source_run(&s, &m->sink);
	} else {
		model_lost(m, name);
	}
	image_source_close(&s);
}

static void read_file(const struct model_dir *d, const char *name)
{
	struct model *m = d->model;
	struct blob b;

	if (store_look(d->dir, name, &b, m->sink.err) == FILE_IMAGE) {
		read_image(d, &b, name);
		blob_close(&b);
	} else {
		model_lost(m, name);
	}
	failed(m);
}

static bool waits(const char *name)
{
	for (size_t i = 0; i < WAITING; i++)
		if (!strncmp(name, waiting[i], strlen(waiting[i])))
			return true;
	return false;
}

void model_dir_read(const struct model_dir *d)
{
	d->model->ordered = true;
	for (size_t i = 0; i < d->dir->n; i++) {
		const char *name = d->dir->files[i].name;

		if (!waits(name) && model_takes(d->model, name))
			read_file(d, name);
	}
}

void model_dir_mappings(const struct model_dir *d, const struct model_task *t)
{
	d->model->vmas.n = 0;
	for (size_t i = 0; i < MAPPINGS; i++) {
		char name[32];

		snprintf(name, sizeof(name), "%s%" PRIu32 ".img", waiting[i],
			 t->pid);
		if (store_find(d->dir, name))
			read_file(d, name);
	}
}

void model_dir_runs(const struct model_dir *d, const struct model_task *t,
		    void (*run)(void *ctx, const struct page_run *),
		    void *run_ctx)
{
	char name[32];

	snprintf(name, sizeof(name), "pagemap-%" PRIu32 ".img", t->pid);
	d->model->run = run;
	d->model->run_ctx = run_ctx;
	read_file(d, name);
}
