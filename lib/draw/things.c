// SPDX-License-Identifier: MIT
/*
 *   type and id of a file ─► what it is for people, and by what it is the same
 *
 * Regular files are the same by path, pipes by number, both ends of a connection
 * by their pair of addresses.
 */
#include "draw/holders.h"
#include "codec/fnv.h"

#include <inttypes.h>
#include <stdio.h>

enum { KEY_THING = 0x600, NONE = UINT32_MAX };

/* What things.c finds out: a key, and words. */
struct found {
	uint64_t key;
	uint32_t side;			/* which end of it this is */
	bool flows;
	char label[WORDS_MAX];
};

static void line_label(struct look *l, struct found *f)
{
	words_fit(f->label, l->view.line.p ? l->view.line.p : "",
		  l->view.line.n, LABEL_COLUMNS);
}

static void by_path(struct holders *h, const struct view_socket *k,
		    struct found *f)
{
	struct look *l = &h->look;

	view_line(&l->view);
	view_add_path(&l->view, k->fd->type, k->fd->id);
	f->key = fnv(1, l->view.line.p ? l->view.line.p : "", l->view.line.n);
	line_label(l, f);
}

static void by_pipe(struct holders *h, const struct view_socket *k,
		    struct found *f)
{
	enum { ACCESS = 3, READ = 0, BOTH = 2 };
	struct fact flags;

	f->key = k->file ? k->file->number : k->fd->id;
	if (h->connections && k->file &&
	    facts_find(&h->look.model, k->file->facts, "flags", &flags)) {
		f->side = (flags.number & ACCESS) == READ;
		f->flows = (flags.number & ACCESS) != BOTH;
	}
	snprintf(f->label, sizeof(f->label), "pipe[%" PRIu64 "]", f->key);
	f->key = fnv(2, &f->key, sizeof(f->key));
}

static void by_number(struct holders *h, const struct view_socket *k,
		      struct found *f)
{
	const uint32_t key[] = { (uint32_t)k->fd->type, k->fd->id };
	struct view *v = &h->look.view;

	f->key = fnv(3, key, sizeof(key));
	view_line(v);
	if (k->s && view_is_socket(k->fd->type))
		view_add_socket(v, k);
	else if (!view_add_known(v, k->fd->type, k->fd->id))
		view_add(v, "%" PRIu32, k->fd->id);
	line_label(&h->look, f);
}

/* That it is connected, its two ends say; that it is not, its one end. */
static void add_state(struct view *v, const struct view_socket *k)
{
	if (k->s->state == SK_STATE_ESTABLISHED ||
	    k->s->state == SK_STATE_CLOSE)
		return;
	view_add(v, " ");
	view_add_socket_state(v, k);
}

static void by_unix(struct holders *h, const struct view_socket *k,
		    struct found *f)
{
	const struct model_file *file = k->file;
	struct view *v = &h->look.view;
	uint32_t pair[2];

	if (!file) {
		by_number(h, k, f);
		return;
	}
	pair[0] = file->peer && file->peer < file->ino ? file->peer : file->ino;
	pair[1] = pair[0] == file->ino ? file->peer : file->ino;
	f->key = fnv(4, pair, sizeof(pair));
	f->side = file->ino != pair[0];
	view_line(v);
	if (file->name.len)
		view_add_socket_place(v, k, 0);
	else if (pair[1])
		view_add(v, "[%" PRIu32 "] \xe2\x86\x94 [%" PRIu32 "]", pair[0],
			 pair[1]);
	else
		view_add(v, "[%" PRIu32 "]", pair[0]);
	if (k->s)
		add_state(v, k);
	line_label(&h->look, f);
}

/* Both ends of a connection have the same key. */
static void by_inet(struct holders *h, const struct view_socket *k,
		    struct found *f)
{
	struct view *v = &h->look.view;
	char end[2][80];
	int first;

	if (!k->s) {
		by_number(h, k, f);
		return;
	}
	for (int side = 0; side < 2; side++) {
		view_line(v);
		view_add_socket_end(v, k, side);
		snprintf(end[side], sizeof(end[side]), "%.*s",
			 (int)v->line.n, v->line.p ? (char *)v->line.p : "");
	}
	view_line(v);
	view_add_socket_protocol(v, k);
	if (k->s->port[1]) {
		first = strcmp(end[0], end[1]) > 0;
		view_add(v, " %s \xe2\x86\x94 %s", end[first], end[!first]);
		f->key = fnv(5, v->line.p, v->line.n);
		f->side = (uint32_t)first;
	} else {
		view_add(v, " %s", end[0]);
		f->key = fnv(6, &k->fd->id, sizeof(k->fd->id));
		add_state(v, k);
	}
	line_label(&h->look, f);
}

static const struct {
	int32_t type;
	const char *kind;
	enum hue hue;
	bool connects;
	void (*find)(struct holders *, const struct view_socket *,
		     struct found *);
} kinds[] = {
	{ FD_REG, "file", HUE_BLUE, false, by_path },
	{ FD_PIPE, "pipe", HUE_ORANGE, true, by_pipe },
	{ FD_FIFO, "fifo", HUE_ORANGE, true, by_number },
	{ FD_UNIXSK, "unix", HUE_PURPLE, true, by_unix },
	{ FD_INETSK, "inet", HUE_GREEN, true, by_inet },
	{ FD_NETLINKSK, "netlink", HUE_GREY, true, by_number },
	{ FD_PACKETSK, "packet", HUE_GREEN, true, by_number },
	{ FD_TTY, "tty", HUE_TEAL, false, by_number },
	{ FD_EVENTPOLL, "epoll", HUE_YELLOW, false, by_number },
	{ FD_EVENTFD, "eventfd", HUE_YELLOW, false, by_number },
	{ FD_SIGNALFD, "signalfd", HUE_YELLOW, false, by_number },
	{ FD_TIMERFD, "timerfd", HUE_YELLOW, false, by_number },
	{ FD_INOTIFY, "inotify", HUE_YELLOW, false, by_number },
	{ FD_FANOTIFY, "fanotify", HUE_YELLOW, false, by_number },
	{ FD_MEMFD, "memfd", HUE_RED, false, by_number },
	{ FD_NS, "namespace", HUE_GREY, false, by_number },
	{ FD_PIDFD, "pidfd", HUE_YELLOW, false, by_number },
	{ FD_UND, "other", HUE_GREY, false, by_number },
};

static size_t find_kind(int32_t type)
{
	size_t i = 0, last = sizeof(kinds) / sizeof(*kinds) - 1;

	while (i < last && kinds[i].type != type)
		i++;
	return i;
}

static uint32_t make(struct holders *h, size_t kind, const struct found *f)
{
	struct thing *t = list_more(&h->things, sizeof(*t), 1, h->draw->err);

	if (!t)
		return NONE;
	*t = (struct thing){
		.label = holders_keep(h, f->label),
		.kind = holders_keep(h, kinds[kind].kind),
		.hue = kinds[kind].hue, .count = 1, .first = NONE,
		.flows = f->flows,
		.to = (uint32_t)h->things.n - 1,
	};
	return (uint32_t)h->things.n - 1;
}

uint32_t holders_find(struct holders *h, const struct model_task *t,
		      const struct model_fd *fd, uint32_t *side)
{
	struct model *m = &h->look.model;
	size_t kind = find_kind(fd->type);
	struct view_socket k = { .task = t, .fd = fd,
				 .file = model_file(m, fd->type, fd->id) };
	struct found f = { .side = 0 };
	uint32_t at;

	if (h->connections && !kinds[kind].connects)
		return NONE;
	if (k.file && k.file->socket)
		k.s = (struct model_socket *)m->sockets.p + k.file->socket - 1;
	kinds[kind].find(h, &k, &f);
	*side = f.side;
	at = model_get(m, KEY_THING, f.key);
	if (at)
		return at - 1;
	at = make(h, kind, &f);
	if (at != NONE)
		model_put(m, KEY_THING, f.key, at + 1);
	return at;
}
