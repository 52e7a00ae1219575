// SPDX-License-Identifier: MIT
#include "check/areas.h"

const char *gzip_wrong(const struct blob *b, struct crit_error *err)
{
	uint8_t p[3] = { 0 };

	if (blob_read(b, 0, p, 3, err) < 3 || p[0] != 0x1f || p[1] != 0x8b)
		return "it is no gzip stream";
	return NULL;
}
