// SPDX-License-Identifier: MIT
/*
 *   address space ─► runs ─► ranges of pages images, blocks, zeros ─► output
 */
#include "memory/copy.h"

#include <inttypes.h>
#include <string.h>

bool memory_copy_open(struct memory_copy *c, int fd, const char *name,
		      enum holes holes, struct crit_error *err)
{
	bool ok;

	memset(c, 0, sizeof(*c));
	c->holes = holes;
	ok = blob_copy_open(&c->to, fd, name, err);
	c->buf = c->to.buf;
	return ok;
}

void memory_copy_close(struct memory_copy *c)
{
	blob_copy_close(&c->to);
	c->buf = NULL;
}

static bool put_raw(struct memory_copy *c, const struct run *run)
{
	if (!pages_file(run) ||
	    !blob_copy_range(&c->to, run->blob, run->file, run->at,
			     run->end - run->start))
		return false;
	/* the next segment may close the file of this one */
	return !run->shared || blob_copy_flush(&c->to);
}

static bool put_unpacked(struct memory_copy *c, struct memory *m,
			 const struct run *run)
{
	for (uint64_t addr = run->start; addr < run->end; ) {
		size_t k = memory_read(m, run, addr, c->buf, COPY_BUFFER);

		if (!k || !blob_copy_put(&c->to, c->buf, k))
			return false;
		addr += k;
	}
	return true;
}

static bool put_hole(struct memory_copy *c, const struct run *run)
{
	uint64_t n = run->end - run->start;

	if (run->kind == RUN_LAZY)
		c->lazy += n;
	if (c->holes == HOLES_SKIP)
		return true;
	if (c->holes == HOLES_ZERO)
		return blob_copy_zeros(&c->to, n);
	return error_set(c->to.err, CRIT_EDATA, "no image has the bytes of 0x%" PRIx64
			 "-0x%" PRIx64, run->start, run->end);
}

bool memory_copy_run(struct memory_copy *c, struct memory *m,
		     const struct run *run)
{
	if (run->kind == RUN_RAW)
		return put_raw(c, run);
	if (!blob_copy_flush(&c->to))
		return false;
	if (run->kind == RUN_PACKED)
		return put_unpacked(c, m, run);
	if (run->kind == RUN_ZERO)
		return blob_copy_zeros(&c->to, run->end - run->start);
	return put_hole(c, run);
}

bool memory_copy_range(struct memory_copy *c, struct memory *m, uint64_t start,
		       uint64_t end)
{
	struct run run;

	for (uint64_t addr = start; addr < end; addr = run.end) {
		if (!memory_run(m, addr, &run))
			return false;
		if (run.end > end)
			run.end = end;
		if (!memory_copy_run(c, m, &run))
			return false;
	}
	return blob_copy_flush(&c->to);
}

bool memory_copy_finish(struct memory_copy *c)
{
	return blob_copy_finish(&c->to);
}
