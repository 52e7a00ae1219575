/* SPDX-License-Identifier: MIT
 *
 * Schema tables from a descriptor set (google.protobuf.FileDescriptorSet, as
 * protoc -o writes it; imports may be left out where base has them).
 */
#ifndef CRIT_SCHEMA_LOAD_H
#define CRIT_SCHEMA_LOAD_H

#include "base/error.h"
#include "schema/schema.h"

/* The schema base with its messages replaced by those of the same name in the
 * descriptor set of n bytes at set (WIRE_SLOP readable bytes after them).
 * Symbols and images are base's. base must outlive the result, set need not.
 * NULL and *err: not a descriptor set, an undefined type, no memory. */
struct schema *schema_load(const struct schema *base, const void *set, size_t n,
			   struct crit_error *err);

/* The same from a file. */
struct schema *schema_load_file(const struct schema *base, const char *path,
				struct crit_error *err);
void schema_free(struct schema *s);

#endif
