// SPDX-License-Identifier: MIT
/*
 * mountpoints-ID.img: what is mounted, and the images that hold it.
 */
#include "check/mounts.h"
#include "check/files.h"

#include <string.h>

static const struct rule rules[] = {
	{ "mnt-fstype", ERROR, "a file system that CRIU cannot mount" },
	{ "mnt-fsname", ERROR, "fsname of a file system that has its own number" },
	{ "mnt-fuse", ERROR, "a FUSE file system that is not external" },
	{ "mnt-bind-source", ERROR, "no mount shows the file system that a "
		"directory is mounted of" },
	{ "mnt-tmpfs-missing", ERROR, "the files of a tmpfs are missing" },
	{ "autofs-missing", ERROR, "the state of an autofs is missing" },
	{ "autofs-pgrp", ERROR, "the owner of an autofs is missing" },
	{ "autofs-fd", ERROR, "the pipe of an autofs is missing" },
	{ 0 },
};

enum { TMPFS = 5, FUSE = 15, AUTO = 16, AUTOFS = 18, CGROUP2 = 23 };

static bool is_known(uint64_t fstype)
{
	return (fstype >= 1 && fstype <= 19) || fstype == CGROUP2;
}

/* Whether restore gets the file system from somewhere else. */
static bool is_given(const struct check *c, const struct mnt *m)
{
	for EACH_OF_DEVICE(c, m, o)
		if (mount_is_external(o) || mount_is_root(c, o))
			return true;
	return false;
}

static bool begins_with(const struct check *c, uint64_t path, uint64_t dir)
{
	uint32_t n = span_n(dir);

	return span_n(path) >= n &&
	       !memcmp(check_text(c, path), check_text(c, dir), n);
}

static bool has_source(const struct check *c, const struct mnt *m)
{
	for EACH_OF_DEVICE(c, m, o)
		if (o != m && (mount_is_whole(c, o) || mount_is_external(o) ||
			       (mount_is_root(c, o) &&
				begins_with(c, m->root, o->root))))
			return true;
	return false;
}

static void judge_type(struct check *c, const struct mnt *m)
{
	bool whole = mount_is_whole(c, m), own = !mount_is_root(c, m) &&
		!mount_is_external(m) && !m->with_plugin;

	if (own && whole && !is_known(m->fstype) && !is_given(c, m))
		check_say(c, "mnt-fstype", AT_FIELD(m, "fstype"), "{fstype} of "
			  "mount {mnt_id} at {mountpoint:t} is no file system "
			  "that CRIU mounts",
			  VALUES(m->fstype, m->mnt_id, m->mountpoint));
	if (span_n(m->fsname) && m->fstype != AUTO)
		check_say(c, "mnt-fsname", AT_FIELD(m, "fsname"), "{fsname:t} of "
			  "mount {mnt_id}, but fstype is {fstype}",
			  VALUES(m->fsname, m->mnt_id, m->fstype));
	if (m->fstype == FUSE && whole && own)
		check_say(c, "mnt-fuse", AT_FIELD(m, "fstype"), "mount {mnt_id} "
			  "at {mountpoint:t} is FUSE, and not external",
			  VALUES(m->mnt_id, m->mountpoint));
	if (own && !whole && !has_source(c, m))
		check_say(c, "mnt-bind-source", AT_FIELD(m, "root"), "no mount "
			  "shows the file system of {root:t}, mounted at "
			  "{mountpoint:t} (mount {mnt_id})",
			  VALUES(m->root, m->mountpoint, m->mnt_id));
}

static bool is_first(const struct check *c, const struct mnt *m)
{
	for EACH_OF_DEVICE(c, m, o)
		if (o != m && o < m && mount_is_whole(c, o))
			return false;
	return true;
}

static void judge_tmpfs(struct check *c, const struct mnt *m)
{
	check_use(c, "tmpfs-dev-#.tar.gz.img", m->root_dev);
	check_use(c, "tmpfs-#.tar.gz.img", m->mnt_id);
	if (c->store && is_first(c, m) && !mount_is_root(c, m) &&
	    !mount_is_external(m) && mount_is_whole(c, m) &&
	    !check_find(c, "tmpfs-dev-#.tar.gz.img", m->root_dev) &&
	    !check_find(c, "tmpfs-#.tar.gz.img", m->mnt_id))
		check_say(c, "mnt-tmpfs-missing", AT(m), "tmpfs-dev-{root_dev}"
			  ".tar.gz.img of mount {mnt_id} at {mountpoint:t} is "
			  "missing", VALUES(m->root_dev, m->mnt_id,
			  m->mountpoint));
}

static void judge_pipe(struct check *c, const struct autofs *a)
{
	const struct task *t = tasks_find(c, a->pgrp);
	uint64_t fd = HAS(a, autofs, read_fd) ? a->read_fd : a->fd;
	const struct fdinfo *f = t ? task_fd(c, t, fd) : NULL;

	if ((int64_t)a->fd == -1)
		return;
	if (!t)
		check_say(c, "autofs-pgrp", AT_FIELD(a, "pgrp"), "{pgrp:d} is no "
			  "task", VALUES(a->pgrp));
	else if (!f || f->type != FD_PIPE)
		check_say(c, "autofs-fd", AT_FIELD(a, "fd"), "{fd:d} is no pipe "
			  "of task {pid}", VALUES(fd, a->pgrp));
}

static void judge_autofs(struct check *c, const struct mnt *m)
{
	check_use(c, "autofs-#.img", m->root_dev);
	if (!mount_is_external(m) &&
	    !check_present(c, "autofs-#.img", m->root_dev))
		check_say(c, "autofs-missing", AT(m), "autofs-{root_dev}.img of "
			  "mount {mnt_id} at {mountpoint:t} is missing",
			  VALUES(m->root_dev, m->mnt_id, m->mountpoint));
}

static void check(struct check *c)
{
	for EACH(c, T_MNT, mnt, m) {
		judge_type(c, m);
		if (m->fstype == TMPFS)
			judge_tmpfs(c, m);
		if (m->fstype == AUTOFS)
			judge_autofs(c, m);
	}
	for EACH(c, T_AUTOFS, autofs, a)
		judge_pipe(c, a);
}

const struct area area_mounted = { .rules = rules, .check = check };
