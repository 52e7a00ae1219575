// SPDX-License-Identifier: MIT
/*
 * Families, protocols, states and addresses of sockets, by name.
 */
#include "schema/pretty.h"
#include "view/view.h"

#include <inttypes.h>

uint32_t view_socket_family(int32_t type, const struct model_socket *s)
{
	switch (type) {
	case FD_UNIXSK:
		return SK_FAMILY_UNIX;
	case FD_PACKETSK:
		return SK_FAMILY_PACKET;
	case FD_NETLINKSK:
		return SK_FAMILY_NETLINK;
	default:
		return s->family;
	}
}

/* Names of netlink's protocols, which are numbers of their own. */
static const char *netlink_name(uint32_t n)
{
	static const char *const names[] = {
		"ROUTE", "UNUSED", "USERSOCK", "FIREWALL", "SOCK_DIAG",
		"NFLOG", "XFRM", "SELINUX", "ISCSI", "AUDIT", "FIB_LOOKUP",
		"CONNECTOR", "NETFILTER", "IP6_FW", "DNRTMSG",
		"KOBJECT_UEVENT", "GENERIC", NULL, "SCSITRANSPORT",
		"ECRYPTFS", "RDMA", "CRYPTO", "SMC",
	};

	return n < sizeof(names) / sizeof(*names) ? names[n] : NULL;
}

static void add_name(struct view *v, const char *name, uint32_t n)
{
	if (name)
		view_add(v, "%s", name);
	else
		view_add(v, "%" PRIu32, n);
}

void view_add_socket_family(struct view *v, const struct view_socket *k)
{
	uint32_t n = view_socket_family(k->fd->type, k->s);

	add_name(v, view_name(v, "x.family", n), n);
}

void view_add_socket_type(struct view *v, const struct view_socket *k)
{
	if (k->s->type)
		add_name(v, view_name(v, "x.type", k->s->type), k->s->type);
}

void view_add_socket_protocol(struct view *v, const struct view_socket *k)
{
	uint32_t n = k->s->protocol;

	if (k->fd->type == FD_PACKETSK)
		view_add(v, v->format == VIEW_TEXT || v->table ? "0x%04" PRIx32 :
			 "%" PRIu32, n);
	else if (k->fd->type == FD_NETLINKSK)
		add_name(v, netlink_name(n), n);
	else if (k->fd->type == FD_INETSK)
		add_name(v, view_name(v, "x.protocol", n), n);
}

void view_add_socket_state(struct view *v, const struct view_socket *k)
{
	if (k->s->state)
		add_name(v, view_name(v, "x.state", k->s->state), k->s->state);
}

static bool is_mapped(const uint32_t *w)
{
	return !w[0] && !w[1] && w[2] == 0xffff0000;
}

/* Nothing where an address has neither one word nor four. */
void view_add_socket_address(struct view *v, const struct view_socket *k,
			     int side)
{
	const uint32_t *w = k->s->address[side];
	uint32_t n = k->s->n_words[side];
	bool mapped = n == 4 && is_mapped(w);
	char text[64], *end;

	if (!address_fits(n))
		return;
	end = pretty_address(text, mapped ? w + 3 : w, mapped ? 1 : n);
	end[-1] = 0;
	view_add(v, "%s%s", mapped ? "::ffff:" : "", text + 1);
}

/* Where it is, where it goes to. */

static void add_inet_end(struct view *v, const struct view_socket *k, int side)
{
	bool v6 = k->s->n_words[side] == 4;

	view_add(v, v6 ? "[" : "");
	view_add_socket_address(v, k, side);
	view_add(v, v6 ? "]:%" PRIu32 : ":%" PRIu32, k->s->port[side]);
}

static void add_unix_end(struct view *v, const struct view_socket *k, int side)
{
	uint32_t ino = side ? k->file->peer : k->file->ino;

	if (ino)
		view_add(v, "[%" PRIu32 "]", ino);
}

void view_add_socket_end(struct view *v, const struct view_socket *k, int side)
{
	switch (k->fd->type) {
	case FD_INETSK:
		add_inet_end(v, k, side);
		break;
	case FD_UNIXSK:
		add_unix_end(v, k, side);
		break;
	case FD_PACKETSK:
		if (!side)
			view_add(v, "if%" PRIu32, k->s->port[0]);
		break;
	default:
		view_add(v, "%" PRIu32, k->s->port[side]);
	}
}

/* The name of a unix socket: as a path, or @abstract. */
static bool add_name_of(struct view *v, const struct view_socket *k)
{
	const char *name = model_text(v->model, k->file->name);
	size_t n = k->file->name.len;

	if (!n)
		return false;
	if (!*name)
		view_add(v, "@");
	else if (!name[n - 1])		/* the NUL of sun_path */
		n--;
	view_add_bytes(v, name + !*name, n - !*name);
	return true;
}

void view_add_socket_place(struct view *v, const struct view_socket *k, int side)
{
	if (k->fd->type != FD_UNIXSK)
		view_add_socket_end(v, k, side);
	else if (side || !add_name_of(v, k))
		add_unix_end(v, k, side);
}

bool view_socket_has_peer(const struct view_socket *k)
{
	return k->fd->type == FD_UNIXSK ? k->file->peer : k->fd->type == FD_INETSK &&
		k->s->port[1];
}

void view_add_socket(struct view *v, const struct view_socket *k)
{
	if (k->fd->type == FD_UNIXSK) {
		view_add(v, "unix ");
		view_add_socket_type(v, k);
	} else if (k->fd->type == FD_PACKETSK) {
		view_add(v, "packet 0x%04" PRIx32, k->s->protocol);
	} else {
		view_add(v, k->fd->type == FD_NETLINKSK ? "netlink " : "");
		view_add_socket_protocol(v, k);
	}
	view_add(v, " ");
	view_add_socket_place(v, k, 0);
	if (view_socket_has_peer(k)) {
		view_add(v, " -> ");
		view_add_socket_place(v, k, 1);
	}
	if (!k->s->state || k->fd->type == FD_NETLINKSK)
		return;
	view_add(v, " ");
	view_add_socket_state(v, k);
}

bool view_is_socket(int32_t type)
{
	return type == FD_INETSK || type == FD_UNIXSK || type == FD_PACKETSK ||
	       type == FD_NETLINKSK;
}

struct view_socket view_socket_of(struct view *v, const struct model_task *t,
			   const struct model_fd *fd)
{
	struct view_socket k = {
		t, fd, view_file(v, fd->type, fd->id), NULL,
	};

	if (k.file && k.file->socket)
		k.s = (struct model_socket *)v->model->sockets.p +
			k.file->socket - 1;
	return k;
}
