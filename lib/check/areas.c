// SPDX-License-Identifier: MIT
/*
 * All areas, in the order in which they see the rows: areas that mark files and
 * images as used come before the area that reports unused ones.
 */
#include "check/areas.h"

#include <stdio.h>
#include <string.h>

const struct area *const check_areas[] = {
	&area_framing, &area_inventory, &area_pstree, &area_sessions, &area_ids,
	&area_core, &area_thread, &area_x86, &area_timers, &area_mm, &area_vma,
	&area_shared, &area_pagemap, &area_parent, &area_files, &area_reg,
	&area_remap, &area_fdinfo, &area_pipes, &area_unix, &area_queues,
	&area_inet, &area_net_files, &area_events, &area_watches, &area_memfd,
	&area_tty, &area_locks, &area_cgroup, &area_ipc, &area_namespaces,
	&area_mounts, &area_mounted, &area_sharing, &area_netdev, &area_raw,
	&area_users, &area_unused, &area_host_files, &area_host_pids,
	&area_host_net, &area_host_mounts, &area_host_memory, &area_host_kernel,
	NULL,
};

const struct rule *check_rule(size_t n)
{
	for (size_t i = 0; check_areas[i]; i++)
		for (const struct rule *r = check_areas[i]->rules; r && r->id;
		     r++)
			if (!n--)
				return r;
	return NULL;
}

/* NULL: a mistake in the tables; a unit test looks at all of them. */
const struct rule *check_rule_of(const char *id)
{
	for (size_t i = 0; check_areas[i]; i++)
		for (const struct rule *r = check_areas[i]->rules; r && r->id;
		     r++)
			if (r->id == id || !strcmp(r->id, id))
				return r;
	return NULL;
}

const char check_options[] =
	"tcp-established tcp-close ext-unix-sk shell-job file-locks link-remap "
	"external ext-mount-map inherit-fd root lazy-pages manage-cgroups "
	"deprecated allow-uprobes skip-file-rwx-check file-validation "
	"lsm-profile join-ns empty-ns enable-external-masters cpu-cap "
	"mntns-compat-mode";

bool check_allows(const struct check *c, const char *option)
{
	size_t n = strlen(option);

	for (size_t i = 0; i < c->n_allow; i++)
		if (!strncmp(c->allow[i], option, n) &&
		    (!c->allow[i][n] || c->allow[i][n] == '=' ||
		     (option[n - 1] == ']' && c->allow[i][n] == ':')))
			return true;
	return false;
}

void check_option(char *buf, size_t n, const char *option, const char *key,
		  size_t key_n)
{
	snprintf(buf, n, "%s[%.*s]", option, (int)key_n, key);
}
