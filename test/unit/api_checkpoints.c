// SPDX-License-Identifier: MIT
/*
 * The public API: checkpoints of any kind, whatever way they are opened, and
 * iterators beside callbacks.
 */
#include "api.h"

#include <errno.h>
#include <fcntl.h>

static const char redis[] = "test/images/redis";

/* A tar archive of a directory. */
static bool make_tar(char *path, const char *dir, const char *how)
{
	char command[300];

	strcpy(path, "/tmp/crit-api-tar-XXXXXX");
	close(mkstemp(path));
	snprintf(command, sizeof(command), "tar -c%sf %s -C %s .", how, path, dir);
	return CHECK(!system(command));
}

struct memory {
	struct bytes b;
	int closed, reads;
};

static int64_t read_memory(void *ctx, uint64_t at, void *p, size_t n)
{
	struct memory *m = ctx;

	m->reads++;
	if (at >= m->b.n)
		return 0;
	n = n < m->b.n - at ? n : m->b.n - (size_t)at;
	memcpy(p, m->b.p + at, n);
	return (int64_t)n;
}

static int64_t read_nothing(void *ctx, uint64_t at, void *p, size_t n)
{
	(void)ctx, (void)at, (void)p, (void)n;
	errno = ENETDOWN;
	return -1;
}

static void close_memory(void *ctx)
{
	((struct memory *)ctx)->closed++;
}

/* All images as records, and closed. */
static struct bytes records(struct crit *c, struct crit_dir *dir)
{
	struct crit_output *out = crit_output_memory(c, NULL);
	struct crit_error err;
	struct bytes b = { NULL, 0 };
	const void *p;

	if (CHECK(dir && (crit_decode_dir(dir, out, 0, &err) || told(&err)))) {
		p = crit_output_bytes(out, &b.n);
		b.p = malloc(b.n + 1);
		memcpy(b.p, p, b.n);
	}
	crit_output_abort(out);
	crit_dir_close(dir);
	return b;
}

static void same(struct crit *c, struct crit_dir *dir, const struct bytes *want)
{
	struct bytes got = records(c, dir);

	CHECK_BYTES(got.p, got.n, want->p, want->n);
	free(got.p);
}

static void all_ways(void)
{
	struct crit *c = crit_new(NULL);
	struct crit_error err = { 0 };
	struct bytes want = records(c, crit_dir_open(c, redis, false, &err));
	static const char *const how[] = { "", "z", "I zstd -" };
	char tar[64];
	FILE *pipe;
	int fd;

	CHECK(want.n > 1000);
	fd = open(redis, O_RDONLY);
	same(c, crit_open_checkpoint_fd(c, fd, "x", NULL, &err), &want);
	close(fd);
	for (size_t i = 0; i < 3; i++) {
		struct memory m = { { NULL, 0 }, 0, 0 };
		struct crit_bytes bytes = {
			.read = read_memory, .close = close_memory, .ctx = &m,
		};
		char command[100];

		if (!make_tar(tar, redis, how[i]))
			return;
		same(c, crit_open_checkpoint(c, tar, NULL, &err), &want);
		fd = open(tar, O_RDONLY);
		same(c, crit_open_checkpoint_fd(c, fd, NULL, NULL, &err), &want);
		close(fd);
		snprintf(command, sizeof(command), "cat %s", tar);
		pipe = popen(command, "r");
		same(c, crit_open_checkpoint_fd(c, fileno(pipe), NULL, NULL, &err),
		     &want);
		pclose(pipe);
		m.b = slurp(tar);
		bytes.size = m.b.n;
		same(c, crit_open_checkpoint_bytes(c, &bytes, "m", NULL, &err),
		     &want);
		bytes.size = UINT64_MAX;
		same(c, crit_open_checkpoint_bytes(c, &bytes, "m", NULL, &err),
		     &want);
		CHECK_NUMBER(m.closed, 2);
		free(m.b.p);
		remove(tar);
	}
	free(want.p);
	crit_free(c);
}

/* Errors name what was opened. */
static void named(void)
{
	struct crit *c = crit_new(NULL);
	struct crit_error *err = crit_error_new(c);
	struct memory m = { { NULL, 0 }, 0, 0 };
	struct crit_bytes bytes = {
		.read = read_nothing, .size = 100, .close = close_memory,
		.ctx = &m,
	};
	struct crit_dir *dir = crit_dir_open(c, redis, false, err);
	char tar[64], want[100];

	CHECK(dir && !crit_dir_image(dir, "mm-9.img", err));
	CHECK_TEXT(crit_error_string(err, "image"), "test/images/redis/mm-9.img");
	CHECK(!crit_descriptors(dir, 9, NULL, NULL, err));
	CHECK_TEXT(err->image, "test/images/redis");
	crit_dir_close(dir);
	CHECK(make_tar(tar, redis, "z"));
	dir = crit_dir_open(c, tar, false, err);
	CHECK(dir && !crit_dir_image(dir, "mm-9.img", err));
	snprintf(want, sizeof(want), "%s: mm-9.img", tar);
	CHECK_TEXT(err->image, want);
	CHECK_NUMBER(crit_error_number(err, "sys"), ENOENT);
	CHECK_NUMBER(crit_error_number(err, "code"), CRIT_EIO);
	CHECK_NUMBER(crit_error_number(err, "entry"), UINT64_MAX);
	crit_dir_close(dir);
	remove(tar);
	CHECK(!crit_open_checkpoint(c, tar, NULL, err));
	CHECK_TEXT(err->image, tar);
	CHECK(!crit_open_checkpoint_bytes(c, &bytes, "far", NULL, err));
	CHECK_TEXT(err->image, "far");
	CHECK_NUMBER(err->sys, ENETDOWN);
	CHECK_NUMBER(m.closed, 1);
	CHECK(!crit_error_string(err, "color"));
	CHECK_NUMBER(crit_error_number(err, "color"), UINT64_MAX);
	crit_error_free(err);
	crit_free(c);
}

/* Iterators: what callbacks are given. */

struct texts {
	char *p;
	size_t n, max;			/* max: stop after so many */
};

static void add(struct texts *t, const char *s, size_t n)
{
	t->p = realloc(t->p, t->n + n + 1);
	memcpy(t->p + t->n, s, n);
	t->n += n;
}

#define NUMBER(t, v) \
	do { \
		uint64_t v_ = (uint64_t)(v); \
		add(t, (const char *)&v_, sizeof(v_)); \
	} while (0)
#define TEXT(t, s) add(t, (s) ? (s) : "-", (s) ? strlen(s) + 1 : 1)

static bool task(void *ctx, const struct crit_task *t)
{
	NUMBER(ctx, t->pid);
	NUMBER(ctx, t->depth);
	TEXT(ctx, t->comm);
	for (size_t i = 0; i < t->n_threads; i++)
		NUMBER(ctx, t->threads[i]);
	return true;
}

static bool descriptor(void *ctx, const struct crit_descriptor *d)
{
	NUMBER(ctx, d->pid);
	NUMBER(ctx, d->fd);
	TEXT(ctx, d->at);
	TEXT(ctx, d->type);
	add(ctx, d->path, d->path_size);
	TEXT(ctx, d->facts);
	TEXT(ctx, d->notes);
	return true;
}

static bool mapping(void *ctx, const struct crit_mapping *m)
{
	NUMBER(ctx, m->start);
	NUMBER(ctx, m->end);
	TEXT(ctx, m->what);
	return true;
}

static bool pages(void *ctx, const struct crit_pages *p)
{
	NUMBER(ctx, p->address);
	NUMBER(ctx, p->pages);
	return true;
}

static bool sock(void *ctx, const struct crit_socket *s)
{
	TEXT(ctx, s->kind);
	add(ctx, s->source, s->source_size);
	TEXT(ctx, s->destination);
	NUMBER(ctx, s->source_port);
	return true;
}

static bool text(void *ctx, const char *p, size_t n)
{
	add(ctx, p, n + 1);
	return true;
}

static bool finding(void *ctx, const struct crit_finding *f)
{
	TEXT(ctx, f->rule);
	TEXT(ctx, f->image);
	NUMBER(ctx, f->entry);
	TEXT(ctx, f->path);
	TEXT(ctx, f->text);
	TEXT(ctx, f->values);
	return true;
}

static bool run(void *ctx, const struct crit_run *r)
{
	NUMBER(ctx, r->start);
	NUMBER(ctx, r->end);
	TEXT(ctx, r->file);
	NUMBER(ctx, r->offset);
	return true;
}

#define COMPARE(type, function, pull, ASK, ITERATE) \
	do { \
		struct texts a = { NULL, 0, 0 }, b = { NULL, 0, 0 }; \
		struct crit_iterator *i = ITERATE; \
		type answer; \
		int r = -1; \
		CHECK(ASK || told(&err)); \
		while (i && (r = pull(i, &answer, &err)) > 0) \
			function(&b, &answer); \
		CHECK(!r || told(&err)); \
		CHECK(i && !pull(i, &answer, &err)); \
		CHECK_BYTES(b.p, b.n, a.p, a.n); \
		CHECK(a.n >= (size_t)(at_least)); \
		crit_iterator_free(i); \
		free(a.p); \
		free(b.p); \
	} while (0)

static void compare_dir(struct crit *c, const char *path, size_t at_least)
{
	struct crit_error err = { 0 };
	struct crit_dir *dir = crit_dir_open(c, path, false, &err);

	if (!CHECK(dir || told(&err)))
		return;
	COMPARE(struct crit_task, task, crit_next_task,
		crit_tasks(dir, task, &a, &err), crit_iterate_tasks(dir, &err));
	COMPARE(struct crit_descriptor, descriptor, crit_next_descriptor,
		crit_descriptors(dir, 0, descriptor, &a, &err),
		crit_iterate_descriptors(dir, 0, &err));
	COMPARE(struct crit_mapping, mapping, crit_next_mapping,
		crit_mappings(dir, 0, mapping, &a, &err),
		crit_iterate_mappings(dir, 0, &err));
	COMPARE(struct crit_pages, pages, crit_next_resident,
		crit_resident(dir, 0, pages, &a, &err),
		crit_iterate_resident(dir, 0, &err));
	at_least = 0;
	COMPARE(struct crit_socket, sock, crit_next_socket,
		crit_sockets(dir, 0, sock, &a, &err),
		crit_iterate_sockets(dir, 0, &err));
	COMPARE(struct crit_finding, finding, crit_next_finding,
		crit_check(dir, NULL, finding, &a, &err),
		crit_iterate_findings(dir, NULL, &err));
	crit_dir_close(dir);
}

static void iterators(void)
{
	struct crit *c = crit_new(NULL);

	compare_dir(c, redis, 30);
	compare_dir(c, "test/images/ct", 30);
	compare_dir(c, "test/images/sock", 16);
	crit_free(c);
}

static bool text_next(struct crit_iterator *it, struct texts *to)
{
	struct crit_error err;
	const char *p;
	size_t n;
	int r;

	while ((r = crit_next_record(it, &p, &n, &err)) > 0)
		text(to, p, n);
	return !r;
}

static bool record(void *ctx, const char *p, size_t n)
{
	add(ctx, p, n);
	add(ctx, "", 1);
	return true;
}

static void record_iterator(void)
{
	struct crit *c = crit_new(NULL);
	struct crit_error err = { 0 };
	struct crit_dir *dir = crit_dir_open(c, redis, false, &err);
	struct texts a = { NULL, 0, 0 }, b = { NULL, 0, 0 };
	struct crit_iterator *it = crit_iterate_explore(dir, "mems", 0, &err);
	struct crit_task t;

	CHECK(it && crit_explore(dir, "mems", 0, record, &a, &err));
	crit_dir_close(dir);	/* it does not need that any more */
	CHECK(crit_next_task(it, &t, &err) < 0);
	CHECK_TEXT(err.what, "this iterator gives records");
	CHECK(text_next(it, &b));
	CHECK(a.n > 1000);
	CHECK_BYTES(b.p, b.n, a.p, a.n);
	crit_iterator_free(it);
	free(a.p);
	free(b.p);
	crit_free(c);
}

/* What could be read is given; then what could not. */
static void half(void)
{
	struct crit *c = crit_new(NULL);
	struct crit_error err = { 0 };
	char dir[] = "/tmp/crit-api-half-XXXXXX", command[200];
	struct crit_iterator *it;
	struct crit_descriptor d;
	struct crit_dir *open;
	int n = 0, r;

	CHECK(mkdtemp(dir) != NULL);
	snprintf(command, sizeof(command), "cp -r test/images/ct/. %s && "
		 "printf xx >>%s/fs-22.img", dir, dir);
	CHECK(!system(command));
	open = crit_dir_open(c, dir, false, &err);
	it = crit_iterate_descriptors(open, 0, &err);
	while (it && (r = crit_next_descriptor(it, &d, &err)) > 0)
		n++;
	CHECK(it && n > 6 && r < 0);
	CHECK(strstr(err.image, dir) && strstr(err.image, "fs-22.img"));
	crit_iterator_free(it);
	CHECK(!crit_iterate_descriptors(open, 999, &err));
	CHECK_TEXT(err.what, "no task 999");
	CHECK(!crit_iterate_explore(open, "color", 0, &err));
	crit_dir_close(open);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	CHECK(!system(command));
	crit_free(c);
}

static bool string_next(struct crit_iterator *it, const char *want)
{
	struct crit_error err;
	const char *s;

	return CHECK(it && crit_next_string(it, &s, NULL, &err) > 0) &&
	       CHECK_TEXT(s, want);
}

static void memory(void)
{
	struct crit *c = crit_new(NULL);
	struct crit_error err = { 0 };
	struct crit_dir *dir = crit_dir_open(c, "test/images/loop", false, &err);
	struct crit_memory *m = crit_memory_open(dir, 4242, 0, &err);
	struct crit_iterator *it = crit_iterate_mappings(dir, 4242, &err);
	struct crit_mapping map;
	size_t at_least = 8;

	if (!CHECK(m && it))
		return;
	CHECK_NUMBER(crit_memory_page_size(m), 4096);
	while (crit_next_mapping(it, &map, &err) > 0)
		COMPARE(struct crit_run, run, crit_next_run,
			crit_memory_runs(m, map.start, map.end, run, &a, &err),
			crit_iterate_runs(m, map.start, map.end, &err));
	crit_iterator_free(it);
	it = crit_iterate_args(m, &err);
	string_next(it, "/srv/corpus/bin/loop");
	crit_iterator_free(it);
	crit_memory_close(m);
	crit_dir_close(dir);
	crit_free(c);
}

/* Eight objects in eight threads, over one context. */
static void *work(void *ctx)
{
	for (int i = 0; i < 3; i++)
		compare_dir(ctx, i % 2 ? redis : "test/images/ct", 30);
	return NULL;
}

static void threads(void)
{
	api_threads(8, work);
}

int main(void)
{
	api_root();
	RUN(all_ways);
	RUN(named);
	RUN(iterators);
	RUN(record_iterator);
	RUN(half);
	RUN(memory);
	RUN(threads);
	return test_end();
}
