// SPDX-License-Identifier: MIT
/*
 * Mappings: where, how protected, of what.
 */
#include "checkpoint/mappings.h"
#include "codec/digits.h"
#include "view/explorer.h"

#include <inttypes.h>
#include <string.h>

enum {
	VMA_FILE = VMA_FILE_PRIVATE | VMA_FILE_SHARED,
	KEY_SEGMENT = 0x300,
};

/* For programs: what the text adds to a path has keys of its own. */
static bool is_record(const struct view *v)
{
	return v->format == VIEW_RECORDS && !v->table;
}

/* Segments of all kinds and tasks have numbers as they come, from 1. */
static uint32_t segment(struct view *v, uint64_t shmid)
{
	uint32_t n = model_get(v->model, KEY_SEGMENT, shmid);

	if (!n) {
		n = ++v->n_segments;
		model_put(v->model, KEY_SEGMENT, shmid, n);
	}
	return n;
}

static void add_segment(struct view *v, const char *kind,
			const struct vma *a)
{
	view_add(v, "%s[%" PRIx32 "]", kind, segment(v, a->shmid));
}

static void add_file(struct view *v, const struct vma *a)
{
	view_add_path(v, FD_REG, (uint32_t)a->shmid);
	if (is_record(v))
		return;
	if (a->pgoff) {
		char s[24] = " + 0x";

		view_add_bytes(v, s, (size_t)(digits_hex_bare(s + 5, a->pgoff, 1)
					      - s));
	}
	if (a->status & VMA_FILE_SHARED)
		view_add_bytes(v, " (s)", 4);
}

/* The first bit that matches tells. */
static const struct {
	uint32_t status;
	const char *text;
	void (*add)(struct view *v, const char *text, const struct vma *);
} whats[] = {
	{ VMA_SYSVIPC, "ips", add_segment },
	{ VMA_ANON_SHARED, "shmem", add_segment },
	{ VMA_SOCKET, "packet", add_segment },
	{ VMA_FILE, NULL, NULL },
	{ VMA_STACK, "[stack]", NULL },
	{ VMA_VSYSCALL, "[vsyscall]", NULL },
	{ VMA_VDSO, "[vdso]", NULL },
};

static void add_what(struct view *v, const struct vma *a)
{
	for (size_t i = 0; i < sizeof(whats) / sizeof(*whats); i++) {
		if (!(a->status & whats[i].status))
			continue;
		if (whats[i].add)
			whats[i].add(v, whats[i].text, a);
		else if (whats[i].text)
			view_add(v, "%s", whats[i].text);
		else
			add_file(v, a);
		return;
	}
	if (a->flags & VMA_MAP_GROWSDOWN)
		view_add(v, v->table ? "[stack]" : "[stack?]");
	/* CRIT and go-criu have no word for it */
	if (a->status & VMA_GUARD && v->format == VIEW_RECORDS)
		view_add(v, "[guard]");
}

/* What CRIT leaves without a word; for people. */
static void add_unnamed(struct view *v, const struct vma *a)
{
	if (a->status & VMA_HEAP)
		view_add(v, "[heap]");
	else if (a->status & VMA_VVAR)
		view_add(v, "[vvar]");
	else
		view_add(v, "[anon]");
}

/* Into v->line: what is mapped, and a star where CRIU does not restore it. In
 * records, only what is mapped: pgoff, prot and status tell the rest. */
static void resource(struct view *v, const struct vma *a)
{
	view_line(v);
	add_what(v, a);
	if (v->table && !v->line.n)
		add_unnamed(v, a);
	else if (v->table && a->status & VMA_FILE &&
		 view_deleted(v, FD_REG, (uint32_t)a->shmid))
		view_add(v, " (deleted)");
	if (!(a->status & VMA_REGULAR) && !is_record(v))
		view_add(v, " *");
}

static void protection(char p[4], uint32_t prot)
{
	p[0] = prot & VMA_PROT_READ ? 'r' : '-';
	p[1] = prot & VMA_PROT_WRITE ? 'w' : '-';
	p[2] = prot & VMA_PROT_EXEC ? 'x' : '-';
	p[3] = 0;
}

/* As /proc/PID/maps and crit-mem write it. */
static void protection_and_share(char p[5], const struct vma *a)
{
	protection(p, a->prot);
	p[3] = vma_is_shared(a) ? 's' : 'p';
	p[4] = 0;
}

static void text(struct view *v, const struct model_task *t,
		 const struct vma *a)
{
	enum { ROOM = 96, PROT = 37 };	/* two addresses, and blanks up to PROT */
	char *s = (char *)out_room(v->out, ROOM), *p = s;

	(void)t;
	resource(v, a);
	*p++ = '\t';
	p = digits_hex_bare(p, a->start, 8);
	*p++ = '-';
	p = digits_hex_bare(p, a->end, 8);
	memset(p, ' ', PROT);
	p = p > s + PROT ? p : s + PROT;
	protection(p, a->prot);
	p += 3;
	if (v->line.n && *(char *)v->line.p != ' ')
		*p++ = ' ';
	v->out->pos += (size_t)(p - s);
	view_say(v, v->line.p, v->line.n);
	view_put(v, "\n", 1);
}

static void put_text_hex(struct view *v, const char *key, uint64_t n)
{
	view_line(v);
	view_add(v, "%" PRIx64, n);
	view_value(v, key);
}

static void json(struct view *v, const struct model_task *t,
		 const struct vma *a)
{
	char prot[4];

	(void)t;
	protection(prot, a->prot);
	view_open(v, NULL, '{');
	put_text_hex(v, "start", a->start);
	put_text_hex(v, "end", a->end);
	view_string(v, "protection", prot);
	resource(v, a);
	if (v->line.n)
		view_value(v, "resource");
	view_close(v, '}');
}

static void put_numbers(struct view *v, const struct vma *a)
{
	view_flags(v, "flags", "mmap.flags", a->flags);
	view_flags(v, "status", "mmap.status", a->status);
	view_number(v, "pgoff", a->pgoff);
	view_number(v, "shmid", a->shmid);
}

static void record(struct view *v, const struct model_task *t,
		   const struct vma *a)
{
	char prot[5];

	if (is_record(v))
		protection_and_share(prot, a);
	else
		protection(prot, a->prot);
	view_open(v, NULL, '{');
	view_number(v, "pid", t->pid);
	view_hex(v, "start", a->start);
	view_hex(v, "end", a->end);
	view_number(v, "size", a->end - a->start);
	view_string(v, "prot", prot);
	if (is_record(v))	/* people see it in what is mapped */
		put_numbers(v, a);
	resource(v, a);
	if (v->line.n)
		view_value(v, "path");
	view_close(v, '}');
}

static void exe(struct view *v, const struct model_task *t)
{
	view_line(v);
	view_add_path(v, FD_REG, t->exe);
	if (v->format != VIEW_TEXT) {
		view_value(v, "exe");
		return;
	}
	out_printf(v->out, "\t%-36s    ", "exe");
	view_say(v, v->line.p, v->line.n);
	view_put(v, "\n", 1);
}

static void open_task(struct view *v, const struct model_task *t)
{
	if (v->format == VIEW_TEXT) {
		out_printf(v->out, "%" PRIu32 "\n", t->pid);
		exe(v, t);
		return;
	}
	if (v->table)		/* rows are mappings */
		return;
	view_open(v, NULL, '{');
	view_number(v, "pid", t->pid);
	exe(v, t);
	if (v->format == VIEW_RECORDS)
		view_close(v, '}');
	else if (t->n_vmas)
		view_open(v, "mems", '[');
}

static void close_task(struct view *v, const struct model_task *t)
{
	if (v->format != VIEW_JSON)
		return;
	if (t->n_vmas)
		view_close(v, ']');
	view_close(v, '}');
}

static void put_task(struct view *v, const struct model_task *t)
{
	static void (*const formats[])(struct view *, const struct model_task *,
				       const struct vma *) = {
		[VIEW_TEXT] = text, [VIEW_JSON] = json,
		[VIEW_RECORDS] = record,
	};
	const struct vma *a;

	if (!view_mapped(v, t))
		return;
	a = model_vmas(v->model, t);
	open_task(v, t);
	for (uint32_t i = 0; i < t->n_vmas; i++)
		formats[v->format](v, t, &a[i]);
	close_task(v, t);
}

static void print(struct view *v)
{
	if (v->table)
		view_find_deleted(v);
	view_tasks(v, put_task);
}

const struct explorer explorer_mems = {
	.name = "mems", .alias = "mem",
	.meant = "maps mappings vmas memory",
	.about = "mappings of each task",
	.columns = "pid start end size prot path",
	.images = EXPLORE_TASKS | MODEL_MM | MODEL_NAMES,
	.facts = MODEL_ROWS, .sources = &view_remaps, .n_sources = 1,
	.print = print,
};
