// SPDX-License-Identifier: MIT
/*
 * mm-PID.img: the address space as a whole. Mappings are in vma.c.
 */
#include "check/tasks.h"

#include <string.h>

static const struct rule rules[] = {
	{ "mm-missing", ERROR, "a task has no mm image" },
	{ "mm-exe-missing", ERROR, "the executable is no file" },
	{ "mm-auxv-size", ERROR, "the auxiliary vector is too long" },
	{ "mm-auxv-odd", WARNING, "the auxiliary vector has half a pair" },
	{ "mm-vmas-missing", ERROR, "there is no mapping" },
	{ "mm-layout-order", ERROR, "an address of the layout is above its end" },
	{ "mm-layout-range", ERROR, "an address of the layout is no address of "
		"a task" },
	{ "mm-dumpable", WARNING, "dumpable is unknown" },
	{ "mm-aio-vma", ERROR, "a ring of AIO has no mapping" },
	{ 0 },
};

static const struct test tests[] = {
	{ "mm-dumpable", "mm_entry.dumpable", TEST_OUTSIDE_SIGNED, 0, 2,
	  "is not 0, 1 or 2", NULL },
	{ 0 },
};

static const struct ref refs[] = {
	{ "mm-exe-missing", "mm_entry.exe_file_id", "REG", true, NULL },
	{ 0 },
};

/* Words that CRIU has room for, by mtype. */
static const uint32_t auxv_max[] = { 44, 44, 40, 50, 54, 44, 44, 44, 64 };

static void judge_auxv(struct check *c, const struct task *t)
{
	uint32_t n = span_n(t->mm->mm_saved_auxv), max = auxv_max[1];

	if (t->core && t->core->mtype <= 8)
		max = auxv_max[t->core->mtype];
	if (n > max)
		check_say(c, "mm-auxv-size", AT_FIELD(t->mm, "mm_saved_auxv"),
			  "{count} words; CRIU has room for {max}",
			  VALUES(n, max));
	if (n % 2)
		check_say(c, "mm-auxv-odd", AT_FIELD(t->mm, "mm_saved_auxv"),
			  "{count} words are no pairs", VALUES(n));
}

#define ADDRESS(f) { #f, offsetof(struct mm, f) }

static const struct address {
	const char *field;
	size_t offset;
} addresses[] = {
	ADDRESS(mm_start_code), ADDRESS(mm_end_code), ADDRESS(mm_start_data),
	ADDRESS(mm_end_data), ADDRESS(mm_start_brk), ADDRESS(mm_brk),
	ADDRESS(mm_arg_start), ADDRESS(mm_arg_end), ADDRESS(mm_env_start),
	ADDRESS(mm_env_end), ADDRESS(mm_start_stack),
};

static uint64_t address(const struct mm *mm, int i)
{
	return *(const uint64_t *)(const void *)((const char *)mm +
						 addresses[i].offset);
}

static void judge_layout(struct check *c, const struct mm *mm)
{
	uint64_t max = tasks_size(c);

	for (int i = 0; i < 10; i += 2) {
		uint64_t from = address(mm, i), to = address(mm, i + 1);

		if (from > to || (!i && from == to))
			check_say(c, "mm-layout-order", AT_FIELD(mm,
				  addresses[i].field), "{start:x} must be below "
				  "{-field:s}, {end:x}",
				  VALUES(from, STRING(addresses[i + 1].field), to));
	}
	for (int i = 0; i < 11; i++) {
		uint64_t v = address(mm, i);

		if (v < 4096 || (max && v >= max))
			check_say(c, "mm-layout-range", AT_FIELD(mm,
				  addresses[i].field), "{address:x} is no "
				  "address of a task", VALUES(v));
	}
}

static void judge_aio(struct check *c, const struct task *t)
{
	for (uint32_t i = 0; i < span_n(t->mm->aios); i++) {
		const struct aio *a = check_nth(c, T_AIO, t->mm->aios, i);
		const struct vma *v = tasks_vma_at(c, t, a->id);

		if (v && v->start == a->id && v->status & VMA_AIORING &&
		    v->end - v->start == a->ring_len)
			continue;
		check_say(c, "mm-aio-vma", AT_FIELD(a, "id"), "no mapping of "
			  "{bytes} bytes for the ring begins at {address:x}",
			  VALUES(a->ring_len, a->id));
	}
}

static void judge(struct check *c, const struct task *t)
{
	uint32_t n;

	check_use(c, "mm-#.img", t->pid);
	check_use(c, "vmas-#.img", t->pid);
	if (!t->live)
		return;
	if (!t->mm) {
		if (!check_broken(c, "mm-#.img", t->pid))
			check_say(c, "mm-missing", AT(t->entry), "mm-{pid}.img "
				  "is missing", VALUES(t->pid));
		return;
	}
	if (!tasks_vmas(c, t->pid, &n))
		check_say(c, "mm-vmas-missing", AT_FIELD(t->mm, "vmas"), "empty, "
			  "and vmas-{pid}.img has none", VALUES(t->pid));
	judge_auxv(c, t);
	judge_layout(c, t->mm);
	judge_aio(c, t);
}

static void check(struct check *c)
{
	for EACH_TASK(c, t)
		judge(c, t);
}

const struct area area_mm = {
	.rules = rules, .tests = tests, .refs = refs, .check = check,
};
