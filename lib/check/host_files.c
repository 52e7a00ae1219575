// SPDX-License-Identifier: MIT
/*
 * --host: the files that regular files, ghosts and unix sockets name. Only
 * where mounts are those of this machine.
 */
#include "check/build_id.h"
#include "check/files.h"
#include "check/host.h"
#include "check/tasks.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct rule rules[] = {
	{ "host-file-missing", ERROR, "a file is not on this machine" },
	{ "host-file-size", ERROR, "a file has another size" },
	{ "host-file-mode", ERROR, "a file has another type or permissions" },
	{ "host-file-build-id", ERROR, "a program or library was built again" },
	{ "host-link-remap", ERROR, "the hard link of a deleted file is gone" },
	{ "host-ghost-leftover", ERROR, "the ghost of a restore that failed" },
	{ "host-ghost-dir", WARNING, "the directory of a ghost is gone" },
	{ "host-unix-name", ERROR, "the name of a unix socket is in use" },
	{ 0 },
};

enum { LINKED, GHOST, PROCFS };

static uint64_t remap_type(const struct remap *m)
{
	return HAS(m, remap, remap_type) ? m->remap_type : m->remap_id >> 31;
}

/* Names of images are no C strings; false: too long, or not absolute. */
static bool path_of(const struct check *c, uint64_t name, char *to, size_t n)
{
	uint32_t len = span_n(name);

	if (!len || len >= n || *check_text(c, name) != '/' ||
	    memchr(check_text(c, name), 0, len))
		return false;
	memcpy(to, check_text(c, name), len);
	to[len] = 0;
	return true;
}

static void judge_mode(struct check *c, const struct reg *r,
		       const struct stat *st)
{
	uint64_t mask = check_allows(c, "skip-file-rwx-check") ? S_IFMT : 0177777;

	if (HAS(r, reg, mode) && (r->mode & mask) != (st->st_mode & mask))
		check_say(c, "host-file-mode", AT_FIELD(r, "mode"), "{name:t} of "
			  "file {id} has mode {found:o} here, not {mode:o}",
			  VALUES(r->name, r->id, st->st_mode, r->mode));
}

static void judge_build(struct check *c, const struct reg *r, const char *path)
{
	uint8_t id[BUILD_ID_MAX];
	size_t n = build_id_read(path, id);
	uint32_t words = span_n(r->build_id);
	bool differs = words != (n + 3) / 4;

	if (!n || !words || !HAS(r, reg, size) ||
	    check_allows(c, "file-validation=filesize"))
		return;
	for (uint32_t i = 0; i < words && !differs; i++)
		differs = check_number(c, r->build_id, i) != wire_get32(id + 4 * i);
	if (differs)
		check_say(c, "host-file-build-id", AT_FIELD(r, "build_id"),
			  "{name:t} of file {id} is another build here",
			  VALUES(r->name, r->id));
}

static void judge_reg(struct check *c, const struct reg *r)
{
	struct stat st;
	char path[4096];

	if (r->ext || !path_of(c, r->name, path, sizeof(path)) ||
	    !strncmp(path, "/proc/", 6))
		return;
	for (const struct remap *m = check_lookup(c,
	     "remap_file_path_entry.orig_id", r->id); m; m = NULL)
		if (remap_type(m) != PROCFS)
			return;
	if (stat(path, &st)) {
		if (errno == ENOENT || errno == ENOTDIR)
			check_say(c, "host-file-missing", AT_FIELD(r, "name"),
				  "{name:t} of file {id} is not on this machine",
				  VALUES(r->name, r->id));
		return;
	}
	if (HAS(r, reg, size) && S_ISREG(st.st_mode) &&
	    r->size != (uint64_t)st.st_size)
		check_say(c, "host-file-size", AT_FIELD(r, "size"), "{name:t} of "
			  "file {id} has {found} bytes here, not {size}",
			  VALUES(r->name, r->id, (uint64_t)st.st_size, r->size));
	judge_mode(c, r, &st);
	if (S_ISREG(st.st_mode))
		judge_build(c, r, path);
}

static void judge_linked(struct check *c, const struct remap *m)
{
	const struct check_file *f = files_find(c, FD_REG, m->remap_id);
	const struct reg *r = f ? (const void *)f->row : NULL;
	char path[4096];

	if (r && path_of(c, r->name, path, sizeof(path)) && access(path, F_OK))
		check_say(c, "host-link-remap", AT(m), "the hard link {name:t} "
			  "of file {id} is gone", VALUES(r->name, m->orig_id));
}

static void judge_ghost(struct check *c, const struct remap *m)
{
	const struct check_file *f = files_find(c, FD_REG, m->orig_id);
	const struct reg *r = f ? (const void *)f->row : NULL;
	char path[4096 + 64], *slash;
	size_t n;

	if (!r || !path_of(c, r->name, path, 4096))
		return;
	n = strlen(path);
	snprintf(path + n, 64, ".cr.%llx.ghost",
		 (unsigned long long)(m->remap_id & 0x7fffffff));
	if (!access(path, F_OK))
		check_say(c, "host-ghost-leftover", AT(m), "{path:s} is left of "
			  "a restore that failed; remove it",
			  VALUES(STRING(path)));
	slash = strrchr(path, '/');
	if (slash == path)
		return;
	*slash = 0;
	if (access(path, F_OK))
		check_say(c, "host-ghost-dir", AT(m), "the directory {path:s} of "
			  "file {id} is gone", VALUES(STRING(path), m->orig_id));
}

static bool abstract_in_use(struct check *c, uint64_t name)
{
	char text[200] = "@";
	uint32_t n = span_n(name) - 1;

	if (n >= sizeof(text) - 1)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		char k = check_text(c, name)[i + 1];

		text[i + 1] = k ? k : '@';
	}
	text[n + 1] = 0;
	return host_has_word(c, "/proc/net/unix", text, 8);
}

static void judge_unix(struct check *c, const struct unixsk *u)
{
	bool bound = span_n(u->name) && !u->deleted && !(u->uflags & 1) &&
		(u->type == 2 || u->state != 1);
	struct stat st;
	char path[200];

	if (!bound)
		return;
	if (!*check_text(c, u->name)) {
		if (!tasks_dumped(c, NS_NET) && abstract_in_use(c, u->name))
			check_say(c, "host-unix-name", AT_FIELD(u, "name"),
				  "{name:t} of socket {id} is in use",
				  VALUES(u->name, u->id));
		return;
	}
	if (!tasks_dumped(c, NS_MNT) && path_of(c, u->name, path, sizeof(path)) &&
	    !stat(path, &st) && !S_ISSOCK(st.st_mode))
		check_say(c, "host-unix-name", AT_FIELD(u, "name"), "{name:t} of "
			  "socket {id} exists, and is no socket",
			  VALUES(u->name, u->id));
}

static void check(struct check *c)
{
	if (!c->host)
		return;
	for EACH(c, T_UNIXSK, unixsk, u)
		judge_unix(c, u);
	if (tasks_dumped(c, NS_MNT))
		return;
	for EACH(c, T_REG, reg, r)
		judge_reg(c, r);
	for EACH(c, T_REMAP, remap, m) {
		if (remap_type(m) == LINKED)
			judge_linked(c, m);
		else if (remap_type(m) == GHOST)
			judge_ghost(c, m);
	}
}

const struct area area_host_files = { .rules = rules, .check = check };
