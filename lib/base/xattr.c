// SPDX-License-Identifier: MIT
/*
 *   name of an extended attribute, open file ─► whether a copy loses something
 */
#include "base/xattr.h"

#include <errno.h>
#include <string.h>
#include <sys/xattr.h>

/* The first that a name begins with decides; others do not count: security.
 * (selinux, ima, evm), system. (posix_acl_access), btrfs. */
static const struct {
	const char *start;
	bool counts;
} kinds[] = {
	{ "user.overlay.", false },
	{ "user.", true },
	{ "trusted.overlay.", false },
	{ "trusted.", true },
	{ "security.capability", true },
};

bool xattr_counts(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		size_t n = strlen(kinds[i].start);

		if (n <= len && !memcmp(kinds[i].start, name, n))
			return kinds[i].counts;
	}
	return false;
}

/* More names than there is room for: a system gives a handful. */
bool xattr_any(int fd)
{
	char names[4096];
	ssize_t n = flistxattr(fd, names, sizeof(names));

	for (ssize_t at = 0; at < n; ) {
		size_t len = strnlen(names + at, (size_t)(n - at));

		if (xattr_counts(names + at, len))
			return true;
		at += (ssize_t)len + 1;
	}
	return n < 0 && errno == ERANGE;
}
