// SPDX-License-Identifier: MIT
/*
 * fdinfo-N.img, fs-PID.img: which files tasks have open.
 */
#include "check/areas.h"
#include "check/files.h"
#include "check/tasks.h"

static const struct rule rules[] = {
	{ "fdinfo-missing", WARNING, "a task has no descriptor table" },
	{ "fdinfo-file-missing", ERROR, "the file of a descriptor is missing" },
	{ "fdinfo-type", ERROR, "the type of a descriptor is unknown" },
	{ "fdinfo-duplicate-fd", ERROR, "a descriptor is twice in a table" },
	{ "fdinfo-range", ERROR, "a descriptor above the kernel's limit" },
	{ "fdinfo-flags", WARNING, "unknown flags of a descriptor" },
	{ "fdinfo-unsorted", NOTE, "descriptors are not in order" },
	{ "fs-missing", ERROR, "a task has no fs image" },
	{ "fs-cwd-missing", ERROR, "the working directory is no file" },
	{ "fs-root-missing", ERROR, "the root directory is no file" },
	{ "fs-umask", WARNING, "umask has unknown bits" },
	{ 0 },
};

static const struct test tests[] = {
	{ "fdinfo-range", "fdinfo_entry.fd", TEST_ABOVE, (1 << 20) - 1, 0,
	  "is above the usual limit of the kernel (fs.nr_open)", NULL },
	{ "fdinfo-flags", "fdinfo_entry.flags", TEST_ABOVE, 1, 0,
	  "is not 0 or 1 (close on exec)", NULL },
	{ "fs-umask", "fs_entry.umask", TEST_BITS, 0777, 0,
	  "has unknown bits", NULL },
	{ 0 },
};

static bool has_task(const struct check *c, const void *row)
{
	const struct row *r = row;
	const struct task *t = tasks_find(c, check_image_at(c, r->image)->number);

	return t && t->live;
}

static const struct ref refs[] = {
	{ "fs-cwd-missing", "fs_entry.cwd_id", "REG", true, has_task },
	{ "fs-root-missing", "fs_entry.root_id", "REG", true, has_task },
	{ 0 },
};

static const struct unique uniques[] = {
	{ "fdinfo-duplicate-fd", "fdinfo_entry.fd", IN_IMAGE, true, NULL },
	{ 0 },
};

static void judge_type(struct check *c, const struct fdinfo *f)
{
	if (!f->type)
		check_say_as(c, WARNING, "fdinfo-type", AT_FIELD(f, "type"),
			     "descriptor {fd} has no type: any file of this id "
			     "is taken", VALUES(f->fd));
	else if (f->type >= FD_TYPES)
		check_say(c, "fdinfo-type", AT_FIELD(f, "type"), "{type} of "
			  "descriptor {fd} is unknown", VALUES(f->type, f->fd));
}

static void judge_fd(struct check *c, const struct task *t,
		     const struct fdinfo *f)
{
	bool known = f->type < FD_TYPES;

	judge_type(c, f);
	if (!known || files_use(c, f->type, f->id, true) || !files_known(c))
		return;
	check_say(c, "fdinfo-file-missing", AT_FIELD(f, "id"), "descriptor {fd} "
		  "of task {pid} leads to {type:s} {id}, which is not in the "
		  "images of files", VALUES(f->fd, t->pid,
		  STRING(f->type ? file_kinds[f->type].name : "file"), f->id));
}

static struct fdinfo *table(const struct check *c, const struct task *t)
{
	return t->ids ? check_of_image(c, T_FDINFO, "fdinfo-#.img",
				       t->ids->files_id) : NULL;
}

static void judge_table(struct check *c, const struct task *t)
{
	struct check_image *im = check_find(c, "fdinfo-#.img", t->ids->files_id);
	struct fdinfo *first = table(c, t), *f;
	uint64_t last = 0;
	bool told = im && im->used;

	if (!im) {
		check_say(c, "fdinfo-missing", AT_FIELD(t->ids, "files_id"),
			  "fdinfo-{files_id}.img is missing: task {pid} gets no "
			  "descriptors", VALUES(t->ids->files_id, t->pid));
		return;
	}
	im->used = true;
	for (f = first; f && !told && f->row.image == first->row.image;
	     f = check_next(c, T_FDINFO, f)) {
		judge_fd(c, t, f);
		if (f != first && f->fd < last && !(first->row.flags & ROW_USED)) {
			first->row.flags |= ROW_USED;
			check_say(c, "fdinfo-unsorted", AT_FIELD(f, "fd"),
				  "descriptor {fd} comes after {before}",
				  VALUES(f->fd, last));
		}
		last = f->fd;
	}
}

/* The lowest pid that has a file open: epoll files refer to its descriptor
 * table. */
static void find_owners(struct check *c, const struct task *t)
{
	struct fdinfo *first = table(c, t), *f;

	for (f = first; f && f->row.image == first->row.image;
	     f = check_next(c, T_FDINFO, f)) {
		struct check_file *file = f->type < FD_TYPES ?
			files_find(c, f->type, f->id) : NULL;

		if (file && (!file->owner || file->owner > t->pid))
			file->owner = t->pid;
	}
}

static void check(struct check *c)
{
	for EACH_TASK(c, t) {
		check_use(c, "fs-#.img", t->pid);
		if (!t->live)
			continue;
		if (!check_present(c, "fs-#.img", t->pid))
			check_say(c, "fs-missing", AT(t->entry), "fs-{pid}.img is "
				  "missing", VALUES(t->pid));
		if (t->ids && !t->ids->row.parent) {
			judge_table(c, t);
			find_owners(c, t);
		}
	}
}

const struct area area_fdinfo = {
	.rules = rules, .tests = tests, .refs = refs, .uniques = uniques,
	.check = check,
};
