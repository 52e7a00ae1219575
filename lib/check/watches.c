// SPDX-License-Identifier: MIT
/*
 * Watches of inotify and fanotify: files.img, or images of their own.
 */
#include "check/areas.h"
#include "check/files.h"
#include "check/tasks.h"

static const struct rule rules[] = {
	{ "inotify-wd-duplicate", ERROR, "two watches have one number" },
	{ "inotify-wd-range", ERROR, "the number of a watch is out of range" },
	{ "inotify-mask", ERROR, "a watch of no events" },
	{ "inotify-handle", ERROR, "a watch with neither path nor handle" },
	{ "inotify-wd-id", WARNING, "a watch with the id of another file" },
	{ "inotify-mark-owner", ERROR, "a watch of an inotify file that is not "
		"there" },
	{ "fanotify-mark-type", ERROR, "the type of a mark is unknown" },
	{ "fanotify-mark-member", ERROR, "a mark without the part of its type" },
	{ "fanotify-mark-mount", ERROR, "the mount of a mark is missing" },
	{ "fanotify-mark-owner", ERROR, "a mark of a fanotify file that is not "
		"there" },
	{ 0 },
};

static const struct test tests[] = {
	{ "inotify-wd-range", "inotify_wd_entry.wd", TEST_OUTSIDE, 1, INT32_MAX,
	  "is no number of a watch", NULL },
	{ "fanotify-mark-type", "fanotify_mark_entry.type",
	  TEST_OUTSIDE_SIGNED, 1, 2, "is neither 1 (inode) nor 2 (mount)",
	  NULL },
	{ 0 },
};

static uint64_t owner_of(const struct check *c, const struct wd *w)
{
	const struct inotify *i = check_row(c, T_INOTIFY, w->row.parent);

	return i ? i->id : w->id;
}

static bool is_ghost(const struct check *c, const struct wd *w)
{
	for EACH(c, T_GHOST, ghost, g)
		if (g->dev == w->s_dev && g->ino == w->i_ino)
			return true;
	return false;
}

static void judge_duplicate(struct check *c, const struct wd *w)
{
	const struct wd *o = check_lookup(c, "inotify_wd_entry.wd", w->wd);

	while (o && o < w && owner_of(c, o) != owner_of(c, w))
		o = check_lookup_next(c, "inotify_wd_entry.wd", o);
	if (!o || o >= w)
		return;
	check_say_as(c, o->s_dev != w->s_dev || o->i_ino != w->i_ino ? ERROR :
		     WARNING, "inotify-wd-duplicate", AT_FIELD(w, "wd"),
		     "inotify file {id} has the watch {wd} already",
		     VALUES(owner_of(c, w), w->wd));
}

static void judge_handle(struct check *c, const struct wd *w)
{
	const struct handle *h = check_row(c, T_HANDLE, w->f_handle);

	if (!h || span_n(h->path) || is_ghost(c, w) ||
	    (h->bytes && h->handle >= h->bytes / 8))
		return;
	check_say(c, "inotify-handle", AT_FIELD(w, "f_handle"), "watch {wd} has "
		  "no path, and {words} words of a handle of {bytes} bytes",
		  VALUES(w->wd, h->handle, h->bytes));
}

static void judge_wd(struct check *c, const struct wd *w)
{
	const struct inotify *i = check_row(c, T_INOTIFY, w->row.parent);

	if (!i && check_first(c, T_FILE))
		return;		/* an old image that CRIU does not read */
	if (!(w->mask & 0xfff))
		check_say(c, "inotify-mask", AT_FIELD(w, "mask"), "{mask:x} of "
			  "watch {wd} has no event", VALUES(w->mask, w->wd));
	judge_duplicate(c, w);
	judge_handle(c, w);
	if (i && w->id && w->id != i->id)
		check_say(c, "inotify-wd-id", AT_FIELD(w, "id"), "{value} is not "
			  "the inotify file {id}; it is not used",
			  VALUES(w->id, i->id));
	if (!i && !files_find(c, FD_INOTIFY, w->id))
		check_say(c, "inotify-mark-owner", AT_FIELD(w, "id"), "{id} is "
			  "no inotify file", VALUES(w->id));
}

static void judge_mount(struct check *c, const struct mark *m)
{
	const struct mount_mark *me = check_row(c, T_MOUNT_MARK, m->me);
	bool dumped = tasks_dumped(c, NS_MNT);

	if (dumped && !check_lookup(c, "mnt_entry.mnt_id", me->mnt_id))
		check_say(c, "fanotify-mark-mount", AT_FIELD(me, "mnt_id"),
			  "{mnt_id} is in no mountpoints image",
			  VALUES(me->mnt_id));
	if (!dumped && !span_n(me->path))
		check_say(c, "fanotify-mark-mount", AT_FIELD(me, "path"), "the "
			  "mount {mnt_id} has no path, and mounts are not in "
			  "the checkpoint", VALUES(me->mnt_id));
}

static void judge_mark(struct check *c, const struct mark *m)
{
	if (!m->row.parent && check_first(c, T_FILE))
		return;
	if (!m->row.parent && !files_find(c, FD_FANOTIFY, m->id))
		check_say(c, "fanotify-mark-owner", AT_FIELD(m, "id"), "{id} is "
			  "no fanotify file", VALUES(m->id));
	if ((m->type == 1 && !m->ie) || (m->type == 2 && !m->me))
		check_say(c, "fanotify-mark-member", AT(m), "{part:s} is missing",
			  VALUES(STRING(m->type == 1 ? "ie" : "me")));
	if (m->type == 2 && m->me)
		judge_mount(c, m);
}

static void check(struct check *c)
{
	for EACH(c, T_WD, wd, w)
		judge_wd(c, w);
	for EACH(c, T_MARK, mark, m)
		judge_mark(c, m);
}

const struct area area_watches = {
	.rules = rules, .tests = tests, .check = check,
};
