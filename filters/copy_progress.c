// SPDX-License-Identifier: MIT
/*
 *   bytes that were written, bytes there are ─► progress.c
 */
#include "copy_job.h"
#include "progress.h"

#include <unistd.h>

static void moved(void *arg, uint64_t n)
{
	struct blob_meter *m = arg;

	m->done += n;
	m->tell(m);
}

static bool add(void *ctx, const struct member *m, const struct blob *b)
{
	if (b)
		*(uint64_t *)ctx += m->size;
	return true;
}

void job_progress_begin(struct job *j)
{
	struct crit_error err;
	uint64_t all = 0;

	if (!isatty(STDERR_FILENO))
		return;
	j->target->moved = moved;
	j->target->moved_arg = progress_meter(j->to);
	error_clear(&err);
	if (j->captures || job_rewrites(j))
		return;
	if (j->source.content == CONTENT_DIR)
		tree_dir(j->from, add, &all, &err);
	else if (!j->source.kind && j->source.raw.size != BLOB_UNKNOWN)
		all = j->source.raw.size;
	progress_all(all);
}
