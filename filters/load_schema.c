// SPDX-License-Identifier: MIT
/*
 *   --schema FILE ─► the schema in use
 */
#include "load_schema.h"
#include "schema/load.h"

const struct schema *load_schema(const char *path, struct schema **loaded,
				 struct crit_error *err)
{
	if (!path)
		return &crit_schema;
	*loaded = schema_load_file(&crit_schema, path, err);
	return *loaded;
}
