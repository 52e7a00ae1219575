// SPDX-License-Identifier: MIT
/*
 * core images of x86: registers.
 */
#include "check/core.h"

static const struct rule rules[] = {
	{ "core-gpregs-mode", ERROR, "gpregs.mode is neither native nor "
		"compat" },
	{ "core-fpregs-count", ERROR, "too few floating point registers" },
	{ "core-xsave-count", ERROR, "a list of extended state has not its "
		"length" },
	{ "core-ip-not-exec", WARNING, "the instruction pointer is not in code" },
	{ "core-sp-unmapped", WARNING, "the stack pointer is in no mapping" },
	{ 0 },
};

static const struct test tests[] = {
	{ "core-gpregs-mode", "user_x86_regs_entry.mode", TEST_OUTSIDE, 1, 2,
	  "is neither 1 (native) nor 2 (compat)", core_is_live },
	{ "core-fpregs-count", "user_x86_fpregs_entry.st_space", TEST_BELOW, 32,
	  0, "words in place of 32", core_is_live },
	{ "core-fpregs-count", "user_x86_fpregs_entry.xmm_space", TEST_BELOW,
	  64, 0, "words in place of 64", core_is_live },
	{ "core-fpregs-count", "user_x86_fpregs_entry.st_space", TEST_ABSENT, 0,
	  0, "st_space is missing", core_is_live },
	{ "core-fpregs-count", "user_x86_fpregs_entry.xmm_space", TEST_ABSENT,
	  0, 0, "xmm_space is missing", core_is_live },
	{ 0 },
};

static const struct {
	const char *field;
	size_t offset;
	uint64_t count;
	int bit;		/* of xstate_bv */
} lists[] = {
	{ "ymmh_space", offsetof(struct xsave, ymmh_space), 64, 2 },
	{ "bndreg_state", offsetof(struct xsave, bndreg_state), 8, 3 },
	{ "bndcsr_state", offsetof(struct xsave, bndcsr_state), 8, 4 },
	{ "opmask_reg", offsetof(struct xsave, opmask_reg), 8, 5 },
	{ "zmm_upper", offsetof(struct xsave, zmm_upper), 64, 6 },
	{ "hi16_zmm", offsetof(struct xsave, hi16_zmm), 128, 7 },
	{ "pkru", offsetof(struct xsave, pkru), 2, 9 },
};

static void judge_xsave(struct check *c, const struct xsave *x)
{
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		uint64_t n = *(const uint64_t *)(const void *)
			((const char *)x + lists[i].offset);
		bool in_use = x->xstate_bv >> lists[i].bit & 1;

		if (n && (n < lists[i].count || (n > lists[i].count && in_use)))
			check_say(c, "core-xsave-count", AT_FIELD(x,
				  lists[i].field), "{count} words in place of "
				  "{expected}", VALUES(n, lists[i].count));
	}
}

static void judge_pointers(struct check *c, const struct task *t,
			   const struct gpregs *g)
{
	const struct vma *code = tasks_vma_at(c, t, g->ip);

	if (!code || !(code->prot & 4))
		check_say(c, "core-ip-not-exec", AT_FIELD(g, "ip"), code ?
			  "{ip:x} lies in a mapping of mm-{pid}.img that cannot "
			  "be executed" : "{ip:x} lies in no mapping of "
			  "mm-{pid}.img", VALUES(g->ip, t->pid));
	if (!tasks_vma_at(c, t, g->sp) && !tasks_vma_at(c, t, g->sp - 1))
		check_say(c, "core-sp-unmapped", AT_FIELD(g, "sp"), "{sp:x} "
			  "lies in no mapping of mm-{pid}.img",
			  VALUES(g->sp, t->pid));
}

static void judge_core(struct check *c, const struct task *t,
		       const struct core *core)
{
	const struct x86 *x = core ? check_row(c, T_X86, core->thread_info) :
		NULL;
	const struct gpregs *g = x ? check_row(c, T_GPREGS, x->gpregs) : NULL;

	if (g && core->mtype == 1)
		judge_pointers(c, t, g);
}

static void check(struct check *c)
{
	for EACH(c, T_XSAVE, xsave, x)
		if (core_is_live(c, x))
			judge_xsave(c, x);
	for EACH_TASK(c, t) {
		if (!t->live || !t->mm)
			continue;
		judge_core(c, t, t->core);
		for (uint32_t i = 1; i < span_n(t->entry->threads); i++)
			judge_core(c, t, check_of_image(c, T_CORE, "core-#.img",
				   check_number(c, t->entry->threads, i)));
	}
}

const struct area area_x86 = {
	.rules = rules, .tests = tests, .check = check,
};
