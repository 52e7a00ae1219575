// SPDX-License-Identifier: MIT
/*
 * Addresses, routes and rules of each network namespace, as iproute2 wrote them
 * for CRIU.
 *
 *   ifaddr-, route-, route6-, rule-10.img ─► messages ─► records
 *   netdev-10.img ─► rows ─► names of interfaces
 */
#include "report/netlink.h"
#include "view/explorer.h"
#include "view/names.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	INET = 2, INET6 = 10,
	/* attributes of addresses, routes and rules */
	ADDRESS = 1, LOCAL = 2,
	DST = 1, OIF = 4, GATEWAY = 5, PRIORITY = 6, PREFSRC = 7, TABLE = 15,
	RULE_SRC = 2, RULE_IIF = 3, RULE_MARK = 10, RULE_OIF = 17,
};

static const struct row_column columns[] = {
	{ "ifindex", "ifindex", NULL }, { "name", "name", NULL },
};

static const struct row_source sources[] = {
	{ "NETDEV", "netdev-", "", columns, 2, false, "net_ns" },
};

struct job {
	struct view *v;
	uint32_t ns;
};

static void put_family(struct view *v, unsigned family)
{
	if (family == INET || family == INET6)
		view_string(v, "family", family == INET ? "inet" : "inet6");
	else
		view_number(v, "family", family);
}

static void put_dev(const struct job *j, uint64_t ifindex)
{
	struct view *v = j->v;
	const struct row_cell *cells = v->model->cells.p;
	const struct row *r = NULL;

	view_number(v, "ifindex", ifindex);
	while ((r = rows_next(v->model, 0, j->ns, r))) {
		const struct row_cell *c = &cells[r->cells];

		if (!c[0].f || !c[1].f || c[0].number != ifindex)
			continue;
		view_bytes(v, "dev", (const char *)v->model->text.p + c[1].at,
			   c[1].size);
		return;
	}
}

/* "10.77.1.0/24"; without an address: none, in the words of ip(8). */
static void put_prefix(struct view *v, const char *key, unsigned family,
		       const uint8_t *p, size_t n, unsigned bits,
		       const char *none)
{
	char text[INET6_ADDRSTRLEN];
	unsigned all = family == INET ? 32 : 128;

	if (p && n >= all / 8 &&
	    inet_ntop(family == INET ? AF_INET : AF_INET6, p, text, sizeof(text))) {
		view_line(v);
		view_add(v, "%s", text);
		if (bits < all || !strcmp(key, "address"))
			view_add(v, "/%u", bits);
		view_value(v, key);
	} else if (none) {
		view_string(v, key, none);
	}
}

static void put_attribute(struct view *v, const char *key,
			  const struct netlink_message *m, unsigned type,
			  unsigned bits, const char *none)
{
	size_t n = 0;
	const uint8_t *p = netlink_attribute(m, type, 4, &n);

	put_prefix(v, key, m->p[0], p, n, bits, none);
}

static void put_word(struct view *v, const char *key,
		     const struct netlink_message *m, unsigned type)
{
	size_t n;
	const uint8_t *p = netlink_attribute(m, type, 4, &n);

	if (p)
		view_number(v, key, wire_get32(p));
}

static void put_text(struct view *v, const char *key,
		     const struct netlink_message *m, unsigned type)
{
	size_t n;
	const uint8_t *p = netlink_attribute(m, type, 1, &n);

	if (p)
		view_bytes(v, key, p, strnlen((const char *)p, n));
}

static void put_scope(struct view *v, unsigned scope)
{
	static const struct bit_name scopes[] = {
		{ 0, "global" }, { 200, "site" }, { 253, "link" }, { 254, "host" },
		{ 255, "nowhere" },
	};

	for (size_t i = 0; i < sizeof(scopes) / sizeof(*scopes); i++)
		if (scopes[i].bit == scope) {
			view_string(v, "scope", scopes[i].name);
			return;
		}
	view_number(v, "scope", scope);
}

static void put_table(struct view *v, const struct netlink_message *m)
{
	static const char *const names[] = { "default", "main", "local" };
	size_t n;
	const uint8_t *p = netlink_attribute(m, TABLE, 4, &n);
	uint32_t table = p ? wire_get32(p) : m->p[4];

	if (table >= 253 && table <= 255)
		view_string(v, "table", names[table - 253]);
	else
		view_number(v, "table", table);
}

static void address(const struct job *j, const struct netlink_message *m)
{
	struct view *v = j->v;
	size_t n = 0;
	const uint8_t *p = netlink_attribute(m, LOCAL, 4, &n);

	if (!p)
		p = netlink_attribute(m, ADDRESS, 4, &n);
	put_dev(j, wire_get32(m->p + 4));
	put_prefix(v, "address", m->p[0], p, n, m->p[1], NULL);
	put_scope(v, m->p[3]);
}

static void route(const struct job *j, const struct netlink_message *m)
{
	static const char *const types[] = {
		"unspec", "unicast", "local", "broadcast", "anycast", "multicast",
		"blackhole", "unreachable", "prohibit", "throw", "nat",
	};
	static const char *const protocols[] = {
		"unspec", "redirect", "kernel", "boot", "static",
	};
	struct view *v = j->v;
	size_t n;
	const uint8_t *p = netlink_attribute(m, OIF, 4, &n);

	put_attribute(v, "dest", m, DST, m->p[1], "default");
	put_attribute(v, "gateway", m, GATEWAY, 128, NULL);
	if (p)
		put_dev(j, wire_get32(p));
	put_attribute(v, "source", m, PREFSRC, 128, NULL);
	put_table(v, m);
	view_named(v, "type", NAMES(types), m->p[7]);
	view_named(v, "protocol", NAMES(protocols), m->p[5]);
	put_scope(v, m->p[6]);
	put_word(v, "metric", m, PRIORITY);
}

static void rule(const struct job *j, const struct netlink_message *m)
{
	static const char *const actions[] = {
		"unspec", "lookup", "goto", "nop", NULL, NULL, "blackhole",
		"unreachable", "prohibit",
	};
	struct view *v = j->v;
	const uint8_t *p;
	size_t n;

	put_attribute(v, "source", m, RULE_SRC, m->p[2], "all");
	put_attribute(v, "dest", m, DST, m->p[1], NULL);
	put_text(v, "iif", m, RULE_IIF);
	put_text(v, "oif", m, RULE_OIF);
	put_word(v, "mark", m, RULE_MARK);
	put_table(v, m);
	view_named(v, "type", NAMES(actions), m->p[7]);
	p = netlink_attribute(m, PRIORITY, 4, &n);
	view_number(v, "priority", p ? wire_get32(p) : 0);
}

static const struct {
	unsigned type;
	const char *kind;
	void (*put)(const struct job *, const struct netlink_message *);
} kinds[] = {
	{ NETLINK_ADDRESS, "address", address }, { NETLINK_ROUTE, "route", route },
	{ NETLINK_RULE, "rule", rule },
};

static void record(void *ctx, const struct netlink_message *m)
{
	const struct job *j = ctx;
	struct view *v = j->v;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (kinds[i].type != m->type)
			continue;
		view_open(v, NULL, '{');
		view_number(v, "net_ns", j->ns);
		view_string(v, "kind", kinds[i].kind);
		put_family(v, m->p[0]);
		kinds[i].put(j, m);
		view_close(v, '}');
	}
}

/* Whether it is one of these images, and of which namespace. */
static bool is_image(const char *name, const char *prefix, uint32_t *ns)
{
	size_t n = strlen(prefix);
	char *end;

	if (strncmp(name, prefix, n) || name[n] < '0' || name[n] > '9')
		return false;
	*ns = (uint32_t)strtoul(name + n, &end, 10);
	return !strcmp(end, ".img");
}

static void put_image(struct view *v, const char *name, uint32_t ns)
{
	struct job j = { v, ns };
	struct crit_error err;
	struct blob b;

	error_clear(&err);
	if (store_blob(v->dir, name, &b, &err))
		netlink_read(&b, record, &j, &err);
	blob_close(&b);
	if (error_is(&err))
		v->model->report(v->model->ctx, &err);
}

static void print(struct view *v)
{
	static const char *const prefixes[] = {
		"ifaddr-", "route-", "route6-", "rule-",
	};

	if (v->format == VIEW_JSON)
		view_open(v, NULL, '[');
	for (size_t p = 0; p < sizeof(prefixes) / sizeof(*prefixes); p++)
		for (size_t i = 0; v->dir && i < v->dir->n; i++) {
			uint32_t ns;

			if (is_image(v->dir->files[i].name, prefixes[p], &ns))
				put_image(v, v->dir->files[i].name, ns);
		}
	if (v->format == VIEW_JSON)
		view_close(v, ']');
}

const struct explorer explorer_routes = {
	.name = "routes",
	.about = "addresses, routes and rules of each network namespace",
	.columns = "net_ns kind family? dev address dest gateway source table? "
		"type? protocol? scope? metric? priority? iif oif mark? ifindex?",
	.images = EXPLORE_TASKS | MODEL_ROWS,
	.text_is_table = true, .needs_files = true,
	.sources = sources, .n_sources = 1, .print = print,
};
