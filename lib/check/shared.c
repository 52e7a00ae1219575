// SPDX-License-Identifier: MIT
/*
 * Mappings: the files, segments and sockets that they are of.
 */
#include "check/files.h"
#include "check/rows_ns.h"
#include "check/tasks.h"

#include <string.h>

static const struct rule rules[] = {
	{ "vma-file-missing", ERROR, "the file of a mapping is missing" },
	{ "vma-memfd-missing", ERROR, "the memfd of a mapping is missing" },
	{ "vma-file-flags", ERROR, "a shared writable mapping of a file that "
		"was not opened for both" },
	{ "vma-shared-fd-wronly", ERROR, "a mapping of a file that was opened "
		"only for writing" },
	{ "vma-file-beyond-size", NOTE, "a mapping begins beyond the end of its "
		"file" },
	{ "vma-socket-missing", ERROR, "the socket of a mapping is missing" },
	{ "vma-shmem-pagemap-missing", ERROR, "shared memory has no pagemap" },
	{ "vma-shmem-sysv-conflict", ERROR, "shared memory has the number of a "
		"SysV segment" },
	{ "vma-sysvipc-missing", ERROR, "the SysV segment of a mapping is "
		"missing" },
	{ "vma-sysvipc-hole", ERROR, "mappings of a SysV segment are not all of "
		"it" },
	{ 0 },
};

static void say(struct check *c, const char *rule, const struct vma *v,
		const char *field, const char *text, uint64_t value)
{
	check_say(c, rule, AT_FIELD(v, field), text,
		  VALUES(v->start, v->end, value));
}

static void judge_file(struct check *c, const struct vma *v)
{
	bool memfd = v->status & VMA_MEMFD;
	int type = memfd ? FD_MEMFD : FD_REG;
	const struct check_file *f = files_find(c, (uint64_t)type, v->shmid);
	const struct reg *r = f && !memfd ? (const struct reg *)(const void *)f->row : NULL;
	uint64_t mode = v->fdflags & 3;

	if (!files_use(c, (uint64_t)type, v->shmid, false) && files_known(c))
		say(c, memfd ? "vma-memfd-missing" : "vma-file-missing", v,
		    "shmid", memfd ? "{start:x}-{end:x} is of memfd {id}, which "
		    "files.img does not have" : "{start:x}-{end:x} is of file "
		    "{id}, which files.img does not have", v->shmid);
	if (HAS(v, vma, fdflags) && mode == 1)
		say(c, "vma-shared-fd-wronly", v, "fdflags", "{start:x}-{end:x}: "
		    "{fdflags:x} is only for writing", v->fdflags);
	if (HAS(v, vma, fdflags) && v->status & VMA_FILE_SHARED && v->prot & 2 &&
	    mode != 2)
		say(c, "vma-file-flags", v, "fdflags", "{start:x}-{end:x} is "
		    "shared and writable, but {fdflags:x} is not for both",
		    v->fdflags);
	if (r && HAS(r, reg, size) && v->pgoff >= r->size &&
	    !(v->status & VMA_VDSO))
		say(c, "vma-file-beyond-size", v, "pgoff", "{start:x}-{end:x} "
		    "begins beyond the {size} bytes of its file", r->size);
}

static bool has_socket(const struct check *c, const struct task *t, uint64_t id)
{
	const struct fdinfo *first, *f;

	first = t->ids ? check_of_image(c, T_FDINFO, "fdinfo-#.img",
					t->ids->files_id) : NULL;
	for (f = first; f && f->row.image == first->row.image;
	     f = check_next(c, T_FDINFO, f))
		if (f->type == FD_PACKETSK && f->id == id)
			return true;
	return false;
}

static bool is_segment(const struct check *c, uint64_t id)
{
	for EACH(c, T_SHM, shm, s) {
		const struct ipc_desc *d = check_row(c, T_IPC_DESC, s->desc);

		if (d && d->id == id)
			return true;
	}
	return false;
}

static void judge_shared(struct check *c, const struct vma *v)
{
	if (v->status & VMA_SYSVIPC) {
		if (!is_segment(c, v->shmid))
			say(c, "vma-sysvipc-missing", v, "shmid", "{start:x}-"
			    "{end:x} is of SysV segment {id}, which no "
			    "ipcns-shm image has", v->shmid);
		return;
	}
	check_use(c, "pagemap-shmem-#.img", v->shmid);
	if (!check_present(c, "pagemap-shmem-#.img", v->shmid) &&
	    c->kind == DIR_FULL)
		say(c, "vma-shmem-pagemap-missing", v, "shmid", "{start:x}-"
		    "{end:x} is of pagemap-shmem-{id}.img, which is missing",
		    v->shmid);
	if (is_segment(c, v->shmid))
		say(c, "vma-shmem-sysv-conflict", v, "shmid", "{start:x}-"
		    "{end:x}: {id} is the number of a SysV segment, too",
		    v->shmid);
}

static uint64_t segment_size(const struct check *c, uint64_t id)
{
	for EACH(c, T_SHM, shm, s) {
		const struct ipc_desc *d = check_row(c, T_IPC_DESC, s->desc);

		if (d && d->id == id)
			return (s->size + 4095) / 4096 * 4096;
	}
	return 0;
}

/* An attachment that begins at v: where it ends. */
static uint64_t attachment(const struct vma *v, uint32_t n, uint32_t *left)
{
	uint64_t end = v->end;
	uint32_t i;

	for (i = 1; i < n; i++) {
		if (!(v[i].status & VMA_SYSVIPC) || v[i].shmid != v->shmid)
			continue;
		if (v[i].start != end || v[i].pgoff != end - v->start)
			break;
		end = v[i].end;
	}
	*left = i;
	return end;
}

static void judge_attached(struct check *c, struct vma *v, uint32_t n)
{
	uint64_t size = segment_size(c, v->shmid), end;
	uint32_t next;

	if (v->row.flags & ROW_USED || !size)
		return;
	end = attachment(v, n, &next);
	for (uint32_t i = 0; i < next; i++)
		if (v[i].status & VMA_SYSVIPC && v[i].shmid == v->shmid)
			v[i].row.flags |= ROW_USED;
	if (v->pgoff || end - v->start != size)
		say(c, "vma-sysvipc-hole", v, "start", "the attachment at "
		    "{start:x}-{end:x} does not cover the {size} bytes of its "
		    "SysV segment", size);
}

static void judge_all(struct check *c, const struct task *t)
{
	uint32_t n;
	struct vma *v = tasks_vmas(c, t->pid, &n);

	for (uint32_t i = 0; i < n; i++) {
		if (v[i].status & (VMA_FILE_PRIVATE | VMA_FILE_SHARED))
			judge_file(c, &v[i]);
		if (v[i].status & VMA_SOCKET && files_known(c) &&
		    (!files_use(c, FD_PACKETSK, v[i].shmid, false) ||
		     !has_socket(c, t, v[i].shmid)))
			say(c, "vma-socket-missing", &v[i], "shmid", "{start:x}-"
			    "{end:x} is of packet socket {id}, which the task "
			    "does not have", v[i].shmid);
		if (v[i].status & VMA_ANON_SHARED)
			judge_shared(c, &v[i]);
		if (v[i].status & VMA_SYSVIPC && v[i].status & VMA_ANON_SHARED)
			judge_attached(c, &v[i], n - i);
	}
}

static void check(struct check *c)
{
	for EACH_TASK(c, t)
		if (t->live)
			judge_all(c, t);
}

const struct area area_shared = { .rules = rules, .check = check };
