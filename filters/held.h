/* SPDX-License-Identifier: MIT
 *
 * Answers that come in the order of an archive, to be printed in another one:
 *
 *   out ─► spool, with an end for each task ─► out, task by task
 */
#ifndef CRIT_HELD_H
#define CRIT_HELD_H

#include "base/buffer.h"

struct held_answer {
	uint32_t pid;
	uint64_t start, end;
};

struct held {
	struct spool spool;
	struct held_answer *answers;
	size_t n, cap;
};

void held_init(struct held *h, struct crit_error *err);
void held_free(struct held *h);

/* What out sends goes into h. */
void held_begin(struct held *h, struct out *out);

/* The answer of a task is complete. False: no memory. */
bool held_end(struct held *h, struct out *out, uint32_t pid);

/* Sends what a task's answer was, if there was one. */
void held_put(struct held *h, struct out *out, uint32_t pid);

#endif
