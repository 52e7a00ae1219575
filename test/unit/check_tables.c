// SPDX-License-Identifier: MIT
/*
 * The tables of crit-check: each message and field that a column names is in
 * the schema, and of the kind that is kept; columns of a row fill it; rules
 * that declared checks name are there.
 */
#include "check/areas.h"
#include "check/files.h"
#include "test.h"

static const struct message *message_of(enum table t)
{
	return schema_message(&crit_schema, check_tables[t].message);
}

static bool fits(const struct field *f, enum take take)
{
	bool repeated = f->label == LABEL_REPEATED;

	switch (take) {
	case TAKE_VALUE:
		return !repeated && (kind_is_number(f->kind) ||
				     f->kind == KIND_MESSAGE);
	case TAKE_COUNT:
		return repeated;
	case TAKE_LIST:
		return repeated && kind_is_number(f->kind);
	case TAKE_TEXT:
	case TAKE_SIZE:
	case TAKE_HEAD:
		return !repeated && !kind_is_number(f->kind) &&
		       f->kind != KIND_MESSAGE;
	case TAKE_NAMES:
		return repeated && f->kind == KIND_STRING;
	case TAKE_ROW:
		return !repeated && f->kind == KIND_MESSAGE;
	case TAKE_ROWS:
		return repeated && f->kind == KIND_MESSAGE;
	}
	return false;
}

static bool columns_fit(enum table t)
{
	const struct message *m = message_of(t);
	size_t slots = 0;

	for (size_t i = 0; i < check_tables[t].n; i++) {
		const struct column *col = &check_tables[t].columns[i];
		const struct field *f = message_field_name(m, col->field,
							   strlen(col->field));

		/* the members of a file share a slot */
		if (col->offset != sizeof(struct row) + 8 * slots)
			slots--;
		if (col->offset != sizeof(struct row) + 8 * slots++)
			return false;
		if (strcmp(col->field, "extra") && (!f || !fits(f, col->take)))
			return false;
	}
	return check_tables[t].size == sizeof(struct row) + 8 * slots;
}

static void columns(void)
{
	for (enum table t = T_NONE + 1; t < T_MAX; t++) {
		test_case = check_tables[t].message ? check_tables[t].message : "";
		if (CHECK(check_tables[t].message && message_of(t)))
			CHECK(columns_fit(t));
	}
}

/* The bits of `seen` that files_has looks at. */
static void members(void)
{
	const struct table_rule *t = &check_tables[T_FILE];

	CHECK(t->n == FD_TYPES + 1);
	for (uint32_t i = 1; i < FD_TYPES; i++)
		CHECK(!strcmp(t->columns[i + 1].field, file_kinds[i].member));
}

/* Each rule and column that it names is there. */
static void area_fits(const struct area *a)
{
	for (const struct test *t = a->tests; t && t->rule; t++)
		CHECK(check_rule_of(t->rule) && check_column(t->column).column);
	for (const struct ref *r = a->refs; r && r->rule; r++)
		CHECK(check_rule_of(r->rule) && check_column(r->column).column);
	for (const struct unique *u = a->uniques; u && u->rule; u++)
		CHECK(check_rule_of(u->rule) && check_column(u->column).column);
}

static void declared(void)
{
	for (size_t i = 0; check_areas[i]; i++)
		area_fits(check_areas[i]);
}

int main(void)
{
	RUN(columns);
	RUN(members);
	RUN(declared);
	return test_end();
}
