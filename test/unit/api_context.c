// SPDX-License-Identifier: MIT
/*
 * The public API: memory that ends, threads that share a context, messages of
 * a newer CRIU.
 */
#include "api.h"

#include <pthread.h>

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

int main(void)
{
	api_root();
	RUN(allocator);
	RUN(threads);
	RUN(schema);
	return test_end();
}
