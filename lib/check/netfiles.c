// SPDX-License-Identifier: MIT
/*
 * Packet and netlink sockets, TUN devices, files of namespaces.
 */
#include "check/areas.h"
#include "check/files.h"
#include "check/netdev.h"

static const struct rule rules[] = {
	{ "packet-ns", ERROR, "the network namespace of a packet socket is "
		"missing" },
	{ "packet-mclist-len", ERROR, "a multicast address is too long" },
	{ "packet-ifindex", ERROR, "the device of a packet socket is missing" },
	{ "netlink-ns", ERROR, "the network namespace of a netlink socket is "
		"missing" },
	{ "netlink-groups", ERROR, "a bound netlink socket with more than 32 "
		"groups" },
	{ "tun-regf-missing", ERROR, "the file of a TUN device is missing" },
	{ "tun-netdev-missing", ERROR, "the device of a TUN file is missing" },
	{ "tun-ns", ERROR, "the network namespace of a TUN file is missing" },
	{ "ns-file-ns-missing", ERROR, "a namespace file of a namespace that no "
		"task has" },
	{ "ns-file-cflag", ERROR, "a namespace file of another kind than its "
		"namespace" },
	{ 0 },
};

static const struct test tests[] = {
	{ "packet-mclist-len", "packet_mclist.addr", TEST_ABOVE, 32, 0,
	  "bytes are more than an address has", NULL },
	{ 0 },
};

static void judge_packet(struct check *c, const struct packetsk *p)
{
	uint64_t ns = netdev_ns(c, p->ns_id);

	netdev_judge_ns(c, "packet-ns", p, p->id, p->ns_id);
	if (p->ifindex > 1 && netdev_known(c, ns) &&
	    !netdev_indexed(c, ns, p->ifindex))
		check_say(c, "packet-ifindex", AT_FIELD(p, "ifindex"),
			  "{ifindex} of socket {id} is no device of "
			  "netdev-{ns}.img", VALUES(p->ifindex, p->id, ns));
}

static void judge_tun(struct check *c, const struct tunf *t)
{
	uint64_t ns = netdev_ns(c, t->ns_id);
	const struct netdev *d = netdev_named(c, ns, t->netdev);

	if (!files_use(c, FD_REG, t->id, false) && files_known(c))
		check_say(c, "tun-regf-missing", AT_FIELD(t, "id"), "no file has "
			  "the id {id} of the TUN file", VALUES(t->id));
	/* the devices of an external namespace are not restored */
	if (HAS(t, tunf, netdev) && (!d || d->type != 3 || netdev_external(c, ns)))
		check_say(c, "tun-netdev-missing", AT_FIELD(t, "netdev"),
			  "{name:t} of TUN file {id} is no TUN device of "
			  "netdev-{ns}.img", VALUES(t->netdev, t->id, ns));
	netdev_judge_ns(c, "tun-ns", t, t->id, t->ns_id);
}

/* The kind of namespace that has this id in some task, or NULL. */
static const struct namespace *kind_of(const struct check *c, uint64_t id)
{
	for (int i = 0; i < 8; i++)
		if (tasks_in_ns(c, task_namespaces[i].bit, id))
			return &task_namespaces[i];
	return NULL;
}

static void judge_ns(struct check *c, const struct ns_file *f)
{
	const struct namespace *ns = kind_of(c, f->ns_id);

	if (!ns)
		check_say(c, "ns-file-ns-missing", AT_FIELD(f, "ns_id"),
			  "{ns_id} of file {id} is no namespace of a task",
			  VALUES(f->ns_id, f->id));
	else if (f->ns_cflag != ns->flag)
		check_say(c, "ns-file-cflag", AT_FIELD(f, "ns_cflag"),
			  "{ns_cflag:x} of file {id} is not that of "
			  "{-kind:s}, {expected:x}", VALUES(f->ns_cflag, f->id,
			  STRING(ns->field), ns->flag));
}

static void check(struct check *c)
{
	for EACH(c, T_PACKETSK, packetsk, p)
		judge_packet(c, p);
	for EACH(c, T_NETLINKSK, netlinksk, n) {
		netdev_judge_ns(c, "netlink-ns", n, n->id, n->ns_id);
		if (n->portid && n->groups > 1)
			check_say(c, "netlink-groups", AT_FIELD(n, "groups"),
				  "socket {id} has {words} words of groups; one "
				  "is restored", VALUES(n->id, n->groups));
	}
	for EACH(c, T_TUNF, tunf, t)
		judge_tun(c, t);
	for EACH(c, T_NS, ns_file, f)
		judge_ns(c, f);
}

const struct area area_net_files = {
	.rules = rules, .tests = tests, .check = check,
};
