// SPDX-License-Identifier: MIT
/*
 * mountpoints-ID.img: groups of mounts that propagate to each other.
 */
#include "check/mounts.h"

static const struct rule rules[] = {
	{ "mnt-master-missing", ERROR, "no mount is the master of a group" },
	{ "mnt-sharing-parents", ERROR, "two groups are the master of a third" },
	{ "opt-enable-external-masters", NOTE, "restore needs "
		"--enable-external-masters" },
	{ 0 },
};

static bool is_given(const struct check *c, const struct mnt *m)
{
	for EACH_OF_DEVICE(c, m, o)
		if (mount_is_external(o) || mount_is_root(c, o))
			return true;
	return false;
}

/* Whether a mount of this group comes from outside. */
static bool group_is_given(const struct check *c, const struct mnt *m)
{
	const struct mnt *o = check_lookup(c, "mnt_entry.master_id",
					   m->master_id);

	for (; o; o = check_lookup_next(c, "mnt_entry.master_id", o))
		if (o->shared_id == m->shared_id && is_given(c, o))
			return true;
	return false;
}

static void judge_masters(struct check *c, const struct mnt *m,
			  const struct mnt *master)
{
	uint64_t id = master->master_id;

	while (master && master->master_id == id)
		master = check_lookup_next(c, "mnt_entry.shared_id", master);
	if (master)
		check_say(c, "mnt-sharing-parents", AT_FIELD(m, "master_id"),
			  "{master_id} of mount {mnt_id} at {mountpoint:t}: two "
			  "groups have it, with the masters {first} and {other}",
			  VALUES(m->master_id, m->mnt_id, m->mountpoint, id,
			  master->master_id));
}

static void judge(struct check *c, const struct mnt *m)
{
	const struct mnt *master = check_lookup(c, "mnt_entry.shared_id",
						m->master_id);

	if (!m->master_id)
		return;
	if (master)
		judge_masters(c, m, master);
	else if (!group_is_given(c, m))
		check_say(c, "mnt-master-missing", AT_FIELD(m, "master_id"),
			  "{master_id} of mount {mnt_id} at {mountpoint:t} is "
			  "the shared_id of no mount", VALUES(m->master_id,
			  m->mnt_id, m->mountpoint));
	else if (!check_allows(c, "enable-external-masters"))
		check_say(c, "opt-enable-external-masters", AT_FIELD(m,
			  "master_id"), "the master {master_id} of mount "
			  "{mnt_id} at {mountpoint:t} is outside of the "
			  "checkpoint", VALUES(m->master_id, m->mnt_id,
			  m->mountpoint));
}

static void check(struct check *c)
{
	for EACH(c, T_MNT, mnt, m)
		judge(c, m);
}

const struct area area_sharing = { .rules = rules, .check = check };
