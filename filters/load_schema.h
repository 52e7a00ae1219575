/* SPDX-License-Identifier: MIT
 *
 * The schema that the command line asks for.
 */
#ifndef CRIT_LOAD_SCHEMA_H
#define CRIT_LOAD_SCHEMA_H

#include "schema/schema.h"
#include "base/error.h"

/* That of the file that --schema names, which schema_free(*loaded) frees; the
 * one that is built in if path is NULL. NULL and *err if it cannot be read. */
const struct schema *load_schema(const char *path, struct schema **loaded,
				 struct crit_error *err);

#endif
