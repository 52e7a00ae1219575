// SPDX-License-Identifier: MIT
/*
 * Open descriptors, working directory and root.
 */
#include "codec/digits.h"
#include "view/explorer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { WIDTH = 7 };

/* at: "cwd", "root", or NULL for a descriptor. */
struct line {
	const char *at;
	struct model_fd fd;
};

static void text(struct view *v, const struct model_task *t,
		 const struct line *l)
{
	char s[DIGITS_MAX];

	(void)t;
	view_line(v);
	if (l->at)
		view_add_right(v, l->at, strlen(l->at), WIDTH);
	else
		view_add_right(v, s, (size_t)(digits_u64(s, l->fd.fd) - s),
			       WIDTH);
	view_add_bytes(v, ": ", 2);
	view_add_path(v, l->fd.type, l->fd.id);
	view_put(v, "\t", 1);
	view_say(v, v->line.p, v->line.n);
	view_put(v, "\n", 1);
}

static void put_type(struct view *v, int32_t type)
{
	view_line(v);
	view_add_type(v, type);
	view_value(v, "type");
}

/* "TCP 127.0.0.1:80 LISTEN", "unix STREAM /run/x LISTEN", for people. */
static bool put_socket(struct view *v, const struct model_task *t,
		       const struct model_fd *fd)
{
	struct view_socket k = view_socket_of(v, t, fd);

	if (!k.s)
		return false;
	view_line(v);
	view_add_socket(v, &k);
	view_value(v, "path");
	return true;
}

static void put_path(struct view *v, const struct model_task *t,
		     const struct model_fd *fd)
{
	if (v->table && view_is_socket(fd->type) && put_socket(v, t, fd))
		return;
	view_line(v);
	if (!v->table || !view_add_known(v, fd->type, fd->id))
		view_add_path(v, fd->type, fd->id);
	if (v->table && view_deleted(v, fd->type, fd->id))
		view_add(v, " (deleted)");
	view_value(v, "path");
}

/* As CRIU's options name it. */
static void put_resource(struct view *v, const struct model_fd *fd)
{
	view_line(v);
	if (view_add_resource(v, fd->type, fd->id))
		view_value(v, "res");
}

/* What the path of these does not say. */
static bool has_facts(int32_t type)
{
	return type != FD_REG && type != FD_PIPE && type != FD_UNIXSK;
}

static void json(struct view *v, const struct model_task *t,
		 const struct line *l)
{
	char number[16];

	snprintf(number, sizeof(number), "%" PRIu32, l->fd.fd);
	view_open(v, NULL, '{');
	view_string(v, "fd", l->at ? l->at : number);
	if (!l->at)
		put_type(v, l->fd.type);
	put_path(v, t, &l->fd);
	if (has_facts(l->fd.type))
		view_facts(v, l->fd.type, l->fd.id);
	view_close(v, '}');
}

static void record(struct view *v, const struct model_task *t,
		   const struct line *l)
{
	view_open(v, NULL, '{');
	view_number(v, "pid", t->pid);
	if (l->at)
		view_string(v, "at", l->at);
	else
		view_number(v, "fd", l->fd.fd);
	put_type(v, l->fd.type);
	view_number(v, "id", l->fd.id);
	if (!l->at && v->table)
		view_open_flags(v, "flags", &l->fd);
	else if (!l->at)
		view_number(v, "flags", l->fd.flags);
	put_path(v, t, &l->fd);
	if (!l->at)
		put_resource(v, &l->fd);
	if (!v->table && view_deleted(v, l->fd.type, l->fd.id))
		view_bool(v, "deleted", true);
	view_facts(v, l->fd.type, l->fd.id);
	view_close(v, '}');
}

static void put(struct view *v, const struct model_task *t,
		const struct line *l)
{
	static void (*const formats[])(struct view *, const struct model_task *,
				       const struct line *) = {
		[VIEW_TEXT] = text, [VIEW_JSON] = json,
		[VIEW_RECORDS] = record,
	};

	formats[v->format](v, t, l);
}

static void put_fs(struct view *v, const struct model_task *t, const char *at,
		   uint32_t id)
{
	struct line l = { at, { .id = id, .type = FD_REG } };

	put(v, t, &l);
}

static void put_task(struct view *v, const struct model_task *t)
{
	const struct model_table *table = view_table(v, t);
	const struct model_fd *fd = v->model->fds.p;

	if (!table && !view_has(v, t, MODEL_FS, "fs-"))
		return;
	view_open_task(v, t, "files");
	for (uint32_t i = 0; table && i < table->n_fds; i++) {
		struct line l = { NULL, fd[table->fds + i] };

		put(v, t, &l);
	}
	if (view_has(v, t, MODEL_FS, "fs-")) {
		put_fs(v, t, "cwd", t->cwd);
		put_fs(v, t, "root", t->root);
	}
	view_close_task(v);
}

static void print(struct view *v)
{
	view_find_deleted(v);
	view_tasks(v, put_task);
}

const struct explorer explorer_fds = {
	.name = "fds", .alias = "fd",
	.meant = "files open descriptors lsof",
	.about = "open files of each task",
	.columns = "pid fd type? flags path res? id?",
	.images = EXPLORE_TASKS | MODEL_IDS | MODEL_FDINFO | MODEL_FS |
		MODEL_NAMES,
	.facts = MODEL_SOCKETS | MODEL_SOCKET_DATA | MODEL_FACTS | MODEL_ROWS,
	.sources = &view_remaps, .n_sources = 1,
	.print = print,
};
