// SPDX-License-Identifier: MIT
/*
 * Sockets among the descriptors.
 */
#include "view/explorer.h"

#include <inttypes.h>
#include <stdio.h>

/* Text: where it is, where it goes to. */

static void add_source(struct view *v, const struct view_socket *k)
{
	view_add_socket_end(v, k, 0);
}

static void add_destination(struct view *v, const struct view_socket *k)
{
	view_add_socket_end(v, k, 1);
}

static void add_buffers(struct view *v, const struct view_socket *k)
{
	view_add(v, "%" PRIu32 "/%" PRIu32, k->s->sndbuf, k->s->rcvbuf);
}

static const struct {
	const char *title;
	int width;
	void (*add)(struct view *, const struct view_socket *);
} columns[] = {
	{ "TYPE", 9, view_add_socket_type },
	{ "FAMILY", 7, view_add_socket_family },
	{ "PROTO", 14, view_add_socket_protocol },
	{ "STATE", 12, view_add_socket_state },
	{ "SOURCE", 21, add_source },
	{ "DESTINATION", 21, add_destination },
	{ "SNDBUF/RCVBUF", 0, add_buffers },
};

enum { COLUMNS = sizeof(columns) / sizeof(*columns) };

static void text_header(struct view *v)
{
	out_printf(v->out, "\t%7s: ", "FD");
	for (int i = 0; i < COLUMNS; i++)
		out_printf(v->out, "%-*s%s", columns[i].width, columns[i].title,
			   i < COLUMNS - 1 ? " " : "\n");
}

static void column(struct view *v, const struct view_socket *k, int i)
{
	view_line(v);
	if (k->s)
		columns[i].add(v, k);
	if (!v->line.n)
		view_add(v, "-");
	view_add(v, "%*s", v->line.n < (size_t)columns[i].width ?
		 columns[i].width - (int)v->line.n : 0, "");
	view_say(v, v->line.p, v->line.n);
}

/* A line is a socket, whatever its name. */
static void put_name(struct view *v, const struct view_socket *k)
{
	view_put(v, " ", 1);
	view_line(v);
	view_add_path(v, FD_UNIXSK, k->fd->id);
	view_escape(v, v->line.p, v->line.n);
}

static void text(struct view *v, const struct view_socket *k)
{
	out_printf(v->out, "\t%7" PRIu32 ": ", k->fd->fd);
	for (int i = 0; i < COLUMNS; i++) {
		column(v, k, i);
		if (i < COLUMNS - 1)
			view_put(v, " ", 1);
	}
	if (k->file && k->file->has & FILE_HAS_UNIX && k->file->name.len)
		put_name(v, k);
	view_put(v, "\n", 1);
}

/* JSON: what there is of it. */

static void put_added(struct view *v, const char *key,
		      const struct view_socket *k,
		      void (*add)(struct view *, const struct view_socket *))
{
	view_line(v);
	add(v, k);
	if (v->line.n)
		view_value(v, key);
}

static void put_end(struct view *v, const struct view_socket *k, int side,
		    const char *address, const char *port)
{
	if (k->fd->type == FD_UNIXSK && !side && k->file->name.len)
		view_bytes(v, address, model_text(v->model, k->file->name),
			   k->file->name.len);
	if (k->fd->type != FD_INETSK)
		return;
	view_line(v);
	view_add_socket_address(v, k, side);
	if (v->line.n)
		view_value(v, address);
	if (k->s->port[side])
		view_number(v, port, k->s->port[side]);
}

/* 208.0 KB */
static void put_size(struct view *v, const char *key, uint32_t n)
{
	static const char units[] = "KMG";
	double size = n;
	int unit = -1;

	for (; size >= 1024 && unit < 2; unit++)
		size /= 1024;
	if (!n)
		return;
	view_line(v);
	if (unit < 0)
		view_add(v, "%" PRIu32 " B", n);
	else
		view_add(v, "%.1f %cB", size, units[unit]);
	view_value(v, key);
}

static void put_fd_type(struct view *v, const char *key,
			const struct view_socket *k)
{
	view_line(v);
	view_add_type(v, k->fd->type);
	view_value(v, key);
}

static void json_socket(struct view *v, const struct view_socket *k)
{
	if (k->fd->type == FD_INETSK)
		put_added(v, "family", k, view_add_socket_family);
	put_added(v, "protocol", k, view_add_socket_protocol);
	put_added(v, "type", k, view_add_socket_type);
	put_added(v, "state", k, view_add_socket_state);
	put_end(v, k, 0, "src_addr", "src_port");
	put_end(v, k, 1, "dest_addr", "dest_port");
	put_size(v, "send_buf", k->s->sndbuf);
	put_size(v, "recv_buf", k->s->rcvbuf);
}

static void json(struct view *v, const struct view_socket *k)
{
	view_open(v, NULL, '{');
	view_number(v, "fd", k->fd->fd);
	put_fd_type(v, "fd_type", k);
	if (k->s)
		json_socket(v, k);
	view_close(v, '}');
}

/* For people: where it is and where it goes to, as one word each. */
static void table_socket(struct view *v, const struct view_socket *k)
{
	static const char *const keys[] = { "source", "dest" };

	for (int side = 0; side < 1 + view_socket_has_peer(k); side++) {
		view_line(v);
		view_add_socket_place(v, k, side);
		view_value(v, keys[side]);
	}
}

static void record_socket(struct view *v, const struct view_socket *k)
{
	if (v->table)
		table_socket(v, k);
	put_added(v, "family", k, view_add_socket_family);
	put_added(v, "type", k, view_add_socket_type);
	put_added(v, "protocol", k, view_add_socket_protocol);
	put_added(v, "state", k, view_add_socket_state);
	put_end(v, k, 0, "src_addr", "src_port");
	put_end(v, k, 1, "dest_addr", "dest_port");
	if (k->fd->type == FD_UNIXSK) {
		view_number(v, "ino", k->file->ino);
		view_number(v, "peer", k->file->peer);
	}
	view_number(v, "send_buf", k->s->sndbuf);
	view_number(v, "recv_buf", k->s->rcvbuf);
}

static void record(struct view *v, const struct view_socket *k)
{
	view_open(v, NULL, '{');
	view_number(v, "pid", k->task->pid);
	view_number(v, "fd", k->fd->fd);
	put_fd_type(v, "fd_type", k);
	view_number(v, "id", k->fd->id);
	if (k->s)
		record_socket(v, k);
	view_facts(v, k->fd->type, k->fd->id);
	view_close(v, '}');
}

/* A task without sockets is left out. */
static void put_task(struct view *v, const struct model_task *t)
{
	static void (*const formats[])(struct view *,
				       const struct view_socket *) = {
		[VIEW_TEXT] = text, [VIEW_JSON] = json, [VIEW_RECORDS] = record,
	};
	const struct model_table *table = view_table(v, t);
	const struct model_fd *fd = v->model->fds.p;
	bool open = false;

	for (uint32_t i = 0; table && i < table->n_fds; i++) {
		struct view_socket k;

		if (!view_is_socket(fd[table->fds + i].type))
			continue;
		if (!open)
			view_open_task(v, t, "sockets");
		open = true;
		k = view_socket_of(v, t, &fd[table->fds + i]);
		formats[v->format](v, &k);
	}
	if (open)
		view_close_task(v);
}

static void print(struct view *v)
{
	if (v->format == VIEW_TEXT)
		text_header(v);
	view_tasks(v, put_task);
}

const struct explorer explorer_sk = {
	.name = "sk",
	.meant = "sockets ports connections listen ss netstat",
	.about = "sockets of each task",
	.columns = "pid fd family type protocol? state source dest send_buf? "
		"recv_buf? ino? id?",
	.images = EXPLORE_TASKS | MODEL_IDS | MODEL_FDINFO | MODEL_NAMES |
		MODEL_SOCKETS | MODEL_SOCKET_DATA,
	.facts = MODEL_FACTS,
	.print = print,
};
