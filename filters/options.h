/* SPDX-License-Identifier: MIT
 *
 * One table of options for each program. From it come the command line's
 * values, --help, the completions of the shells, and the section OPTIONS of the
 * man page: its page in share/man/, or share/options.scd for options that several
 * programs have, holds a text for each option. The build reads the table
 * as C text (share/option_rows.awk), so it is named rows[] and written in place.
 *
 *	static const struct option_row rows[] = {
 *		OPTION_OUTPUT(struct job, output),
 *		OPTION_FLAG('r', "raw", struct job, raw, "print bytes as they are"),
 *		OPTION_FORMAT(struct job, format, "text json",
 *			      "text (default) or json"),
 *		{ 'a', "address", "RANGE", TAKES_TEXT, .call = read_range,
 *		  .help = "only the bytes of RANGE" },
 *		OPTIONS_END
 *	};
 *	static const struct tool tool = {
 *		.synopsis = "[OPTION]... FILE...", .about = "...", .rows = rows,
 *		.operand = TAKES_FILE,
 *	};
 *	...
 *	first = tool_options(&tool, &job, argc, argv);
 *
 * -h, --help and --version are in every table without a row.
 */
#ifndef CRIT_OPTIONS_H
#define CRIT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an argument or an operand is. It says what a shell completes, and what
 * lies at `place` when the row has no `call`. */
enum takes {
	TAKES_NOTHING,		/* bool: set to true */
	TAKES_FILE,		/* const char * from here on */
	TAKES_OUTPUT,		/* a file to write; "-" is stored as NULL */
	TAKES_DIR,
	TAKES_IMAGE,		/* an image, or a directory */
	TAKES_CHECKPOINT,	/* where a checkpoint lies */
	TAKES_DOCUMENTS,	/* JSON */
	TAKES_TEXT,		/* nothing to complete */
	TAKES_WORD,		/* unsigned or enum: index in `words` */
	TAKES_PID,		/* struct pids: one more */
};

struct option_row {
	int letter;		/* 0: none */
	const char *names;	/* without --; the first is the name, the rest
				   are aliases. NULL: a heading, `help` */
	const char *argument;	/* its name in the help text; NULL: none;
				   "[=NAME]": may be left out (long only) */
	enum takes takes;
	const char *words;	/* to complete, or for TAKES_WORD all there are */
	const char *help;	/* wrapped as needed */
	size_t place;		/* where the value goes, from `into` */
	/* in place of storing; refuses by filter_usage */
	void (*call)(void *into, const struct option_row *row, const char *arg);
	const void *data;	/* for call */
	bool many;		/* may be repeated, and each one counts */
};

/* An example of --help: what it does, and the command line. */
struct example {
	const char *what, *line;
};

struct tool {
	const char *synopsis;	/* after the name; a line each */
	const char *about;	/* paragraphs, wrapped as they are here */
	const struct option_row *rows;
	enum takes operand;
	const char *words;	/* operands that are not files */
	const struct example *examples;		/* ended by { NULL, NULL } */
	const char *status;	/* exit statuses; NULL: those of all programs */
	int failed;		/* status where output fails; 0: FILTER_FAILED */
	const char *see;	/* man pages; NULL: that of the program */
	/* crit decode, encode, ...: their tables, for the completions */
	const struct command_table *commands;	/* ended by { NULL, NULL } */
};

struct command_table {
	const char *name;
	const struct tool *tool;
};

/* PIDs in the order given; zeroed: none. */
struct pids {
	uint32_t *pid;
	size_t n;
};

/* Reads the options of the command line into the object `into`, and returns
 * the index in argv of the first operand: argv is permuted, options come first.
 * Exits after --help and --version, and with status 2 on an error. */
int tool_options(const struct tool *p, void *into, int argc, char **argv);

/* An operand is missing: says what, usage and examples, and exits 2. */
_Noreturn void tool_missing(const struct tool *p, const char *what);

/* Prints the text of --help. */
void tool_help(const struct tool *p);

/* Whether the build asks for the table (by the environment, so that this is no
 * option), and it was printed. tool_options does this itself. */
bool tool_printed(const struct tool *p);

/* The word of a list (by blanks) that equals text: its index; else -1. */
int word_find(const char *words, const char *text);

/* Returns buf with a hint for a text that is none of the words: the word that
 * was probably meant, " (did you mean json?)", else all of them, " (a, b)". */
const char *word_meant(const char *words, const char *text, char buf[160]);

/* A decimal PID; refuses all else by filter_usage. */
uint32_t pid_read(const char *text);

#define OPTIONS_END { 0 }
#define OPTION_HEADING(text) { .help = text }
#define OPTION_FLAG(l, name, type, member, text) \
	{ l, name, NULL, TAKES_NOTHING, .help = text, \
	  .place = offsetof(type, member) }

/* Options that several programs have. */
#define OPTION_INPUT(type, member) \
	{ 'i', "input in", "FILE", TAKES_FILE, \
	  .help = "read FILE (the same as FILE without -i)", \
	  .place = offsetof(type, member) }
#define OPTION_OUTPUT(type, member) \
	{ 'o', "output out", "FILE", TAKES_OUTPUT, \
	  .help = "write to FILE instead of standard output; an " \
		"existing FILE is replaced only after everything has " \
		"been written", \
	  .place = offsetof(type, member) }
#define OPTION_FORMAT(type, member, list, text) \
	{ 'f', "format", "FORMAT", TAKES_WORD, list, \
	  .help = text, .place = offsetof(type, member) }
/* Each of several, in a struct pids; the letter is 'p' where -p is free. */
#define OPTION_PIDS(l, type, member) \
	{ l, "pid", "PID", TAKES_PID, .help = "only task PID; may be repeated", \
	  .place = offsetof(type, member), .many = true }
#define OPTION_SCHEMA(type, member) \
	{ 0, "schema", "FILE", TAKES_FILE, \
	  .help = "read message definitions of a newer CRIU from FILE " \
		"(made by protoc -o FILE)", .place = offsetof(type, member) }
#define OPTION_FOLLOW(type, member) \
	OPTION_FLAG('L', "dereference", type, member, \
		    "follow symbolic links that lead out of the directory")
#define OPTION_VERBOSE(type, member, text) \
	OPTION_FLAG('v', "verbose", type, member, text)
#define OPTION_NO_END(type, member) \
	OPTION_FLAG(0, "no-end", type, member, \
		    "accept a stream of records without its end record")
#define OPTION_AT(type, member) \
	{ 0, "at", "PATH", TAKES_TEXT, \
	  .help = "use the checkpoint at PATH inside the archive or " \
		"directory", \
	  .place = offsetof(type, member) }
#define OPTION_PARENT(type, member) \
	{ 0, "parent", "CHECKPOINT", TAKES_CHECKPOINT, \
	  .help = "if the checkpoint is incremental: read its parent's " \
		"pages from CHECKPOINT", \
	  .place = offsetof(type, member) }
#define OPTION_WITH_CHECKPOINT(type, member) \
	OPTION_FLAG('H', "with-checkpoint", type, member, \
		    "name the CHECKPOINT of each answer, even if there is " \
		    "only one")
#define OPTION_NO_CHECKPOINT(type, member) \
	OPTION_FLAG(0, "no-checkpoint", type, member, \
		    "never name the CHECKPOINT of an answer")

#endif
