// SPDX-License-Identifier: MIT
#include "report/memory_map.h"
#include "codec/digits.h"
#include "json/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Pages that begin below addr: an old SysV segment may end within one. */
static uint64_t pages_below(const struct memory *m, uint64_t addr)
{
	unsigned shift = (unsigned)__builtin_ctzll(m->page_size);

	return (addr >> shift) + (addr & (m->page_size - 1) ? 1 : 0);
}

static uint64_t pages_of(const struct memory *m, const struct run *run)
{
	return pages_below(m, run->end) - pages_below(m, run->start);
}

static void count_run(struct memory_count *c, const struct run *run, uint64_t n)
{
	bool own = !run->depth && run->blob && run->kind >= RUN_RAW;
	uint64_t bytes = own ? run->end - run->start : 0;

	if (run->depth)
		c->parent += n;
	else if (run->kind == RUN_NONE)
		c->absent += n;
	else if (run->kind == RUN_LAZY)
		c->lazy += n;
	else if (run->kind == RUN_ZERO)
		c->zero += n;
	else
		c->present += n;
	/* a block counts where it begins */
	if (own && run->kind == RUN_PACKED)
		bytes = run->start == run->block ? run->size : 0;
	c->bytes += bytes;
	if (own && !c->file[0]) {
		snprintf(c->file, sizeof(c->file), "%s", run->file);
		c->offset = run->at;
	}
}

bool memory_count(struct memory *m, const struct vma *a,
		  struct memory_count *count)
{
	struct run run;

	memset(count, 0, sizeof(*count));
	for (uint64_t addr = a->start; addr < a->end; addr = run.end) {
		if (!memory_vma_run(m, a, addr, &run))
			return false;
		count_run(count, &run, pages_of(m, &run));
	}
	return true;
}

bool memory_weigh(struct memory *m, const struct vma *a,
		  struct memory_bytes *bytes)
{
	struct memory_count c;

	if (!memory_count(m, a, &c))
		return false;
	*bytes = (struct memory_bytes){
		a->end - a->start, c.present * m->page_size,
		c.parent * m->page_size, c.lazy * m->page_size,
		c.zero * m->page_size, c.bytes,
	};
	return true;
}

void memory_bytes_add(struct memory_bytes *to, const struct memory_bytes *b)
{
	to->mapped += b->mapped;
	to->present += b->present;
	to->parent += b->parent;
	to->lazy += b->lazy;
	to->zero += b->zero;
	to->stored += b->stored;
}

void memory_list_head(struct out *out)
{
	out_printf(out, "%7s %-37s %-4s %8s %8s %8s %8s %8s %8s %12s "
		   "%-16s %s\n",
		      "PID", "RANGE", "PROT", "PAGES", "PRESENT", "PARENT",
		      "LAZY", "ZERO", "ABSENT", "BYTES", "FILE+OFFSET", "WHAT");
}

/* A line for each of a million mappings: printf(3) would take half the time. */

static char *pad(char *p, const char *from, size_t width)
{
	for (size_t n = (size_t)(p - from); n < width; n++)
		*p++ = ' ';
	return p;
}

static char *put_column(char *p, uint64_t v, size_t width)
{
	char own[DIGITS_MAX];
	size_t n = (size_t)(digits_u64(own, v) - own);

	*p++ = ' ';
	for (; width > n; width--)
		*p++ = ' ';
	return (char *)memcpy(p, own, n) + n;
}

static char *put_range(char *p, const struct vma *a)
{
	char *from = p;

	p = digits_hex(p, a->start);
	*p++ = '-';
	return pad(digits_hex(p, a->end), from, 37);
}

static char *put_where(char *p, const struct memory_count *c)
{
	char *from = p;

	if (!c->file[0]) {
		*p++ = '-';
		return pad(p, from, 16);
	}
	p = stpcpy(p, c->file);
	*p++ = '+';
	if (c->offset)
		p = digits_hex(p, c->offset);
	else
		p = stpcpy(p, "0x0");
	return pad(p, from, 16);
}

static void list_text(struct memory *m, const struct vma *a,
		      const struct memory_count *c, const char *what,
		      struct out *out)
{
	const uint64_t columns[] = {
		(a->end - a->start) / m->page_size, c->present, c->parent,
		c->lazy, c->zero, c->absent,
	};
	char line[512], prot[5], *p = put_column(line, m->pid, 7);

	*p++ = ' ';
	p = put_range(p, a);
	*p++ = ' ';
	memory_prot(a, prot);
	p = stpcpy(p, prot);
	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++)
		p = put_column(p, columns[i], 8);
	p = put_column(p, c->bytes, 12);
	*p++ = ' ';
	p = put_where(p, c);
	*p++ = ' ';
	out_put(out, line + 1, (size_t)(p - line - 1));
	json_text_plain(out, what, strlen(what));
	if (vma_is_file(a) && a->pgoff)
		out_printf(out, " + 0x%" PRIx64, a->pgoff);
	out_put(out, "\n", 1);
}

static void list_record(struct memory *m, const struct vma *a,
			const struct memory_count *c, const char *what,
			uint64_t all, struct out *out)
{
	struct json_text r;
	char prot[5];

	memory_prot(a, prot);
	json_text_begin(&r, out);
	json_text_number(&r, "pid", m->pid);
	json_text_hex(&r, "start", a->start);
	json_text_hex(&r, "end", a->end);
	json_text_string(&r, "prot", prot);
	json_text_string(&r, "path", what);
	if (vma_is_file(a))
		json_text_number(&r, "pgoff", a->pgoff);
	json_text_number(&r, "page_size", m->page_size);
	json_text_number(&r, "pages", (a->end - a->start) / m->page_size);
	json_text_number(&r, "present", c->present);
	json_text_number(&r, "parent", c->parent);
	json_text_number(&r, "lazy", c->lazy);
	json_text_number(&r, "zero", c->zero);
	json_text_number(&r, "absent", c->absent);
	json_text_number(&r, "bytes", c->bytes);
	if (c->file[0]) {
		json_text_string(&r, "image", c->file);
		json_text_number(&r, "offset", c->offset);
	}
	json_text_number(&r, "all", all);
	json_text_end(&r);
}

static const char *const kinds[] = {
	[RUN_NONE] = "absent", [RUN_LAZY] = "lazy", [RUN_ZERO] = "zero",
	[RUN_RAW] = "raw", [RUN_PACKED] = "lz4",
};

static void run_record(struct memory *m, const struct run *run,
		       const char *what, struct out *out)
{
	struct json_text r;

	json_text_begin(&r, out);
	json_text_number(&r, "pid", m->pid);
	json_text_hex(&r, "start", run->start);
	json_text_hex(&r, "end", run->end);
	json_text_string(&r, "kind", kinds[run->kind]);
	json_text_number(&r, "depth", run->depth);
	if (run->kind >= RUN_RAW) {
		json_text_string(&r, "image", run->file);
		json_text_number(&r, "offset", run->at);
	}
	if (run->kind == RUN_PACKED)
		json_text_number(&r, "size", run->size);
	json_text_string(&r, "path", what);
	json_text_end(&r);
}

static void run_text(struct memory *m, const struct run *run, const char *what,
		     struct out *out)
{
	char range[64], where[300] = "-";

	snprintf(range, sizeof(range), "0x%" PRIx64 "-0x%" PRIx64, run->start,
		 run->end);
	if (run->kind >= RUN_RAW)
		snprintf(where, sizeof(where), "%s+0x%" PRIx64, run->file,
			 run->at);
	out_printf(out, "%7" PRIu32 " %-37s %-6s %10" PRIu64 " %-24s ", m->pid,
		      range, kinds[run->kind],
		      pages_of(m, run), where);
	json_text_plain(out, what, strlen(what));
	out_put(out, "\n", 1);
}

static bool list_runs(struct memory *m, const struct vma *a, struct out *out,
		      bool records)
{
	char buf[64];
	const char *what = memory_what(m, a, buf, sizeof(buf));
	struct run run;

	for (uint64_t addr = a->start; addr < a->end; addr = run.end) {
		if (!memory_vma_run(m, a, addr, &run))
			return false;
		if (records)
			run_record(m, &run, what, out);
		else
			run_text(m, &run, what, out);
	}
	return true;
}

bool memory_list(struct memory *m, struct memory_choice *choice,
		 struct out *out, bool records, bool runs)
{
	struct memory_count count;
	uint64_t all = 0;
	char buf[64];

	for (uint64_t i = 0; i < m->vmas.n && !error_is(m->err); i++) {
		struct vma a;
		const char *what;

		if (!mappings_take(&m->vmas, i, &a))
			return false;
		if (choice && !memory_chosen(m, &a, choice)) {
			all += a.end - a.start;
			continue;
		}
		if (choice)
			choice->n++;
		if (runs) {
			list_runs(m, &a, out, records);
			continue;
		}
		if (!memory_count(m, &a, &count))
			return false;
		what = memory_what(m, &a, buf, sizeof(buf));
		if (records)
			list_record(m, &a, &count, what, all, out);
		else
			list_text(m, &a, &count, what, out);
		all += a.end - a.start;
	}
	return !error_is(m->err);
}
