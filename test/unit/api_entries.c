// SPDX-License-Identifier: MIT
/*
 * The public API: entries that are read, made and changed by paths.
 */
#include "api.h"

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
		{ "vmas[18446744073709551616].start", "no index of an element" },
		{ "vmas[42949672960].start", "no index of an element" },
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
	CHECK_TEXT(err.what, "required field \"ppid\" is missing");
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

/* Paths that nobody would write. */

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

/* Entries of another image, or of another place in it. */
static void misplaced(void)
{
	static const struct {
		const char *magic, *of;
		bool first, ok;
	} cases[] = {
		{ "UTSNS", "UTSNS", true, true },
		{ "UTSNS", "CREDS", true, false },
		{ "UTSNS", "UTSNS", false, true },
		{ "PAGEMAP", "PAGEMAP", true, true },
		{ "PAGEMAP", "PAGEMAP", false, false },
		{ "PAGEMAP", "UTSNS", true, false },
		/* the same message, and bytes behind it or not */
		{ "PIPES_DATA", "FIFO_DATA", true, false },
	};
	struct crit *c = crit_new(NULL);

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct crit_entry *e = crit_entry_new(c, cases[i].of,
						      cases[i].first, NULL);
		struct crit_output *out = crit_output_memory(c, NULL);
		struct crit_writer *w = crit_write(c, out, cases[i].magic, NULL);
		struct crit_error err;

		test_case = cases[i].of;
		crit_write_partial(w, true);
		CHECK(crit_put(w, e, &err) == cases[i].ok);
		CHECK(cases[i].ok || err.code == CRIT_EUSAGE);
		crit_write_end(w, NULL);
		crit_output_abort(out);
		crit_entry_free(e);
	}
	crit_free(c);
}

int main(void)
{
	api_root();
	RUN(got);
	RUN(refused);
	RUN(built);
	RUN(changed);
	RUN(random_paths);
	RUN(misplaced);
	return test_end();
}
