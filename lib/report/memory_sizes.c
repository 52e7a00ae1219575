// SPDX-License-Identifier: MIT
/*
 *   mappings of tasks ─► rows by task, kind and name ─► sorted, with totals
 */
#include "report/memory_sizes.h"
#include "codec/fnv.h"
#include "base/alloc.h"
#include "json/text.h"
#include "report/memory_map.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *grow(void *p, size_t *cap, size_t need, size_t size,
		  struct crit_error *err)
{
	void *more;

	if (need <= *cap)
		return p;
	more = alloc_more(p, need * 2 * size);
	if (!more) {
		error_set(err, CRIT_ENOMEM, "out of memory");
		return NULL;
	}
	*cap = need * 2;
	return more;
}

static bool keep_name(struct memory_sizes *s, const char *what, size_t *at)
{
	size_t n = strlen(what) + 1;
	char *p = grow(s->names, &s->cap_names, s->n_names + n, 1, s->err);

	if (!p)
		return false;
	s->names = p;
	*at = s->n_names;
	memcpy(p + s->n_names, what, n);
	s->n_names += n;
	return true;
}

/* The row of the task with this kind and name. */
static struct memory_size *find(struct memory_sizes *s, uint32_t pid,
				enum memory_kind kind, const char *what)
{
	uint64_t h = fnv_text(what);
	struct memory_size *r = s->rows;

	for (size_t i = s->task; i < s->n; i++)
		if (r[i].hash == h && r[i].kind == kind &&
		    !strcmp(s->names + r[i].what, what))
			return &r[i];
	r = grow(s->rows, &s->cap, s->n + 1, sizeof(*r), s->err);
	if (!r)
		return NULL;
	s->rows = r;
	r += s->n;
	*r = (struct memory_size){ .pid = pid, .kind = kind, .hash = h };
	if (!keep_name(s, what, &r->what))
		return NULL;
	s->n++;
	return r;
}

static void add(struct memory_size *to, const struct memory_size *r)
{
	to->mappings += r->mappings;
	memory_bytes_add(&to->bytes, &r->bytes);
	to->zero_pages += r->zero_pages;
	to->equal_pages += r->equal_pages;
}

static bool add_mapping(struct memory_sizes *s, struct memory *m,
			const struct vma *a)
{
	struct memory_size *r, own = { .mappings = 1 };
	char buf[64];

	if (!memory_weigh(m, a, &own.bytes))
		return false;
	r = find(s, m->pid, memory_kind(m, a),
		 memory_what(m, a, buf, sizeof(buf)));
	if (!r)
		return false;
	add(r, &own);
	return memory_scan(s, m, a, (size_t)(r - s->rows));
}

bool memory_sizes_add(struct memory_sizes *s, struct memory *m,
		      const struct memory_choice *choice)
{
	s->task = s->n;
	for (uint64_t i = 0; i < m->vmas.n; i++) {
		struct vma a;

		if (!mappings_take(&m->vmas, i, &a))
			return false;
		if (memory_chosen(m, &a, choice) && !add_mapping(s, m, &a))
			return false;
	}
	return !error_is(m->err);
}

void memory_sizes_free(struct memory_sizes *s)
{
	alloc_free(s->rows);
	alloc_free(s->names);
	memory_scan_free(s);
	*s = (struct memory_sizes){ 0 };
}

/* Stored bytes first: what is in a parent or nowhere comes after them. */
static int larger(const void *a, const void *b)
{
	const struct memory_size *x = a, *y = b;
	const struct memory_bytes *p = &x->bytes, *q = &y->bytes;

	if (p->stored != q->stored)
		return p->stored < q->stored ? 1 : -1;
	if (p->present + p->parent != q->present + q->parent)
		return p->present + p->parent < q->present + q->parent ? 1 : -1;
	if (p->mapped != q->mapped)
		return p->mapped < q->mapped ? 1 : -1;
	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	return x->what < y->what ? -1 : 1;
}

struct printer {
	const struct memory_sizes *s;
	struct out *out;
	uint64_t all;			/* bytes in images */
};

static void share(char *text, size_t size, const struct printer *p,
		  const struct memory_size *r)
{
	snprintf(text, size, "%.1f%%", p->all ? 100.0 *
		 (double)r->bytes.stored / (double)p->all : 0.0);
}

/* pid 0: of all tasks; what NULL: a total. */
static void text_row(const struct printer *p, const struct memory_size *r,
		     const char *kind, const char *what)
{
	char pid[16] = "all", percent[16];

	if (r->pid)
		snprintf(pid, sizeof(pid), "%" PRIu32, r->pid);
	share(percent, sizeof(percent), p, r);
	out_printf(p->out, "%12" PRIu64 " %6s %7s %-6s %8" PRIu64 " %12"
		   PRIu64 " %12" PRIu64 " %12" PRIu64 " ", r->bytes.stored,
		   percent, pid, kind, r->mappings, r->bytes.mapped,
		   r->bytes.parent + r->bytes.lazy, r->bytes.zero);
	if (p->s->count_zero)
		out_printf(p->out, "%10" PRIu64 " ", r->zero_pages);
	if (p->s->count_equal)
		out_printf(p->out, "%11" PRIu64 " ", r->equal_pages);
	if (what)
		json_text_plain(p->out, what, strlen(what));
	else
		out_printf(p->out, r->pid ? "(task)" : "(all tasks)");
	out_put(p->out, "\n", 1);
}

static void record_row(const struct printer *p, const struct memory_size *r,
		       const char *kind, const char *what)
{
	struct json_text t;
	char text[16];

	json_text_begin(&t, p->out);
	if (r->pid)
		json_text_number(&t, "pid", r->pid);
	json_text_string(&t, "kind", kind);
	if (what)
		json_text_string(&t, "path", what);
	json_text_number(&t, "mappings", r->mappings);
	json_text_number(&t, "mappings_bytes", r->bytes.mapped);
	json_text_number(&t, "memory_present", r->bytes.present);
	json_text_number(&t, "memory_parent", r->bytes.parent);
	json_text_number(&t, "memory_lazy", r->bytes.lazy);
	json_text_number(&t, "memory_zero", r->bytes.zero);
	json_text_number(&t, "bytes", r->bytes.stored);
	share(text, sizeof(text), p, r);
	json_text_string(&t, "share", text);
	if (p->s->count_zero)
		json_text_number(&t, "zero_pages", r->zero_pages);
	if (p->s->count_equal)
		json_text_number(&t, "equal_pages", r->equal_pages);
	json_text_end(&t);
}

typedef void put_row(const struct printer *, const struct memory_size *,
		     const char *, const char *);

/* Sums of tasks, in the order of their numbers; they are few. */
static void put_tasks(const struct printer *p, put_row *put)
{
	const struct memory_size *r = p->s->rows;
	uint32_t after = 0;

	for (;;) {
		uint32_t next = UINT32_MAX;
		struct memory_size sum = { 0 };

		for (size_t i = 0; i < p->s->n; i++)
			if (r[i].pid > after && r[i].pid < next)
				next = r[i].pid;
		if (next == UINT32_MAX)
			return;
		sum.pid = after = next;
		for (size_t i = 0; i < p->s->n; i++)
			if (r[i].pid == next)
				add(&sum, &r[i]);
		put(p, &sum, "total", NULL);
	}
}

static void put_kinds(const struct printer *p, put_row *put)
{
	struct memory_size sum[KINDS + 1] = { 0 };

	for (size_t i = 0; i < p->s->n; i++) {
		add(&sum[p->s->rows[i].kind], &p->s->rows[i]);
		add(&sum[KINDS], &p->s->rows[i]);
	}
	for (int k = 0; k < KINDS; k++)
		if (sum[k].mappings)
			put(p, &sum[k], memory_kinds[k], NULL);
	put(p, &sum[KINDS], "total", NULL);
}

void memory_sizes_print(struct memory_sizes *s, struct out *out, bool records,
			unsigned parts)
{
	put_row *put = records ? record_row : text_row;
	struct printer p = { s, out, 0 };

	if (s->n)
		qsort(s->rows, s->n, sizeof(*s->rows), larger);
	for (size_t i = 0; i < s->n; i++)
		p.all += s->rows[i].bytes.stored;
	if (!records)
		out_printf(out, "%12s %6s %7s %-6s %8s %12s %12s %12s "
			   "%s%sWHAT\n",
			   "BYTES", "SHARE", "PID", "KIND", "MAPPINGS",
			   "MAPPED", "ELSEWHERE", "ZERO",
			   s->count_zero ? "ZERO_PAGES " : "",
			   s->count_equal ? "EQUAL_PAGES " : "");
	for (size_t i = 0; i < s->n && parts & SIZES_MAPPINGS; i++)
		put(&p, &s->rows[i], memory_kinds[s->rows[i].kind],
		    s->names + s->rows[i].what);
	if (parts & SIZES_TASKS)
		put_tasks(&p, put);
	if (parts & SIZES_KINDS)
		put_kinds(&p, put);
}
