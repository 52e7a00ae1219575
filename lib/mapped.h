/* SPDX-License-Identifier: MIT
 *
 * The files behind mappings: file id -> name, and the shared segment that
 * holds a memfd's bytes. Only files that were asked for are kept.
 */
#ifndef CRIT_MAPPED_H
#define CRIT_MAPPED_H

#include "checkpoint.h"

struct mapped_file {
	uint32_t id;
	bool memfd, has_shmid;
	uint64_t inode, shmid;		/* of a memfd */
	char *name;			/* NULL: not known */
};

struct mapped {
	struct mapped_file *files;	/* by id, after mapped_load */
	size_t n, cap;
	struct crit_error *err;
};

void mapped_init(struct mapped *m, struct crit_error *err);
void mapped_close(struct mapped *m);

/* Asks for a file; then reads files.img (or reg-files.img) and memfd.img
 * once. */
bool mapped_want(struct mapped *m, uint32_t id);
bool mapped_load(struct mapped *m, const struct checkpoint *dir);

/* NULL: nobody asked. */
const struct mapped_file *mapped_find(const struct mapped *m, uint32_t id);

#endif
