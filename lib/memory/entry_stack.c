// SPDX-License-Identifier: MIT
/*
 *   mm_start_stack ─► words, read some at a time ─► argc, argv.., envp.., auxv
 */
#include "memory/entry_stack.h"
#include "memory/arguments.h"

#include <string.h>
#include <sys/auxv.h>

enum { POINTERS_MAX = 1 << 20 };

static uint64_t get(const struct entry_stack *s, const uint8_t *p)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < s->word; i++)
		v |= (uint64_t)p[i] << 8 * (s->big ? s->word - 1 - i : i);
	return v;
}

void entry_stack_put(const struct entry_stack *s, uint8_t *p, uint64_t value)
{
	for (unsigned i = 0; i < s->word; i++)
		p[i] = (uint8_t)(value >> 8 * (s->big ? s->word - 1 - i : i));
}

/* The word at an address in the mapping; NULL: no image has it. */
static const uint8_t *look(struct entry_stack *s, struct memory *m,
			   uint64_t addr)
{
	uint64_t left = s->vma.end - addr;
	size_t k, n = left < sizeof(s->buf) ? (size_t)left : sizeof(s->buf);

	if (addr >= s->from && addr - s->from < s->n &&
	    s->n - (addr - s->from) >= s->word)
		return s->buf + (addr - s->from);
	s->from = addr;
	for (s->n = 0; s->n < s->word; s->n += k) {
		k = memory_some(m, addr + s->n, s->buf + s->n, n - s->n);
		if (!k)
			return NULL;
	}
	return s->buf;
}

bool entry_stack_word(struct entry_stack *s, struct memory *m,
		      uint64_t addr, uint64_t *value)
{
	const uint8_t *p;

	if (addr < s->vma.start || addr > s->vma.end - s->word)
		return false;
	p = look(s, m, addr);
	if (p)
		*value = get(s, p);
	return p;
}

/* The lowest string so far. */
static void see(struct entry_stack *s, uint64_t pointer)
{
	if (pointer > s->argv && pointer < s->strings)
		s->strings = pointer;
}

/* Pointers from addr up to a zero; *n of them. */
static bool pointers(struct entry_stack *s, struct memory *m,
		     uint64_t addr, uint64_t *n)
{
	uint64_t value;

	for (*n = 0; *n < POINTERS_MAX; ++*n, addr += s->word) {
		if (!entry_stack_word(s, m, addr, &value))
			return false;
		if (!value)
			return true;
		see(s, value);
	}
	return false;
}

/* Word number i of the saved vector. 32-bit tasks of a 64-bit kernel have two
 * in each, or each in one. */
static uint64_t saved(const struct mappings *v, unsigned i, bool pairs,
		      unsigned word)
{
	if (pairs)
		return (uint32_t)(v->auxv[i / 2] >> 32 * (i & 1));
	return word == 4 ? (uint32_t)v->auxv[i] : v->auxv[i];
}

static bool same_auxv(struct entry_stack *s, struct memory *m, bool pairs)
{
	const struct mappings *v = &m->vmas;
	unsigned n = v->n_auxv * (pairs ? 2 : 1);
	uint64_t type, value;

	for (unsigned i = 0; i + 1 < n; i += 2) {
		s->end = s->auxv + (i + 2) * (uint64_t)s->word;
		if (!entry_stack_word(s, m, s->end - 2 * s->word, &type) ||
		    !entry_stack_word(s, m, s->end - s->word, &value) ||
		    type != saved(v, i, pairs, s->word) ||
		    value != saved(v, i + 1, pairs, s->word))
			return false;
		if (!type)
			return i > 0;
		if (type == AT_EXECFN)
			see(s, value);
	}
	/* CRIU leaves the end out */
	type = 1;
	s->end = s->auxv + (n + 2) * (uint64_t)s->word;
	return n > 2 && entry_stack_word(s, m, s->end - 2 * s->word, &type) &&
	       !type;
}

static bool is_there(struct entry_stack *s, struct memory *m,
		     uint64_t addr)
{
	uint64_t argc;

	s->argv = addr + s->word;
	s->strings = s->vma.end;
	if (!entry_stack_word(s, m, addr, &argc) ||
	    !pointers(s, m, s->argv, &s->argc) || s->argc != argc)
		return false;
	s->envp = s->argv + (s->argc + 1) * s->word;
	if (!pointers(s, m, s->envp, &s->envc))
		return false;
	s->auxv = s->envp + (s->envc + 1) * s->word;
	return same_auxv(s, m, false) || (s->word == 4 && same_auxv(s, m, true));
}

bool entry_stack_find(struct entry_stack *s, struct memory *m)
{
	static const struct { unsigned word; bool big; } forms[] = {
		{ 8, false }, { 4, false }, { 8, true }, { 4, true },
	};
	struct mappings *v = &m->vmas;
	uint64_t i = mappings_find(v, v->stack);
	const struct vma *a = i < v->n ? mappings_get(v, i) : NULL;

	memset(s, 0, sizeof(*s));
	if (error_is(m->err))
		return false;
	if (a && a->start <= v->stack)
		s->vma = *a;
	for (size_t k = 0; s->vma.end && k < sizeof(forms) / sizeof(*forms); k++) {
		s->word = forms[k].word;
		s->big = forms[k].big;
		if (is_there(s, m, v->stack))
			return true;
		if (error_is(m->err))
			return false;
	}
	return false;
}
