// SPDX-License-Identifier: MIT
/*
 *   bytes that were written ─► a line on the terminal: bytes, rate, time left
 */
#include "copy_job.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static const char *size(char buf[24], double n)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	size_t i = 0;

	for (; n >= 1024 && i < 4; i++)
		n /= 1024;
	snprintf(buf, 24, i ? "%.1f %s" : "%.0f %s", n, units[i]);
	return buf;
}

static void show(struct job *j, double t)
{
	char done[24], all[24], rate[24];
	double speed = (double)j->moved / (t - j->started);

	fprintf(stderr, "\r%s", size(done, (double)j->moved));
	if (j->total > j->moved)
		fprintf(stderr, " of %s", size(all, (double)j->total));
	fprintf(stderr, ", %s/s", size(rate, speed));
	if (j->total > j->moved)
		fprintf(stderr, ", %.0f s left",
			(double)(j->total - j->moved) / speed);
	fputs("\033[K", stderr);
	j->told = t;
}

static void moved(void *arg, uint64_t n)
{
	struct job *j = arg;
	double t = now();

	j->moved += n;
	if (t - j->started > 1 && t - j->told > 0.2)
		show(j, t);
}

static bool add(void *ctx, const struct member *m, const struct blob *b)
{
	if (b)
		((struct job *)ctx)->total += m->size;
	return true;
}

void job_progress_begin(struct job *j)
{
	struct crit_error err;

	if (!isatty(STDERR_FILENO))
		return;
	j->started = now();
	j->target->moved = moved;
	j->target->moved_arg = j;
	error_clear(&err);
	if (j->captures || job_rewrites(j))
		return;
	if (j->source.content == CONTENT_DIR)
		tree_dir(j->from, add, j, &err);
	else if (!j->source.kind && j->source.raw.size != BLOB_UNKNOWN)
		j->total = j->source.raw.size;
}

void job_progress_end(struct job *j)
{
	if (j->told > 0)
		fputs("\r\033[K", stderr);
	j->told = 0;
}
