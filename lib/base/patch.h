/* SPDX-License-Identifier: MIT
 *
 * Bytes into a file that is there, where nothing else shares it: a regular file
 * with one name.
 */
#ifndef CRIT_BASE_PATCH_H
#define CRIT_BASE_PATCH_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the file of that name in a directory can be written at its place. */
bool patch_can(int dir, const char *name);

/* Writes n bytes at an offset that the file has, and waits until they are on
 * the disk. False and *err. */
bool patch_file(int dir, const char *name, uint64_t at, const void *p,
		size_t n, struct crit_error *err);

#endif
