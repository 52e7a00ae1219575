// SPDX-License-Identifier: MIT
/*
 * The window of an input, the buffer of an output, bytes put aside: however
 * the descriptor cuts them.
 */
#include "base/buffer.h"
#include "feed.h"

static uint8_t data[3 * IN_SIZE + 4321];

/* Takes all of in by one way or another; how it went into *sum, *n. */
static void take_all(struct in *in, unsigned way, uint8_t *to, size_t *n)
{
	static const size_t peeks[] = { 1, 7, 100, IN_PEEK_MAX, 13 };
	const uint8_t *p;
	size_t k;

	for (*n = 0; ; *n += k) {
		k = peeks[way++ % 5];
		if (way % 3) {
			p = in_peek(in, k);
			if (!p)
				k = in_avail(in);
			if (!k)
				return;
			memcpy(to + *n, in->buf + in->pos, k);
			CHECK_NUMBER(in_offset(in), *n);
			in_take(in, k);
		} else {
			k = in_some(in, k, &p);
			if (!k)
				return;
			memcpy(to + *n, p, k);
		}
	}
}

static uint8_t got[sizeof(data)];

/* Each cut of a short input, with signals in between. */
static void cuts(void)
{
	struct crit_error err;
	struct in in;
	size_t n;

	for (size_t cut = 0; cut <= 300; cut++)
		for (unsigned way = 0; way < 5; way++) {
			error_clear(&err);
			feed_bytes(data, 300);
			feed.cut = cut;
			feed.interrupt = way & 1;
			CHECK(in_open(&in, feed.fd, &err));
			take_all(&in, way, got, &n);
			CHECK(!error_is(&err));
			CHECK_BYTES(got, n, data, 300);
			in_close(&in);
		}
}

/* Longer than the window, in steps of all sizes, and from memory. */
static void long_input(void)
{
	static const size_t steps[] = { 0, 4096, 65536, 1000003 };
	struct crit_error err;
	struct in in;
	size_t n;

	for (unsigned i = 0; i < 4; i++) {
		error_clear(&err);
		feed_bytes(data, sizeof(data));
		feed.step = steps[i];
		CHECK(in_open(&in, feed.fd, &err));
		take_all(&in, i, got, &n);
		CHECK_BYTES(got, n, data, sizeof(data));
		in_close(&in);
		CHECK(in_open_bytes(&in, data, sizeof(data), &err));
		take_all(&in, i, got, &n);
		CHECK_BYTES(got, n, data, sizeof(data));
		in_close(&in);
	}
}

/* A failure at each offset is an error, and what came before is there. */
static void read_errors(void)
{
	struct crit_error err;
	struct in in;
	size_t n;

	for (size_t fail = 0; fail <= 40; fail++) {
		error_clear(&err);
		feed_bytes(data, 40);
		feed.fail = fail;
		CHECK(in_open(&in, feed.fd, &err));
		take_all(&in, 0, got, &n);
		CHECK(error_is(&err) && err.code == CRIT_EIO);
		CHECK_BYTES(got, n, data, fail);
		in_close(&in);
	}
}

static void skips(void)
{
	struct crit_error err;
	struct in in;

	for (size_t n = 0; n <= 60; n++) {
		error_clear(&err);
		feed_bytes(data, 50);
		feed.step = 3;
		CHECK(in_open(&in, feed.fd, &err));
		CHECK(in_skip(&in, n) == (n <= 50));
		if (n <= 50) {
			CHECK_NUMBER(in_offset(&in), n);
			CHECK(n == 50 ? !in_peek(&in, 1) :
			      *in_peek(&in, 1) == data[n]);
		}
		in_close(&in);
	}
}

/* Writes that take what they like. */
static void outputs(void)
{
	struct crit_error err;
	struct out out;

	for (size_t step = 0; step < 70000; step = 5 * step + 1) {
		size_t at = 0;

		error_clear(&err);
		feed_bytes(NULL, 0);
		feed.out_step = step * 97 + 1;
		CHECK(out_open(&out, feed.out, "test", &err));
		for (size_t k = 1; at < sizeof(data) / 3; at += k, k = k * 2 % 9973) {
			CHECK(out_put(&out, data + at, k));
			CHECK_NUMBER(out_offset(&out), at + k);
			memcpy(out_room(&out, 100), data + at + k, 5);
			out.pos += 5;
			at += 5;
		}
		CHECK(out_flush(&out));
		CHECK(feed_got(data, at));
		out_close(&out);
	}
}

static void write_errors(void)
{
	struct crit_error err;
	struct out out;

	for (size_t full = 0; full < 64; full++) {
		error_clear(&err);
		feed_bytes(NULL, 0);
		feed.full = full;
		CHECK(out_open(&out, feed.out, "test", &err));
		out_put(&out, data, 64);
		CHECK(!out_flush(&out) && out.failed);
		CHECK_TEXT(err.image, "test");
		CHECK(feed_got(data, full));
		/* nothing more is sent, and nothing breaks */
		feed.full = SIZE_MAX;
		out_put(&out, data, OUT_SIZE + 5);
		CHECK(!out_flush(&out) && feed.size == full);
		out_close(&out);
	}
}

/* Put in pieces, read back at any place, also after a cut: in memory, and in
 * the file. */
static void spools(void)
{
	static const size_t sizes[] = { 10, SPOOL_MEMORY, 3 * SPOOL_MEMORY + 7 };
	struct crit_error err;
	struct spool s;

	error_clear(&err);
	spool_init(&s, &err);
	for (unsigned i = 0; i < 3; i++) {
		size_t n = sizes[i], k = 1;

		spool_reset(&s);
		CHECK_NUMBER(spool_size(&s), 0);
		for (size_t at = 0; at < n; at += k) {
			k = n - at < 1 + at % 4099 ? n - at : 1 + at % 4099;
			CHECK(spool_put(&s, data + at, k));
		}
		CHECK_NUMBER(spool_size(&s), n);
		for (size_t at = 0; at <= n; at += 1 + n / 37) {
			size_t r = spool_read(&s, at, got, 5000);

			CHECK_BYTES(got, r, data + at,
				    n - at < 5000 ? n - at : 5000);
		}
		spool_cut(&s, n / 2);
		CHECK_NUMBER(spool_size(&s), n / 2);
		CHECK(spool_put(&s, data, 3));
		CHECK_NUMBER(spool_read(&s, n / 2, got, 9), 3);
		CHECK_BYTES(got, 3, data, 3);
		CHECK_NUMBER(spool_read(&s, n / 2 + 3, got, 9), 0);
	}
	CHECK(!error_is(&err));
	spool_free(&s);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(test_random() >> 8);
	feed_init();
	RUN(cuts);
	RUN(long_input);
	RUN(read_errors);
	RUN(skips);
	RUN(outputs);
	RUN(write_errors);
	RUN(spools);
	return test_end();
}
