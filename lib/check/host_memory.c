// SPDX-License-Identifier: MIT
/*
 * --host: address space and memory.
 */
#include "check/host.h"
#include "check/pages.h"
#include "check/tasks.h"

#include <stdio.h>
#include <unistd.h>

static const struct rule rules[] = {
	{ "host-task-size", ERROR, "a mapping above the largest address of this "
		"kernel" },
	{ "host-mmap-min-addr", ERROR, "a mapping below vm.mmap_min_addr" },
	{ "host-page-size", ERROR, "pages have another size here" },
	{ "host-hugepages", ERROR, "too few free huge pages" },
	{ "host-memory", WARNING, "too little free memory" },
	{ 0 },
};

enum { SYS_RAWIO = 17 };

struct limits {
	uint64_t max, min, page;
};

static void judge_vma(struct check *c, const struct vma *v,
		      const struct limits *l)
{
	if (!(v->status & VMA_REGULAR) || v->status & VMA_GUARD)
		return;
	if (l->max && v->end > l->max)
		check_say(c, "host-task-size", AT_FIELD(v, "end"), "{end:x} is "
			  "above {max:x}, the largest address here",
			  VALUES(v->end, l->max));
	if (v->start < l->min)
		check_say(c, "host-mmap-min-addr", AT_FIELD(v, "start"),
			  "{start:x} is below vm.mmap_min_addr, {min:x}",
			  VALUES(v->start, l->min));
	if (v->start % l->page || v->end % l->page)
		check_say(c, "host-page-size", AT_FIELD(v, "start"), "{start:x}-"
			  "{end:x} is no multiple of the {page} bytes of a page "
			  "here", VALUES(v->start, v->end, l->page));
}

static void find_limits(struct check *c, struct limits *l)
{
	l->page = (uint64_t)sysconf(_SC_PAGESIZE);
#ifdef __x86_64__
	l->max = host_has_word(c, "/proc/cpuinfo", "la57", 0) ?
		(UINT64_C(1) << 56) - 4096 : (UINT64_C(1) << 47) - 4096;
#endif
	if (host_capable(c, SYS_RAWIO) ||
	    !host_number(c, "/proc/sys/vm/mmap_min_addr", &l->min))
		l->min = 0;
}

/* Sizes of huge pages that mappings ask for: 2^shift bytes. */
static void judge_huge(struct check *c, unsigned shift)
{
	uint64_t need = 0, free_pages = 0;
	char path[96];

	for EACH(c, T_VMA, vma, v) {
		unsigned own = (unsigned)(v->flags >> 26 & 63);

		if (v->flags & VMA_MAP_HUGETLB && (own ? own : 21) == shift)
			need += v->end - v->start;
	}
	if (!need)
		return;
	snprintf(path, sizeof(path), "/sys/kernel/mm/hugepages/hugepages-%llukB/"
		 "free_hugepages", (unsigned long long)(1ull << shift >> 10));
	if (!host_number(c, path, &free_pages))
		free_pages = 0;
	if (free_pages << shift < need)
		check_say(c, "host-hugepages", NOWHERE, "{bytes} bytes of huge "
			  "pages of {size} are needed, {free} are free",
			  VALUES(need, UINT64_C(1) << shift, free_pages << shift));
}

static void judge_memory(struct check *c)
{
	const struct pagemap_sum *s = c->sums.p;
	uint64_t need = 0, have;

	for (size_t i = 0; i < c->sums.n; i++)
		need += s[i].present * 4096;
	if (host_value(c, "/proc/meminfo", "MemAvailable:", 10, &have) &&
	    need / 1024 > have)
		check_say(c, "host-memory", NOWHERE, "{bytes} bytes are needed, "
			  "{free} are free", VALUES(need, have * 1024));
}

static void check(struct check *c)
{
	struct limits l = { 0 };

	if (!c->host)
		return;
	find_limits(c, &l);
	for EACH(c, T_VMA, vma, v)
		judge_vma(c, v, &l);
	for (unsigned shift = 12; shift < 40; shift++)
		judge_huge(c, shift);
	judge_memory(c);
}

const struct area area_host_memory = { .rules = rules, .check = check };
