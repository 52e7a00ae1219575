// SPDX-License-Identifier: MIT
/*
 * A block: its head {at: the first offset of the next block, size: its slots,
 * from: 1 + the head of the next block, or 0}, then the slots. Each block has
 * twice the slots of the one before it, up to a bound.
 */
#include "store/extents.h"
#include "base/alloc.h"
#include "base/buffer.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_BLOCK = 4 };

void extents_init(struct extents *x)
{
	*x = (struct extents){ .temp = -1 };
}

void extents_free(struct extents *x)
{
	alloc_free(x->memory);
	alloc_free(x->pages);
	if (x->temp >= 0)
		close(x->temp);
	extents_init(x);
}

static bool put_page(struct extents *x, struct extent_page *p,
		     struct crit_error *err)
{
	if (!p->changed)
		return true;
	if (x->temp < 0)
		x->temp = temp_file(err);
	if (x->temp < 0)
		return false;
	if (!pwrite_all(x->temp, p->slot, sizeof(p->slot),
			(p->n - 1) * sizeof(p->slot)))
		return error_sys(err, errno, "cannot write a temporary file");
	p->changed = false;
	return true;
}

static bool load(struct extents *x, struct extent_page *p, uint64_t n,
		 struct crit_error *err)
{
	struct blob temp = { .size = BLOB_UNKNOWN };
	size_t k = 0, got = 1;

	if (!put_page(x, p, err))
		return false;
	temp.fd = x->temp;
	p->n = 0;
	while (x->temp >= 0 && k < sizeof(p->slot) && got) {
		got = blob_read(&temp, n * sizeof(p->slot) + k,
				(char *)p->slot + k, sizeof(p->slot) - k, err);
		k += got;
	}
	if (error_is(err))
		return false;
	memset((char *)p->slot + k, 0, sizeof(p->slot) - k);
	p->n = n + 1;
	return true;
}

/* Where a slot is, in memory; NULL and *err. */
static struct extent *at_slot(struct extents *x, uint64_t slot, bool change,
			      struct crit_error *err)
{
	struct extent_page *p;
	uint64_t n;

	if (slot < EXTENTS_MEMORY)
		return &x->memory[slot];
	slot -= EXTENTS_MEMORY;
	n = slot / EXTENTS_PAGE;
	if (!x->pages)
		x->pages = alloc_zero(EXTENTS_PAGES * sizeof(*x->pages));
	if (!x->pages) {
		error_set(err, CRIT_ENOMEM, "out of memory");
		return NULL;
	}
	p = &x->pages[n % EXTENTS_PAGES];
	if (p->n != n + 1 && !load(x, p, n, err))
		return NULL;
	p->changed |= change;
	return &p->slot[slot % EXTENTS_PAGE];
}

static bool get(struct extents *x, uint64_t slot, struct extent *e,
		struct crit_error *err)
{
	const struct extent *from = at_slot(x, slot, false, err);

	if (from)
		*e = *from;
	return from;
}

static bool set(struct extents *x, uint64_t slot, const struct extent *e,
		struct crit_error *err)
{
	struct extent *to = at_slot(x, slot, true, err);

	if (to)
		*to = *e;
	return to;
}

/* n slots more; the first of them is *slot. */
static bool reserve(struct extents *x, uint32_t n, uint64_t *slot,
		    struct crit_error *err)
{
	struct extent *to;
	size_t cap = x->cap ? x->cap : 64;

	*slot = x->n;
	if (x->n + n >= UINT32_MAX)
		return error_set(err, CRIT_EDATA, "too many pieces");
	x->n += n;
	while (cap < x->n && cap < EXTENTS_MEMORY)
		cap += cap / 2;
	cap = cap < EXTENTS_MEMORY ? cap : EXTENTS_MEMORY;
	if (cap == x->cap)
		return true;
	to = alloc_more(x->memory, cap * sizeof(*to));
	if (!to)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	x->memory = to;
	x->cap = cap;
	return true;
}

/* Adds a block; its first extent begins at this offset. */
static bool add_block(struct extents *x, struct extent_list *l, uint64_t at,
		      struct crit_error *err)
{
	uint32_t room = !l->room ? FIRST_BLOCK : l->room < EXTENTS_BLOCK ?
		2 * l->room : EXTENTS_BLOCK;
	struct extent head = { .size = l->room };
	uint64_t slot;

	if (!reserve(x, room + 1, &slot, err))
		return false;
	head.at = at;
	head.from = slot + 1;
	if (l->last && !set(x, l->last - 1, &head, err))
		return false;
	if (!l->first)
		l->first = slot + 1;
	l->last = slot + 1;
	l->room = room;
	l->used = 0;
	head = (struct extent){ .at = UINT64_MAX, .size = room };
	return set(x, slot, &head, err);
}

bool extents_add(struct extents *x, struct extent_list *l,
		 const struct extent *e, struct crit_error *err)
{
	if (l->used == l->room && !add_block(x, l, e->at, err))
		return false;
	if (!set(x, l->last + l->used, e, err))
		return false;
	l->used++;
	l->n++;
	return true;
}

bool extents_last(struct extents *x, const struct extent_list *l,
		  struct extent *e, struct crit_error *err)
{
	return get(x, l->last + l->used - 1, e, err);
}

bool extents_set_last(struct extents *x, const struct extent_list *l,
		      const struct extent *e, struct crit_error *err)
{
	return set(x, l->last + l->used - 1, e, err);
}

/* The block that has this offset: *head is its head. */
static bool find_block(struct extents *x, uint64_t first,
		       struct extent_place *p, uint64_t at, struct extent *head,
		       struct crit_error *err)
{
	struct extent e;

	if (!p->block || !get(x, p->block, &e, err) || e.at > at)
		*p = (struct extent_place){ .block = first };
	if (error_is(err) || !get(x, p->block - 1, head, err))
		return false;
	while (head->from && head->at <= at) {
		p->before += head->size;
		p->block = head->from;
		if (!get(x, p->block - 1, head, err))
			return false;
	}
	return true;
}

/* The last extent of a block that begins at or before this offset: its number
 * + 1; 0: none. *next: where the one after it begins. */
static uint64_t find_in_block(struct extents *x, uint64_t block,
			      uint64_t n, uint64_t at, struct extent *e,
			      uint64_t *next, struct crit_error *err)
{
	uint64_t low = 0, high = n;

	while (low < high) {
		uint64_t i = low + (high - low) / 2;
		struct extent here;

		if (!get(x, block + i, &here, err))
			return 0;
		if (here.at <= at) {
			*e = here;
			low = i + 1;
		} else {
			*next = here.at;
			high = i;
		}
	}
	return low;
}

bool extents_find(struct extents *x, uint64_t first, uint64_t n,
		  struct extent_place *p, uint64_t at, struct extent *e,
		  struct crit_error *err)
{
	struct extent head = { .at = UINT64_MAX }, last = { 0 };
	uint64_t next, left;

	if (n && !find_block(x, first, p, at, &head, err))
		return false;
	next = head.at;
	left = n - p->before < head.size ? n - p->before : head.size;
	if (n && find_in_block(x, p->block, left, at, &last, &next, err) &&
	    at - last.at < last.size)
		*e = (struct extent){ at, last.size - (at - last.at),
				      last.from + (at - last.at) };
	else
		*e = (struct extent){ at, next - at, EXTENT_HOLE };
	return !error_is(err);
}
