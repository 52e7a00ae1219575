// SPDX-License-Identifier: MIT
/*
 * --host: pids, descriptors, sessions, capabilities, security modules.
 */
#include "check/files.h"
#include "check/host.h"
#include "check/rows_ns.h"
#include "check/tasks.h"
#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct rule rules[] = {
	{ "host-pid-used", ERROR, "a pid is in use" },
	{ "host-pid-max", WARNING, "a pid is not below kernel.pid_max" },
	{ "host-nr-open", ERROR, "a descriptor is not below fs.nr_open" },
	{ "host-shell-job-clash", ERROR, "the session or group of the caller is "
		"in the images" },
	{ "host-lsm", ERROR, "another security module than that of the dump" },
	{ "host-capability", ERROR, "restore needs more rights" },
	{ "host-last-cap", WARNING, "a capability that this kernel does not "
		"have" },
	{ "host-id-map", WARNING, "a map of ids that the caller may not write" },
	{ 0 },
};

static bool is_used(uint64_t pid)
{
	char path[48];

	snprintf(path, sizeof(path), "/proc/%llu", (unsigned long long)pid);
	return !access(path, F_OK);
}

static void judge_number(struct check *c, const struct pstree *e,
			 const char *field, uint64_t n, uint64_t max)
{
	if (!tasks_dumped(c, NS_PID) && n && is_used(n))
		check_say(c, "host-pid-used", AT_FIELD(e, field), "{pid} is in "
			  "use on this machine", VALUES(n));
	if (max && n >= max)
		check_say(c, "host-pid-max", AT_FIELD(e, field), "{pid} is not "
			  "below kernel.pid_max, {max}: restore must raise it",
			  VALUES(n, max));
}

static void judge_pids(struct check *c, const struct task *t, uint64_t max)
{
	const struct pstree *e = t->entry;
	bool job = t == c->root && check_allows(c, "shell-job");

	judge_number(c, e, "pid", e->pid, max);
	for (uint32_t i = 1; i < span_n(e->threads); i++)
		judge_number(c, e, "threads", check_number(c, e->threads, i), max);
	if (!job && !tasks_find(c, e->pgid))
		judge_number(c, e, "pgid", e->pgid, max);
	if (!job && e->sid != e->pgid && !tasks_find(c, e->sid))
		judge_number(c, e, "sid", e->sid, max);
}

static void judge_descriptors(struct check *c)
{
	uint64_t max;

	if (!host_number(c, "/proc/sys/fs/nr_open", &max))
		return;
	for EACH(c, T_FDINFO, fdinfo, f)
		if (f->fd >= max)
			check_say(c, "host-nr-open", AT_FIELD(f, "fd"), "{fd} is "
				  "not below fs.nr_open, {max}",
				  VALUES(f->fd, max));
}

static void judge_clash(struct check *c, uint64_t n, const char *what)
{
	if (check_lookup(c, "pstree_entry.pid", n) ||
	    check_lookup(c, "pstree_entry.sid", n) ||
	    check_lookup(c, "pstree_entry.pgid", n))
		check_say(c, "host-shell-job-clash", NOWHERE, "{number}, {what:s} "
			  "of the caller, is in the images",
			  VALUES(n, STRING(what)));
}

static void judge_job(struct check *c)
{
	const struct task *root = c->root;

	if (!root || !check_allows(c, "shell-job") ||
	    root->entry->sid == root->pid)
		return;
	judge_clash(c, (uint64_t)getsid(0), "the session");
	if (root->entry->pgid != root->pid)
		judge_clash(c, (uint64_t)getpgid(0), "the group");
}

static bool has_module(struct check *c, uint64_t lsm)
{
	if (lsm == 1)
		return !access("/sys/fs/selinux/enforce", F_OK);
	return !access("/sys/kernel/security/apparmor", F_OK) ||
	       host_has_word(c, "/sys/module/apparmor/parameters/enabled", "Y", 1);
}

static void judge_lsm(struct check *c)
{
	const struct inventory *inv = tasks_inventory(c);

	if (!inv || !inv->lsmtype || inv->lsmtype > 2 ||
	    check_allows(c, "lsm-profile") || has_module(c, inv->lsmtype))
		return;
	for EACH(c, T_CREDS, creds, k)
		if (k->lsm_profile || k->lsm_sockcreate)
			check_say(c, "host-lsm", AT_FIELD(k, "lsm_profile"),
				  "{profile:t}: this kernel does not use {lsm:s}",
				  VALUES(k->lsm_profile, STRING(inv->lsmtype == 1 ?
				  "SELinux" : "AppArmor")));
}

static void judge_caps(struct check *c, const struct creds *k,
		       const char *field, uint64_t caps, uint64_t last)
{
	uint64_t all = check_number(c, caps, 0) |
		check_number(c, caps, 1) << 32;

	if (last < 63 && all >> (last + 1))
		check_say(c, "host-last-cap", AT_FIELD(k, field), "{value:x} has "
			  "capabilities above {last}, the last of this kernel",
			  VALUES(all, last));
}

static void judge_capabilities(struct check *c)
{
	uint64_t last;

	if (geteuid() && !host_capable(c, 21) && !host_capable(c, 40))
		check_say(c, "host-capability", NOWHERE, "restore needs root, or "
			  "CAP_CHECKPOINT_RESTORE", NULL);
	if (!host_number(c, "/proc/sys/kernel/cap_last_cap", &last))
		return;
	for EACH(c, T_CREDS, creds, k) {
		judge_caps(c, k, "cap_prm", k->cap_prm, last);
		judge_caps(c, k, "cap_inh", k->cap_inh, last);
		judge_caps(c, k, "cap_bnd", k->cap_bnd, last);
	}
}

/* Whether ids from..from+count lie in one line of a map of this process. */
static bool is_mapped(const char *map, uint64_t from, uint64_t count)
{
	while (*map) {
		char *end;
		uint64_t in = strtoull(map, &end, 10), n;

		strtoull(end, &end, 10);	/* outside */
		n = strtoull(end, &end, 10);
		if (from >= in && from + count <= in + n)
			return true;
		map = end + strcspn(end, "\n");
		map += *map == '\n';
	}
	return false;
}

static void judge_map(struct check *c, const char *path, uint64_t rows)
{
	char *map = host_text(c, path);

	for (uint32_t i = 0; map && i < span_n(rows); i++) {
		const struct extent *e = check_nth(c, T_EXTENT, rows, i);

		if (!is_mapped(map, e->lower_first, e->count) ||
		    (geteuid() && !host_capable(c, 7)))
			check_say(c, "host-id-map", AT(e), "ids {lower_first} to "
				  "{end} are not the caller's to give",
				  VALUES(e->lower_first,
					 e->lower_first + e->count));
	}
	alloc_free(map);
}

static void check(struct check *c)
{
	uint64_t max = 0;

	if (!c->host)
		return;
	host_number(c, "/proc/sys/kernel/pid_max", &max);
	for EACH_TASK(c, t)
		judge_pids(c, t, max);
	judge_descriptors(c);
	judge_job(c);
	judge_lsm(c);
	judge_capabilities(c);
	for EACH(c, T_USERNS, userns, u) {
		judge_map(c, "/proc/self/uid_map", u->uid_map);
		judge_map(c, "/proc/self/gid_map", u->gid_map);
	}
}

const struct area area_host_pids = { .rules = rules, .check = check };
