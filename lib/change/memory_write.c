// SPDX-License-Identifier: MIT
/*
 * Pages that are changed, put aside in an unlinked file: one slot each.
 */
#include "change/memory_write.h"
#include "base/alloc.h"
#include "base/file_io.h"
#include "base/temp.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The directory of the images, by its name: a container's is one below. */
static bool find_dir(struct memory_write *w)
{
	const struct store *s = w->m->dir;
	struct stat st;
	int n;

	if (s->fd < 0 || strcmp(s->ops->what, "directory"))
		return error_set(w->err, CRIT_EUSAGE, "memory can be "
			"changed only in a directory: unpack it (crit-copy "
			"%s DIR)",
				 w->path);
	n = snprintf(w->dir, sizeof(w->dir), "%s%s%s", w->path,
		     s->at[0] ? "/" : "", s->at);
	if (n < 0 || (size_t)n >= sizeof(w->dir) || stat(w->dir, &st) ||
	    (uint64_t)st.st_dev != s->id[0] || (uint64_t)st.st_ino != s->id[1])
		return error_set(w->err, CRIT_EUSAGE, "%s: give the directory "
				 "that has the images", w->path);
	return true;
}

bool memory_write_open(struct memory_write *w)
{
	w->temp = -1;
	w->n = w->cap = w->n_images = w->cap_images = 0;
	w->in_place = w->planned = false;
	w->pages = NULL;
	w->images = NULL;
	w->page = NULL;
	if (!find_dir(w))
		return false;
	w->page = alloc_zero((size_t)w->m->page_size);
	if (!w->page)
		return error_set(w->err, CRIT_ENOMEM, "out of memory");
	w->temp = temp_file(w->err);
	return w->temp >= 0;
}

void memory_write_close(struct memory_write *w)
{
	alloc_free(w->pages);
	alloc_free(w->images);
	alloc_free(w->page);
	if (w->temp >= 0)
		close(w->temp);
	w->pages = NULL;
	w->images = NULL;
	w->page = NULL;
	w->temp = -1;
}

static int compare(const struct memory_page *a, const struct memory_page *b)
{
	if (a->image != b->image)
		return a->image < b->image ? -1 : 1;
	return (a->key > b->key) - (a->key < b->key);
}

size_t memory_write_place(const struct memory_write *w,
			  const struct memory_page *page, bool *known)
{
	size_t from = 0, to = w->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (compare(&w->pages[mid], page) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	*known = from < w->n && !compare(&w->pages[from], page);
	return from;
}

static struct memory_page *insert(struct memory_write *w, size_t i,
				  const struct memory_page *page)
{
	struct memory_page *more;

	if (w->n == w->cap) {
		w->cap = w->cap * 2 + 16;
		more = alloc_more(w->pages, w->cap * sizeof(*more));
		if (!more) {
			error_set(w->err, CRIT_ENOMEM, "out of memory");
			return NULL;
		}
		w->pages = more;
	}
	memmove(w->pages + i + 1, w->pages + i, (w->n - i) * sizeof(*w->pages));
	w->pages[i] = *page;
	w->pages[i].slot = w->n++;
	return &w->pages[i];
}

/* A page that is changed already, into w->page. */
static bool read_slot(struct memory_write *w, const struct memory_page *page)
{
	size_t size = (size_t)w->m->page_size;

	return pread_all(w->temp, w->page, size, page->slot * size) ||
	       error_sys(w->err, errno, "cannot read a temporary file");
}

/* n bytes within one page. */
static bool put_page(struct memory_write *w, uint64_t addr, const void *p,
		     size_t n)
{
	size_t size = (size_t)w->m->page_size;
	size_t at = (size_t)(addr & (size - 1)), i;
	struct memory_page new, *page;
	bool known;

	if (!memory_page_find(w, addr - at, n == size, &new))
		return false;
	i = memory_write_place(w, &new, &known);
	if (known && !read_slot(w, &w->pages[i]))
		return false;
	new.first = UINT64_MAX;
	page = known ? &w->pages[i] : insert(w, i, &new);
	if (!page)
		return false;
	memcpy(w->page + at, p, n);
	/* by another mapping of the same memory: all of it counts */
	if (known && page->addr != addr - at)
		addr = page->addr, n = size;
	page->first = addr < page->first ? addr : page->first;
	page->end = addr + n > page->end ? addr + n : page->end;
	return pwrite_all(w->temp, w->page, size, page->slot * size) ||
	       error_sys(w->err, errno, "cannot write a temporary file");
}

bool memory_write_put(struct memory_write *w, uint64_t addr, const void *p,
		      size_t n)
{
	if (n > UINT64_MAX - addr)
		return error_set(w->err, CRIT_EUSAGE, "runs past the end of "
				 "memory");
	w->planned = false;
	for (size_t k; n; n -= k, addr += k, p = (const uint8_t *)p + k) {
		k = (size_t)(w->m->page_size - (addr & (w->m->page_size - 1)));
		if (k > n)
			k = n;
		if (!put_page(w, addr, p, k))
			return false;
	}
	return true;
}

static bool get_page(struct memory_write *w, uint64_t addr, void *p, size_t n)
{
	size_t at = (size_t)(addr & (w->m->page_size - 1)), i;
	struct memory_page page;
	bool known;

	if (!memory_page_find(w, addr - at, false, &page))
		return false;
	i = memory_write_place(w, &page, &known);
	if (known && !read_slot(w, &w->pages[i]))
		return false;
	memcpy(p, w->page + at, n);
	return true;
}

bool memory_write_get(struct memory_write *w, uint64_t addr, void *p, size_t n)
{
	for (size_t k; n; n -= k, addr += k, p = (uint8_t *)p + k) {
		k = (size_t)(w->m->page_size - (addr & (w->m->page_size - 1)));
		if (k > n)
			k = n;
		if (!get_page(w, addr, p, k))
			return false;
	}
	return true;
}
