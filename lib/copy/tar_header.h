/* SPDX-License-Identifier: MIT
 *
 * A member -> the blocks before its data: a ustar header, after a PAX header
 * ("x") where a value does not fit, as Go's archive/tar and so podman writes
 * them.
 */
#ifndef CRIT_COPY_TAR_HEADER_H
#define CRIT_COPY_TAR_HEADER_H

#include "copy/target.h"

#include <limits.h>

enum {
	TAR_UNIT = 512,
	TAR_HEADERS_MAX = 4 * TAR_UNIT + 2 * (PATH_MAX + 600),
};

/* Writes the headers of m to p, which has room for TAR_HEADERS_MAX bytes, and
 * returns how many; 0: the path or link is too long. packed: bytes of data
 * that follow. sparse: they are a map of PAX sparse format 1.0 and the data;
 * m->size is the size with the holes then. plain: no PAX header may come, for
 * its room is taken. */
size_t tar_headers(uint8_t *p, const struct member *m, uint64_t packed,
		   bool sparse, bool plain);

/* Bytes after n bytes of data, up to a whole block. */
static inline uint64_t tar_padding(uint64_t n)
{
	return -n & (TAR_UNIT - 1);
}

#endif
