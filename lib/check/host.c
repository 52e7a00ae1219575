// SPDX-License-Identifier: MIT
/*
 *   /proc, /sys ─► text ─► numbers, words
 */
#include "check/host.h"
#include "base/alloc.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

/* These files have no size that could be trusted. */
static char *read_all(int fd)
{
	size_t n = 0, cap = 1 << 14;
	char *p = alloc(cap + 1), *more;
	ssize_t k;

	while (p && (k = read_some(fd, p + n, cap - n)) > 0) {
		n += (size_t)k;
		if (n < cap)
			continue;
		if (cap >= HOST_TEXT_MAX)
			break;
		cap *= 2;
		more = alloc_more(p, cap + 1);
		if (!more)
			alloc_free(p);
		p = more;
	}
	if (p)
		p[n] = 0;
	return p;
}

char *host_text(struct check *c, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char *p;

	if (fd < 0)
		return NULL;
	p = read_all(fd);
	close(fd);
	if (!p)
		error_set(c->err, CRIT_ENOMEM, "out of memory");
	return p;
}

bool host_number(struct check *c, const char *path, uint64_t *v)
{
	char *text = host_text(c, path), *end;

	if (!text)
		return false;
	*v = strtoull(text, &end, 10);
	alloc_free(text);
	return end != text;
}

bool host_value(struct check *c, const char *path, const char *key, int base,
		uint64_t *v)
{
	char *text = host_text(c, path), *line = text;
	bool found = false;

	while (line && !found) {
		found = !strncmp(line, key, strlen(key));
		if (found)
			*v = strtoull(line + strlen(key), NULL, base);
		line = strchr(line, '\n');
		line += line != NULL;
	}
	alloc_free(text);
	return found;
}

static bool line_has(char *line, const char *word, int n)
{
	char *save = NULL;
	int i = 1;

	for (char *w = strtok_r(line, " \t", &save); w;
	     w = strtok_r(NULL, " \t", &save), i++)
		if ((!n || i == n) && !strcmp(w, word))
			return true;
	return false;
}

bool host_has_word(struct check *c, const char *path, const char *word, int n)
{
	char *text = host_text(c, path), *save = NULL;
	bool found = false;

	for (char *line = text ? strtok_r(text, "\n", &save) : NULL;
	     line && !found; line = strtok_r(NULL, "\n", &save))
		found = line_has(line, word, n);
	alloc_free(text);
	return found;
}

bool host_program(const char *name)
{
	const char *dir = getenv("PATH");
	char path[1024];

	while (dir && *dir) {
		size_t n = strcspn(dir, ":");

		snprintf(path, sizeof(path), "%.*s/%s", (int)n, dir, name);
		if (!access(path, X_OK))
			return true;
		dir += n + (dir[n] == ':');
	}
	return false;
}

bool host_capable(struct check *c, int capability)
{
	uint64_t caps = 0;

	host_value(c, "/proc/self/status", "CapEff:", 16, &caps);
	return caps >> capability & 1;
}

uint32_t host_kernel(void)
{
	struct utsname u;
	uint32_t major;
	char *dot;

	if (uname(&u))
		return UINT32_MAX;
	major = (uint32_t)strtoul(u.release, &dot, 10);
	if (dot == u.release || *dot != '.')
		return UINT32_MAX;
	return major << 16 | (uint32_t)strtoul(dot + 1, NULL, 10);
}
