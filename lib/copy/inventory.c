// SPDX-License-Identifier: MIT
/*
 *   inventory ─► fields on the wire ─► those of compression set anew ─► spool
 */
#include "copy/copy.h"

#include <string.h>

enum { IMG_VERSION = 1, COMPRESS = 15, BLOCK_SIZE = 16 };
enum { VERSION_PLAIN = 2, VERSION_PACKED = 3 };
enum { MESSAGE_MAX = INVENTORY_MAX / 2 };

static bool bad(struct crit_error *err, const char *what)
{
	strcpy(err->image, IMAGE_INVENTORY);
	return error_set(err, CRIT_EDATA, "%s", what);
}

/* The message of the only entry, after magics and its size. */
static bool find_message(const uint8_t *p, size_t n, size_t *at, size_t *size,
			 struct crit_error *err)
{
	size_t head = n >= 8 && (wire_get32(p) == MAGIC_COMMON ||
				 wire_get32(p) == MAGIC_SERVICE) ? 8 : 4;

	*at = head + 4;
	*size = n < *at ? 0 : wire_get32(p + head);
	return (n >= *at && *size == n - *at && *size <= MESSAGE_MAX) ||
	       bad(err, "is not one entry of at most 4 KiB: cannot tell "
		   "whether pages are compressed");
}

static uint8_t *put_number(uint8_t *p, unsigned field, uint64_t v)
{
	p = wire_put_varint(p, field << 3 | WIRE_VARINT);
	return wire_put_varint(p, v);
}

/* The new value of a field, or false where it goes. */
static bool value_of(uint32_t field, uint32_t block, bool parent_packed,
		     uint64_t *v)
{
	switch (field) {
	case IMG_VERSION:
		*v = block || parent_packed ? VERSION_PACKED :
			*v == VERSION_PACKED ? VERSION_PLAIN : *v;
		return true;
	case COMPRESS:
		*v = 1;
		return block;
	default:
		*v = block;
		return block;
	}
}

static bool is_ours(uint32_t field)
{
	return field == IMG_VERSION || field == COMPRESS || field == BLOCK_SIZE;
}

/* Puts those of our fields that come before number and are not there yet. */
static bool put_missing(struct spool *out, uint32_t *next, uint32_t number,
			uint32_t block)
{
	uint8_t buf[32], *p = buf;

	for (; block && *next < number && *next <= BLOCK_SIZE; ++*next)
		if (*next == COMPRESS || *next == BLOCK_SIZE)
			p = put_number(p, *next, *next == COMPRESS ? 1 : block);
	return spool_put(out, buf, (size_t)(p - buf));
}

static bool change(const uint8_t *p, size_t n, uint32_t block,
		   bool parent_packed, struct spool *out,
		   struct crit_error *err)
{
	const uint8_t *end = p + n;
	uint32_t next = COMPRESS;
	struct wire_field f;
	const char *what;
	uint8_t buf[24];

	while (p < end) {
		uint64_t v;
		bool ok;

		p = wire_field(p, end, &f, &what);
		if (!p)
			return bad(err, what);
		v = f.value;
		if (!put_missing(out, &next, f.number, block))
			return false;
		if (f.number >= next)
			next = f.number + 1;
		if (!is_ours(f.number) || f.type != WIRE_VARINT)
			ok = spool_put(out, f.start, (size_t)(f.end - f.start));
		else
			ok = !value_of(f.number, block, parent_packed, &v) ||
			     spool_put(out, buf, (size_t)(put_number(buf,
						f.number, v) - buf));
		if (!ok)
			return false;
	}
	return put_missing(out, &next, UINT32_MAX, block);
}

bool copy_inventory(const uint8_t *p, size_t n, uint32_t block,
		    bool parent_packed, struct spool *to,
		    struct crit_error *err)
{
	uint8_t message[MESSAGE_MAX + WIRE_SLOP], size[4];
	struct spool changed;
	size_t at, len;
	bool ok;

	if (!find_message(p, n, &at, &len, err))
		return false;
	memcpy(message, p + at, len);
	memset(message + len, 0, WIRE_SLOP);
	spool_init(&changed, err);
	ok = change(message, len, block, parent_packed, &changed, err) &&
	     (spool_size(&changed) <= MESSAGE_MAX ||
	      bad(err, "would become too large"));
	len = ok ? spool_read(&changed, 0, message, MESSAGE_MAX) : 0;
	wire_put32(size, (uint32_t)len);
	ok = ok && spool_put(to, p, at - 4) && spool_put(to, size, 4) &&
	     spool_put(to, message, len);
	spool_free(&changed);
	return ok;
}

uint32_t copy_inventory_block(const struct store *s, struct crit_error *err)
{
	uint8_t buf[INVENTORY_MAX + WIRE_SLOP] = { 0 };
	uint64_t compress = 0, block = 0;
	const char *what;
	struct wire_field f;
	const uint8_t *p;
	struct blob b;
	size_t n, at, len;

	if (store_absent(s, IMAGE_INVENTORY) ||
	    !store_blob(s, IMAGE_INVENTORY, &b, err))
		return 0;
	n = blob_read(&b, 0, buf, INVENTORY_MAX, err);
	blob_close(&b);
	err->image[0] = 0;
	if (error_is(err) || !find_message(buf, n, &at, &len, err))
		return 0;
	for (p = buf + at; p < buf + at + len; ) {
		p = wire_field(p, buf + at + len, &f, &what);
		if (!p) {
			bad(err, what);
			return 0;
		}
		if (f.number == COMPRESS)
			compress = f.value;
		else if (f.number == BLOCK_SIZE)
			block = f.value;
	}
	if (!compress)
		return 0;
	return block && block <= PAGEMAP_BLOCK_MAX ? (uint32_t)block : 256 << 10;
}
