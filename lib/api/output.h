/* SPDX-License-Identifier: MIT
 *
 * Where the API writes.
 */
#ifndef CRIT_API_OUTPUT_H
#define CRIT_API_OUTPUT_H

#include "api/api.h"
#include "base/output_file.h"

struct crit_output {
	struct crit *c;
	struct crit_error err;		/* what failed, for close */
	int fd;
	struct output_file *file;		/* or NULL */
	char *path;
	bool (*write)(void *ctx, const void *p, size_t n);
	void *ctx;
	char *bytes;			/* in memory */
	size_t n, cap;
};

/* As image_sink.write and out.write; arg: the output. */
bool output_write(void *arg, const void *p, size_t n);

const char *output_name(const struct crit_output *out);

/* Notes that what was written is not whole. Returns false. */
bool output_fail(struct crit_output *out, const struct crit_error *err);

#endif
