// SPDX-License-Identifier: MIT
#include "memory/ranges.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool check_range(struct memory *m, uint64_t start, uint64_t end)
{
	uint64_t i = mappings_find(&m->vmas, start);
	const struct vma *a = i < m->vmas.n ? mappings_get(&m->vmas, i) : NULL;

	if (end && (m->bare || (a && (a->start < end || a->start <= start))))
		return true;
	return error_set(m->err, CRIT_EDATA, "task %" PRIu32 " has no mapping at "
			 "0x%" PRIx64, m->pid, start);
}

static int digit(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Whether text is name, or how the map shows it: bytes as \xNN. */
static bool same_name(const char *text, const char *name)
{
	if (!strcmp(text, name))
		return true;
	for (; *text && *name; name++) {
		unsigned char c = (unsigned char)*text++;

		if (c == '\\' && *text == 'x' && digit(text[1]) >= 0 &&
		    digit(text[2]) >= 0) {
			c = (unsigned char)(digit(text[1]) << 4 | digit(text[2]));
			text += 3;
		}
		if (c != (unsigned char)*name)
			return false;
	}
	return !*text && !*name;
}

/* A name as memory_what has it, or with the offset that the map shows. */
static bool has_name(const struct memory *m, const struct vma *a,
		     const char *name)
{
	char buf[64], offset[32], own[4096];
	const char *what = memory_what(m, a, buf, sizeof(buf));
	size_t n = strlen(name), k;

	if (same_name(name, what))
		return true;
	if (!vma_is_file(a) || !a->pgoff)
		return false;
	k = (size_t)snprintf(offset, sizeof(offset), " + 0x%" PRIx64, a->pgoff);
	if (n <= k || n - k >= sizeof(own) || strcmp(name + n - k, offset))
		return false;
	memcpy(own, name, n - k);
	own[n - k] = 0;
	return same_name(own, what);
}

static bool has_prot(const struct vma *a, const char *want)
{
	char prot[5];

	memory_prot(a, prot);
	if (strlen(want) == 4 && strchr("r-", want[0]) && strchr("w-", want[1]))
		return !strcmp(prot, want);
	for (; *want; want++)
		if (!strchr(prot, *want))
			return false;
	return true;
}

bool memory_chosen(const struct memory *m, const struct vma *a,
		   const struct memory_choice *c)
{
	return (!c->kinds || c->kinds & 1u << memory_kind(m, a)) &&
	       (!c->prot || has_prot(a, c->prot)) &&
	       (!c->name || has_name(m, a, c->name));
}

bool memory_choose(struct memory *m, struct memory_choice *choice,
		   bool (*f)(void *, struct memory *, uint64_t, uint64_t),
		   void *ctx)
{
	if (choice->ranged) {
		uint64_t end = choice->whole_page ?
			(choice->start | (m->page_size - 1)) + 1 : choice->end;

		choice->n++;
		return check_range(m, choice->start, end) &&
		       f(ctx, m, choice->start, end);
	}
	for (uint64_t i = 0; i < m->vmas.n; i++) {
		const struct vma *a = mappings_get(&m->vmas, i);

		if (!a)
			return false;
		if (!memory_chosen(m, a, choice))
			continue;
		choice->n++;
		if (!f(ctx, m, a->start, a->end))
			return false;
	}
	return !error_is(m->err);
}
