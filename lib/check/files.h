/* SPDX-License-Identifier: MIT
 *
 * Files by type and id, wherever they come from: files.img, or the images of
 * old CRIU, one for each type.
 */
#ifndef CRIT_CHECK_FILES_H
#define CRIT_CHECK_FILES_H

#include "check/rows_file.h"
#include "check/check.h"
#include "facts.h"

enum { FD_TYPES = FD_PIDFD + 1 };

struct check_file {
	uint64_t id;
	uint32_t type;
	uint32_t users;		/* references of any kind */
	uint32_t fds;		/* descriptors and packets: these open it */
	struct file_row *row;	/* of its kind (struct reg, ...), or NULL */
	struct row *entry;	/* what the image has of it */
	uint64_t owner;		/* lowest pid that has it open, or 0 */
};

struct file_kind {
	const char *name;	/* "REG" */
	const char *member;	/* of file_entry */
	enum table table;
	const char *old;	/* image of old CRIU */
};
extern const struct file_kind file_kinds[FD_TYPES];

/* Whether the entry has the member of this type, and its row: NULL where there
 * are several members. */
static inline bool file_has(const struct file_entry *e, uint32_t type)
{
	return e->row.seen >> (type + 1) & 1;
}

struct file_row *file_member(const struct check *c, const struct file_entry *e,
			     uint32_t type);

/* After all images have been read. */
bool files_make(struct check *c);
void files_free(struct check *c);

/* The file, or NULL. FD_UND: of any type. */
struct check_file *files_find(const struct check *c, uint64_t type, uint64_t id);
/* The next one of that id, or NULL. */
struct check_file *files_next(const struct check *c,
			      const struct check_file *f);

struct check_file *files_first(const struct check *c);
#define EACH_FILE(c, f) \
	(struct check_file *f = files_first(c); f; f = files_after(c, f))
struct check_file *files_after(const struct check *c,
			       const struct check_file *f);

/* Whether files can be judged at all: their images could be read. */
bool files_known(const struct check *c);
bool files_old(const struct check *c);

/* The type of that name, or -1. */
int files_type(const char *name);

/* Counts a use. Returns false if the file does not exist. */
bool files_use(struct check *c, uint64_t type, uint64_t id, bool fd);

#endif
