// SPDX-License-Identifier: MIT
/*
 * The public API without memory: each allocation of a call fails once. The call says
 * so, or does without; nothing is lost, and nothing of an output stands half.
 */
#include "api.h"

#include <errno.h>
#include <fcntl.h>

static const char loop[] = "test/images/loop", tree[] = "test/images/tree";

/* Fails at allocation number `fail`, from 1; 0: never. */
struct scarce {
	size_t n, fail, live;
};

static void *get(void *ctx, size_t n)
{
	struct scarce *s = ctx;
	void *p = ++s->n == s->fail ? NULL : malloc(n);

	s->live += p != NULL;
	return p;
}

static void give_back(void *ctx, void *p)
{
	((struct scarce *)ctx)->live--;
	free(p);
}

struct world {
	struct crit *c;
	struct crit_dir *dir, *other;
	struct crit_output *out;
	char place[64];
};

typedef bool call(struct world *w, struct crit_error *err);

static bool difference(void *ctx, const struct crit_difference *d)
{
	(void)ctx;
	return d->line != NULL;
}

static bool diff(struct world *w, struct crit_error *err)
{
	return crit_diff(w->dir, w->other, NULL, difference, NULL, err);
}

static bool differences(struct world *w, struct crit_error *err)
{
	struct crit_iterator *it = crit_iterate_differences(w->dir, w->other,
							    NULL, err);
	struct crit_difference d;
	int r = -1;

	while (it && (r = crit_next_difference(it, &d, err)) > 0)
		;
	crit_iterator_free(it);
	return !r;
}

static bool summary(struct world *w, struct crit_error *err)
{
	return crit_summary(w->dir, CRIT_ZERO_PAGES, w->out, err);
}

static bool summary_json(struct world *w, struct crit_error *err)
{
	return crit_summary(w->dir, CRIT_JSON, w->out, err);
}

static bool draw_tree(struct world *w, struct crit_error *err)
{
	return crit_draw(w->other, "tree", CRIT_SVG, 0, w->out, err);
}

static bool draw_memory(struct world *w, struct crit_error *err)
{
	return crit_draw(w->dir, "memory", CRIT_SVG, 0, w->out, err);
}

static bool draw_files(struct world *w, struct crit_error *err)
{
	return crit_draw(w->dir, "files", CRIT_DOT, 0, w->out, err);
}

static bool draw_report(struct world *w, struct crit_error *err)
{
	return crit_draw(w->dir, "report", CRIT_HTML, 0, w->out, err);
}

static bool shards(struct world *w, struct crit_error *err)
{
	return crit_copy_to_shards(w->dir, NULL, &w->out, 1, err);
}

static bool tar(struct world *w, struct crit_error *err)
{
	return crit_copy_to(w->dir, NULL, CRIT_TAR, w->out, err);
}

static bool in_place(struct world *w, struct crit_error *err)
{
	struct crit_copy_how how = { .compress = 65536 };
	struct crit_dir *dir = crit_dir_open(w->c, w->place, false, err);
	bool ok = dir && crit_copy_in_place(dir, &how, err);

	crit_dir_close(dir);
	return ok;
}

static bool core(struct world *w, struct crit_error *err)
{
	return crit_core(w->dir, 4242, NULL, w->out, err);
}

static bool finding(void *ctx, const struct crit_finding *f)
{
	(void)ctx;
	return f->text != NULL;
}

static bool check(struct world *w, struct crit_error *err)
{
	return crit_check(w->dir, NULL, finding, NULL, err);
}

static bool records(struct world *w, struct crit_error *err)
{
	struct crit_iterator *it = crit_iterate_explore(w->dir, "mems", 0, err);
	const char *json;
	int r = -1;

	while (it && (r = crit_next_record(it, &json, NULL, err)) > 0)
		;
	crit_iterator_free(it);
	return !r;
}

static bool runs(struct world *w, struct crit_error *err)
{
	struct crit_memory *m = crit_memory_open(w->dir, 4242, 0, err);
	struct crit_iterator *it = m ? crit_iterate_runs(m, 0x400000, 0x500000,
							 err) : NULL;
	struct crit_run run;
	int r = -1;

	while (it && (r = crit_next_run(it, &run, err)) > 0)
		;
	crit_iterator_free(it);
	crit_memory_close(m);
	return !r;
}

static bool changes(struct world *w, struct crit_error *err)
{
	int fd = open(w->place, O_RDONLY);
	bool ok = crit_pids(w->c, fd, "+1000", w->out, err);
	close(fd);
	return ok;
}

static bool write_byte(struct world *w, struct crit_error *err)
{
	struct crit_dir *dir = crit_dir_open(w->c, w->place, false, err);
	struct crit_memory *m = dir ? crit_memory_open(dir, 4242, 0, err) : NULL;
	struct crit_iterator *it = m ? crit_iterate_args(m, err) : NULL;
	bool ok = it && crit_memory_setenv(m, "LANG=C", err);

	crit_iterator_free(it);
	crit_memory_close(m);
	crit_dir_close(dir);
	return ok || (err->code != CRIT_ENOMEM && err->code != CRIT_OK);
}

static bool opens(struct world *w, struct crit_error *err)
{
	struct crit_dir *dir = crit_open_checkpoint(w->c, w->place, NULL, err);

	crit_dir_close(dir);
	return dir;
}

/* What place is: nothing, a copy of loop, its records, or a tar of it. */
enum needs { NOTHING, COPY, RECORDS, TAR };

static const struct { const char *name; call *run; enum needs needs; } calls[] = {
	{ "crit_diff", diff, NOTHING },
	{ "crit_iterate_differences", differences, NOTHING },
	{ "crit_summary", summary, NOTHING },
	{ "crit_summary, JSON", summary_json, NOTHING },
	{ "crit_draw tree", draw_tree, NOTHING },
	{ "crit_draw memory", draw_memory, NOTHING },
	{ "crit_draw files", draw_files, NOTHING },
	{ "crit_draw report", draw_report, NOTHING },
	{ "crit_copy_to_shards", shards, NOTHING },
	{ "crit_copy_to", tar, NOTHING },
	{ "crit_copy_in_place", in_place, COPY },
	{ "crit_core", core, NOTHING },
	{ "crit_check", check, NOTHING },
	{ "crit_iterate_explore", records, NOTHING },
	{ "crit_iterate_runs", runs, NOTHING },
	{ "crit_pids", changes, RECORDS },
	{ "crit_memory_setenv", write_byte, COPY },
	{ "crit_open_checkpoint", opens, TAR },
};

static void shell(const char *format, const char *place)
{
	char command[300];

	snprintf(command, sizeof(command), format, place, place, place);
	CHECK(!system(command));
}

static void make(struct world *w, enum needs needs)
{
	static const char *const how[] = {
		[COPY] = "rm -rf %s && cp -r test/images/loop %s",
		[RECORDS] = "rm -rf %s; printf '{\"image\":\"pstree.img\",\"magic\":\"PSTREE\","
			"\"entries\":[{\"pid\":1,\"ppid\":0,\"pgid\":1,\"sid\":1}]}\\n"
			"{\"end\":{\"images\":1,\"records\":1},\"entries\":[]}\\n' >%s",
		[TAR] = "rm -rf %s; tar -czf %s -C test/images/loop .",
	};

	if (needs)
		shell(how[needs], w->place);
}

/* One call, with one allocation that fails: whether that many were made. */
static bool once(struct world *w, struct scarce *s, size_t i, size_t fail)
{
	struct crit_error err = { 0 };
	size_t live = s->live;
	bool ok, made;

	w->out = crit_output_memory(w->c, NULL);
	s->n = 0;
	s->fail = fail;
	ok = calls[i].run(w, &err);
	made = s->n >= fail;
	s->fail = 0;
	if (!CHECK(ok || err.code == CRIT_ENOMEM || err.sys == ENOMEM)) {
		printf("# %s, allocation %zu:\n", calls[i].name, fail);
		told(&err);
	}
	/* what is not whole does not pass for whole */
	if (!ok && w->out)
		crit_output_abort(w->out);
	else
		CHECK(crit_output_close(w->out, &err) || told(&err));
	if (!CHECK_NUMBER(s->live, live))
		printf("# %s, allocation %zu\n", calls[i].name, fail);
	return made;
}

static void each_allocation(void)
{
	struct scarce s = { 0 };
	struct crit_allocator a = { get, give_back, &s };
	struct crit_error err = { 0 };
	struct world w = { .c = crit_new(&a) };
	int fd;

	strcpy(w.place, "/tmp/crit-api-scarce-XXXXXX");
	fd = mkstemp(w.place);
	close(fd);
	w.dir = crit_dir_open(w.c, loop, false, &err);
	w.other = crit_dir_open(w.c, tree, false, &err);
	if (!CHECK(w.dir && w.other))
		return;
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		size_t fail = 0, n = 0;

		do {
			fail += fail > 60 ? fail / 12 : 1;
			make(&w, calls[i].needs);
			n++;
		} while (once(&w, &s, i, fail));
		printf("# %s: %zu of %zu allocations\n", calls[i].name, n - 1,
		       s.n);
		CHECK(n > 1);
	}
	crit_dir_close(w.dir);
	crit_dir_close(w.other);
	crit_free(w.c);
	CHECK_NUMBER(s.live, 0);
	shell("rm -rf %s", w.place);
}

int main(void)
{
	api_root();
	RUN(each_allocation);
	return test_end();
}
