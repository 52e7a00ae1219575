// SPDX-License-Identifier: MIT
/*
 * files.img: types, ids and members; then, at the end, who uses each file.
 */
#include "check/areas.h"
#include "check/files.h"
#include "check/tasks.h"

#include <string.h>

static const struct rule rules[] = {
	{ "files-type", ERROR, "a type of file that no image may have" },
	{ "files-member-missing", ERROR, "a file without the part of its type" },
	{ "files-member-extra", WARNING, "a file with a part of another type" },
	{ "files-id-mismatch", ERROR, "the id of a file and of its part differ" },
	{ "files-id-duplicate", ERROR, "two files of one type and id" },
	{ "files-id-cross-type", WARNING, "files of two types have one id" },
	{ "files-id-zero", WARNING, "the id of a file is 0" },
	{ "file-fown", ERROR, "the owner of a file cannot be" },
	{ "fown-pid-missing", WARNING, "the owner of a file is no task" },
	{ "ext-file-plugin", NOTE, "a plugin restores the file" },
	{ "opt-deprecated", NOTE, "restore needs --deprecated" },
	{ 0 },
};

static void judge_members(struct check *c, const struct file_entry *e)
{
	for (uint32_t t = 1; t < FD_TYPES; t++) {
		const struct file_kind *k = &file_kinds[t];
		const struct file_row *row = file_member(c, e, t);
		bool has = file_has(e, t);

		if (t == e->type && !has)
			check_say(c, "files-member-missing", AT(e), "file {id} is "
				  "of type {type:s}, but has no {member:s}",
				  VALUES(e->id, STRING(k->name), STRING(k->member)));
		if (t != e->type && has && e->type < FD_TYPES)
			check_say(c, "files-member-extra", AT_FIELD(e, k->member),
				  "file {id} is of another type, {type}",
				  VALUES(e->id, e->type));
		if (t == e->type && row && row->id != e->id)
			check_say(c, "files-id-mismatch", AT_FIELD(row, "id"),
				  "{member_id}, but the entry has {id}",
				  VALUES(row->id, e->id));
	}
}

static void judge_entry(struct check *c, const struct file_entry *e)
{
	if (!e->type || e->type >= FD_TYPES)
		check_say(c, "files-type", AT_FIELD(e, "type"), "{type} of file "
			  "{id} is no type that an image may have",
			  VALUES(e->type, e->id));
	if (!e->id)
		check_say(c, "files-id-zero", AT_FIELD(e, "id"), "0 is no id", NULL);
	judge_members(c, e);
}

/* Whether two rows of one kind hold the same numbers; text is compared, too. */
static bool same_row(const struct check *c, const struct check_file *a,
		     const struct check_file *b)
{
	const struct table_rule *t = &check_tables[file_kinds[a->type].table];

	if (!a->row || !b->row)
		return a->row == b->row;
	for (size_t i = 0; i < t->n; i++) {
		uint64_t x = column_value(a->row, &t->columns[i]);
		uint64_t y = column_value(b->row, &t->columns[i]);

		if (t->columns[i].take == TAKE_TEXT) {
			if (span_n(x) != span_n(y) || memcmp(check_text(c, x),
			    check_text(c, y), span_n(x)))
				return false;
		} else if (t->columns[i].take < TAKE_LIST && x != y) {
			return false;
		}
	}
	return true;
}

static void judge_pair(struct check *c, const struct check_file *a,
		       const struct check_file *b)
{
	const char *name = file_kinds[b->type].name;
	bool tun = a->type == FD_REG && b->type == FD_TUNF;

	if (a->type == b->type)
		check_say_as(c, b->type == FD_PIPE || b->type == FD_UNIXSK ||
			     b->type == FD_TTY || !same_row(c, a, b) ?
			     ERROR : WARNING, "files-id-duplicate",
			     AT_FIELD(b->entry, "id"), "{type:s} {id} is there "
			     "already, in entry {entry}",
			     VALUES(STRING(name), b->id, a->entry->entry));
	else if (!tun && !files_old(c))
		check_say(c, "files-id-cross-type", AT_FIELD(b->entry, "id"),
			  "{id} is the id of a file of type {other:s} and of "
			  "one of type {type:s}", VALUES(b->id,
			  STRING(file_kinds[a->type].name), STRING(name)));
}

static bool has_group(const struct check *c, uint64_t pgid)
{
	return check_lookup(c, "pstree_entry.pgid", pgid);
}

static void judge_owner(struct check *c, const struct fown *f)
{
	if (!f->pid)
		return;
	if (f->pid_type > 2)
		check_say(c, "file-fown", AT_FIELD(f, "pid_type"), "{value} is no "
			  "kind of owner", VALUES(f->pid_type));
	if (f->signum > 64)
		check_say(c, "file-fown", AT_FIELD(f, "signum"), "{value} is no "
			  "signal", VALUES(f->signum));
	if (tasks_find(c, f->pid) || (f->pid_type == 2 && has_group(c, f->pid)))
		return;
	check_say_as(c, tasks_dumped(c, NS_PID) ? ERROR : WARNING,
		     "fown-pid-missing", AT_FIELD(f, "pid"), "the owner {pid} is "
		     "no task", VALUES(f->pid));
}

static const char *const deprecated[] = {
	"eventpoll-tfd.img", "inotify-wd.img", "fanotify-mark.img",
	"itimers-*.img", "posix-timers-*.img", "rlimit-*.img",
};

static void judge_deprecated(struct check *c)
{
	for (size_t i = 0; i < c->images.n; i++) {
		const struct check_image *im = check_image_at(c, i);

		for (size_t k = 0; im->template && k < sizeof(deprecated) /
		     sizeof(*deprecated); k++)
			if (!strcmp(im->template, deprecated[k]) &&
			    im->entries && !check_allows(c, "deprecated"))
				check_say(c, "opt-deprecated", AT_IMAGE(im),
					  "restore needs --deprecated for this "
					  "image", NULL);
	}
}

static void check(struct check *c)
{
	struct check_file *last = NULL;

	for EACH(c, T_FILE, file_entry, e)
		judge_entry(c, e);
	for EACH_FILE(c, f) {
		if (last && last->id == f->id)
			judge_pair(c, last, f);
		last = f;
	}
	for EACH(c, T_FOWN, fown, o)
		judge_owner(c, o);
	for EACH(c, T_EXT, ext, x)
		check_say(c, "ext-file-plugin", AT(x), "a plugin restores file "
			  "{id}", VALUES(x->id));
	judge_deprecated(c);
}

static const struct rule user_rules[] = {
	{ "files-unused-master", ERROR, "a pipe or unix socket that nobody has "
		"open" },
	{ "files-orphan", NOTE, "a file that nobody uses" },
	{ 0 },
};

static bool is_master(const struct check_file *f)
{
	const struct unixsk *u = (const void *)f->row;

	return f->type == FD_PIPE || (f->type == FD_UNIXSK && u &&
				      !(u->uflags & 1));
}

/* After all areas that count uses. */
static void check_users(struct check *c)
{
	if (c->kind != DIR_FULL)
		return;
	for EACH_FILE(c, f) {
		const char *name = file_kinds[f->type].name;

		if (is_master(f) && !f->fds)
			check_say(c, "files-unused-master", AT(f->entry),
				  "{type:s} {id}: no descriptor and no packet "
				  "leads to it", VALUES(STRING(name), f->id));
		else if (!is_master(f) && !f->users)
			check_say(c, "files-orphan", AT(f->entry), "{type:s} {id}: "
				  "nothing leads to it",
				  VALUES(STRING(name), f->id));
	}
}

const struct area area_files = { .rules = rules, .check = check };
const struct area area_users = { .rules = user_rules, .check = check_users };
