// SPDX-License-Identifier: MIT
/*
 * User, groups and capabilities of each task.
 */
#include "view/explorer.h"
#include "view/names.h"

#include <stdio.h>
#include <string.h>

static const char *const capabilities[] = {
	"chown", "dac_override", "dac_read_search", "fowner", "fsetid", "kill",
	"setgid", "setuid", "setpcap", "linux_immutable", "net_bind_service",
	"net_broadcast", "net_admin", "net_raw", "ipc_lock", "ipc_owner",
	"sys_module", "sys_rawio", "sys_chroot", "sys_ptrace", "sys_pacct",
	"sys_admin", "sys_boot", "sys_nice", "sys_resource", "sys_time",
	"sys_tty_config", "mknod", "lease", "audit_write", "audit_control",
	"setfcap", "mac_override", "mac_admin", "syslog", "wake_alarm",
	"block_suspend", "audit_read", "perfmon", "bpf", "checkpoint_restore",
};

enum { CAPABILITIES = sizeof(capabilities) / sizeof(*capabilities) };

/* Words of 32 bits, the low one first. */
static uint64_t set_of(struct view *v, const struct row_cell *cell)
{
	uint64_t word[2] = { 0 };

	memcpy(word, (const char *)v->model->text.p + cell->at,
	       cell->size < sizeof(word) ? cell->size : sizeof(word));
	return word[1] << 32 | (uint32_t)word[0];
}

/* Most of them: people see better which it lacks. */
static void put_lacking(struct view *v, uint64_t lacks)
{
	view_string(v, NULL, "all");
	for (unsigned i = 0; i < CAPABILITIES; i++) {
		char text[32];

		if (!(lacks >> i & 1))
			continue;
		snprintf(text, sizeof(text), "-%s", capabilities[i]);
		view_string(v, NULL, text);
	}
}

static void put_set(struct view *v, const char *key, const struct row *row,
		    const struct row_cell *cell)
{
	const uint64_t all = (UINT64_C(1) << CAPABILITIES) - 1;
	uint64_t set = cell->size ? set_of(v, cell) : 0;

	(void)row;
	view_open(v, key, '[');
	if (v->table && __builtin_popcountll(set & all) > CAPABILITIES / 2)
		put_lacking(v, ~set & all);
	else
		for (unsigned i = 0; i < 64; i++)
			if (set >> i & 1)
				view_named(v, NULL, NAMES(capabilities), i);
	view_close(v, ']');
}

static const struct row_column columns[] = {
	{ "uid", "uid", NULL }, { "gid", "gid", NULL },
	{ "euid", "euid", NULL }, { "egid", "egid", NULL },
	{ "groups", "groups", NULL },
	{ "effective", "cap_eff", put_set },
	{ "permitted", "cap_prm", put_set },
	{ "inheritable", "cap_inh", put_set },
	{ "bounding", "cap_bnd", put_set },
	{ "ambient", "cap_amb", put_set },
	{ "secbits", "secbits", NULL },
	{ "no_new_privs", "no_new_privs", NULL },
	{ "lsm_profile", "lsm_profile", NULL },
};

enum { COLUMNS = sizeof(columns) / sizeof(*columns) };

static const struct row_source sources[] = {
	{ "CORE", "core-", "thread_core.creds", columns, COLUMNS, true, NULL },
	{ "CREDS", "creds-", "", columns, COLUMNS, true, NULL },
};

const struct explorer explorer_creds = {
	.name = "creds",
	.meant = "capabilities users",
	.about = "user, groups and capabilities of each task",
	.columns = "pid uid gid euid? egid? groups effective permitted? "
		"inheritable? bounding? ambient? secbits? no_new_privs? "
		"lsm_profile",
	.images = EXPLORE_TASKS | MODEL_ROWS,
	.text_is_table = true,
	.sources = sources, .n_sources = 2,
};
