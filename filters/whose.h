/* SPDX-License-Identifier: MIT
 *
 * Several CHECKPOINTs: which of them an answer is from, as a key of each record or
 * as a heading.
 */
#ifndef CRIT_WHOSE_H
#define CRIT_WHOSE_H

#include "base/buffer.h"

enum { WHOSE_PATH = 4096 };

struct whose {
	int fd;
	bool (*write)(void *arg, const void *p, size_t n);	/* or NULL: fd */
	void *arg;
	bool inside;			/* of a line */
	char text[6 * WHOSE_PATH + 32];	/* {"checkpoint":"PATH", */
	size_t n;
	char buf[32 << 10];		/* not yet written */
	size_t fill;
};

/* Each line that out sends begins with the CHECKPOINT's name from now on; until
 * whose_end, after which out is as it was before. */
void whose_lines(struct whose *w, struct out *out, const char *path);
void whose_end(struct whose *w, struct out *out);

/* The same of text, and of one document, which a closing brace is to follow. */
void whose_heading(struct out *out, const char *path, bool first);
void whose_document(struct out *out, const char *path, const char *key);

/* The record of a checkpoint that could not be read. */
void whose_error(struct out *out, const char *path,
		 const struct crit_error *err);

#endif
