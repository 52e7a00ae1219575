// SPDX-License-Identifier: MIT
/*
 *   checkpoint ─► task, task, ... ─► an ELF core of each
 */
#include "checkpoint.h"
#include "filter.h"
#include "load_schema.h"
#include "base/output_file.h"
#include "checkpoint/tasks.h"
#include "core/core.h"
#include "schema/load.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct job {
	const char *output, *dir, *sysroot, *schema_file;
	struct pids pids;
	struct checkpoint_options where;

	struct schema *loaded;
	struct store store;
	struct output_dir target;
	struct crit_error err;
	int status;
};

/* The worst status wins, and the rest still runs. */
static void failed(struct job *j)
{
	filter_worst(&j->status, filter_error(&j->err));
	error_clear(&j->err);
}

static bool open_core(struct job *j, struct core *c, uint32_t pid)
{
	memset(c, 0, sizeof(*c));
	c->sysroot = j->sysroot;
	c->warn = filter_warning;
	return core_open(c, &j->store, pid, &j->err);
}

static bool write_file(struct job *j, struct core *c)
{
	struct output_file t;

	if (!j->output)
		return core_write(c, STDOUT_FILENO, STDOUT_NAME);
	if (!output_file_open(&t, j->output, OUTPUT_PRIVATE, &j->err))
		return false;
	if (core_write(c, t.fd, j->output))
		return output_file_commit(&t, &j->err);
	output_file_abort(&t);
	return false;
}

static void one_core(struct job *j)
{
	struct core c;

	if (!open_core(j, &c, j->pids.pid[0]) || !write_file(j, &c))
		failed(j);
	core_close(&c);
}

static bool write_member(struct job *j, struct core *c, uint32_t pid)
{
	char name[32], shown[ERROR_IMAGE];
	bool ok;
	int fd;

	snprintf(name, sizeof(name), "core.%" PRIu32, pid);
	error_image_in(shown, j->dir, name);
	fd = output_dir_file(&j->target, name, &j->err);
	if (fd < 0)
		return false;
	ok = core_write(c, fd, shown);
	if (close(fd) && ok)
		ok = error_set(&j->err, CRIT_EIO, "%s: cannot close", shown);
	return ok;
}

static bool each_core(struct job *j)
{
	struct core c;

	if (!output_dir_open(&j->target, j->dir, &j->err))
		return false;
	for (size_t i = 0; i < j->pids.n; i++) {
		uint32_t pid = j->pids.pid[i];

		if (!open_core(j, &c, pid) || !write_member(j, &c, pid))
			failed(j);
		core_close(&c);
	}
	return !j->status && output_dir_commit(&j->target, &j->err);
}

static void all_cores(struct job *j)
{
	if (each_core(j))
		return;
	output_dir_abort(&j->target);
	failed(j);
}

/* "1, 12, 13", as many as fit. */
static void list(const struct pids *p, char *buf, size_t size)
{
	size_t at = 0;

	*buf = 0;
	for (size_t i = 0; i < p->n && at + 24 < size; i++)
		at += (size_t)snprintf(buf + at, size - at, "%s%" PRIu32,
				       i ? ", " : "", p->pid[i]);
	if (at + 24 >= size)
		strcpy(buf + at, ", ...");
}

/* All tasks that have memory: zombies have none. */
static bool all_tasks(struct job *j)
{
	struct tasks t;
	char name[32];
	bool ok;

	if (store_absent(&j->store, IMAGE_PSTREE))
		return error_set(&j->err, CRIT_EDATA, "there is no pstree.img: "
				 "is this a checkpoint? A pre-dump has no "
				 "registers");
	ok = tasks_open(&t, &j->store, &j->err);
	j->pids.pid = calloc(t.n + 1, sizeof(*t.pids));
	if (!j->pids.pid)
		ok = error_set(&j->err, CRIT_ENOMEM, "out of memory");
	for (size_t i = 0; ok && i < t.n; i++) {
		snprintf(name, sizeof(name), "mm-%" PRIu32 ".img", t.pids[i]);
		if (t.n == 1 || !store_absent(&j->store, name))
			j->pids.pid[j->pids.n++] = t.pids[i];
	}
	tasks_close(&t);
	if (ok && !j->pids.n)
		return error_set(&j->err, CRIT_EDATA, "no task of this "
				 "checkpoint has memory");
	return ok;
}

static bool check_tasks(struct job *j)
{
	char pids[200];

	if (j->dir || j->pids.n == 1)
		return true;
	list(&j->pids, pids, sizeof(pids));
	return error_set(&j->err, CRIT_EUSAGE, "there are %zu tasks (%s); "
			 "choose one with -p, or write all with -d", j->pids.n,
			 pids);
}

static bool open_store(struct job *j, const char *path)
{
	struct store_how how = checkpoint_how(&j->where, STORE_PAGES_ANY,
					      j->output ? j->output : j->dir);
	const struct schema *schema = load_schema(j->schema_file, &j->loaded,
						  &j->err);

	how.partial = false;		/* a core is whole, or there is none */
	return schema && checkpoint_open_memory(&j->store, path, NULL, &how,
						schema, filter_failure,
						&j->status, &j->err);
}

static int run(struct job *j, const char *path)
{
	if (!open_store(j, path) || (!j->pids.n && !all_tasks(j)) || !check_tasks(j))
		failed(j);
	else if (j->dir)
		all_cores(j);
	else
		one_core(j);
	checkpoint_close(&j->store);
	schema_free(j->loaded);
	free(j->pids.pid);
	return j->status;
}

static const struct option_row rows[] = {
	OPTION_PIDS('p', struct job, pids),
	OPTION_OUTPUT(struct job, output),
	{ 'd', "dir", "DIR", TAKES_DIR,
	  .help = "write a file core.PID for each task to DIR; if one "
		"fails, write none",
	  .place = offsetof(struct job, dir) },
	{ 0, "sysroot", "DIR", TAKES_DIR,
	  .help = "read the parts of mapped files that CRIU did not save "
		"from the files below DIR, if size and build id match",
	  .place = offsetof(struct job, sysroot) },
	OPTIONS_CHECKPOINT(struct job, where),
	OPTION_PARENT(struct job, where.parent),
	OPTION_SCHEMA(struct job, schema_file),
	OPTION_VERBOSE(struct job, where.verbose,
		       "report temporary files"),
	OPTIONS_END
};

static const struct example examples[] = {
	{ "Backtraces of all threads:",
	  "crit-core -p 12 -o core CHECKPOINT && gdb -batch -ex 'thread apply "
	  "all bt' PROGRAM core" },
	{ "A core of each task:", "crit-core -d cores CHECKPOINT" },
	{ NULL, NULL }
};

static const struct tool tool = {
	.synopsis = "[OPTION]... CHECKPOINT",
	.about = "Write an ELF core of a task in a checkpoint, for gdb and "
		"other debuggers.\n"
		"CHECKPOINT is a directory, a tar archive, an OCI image or "
		"a stream (man\n"
		"crit-checkpoint).",
	.rows = rows, .operand = TAKES_CHECKPOINT, .examples = examples,
};

int main(int argc, char **argv)
{
	struct job j = { 0 };
	int i = tool_options(&tool, &j, argc, argv);

	error_clear(&j.err);
	if (argc == i)
		tool_missing(&tool, "missing argument: CHECKPOINT");
	if (argc - i != 1)
		filter_usage("expected one CHECKPOINT");
	if (j.output && j.dir)
		filter_usage("only one of -o and -d");
	if (!j.output && !j.dir && isatty(STDOUT_FILENO))
		filter_usage("refusing to write a core to a terminal; use -o "
			     "FILE or a pipe");
	return filter_end(run(&j, argv[i]));
}
