// SPDX-License-Identifier: MIT
/*
 * cgroup.img, seccomp.img, apparmor.img.
 */
#include "check/core.h"

#include <string.h>

static const struct rule rules[] = {
	{ "cgroup-set-duplicate", ERROR, "a control group set is there twice" },
	{ "cgroup-controller-empty", ERROR, "a controller without names" },
	{ "cgroup-member-controller", ERROR, "a set names a controller that is "
		"not there" },
	{ "cgroup-cgns-prefix", ERROR, "cgns_prefix is longer than the path" },
	{ "cgroup-set-controllers", WARNING, "sets with different controllers" },
	{ "seccomp-filter-len", ERROR, "a filter that is not whole "
		"instructions" },
	{ "seccomp-filter-size", ERROR, "a filter of a size that the kernel "
		"refuses" },
	{ "seccomp-prev-range", ERROR, "the filter before is missing" },
	{ "seccomp-prev-cycle", ERROR, "filters in a circle" },
	{ "apparmor-name", WARNING, "a namespace of AppArmor without name" },
	{ 0 },
};

static const struct test tests[] = {
	{ "seccomp-filter-size", "seccomp_filter.filter", TEST_OUTSIDE, 1,
	  32768, "bytes are no filter that the kernel takes", NULL },
	{ "cgroup-controller-empty", "cg_controller_entry.cnames", TEST_ABSENT,
	  0, 0, "cnames is empty", NULL },
	{ "apparmor-name", "aa_namespace.name", TEST_SIZE_BELOW, 1, 0,
	  "bytes of name", NULL },
	{ 0 },
};

static const struct unique uniques[] = {
	{ "cgroup-set-duplicate", "cg_set_entry.id", IN_ALL, true, NULL },
	{ 0 },
};

static bool same_text(const struct check *c, uint64_t a, uint64_t b)
{
	return span_n(a) == span_n(b) &&
	       !memcmp(check_text(c, a), check_text(c, b), span_n(a));
}

static bool has_controller(const struct check *c, uint64_t name)
{
	for EACH(c, T_CONTROLLER, cg_controller, k) {
		const char *p = check_text(c, k->cnames);
		const char *end = p + span_n(k->cnames);

		for (; p < end; p += strlen(p) + 1)
			if (strlen(p) == span_n(name) &&
			    !memcmp(p, check_text(c, name), span_n(name)))
				return true;
	}
	return false;
}

static bool is_set_used(const struct check *c, uint64_t set)
{
	const struct inventory *inv = tasks_inventory(c);

	for EACH_TASK(c, t)
		if (core_cg_set(t) == set)
			return true;
	for EACH(c, T_THREAD_CORE, thread_core, t)
		if (t->cg_set == set)
			return true;
	return inv && inv->root_cg_set == set;
}

static void judge_member(struct check *c, const struct cg_set *s,
			 const struct cg_member *m, bool used)
{
	if (used && !has_controller(c, m->name))
		check_say(c, "cgroup-member-controller", AT_FIELD(m, "name"),
			  "{name:t} of set {set} is no controller",
			  VALUES(m->name, s->id));
	if (m->cgns_prefix > span_n(m->path))
		check_say(c, "cgroup-cgns-prefix", AT_FIELD(m, "cgns_prefix"),
			  "{value} is more than the {bytes} bytes of path, "
			  "{path:t}", VALUES(m->cgns_prefix, span_n(m->path),
			  m->path));
}

static void judge_set(struct check *c, const struct cg_set *s)
{
	const struct cg_set *first = check_first(c, T_SET);
	bool used = is_set_used(c, s->id), differs;

	differs = span_n(s->ctls) != span_n(first->ctls);
	for (uint32_t i = 0; i < span_n(s->ctls); i++) {
		const struct cg_member *m = check_nth(c, T_MEMBER, s->ctls, i);
		const struct cg_member *o = check_nth(c, T_MEMBER, first->ctls, i);

		judge_member(c, s, m, used);
		differs |= !o || !same_text(c, m->name, o->name);
	}
	if (differs)
		check_say(c, "cgroup-set-controllers", AT_FIELD(s, "ctls"),
			  "sets {id} and {first} have different controllers",
			  VALUES(s->id, first->id));
}

/* Follows prev; longer than there are filters is a circle. */
static bool is_circle(const struct check *c, const struct seccomp *s, uint32_t i)
{
	uint32_t n = span_n(s->seccomp_filters);

	for (uint32_t steps = 0; steps <= n; steps++) {
		const struct seccomp_filter_row *f =
			check_nth(c, T_FILTER, s->seccomp_filters, i);

		if (!f || !HAS(f, seccomp_filter_row, prev))
			return false;
		i = f->prev > UINT32_MAX ? UINT32_MAX : (uint32_t)f->prev;
	}
	return true;
}

static void judge_filters(struct check *c, const struct seccomp *s)
{
	uint32_t n = span_n(s->seccomp_filters);
	bool told = false;

	for (uint32_t i = 0; i < n; i++) {
		const struct seccomp_filter_row *f =
			check_nth(c, T_FILTER, s->seccomp_filters, i);

		if (f->filter % 8)
			check_say(c, "seccomp-filter-len", AT_FIELD(f, "filter"),
				  "{bytes} bytes are no whole instructions",
				  VALUES(f->filter));
		if (HAS(f, seccomp_filter_row, prev) && f->prev >= n)
			check_say(c, "seccomp-prev-range", AT_FIELD(f, "prev"),
				  "{prev}: there are {filters} filters",
				  VALUES(f->prev, n));
		else if (!told && is_circle(c, s, i)) {
			told = true;
			check_say(c, "seccomp-prev-cycle", AT_FIELD(f, "prev"),
				  "{prev}: following the filters before this "
				  "one never ends", VALUES(f->prev));
		}
	}
}

static void check(struct check *c)
{
	const struct seccomp *s = check_first(c, T_SECCOMP);

	for EACH(c, T_SET, cg_set, set)
		judge_set(c, set);
	if (s)
		judge_filters(c, s);
}

const struct area area_cgroup = {
	.rules = rules, .tests = tests, .uniques = uniques, .check = check,
};
