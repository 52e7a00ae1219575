// SPDX-License-Identifier: MIT
/*
 * The public API: memory that ends, threads that share a context, messages of
 * a newer CRIU.
 */
#include "api.h"


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
	api_threads(4, work);
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

/* An image of n messages within one another; the innermost as odd as can be,
 * or empty. Returns its size; it ends where buf does. */
static size_t nest(uint8_t *buf, size_t cap, unsigned n, bool odd)
{
	size_t size = 0;

	if (odd) {
		size = 4;
		memcpy(buf + cap - size, "\x0a\x81\x00" "a", size);
	}
	while (--n) {
		uint8_t *p = buf + cap - size - (size < 128 ? 2 : 3);

		p[0] = 0x1a;
		p[1] = (uint8_t)(size < 128 ? size : size | 0x80);
		if (size >= 128)
			p[2] = (uint8_t)(size >> 7);
		size += size < 128 ? 2 : 3;
	}
	memcpy(buf + cap - size - 12, "\x19\x43\x56\x54\x03\x32\x47\x54", 8);
	for (int i = 0; i < 4; i++)
		buf[cap - size - 4 + (size_t)i] = (uint8_t)(size >> 8 * i);
	return size + 12;
}

static bool any_event(void *ctx, const struct crit_event *ev)
{
	(void)ctx;
	return ev->kind != 0;
}

static bool decodes(struct crit *c, struct crit_image *im, struct crit_error *err)
{
	struct crit_output *out = crit_output_memory(c, NULL);
	bool ok = crit_decode(im, out, 0, err);

	crit_output_abort(out);
	return ok;
}

/* Four ways to read an image; whatever is wrong, all say so. */
static void read_all_ways(struct crit *c, const void *p, size_t size,
			  const char *wrong)
{
	for (int way = 0; way < 4; way++) {
		struct crit_error err = { .what = "" };
		struct crit_image *im = crit_open_memory(c, p, size, "x", &err);
		struct crit_entry *e = NULL;
		struct crit_event ev;
		bool ok;

		if (way == 0)
			ok = crit_read(im, &e, &err) == 1;
		else if (way == 1)
			ok = crit_next(im, &ev, &err) == 1;
		else if (way == 2)
			ok = crit_each(im, any_event, NULL, &err);
		else
			ok = decodes(c, im, &err);
		CHECK(ok == !wrong);
		CHECK_TEXT(err.what, wrong ? wrong : "");
		crit_entry_free(e);
		crit_close(im);
	}
}

/* Messages in themselves: no more than 100, whoever reads or writes them. */
static void nested(void)
{
	/* self.proto: message utsns_entry { optional string nodename = 1;
	 * optional utsns_entry more = 3; } */
	static const char set[] =
		"\x0a\x49\x0a\x0aself.proto\x22\x3b\x0a\x0butsns_entry"
		"\x12\x10\x0a\x08nodename\x18\x01\x20\x01\x28\x09"
		"\x12\x1a\x0a\x04more\x18\x03\x20\x01\x28\x0b\x32\x0c.utsns_entry";
	static const unsigned n[] = { 1, 2, 99, 100, 101, 102, 110, 200, 300 };
	struct crit_event begin = { .kind = CRIT_ENTRY };
	struct crit_event more = { .kind = CRIT_MESSAGE, .field = "more" };
	struct crit *c = crit_new(NULL);
	struct crit_output *out;
	struct crit_writer *w;
	struct crit_error err;
	unsigned depth = 0;

	CHECK(crit_set_schema(c, set, sizeof(set) - 1, &err) || told(&err));
	for (size_t i = 0; i < 2 * (sizeof(n) / sizeof(*n)); i++) {
		uint8_t buf[1000];
		size_t size = nest(buf, sizeof(buf), n[i / 2], i % 2);

		read_all_ways(c, buf + sizeof(buf) - size, size, n[i / 2] > 100 ?
			      "messages nested too deep" : NULL);
	}
	out = crit_output_memory(c, NULL);
	w = crit_write(c, out, "UTSNS", &err);
	CHECK(crit_put_event(w, &begin, &err) || told(&err));
	while (depth < 1000 && crit_put_event(w, &more, &err))
		depth++;
	CHECK(depth >= 99 && depth < 110);
	CHECK_TEXT(err.what, "messages nested too deep");
	CHECK(!crit_write_end(w, &err));
	crit_output_abort(out);
	crit_free(c);
}

static bool add_unknown(void *ctx, const struct crit_event *ev)
{
	size_t *n = ctx;

	*n += ev->kind == CRIT_UNKNOWN ? ev->size : 0;
	return true;
}

/* The bytes of the fields that the schema lacks, or that do not fit it. */
static size_t unknown_bytes(struct crit *c, const void *p, size_t size)
{
	struct crit_error err;
	struct crit_image *im = crit_open_memory(c, p, size, "x", &err);
	size_t n = 0;

	CHECK(crit_each(im, add_unknown, &n, &err) || told(&err));
	crit_close(im);
	return n;
}

/* A list of n bytes, and the same before 70,000 bytes that make its entry too
 * long for a window. */
static void read_list(struct crit *c, uint8_t field, uint8_t n)
{
	bool whole = field < 3 && n % (field == 1 ? 4 : 8) == 0;
	uint8_t *image = calloc(1, 80000);
	size_t size = 14u + n;

	memcpy(image, "\x19\x43\x56\x54\x03\x32\x47\x54", 8);
	image[8] = n + 2;
	image[12] = (uint8_t)(field << 3 | 2);
	image[13] = n;
	memset(image + 14, field == 3 ? 0xff : 1, n);
	read_all_ways(c, image, size, NULL);
	CHECK(unknown_bytes(c, image, size) == (whole ? 0 : 2u + n));
	memcpy(image + size, "\x7a\xf0\xa2\x04", 4);
	size += 4 + 70000;
	for (int i = 0; i < 4; i++)
		image[8 + i] = (uint8_t)((size - 12) >> 8 * i);
	read_all_ways(c, image, size, NULL);
	CHECK(unknown_bytes(c, image, size) == 70004u + (whole ? 0 : 2u + n));
	/* its length is wrong */
	image[13] = 0x7f;
	for (int i = 0; i < 4; i++)
		image[8 + i] = (uint8_t)((2u + n) >> 8 * i);
	read_all_ways(c, image, 14u + n,
		      "length runs past the end of its message");
	free(image);
}

/* Packed lists that end within a value: the field does not hold them, and
 * nothing of them is lost. */
static void cut_lists(void)
{
	/* lists.proto: message utsns_entry { repeated fixed32 a = 1 [packed =
	 * true]; repeated fixed64 b = 2 [...]; repeated uint32 c = 3 [...]; } */
	static const char set[] =
		"\x0a\x49\x0a\x0blists.proto\x22\x3a\x0a\x0butsns_entry"
		"\x12\x0d\x0a\x01" "a\x18\x01\x20\x03\x28\x07\x42\x02\x10\x01"
		"\x12\x0d\x0a\x01" "b\x18\x02\x20\x03\x28\x06\x42\x02\x10\x01"
		"\x12\x0d\x0a\x01" "c\x18\x03\x20\x03\x28\x0d\x42\x02\x10\x01";
	struct crit *c = crit_new(NULL);
	struct crit_error err;

	CHECK(crit_set_schema(c, set, sizeof(set) - 1, &err) || told(&err));
	for (uint8_t field = 1; field <= 3; field++)
		for (uint8_t n = 1; n <= 24; n++)
			read_list(c, field, n);
	crit_free(c);
}

int main(void)
{
	api_root();
	RUN(allocator);
	RUN(threads);
	RUN(schema);
	RUN(nested);
	RUN(cut_lists);
	return test_end();
}
