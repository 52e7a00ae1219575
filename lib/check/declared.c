// SPDX-License-Identifier: MIT
/*
 * The declared checks of an area: values that a field may not have, fields
 * that name something, values that may not be there twice.
 */
#include "check/areas.h"
#include "base/alloc.h"
#include "check/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool fires(const struct test *t, uint64_t v, bool seen)
{
	int64_t s = (int64_t)v;

	if (t->kind == TEST_ABSENT)
		return !seen;
	if (t->kind == TEST_SIZE_BELOW && !seen)
		return t->a > 0;
	if (!seen)
		return false;
	switch (t->kind) {
	case TEST_ABOVE:
	case TEST_COUNT_ABOVE:
		return v > t->a;
	case TEST_BELOW:
		return v < t->a;
	case TEST_OUTSIDE:
		return v < t->a || v > t->b;
	case TEST_OUTSIDE_SIGNED:
		return s < (int64_t)t->a || s > (int64_t)t->b;
	case TEST_BITS:
		return v & ~t->a;
	case TEST_NOT_ONE_OF:
		return v > 63 || !(t->a >> v & 1);
	case TEST_IS:
		return v == t->a;
	case TEST_NOT:
		return v != t->a;
	case TEST_SIZE_ABOVE:
		return span_n(v) > t->a;
	case TEST_SIZE_BELOW:
		return span_n(v) < t->a;
	default:
		return false;
	}
}

static void say_value(struct check *c, const struct test *t, const void *row,
		      uint64_t v)
{
	const char *field = strchr(t->column, '.') + 1;
	char text[256];

	if (t->kind == TEST_ABSENT) {
		check_say(c, t->rule, AT(row), t->what, NULL);
		return;
	}
	if (t->kind == TEST_SIZE_ABOVE || t->kind == TEST_SIZE_BELOW)
		v = span_n(v);
	snprintf(text, sizeof(text), "{value%s} %s", t->kind == TEST_BITS ? ":x" :
		 t->kind == TEST_OUTSIDE_SIGNED ? ":d" : "", t->what);
	check_say(c, t->rule, AT_FIELD(row, field), text, VALUES(v));
}

static void run_test(struct check *c, const struct test *t)
{
	struct column_at at = check_column(t->column);

	for EACH(c, at.table, row, r) {
		uint64_t v = column_value(r, at.column);

		if (fires(t, v, r->seen >> at.bit & 1) &&
		    (!t->when || t->when(c, r)))
			say_value(c, t, r, v);
	}
}

/* Whether the target is there; *why, if not, says what is missing. */
static bool leads(struct check *c, const struct ref *ref, uint64_t v,
		  char *why, size_t n)
{
	const char *to = ref->to;
	int type = files_type(to);

	if (strchr(to, '#') || strchr(to, '$')) {
		check_use(c, to, v);
		snprintf(why, n, "names an image that is not there");
		return check_present(c, to, v);
	}
	if (type >= 0 || !strcmp(to, "any file")) {
		snprintf(why, n, type >= 0 ? "names no file of type %s" :
			 "names no file", to);
		return files_use(c, type < 0 ? 0 : (uint64_t)type, v, false);
	}
	snprintf(why, n, "names nothing: no %s has that value", to);
	return check_lookup(c, to, v);
}

static bool target_known(const struct check *c, const struct ref *ref)
{
	bool file = files_type(ref->to) >= 0 || !strcmp(ref->to, "any file");

	return !file || files_known(c);
}

static void run_ref(struct check *c, const struct ref *ref)
{
	struct column_at at = check_column(ref->column);
	char text[256], why[200];

	for EACH(c, at.table, row, r) {
		uint64_t v = column_value(r, at.column);

		if ((!v && !ref->zero) || !(r->seen >> at.bit & 1) ||
		    (ref->when && !ref->when(c, r)) || !target_known(c, ref) ||
		    leads(c, ref, v, why, sizeof(why)))
			continue;
		snprintf(text, sizeof(text), "{%s} %s", at.column->field, why);
		check_say(c, ref->rule, AT_FIELD(r, at.column->field), text,
			  VALUES(v));
	}
}

struct once {
	uint64_t scope, value;
	const struct row *row;
};

static uint64_t scope_of(enum scope scope, const struct row *r)
{
	if (scope == IN_PARENT)
		return (uint64_t)r->parent_table << 48 |
			(uint64_t)r->via << 32 | r->parent;
	return scope == IN_IMAGE ? r->image : 0;
}

static int compare(const void *a, const void *b)
{
	const struct once *x = a, *y = b;

	if (x->scope != y->scope)
		return x->scope < y->scope ? -1 : 1;
	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

/* The first one is good; each further one is told. */
static void run_unique(struct check *c, const struct unique *u)
{
	struct column_at at = check_column(u->column);
	struct check_list l = { 0 };
	struct once *all, *o;

	for EACH(c, at.table, row, r) {
		uint64_t v = column_value(r, at.column);

		if ((!v && !u->zero) || (u->when && !u->when(c, r)))
			continue;
		o = check_more(c, &l, sizeof(*o));
		if (o)
			*o = (struct once){ scope_of(u->scope, r), v, r };
	}
	all = l.p;
	if (l.n)
		qsort(all, l.n, sizeof(*all), compare);
	for (size_t i = 1; i < l.n; i++)
		if (all[i].scope == all[i - 1].scope &&
		    all[i].value == all[i - 1].value)
			check_say(c, u->rule, AT_FIELD(all[i].row,
				  at.column->field), "{value} is there already, "
				  "in entry {entry} of {-image:s}",
				  VALUES(all[i].value, all[i - 1].row->entry,
				  STRING(check_image_at(c,
				  all[i - 1].row->image)->name)));
	alloc_free(l.p);
}

void check_declared(struct check *c, const struct area *a)
{
	for (const struct test *t = a->tests; t && t->rule; t++)
		run_test(c, t);
	for (const struct ref *r = a->refs; r && r->rule; r++)
		run_ref(c, r);
	for (const struct unique *u = a->uniques; u && u->rule; u++)
		run_unique(c, u);
}
