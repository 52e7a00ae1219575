// SPDX-License-Identifier: MIT
/*
 * The public API: differences, summaries, pictures, copies in place and in shards.
 * What each prints is compared with the programs in test/calls.bats.
 */
#include "api.h"


static const char loop[] = "test/images/loop";

struct got {
	size_t n, stop;
	unsigned sections;
	bool memory;
};

static bool found(void *ctx, const struct crit_difference *d)
{
	static const char *const names[] = {
		"tasks", "files", "mappings", "sockets", "fields", "memory",
	};
	struct got *g = ctx;
	unsigned section = 0;

	while (section < 6 && strcmp(names[section], d->section))
		section++;
	CHECK(section < 6);
	g->sections |= 1u << section;
	CHECK(strlen(d->line) == d->size && d->size > 10);
	CHECK(!strchr(d->line, '\n'));
	CHECK((section == 5) == !d->image);
	CHECK(d->path && d->change <= CRIT_APPEARED);
	g->memory |= section == 5 && d->pid;
	return ++g->n != g->stop;
}

static void differences(void)
{
	static const char *const only[] = { "tasks", "memory" };
	static const char *const color[] = { "color" };
	struct crit *c = crit_new(NULL), *other = crit_new(NULL);
	struct crit_error err = { 0 };
	struct crit_dir *a = crit_dir_open(c, "test/images/incr/1", 0, &err);
	struct crit_dir *b = crit_dir_open(c, "test/images/incr/3", 0, &err);
	struct crit_dir *x = crit_dir_open(other, loop, 0, &err);
	struct crit_diff_how how = { .only = only, .n_only = 2, .pages = true };
	struct got all = { 0 }, some = { 0 }, first = { .stop = 1 };

	if (!CHECK(a && b && x))
		return;
	CHECK(crit_diff(a, b, NULL, found, &all, &err) || told(&err));
	CHECK(all.n > 5 && all.memory);
	CHECK(crit_diff(a, b, &how, found, &some, &err) || told(&err));
	CHECK(some.n > 0 && some.n < all.n && some.memory);
	CHECK(crit_diff(a, b, NULL, found, &first, &err));
	CHECK_NUMBER(first.n, 1);
	CHECK(crit_diff(a, a, NULL, found, &first, &err));
	CHECK_NUMBER(first.n, 1);
	how.only = color;
	how.n_only = 1;
	CHECK(!crit_diff(a, b, &how, found, &all, &err));
	CHECK_TEXT(err.what, "unknown section 'color'");
	/* two contexts that could as well be one */
	CHECK(crit_diff(a, x, NULL, found, &all, &err) || told(&err));
	crit_dir_close(a);
	crit_dir_close(b);
	crit_dir_close(x);
	crit_free(c);
	crit_free(other);
}

static void *get(void *ctx, size_t n)
{
	(void)ctx;
	return malloc(n);
}

static void give_back(void *ctx, void *p)
{
	(void)ctx;
	free(p);
}

static void two_allocators(void)
{
	struct crit_allocator own = { get, give_back, NULL };
	struct crit *c = crit_new(NULL), *other = crit_new(&own);
	struct crit_error err = { 0 };
	struct crit_dir *a = crit_dir_open(c, loop, 0, &err);
	struct crit_dir *b = crit_dir_open(other, loop, 0, &err);
	struct got none = { 0 };

	CHECK(!crit_diff(a, b, NULL, found, &none, &err));
	CHECK(err.code == CRIT_EUSAGE);
	crit_dir_close(a);
	crit_dir_close(b);
	crit_free(c);
	crit_free(other);
}

static bool first_match(void *ctx, const struct crit_match *m)
{
	struct got *g = ctx;

	CHECK(m->before == 4 && m->size == 4);
	g->n += m->address;
	g->sections ^= (unsigned)((const char *)m->bytes)[-1];
	return true;
}

static void matches(void)
{
	struct crit *c = crit_new(NULL);
	struct crit_error err = { 0 };
	struct crit_dir *dir = crit_dir_open(c, loop, 0, &err);
	struct crit_memory *m = crit_memory_open(dir, 4242, 0, &err);
	struct got want = { 0 }, is = { 0 };
	struct crit_iterator *it;
	struct crit_match match;
	int r = -1;

	CHECK(crit_memory_search(m, "loop", 4, false, 4, first_match, &want,
				 &err) || told(&err));
	it = crit_iterate_matches(m, "loop", 4, false, 4, &err);
	crit_memory_close(m);
	while (it && (r = crit_next_match(it, &match, &err)) > 0) {
		CHECK(!memcmp(match.bytes, "loop", 4) && !match.reserved[0]);
		first_match(&is, &match);
	}
	CHECK(!r && want.n);
	CHECK_NUMBER(is.n, want.n);
	CHECK_NUMBER(is.sections, want.sections);
	crit_iterator_free(it);
	crit_dir_close(dir);
	crit_free(c);
}

struct lines {
	char *p;
	size_t n;
};

static bool line(void *ctx, const struct crit_difference *d)
{
	struct lines *l = ctx;

	l->p = realloc(l->p, l->n + d->size + 1);
	memcpy(l->p + l->n, d->line, d->size + 1);
	l->n += d->size + 1;
	return true;
}

static void difference_iterator(void)
{
	struct crit *c = crit_new(NULL);
	struct crit_error err = { 0 };
	struct crit_dir *a = crit_dir_open(c, "test/images/tree", 0, &err);
	struct crit_dir *b = crit_dir_open(c, "test/images/ct", 0, &err);
	struct crit_diff_how how = { .text = true };
	struct crit_iterator *it = crit_iterate_differences(a, b, &how, &err);
	struct lines want = { 0 }, is = { 0 };
	struct crit_difference d;
	int r = -1;

	CHECK(crit_diff(a, b, &how, line, &want, &err) || told(&err));
	while (it && (r = crit_next_difference(it, &d, &err)) > 0)
		line(&is, &d);
	CHECK(!r && want.n > 1000);
	CHECK_BYTES(is.p, is.n, want.p, want.n);
	crit_iterator_free(it);
	free(want.p);
	free(is.p);
	crit_dir_close(a);
	crit_dir_close(b);
	crit_free(c);
}

/* What can be compared is; then false. */
static void half_a_difference(void)
{
	char dir[] = "/tmp/crit-api-diff-XXXXXX", command[200];
	struct crit *c = crit_new(NULL);
	struct crit_error err = { 0 };
	struct crit_dir *a, *b;
	struct got all = { 0 };

	CHECK(mkdtemp(dir) != NULL);
	snprintf(command, sizeof(command), "cp -r test/images/ct/. %s && "
		 "printf xx >>%s/fs-22.img && rm %s/mm-22.img", dir, dir,
		 dir);
	CHECK(!system(command));
	a = crit_dir_open(c, "test/images/ct", 0, &err);
	b = crit_dir_open(c, dir, 0, &err);
	CHECK(!crit_diff(a, b, NULL, found, &all, &err));
	CHECK_NUMBER(all.n, 1);	/* of mm-22.img */
	CHECK(strstr(err.image, dir) && strstr(err.image, "fs-22.img"));
	crit_dir_close(a);
	crit_dir_close(b);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	CHECK(!system(command));
	crit_free(c);
}

static bool summary_has(struct crit_dir *dir, struct crit *c, unsigned flags,
			const char *text)
{
	struct crit_output *out = crit_output_memory(c, NULL);
	struct crit_error err = { 0 };
	const char *bytes;
	bool has;
	size_t n;

	CHECK(crit_summary(dir, flags, out, &err) || told(&err));
	bytes = crit_output_bytes(out, &n);
	has = n && memmem(bytes, n, text, strlen(text));
	crit_output_abort(out);
	return has;
}

static void summary(void)
{
	struct crit *c = crit_new(NULL);
	struct crit_error err = { 0 };
	struct crit_dir *dir = crit_dir_open(c, loop, 0, &err);

	if (!CHECK(dir))
		return;
	CHECK(summary_has(dir, c, 0, "{\"checkpoint\":\"test/images/loop\""));
	CHECK(summary_has(dir, c, 0, "\"memory_stored_zero\":null"));
	CHECK(summary_has(dir, c, CRIT_JSON, "\"mappings\":{\"count\":"));
	CHECK(summary_has(dir, c, CRIT_TEXT | CRIT_ZERO_PAGES, "of zeros"));
	CHECK(!summary_has(dir, c, CRIT_TEXT, "of zeros"));
	crit_dir_close(dir);
	crit_free(c);
}

static void pictures(void)
{
	struct crit *c = crit_new(NULL);
	struct crit_error err = { 0 };
	struct crit_dir *dir = crit_dir_open(c, loop, 0, &err);
	struct crit_output *out;
	const char *name, *about, *bytes;
	size_t n;

	for (size_t i = 0; (name = crit_drawing(i, &about)); i++) {
		bool page = !strcmp(name, "report");

		out = crit_output_memory(c, &err);
		CHECK(*about);
		CHECK(crit_draw(dir, name, page ? CRIT_HTML : CRIT_SVG, 0, out,
				&err) || told(&err));
		bytes = crit_output_bytes(out, &n);
		CHECK(n > 100 && memmem(bytes, n, page ? "<html" : "<svg", 4));
		CHECK(crit_output_close(out, &err));
	}
	out = crit_output_memory(c, &err);
	CHECK(!crit_draw(dir, "report", CRIT_SVG, 0, out, &err));
	CHECK(!crit_draw(dir, "moon", CRIT_SVG, 0, out, &err));
	CHECK_TEXT(err.what, "unknown picture 'moon'");
	crit_output_abort(out);
	crit_dir_close(dir);
	crit_free(c);
}

static bool same_memory(struct crit *c, const char *a, const char *b)
{
	struct crit_diff_how how = { .only = (const char *const[]){ "memory" },
				     .n_only = 1 };
	struct crit_error err = { 0 };
	struct crit_dir *x = crit_dir_open(c, a, 0, &err);
	struct crit_dir *y = crit_dir_open(c, b, 0, &err);
	struct got g = { 0 };
	bool ok = CHECK(x && y) && (crit_diff(x, y, &how, found, &g, &err) ||
				    told(&err));

	crit_dir_close(x);
	crit_dir_close(y);
	return ok && !g.n;
}

static void in_place(void)
{
	char dir[] = "/tmp/crit-api-place-XXXXXX", command[200], bak[64];
	struct crit_copy_how how = { .compress = 65536, .backup = true };
	struct crit_copy_how flatten = { .flatten = true };
	struct crit *c = crit_new(NULL);
	struct crit_error err = { 0 };
	struct crit_dir *d;

	CHECK(mkdtemp(dir) != NULL);
	snprintf(command, sizeof(command), "cp -r test/images/loop/. %s", dir);
	CHECK(!system(command));
	d = crit_dir_open(c, dir, 0, &err);
	CHECK(!crit_copy_in_place(d, NULL, &err));
	CHECK(err.code == CRIT_EUSAGE);
	CHECK(crit_copy_in_place(d, &how, &err) || told(&err));
	crit_dir_close(d);
	snprintf(bak, sizeof(bak), "%s/pages-1.img.bak", dir);
	CHECK(!access(bak, F_OK));
	CHECK(same_memory(c, loop, dir));
	snprintf(bak, sizeof(bak), "%s/parent", dir);
	CHECK(!symlink(".", bak));
	d = crit_dir_open(c, dir, 0, &err);
	CHECK(crit_copy_in_place(d, &flatten, &err) || told(&err));
	CHECK(access(bak, F_OK));
	crit_dir_close(d);
	CHECK(same_memory(c, loop, dir));
	snprintf(command, sizeof(command), "rm -r %s", dir);
	CHECK(!system(command));
	crit_free(c);
}

/* A stream in three parts, from files and memory, is the checkpoint. */
static void shards(void)
{
	char path[3][40];
	struct crit *c = crit_new(NULL);
	struct crit_error err = { 0 };
	struct crit_dir *d = crit_dir_open(c, loop, 0, &err);
	const char *more[2] = { path[1], path[2] };
	struct crit_how how = { .shards = more, .n_shards = 2 };
	struct crit_output *out[3];

	for (int i = 0; i < 3; i++) {
		strcpy(path[i], "/tmp/crit-api-shard-XXXXXX");
		close(mkstemp(path[i]));
		out[i] = crit_output_path(c, path[i], &err);
	}
	CHECK(!crit_copy_to_shards(d, NULL, out, 0, &err));
	CHECK(!crit_copy_to_shards(d, NULL, out, 65, &err));
	CHECK(crit_copy_to_shards(d, NULL, out, 3, &err) || told(&err));
	crit_dir_close(d);
	for (int i = 0; i < 3; i++)
		CHECK(crit_output_close(out[i], &err) || told(&err));
	d = crit_open_checkpoint(c, path[0], &how, &err);
	if (CHECK(d || told(&err))) {
		struct got g = { 0 };
		struct crit_dir *was = crit_dir_open(c, loop, 0, &err);

		CHECK(crit_diff(was, d, NULL, found, &g, &err) || told(&err));
		CHECK_NUMBER(g.n, 0);
		crit_dir_close(was);
	}
	crit_dir_close(d);
	for (int i = 0; i < 3; i++)
		remove(path[i]);
	crit_free(c);
}

/* Eight objects in eight threads, over one context. */
static void *work(void *context)
{
	struct crit *c = context;
	struct crit_error err = { 0 };
	struct crit_dir *a = crit_dir_open(c, "test/images/ct", 0, &err);
	struct crit_dir *b = crit_dir_open(c, loop, 0, &err);
	struct crit_output *out = crit_output_memory(c, &err);
	struct lines l = { 0 };

	CHECK(crit_diff(a, b, NULL, line, &l, &err) || told(&err));
	CHECK(l.n > 1000);
	CHECK(crit_summary(b, CRIT_ZERO_PAGES, out, &err) || told(&err));
	CHECK(crit_draw(b, "report", CRIT_HTML, 0, out, &err) || told(&err));
	CHECK(crit_copy_to(b, NULL, CRIT_TAR, out, &err) || told(&err));
	CHECK(crit_core(b, 4242, NULL, out, &err) || told(&err));
	CHECK(crit_output_close(out, &err));
	free(l.p);
	crit_dir_close(a);
	crit_dir_close(b);
	return NULL;
}

static void threads(void)
{
	api_threads(8, work);
}

int main(void)
{
	api_root();
	RUN(differences);
	RUN(two_allocators);
	RUN(matches);
	RUN(difference_iterator);
	RUN(half_a_difference);
	RUN(summary);
	RUN(pictures);
	RUN(in_place);
	RUN(shards);
	RUN(threads);
	return test_end();
}
