// SPDX-License-Identifier: MIT
/*
 * Pipes and named pipes, and the bytes that wait in them.
 */
#include "check/areas.h"
#include "check/files.h"
#include "check/tasks.h"

#include <string.h>
#include <sys/stat.h>

static const struct rule rules[] = {
	{ "fifo-regf-missing", ERROR, "the file of a named pipe is missing" },
	{ "fifo-mode", ERROR, "the file of a named pipe is none" },
	{ "pipe-data-capacity", ERROR, "more bytes than a pipe holds" },
	{ "pipe-data-size-odd", WARNING, "a capacity that the kernel rounds" },
	{ "pipe-data-duplicate", WARNING, "data of one pipe twice" },
	{ "pipe-data-orphan", WARNING, "data of a pipe that is not there" },
	{ 0 },
};

static const struct unique uniques[] = {
	{ "pipe-data-duplicate", "pipe_data_entry.pipe_id", IN_IMAGE, true,
	  NULL },
	{ 0 },
};

static void judge_fifo(struct check *c, const struct fifo *f)
{
	uint64_t id = HAS(f, fifo, regf_id) ? f->regf_id : f->id;
	const struct check_file *file = files_find(c, FD_REG, id);
	const struct reg *r = file ? (const void *)file->row : NULL;

	if (!files_use(c, FD_REG, id, false) && files_known(c))
		check_say(c, "fifo-regf-missing", AT(f), "the file {regf_id} of "
			  "named pipe {id} is missing", VALUES(id, f->id));
	if (r && HAS(r, reg, mode) && !S_ISFIFO(r->mode))
		check_say(c, "fifo-mode", AT(f), "file {regf_id} ({name:t}) of "
			  "named pipe {id} is none", VALUES(id, r->name, f->id));
}

static void judge_data(struct check *c, const struct pipe_data *d)
{
	bool fifo = !strcmp(check_image_at(c, d->row.image)->name,
			    "fifo-data.img");
	bool sized = HAS(d, pipe_data, size);
	uint64_t room = sized ? d->size : 65536;

	if (d->bytes > room)
		check_say(c, "pipe-data-capacity", AT_FIELD(d, "bytes"),
			  "{bytes} bytes wait in pipe {pipe_id}, which holds "
			  "{size}", VALUES(d->bytes, d->pipe_id, room));
	if (sized && (d->size < 4096 || d->size & (d->size - 1)))
		check_say(c, "pipe-data-size-odd", AT_FIELD(d, "size"), "{size} "
			  "is no capacity of a pipe", VALUES(d->size));
	if (files_known(c) && !check_lookup(c, fifo ? "fifo_entry.pipe_id" :
					    "pipe_entry.pipe_id", d->pipe_id))
		check_say(c, "pipe-data-orphan", AT_FIELD(d, "pipe_id"), "no "
			  "pipe {pipe_id} is there: its data are lost",
			  VALUES(d->pipe_id));
}

static void check(struct check *c)
{
	for EACH(c, T_FIFO, fifo, f)
		judge_fifo(c, f);
	for EACH(c, T_PIPE_DATA, pipe_data, d)
		judge_data(c, d);
}

const struct area area_pipes = {
	.rules = rules, .uniques = uniques, .check = check,
};
