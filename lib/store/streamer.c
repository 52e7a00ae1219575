// SPDX-License-Identifier: MIT
#include "store/streamer.h"
#include "codec/wire.h"

#include <string.h>

enum { SEQ = 1, NAME = 2, DATA = 3, FILE_EOF = 4, IMAGE_EOF = 5 };

/* A marker of a name or of data comes first: seq, if there is one, and then a
 * string that fills the marker. */
bool streamer_is(const uint8_t *p, size_t n)
{
	uint32_t size = n < 8 ? 0 : wire_get32(p);
	size_t at = 4;

	if (size < 2 || size >= STREAMER_MARKER_MAX)
		return false;
	if (p[at] == 8) {
		while (++at < n && p[at] & 0x80)
			;
		at++;
	}
	/* a further shard may begin with the end of a file */
	if (at > 4 && at + 1 < n && size == at - 4 + 2 && p[at + 1] == 1 &&
	    (p[at] == FILE_EOF << 3 || p[at] == IMAGE_EOF << 3))
		return true;
	if (at + 1 >= n || (p[at] != (NAME << 3 | 2) && p[at] != DATA << 3))
		return false;
	return p[at] == DATA << 3 || size >= 128 ||
	       p[at + 1] == size - (at - 4) - 2;
}

static bool bad(const struct in *in, struct crit_error *err, const char *what)
{
	if (!error_is(err))
		err->offset = (int64_t)in_offset(in);
	return error_set(err, CRIT_EDATA, "%s", what);
}

static bool set_name(struct streamer_marker *m, const uint8_t *p, uint64_t n)
{
	if (n >= sizeof(m->name) || memchr(p, 0, (size_t)n))
		return false;
	memcpy(m->name, p, (size_t)n);
	m->name[n] = 0;
	m->what = MARKER_NAME;
	return true;
}

/* One field; bytes after end may be looked at. */
static const uint8_t *field(struct streamer_marker *m, const uint8_t *p,
			    const uint8_t *end, bool *body)
{
	unsigned sloppy = 0;
	uint64_t key, v;

	p = wire_varint(p, &key, &sloppy);
	p = p && p < end ? wire_varint(p, &v, &sloppy) : NULL;
	if (!p || p > end)
		return NULL;
	if (key == SEQ << 3) {
		m->seq = v;
		return p;
	}
	*body = true;
	if (key == (NAME << 3 | 2) && v <= (uint64_t)(end - p))
		return set_name(m, p, v) ? p + v : NULL;
	m->what = key == DATA << 3 ? MARKER_DATA : key == FILE_EOF << 3 ?
		MARKER_EOF : MARKER_END;
	m->n = (uint32_t)v;
	if (key == DATA << 3)
		return v <= UINT32_MAX ? p : NULL;
	return v && (key == FILE_EOF << 3 || key == IMAGE_EOF << 3) ? p : NULL;
}

static bool parse(struct streamer_marker *m, const uint8_t *p, size_t n)
{
	const uint8_t *end = p + n;
	bool body = false;

	m->seq = 0;
	while (p && p < end)
		p = field(m, p, end, &body);
	return p && body;
}

int streamer_next(struct in *in, struct streamer_marker *m,
		  struct crit_error *err)
{
	const uint8_t *p = in_peek(in, 4);
	uint32_t n = p ? wire_get32(p) : 0;

	if (error_is(err))
		return -1;
	if (!p && !in_avail(in))
		return 0;
	if (p && (!n || n >= STREAMER_MARKER_MAX || 4 + n > in->cap))
		return bad(in, err, "not a marker of criu-image-streamer"), -1;
	p = p ? in_peek(in, 4 + n) : NULL;
	if (!p)
		return bad(in, err, "the stream ends within a marker"), -1;
	if (!parse(m, p + 4, n))
		return bad(in, err, "malformed marker"), -1;
	in_take(in, 4 + n);
	m->at = in_offset(in);
	return 1;
}
