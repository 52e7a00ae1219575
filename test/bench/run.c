// SPDX-License-Identifier: MIT
/*
 * bench-run BUILD [WORD]... : measures the filters of BUILD beside Debian's
 * crit, jq, base64, and the text alone going through a pipe; only work whose
 * name has one of the words. A table on standard output, BUILD/bench.json.
 *
 * Each command writes into a pipe that cat reads, all on one processor. cpu is
 * user and system time of the command itself. xcrit: how many times crit took.
 * xpipe: with its cat, in pipes of the same text (cat TEXT | cat).
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { RUNS = 5, WORDS = 16, LONG = 4 };	/* LONG: seconds of one run */

struct figures {
	double wall, user, sys, reader;	/* seconds; reader: of cat */
	long rss;			/* KiB */
};

struct result {
	char work[40], size[32], tool[24];
	double entries;
	struct figures f;
	uint64_t in, out;
	double times_crit, times_pipe;
	int runs;
};

static const char *build;
static char **words;
static char dir[4096];
static char *crit_path;		/* Debian's, not ours; NULL: not there */
static struct result results[1000];
static size_t n_results;

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "bench-run: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* BUILD/bench/NAME; four at a time. */
static const char *file(const char *fmt, ...)
{
	static char path[4][5000];
	static int turn;
	char *p = path[++turn % 4];
	int n = snprintf(p, sizeof(path[0]), "%s/", dir);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(p + n, sizeof(path[0]) - (size_t)n, fmt, ap);
	va_end(ap);
	return p;
}

static uint64_t size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? 0 : (uint64_t)st.st_size;
}

static bool is_file(const char *path)
{
	struct stat st;

	return path && !stat(path, &st) && S_ISREG(st.st_mode);
}

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Debian 12's crit info counts all entries, and then falls over the end of the
 * file: it does not know it from more entries. */
static bool falls(char **argv)
{
	return argv[0] == crit_path && argv[1] && !strcmp(argv[1], "info");
}

static pid_t start(char **argv, const char *in, int out, const char *to)
{
	posix_spawn_file_actions_t fa;
	pid_t pid;

	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(&fa, 0, is_file(in) ? in : "/dev/null",
					 O_RDONLY, 0);
	if (to)
		posix_spawn_file_actions_addopen(&fa, 1, to,
				O_WRONLY | O_CREAT | O_TRUNC, 0666);
	else
		posix_spawn_file_actions_adddup2(&fa, out, 1);
	if (falls(argv))
		posix_spawn_file_actions_addopen(&fa, 2, "/dev/null",
						 O_WRONLY, 0);
	errno = posix_spawnp(&pid, argv[0], &fa, NULL, argv, environ);
	if (errno)
		die(argv[0]);
	posix_spawn_file_actions_destroy(&fa);
	return pid;
}

static pid_t start_reader(int in, int out_end)
{
	static char *cat[] = { (char *)"cat", NULL };
	posix_spawn_file_actions_t fa;
	pid_t pid;

	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, in, 0);
	posix_spawn_file_actions_addopen(&fa, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addclose(&fa, out_end);
	errno = posix_spawnp(&pid, cat[0], &fa, NULL, cat, environ);
	if (errno)
		die("cat");
	posix_spawn_file_actions_destroy(&fa);
	return pid;
}

static bool wait_for(pid_t pid, struct rusage *use)
{
	int status;

	if (wait4(pid, &status, 0, use) < 0)
		die("wait");
	return status == 0;
}

/* argv < in | cat >/dev/null */
static bool once(char **argv, const char *in, struct figures *f)
{
	struct rusage use, reader;
	double begin;
	int p[2];
	pid_t a, b;
	bool ok;

	if (pipe2(p, O_CLOEXEC))
		die("pipe");
	b = start_reader(p[0], p[1]);
	close(p[0]);
	begin = now();
	a = start(argv, in, p[1], NULL);
	close(p[1]);
	ok = wait_for(a, &use);
	wait_for(b, &reader);
	f->wall = now() - begin;
	f->user = seconds(use.ru_utime);
	f->sys = seconds(use.ru_stime);
	f->reader = seconds(reader.ru_utime) + seconds(reader.ru_stime);
	f->rss = use.ru_maxrss;
	return ok;
}

/* Splits a command; a word @ stands for path. */
static void split(const char *command, const char *path, char *line,
		  size_t size, char **argv)
{
	char *save;
	int n = 0;

	snprintf(line, size, "%s", command);
	for (char *w = strtok_r(line, " ", &save); w && n < WORDS - 1;
	     w = strtok_r(NULL, " ", &save))
		argv[n++] = strcmp(w, "@") ? w : (char *)path;
	argv[n] = NULL;
	if (!strcmp(argv[0], "crit"))
		argv[0] = crit_path;
}

static int by_cpu(const void *a, const void *b)
{
	const struct figures *x = a, *y = b;
	double d = x->user + x->sys - y->user - y->sys;

	return d < 0 ? -1 : d > 0;
}

static struct figures median(const char *command, const char *in, int *runs)
{
	struct figures f[RUNS];
	char line[5000], *argv[WORDS];
	int n = 0;

	split(command, in, line, sizeof(line), argv);
	do {
		if (!once(argv, in, &f[n]) && !falls(argv)) {
			fprintf(stderr, "bench-run: failed: %s\n", command);
			exit(1);
		}
		n++;
	} while (n < RUNS && f[0].wall * n < RUNS * LONG);
	qsort(f, (size_t)n, sizeof(*f), by_cpu);
	*runs = n;
	return f[n / 2];
}

/* command < in > out */
static void make(const char *command, const char *in, const char *out)
{
	char line[5000], *argv[WORDS];
	struct rusage use;

	split(command, in, line, sizeof(line), argv);
	if (!wait_for(start(argv, in, -1, out), &use)) {
		fprintf(stderr, "bench-run: failed: %s\n", command);
		exit(1);
	}
}

/* The program of this name in PATH, or NULL. */
static char *find(const char *program)
{
	char path[5000], *all = strdup(getenv("PATH")), *save, *found = NULL;

	for (char *d = strtok_r(all, ":", &save); d && !found;
	     d = strtok_r(NULL, ":", &save)) {
		snprintf(path, sizeof(path), "%s/%s", d, program);
		if (!access(path, X_OK))
			found = strdup(path);
	}
	free(all);
	return found;
}

static double cpu(const struct figures *f)
{
	return f->user + f->sys;
}

static void print(const struct result *r)
{
	char crit[16] = "", pipe[16] = "";

	if (r->times_crit > 0)
		snprintf(crit, sizeof(crit), "%.0f", r->times_crit);
	if (r->times_pipe > 0)
		snprintf(pipe, sizeof(pipe), "%.2f", r->times_pipe);
	printf("%-22s %9s %-14s %8.4f %8.4f %8.4f %8ld %8.1f %8.1f %9.1f %6s %6s\n",
	       r->work, r->size, r->tool, r->f.wall, r->f.user, r->f.sys,
	       r->f.rss, (double)r->in / 1e6 / cpu(&r->f),
	       (double)r->out / 1e6 / cpu(&r->f),
	       r->entries > 0 ? cpu(&r->f) / r->entries * 1e9 : 0, crit, pipe);
	fflush(stdout);
}

static void json_file(void)
{
	FILE *f = fopen(file("../bench.json"), "w");
	struct utsname u;

	if (!f)
		die("bench.json");
	uname(&u);
	fprintf(f, "{\"machine\":\"%s %s\",\"results\":[\n", u.nodename, u.release);
	for (size_t i = 0; i < n_results; i++) {
		const struct result *r = &results[i];

		fprintf(f, "{\"work\":\"%s\",\"size\":\"%s\",\"tool\":\"%s\","
			"\"entries\":%.0f,\"runs\":%d,\"wall\":%.6f,"
			"\"user\":%.6f,\"system\":%.6f,\"reader\":%.6f,"
			"\"peak_kib\":%ld,\"in\":%llu,\"out\":%llu,"
			"\"times_crit\":%.3f,\"times_pipe\":%.3f}%s\n",
			r->work, r->size, r->tool, r->entries, r->runs, r->f.wall,
			r->f.user, r->f.sys, r->f.reader, r->f.rss,
			(unsigned long long)r->in, (unsigned long long)r->out,
			r->times_crit, r->times_pipe,
			i + 1 < n_results ? "," : "");
	}
	fputs("]}\n", f);
	if (fclose(f))
		die("bench.json");
}

/* The work at hand. */
static char size_name[32];
static double entries;

static bool wanted(const char *work)
{
	if (!*words)
		return true;
	for (char **w = words; *w; w++)
		if (strstr(work, *w))
			return true;
	return false;
}

/* Runs command on in and keeps the result; out: bytes that it writes. */
static struct result *measure(const char *work, const char *tool,
			      const char *command, const char *in, uint64_t out)
{
	struct result *r = &results[n_results];

	if (n_results == sizeof(results) / sizeof(*results))
		die("too many results");
	memset(r, 0, sizeof(*r));
	snprintf(r->work, sizeof(r->work), "%s", work);
	snprintf(r->size, sizeof(r->size), "%s", size_name);
	snprintf(r->tool, sizeof(r->tool), "%s", tool);
	r->entries = entries;
	r->in = size_of(in);
	r->out = out;
	r->f = median(command, in, &r->runs);
	n_results++;
	return r;
}

/* Ours beside crit's (NULL: none), which has an input of its own where one of
 * that name with .crit after it is there, and the text's way through a pipe. */
static void compare(const char *work, const char *command, const char *in,
		    const char *out, const char *crit, const char *text)
{
	char own[5000];

	struct result *ours, *r;

	if (!wanted(work))
		return;
	ours = measure(work, "ours", command, in, size_of(out));
	if (text) {
		r = measure(work, "cat | cat", "cat @", text, size_of(text));
		ours->times_pipe = (cpu(&ours->f) + ours->f.reader) /
			(cpu(&r->f) + r->f.reader);
	}
	if (crit && crit_path) {
		struct result *c;

		snprintf(own, sizeof(own), "%s.crit", in);
		c = measure(work, "crit", crit, is_file(own) ? own : in,
			    size_of(out));

		ours->times_crit = cpu(&c->f) / cpu(&ours->f);
	}
	for (r = ours; r < results + n_results; r++)
		print(r);
}

static void decimal(uint64_t n)
{
	if (n % 1000000 == 0)
		snprintf(size_name, sizeof(size_name), "%lluM",
			 (unsigned long long)n / 1000000);
	else
		snprintf(size_name, sizeof(size_name), "%lluk",
			 (unsigned long long)n / 1000);
}

static void generate(const char *kind, uint64_t n, const char *to)
{
	char command[100];

	snprintf(command, sizeof(command), "bench-gen %s %llu", kind,
		 (unsigned long long)n);
	make(command, NULL, to);
}

static bool any_wanted(const char *kind)
{
	static const char *const verb[] = {
		"decode records", "decode json", "decode pretty",
		"decode yaml", "encode records", "encode json", "encode yaml",
		"anon records", "info", "jq",
	};

	if (wanted(kind))
		return true;
	for (size_t i = 0; i < sizeof(verb) / sizeof(*verb); i++) {
		char work[60];

		snprintf(work, sizeof(work), "%s %s", verb[i], kind);
		if (wanted(work))
			return true;
	}
	return false;
}

static const char *named(const char *verb, const char *kind)
{
	static char work[4][60];
	static int turn;
	char *p = work[++turn % 4];

	snprintf(p, sizeof(work[0]), "%s %s", verb, kind);
	return p;
}

/* crit writes no YAML: beside its JSON. */
static void yaml(const char *kind, const char *img)
{
	const char *text = strdup(file("yaml"));

	make("crit-decode -f yaml", img, text);
	compare(named("decode yaml", kind), "crit-decode -f yaml", img, text,
		"crit decode", text);
	compare(named("encode yaml", kind), "crit-encode", text, img, NULL, text);
	unlink(text);
}

/* An image of so many entries: all that is done with it. */
static void image(const char *kind, uint64_t n, bool with_crit)
{
	const char *img = strdup(file("%s.img", kind));
	const char *json = strdup(file("json")), *pretty = strdup(file("pretty"));
	const char *records = strdup(file("records"));

	if (!any_wanted(kind))
		return;
	decimal(n);
	entries = (double)n;
	generate(kind, n, img);
	make("crit-decode -f json", img, json);
	make("crit-decode -f json -p", img, pretty);
	make("crit-decode @", img, records);
	/* what it encodes has the names of its own CRIU */
	if (with_crit && crit_path && wanted(named("encode json", kind)))
		make("crit decode", img, file("json.crit"));
	compare(named("decode records", kind), "crit-decode @", img, records,
		NULL, records);
	compare(named("decode json", kind), "crit-decode -f json", img, json,
		with_crit ? "crit decode" : NULL, json);
	compare(named("decode pretty", kind), "crit-decode -f json -p", img,
		pretty, with_crit ? "crit decode --pretty" : NULL, pretty);
	compare(named("encode records", kind), "crit-encode", records, img,
		NULL, records);
	compare(named("encode json", kind), "crit-encode", json, img,
		with_crit ? "crit encode" : NULL, json);
	if (with_crit) {
		yaml(kind, img);
		compare(named("anon records", kind), "crit-anon", records, records,
			NULL, records);
	}
	compare(named("info", kind), "crit-info @", img, "/dev/null",
		with_crit ? "crit info @" : NULL, NULL);
	if (with_crit && wanted(named("jq", kind)))
		print(measure(named("jq", kind), "jq -c .", "jq -c .", json,
			      size_of(json)));
	unlink(img);
	unlink(json);
	unlink(pretty);
	unlink(records);
	unlink(file("json.crit"));
}

/* Bytes beside entries. */
static void bytes(const char *kind, uint64_t mib, bool with_crit)
{
	const char *img = strdup(file("%s.img", kind)), *json = strdup(file("json"));
	uint64_t n = mib << 20;

	if (!any_wanted(kind))
		return;
	snprintf(size_name, sizeof(size_name), "%lluMiB", (unsigned long long)mib);
	entries = 0;
	if (!strcmp(kind, "pipes")) {
		char command[100];

		snprintf(command, sizeof(command), "bench-gen pipes %llu 65536",
			 (unsigned long long)n >> 16);
		make(command, NULL, img);
	} else {
		generate(kind, n, img);
	}
	make("crit-decode -f json", img, json);
	compare(named("decode json", kind), "crit-decode -f json", img, json,
		with_crit ? "crit decode" : NULL, json);
	compare(named("encode json", kind), "crit-encode", json, img,
		with_crit ? "crit encode" : NULL, json);
	if (!strcmp(kind, "ghost")) {
		const char *text = file("base64");

		make("base64 -w76 @", img, text);
		if (wanted(named("decode", kind)))
			print(measure(named("decode json", kind), "base64 -w76",
				      "base64 -w76 @", img, size_of(text)));
		if (wanted(named("encode", kind)))
			print(measure(named("encode json", kind), "base64 -d",
				      "base64 -d @", text, size_of(img)));
		unlink(text);
	}
	unlink(img);
	unlink(json);
}

static void start_up(void)
{
	const char *img = file("inventory.img");

	if (!wanted("start-up"))
		return;
	make("bench-gen dir @ 1 1 1", file("one"), "/dev/null");
	img = strdup(file("one/inventory.img"));
	snprintf(size_name, sizeof(size_name), "1");
	entries = 0;
	compare("start-up", "crit-decode @", img, "/dev/null", "crit decode -i @",
		NULL);
	print(measure("start-up", "true", "true", img, 0));
	make("rm -r @", file("one"), "/dev/null");
}

static void explore(unsigned processes, bool with_crit)
{
	static const char *const what[] = { "ps", "fds", "mems", "rss", "sk" };
	char command[200], crit[200];
	const char *d;

	if (!wanted("x ps") && !wanted("x fds") && !wanted("x mems") &&
	    !wanted("x rss") && !wanted("x sk"))
		return;
	snprintf(size_name, sizeof(size_name), "%u", processes);
	entries = 0;
	d = strdup(file("dir"));
	snprintf(command, sizeof(command), "bench-gen dir @ %u 200 50", processes);
	make(command, d, "/dev/null");
	for (size_t i = 0; i < sizeof(what) / sizeof(*what); i++) {
		char work[20];

		snprintf(work, sizeof(work), "x %s", what[i]);
		snprintf(command, sizeof(command), "crit-x @ %s", what[i]);
		snprintf(crit, sizeof(crit), "crit x @ %s", what[i]);
		compare(work, command, d, "/dev/null",
			with_crit && strcmp(what[i], "sk") ? crit : NULL, NULL);
	}
	make("rm -r @", d, "/dev/null");
}

static void memory(uint64_t runs)
{
	const char *d = strdup(file("mem"));
	char command[100];

	if (!find("crit-mem") || !wanted("mem"))
		return;
	decimal(runs);
	entries = (double)runs;
	snprintf(command, sizeof(command), "bench-gen mem @ %llu",
		 (unsigned long long)runs);
	make(command, d, "/dev/null");
	compare("mem runs", "crit-mem --runs @", d, "/dev/null", NULL, NULL);
	compare("mem search", "crit-mem -s needle @", d, "/dev/null", NULL, NULL);
	compare("mem regex", "crit-mem -r [0-9a-f]{32} @", d, "/dev/null", NULL,
		NULL);
	/* gigabytes of holes take cat minutes */
	if (runs <= 100000)
		print(measure("mem search", "cat", "cat @",
			      strdup(file("mem/pages-1.img")), 0));
	make("rm -r @", d, "/dev/null");
}

/* A container's archive, compressed: beside what only unpacks it. */
static void archive(uint64_t runs)
{
	const char *d = strdup(file("mem")), *a = strdup(file("a.tar.zst"));
	char command[5000];

	if (!wanted("archive"))
		return;
	decimal(runs);
	entries = 0;
	snprintf(command, sizeof(command), "bench-gen mem @ %llu",
		 (unsigned long long)runs);
	make(command, d, "/dev/null");
	snprintf(command, sizeof(command), "tar -c --sort=name -I zstd -f %s -C "
		 "@ .", a);
	make(command, d, "/dev/null");
	compare("archive summary", "crit-info --summary @", a, "/dev/null", NULL,
		NULL);
	print(measure("archive summary", "tar -t", "tar -t -I zstd -f @", a, 0));
	compare("archive search", "crit-mem -s needle @", a, "/dev/null", NULL,
		NULL);
	print(measure("archive search", "zstd -dc", "zstd -dc @", a,
		      0));
	make("rm -r @", d, "/dev/null");
	unlink(a);
}

/* The price of an entry does not grow: from a generator's pipe, on which the
 * filter may wait, but not spend time. */
static void growth(void)
{
	static const uint64_t size[] = { 1000000, 10000000, 100000000 };

	for (size_t i = 0; i < 3 && wanted("growth"); i++) {
		const char *img = strdup(file("growth.img"));

		decimal(size[i]);
		entries = (double)size[i];
		generate("pagemap", size[i], img);
		compare("growth decode pagemap", "crit-decode @", img,
			"/dev/null", NULL, NULL);
		unlink(img);
	}
}

static void one_processor(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(sched_getcpu(), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void environment(void)
{
	char *path = malloc(strlen(build) + strlen(getenv("PATH")) + 2);

	crit_path = find("crit");
	if (crit_path && !strncmp(crit_path, build, strlen(build)))
		crit_path = NULL;
	sprintf(path, "%s:%s", build, getenv("PATH"));
	setenv("PATH", path, 1);
	unsetenv("PYTHONUNBUFFERED");
	setenv("LC_ALL", "C.UTF-8", 1);
	free(path);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fputs("usage: bench-run BUILD [WORD]...\n", stderr);
		return 2;
	}
	build = realpath(argv[1], NULL);
	if (!build)
		die(argv[1]);
	words = argv + 2;
	environment();
	snprintf(dir, sizeof(dir), "%s/bench", build);
	if (mkdir(dir, 0777) && errno != EEXIST)
		die(dir);
	one_processor();
	printf("%-22s %9s %-14s %8s %8s %8s %8s %8s %8s %9s %6s %6s\n", "work",
	       "size", "tool", "wall s", "user s", "sys s", "peak KiB",
	       "in MB/s", "out MB/s", "ns/entry", "xcrit", "xpipe");
	start_up();
	image("pagemap", 100000, false);
	image("pagemap", 1000000, true);
	image("pagemap", 10000000, false);
	image("mm", 20000, false);
	image("mm", 200000, true);
	image("mm", 1000000, false);
	image("files", 30000, false);
	image("files", 300000, true);
	image("files", 1000000, false);
	bytes("ghost", 32, false);
	bytes("ghost", 128, true);
	bytes("ghost", 512, false);
	bytes("ghost-chunks", 128, false);
	bytes("pipes", 128, false);
	bytes("shm", 128, false);
	explore(20, false);
	explore(100, true);
	explore(500, true);
	memory(10000);
	memory(100000);
	memory(1000000);
	archive(10000);
	growth();
	json_file();
	return 0;
}
