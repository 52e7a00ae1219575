/* SPDX-License-Identifier: MIT
 *
 * Output files that are there whole or not at all: written under another name
 * beside the target, synced, renamed. What is not committed is removed, also
 * on SIGINT, SIGTERM and SIGHUP.
 */
#ifndef CRIT_BASE_OUTPUT_FILE_H
#define CRIT_BASE_OUTPUT_FILE_H

#include "base/error.h"
#include "base/temp.h"

#include <limits.h>
#include <signal.h>
#include <sys/types.h>

/* Holds signals that end the program up to output_release. */
void output_hold(sigset_t *old);
void output_release(const sigset_t *old);

/* From here on these signals call it first: system calls only. Handlers of the
 * caller's stay, and must call it. */
void output_at_signal(void (*call)(void));

/* One file. Where the path names a device or a pipe, fd is that itself. */
struct output_file {
	int fd;			/* write here */
	bool direct;		/* not a regular file: nothing to rename */
	char path[PATH_MAX];	/* where it goes; links resolved */
	char temp[PATH_MAX];	/* where it is; "" nowhere */
	const char *name;	/* as the user gave it */
};

/* mode: of a new file. A file that is replaced keeps its mode, and for root its
 * owner. Images and memory are readable for their owner only: OUTPUT_PRIVATE. */
enum { OUTPUT_PRIVATE = 0600, OUTPUT_PUBLIC = 0666 };
bool output_file_open(struct output_file *t, const char *path, mode_t mode,
		      struct crit_error *err);

/* The same, but signals are the caller's business. */
bool output_file_open_plain(struct output_file *t, const char *path,
			    mode_t mode, struct crit_error *err);
bool output_file_commit(struct output_file *t, struct crit_error *err);
void output_file_abort(struct output_file *t);	/* harmless after a commit */

/* The files of one directory: all in place, or none. They lie under their own
 * names in a hidden directory inside it until then, so memory and descriptors
 * do not grow with their number. While they are put in place, what they replace
 * is kept in another one, and goes back where one of them cannot be. New files
 * and directories are for their owner only; what is replaced keeps its mode (as
 * root its owner). */
struct output_dir {
	int fd, temp_fd, kept_fd;	/* the directory, the hidden ones in it */
	bool made;		/* the directory was not there before */
	char temp[TEMP_NAME], kept[TEMP_NAME];	/* names of the hidden ones; "" none */
	const char *path;	/* as the user gave it; stays the caller's */
};

bool output_dir_open(struct output_dir *d, const char *path,
		     struct crit_error *err);
bool output_dir_open_plain(struct output_dir *d, const char *path,
			   struct crit_error *err);

/* Makes a file that will have this base name, and returns its descriptor,
 * the caller's to close. -1 and *err: also where one of that name was made
 * before. */
int output_dir_file(struct output_dir *d, const char *name,
		    struct crit_error *err);
bool output_dir_commit(struct output_dir *d, struct crit_error *err);
void output_dir_abort(struct output_dir *d);	/* harmless after a commit */

/* Whether it is safe as the base name of a file: not "", "." or "..", no
 * slash, no NUL, at most 255 bytes. */
bool output_file_name_ok(const char *name, size_t len);

#endif
