/* SPDX-License-Identifier: MIT
 *
 * One run of crit-copy: what the command line asks for, and its parts
 * (copy_job.c: from a store to a target; copy_live.c: from and to CRIU;
 * copy_command.c: --filter).
 */
#ifndef CRIT_COPY_JOB_H
#define CRIT_COPY_JOB_H

#include "base/output_file.h"
#include "copy/copy.h"
#include "copy/overlay.h"
#include "copy/socket.h"
#include "copy/to_dir.h"
#include "copy/to_place.h"
#include "copy/to_stream.h"
#include "copy/to_tar.h"
#include "store/source.h"
#include "filter.h"

enum { FORMAT_DIR, FORMAT_TAR, FORMAT_STREAM };

/* A directory of its own, and the checkpoint that is in it. */
struct job_temp {
	char dir[256];			/* "": none */
	char checkpoint[272];
};

struct job {
	/* the command line */
	const char *from, *to;
	unsigned format;
	const char *prefix, *with, *add, *command, *schema_file;
	const char **drop;
	bool *dropped;
	size_t n_drop;
	char left_out[160];		/* names of files, as far as they fit */
	size_t n_left_out, n_left_out_named;
	const char *shards[STREAM_SHARDS_MAX];
	size_t n_shards;
	const char *from_shards[STREAM_SHARDS_MAX];
	size_t n_from_shards;
	const char *at, *parent;
	bool images_only, flatten, compress, decompress, drop_zero, no_memory;
	bool in_place, backup, report, force, follow, verbose, captures, serves;
	uint32_t block;
	int acceleration, progress;

	const struct schema *schema;
	struct schema *loaded;
	struct source source;		/* of the tree, if it is an archive */
	struct store store;
	bool has_store;
	struct changes changes;
	bool changed, whole;
	struct overlay overlay;

	struct target *target;
	struct to_dir dir;
	struct to_place place;
	struct to_tar tar;
	struct to_stream stream;
	struct output_file file;
	struct stream_socket socket;
	struct job_temp captured, rewritten;
	struct job *inner;		/* that serves what is rewritten, or NULL */
	int fds[STREAM_SHARDS_MAX + 1];
	const char *names[STREAM_SHARDS_MAX + 1];
	struct crit_error err;
};

bool job_run(struct job *j);

/* From the checkpoint that `from` names. */
bool job_run_store(struct job *j);

/* Whether pages become other pages. */
bool job_rewrites(const struct job *j);

/* What is not finished is removed when a signal ends the program. */
void job_catch_signals(struct job *j);

/* On a terminal, long copies say how far they are. */
void job_progress_begin(struct job *j);

/* The target that the command line names. */
bool job_open_target(struct job *j);
bool job_close_target(struct job *j, bool ok);

/* A copy from the store (or what lies over it) into the target, so far as
 * options are concerned. */
struct copy job_copy(struct job *j);

/* --with, --add, --filter: the images of records, over the store. */
bool job_changes(struct job *j);

/* The records of the store through a shell command, into changes. */
bool command_run(const char *command, const struct store *s,
		 struct changes *changes, struct crit_error *err);

/* The store, changed, into a target that is opened for it. */
bool job_copy_store(struct job *j);

/* criu:DIR */
bool job_capture(struct job *j);
bool job_serve(struct job *j);

#endif
