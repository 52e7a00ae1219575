// SPDX-License-Identifier: MIT
/*
 *   mm ─► mappings ─┐
 *   pagemap, parents ├─► runs ─► map, bytes, dump, search, strings
 *   files, memfd ────┘
 */
#include "alloc.h"
#include "filter.h"
#include "memory_list.h"
#include "memory_text.h"
#include "target.h"
#include "tasks.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
"usage: crit-mem [OPTION]... DIR\n"
"Show, extract and search the memory of a checkpoint's tasks.\n"
"\n"
"Without one of the following: the map, a line for each mapping (zombies have\n"
"none), with the numbers of its pages that are PRESENT here, in a PARENT, LAZY\n"
"(a page server kept them), ZERO (known, without bytes) or ABSENT (in no image:\n"
"never touched, or as in the mapped file), their BYTES here, and where the\n"
"first one is.\n"
"      --runs               the map by runs of pages: kind, pages, where\n"
"  -a, --address RANGE      the bytes of START-END, START+LENGTH, or START to\n"
"                           the end of its page; decimal or 0x...\n"
"      --vma NAME           the bytes of all mappings of this name, as in the\n"
"                           map: [stack], [heap], [anon], a file\n"
"      --all                the bytes of all mappings, one after another; with\n"
"                           -o a sparse file (records say where: \"all\")\n"
"  -x, --hex                these bytes as hexdump -C, with their addresses\n"
"  -s, --string STRING      search for it (at most 64 KiB)\n"
"  -r, --regex REGEX        search for a POSIX extended regular expression of\n"
"                           bytes: . is no newline and no NUL, [^...] no\n"
"                           newline; \\xHH; a match is at most 16 KiB\n"
"      --args               command lines: NULs become spaces\n"
"      --env                environments, a variable a line\n"
"      --auxv               auxiliary vectors\n"
"\n"
"  -p, --pid PID            of this task (else: of all; bytes: the only one)\n"
"  -f, --format FORMAT      text (default) or records (JSON, one a line)\n"
"  -o, --output FILE        write FILE, whole or not at all\n"
"  -c, --context N          bytes around what a search finds\n"
"  -0, --null               --args, --env: the bytes as they are\n"
"      --holes HOW          bytes that no image has: zero (default), error or\n"
"                           skip\n"
"      --page-size N        pages of N bytes (default: as the task's AT_PAGESZ\n"
"                           says, or 4096)\n"
"  -L, --dereference        follow links that lead out of DIR (the link named\n"
"                           parent is always followed)\n"
"      --help               print this\n"
"      --version            print the version\n"
"\n"
"Status: 0 done, 1 data or I/O error, 2 usage.\n"
"Full documentation: man crit-mem\n";

enum {
	OPT_RUNS = OPT_OWN, OPT_VMA, OPT_ALL, OPT_ARGS, OPT_ENV, OPT_AUXV,
	OPT_HOLES, OPT_PAGE_SIZE,
};

static const struct option options[] = {
	{ "runs", no_argument, NULL, OPT_RUNS },
	{ "address", required_argument, NULL, 'a' },
	{ "vma", required_argument, NULL, OPT_VMA },
	{ "all", no_argument, NULL, OPT_ALL },
	{ "hex", no_argument, NULL, 'x' },
	{ "string", required_argument, NULL, 's' },
	{ "regex", required_argument, NULL, 'r' },
	{ "args", no_argument, NULL, OPT_ARGS },
	{ "env", no_argument, NULL, OPT_ENV },
	{ "auxv", no_argument, NULL, OPT_AUXV },
	{ "pid", required_argument, NULL, 'p' },
	{ "format", required_argument, NULL, 'f' },
	{ "output", required_argument, NULL, 'o' },
	{ "out", required_argument, NULL, 'o' },
	{ "context", required_argument, NULL, 'c' },
	{ "null", no_argument, NULL, '0' },
	{ "holes", required_argument, NULL, OPT_HOLES },
	{ "page-size", required_argument, NULL, OPT_PAGE_SIZE },
	{ "dereference", no_argument, NULL, 'L' },
	FILTER_OPTIONS
};

struct mem;
struct mode {
	bool (*task)(struct mem *, struct memory *);
	bool files;		/* names mappings: wants files.img */
	bool binary;		/* not for a terminal */
	bool one;		/* of one task */
};

/* A pages_id that was met. */
struct pages_seen {
	struct pages_seen *next;
	uint64_t id, digest;
	char name[64];
};

struct mem {
	const struct mode *mode;
	const char *output, *vma, *string, *regex;
	bool runs, ranged, all, hex, records, null, have_pid;
	uint64_t pid, start, end, length, context, page_size;
	bool whole_page;
	enum holes holes;

	struct checkpoint dir;
	struct tasks tasks;
	struct mapped mapped;
	struct pages_seen *seen;
	struct target target;
	struct out out;
	struct memory_copy copy;
	struct search search;
	struct memory *memory;		/* that is searched */
	uint64_t ranges;
	struct crit_error err;
	int status;
};

/* Calls do_range for the addresses that were chosen. */
static bool each_range(struct mem *c, struct memory *m,
		       bool (*do_range)(struct mem *, struct memory *, uint64_t,
					uint64_t))
{
	char buf[64];

	if (c->ranged) {
		uint64_t end = c->whole_page ?
			(c->start | (m->page_size - 1)) + 1 : c->end;
		uint64_t i = vmas_find(&m->vmas, c->start);
		const struct vma *a = i < m->vmas.n ? vmas_get(&m->vmas, i) : NULL;

		if (!m->bare && (!a || a->start >= end))
			return error_set(&c->err, CRIT_EDATA, "task %" PRIu32
					 " has no mapping at 0x%" PRIx64, m->pid,
					 c->start);
		c->ranges++;
		return do_range(c, m, c->start, end);
	}
	for (uint64_t i = 0; i < m->vmas.n; i++) {
		const struct vma *a = vmas_get(&m->vmas, i);

		if (!a)
			return false;
		if (c->vma && strcmp(c->vma, memory_what(m, a, buf, sizeof(buf))))
			continue;
		c->ranges++;
		if (!do_range(c, m, a->start, a->end))
			return false;
	}
	return !error_is(&c->err);
}

static bool copy_range(struct mem *c, struct memory *m, uint64_t start,
		       uint64_t end)
{
	return memory_copy_range(&c->copy, m, start, end);
}

static bool do_bytes(struct mem *c, struct memory *m)
{
	bool ok = memory_copy_open(&c->copy, c->out.fd, c->out.name, c->holes,
				   &c->err) &&
		  each_range(c, m, copy_range) && memory_copy_finish(&c->copy);

	memory_copy_close(&c->copy);
	if (ok && c->copy.lazy)
		filter_warn("%" PRIu64 " bytes of task %" PRIu32 " are in no "
			    "image: a page server kept them (lazy)",
			    c->copy.lazy, m->pid);
	return ok;
}

static bool dump_range(struct mem *c, struct memory *m, uint64_t start,
		       uint64_t end)
{
	return memory_dump(m, &c->out, start, end, c->holes, c->copy.buf);
}

static bool do_hex(struct mem *c, struct memory *m)
{
	bool ok;

	c->copy.buf = malloc(COPY_BUFFER);
	ok = c->copy.buf ? each_range(c, m, dump_range) :
		error_set(&c->err, CRIT_ENOMEM, "out of memory");
	free(c->copy.buf);
	return ok;
}

static void found(void *ctx, const struct search_match *match)
{
	struct mem *c = ctx;

	memory_match(c->memory, match, &c->out, c->records);
}

static bool search_range(struct mem *c, struct memory *m, uint64_t start,
			 uint64_t end)
{
	return memory_search(m, &c->search, start, end);
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
	ok = ok && each_range(c, m, search_range);
	if (ok)
		search_flush(&c->search);
	search_close(&c->search);
	return ok && !error_is(&c->err);
}

/* A pages image belongs to one pagemap; one that is read again says what it
 * said. */
static bool check_end(void *ctx, const struct pages_end *end)
{
	struct mem *c = ctx;
	struct pages_seen *s = c->seen;

	if (!end->has_id)
		return true;
	while (s && s->id != end->id)
		s = s->next;
	if (s && s->digest != end->digest)
		return error_set(&c->err, CRIT_EDATA, "%s and %s are different, and "
				 "have the same pages_id %" PRIu64, s->name,
				 end->name, end->id);
	if (s)
		return true;
	if (end->trailing)
		filter_warn("%s: warning: has %" PRIu64 " bytes more than %s says",
			    end->file, end->trailing, end->name);
	s = alloc(sizeof(*s));
	if (!s)
		return error_set(&c->err, CRIT_ENOMEM, "out of memory");
	*s = (struct pages_seen){ c->seen, end->id, end->digest, "" };
	snprintf(s->name, sizeof(s->name), "%s", end->name);
	c->seen = s;
	return true;
}

static bool do_map(struct mem *c, struct memory *m)
{
	m->finished = check_end;
	m->ctx = c;
	return memory_list(m, &c->out, c->records, c->runs) && memory_finish(m);
}

static struct memory_form form(const struct mem *c)
{
	return (struct memory_form){
		.records = c->records, .raw = c->null, .pid = !c->have_pid,
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

static const struct mode
	mode_map = { do_map, true, false, false },
	mode_bytes = { do_bytes, true, true, true },
	mode_hex = { do_hex, true, false, true },
	mode_search = { do_search, true, false, false },
	mode_args = { do_args, true, false, false },
	mode_env = { do_env, true, false, false },
	mode_auxv = { do_auxv, false, false, false };

/* The worst status wins, and the rest still runs. */
static void failed(struct mem *c)
{
	int status = filter_error(&c->err);

	if (status > c->status)
		c->status = status;
	error_clear(&c->err);
}

/* A pre-dump has pages without mappings: good for a range. */
static bool is_predump(const struct mem *c, uint32_t pid)
{
	char name[64];

	snprintf(name, sizeof(name), "pagemap-%" PRIu32 ".img", pid);
	return !faccessat(c->dir.fd, name, F_OK, AT_SYMLINK_NOFOLLOW) &&
	       faccessat(c->dir.fd, "pstree.img", F_OK, AT_SYMLINK_NOFOLLOW);
}

static bool has_core(const struct mem *c, uint32_t pid)
{
	char name[64];

	snprintf(name, sizeof(name), "core-%" PRIu32 ".img", pid);
	return !faccessat(c->dir.fd, name, F_OK, AT_SYMLINK_NOFOLLOW) ||
	       errno != ENOENT;
}

/* No mm image: right for a zombie. */
static bool check_absent(struct mem *c, uint32_t pid)
{
	uint64_t state;

	if (is_predump(c, pid))
		return error_set(&c->err, CRIT_EDATA, "a pre-dump has the pages of "
				 "task %" PRIu32 " and no mappings: only -a RANGE "
				 "reads them", pid);
	if (!has_core(c, pid))
		return error_set(&c->err, CRIT_EDATA, "no images of a task %" PRIu32
				 ": neither mm-%" PRIu32 ".img nor core-%" PRIu32
				 ".img", pid, pid, pid);
	state = tasks_state(&c->dir, pid, &c->err);
	if (error_is(&c->err))
		return false;
	if (state == 1 || state == 3)
		return error_set(&c->err, CRIT_EDATA, "mm-%" PRIu32 ".img is "
				 "missing, and the task is no zombie", pid);
	if (c->have_pid)
		return error_set(&c->err, CRIT_EDATA, "task %" PRIu32 " is a "
				 "zombie and has no memory", pid);
	return true;
}

static bool do_task(struct mem *c, uint32_t pid, bool only_want)
{
	bool many = c->tasks.n > 1, absent;
	struct mapped *mapped = c->mode->files ? &c->mapped : NULL;
	struct memory m;
	bool ok;

	ok = memory_open(&m, &c->dir, pid, c->page_size,
			 many && !only_want ? NULL : mapped, &absent, &c->err);
	m.mapped = mapped;
	m.bare = ok && absent && c->ranged && c->mode->one && is_predump(c, pid);
	absent = absent && !m.bare;
	if (ok && absent)
		ok = only_want || check_absent(c, pid);
	else if (ok && !only_want && mapped && !many)
		ok = mapped_load(mapped, &c->dir);
	if (ok && !absent && !only_want)
		ok = c->mode->task(c, &m);
	if (ok && m.lost)
		filter_warn("no image has the bytes of segment %" PRIu64
			    ", which task %" PRIu32 " maps", m.lost_id, pid);
	memory_close(&m);
	return ok;
}

static void do_tasks(struct mem *c)
{
	if (c->mode == &mode_map && !c->records && !c->runs)
		memory_list_head(&c->out);
	if (c->tasks.n > 1 && c->mode->files) {
		/* what is wrong with the images will be found again in the
		 * second pass; a disk may have failed just once */
		for (size_t i = 0; i < c->tasks.n; i++)
			if (!do_task(c, c->tasks.pids[i], true) &&
			    c->err.code != CRIT_EDATA)
				failed(c);
			else
				error_clear(&c->err);
		if (!mapped_load(&c->mapped, &c->dir))
			failed(c);
	}
	for (size_t i = 0; i < c->tasks.n && !c->out.failed; i++)
		if (!do_task(c, c->tasks.pids[i], false) && !c->out.failed)
			failed(c);
	if (c->vma && !c->ranges && !c->status) {
		error_set(&c->err, CRIT_EDATA, "no mapping is named '%s'", c->vma);
		failed(c);
	}
}

static bool open_tasks(struct mem *c)
{
	if (c->have_pid) {
		c->tasks.pids = alloc(sizeof(uint32_t));
		if (!c->tasks.pids)
			return error_set(&c->err, CRIT_ENOMEM, "out of memory");
		c->tasks.pids[0] = (uint32_t)c->pid;
		c->tasks.n = 1;
		return true;
	}
	if (!tasks_open(&c->tasks, &c->dir, &c->err))
		return false;
	if (c->mode->one && c->tasks.n > 1)
		return error_set(&c->err, CRIT_EUSAGE, "there are %zu tasks: choose "
				 "one by -p PID", c->tasks.n);
	return true;
}

static bool open_dir(struct mem *c, const char *path)
{
	c->dir.schema = &crit_schema;
	c->dir.fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (c->dir.fd >= 0)
		return true;
	snprintf(c->err.image, sizeof(c->err.image), "%s", path);
	return error_sys(&c->err, errno, "cannot open");
}

/* Where it goes: standard output, or a file that is there whole or not. */
static bool open_output(struct mem *c)
{
	if (c->output && !target_open(&c->target, c->output, &c->err))
		return false;
	if (out_open(&c->out, c->output ? c->target.fd : STDOUT_FILENO,
		     c->output ? c->output : "standard output", &c->err))
		return true;
	if (c->output)
		target_abort(&c->target);
	return false;
}

static void close_output(struct mem *c)
{
	if (!out_flush(&c->out))
		failed(c);
	if (c->output && c->status)
		target_abort(&c->target);
	else if (c->output && !target_commit(&c->target, &c->err))
		failed(c);
	out_close(&c->out);
}

static int mem(struct mem *c, const char *path)
{
	mapped_init(&c->mapped, &c->err);
	if (open_dir(c, path) && open_tasks(c) && open_output(c)) {
		do_tasks(c);
		close_output(c);
	} else {
		failed(c);
	}
	for (struct pages_seen *s = c->seen, *next; s; s = next) {
		next = s->next;
		alloc_free(s);
	}
	mapped_close(&c->mapped);
	tasks_close(&c->tasks);
	if (c->dir.fd >= 0)
		close(c->dir.fd);
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
		filter_usage("%s '%s' is no number (decimal, or 0x...)", what,
			     text);
	return v;
}

static void read_range(struct mem *c, const char *text)
{
	char *rest;

	c->ranged = true;
	c->start = number(text, &rest, "address");
	if (!*rest) {
		c->whole_page = true;
		return;
	}
	if (*rest != '-' && *rest != '+')
		filter_usage("'%s' is no range: START-END, START+LENGTH or START "
			     "(decimal, or 0x...)", text);
	c->end = number(rest + 1, NULL, *rest == '-' ? "address" : "length");
	if (*rest == '+' && c->end > UINT64_MAX - c->start)
		filter_usage("'%s' runs past the end of memory", text);
	if (*rest == '+')
		c->end += c->start;
	if (c->end < c->start)
		filter_usage("'%s' ends before it starts", text);
}

static enum holes read_holes(const char *name)
{
	if (!strcmp(name, "zero"))
		return HOLES_ZERO;
	if (!strcmp(name, "error"))
		return HOLES_ERROR;
	if (strcmp(name, "skip"))
		filter_usage("unknown way with holes '%s' (zero, error, skip)",
			     name);
	return HOLES_SKIP;
}

static uint64_t limited(const char *text, const char *what, uint64_t max)
{
	uint64_t v = number(text, NULL, what);

	if (v > max)
		filter_usage("%s %" PRIu64 " is above %" PRIu64, what, v, max);
	return v;
}

static bool read_format(const char *name)
{
	if (strcmp(name, "records") && strcmp(name, "text"))
		filter_usage("unknown format '%s' (text, records)", name);
	return *name == 'r';
}

static void set_mode(struct mem *c, const struct mode *mode)
{
	if (c->mode && c->mode != mode)
		filter_usage("only one of -x, -s, -r, --runs, --args, --env, "
			     "--auxv");
	c->mode = mode;
}

/* Options that say what to do. */
static void read_mode(struct mem *c, int o)
{
	switch (o) {
	case OPT_RUNS:
		c->runs = true;
		set_mode(c, &mode_map);
		break;
	case 'x':
		set_mode(c, &mode_hex);
		break;
	case 's':
		c->string = optarg;
		set_mode(c, &mode_search);
		break;
	case 'r':
		c->regex = optarg;
		set_mode(c, &mode_search);
		break;
	case OPT_ARGS:
		set_mode(c, &mode_args);
		break;
	case OPT_ENV:
		set_mode(c, &mode_env);
		break;
	case OPT_AUXV:
		set_mode(c, &mode_auxv);
		break;
	default:
		filter_option(o, help);
	}
}

static void read_option(struct mem *c, int o)
{
	switch (o) {
	case 'a':
		read_range(c, optarg);
		break;
	case OPT_VMA:
		c->vma = optarg;
		break;
	case OPT_ALL:
		c->all = true;
		break;
	case 'p':
		c->pid = limited(optarg, "pid", UINT32_MAX);
		c->have_pid = true;
		break;
	case 'f':
		c->records = read_format(optarg);
		break;
	case 'o':
		c->output = optarg;
		break;
	case 'c':
		c->context = limited(optarg, "context", SEARCH_CONTEXT_MAX);
		break;
	case '0':
		c->null = true;
		break;
	case OPT_HOLES:
		c->holes = read_holes(optarg);
		break;
	case OPT_PAGE_SIZE:
		c->page_size = limited(optarg, "page size", PAGEMAP_BLOCK_MAX);
		break;
	case 'L':
		c->dir.follow = true;
		break;
	default:
		read_mode(c, o);
	}
}

/* Options that would mean nothing. */
static void check_vain(const struct mem *c)
{
	bool strings = c->mode == &mode_args || c->mode == &mode_env;

	if (c->null && (!strings || c->records))
		filter_usage("-0 is of --args and --env, as text");
	if (c->context && c->mode != &mode_search)
		filter_usage("-c is of a search: -s or -r");
	if (c->records && c->mode->one)
		filter_usage("bytes are no records: -f records is of the map, "
			     "searches, --args, --env and --auxv");
}

static void check_options(struct mem *c)
{
	bool chosen = c->ranged || c->vma || c->all;

	if (c->ranged + (c->vma != NULL) + c->all > 1)
		filter_usage("only one of -a, --vma, --all");
	if (c->string && c->regex)
		filter_usage("only one of -s and -r");
	if ((c->string && (!*c->string || strlen(c->string) > SEARCH_STRING_MAX)) ||
	    (c->regex && !*c->regex))
		filter_usage("a search needs 1 to %d bytes", SEARCH_STRING_MAX);
	if (!c->mode)
		c->mode = chosen ? &mode_bytes : &mode_map;
	if (c->mode == &mode_hex && !chosen)
		filter_usage("-x needs -a, --vma or --all");
	if (chosen && !c->mode->one && c->mode != &mode_search)
		filter_usage("-a, --vma and --all choose bytes, or where to search");
	check_vain(c);
	if (c->page_size & (c->page_size - 1) || (c->page_size && c->page_size < 512))
		filter_usage("page size %" PRIu64 " is not a power of two from 512",
			     c->page_size);
	if (c->mode->binary && !c->output && isatty(STDOUT_FILENO))
		filter_usage("memory is not for a terminal: use -x, -o FILE or a "
			     "pipe");
}

int main(int argc, char **argv)
{
	struct mem c = { 0 };
	int o;

	error_clear(&c.err);
	while ((o = getopt_long(argc, argv, "a:xs:r:p:f:o:c:0L", options,
				NULL)) != -1)
		read_option(&c, o);
	check_options(&c);
	if (argc - optind != 1)
		filter_usage("needs one DIR");
	return filter_end(mem(&c, argv[optind]));
}
