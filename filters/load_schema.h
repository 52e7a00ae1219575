/* SPDX-License-Identifier: MIT
 *
 * The schema that the command line asks for.
 */
#ifndef CRIT_LOAD_SCHEMA_H
#define CRIT_LOAD_SCHEMA_H

#include "schema/schema.h"
#include "base/error.h"

/* Loads the schema of the file that --schema names; schema_free(*loaded) frees
 * it. Returns the built-in schema if path is NULL, NULL and *err on failure. */
const struct schema *load_schema(const char *path, struct schema **loaded,
				 struct crit_error *err);

#endif
