/* SPDX-License-Identifier: MIT
 *
 * The build id of an ELF file, as its GNU note has it.
 */
#ifndef CRIT_CORE_BUILD_ID_H
#define CRIT_CORE_BUILD_ID_H

#include "base/blob.h"

/* Whether the file has this one; false where it is no ELF file. */
bool core_build_id_is(const struct blob *b, const uint8_t *id, size_t n);

#endif
