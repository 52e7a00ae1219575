// SPDX-License-Identifier: MIT
/*
 * Raw images that other programs read: dumps of ip, messages of netlink,
 * archives. Only where there is a store.
 */
#include "check/areas.h"
#include "check/collect.h"
#include "facts.h"

#include <stdio.h>
#include <string.h>

static const struct rule rules[] = {
	{ "mnt-tmpfs-gzip", ERROR, "the archive of a tmpfs is no whole gzip "
		"stream" },
	{ "net-dump-magic", ERROR, "a dump of ip without its magic" },
	{ "net-ct-trunc", ERROR, "messages of connection tracking are cut" },
	{ 0 },
};

static void judge_dump(struct check *c, const struct check_image *im,
		       const struct blob *b, uint64_t magic)
{
	uint8_t p[4] = { 0 };
	size_t n = blob_read(b, 0, p, sizeof(p), c->err);

	if (n && (n < 4 || wire_get32(p) != magic))
		check_say(c, "net-dump-magic", AT_IMAGE(im), "it begins with "
			  "{found:x}; ip writes {expected:x}",
			  VALUES(wire_get32(p), magic));
}

static void judge_messages(struct check *c, const struct check_image *im,
			   const struct blob *b)
{
	uint64_t at = 0;
	uint8_t p[4];

	while (at < im->size) {
		size_t n = blob_read(b, at, p, sizeof(p), c->err);
		uint64_t len = n == 4 ? wire_get32(p) : 0;

		if (len < 16 || len > im->size - at) {
			check_say(c, "net-ct-trunc", AT_IMAGE(im), "the message "
				  "at offset {offset} has the length {length}, "
				  "but {bytes} bytes are left",
				  VALUES(at, len, im->size - at));
			return;
		}
		at += (len + 3) / 4 * 4;
	}
}

static void judge_archive(struct check *c, const struct check_image *im,
			  const struct blob *b)
{
	const char *why = gzip_wrong(b, c->err);

	if (why)
		check_say(c, "mnt-tmpfs-gzip", AT_IMAGE(im), "{why:s}",
			  VALUES(STRING(why)));
}

static const struct {
	const char *template;
	uint64_t magic;		/* of a dump of ip; 0, 1: others */
} kinds[] = {
	{ "ifaddr-*.img", MAGIC_IFADDR }, { "route-*.img", MAGIC_ROUTE },
	{ "route6-*.img", MAGIC_ROUTE }, { "rule-*.img", MAGIC_RULE },
	{ "netns-ct-*.img", 1 }, { "netns-exp-*.img", 1 },
	{ "tmpfs-dev-*.tar.gz.img", 0 }, { "tmpfs-*.tar.gz.img", 0 },
};

static void judge(struct check *c, size_t n, uint64_t magic)
{
	const struct check_image *im = check_image_at(c, n);
	struct blob b = BLOB_NONE;

	if (store_blob(c->store, im->name, &b, c->err)) {
		if (magic > 1)
			judge_dump(c, im, &b, magic);
		else if (magic)
			judge_messages(c, im, &b);
		else
			judge_archive(c, im, &b);
	}
	blob_close(&b);
	if (c->err->code == CRIT_ENOMEM || !error_is(c->err))
		return;
	c->image = n;
	snprintf(c->err->image, sizeof(c->err->image), "%s", im->name);
	collect_ops.fail(&c->sink, c->err);
}

static void check(struct check *c)
{
	for (size_t i = 0; c->store && i < c->images.n; i++) {
		const struct check_image *im = check_image_at(c, i);

		for (size_t k = 0; im->template && im->has_size &&
		     k < sizeof(kinds) / sizeof(*kinds); k++)
			if (!strcmp(im->template, kinds[k].template))
				judge(c, i, kinds[k].magic);
	}
}

const struct area area_raw = { .rules = rules, .check = check };
