// SPDX-License-Identifier: MIT
/*
 * Network interfaces of each network namespace.
 */
#include "view/explorer.h"
#include "view/names.h"

#include <stdio.h>

static const struct bit_name flags[] = {
	{ 0x1, "up" }, { 0x2, "broadcast" }, { 0x8, "loopback" },
	{ 0x10, "pointopoint" }, { 0x40, "running" }, { 0x80, "noarp" },
	{ 0x100, "promisc" }, { 0x200, "allmulti" }, { 0x400, "master" },
	{ 0x800, "slave" }, { 0x1000, "multicast" }, { 0x10000, "lower_up" },
};

static void put_flags(struct view *v, const char *key, const struct row *row,
		      const struct row_cell *cell)
{
	(void)row;
	view_bits(v, key, NAMES(flags), cell->number);
}

static void put_address(struct view *v, const char *key, const struct row *row,
			const struct row_cell *cell)
{
	const uint8_t *p = (const uint8_t *)v->model->text.p + cell->at;
	char text[3 * 32 + 1] = "", *to = text;

	(void)row;
	for (uint32_t i = 0; i < cell->size && i < 32; i++)
		to += sprintf(to, i ? ":%02x" : "%02x", p[i]);
	view_string(v, key, text);
}

static const struct row_column columns[] = {
	{ "ifindex", "ifindex", NULL }, { "name", "name", NULL },
	{ "type", "type", NULL }, { "mtu", "mtu", NULL },
	{ "address", "address", put_address }, { "flags", "flags", put_flags },
	{ "peer_ifindex", "peer_ifindex", NULL }, { "peer_nsid", "peer_nsid", NULL },
	{ "master", "master", NULL },
};

static const struct row_source sources[] = {
	{ "NETDEV", "netdev-", "", columns,
	  sizeof(columns) / sizeof(*columns), false, "net_ns" },
};

const struct explorer explorer_net = {
	.name = "net",
	.meant = "interfaces addresses ip",
	.about = "network interfaces of each network namespace",
	.columns = "net_ns ifindex name type address mtu? flags master? "
		"peer_ifindex? peer_nsid?",
	.images = EXPLORE_TASKS | MODEL_ROWS,
	.text_is_table = true,
	.sources = sources, .n_sources = 1,
};
