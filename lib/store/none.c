// SPDX-License-Identifier: MIT
/*
 *   a store without images ─► what is there, and what may be meant
 */
#include "store/store.h"
#include "facts.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

enum { LOOKED_INTO = 1000 };		/* directories, at most */

static bool is_image(const struct store *s, const char *name)
{
	struct crit_error err;
	enum file_is is;
	struct blob b;
	size_t n = strlen(name);

	if (schema_raw_file(s->schema, name) || schema_image_file(s->schema, name) ||
	    (n > 4 && !strcmp(name + n - 4, ".img")))
		return true;
	error_clear(&err);
	is = store_look(s, name, &b, &err);
	blob_close(&b);
	return is == FILE_IMAGE;
}

static bool has_image(const struct store *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (is_image(s, s->files[i].name))
			return true;
	return false;
}

/* Whether a checkpoint is at PATH/NAME. */
static bool is_checkpoint(const struct store *s, const char *path,
			  const char *name, char *at, size_t size)
{
	struct crit_error err;
	struct store in;
	bool ok;
	int fd;
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		n--;
	if (snprintf(at, size, "%.*s/%s", (int)n, path, name) >= (int)size)
		return false;
	error_clear(&err);
	in = (struct store){ .schema = s->schema, .fd = -1 };
	fd = open(at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ok = fd >= 0 && dir_store_open(&in, fd, at, &err) &&
	     (!store_absent(&in, IMAGE_INVENTORY) ||
	      !store_absent(&in, IMAGE_PSTREE));
	store_close(&in);
	return ok;
}

static bool meant(const struct store *s, const char *path, char *at, size_t size)
{
	size_t looked = 0;

	for (size_t i = 0; i < s->n && looked < LOOKED_INTO; i++) {
		const struct store_file *f = &s->files[i];

		looked += !f->regular;
		if (!f->regular && strcmp(f->name, "parent") &&
		    is_checkpoint(s, path, f->name, at, size))
			return true;
	}
	return false;
}

bool store_has_images(const struct store *s, const char *path,
		      struct crit_error *err)
{
	char at[150];

	if (has_image(s))
		return true;
	snprintf(err->image, sizeof(err->image), "%s", path);
	if (!s->n)
		return error_set(err, CRIT_EDATA, "no images here: the %s is empty",
				 s->ops->what);
	if (meant(s, path, at, sizeof(at)))
		return error_set(err, CRIT_EDATA, "no images here; did you mean "
				 "%s?", at);
	return error_set(err, CRIT_EDATA, "no images here; it holds %s%.60s%s",
			 s->n > 1 ? "other files, such as " : "",
			 s->files[0].name, s->n > 1 ? "" : " only");
}
