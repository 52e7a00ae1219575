// SPDX-License-Identifier: MIT
/*
 * Unix sockets: files.img, unixsk.img.
 */
#include "check/areas.h"
#include "check/files.h"
#include "check/netdev.h"
#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

static const struct rule rules[] = {
	{ "unix-type", ERROR, "the type of a unix socket is unknown" },
	{ "unix-state", WARNING, "the state of a unix socket is unknown" },
	{ "unix-peer-missing", ERROR, "the peer of a unix socket is missing" },
	{ "unix-peer-order", ERROR, "the peer comes after a socket that it is "
		"not connected to" },
	{ "unix-peer-unnamed", ERROR, "the peer has no name to connect to" },
	{ "unix-peer-not-listening", ERROR, "the peer does not listen" },
	{ "unix-peer-type", ERROR, "a socket and its peer are of two types" },
	{ "unix-ino-duplicate", ERROR, "two unix sockets have one inode" },
	{ "unix-name-len", ERROR, "the name of a unix socket is too long" },
	{ "unix-deleted-name", ERROR, "a deleted name that is no path" },
	{ "unix-name-duplicate", ERROR, "two unix sockets bind to one name" },
	{ "unix-shutdown-peer", ERROR, "a connected socket without peer that is "
		"not shut down" },
	{ "unix-ns", ERROR, "the network namespace of a unix socket is "
		"missing" },
	{ "unix-mnt-id", ERROR, "the mount of a unix socket is missing" },
	{ "opt-ext-unix-sk", NOTE, "restore needs --ext-unix-sk" },
	{ "unix-plugin", NOTE, "a plugin restores the socket" },
	{ 0 },
};

enum { EXTERNAL = 1, PLUGIN = 4, SHUTDOWN_BOTH = 3, NAME_MAX_LEN = 108 };

static const struct test tests[] = {
	{ "unix-type", "unix_sk_entry.type", TEST_NOT_ONE_OF,
	  1 << 1 | 1 << 2 | 1 << 5, 0, "is none of 1 (stream), 2 (datagram), 5 "
	  "(seqpacket)", NULL },
	{ "unix-state", "unix_sk_entry.state", TEST_NOT_ONE_OF,
	  1 << 1 | 1 << 2 | 1 << 7 | 1 << 10, 0, "is none of 1 (established), 2 "
	  "(connecting), 7 (closed), 10 (listening)", NULL },
	{ "unix-name-len", "unix_sk_entry.name", TEST_SIZE_ABOVE, NAME_MAX_LEN,
	  0, "bytes are more than a name of a unix socket has", NULL },
	{ 0 },
};

static bool is_peer(const struct check *c, const struct unixsk *u)
{
	return u->ino && check_lookup(c, "unix_sk_entry.peer", u->ino);
}

static void say(struct check *c, const char *rule, const struct unixsk *u,
		const struct unixsk *p, const char *text)
{
	check_say(c, rule, AT_FIELD(u, "peer"), text,
		  VALUES(u->id, p->id, p->ino));
}

/* The peer is connected elsewhere: this socket must connect to it by name. */
static void judge_one_way(struct check *c, const struct unixsk *u,
			  const struct unixsk *p)
{
	bool external = p->uflags & EXTERNAL;

	if (p > u)
		say(c, "unix-peer-order", u, p, "the peer of socket {id}, "
		    "{peer_id}, must come before it");
	if (!span_n(p->name))
		say(c, "unix-peer-unnamed", u, p, "the peer of socket {id}, "
		    "{peer_id}, has no name to connect to");
	if (u->type != SK_TYPE_DGRAM && p->state != SK_STATE_LISTEN && !external)
		say(c, "unix-peer-not-listening", u, p, "the peer of socket "
		    "{id}, {peer_id}, is connected to another one, and does "
		    "not listen");
}

static void judge_peer(struct check *c, const struct unixsk *u)
{
	const struct unixsk *p = check_lookup(c, "unix_sk_entry.ino", u->peer);

	if (!p) {
		check_say(c, "unix-peer-missing", AT_FIELD(u, "peer"), "no unix "
			  "socket has the inode {peer} of the peer of socket "
			  "{id}", VALUES(u->peer, u->id));
		return;
	}
	if (p->type != u->type && !(p->uflags & EXTERNAL))
		say(c, "unix-peer-type", u, p, "socket {id} and its peer "
		    "{peer_id} are of two types");
	if (p->uflags & EXTERNAL && !check_allows(c, "ext-unix-sk"))
		say(c, "opt-ext-unix-sk", u, p, "the peer of socket {id}, "
		    "{peer_id}, is outside of the checkpoint: restore needs "
		    "--ext-unix-sk");
	if (p != u && p->peer != u->ino)
		judge_one_way(c, u, p);
}

static void judge_inode(struct check *c, const struct unixsk *u)
{
	const struct unixsk *first = check_lookup(c, "unix_sk_entry.ino", u->ino);

	if (first && u->ino && first != u)
		check_say_as(c, is_peer(c, u) ? ERROR : WARNING,
			     "unix-ino-duplicate", AT_FIELD(u, "ino"), "sockets "
			     "{id} and {other} have the inode {ino}",
			     VALUES(u->id, first->id, u->ino));
}

static void judge(struct check *c, const struct unixsk *u)
{
	const char *name = check_text(c, u->name);

	if (u->peer)
		judge_peer(c, u);
	judge_inode(c, u);
	if (u->deleted && (!span_n(u->name) || !*name))
		check_say(c, "unix-deleted-name", AT_FIELD(u, "deleted"), "socket "
			  "{id} has no path that could be deleted",
			  VALUES(u->id));
	if (u->state == SK_STATE_ESTABLISHED && u->type != SK_TYPE_DGRAM && !u->peer &&
	    !u->uflags && !is_peer(c, u) && u->shutdown != SHUTDOWN_BOTH)
		check_say(c, "unix-shutdown-peer", AT_FIELD(u, "peer"), "socket "
			  "{id} is connected, but has no peer, and is not shut "
			  "down", VALUES(u->id));
	netdev_judge_ns(c, "unix-ns", u, u->id, u->ns_id);
	if (tasks_dumped(c, NS_MNT) && HAS(u, unixsk, mnt_id) &&
	    (int64_t)u->mnt_id != -1 &&
	    !check_lookup(c, "mnt_entry.mnt_id", u->mnt_id))
		check_say(c, "unix-mnt-id", AT_FIELD(u, "mnt_id"), "{mnt_id} of "
			  "socket {id} is in no mountpoints image",
			  VALUES(u->mnt_id, u->id));
	if (u->uflags & PLUGIN)
		check_say(c, "unix-plugin", AT_FIELD(u, "uflags"), "a plugin "
			  "restores socket {id}", VALUES(u->id));
}

/* A name that will be bound, and what tells it from others. */
struct bound {
	const char *name, *dir;
	uint32_t n, n_dir;
	uint64_t mnt_id, ns_id;
	const struct unixsk *socket;
};

static int compare_bytes(const char *a, uint32_t n, const char *b, uint32_t m)
{
	int d = memcmp(a, b, n < m ? n : m);

	return d ? d : (n > m) - (n < m);
}

static int compare_bound(const void *a, const void *b)
{
	const struct bound *x = a, *y = b;
	int d = compare_bytes(x->name, x->n, y->name, y->n);

	if (!d)
		d = compare_bytes(x->dir, x->n_dir, y->dir, y->n_dir);
	if (!d && x->mnt_id != y->mnt_id)
		d = x->mnt_id < y->mnt_id ? -1 : 1;
	if (!d && x->ns_id != y->ns_id)
		d = x->ns_id < y->ns_id ? -1 : 1;
	return d;
}

static int compare(const void *a, const void *b)
{
	const struct bound *x = a, *y = b;
	int d = compare_bound(a, b);

	return d ? d : (x->socket > y->socket) - (x->socket < y->socket);
}

static void collect(struct check *c, struct check_list *l,
		    const struct unixsk *u)
{
	const char *name = check_text(c, u->name);
	struct bound *b;

	if (!span_n(u->name) || u->deleted || u->uflags & EXTERNAL ||
	    (u->type != SK_TYPE_DGRAM && u->state == SK_STATE_ESTABLISHED))
		return;
	b = check_more(c, l, sizeof(*b));
	if (b)
		*b = (struct bound){ name, check_text(c, u->name_dir),
			span_n(u->name), span_n(u->name_dir), u->mnt_id,
			*name ? 0 : netdev_ns(c, u->ns_id), u };
}

static void judge_names(struct check *c)
{
	struct check_list l = { 0 };
	struct bound *all;

	for EACH(c, T_UNIXSK, unixsk, u)
		collect(c, &l, u);
	all = l.p;
	if (l.n)
		qsort(all, l.n, sizeof(*all), compare);
	for (size_t i = 1; i < l.n; i++)
		if (!compare_bound(&all[i - 1], &all[i]))
			check_say(c, "unix-name-duplicate", AT_FIELD(
				  all[i].socket, "name"), "sockets {id} and "
				  "{other} are both bound to {name:t}",
				  VALUES(all[i].socket->id,
				  all[i - 1].socket->id, all[i].socket->name));
	alloc_free(l.p);
}

static void check(struct check *c)
{
	for EACH(c, T_UNIXSK, unixsk, u)
		judge(c, u);
	judge_names(c);
}

const struct area area_unix = {
	.rules = rules, .tests = tests, .check = check,
};
