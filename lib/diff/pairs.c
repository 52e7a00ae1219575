// SPDX-License-Identifier: MIT
/*
 *   images that have ids of a level ─► where ids stand ─► pairs
 */
#include "diff/diff.h"

#include <string.h>

enum {
	TASKS = 1 << 1, HOLDERS = 1 << 2, FILES = 1 << 3, BEHIND = 1 << 4,
	MAPS = 1 << LEVEL_MAPPINGS, SHAPES = 1 << LEVEL_FILES,
};

/* Which images have ids of which levels; files.img and those before it. */
static const struct { const char *type; unsigned levels; } sources[] = {
	{ "INVENTORY", TASKS }, { "PSTREE", TASKS }, { "IDS", TASKS },
	{ "CORE", TASKS },
	{ "FDINFO", HOLDERS }, { "FS", HOLDERS }, { "MM", HOLDERS | MAPS },
	{ "VMAS", MAPS }, { "MNTS", HOLDERS },
	{ "FILES", FILES | SHAPES }, { "PIPES", FILES | SHAPES },
	{ "FIFO", FILES | SHAPES }, { "TTY_FILES", FILES | SHAPES },
	{ "UNIXSK", FILES | SHAPES }, { "INETSK", FILES | SHAPES },
	{ "NETLINK_SK", FILES | SHAPES }, { "BPFMAP_FILE", FILES | SHAPES },
	{ "REG_FILES", FILES | SHAPES }, { "PIDFD", FILES | SHAPES },
	{ "REMAP_FPATH", FILES }, { "PACKETSK", SHAPES },
	{ "SIGNALFD", SHAPES }, { "NS_FILES", SHAPES },
	{ "EVENTFD_FILE", SHAPES }, { "EVENTPOLL_FILE", SHAPES },
	{ "INOTIFY_FILE", SHAPES }, { "FANOTIFY_FILE", SHAPES },
	{ "TUNFILE", SHAPES }, { "EXT_FILES", SHAPES }, { "TIMERFD", SHAPES },
	{ "SK_QUEUES", BEHIND }, { "MEMFD_INODE", BEHIND },
};

enum { NAMES_MAX = 1 << 20 };

struct seeing {
	struct diff *d;
	struct sights *seen;
	unsigned level;
	bool bad;			/* not all could be read */
};

static void see(struct walk *w, const struct unit *u, const struct later *l,
		enum space space)
{
	struct seeing *s = w->ctx;
	struct sight at = {
		.id = l->value, .space = (uint8_t)space, .role = u->label.role,
		.pid = u->label.pid, .number = u->label.number,
		.holder = mix(u->key, l->path),
	};
	const struct id *id;

	/* there are many mappings; most are of files that are known by now */
	id = s->level == LEVEL_MAPPINGS ?
		ids_find(&s->d->ids, w->side, space, l->value) : NULL;
	if (id && id->token)
		return;
	if (l->rule->role && l->rule->role != ROLE_MAP)
		at.role = l->rule->role;
	ids_see(&s->d->ids, s->seen, w->side, &at);
}

/* Keeps what a file is called, for descriptors and mappings that only one has. */
static void name(struct walk *w, const struct unit *u)
{
	struct seeing *s = w->ctx;
	struct id *id;
	char *to;

	/* the number of a watch in an entry is not the file's name */
	if (s->level < 3 || w->n_units > 1 || !u->rule ||
	    u->rule->of != S_FILE || !u->name_n)
		return;
	id = ids_find(&s->d->ids, w->side, S_FILE, u->of);
	if (!id || id->name || s->d->names.n > NAMES_MAX)
		return;
	id->name = (uint32_t)s->d->names.n + 1;
	for (size_t i = 0; i <= u->name_n; i++) {
		to = list_more(&s->d->names, 1, w->err);
		if (!to)
			return;
		*to = i < u->name_n ? u->name[i] : 0;
	}
}

static unsigned levels_of(const struct diff_image *im)
{
	for (size_t i = 0; im->type && i < sizeof(sources) / sizeof(*sources); i++)
		if (!strcmp(sources[i].type, im->type->name))
			return sources[i].levels;
	return 0;
}

/* Those of a level, by whatever looks at them. */
static bool see_images(struct diff *d, int side, struct seeing *s,
		       void (*id)(struct walk *, const struct unit *,
				  const struct later *, enum space),
		       void (*unit)(struct walk *, const struct unit *))
{
	struct diff_image *all = d->images[side].p;

	for (size_t i = 0; i < d->images[side].n; i++) {
		struct walk *w = diff_walk(d, side);

		if (!(levels_of(&all[i]) >> s->level & 1) || all[i].bad)
			continue;
		w->id = id;
		w->level = s->level;
		w->unit = unit;
		w->into = id ? &s->seen->of[side] : &d->ids.shapes[side];
		w->ctx = s;
		if (walk_image(w, d->store[side], all[i].name))
			continue;
		all[i].bad = s->bad = true;
		if (!diff_trouble(d))
			return false;
	}
	return true;
}

static void shape(struct walk *w, const struct unit *u)
{
	struct seeing *s = w->ctx;
	struct shape one = {
		.id = u->of, .type = u->type,
		.hash = u->name_n ? u->named : u->shape,
	};

	if (u->rule && u->rule->of == S_FILE && u->of && w->n_units == 1)
		ids_shape(&s->d->ids, w->side, &one);
}

static bool see_level(struct diff *d, unsigned n, struct sights *seen)
{
	struct seeing s = { .d = d, .seen = seen, .level = n };

	return see_images(d, 0, &s, see, name) &&
	       see_images(d, 1, &s, see, name);
}

static bool level(struct diff *d, unsigned n)
{
	struct sights seen = { 0 };
	bool ok = see_level(d, n, &seen) && ids_pair(&d->ids, &seen, false, 0);

	sights_free(&seen);
	return ok;
}

/* Those of a level that are alike; what is left stays in seen, unless it is so
 * much that it is read again. */
static bool alike(struct diff *d, unsigned n, struct sights *seen, bool *again)
{
	enum { KEPT = 8192 };

	if (!see_level(d, n, seen) || !ids_pair(&d->ids, seen, false, 2))
		return false;
	*again = seen->of[0].n + seen->of[1].n > KEPT;
	if (*again)
		sights_free(seen);
	return true;
}

/* The others. */
static bool unlike(struct diff *d, unsigned n, struct sights *seen, bool again)
{
	bool ok = (!again || see_level(d, n, seen)) &&
		  ids_pair(&d->ids, seen, false, 0);

	sights_free(seen);
	return ok;
}

/* Files that have kept their path first, by whatever leads to them. */
static bool holders(struct diff *d)
{
	struct sights fds = { 0 }, maps = { 0 };
	bool again[2];
	bool ok = alike(d, 2, &fds, &again[0]) &&
		  alike(d, LEVEL_MAPPINGS, &maps, &again[1]) &&
		  unlike(d, 2, &fds, again[0]) &&
		  unlike(d, LEVEL_MAPPINGS, &maps, again[1]);

	sights_free(&fds);
	sights_free(&maps);
	return ok;
}

/* Files that only their own entries hold. */
static bool lone_files(struct diff *d)
{
	struct sights seen = { 0 };
	bool ok = ids_see_shapes(&d->ids, &seen) &&
		  ids_pair(&d->ids, &seen, true, 0);

	sights_free(&seen);
	return ok;
}

/* What files lead to, and what that leads to. */
static bool behind_files(struct diff *d)
{
	return level(d, 3) && level(d, 4);
}

static bool find_shapes(struct diff *d)
{
	struct seeing s = { .d = d, .level = LEVEL_FILES };

	if (!see_images(d, 0, &s, NULL, shape) ||
	    !see_images(d, 1, &s, NULL, shape))
		return false;
	d->ids.some_shapes = s.bad;
	ids_shapes_end(&d->ids);
	return true;
}

bool diff_pairs(struct diff *d)
{
	uint64_t files;

	if (!find_shapes(d) || !level(d, 1) || !holders(d))
		return false;
	files = d->ids.files;
	if (!behind_files(d) || !lone_files(d))
		return false;
	/* more files are known: their entries are looked at again */
	if (d->ids.files != files && !behind_files(d))
		return false;
	ids_shapes_free(&d->ids);
	return true;
}
