/* SPDX-License-Identifier: MIT
 *
 * What the programs of test/calls share: the end.
 */
#ifndef CALLS_COMMON_H
#define CALLS_COMMON_H

#include <crit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline int failed(const struct crit_error *err)
{
	char text[1024];

	fprintf(stderr, "%s\n", crit_error_text(err, text, sizeof(text)));
	return 1;
}

#endif
