// SPDX-License-Identifier: MIT
/*
 *   mm ─► mappings ─┐
 *   pagemap, parents ├─► runs ─► map, bytes, dump, search, strings
 *   files, memfd ────┘
 *   bytes, a variable ─► pages ─► pagemap, or in place
 */
#include "mem_job.h"
#include "load_schema.h"
#include "schema/load.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The worst status wins, and the rest still runs. */
static void failed(struct mem *c)
{
	filter_worst(&c->status, filter_error(&c->err));
	error_clear(&c->err);
}

static bool do_task(void *ctx, struct memory *m)
{
	struct mem *c = ctx;
	bool ok = c->mode->task(c, m);

	if (ok && m->lost)
		filter_warn("no image has the bytes of segment %" PRIu64
			    ", which task %" PRIu32 " maps", m->lost_id, m->pid);
	if (ok && m->own_open && pages_none(&m->pages))
		filter_warn("there is no pagemap-%" PRIu32 ".img: none of the "
			    "task's own pages", m->pid);
	return ok;
}

static bool task_failed(void *ctx)
{
	struct mem *c = ctx;

	if (!c->out.failed)
		failed(c);
	return !c->out.failed;
}

static void do_tasks(struct mem *c)
{
	memory_tasks_run(&c->tasks);
	if (c->choice.name && !c->choice.n && !c->status) {
		error_set(&c->err, CRIT_EDATA, "no mapping is named '%s'",
			  c->choice.name);
		failed(c);
	}
}

/* Where it goes: standard output, or a file that is there whole or not. */
static bool open_output(struct mem *c)
{
	if (c->output && !output_file_open(&c->target, c->output, OUTPUT_PRIVATE,
					     &c->err))
		return false;
	if (out_open(&c->out, c->output ? c->target.fd : STDOUT_FILENO,
		     c->output ? c->output : STDOUT_NAME, &c->err))
		return true;
	if (c->output)
		output_file_abort(&c->target);
	return false;
}

static void close_output(struct mem *c)
{
	if (!out_flush(&c->out))
		failed(c);
	if (c->output && c->status)
		output_file_abort(&c->target);
	else if (c->output && !output_file_commit(&c->target, &c->err))
		failed(c);
	out_close(&c->out);
}

/* Names of mappings, and "all", need to know them. */
static enum memory_need need(const struct mem *c)
{
	if (mem_maps(c) || c->mode == &mode_sizes)
		return NEED_MAP;
	if (c->mode == &mode_write)
		return NEED_MAPPINGS;
	if (c->choice.ranged)
		return NEED_PAGES;
	return c->mode == &mode_search && !c->choice.name && !c->all &&
	       !c->choice.prot && !c->choice.kinds ?
		NEED_PAGES : NEED_MAPPINGS;
}

/* Searches may answer in the order of an archive; so may what is of one task. */
static enum store_pages want(const struct mem *c)
{
	if (c->zero_pages || c->equal_pages)
		return STORE_PAGES_ANY;
	if (mem_maps(c) || c->mode == &mode_sizes ||
	    c->mode == &mode_auxv ||
	    c->mode == &mode_write)
		return STORE_PAGES_NONE;
	return c->mode->one && !c->pids.n ? STORE_PAGES_ANY :
		STORE_PAGES_PASS;
}

static void report(void *ctx, const struct crit_error *err)
{
	struct mem *c = ctx;

	c->last = *err;
	filter_worst(&c->status, filter_error(err));
}

/* Tasks that are answered while their pages pass, and those that were. */

static bool pages_come(void *ctx, const struct store *so_far, const char *name)
{
	struct mem *c = ctx;
	bool taken = memory_tasks_pages(&c->tasks, so_far, name);

	if (taken && c->holding)
		held_end(&c->held, &c->out,
			 c->tasks.passed.pids[c->tasks.passed.n - 1]);
	return taken;
}

static void passed_by(void *ctx, uint32_t pid)
{
	struct mem *c = ctx;

	held_put(&c->held, &c->out, pid);
}

static void heading(struct mem *c, const char *path, bool first)
{
	if (c->named && c->format == AS_RECORDS)
		whose_lines(&c->whose, &c->out, path);
	else if (c->named)
		whose_heading(&c->out, path, first);
}

static bool open_store(struct mem *c, const char *path)
{
	struct store_how how = checkpoint_how(&c->where, want(c), c->output);
	bool ok;

	if (how.want == STORE_PAGES_PASS)
		how.pass = pages_come;
	how.ctx = c;
	c->holding = c->mode == &mode_args || c->mode == &mode_env;
	if (c->holding) {
		out_flush(&c->out);	/* the heading */
		held_begin(&c->held, &c->out);
	}
	ok = checkpoint_open(&c->tasks.dir, path, NULL, &how, c->schema, report,
			     c, &c->err);
	out_flush(&c->out);
	if (c->holding)
		c->out.write = NULL;
	c->holding = false;
	return ok;
}

static void set_tasks(struct mem *c)
{
	c->tasks.pids = c->pids.pid;
	c->tasks.n_pids = c->pids.n;
	c->tasks.one = c->mode->one;
	c->tasks.names = c->mode->files;
	c->tasks.need = need(c);
	c->tasks.task = do_task;
	c->tasks.failed = task_failed;
	c->tasks.passed_by = passed_by;
	c->tasks.ctx = c;
	c->tasks.err = &c->err;
	memory_tasks_init(&c->tasks);
}

static void begin_table(struct mem *c, const struct table_options *o)
{
	if (c->format == AS_TABLE)
		table_begin(&c->table, o, c->mode->columns, &c->out, &c->err);
}

static void end_table(struct mem *c)
{
	if (c->format == AS_TABLE && !table_end(&c->table, &c->out) &&
	    !error_is(&c->err))
		error_set(&c->err, CRIT_ENOMEM, "the table is not complete");
}

/* As tables there is one for each part; options are of the first. */
static void print_sizes(struct mem *c)
{
	const struct table_options plain = { .exact = c->tables.exact };
	unsigned part, parts = c->format == AS_TABLE ? SIZES_PARTS : 1;

	for (part = 0; part < parts && c->sizes.n; part++) {
		if (part)
			out_put(&c->out, "\n", 1);
		begin_table(c, part ? &plain : &c->tables);
		memory_sizes_print(&c->sizes, &c->out, c->records,
				   parts > 1 ? 1u << part : SIZES_ALL);
		end_table(c);
	}
}

static void answer(struct mem *c, const char *path)
{
	bool sizes = c->mode == &mode_sizes;

	c->sizes.count_zero = c->zero_pages;
	c->sizes.count_equal = c->equal_pages;

	if (!sizes)
		begin_table(c, &c->tables);
	if (memory_tasks_open(&c->tasks, path))
		do_tasks(c);
	if (!sizes)
		end_table(c);
	else if (memory_scan_end(&c->sizes))
		print_sizes(c);
	memory_sizes_free(&c->sizes);
}

static void mem_one(struct mem *c, const char *path, bool first)
{
	set_tasks(c);
	c->write.path = path;
	held_init(&c->held, &c->err);
	error_clear(&c->last);
	c->headed = false;
	heading(c, path, first);
	if (open_store(c, path)) {
		if (c->named && c->format == AS_RECORDS)
			whose_lines(&c->whose, &c->out, path);
		answer(c, path);
	}
	out_flush(&c->out);
	c->out.write = NULL;
	if (error_is(&c->err) && c->named && c->format == AS_RECORDS)
		whose_error(&c->out, path, &c->err);
	failed(c);
	pages_seen_free(c->seen);
	c->seen = NULL;
	memory_tasks_close(&c->tasks);
	held_free(&c->held);
	filter_place("");
}

int mem_run(struct mem *c, char **path, int n)
{
	c->schema = load_schema(c->schema_file, &c->loaded, &c->err);
	c->named = (n > 1 || c->where.with) && !c->where.without;
	if (!c->schema || !open_output(c))
		return filter_error(&c->err);
	for (int i = 0; i < n && !c->out.failed; i++)
		mem_one(c, path[i], !i);
	close_output(c);
	schema_free(c->loaded);
	free(c->pids.pid);
	free(c->where.shards.name);
	return c->status;
}
