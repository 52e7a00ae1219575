// SPDX-License-Identifier: MIT
/*
 * System V segments, queues and semaphores.
 */
#include "view/explorer.h"
#include "view/names.h"

#include <stdio.h>

static void put_kind(struct view *v, const char *key, const struct row *row,
		     const struct row_cell *cell)
{
	static const char *const kinds[] = { "shm", "msg", "sem" };

	(void)cell;
	view_string(v, key, kinds[row->source]);
}

static void put_mode(struct view *v, const char *key, const struct row *row,
		     const struct row_cell *cell)
{
	char text[16];

	(void)row;
	snprintf(text, sizeof(text), "0%o", (unsigned)cell->number);
	view_string(v, key, text);
}

static void put_key(struct view *v, const char *key, const struct row *row,
		    const struct row_cell *cell)
{
	(void)row;
	view_hex(v, key, cell->number);
}

#define ALL \
	{ "kind", NULL, put_kind }, { "id", "desc.id", NULL }, \
	{ "key", "desc.key", put_key }, { "mode", "desc.mode", put_mode }, \
	{ "uid", "desc.uid", NULL }, { "gid", "desc.gid", NULL }

static const struct row_column segments[] = { ALL, { "size", "size", NULL } };
static const struct row_column queues[] = {
	ALL, { "messages", "qnum", NULL }, { "max_bytes", "qbytes", NULL },
};
static const struct row_column semaphores[] = {
	ALL, { "semaphores", "nsems", NULL },
};

static const struct row_source sources[] = {
	{ "IPCNS_SHM", "ipcns-shm-", "", segments, 7, false, "ipc_ns" },
	{ "IPCNS_MSG", "ipcns-msg-", "", queues, 8, false, "ipc_ns" },
	{ "IPCNS_SEM", "ipcns-sem-", "", semaphores, 7, false, "ipc_ns" },
};

const struct explorer explorer_ipc = {
	.name = "ipc",
	.meant = "shm sem msg",
	.about = "System V shared memory, queues and semaphores",
	.columns = "ipc_ns kind id key mode uid? gid? size messages max_bytes "
		"semaphores",
	.images = EXPLORE_TASKS | MODEL_ROWS,
	.text_is_table = true,
	.sources = sources, .n_sources = 3,
};
