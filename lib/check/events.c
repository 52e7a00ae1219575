// SPDX-License-Identifier: MIT
/*
 * Files of events: epoll, timerfd, eventfd, signalfd. Watches of inotify and
 * fanotify are in watches.c.
 */
#include "check/areas.h"
#include "check/files.h"
#include "check/tasks.h"

#include <sys/stat.h>

static const struct rule rules[] = {
	{ "epoll-tfd-missing", ERROR, "epoll watches a descriptor that is not "
		"there" },
	{ "epoll-tfd-type", ERROR, "epoll watches a file or directory" },
	{ "epoll-self", ERROR, "epoll watches itself" },
	{ "epoll-tfd-duplicate", ERROR, "epoll watches a descriptor twice" },
	{ "epoll-tfd-owner", ERROR, "a watch of an epoll file that is not "
		"there" },
	{ "epoll-tfd-id", WARNING, "a watch with the id of another file" },
	{ "timerfd-clock", ERROR, "the clock of a timerfd is unknown" },
	{ "timerfd-range", ERROR, "a timerfd is out of range" },
	{ "eventfd-counter", WARNING, "the counter of an eventfd is cut to 32 "
		"bits" },
	{ "signalfd-kill", WARNING, "a signalfd of signals that it cannot get" },
	{ 0 },
};

static const struct test tests[] = {
	{ "timerfd-clock", "timerfd_entry.clockid", TEST_NOT_ONE_OF,
	  1 << 0 | 1 << 1 | 1 << 7, 0, "is none of 0 (realtime), 1 (monotonic), "
	  "7 (boottime)", NULL },
	{ "timerfd-range", "timerfd_entry.vnsec", TEST_ABOVE, 999999999, 0,
	  "is a second or more", NULL },
	{ "timerfd-range", "timerfd_entry.insec", TEST_ABOVE, 999999999, 0,
	  "is a second or more", NULL },
	{ "eventfd-counter", "eventfd_file_entry.counter", TEST_ABOVE,
	  UINT32_MAX, 0, "is cut to 32 bits", NULL },
	{ 0 },
};

static bool is_nested(const struct check *c, const void *row)
{
	(void)c;
	return ((const struct row *)row)->parent;
}

static const struct unique uniques[] = {
	{ "epoll-tfd-duplicate", "eventpoll_tfd_entry.tfd", IN_PARENT, true,
	  is_nested },
	{ 0 },
};

/* The descriptor that a watch means, in the table of the lowest pid which has
 * the epoll file. */
static void judge_watch(struct check *c, const struct tfd *w,
			const struct check_file *epoll)
{
	const struct task *t = tasks_find(c, epoll->owner);
	const struct fdinfo *f = t ? task_fd(c, t, w->tfd) : NULL;
	const struct check_file *to;
	const struct reg *r;

	if (!t)
		return;
	if (!f) {
		check_say(c, "epoll-tfd-missing", AT_FIELD(w, "tfd"), "{tfd} of "
			  "epoll file {id} is no descriptor of task {pid}",
			  VALUES(w->tfd, epoll->id, t->pid));
		return;
	}
	if (f->type == FD_EVENTPOLL && f->id == epoll->id)
		check_say(c, "epoll-self", AT_FIELD(w, "tfd"), "descriptor {tfd} "
			  "is the epoll file {id} itself",
			  VALUES(w->tfd, epoll->id));
	to = f->type == FD_REG ? files_find(c, FD_REG, f->id) : NULL;
	r = to ? (const void *)to->row : NULL;
	if (r && HAS(r, reg, mode) && (S_ISREG(r->mode) || S_ISDIR(r->mode)))
		check_say(c, "epoll-tfd-type", AT_FIELD(w, "tfd"), "descriptor "
			  "{tfd} is the file {name:t}, which epoll cannot watch",
			  VALUES(w->tfd, r->name));
}

static void judge_tfd(struct check *c, const struct tfd *w)
{
	const struct eventpoll *e = check_row(c, T_EVENTPOLL, w->row.parent);
	const struct check_file *f = files_find(c, FD_EVENTPOLL,
						e ? e->id : w->id);

	if (!e && check_first(c, T_FILE))
		return;		/* an old image that CRIU does not read */
	if (!e && !f)
		check_say(c, "epoll-tfd-owner", AT_FIELD(w, "id"), "{id} is no "
			  "epoll file", VALUES(w->id));
	if (e && w->id && w->id != e->id)
		check_say(c, "epoll-tfd-id", AT_FIELD(w, "id"), "{value} is not "
			  "the epoll file {id}; it is not used",
			  VALUES(w->id, e->id));
	if (f)
		judge_watch(c, w, f);
}

static void check(struct check *c)
{
	enum { KILL_STOP = 1 << 8 | 1 << 18 };

	for EACH(c, T_TFD, tfd, w)
		judge_tfd(c, w);
	for EACH(c, T_SIGNALFD, signalfd_row, s)
		if (s->sigmask & KILL_STOP)
			check_say(c, "signalfd-kill", AT_FIELD(s, "sigmask"),
				  "{sigmask:x} of file {id} has SIGKILL or "
				  "SIGSTOP, which the kernel drops",
				  VALUES(s->sigmask, s->id));
}

const struct area area_events = {
	.rules = rules, .tests = tests, .uniques = uniques, .check = check,
};
