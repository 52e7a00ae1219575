/* SPDX-License-Identifier: MIT
 *
 * The notes that a process has once: who it is, its auxiliary vector, the
 * files that it maps.
 */
#ifndef CRIT_CORE_PROCESS_H
#define CRIT_CORE_PROCESS_H

#include "core/notes.h"

/* One note: whole, or its head, size bytes into the spool, its end. */
bool core_note(struct core_notes *n, const char *owner, uint32_t type,
	       const void *p, size_t size);
bool core_note_begin(struct core_notes *n, const char *owner, uint32_t type,
		     uint64_t size);
bool core_note_end(struct core_notes *n);

/* NT_PRPSINFO, NT_SIGINFO, NT_AUXV, NT_FILE. */
bool core_process_notes(struct core_notes *n, const struct core_tree *tree,
			const struct core_facts *facts, struct memory *m);

#endif
