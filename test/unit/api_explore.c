// SPDX-License-Identifier: MIT
/*
 * The public API: explorers, over real checkpoints.
 */
#include "api.h"

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
	/* a thread has the memory of its task */
	dir = crit_dir_open(c, "test/images/redis", false, &err);
	CHECK(dir && !crit_memory_open(dir, 20005, 0, &err));
	CHECK_TEXT(err.what, "20005 is a thread of task 20001, and has the "
		   "memory of that");
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

static bool see_record(void *ctx, const char *json, size_t size)
{
	struct seen *s = ctx;

	CHECK(size > 2 && json[0] == '{' && json[size - 1] == '}');
	CHECK(!memchr(json, '\n', size));
	return ++s->n != (int)s->pid;	/* stops after so many */
}

static void records(void)
{
	struct crit *c = crit_new(NULL);
	struct crit_dir *dir = crit_dir_open(c, "test/images/ct", false, NULL);
	struct seen s = { 0 }, all;
	struct crit_error err;
	const char *name, *about;
	size_t n = 0;

	for (; (name = crit_explorer(n, &about)); n++) {
		int before = s.n;

		CHECK(*about);
		/* ct has no container, no locks, no timers and no variables */
		CHECK(crit_explore(dir, name, 0, see_record, &s, &err) ||
		      !strcmp(name, "container") || told(&err));
		CHECK(s.n > before || strstr("container env locks timers", name) ||
		      told(&err));
	}
	CHECK(n >= 17);
	s = all = (struct seen){ 0 };
	CHECK(crit_explore(dir, "mems", 0, see_record, &all, &err) || told(&err));
	CHECK(crit_explore(dir, "mems", 22, see_record, &s, &err) || told(&err));
	CHECK(s.n > 5 && s.n < all.n);
	s = (struct seen){ .pid = 3 };
	CHECK(crit_explore(dir, "rss", 0, see_record, &s, &err) || told(&err));
	CHECK_NUMBER(s.n, 3);
	CHECK(!crit_explore(dir, "mounts", 999, see_record, &s, &err));
	CHECK(!crit_explore(dir, "nothing", 0, see_record, &s, &err));
	CHECK_TEXT(err.what, "unknown explorer 'nothing'");
	crit_dir_close(dir);
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

int main(void)
{
	api_root();
	RUN(explored);
	RUN(records);
	RUN(statistics);
	return test_end();
}
