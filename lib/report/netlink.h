/* SPDX-License-Identifier: MIT
 *
 * What CRIU keeps of a network namespace as iproute2 wrote it: a magic number,
 * then netlink messages.
 *
 *   ifaddr-10.img, route-10.img, rule-10.img ─► messages ─► attributes
 */
#ifndef CRIT_REPORT_NETLINK_H
#define CRIT_REPORT_NETLINK_H

#include "base/blob.h"

enum {
	NETLINK_ADDRESS = 20, NETLINK_ROUTE = 24, NETLINK_RULE = 32,
	NETLINK_MESSAGE_MAX = 64 << 10,
};

struct netlink_message {
	unsigned type;			/* NETLINK_ADDRESS.. */
	const uint8_t *p;		/* its own header of 8 or 12 bytes */
	size_t n;			/* with all attributes */
	size_t attributes;		/* where they begin */
};

/* Calls f for each message that has a known type. An image of no bytes has
 * none. False: *err, which names no image. */
bool netlink_read(const struct blob *b,
		  void (*f)(void *ctx, const struct netlink_message *),
		  void *ctx, struct crit_error *err);

/* The bytes of an attribute; NULL: it has none, or of less than least bytes. */
const uint8_t *netlink_attribute(const struct netlink_message *m, unsigned type,
				 size_t least, size_t *n);

#endif
