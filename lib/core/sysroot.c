// SPDX-License-Identifier: MIT
#include "core/sysroot.h"
#include "core/build_id.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

bool core_sysroot_open(struct core_sysroot *r, const char *path,
		       struct crit_error *err)
{
	memset(r, 0, sizeof(*r));
	r->path = path;
	r->root = -1;
	r->file = BLOB_NONE;
	if (!path)
		return true;
	r->root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (r->root >= 0)
		return true;
	snprintf(err->image, sizeof(err->image), "%s", path);
	return error_sys(err, errno, "cannot open");
}

static void drop_file(struct core_sysroot *r)
{
	if (blob_is(&r->file))
		blob_close(&r->file);
	r->file = BLOB_NONE;
}

void core_sysroot_close(struct core_sysroot *r)
{
	drop_file(r);
	if (r->root >= 0)
		close(r->root);
	r->root = -1;
}

/* A name of an image leads to nothing outside of the root. */
static int open_below(int root, const char *name)
{
	struct open_how how = {
		.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};

	return (int)syscall(SYS_openat2, root, name, &how, sizeof(how));
}

static bool refuse(struct core_sysroot *r, const char *name, const char *why)
{
	struct crit_error err = { 0 };

	drop_file(r);
	error_clear(&err);
	snprintf(err.image, sizeof(err.image), "%s", name);
	error_set(&err, CRIT_EDATA, "%s: %s", why, r->lost ? r->lost :
		  "its bytes are not in the core");
	if (r->warn)
		r->warn(r->ctx, &err);
	return false;
}

static bool check(struct core_sysroot *r, const struct mapped_file *f)
{
	if (f->has_size && f->size != r->file.size)
		return refuse(r, f->name, "has another size below the sysroot");
	if (f->build_id_n &&
	    !core_build_id_is(&r->file, f->build_id, f->build_id_n))
		return refuse(r, f->name, "has another build id below the sysroot");
	return true;
}

static bool look(struct core_sysroot *r, const struct mapped_file *f)
{
	struct crit_error err = { 0 };
	struct stat st;
	int fd = open_below(r->root, f->name);

	drop_file(r);
	snprintf(r->name, sizeof(r->name), "%s", f->name);
	if (fd < 0)
		return refuse(r, f->name, errno == ENOSYS ?
			      "cannot be opened: no openat2(2) here" :
			      strerror(errno));
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		return refuse(r, f->name, "is no regular file below the sysroot");
	}
	return blob_open_fd(&r->file, fd, &err) ? check(r, f) :
		refuse(r, f->name, err.what);
}

uint64_t core_sysroot_end(struct core_sysroot *r, const struct memory *m,
			  const struct vma *a)
{
	const struct mapped_file *f = NULL;
	uint64_t size, length = a->end - a->start;

	if (r->root >= 0 && m->mapped && vma_is_file(a))
		f = mapped_files_find(m->mapped, (uint32_t)a->shmid);
	if (!f || !f->name || f->memfd)
		return a->start;
	if (!r->have || r->id != f->id) {
		r->have = true;
		r->id = f->id;
		look(r, f);
	}
	if (!blob_is(&r->file))
		return a->start;
	size = (r->file.size + m->page_size - 1) & -m->page_size;
	if (a->pgoff >= size)
		return a->start;
	return a->start + (size - a->pgoff < length ? size - a->pgoff : length);
}
