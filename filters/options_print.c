// SPDX-License-Identifier: MIT
/*
 *   rows ─┬─► --help: usage, options in two columns, examples
 *         └─► lines for the generators of share/completions
 */
#include "options_print.h"
#include "filter.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 79, COLUMN = 28 };

static const struct option_row standard_rows[] = {
	{ 'h', "help", .help = "print this help and exit" },
	{ 0, "version", .help = "print the version and exit" },
};

static bool is_end(const struct option_row *row)
{
	return !row->names && !row->help;
}

const struct option_row *tool_row(const struct tool *p, int i)
{
	int n = 0;

	while (!is_end(&p->rows[n]))
		if (n++ == i)
			return &p->rows[i];
	return i - n < 2 ? &standard_rows[i - n] : NULL;
}

bool tool_standard(const struct option_row *row)
{
	return row >= standard_rows && row < standard_rows + 2;
}

/* Words of text from column `at` on, later lines start at `indent`. */
static void wrap(const char *text, int at, int indent)
{
	bool first = true;

	while (*text) {
		int n = (int)strcspn(text, " ");

		if (!first && at + 1 + n > WIDTH) {
			printf("\n%*s", indent, "");
			at = indent;
			first = true;
		}
		at += printf("%s%.*s", first ? "" : " ", n, text);
		first = false;
		text += n + (text[n] != 0);
	}
	putchar('\n');
}

/* "  -o, --output, --out FILE"; returns its width. */
static int print_names(const struct option_row *row)
{
	const char *s = row->names;
	int at = printf(row->letter ? "  -%c" : "    ", row->letter);

	for (bool first = true; *s; first = false) {
		int n = (int)strcspn(s, " ");

		at += printf("%s--%.*s", first && !row->letter ? "  " : ", ", n,
			     s);
		s += n + (s[n] != 0);
	}
	if (row->argument)
		at += printf("%s%s", *row->argument == '[' ? "" : " ",
			     row->argument);
	return at;
}

static void print_row(const struct option_row *row)
{
	int at;

	if (!row->names) {
		putchar('\n');
		wrap(row->help, 0, 0);
		return;
	}
	at = print_names(row);
	if (at + 2 > COLUMN) {
		putchar('\n');
		at = 0;
	}
	printf("%*s", COLUMN - at, "");
	wrap(row->help, COLUMN, COLUMN);
}

static void print_usage(FILE *to, const struct tool *p)
{
	const char *line = p->synopsis;

	for (const char *start = "Usage:"; *line; start = "      ") {
		int n = (int)strcspn(line, "\n");

		fprintf(to, "%s %s %.*s\n", start, program_invocation_short_name, n,
		       line);
		line += n + (line[n] != 0);
	}
}

static void print_examples(FILE *to, const struct tool *p)
{
	if (p->examples)
		fputs("\nExamples:\n", to);
	for (const struct example *e = p->examples; e && e->line; e++)
		fprintf(to, "  %s\n      %s\n", e->what, e->line);
}

void tool_missing(const struct tool *p, const char *what)
{
	filter_warn("%s", what);
	print_usage(stderr, p);
	print_examples(stderr, p);
	fprintf(stderr, "\nTry '%s --help'.\n", program_invocation_short_name);
	exit(FILTER_USAGE);
}

void tool_help(const struct tool *p)
{
	const struct option_row *row;

	print_usage(stdout, p);
	printf("%s\n", p->about);
	if (tool_row(p, 0)->names)
		putchar('\n');
	for (int i = 0; (row = tool_row(p, i)); i++)
		print_row(row);
	print_examples(stdout, p);
	printf("\nExit status: %s.\n", p->status ? p->status :
	       "0 success, 1 data or I/O error, 2 usage error");
	printf("Full documentation: man %s\n",
	       p->see ? p->see : program_invocation_short_name);
}

static const char *takes_name(enum takes takes)
{
	static const char *const names[] = {
		"nothing", "file", "output", "dir", "image", "checkpoint",
		"documents", "text", "word", "pid",
	};

	return names[takes];
}

static const char *or_dash(const char *s)
{
	return s && *s ? s : "-";
}

/* The table as lines with tabs between the fields:
 *	program NAME OPERAND WORDS
 *	option NAME LETTER NAMES ARGUMENT TAKES WORDS MANY HELP
 * An empty field is "-". Commands follow as programs: "crit decode". */
static void print_table(const struct tool *p, const char *name)
{
	const struct option_row *row;

	printf("program\t%s\t%s\t%s\n", name, takes_name(p->operand),
	       or_dash(p->words));
	for (int i = 0; (row = tool_row(p, i)); i++)
		if (row->names && !(strchr(name, ' ') && row == standard_rows + 1))
			printf("option\t%s\t%c\t%s\t%s\t%s\t%s\t%s\t%s\n", name,
			       row->letter ? row->letter : '-', row->names,
			       or_dash(row->argument), takes_name(row->takes),
			       or_dash(row->words), row->many ? "many" : "-",
			       row->help);
	for (const struct command_table *c = p->commands; c && c->name; c++) {
		char full[64];

		snprintf(full, sizeof(full), "%s %s", name, c->name);
		print_table(c->tool, full);
	}
}

bool tool_printed(const struct tool *p)
{
	if (!getenv("CRIT_PRINT_OPTIONS"))
		return false;
	print_table(p, program_invocation_short_name);
	return true;
}
