/* SPDX-License-Identifier: MIT
 *
 * Any bytes as the files of a folder in $TMPDIR. Each file: a byte for its name,
 * an index into the names of the target; its length in two bytes; its bytes.
 */
#ifndef CRIT_FUZZ_FOLDER_H
#define CRIT_FUZZ_FOLDER_H

#include "fuzz.h"
#include "store/store.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct fuzz_folder {
	const char *const *names;	/* "parent/pages-1.img": in a subfolder */
	size_t n;
	char path[4000];
	int fd;
};

/* The next file of the input: index of its name, bytes; false: there is none. */
static inline bool fuzz_next_file(const uint8_t **p, size_t *n, size_t names,
				  size_t *name, const uint8_t **bytes,
				  size_t *size)
{
	if (*n < 3)
		return false;
	*name = (*p)[0] % names;
	*size = (*p)[1] | (size_t)(*p)[2] << 8;
	*bytes = *p + 3;
	*n -= 3;
	*size = *size < *n ? *size : *n;
	*p = *bytes + *size;
	*n -= *size;
	return true;
}

/* Makes the subfolders that names have, or removes them, the deepest first. */
static inline void fuzz_subfolders(const struct fuzz_folder *f, bool make)
{
	for (size_t i = 0; i < f->n; i++) {
		size_t length = strlen(f->names[i]);
		char path[256];

		for (size_t k = 0; k < length; k++) {
			size_t at = make ? k : length - 1 - k;

			if (f->names[i][at] != '/')
				continue;
			snprintf(path, sizeof(path), "%.*s", (int)at, f->names[i]);
			if (make)
				mkdirat(f->fd, path, 0700);
			else
				unlinkat(f->fd, path, AT_REMOVEDIR);
		}
	}
}

/* Aborts where the folder cannot be made. */
static inline void fuzz_folder_make(struct fuzz_folder *f)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(f->path, sizeof(f->path), "%s/fuzz.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(f->path) || (f->fd = open(f->path, O_DIRECTORY)) < 0)
		abort();
	fuzz_subfolders(f, true);
}

static inline void fuzz_folder_clean(const struct fuzz_folder *f)
{
	for (size_t i = 0; i < f->n; i++)
		unlinkat(f->fd, f->names[i], 0);
}

static inline void fuzz_folder_remove(const struct fuzz_folder *f)
{
	fuzz_folder_clean(f);
	fuzz_subfolders(f, false);
	rmdir(f->path);
}

/* The folder as a store. */
static inline void fuzz_folder_open(struct fuzz_folder *f, struct store *s)
{
	struct crit_error err;

	error_clear(&err);
	fuzz_folder_make(f);
	if (!store_open(s, f->path, &crit_schema, false, &err))
		abort();
}

/* Writes the files of the input; images of pages get a hole at their end. */
static inline void fuzz_folder_write(const struct fuzz_folder *f,
				     const uint8_t *p, size_t n)
{
	const uint8_t *bytes;
	size_t name, size;

	while (fuzz_next_file(&p, &n, f->n, &name, &bytes, &size)) {
		int fd = openat(f->fd, f->names[name],
				O_WRONLY | O_CREAT | O_TRUNC, 0600);

		if (fd < 0 || !write_all(fd, bytes, size) ||
		    (strstr(f->names[name], "pages-") && ftruncate(fd, 64 << 10)))
			abort();
		close(fd);
	}
}

#endif
