// SPDX-License-Identifier: MIT
/*
 *   stats-dump, stats-restore ─► model ─► structs of crit.h
 */
#include "api/dir.h"
#include "facts.h"

/* Where a number of stats_entry goes. */
struct place {
	const char *path;
	size_t offset;
};

#define DUMP(field) { "dump." #field, offsetof(struct crit_dump_stats, field) },
#define RESTORE(field) \
	{ "restore." #field, offsetof(struct crit_restore_stats, field) },

static const struct place dump[] = { DUMP_STATS_ENTRY__EACH(DUMP) };
static const struct place restore[] = { RESTORE_STATS_ENTRY__EACH(RESTORE) };

static bool no_entry(const struct crit_dir *dir, const char *name,
		     struct crit_error *err)
{
	struct crit_error e;

	error_clear(&e);
	strcpy(e.image, name);
	error_set(&e, CRIT_EDATA, "has no such statistics");
	return dir_fail(dir, err, &e);
}

static bool read_stats(struct crit_dir *dir, const char *name, const char *part,
		       const struct place *places, size_t n, void *stats,
		       struct crit_error *err)
{
	struct crit_image *im = crit_dir_image(dir, name, err);
	struct crit_entry *e = NULL;
	int r = im ? crit_read(im, &e, err) : -1;
	int has = r > 0 ? crit_has(e, part, err) : 0;

	if (r >= 0 && has >= 0 && !(r && has)) {
		no_entry(dir, name, err);
		has = -1;
	}
	for (size_t i = 0; i < n && has > 0; i++)
		if (crit_get_number(e, places[i].path, (uint64_t *)
				    ((char *)stats + places[i].offset), err) < 0)
			has = -1;
	crit_entry_free(e);
	crit_close(im);
	return r > 0 && has > 0;
}

bool crit_dump_statistics(struct crit_dir *dir, struct crit_dump_stats *stats,
			  struct crit_error *err)
{
	*stats = (struct crit_dump_stats){ 0 };
	return read_stats(dir, "stats-dump", "dump", dump,
			  sizeof(dump) / sizeof(*dump), stats, err);
}

bool crit_restore_statistics(struct crit_dir *dir,
			     struct crit_restore_stats *stats,
			     struct crit_error *err)
{
	*stats = (struct crit_restore_stats){ 0 };
	return read_stats(dir, "stats-restore", "restore", restore,
			  sizeof(restore) / sizeof(*restore), stats, err);
}
