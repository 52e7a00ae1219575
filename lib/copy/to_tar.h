/* SPDX-License-Identifier: MIT
 *
 * A copy as a tar archive, to a file or a pipe. A file whose size is not
 * known goes straight to its place in a regular file, and its header is
 * written last; to a pipe, and while another such file is open, it is put
 * aside first (an unlinked temporary file).
 */
#ifndef CRIT_COPY_TO_TAR_H
#define CRIT_COPY_TO_TAR_H

#include "copy/target.h"

/* A file that was put aside, and waits until the open one is complete. */
struct to_tar_waiting {
	struct member m;
	char *path;
	int fd;
};

struct to_tar {
	struct target target;
	int fd;				/* the caller's */
	const char *name;		/* of it, for messages */
	bool file;			/* can be written at any place */
	uint64_t pos;			/* bytes so far */
	struct target_file *direct;	/* that is open at pos, or NULL */
	struct to_tar_waiting *waiting;
	size_t n_waiting, cap;
	uint8_t *headers;
};

bool to_tar_open(struct to_tar *t, int fd, const char *name,
		 struct crit_error *err);

#endif
