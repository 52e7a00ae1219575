// SPDX-License-Identifier: MIT
/*
 * Pagemaps, pages and mappings of real checkpoints: entries up to where an image
 * is cut, bytes from each place on, the mapping of each address.
 */
#include "checkpoint/mappings.h"
#include "memory/pages.h"
#include "test.h"

#include <fcntl.h>
#include <unistd.h>

enum { PAGE = 4096, RUNS_MAX = 4096 };

static struct crit_error err;

static bool open_store(struct store *s, const char *path)
{
	error_clear(&err);
	return CHECK(store_open(s, path, &crit_schema, false, &err)) &&
	       CHECK(store_list(s, path, &err));
}

/* Calls f for each image of the store whose name begins so. */
static void each(const struct store *s, const char *prefix,
		 void (*f)(const struct store *, const char *name))
{
	size_t n = strlen(prefix), found = 0;

	for (size_t i = 0; i < s->n; i++)
		if (!strncmp(s->files[i].name, prefix, n)) {
			test_case = s->files[i].name;
			f(s, s->files[i].name);
			found++;
		}
	CHECK(found);
	test_case = "";
}

/* Entries of a pagemap; -1: they end in an error. */
static int entries(const struct store *s, const char *name,
		   struct pagemap_entry *to)
{
	struct pagemap p;
	bool absent;
	int n = 0, r;

	error_clear(&err);
	if (!pagemap_open(&p, s, name, PAGE, &absent, &err)) {
		pagemap_close(&p);
		return -1;
	}
	while ((r = pagemap_next(&p)) > 0 && n < RUNS_MAX)
		to[n++] = p.entry;
	if (r >= 0) {
		CHECK(pagemap_rewind(&p));
		CHECK(!n || pagemap_next(&p) > 0);
		CHECK(!n || p.entry.start == to[0].start);
	}
	pagemap_close(&p);
	return r < 0 ? -1 : n;
}

static char place[] = "/tmp/memory.XXXXXX";

static void write_file(const char *name, const uint8_t *p, size_t n)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", place, name);
	f = fopen(path, "w");
	if (!CHECK(f))
		return;
	CHECK_NUMBER(fwrite(p, 1, n, f), n);
	fclose(f);
}

/* Cut anywhere, it is an error, or it ends between two entries. */
static void cut_pagemap(const struct store *s, const char *name)
{
	static struct pagemap_entry whole[RUNS_MAX], part[RUNS_MAX];
	static uint8_t image[1 << 16];
	int n = entries(s, name, whole), ends = 0;
	struct store cut;
	struct blob b;
	size_t size;

	CHECK(n > 0);
	CHECK(store_blob(s, name, &b, &err));
	size = blob_read(&b, 0, image, sizeof(image), &err);
	blob_close(&b);
	for (size_t end = 0; end <= size; end += test_stride()) {
		int k;

		write_file("pagemap-1.img", image, end);
		error_clear(&err);
		if (!CHECK(store_open(&cut, place, &crit_schema, false, &err)))
			break;
		k = entries(&cut, "pagemap-1.img", part);
		store_close(&cut);
		CHECK(k <= n);
		for (int i = 0; i < k; i++)
			CHECK(part[i].start == whole[i].start &&
			      part[i].end == whole[i].end &&
			      part[i].flags == whole[i].flags);
		ends += k >= 0;
	}
	/* after the magic, the head, and each entry */
	CHECK(test_stride() > 1 || ends == n + 2);
}

static void pagemaps(void)
{
	struct store s;

	CHECK(mkdtemp(place));
	if (open_store(&s, "test/images/loop"))
		each(&s, "pagemap-", cut_pagemap);
	store_close(&s);
}

static struct pages_pool pool;

/* Bytes of a run from each place on, however many are asked for. */
static void read_run(struct pages *p, const struct run *run)
{
	static uint8_t whole[4 * PAGE], part[4 * PAGE];
	size_t n = run->end - run->start < sizeof(whole) ?
		(size_t)(run->end - run->start) : sizeof(whole);
	struct blob *blob = (struct blob *)run->blob;

	for (size_t at = 0, k; at < n; at += k) {
		k = pages_read(p, run, run->start + at, whole + at, n - at);
		if (!CHECK(k))
			return;
	}
	if (run->kind == RUN_RAW && CHECK(pages_file(run))) {
		CHECK_NUMBER(blob_read(blob, run->at, part, n, &err), n);
		CHECK(!memcmp(whole, part, n));
	}
	for (size_t at = 1; at < n; at = 2 * at + 1)
		for (size_t k = 1; k <= n - at; k = 3 * k + 1) {
			size_t got = pages_read(p, run, run->start + at, part, k);

			CHECK(got && got <= k);
			CHECK(!memcmp(whole + at, part, got));
		}
}

static void read_pages(const struct store *s, const char *name)
{
	static struct pagemap_entry map[RUNS_MAX];
	char base[64];
	struct pages p;
	struct run run;
	int n = entries(s, name, map);

	error_clear(&err);
	snprintf(base, sizeof(base), "%.*s", (int)(strlen(name) - 4), name);
	if (!CHECK(n > 0) || !CHECK(pages_open(&p, s, base, PAGE, &pool, &err)))
		return;
	/* forward, and then back */
	for (int i = 0; i < 2 * n; i++) {
		const struct pagemap_entry *e = &map[i < n ? i : 2 * n - 1 - i];

		CHECK(pages_run(&p, e->start, &run));
		CHECK(run.start == e->start && run.end <= e->end);
		if (run.kind == RUN_RAW || run.kind == RUN_PACKED)
			read_run(&p, &run);
		CHECK(pages_run(&p, e->end - 1, &run));
		CHECK(run.start == e->end - 1);
	}
	pages_close(&p);
}

static void pages(void)
{
	static const char *const dirs[] = {
		"test/images/loop", "test/images/incr/3", "test/images/mem",
	};

	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++) {
		struct store s;

		if (open_store(&s, dirs[i]))
			each(&s, "pagemap-", read_pages);
		store_close(&s);
	}
}

/* Of each address at and around an edge: the first mapping that ends after it. */
static void find_all(const struct store *s, const char *name)
{
	static struct vma all[RUNS_MAX];
	struct mappings m;
	bool absent;
	uint64_t n;

	CHECK(mappings_open(&m, s, (uint32_t)atoi(name + 3), &absent, &err));
	CHECK(!absent);
	n = m.n;
	if (!CHECK(n && n < RUNS_MAX))
		return;
	for (uint64_t i = 0; i < n; i++) {
		const struct vma *a = mappings_get(&m, i);

		if (!CHECK(a))
			return;
		all[i] = *a;
		CHECK(a->start < a->end);
		CHECK(!i || all[i - 1].end <= a->start);
	}
	for (uint64_t i = 0; i < 6 * n; i++) {
		/* back and forth, across windows */
		uint64_t j = i / 6 * 37 % n, want = 0;
		uint64_t addr = (i & 1 ? all[j].start : all[j].end) + i % 3 - 1;

		while (want < n && all[want].end <= addr)
			want++;
		CHECK_NUMBER(mappings_find(&m, addr), want);
	}
	CHECK_NUMBER(mappings_page_size(&m), PAGE);
	mappings_close(&m);
}

static void mappings(void)
{
	static const char *const dirs[] = {
		"test/images/redis", "test/images/tree", "test/images/oldstyle",
	};

	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++) {
		struct store s;

		if (open_store(&s, dirs[i]))
			each(&s, "mm-", find_all);
		store_close(&s);
	}
}

int main(void)
{
	const char *root = getenv("CRIT_ROOT");
	char command[64];

	if (root && chdir(root))
		return 1;
	RUN(pagemaps);
	RUN(pages);
	RUN(mappings);
	snprintf(command, sizeof(command), "rm -rf %s", place);
	CHECK(!system(command));
	return test_end();
}
