// SPDX-License-Identifier: MIT
/*
 * Text -> its words, one by one. Words end at a slash, blank, or any of :=,@
 * and have whatever else between them.
 */
#include "change/secret.h"

#include <stdlib.h>
#include <string.h>

/* Directories and files that every Linux has. Sorted. */
static const char *const known_paths[] = {
	"/bin", "/boot", "/dev", "/dev/console", "/dev/core", "/dev/fd",
	"/dev/full", "/dev/hugepages", "/dev/mqueue", "/dev/net",
	"/dev/net/tun", "/dev/null", "/dev/ptmx", "/dev/pts", "/dev/random",
	"/dev/shm", "/dev/stderr", "/dev/stdin", "/dev/stdout", "/dev/tty",
	"/dev/urandom", "/dev/zero", "/etc", "/home", "/lib", "/lib32",
	"/lib64", "/libx32", "/media", "/mnt", "/opt", "/proc", "/proc/acpi",
	"/proc/asound", "/proc/bus", "/proc/fs", "/proc/irq", "/proc/kcore",
	"/proc/keys", "/proc/net", "/proc/scsi", "/proc/self", "/proc/sys",
	"/proc/sysrq-trigger", "/proc/timer_list", "/root", "/run",
	"/run/lock", "/sbin", "/srv", "/sys", "/sys/firmware", "/sys/fs",
	"/sys/fs/bpf", "/sys/fs/cgroup", "/sys/kernel", "/tmp", "/usr",
	"/usr/bin", "/usr/include", "/usr/lib", "/usr/lib32", "/usr/lib64",
	"/usr/libexec", "/usr/local", "/usr/local/bin", "/usr/local/lib",
	"/usr/local/sbin", "/usr/local/share", "/usr/sbin", "/usr/share",
	"/usr/src", "/var", "/var/cache", "/var/lib", "/var/lock", "/var/log",
	"/var/mail", "/var/opt", "/var/run", "/var/spool", "/var/tmp",
};

/* Words of mounts, devices, cgroups and nameless files, wherever they are.
 * Sorted. */
static const char *const known_words[] = {
	"anon_inode", "blkio", "cgroup", "cgroup2", "cpu", "cpuacct",
	"cpuset", "deleted", "devices", "devpts", "devtmpfs", "freezer",
	"gid", "hugetlb", "inode64", "io", "lo", "lowerdir", "memfd",
	"memory", "misc", "mode", "mqueue", "name", "net_cls", "net_prio",
	"none", "nr_inodes", "overlay", "perf_event", "pids", "pipe", "proc",
	"ptmxmode", "rdma", "ro", "rw", "shm", "size", "socket", "sysfs",
	"systemd", "tmpfs", "uid", "upperdir", "workdir",
};

static int compare(const void *key, const void *item)
{
	return strcmp(key, *(const char *const *)item);
}

#define KNOWN(list, text) \
	(bsearch(text, list, sizeof(list) / sizeof(*list), sizeof(*list), \
		 compare) != NULL)

enum { KNOWN_MAX = 64 };	/* above the longest in the lists */

/* A path as far as it is known: "" at its beginning. */
struct path {
	char known[KNOWN_MAX];
	size_t n;
	bool lost;		/* something unknown came */
};

static bool ends_word(char c)
{
	return strchr("/ \t\n:=,@", c) != NULL;	/* and NUL */
}

/* Of names, only that of the device that every host has. */
static bool known_word(const char *p, size_t n, bool paths)
{
	char word[KNOWN_MAX];

	if (!paths || n >= sizeof(word))
		return n == 2 && !memcmp(p, "lo", 2);
	memcpy(word, p, n);
	word[n] = 0;
	return KNOWN(known_words, word);
}

/* Whether the path is known with this word as well. */
static bool known_path(struct path *path, const char *p, size_t n, bool paths)
{
	if (!paths || path->lost || !path->n || n >= sizeof(path->known) - path->n) {
		path->lost = true;
		return false;
	}
	memcpy(path->known + path->n, p, n);
	path->n += n;
	path->known[path->n] = 0;
	path->lost = !KNOWN(known_paths, path->known);
	return !path->lost;
}

/* After a word: a slash continues the path, any other byte begins a new one. A
 * dot before the first slash does not count. */
static void separator(struct path *path, char c)
{
	if (c != '/')
		*path = (struct path){ .n = 0 };
	else if (!path->lost && path->n + 1 < sizeof(path->known) &&
		 (!path->n || path->known[path->n - 1] != '/'))
		path->known[path->n++] = '/';
}

void secret_words(const struct secret *s, char *p, size_t n, bool paths)
{
	struct path path = { .n = 0 };

	for (size_t i = 0; i < n; i++) {
		size_t start = i;

		while (i < n && i - start < SECRET_WORD_MAX && !ends_word(p[i]))
			i++;
		if (i > start && !(i - start == 1 && p[start] == '.') &&
		    !known_path(&path, p + start, i - start, paths) &&
		    !known_word(p + start, i - start, paths))
			secret_word(s, p + start, i - start);
		if (i < n && ends_word(p[i]))
			separator(&path, p[i]);
		else if (i < n)
			i--;		/* a word in parts */
	}
}
