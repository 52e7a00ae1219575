// SPDX-License-Identifier: MIT
/*
 *   images that have ids of a level ─► where ids stand ─► pairs
 */
#include "diff/diff.h"

#include <string.h>

/* Which images have ids of which levels; files.img and those before it. */
static const struct { const char *type; unsigned levels; } sources[] = {
	{ "INVENTORY", 1 << 1 }, { "PSTREE", 1 << 1 }, { "IDS", 1 << 1 },
	{ "CORE", 1 << 1 },
	{ "FDINFO", 1 << 2 }, { "FS", 1 << 2 }, { "MM", 1 << 2 | 1 << LEVEL_MAPPINGS },
	{ "VMAS", 1 << LEVEL_MAPPINGS }, { "MNTS", 1 << 2 },
	{ "FILES", 1 << 3 | 1 << LEVELS }, { "PIPES", 1 << 3 | 1 << LEVELS }, { "FIFO", 1 << 3 | 1 << LEVELS },
	{ "TTY_FILES", 1 << 3 | 1 << LEVELS }, { "UNIXSK", 1 << 3 | 1 << LEVELS }, { "INETSK", 1 << 3 | 1 << LEVELS },
	{ "NETLINK_SK", 1 << 3 | 1 << LEVELS }, { "BPFMAP_FILE", 1 << 3 | 1 << LEVELS },
	{ "REG_FILES", 1 << 3 | 1 << LEVELS }, { "PIDFD", 1 << 3 | 1 << LEVELS },
	{ "REMAP_FPATH", 1 << 3 },
	{ "PACKETSK", 1 << LEVELS }, { "SIGNALFD", 1 << LEVELS },
	{ "NS_FILES", 1 << LEVELS }, { "EVENTFD_FILE", 1 << LEVELS },
	{ "EVENTPOLL_FILE", 1 << LEVELS }, { "INOTIFY_FILE", 1 << LEVELS },
	{ "FANOTIFY_FILE", 1 << LEVELS }, { "TUNFILE", 1 << LEVELS },
	{ "EXT_FILES", 1 << LEVELS }, { "TIMERFD", 1 << LEVELS },
	{ "SK_QUEUES", 1 << 4 }, { "MEMFD_INODE", 1 << 4 },
};

enum { NAMES_MAX = 1 << 20 };

struct seeing {
	struct diff *d;
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

	if (l->rule->level != s->level)
		return;
	/* there are many mappings; most are of files that are known by now */
	id = s->level == LEVEL_MAPPINGS ?
		ids_find(&s->d->ids, w->side, space, l->value) : NULL;
	if (id && id->token)
		return;
	if (l->rule->flags & FIELD_KEY && l->rule->space == S_FILE)
		at.holder = mix(S_FILE, l->value);
	if (l->rule->role && l->rule->role != ROLE_MAP)
		at.role = l->rule->role;
	ids_see(&s->d->ids, w->side, &at);
}

/* Keeps what a file is called, for descriptors and mappings that only one has. */
static void name(struct walk *w, const struct unit *u)
{
	struct seeing *s = w->ctx;
	struct id *id;
	char *to;

	if (s->level < 3 || !u->rule || u->rule->of != S_FILE || !u->name_n)
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
		w->unit = unit;
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

static bool level(struct diff *d, unsigned n, int least)
{
	struct seeing s = { .d = d, .level = n };

	return see_images(d, 0, &s, see, name) &&
	       see_images(d, 1, &s, see, name) &&
	       ids_pair(&d->ids, n == LEVELS, least);
}

/* Files that have kept their path first, by whatever leads to them. Files that
 * only their own entries hold are found out in the last level; then what they
 * lead to. */
bool diff_pairs(struct diff *d)
{
	static const struct { unsigned level; int least; } steps[] = {
		{ 1, 0 }, { 2, 2 }, { LEVEL_MAPPINGS, 2 }, { 2, 0 },
		{ LEVEL_MAPPINGS, 0 }, { 3, 0 }, { 4, 0 }, { LEVELS, 0 },
		{ 3, 0 }, { 4, 0 },
	};
	struct seeing s = { .d = d, .level = LEVELS };

	if (!see_images(d, 0, &s, NULL, shape) ||
	    !see_images(d, 1, &s, NULL, shape))
		return false;
	if (s.bad)
		ids_shapes_free(&d->ids);
	ids_shapes_end(&d->ids);
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		if (!level(d, steps[i].level, steps[i].least))
			return false;
	ids_shapes_free(&d->ids);
	return true;
}
