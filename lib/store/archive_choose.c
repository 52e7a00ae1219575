// SPDX-License-Identifier: MIT
/*
 * Which directory of an archive holds the checkpoint to read:
 *
 *   --at, or checkpoint/, or the only one that is no parent
 */
#include "store/archive.h"
#include "base/alloc.h"

#include <stdio.h>
#include <string.h>

enum { CANDIDATES_MAX = 1000, LISTED = 5 };

struct candidates {
	struct archive *a;
	char **dirs;
	size_t n, cap;
	bool *parent;
};

static size_t dir_length(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) : 0;
}

bool archive_is_image(const struct archive *a, const char *base)
{
	size_t n = strlen(base);

	return n > 4 && !strcmp(base + n - 4, ".img") &&
	       (schema_image_file(a->schema, base) ||
		schema_raw_file(a->schema, base));
}

static bool has(const struct candidates *c, const char *path, size_t n)
{
	for (size_t i = c->n; i--; )
		if (strlen(c->dirs[i]) == n && !memcmp(c->dirs[i], path, n))
			return true;
	return false;
}

/* The directories that have images. */
static bool collect(struct candidates *c, struct crit_error *err)
{
	const struct member *m;

	for (size_t i = 0; (m = archive_nth(c->a, i)); i++) {
		const char *path = archive_name(c->a, m);
		size_t n = dir_length(path);
		char *dir;

		if (!member_is_file(m) ||
		    !archive_is_image(c->a, archive_base(path)) ||
		    has(c, path, n))
			continue;
		if (c->n == CANDIDATES_MAX)
			return error_set(err, CRIT_EDATA, "more than %d "
					 "directories of images; choose one with "
					 "--at", CANDIDATES_MAX);
		if (!archive_room((void **)&c->dirs, c->n, &c->cap,
				  sizeof(*c->dirs), err))
			return false;
		dir = alloc(n + 1);
		if (!dir)
			return error_set(err, CRIT_ENOMEM, "out of memory");
		memcpy(dir, path, n);
		dir[n] = 0;
		c->dirs[c->n++] = dir;
	}
	return true;
}

bool archive_parent(struct archive *a, const char *dir, char *to, size_t size)
{
	char path[ARCHIVE_PATH], text[ARCHIVE_PATH] = "";
	const struct member *m;
	struct crit_error err;
	struct blob b;

	error_clear(&err);
	if (!archive_path(path, sizeof(path), dir, "parent"))
		return false;
	m = archive_find(a, path);
	if (!m || m->type == TAR_DIR)
		return archive_path(to, size, "", path) &&
		       archive_has_dir(a, path);
	if (m->type == TAR_SYMLINK)
		return *(a->names + m->link) != '/' &&
		       archive_path(to, size, dir, a->names + m->link) &&
		       strcmp(to, dir) && archive_has_dir(a, to);
	/* where a copy has lost the link, a file may hold what it held */
	if (!archive_blob(a, m, &b, &err))
		return false;
	blob_read(&b, 0, text, sizeof(text) - 1, &err);
	blob_close(&b);
	text[strcspn(text, "\n")] = 0;
	return *text && *text != '/' && archive_path(to, size, dir, text) &&
	       archive_has_dir(a, to);
}

static const char *only(struct candidates *c)
{
	const char *found = NULL;
	char to[ARCHIVE_PATH];

	for (size_t i = 0; i < c->n; i++) {
		bool is_parent = false;

		for (size_t k = 0; k < c->n && !is_parent; k++)
			is_parent = k != i &&
				archive_parent(c->a, c->dirs[k], to, sizeof(to)) &&
				!strcmp(to, c->dirs[i]);
		if (is_parent)
			continue;
		if (found)
			return NULL;
		found = c->dirs[i];
	}
	return found;
}

static bool none(struct candidates *c, struct crit_error *err)
{
	const char *what = "no images in it";
	const struct member *m;

	for (size_t i = 0; (m = archive_nth(c->a, i)); i++)
		if (m->type == TAR_FILE && strstr(archive_name(c->a, m), ".tar"))
			return error_set(err, CRIT_EDATA, "no images in "
				"it, but an archive: %s; extract that first",
					 archive_name(c->a, m));
	if (archive_find(c->a, "config.dump"))
		what = "no images in it, only what an engine wrote beside them";
	else if (!archive_nth(c->a, 0))
		what = "an archive without members";
	return error_set(err, CRIT_EDATA, "%s", what);
}

static bool several(const struct candidates *c, struct crit_error *err)
{
	char list[160] = "";
	size_t n = 0;

	for (size_t i = 0; i < c->n && i < LISTED && n < sizeof(list); i++)
		n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s",
				      i ? ", " : "", *c->dirs[i] ? c->dirs[i] :
				      ".");
	return error_set(err, CRIT_EDATA, "%zu checkpoints in it (%s%s); choose "
			 "one with --at", c->n, list, c->n > LISTED ? ", ..." :
			 "");
}

static bool choose(struct candidates *c, char *dir, size_t size,
		   struct crit_error *err)
{
	const char *at = c->a->how->at, *found;

	if (at) {
		if (archive_path(dir, size, "", at) && has(c, dir, strlen(dir)))
			return true;
		return error_set(err, CRIT_EDATA, "no images at %s in it", at);
	}
	if (!c->n)
		return none(c, err);
	found = has(c, "checkpoint", 10) ? "checkpoint" : only(c);
	if (!found)
		return several(c, err);
	snprintf(dir, size, "%s", found);
	return true;
}

bool archive_choose(struct archive *a, char *dir, size_t size,
		    struct crit_error *err)
{
	struct candidates c = { .a = a };
	bool ok = collect(&c, err) && choose(&c, dir, size, err);

	for (size_t i = 0; i < c.n; i++)
		alloc_free(c.dirs[i]);
	alloc_free(c.dirs);
	return ok;
}
