// SPDX-License-Identifier: MIT
#include "api/dir.h"
#include "api/image.h"

#include <stdio.h>
#include <unistd.h>

struct crit_dir *crit_dir_open(struct crit *c, const char *path, bool follow,
			       struct crit_error *err)
{
	struct crit_error e;
	struct crit_dir *d;
	API(c);

	d = alloc_zero(sizeof(*d));
	if (!d)
		return api_no_memory(err), NULL;
	d->c = c;
	error_clear(&e);
	if (store_open_list(&d->dir, path, c->schema, follow, &e))
		return d;
	api_fail(err, &e);
	crit_dir_close(d);
	return NULL;
}

struct crit_dir *crit_dir_open_fd(struct crit *c, int fd, bool follow,
				  struct crit_error *err)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return crit_dir_open(c, path, follow, err);
}

void crit_dir_close(struct crit_dir *d)
{
	if (!d)
		return;
	store_close(&d->dir);
	alloc_free(d);
}

int crit_dir_next(struct crit_dir *d, struct crit_file *file)
{
	static const enum crit_file_kind kinds[] = {
		[FILE_IMAGE] = CRIT_FILE_IMAGE, [FILE_RAW] = CRIT_FILE_RAW,
		[FILE_OTHER] = CRIT_FILE_OTHER, [FILE_BAD] = CRIT_FILE_IMAGE,
	};
	struct crit_error e;
	struct blob b;
	API(d->c);

	if (d->at == d->dir.n)
		return 0;
	error_clear(&e);
	file->name = d->dir.files[d->at++].name;
	file->kind = kinds[store_look(&d->dir, file->name, &b, &e)];
	blob_close(&b);
	return 1;
}

void crit_dir_rewind(struct crit_dir *d)
{
	d->at = 0;
}

struct crit_image *crit_dir_image(struct crit_dir *d, const char *name,
				  struct crit_error *err)
{
	struct crit_error e;
	struct blob b;
	API(d->c);

	error_clear(&e);
	if (store_blob(&d->dir, name, &b, &e))
		return api_open_blob(d->c, &b, name, err);
	api_fail(err, &e);
	return NULL;
}
