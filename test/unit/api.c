// SPDX-License-Identifier: MIT
/*
 * The public API over all images of test/images: what it reads it can write,
 * by events, by entries, through JSON; from files, pipes and memory.
 */
#include "crit.h"
#include "test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

struct bytes {
	char *p;
	size_t n;
};

static struct bytes slurp(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct bytes b = { NULL, 0 };
	struct stat st;

	if (!f)
		return b;
	fstat(fileno(f), &st);
	b.n = (size_t)st.st_size;
	b.p = malloc(b.n + 1);
	if (fread(b.p, 1, b.n, f) != b.n)
		b.n = 0;
	fclose(f);
	return b;
}

static bool told(const struct crit_error *err)
{
	char text[1024];

	printf("#   %s\n", crit_error_text(err, text, sizeof(text)));
	return false;
}

/* The output's bytes are these; ends it. */
static void check_output(struct crit_output *out, const struct bytes *want)
{
	struct crit_error err;
	const void *p;
	size_t n;

	p = crit_output_bytes(out, &n);
	CHECK_BYTES(p, n, want->p, want->n);
	if (!CHECK(crit_output_close(out, &err)))
		told(&err);
}

static struct crit_image *open_bytes(struct crit *c, const struct bytes *b)
{
	struct crit_error err;
	struct crit_image *im = crit_open_memory(c, b->p, b->n, "it.img", &err);

	if (!CHECK(im))
		told(&err);
	return im;
}

static void copy_events(struct crit *c, const struct bytes *b)
{
	struct crit_image *im = open_bytes(c, b);
	struct crit_output *out = crit_output_memory(c, NULL);
	struct crit_writer *w = im ? crit_write_like(im, out, NULL) : NULL;
	struct crit_event ev;
	struct crit_error err;
	int r = 0;

	while (w && (r = crit_next(im, &ev, &err)) > 0)
		if (!CHECK(crit_put_event(w, &ev, &err)))
			break;
	if (r)
		told(&err);
	CHECK(!w || crit_write_end(w, NULL));
	check_output(out, b);
	crit_close(im);
}

struct each {
	struct crit_writer *w;
	struct crit_error err;
};

static bool put_event(void *ctx, const struct crit_event *ev)
{
	struct each *e = ctx;
	struct crit_event named = *ev;

	/* names will do, and lists need not be told */
	named.number = 0;
	if (ev->kind == CRIT_LIST_END)
		return true;
	return crit_put_event(e->w, &named, &e->err) || told(&e->err);
}

static void push_events(struct crit *c, const struct bytes *b)
{
	struct crit_image *im = open_bytes(c, b);
	struct crit_output *out = crit_output_memory(c, NULL);
	struct each e = { .w = im ? crit_write_like(im, out, NULL) : NULL };

	if (e.w) {
		CHECK(crit_each(im, put_event, &e, &e.err) || told(&e.err));
		CHECK(crit_write_end(e.w, NULL));
	}
	check_output(out, b);
	crit_close(im);
}

static void copy_entries(struct crit *c, const struct bytes *b)
{
	struct crit_image *im = open_bytes(c, b);
	struct crit_output *out = crit_output_memory(c, NULL);
	struct crit_writer *w = im ? crit_write_like(im, out, NULL) : NULL;
	struct crit_entry *e = NULL;
	struct crit_error err;
	uint64_t n = 0;
	int r = 0;

	while (w && (r = crit_read(im, &e, &err)) > 0 &&
	       CHECK(crit_put(w, e, &err) || told(&err)))
		n++;
	CHECK(!r || told(&err));
	CHECK(!w || crit_write_end(w, NULL));
	check_output(out, b);
	crit_entry_free(e);
	crit_close(im);
}

static void through_json(struct crit *c, const struct bytes *b, unsigned flags)
{
	struct crit_image *im = open_bytes(c, b);
	struct crit_output *json = crit_output_memory(c, NULL);
	struct crit_output *out = crit_output_memory(c, NULL);
	struct crit_error err;
	const void *p;
	size_t n;

	if (im) {
		CHECK(crit_decode(im, json, flags, &err) || told(&err));
		p = crit_output_bytes(json, &n);
		CHECK(crit_encode(c, p, n, out, CRIT_NO_END, &err) || told(&err));
	}
	check_output(out, b);
	crit_output_abort(json);
	crit_close(im);
}

static bool nothing(void *ctx, const struct crit_event *ev)
{
	(void)ctx;
	return ev->kind;
}

static void note(void *ctx, const struct crit_error *w)
{
	(void)w;
	*(bool *)ctx = true;
}

/* An image as writers make it: broken and odd ones do not come out as they
 * went in, but must give errors and warnings. */
static bool is_sound(const char *path)
{
	struct crit *c = crit_new(NULL);
	struct crit_image *im;
	struct crit_error err;
	bool warned = false, ok;
	struct stat st;

	if (stat(path, &st) || !S_ISREG(st.st_mode))
		return crit_free(c), false;
	crit_set_warn(c, note, &warned);
	im = crit_open(c, path, &err);
	ok = im && crit_each(im, nothing, NULL, &err);
	CHECK(ok || (err.code == CRIT_EDATA && *err.what));
	crit_close(im);
	crit_free(c);
	return ok && !warned;
}

static void each_image(void (*f)(struct crit *, const struct bytes *))
{
	DIR *dirs = opendir("test/images"), *dir;
	struct crit *c = crit_new(NULL);
	struct dirent *d, *e;
	char path[1024];
	int n = 0;

	while (dirs && (d = readdir(dirs))) {
		snprintf(path, sizeof(path), "test/images/%s", d->d_name);
		dir = *d->d_name == '.' ? NULL : opendir(path);
		while (dir && (e = readdir(dir))) {
			struct bytes b;

			snprintf(path, sizeof(path), "test/images/%s/%s",
				 d->d_name, e->d_name);
			test_case = path;
			if (*e->d_name == '.' || !is_sound(path))
				continue;
			b = slurp(path);
			f(c, &b);
			free(b.p);
			n++;
		}
		if (dir)
			closedir(dir);
	}
	if (dirs)
		closedir(dirs);
	CHECK(n > 200);
	crit_free(c);
}

static void events_make_the_image_again(void)
{
	each_image(copy_events);
}

static void pushed_events_do(void)
{
	each_image(push_events);
}

static void entries_do(void)
{
	each_image(copy_entries);
}

static void json_image(struct crit *c, const struct bytes *b)
{
	through_json(c, b, CRIT_RECORDS);
	through_json(c, b, CRIT_JSON | CRIT_PRETTY);
}

static void json_does(void)
{
	each_image(json_image);
}

/* Extra and large entries through a pipe, whose cursor needs its file. */
static void large_entry(void)
{
	struct crit *c = crit_new(NULL);
	struct crit_entry *e = crit_entry_new(c, "GHOST_FILE", true, NULL);
	struct crit_output *out = crit_output_memory(c, NULL);
	struct crit_writer *w = crit_write(c, out, "GHOST_FILE", NULL);
	size_t n = 3 << 20, seen = 0, size;
	char *big = calloc(1, n);
	struct crit_event ev;
	struct crit_error err;
	struct crit_image *im;
	const void *p;
	int r = 0;

	for (size_t i = 0; i < n; i++)
		big[i] = (char)test_random();
	CHECK(crit_set_number(e, "uid", 1, &err) &&
	      crit_set_number(e, "gid", 2, &err) &&
	      crit_set_number(e, "mode", 0100644, &err) &&
	      crit_set_bytes(e, "extra", big, n, &err));
	CHECK(crit_put(w, e, &err) || told(&err));
	CHECK(crit_write_end(w, &err));
	p = crit_output_bytes(out, &size);
	im = crit_open_memory(c, p, size, NULL, &err);
	CHECK(im || told(&err));
	while (im && (r = crit_next(im, &ev, &err)) > 0)
		if (ev.kind == CRIT_BYTES) {
			CHECK(!memcmp(ev.bytes, big + seen, ev.size));
			CHECK_TEXT(ev.field, "extra");
			seen += ev.size;
			CHECK(!ev.last || seen == n);
		}
	CHECK(!r || told(&err));
	CHECK_NUMBER(seen, n);
	crit_close(im);

	/* an entry has a limit, the cursor has none */
	crit_set_limit(c, 1 << 20);
	im = crit_open_memory(c, p, size, NULL, &err);
	crit_entry_free(e);
	e = NULL;
	CHECK(crit_read(im, &e, &err) < 0 && err.code == CRIT_ENOMEM);
	CHECK(crit_next(im, &ev, &err) < 0);
	crit_close(im);
	crit_entry_free(e);
	crit_output_close(out, NULL);
	crit_free(c);
	free(big);
}

/* Paths. */

static struct crit_entry *first_entry(struct crit *c, const char *path)
{
	struct crit_image *im = crit_open(c, path, NULL);
	struct crit_entry *e = NULL;

	CHECK(im && crit_read(im, &e, NULL) == 1);
	crit_close(im);
	return e;
}

static bool add_up(void *ctx, const struct crit_event *ev)
{
	uint64_t *sum = ctx;

	sum[0]++;
	sum[1] += ev->value;
	CHECK(ev->index == (int64_t)sum[0] - 1);
	return sum[0] != sum[2];
}

static void got(void)
{
	struct crit *c = crit_new(NULL);
	struct crit_entry *e = first_entry(c, "test/images/ct/mm-1.img");
	uint64_t v = 7, start, sum[3] = { 0 };
	struct crit_error err;
	int64_t n = crit_count(e, "vmas", &err);

	CHECK_TEXT(crit_entry_message(e), "mm_entry");
	CHECK(n > 5);
	CHECK(crit_get_number(e, "vmas[0].start", &start, &err) == 1);
	CHECK(crit_get_number(e, "vmas[3].start", &v, &err) == 1 && v > start);
	v = 7;
	CHECK(crit_get_number(e, "vmas[100000].start", &v, &err) == 0 && v == 7);
	CHECK(crit_find(e, "vmas[].start", add_up, sum, &err));
	CHECK_NUMBER(sum[0], n);
	for (int64_t i = n; i-- > 0; ) {
		char path[64];

		snprintf(path, sizeof(path), "vmas[%d].start", (int)i);
		CHECK(crit_get_number(e, path, &v, &err) == 1);
		sum[1] -= v;
	}
	CHECK_NUMBER(sum[1], 0);
	sum[0] = 0;
	sum[2] = 2;
	CHECK(crit_find(e, "vmas[].pgoff", add_up, sum, &err) && sum[0] == 2);
	CHECK(crit_has(e, "vmas", &err) == 1);
	CHECK(crit_has(e, "aios", &err) == 0);
	crit_entry_free(e);
	e = first_entry(c, "test/images/ct/core-1.img");
	{
		const char *p = NULL;
		size_t k = 0;

		CHECK(crit_get_bytes(e, "tc.comm", &p, &k, &err) == 1);
		CHECK(p && k == strlen(p) && k > 0);
		CHECK(crit_has(e, "thread_info", &err) == 1);
	}
	crit_entry_free(e);
	crit_free(c);
}

static void refused(void)
{
	static const struct {
		const char *path, *what;
	} cases[] = {
		{ "", "no name of a field" },
		{ "nope", "mm_entry has no field nope" },
		{ "vmas.start", "vmas is a list: which element?" },
		{ "vmas", "a list, not a number" },
		{ "vmas[0]", "a message, not a number" },
		{ "vmas[0].nope", "vma_entry has no field nope" },
		{ "vmas[99999].nope", "vma_entry has no field nope" },
		{ "vmas[].start", "[] is for crit_find only" },
		{ "vmas[x].start", "no index of an element" },
		{ "vmas[1", "no index of an element" },
		{ "vmas[1]start", "expected . or [ before start" },
		{ "vmas[1][1]", "vmas is not a list" },
		{ "mm_brk[0]", "mm_brk is not a list" },
		{ "mm_brk.x", "mm_brk is not a message" },
		{ "mm_brk.", "mm_brk is not a message" },
		{ "vmas[0].", "vma_entry has no field " },
		{ "extra", "mm_entry has no field extra" },
	};
	struct crit *c = crit_new(NULL);
	struct crit_entry *e = first_entry(c, "test/images/ct/mm-1.img");
	int64_t n = crit_count(e, "vmas", NULL);
	struct crit_error err;
	char path[64];
	uint64_t v;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		memset(&err, 0xff, sizeof(err));
		test_case = cases[i].path;
		CHECK(crit_get_number(e, cases[i].path, &v, &err) == -1);
		CHECK(err.code == CRIT_EUSAGE);
		CHECK_TEXT(err.what, cases[i].what);
		CHECK_TEXT(err.path, cases[i].path);
		CHECK(crit_get_number(e, cases[i].path, &v, NULL) == -1);
		CHECK(!crit_set_number(e, cases[i].path, 1, &err));
	}
	memset(&err, 0xff, sizeof(err));
	test_case = "ranges";
	CHECK(!crit_set_number(e, "vmas[0].prot", UINT64_C(1) << 32, &err));
	CHECK_TEXT(err.what, "4294967296 is out of range");
	CHECK(!crit_set_number(e, "thp_disabled", 2, &err));
	CHECK(!crit_set_number(e, "dumpable", 1U << 31, &err));
	CHECK(crit_set_number(e, "dumpable", (uint64_t)-1, &err));
	snprintf(path, sizeof(path), "vmas[%d].start", (int)n + 1);
	CHECK(!crit_set_number(e, path, 1, &err));
	CHECK(!crit_set_number(e, "aios[1].id", 1, &err));
	CHECK(!crit_has(e, "aios", &err));
	CHECK(crit_count(e, "vmas", NULL) == n);
	crit_entry_free(e);
	CHECK(!crit_entry_new(c, "NOPE", true, &err));
	CHECK(!crit_open_memory(c, "text", 4, "x", &err));
	CHECK_TEXT(err.what, "text, not an image");
	CHECK(!crit_open(c, "/nonexistent", &err) && err.code == CRIT_EIO &&
	      err.sys);
	crit_free(c);
}

/* A tree of processes made from nothing. */
static void built(void)
{
	static const char want[] =
		"{\"magic\":\"PSTREE\",\"entries\":[{\"pid\":1,\"ppid\":0,"
		"\"pgid\":1,\"sid\":1,\"threads\":[1,5]}]}\n"
		"{\"magic\":\"PSTREE\",\"entries\":[{\"pid\":2,\"ppid\":1,"
		"\"pgid\":1,\"sid\":1,\"threads\":[2]}]}\n";
	struct crit *c = crit_new(NULL);
	struct crit_entry *e = crit_entry_new(c, "PSTREE", true, NULL);
	struct crit_output *out = crit_output_memory(c, NULL);
	struct crit_output *json = crit_output_memory(c, NULL);
	struct crit_writer *w = crit_write(c, out, "PSTREE", NULL);
	struct crit_image *im;
	struct crit_error err;
	const void *p;
	size_t n;

	/* the order of calls does not matter */
	CHECK(crit_set_number(e, "threads[0]", 1, &err));
	CHECK(crit_set_number(e, "threads[1]", 4, &err));
	CHECK(crit_set_number(e, "threads[2]", 5, &err));
	CHECK(crit_remove(e, "threads[1]", &err));
	CHECK(crit_set_number(e, "sid", 1, &err));
	CHECK(crit_set_number(e, "pgid", 1, &err));
	CHECK(crit_set_number(e, "pid", 1, &err));
	CHECK(!crit_put(w, e, &err));
	CHECK_TEXT(err.what, "missing required ppid");
	CHECK(!crit_write_end(w, &err));
	CHECK(!crit_output_close(out, &err));
	out = crit_output_memory(c, NULL);
	w = crit_write(c, out, "PSTREE", NULL);
	CHECK(crit_set_number(e, "ppid", 0, &err));
	CHECK(crit_put(w, e, &err) || told(&err));
	CHECK(crit_set_number(e, "pid", 2, &err));
	CHECK(crit_set_number(e, "ppid", 1, &err));
	CHECK(crit_set_number(e, "threads[0]", 2, &err));
	CHECK(crit_remove(e, "threads[1]", &err));
	CHECK(crit_remove(e, "threads[1]", &err));
	CHECK(crit_put(w, e, &err) || told(&err));
	CHECK(crit_write_end(w, &err));
	p = crit_output_bytes(out, &n);
	im = crit_open_memory(c, p, n, NULL, &err);
	CHECK(crit_decode(im, json, CRIT_RECORDS, &err) || told(&err));
	p = crit_output_bytes(json, &n);
	CHECK_BYTES(p, n, want, sizeof(want) - 1);
	crit_close(im);
	crit_output_close(json, NULL);
	crit_output_close(out, NULL);
	crit_entry_free(e);
	crit_free(c);
}

/* Strings grow and shrink; messages and extra come from nothing. */
static void changed(void)
{
	struct crit *c = crit_new(NULL);
	struct crit_entry *e = crit_entry_new(c, "TCP_STREAM", true, NULL);
	struct crit_entry *msg = crit_entry_new(c, "IPCNS_MSG", true, NULL);
	const char *p;
	size_t n;
	uint64_t v;

	CHECK(crit_set_string(e, "extra.inq", "first", NULL));
	CHECK(crit_set_string(e, "extra.outq", "second", NULL));
	CHECK(crit_set_string(e, "extra.inq", "longer than first", NULL));
	CHECK(crit_get_bytes(e, "extra.inq", &p, &n, NULL) == 1 && n == 17);
	CHECK_TEXT(p, "longer than first");
	CHECK(crit_set_bytes(e, "extra.outq", "", 0, NULL));
	CHECK(crit_get_bytes(e, "extra.outq", &p, &n, NULL) == 1 && !n && !*p);
	CHECK(!crit_set_number(e, "extra", 1, NULL));
	CHECK(crit_remove(e, "extra", NULL));
	CHECK(crit_has(e, "extra.inq", NULL) == 0);
	CHECK(crit_set_number(msg, "extra[0].mtype", 3, NULL));
	CHECK(crit_set_string(msg, "extra[1]", "text", NULL));
	CHECK(!crit_set_string(msg, "extra[2]", "text", NULL));
	CHECK(!crit_set_number(msg, "extra[1].mtype", 3, NULL));
	CHECK(crit_count(msg, "extra", NULL) == 2);
	CHECK(crit_get_number(msg, "extra[0].mtype", &v, NULL) == 1 && v == 3);
	CHECK(crit_set_message(msg, "desc", NULL));
	CHECK(crit_has(msg, "desc", NULL) == 1);
	CHECK(!crit_set_message(msg, "qnum", NULL));
	crit_entry_free(e);
	crit_entry_free(msg);
	crit_free(c);
}

/* Events that make no sense leave an error, and no output. */
static void bad_events(void)
{
	static const struct crit_event cases[][3] = {
		{ { .kind = CRIT_NUMBER, .field = "pid" } },
		{ { .kind = CRIT_ENTRY_END } },
		{ { .kind = CRIT_ENTRY }, { .kind = CRIT_ENTRY } },
		{ { .kind = CRIT_ENTRY }, { .kind = CRIT_MESSAGE_END } },
		{ { .kind = CRIT_ENTRY }, { .kind = CRIT_LIST, .field = "pid" } },
		{ { .kind = CRIT_ENTRY }, { .kind = CRIT_NUMBER, .number = 99 } },
		{ { .kind = CRIT_ENTRY }, { .kind = CRIT_NUMBER } },
		{ { .kind = CRIT_ENTRY }, { .kind = CRIT_BYTES, .field = "pid",
					    .bytes = "", .last = true } },
	};
	struct crit *c = crit_new(NULL);

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct crit_output *out = crit_output_memory(c, NULL);
		struct crit_writer *w = crit_write(c, out, "PSTREE", NULL);
		struct crit_error err;
		bool ok = true;
		char name[32];

		snprintf(name, sizeof(name), "case %zu", i);
		test_case = name;
		for (int j = 0; j < 3 && cases[i][j].kind; j++)
			ok = crit_put_event(w, &cases[i][j], &err);
		CHECK(!ok && err.code == CRIT_EUSAGE);
		CHECK(!crit_write_end(w, &err));
		CHECK(!crit_output_close(out, &err));
	}
	crit_free(c);
}

/* Paths and events that nobody would write. */

static bool any_event(void *ctx, const struct crit_event *ev)
{
	(void)ctx;
	return ev->kind != 0;
}

static void random_path(char *p, const char *const *words, size_t n)
{
	*p = 0;
	for (int i = (int)(test_random() % 7); i >= 0; i--)
		strcat(p, words[test_random() % n]);
}

static void random_paths(void)
{
	static const char *const words[] = {
		"extra", "[", "]", ".", "0", "1", "7", "[0]", "[1]", "[]",
		".desc", "qbytes", "desc.", ".key", "mtype", ".msize", "",
		"99999999999999999999", "extra[0].", "x",
	};
	struct crit *c = crit_new(NULL);
	struct crit_entry *e = crit_entry_new(c, "IPCNS_MSG", true, NULL);
	char path[200];
	const char *p;
	uint64_t v;

	for (int i = 0; i < 50000; i++) {
		random_path(path, words, sizeof(words) / sizeof(*words));
		switch (test_random() % 6) {
		case 0:
			crit_set_number(e, path, test_random() % 3, NULL);
			break;
		case 1:
			crit_set_string(e, path, "abc", NULL);
			break;
		case 2:
			if (test_random() % 8 == 0)
				crit_remove(e, path, NULL);
			break;
		case 3:
			crit_get_number(e, path, &v, NULL);
			crit_get_bytes(e, path, &p, NULL, NULL);
			crit_count(e, path, NULL);
			break;
		case 4:
			crit_set_message(e, path, NULL);
			break;
		default:
			crit_find(e, path, any_event, NULL, NULL);
		}
	}
	CHECK(crit_has(e, "extra", NULL) >= 0);
	crit_entry_free(e);
	crit_free(c);
}

static void random_events(void)
{
	static const char *const images[] = {
		"TCP_STREAM", "IPCNS_MSG", "IPCNS_SEM", "GHOST_FILE", "MM",
		"PIPES_DATA", "INETSK", "IPCNS_SHM",
	};
	static const char *const names[] = { "extra", "inq", "outq", NULL };
	struct crit *c = crit_new(NULL);
	uint64_t done = 0;

	for (int i = 0; i < 20000; i++) {
		struct crit_output *out = crit_output_memory(c, NULL);
		struct crit_writer *w = crit_write(c, out, images[i % 8], NULL);
		bool ok = true;

		crit_write_partial(w, true);
		for (int j = 0; ok && j < 30; j++) {
			struct crit_event ev = {
				.kind = (enum crit_event_kind)
					(j ? 1 + test_random() % 10 : 1),
				.number = (uint32_t)(test_random() % 16),
				.field = names[test_random() % 4],
				.value = test_random() % 3, .bytes = "\x08\x01",
				.size = test_random() % 2 * 2,
				.last = test_random() % 4,
			};

			ok = crit_put_event(w, &ev, NULL);
			done += ok;
		}
		crit_write_end(w, NULL);
		crit_output_close(out, NULL);
	}
	CHECK(done > 20000);
	crit_free(c);
}

/* Memory. */

struct counter {
	size_t blocks, allowed, asked;
};

static void *count_alloc(void *ctx, size_t n)
{
	struct counter *k = ctx;
	void *p = ++k->asked > k->allowed ? NULL : malloc(n);

	k->blocks += p != NULL;
	return p;
}

static void count_free(void *ctx, void *p)
{
	struct counter *k = ctx;

	k->blocks--;
	free(p);
}

static bool any_task(void *ctx, const struct crit_task *t)
{
	(void)ctx;
	return t->comm != NULL;
}

static bool any_mapping(void *ctx, const struct crit_mapping *m)
{
	(void)ctx;
	return m->what != NULL;
}

static bool any_descriptor(void *ctx, const struct crit_descriptor *d)
{
	(void)ctx;
	return d->path != NULL;
}

static bool any_match(void *ctx, const struct crit_match *m)
{
	(void)ctx;
	return m->bytes != NULL;
}

/* Some of everything, until there is no memory. */
static void much(struct crit *c)
{
	struct bytes b = slurp("test/images/ct/ipcns-msg-11.img");
	struct crit_image *im = crit_open_memory(c, b.p, b.n, "x", NULL);
	struct crit_output *out = crit_output_memory(c, NULL);
	struct crit_output *json = crit_output_memory(c, NULL);
	struct crit_writer *w = im && out ? crit_write_like(im, out, NULL) : NULL;
	struct crit_dir *dir = crit_dir_open(c, "test/images/ct", false, NULL);
	struct crit_memory *m = dir ? crit_memory_open(dir, 1, 0, NULL) : NULL;
	struct crit_entry *e = NULL;
	const void *p;
	size_t n;

	while (w && crit_read(im, &e, NULL) > 0)
		crit_put(w, e, NULL);
	crit_entry_free(e);
	if (w)
		crit_write_end(w, NULL);
	crit_close(im);
	im = crit_open_memory(c, b.p, b.n, "x", NULL);
	if (im && json && crit_decode(im, json, 0, NULL) && out) {
		p = crit_output_bytes(json, &n);
		crit_encode(c, p, n, out, CRIT_NO_END, NULL);
	}
	crit_close(im);
	crit_output_abort(out);
	crit_output_abort(json);
	if (dir) {
		crit_tasks(dir, any_task, NULL, NULL);
		crit_descriptors(dir, 0, any_descriptor, NULL, NULL);
		crit_mappings(dir, 0, any_mapping, NULL, NULL);
	}
	if (m)
		crit_memory_search(m, "root", 4, false, 8, any_match, NULL, NULL);
	crit_memory_close(m);
	crit_dir_close(dir);
	free(b.p);
}

static void allocator(void)
{
	struct counter k = { .allowed = SIZE_MAX };
	struct crit_allocator a = { count_alloc, count_free, &k };
	size_t all;
	struct crit *c = crit_new(&a);

	/* it is copied */
	memset(&a, 0, sizeof(a));
	much(c);
	crit_free(c);
	CHECK_NUMBER(k.blocks, 0);
	all = k.asked;
	CHECK(all > 50);
	/* whichever comes too late, nothing is lost and nothing falls */
	for (size_t i = 0; i < all; i++) {
		k = (struct counter){ .allowed = i };
		a = (struct crit_allocator){ count_alloc, count_free, &k };
		c = crit_new(&a);
		if (c)
			much(c);
		crit_free(c);
		CHECK_NUMBER(k.blocks, 0);
	}
}

/* Threads that share a context, each with objects of its own. */
static void *work(void *c)
{
	for (int i = 0; i < 20; i++)
		much(c);
	return NULL;
}

static void threads(void)
{
	struct crit *c = crit_new(NULL);
	pthread_t t[4];

	for (int i = 0; i < 4; i++)
		CHECK(!pthread_create(&t[i], NULL, work, c));
	for (int i = 0; i < 4; i++)
		CHECK(!pthread_join(t[i], NULL));
	crit_free(c);
}

/* Files. */

static char dir_name[] = "/tmp/crit-api-XXXXXX";

static enum crit_edit set_ppid(void *ctx, struct crit_entry *e, uint64_t index)
{
	const char *how = ctx;
	uint64_t pid = 0;

	CHECK(crit_get_number(e, "pid", &pid, NULL) == 1);
	if (*how == 's' && index == 1)
		return CRIT_STOP;
	if (*how == 'd' && index == 1)
		return CRIT_DROP;
	CHECK(crit_set_number(e, "sid", 77, NULL));
	if (*how == 'm' && index == 1)
		CHECK(crit_remove(e, "pgid", NULL));
	return CRIT_KEEP;
}

static int count_files(void)
{
	DIR *d = opendir(dir_name);
	int n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

static void edited(void)
{
	struct crit *c = crit_new(NULL);
	struct bytes was = slurp("test/images/ct/pstree.img"), now;
	struct crit_error err;
	char path[64];
	FILE *f;

	CHECK(mkdtemp(dir_name));
	snprintf(path, sizeof(path), "%s/pstree.img", dir_name);
	f = fopen(path, "wb");
	fwrite(was.p, 1, was.n, f);
	fclose(f);
	CHECK(crit_edit(c, path, set_ppid, (void *)"stop", &err) || told(&err));
	now = slurp(path);
	CHECK_BYTES(now.p, now.n, was.p, was.n);
	free(now.p);
	CHECK(!crit_edit(c, path, set_ppid, (void *)"missing", &err));
	CHECK_TEXT(err.what, "missing required pgid");
	CHECK_NUMBER(err.entry, 1);
	now = slurp(path);
	CHECK_BYTES(now.p, now.n, was.p, was.n);
	free(now.p);
	CHECK_NUMBER(count_files(), 3);
	CHECK(crit_edit(c, path, set_ppid, (void *)"drop", &err) || told(&err));
	now = slurp(path);
	CHECK(now.n < was.n && now.n > 8);
	CHECK_NUMBER(count_files(), 3);
	free(now.p);
	free(was.p);
	unlink(path);
	rmdir(dir_name);
	crit_free(c);
}

static bool no_room(void *ctx, const void *p, size_t n)
{
	(void)ctx;
	(void)p;
	(void)n;
	errno = ENOSPC;
	return false;
}

static void full(void)
{
	struct crit *c = crit_new(NULL);
	struct crit_output *out = crit_output_function(c, no_room, NULL, NULL);
	struct crit_image *im = crit_open(c, "test/images/ct/pstree.img", NULL);
	static const char json[] = "{\"magic\":\"PSTREE\",\"entries\":[]}";
	struct crit_error err;
	int fd = open("/dev/full", O_WRONLY);

	CHECK(!crit_decode(im, out, 0, &err));
	CHECK(err.code == CRIT_EIO && err.sys == ENOSPC);
	CHECK(!crit_output_close(out, &err) && err.sys == ENOSPC);
	out = crit_output_fd(c, fd, NULL);
	CHECK(!crit_encode(c, json, strlen(json), out, 0, &err) &&
	      err.sys == ENOSPC);
	crit_output_abort(out);
	crit_close(im);
	close(fd);
	crit_free(c);
}

static int open_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

/* A checkpoint to records and back; nothing stays open. */
static void directories(void)
{
	struct crit *c = crit_new(NULL);
	struct crit_dir *dir;
	struct crit_error err;
	struct crit_output *out;
	FILE *f = tmpfile();
	char to[] = "/tmp/crit-api-XXXXXX", path[400];
	struct crit_file file;
	int n = 0, fds = open_fds();

	CHECK(mkdtemp(to));
	dir = crit_dir_open(c, "test/images/ct", false, &err);
	out = crit_output_fd(c, fileno(f), &err);
	CHECK(!crit_decode_dir(dir, out, CRIT_JSON, &err));
	CHECK(crit_decode_dir(dir, out, CRIT_PRETTY, &err) || told(&err));
	CHECK(crit_output_close(out, &err));
	crit_dir_close(dir);
	rewind(f);
	CHECK(crit_encode_dir(c, fileno(f), to, 0, &err) || told(&err));
	/* where the trailer is cut off, nothing is put in place */
	rewind(f);
	CHECK(!ftruncate(fileno(f), lseek(fileno(f), 0, SEEK_END) - 60));
	rewind(f);
	CHECK(!crit_encode_dir(c, fileno(f), "/tmp/crit-api-none", 0, &err));
	CHECK(access("/tmp/crit-api-none", F_OK));
	dir = crit_dir_open(c, to, false, &err);
	while (crit_dir_next(dir, &file)) {
		struct bytes was, now;

		n++;
		snprintf(path, sizeof(path), "test/images/ct/%s", file.name);
		was = slurp(path);
		snprintf(path, sizeof(path), "%s/%s", to, file.name);
		now = slurp(path);
		CHECK_BYTES(now.p, now.n, was.p, was.n);
		free(was.p);
		free(now.p);
		unlink(path);
	}
	CHECK(n > 20);
	crit_dir_close(dir);
	CHECK(!rmdir(to));
	CHECK_NUMBER(open_fds(), fds);
	fclose(f);
	crit_free(c);
}

static void informed(void)
{
	struct crit *c = crit_new(NULL);
	struct bytes b = slurp("test/images/ct/ipcns-msg-11.img");
	struct crit_image *im = crit_open_memory(c, b.p, b.n, NULL, NULL);
	struct crit_info info;
	int p[2];

	CHECK(crit_info(im, &info, NULL));
	CHECK(info.entries && info.extra_bytes);
	CHECK_NUMBER(8 + 4 * info.entries + info.payload_bytes +
		     info.extra_bytes, b.n);
	CHECK_TEXT(crit_magic(im), "IPCNS_MSG");
	CHECK(!crit_name(im));
	crit_close(im);
	/* a pipe */
	CHECK(!pipe(p) && write(p[1], b.p, b.n) == (ssize_t)b.n && !close(p[1]));
	im = crit_open_fd(c, p[0], "piped", NULL);
	CHECK(crit_info(im, &info, NULL) && info.entries);
	CHECK_TEXT(crit_name(im), "piped");
	crit_close(im);
	CHECK(!close(p[0]));
	free(b.p);
	crit_free(c);
}

/* Messages of a newer CRIU. */
static void schema(void)
{
	/* newer.proto: message pstree_entry { required uint32 pid = 1;
	 * optional string color = 9; } */
	static const char set[] =
		"\x0a\x39\x0a\x0bnewer.proto\x22\x2a\x0a\x0cpstree_entry"
		"\x12\x0b\x0a\x03pid\x18\x01\x20\x02\x28\x0d"
		"\x12\x0d\x0a\x05" "color\x18\x09\x20\x01\x28\x09";
	struct crit *c = crit_new(NULL);
	struct crit_entry *e;
	struct crit_error err;

	CHECK(!crit_set_schema(c, "nonsense", 8, &err));
	CHECK(crit_set_schema(c, set, sizeof(set) - 1, &err) || told(&err));
	CHECK(!crit_set_schema(c, set, sizeof(set) - 1, &err));
	e = crit_entry_new(c, "PSTREE", true, &err);
	CHECK(e && crit_set_string(e, "color", "green", &err));
	CHECK(e && !crit_set_number(e, "ppid", 1, &err));
	crit_entry_free(e);
	crit_free(c);
}

/* Explorers, over real checkpoints. */

struct seen {
	int n, bytes;
	uint32_t pid;
	char first[64];
};

static bool see_task(void *ctx, const struct crit_task *t)
{
	struct seen *s = ctx;

	if (!s->n++)
		snprintf(s->first, sizeof(s->first), "%s", t->comm);
	CHECK((t->depth == 0) == (s->n == 1));
	CHECK(t->n_threads >= 1 && t->threads[0] == t->pid);
	return true;
}

static bool see_mapping(void *ctx, const struct crit_mapping *m)
{
	struct seen *s = ctx;

	s->n++;
	CHECK(m->pid == s->pid && m->start < m->end);
	s->bytes += !strcmp(m->what, "[stack]");
	return true;
}

static bool see_descriptor(void *ctx, const struct crit_descriptor *d)
{
	struct seen *s = ctx;

	s->n++;
	s->bytes += d->at != NULL;
	return true;
}

/* As one object a terminal: {"info":{"id":0,"type":"PTY",...}}. */
static bool see_notes(void *ctx, const struct crit_descriptor *d)
{
	struct seen *s = ctx;
	bool tty = !strcmp(d->type, "TTY");

	s->n += d->notes != NULL;
	s->bytes += tty;
	CHECK(!tty == !d->notes);
	if (tty && d->notes)
		CHECK(!strncmp(d->notes, "{\"info\":{\"id\":", 14) &&
		      !strcmp(strchr(d->notes, 0) - 2, "}}"));
	return true;
}

static bool see_pages(void *ctx, const struct crit_pages *p)
{
	struct seen *s = ctx;

	s->n++;
	CHECK(p->pages);
	return true;
}

static bool see_socket(void *ctx, const struct crit_socket *k)
{
	struct seen *s = ctx;

	s->n++;
	CHECK(*k->kind && k->family);
	return true;
}

static void explored(void)
{
	struct crit *c = crit_new(NULL);
	struct crit_dir *dir = crit_dir_open(c, "test/images/ct", false, NULL);
	struct seen s = { 0 };
	struct crit_error err;
	struct crit_file f;
	int n = 0;

	while (crit_dir_next(dir, &f))
		n += f.kind == CRIT_FILE_IMAGE;
	CHECK(n > 20);
	CHECK(crit_tasks(dir, see_task, &s, &err) || told(&err));
	CHECK_NUMBER(s.n, 3);
	CHECK(*s.first);
	s = (struct seen){ .pid = 22 };
	CHECK(crit_mappings(dir, 22, see_mapping, &s, &err) || told(&err));
	CHECK(s.n > 5 && s.bytes == 1);
	s = (struct seen){ 0 };
	CHECK(crit_descriptors(dir, 0, see_descriptor, &s, &err) || told(&err));
	CHECK(s.n > 6 && s.bytes == 6);
	s = (struct seen){ 0 };
	CHECK(crit_resident(dir, 1, see_pages, &s, &err) || told(&err));
	CHECK(s.n > 2);
	CHECK(!crit_mappings(dir, 999, see_mapping, &s, &err));
	CHECK_TEXT(err.what, "no task 999");
	CHECK(!crit_descriptors(dir, 999, see_descriptor, &s, &err));
	CHECK_TEXT(err.what, "no task 999");
	CHECK(!crit_memory_open(dir, 999, 0, &err));
	crit_dir_close(dir);
	dir = crit_dir_open(c, "test/images/tty", false, &err);
	s = (struct seen){ 0 };
	CHECK(dir && (crit_descriptors(dir, 0, see_notes, &s, &err) ||
		      told(&err)));
	CHECK(s.bytes > 3 && s.n == s.bytes);
	crit_dir_close(dir);
	dir = crit_dir_open(c, "test/images/sock", false, &err);
	s = (struct seen){ 0 };
	CHECK(dir && (crit_sockets(dir, 0, see_socket, &s, &err) || told(&err)));
	CHECK(s.n > 0);
	crit_dir_close(dir);
	CHECK(!crit_dir_open(c, "/nonexistent", false, &err));
	crit_free(c);
}

static void statistics(void)
{
	struct crit *c = crit_new(NULL);
	struct crit_dir *dir = crit_dir_open(c, "test/images/bpf", false, NULL);
	struct crit_dump_stats d;
	struct crit_restore_stats r;
	struct crit_error err;

	CHECK(crit_dump_statistics(dir, &d, &err) || told(&err));
	CHECK(d.frozen_time && d.pages_scanned);
	CHECK(crit_restore_statistics(dir, &r, &err) || told(&err));
	CHECK(r.restore_time);
	crit_dir_close(dir);
	dir = crit_dir_open(c, "test/images/cpuinfo", false, NULL);
	CHECK(!crit_dump_statistics(dir, &d, &err) && err.code == CRIT_EIO);
	crit_dir_close(dir);
	crit_free(c);
}

/* A checkpoint of one task, 7, made by the library: one page at 0x10000. */

static char task_dir[] = "/tmp/crit-api-XXXXXX";

static void put_image(struct crit *c, const char *name, const char *json)
{
	struct crit_error err;
	struct crit_output *out;
	char path[64];

	snprintf(path, sizeof(path), "%s/%s", task_dir, name);
	out = crit_output_path(c, path, &err);
	CHECK(out || told(&err));
	CHECK(crit_encode(c, json, strlen(json), out, 0, &err) || told(&err));
	CHECK(crit_output_close(out, &err) || told(&err));
}

static void make_task(struct crit *c)
{
	static const char strings[] = "prog\0-x\0" "HOME=/root\0A=\0" "last";
	char page[4096] = { 0 }, path[64];
	FILE *f;

	CHECK(mkdtemp(task_dir));
	put_image(c, "mm-7.img", "{\"magic\":\"MM\",\"entries\":[{"
		  "\"mm_start_code\":0,\"mm_end_code\":0,\"mm_start_data\":0,"
		  "\"mm_end_data\":0,\"mm_start_stack\":0,\"mm_start_brk\":0,"
		  "\"mm_brk\":0,\"mm_arg_start\":65536,\"mm_arg_end\":65544,"
		  "\"mm_env_start\":65544,\"mm_env_end\":65562,"
		  "\"exe_file_id\":1,\"mm_saved_auxv\":[6,4096,25,65536,0,0],"
		  "\"vmas\":[{\"start\":65536,\"end\":73728,\"pgoff\":0,"
		  "\"shmid\":0,\"prot\":3,\"flags\":34,\"status\":513,"
		  "\"fd\":-1},{\"start\":81920,\"end\":86016,\"pgoff\":0,"
		  "\"shmid\":0,\"prot\":3,\"flags\":1,\"status\":513,"
		  "\"fd\":-1}]}]}");
	put_image(c, "pagemap-7.img", "{\"magic\":\"PAGEMAP\",\"entries\":[{"
		  "\"pages_id\":1},{\"vaddr\":65536,\"compat_nr_pages\":0,"
		  "\"flags\":4,\"nr_pages\":1}]}");
	memcpy(page, strings, sizeof(strings));
	memcpy(page + 4000, "needle and needle", 17);
	snprintf(path, sizeof(path), "%s/pages-1.img", task_dir);
	f = fopen(path, "wb");
	fwrite(page, 1, sizeof(page), f);
	fclose(f);
}

static bool join(void *ctx, const char *s, size_t n)
{
	char *all = ctx;

	CHECK(strlen(s) == n);
	strcat(strcat(all, s), ";");
	return true;
}

static bool count_match(void *ctx, const struct crit_match *m)
{
	struct seen *s = ctx;

	s->bytes += m->before == 3 && m->after == 3;
	CHECK_BYTES(m->bytes, m->size, "needle", 6);
	CHECK_NUMBER(m->address, 65536 + 4000 + 11 * s->n);
	return ++s->n < (int)s->pid;
}

static bool page_size_of(void *ctx, uint64_t type, uint64_t value)
{
	if (type == 6)
		*(uint64_t *)ctx = value;
	return true;
}

static void read_task(struct crit_memory *m)
{
	char all[100] = "", buf[10000];
	struct crit_error err;
	struct crit_run run;
	uint64_t absent, n;

	CHECK(crit_memory_args(m, join, all, &err) || told(&err));
	CHECK_TEXT(all, "prog;-x;");
	*all = 0;
	CHECK(crit_memory_env(m, join, all, &err) || told(&err));
	CHECK_TEXT(all, "HOME=/root;A=;last;");
	CHECK(crit_memory_read(m, 65540, buf, 20, &absent, &err) && !absent);
	CHECK_TEXT(buf + 1, "-x");
	CHECK(crit_memory_read(m, 60000, buf, sizeof(buf), &absent, &err));
	CHECK_NUMBER(absent, sizeof(buf) - 4096);
	CHECK_TEXT(buf + 5536, "prog");
	CHECK(!crit_memory_read(m, UINT64_MAX, buf, 2, &absent, &err));
	CHECK(crit_memory_at(m, 65540, &run, &err) && !run.absent);
	CHECK_NUMBER(run.end, 65536 + 4096);
	CHECK_TEXT(run.file, "pages-1.img");
	CHECK(crit_memory_at(m, run.end, &run, &err) && run.absent);
	CHECK(crit_memory_shared(m, &n, &err) && n == 4096);
	CHECK(crit_memory_auxv(m, page_size_of, &n, &err) && n == 4096);
}

static void search_task(struct crit_memory *m)
{
	struct seen s = { .pid = 9 };
	struct crit_error err;

	CHECK(crit_memory_search(m, "needle", 6, false, 3, count_match, &s,
				 &err) || told(&err));
	CHECK(s.n == 2 && s.bytes == 2);
	s = (struct seen){ .pid = 9 };
	CHECK(crit_memory_search(m, "ne+dle", 6, true, 3, count_match, &s, &err));
	CHECK(s.n == 2);
	s = (struct seen){ .pid = 1 };
	CHECK(crit_memory_search(m, "needle", 6, false, 3, count_match, &s, &err));
	CHECK(s.n == 1);
	CHECK(!crit_memory_search(m, "(", 1, true, 0, count_match, &s, &err) &&
	      err.code == CRIT_EUSAGE);
	CHECK(!crit_memory_search(m, "", 0, false, 0, count_match, &s, &err) &&
	      err.code == CRIT_EUSAGE);
}

static void memory(void)
{
	struct crit *c = crit_new(NULL);
	struct crit_dir *dir;
	struct crit_memory *m;
	struct crit_error err;
	struct crit_file f;
	char path[64];

	make_task(c);
	dir = crit_dir_open(c, task_dir, false, &err);
	CHECK(!crit_memory_open(dir, 7, 1000, &err) && err.code == CRIT_EUSAGE);
	m = crit_memory_open(dir, 7, 0, &err);
	CHECK(m || told(&err));
	if (m) {
		read_task(m);
		search_task(m);
	}
	crit_memory_close(m);
	while (crit_dir_next(dir, &f)) {
		snprintf(path, sizeof(path), "%s/%s", task_dir, f.name);
		CHECK((f.kind == CRIT_FILE_RAW) == !strncmp(f.name, "pages-", 6));
		unlink(path);
	}
	crit_dir_close(dir);
	rmdir(task_dir);
	crit_free(c);
}

int main(void)
{
	const char *root = getenv("CRIT_ROOT");

	if (root && chdir(root))
		return 1;
	RUN(events_make_the_image_again);
	RUN(pushed_events_do);
	RUN(entries_do);
	RUN(json_does);
	RUN(large_entry);
	RUN(got);
	RUN(refused);
	RUN(built);
	RUN(changed);
	RUN(bad_events);
	RUN(random_paths);
	RUN(random_events);
	RUN(allocator);
	RUN(threads);
	RUN(edited);
	RUN(full);
	RUN(directories);
	RUN(informed);
	RUN(schema);
	RUN(explored);
	RUN(statistics);
	RUN(memory);
	return test_end();
}
