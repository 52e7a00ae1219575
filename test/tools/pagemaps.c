// SPDX-License-Identifier: MIT
/*
 * Makes checkpoints of other layouts out of one, for the tests of crit-mem.
 *
 * pagemaps split DIR PARENT SEED : moves some pages of each pagemap of DIR to
 *	the new directory PARENT and links it; pages that stay have an older
 *	version there. Twice makes three levels.
 * pagemaps pack DIR PAGES : stores pages in blocks of so many, as CRIU does:
 *	LZ4 where that saves an eighth, else as they are; no bytes for zeros;
 *	aligned where the first stored block is as it is.
 * pagemaps old DIR flags|in_parent : the fields of v3.5 and v1.0.
 * pagemaps flat DIR NAME : the pages of this pagemap, each at its address, as a
 *	sparse file on standard output.
 * pagemaps make DIR ENTRIES PAGES sparse|mixed : a checkpoint of one task, 1,
 *	with so many pagemap entries of so many pages each, a page apart; the
 *	pages image has holes only, or zeros, text and noise. Arguments "huge"
 *	"task" lie on the last page.
 */
#include "memory/pagemap.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <lz4.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 4096, BLOCKS_MAX = 1 << 20 };

static _Noreturn void die(const char *what)
{
	perror(what);
	exit(2);
}

static void check(bool ok, const struct crit_error *err)
{
	char text[1024];

	if (ok && !error_is(err))
		return;
	fprintf(stderr, "pagemaps: %s\n", error_text(err, text, sizeof(text)));
	exit(2);
}

/* A fixed sequence that looks random. */
static uint64_t mix(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

/* Writing a pagemap and its pages. */

struct writer {
	FILE *map;
	int pages;
	uint64_t at;			/* end of the pages image */
	const char *old;		/* "flags", "in_parent" or NULL */
};

struct wire_message {
	uint8_t b[1 << 22];
	size_t n;
};

static struct wire_message entry, blocks, packed;

static void put_varint(struct wire_message *m, uint64_t v)
{
	if (m->n + WIRE_VARINT_MAX > sizeof(m->b))
		die("message too long");
	m->n = (size_t)(wire_put_varint(m->b + m->n, v) - m->b);
}

static void put_number(struct wire_message *m, uint32_t field, uint64_t v)
{
	put_varint(m, field << 3);
	put_varint(m, v);
}

static void put_message(struct wire_message *m, uint32_t field,
			const struct wire_message *inner)
{
	put_varint(m, field << 3 | WIRE_LEN);
	put_varint(m, inner->n);
	if (m->n + inner->n > sizeof(m->b))
		die("message too long");
	memcpy(m->b + m->n, inner->b, inner->n);
	m->n += inner->n;
}

static void put32(FILE *f, uint32_t v)
{
	uint8_t b[4];

	wire_put32(b, v);
	fwrite(b, 1, 4, f);
}

static void put_entry(FILE *f, const struct wire_message *m)
{
	put32(f, (uint32_t)m->n);
	fwrite(m->b, 1, m->n, f);
}

static FILE *create(int dir, const char *name)
{
	int fd;

	unlinkat(dir, name, 0);
	fd = openat(dir, name, O_RDWR | O_CREAT | O_TRUNC, 0666);
	if (fd < 0)
		die(name);
	return fdopen(fd, "w");
}

static FILE *create_image(int dir, const char *name, uint32_t magic)
{
	FILE *f = create(dir, name);

	put32(f, MAGIC_COMMON);
	put32(f, magic);
	return f;
}

static void writer_open(struct writer *w, int dir, const char *name, uint64_t id)
{
	char pages[64];

	w->map = create_image(dir, name, 0x56084025);
	entry.n = 0;
	put_number(&entry, 1, id);
	put_entry(w->map, &entry);
	snprintf(pages, sizeof(pages), "pages-%" PRIu64 ".img", id);
	unlinkat(dir, pages, 0);
	w->pages = openat(dir, pages, O_RDWR | O_CREAT | O_TRUNC, 0666);
	if (w->pages < 0)
		die(pages);
	w->at = 0;
}

static void writer_close(struct writer *w)
{
	if (fclose(w->map) || ftruncate(w->pages, (off_t)w->at) ||
	    close(w->pages))
		die("write");
}

static void put_head(struct writer *w, uint64_t addr, uint64_t n, uint64_t flags)
{
	entry.n = 0;
	put_number(&entry, 1, addr);
	put_number(&entry, 2, w->old ? n : 0);
	if (w->old && !strcmp(w->old, "in_parent")) {
		if (flags & PAGEMAP_PARENT)
			put_number(&entry, 3, 1);
		return;
	}
	put_number(&entry, 4, flags);
	if (!w->old)
		put_number(&entry, 5, n);
}

static void put_plain(struct writer *w, uint64_t addr, const uint8_t *p,
		      uint64_t n, uint64_t flags)
{
	put_head(w, addr, n, flags);
	put_entry(w->map, &entry);
	if (!p)
		return;
	if (!pwrite_all(w->pages, p, n * PAGE, w->at))
		die("write");
	w->at += n * PAGE;
}

static bool all_zero(const uint8_t *p, size_t n)
{
	return !*p && !memcmp(p, p + 1, n - 1);
}

/* One block, packed or not, behind those before: its size. */
static uint32_t put_block(const uint8_t *p, size_t n, uint8_t *to)
{
	int size;

	if (all_zero(p, n))
		return 0;
	size = LZ4_compress_default((const char *)p, (char *)to, (int)n,
				    LZ4_compressBound((int)n));
	if (size > 0 && (size_t)size <= n - n / 8)
		return (uint32_t)size;
	memcpy(to, p, n);
	return (uint32_t)n;
}

static void put_packed(struct writer *w, uint64_t addr, const uint8_t *p,
		       uint64_t n, uint64_t flags, uint64_t per)
{
	uint8_t *to = malloc(n * PAGE + n * PAGE / 128 + (per + 64) * PAGE);
	uint64_t total = 0, left;
	bool all_raw = true, first = true;

	packed.n = 0;
	for (uint64_t i = 0; i < n; i += per) {
		size_t size = (size_t)(n - i < per ? n - i : per) * PAGE;
		uint32_t k = put_block(p + i * PAGE, size, to + total);

		put_varint(&packed, k);
		if (k && first && k == size)
			flags |= PAGEMAP_ALIGNED;
		first &= !k;
		all_raw &= k == size;
		total += k;
	}
	left = -w->at & (PAGE - 1);
	if (flags & PAGEMAP_ALIGNED)
		w->at += left;
	put_head(w, addr, n, flags);
	if (!all_raw) {
		blocks.n = 0;
		put_message(&blocks, 1, &packed);
		put_number(&blocks, 2, total);
		put_number(&blocks, 3, per);
		put_message(&entry, 6, &blocks);
	}
	put_entry(w->map, &entry);
	if (total && !pwrite_all(w->pages, to, total, w->at))
		die("write");
	w->at += total;
	free(to);
}

/* Reading the pagemap that is there: its plain entries. */

struct reader {
	struct store dir;
	struct pagemap map;
	int pages;
	struct crit_error err;
};

static void reader_open(struct reader *r, int dir, const char *name)
{
	char pages[64], path[64];
	bool absent;

	memset(r, 0, sizeof(*r));
	error_clear(&r->err);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", dir);
	check(store_open(&r->dir, path, &crit_schema, false, &r->err),
	      &r->err);
	check(pagemap_open(&r->map, &r->dir, name, PAGE, &absent, &r->err),
	      &r->err);
	snprintf(pages, sizeof(pages), "pages-%" PRIu64 ".img", r->map.pages_id);
	r->pages = openat(dir, pages, O_RDONLY);
}

static void reader_close(struct reader *r)
{
	check(true, &r->err);
	pagemap_close(&r->map);
	store_close(&r->dir);
	if (r->pages >= 0)
		close(r->pages);
}

static bool next(struct reader *r)
{
	return pagemap_next(&r->map) > 0;
}

/* The bytes of an entry; NULL where it has none. */
static uint8_t *payload(struct reader *r)
{
	const struct pagemap_entry *e = &r->map.entry;
	uint8_t *p;

	if (!(e->flags & PAGEMAP_PRESENT))
		return NULL;
	p = malloc(e->size + 1);
	if (!p || pread(r->pages, p, e->size, (off_t)e->at) != (ssize_t)e->size)
		die("pages");
	return p;
}

/* split: page by page. */

static void split_page(struct writer *top, struct writer *below, uint64_t addr,
		       const uint8_t *p, uint64_t flags, uint64_t seed)
{
	uint8_t other[PAGE];

	switch (mix(addr ^ seed) % 4) {
	case 0:			/* here only */
		put_plain(top, addr, p, 1, flags);
		break;
	case 1:			/* here, and an older version below */
		put_plain(top, addr, p, 1, flags);
		for (size_t i = 0; i < PAGE; i++)
			other[i] = (uint8_t)~p[i];
		put_plain(below, addr, other, 1, PAGEMAP_PRESENT);
		break;
	default:
		put_plain(top, addr, NULL, 1, PAGEMAP_PARENT);
		put_plain(below, addr, p, 1, PAGEMAP_PRESENT);
	}
}

/* Pages in a parent stay there, one level further down. */
static void split_entry(struct reader *r, struct writer *top,
			struct writer *below, uint64_t seed)
{
	const struct pagemap_entry *e = &r->map.entry;
	uint64_t n = (e->end - e->start) / PAGE;
	uint8_t *p = payload(r);

	if (!p) {
		put_plain(top, e->start, NULL, n, e->flags);
		if (e->flags & PAGEMAP_PARENT)
			put_plain(below, e->start, NULL, n, e->flags);
	}
	for (uint64_t i = 0; p && i < n; i++)
		split_page(top, below, e->start + i * PAGE, p + i * PAGE,
			   e->flags, seed);
	free(p);
}

static const char *argument[3];		/* of the command */
static int other_dir = -1;

static void split(int dir, const char *name)
{
	struct writer top = { 0 }, below = { 0 };
	struct reader r;

	reader_open(&r, dir, name);
	writer_open(&top, dir, name, r.map.pages_id);
	writer_open(&below, other_dir, name, r.map.pages_id);
	while (next(&r))
		split_entry(&r, &top, &below, strtoull(argument[2], NULL, 0));
	writer_close(&top);
	writer_close(&below);
	reader_close(&r);
}

static void pack(int dir, const char *name)
{
	uint64_t per = strtoull(argument[1], NULL, 0);
	struct writer w = { 0 };
	struct reader r;

	reader_open(&r, dir, name);
	writer_open(&w, dir, name, r.map.pages_id);
	while (next(&r)) {
		const struct pagemap_entry *e = &r.map.entry;
		uint64_t n = (e->end - e->start) / PAGE;
		uint8_t *p = payload(&r);

		if (p)
			put_packed(&w, e->start, p, n, e->flags, per);
		else
			put_plain(&w, e->start, NULL, n, e->flags);
		free(p);
	}
	writer_close(&w);
	reader_close(&r);
}

static void old(int dir, const char *name)
{
	struct writer w = { .old = argument[1] };
	struct reader r;

	reader_open(&r, dir, name);
	writer_open(&w, dir, name, r.map.pages_id);
	while (next(&r)) {
		const struct pagemap_entry *e = &r.map.entry;
		uint8_t *p = payload(&r);

		put_plain(&w, e->start, p, (e->end - e->start) / PAGE, e->flags);
		free(p);
	}
	writer_close(&w);
	reader_close(&r);
}

static void flat(int dir, const char *name)
{
	struct reader r;

	reader_open(&r, dir, name);
	while (next(&r)) {
		const struct pagemap_entry *e = &r.map.entry;
		uint8_t *p = payload(&r);

		if (p && !pwrite_all(STDOUT_FILENO, p, e->size, e->start))
			die("write");
		free(p);
	}
	reader_close(&r);
}

static void each_pagemap(const char *path, void (*f)(int, const char *))
{
	DIR *d = opendir(path);
	char names[4096][64];
	struct dirent *e;
	size_t n = 0;

	if (!d)
		die(path);
	while ((e = readdir(d)))
		if (!strncmp(e->d_name, "pagemap-", 8) && n < 4096)
			snprintf(names[n++], 64, "%.63s", e->d_name);
	while (n)
		f(dirfd(d), names[--n]);
	closedir(d);
}

static void do_split(const char *dir)
{
	char link[4096];
	int fd = open(dir, O_RDONLY | O_DIRECTORY);

	if (mkdir(argument[1], 0777))
		die(argument[1]);
	other_dir = open(argument[1], O_RDONLY | O_DIRECTORY);
	each_pagemap(dir, split);
	/* what was the parent is now the parent's */
	if (readlinkat(fd, "parent", link, sizeof(link)) > 0 &&
	    renameat(fd, "parent", other_dir, "parent"))
		die("parent");
	if (!realpath(argument[1], link) || symlinkat(link, fd, "parent"))
		die("parent");
}

/* make */

static void make_mm(int dir, uint64_t entries, uint64_t pages)
{
	FILE *f = create_image(dir, "mm-1.img", 0x57492820);
	uint64_t start = 1 << 20, end = start + entries * (pages + 1) * PAGE;
	uint64_t args = end - 2 * PAGE;

	/* private, anonymous, rw */
	const uint64_t vma[] = { start, end, 0, 0, 3, 0x22, 0x201, 1 };

	blocks.n = 0;
	for (uint32_t i = 0; i < 8; i++)
		put_number(&blocks, i + 1, vma[i]);
	entry.n = 0;
	for (uint32_t i = 1; i <= 7; i++)
		put_number(&entry, i, 0);
	put_number(&entry, 8, args);
	put_number(&entry, 9, args + 10);
	put_number(&entry, 10, args + 10);
	put_number(&entry, 11, args + 10);
	put_number(&entry, 12, 0);
	put_message(&entry, 14, &blocks);
	put_entry(f, &entry);
	fclose(f);
}

static void make_pstree(int dir)
{
	FILE *f = create_image(dir, "pstree.img", 0x50273030);

	entry.n = 0;
	put_number(&entry, 1, 1);
	put_number(&entry, 2, 0);
	put_number(&entry, 3, 1);
	put_number(&entry, 4, 1);
	put_entry(f, &entry);
	fclose(f);
}

/* Page n: zeros, text, noise or half of it, two hundred pages each. */
static void fill(uint8_t *p, uint64_t n)
{
	unsigned what = n / 200 % 4;

	memset(p, 0, PAGE);
	for (size_t k = 0; what && k < PAGE; k += 8) {
		uint64_t v = mix(n * PAGE + k);

		if (what == 1)
			snprintf((char *)p + k, 8, "%07" PRIx64, v % 5000);
		else if (what == 2 || k < PAGE / 2)
			memcpy(p + k, &v, 8);
	}
}

static void make(const char *path)
{
	uint64_t entries = strtoull(argument[1], NULL, 0);
	uint64_t pages = strtoull(argument[2], NULL, 0), n = 0;
	bool mixed = !strcmp(argument[0], "mixed");
	uint8_t *p = malloc(pages * PAGE);
	struct writer w = { 0 };
	int dir;

	if (mkdir(path, 0777) || (dir = open(path, O_RDONLY | O_DIRECTORY)) < 0)
		die(path);
	make_pstree(dir);
	make_mm(dir, entries, pages);
	writer_open(&w, dir, "pagemap-1.img", 1);
	for (uint64_t i = 0; i < entries; i++) {
		uint64_t addr = (1 << 20) + i * (pages + 1) * PAGE;

		for (uint64_t k = 0; mixed && k < pages; k++, n++)
			fill(p + k * PAGE, n);
		put_plain(&w, addr, mixed ? p : NULL, pages, PAGEMAP_PRESENT);
		if (!mixed)
			w.at += pages * PAGE;
	}
	pwrite_all(w.pages, "huge\0task", 10, w.at - PAGE);
	writer_close(&w);
	free(p);
}

int main(int argc, char **argv)
{
	const char *what = argc > 3 ? argv[1] : "";

	for (int i = 3; i < argc && i < 6; i++)
		argument[i - 2 > 2 ? 0 : i - 2] = argv[i];
	if (!strcmp(what, "split") && argc == 5)
		do_split(argv[2]);
	else if (!strcmp(what, "pack") && argc == 4)
		each_pagemap(argv[2], pack);
	else if (!strcmp(what, "old") && argc == 4)
		each_pagemap(argv[2], old);
	else if (!strcmp(what, "flat") && argc == 4)
		flat(open(argv[2], O_RDONLY | O_DIRECTORY), argv[3]);
	else if (!strcmp(what, "make") && argc == 6)
		make(argv[2]);
	else
		return fprintf(stderr, "usage: see test/tools/pagemaps.c\n"), 2;
	return 0;
}
