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
	{ "FDINFO", 1 << 2 }, { "FS", 1 << 2 }, { "MM", 1 << 2 },
	{ "VMAS", 1 << 2 }, { "MNTS", 1 << 2 },
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

enum { NAMES_MAX = 2 << 20 };

struct seeing {
	struct diff *d;
	unsigned level;
};

static void see(struct walk *w, const struct unit *u, const struct later *l,
		enum space space)
{
	struct seeing *s = w->ctx;
	struct sight at = {
		.id = l->value, .space = (uint8_t)space, .label = u->label,
		.holder = mix(u->key, l->path),
	};

	if (l->rule->level != s->level)
		return;
	if (l->rule->flags & FIELD_KEY && l->rule->space == S_FILE)
		at.holder = mix(S_FILE, l->value);
	if (l->rule->role && l->rule->role != ROLE_MAP)
		at.label.role = l->rule->role;
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

static bool see_images(struct diff *d, int side, unsigned level)
{
	const struct diff_image *all = d->images[side].p;
	struct seeing s = { .d = d, .level = level };

	for (size_t i = 0; i < d->images[side].n; i++) {
		struct walk *w = diff_walk(d, side);

		if (!(levels_of(&all[i]) >> level & 1))
			continue;
		w->id = see;
		w->unit = name;
		w->ctx = &s;
		/* what is wrong will be told when it is compared */
		if (!walk_image(w, d->store[side], all[i].name) &&
		    d->err->code == CRIT_ENOMEM)
			return false;
		error_clear(d->err);
	}
	return true;
}

bool diff_pairs(struct diff *d)
{
	for (unsigned level = 1; level <= LEVELS; level++)
		if (!see_images(d, 0, level) || !see_images(d, 1, level) ||
		    !ids_pair(&d->ids, level == LEVELS))
			return false;
	return true;
}
