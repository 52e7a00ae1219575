/* SPDX-License-Identifier: MIT
 *
 * A copy as the stream of criu-image-streamer, in one shard or several:
 *
 *   u32 N, marker of N bytes: seq, and one of
 *       name | count of bytes, which follow | end of file | end of images
 *
 * Images only, without directories: what else there is goes to left_out.
 */
#ifndef CRIT_COPY_TO_STREAM_H
#define CRIT_COPY_TO_STREAM_H

#include "copy/target.h"

enum { STREAM_SHARDS_MAX = 64, STREAM_CHUNK = 258048 };

struct to_stream {
	struct target target;
	const int *fds;			/* of the shards; the caller's */
	const char *const *names;	/* NULL, or of the shards, for messages */
	size_t n;
	struct blob_copy out;		/* to the next shard in turn */
	size_t turn;			/* the shard of the next marker */
	uint64_t seq;
	char current[256];		/* the file that markers are about */
	uint64_t sent[STREAM_SHARDS_MAX + 1];	/* bytes */
};

bool to_stream_open(struct to_stream *s, const int *fds, size_t n,
		    struct crit_error *err);

/* n bytes of f, at most UINT32_MAX, follow: they are to be written to the
 * descriptor that is returned; -1 and *err. */
int to_stream_chunk(struct to_stream *s, const struct target_file *f,
		    size_t n);

#endif
