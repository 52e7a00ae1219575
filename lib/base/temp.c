// SPDX-License-Identifier: MIT
/*
 *   start of a path ─► random letters ─► descriptor of what was not there before
 */
#include "base/temp.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LETTERS = 6 };

static void put_letters(char *to)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345";
	uint8_t r[LETTERS] = { 0 };

	if (getrandom(r, sizeof(r), GRND_NONBLOCK) < 0)
		memcpy(r, &(pid_t){ getpid() }, sizeof(pid_t));
	for (size_t i = 0; i < LETTERS; i++)
		to[i] = letters[r[i] % 32];
}

static int make_file(int at, const char *path, mode_t mode)
{
	return openat(at, path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
}

static int make_dir(int at, const char *path, mode_t mode)
{
	int fd;

	if (mkdirat(at, path, mode))
		return -1;
	fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		int sys = errno;

		unlinkat(at, path, AT_REMOVEDIR);
		errno = sys;
	}
	return fd;
}

static int make(int (*one)(int at, const char *path, mode_t mode), int at,
		char *path, size_t cap, const char *after, mode_t mode)
{
	size_t n = strlen(path);
	int fd = -1;

	if (n + LETTERS + strlen(after) >= cap) {
		errno = ENAMETOOLONG;
		path[0] = 0;
		return -1;
	}
	memset(path + n, 'X', LETTERS);
	strcpy(path + n + LETTERS, after);
	for (int tries = 0; tries < 100 && fd < 0; tries++) {
		put_letters(path + n);
		fd = one(at, path, mode);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	if (fd < 0)
		path[0] = 0;
	return fd;
}

int temp_make_file(int at, char *path, size_t cap, const char *after,
		   mode_t mode)
{
	return make(make_file, at, path, cap, after, mode);
}

int temp_make_dir(int at, char *path, size_t cap, const char *after)
{
	return make(make_dir, at, path, cap, after, 0700);
}

const char *temp_root(void)
{
	const char *dir = getenv("TMPDIR");

	if (dir && *dir)
		return dir;
	return access("/var/tmp", W_OK) ? "/tmp" : "/var/tmp";
}

static int unlinked_in(const char *dir)
{
	char path[PATH_MAX];
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0)
		return fd;
	snprintf(path, sizeof(path), "%s/" TEMP_BEFORE, dir);
	fd = temp_make_file(AT_FDCWD, path, sizeof(path), TEMP_AFTER, 0600);
	if (fd >= 0)
		unlink(path);
	return fd;
}

int temp_file(struct crit_error *err)
{
	const char *dirs[] = { temp_root(), "/var/tmp", "/tmp" };
	int fd = -1;

	for (size_t i = 0; i < 3 && fd < 0; i++)
		fd = unlinked_in(dirs[i]);
	if (fd < 0)
		error_sys(err, errno, "cannot make a temporary file");
	return fd;
}
