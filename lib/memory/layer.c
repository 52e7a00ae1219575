// SPDX-License-Identifier: MIT
#include "memory/layer.h"
#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void layer_free(struct pages_layer *l)
{
	pagemap_close(&l->map);
	if (l->fd >= 0)
		close(l->fd);
	if (l->own_dir)
		close(l->dir.fd);
	alloc_free(l->past);
	alloc_free(l);
}

/* "parent/" once a level, with numbers where there are many. */
static void set_name(const struct pages_layer *l, char *to, const char *file)
{
	size_t n = 0;

	if (l->depth > 8)
		n = (size_t)snprintf(to, PAGES_WHERE_MAX, "(parent %u)/",
				     l->depth);
	else
		for (unsigned i = 0; i < l->depth; i++)
			n += (size_t)snprintf(to + n, PAGES_WHERE_MAX - n,
					      "parent/");
	snprintf(to + n, PAGES_WHERE_MAX - n, "%s", file);
}

struct pages_layer *layer_open(const struct checkpoint *dir, const char *base,
			       unsigned depth, uint64_t page_size,
			       struct crit_error *err)
{
	struct pages_layer *l = alloc_zero(sizeof(*l));
	struct stat st;

	if (!l) {
		error_set(err, CRIT_ENOMEM, "out of memory");
		return NULL;
	}
	l->dir = *dir;
	l->depth = depth;
	l->fd = l->map.fd = -1;
	l->sizes_entry = UINT64_MAX;
	snprintf(l->base, sizeof(l->base), "%s", base);
	set_name(l, l->name, base);
	if (fstat(dir->fd, &st)) {
		error_sys(err, errno, "cannot look at the directory");
		layer_free(l);
		return NULL;
	}
	l->dev = st.st_dev;
	l->ino = st.st_ino;
	if (pagemap_open(&l->map, &l->dir, l->base, page_size, &l->no_map, err) ||
	    l->no_map) {
		l->map.name = l->name;
		return l;
	}
	snprintf(err->image, sizeof(err->image), "%s", l->name);
	layer_free(l);
	return NULL;
}

static bool is_loop(const struct pages *p, int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return false;
	for (const struct pages_layer *l = p->top; l; l = l->parent)
		if (l->dev == st.st_dev && l->ino == st.st_ino)
			return true;
	return false;
}

/* The directory below. Where a copy has lost the link, a file of that name
 * may hold what the link held. */
static int open_link(int dir)
{
	char path[PATH_MAX];
	ssize_t n;
	int fd = openat(dir, "parent", O_RDONLY | O_DIRECTORY | O_CLOEXEC), at;

	if (fd >= 0 || errno != ENOTDIR)
		return fd;
	at = openat(dir, "parent", O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (at < 0)
		return -1;
	n = pread(at, path, sizeof(path) - 1, 0);
	close(at);
	while (n > 0 && path[n - 1] == '\n')
		n--;
	path[n > 0 ? n : 0] = 0;
	errno = ENOTDIR;
	return n > 0 && !memchr(path, 0, (size_t)n) ?
		openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
}

struct pages_layer *layer_parent(struct pages *p, struct pages_layer *l)
{
	struct checkpoint dir = l->dir;

	if (l->parent)
		return l->parent;
	dir.fd = open_link(l->dir.fd);
	if (dir.fd < 0) {
		pagemap_bad(&l->map, "pages are in the parent, and the directory "
			    "'parent' cannot be opened: %s", strerror(errno));
		return NULL;
	}
	if (l->depth == PAGES_DEPTH_MAX)
		pagemap_bad(&l->map, "more than %d parents", PAGES_DEPTH_MAX);
	else if (is_loop(p, dir.fd))
		pagemap_bad(&l->map, "pages are in the parent, and the links "
			    "named parent go round in a loop");
	else
		l->parent = layer_open(&dir, l->base, l->depth + 1,
				       p->page_size, p->err);
	if (l->parent)
		l->parent->own_dir = true;
	else
		close(dir.fd);
	return l->parent;
}

bool layer_file(struct pages_layer *l)
{
	char name[64];
	struct stat st;

	snprintf(name, sizeof(name), "pages-%" PRIu64 ".img", l->map.pages_id);
	set_name(l, l->file, name);
	l->fd = checkpoint_file(&l->dir, name, l->map.err);
	snprintf(l->map.err->image, sizeof(l->map.err->image), "%s", l->file);
	if (l->fd < 0)
		return false;
	if (fstat(l->fd, &st))
		return error_sys(l->map.err, errno, "cannot look at it");
	l->size = (uint64_t)st.st_size;
	l->map.err->image[0] = 0;
	return true;
}
