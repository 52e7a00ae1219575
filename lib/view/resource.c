// SPDX-License-Identifier: MIT
/*
 * What people, and CRIU's options, call a file that has no path.
 *
 *   facts of a file ─► a value of them ─► "memfd:name", "tty[8800:27]"
 */
#include "view/view.h"

#include <inttypes.h>
#include <string.h>

/* What another image says of the file. */
static bool note_value(struct view *v, int32_t type, uint32_t id,
		       const char *name, struct fact *fact)
{
	const struct model_file *f = model_file(v->model, type, id);
	const struct model_note *note = f ?
		model_note(v->model, type, f->number) : NULL;

	return note && facts_find(v->model, note->facts, name, fact);
}

static bool to_number(const struct fact *fact, uint32_t *number)
{
	*number = (uint32_t)fact->number;
	return fact->op == FACT_NUMBER && fact->number <= UINT32_MAX;
}

static bool note_number(struct view *v, int32_t type, uint32_t id,
			const char *name, uint32_t *number)
{
	struct fact fact;

	return note_value(v, type, id, name, &fact) && to_number(&fact, number);
}

static bool add_memfd(struct view *v, uint32_t id)
{
	struct fact fact;

	if (!note_value(v, FD_MEMFD, id, "name", &fact) ||
	    fact.op != FACT_BYTES)
		return false;
	view_add_bytes(v, "memfd:", 6);
	view_add_bytes(v, fact.bytes, fact.number);
	return true;
}

/* Devices as Linux numbers them. */
static const struct {
	uint32_t major, from, to;
	const char *name;
	bool number;
} ttys[] = {
	{ 5, 0, 0, "/dev/tty", false }, { 5, 1, 1, "/dev/console", false },
	{ 5, 2, 2, "/dev/ptmx", false }, { 4, 0, 63, "/dev/tty", true },
	{ 4, 64, 255, "/dev/ttyS", true }, { 136, 0, 1 << 20, "/dev/pts/", true },
};

static bool add_tty(struct view *v, uint32_t id)
{
	uint32_t rdev;

	if (!note_number(v, FD_TTY, id, "rdev", &rdev))
		return false;
	for (size_t i = 0; i < sizeof(ttys) / sizeof(*ttys); i++) {
		uint32_t major = rdev >> 8 & 0xfff;
		uint32_t minor = (rdev & 0xff) | (rdev >> 12 & 0xfff00);

		if (ttys[i].major != major || minor < ttys[i].from ||
		    minor > ttys[i].to)
			continue;
		view_add(v, "%s", ttys[i].name);
		if (ttys[i].number)
			view_add(v, "%" PRIu32, minor - ttys[i].from);
		return true;
	}
	view_add(v, "tty %" PRIu32 ":%" PRIu32, rdev >> 8 & 0xfff,
		 (rdev & 0xff) | (rdev >> 12 & 0xfff00));
	return true;
}

/* A fifo has a file of its own. */
static bool add_fifo(struct view *v, uint32_t id)
{
	const struct model_file *f = model_file(v->model, FD_FIFO, id);
	struct fact fact;
	uint32_t file;

	if (!f || !facts_find(v->model, f->facts, "regf_id", &fact) ||
	    !to_number(&fact, &file))
		return false;
	view_add_path(v, FD_REG, file);
	return true;
}

bool view_add_known(struct view *v, int32_t type, uint32_t id)
{
	return (type == FD_MEMFD && add_memfd(v, id)) ||
	       (type == FD_TTY && add_tty(v, id)) ||
	       (type == FD_FIFO && add_fifo(v, id));
}

bool view_add_resource(struct view *v, int32_t type, uint32_t id)
{
	const struct model_file *f = model_file(v->model, type, id);
	uint32_t rdev, dev;

	if (!f)
		return false;
	if (type == FD_PIPE && f->has & FILE_HAS_PIPE) {
		view_add(v, "pipe:[%" PRIu64 "]", f->number);
	} else if (type == FD_UNIXSK && f->has & FILE_HAS_UNIX) {
		view_add(v, "socket:[%" PRIu32 "]", f->ino);
	} else if (type == FD_TTY && note_number(v, type, id, "rdev", &rdev) &&
		   note_number(v, type, id, "dev", &dev)) {
		view_add(v, "tty[%" PRIx32 ":%" PRIx32 "]", rdev, dev);
	} else {
		return false;
	}
	return true;
}
