/* SPDX-License-Identifier: MIT
 *
 * What a task's memory says to people: its strings, a dump, what a search
 * finds.
 */
#ifndef CRIT_REPORT_MEMORY_TEXT_H
#define CRIT_REPORT_MEMORY_TEXT_H

#include "memory/arguments.h"
#include "memory/copy.h"
#include "search/search.h"

/* How: records; or raw: each string with its NUL; or lines, with the pid
 * before them where pid. */
struct memory_form {
	bool records, raw, pid;
};

/* note: of arguments.h; records have it, too. Raw strings need none: "". */
bool memory_args(struct memory *m, struct out *out, struct memory_form form,
		 char note[MEMORY_NOTE]);
bool memory_env(struct memory *m, struct out *out, struct memory_form form,
		char note[MEMORY_NOTE]);
bool memory_auxv(struct memory *m, struct out *out, struct memory_form form);

/* start to end as hexdump -C. buf: COPY_BUFFER bytes. */
bool memory_dump(struct memory *m, struct out *out, uint64_t start,
		 uint64_t end, enum holes holes, uint8_t *buf);

/* Gives what images have of start to end to s. */
bool memory_search(struct memory *m, struct search *s, uint64_t start,
		   uint64_t end);

/* A line or record for a match. run: what its first byte lies in, or NULL. */
void memory_match(struct memory *m, const struct search_match *match,
		  const struct run *run, struct out *out, bool records);

#endif
