/* SPDX-License-Identifier: MIT
 *
 * Schema tables from a descriptor set (google.protobuf.FileDescriptorSet, as
 * protoc -o writes it; imports may be left out where base has them).
 */
#ifndef CRIT_SCHEMA_LOAD_H
#define CRIT_SCHEMA_LOAD_H

#include "base/error.h"
#include "schema/schema.h"

/* base, with each message that the n bytes at set describe (WIRE_SLOP readable
 * bytes after them) in place of the one that had its name. Symbols and images
 * are base's; base must outlive the result, set need not. NULL and *err: not a
 * descriptor set, a type that nobody defines, no memory. */
struct schema *schema_load(const struct schema *base, const void *set, size_t n,
			   struct crit_error *err);

/* The same from a file. */
struct schema *schema_load_file(const struct schema *base, const char *path,
				struct crit_error *err);
void schema_free(struct schema *s);

#endif
