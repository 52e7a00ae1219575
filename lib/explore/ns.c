// SPDX-License-Identifier: MIT
/*
 * Namespaces: which ones each task is in, and what images say of them.
 */
#include "view/explorer.h"
#include "view/names.h"

#define NS(name) { #name "_ns", #name "_ns_id", NULL }

static const struct row_column ids[] = {
	NS(pid), NS(net), NS(ipc), NS(uts), NS(mnt), NS(user), NS(cgroup),
	NS(time),
};

static const struct row_column uts[] = {
	{ "hostname", "nodename", NULL }, { "domainname", "domainname", NULL },
};

static const struct row_source sources[] = {
	{ "IDS", "ids-", "", ids, 8, true, NULL },
	{ "CORE", "core-", "ids", ids, 8, true, NULL },
	{ "UTSNS", "utsns-", "", uts, 2, false, "uts_ns" },
};

const struct explorer explorer_ns = {
	.name = "ns",
	.meant = "namespaces",
	.about = "namespaces of each task, and host names",
	.images = EXPLORE_TASKS | MODEL_ROWS,
	.text_is_table = true,
	.sources = sources, .n_sources = 3,
};
