/* SPDX-License-Identifier: MIT
 *
 * What criu-image-streamer writes: markers, and the bytes of files between
 * them; files may be interleaved, and lie in several shards.
 *
 *   u32 N, N bytes of a marker {seq, filename | file_data n | file_eof |
 *   image_eof}, after file_data n bytes
 */
#ifndef CRIT_STORE_STREAMER_H
#define CRIT_STORE_STREAMER_H

#include "base/buffer.h"

enum { STREAMER_HEAD = 20, STREAMER_MARKER_MAX = 10 << 10 };

enum marker { MARKER_NAME, MARKER_DATA, MARKER_EOF, MARKER_END };

struct streamer_marker {
	enum marker what;
	uint64_t seq;
	uint64_t at;			/* offset of what follows it */
	uint32_t n;			/* MARKER_DATA: bytes that follow */
	char name[256];			/* MARKER_NAME */
};

/* Whether n bytes are the start of a shard. */
bool streamer_is(const uint8_t *p, size_t n);

/* The next marker: 1, 0 at the end of the shard, -1 and *err. */
int streamer_next(struct in *in, struct streamer_marker *m,
		  struct crit_error *err);

#endif
