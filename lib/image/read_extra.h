/* SPDX-License-Identifier: MIT
 *
 * The raw bytes after an entry -> events under the fields of extra.h.
 */
#ifndef CRIT_IMAGE_READ_EXTRA_H
#define CRIT_IMAGE_READ_EXTRA_H

#include "image/read.h"

/* Reads what follows the entry that s has just given to its sink, as s->says
 * has it. False and *err: there is less than that. */
bool extra_source(struct image_source *s);

#endif
