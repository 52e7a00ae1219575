/* SPDX-License-Identifier: MIT
 *
 * The build id of an ELF file: what its linker put into a note.
 */
#ifndef CRIT_CHECK_BUILD_ID_H
#define CRIT_CHECK_BUILD_ID_H

#include <stddef.h>
#include <stdint.h>

enum { BUILD_ID_MAX = 64 };

/* Its bytes, with zeros after them; 0: there is none. */
size_t build_id_read(const char *path, uint8_t id[BUILD_ID_MAX]);

#endif
