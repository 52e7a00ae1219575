/* SPDX-License-Identifier: MIT
 *
 * The raw bytes after an entry -> events under the fields of extra.h.
 */
#ifndef CRIT_EXTRA_SOURCE_H
#define CRIT_EXTRA_SOURCE_H

#include "image_source.h"

/* Reads what follows the entry that s has just given to its sink, as s->says
 * has it. False and *err: there is less than that. */
bool extra_source(struct image_source *s);

/* An error or a warning (once an image) about the entry being read. */
bool image_source_bad(struct image_source *s, const char *what);
void image_source_odd(struct image_source *s, uint64_t at);

/* One message in memory, at offset at of the image. */
bool image_source_flat(struct image_source *s, const struct message *m,
		       const uint8_t *p, size_t n, uint64_t at);

#endif
