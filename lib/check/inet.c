// SPDX-License-Identifier: MIT
/*
 * IP sockets: files.img, inetsk.img, tcp-stream-X.img.
 */
#include "check/areas.h"
#include "check/files.h"
#include "check/netdev.h"

static const struct rule rules[] = {
	{ "inet-family", ERROR, "the family of a socket is unknown" },
	{ "inet-type", ERROR, "the type of a socket is unknown" },
	{ "inet-addr-len", ERROR, "an address of the wrong length" },
	{ "inet-port", ERROR, "a port above 65535" },
	{ "inet-state", WARNING, "the state of a socket is unknown" },
	{ "inet-listen-proto", ERROR, "a socket listens that is not of TCP" },
	{ "inet-ns", ERROR, "the network namespace of a socket is missing" },
	{ "inet-ifname", ERROR, "the device of a socket is missing" },
	{ "inet-ino-duplicate", ERROR, "two TCP connections have one stream" },
	{ "inet-tcp-stream-missing", ERROR, "the stream of a TCP connection is "
		"missing" },
	{ "tcp-unsq-missing", ERROR, "unsq_len is missing" },
	{ "tcp-rcv-wscale-missing", ERROR, "rcv_wscale is missing" },
	{ "tcp-timestamp-missing", ERROR, "timestamp is missing" },
	{ "tcp-unsq-range", WARNING, "more unsent bytes than are queued" },
	{ "opt-tcp-established", NOTE, "restore needs --tcp-established" },
	{ 0 },
};

enum { TCP = 6, LISTEN = 10 };

static const struct test tests[] = {
	{ "inet-family", "inet_sk_entry.family", TEST_NOT_ONE_OF,
	  1 << 2 | 1 << 10, 0, "is neither 2 (IPv4) nor 10 (IPv6)", NULL },
	{ "inet-type", "inet_sk_entry.type", TEST_OUTSIDE, 1, 3, "is none of 1 "
	  "(stream), 2 (datagram), 3 (raw)", NULL },
	{ "inet-port", "inet_sk_entry.src_port", TEST_ABOVE, 65535, 0,
	  "is no port", NULL },
	{ "inet-port", "inet_sk_entry.dst_port", TEST_ABOVE, 65535, 0,
	  "is no port", NULL },
	{ "inet-state", "inet_sk_entry.state", TEST_OUTSIDE, 1, 12,
	  "is no state of a socket", NULL },
	{ "tcp-unsq-missing", "tcp_stream_entry.unsq_len", TEST_ABSENT, 0, 0,
	  "unsq_len is missing", NULL },
	{ 0 },
};

static bool is_connection(const struct check *c, const void *row)
{
	const struct inetsk *s = row;

	(void)c;
	return s->proto == TCP && s->dst_port;
}

static const struct unique uniques[] = {
	{ "inet-ino-duplicate", "inet_sk_entry.ino", IN_ALL, true,
	  is_connection },
	{ 0 },
};

static void judge_addresses(struct check *c, const struct inetsk *s)
{
	uint32_t src = span_n(s->src_addr), dst = span_n(s->dst_addr);
	bool bad = s->family == 2 ? !src || !dst : src != 4 || dst != 4;

	if (bad)
		check_say(c, "inet-addr-len", AT(s), "addresses of socket {id} "
			  "have {source} and {destination} words",
			  VALUES(s->id, src, dst));
}

static void judge_connection(struct check *c, const struct inetsk *s)
{
	const struct inventory *inv = tasks_inventory(c);
	bool close = check_allows(c, "tcp-close") || (inv && inv->tcp_close);

	check_use(c, "tcp-stream-$.img", s->ino);
	if (!close && !check_present(c, "tcp-stream-$.img", s->ino))
		check_say(c, "inet-tcp-stream-missing", AT_FIELD(s, "ino"),
			  "tcp-stream-{-hex:h}.img of socket {id} is missing",
			  VALUES(s->ino, s->id));
	if (!close && !check_allows(c, "tcp-established"))
		check_say(c, "opt-tcp-established", AT(s), "socket {id} is "
			  "connected, from port {source} to port {destination}: "
			  "restore needs --tcp-established or --tcp-close",
			  VALUES(s->id, s->src_port, s->dst_port));
}

static void judge(struct check *c, const struct inetsk *s)
{
	uint64_t ns = netdev_ns(c, s->ns_id);

	judge_addresses(c, s);
	if (s->state == LISTEN && s->proto != TCP)
		check_say(c, "inet-listen-proto", AT_FIELD(s, "proto"), "socket "
			  "{id} listens, but its protocol is {proto}, not TCP",
			  VALUES(s->id, s->proto));
	netdev_judge_ns(c, "inet-ns", s, s->id, s->ns_id);
	if (span_n(s->ifname) && netdev_known(c, ns) &&
	    !netdev_named(c, ns, s->ifname))
		check_say(c, "inet-ifname", AT_FIELD(s, "ifname"), "{name:t} of "
			  "socket {id} is no device of netdev-{ns}.img",
			  VALUES(s->ifname, s->id, ns));
	if (is_connection(c, s))
		judge_connection(c, s);
}

static void judge_stream(struct check *c, const struct tcp *t)
{
	if (t->opt_mask & 4 && !HAS(t, tcp, rcv_wscale))
		check_say(c, "tcp-rcv-wscale-missing", AT_FIELD(t, "opt_mask"),
			  "{opt_mask:x} says that windows are scaled, but "
			  "rcv_wscale is missing", VALUES(t->opt_mask));
	if (t->opt_mask & 1 && !HAS(t, tcp, timestamp))
		check_say(c, "tcp-timestamp-missing", AT_FIELD(t, "opt_mask"),
			  "{opt_mask:x} says that there are timestamps, but "
			  "timestamp is missing", VALUES(t->opt_mask));
	if (t->unsq_len > t->outq_len)
		check_say_as(c, t->outq_len ? ERROR : WARNING, "tcp-unsq-range",
			     AT_FIELD(t, "unsq_len"), "{unsent} unsent bytes, "
			     "but {queued} are queued",
			     VALUES(t->unsq_len, t->outq_len));
}

static void check(struct check *c)
{
	for EACH(c, T_INETSK, inetsk, s)
		judge(c, s);
	for EACH(c, T_TCP, tcp, t)
		judge_stream(c, t);
}

const struct area area_inet = {
	.rules = rules, .tests = tests, .uniques = uniques, .check = check,
};
