// SPDX-License-Identifier: MIT
/*
 * Regular files: files.img, reg-files.img.
 */
#include "check/areas.h"
#include "check/files.h"
#include "check/tasks.h"

static const struct rule rules[] = {
	{ "reg-name", ERROR, "a file without a name" },
	{ "reg-name-relative", WARNING, "a name that does not begin with /" },
	{ "reg-mnt-id", ERROR, "the mount of a file is missing" },
	{ "reg-pos", ERROR, "a position that no file has" },
	{ "reg-ext", NOTE, "a file that is given with --inherit-fd" },
	{ 0 },
};

static void judge(struct check *c, const struct reg *r)
{
	const char *name = check_text(c, r->name);

	if (!span_n(r->name))
		check_say(c, "reg-name", AT_FIELD(r, "name"), "file {id} has no "
			  "name", VALUES(r->id));
	else if (!r->ext && *name != '/')
		check_say(c, "reg-name-relative", AT_FIELD(r, "name"), "{name:t} "
			  "of file {id} does not begin with /",
			  VALUES(r->name, r->id));
	if (r->pos >> 63 && r->pos != UINT64_MAX && !(r->flags & OPEN_PATH))
		check_say(c, "reg-pos", AT_FIELD(r, "pos"), "{pos} of file {id} "
			  "is no position", VALUES(r->pos, r->id));
	if (r->ext && !check_allows(c, "inherit-fd"))
		check_say(c, "reg-ext", AT_FIELD(r, "ext"), "{name:t}: give it "
			  "with --inherit-fd, or it is taken as a path",
			  VALUES(r->name));
	if (tasks_dumped(c, NS_MNT) && HAS(r, reg, mnt_id) &&
	    (int64_t)r->mnt_id != -1 &&
	    !check_lookup(c, "mnt_entry.mnt_id", r->mnt_id))
		check_say(c, "reg-mnt-id", AT_FIELD(r, "mnt_id"), "{mnt_id} of "
			  "file {id} ({name:t}) is in no mountpoints image",
			  VALUES(r->mnt_id, r->id, r->name));
}

static void check(struct check *c)
{
	for EACH(c, T_REG, reg, r)
		judge(c, r);
}

const struct area area_reg = { .rules = rules, .check = check };
