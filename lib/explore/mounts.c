// SPDX-License-Identifier: MIT
/*
 * Mounts of each mount namespace.
 */
#include "view/explorer.h"
#include "view/names.h"

static const struct bit_name flags[] = {
	{ 0x1, "ro" }, { 0x2, "nosuid" }, { 0x4, "nodev" }, { 0x8, "noexec" },
	{ 0x10, "sync" }, { 0x40, "mand" }, { 0x80, "dirsync" },
	{ 0x400, "noatime" }, { 0x800, "nodiratime" }, { 0x1000, "bind" },
	{ 0x20000, "unbindable" }, { 0x40000, "private" }, { 0x80000, "slave" },
	{ 0x100000, "shared" }, { 0x200000, "relatime" },
	{ 0x1000000, "strictatime" }, { 0x2000000, "lazytime" },
};

/* enum fstype of mnt.proto. */
static const char *const types[] = {
	NULL, "proc", "sysfs", "devtmpfs", "binfmt_misc", "tmpfs", "devpts",
	"simfs", "pstore", "securityfs", "fusectl", "debugfs", "cgroup", "aufs",
	"mqueue", "fuse", "auto", "overlay", "autofs", "tracefs", NULL, NULL,
	NULL, "cgroup2",
};

static void put_flags(struct view *v, const char *key, const struct row *row,
		      const struct row_cell *cell)
{
	(void)row;
	view_bits(v, key, NAMES(flags), cell->number);
}

static void put_type(struct view *v, const char *key, const struct row *row,
		     const struct row_cell *cell)
{
	(void)row;
	/* of AUTO the name is given: fsname */
	if (cell[1].f)
		view_bytes(v, key, (const char *)v->model->text.p + cell[1].at,
			   cell[1].size);
	else
		view_named(v, key, NAMES(types), cell->number);
}

static const struct row_column columns[] = {
	{ "id", "mnt_id", NULL }, { "parent", "parent_mnt_id", NULL },
	{ "type", "fstype", put_type }, { NULL, "fsname", NULL },
	{ "device", "root_dev", NULL },
	{ "root", "root", NULL }, { "mountpoint", "mountpoint", NULL },
	{ "source", "source", NULL }, { "flags", "flags", put_flags },
	{ "options", "options", NULL },
	{ "shared", "shared_id", NULL }, { "master", "master_id", NULL },
	{ "external", "ext_key", NULL },
};

static const struct row_source sources[] = {
	{ "MNTS", "mountpoints-", "", columns,
	  sizeof(columns) / sizeof(*columns), false, "mnt_ns" },
};

const struct explorer explorer_mounts = {
	.name = "mounts",
	.about = "mounts of each mount namespace",
	.columns = "mnt_ns mountpoint type source flags? options? root? device? "
		"id? parent? shared? master? external?",
	.images = EXPLORE_TASKS | MODEL_ROWS,
	.text_is_table = true,
	.sources = sources, .n_sources = 1,
};
