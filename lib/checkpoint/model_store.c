// SPDX-License-Identifier: MIT
/*
 * Lists that grow, and one table from numbers to their elements.
 */
#include "base/alloc.h"
#include "checkpoint/model_keep.h"


static bool widen(struct model *m, struct model_list *l, size_t n, size_t size)
{
	size_t cap = l->cap ? l->cap : 64;
	void *p;

	while (cap < l->n + n)
		cap *= 2;
	/* places in lists are 32 bits wide */
	p = cap > UINT32_MAX ? NULL : alloc_more(l->p, cap * size);
	if (!p)
		return error_set(m->sink.err, CRIT_ENOMEM, "out of memory");
	l->p = p;
	l->cap = cap;
	return true;
}

static inline bool grow(struct model *m, struct model_list *l, size_t n,
			size_t size)
{
	return l->n + n <= l->cap || widen(m, l, n, size);
}

void *model_more(struct model *m, struct model_list *l, size_t size)
{
	if (!grow(m, l, 1, size))
		return NULL;
	return memset((char *)l->p + size * l->n++, 0, size);
}

bool model_add(struct model *m, struct model_list *l, const void *p, size_t n)
{
	if (!grow(m, l, n, 1))
		return false;
	if (n)
		memcpy((char *)l->p + l->n, p, n);
	l->n += n;
	return true;
}

static struct model_slot *find(struct model_slot *slots, size_t n,
			       uint32_t kind, uint64_t key)
{
	uint64_t h = key ^ (uint64_t)kind << 32;
	size_t i = (size_t)(h * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (n - 1);

	while (slots[i].value && (slots[i].key != key || slots[i].kind != kind))
		i = (i + 1) & (n - 1);
	return &slots[i];
}

static bool rehash(struct model *m)
{
	size_t n = m->n_slots ? 2 * m->n_slots : 256;
	struct model_slot *slots = alloc_zero(n * sizeof(*slots));

	if (!slots)
		return error_set(m->sink.err, CRIT_ENOMEM, "out of memory");
	for (size_t i = 0; i < m->n_slots; i++)
		if (m->slots[i].value)
			*find(slots, n, m->slots[i].kind, m->slots[i].key) =
				m->slots[i];
	alloc_free(m->slots);
	m->slots = slots;
	m->n_slots = n;
	return true;
}

/* Most files have small numbers: their places are in a list. It is not longer
 * than four times what it holds. */
static bool put_direct(struct model *m, uint64_t key, uint32_t value)
{
	struct model_list *l = &m->direct;
	size_t n = (size_t)key + 1;

	if (n > l->n) {
		if (!grow(m, l, n - l->n, sizeof(value)))
			return false;
		memset((uint32_t *)l->p + l->n, 0, (n - l->n) * sizeof(value));
		l->n = n;
	}
	((uint32_t *)l->p)[key] = value;
	return true;
}

bool model_put(struct model *m, uint32_t kind, uint64_t key, uint32_t value)
{
	struct model_slot *s;

	if (kind == KEY_FILE && key < 4 * m->files.n)
		return put_direct(m, key, value);
	if (4 * m->used_slots >= 3 * m->n_slots && !rehash(m))
		return false;
	s = find(m->slots, m->n_slots, kind, key);
	m->used_slots += !s->value;
	*s = (struct model_slot){ key, kind, value };
	return true;
}

uint32_t model_get(const struct model *m, uint32_t kind, uint64_t key)
{
	if (kind == KEY_FILE && key < m->direct.n &&
	    ((const uint32_t *)m->direct.p)[key])
		return ((const uint32_t *)m->direct.p)[key];
	return m->n_slots ? find(m->slots, m->n_slots, kind, key)->value : 0;
}
