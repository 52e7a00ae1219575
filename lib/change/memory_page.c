// SPDX-License-Identifier: MIT
/*
 * Where a page that is to be written is now: the cases of a pagemap, and the
 * mappings that no checkpoint has bytes of.
 */
#include "change/memory_write.h"
#include "base/alloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct {
	uint32_t status;
	const char *what;
} refused[] = {
	{ VMA_GUARD, "a guard range" },
	{ VMA_VVAR, "memory of the kernel ([vvar])" },
	{ VMA_VSYSCALL, "memory of the kernel ([vsyscall])" },
	{ VMA_SOCKET, "the ring of a packet socket" },
	{ VMA_UPROBES, "memory of the kernel ([uprobes])" },
	{ VMA_EXT_PLUGIN, "memory of a device" },
};

static bool refuse(struct memory_write *w, uint64_t addr, const char *why)
{
	return error_set(w->err, CRIT_EDATA, "cannot write at 0x%" PRIx64
			 " of task %" PRIu32 ": %s", addr, w->m->pid, why);
}

static bool check_mapping(struct memory_write *w, const struct vma *a,
			  uint64_t addr)
{
	char why[80];
	uint64_t id;

	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		if (a->status & refused[i].status) {
			snprintf(why, sizeof(why), "it is %s", refused[i].what);
			return refuse(w, addr, why);
		}
	if (a->flags & VMA_MAP_DROPPABLE)
		return refuse(w, addr, "the mapping may be dropped at any time "
			      "(MAP_DROPPABLE)");
	if (vma_is_shared(a) && !memory_segment(w->m, a, &id))
		return refuse(w, addr, "it is a shared mapping of a file, whose "
			      "bytes are not in the checkpoint: change the file");
	return true;
}

/* Beyond the last page of its file a mapping cannot be touched. */
static bool check_end(struct memory_write *w, const struct vma *a,
		      uint64_t addr)
{
	const struct mapped_file *f = vma_is_file(a) ?
		mapped_files_find(w->m->mapped, (uint32_t)a->shmid) : NULL;
	char why[120];

	if (!f || !f->has_size || (!f->size && !f->memfd) ||
	    a->pgoff + (addr - a->start) < f->size)
		return true;
	snprintf(why, sizeof(why), "it is beyond the end of the mapped file, "
		 "which has %" PRIu64 " bytes", f->size);
	return refuse(w, addr, why);
}

/* The mapping at addr, or *err. */
static bool mapping_at(struct memory_write *w, uint64_t addr, struct vma *a)
{
	struct mappings *v = &w->m->vmas;
	uint64_t i = mappings_find(v, addr);
	const struct vma *found = i < v->n ? mappings_get(v, i) : NULL;

	if (error_is(w->err))
		return false;
	if (!found || found->start > addr)
		return refuse(w, addr, "no mapping is there");
	*a = *found;
	return check_mapping(w, a, addr) && check_end(w, a, addr);
}

/* The number of the pagemap that the mapping's pages are in. */
static bool find_image(struct memory_write *w, const struct vma *a,
		       uint32_t *number)
{
	struct memory_image image = { .shared = vma_is_shared(a) }, *more;
	uint64_t id;

	if (image.shared && memory_segment(w->m, a, &id))
		snprintf(image.base, sizeof(image.base), "pagemap-shmem-%" PRIu64,
			 id);
	else
		snprintf(image.base, sizeof(image.base), "pagemap-%" PRIu32,
			 w->m->pid);
	for (*number = 0; *number < w->n_images; ++*number)
		if (!strcmp(w->images[*number].base, image.base))
			return true;
	if (w->n_images == w->cap_images) {
		w->cap_images = w->cap_images * 2 + 4;
		more = alloc_more(w->images, w->cap_images * sizeof(*more));
		if (!more)
			return error_set(w->err, CRIT_ENOMEM, "out of memory");
		w->images = more;
	}
	w->images[w->n_images++] = image;
	return true;
}

static bool read_page(struct memory_write *w, const struct run *run,
		      uint64_t addr)
{
	size_t size = (size_t)w->m->page_size;

	for (size_t got = 0, k; got < size; got += k) {
		k = memory_read(w->m, run, addr + got, w->page + got, size - got);
		if (!k)
			return error_is(w->err) ? false :
				refuse(w, addr, "the image ends before it");
	}
	return true;
}

/* An unchanged page of a private file mapping: as it is in the file. */
static bool read_file(struct memory_write *w, const struct vma *a,
		      uint64_t addr, bool whole, struct memory_page *page)
{
	uint64_t end = core_sysroot_end(w->files, w->m, a);

	page->was = WAS_FILE;
	if (whole)
		return true;
	if (addr < end) {
		blob_read(&w->files->file, a->pgoff + (addr - a->start), w->page,
			  (size_t)w->m->page_size, w->err);
		return !error_is(w->err);
	}
	if (w->files->root >= 0 && end > a->start)
		return refuse(w, addr, "it lies beyond the end of the mapped "
			      "file");
	return refuse(w, addr, "the page is unchanged from the mapped "
		"file, which is not here: give its place with --sysroot, "
		"or write the whole page");
}

static bool nothing_there(struct memory_write *w, const struct vma *a,
			  uint64_t addr, bool whole, struct memory_page *page)
{
	uint64_t id;

	page->was = WAS_ABSENT;
	if (a->flags & VMA_MAP_HUGETLB)
		return refuse(w, addr, "it is a huge page that is in no image");
	if (w->m->lost)
		return refuse(w, addr, "no image has its segment");
	if (!a->prot)
		return refuse(w, addr, "the mapping is not accessible "
			      "(PROT_NONE), and has no page there");
	if (a->status & VMA_FILE_PRIVATE && !memory_segment(w->m, a, &id))
		return read_file(w, a, addr, whole, page);
	return true;
}

/* What is stored, by the run that begins at the page. */
static bool look_at(struct memory_write *w, const struct vma *a,
		    const struct run *run, bool whole, struct memory_page *page)
{
	bool here = run->layer && run->shared == vma_is_shared(a);

	memset(w->page, 0, (size_t)w->m->page_size);
	page->at = run->at;
	if (run->kind == RUN_NONE)
		return nothing_there(w, a, page->addr, whole, page);
	page->was = WAS_LAZY;
	if (run->kind == RUN_LAZY)
		return whole || refuse(w, page->addr, "a page server has "
			"the page (lazy): write the whole page");
	if (run->kind == RUN_RAW && !run->layer)
		return refuse(w, page->addr, "CRIU before 3.0 has dumped its "
			      "segment, into an image of its own kind");
	page->was = run->depth ? WAS_PARENT : run->kind == RUN_RAW && here ?
		WAS_PRESENT : WAS_PACKED;
	if (!here && run->layer)
		page->was = WAS_ABSENT;
	if (a->flags & VMA_MAP_HUGETLB && page->was != WAS_PRESENT)
		return refuse(w, page->addr, "it is a huge page that is not "
			      "stored here as it is");
	return read_page(w, run, page->addr);
}

bool memory_page_find(struct memory_write *w, uint64_t addr, bool whole,
		      struct memory_page *page)
{
	struct run run;
	struct vma a;
	bool known;

	*page = (struct memory_page){ .addr = addr };
	if (!mapping_at(w, addr, &a) || !find_image(w, &a, &page->image))
		return false;
	page->key = vma_is_shared(&a) ? a.pgoff + (addr - a.start) : addr;
	memory_write_place(w, page, &known);
	return known || (memory_vma_run(w->m, &a, addr, &run) &&
			 look_at(w, &a, &run, whole, page));
}
