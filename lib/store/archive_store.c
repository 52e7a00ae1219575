// SPDX-License-Identifier: MIT
/*
 *   directory of an archive ─► store
 */
#include "store/archive.h"
#include "codec/fnv.h"
#include "base/alloc.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct view {
	struct archive *a;
	char dir[];
};

static bool path_of(const struct view *v, const char *name, char *to)
{
	return (size_t)snprintf(to, ARCHIVE_PATH, "%s%s%s", v->dir,
				*v->dir ? "/" : "", name) < ARCHIVE_PATH;
}

static const struct member *find(const struct store *s, const char *name)
{
	const struct view *v = s->state;
	char path[ARCHIVE_PATH];

	return path_of(v, name, path) ? archive_find(v->a, path) : NULL;
}

static bool list(struct store *s, struct crit_error *err)
{
	const struct view *v = s->state;
	size_t n = strlen(v->dir);
	const struct member *m;

	for (size_t i = 0; (m = archive_nth(v->a, i)); i++) {
		const char *name = archive_name(v->a, m);

		if (n && (strncmp(name, v->dir, n) || name[n] != '/'))
			continue;
		name += n ? n + 1 : 0;
		if (strchr(name, '/'))
			continue;
		if (!store_add(s, name, member_is_file(m), err))
			return false;
		s->files[s->n - 1].passed = m->passed;
	}
	return true;
}

static bool is_passing(const struct store *s, const char *name)
{
	const struct view *v = s->state;
	char path[ARCHIVE_PATH];

	return v->a->passing && path_of(v, name, path) &&
	       !strcmp(path, v->a->passing_path);
}

static bool absent(const struct store *s, const char *name)
{
	return !find(s, name) && !is_passing(s, name);
}

static bool regular(const struct store *s, const char *name)
{
	const struct member *m = find(s, name);

	return is_passing(s, name) || (m && member_is_file(m));
}

static bool blob(const struct store *s, const char *name, struct blob *b,
		 struct crit_error *err)
{
	const struct view *v = s->state;
	const struct member *m = find(s, name);

	if (is_passing(s, name)) {
		*b = *v->a->passing;
		return true;
	}
	if (m)
		return archive_blob(v->a, m, b, err);
	return error_sys(err, ENOENT, "cannot open");
}

/* What describes the layer that the archive is. */
static bool outer_beside(const struct archive *a, const char *name,
			 struct blob *b, bool *none, struct crit_error *err)
{
	const char *path = !strcmp(name, STORE_OCI_MANIFEST) ? a->oci.manifest :
		!strcmp(name, STORE_OCI_CONFIG) ? a->oci.config : "";

	*none = !*path || store_absent(a->outer, path);
	return !*none && store_blob(a->outer, path, b, err);
}

static bool beside(const struct store *s, const char *name, struct blob *b,
		   bool *absent_too, struct crit_error *err)
{
	const struct view *v = s->state;
	char path[ARCHIVE_PATH], up[NAME_MAX + 4];
	const struct member *m = NULL;

	snprintf(up, sizeof(up), "../%s", name);
	if (*v->dir && archive_path(path, sizeof(path), v->dir, up))
		m = archive_find(v->a, path);
	if (!m)
		m = find(s, name);
	if (!m && v->a->outer)
		return outer_beside(v->a, name, b, absent_too, err);
	*absent_too = !m;
	return m && archive_blob(v->a, m, b, err);
}

static bool open_view(struct store *to, struct archive *a, const char *dir);

static bool parent(const struct store *s, struct store *to)
{
	const struct view *v = s->state;
	char dir[ARCHIVE_PATH];

	errno = ENOENT;
	return archive_parent(v->a, v->dir, dir, sizeof(dir)) &&
	       open_view(to, v->a, dir);
}

static bool parent_link(const struct store *s, char *to, size_t n)
{
	const struct view *v = s->state;
	const struct member *m = find(s, "parent");

	if (!m || m->type != TAR_SYMLINK)
		return false;
	snprintf(to, n, "%s", v->a->names + m->link);
	return true;
}

static bool again(const struct store *s, struct store *to)
{
	const struct view *v = s->state;

	return open_view(to, v->a, v->dir);
}

static void close_view(struct store *s)
{
	struct view *v = s->state;

	if (v)
		archive_close(v->a);
	alloc_free(v);
	s->state = NULL;
}

static const struct store_ops archive_ops = {
	.what = "archive", .list = list, .absent = absent, .regular = regular,
	.blob = blob, .parent = parent, .parent_link = parent_link,
	.again = again, .beside = beside,
	.close = close_view,
};

/* The same directory of the same file has the same id; of pipes and of several
 * shards, each store has its own. */
static void set_id(struct store *to, const struct archive *a, const char *dir)
{
	const struct blob *b = &a->source->raw;
	struct stat st;

	to->id[0] = (uint64_t)(uintptr_t)a;
	to->id[1] = fnv_text(dir);
	if (a->n_sources > 1 || b->fd < 0 || fstat(b->fd, &st) ||
	    !S_ISREG(st.st_mode))
		return;
	to->id[0] = (uint64_t)st.st_dev;
	to->id[1] += (uint64_t)st.st_ino * UINT64_C(0x9e3779b97f4a7c15) +
		b->start;
}

static bool open_view(struct store *to, struct archive *a, const char *dir)
{
	struct view *v = alloc(sizeof(*v) + strlen(dir) + 1);

	errno = ENOMEM;
	if (!v)
		return false;
	v->a = a;
	a->refs++;
	strcpy(v->dir, dir);
	to->ops = &archive_ops;
	to->state = v;
	set_id(to, a, dir);
	snprintf(to->place, sizeof(to->place), "%.150s: %.90s%s",
		 a->source->name, dir, *dir ? "/" : "");
	snprintf(to->at, sizeof(to->at), "%.250s%s", dir, *dir ? "/" : "");
	return true;
}

bool archive_offer(struct archive *a, const char *path, const struct blob *b)
{
	struct store s = { .schema = a->schema, .fd = -1 };
	bool taken;

	if (!open_view(&s, a, a->dir))
		return error_set(a->err, CRIT_ENOMEM, "out of memory");
	a->passing = b;
	a->passing_path = path;
	taken = a->how->pass(a->how->ctx, &s, archive_base(path));
	a->passing = NULL;
	close_view(&s);
	return taken;
}

static bool choose(struct store *s, struct archive *a, char *dir,
		   struct crit_error *err)
{
	bool ok;

	a->how = &s->how;
	ok = archive_choose(a, dir, ARCHIVE_PATH, err);
	a->how = NULL;
	/* what is missing may be behind the damage */
	if (!ok && error_is(&s->damage))
		*err = s->damage;
	if (!ok && !err->image[0])
		snprintf(err->image, sizeof(err->image), "%s", a->source->name);
	return ok;
}

static bool open_layout(struct store *s, struct archive *a,
			struct crit_error *err)
{
	if (!open_view(s, a, ""))
		return error_set(err, CRIT_ENOMEM, "out of memory");
	return oci_is(s) && oci_store_open(s, a->source->name, err);
}

bool archive_store_open(struct store *s, struct source *source,
			struct crit_error *err)
{
	struct archive *a = archive_open(source, s->schema, &s->how, &s->damage,
					 err);
	char dir[ARCHIVE_PATH];
	bool ok;

	if (!a)
		return false;
	if (archive_find(a, "index.json") && archive_has_dir(a, "blobs"))
		ok = open_layout(s, a, err);
	else
		ok = choose(s, a, dir, err) &&
		     (open_view(s, a, dir) ||
		      error_set(err, CRIT_ENOMEM, "out of memory"));
	archive_close(a);
	return ok;
}

bool archive_store_open_in(struct store *s, struct source *source,
			   struct store *outer, const struct oci_found *found,
			   struct crit_error *err)
{
	struct archive *a = archive_open(source, s->schema, &s->how, &s->damage,
					 err);
	char dir[ARCHIVE_PATH];
	bool ok;

	if (!a)
		return false;
	ok = choose(s, a, dir, err) && open_view(s, a, dir);
	if (ok) {
		s->in_layer = true;
		a->outer = outer;
		a->oci = *found;
	}
	archive_close(a);
	return ok;
}
