// SPDX-License-Identifier: MIT
/*
 *   options, COLUMNS, NO_COLOR, TERM, the terminal ─► the form of tables
 */
#include "tables.h"
#include "filter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDTH_MAX = 10000 };

void table_read_top(void *into, const struct option_row *row, const char *arg)
{
	char *end;
	uint64_t n;

	errno = 0;
	n = strtoull(arg, &end, 10);
	if (*arg < '0' || *arg > '9' || *end || errno || !n)
		filter_usage("--top: invalid number '%s'", arg);
	memcpy((char *)into + row->place, &n, sizeof(n));
}

bool table_wanted(const struct table_options *o)
{
	return o->sort || o->top || o->totals;
}

void table_check(const struct table_options *o, bool table)
{
	if (table_wanted(o) && !table)
		filter_usage("--sort, --top and --total need a table: use "
			"-f table");
}

/* Where long cells are cut: COLUMNS, or the width of the terminal; 0: nowhere. */
static unsigned columns(void)
{
	const char *env = getenv("COLUMNS");
	struct winsize size;
	long n = env ? strtol(env, NULL, 10) : 0;

	if (n > 0)
		return n < WIDTH_MAX ? (unsigned)n : WIDTH_MAX;
	if (!isatty(STDOUT_FILENO))
		return 0;
	return !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col ?
		size.ws_col : 80;
}

/* no-color.org: a NO_COLOR that is not empty, whatever it says. */
static bool colours(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no && *no) && term && *term &&
	       strcmp(term, "dumb") != 0;
}

bool table_box(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *locale = NULL;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!locale || !*locale)
			locale = getenv(names[i]);
	return isatty(STDOUT_FILENO) && locale &&
	       (strcasestr(locale, "utf-8") || strcasestr(locale, "utf8"));
}

void table_set(struct table *t, const struct table_options *o)
{
	t->width = columns();
	t->colour = colours();
	t->exact = o->exact;
	t->totals = o->totals;
	t->sort = o->sort;
	t->top = o->top;
}

void table_begin(struct table_job *j, const struct table_options *o,
		 const char *columns, struct out *out, struct crit_error *err)
{
	table_init(&j->table, err);
	table_set(&j->table, o);
	if (columns)
		table_set_columns(&j->table, columns);
	table_lines_begin(&j->lines, &j->table, out);
}

bool table_end(struct table_job *j, struct out *out)
{
	bool ok;

	table_lines_end(out);
	ok = table_print(&j->table, out);
	table_free(&j->table);
	return ok;
}
