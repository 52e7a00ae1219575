// SPDX-License-Identifier: MIT
/*
 *   path, mode, owner, size, time, link ─► [x header, records] header
 */
#include "copy/tar_header.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SIZE_MAX_OCTAL = 11, OWNER_MAX = 07777777 };

/* Fields of the header: offset and size. */
enum {
	NAME = 0, NAME_N = 100, MODE = 100, UID = 108, GID = 116, SIZE = 124,
	MTIME = 136, SUM = 148, TYPE = 156, LINK = 157, LINK_N = 100,
	MAGIC = 257, MAJOR = 329, MINOR = 337, PREFIX = 345, PREFIX_N = 155,
};

static const char types[] = {
	[MEMBER_FILE] = '0', [MEMBER_DIR] = '5', [MEMBER_SYMLINK] = '2',
	[MEMBER_HARDLINK] = '1', [MEMBER_FIFO] = '6', [MEMBER_DEVICE] = '3',
};

/* n digits and a NUL. */
static void put_octal(uint8_t *p, unsigned n, uint64_t v)
{
	for (p[n] = 0; n; v >>= 3)
		p[--n] = (uint8_t)('0' + (v & 7));
}

static void put_size(uint8_t *p, uint64_t v)
{
	if (v >> 3 * SIZE_MAX_OCTAL == 0) {
		put_octal(p, SIZE_MAX_OCTAL, v);
		return;
	}
	memset(p, 0, 12);	/* base-256, where no x header can say it */
	p[0] = 0x80;
	for (int i = 11; i > 3; i--, v >>= 8)
		p[i] = (uint8_t)v;
}

static bool is_ascii(const char *s)
{
	while (*s && !(*s & 0x80))
		s++;
	return !*s;
}

/* Where the path splits into prefix and name: the offset of the slash, 0
 * where it fits as it is, -1 where it does not. */
static int split(const char *path, size_t n)
{
	size_t at = n > PREFIX_N ? PREFIX_N : n ? n - 1 : 0;

	if (n <= NAME_N)
		return 0;
	for (; at; at--)
		if (path[at] == '/' && n - at - 1 <= NAME_N && at + 1 < n)
			return (int)at;
	return -1;
}

static void put_sum(uint8_t *p)
{
	unsigned sum = 0;

	memset(p + SUM, ' ', 8);
	for (unsigned i = 0; i < TAR_UNIT; i++)
		sum += p[i];
	put_octal(p + SUM, 6, sum);
}

static void put_header(uint8_t *p, const struct member *m, const char *path,
		       uint64_t size, char type)
{
	size_t n = strlen(path), link = m->link ? strlen(m->link) : 0;
	int at = split(path, n);

	memset(p, 0, TAR_UNIT);
	if (at > 0)
		memcpy(p + PREFIX, path, (size_t)at);
	path += at > 0 ? at + 1 : 0;
	n = strlen(path);
	memcpy(p + NAME, path, n < NAME_N ? n : NAME_N);
	put_octal(p + MODE, 7, m->mode & 07777);
	put_octal(p + UID, 7, m->uid > OWNER_MAX ? 0 : m->uid);
	put_octal(p + GID, 7, m->gid > OWNER_MAX ? 0 : m->gid);
	put_size(p + SIZE, size);
	put_octal(p + MTIME, 11, m->mtime < 0 ? 0 : (uint64_t)m->mtime);
	p[TYPE] = (uint8_t)type;
	if (link)
		memcpy(p + LINK, m->link, link < LINK_N ? link : LINK_N);
	memcpy(p + MAGIC, "ustar\00000", 8);
	put_octal(p + MAJOR, 7, m->type == MEMBER_DEVICE ? m->major : 0);
	put_octal(p + MINOR, 7, m->type == MEMBER_DEVICE ? m->minor : 0);
	put_sum(p);
}

/* "LEN key=value\n", where LEN counts itself. */
static char *put_record(char *p, const char *key, const char *value)
{
	size_t n = strlen(key) + strlen(value) + 3, digits = 1;

	for (size_t k = n + digits; k >= 10; k /= 10)
		digits++;
	if (snprintf(NULL, 0, "%zu", n + digits) > (int)digits)
		digits++;
	return p + sprintf(p, "%zu %s=%s\n", n + digits, key, value);
}

static char *put_count(char *p, const char *key, uint64_t v)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, v);
	return put_record(p, key, text);
}

static char *put_records(char *p, const struct member *m, const char *path,
			 uint64_t packed, bool sparse)
{
	bool long_path = split(path, strlen(path)) < 0 || !is_ascii(path);

	if (sparse) {
		p = put_record(p, "GNU.sparse.major", "1");
		p = put_record(p, "GNU.sparse.minor", "0");
		p = put_record(p, "GNU.sparse.name", path);
		p = put_count(p, "GNU.sparse.realsize", m->size);
	} else if (long_path) {
		p = put_record(p, "path", path);
	}
	if (m->link && (strlen(m->link) > LINK_N || !is_ascii(m->link)))
		p = put_record(p, "linkpath", m->link);
	if (m->uid > OWNER_MAX)
		p = put_count(p, "uid", m->uid);
	if (m->gid > OWNER_MAX)
		p = put_count(p, "gid", m->gid);
	if (packed >> 3 * SIZE_MAX_OCTAL)
		p = put_count(p, "size", packed);
	return p;
}

/* DIR/WHAT/BASE of a path, cut to what a header takes. */
static void beside(char *to, size_t size, const char *path, const char *what)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	int dir = slash ? (int)(slash - path) + 1 : 0;

	if (dir + strlen(what) + 1 + strlen(base) > 100)
		dir = 0;
	snprintf(to, size, "%.*s%s/%.80s", dir, path, what, base);
}

size_t tar_headers(uint8_t *p, const struct member *m, uint64_t packed,
		   bool sparse, bool plain)
{
	uint8_t *records = p + TAR_UNIT, *at = p;
	bool dir = m->type == MEMBER_DIR;
	char path[PATH_MAX + 2], other[NAME_N + 1];
	struct member x = { .type = MEMBER_FILE };
	char type = types[m->type];
	size_t n;

	if (strlen(m->path) > PATH_MAX ||
	    (m->link && strlen(m->link) > PATH_MAX))
		return 0;
	if (type == '3' && m->block)
		type = '4';
	snprintf(path, sizeof(path), "%s%s", m->path, dir ? "/" : "");
	n = plain ? 0 : (size_t)((uint8_t *)put_records((char *)records, m, path,
							packed, sparse) - records);
	if (n) {
		beside(other, sizeof(other), m->path, "PaxHeaders.0");
		put_header(p, &x, other, n, 'x');
		memset(records + n, 0, tar_padding(n));
		at = records + n + tar_padding(n);
	}
	beside(other, sizeof(other), m->path, "GNUSparseFile.0");
	put_header(at, m, sparse ? other : path, packed, type);
	return (size_t)(at + TAR_UNIT - p);
}
