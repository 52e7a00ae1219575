// SPDX-License-Identifier: MIT
/*
 * Network namespaces: netns-ID.img, netdev-ID.img and raw images.
 */
#include "check/netdev.h"

#include <string.h>

static const struct rule rules[] = {
	{ "netns-missing", WARNING, "a network namespace has no netns image" },
	{ "netdev-missing", WARNING, "a network namespace has no devices" },
	{ "netdev-loopback", WARNING, "not one loopback device" },
	{ "netdev-name-duplicate", ERROR, "two devices have one name" },
	{ "netdev-ifindex-duplicate", ERROR, "two devices have one index" },
	{ "netdev-type", ERROR, "the type of a device is unknown" },
	{ "netdev-tun-missing", ERROR, "a TUN device without its part" },
	{ "netdev-sit-missing", ERROR, "a SIT device without its part" },
	{ "netdev-macvlan-missing", ERROR, "a MACVLAN device without its part" },
	{ "netdev-master-missing", ERROR, "the master of a device is missing" },
	{ "netdev-veth-peer", ERROR, "the namespace of a VETH peer is missing" },
	{ "opt-external-netdev", NOTE, "restore needs a device of outside" },
	{ "netns-nsid-missing", ERROR, "an id of a namespace that no task has" },
	{ 0 },
};

enum { LOOPBACK = 1, VETH, TUN, MACVLAN = 7, SIT };

static const struct test tests[] = {
	{ "netdev-type", "net_device_entry.type", TEST_OUTSIDE, 1, 8,
	  "is no type of a device", NULL },
	{ 0 },
};

static const struct unique uniques[] = {
	{ "netdev-ifindex-duplicate", "net_device_entry.ifindex", IN_IMAGE,
	  true, NULL },
	{ 0 },
};

uint64_t netdev_ns(const struct check *c, uint64_t ns_id)
{
	return ns_id ? ns_id : tasks_root_ns(c, NS_NET);
}

bool netdev_ns_missing(const struct check *c, uint64_t ns_id)
{
	return tasks_dumped(c, NS_NET) && ns_id &&
	       !tasks_in_ns(c, NS_NET, ns_id);
}

void netdev_judge_ns(struct check *c, const char *rule, const void *row,
		     uint64_t id, uint64_t ns_id)
{
	if (netdev_ns_missing(c, ns_id))
		check_say(c, rule, AT_FIELD(row, "ns_id"), "{ns_id} of file {id} "
			  "is no network namespace of a task",
			  VALUES(ns_id, id));
}

bool netdev_external(const struct check *c, uint64_t ns)
{
	const struct netns *n = check_of_image(c, T_NETNS, "netns-#.img", ns);

	return n && span_n(n->ext_key);
}

bool netdev_known(const struct check *c, uint64_t ns)
{
	return tasks_dumped(c, NS_NET) && !netdev_external(c, ns) &&
	       !netdev_ns_missing(c, ns) &&
	       !check_broken(c, "netdev-#.img", ns);
}

static const struct netdev *first_of(const struct check *c, uint64_t ns)
{
	return check_of_image(c, T_NETDEV, "netdev-#.img", ns);
}

static const struct netdev *next_of(const struct check *c,
				    const struct netdev *d)
{
	const struct netdev *next = check_next(c, T_NETDEV, d);

	return next && next->row.image == d->row.image ? next : NULL;
}

static bool is_named(const struct check *c, const struct netdev *d,
		     uint64_t name)
{
	return span_n(d->name) == span_n(name) && !memcmp(check_text(c, d->name),
		check_text(c, name), span_n(name));
}

const struct netdev *netdev_named(const struct check *c, uint64_t ns,
				  uint64_t name)
{
	const struct netdev *d = first_of(c, ns);

	while (d && !is_named(c, d, name))
		d = next_of(c, d);
	return d;
}

const struct netdev *netdev_indexed(const struct check *c, uint64_t ns,
				    uint64_t ifindex)
{
	const struct netdev *d = first_of(c, ns);

	while (d && d->ifindex != ifindex)
		d = next_of(c, d);
	return d;
}

static void judge_part(struct check *c, const struct netdev *d)
{
	static const struct {
		uint64_t type;
		size_t offset;
		const char *rule, *field;
	} parts[] = {
		{ TUN, offsetof(struct netdev, tun), "netdev-tun-missing", "tun" },
		{ SIT, offsetof(struct netdev, sit), "netdev-sit-missing", "sit" },
		{ MACVLAN, offsetof(struct netdev, macvlan),
		  "netdev-macvlan-missing", "macvlan" },
	};

	for (int i = 0; i < 3; i++)
		if (d->type == parts[i].type && !*(const uint64_t *)
		    (const void *)((const char *)d + parts[i].offset))
			check_say(c, parts[i].rule, AT(d), "device {name:t} has "
				  "no {part:s}",
				  VALUES(d->name, STRING(parts[i].field)));
}

static void judge_device(struct check *c, const struct netdev *d, uint64_t ns)
{
	const struct netdev *same = netdev_named(c, ns, d->name);
	const struct netdev *master = netdev_indexed(c, ns, d->master);
	bool far = HAS(d, netdev, peer_nsid);

	if (same != d)
		check_say(c, "netdev-name-duplicate", AT_FIELD(d, "name"),
			  "{name:t} is there already, in entry {entry}",
			  VALUES(d->name, same->row.entry));
	judge_part(c, d);
	if (d->master && (!master || d->master == d->ifindex))
		check_say(c, "netdev-master-missing", AT_FIELD(d, "master"),
			  "{master} of device {name:t} is no other device",
			  VALUES(d->master, d->name));
	if (d->type == VETH && far && !tasks_in_ns(c, NS_NET, d->peer_nsid))
		check_say(c, "netdev-veth-peer", AT_FIELD(d, "peer_nsid"),
			  "{peer_nsid} of device {name:t} is no network "
			  "namespace of a task", VALUES(d->peer_nsid, d->name));
	if (d->type == MACVLAN || (d->type == VETH && !far))
		check_say(c, "opt-external-netdev", AT(d), d->type == VETH ?
			  "restore needs --external veth[{name:t}]:PEER" :
			  "restore needs --external macvlan[{name:t}]:DEVICE",
			  VALUES(d->name));
}

static void judge_netns(struct check *c, const struct task *t, uint64_t ns)
{
	const struct netdev *d = first_of(c, ns);
	bool broken = check_broken(c, "netdev-#.img", ns), crash = false;
	uint64_t loops = 0;

	for (; d; d = next_of(c, d)) {
		judge_device(c, d, ns);
		loops += d->type == LOOPBACK;
		crash |= d->type != LOOPBACK && (d->conf || d->conf4 || d->conf6);
	}
	if (!check_present(c, "netns-#.img", ns))
		check_say_as(c, crash ? ERROR : WARNING, "netns-missing",
			     AT_FIELD(t->ids, "net_ns_id"), "netns-{id}.img is "
			     "missing", VALUES(ns));
	if (netdev_external(c, ns) || broken)
		return;
	if (!first_of(c, ns))
		check_say(c, "netdev-missing", AT_FIELD(t->ids, "net_ns_id"),
			  "netdev-{id}.img is missing or empty", VALUES(ns));
	else if (loops != 1)
		check_say(c, "netdev-loopback", AT_IMAGE(check_find(c,
			  "netdev-#.img", ns)), "{count} loopback devices in "
			  "place of one", VALUES(loops));
}

static void use_all(struct check *c, uint64_t ns)
{
	static const char *const kinds[] = {
		"netns-#.img", "netdev-#.img", "ifaddr-#.img", "route-#.img",
		"route6-#.img", "rule-#.img", "iptables-#.img",
		"ip6tables-#.img", "nftables-#.img", "netns-ct-#.img",
		"netns-exp-#.img",
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		check_use(c, kinds[i], ns);
}

/* Once for each namespace: by the first task that is in it. */
static void check(struct check *c)
{
	const struct task *root = c->root;
	static const struct ids none;

	for EACH_TASK(c, t) {
		const struct ids *ids = t->ids ? t->ids : t == root ? &none : NULL;
		const struct task *first = ids ? tasks_first(c) : NULL;

		while (first && first != t && !(first->ids &&
		       first->ids->net_ns_id == ids->net_ns_id))
			first = tasks_next(c, first);
		if (!ids || first != t || !tasks_dumped(c, NS_NET))
			continue;
		use_all(c, ids->net_ns_id);
		if (t->ids)
			judge_netns(c, t, ids->net_ns_id);
	}
	for EACH(c, T_NSID, nsid, n)
		if (!tasks_in_ns(c, NS_NET, n->target_ns_id))
			check_say(c, "netns-nsid-missing", AT_FIELD(n,
				  "target_ns_id"), "{target_ns_id} is no network "
				  "namespace of a task", VALUES(n->target_ns_id));
}

const struct area area_netdev = {
	.rules = rules, .tests = tests, .uniques = uniques, .check = check,
};
