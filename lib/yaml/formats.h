/* SPDX-License-Identifier: MIT
 *
 * All formats of documents: the Makefile makes the list of each file that has a
 * struct writer_format.
 */
#ifndef CRIT_YAML_FORMATS_H
#define CRIT_YAML_FORMATS_H

#include "json/read.h"
#include "json/writer.h"
#include "yaml/write.h"

/* Those that -f can name, NULL after the last; the first is the default. */
extern const struct writer_format *const writer_formats[];

/* The format of this name, or NULL. */
const struct writer_format *writer_format(const char *name);

/* json_source_read for input in any format, told by its content. */
bool documents_read(struct json_source *s, struct in *in);

#endif
