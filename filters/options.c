// SPDX-License-Identifier: MIT
/*
 *   rows ─► getopt_long's tables ─┐
 *   argv ─────────────────────────┴─► values in the program's object
 */
#include "options.h"
#include "options_print.h"
#include "filter.h"
#include "codec/edits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONG_MAX_NAMES = 96, LONG = 256 };

/* What getopt_long wants. The value of a long option is LONG + its row. */
struct parser {
	const struct tool *tool;
	struct option longs[LONG_MAX_NAMES + 1];
	size_t n_longs;
	char letters[3 * LONG_MAX_NAMES];
	char names[16 * LONG_MAX_NAMES], *free;
};

static void add_names(struct parser *p, const struct option_row *row, int value)
{
	const char *s = row->names;

	while (*s && p->n_longs < LONG_MAX_NAMES) {
		size_t n = strcspn(s, " ");

		if (n >= (size_t)(p->names + sizeof(p->names) - p->free))
			abort();	/* the table is too long */
		memcpy(p->free, s, n);
		p->longs[p->n_longs++] = (struct option){
			.name = p->free, .val = value,
			.has_arg = !row->argument ? no_argument :
				*row->argument == '[' ? optional_argument :
				required_argument,
		};
		p->free += n + 1;
		s += n + strspn(s + n, " ");
	}
}

static void parser_init(struct parser *p, const struct tool *tool)
{
	const struct option_row *row;
	char *letter;

	memset(p, 0, sizeof(*p));
	letter = p->letters;
	p->tool = tool;
	p->free = p->names;
	*letter++ = ':';
	for (int i = 0; (row = tool_row(tool, i)); i++) {
		if (!row->names)
			continue;
		add_names(p, row, LONG + i);
		if (!row->letter)
			continue;
		*letter++ = (char)row->letter;
		if (row->argument)
			*letter++ = ':';
	}
}

static const struct option_row *row_of(const struct tool *p, int c)
{
	const struct option_row *row;

	if (c >= LONG)
		return tool_row(p, c - LONG);
	for (int i = 0; (row = tool_row(p, i)); i++)
		if (row->names && row->letter == c)
			return row;
	return NULL;
}

/* As users type it: -x, or --name for what has no letter or was typed so. */
static const char *spelled(const struct tool *p, int c, char buf[64])
{
	const struct option_row *row = row_of(p, c);

	if (c < LONG)
		snprintf(buf, 64, "-%c", c);
	else
		snprintf(buf, 64, "--%.*s", (int)strcspn(row->names, " "),
			 row->names);
	return buf;
}

static _Noreturn void unknown_long(const struct parser *p, const char *arg)
{
	const struct option *best = NULL;
	size_t n = strcspn(arg + 2, "=");
	unsigned least = EDITS_NAME_MAX;
	bool several = false;

	for (const struct option *o = p->longs; o->name; o++) {
		unsigned d = edits(o->name, strlen(o->name), arg + 2, n);

		if (n && !strncmp(o->name, arg + 2, n))
			several = true;
		if (d < least) {
			least = d;
			best = o;
		}
	}
	if (several)
		filter_usage("option '%.*s' is ambiguous", (int)n + 2, arg);
	if (best && edits_close(least, n))
		filter_usage("unknown option '%.*s' (did you mean --%s?)",
			     (int)n + 2, arg, best->name);
	filter_usage("unknown option '%.*s'", (int)n + 2, arg);
}

static _Noreturn void bad_option(const struct parser *p, int c, char **argv)
{
	char name[64];

	if (c == ':')
		filter_usage("option '%s' needs an argument",
			     spelled(p->tool, optopt, name));
	if (!optopt)
		unknown_long(p, argv[optind - 1]);
	if (optopt >= LONG)
		filter_usage("option '%s' takes no argument",
			     spelled(p->tool, optopt, name));
	filter_usage("unknown option '-%c'", optopt);
}

static void store_word(const struct option_row *row, unsigned *place,
		       const char *arg)
{
	int i = word_find(row->words, arg), n = (int)strcspn(row->names, " ");
	char text[160];

	if (i < 0)
		filter_usage("unknown %.*s '%s'%s", n, row->names, arg,
			     word_meant(row->words, arg, text));
	*place = (unsigned)i;
}

static void store_pid(struct pids *pids, const char *arg)
{
	uint32_t pid = pid_read(arg);
	uint32_t *more = realloc(pids->pid, (pids->n + 1) * sizeof(*more));

	if (!more) {
		filter_warn("out of memory");
		exit(FILTER_FAILED);
	}
	pids->pid = more;
	pids->pid[pids->n++] = pid;
}

static void store(const struct option_row *row, void *into, const char *arg)
{
	void *place = (char *)into + row->place;

	if (row->call)
		row->call(into, row, arg);
	else if (row->takes == TAKES_NOTHING)
		*(bool *)place = true;
	else if (row->takes == TAKES_WORD)
		store_word(row, place, arg);
	else if (row->takes == TAKES_PID)
		store_pid(place, arg);
	else if (row->takes == TAKES_OUTPUT)
		*(const char **)place = strcmp(arg, "-") ? arg : NULL;
	else
		*(const char **)place = arg;
}

static _Noreturn void standard(const struct tool *p,
			       const struct option_row *row)
{
	if (row->letter == 'h')
		tool_help(p);
	else
		filter_version();
	if (!filter_end(FILTER_OK))
		exit(FILTER_OK);
	exit(p->failed ? p->failed : FILTER_FAILED);
}

int tool_options(const struct tool *tool, void *into, int argc,
		    char **argv)
{
	struct parser p;
	int c;

	if (tool_printed(tool))
		exit(filter_end(FILTER_OK));
	parser_init(&p, tool);
	opterr = 0;
	while ((c = getopt_long(argc, argv, p.letters, p.longs, NULL)) != -1) {
		const struct option_row *row;

		if (c == ':' || c == '?')
			bad_option(&p, c, argv);
		row = row_of(tool, c);
		if (tool_standard(row))
			standard(tool, row);
		store(row, into, optarg);
	}
	return optind;
}
