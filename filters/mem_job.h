/* SPDX-License-Identifier: MIT
 *
 * crit-mem's job: what is asked of the memory of tasks (a mode), and the tasks of
 * which checkpoints.
 *
 *   options (crit-mem.c) ─► struct mem ─► mem_run (mem_job.c) ─► mode (mem_modes.c)
 */
#ifndef CRIT_MEM_JOB_H
#define CRIT_MEM_JOB_H

#include "checkpoint.h"
#include "held.h"
#include "whose.h"
#include "mem_write.h"
#include "tables.h"
#include "memory/ranges.h"
#include "report/memory_map.h"
#include "report/memory_sizes.h"
#include "memory/each_task.h"
#include "report/memory_text.h"
#include "memory/pages_seen.h"
#include "base/output_file.h"

struct mem;
struct mode {
	bool (*task)(struct mem *, struct memory *);
	bool files;		/* names mappings: wants files.img */
	bool binary;		/* not for a terminal */
	bool one;		/* of one task */
	const char *columns;	/* of a table: of records; NULL: all of them */
};

enum { AS_TEXT, AS_RECORDS, AS_TABLE };

struct mem {
	const struct mode *mode;
	const char *output, *string, *regex, *schema_file;
	struct schema *loaded;
	unsigned format;		/* AS_TEXT.. */
	bool runs, all, records, null, zero_pages, equal_pages;
	struct table_options tables;
	struct table_job table;
	uint64_t context;
	struct mem_write write;
	enum holes holes;
	struct checkpoint_options where;
	struct memory_choice choice;
	struct pids pids;
	struct memory_sizes sizes;

	struct memory_tasks tasks;
	struct pages_seen *seen;
	struct output_file target;
	struct out out;
	struct memory_copy copy;
	struct search search;
	struct memory *memory;		/* that is searched */
	struct memory behind;		/* the same, where matches are */
	bool follows;			/* it is open */
	bool headed;			/* the map has its first line */
	const struct schema *schema;
	struct held held;		/* answers of tasks that were read as their pages passed */
	bool holding;
	bool named;			/* answers, by the checkpoint's path */
	struct whose whose;
	struct crit_error last;
	struct crit_error err;
	int status;
};

extern const struct mode mode_write, mode_map, mode_runs, mode_sizes, mode_bytes,
	mode_hex, mode_search, mode_args, mode_env, mode_auxv;

/* Answers of each checkpoint; the exit status. */
int mem_run(struct mem *c, char **path, int n);

/* Whether it is a map, which is of any number of tasks. */
static inline bool mem_maps(const struct mem *c)
{
	return c->mode == &mode_map || c->mode == &mode_runs;
}

#endif
