// SPDX-License-Identifier: MIT
/*
 * Images through image_source and json_sink: the pieces in which the bytes
 * come change nothing, and nothing that is missing passes for whole.
 */
#include "feed.h"
#include "image/read.h"
#include "json/write.h"
#include "codec/wire.h"

enum { SMALL = 6000, BOUNDS = 4096 };

static struct crit_error err;
static size_t bound[BOUNDS];	/* where entries end */
static unsigned n_bounds;

/* What feed holds, into feed.got. */
static bool decode(enum json_format format, bool pretty)
{
	struct json_sink j;
	struct image_source s;
	struct out out;
	bool ok;

	error_clear(&err);
	ok = out_open(&out, feed.out, "out", &err) &&
		json_sink_open(&j, &out, format, &err);
	if (!CHECK(ok))
		return false;
	j.symbolic = pretty;
	j.named = format == JSON_RECORDS;
	j.newline = true;
	if (image_source_open(&s, feed.fd, "x.img", &crit_schema, &err))
		image_source_run(&s, &j.sink);
	else if (!out.failed)
		json_sink_refuse(&j, "x.img", &err);
	ok = !error_is(&err);
	CHECK(out_flush(&out) || out.failed);
	image_source_close(&s);
	json_sink_close(&j);
	out_close(&out);
	return ok && !error_is(&err);
}

static uint8_t *copy_of_output(size_t *n)
{
	uint8_t *p = malloc(feed.size + 1);

	memcpy(p, feed.got, feed.size);
	*n = feed.size;
	return p;
}

static bool ends_with_error(void)
{
	static const char tail[] = "\"}\n";
	const char *line;

	feed.got[feed.size] = 0;
	line = strstr((char *)feed.got, "\"error\":\"");
	return line && feed.size > sizeof(tail) &&
	       !memcmp(feed.got + feed.size - 3, tail, 3);
}

static void split_one(const char *name, const uint8_t *p, size_t n)
{
	static unsigned turn;
	enum json_format format = turn % 3 ? JSON_RECORDS : JSON_INDENTED;
	bool pretty = ++turn % 2, ok;
	uint8_t *want;
	size_t size;

	(void)name;
	feed_bytes(p, n);
	ok = decode(format, pretty);
	want = copy_of_output(&size);
	for (size_t cut = 1; cut < n;
	     cut += (n > 1500 ? 7 : 1) * test_stride()) {
		feed_bytes(p, n);
		feed.cut = cut;
		if (!CHECK(decode(format, pretty) == ok) ||
		    !CHECK(feed_got(want, size)))
			break;
	}
	feed_bytes(p, n);
	feed.step = feed.out_step = 1;
	feed.interrupt = true;
	CHECK(decode(format, pretty) == ok);
	CHECK(feed_got(want, size));
	free(want);
}

static void every_split(void)
{
	CHECK(feed_images("synthetic", SMALL, split_one) > 50);
	CHECK(feed_images("edge", SMALL, split_one) > 50);
	CHECK(feed_images("files", SMALL, split_one) > 10);
}

/* A read that fails after each byte is that error, with its errno. */
static void fail_one(const char *name, const uint8_t *p, size_t n)
{
	bool whole;

	(void)name;
	feed_bytes(p, n);
	whole = decode(JSON_RECORDS, false);
	for (size_t k = 0; k <= n; k += (n > 1500 ? 7 : 1) * test_stride()) {
		bool ok;

		feed_bytes(p, n);
		feed.fail = k;
		ok = decode(JSON_RECORDS, false);
		if (!CHECK(!ok) || !CHECK(ends_with_error()))
			break;
		/* the data may be wrong before */
		CHECK(err.code == CRIT_EIO || !whole);
		CHECK(err.sys == EIO || !whole);
	}
}

static void failure_after_every_byte(void)
{
	CHECK(feed_images("synthetic", SMALL, fail_one) > 50);
	CHECK(feed_images("edge", SMALL, fail_one) > 50);
}

/* Where entries end: there, and only there, a shorter image is whole. */
static void find_bounds(const uint8_t *p, size_t n)
{
	struct json_sink j;
	struct image_source s;
	struct out out;
	int r;

	n_bounds = 0;
	error_clear(&err);
	feed_bytes(p, n);
	if (!out_open(&out, feed.out, "out", &err) ||
	    !json_sink_open(&j, &out, JSON_RECORDS, &err))
		abort();
	if (image_source_open(&s, feed.fd, NULL, &crit_schema, &err)) {
		j.sink.ops->image(&j.sink, &s.image);
		do {
			bound[n_bounds++] = (size_t)in_offset(&s.in);
			if (n_bounds == BOUNDS)
				abort();
			r = image_source_next(&s, &j.sink);
		} while (r > 0);
	}
	image_source_close(&s);
	json_sink_close(&j);
	out_close(&out);
}

static bool is_bound(size_t k)
{
	for (unsigned i = 0; i < n_bounds; i++)
		if (bound[i] == k)
			return true;
	return false;
}

static void truncate_one(const char *name, const uint8_t *p, size_t n)
{
	bool ghost = strstr(name, "ghost");

	find_bounds(p, n);
	for (size_t k = 0; k < n; k += (n > 1500 ? 7 : 1) * test_stride()) {
		/* of its own size: a sanitizer sees what lies after */
		uint8_t *cut = malloc(k + 1);
		bool ok;

		memcpy(cut, p, k);
		feed_bytes(cut, k);
		ok = decode(JSON_RECORDS, true);
		/* the content of a ghost file ends where the image does */
		CHECK(ok ? is_bound(k) || ghost : ends_with_error());
		CHECK(ok || err.code == CRIT_EDATA);
		free(cut);
	}
}

static void truncation_after_every_byte(void)
{
	CHECK(feed_images("synthetic", SMALL, truncate_one) > 50);
	CHECK(feed_images("edge", SMALL, truncate_one) > 50);
	CHECK(feed_images("tree", SMALL, truncate_one) > 10);
}

/* An output that fails after each byte: an error, and nothing more. */
static void full_one(const char *name, const uint8_t *p, size_t n)
{
	size_t size;

	(void)name;
	feed_bytes(p, n);
	decode(JSON_LINE, true);
	size = feed.size;
	for (size_t k = 0; k < size; k += (size > 1500 ? 29 : 1) * test_stride()) {
		feed_bytes(p, n);
		feed.full = k;
		feed.out_step = 100;
		CHECK(!decode(JSON_LINE, true));
		CHECK_NUMBER(feed.size, k);
		CHECK(err.code == CRIT_EIO && err.sys == ENOSPC);
	}
}

static void output_full_after_every_byte(void)
{
	CHECK(feed_images("files", SMALL, full_one) > 10);
}

/* Never a crash, never an output that is not told from a whole one. */
static void damage_one(const char *name, const uint8_t *p, size_t n)
{
	(void)name;
	for (unsigned i = 0; n && i < 300 / test_stride(); i++) {
		uint8_t *bad = malloc(n);

		memcpy(bad, p, n);
		for (unsigned k = 1 + test_random() % 3; k--; )
			bad[test_random() % n] = (uint8_t)test_random();
		feed_bytes(bad, n);
		feed.step = test_random() % 100;
		if (!decode(JSON_RECORDS, i & 1))
			CHECK(ends_with_error());
		free(bad);
	}
}

static void damaged_images(void)
{
	CHECK(feed_images("synthetic", SMALL, damage_one) > 50);
	CHECK(feed_images("edge", SMALL, damage_one) > 50);
}

/* An entry longer than every buffer, cut here and there. */
static void an_entry_longer_than_every_buffer(void)
{
	enum { VMAS = 12000 };
	size_t n = 12, size;
	uint8_t *p = malloc(n + VMAS * 64), *want;

	wire_put32(p, MAGIC_COMMON);
	wire_put32(p + 4, schema_image_name(&crit_schema, "MM", 2)->magic);
	for (unsigned f = 1; f <= 12; f++) {
		p[n++] = (uint8_t)(f << 3);
		p[n++] = (uint8_t)f;
	}
	for (unsigned i = 0; i < VMAS; i++) {
		uint8_t *q = p + n + 2;

		for (unsigned f = 1; f <= 8; f++) {
			*q++ = (uint8_t)(f << 3);
			q = wire_put_varint(q, f < 5 ? test_random() : i);
		}
		p[n] = 14 << 3 | WIRE_LEN;
		p[n + 1] = (uint8_t)(q - p - n - 2);
		n = (size_t)(q - p);
	}
	wire_put32(p + 8, (uint32_t)(n - 12));
	CHECK(n > IN_SIZE + IN_PEEK_MAX);

	feed_bytes(p, n);
	CHECK(decode(JSON_RECORDS, false));
	want = copy_of_output(&size);
	for (unsigned i = 0; i < 60 / test_stride(); i++) {
		feed_bytes(p, n);
		feed.cut = test_random() % n;
		feed.step = i % 3 ? 1 + test_random() % IN_SIZE : 0;
		CHECK(decode(JSON_RECORDS, false));
		CHECK(feed_got(want, size));
		feed_bytes(p, test_random() % n);
		CHECK(!decode(JSON_RECORDS, false));
		CHECK(ends_with_error());
	}
	free(want);
	free(p);
}

/* An entry too long for a window that is wrong before its long field, or after
 * it; another entry follows. */
static const struct {
	const uint8_t *before;
	size_t n_before;
	const uint8_t *after;
	size_t n_after;
	const char *want;
} wrong[] = {
	{ S(""), S(""), "" },
	{ S("\x2a\x02\x07\x08"), S(""), "" },
	{ S("\x7b\x83\x01\x84\x01\x7c"), S(""), "" },
	{ S("\x06\x00"), S(""), "invalid field number" },
	{ S("\xfe\xff\xff\xff\xff\x01"), S(""), "invalid field number" },
	{ S("\x2e\x00"), S(""), "invalid wire type" },
	{ S("\x2f\x00"), S(""), "invalid wire type" },
	{ S("\x08\x07"), S(""),
	  "fields out of order in a message too large to put it in order" },
	{ S("\x28\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"), S(""),
	  "varint runs past 10 bytes" },
	/* a list that does not fit is kept, and what follows it is read */
	{ S("\x2a\x02\x07\xff"), S(""), "" },
	{ S("\x2a\x02\x07\xff"), S("\xf8\x18"), "truncated varint" },
	{ S("\x2a\xff\xff\xff\xff\x0f"), S(""),
	  "length runs past the end of its message" },
	{ S("\x2a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), S(""),
	  "length runs past the end of its message" },
	{ S("\x7a\xff\xff\xff\xff\x0f"), S(""),
	  "length runs past the end of its message" },
	{ S("\x7a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), S(""),
	  "length runs past the end of its message" },
	{ S("\x7b\x84\x01"), S(""), "end of a group that did not begin" },
	{ S("\x7c"), S(""), "end of a group that did not begin" },
	{ S("\x7b"), S(""), "unterminated group" },
	{ S("\x7b\x06\x00"), S(""), "invalid field number" },
	{ S(""), S("\xf8\x18"), "truncated varint" },
	{ S(""), S("\xf8\x18\x80"), "truncated varint" },
	{ S(""), S("\xf8"), "truncated varint" },
	{ S(""), S("\xf9\x18" "1234567"), "truncated value" },
	{ S(""), S("\xf9\x18" "12345678"), "" },
	{ S(""), S("\xfd\x18" "123"), "truncated value" },
	{ S(""), S("\xfd\x18" "1234"), "" },
	{ S(""), S("\xfa\x18\x04" "123"),
	  "length runs past the end of its message" },
	{ S(""), S("\xfa\x18"), "truncated varint" },
	{ S(""), S("\xfb\x18"), "unterminated group" },
	{ S(""), S("\xfb\x18\xfc"), "truncated varint" },
	{ S(""), S("\xfb\x18\xfc\x18"), "" },
};

/* The entry at p: its size. The long field is number 398. */
static size_t put_long(uint8_t *p, const uint8_t *before, size_t n_before,
		       const uint8_t *after, size_t n_after)
{
	static const uint8_t good[] = "\x08\x07\x10\x01\x18\x07\x20\x07";
	uint8_t *q = p + 4;

	q = (uint8_t *)memcpy(q, good, 8) + 8;
	q = (uint8_t *)memcpy(q, before, n_before) + n_before;
	q = wire_put_varint(q, 398 << 3 | WIRE_LEN);
	q = wire_put_varint(q, IN_PEEK_MAX + 100);
	q = (uint8_t *)memset(q, 'x', IN_PEEK_MAX + 100) + IN_PEEK_MAX + 100;
	q = (uint8_t *)memcpy(q, after, n_after) + n_after;
	wire_put32(p, (uint32_t)(q - p - 4));
	return (size_t)(q - p);
}

static void one_long(const uint8_t *before, size_t n_before,
		     const uint8_t *after, size_t n_after, const char *want)
{
	uint8_t *p = malloc(2 * IN_PEEK_MAX + 2000);
	size_t n = 8;

	wire_put32(p, MAGIC_COMMON);
	wire_put32(p + 4, schema_image_name(&crit_schema, "PSTREE", 6)->magic);
	n += put_long(p + n, before, n_before, after, n_after);
	n += put_long(p + n, S(""), S(""));
	test_case = want;
	for (size_t step = 0; step < 3; step++) {
		feed_bytes(p, n);
		feed.step = 4999 * step;
		CHECK(decode(JSON_RECORDS, false) == !*want);
		CHECK_TEXT(err.what, want);
		CHECK(!*want || ends_with_error());
		CHECK(!*want || err.entry == 0);
	}
	free(p);
}

static void what_is_wrong_in_long_entries(void)
{
	uint8_t groups[2 * WIRE_DEPTH_MAX + 2];

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		one_long(wrong[i].before, wrong[i].n_before, wrong[i].after,
			 wrong[i].n_after, wrong[i].want);
	for (size_t n = WIRE_DEPTH_MAX; n <= WIRE_DEPTH_MAX + 1; n++) {
		memset(groups, 0x7b, n);
		memset(groups + n, 0x7c, n);
		one_long(groups, 2 * n, S(""), n == WIRE_DEPTH_MAX ? "" :
			 "groups nested too deep");
	}
}

int main(void)
{
	feed_init();
	RUN(every_split);
	RUN(failure_after_every_byte);
	RUN(truncation_after_every_byte);
	RUN(output_full_after_every_byte);
	RUN(damaged_images);
	RUN(an_entry_longer_than_every_buffer);
	RUN(what_is_wrong_in_long_entries);
	return test_end();
}
