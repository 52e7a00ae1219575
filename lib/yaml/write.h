/* SPDX-License-Identifier: MIT
 *
 * Events -> YAML: one document an image, in block style.
 *
 *   source ─► json_sink ─► records ─► libyaml's emitter ─► struct out
 *
 * Everything has the shape that records give it; consecutive records of an
 * image become the entries of one document. Strings of more than 64 KiB (only
 * base64 is so long) become a sequence of strings.
 */
#ifndef CRIT_YAML_WRITE_H
#define CRIT_YAML_WRITE_H

#include "json/writer.h"

enum {
	YAML_SCALAR_MAX = 64 << 10,	/* bytes of a scalar, also when reading */
	YAML_BYTES_MAX = YAML_SCALAR_MAX / 4 * 3,
};

extern const struct writer_format writer_yaml;

#endif
