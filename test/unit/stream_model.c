// SPDX-License-Identifier: MIT
/*
 * The model of a checkpoint: images in, tasks, descriptors, mappings, files and
 * what is known of them out; however the bytes come, and wherever they end.
 */
#include "checkpoint/model.h"
#include "feed.h"
#include "image/read.h"

enum { ALL = MODEL_TREE | MODEL_CORE | MODEL_IDS | MODEL_FDINFO | MODEL_FS |
       MODEL_MM | MODEL_PAGEMAP | MODEL_NAMES | MODEL_SOCKETS | MODEL_FACTS |
       MODEL_THREADS | MODEL_SOCKET_DATA | MODEL_PAGE_SIZE };

static const struct row_column columns[] = {
	{ "start", "start", NULL }, { "end", "end", NULL },
};
static const struct row_source sources[] = {
	{ "MM", "mm-", "vmas", columns, 2, true, NULL },
};

static struct crit_error err;
static unsigned reports;

static void report(void *ctx, const struct crit_error *e)
{
	(void)ctx;
	CHECK(error_is(e));
	reports++;
}

static uint64_t hash(uint64_t h, const void *p, size_t n)
{
	const uint8_t *b = p;

	while (n--)
		h = (h ^ *b++) * UINT64_C(0x100000001b3);
	return h;
}

static uint64_t hash_list(uint64_t h, const struct model_list *l, size_t size)
{
	return hash(h, l->p, l->n * size);
}

/* What the model has found. */
static uint64_t answer(const struct model *m)
{
	uint64_t h = m->came | (uint64_t)m->lost << 32;

	h = hash_list(h, &m->tasks, sizeof(struct model_task));
	h = hash_list(h, &m->threads, sizeof(uint32_t));
	h = hash_list(h, &m->fds, sizeof(struct model_fd));
	h = hash_list(h, &m->vmas, sizeof(struct vma));
	h = hash_list(h, &m->files, sizeof(struct model_file));
	h = hash_list(h, &m->sockets, sizeof(struct model_socket));
	h = hash_list(h, &m->notes, sizeof(struct model_note));
	h = hash_list(h, &m->rows, sizeof(struct row));
	h = hash_list(h, &m->cells, sizeof(struct row_cell));
	return hash(hash_list(h, &m->text, 1), NULL, 0) + spool_size(&m->spool);
}

static void open_model(struct model *m, unsigned needs)
{
	error_clear(&err);
	CHECK(model_init(m, needs, &crit_schema, &err));
	m->report = report;
	m->sources = sources;
	m->n_sources = 1;
}

/* What feed holds. */
static void read_image(struct model *m, const char *name)
{
	struct image_source s;

	if (image_source_open(&s, feed.fd, name, &crit_schema, &err))
		image_source_run(&s, &m->sink);
	else
		model_lost(m, name);
	image_source_close(&s);
}

static uint64_t ask(const char *name, unsigned needs)
{
	struct model m;
	uint64_t h;

	reports = 0;
	open_model(&m, needs);
	CHECK(model_takes(&m, name));
	read_image(&m, name);
	h = answer(&m);
	model_free(&m);
	return h;
}

static void split(const char *name, const uint8_t *p, size_t n)
{
	uint64_t whole;
	struct model m;

	open_model(&m, ALL);
	if (!model_takes(&m, name)) {
		model_free(&m);
		return;
	}
	model_free(&m);
	feed_bytes(p, n);
	whole = ask(name, ALL);
	CHECK(!reports);
	for (size_t cut = 0; cut <= n; cut += test_stride()) {
		feed_bytes(p, n);
		feed.cut = cut;
		CHECK_NUMBER(ask(name, ALL), whole);
	}
	/* an early end is an error, or lies between two entries */
	for (size_t end = 0; end < n; end += test_stride()) {
		feed_bytes(p, end);
		CHECK(ask(name, ALL) != whole || !reports);
	}
}

static void cuts(void)
{
	CHECK(feed_images("files", 1500, split) > 10);
	CHECK(feed_images("sock", 1500, split) > 10);
}

/* Facts: the events of a message, under its file. */
static const struct fact want[] = {
	{ .op = FACT_BEGIN }, { .op = FACT_NUMBER, .number = 7 },
	{ .op = FACT_BYTES, .number = 4 }, { .op = FACT_END },
};

static void facts(void)
{
	const struct message *m = schema_message(&crit_schema, "reg_file_entry");
	const struct field *id = message_field_name(m, "id", 2);
	const struct field *name = message_field_name(m, "name", 4);
	struct model_span s, rest;
	struct model model;
	struct fact f;

	open_model(&model, MODEL_FACTS);
	facts_open(&model);
	facts_number(&model, id, 7);
	facts_bytes(&model, name, "/a", 2, false);
	facts_bytes(&model, name, "/b", 2, true);
	s = rest = facts_take(&model);
	for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++) {
		CHECK(facts_next(&model, &rest, &f));
		CHECK(f.op == want[i].op);
		if (f.op == FACT_NUMBER || f.op == FACT_BYTES)
			CHECK_NUMBER(f.number, want[i].number);
	}
	CHECK(!facts_next(&model, &rest, &f));
	CHECK(facts_find(&model, s, "name", &f));
	CHECK_BYTES(f.bytes, f.number, "/a/b", 4);
	CHECK(!facts_find(&model, s, "flags", &f));
	model_free(&model);
}

/* Numbers of each length come back as they were. */
static void fact_numbers(void)
{
	const struct message *m = schema_message(&crit_schema, "vma_entry");
	const struct field *start = message_field_name(m, "start", 5);
	struct model model;
	struct fact f;

	open_model(&model, MODEL_FACTS);
	for (unsigned i = 0; i < 300; i++) {
		struct model_span s;

		facts_open(&model);
		facts_number(&model, start, test_value(i));
		s = facts_take(&model);
		CHECK(facts_find(&model, s, "start", &f));
	}
	model_free(&model);
	for (unsigned i = 0; i < 192; i++) {
		struct model_span s;

		open_model(&model, MODEL_FACTS);
		facts_open(&model);
		facts_number(&model, start, test_value(i));
		s = facts_take(&model);
		CHECK(facts_find(&model, s, "start", &f));
		CHECK_NUMBER(f.number, test_value(i));
		model_free(&model);
	}
}

/* Files with small numbers and large ones, the same number twice. */
static void keys(void)
{
	struct model m;

	open_model(&m, 0);
	for (uint32_t i = 0; i < 5000; i++)
		CHECK(model_put(&m, i % 3, (uint64_t)i * i * i, i + 1));
	for (uint32_t i = 0; i < 5000; i++) {
		CHECK_NUMBER(model_get(&m, i % 3, (uint64_t)i * i * i), i + 1);
		CHECK_NUMBER(model_get(&m, 9, (uint64_t)i * i * i), 0);
	}
	CHECK(model_put(&m, 1, 1, 77));
	CHECK_NUMBER(model_get(&m, 1, 1), 77);
	model_free(&m);
}

int main(void)
{
	feed_init();
	RUN(cuts);
	RUN(facts);
	RUN(fact_numbers);
	RUN(keys);
	return test_end();
}
