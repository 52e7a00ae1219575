// SPDX-License-Identifier: MIT
/*
 * --host: mounts, control groups, and the options that restore will get.
 */
#include "check/files.h"
#include "check/host.h"
#include "check/mounts.h"
#include "base/alloc.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct rule rules[] = {
	{ "host-external-key", ERROR, "an option for something that the "
		"checkpoint does not have" },
	{ "host-root-dir", ERROR, "--root is no mount point, or lacks "
		"directories" },
	{ "host-mount-source", WARNING, "a file system that this kernel does "
		"not know" },
	{ "host-tmpfs-tar", ERROR, "tar or gzip is missing" },
	{ "host-cgroup-controller", WARNING, "a controller that this kernel "
		"does not have" },
	{ 0 },
};

static bool is_text(const struct check *c, uint64_t span, const char *p, size_t n)
{
	return span_n(span) == n && !memcmp(check_text(c, span), p, n);
}

static bool has_mount(const struct check *c, const char *key, size_t n)
{
	for EACH(c, T_MNT, mnt, m)
		if (is_text(c, m->ext_key, key, n) ||
		    (m->ext_mount && is_text(c, m->root, key, n)))
			return true;
	return false;
}

static bool has_device(const struct check *c, const char *key, size_t n)
{
	for EACH(c, T_NETDEV, netdev, d)
		if (is_text(c, d->name, key, n))
			return true;
	return false;
}

static bool has_key(const struct check *c, const char *key, size_t n)
{
	for EACH(c, T_PIDNS, pidns, p)
		if (is_text(c, p->ext_key, key, n))
			return true;
	for EACH(c, T_NETNS, netns, s)
		if (is_text(c, s->ext_key, key, n))
			return true;
	for EACH(c, T_REG, reg, r)
		if (r->ext && is_text(c, r->name, key, n))
			return true;
	return false;
}

static const struct {
	const char *option;
	bool (*has)(const struct check *, const char *key, size_t n);
} keyed[] = {
	{ "external=mnt[", has_mount }, { "external=veth[", has_device },
	{ "external=macvlan[", has_device }, { "inherit-fd=fd[", has_key },
};

static void judge_option(struct check *c, const char *option)
{
	for (size_t i = 0; i < sizeof(keyed) / sizeof(*keyed); i++) {
		size_t n = strlen(keyed[i].option);
		const char *key = option + n, *end;

		if (strncmp(option, keyed[i].option, n))
			continue;
		end = key + strcspn(key, "]");
		/* fd[N]:KEY */
		if (keyed[i].has == has_key) {
			key = end + strspn(end, "]:");
			end = key + strlen(key);
		}
		if (!keyed[i].has(c, key, (size_t)(end - key)))
			check_say(c, "host-external-key", NOWHERE, "the option "
				  "{option:s} has no counterpart in the "
				  "checkpoint", VALUES(STRING(option)));
	}
}

static void judge_below(struct check *c, const char *root, const struct mnt *m)
{
	const struct mnt *p = mount_of(c, m, m->parent_mnt_id);
	char path[PATH_MAX];
	int n;

	if (!p || !mount_is_root(c, p) || mount_is_root(c, m))
		return;
	n = snprintf(path, sizeof(path), "%s%.*s", root,
		     (int)span_n(m->mountpoint), check_text(c, m->mountpoint));
	if (n > 0 && n < PATH_MAX && access(path, F_OK) && errno == ENOENT)
		check_say(c, "host-root-dir", AT_FIELD(m, "mountpoint"),
			  "{path:s}, where mount {mnt_id} goes, is missing",
			  VALUES(STRING(path), m->mnt_id));
}

static void judge_root(struct check *c, const char *root)
{
	char path[PATH_MAX];

	if (!realpath(root, path)) {
		check_say(c, "host-root-dir", NOWHERE, "{path:s} is missing",
			  VALUES(STRING(root)));
		return;
	}
	if (!host_has_word(c, "/proc/self/mountinfo", path, 5))
		check_say(c, "host-root-dir", NOWHERE, "{path:s} is no mount "
			  "point: bind it to itself", VALUES(STRING(path)));
	for EACH(c, T_MNT, mnt, m)
		judge_below(c, path, m);
}

/* Names of /proc/filesystems, by the numbers of images. */
static const char *const filesystems[] = {
	[1] = "proc", "sysfs", "devtmpfs", "binfmt_misc", "tmpfs", "devpts",
	"simfs", "pstore", "securityfs", "fusectl", "debugfs", "cgroup", "aufs",
	"mqueue", "fuse", NULL, "overlay", "autofs", "tracefs", [23] = "cgroup2",
};

static void judge_mount(struct check *c, const struct mnt *m)
{
	const char *name = m->fstype < 24 ? filesystems[m->fstype] : NULL;

	if (!name || mount_is_external(m) || mount_is_root(c, m) ||
	    host_has_word(c, "/proc/filesystems", name, 0))
		return;
	check_say(c, "host-mount-source", AT_FIELD(m, "fstype"), "this kernel "
		  "does not know {fstype:s} of mount {mnt_id}",
		  VALUES(STRING(name), m->mnt_id));
}

static void judge_tar(struct check *c)
{
	for (size_t i = 0; i < c->images.n; i++) {
		const struct check_image *im = check_image_at(c, i);

		if (im->template && !strncmp(im->template, "tmpfs-", 6) &&
		    (!host_program("tar") || !host_program("gzip")))
			check_say(c, "host-tmpfs-tar", AT_IMAGE(im), "restore "
				  "needs the programs tar and gzip", NULL);
	}
}

static bool has_controller(struct check *c, const char *name)
{
	return !*name || !strncmp(name, "name=", 5) ||
	       host_has_word(c, "/proc/cgroups", name, 1) ||
	       host_has_word(c, "/sys/fs/cgroup/cgroup.controllers", name, 0);
}

static void judge_cgroup(struct check *c, const struct cg_controller *k)
{
	const char *p = check_text(c, k->cnames);
	const char *end = p + span_n(k->cnames);

	for (; p < end; p += strlen(p) + 1)
		if (!has_controller(c, p))
			check_say(c, "host-cgroup-controller", AT_FIELD(k,
				  "cnames"), "this kernel has no controller "
				  "{name:s}", VALUES(STRING(p)));
}

static void check(struct check *c)
{
	if (!c->host)
		return;
	for (size_t i = 0; i < c->n_allow; i++) {
		judge_option(c, c->allow[i]);
		if (!strncmp(c->allow[i], "root=", 5) && tasks_dumped(c, NS_MNT))
			judge_root(c, c->allow[i] + 5);
	}
	for EACH(c, T_MNT, mnt, m)
		judge_mount(c, m);
	judge_tar(c);
	if (!check_allows(c, "manage-cgroups=ignore"))
		for EACH(c, T_CONTROLLER, cg_controller, k)
			judge_cgroup(c, k);
}

const struct area area_host_mounts = { .rules = rules, .check = check };
