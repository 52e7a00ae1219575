// SPDX-License-Identifier: MIT
/*
 * What CRIU's options call a file.
 *
 *   facts of a file ─► a value of them ─► "pipe:[1]", "tty[8800:27]"
 */
#include "view/view.h"

#include <inttypes.h>

bool view_note(struct view *v, int32_t type, uint32_t id, const char *name,
	       struct fact *fact)
{
	const struct model_file *f = model_file(v->model, type, id);
	const struct model_note *note = f ?
		model_note(v->model, type, f->number) : NULL;

	return note && facts_find(v->model, note->facts, name, fact);
}

static bool add_tty(struct view *v, const struct model_file *f, uint32_t id)
{
	struct fact rdev, dev;

	(void)f;
	if (!view_note(v, FD_TTY, id, "rdev", &rdev) ||
	    !view_note(v, FD_TTY, id, "dev", &dev))
		return false;
	view_add(v, "tty[%" PRIx64 ":%" PRIx64 "]", rdev.number, dev.number);
	return true;
}

static bool add_pipe(struct view *v, const struct model_file *f, uint32_t id)
{
	(void)id;
	if (f->has & FILE_HAS_PIPE)
		view_add(v, "pipe:[%" PRIu64 "]", f->number);
	return f->has & FILE_HAS_PIPE;
}

static bool add_unix(struct view *v, const struct model_file *f, uint32_t id)
{
	(void)id;
	if (f->has & FILE_HAS_UNIX)
		view_add(v, "socket:[%" PRIu32 "]", f->ino);
	return f->has & FILE_HAS_UNIX;
}

/* The path from the root on; what was external has its key as name,
 * "file[MNT_ID:INODE]". */
static bool add_regular(struct view *v, const struct model_file *f, uint32_t id)
{
	const char *name = model_text(v->model, f->name);
	size_t n = f->has & FILE_HAS_NAME ? f->name.len : 0;

	(void)id;
	if (n == 1 && *name == '/')
		view_add(v, ".");
	else if (n)
		view_add_bytes(v, name + (*name == '/'), n - (*name == '/'));
	return n;
}

bool view_memfd(struct view *v, uint32_t id, const char *before)
{
	struct fact name;

	if (!view_note(v, FD_MEMFD, id, "name", &name) || name.op != FACT_BYTES)
		return false;
	view_add(v, "%s", before);
	view_add_bytes(v, name.bytes, name.number);
	return true;
}

static bool add_memfd(struct view *v, const struct model_file *f, uint32_t id)
{
	(void)f;
	return view_memfd(v, id, MEMFD_PATH);
}

static const struct {
	int32_t type;
	bool (*add)(struct view *v, const struct model_file *f, uint32_t id);
} resources[] = {
	{ FD_REG, add_regular }, { FD_PIPE, add_pipe }, { FD_UNIXSK, add_unix },
	{ FD_TTY, add_tty }, { FD_MEMFD, add_memfd },
};

bool view_add_resource(struct view *v, int32_t type, uint32_t id)
{
	const struct model_file *f = model_file(v->model, type, id);

	for (size_t i = 0; f && i < sizeof(resources) / sizeof(*resources); i++)
		if (resources[i].type == type)
			return resources[i].add(v, f, id);
	return false;
}
