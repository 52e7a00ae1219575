// SPDX-License-Identifier: MIT
/*
 *   file_entry ────────┬─► files, sorted by id and type
 *   reg_file_entry, .. ┘   (old images: where there is no file_entry)
 */
#include "check/files.h"
#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

#define KIND(name, member, table, old) \
	{ name, #member, table, old }

const struct file_kind file_kinds[FD_TYPES] = {
	[FD_REG] = KIND("REG", reg, T_REG, "reg-files.img"),
	[FD_PIPE] = KIND("PIPE", pipe, T_PIPE, "pipes.img"),
	[FD_FIFO] = KIND("FIFO", fifo, T_FIFO, "fifo.img"),
	[FD_INETSK] = KIND("INETSK", isk, T_INETSK, "inetsk.img"),
	[FD_UNIXSK] = KIND("UNIXSK", usk, T_UNIXSK, "unixsk.img"),
	[FD_EVENTFD] = KIND("EVENTFD", efd, T_EVENTFD, "eventfd.img"),
	[FD_EVENTPOLL] = KIND("EVENTPOLL", epfd, T_EVENTPOLL, "eventpoll.img"),
	[FD_INOTIFY] = KIND("INOTIFY", ify, T_INOTIFY, "inotify.img"),
	[FD_SIGNALFD] = KIND("SIGNALFD", sgfd, T_SIGNALFD, "signalfd.img"),
	[FD_PACKETSK] = KIND("PACKETSK", psk, T_PACKETSK, "packetsk.img"),
	[FD_TTY] = KIND("TTY", tty, T_TTY, "tty.img"),
	[FD_FANOTIFY] = KIND("FANOTIFY", ffy, T_FANOTIFY, "fanotify.img"),
	[FD_NETLINKSK] = KIND("NETLINKSK", nlsk, T_NETLINKSK, "netlinksk.img"),
	[FD_NS] = KIND("NS", nsf, T_NS, "ns-files.img"),
	[FD_TUNF] = KIND("TUNF", tunf, T_TUNF, "tunfile.img"),
	[FD_EXT] = KIND("EXT", ext, T_EXT, "ext-files.img"),
	[FD_TIMERFD] = KIND("TIMERFD", tfd, T_TIMERFD, "timerfd.img"),
	[FD_MEMFD] = KIND("MEMFD", memfd, T_MEMFD, NULL),
	[FD_BPFMAP] = KIND("BPFMAP", bpf, T_BPF, "bpfmap-file.img"),
	[FD_PIDFD] = KIND("PIDFD", pidfd, T_PIDFD, "pidfd.img"),
};

struct file_row *file_member(const struct check *c, const struct file_entry *e,
			     uint32_t type)
{
	/* the bits of type and id are the first two */
	if (e->row.seen >> 2 != UINT64_C(1) << (type - 1))
		return NULL;
	return check_row(c, file_kinds[type].table, e->member);
}

static bool add(struct check *c, uint32_t type, uint64_t id,
		struct file_row *row, struct row *entry)
{
	struct check_file *f = check_more(c, &c->files, sizeof(*f));

	if (!f)
		return false;
	*f = (struct check_file){ .id = id, .type = type, .row = row,
		.entry = entry };
	return true;
}

/* A type without its member, and an unknown one, are files nevertheless. */
static bool add_entry(struct check *c, struct file_entry *e)
{
	const struct file_kind *k = e->type < FD_TYPES ?
		&file_kinds[e->type] : NULL;
	struct file_row *row = NULL;

	if (!k || !k->name)
		return true;
	row = file_member(c, e, (uint32_t)e->type);
	return add(c, (uint32_t)e->type, row ? row->id : e->id, row, &e->row);
}

static bool add_old(struct check *c, uint32_t type)
{
	const struct file_kind *k = &file_kinds[type];

	if (!k->old)
		return true;
	for EACH(c, k->table, file_row, r)
		if (!r->row.parent && !add(c, type, r->id, r, &r->row))
			return false;
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct check_file *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	if (x->type != y->type)
		return x->type < y->type ? -1 : 1;
	if (x->entry->image != y->entry->image)
		return x->entry->image < y->entry->image ? -1 : 1;
	return x->entry->entry < y->entry->entry ? -1 : 1;
}

bool files_old(const struct check *c)
{
	return !check_first(c, T_FILE) && !check_broken(c, "files.img", 0);
}

bool files_make(struct check *c)
{
	for EACH(c, T_FILE, file_entry, e)
		if (!add_entry(c, e))
			return false;
	for (uint32_t t = 1; t < FD_TYPES && files_old(c); t++)
		if (!add_old(c, t))
			return false;
	if (c->files.n)
		qsort(c->files.p, c->files.n, sizeof(struct check_file),
		      compare);
	return true;
}

void files_free(struct check *c)
{
	alloc_free(c->files.p);
}

struct check_file *files_first(const struct check *c)
{
	return c->files.n ? c->files.p : NULL;
}

struct check_file *files_after(const struct check *c,
			       const struct check_file *f)
{
	struct check_file *all = c->files.p;

	return f + 1 < all + c->files.n ? (struct check_file *)f + 1 : NULL;
}

struct check_file *files_next(const struct check *c,
			      const struct check_file *f)
{
	struct check_file *next = files_after(c, f);

	return next && next->id == f->id ? next : NULL;
}

struct check_file *files_find(const struct check *c, uint64_t type, uint64_t id)
{
	struct check_file *all = c->files.p;
	size_t from = 0, to = c->files.n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (all[mid].id < id ||
		    (all[mid].id == id && all[mid].type < type))
			from = mid + 1;
		else
			to = mid;
	}
	if (from == c->files.n || all[from].id != id ||
	    (type && all[from].type != type))
		return NULL;
	return &all[from];
}

bool files_known(const struct check *c)
{
	return !check_broken(c, "files.img", 0);
}

int files_type(const char *name)
{
	for (int i = 1; i < FD_TYPES; i++)
		if (!strcmp(file_kinds[i].name, name))
			return i;
	return -1;
}

bool files_use(struct check *c, uint64_t type, uint64_t id, bool fd)
{
	struct check_file *f = files_find(c, type, id);

	for (struct check_file *g = f; g && (!type || g->type == type);
	     g = files_next(c, g)) {
		g->users++;
		g->fds += fd;
	}
	return f;
}
