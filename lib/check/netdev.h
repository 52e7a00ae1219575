/* SPDX-License-Identifier: MIT
 *
 * Devices of the dumped network namespaces, and which namespace is meant.
 */
#ifndef CRIT_CHECK_NETDEV_H
#define CRIT_CHECK_NETDEV_H

#include "check/rows_ns.h"
#include "check/tasks.h"

/* The namespace of a file: that of the root task where ns_id is 0. */
uint64_t netdev_ns(const struct check *c, uint64_t ns_id);

/* Whether ns_id names no namespace of a task, although net is dumped. */
bool netdev_ns_missing(const struct check *c, uint64_t ns_id);

/* Whether the devices of this namespace are in an image. */
bool netdev_known(const struct check *c, uint64_t ns);

/* Whether it is given to restore from outside. */
bool netdev_external(const struct check *c, uint64_t ns);

/* A device by name (a span of text), or by index, or NULL. */
const struct netdev *netdev_named(const struct check *c, uint64_t ns,
				  uint64_t name);
const struct netdev *netdev_indexed(const struct check *c, uint64_t ns,
				    uint64_t ifindex);

/* A finding unless ns_id is fine. */
void netdev_judge_ns(struct check *c, const char *rule, const void *row,
		     uint64_t id, uint64_t ns_id);

#endif
