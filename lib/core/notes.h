/* SPDX-License-Identifier: MIT
 *
 * The notes of a core, put aside until the headers before them are written:
 * their size comes first in the file.
 *
 *   namesz | descsz | type | "CORE\0..." | desc.. | padding to 4
 */
#ifndef CRIT_CORE_NOTES_H
#define CRIT_CORE_NOTES_H

#include "base/buffer.h"
#include "core/thread.h"
#include "core/tree.h"
#include "memory/address_space.h"

struct core_notes {
	const struct core_arch *arch;
	bool big;
	struct spool spool;
	struct crit_error *err;
	bool no_files;		/* NT_FILE would be too large, and is left out */
};

void core_notes_init(struct core_notes *n, const struct core_arch *arch,
		     bool big, struct crit_error *err);
void core_notes_close(struct core_notes *n);

/* All notes of a task; each of its threads' images is read in turn. */
bool core_notes_task(struct core_notes *n, const struct core_tree *tree,
		     struct memory *m);

#endif
