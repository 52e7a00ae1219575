// SPDX-License-Identifier: MIT
/*
 * What people, and CRIU's options, call a file that has no path.
 *
 *   facts of a file (JSON of ours) ─► a value of it ─► "memfd:name", "tty[8800:27]"
 */
#include "view/view.h"

#include <inttypes.h>
#include <string.h>

/* The end of the string or the bare word at p. */
static const char *token_end(const char *p, const char *end)
{
	if (*p != '"') {
		while (p < end && !strchr(",:{}[]\"", *p))
			p++;
		return p;
	}
	for (p++; p < end && *p != '"'; p++)
		p += *p == '\\' && p + 1 < end;
	return p < end ? p + 1 : end;
}

/* The value of a key of the object, which may be any; NULL: it has none. */
static const char *find(const char *p, size_t n, const char *key, size_t *size)
{
	const char *end = p + n, *name = NULL;
	size_t length = 0;
	int depth = 0;

	while (p < end) {
		const char *to;

		if (strchr(",:{}[]", *p)) {
			depth += (*p == '{' || *p == '[') - (*p == '}' || *p == ']');
			name = *p == ':' ? name : NULL;
			p++;
			continue;
		}
		to = token_end(p, end);
		if (depth == 1 && name && length == strlen(key) + 2 &&
		    !memcmp(name + 1, key, length - 2)) {
			*size = (size_t)(to - p);
			return p;
		}
		name = p;
		length = (size_t)(to - p);
		p = to;
	}
	return NULL;
}

/* What another image says of the file. */
static const char *note_value(struct view *v, int32_t type, uint32_t id,
			      const char *key, size_t *size)
{
	const struct model_file *f = model_file(v->model, type, id);
	const struct model_note *note = f ?
		model_note(v->model, type, f->number) : NULL;

	return note ? find(model_text(v->model, note->facts), note->facts.len,
			   key, size) : NULL;
}

static bool to_number(const char *p, size_t size, uint32_t *number)
{
	uint64_t n = 0;

	if (!p || !size || size > 10)
		return false;
	for (; size; p++, size--) {
		if (*p < '0' || *p > '9')
			return false;
		n = n * 10 + (uint64_t)(*p - '0');
	}
	*number = (uint32_t)n;
	return n <= UINT32_MAX;
}

static bool note_number(struct view *v, int32_t type, uint32_t id,
			const char *key, uint32_t *number)
{
	size_t size = 0;
	const char *p = note_value(v, type, id, key, &size);

	return to_number(p, size, number);
}

static bool add_memfd(struct view *v, uint32_t id)
{
	size_t size;
	const char *p = note_value(v, FD_MEMFD, id, "name", &size);

	if (!p || size < 2 || *p != '"')
		return false;
	view_add_bytes(v, "memfd:", 6);
	view_add_bytes(v, p + 1, size - 2);
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
	size_t size = 0;
	uint32_t file;

	if (!f || !to_number(find(model_text(v->model, f->facts), f->facts.len,
				  "regf_id", &size), size, &file))
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
