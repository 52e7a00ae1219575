/* SPDX-License-Identifier: MIT
 *
 * Any bytes as the files of a checkpoint, in memory. Each file: a byte that the
 * target reads, the length of its name, the name, the length in two bytes, the
 * bytes.
 */
#ifndef CRIT_FUZZ_FILES_H
#define CRIT_FUZZ_FILES_H

#include "fuzz.h"
#include "store/store.h"

#include <errno.h>
#include <string.h>

enum { FILES = 100, FILE_NAME = 64 };

struct fuzz_file {
	char name[FILE_NAME];
	const uint8_t *p;
	size_t n;
};

struct fuzz_files {
	struct fuzz_file file[FILES];
	size_t n;
	struct store store;
};

static const struct fuzz_file *files_find(const struct store *s, const char *name)
{
	const struct fuzz_files *f = s->state;

	for (size_t i = 0; i < f->n; i++)
		if (!strcmp(f->file[i].name, name))
			return &f->file[i];
	return NULL;
}

static bool files_list(struct store *s, struct crit_error *err)
{
	const struct fuzz_files *f = s->state;

	for (size_t i = 0; i < f->n; i++)
		if (!store_add(s, f->file[i].name, true, err))
			return false;
	return true;
}

static bool files_absent(const struct store *s, const char *name)
{
	return !files_find(s, name);
}

static bool files_regular(const struct store *s, const char *name)
{
	return files_find(s, name);
}

static size_t files_read(const struct blob *b, uint64_t at, void *to, size_t n,
			struct crit_error *err)
{
	const struct fuzz_file *f = b->ctx;

	(void)err;
	if (at >= f->n)
		return 0;
	n = n < f->n - at ? n : f->n - (size_t)at;
	memcpy(to, f->p + at, n);
	return n;
}

static bool files_blob(const struct store *s, const char *name, struct blob *b,
		      struct crit_error *err)
{
	const struct fuzz_file *f = files_find(s, name);

	if (!f)
		return error_sys(err, ENOENT, "cannot open");
	*b = (struct blob){ .fd = -1, .size = f->n, .read = files_read,
			    .ctx = (void *)f };
	return true;
}

static bool files_parent(const struct store *s, struct store *to)
{
	(void)s;
	(void)to;
	errno = ENOENT;
	return false;
}

static void files_nothing(struct store *s)
{
	(void)s;
}

static const struct store_ops files_ops = {
	.what = "memory", .list = files_list, .absent = files_absent,
	.regular = files_regular, .blob = files_blob, .parent = files_parent,
	.close = files_nothing,
};

/* The next file; false: there is none. */
static bool files_next(const uint8_t **p, size_t *n, uint8_t *flags,
		      struct fuzz_file *f)
{
	size_t name, size;

	if (*n < 2 || *n < 4u + (*p)[1])
		return false;
	*flags = (*p)[0];
	name = (*p)[1];
	memset(f->name, 0, sizeof(f->name));
	memcpy(f->name, *p + 2, name < FILE_NAME ? name : FILE_NAME - 1);
	size = (*p)[2 + name] | (size_t)(*p)[3 + name] << 8;
	*p += 4 + name;
	*n -= 4 + name;
	f->p = *p;
	f->n = size < *n ? size : *n;
	*p += f->n;
	*n -= f->n;
	return true;
}

/* One more, if it has a name of its own. */
static void files_add(struct fuzz_files *to, const struct fuzz_file *f)
{
	to->store.state = to;
	if (to->n < FILES && f->name[0] && !strchr(f->name, '/') &&
	    !files_find(&to->store, f->name))
		to->file[to->n++] = *f;
}

/* All have been added. */
static bool files_open(struct fuzz_files *f, struct crit_error *err)
{
	f->store = (struct store){
		.ops = &files_ops, .schema = &crit_schema, .fd = -1, .state = f,
		.id = { (uint64_t)(uintptr_t)f },
	};
	return store_list(&f->store, "x", err);
}

#endif
