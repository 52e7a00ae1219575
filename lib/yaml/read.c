// SPDX-License-Identifier: MIT
/*
 * Between two windows: libyaml reads from one, json_source from the other.
 */
#include "yaml/read_parts.h"
#include "base/alloc.h"

static uint8_t byte_at(struct in *in, size_t i)
{
	if (in_avail(in) <= i)
		in_fill(in, i + 1);
	return i < in_avail(in) ? in->buf[in->pos + i] : 0;
}

static bool is_letter(uint8_t c)
{
	return (uint8_t)((c | 0x20) - 'a') < 26;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* A key and its colon at i. */
static bool key_at(struct in *in, size_t i)
{
	uint8_t quote = byte_at(in, i);
	size_t end = i + YAML_LOOK;

	if (quote == '"' || quote == '\'')
		i++;
	else
		quote = 0;
	while (i < end && (is_letter(byte_at(in, i)) || byte_at(in, i) == '_'))
		i++;
	if (quote && byte_at(in, i++) != quote)
		return false;
	return byte_at(in, i) == ':' && (is_blank(byte_at(in, i + 1)) ||
					 !byte_at(in, i + 1));
}

bool yaml_looks(struct in *in)
{
	size_t i = 0;
	uint8_t c;

	if (byte_at(in, 0) == 0xef)
		i = 3;
	while (i < YAML_LOOK && is_blank(byte_at(in, i)))
		i++;
	c = byte_at(in, i);
	if (c == '{') {
		do
			c = byte_at(in, ++i);
		while (i < YAML_LOOK && is_blank(c));
		return is_letter(c);
	}
	if (c == '#' || c == '%')
		return true;
	if (c == '-')
		return byte_at(in, i + 1) == '-' && byte_at(in, i + 2) == '-';
	return key_at(in, i);
}

static size_t newlines(const uint8_t *p, const uint8_t *end)
{
	size_t n = 0;

	for (; p < end; p++)
		n += *p == '\n';
	return n;
}

/* What the parser found wrong. Bytes that are no UTF-8 it finds before it
 * gets there; it has no mark for them, but those that follow are known. */
static bool parser_failed(struct yaml_reader *y)
{
	const yaml_parser_t *p = &y->parser;
	const char *problem = p->problem ? p->problem : "not YAML";

	if (p->error == YAML_MEMORY_ERROR)
		return error_set(y->err, CRIT_ENOMEM, "out of memory");
	if (p->error != YAML_READER_ERROR)
		return yaml_fail(y, &p->problem_mark, "", problem);
	if (!error_is(y->err))
		y->err->line = (int64_t)(y->newlines + 1 -
					 newlines(p->raw_buffer.pointer,
						  p->raw_buffer.last));
	return error_set(y->err, CRIT_EDATA, "%s", problem);
}

static bool next_event(struct yaml_reader *y)
{
	yaml_event_t e;
	bool ok;

	y->event_start = y->got;
	if (error_is(y->err) || !yaml_parser_parse(&y->parser, &e))
		return parser_failed(y);
	ok = yaml_on_event(y, &e);
	yaml_event_delete(&e);
	return ok;
}

/* Text for json: as little as there is, so that what it says of a place is
 * said before what comes later is read. */
static size_t read_text(const struct blob *b, uint64_t at, void *p, size_t n,
			struct crit_error *err)
{
	struct yaml_reader *y = b->ctx;

	(void)at;
	(void)err;
	if (y->taken == y->text.n)
		y->taken = y->text.n = 0;
	while (!y->text.n && !y->ended)
		if (!next_event(y))
			return 0;
	if (n > y->text.n - y->taken)
		n = y->text.n - y->taken;
	if (n)
		memcpy(p, y->text.p + y->taken, n);
	y->taken += n;
	return n;
}

/* Up to the end of the line, at most n bytes. */
static size_t line_ahead(struct in *in, size_t n)
{
	size_t k = 0, have;
	const uint8_t *end;

	if (n > IN_PEEK_MAX)
		n = IN_PEEK_MAX;
	while (k < n && (in_avail(in) > k || in_fill(in, k + 1))) {
		have = in_avail(in) < n ? in_avail(in) : n;
		end = memchr(in->buf + in->pos + k, '\n', have - k);
		if (end)
			return (size_t)(end - (in->buf + in->pos)) + 1;
		k = have;
	}
	return k;
}

/* For the parser, which refuses bytes when it gets them: line by line, so that
 * what is wrong first is said first, however the input comes. */
static int read_input(void *arg, unsigned char *p, size_t n, size_t *size)
{
	struct yaml_reader *y = arg;
	const uint8_t *from;

	*size = 0;
	if (y->got - y->event_start > YAML_EVENT_MAX) {
		yaml_fail(y, &y->parser.mark, "more than 1 MiB without a value, or "
			"a scalar of more than 64 KiB", "");
		return 0;
	}
	*size = line_ahead(y->from, n);
	from = y->from->buf + y->from->pos;
	if (*size)
		memcpy(p, from, *size);
	in_take(y->from, *size);
	y->got += *size;
	/* it is one line, or a part of one */
	y->newlines += *size && from[*size - 1] == '\n';
	return !error_is(y->err);
}

bool yaml_reader_open(struct yaml_reader *y, struct in *from,
		      struct crit_error *err)
{
	memset(y, 0, sizeof(*y));
	y->err = y->anchors.err = err;
	y->from = from;
	y->opened = yaml_parser_initialize(&y->parser);
	if (!y->opened)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	yaml_parser_set_input(&y->parser, read_input, y);
	y->blob = BLOB_NONE;
	y->blob.size = BLOB_UNKNOWN;
	y->blob.read = read_text;
	y->blob.ctx = y;
	return in_open_blob(&y->json, &y->blob, err);
}

void yaml_reader_close(struct yaml_reader *y)
{
	if (y->opened)
		yaml_parser_delete(&y->parser);
	y->opened = false;
	in_close(&y->json);
	alloc_free(y->text.p);
	yaml_anchors_free(&y->anchors);
}
