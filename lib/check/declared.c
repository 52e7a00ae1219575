// SPDX-License-Identifier: MIT
/*
 * The declared checks of an area: values that a field may not have, fields
 * that name something, values that may not be there twice.
 */
#include "check/areas.h"
#include "check/files.h"

#include <stdio.h>
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

static bool same_scope(const struct unique *u, const struct row *a,
		       const struct row *b)
{
	return u->scope == IN_ALL || (a->image == b->image &&
		(u->scope == IN_IMAGE || (a->entry == b->entry &&
		 a->parent == b->parent && a->parent_table == b->parent_table &&
		 a->via == b->via)));
}

static void run_unique(struct check *c, const struct unique *u)
{
	struct column_at at = check_column(u->column);

	for EACH(c, at.table, row, r) {
		uint64_t v = column_value(r, at.column);
		const struct row *other = check_lookup(c, u->column, v);

		if ((!v && !u->zero) || (u->when && !u->when(c, r)))
			continue;
		/* the first one is good; each further one is told */
		while (other && other < r && (!same_scope(u, other, r) ||
			(u->when && !u->when(c, other))))
			other = check_lookup_next(c, u->column, other);
		if (other && other < r)
			check_say(c, u->rule, AT_FIELD(r, at.column->field),
				  "{value} is there already, in entry {entry} "
				  "of {-image:s}", VALUES(v, other->entry,
				  STRING(check_image_at(c, other->image)->name)));
	}
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
