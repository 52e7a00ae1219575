// SPDX-License-Identifier: MIT
/*
 * Options of crit-mem, and which of them go together; the job is mem_job.c.
 */
#include "mem_job.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static uint64_t number(const char *text, char **end, const char *what)
{
	char *own;
	uint64_t v;

	errno = 0;
	v = strtoull(text, end ? end : &own, 0);
	if (end)
		own = *end;
	if (own == text || errno || *text == '-' || *text == '+' ||
	    *text == ' ' || (*text == '0' && own > text + 1 && text[1] != 'x') ||
	    (!end && *own))
		filter_usage("invalid %s '%s' (decimal, or 0x...)", what,
			     text);
	return v;
}

static void read_range(struct memory_choice *r, const char *text)
{
	char *rest;

	r->ranged = true;
	r->start = number(text, &rest, "address");
	r->whole_page = !*rest;
	if (r->whole_page)
		return;
	if (*rest != '-' && *rest != '+')
		filter_usage("invalid range '%s': START-END, START+LENGTH or START "
			     "(decimal, or 0x...)", text);
	r->end = number(rest + 1, NULL, *rest == '-' ? "address" : "length");
	if (*rest == '+' && r->end > UINT64_MAX - r->start)
		filter_usage("'%s' runs past the end of memory", text);
	if (*rest == '+')
		r->end += r->start;
	if (r->end < r->start)
		filter_usage("'%s' ends before it starts", text);
}

static uint64_t limited(const char *text, const char *what, uint64_t max)
{
	uint64_t v = number(text, NULL, what);

	if (v > max)
		filter_usage("%s %" PRIu64 " is above %" PRIu64, what, v, max);
	return v;
}

/* What is written, and not shown. */
static void check_write(const struct mem *c, bool chosen)
{
	const struct mem_write *w = &c->write;

	if (w->variable && chosen)
		filter_usage("--setenv finds the variable itself: omit -a, "
			"--vma and --all");
	if (!w->variable && !c->choice.ranged)
		filter_usage("--write and --write-hex need -a ADDRESS");
	if (c->output || c->records || c->holes || c->where.at)
		filter_usage("-o, -f, --holes and --at do not work with "
			"--write, --write-hex and --setenv");
	mem_write_check(w);
}

static void set_mode(struct mem *c, const struct mode *mode)
{
	if (c->mode && (c->mode != mode || mode == &mode_write))
		filter_usage("only one of -x, -s, -r, --runs, --sizes, --args, --env, "
			     "--auxv, --write, --write-hex, --setenv");
	c->mode = mode;
}

static void once(bool given, const struct option_row *row)
{
	if (given && row->letter)
		filter_usage("-%c is given twice", row->letter);
	if (given)
		filter_usage("--%s is given twice", row->names);
}

/* What options do that take more than to store their argument. */

static void choose_mode(void *into, const struct option_row *row,
			const char *arg)
{
	(void)arg;
	set_mode(into, row->data);
}

/* One of three, at row->place. */
static void choose_write(void *into, const struct option_row *row,
			 const char *arg)
{
	set_mode(into, &mode_write);
	*(const char **)((char *)into + row->place) = arg;
}

static void choose_runs(void *into, const struct option_row *row,
			const char *arg)
{
	((struct mem *)into)->runs = true;
	choose_mode(into, row, arg);
}

static void choose_string(void *into, const struct option_row *row,
			  const char *arg)
{
	struct mem *c = into;

	once(c->string, row);
	c->string = arg;
	set_mode(c, &mode_search);
}

static void choose_regex(void *into, const struct option_row *row,
			 const char *arg)
{
	struct mem *c = into;

	once(c->regex, row);
	c->regex = arg;
	set_mode(c, &mode_search);
}

static void choose_range(void *into, const struct option_row *row,
			 const char *arg)
{
	struct mem *c = into;

	once(c->choice.ranged, row);
	read_range(&c->choice, arg);
}

static void choose_name(void *into, const struct option_row *row,
			const char *arg)
{
	struct mem *c = into;

	once(c->choice.name, row);
	c->choice.name = arg;
}

static void choose_prot(void *into, const struct option_row *row,
			const char *arg)
{
	struct mem *c = into;

	once(c->choice.prot, row);
	if (!*arg || strlen(arg) > 4 || arg[strspn(arg, "rwxsp-")])
		filter_usage("invalid --prot '%s': expected letters of r, "
			"w, x, s, p, or the form r-xp", arg);
	c->choice.prot = arg;
}

static void choose_kind(void *into, const struct option_row *row,
			const char *arg)
{
	int at = word_find(row->words, arg);
	char hint[160];

	if (at >= 0)
		((struct mem *)into)->choice.kinds |= 1u << at;
	else
		filter_usage("unknown kind '%s'%s", arg,
			     word_meant(row->words, arg, hint));
}

static void read_context(void *into, const struct option_row *row,
			 const char *arg)
{
	(void)row;
	((struct mem *)into)->context = limited(arg, "context",
						SEARCH_CONTEXT_MAX);
}

static void read_page_size(void *into, const struct option_row *row,
			   const char *arg)
{
	uint64_t size = limited(arg, "page size", PAGEMAP_BLOCK_MAX);

	(void)row;
	if (size & (size - 1) || size < 512)
		filter_usage("page size %s is not a power of two from 512", arg);
	((struct mem *)into)->tasks.page_size = size;
}

static const struct option_row rows[] = {
	OPTION_HEADING("What to show:"),
	{ 0, "runs", .call = choose_runs, .data = &mode_runs,
	  .help = "print the map as runs of pages: kind, number of pages, "
		"file and offset" },
	{ 0, "sizes", .call = choose_mode, .data = &mode_sizes,
	  .help = "show why it is big: mappings by stored bytes, then "
		"totals of tasks and kinds" },
	OPTION_FLAG(0, "zero-pages", struct mem, zero_pages,
		    "with --sizes: read the pages, and count those that are all "
		    "zeros"),
	OPTION_FLAG(0, "equal-pages", struct mem, equal_pages,
		    "with --sizes: read the pages, and count those with "
		    "the same bytes as an earlier page"),
	{ 'a', "address", "RANGE", TAKES_TEXT, .call = choose_range,
	  .help = "print the bytes of START-END, START+LENGTH, or from "
		"START to the end of its page; decimal or 0x..." },
	{ 0, "vma", "NAME", TAKES_TEXT, "[stack] [heap] [anon]",
	  .call = choose_name,
	  .help = "print the bytes of all mappings that the map shows as "
		"NAME: [stack], [heap], [anon], a file" },
	OPTION_FLAG(0, "all", struct mem, all,
		    "print the bytes of all mappings, one after another; "
		    "with -o, write a sparse file"),
	{ 0, "prot", "PROT", TAKES_TEXT, "r-xp rw-p r--p rw-s w x",
	  .call = choose_prot,
	  .help = "only mappings with this protection, as the map shows it "
		"(r-xp), or with all of these letters (wx)" },
	{ 0, "kind", "KIND", TAKES_WORD,
	  "code file heap stack anon shared other", .call = choose_kind,
	  .help = "only mappings of this kind: code, file, heap, stack, anon, "
		"shared or other; may be repeated", .many = true },
	{ 's', "string", "STRING", TAKES_TEXT, .call = choose_string,
	  .help = "search for STRING (at most 64 KiB)" },
	{ 'r', "regex", "REGEX", TAKES_TEXT, .call = choose_regex,
	  .help = "search for a POSIX extended regular expression of "
		"bytes, with \\xHH; a match has at most 16 KiB" },
	{ 0, "args", .call = choose_mode, .data = &mode_args,
	  .help = "print command lines; NULs become spaces" },
	{ 0, "env", .call = choose_mode, .data = &mode_env,
	  .help = "print environments, one variable per line" },
	{ 0, "auxv", .call = choose_mode, .data = &mode_auxv,
	  .help = "print auxiliary vectors" },
	OPTION_HEADING("What to change:"),
	{ 0, "write", "FILE", TAKES_FILE, .call = choose_write,
	  .place = offsetof(struct mem, write.file),
	  .help = "write the bytes of FILE (- is standard input) to the "
		"address that -a gives" },
	{ 0, "write-hex", "DIGITS", TAKES_TEXT, .call = choose_write,
	  .place = offsetof(struct mem, write.hex),
	  .help = "write bytes given as hexadecimal digits to the address "
		"that -a gives" },
	{ 0, "setenv", "NAME=VALUE", TAKES_TEXT, .call = choose_write,
	  .place = offsetof(struct mem, write.variable),
	  .help = "change the value of an environment variable that the "
		"task was started with" },
	{ 0, "sysroot", "DIR", TAKES_DIR,
	  .place = offsetof(struct mem, write.sysroot),
	  .help = "read the rest of a page that is unchanged from a mapped "
		"file from the files below DIR" },
	OPTION_FLAG('n', "dry-run", struct mem, write.dry,
		    "only print what would be written"),
	OPTION_HEADING("How to show it:"),
	{ 'x', "hex", .call = choose_mode, .data = &mode_hex,
	  .help = "print bytes as hexdump -C does, with their addresses" },
	{ 'p', "pid", "PID", TAKES_PID, .place = offsetof(struct mem, pids),
	  .help = "only task PID (default: all tasks; printing bytes needs "
		"one -p if there are several); may be repeated", .many = true },
	OPTION_FORMAT(struct mem, format, "text records table",
		      "text (default), records (one JSON object per line), "
		      "or table (aligned columns)"),
	OPTIONS_TABLE(struct mem, tables),
	OPTION_OUTPUT(struct mem, output),
	{ 'c', "context", "N", TAKES_TEXT, .call = read_context,
	  .help = "print N bytes before and after each match" },
	OPTION_FLAG('0', "null", struct mem, null,
		    "with --args and --env: print the bytes unchanged, "
		    "with their NULs"),
	/* words in the order of enum holes */
	{ 0, "holes", "HOW", TAKES_WORD, "zero error skip",
	  .help = "what to do with bytes that no image has: print zeros "
		"(zero, the default), fail (error), or leave them out "
		"(skip)",
	  .place = offsetof(struct mem, holes) },
	{ 0, "page-size", "N", TAKES_TEXT, .call = read_page_size,
	  .help = "the size of a page (default: that of the task's "
		"auxiliary vector, or 4096)" },
	OPTION_SCHEMA(struct mem, schema_file),
	OPTIONS_CHECKPOINT(struct mem, where),
	OPTION_PARENT(struct mem, where.parent),
	OPTIONS_MANY(struct mem, where),
	OPTION_VERBOSE(struct mem, where.verbose,
		       "report temporary files"),
	OPTIONS_END
};

static const struct example examples[] = {
	{ "Command lines:", "crit-mem --args DIR" },
	{ "Where is a string?", "crit-mem -s password DIR" },
	{ "The heap of task 12 as a file:",
	  "crit-mem -p 12 --vma '[heap]' -o heap DIR" },
	{ NULL, NULL }
};

static const struct tool tool = {
	.synopsis = "[OPTION]... CHECKPOINT...",
	.about = "Show, extract, search and change the memory of the tasks "
		"in a checkpoint.\n"
		"CHECKPOINT is a directory, a tar archive, an OCI image, a "
		"stream, or - for\n"
		"standard input (man crit-checkpoint). The map, -s and -r "
		"take several.\n\n"
		"The default is the map: one line for each mapping, with "
		"its number of pages\n"
		"that are PRESENT (stored here), in a PARENT checkpoint, "
		"LAZY (left with a page\n"
		"server), ZERO (recorded as zeros, without bytes) or "
		"ABSENT (in no image: never\n"
		"touched, or unchanged from the mapped file), the BYTES "
		"stored here, and where\n"
		"the first of them is. Zombies have no memory.",
	.rows = rows,
	.operand = TAKES_CHECKPOINT,
	.examples = examples,
};

/* Options that would mean nothing. */
static void check_vain(const struct mem *c)
{
	bool strings = c->mode == &mode_args || c->mode == &mode_env;

	if (c->null && (!strings || c->records))
		filter_usage("-0 needs --args or --env, as text");
	if ((c->zero_pages || c->equal_pages) && c->mode != &mode_sizes)
		filter_usage("--zero-pages and --equal-pages need --sizes");
	if (c->context && c->mode != &mode_search)
		filter_usage("-c needs a search: -s or -r");
	if (c->records && c->mode->one)
		filter_usage("bytes cannot be records or a table: -f works "
			"with the map, --sizes, searches, --args, --env "
			"and --auxv");
}

/* A table is made of records. */
static void check_format(struct mem *c)
{
	if (table_wanted(&c->tables) && c->format == AS_TEXT)
		c->format = AS_TABLE;
	table_check(&c->tables, c->format == AS_TABLE);
	c->records = c->format != AS_TEXT;
}

static void check_options(struct mem *c)
{
	bool chosen = c->choice.ranged || c->choice.name || c->all;

	if (c->choice.ranged + (c->choice.name != NULL) + c->all > 1)
		filter_usage("only one of -a, --vma, --all");
	if (c->string && c->regex)
		filter_usage("only one of -s and -r");
	if ((c->string && (!*c->string || strlen(c->string) > SEARCH_STRING_MAX)) ||
	    (c->regex && !*c->regex))
		filter_usage("a search needs 1 to %d bytes", SEARCH_STRING_MAX);
	if (!c->mode)
		c->mode = chosen ? &mode_bytes : &mode_map;
	if (c->mode == &mode_write)
		check_write(c, chosen);
	else if (c->write.dry || c->write.sysroot)
		filter_usage("--dry-run and --sysroot need --write, "
			"--write-hex or --setenv");
	if (c->mode == &mode_hex && !chosen)
		filter_usage("-x needs -a, --vma or --all");
	if (chosen && !c->mode->one && c->mode != &mode_search &&
	    !(c->choice.name && (c->runs || c->mode == &mode_sizes)))
		filter_usage("-a, --vma and --all work only with bytes and "
			"searches");
	if ((c->choice.prot || c->choice.kinds) && (c->choice.ranged ||
	    c->mode == &mode_args || c->mode == &mode_env ||
	    c->mode == &mode_auxv || c->mode == &mode_write))
		filter_usage("--prot and --kind work only with the map, "
			"--sizes, --vma, --all and searches");
	check_vain(c);
	if (c->mode->binary && !c->output && isatty(STDOUT_FILENO))
		filter_usage("refusing to write memory to a terminal; use -x, -o "
			     "FILE or a pipe");
}

int main(int argc, char **argv)
{
	static struct mem c;
	int n, first = tool_options(&tool, &c, argc, argv);

	if (first == argc)
		tool_missing(&tool, "missing argument: CHECKPOINT");
	error_clear(&c.err);
	check_format(&c);
	check_options(&c);
	n = argc - first;
	if (n > 1 && (c.mode->one || c.write.dry))
		filter_usage("expected one CHECKPOINT: bytes and changes "
			     "are of one task");
	checkpoint_check(&c.where, n);
	/* a bad expression is told once, not once a task */
	if (c.regex) {
		search_regex(&c.search, c.regex, c.context, &c.err);
		search_close(&c.search);
		if (error_is(&c.err))
			return filter_end(filter_error(&c.err));
	}
	return filter_end(mem_run(&c, argv + first, n));
}
