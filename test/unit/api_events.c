// SPDX-License-Identifier: MIT
/*
 * The public API: events that make no sense.
 */
#include "api.h"

/* They leave an error, and no output. */
static void bad_events(void)
{
	static const struct crit_event cases[][3] = {
		{ { .kind = CRIT_NUMBER, .field = "pid" } },
		{ { .kind = CRIT_ENTRY_END } },
		{ { .kind = CRIT_ENTRY }, { .kind = CRIT_ENTRY } },
		{ { .kind = CRIT_ENTRY }, { .kind = CRIT_MESSAGE_END } },
		{ { .kind = CRIT_ENTRY }, { .kind = CRIT_LIST, .field = "pid" } },
		{ { .kind = CRIT_ENTRY }, { .kind = CRIT_NUMBER, .number = 99 } },
		{ { .kind = CRIT_ENTRY }, { .kind = CRIT_NUMBER } },
		{ { .kind = CRIT_ENTRY }, { .kind = CRIT_BYTES, .field = "pid",
					    .bytes = "", .last = true } },
	};
	struct crit *c = crit_new(NULL);

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct crit_output *out = crit_output_memory(c, NULL);
		struct crit_writer *w = crit_write(c, out, "PSTREE", NULL);
		struct crit_error err;
		bool ok = true;
		char name[32];

		snprintf(name, sizeof(name), "case %zu", i);
		test_case = name;
		for (int j = 0; j < 3 && cases[i][j].kind; j++)
			ok = crit_put_event(w, &cases[i][j], &err);
		CHECK(!ok && err.code == CRIT_EUSAGE);
		CHECK(!crit_write_end(w, &err));
		CHECK(!crit_output_close(out, &err));
	}
	crit_free(c);
}

/* And such that nobody would write. */
static void random_events(void)
{
	static const char *const images[] = {
		"TCP_STREAM", "IPCNS_MSG", "IPCNS_SEM", "GHOST_FILE", "MM",
		"PIPES_DATA", "INETSK", "IPCNS_SHM",
	};
	static const char *const names[] = { "extra", "inq", "outq", NULL };
	struct crit *c = crit_new(NULL);
	uint64_t done = 0, writers = 20000 / test_stride();

	for (uint64_t i = 0; i < writers; i++) {
		struct crit_output *out = crit_output_memory(c, NULL);
		struct crit_writer *w = crit_write(c, out, images[i % 8], NULL);
		bool ok = true;

		crit_write_partial(w, true);
		for (int j = 0; ok && j < 30; j++) {
			struct crit_event ev = {
				.kind = (enum crit_event_kind)
					(j ? 1 + test_random() % 10 : 1),
				.number = (uint32_t)(test_random() % 16),
				.field = names[test_random() % 4],
				.value = test_random() % 3, .bytes = "\x08\x01",
				.size = test_random() % 2 * 2,
				.last = test_random() % 4,
			};

			ok = crit_put_event(w, &ev, NULL);
			done += ok;
		}
		crit_write_end(w, NULL);
		crit_output_close(out, NULL);
	}
	CHECK(done > writers);
	crit_free(c);
}

/* Two fields in turn: each is put in its place as often as there is room to
 * note it, and no more. */
static void fields_in_turn(void)
{
	struct crit_event begin = { .kind = CRIT_ENTRY };
	struct crit_event end = { .kind = CRIT_ENTRY_END };
	struct crit *c = crit_new(NULL);

	for (unsigned n = 10; n < 1000; n += 30) {
		struct crit_output *out = crit_output_memory(c, NULL);
		struct crit_writer *w = crit_write(c, out, "PSTREE", NULL);
		struct crit_error err;
		bool ok = crit_put_event(w, &begin, &err);
		size_t size;

		for (unsigned i = 0; ok && i < n; i++) {
			struct crit_event ev = {
				.kind = CRIT_NUMBER, .number = 4 - i % 4,
			};

			ok = crit_put_event(w, &ev, &err);
		}
		CHECK(ok);
		CHECK(crit_put_event(w, &end, &err) == (n <= 250));
		CHECK(crit_write_end(w, &err) == (n <= 250));
		crit_output_bytes(out, &size);
		CHECK_NUMBER(size, n <= 250 ? 12 + 2 * n : 0);
		crit_output_abort(out);
	}
	crit_free(c);
}

/* Pieces of bytes between which something else comes. */
static void pieces(void)
{
	static const enum crit_event_kind between[] = {
		CRIT_NUMBER, CRIT_ENTRY_END, CRIT_UNKNOWN, CRIT_LIST, CRIT_MESSAGE,
	};
	struct crit_event begin = { .kind = CRIT_ENTRY };
	struct crit_event first = {
		.kind = CRIT_STRING, .field = "nodename", .bytes = "a", .size = 1,
	};
	struct crit *c = crit_new(NULL);

	for (size_t i = 0; i < sizeof(between) / sizeof(*between); i++) {
		struct crit_output *out = crit_output_memory(c, NULL);
		struct crit_writer *w = crit_write(c, out, "UTSNS", NULL);
		struct crit_event ev = {
			.kind = between[i], .bytes = "\x98\x06\x01", .size = 3,
			.last = true,
		};
		struct crit_error err;

		CHECK(crit_put_event(w, &begin, &err));
		CHECK(crit_put_event(w, &first, &err) || told(&err));
		CHECK(!crit_put_event(w, &ev, &err));
		CHECK_TEXT(err.what, "the last piece of bytes is missing");
		CHECK(!crit_write_end(w, &err));
		CHECK(!crit_output_close(out, &err));
	}
	crit_free(c);
}

static bool count_event(void *ctx, const struct crit_event *ev)
{
	unsigned *counts = ctx;

	counts[ev->kind]++;
	return true;
}

/* An entry with its first field once more at its end: events of what came
 * before are not given twice, by whichever call. */
static void out_of_order(void)
{
	static const uint8_t image[] = {
		0x19, 0x43, 0x56, 0x54, 0x30, 0x30, 0x27, 0x50, 14, 0, 0, 0,
		8, 1, 16, 0, 24, 1, 32, 1, 40, 1, 40, 2, 8, 1,
	};
	struct crit *c = crit_new(NULL);
	unsigned each[16] = { 0 }, next[16] = { 0 };
	struct crit_image *im = crit_open_memory(c, image, sizeof(image),
						 "pstree.img", NULL);
	struct crit_entry *e = NULL;
	struct crit_event ev;

	CHECK(crit_each(im, count_event, each, NULL));
	crit_close(im);
	CHECK_NUMBER(each[CRIT_NUMBER], 6);
	CHECK_NUMBER(each[CRIT_ENTRY], 1);
	im = crit_open_memory(c, image, sizeof(image), "pstree.img", NULL);
	while (crit_next(im, &ev, NULL) > 0)
		count_event(next, &ev);
	crit_close(im);
	CHECK(!memcmp(each, next, sizeof(each)));
	im = crit_open_memory(c, image, sizeof(image), "pstree.img", NULL);
	CHECK(crit_read(im, &e, NULL) == 1);
	CHECK_TEXT(crit_entry_message(e), "pstree_entry");
	CHECK_NUMBER(crit_count(e, "threads", NULL), 2);
	crit_entry_free(e);
	crit_close(im);
	crit_free(c);
}

int main(void)
{
	api_root();
	RUN(out_of_order);
	RUN(bad_events);
	RUN(random_events);
	RUN(fields_in_turn);
	RUN(pieces);
	return test_end();
}
