/* SPDX-License-Identifier: MIT
 *
 * Mappings and their pages -> the PT_LOADs of a core, put aside in a list.
 *
 *   file      |page|absent......|page|   each change cuts: a debugger reads
 *             '----'------------'----'   the absent bytes from the file
 *   anonymous |page|absent|page|absent............|page|
 *             '----------------'------------------'----'
 *               zeros are put in   1 MiB and more: cut
 */
#ifndef CRIT_CORE_SEGMENTS_H
#define CRIT_CORE_SEGMENTS_H

#include "base/buffer.h"
#include "core/sysroot.h"
#include "memory/address_space.h"

enum { CORE_HOLE_MIN = 1 << 20, CORE_SEGMENTS_WINDOW = 64 };

struct core_segment {
	uint64_t start, end;
	uint32_t prot;
	bool here;		/* its bytes are in the core, all of them */
};

struct core_segments {
	struct spool spool;	/* struct core_segment each */
	uint64_t n;
	uint64_t lazy;		/* bytes that a page server kept */
	struct crit_error *err;

	/* one task after another asks for them in order */
	struct core_segment window[CORE_SEGMENTS_WINDOW];
	uint64_t first, n_window;
};

/* Of all mappings that end at or below limit. */
bool core_segments_open(struct core_segments *s, struct memory *m,
			struct core_sysroot *root, uint64_t limit);
void core_segments_close(struct core_segments *s);	/* after any open */

/* Number i, good until the next call; NULL: *err. */
const struct core_segment *core_segments_get(struct core_segments *s,
					     uint64_t i);

/* Whether the bytes that no image has are those of a file. */
bool core_segments_file(const struct vma *a);

#endif
