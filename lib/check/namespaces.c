// SPDX-License-Identifier: MIT
/*
 * Namespaces of names, time and users: utsns, timens, userns, pidns.
 */
#include "check/rows_ns.h"
#include "check/tasks.h"
#include "base/alloc.h"

#include <stdlib.h>

static const struct rule rules[] = {
	{ "utsns-missing", ERROR, "the UTS namespace is missing" },
	{ "utsns-length", WARNING, "a name of the host is cut" },
	{ "timens-missing", ERROR, "the time namespace is missing" },
	{ "timens-range", WARNING, "nanoseconds of a second or more" },
	{ "userns-missing", ERROR, "the user namespace is missing" },
	{ "userns-empty", WARNING, "a user namespace without a map" },
	{ "userns-extent", ERROR, "an extent of a map cannot be" },
	{ "userns-overlap", ERROR, "two extents of a map overlap" },
	{ "opt-external-ns", NOTE, "restore needs the namespace of outside" },
	{ 0 },
};

enum { EXTENTS_MAX = 340 };

static const struct test tests[] = {
	{ "utsns-length", "utsns_entry.nodename", TEST_SIZE_ABOVE, 64, 0,
	  "bytes: cut to 64", NULL },
	{ "utsns-length", "utsns_entry.domainname", TEST_SIZE_ABOVE, 64, 0,
	  "bytes: cut to 64", NULL },
	{ "timens-range", "timespec.tv_nsec", TEST_ABOVE, 999999999, 0,
	  "is a second or more", NULL },
	{ 0 },
};

static void judge_missing(struct check *c, enum namespace_bit bit,
			  const char *template, const char *rule,
			  const char *text)
{
	uint64_t id = tasks_root_ns(c, bit);
	const struct inventory *inv = tasks_inventory(c);
	const struct task *root = c->root;

	if (!tasks_dumped(c, bit))
		return;
	if (bit == NS_UTS && inv && !inv->ns_per_id && root)
		id = root->pid;
	check_use(c, template, id);
	/* timens-0.img has the clocks of the dumping host */
	if (!id || !check_present(c, template, id))
		check_say(c, rule, NOWHERE, text, VALUES(id));
}

static bool is_beyond(uint64_t first, uint64_t count)
{
	return first + count > UINT64_C(1) << 32;
}

static int by_first(const void *a, const void *b)
{
	const struct extent *const *x = a, *const *y = b;

	return ((*x)->first > (*y)->first) - ((*x)->first < (*y)->first);
}

static int by_lower(const void *a, const void *b)
{
	const struct extent *const *x = a, *const *y = b;

	return ((*x)->lower_first > (*y)->lower_first) -
	       ((*x)->lower_first < (*y)->lower_first);
}

static void judge_overlap(struct check *c, const struct extent **all,
			  uint32_t n, bool lower)
{
	qsort(all, n, sizeof(*all), lower ? by_lower : by_first);
	for (uint32_t i = 1; i < n; i++) {
		const struct extent *a = all[i - 1], *b = all[i];
		uint64_t from = lower ? b->lower_first : b->first;
		uint64_t end = (lower ? a->lower_first : a->first) + a->count;

		if (from < end)
			check_say(c, "userns-overlap", AT_FIELD(b, lower ?
				  "lower_first" : "first"), "{first} lies in the "
				  "extent that ends before {end}",
				  VALUES(from, end));
	}
}

static void judge_map(struct check *c, const struct userns *u,
		      const char *field, uint64_t map)
{
	uint32_t n = span_n(map);
	const struct extent **all = alloc_zero((n + (size_t)1) * sizeof(*all));

	if (!n)
		check_say(c, "userns-empty", AT_FIELD(u, field), "empty: nobody "
			  "is mapped", NULL);
	if (n > EXTENTS_MAX)
		check_say(c, "userns-extent", AT_FIELD(u, field), "{count} "
			  "extents are more than the kernel takes, {max}",
			  VALUES(n, EXTENTS_MAX));
	for (uint32_t i = 0; i < n && all; i++) {
		const struct extent *e = all[i] = check_nth(c, T_EXTENT, map, i);

		if (!e->count || is_beyond(e->first, e->count) ||
		    is_beyond(e->lower_first, e->count))
			check_say(c, "userns-extent", AT(e), "{count} ids from "
				  "{first} to {lower_first} cannot be",
				  VALUES(e->count, e->first, e->lower_first));
	}
	if (all && n) {
		judge_overlap(c, all, n, false);
		judge_overlap(c, all, n, true);
	}
	alloc_free(all);
}

static void check(struct check *c)
{
	judge_missing(c, NS_UTS, "utsns-#.img", "utsns-missing",
		      "utsns-{id}.img is missing");
	judge_missing(c, NS_TIME, "timens-#.img", "timens-missing",
		      "timens-{id}.img is missing");
	judge_missing(c, NS_USER, "userns-#.img", "userns-missing",
		      "userns-{id}.img is missing");
	for EACH(c, T_USERNS, userns, u) {
		judge_map(c, u, "uid_map", u->uid_map);
		judge_map(c, u, "gid_map", u->gid_map);
	}
	for EACH(c, T_PIDNS, pidns, p)
		if (span_n(p->ext_key))
			check_say(c, "opt-external-ns", AT_FIELD(p, "ext_key"),
				  "restore needs --inherit-fd fd[N]:{key:t}",
				  VALUES(p->ext_key));
	for EACH(c, T_NETNS, netns, n)
		if (span_n(n->ext_key))
			check_say(c, "opt-external-ns", AT_FIELD(n, "ext_key"),
				  "restore needs --inherit-fd fd[N]:{key:t}",
				  VALUES(n->ext_key));
}

const struct area area_namespaces = {
	.rules = rules, .tests = tests, .check = check,
};
