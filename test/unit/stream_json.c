// SPDX-License-Identifier: MIT
/*
 * Documents through json_source and image_sink: the pieces in which the text
 * comes change nothing, and nothing that is missing passes for whole.
 */
#include "feed_encode.h"
#include "image/read.h"

enum { SMALL = 1500, TEXT = 12000 };

static struct crit_error err;

/* An image as text, at *text; false where it is none, or not to be brought
 * back. */
static bool decode(const uint8_t *p, size_t n,
		   const struct writer_format *format, bool pretty,
		   uint8_t **text, size_t *size)
{
	struct writer w = {
		.format = format, .pretty = pretty,
		.named = format != &writer_json,
	};
	struct image_source s;
	struct out out;
	bool ok = false;

	error_clear(&err);
	feed_bytes(p, n);
	if (!out_open(&out, feed.out, "out", &err) ||
	    !writer_open(&w, &out, &err))
		abort();
	if (image_source_open(&s, feed.fd, "x.img", &crit_schema, &err) &&
	    image_source_run(&s, w.sink))
		ok = !s.warned_bytes;
	if (w.named)
		writer_end(&w);
	writer_finish(&w);
	image_source_close(&s);
	writer_close(&w);
	out_close(&out);
	*size = feed.size;
	*text = malloc(feed.size + 1);
	memcpy(*text, feed.got, feed.size);
	return ok;
}

static unsigned turn;

static bool next_text(const uint8_t *p, size_t n, uint8_t **text, size_t *size)
{
	turn++;
	if (decode(p, n, writer_formats[turn % 3], turn & 1, text, size) &&
	    *size < TEXT)
		return true;
	free(*text);
	return false;
}

static size_t stride(size_t n)
{
	return (n > 4000 ? 17 : n > 1000 ? 5 : 1) * test_stride();
}

static void split_one(const char *name, const uint8_t *p, size_t n)
{
	uint8_t *text;
	size_t size;

	(void)name;
	if (!next_text(p, n, &text, &size))
		return;
	for (size_t cut = 1; cut <= size; cut += stride(size)) {
		feed_bytes(text, size);
		feed.cut = cut;
		if (!CHECK(feed_encode(true, &err)) || !CHECK(feed_got(p, n)))
			break;
	}
	feed_bytes(text, size);
	feed.step = feed.out_step = 1;
	feed.interrupt = true;
	CHECK(feed_encode(true, &err));
	CHECK(feed_got(p, n));
	free(text);
}

static void every_split(void)
{
	CHECK(feed_images("synthetic", SMALL, split_one) > 50);
	CHECK(feed_images("edge", SMALL, split_one) > 40);
	CHECK(feed_images("files", SMALL, split_one) > 10);
}

/* Blank text may be missing at the end; what the end record of YAML says, for
 * its key alone tells that all is there. Nothing else. */
static size_t needed(const uint8_t *text, size_t size)
{
	const uint8_t *end = memmem(text, size, "\nend:", 5);

	if (end)
		return (size_t)(end - text) + 5;
	while (size && text[size - 1] == '\n')
		size--;
	return size;
}

static void truncate_one(const char *name, const uint8_t *p, size_t n)
{
	uint8_t *text;
	size_t size, end;

	(void)name;
	if (!next_text(p, n, &text, &size))
		return;
	end = needed(text, size);
	for (size_t k = 0; k < end; k += stride(size)) {
		uint8_t *cut = malloc(k + 1);

		memcpy(cut, text, k);
		feed_bytes(cut, k);
		/* empty input: the filter asks for one */
		if (!CHECK(!feed_encode(true, &err) || !k))
			printf("# %zu of %zu bytes\n", k, size);
		free(cut);
	}
	feed_bytes(text, end);
	CHECK(feed_encode(true, &err));
	free(text);
}

static void truncation_after_every_byte(void)
{
	CHECK(feed_images("synthetic", SMALL, truncate_one) > 50);
	CHECK(feed_images("tree", SMALL, truncate_one) > 10);
}

static void fail_one(const char *name, const uint8_t *p, size_t n)
{
	uint8_t *text;
	size_t size;

	(void)name;
	if (!next_text(p, n, &text, &size))
		return;
	for (size_t k = 0; k < size; k += stride(size)) {
		feed_bytes(text, size);
		feed.fail = k;
		CHECK(!feed_encode(true, &err));
		CHECK(err.code == CRIT_EIO && err.sys == EIO);
	}
	for (size_t k = 0; k < n; k += stride(n)) {
		feed_bytes(text, size);
		feed.full = k;
		CHECK(!feed_encode(true, &err));
		CHECK(err.code == CRIT_EIO && err.sys == ENOSPC);
	}
	free(text);
}

static void failure_after_every_byte(void)
{
	CHECK(feed_images("synthetic", SMALL, fail_one) > 50);
}

static void damage_one(const char *name, const uint8_t *p, size_t n)
{
	uint8_t *text;
	size_t size;

	(void)name;
	if (!next_text(p, n, &text, &size))
		return;
	for (unsigned i = 0; i < 300 / test_stride(); i++) {
		static const char likely[] = "{}[]\",:\\ \n0-=u";
		uint8_t *bad = malloc(size);

		memcpy(bad, text, size);
		for (unsigned k = 1 + test_random() % 3; k--; )
			bad[test_random() % size] = test_random() % 2 ?
				(uint8_t)likely[test_random() %
						(sizeof(likely) - 1)] :
				(uint8_t)test_random();
		feed_bytes(bad, size);
		feed.step = test_random() % 100;
		feed_encode(true, &err);
		free(bad);
	}
	free(text);
}

static void damaged_text(void)
{
	CHECK(feed_images("synthetic", SMALL, damage_one) > 50);
	CHECK(feed_images("tree", SMALL, damage_one) > 10);
}

int main(void)
{
	feed_init();
	RUN(every_split);
	RUN(truncation_after_every_byte);
	RUN(failure_after_every_byte);
	RUN(damaged_text);
	return test_end();
}
