// SPDX-License-Identifier: MIT
/*
 * Mappings, each for itself and beside its neighbours: mm-PID.img, vmas-PID.img.
 */
#include "check/tasks.h"

static const struct rule rules[] = {
	{ "vma-empty", ERROR, "a mapping of no bytes" },
	{ "vma-unaligned", ERROR, "a mapping is not page aligned" },
	{ "vma-unsorted", ERROR, "mappings are not in order" },
	{ "vma-overlap", ERROR, "two mappings overlap" },
	{ "vma-guard-order", ERROR, "a mapping after guard ranges" },
	{ "vma-guard-uncovered", ERROR, "a guard range outside of mappings" },
	{ "vma-task-size", ERROR, "a mapping above the largest address" },
	{ "vma-status-runtime", ERROR, "status bits of a running CRIU" },
	{ "vma-status-unsupp", WARNING, "the status bit of mappings that are "
		"not supported" },
	{ "vma-status-unknown", WARNING, "unknown status bits" },
	{ "vma-kind", ERROR, "not exactly one kind of mapping" },
	{ "vma-flags-kind", ERROR, "flags do not fit the kind" },
	{ "vma-prot-bits", WARNING, "unknown protection bits" },
	{ "vma-pgoff-unaligned", ERROR, "pgoff is not page aligned" },
	{ "vma-hugetlb-align", ERROR, "a mapping of huge pages is not aligned "
		"to them" },
	{ "vma-madv", ERROR, "unknown advice" },
	{ "vma-aioring-no-entry", WARNING, "a ring without an entry in aios" },
	{ "vma-uprobes", WARNING, "uprobes, but allow_uprobes is not set" },
	{ "vma-vvar-without-vdso", ERROR, "vvar without vdso" },
	{ "vma-ext-plugin", NOTE, "a plugin restores the mapping" },
	{ 0 },
};

static void say(struct check *c, const char *rule, const struct vma *v,
		const char *field, const char *text, uint64_t value)
{
	check_say(c, rule, AT_FIELD(v, field), text,
		  VALUES(v->start, v->end, value));
}

static void judge_status(struct check *c, const struct vma *v)
{
	uint64_t s = v->status;
	const struct inventory *inv = tasks_inventory(c);

	if (s & UINT64_C(7) << 28)
		say(c, "vma-status-runtime", v, "status", "{start:x}-{end:x}: "
		    "{status:x} has bits that only a running CRIU sets", s);
	if (s & UINT64_C(1) << 31)
		say(c, "vma-status-unsupp", v, "status", "{start:x}-{end:x}: "
		    "{status:x} says that CRIU does not support it", s);
	if (s & UINT64_C(0x07fc0010))
		say(c, "vma-status-unknown", v, "status", "{start:x}-{end:x}: "
		    "{status:x} has unknown bits", s);
	if (s & VMA_UPROBES && inv && !inv->allow_uprobes)
		say(c, "vma-uprobes", v, "status", "{start:x}-{end:x} has "
		    "uprobes, but allow_uprobes of inventory.img is not set", s);
	if (s & VMA_EXT_PLUGIN)
		say(c, "vma-ext-plugin", v, "status", "a plugin restores "
		    "{start:x}-{end:x}", s);
}

static void judge_kind(struct check *c, const struct vma *v)
{
	enum { PRIVATE = VMA_FILE_PRIVATE | VMA_ANON_PRIVATE,
	       SHARED = VMA_FILE_SHARED | VMA_ANON_SHARED,
	       OTHER = VMA_SOCKET | VMA_AIORING | VMA_SHSTK };
	uint64_t kind = v->status & (PRIVATE | SHARED), low = v->flags & 15;

	if (!(v->status & VMA_REGULAR))
		return;
	if (!(v->status & OTHER) && (!kind || kind & (kind - 1)))
		say(c, "vma-kind", v, "status", "{start:x}-{end:x}: {status:x} "
		    "must have exactly one of file or anonymous, private or "
		    "shared", v->status);
	if ((kind & PRIVATE && low != 2 && low != 8) ||
	    (kind & SHARED && (low & 3) != 1 && (low & 3) != 3))
		say(c, "vma-flags-kind", v, "flags", kind & PRIVATE ?
		    "{start:x}-{end:x} is private, but flags are {flags:x}" :
		    "{start:x}-{end:x} is shared, but flags are {flags:x}",
		    v->flags);
}

static void judge_alignment(struct check *c, const struct vma *v, uint64_t page)
{
	uint64_t shift = v->flags >> 26 & 63, huge;

	if (v->start >= v->end)
		say(c, "vma-empty", v, "start", "{start:x}-{end:x} has no bytes",
		    0);
	if (v->start % page || v->end % page)
		say(c, "vma-unaligned", v, "start", "{start:x}-{end:x} is no "
		    "multiple of {page}", page);
	if (v->status & VMA_REGULAR && v->pgoff % page)
		say(c, "vma-pgoff-unaligned", v, "pgoff", "{start:x}-{end:x}: "
		    "{pgoff} is no multiple of the page size", v->pgoff);
	huge = UINT64_C(1) << (shift ? shift : 21);
	if (v->flags & VMA_MAP_HUGETLB && (v->start % huge || v->end % huge))
		say(c, "vma-hugetlb-align", v, "start", "{start:x}-{end:x} is "
		    "no multiple of its huge pages of {bytes}", huge);
}

static void judge_values(struct check *c, const struct vma *v)
{
	/* advice that CRIU gives again */
	enum { ADVICE = 1 << 1 | 1 << 2 | 1 << 10 | 1 << 12 | 1 << 14 |
	       1 << 15 | 1 << 16 | 1 << 18 };
	uint64_t max = tasks_size(c);

	if (max && v->status & VMA_REGULAR && v->end > max)
		say(c, "vma-task-size", v, "end", "{start:x}-{end:x} ends above "
		    "{max:x}", max);
	if (v->prot & ~UINT64_C(7))
		say(c, "vma-prot-bits", v, "prot", "{start:x}-{end:x}: {prot:x} "
		    "has unknown bits", v->prot);
	if (v->madv & ~(uint64_t)ADVICE)
		say(c, "vma-madv", v, "madv", "{start:x}-{end:x}: {madv:x} has "
		    "advice that restore cannot give", v->madv);
}

static void judge_place(struct check *c, const struct vma *v,
			const struct vma *before, bool guard)
{
	if (guard)
		say(c, "vma-guard-order", v, "start", "{start:x}-{end:x} comes "
		    "after guard ranges, which must be last", 0);
	if (!before)
		return;
	if (v->start < before->start)
		say(c, "vma-unsorted", v, "start", "{start:x}-{end:x} comes "
		    "after {before:x}", before->start);
	else if (v->start < before->end)
		say(c, "vma-overlap", v, "start", "{start:x}-{end:x} begins "
		    "before {before:x}, where the mapping before it ends",
		    before->end);
}

/* Ordinary mappings are sorted, or it has been said that they are not. */
static bool is_covered(const struct vma *v, uint32_t n, const struct vma *g)
{
	uint64_t at = g->start;

	for (uint32_t i = 0; i < n && at < g->end; i++)
		if (!(v[i].status & VMA_GUARD) && v[i].start <= at &&
		    v[i].end > at)
			at = v[i].end;
	return at >= g->end;
}

static bool has_ring(const struct check *c, const struct task *t, uint64_t at)
{
	for (uint32_t i = 0; t->mm && i < span_n(t->mm->aios); i++) {
		const struct aio *a = check_nth(c, T_AIO, t->mm->aios, i);

		if (a->id == at)
			return true;
	}
	return false;
}

static void judge_all(struct check *c, const struct task *t)
{
	const struct vma *before = NULL, *v, *vvar = NULL;
	uint64_t page = pages_page_size(c, t->pid);
	bool guard = false, vdso = false;
	uint32_t n;

	v = tasks_vmas(c, t->pid, &n);
	for (uint32_t i = 0; i < n; i++) {
		judge_status(c, &v[i]);
		judge_alignment(c, &v[i], page);
		if (v[i].status & VMA_GUARD) {
			guard = true;
			if (!is_covered(v, n, &v[i]))
				say(c, "vma-guard-uncovered", &v[i], "start",
				    "{start:x}-{end:x}: a guard range that no "
				    "mapping covers", 0);
			continue;
		}
		judge_kind(c, &v[i]);
		judge_values(c, &v[i]);
		judge_place(c, &v[i], before, guard);
		if (v[i].status & VMA_AIORING && !has_ring(c, t, v[i].start))
			say(c, "vma-aioring-no-entry", &v[i], "start",
			    "{start:x}-{end:x} is a ring without an entry in "
			    "aios", 0);
		vdso |= v[i].status & VMA_VDSO;
		vvar = v[i].status & VMA_VVAR ? &v[i] : vvar;
		before = &v[i];
	}
	if (vvar && !vdso)
		say(c, "vma-vvar-without-vdso", vvar, "status", "{start:x}-"
		    "{end:x} is vvar, but there is no vdso", 0);
}

static void check(struct check *c)
{
	for EACH_TASK(c, t)
		if (t->live)
			judge_all(c, t);
}

const struct area area_vma = { .rules = rules, .check = check };
