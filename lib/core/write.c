// SPDX-License-Identifier: MIT
/*
 * Headers and notes through a buffer, then pages by the kernel:
 *
 *   segments ─► program headers ─┐
 *   notes ───────────────────────┴─► out     images, files ─► memory_copy
 */
#include "core/core.h"
#include "memory/copy.h"

#include <string.h>

static bool put_notes(struct core *c, struct out *out)
{
	uint64_t size = spool_size(&c->notes.spool);
	uint8_t buf[4096];
	size_t n;

	for (uint64_t at = 0; at < size; at += n) {
		n = spool_read(&c->notes.spool, at, buf, sizeof(buf));
		if (!n || !out_put(out, buf, n))
			return false;
	}
	memset(buf, 0, sizeof(buf));
	for (size_t left = c->data_at - out_offset(out); left; left -= n) {
		n = left < sizeof(buf) ? left : sizeof(buf);
		if (!out_put(out, buf, n))
			return false;
	}
	return true;
}

static bool put_loads(struct core *c, struct out *out)
{
	uint64_t at = c->data_at, page = c->memory.page_size;

	for (uint64_t i = 0; i < c->segments.n; i++) {
		const struct core_segment *seg =
			core_segments_get(&c->segments, i);
		struct core_phdr h = { .type = CORE_PT_LOAD };

		if (!seg)
			return false;
		h.prot = seg->prot;
		h.offset = core_place(c, seg, &at);
		h.start = seg->start;
		h.memsz = seg->end - seg->start;
		h.filesz = seg->here ? h.memsz : 0;
		h.align = seg->start & (page - 1) ? 1 : page;
		if (!core_elf_phdr(&c->elf, &h, out))
			return false;
	}
	return true;
}

static bool put_headers(struct core *c, struct out *out)
{
	uint64_t n = c->segments.n + 1;
	const struct core_phdr notes = {
		.type = CORE_PT_NOTE, .offset = core_elf_size(&c->elf, n),
		.filesz = spool_size(&c->notes.spool), .align = 4,
	};

	return core_elf_begin(&c->elf, n, out) &&
	       core_elf_phdr(&c->elf, &notes, out) && put_loads(c, out) &&
	       core_elf_end(&c->elf, n, out) && put_notes(c, out) &&
	       out_flush(out);
}

/* What no image has of a file mapping: the file's, in hand as core_open saw
 * it, with zeros after its end; else zeros. */
static bool put_absent(struct core *c, struct memory_copy *copy,
		       const struct run *run)
{
	struct memory *m = &c->memory;
	uint64_t i = mappings_find(&m->vmas, run->start), at, n;
	const struct vma *a = i < m->vmas.n ? mappings_get(&m->vmas, i) : NULL;
	struct run part = *run;

	if (error_is(c->err))
		return false;
	if (!a || core_sysroot_end(&c->root, m, a) < run->end)
		return memory_copy_run(copy, m, run);
	at = a->pgoff + (run->start - a->start);
	n = run->end - run->start;
	part.kind = RUN_RAW;
	part.blob = &c->root.file;
	part.file = c->root.name;
	part.at = at;
	part.shared = true;
	if (at < c->root.file.size && c->root.file.size - at < n)
		part.end = run->start + (c->root.file.size - at);
	if (at < c->root.file.size && !memory_copy_run(copy, m, &part))
		return false;
	part.start = at < c->root.file.size ? part.end : run->start;
	part.end = run->end;
	part.kind = RUN_ZERO;
	return part.start == part.end || memory_copy_run(copy, m, &part);
}

static bool put_segment(struct core *c, struct memory_copy *copy,
			const struct core_segment *seg)
{
	struct run run;

	for (uint64_t addr = seg->start; addr < seg->end; addr = run.end) {
		if (!memory_run(&c->memory, addr, &run))
			return false;
		if (run.end > seg->end)
			run.end = seg->end;
		if (!(run.kind == RUN_NONE && c->root.root >= 0 ?
		      put_absent(c, copy, &run) :
		      memory_copy_run(copy, &c->memory, &run)))
			return false;
	}
	return true;
}

static bool put_data(struct core *c, struct memory_copy *copy)
{
	uint64_t at = c->data_at;

	for (uint64_t i = 0; i < c->segments.n; i++) {
		const struct core_segment *got =
			core_segments_get(&c->segments, i);
		struct run pad = { .kind = RUN_ZERO, .start = at };
		struct core_segment seg;

		if (!got)
			return false;
		seg = *got;
		if (!seg.here)
			continue;
		pad.end = core_place(c, &seg, &at);
		if (!memory_copy_run(copy, &c->memory, &pad) ||
		    !put_segment(c, copy, &seg))
			return false;
	}
	return memory_copy_finish(copy);
}

static bool write_all_to(struct core *c, struct out *out)
{
	struct memory_copy copy;
	bool ok = put_headers(c, out) &&
		  memory_copy_open(&copy, out->fd, out->name, HOLES_ZERO, c->err);

	if (!ok)
		return false;
	copy.to.write = out->write;
	copy.to.arg = out->arg;
	ok = put_data(c, &copy);
	memory_copy_close(&copy);
	return ok;
}

bool core_write(struct core *c, int fd, const char *name)
{
	struct out out;
	bool ok = out_open(&out, fd, name, c->err) && write_all_to(c, &out);

	out_close(&out);
	return ok;
}

bool core_write_to(struct core *c,
		   bool (*write)(void *arg, const void *p, size_t n), void *arg,
		   const char *name)
{
	struct out out;
	bool ok = out_open(&out, -1, name, c->err);

	out.write = write;
	out.arg = arg;
	ok = ok && write_all_to(c, &out);
	out_close(&out);
	return ok;
}
