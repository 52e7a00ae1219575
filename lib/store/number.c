// SPDX-License-Identifier: MIT
/*
 *   the name of an image ─► its number, which is a task's or an object's
 */
#include "store/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool store_number(const char *name, const char *before, uint64_t *number)
{
	size_t n = strlen(before);
	char *end;

	if (strncmp(name, before, n) || name[n] < '0' || name[n] > '9')
		return false;
	errno = 0;
	*number = strtoull(name + n, &end, 10);
	return !errno && !strcmp(end, ".img");
}

bool store_pid(const char *name, const char *before, uint32_t *pid)
{
	uint64_t number;

	if (!store_number(name, before, &number) || number > UINT32_MAX)
		return false;
	*pid = (uint32_t)number;
	return true;
}
