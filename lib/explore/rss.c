// SPDX-License-Identifier: MIT
/*
 * Runs of pages, and the mappings that they lie in.
 *
 *   mappings  |---a---|   |----b----|  |--c--|
 *   runs          ====================  ==
 *                 ^ a, b                 ^ c
 *
 * Both ascend; the cursor goes back by one after each run, since the last
 * mapping may hold the next run, too. Runs that do not ascend begin anew.
 */
#include "codec/digits.h"
#include "view/explorer.h"
#include "view/names.h"
#include "checkpoint/page_run.h"

#include <inttypes.h>
#include <string.h>

enum {
	CRIT_PAGE = 4096,	/* all that its text knows */
	LEFT = 24, FILE_STATUS = 1 << 6 | 1 << 7, GUARD = 1 << 16,
};

struct rss {
	struct view *v;
	const struct model_task *task;
	const struct vma *vmas;
	uint32_t n, at, end;		/* at, end: those of the run */
	uint64_t page, before;		/* size of one; vaddr of the last run */
	const struct vma *last;	/* most recently printed in full */
	bool begun;			/* "rss" is open, in JSON */
};

static uint64_t pages(const struct rss *r, const struct vma *a)
{
	return (a->end - a->start) / r->page;
}

static bool is_file(const struct vma *a)
{
	return a->status & FILE_STATUS;
}

static void file_name(struct view *v, const struct vma *a)
{
	view_line(v);
	view_add_path(v, FD_REG, (uint32_t)a->shmid);
}

static void text_vma(struct view *v, const struct vma *a)
{
	char *s = (char *)out_room(v->out, 64), *p = s;

	*p++ = ' ';
	p = mempcpy(digits_hex_bare(p, a->start, 8), " / ", 3);
	p = view_decimal_text(p, (a->end - a->start) / CRIT_PAGE, 8);
	v->out->pos += (size_t)(p - s);
	if (!is_file(a))
		return;
	file_name(v, a);
	view_put(v, " ", 1);
	view_say(v, v->line.p, v->line.n);
}

static void text(struct rss *r, const struct page_run *run)
{
	static const char next_line[] = "\n\t                       ";
	struct view *v = r->v;
	char *s = (char *)out_room(v->out, 64), *p = s;

	*p++ = '\t';
	p = mempcpy(digits_hex_bare(p, run->vaddr, 1), " / ", 3);
	p = view_decimal_text(p, run->n_pages, 8);
	memset(p, ' ', LEFT);
	p = p > s + LEFT ? p : s + LEFT;
	v->out->pos += (size_t)(p - s);
	for (uint32_t i = r->at; i < r->end; i++) {
		if (&r->vmas[i] == r->last)
			view_put(v, " ~", 2);
		else
			text_vma(v, &r->vmas[i]);
		view_put(v, next_line, sizeof(next_line) - 1);
		r->last = &r->vmas[i];
	}
	view_put(v, "\n", 1);
}

static void put_hex(struct view *v, const char *key, uint64_t n)
{
	view_line(v);
	view_add(v, "%" PRIx64, n);
	view_value(v, key);
}

/* The name of the file that was the last to be printed in full. */
static void json_vmas(struct rss *r)
{
	const struct vma *file = NULL;
	struct view *v = r->v;

	view_open(v, "vmas", '[');
	for (uint32_t i = r->at; i < r->end; i++) {
		const struct vma *a = &r->vmas[i];

		view_open(v, NULL, '{');
		if (a == r->last) {
			view_string(v, "addr", "~");
		} else {
			put_hex(v, "addr", a->start);
			view_number(v, "pages", pages(r, a));
			file = is_file(a) ? a : file;
		}
		view_close(v, '}');
		r->last = a;
	}
	view_close(v, ']');
	if (!file)
		return;
	file_name(v, file);
	view_value(v, "resource");
}

static void json(struct rss *r, const struct page_run *run)
{
	struct view *v = r->v;

	if (!r->begun)
		view_open(v, "rss", '[');
	r->begun = true;
	view_open(v, NULL, '{');
	put_hex(v, "phy_addr", run->vaddr);
	view_number(v, "phy_pages", run->n_pages);
	if (r->at < r->end)
		json_vmas(r);
	view_close(v, '}');
}

static void record_vma(const struct rss *r, const struct vma *a)
{
	struct view *v = r->v;

	view_open(v, NULL, '{');
	view_hex(v, "start", a->start);
	view_number(v, "pages", pages(r, a));
	if (is_file(a)) {
		file_name(v, a);
		view_value(v, "path");
	}
	view_close(v, '}');
}

/* For people: the names, each once. */
static void table_vmas(struct rss *r)
{
	struct view *v = r->v;
	const struct vma *last = NULL;

	view_open(v, "mappings", '[');
	for (uint32_t i = r->at; i < r->end; i++) {
		const struct vma *a = &r->vmas[i];

		if (last && last->shmid == a->shmid && is_file(last) == is_file(a))
			continue;
		last = a;
		view_line(v);
		if (is_file(a))
			view_add_path(v, FD_REG, (uint32_t)a->shmid);
		else
			view_add(v, "%s", a->status & VMA_HEAP ? "[heap]" :
				 a->status & VMA_STACK ||
				 a->flags & VMA_MAP_GROWSDOWN ? "[stack]" :
				 a->status & VMA_VDSO ? "[vdso]" : "[anon]");
		view_value(v, NULL);
	}
	view_close(v, ']');
}

static const struct bit_name flags[] = {
	{ 1, "parent" }, { 2, "lazy" }, { 4, "present" },
};

static void record(struct rss *r, const struct page_run *run)
{
	struct view *v = r->v;

	view_open(v, NULL, '{');
	view_number(v, "pid", r->task->pid);
	view_hex(v, "start", run->vaddr);
	view_number(v, "pages", run->n_pages);
	if (v->table)
		view_number(v, "size", run->n_pages * r->page);
	if (v->table)
		view_bits(v, "flags", NAMES(flags), run->flags);
	else
		view_flags(v, "flags", "pmap.flags", run->flags);
	if (v->table) {
		table_vmas(r);
		view_close(v, '}');
		return;
	}
	view_open(v, "mappings", '[');
	for (uint32_t i = r->at; i < r->end; i++)
		record_vma(r, &r->vmas[i]);
	view_close(v, ']');
	view_close(v, '}');
}

static void put_run(void *ctx, const struct page_run *run)
{
	static void (*const formats[])(struct rss *,
				       const struct page_run *) = {
		[VIEW_TEXT] = text, [VIEW_JSON] = json, [VIEW_RECORDS] = record,
	};
	struct rss *r = ctx;
	uint64_t end = run->vaddr + run->n_pages * r->page;

	if (run->vaddr < r->before)	/* not sorted */
		r->at = 0;
	r->before = run->vaddr;
	while (r->at < r->n && r->vmas[r->at].end <= run->vaddr)
		r->at++;
	for (r->end = r->at; r->end < r->n; r->end++)
		if (r->vmas[r->end].start >= end)
			break;
	formats[r->v->format](r, run);
	r->at = r->end ? r->end - 1 : 0;
}

static void put_task(struct view *v, const struct model_task *t)
{
	struct rss r = { .v = v, .task = t };

	if (!view_mapped(v, t))
		return;
	r.vmas = model_vmas(v->model, t);
	r.n = t->n_vmas;
	r.page = t->page_size ? t->page_size : PAGE_SIZE_USUAL;
	/* guards come last, and lie in other mappings */
	while (r.n && r.vmas[r.n - 1].status & GUARD)
		r.n--;
	if (v->format == VIEW_TEXT)
		out_printf(v->out, "%" PRIu32 "\n", t->pid);
	if (v->format == VIEW_JSON) {
		view_open(v, NULL, '{');
		view_number(v, "pid", t->pid);
	}
	v->runs(v->ctx, t, put_run, &r);
	if (r.begun)
		view_close(v, ']');
	if (v->format == VIEW_JSON)
		view_close(v, '}');
}

static void print(struct view *v)
{
	view_tasks(v, put_task);
}

const struct explorer explorer_rss = {
	.name = "rss",
	.meant = "pages",
	.about = "pages of each task, and the mappings they lie in",
	.columns = "pid start pages? size flags? mappings",
	.images = EXPLORE_TASKS | MODEL_MM | MODEL_PAGE_SIZE | MODEL_NAMES |
		MODEL_PAGEMAP,
	.print = print,
};
