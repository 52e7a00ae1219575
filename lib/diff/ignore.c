// SPDX-License-Identifier: MIT
/*
 *   --ignore "core-*.img:thread_info.gpregs" ─► whether a path is meant
 */
#include "diff/print.h"

#include <fnmatch.h>
#include <string.h>

/* "tls[2].limit" -> "tls/limit": components for fnmatch. */
static void components(char *to, size_t size, const char *path, size_t n)
{
	size_t k = 0;
	bool inside = false;

	for (size_t i = 0; i < n && k + 1 < size; i++) {
		inside |= path[i] == '[';
		if (!inside)
			to[k++] = path[i] == '.' ? '/' : path[i];
		inside &= path[i] != ']';
	}
	to[k] = 0;
}

/* The pattern fits whole components, anywhere in the path. */
static bool fits(const char *pattern, const char *path)
{
	for (const char *p = path; p; p = strchr(p, '/')) {
		p += *p == '/';
		if (!fnmatch(pattern, p, FNM_PATHNAME | FNM_LEADING_DIR))
			return true;
	}
	return false;
}

static bool one(const char *ignore, const char *image, const char *path)
{
	const char *colon = strchr(ignore, ':');
	char glob[WALK_NAME], pattern[WALK_PATH], text[WALK_PATH];

	if (colon) {
		size_t n = (size_t)(colon - ignore);

		n = n < sizeof(glob) ? n : sizeof(glob) - 1;
		memcpy(glob, ignore, n);
		glob[n] = 0;
		if (fnmatch(glob, image, 0))
			return false;
		ignore = colon + 1;
	}
	if (!*ignore)
		return true;
	components(pattern, sizeof(pattern), ignore, strlen(ignore));
	components(text, sizeof(text), path, strlen(path));
	return *text && fits(pattern, text);
}

bool print_ignores(const struct diff *d, const char *image, const char *path)
{
	for (size_t i = 0; i < d->n_ignore; i++)
		if (one(d->ignore[i], image, path))
			return true;
	return false;
}
