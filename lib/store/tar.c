// SPDX-License-Identifier: MIT
#include "store/tar.h"
#include "base/alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Where the fields of a header are. */
enum {
	NAME = 0, MODE = 100, UID = 108, GID = 116, SIZE = 124, MTIME = 136, SUM = 148, TYPE = 156,
	LINK = 157, MAGIC = 257, MAJOR = 329, MINOR = 337, PREFIX = 345,
	NAME_SIZE = 100, PREFIX_SIZE = 155,
};

bool tar_bad(struct tar *t, uint64_t offset, const char *fmt, ...)
{
	char what[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (!error_is(t->err))
		t->err->offset = (int64_t)offset;
	return error_set(t->err, CRIT_EDATA, "%s", what);
}

static void warn(struct tar *t, uint64_t offset, const char *what)
{
	if (t->warn)
		t->warn(t->ctx, offset, what);
}

/* Base 256: a sign and big-endian bytes. */
static bool binary(const uint8_t *p, size_t n, uint64_t *value)
{
	uint64_t v = p[0] & 0x3f;

	if (p[0] & 0x40)
		return false;
	for (size_t i = 1; i < n; i++) {
		if (v >> 55)
			return false;
		v = v << 8 | p[i];
	}
	*value = v;
	return true;
}

bool tar_number(const uint8_t *p, size_t n, uint64_t *value)
{
	uint64_t v = 0;
	size_t i = 0;

	if (*p & 0x80)
		return binary(p, n, value);
	while (i < n && p[i] == ' ')
		i++;
	for (; i < n && p[i] >= '0' && p[i] <= '7'; i++)
		v = v << 3 | (p[i] - '0');
	*value = v;
	for (; i < n; i++)
		if (p[i] && p[i] != ' ')
			return false;
	return true;
}

bool tar_is_header(const uint8_t *h)
{
	uint64_t sum, plain = 0;
	int64_t with_sign = 0;

	for (size_t i = 0; i < TAR_BLOCK; i++) {
		uint8_t c = i >= SUM && i < SUM + 8 ? ' ' : h[i];

		plain += c;
		with_sign += (int8_t)c;
	}
	return tar_number(h + SUM, 8, &sum) &&
	       (sum == plain || (int64_t)sum == with_sign);
}

static bool is_zero(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i])
			return false;
	return true;
}

void tar_open(struct tar *t, struct in *in, struct extents *extents,
	      struct crit_error *err)
{
	*t = (struct tar){ .in = in, .extents = extents, .err = err };
}

void tar_close(struct tar *t)
{
	tar_special_free(&t->special);
}

/* Past what is left of the member before. Without its padding the last one is
 * whole. */
static bool skip(struct tar *t, const char *name)
{
	struct in *in = t->in;
	bool known = in->size != UINT64_MAX, cut = known && t->data_end > in->size;

	if (!cut && t->next > in_offset(in))
		cut = !in_skip(in, t->next - in_offset(in)) && !known &&
			t->data_end > in_offset(in);
	if (error_is(t->err))
		return false;
	return !cut || tar_bad(t, known ? in->size : in_offset(in),
			       "the archive ends in the data of %s", name);
}

/* The next header that is not zeros: 1, 0 at the end of the archive, -1. */
static int header(struct tar *t, const uint8_t **h)
{
	bool zeros = false;

	for (;; in_take(t->in, TAR_BLOCK)) {
		*h = in_peek(t->in, TAR_BLOCK);
		t->next = in_offset(t->in);
		if (error_is(t->err))
			return -1;
		if (!*h && is_zero(t->in->buf + t->in->pos, in_avail(t->in)))
			return 0;
		if (!*h) {
			tar_bad(t, t->next, t->members ?
				"the archive ends within a header" :
				"not an archive");
			return -1;
		}
		if (!is_zero(*h, TAR_BLOCK))
			break;
		t->ended = true;
		if (zeros)
			return 0;
		zeros = true;
	}
	t->ended = false;
	if (zeros)
		warn(t, t->next - TAR_BLOCK, "a single block of zeros within "
		     "the archive");
	if (tar_is_header(*h))
		return 1;
	tar_bad(t, t->next, t->members || zeros ? "wrong header checksum" :
		"not a tar archive");
	return -1;
}

static void set_name(struct tar *t, const uint8_t *h)
{
	const char *name = (const char *)h, *prefix = name + PREFIX;
	/* old GNU headers have times where ustar has a prefix */
	bool ustar = !memcmp(h + MAGIC, "ustar", 6);
	int k = ustar ? (int)strnlen(prefix, PREFIX_SIZE) : 0;

	snprintf(t->name, sizeof(t->name), "%.*s%s%.*s", k, prefix, k ? "/" : "",
		 NAME_SIZE, name);
	snprintf(t->link, sizeof(t->link), "%.*s", NAME_SIZE, name + LINK);
}

static enum tar_type type_of(char c, const char *name)
{
	size_t n = strlen(name);

	switch (c) {
	case 0:
		return n && name[n - 1] == '/' ? TAR_DIR : TAR_FILE;
	case '0':
		return n && name[n - 1] == '/' ? TAR_DIR : TAR_FILE;
	case '7':
	case 'S':
		return TAR_FILE;
	case '1':
		return TAR_LINK;
	case '2':
		return TAR_SYMLINK;
	case '5':
		return TAR_DIR;
	}
	return TAR_OTHER;
}

/* Types that have a size and no data. */
static bool has_data(char type)
{
	return !strchr("123456", type) || !type;
}

static bool set_size(struct tar *t, const uint8_t *h, struct tar_member *m)
{
	if (!tar_number(h + SIZE, 12, &m->packed) ||
	    m->packed > INT64_MAX - TAR_BLOCK)
		return tar_bad(t, t->next, "bad size field of %s", m->name);
	if (t->special.has_size)
		m->packed = t->special.size;
	if (!has_data((char)h[TYPE]))
		m->packed = 0;
	m->size = m->packed;
	return true;
}

static bool set_member(struct tar *t, const uint8_t *h, struct tar_member *m)
{
	struct tar_special *s = &t->special;

	set_name(t, h);
	*m = (struct tar_member){
		.name = s->name.set ? s->name.p : t->name,
		.link = s->link.set ? s->link.p : t->link,
		.header = s->any ? s->first : t->next,
		.data = t->next + TAR_BLOCK,
	};
	if (s->sparse_name.set)
		m->name = s->sparse_name.p;
	m->type = type_of((char)h[TYPE], m->name);
	m->kind = (char)h[TYPE];
	tar_number(h + MODE, 8, &m->mode);
	tar_number(h + UID, 8, &m->uid);
	tar_number(h + GID, 8, &m->gid);
	tar_number(h + MTIME, 12, &m->mtime);
	tar_number(h + MAJOR, 8, &m->major);
	tar_number(h + MINOR, 8, &m->minor);
	m->xattrs = s->xattrs;
	m->uid = s->has_uid ? s->uid : m->uid;
	m->gid = s->has_gid ? s->gid : m->gid;
	return set_size(t, h, m);
}

static uint64_t padded(uint64_t n)
{
	return (n + TAR_BLOCK - 1) & ~(uint64_t)(TAR_BLOCK - 1);
}

/* Goes past the header, and past what says where a sparse member's bytes
 * are. */
static bool begin_member(struct tar *t, const uint8_t *h, struct tar_member *m)
{
	bool old = h[TYPE] == 'S';

	t->next = m->data + padded(m->packed);
	if (!old)
		in_take(t->in, TAR_BLOCK);
	if (old ? !tar_sparse_old(t, h, m) : t->special.sparse &&
	    m->type == TAR_FILE && !tar_sparse_pax(t, m))
		return false;
	t->data_end = m->data + m->packed;
	return true;
}

static int special(struct tar *t, const uint8_t *h)
{
	char type = (char)h[TYPE];
	uint64_t size, at = t->next;

	if (!type || !strchr("xXgLK", type))
		return 0;
	if (!tar_number(h + SIZE, 12, &size))
		return tar_bad(t, at, "bad size field of a special header"), -1;
	if (size > TAR_SPECIAL_MAX)
		return tar_bad(t, at, "special header of more than 1 MiB"), -1;
	in_take(t->in, TAR_BLOCK);
	t->data_end = at + TAR_BLOCK + size;
	t->next = at + TAR_BLOCK + padded(size);
	if (!t->special.any)
		t->special.first = at;
	t->special.any = true;
	return tar_special(t, type, size, at) ? 1 : -1;
}

int tar_next(struct tar *t, struct tar_member *m)
{
	const uint8_t *h;
	int r = 1;

	if (!skip(t, t->members ? m->name : ""))
		return -1;
	tar_special_clear(&t->special);
	while (r > 0) {
		r = header(t, &h);
		if (r <= 0)
			break;
		r = special(t, h);
		if (r > 0 && !skip(t, "a special header"))
			return -1;
		if (!r) {
			t->members++;
			return set_member(t, h, m) && begin_member(t, h, m) ?
				1 : -1;
		}
	}
	if (!r && t->special.any)
		warn(t, t->next, "a PAX header without a member at the end");
	return r;
}
