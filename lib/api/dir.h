/* SPDX-License-Identifier: MIT
 *
 * A checkpoint that is open through the API.
 */
#ifndef CRIT_API_DIR_H
#define CRIT_API_DIR_H

#include "api/api.h"
#include "store/store.h"

struct crit_dir {
	struct crit *c;
	struct store dir;
	size_t at;			/* next of its files */
	char *path;			/* as it was opened, for messages */
	bool has_path;			/* it can be opened there again */
	char *place;			/* before names of images: "cp.tar: " */
	char *image_dir, *parent;	/* copies of crit_how's */
	char **shards;
	size_t n_shards;
};

/* The context of a task's memory: memory.c. */
struct crit *api_context(const struct crit_memory *m);

/* As api_fail; the error names the directory or archive, too. */
bool dir_fail(const struct crit_dir *d, struct crit_error *to,
	      const struct crit_error *from);

#endif
