// SPDX-License-Identifier: MIT
#include "report/netlink.h"
#include "base/alloc.h"
#include "codec/wire.h"
#include "facts.h"

#include <inttypes.h>
#include <string.h>

enum { MAGIC = 4, HEADER = 16, ATTRIBUTE = 4 };

/* Headers of messages, before their attributes. */
static const struct { unsigned type; size_t size; } types[] = {
	{ NETLINK_ADDRESS, 8 }, { NETLINK_ROUTE, 12 }, { NETLINK_RULE, 12 },
};

static const uint32_t magics[] = {
	MAGIC_IFADDR, MAGIC_ROUTE, MAGIC_RULE,
};

static bool bad(struct crit_error *err, uint64_t at, const char *what)
{
	return error_set(err, CRIT_EDATA, "offset %" PRIu64 ": %s", at, what);
}

static bool check_magic(const struct blob *b, struct crit_error *err)
{
	uint8_t p[MAGIC];
	uint32_t magic;

	if (blob_read(b, 0, p, MAGIC, err) != MAGIC)
		return error_is(err) ? false : bad(err, 0, "too short");
	magic = wire_get32(p);
	for (size_t i = 0; i < sizeof(magics) / sizeof(*magics); i++)
		if (magic == magics[i])
			return true;
	return bad(err, 0, "no network data of iproute2");
}

static void give(const uint8_t *p, size_t n,
		 void (*f)(void *, const struct netlink_message *), void *ctx)
{
	struct netlink_message m = {
		.type = p[4] | (unsigned)p[5] << 8, .p = p + HEADER,
		.n = n - HEADER,
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (types[i].type == m.type && m.n >= types[i].size) {
			m.attributes = types[i].size;
			f(ctx, &m);
		}
}

static bool read_all(const struct blob *b, uint8_t *buf,
		     void (*f)(void *, const struct netlink_message *),
		     void *ctx, struct crit_error *err)
{
	for (uint64_t at = MAGIC; at < b->size; ) {
		size_t n = blob_read(b, at, buf, HEADER, err);
		uint32_t size;

		if (n != HEADER)
			return error_is(err) ? false :
				bad(err, at, "truncated message");
		size = wire_get32(buf);
		if (size < HEADER || size > NETLINK_MESSAGE_MAX)
			return bad(err, at, "impossible size of a message");
		if (blob_read(b, at, buf, size, err) != size)
			return error_is(err) ? false :
				bad(err, at, "truncated message");
		give(buf, size, f, ctx);
		at += (size + 3) & ~3u;
	}
	return true;
}

bool netlink_read(const struct blob *b,
		  void (*f)(void *ctx, const struct netlink_message *),
		  void *ctx, struct crit_error *err)
{
	uint8_t *buf;
	bool ok;

	if (!b->size)
		return true;
	if (!check_magic(b, err))
		return false;
	buf = alloc(NETLINK_MESSAGE_MAX);
	if (!buf)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	ok = read_all(b, buf, f, ctx, err);
	alloc_free(buf);
	return ok;
}

const uint8_t *netlink_attribute(const struct netlink_message *m, unsigned type,
				 size_t least, size_t *n)
{
	for (size_t at = m->attributes; at + ATTRIBUTE <= m->n; ) {
		const uint8_t *p = m->p + at;
		size_t size = p[0] | (size_t)p[1] << 8;

		if (size < ATTRIBUTE || size > m->n - at)
			return NULL;
		*n = size - ATTRIBUTE;
		if ((p[2] | (unsigned)p[3] << 8) == type)
			return *n >= least ? p + ATTRIBUTE : NULL;
		at += (size + 3) & ~(size_t)3;
	}
	return NULL;
}
