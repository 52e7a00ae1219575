// SPDX-License-Identifier: MIT
/*
 *   mm ─► mappings ─┐
 *   pagemap, parents ├─► runs ─► map, bytes, dump, search, strings
 *   files, memfd ────┘
 *   bytes, a variable ─► pages ─► pagemap, or in place
 */
#include "checkpoint.h"
#include "held.h"
#include "whose.h"
#include "load_schema.h"
#include "mem_write.h"
#include "tables.h"
#include "memory/ranges.h"
#include "report/memory_map.h"
#include "report/memory_sizes.h"
#include "memory/each_task.h"
#include "report/memory_text.h"
#include "memory/pages_seen.h"
#include "base/output_file.h"
#include "schema/load.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct mem;
struct mode {
	bool (*task)(struct mem *, struct memory *);
	bool files;		/* names mappings: wants files.img */
	bool binary;		/* not for a terminal */
	bool one;		/* of one task */
	const char *columns;	/* of a table: of records; NULL: all of them */
};

enum { AS_TEXT, AS_RECORDS, AS_TABLE };

struct mem {
	const struct mode *mode;
	const char *output, *string, *regex, *schema_file;
	struct schema *loaded;
	unsigned format;		/* AS_TEXT.. */
	bool runs, all, records, null, zero_pages, equal_pages;
	struct table_options tables;
	struct table_job table;
	uint64_t context;
	struct mem_write write;
	enum holes holes;
	struct checkpoint_options where;
	struct memory_choice choice;
	struct pids pids;
	struct memory_sizes sizes;

	struct memory_tasks tasks;
	struct pages_seen *seen;
	struct output_file target;
	struct out out;
	struct memory_copy copy;
	struct search search;
	struct memory *memory;		/* that is searched */
	struct memory behind;		/* the same, where matches are */
	bool follows;			/* it is open */
	bool headed;			/* the map has its first line */
	const struct schema *schema;
	struct held held;		/* of tasks whose pages came by */
	bool holding;
	bool named;			/* answers, by the checkpoint's path */
	struct whose whose;
	struct crit_error last;
	struct crit_error err;
	int status;
};

static bool copy_range(void *ctx, struct memory *m, uint64_t start,
		       uint64_t end)
{
	return memory_copy_range(&((struct mem *)ctx)->copy, m, start, end);
}

static bool do_bytes(struct mem *c, struct memory *m)
{
	bool ok = memory_copy_open(&c->copy, c->out.fd, c->out.name, c->holes,
				   &c->err) &&
		  memory_choose(m, &c->choice, copy_range, c) &&
		  memory_copy_finish(&c->copy);

	memory_copy_close(&c->copy);
	if (ok && c->copy.lazy)
		filter_warn("%" PRIu64 " bytes of task %" PRIu32 " are in no "
			    "image: a page server kept them (lazy)",
			    c->copy.lazy, m->pid);
	return ok;
}

static bool dump_range(void *ctx, struct memory *m, uint64_t start,
		       uint64_t end)
{
	struct mem *c = ctx;

	return memory_dump(m, &c->out, start, end, c->holes, c->copy.buf);
}

static bool do_hex(struct mem *c, struct memory *m)
{
	bool ok;

	c->copy.buf = malloc(COPY_BUFFER);
	ok = c->copy.buf ? memory_choose(m, &c->choice, dump_range, c) :
		error_set(&c->err, CRIT_ENOMEM, "out of memory");
	free(c->copy.buf);
	return ok;
}

/* Where the first byte of a match is stored. The search has gone on already,
 * so that another cursor follows it. */
static bool find_stored(struct mem *c, uint64_t addr, struct run *run)
{
	const struct memory *m = c->memory;
	bool absent, ok = true;

	if (!c->follows) {
		c->follows = true;
		ok = memory_open(&c->behind, m->dir, m->pid, m->page_size, NULL,
				 &absent, &c->err);
		c->behind.mapped = m->mapped;
		ok = ok && (!m->bare || memory_bare(&c->behind));
	}
	return ok && memory_run(&c->behind, addr, run);
}

static void found(void *ctx, const struct search_match *match)
{
	struct mem *c = ctx;
	struct run run;
	bool stored = c->records && !error_is(&c->err) &&
		      find_stored(c, match->addr, &run);

	memory_match(c->memory, match, stored ? &run : NULL, &c->out, c->records);
}

static bool search_range(void *ctx, struct memory *m, uint64_t start,
			 uint64_t end)
{
	return memory_search(m, &((struct mem *)ctx)->search, start, end);
}

static bool do_search(struct mem *c, struct memory *m)
{
	bool ok = c->string ?
		search_string(&c->search, c->string, strlen(c->string),
			      c->context, &c->err) :
		search_regex(&c->search, c->regex, c->context, &c->err);

	c->search.found = found;
	c->search.ctx = c;
	c->memory = m;
	ok = ok && memory_choose(m, &c->choice, search_range, c);
	if (ok)
		search_flush(&c->search);
	search_close(&c->search);
	if (c->follows)
		memory_close(&c->behind);
	c->follows = false;
	return ok && !error_is(&c->err);
}

static bool check_end(void *ctx, const struct pages_end *end)
{
	struct mem *c = ctx;
	bool again;

	if (!pages_seen(&c->seen, end, &again, &c->err))
		return false;
	if (!again && end->trailing)
		filter_warn("%s: warning: has %" PRIu64 " bytes more than %s says",
			    end->file, end->trailing, end->name);
	return true;
}

static bool do_map(struct mem *c, struct memory *m)
{
	if (!c->headed && !c->records && !c->runs)
		memory_list_head(&c->out);
	c->headed = true;
	m->finished = check_end;
	m->ctx = c;
	return memory_list(m, &c->choice, &c->out, c->records, c->runs);
}

static bool do_sizes(struct mem *c, struct memory *m)
{
	size_t before = c->sizes.n;
	bool ok;

	c->sizes.err = &c->err;
	ok = memory_sizes_add(&c->sizes, m, &c->choice);
	c->choice.n += c->sizes.n - before;
	return ok;
}

static struct memory_form form(const struct mem *c)
{
	return (struct memory_form){
		.records = c->records, .raw = c->null, .pid = c->pids.n != 1,
	};
}

static bool do_args(struct mem *c, struct memory *m)
{
	return memory_args(m, &c->out, form(c));
}

static bool do_env(struct mem *c, struct memory *m)
{
	return memory_env(m, &c->out, form(c));
}

static bool do_auxv(struct mem *c, struct memory *m)
{
	return memory_auxv(m, &c->out, form(c));
}

static bool do_write(struct mem *c, struct memory *m)
{
	c->write.start = c->choice.start;
	c->write.end = c->choice.end;
	c->write.exact = !c->choice.whole_page;
	return mem_write(&c->write, m, &c->out);
}

static const struct mode
	mode_write = { do_write, true, false, true, NULL },	/* changes it */
	mode_map = { do_map, true, false, false,
		     "pid start end prot pages? present? parent? lazy? zero? "
		     "absent? bytes what pgoff? file? offset?" },
	mode_runs = { do_map, true, false, false,
		      "pid start end kind depth? size? file? offset? what" },
	mode_sizes = { do_sizes, true, false, false,
		       "bytes share pid kind what mappings? mappings_bytes? "
		       "memory_present? memory_parent? memory_lazy? "
		       "memory_zero? zero_pages equal_pages" },
	mode_bytes = { do_bytes, true, true, true, NULL },
	mode_hex = { do_hex, true, false, true, NULL },
	mode_search = { do_search, true, false, false, NULL },
	mode_args = { do_args, true, false, false, NULL },
	mode_env = { do_env, true, false, false, NULL },
	mode_auxv = { do_auxv, false, false, false, NULL };

/* The worst status wins, and the rest still runs. */
static void failed(struct mem *c)
{
	filter_worst(&c->status, filter_error(&c->err));
	error_clear(&c->err);
}

static bool do_task(void *ctx, struct memory *m)
{
	struct mem *c = ctx;
	bool ok = c->mode->task(c, m);

	if (ok && m->lost)
		filter_warn("no image has the bytes of segment %" PRIu64
			    ", which task %" PRIu32 " maps", m->lost_id, m->pid);
	if (ok && m->own_open && pages_none(&m->pages))
		filter_warn("there is no pagemap-%" PRIu32 ".img: none of the "
			    "task's own pages", m->pid);
	return ok;
}

static bool task_failed(void *ctx)
{
	struct mem *c = ctx;

	if (!c->out.failed)
		failed(c);
	return !c->out.failed;
}

static void do_tasks(struct mem *c)
{
	memory_tasks_run(&c->tasks);
	if (c->choice.name && !c->choice.n && !c->status) {
		error_set(&c->err, CRIT_EDATA, "no mapping is named '%s'",
			  c->choice.name);
		failed(c);
	}
}

/* Where it goes: standard output, or a file that is there whole or not. */
static bool open_output(struct mem *c)
{
	if (c->output && !output_file_open(&c->target, c->output, OUTPUT_PRIVATE,
					     &c->err))
		return false;
	if (out_open(&c->out, c->output ? c->target.fd : STDOUT_FILENO,
		     c->output ? c->output : "standard output", &c->err))
		return true;
	if (c->output)
		output_file_abort(&c->target);
	return false;
}

static void close_output(struct mem *c)
{
	if (!out_flush(&c->out))
		failed(c);
	if (c->output && c->status)
		output_file_abort(&c->target);
	else if (c->output && !output_file_commit(&c->target, &c->err))
		failed(c);
	out_close(&c->out);
}

/* Names of mappings, and "all", need to know them. */
static enum memory_need need(const struct mem *c)
{
	if (c->mode->task == do_map || c->mode == &mode_sizes)
		return NEED_MAP;
	if (c->mode == &mode_write)
		return NEED_MAPPINGS;
	if (c->choice.ranged)
		return NEED_PAGES;
	return c->mode == &mode_search && !c->choice.name && !c->all &&
	       !c->choice.prot && !c->choice.kinds ?
		NEED_PAGES : NEED_MAPPINGS;
}

/* Searches may answer in the order of an archive; so may what is of one task. */
static enum store_pages want(const struct mem *c)
{
	if (c->zero_pages || c->equal_pages)
		return STORE_PAGES_ANY;
	if (c->mode->task == do_map || c->mode == &mode_sizes ||
	    c->mode == &mode_auxv ||
	    c->mode == &mode_write)
		return STORE_PAGES_NONE;
	return c->mode->one && !c->pids.n ? STORE_PAGES_ANY :
		STORE_PAGES_PASS;
}

static void report(void *ctx, const struct crit_error *err)
{
	struct mem *c = ctx;

	c->last = *err;
	filter_worst(&c->status, filter_error(err));
}

/* A task whose pages come by, and one that has been answered so. */

static bool pages_come(void *ctx, const struct store *so_far, const char *name)
{
	struct mem *c = ctx;
	bool taken = memory_tasks_pages(&c->tasks, so_far, name);

	if (taken && c->holding)
		held_end(&c->held, &c->out,
			 c->tasks.passed.pids[c->tasks.passed.n - 1]);
	return taken;
}

static void passed_by(void *ctx, uint32_t pid)
{
	struct mem *c = ctx;

	held_put(&c->held, &c->out, pid);
}

static void heading(struct mem *c, const char *path, bool first)
{
	if (c->named && c->format == AS_RECORDS)
		whose_lines(&c->whose, &c->out, path);
	else if (c->named)
		whose_heading(&c->out, path, first);
}

static bool open_store(struct mem *c, const char *path)
{
	struct store_how how = checkpoint_how(&c->where, want(c));
	bool ok;

	if (how.want == STORE_PAGES_PASS)
		how.pass = pages_come;
	how.ctx = c;
	c->holding = c->mode == &mode_args || c->mode == &mode_env;
	if (c->holding)
		held_begin(&c->held, &c->out);
	ok = checkpoint_open(&c->tasks.dir, path, NULL, &how, c->schema, report,
			     c, &c->err);
	out_flush(&c->out);
	if (c->holding)
		c->out.write = NULL;
	c->holding = false;
	return ok;
}

static void set_tasks(struct mem *c)
{
	c->tasks.pids = c->pids.pid;
	c->tasks.n_pids = c->pids.n;
	c->tasks.one = c->mode->one;
	c->tasks.names = c->mode->files;
	c->tasks.need = need(c);
	c->tasks.task = do_task;
	c->tasks.failed = task_failed;
	c->tasks.passed_by = passed_by;
	c->tasks.ctx = c;
	c->tasks.err = &c->err;
	memory_tasks_init(&c->tasks);
}

static void begin_table(struct mem *c, const struct table_options *o)
{
	if (c->format == AS_TABLE)
		table_begin(&c->table, o, c->mode->columns, &c->out, &c->err);
}

static void end_table(struct mem *c)
{
	if (c->format == AS_TABLE && !table_end(&c->table, &c->out) &&
	    !error_is(&c->err))
		error_set(&c->err, CRIT_ENOMEM, "the table is not complete");
}

/* As tables there is one for each part; options are of the first. */
static void print_sizes(struct mem *c)
{
	const struct table_options plain = { .exact = c->tables.exact };
	unsigned part, parts = c->format == AS_TABLE ? SIZES_PARTS : 1;

	for (part = 0; part < parts && c->sizes.n; part++) {
		if (part)
			out_put(&c->out, "\n", 1);
		begin_table(c, part ? &plain : &c->tables);
		memory_sizes_print(&c->sizes, &c->out, c->records,
				   parts > 1 ? 1u << part : SIZES_ALL);
		end_table(c);
	}
}

static void answer(struct mem *c, const char *path)
{
	bool sizes = c->mode == &mode_sizes;

	c->sizes.count_zero = c->zero_pages;
	c->sizes.count_equal = c->equal_pages;

	if (!sizes)
		begin_table(c, &c->tables);
	if (memory_tasks_open(&c->tasks, path))
		do_tasks(c);
	if (!sizes)
		end_table(c);
	else if (memory_scan_end(&c->sizes))
		print_sizes(c);
	memory_sizes_free(&c->sizes);
}

static void mem_one(struct mem *c, const char *path, bool first)
{
	set_tasks(c);
	c->write.path = path;
	held_init(&c->held, &c->err);
	error_clear(&c->last);
	c->headed = false;
	heading(c, path, first);
	if (open_store(c, path)) {
		if (c->named && c->format == AS_RECORDS)
			whose_lines(&c->whose, &c->out, path);
		answer(c, path);
	}
	out_flush(&c->out);
	c->out.write = NULL;
	if (error_is(&c->err) && c->named && c->format == AS_RECORDS)
		whose_error(&c->out, path, &c->err);
	failed(c);
	pages_seen_free(c->seen);
	c->seen = NULL;
	memory_tasks_close(&c->tasks);
	held_free(&c->held);
	filter_place("");
}

static int mem(struct mem *c, char **path, int n)
{
	c->schema = load_schema(c->schema_file, &c->loaded, &c->err);
	c->named = (n > 1 || c->where.with) && !c->where.without;
	if (!c->schema || !open_output(c))
		return filter_error(&c->err);
	for (int i = 0; i < n && !c->out.failed; i++)
		mem_one(c, path[i], !i);
	close_output(c);
	schema_free(c->loaded);
	free(c->pids.pid);
	free(c->where.shards.name);
	return c->status;
}

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
		filter_usage("--setenv finds the variable itself: without -a, "
			     "--vma, --all");
	if (!w->variable && !c->choice.ranged)
		filter_usage("--write and --write-hex need -a ADDRESS");
	if (c->output || c->records || c->holes || c->where.at)
		filter_usage("-o, -f, --holes and --at are of what is shown");
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
		filter_usage("-%c is given twice: it takes one", row->letter);
	if (given)
		filter_usage("--%s is given twice: it takes one", row->names);
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
		filter_usage("--prot '%s' has neither letters of r, w, x, s, p "
			     "nor the form r-xp", arg);
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
	  .help = "the map by runs of pages: kind, pages, where" },
	{ 0, "sizes", .call = choose_mode, .data = &mode_sizes,
	  .help = "why is it big: mappings by bytes stored, then totals of tasks "
		"and kinds" },
	OPTION_FLAG(0, "zero-pages", struct mem, zero_pages,
		    "with --sizes: read the pages, and count those that are all "
		    "zeros"),
	OPTION_FLAG(0, "equal-pages", struct mem, equal_pages,
		    "with --sizes: count pages that are stored before with the "
		    "same bytes"),
	{ 'a', "address", "RANGE", TAKES_TEXT, .call = choose_range,
	  .help = "the bytes of START-END, START+LENGTH, or START to the end of "
		"its page; decimal or 0x..." },
	{ 0, "vma", "NAME", TAKES_TEXT, "[stack] [heap] [anon]",
	  .call = choose_name,
	  .help = "the bytes of all mappings that the map shows under NAME: "
		"[stack], [heap], [anon], a file" },
	OPTION_FLAG(0, "all", struct mem, all,
		    "the bytes of all mappings, one after another; with -o, a "
		    "sparse file"),
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
	  .help = "search for a POSIX extended regular expression of bytes: . "
		"is no newline and no NUL, [^...] no newline; \\xHH; a match "
		"has at most 16 KiB" },
	{ 0, "args", .call = choose_mode, .data = &mode_args,
	  .help = "command lines; NULs become spaces" },
	{ 0, "env", .call = choose_mode, .data = &mode_env,
	  .help = "environments, a variable a line" },
	{ 0, "auxv", .call = choose_mode, .data = &mode_auxv,
	  .help = "auxiliary vectors" },
	OPTION_HEADING("What to change (man crit-mem, CHANGING MEMORY):"),
	{ 0, "write", "FILE", TAKES_FILE, .call = choose_write,
	  .place = offsetof(struct mem, write.file),
	  .help = "write the bytes of FILE, or - for standard input, to -a "
		"ADDRESS of task PID" },
	{ 0, "write-hex", "DIGITS", TAKES_TEXT, .call = choose_write,
	  .place = offsetof(struct mem, write.hex),
	  .help = "the same of bytes given as hexadecimal digits" },
	{ 0, "setenv", "NAME=VALUE", TAKES_TEXT, .call = choose_write,
	  .place = offsetof(struct mem, write.variable),
	  .help = "give an environment variable that the task was started with "
		"another value" },
	{ 0, "sysroot", "DIR", TAKES_DIR,
	  .place = offsetof(struct mem, write.sysroot),
	  .help = "take the rest of pages that are as in a mapped file from the "
		"files below DIR" },
	OPTION_FLAG('n', "dry-run", struct mem, write.dry,
		    "only print what would be written"),
	OPTION_HEADING("How to show it:"),
	{ 'x', "hex", .call = choose_mode, .data = &mode_hex,
	  .help = "print bytes as hexdump -C does, with their addresses" },
	{ 'p', "pid", "PID", TAKES_PID, .place = offsetof(struct mem, pids),
	  .help = "only task PID (default: all; bytes need one -p if there are "
		"several); may be repeated", .many = true },
	OPTION_FORMAT(struct mem, format, "text records table",
		      "text (default), records (JSON, one object a line), or "
		      "table (for people)"),
	OPTIONS_TABLE(struct mem, tables),
	OPTION_OUTPUT(struct mem, output),
	{ 'c', "context", "N", TAKES_TEXT, .call = read_context,
	  .help = "print N bytes around what a search finds" },
	OPTION_FLAG('0', "null", struct mem, null,
		    "with --args and --env: the bytes as they are"),
	/* words in the order of enum holes */
	{ 0, "holes", "HOW", TAKES_WORD, "zero error skip",
	  .help = "bytes that no image has: zero (default), error or skip",
	  .place = offsetof(struct mem, holes) },
	{ 0, "page-size", "N", TAKES_TEXT, .call = read_page_size,
	  .help = "pages have N bytes (default: what the task's AT_PAGESZ says, "
		"or 4096)" },
	OPTION_SCHEMA(struct mem, schema_file),
	OPTIONS_CHECKPOINT(struct mem, where),
	OPTION_PARENT(struct mem, where.parent),
	OPTIONS_MANY(struct mem, where),
	OPTION_VERBOSE(struct mem, where.verbose,
		       "say when a temporary file is made"),
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
	.about = "Show, extract, search and change the memory of a checkpoint's "
		"tasks. "
		"CHECKPOINT is a\n"
		"directory, a tar archive, an OCI image, a stream, or - for "
		"standard input (man\n"
		"crit-checkpoint). The map, -s and -r take several.\n"
		"\n"
		"The default is the map: a line for each mapping, with the "
		"numbers of its pages\n"
		"that are PRESENT here, in a PARENT, LAZY (left with a page "
		"server), ZERO (known,\n"
		"without bytes) or ABSENT (in no image: never touched, or as "
		"in the mapped file),\n"
		"their BYTES here, and where the first one is. Zombies have "
		"none.",
	.rows = rows,
	.operand = TAKES_CHECKPOINT,
	.examples = examples,
};

/* Options that would mean nothing. */
static void check_vain(const struct mem *c)
{
	bool strings = c->mode == &mode_args || c->mode == &mode_env;

	if (c->null && (!strings || c->records))
		filter_usage("-0 is of --args and --env, as text");
	if ((c->zero_pages || c->equal_pages) && c->mode != &mode_sizes)
		filter_usage("--zero-pages and --equal-pages are of --sizes");
	if (c->context && c->mode != &mode_search)
		filter_usage("-c is of a search: -s or -r");
	if (c->records && c->mode->one)
		filter_usage("bytes are neither records nor a table: those are "
			     "of the map, --sizes, searches, --args, --env and "
			     "--auxv");
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
		filter_usage("--dry-run and --sysroot are of --write, --write-hex "
			     "and --setenv");
	if (c->mode == &mode_hex && !chosen)
		filter_usage("-x needs -a, --vma or --all");
	if (chosen && !c->mode->one && c->mode != &mode_search &&
	    !(c->choice.name && (c->runs || c->mode == &mode_sizes)))
		filter_usage("-a, --vma and --all choose bytes, or where to search");
	if ((c->choice.prot || c->choice.kinds) && (c->choice.ranged ||
	    c->mode->task == do_args || c->mode->task == do_env ||
	    c->mode->task == do_auxv || c->mode == &mode_write))
		filter_usage("--prot and --kind choose mappings: of the map, "
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
	if (n < 1 || (n > 1 && c.mode->task != do_map && c.mode != &mode_sizes &&
		      c.mode != &mode_search))
		filter_usage("expected one CHECKPOINT");
	checkpoint_check(&c.where, n);
	/* a bad expression is told once, not once a task */
	if (c.regex) {
		search_regex(&c.search, c.regex, c.context, &c.err);
		search_close(&c.search);
		if (error_is(&c.err))
			return filter_end(filter_error(&c.err));
	}
	return filter_end(mem(&c, argv + first, n));
}
