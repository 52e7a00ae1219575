// SPDX-License-Identifier: MIT
/*
 * core-PID.img, core-TID.img: what each thread has.
 */
#include "check/core.h"

static const struct rule rules[] = {
	{ "core-thread-info-missing", ERROR, "no registers of the architecture" },
	{ "core-thread-core-missing", ERROR, "thread_core is missing" },
	{ "core-thread-has-tc", ERROR, "the core of a thread has parts of a "
		"task" },
	{ "core-compat-mixed", ERROR, "threads of 32 and 64 bit in one task" },
	{ "core-comm-len", WARNING, "comm is longer than 15 bytes" },
	{ "core-thread-creds-missing", ERROR, "a thread has no credentials, but "
		"its leader has" },
	{ "core-cap-words", WARNING, "capabilities of more than two words" },
	{ "core-thread-cg-set", ERROR, "the control group set of a thread is "
		"not in cgroup.img" },
	{ "core-seccomp-mode", ERROR, "seccomp_mode is unknown" },
	{ "core-seccomp-missing", ERROR, "filters are needed, but there is no "
		"seccomp.img" },
	{ "core-seccomp-filter", ERROR, "seccomp_filter is no filter" },
	{ "core-sched", ERROR, "policy, priority and nice do not fit" },
	{ "core-pdeath-sig", ERROR, "pdeath_sig is no signal" },
	{ "core-robust-list-len", ERROR, "futex_rla_len is not the kernel's" },
	{ "core-robust-list-unmapped", WARNING, "futex_rla lies in no mapping" },
	{ "core-rseq", ERROR, "the area of restartable sequences is unaligned "
		"or too short" },
	{ 0 },
};

#define CAP(f) \
	{ "core-cap-words", "creds_entry." f, TEST_SIZE_ABOVE, 2, 0, \
	  "words; only two are restored", core_is_live }

static const struct test tests[] = {
	CAP("cap_inh"), CAP("cap_prm"), CAP("cap_eff"), CAP("cap_bnd"),
	CAP("cap_amb"),
	{ "core-comm-len", "task_core_entry.comm", TEST_SIZE_ABOVE, 15, 0,
	  "bytes: cut to 15", core_is_live },
	{ "core-comm-len", "thread_core_entry.comm", TEST_SIZE_ABOVE, 15, 0,
	  "bytes: cut to 15", core_is_live },
	{ "core-pdeath-sig", "thread_core_entry.pdeath_sig", TEST_ABOVE, 64, 0,
	  "is no signal", core_is_live },
	{ "core-rseq", "rseq_entry.rseq_abi_size", TEST_BELOW, 32, 0,
	  "is below 32", core_is_live },
	{ 0 },
};

static const struct {
	size_t offset;
	const char *field;
} infos[] = {
	[1] = { offsetof(struct core, thread_info), "thread_info" },
	[2] = { offsetof(struct core, ti_arm), "ti_arm" },
	[3] = { offsetof(struct core, ti_aarch64), "ti_aarch64" },
	[4] = { offsetof(struct core, ti_ppc64), "ti_ppc64" },
	[5] = { offsetof(struct core, ti_s390), "ti_s390" },
	[6] = { offsetof(struct core, ti_mips), "ti_mips" },
	[7] = { offsetof(struct core, ti_loongarch64), "ti_loongarch64" },
	[8] = { offsetof(struct core, ti_riscv64), "ti_riscv64" },
};

/* A thread, its core and its task. */
struct thread {
	const struct task *task;
	const struct core *core;
	const struct thread_core *tc;
	uint64_t tid;
};

static void judge_parts(struct check *c, const struct thread *t)
{
	uint64_t type = t->core->mtype;

	if (type >= 1 && type <= 8 && !*(const uint64_t *)(const void *)
	    ((const char *)t->core + infos[type].offset))
		check_say(c, "core-thread-info-missing", AT(t->core),
			  "{field:s} is missing", VALUES(STRING(infos[type].field)));
	if (!t->tc)
		check_say(c, "core-thread-core-missing", AT(t->core),
			  "thread_core is missing", NULL);
	if (t->core != t->task->core && (t->core->tc || t->core->ids))
		check_say(c, "core-thread-has-tc", AT_FIELD(t->core,
			  t->core->tc ? "tc" : "ids"), "thread {tid} of task "
			  "{pid} must not have this part of a task",
			  VALUES(t->tid, t->task->pid));
}

static uint64_t mode_of(const struct check *c, const struct core *core)
{
	const struct x86 *x = check_row(c, T_X86, core->thread_info);
	const struct gpregs *g = x ? check_row(c, T_GPREGS, x->gpregs) : NULL;

	return g && g->mode ? g->mode : 1;
}

static void judge_against_leader(struct check *c, const struct thread *t)
{
	const struct task *task = t->task;
	uint64_t set = t->tc ? t->tc->cg_set : 0;

	if (mode_of(c, t->core) != mode_of(c, task->core))
		check_say(c, "core-compat-mixed", AT_FIELD(t->core,
			  "thread_info.gpregs.mode"), "{mode}, but the leader "
			  "{pid} has {leader}", VALUES(mode_of(c, t->core),
			  task->pid, mode_of(c, task->core)));
	if (!t->tc || !task->thread)
		return;
	if (task->thread->creds && !t->tc->creds)
		check_say(c, "core-thread-creds-missing", AT(t->tc), "creds is "
			  "missing, but core-{pid}.img has it",
			  VALUES(task->pid));
	if (HAS(t->tc, thread_core, cg_set) && set != core_cg_set(task) &&
	    !check_allows(c, "manage-cgroups=ignore") &&
	    !check_broken(c, "cgroup.img", 0) &&
	    !check_lookup(c, "cg_set_entry.id", set))
		check_say(c, "core-thread-cg-set", AT_FIELD(t->tc, "cg_set"),
			  "{set} is not in cgroup.img", VALUES(set));
}

static void judge_seccomp(struct check *c, const struct thread *t)
{
	const struct task_core *old = t->task->tc;
	const struct seccomp *s = check_first(c, T_SECCOMP);
	bool has = HAS(t->tc, thread_core, seccomp_mode);
	uint64_t mode = has ? t->tc->seccomp_mode : old->old_seccomp_mode;
	uint64_t filter = HAS(t->tc, thread_core, seccomp_filter) ?
		t->tc->seccomp_filter : old->old_seccomp_filter;
	struct place at = has ? AT_FIELD(t->tc, "seccomp_mode") :
		AT_FIELD(old, "old_seccomp_mode");

	if (mode > 2)
		check_say(c, "core-seccomp-mode", at, "{mode} is not 0, 1 or 2",
			  VALUES(mode));
	if (mode != 2 || check_broken(c, "seccomp.img", 0))
		return;
	if (!s)
		check_say(c, "core-seccomp-missing", at, "filters are needed, "
			  "but there is no seccomp.img", NULL);
	else if (filter >= span_n(s->seccomp_filters))
		check_say(c, "core-seccomp-filter", AT_FIELD(t->tc,
			  "seccomp_filter"), "{filter}: seccomp.img has "
			  "{filters} filters",
			  VALUES(filter, span_n(s->seccomp_filters)));
}

static bool sched_fits(const struct thread_core *t)
{
	uint64_t policy = t->sched_policy & ~UINT64_C(0x40000000);
	int64_t nice = (int64_t)t->sched_nice;

	if (nice < -20 || nice > 19)
		return false;
	if (policy == 1 || policy == 2)
		return t->sched_prio >= 1 && t->sched_prio <= 99;
	return (!policy || policy == 3 || policy == 5) && !t->sched_prio;
}

static void judge_address(struct check *c, const struct thread *t)
{
	const struct thread_core *tc = t->tc;
	uint64_t want = mode_of(c, t->core) == 2 ? 12 : 24;
	const struct rseq *r = check_row(c, T_RSEQ, tc->rseq_entry);

	if (t->core->mtype == 1 && tc->futex_rla_len &&
	    tc->futex_rla_len != want)
		check_say(c, "core-robust-list-len", AT_FIELD(tc,
			  "futex_rla_len"), "{value} is not {expected}",
			  VALUES(tc->futex_rla_len, want));
	if (tc->futex_rla && t->task->mm &&
	    !tasks_vma_at(c, t->task, tc->futex_rla))
		check_say(c, "core-robust-list-unmapped", AT_FIELD(tc,
			  "futex_rla"), "{address:x} lies in no mapping of "
			  "mm-{pid}.img", VALUES(tc->futex_rla, t->task->pid));
	if (r && r->rseq_abi_pointer % 32)
		check_say(c, "core-rseq", AT_FIELD(r, "rseq_abi_pointer"),
			  "{address:x} is no multiple of 32",
			  VALUES(r->rseq_abi_pointer));
}

static void judge(struct check *c, const struct task *task,
		  const struct core *core, uint64_t tid)
{
	struct thread t = { task, core, NULL, tid };

	t.tc = check_row(c, T_THREAD_CORE, core->thread_core);
	judge_parts(c, &t);
	if (core != task->core)
		judge_against_leader(c, &t);
	if (!t.tc)
		return;
	judge_seccomp(c, &t);
	judge_address(c, &t);
	if (HAS(t.tc, thread_core, sched_policy) && !sched_fits(t.tc))
		check_say(c, "core-sched", AT_FIELD(t.tc, "sched_policy"),
			  "policy {policy}, priority {priority} and nice {nice:d} "
			  "do not go together", VALUES(t.tc->sched_policy,
			  t.tc->sched_prio, t.tc->sched_nice));
}

static void check(struct check *c)
{
	for EACH_TASK(c, t) {
		uint32_t n = span_n(t->entry->threads);

		if (!t->live)
			continue;
		judge(c, t, t->core, t->pid);
		for (uint32_t i = 1; i < n; i++) {
			uint64_t tid = check_number(c, t->entry->threads, i);
			const struct core *core = check_of_image(c, T_CORE,
				"core-#.img", tid);

			check_use(c, "signal-p-#.img", tid);
			if (core)
				judge(c, t, core, tid);
		}
		check_use(c, "signal-p-#.img", t->pid);
	}
}

const struct area area_thread = {
	.rules = rules, .tests = tests, .check = check,
};
