/* SPDX-License-Identifier: MIT
 *
 * All images of a store as one stream of records.
 */
#ifndef CRIT_COPY_RECORDS_H
#define CRIT_COPY_RECORDS_H

#include "base/buffer.h"
#include "store/store.h"

/* With the end record, if all of them could be read. False: *err. */
bool records_write(const struct store *s, struct out *out,
		   struct crit_error *err);

#endif
