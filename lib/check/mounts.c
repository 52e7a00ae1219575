// SPDX-License-Identifier: MIT
/*
 * mountpoints-ID.img: the trees of mounts. What is mounted is in mounted.c,
 * how changes propagate in sharing.c.
 */
#include "check/mounts.h"

#include <string.h>

static const struct rule rules[] = {
	{ "mnt-missing", ERROR, "the mounts of a namespace are missing" },
	{ "mnt-id-duplicate", ERROR, "two mounts have one id" },
	{ "mnt-no-root", ERROR, "a namespace without a root mount" },
	{ "mnt-parent-missing", ERROR, "the parent of a mount is missing" },
	{ "mnt-cycle", ERROR, "mounts in a circle" },
	{ "mnt-path", ERROR, "a path that does not begin with /" },
	{ "mnt-under-parent", ERROR, "a mount does not lie below its parent" },
	{ "mnt-children-collision", ERROR, "two mounts on one place of one "
		"parent" },
	{ "mnt-ext-both", ERROR, "ext_mount and ext_key both" },
	{ "opt-external-mount", NOTE, "restore needs --external for a mount" },
	{ "opt-root", NOTE, "restore needs --root" },
	{ 0 },
};

static const struct unique uniques[] = {
	{ "mnt-id-duplicate", "mnt_entry.mnt_id", IN_ALL, true, NULL },
	{ 0 },
};

const struct mnt *mount_of(const struct check *c, const struct mnt *beside,
			   uint64_t mnt_id)
{
	const struct mnt *m = check_lookup(c, "mnt_entry.mnt_id", mnt_id);

	while (m && m->row.image != beside->row.image)
		m = check_lookup_next(c, "mnt_entry.mnt_id", m);
	return m;
}

static bool is_slash(const struct check *c, uint64_t text)
{
	return span_n(text) == 1 && *check_text(c, text) == '/';
}

bool mount_is_root(const struct check *c, const struct mnt *m)
{
	return is_slash(c, m->mountpoint) && (m->parent_mnt_id == m->mnt_id ||
		!mount_of(c, m, m->parent_mnt_id));
}

bool mount_is_external(const struct mnt *m)
{
	return m->ext_mount || span_n(m->ext_key);
}

bool mount_is_whole(const struct check *c, const struct mnt *m)
{
	return is_slash(c, m->root);
}

/* Whether path is at or below dir. */
static bool is_below(const struct check *c, uint64_t path, uint64_t dir)
{
	const char *p = check_text(c, path), *d = check_text(c, dir);
	uint32_t n = span_n(path), m = span_n(dir);

	if (is_slash(c, dir))
		return n && *p == '/';
	return n >= m && !memcmp(p, d, m) && (n == m || p[m] == '/');
}

static bool is_circle(const struct check *c, const struct mnt *m)
{
	size_t n = c->tables[T_MNT].n;

	for (size_t i = 0; i <= n && m; i++) {
		if (mount_is_root(c, m))
			return false;
		m = mount_of(c, m, m->parent_mnt_id);
	}
	return m;
}

static void judge_parent(struct check *c, const struct mnt *m)
{
	const struct mnt *p = mount_of(c, m, m->parent_mnt_id);

	if (mount_is_root(c, m))
		return;
	if (!p) {
		check_say(c, "mnt-parent-missing", AT_FIELD(m, "parent_mnt_id"),
			  "{parent} of mount {mnt_id} at {mountpoint:t} is not "
			  "in this image", VALUES(m->parent_mnt_id, m->mnt_id,
			  m->mountpoint));
		return;
	}
	if (!is_below(c, m->mountpoint, p->mountpoint))
		check_say(c, "mnt-under-parent", AT_FIELD(m, "mountpoint"),
			  "{mountpoint:t} of mount {mnt_id} is not below "
			  "{parent_mountpoint:t} of its parent {parent}",
			  VALUES(m->mountpoint, m->mnt_id, p->mountpoint,
			  p->mnt_id));
	if (is_circle(c, m))
		check_say(c, "mnt-cycle", AT_FIELD(m, "parent_mnt_id"), "mount "
			  "{mnt_id} at {mountpoint:t}: its parents never come to "
			  "a root", VALUES(m->mnt_id, m->mountpoint));
}

static void judge_collision(struct check *c, const struct mnt *m)
{
	const struct mnt *o = check_lookup(c, "mnt_entry.parent_mnt_id",
					   m->parent_mnt_id);

	for (; o && o < m; o = check_lookup_next(c, "mnt_entry.parent_mnt_id", o))
		if (o->row.image == m->row.image &&
		    span_n(o->mountpoint) == span_n(m->mountpoint) &&
		    !memcmp(check_text(c, o->mountpoint),
			    check_text(c, m->mountpoint), span_n(m->mountpoint)))
			check_say(c, "mnt-children-collision", AT_FIELD(m,
				  "mountpoint"), "mounts {mnt_id} and {other} of "
				  "parent {parent} are both at {mountpoint:t}",
				  VALUES(m->mnt_id, o->mnt_id, m->parent_mnt_id,
				  m->mountpoint));
}

static bool begins_with_slash(const struct check *c, uint64_t text)
{
	return span_n(text) && *check_text(c, text) == '/';
}

static void judge_paths(struct check *c, const struct mnt *m)
{
	if (mount_is_external(m))
		return;
	if (!begins_with_slash(c, m->mountpoint))
		check_say(c, "mnt-path", AT_FIELD(m, "mountpoint"), "{path:t} of "
			  "mount {mnt_id} does not begin with /",
			  VALUES(m->mountpoint, m->mnt_id));
	if (!begins_with_slash(c, m->root))
		check_say(c, "mnt-path", AT_FIELD(m, "root"), "{path:t} of mount "
			  "{mnt_id} does not begin with /",
			  VALUES(m->root, m->mnt_id));
}

static void judge_external(struct check *c, const struct mnt *m)
{
	uint64_t key = span_n(m->ext_key) ? m->ext_key : m->root;
	char option[600];

	if (m->ext_mount && span_n(m->ext_key))
		check_say(c, "mnt-ext-both", AT_FIELD(m, "ext_key"), "mount "
			  "{mnt_id} has both ext_mount and ext_key",
			  VALUES(m->mnt_id));
	if (!mount_is_external(m))
		return;
	check_option(option, sizeof(option), "external=mnt", check_text(c, key),
		     span_n(key));
	if (!check_allows(c, option))
		check_say(c, "opt-external-mount", AT_FIELD(m, "ext_key"), "mount "
			  "{mnt_id} at {mountpoint:t}: restore needs --external "
			  "mnt[{key:t}]:PATH", VALUES(m->mnt_id, m->mountpoint,
			  key));
}

static void judge_namespace(struct check *c, const struct task *t)
{
	uint64_t id = t->ids->mnt_ns_id;
	const struct mnt *first = check_of_image(c, T_MNT, "mountpoints-#.img",
						 id), *m;

	check_use(c, "mountpoints-#.img", id);
	if (!first) {
		if (!check_broken(c, "mountpoints-#.img", id))
			check_say(c, "mnt-missing", AT_FIELD(t->ids, "mnt_ns_id"),
				  "mountpoints-{id}.img is missing or empty",
				  VALUES(id));
		return;
	}
	for (m = first; m && m->row.image == first->row.image;
	     m = check_next(c, T_MNT, m))
		if (mount_is_root(c, m))
			return;
	check_say(c, "mnt-no-root", AT_IMAGE(check_image_at(c,
		  first->row.image)), "no mount is at / and without a parent in "
		  "this image", NULL);
}

/* Once for each namespace: by the first task that is in it. */
static void check(struct check *c)
{
	for EACH_TASK(c, t) {
		const struct task *first = tasks_first(c);

		while (t->ids && first != t && !(first->ids &&
		       first->ids->mnt_ns_id == t->ids->mnt_ns_id))
			first = tasks_next(c, first);
		if (t->ids && first == t && tasks_dumped(c, NS_MNT))
			judge_namespace(c, t);
	}
	for EACH(c, T_MNT, mnt, m) {
		judge_parent(c, m);
		judge_collision(c, m);
		judge_paths(c, m);
		judge_external(c, m);
	}
	if (tasks_dumped(c, NS_MNT) && check_first(c, T_MNT) &&
	    !check_allows(c, "root"))
		check_say(c, "opt-root", NOWHERE, "mounts are in the checkpoint: "
			  "restore needs --root, a mount point", NULL);
}

const struct area area_mounts = {
	.rules = rules, .uniques = uniques, .check = check,
};
