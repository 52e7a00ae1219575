// SPDX-License-Identifier: MIT
/*
 * The historical front: CRIT's commands and options, by exec of the filters
 * that lie beside it (or in PATH).
 */
#include "filter.h"
#include "programs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
"usage: crit [-h] {decode,encode,info,x,show,compress,decompress} ...\n";

/* The options of the commands, for --help and the completions; getopt_long
 * takes the letters p and n for --pretty and --nopl, that have none. */
#define IN { 'i', "in input", "FILE", TAKES_IMAGE, \
	.help = "read FILE (default: standard input)" }
#define OUT { 'o', "out output", "FILE", TAKES_OUTPUT, \
	.help = "write FILE (default: standard output)" }
#define PRETTY { 0, "pretty", .help = "print many lines, and names for numbers" }
#define NOPL { 0, "nopl", .help = "print sizes in place of payloads" }

static const struct option_row
	decode_rows[] = { IN, OUT, PRETTY, OPTIONS_END },
	encode_rows[] = {
		{ 'i', "in input", "FILE", TAKES_DOCUMENTS,
		  .help = "read FILE (default: standard input)" },
		OUT, OPTIONS_END
	},
	show_rows[] = { NOPL, OPTIONS_END },
	no_rows[] = { OPTIONS_END };

/* those that the page explains */
static const struct option_row rows[] = {
	IN, OUT, PRETTY, NOPL, OPTIONS_END
};

static const struct tool
	decode_program = { .rows = decode_rows },
	encode_program = { .rows = encode_rows },
	show_program = { .rows = show_rows, .operand = TAKES_IMAGE },
	info_program = { .rows = no_rows, .operand = TAKES_IMAGE };

static const struct command_table tables[] = {
	{ "decode", &decode_program }, { "encode", &encode_program },
	{ "show", &show_program }, { "info", &info_program }, { NULL, NULL }
};

static const struct tool tool = {
	.synopsis = "[-h] {decode,encode,info,x,show,compress,decompress} ...",
	.about = "CRiu Image Tool: the command lines of CRIU's crit and of "
		"go-criu's, on top\n"
		"of crit-decode, crit-encode, crit-info and crit-x.\n"
		"\n"
		"  crit decode [--pretty] [-i FILE] [-o FILE]   image to JSON\n"
		"  crit encode [-i FILE] [-o FILE]              JSON to image\n"
		"  crit show [--nopl] FILE                      image to JSON "
		"for reading\n"
		"  crit info FILE                               magic and number "
		"of entries\n"
		"  crit x DIR {ps,fds,mems,rss,sk}              explore a "
		"checkpoint\n"
		"  crit compress [--in-place] DIR               LZ4 pages; old "
		"images as .bak\n"
		"  crit decompress [--in-place] DIR             raw pages again\n"
		"\n"
		"crit NAME runs any other program crit-NAME; crit alone lists "
		"them.",
	.rows = rows,
	.words = "decode encode show info x compress decompress anon check copy "
		"core diff draw edit mem pids",
	.commands = tables,
};

static const struct option options[] = {
	{ "in", required_argument, NULL, 'i' },
	{ "input", required_argument, NULL, 'i' },
	{ "out", required_argument, NULL, 'o' },
	{ "output", required_argument, NULL, 'o' },
	{ "pretty", no_argument, NULL, 'p' },
	{ "nopl", no_argument, NULL, 'n' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 }
};

static const struct command {
	const char *name, *filter, *takes;	/* letters of options */
	const char *args[4];			/* that it always has */
	int operands;
} commands[] = {
	{ "decode", "crit-decode", "iop", { "--format=json", "--strict" }, 0 },
	{ "encode", "crit-encode", "io", { NULL }, 0 },
	{ "show", "crit-decode", "n", { "--format=json", "--pretty", "--strict" }, 1 },
	{ "info", "crit-info", "", { NULL }, 1 },
	{ "x", "crit-x", NULL, { NULL }, 2 },
	{ "compress", "crit-copy", NULL,
	  { "--in-place", "--report", "--compress=4096" }, 1 },
	{ "decompress", "crit-copy", NULL,
	  { "--in-place", "--report", "--decompress" }, 1 },
};

/* The command line of a filter. */
struct line {
	const char **argv;
	int n;
};

static void add(struct line *l, const char *arg)
{
	l->argv[l->n++] = arg;
	l->argv[l->n] = NULL;
}

static _Noreturn void bad_usage(const char *command, const char *what,
				const char *arg)
{
	fprintf(stderr, "%scrit%s%s: error: %s%s\n", usage,
		*command ? " " : "", command, what, arg);
	exit(FILTER_USAGE);
}

static _Noreturn void say_help(void)
{
	tool_help(&tool);
	exit(filter_end(FILTER_OK));
}

static void add_option(struct line *l, const struct command *c, int option,
		       char **argv)
{
	if (option == 'h')
		say_help();
	if (option == '?' || !strchr(c->takes, option))
		bad_usage(c->name, "unrecognized arguments: ",
			  argv[optind - 1]);
	add(l, option == 'i' ? "--in" : option == 'o' ? "--out" :
	    option == 'p' ? "--pretty" : "--nopl");
	if (option == 'i' || option == 'o')
		add(l, optarg);
}

static void read_options(struct line *l, const struct command *c, int argc,
			 char **argv)
{
	bool output = false;
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "hi:o:", options, NULL)) != -1) {
		output |= option == 'o';
		add_option(l, c, option, argv);
	}
	if (argc - optind < c->operands)
		bad_usage(c->name, "the following arguments are required: ",
			  "in");
	if (argc - optind > c->operands)
		bad_usage(c->name, "unrecognized arguments: ",
			  argv[optind + c->operands]);
	/* CRIT writes images to a terminal, crit-encode does not */
	if (!strcmp(c->name, "encode") && !output && isatty(STDOUT_FILENO)) {
		add(l, "--out");
		add(l, "/dev/stdout");
	}
	add(l, "--");
	while (optind < argc)
		add(l, argv[optind++]);
}

/* The words of go-criu's crit, which prints JSON, that CRIU's does not have. */
static const char go_words[] = "sk fd mem", crit_words[] = "ps fds mems rss";

/* crit x DIR WHAT: the text of CRIU's crit for its words. */
static void add_format(struct line *l, int argc, char **argv)
{
	bool go = false;

	for (int i = 1; i < argc; i++) {
		if (!strncmp(argv[i], "-f", 2) || !strncmp(argv[i], "--f", 3))
			return;
		if (word_find(crit_words, argv[i]) >= 0)
			return;
		go |= word_find(go_words, argv[i]) >= 0;
	}
	if (go)
		add(l, "--format=json");
}

/* x, compress and decompress have the filter's own options, too. The last two
 * keep the old images as NAME.bak unless they hear --in-place. */
static void pass_on(struct line *l, const struct command *c, int argc,
		    char **argv)
{
	bool keeps = c->args[0], in_place = false, dir = false;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "-h"))
			say_help();
		if (keeps && !strcmp(argv[i], "--in-place"))
			in_place = true;
		else
			add(l, argv[i]);
		dir |= *argv[i] != '-' || !strcmp(argv[i], "--help");
	}
	if (keeps && !dir)
		bad_usage(c->name, "the following arguments are required: ",
			  "dir");
	if (keeps && !in_place)
		add(l, "--backup");
}

static _Noreturn void cannot_run(const struct line *l)
{
	filter_warn("cannot run %s: %s", l->argv[0], strerror(errno));
	exit(FILTER_FAILED);
}

static struct line line_of(int argc)
{
	struct line l = { calloc(2 * (size_t)argc + 8, sizeof(*l.argv)), 0 };

	if (!l.argv) {
		filter_warn("out of memory");
		exit(FILTER_FAILED);
	}
	return l;
}

/* crit NAME ARGUMENT...: crit-NAME, which has all these options itself. */
static _Noreturn void program(int argc, char **argv)
{
	struct line l = line_of(argc);
	char name[64];

	snprintf(name, sizeof(name), "crit-%.50s", argv[0]);
	add(&l, name);
	for (int i = 1; i < argc; i++)
		add(&l, argv[i]);
	if (*argv[0] && strlen(argv[0]) <= 50 && !strchr(argv[0], '/'))
		program_run(l.argv);
	else
		errno = ENOENT;
	if (errno != ENOENT)
		cannot_run(&l);
	bad_usage("", "no such command: ", argv[0]);
}

static _Noreturn void command(const struct command *c, int argc, char **argv)
{
	struct line l = line_of(argc);

	add(&l, c->filter);
	for (int i = 0; c->args[i]; i++)
		add(&l, c->args[i]);
	if (c->takes)
		read_options(&l, c, argc, argv);
	else
		pass_on(&l, c, argc, argv);
	if (!strcmp(c->name, "x"))
		add_format(&l, argc, argv);
	program_run(l.argv);
	cannot_run(&l);
}

int main(int argc, char **argv)
{
	if (tool_printed(&tool))
		return filter_end(FILTER_OK);
	if (argc < 2)
		return programs_list();
	if (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help") ||
	    !strcmp(argv[1], "help"))
		say_help();
	if (!strcmp(argv[1], "--version")) {
		filter_version();
		return filter_end(FILTER_OK);
	}
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (!strcmp(argv[1], commands[i].name))
			command(&commands[i], argc - 1, argv + 1);
	program(argc - 1, argv + 1);
}
