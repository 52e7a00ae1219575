/* SPDX-License-Identifier: MIT
 *
 * The files behind mappings: file id -> name, and the shared segment that
 * holds a memfd's bytes. Only files that were asked for are kept.
 *
 * The model (model.h) knows files, too, with all that is said of them, from
 * images in any order. For a few names of a checkpoint whose images can be
 * chosen it is dear: 6 % more instructions of crit-mem, 23 % for one task.
 */
#ifndef CRIT_CHECKPOINT_MAPPED_FILES_H
#define CRIT_CHECKPOINT_MAPPED_FILES_H

#include "store/store.h"

enum { BUILD_ID_MAX = 20 };

struct mapped_file {
	uint32_t id;
	bool memfd, has_shmid;
	bool has_size;
	uint8_t build_id_n;		/* 0: not known */
	uint8_t build_id[BUILD_ID_MAX];
	uint64_t size;
	uint64_t inode, shmid;		/* of a memfd */
	char *name;			/* NULL: not known */
};

struct mapped_files {
	struct mapped_file *files;	/* by id, after mapped_files_load */
	size_t n, cap;
	struct crit_error *err;
};

void mapped_files_init(struct mapped_files *m, struct crit_error *err);
void mapped_files_close(struct mapped_files *m);

/* Asks for a file; then reads files.img (or reg-files.img) and memfd.img
 * once. */
bool mapped_files_want(struct mapped_files *m, uint32_t id);
bool mapped_files_load(struct mapped_files *m, const struct store *dir);

/* NULL: not wanted. */
const struct mapped_file *mapped_files_find(const struct mapped_files *m, uint32_t id);

#endif
