// SPDX-License-Identifier: MIT
/*
 * core-PID.img: the task as a whole. Threads are in thread.c.
 */
#include "check/core.h"

#include <string.h>

static const struct rule rules[] = {
	{ "core-mtype-unknown", ERROR, "mtype is no architecture" },
	{ "core-mtype-mixed", ERROR, "cores of two architectures" },
	{ "core-tc-missing", ERROR, "tc is missing" },
	{ "core-state", ERROR, "task_state is not alive, dead or stopped" },
	{ "core-exit-code", WARNING, "a dead task ended by a signal that does "
		"not kill" },
	{ "core-exit-status", WARNING, "an exit status of more than 7 bits" },
	{ "core-sigactions-count", ERROR, "not one signal action for each "
		"signal" },
	{ "core-sigacts-missing", ERROR, "signal actions are neither in the "
		"core nor in sigacts-PID.img" },
	{ "core-creds-missing", ERROR, "credentials are neither in the core nor "
		"in creds-PID.img" },
	{ "core-timers-missing", ERROR, "timers are neither in the core nor in "
		"itimers-PID.img" },
	{ "core-rlimits-missing", ERROR, "limits are neither in the core nor in "
		"rlimit-PID.img" },
	{ "core-rlimits-count", WARNING, "more than 16 limits" },
	{ "core-rlimit-order", WARNING, "a limit is above its maximum" },
	{ "core-cg-set", ERROR, "the control group set of a task is not in "
		"cgroup.img" },
	{ "core-stop-signo", WARNING, "stop_signo is no signal" },
	{ "core-oom-score-adj", WARNING, "oom_score_adj is out of range" },
	{ 0 },
};

bool core_is_live(const struct check *c, const void *row)
{
	const struct check_image *im =
		check_image_at(c, ((const struct row *)row)->image);
	const struct task *t = tasks_find(c, im->number);

	return !t || !t->dead;
}

static const struct test tests[] = {
	{ "core-mtype-unknown", "core_entry.mtype", TEST_OUTSIDE, 1, 8,
	  "is no architecture", NULL },
	{ "core-stop-signo", "task_core_entry.stop_signo", TEST_OUTSIDE, 1, 64,
	  "is no signal", core_is_live },
	{ "core-oom-score-adj", "task_core_entry.oom_score_adj",
	  TEST_OUTSIDE_SIGNED, (uint64_t)-1000, 1000, "is not in -1000..1000",
	  core_is_live },
	{ 0 },
};

static void judge_state(struct check *c, const struct task *t)
{
	uint64_t code = t->tc->exit_code, sig = code & 0x7f;

	if (!t->tc->task_state || t->tc->task_state > 3)
		check_say(c, "core-state", AT_FIELD(t->tc, "task_state"),
			  "{state} is not 1 (alive), 2 (dead) or 3 (stopped)",
			  VALUES(t->tc->task_state));
	if (!t->dead)
		return;
	if ((sig >= 17 && sig <= 23) || sig == 28 || sig >= 64)
		check_say(c, "core-exit-code", AT_FIELD(t->tc, "exit_code"),
			  "signal {signal} does not kill; the task will have "
			  "died of SIGABRT", VALUES(sig));
	if ((code >> 8 & 0xff) >= 128)
		check_say(c, "core-exit-status", AT_FIELD(t->tc, "exit_code"),
			  "status {status}: 7 bits of it are restored",
			  VALUES(code >> 8 & 0xff));
}

static uint64_t entries(const struct check *c, const char *name, uint64_t pid)
{
	const struct check_image *im = check_find(c, name, pid);

	return im ? im->state == IMAGE_BROKEN ? UINT64_MAX : im->entries : 0;
}

static void judge_actions(struct check *c, const struct task *t)
{
	uint64_t n = t->tc->sigactions, want = t->core->mtype == 6 ? 126 : 62;

	check_use(c, "sigacts-#.img", t->pid);
	if (n && n != want)
		check_say(c, "core-sigactions-count", AT_FIELD(t->tc,
			  "sigactions"), "{count} in place of {expected}",
			  VALUES(n, want));
	if (!n && entries(c, "sigacts-#.img", t->pid) < want)
		check_say(c, "core-sigacts-missing", AT_FIELD(t->tc,
			  "sigactions"), "empty, and sigacts-{pid}.img has not "
			  "all {expected}", VALUES(t->pid, want));
}

static void judge_old_parts(struct check *c, const struct task *t)
{
	check_use(c, "creds-#.img", t->pid);
	check_use(c, "itimers-#.img", t->pid);
	check_use(c, "posix-timers-#.img", t->pid);
	check_use(c, "rlimit-#.img", t->pid);
	check_use(c, "signal-s-#.img", t->pid);
	if (t->thread && !t->thread->creds &&
	    !check_present(c, "creds-#.img", t->pid))
		check_say(c, "core-creds-missing", AT(t->thread), "creds is "
			  "missing, and so is creds-{pid}.img", VALUES(t->pid));
	if (!t->tc->timers && entries(c, "itimers-#.img", t->pid) < 3)
		check_say(c, "core-timers-missing", AT(t->tc), "timers is "
			  "missing, and itimers-{pid}.img has not all three",
			  VALUES(t->pid));
	if (!t->tc->rlimits && !check_present(c, "rlimit-#.img", t->pid))
		check_say(c, "core-rlimits-missing", AT(t->tc), "rlimits is "
			  "missing, and so is rlimit-{pid}.img", VALUES(t->pid));
}

static void judge_limits(struct check *c, const struct task *t)
{
	const struct rlimits *l = check_row(c, T_RLIMITS, t->tc->rlimits);

	if (!l)
		return;
	if (span_n(l->rlimits) > 16)
		check_say(c, "core-rlimits-count", AT_FIELD(l, "rlimits"),
			  "{count} limits; CRIU knows 16",
			  VALUES(span_n(l->rlimits)));
	for (uint32_t i = 0; i < span_n(l->rlimits); i++) {
		const struct rlimit *r = check_nth(c, T_RLIMIT, l->rlimits, i);

		if (r->cur > r->max)
			check_say(c, "core-rlimit-order", AT_FIELD(r, "cur"),
				  "{cur} is above max, {max}",
				  VALUES(r->cur, r->max));
	}
}

uint64_t core_cg_set(const struct task *t)
{
	if (t->thread && HAS(t->thread, thread_core, cg_set))
		return t->thread->cg_set;
	return t->tc ? t->tc->cg_set : 0;
}

static void judge_cgroup(struct check *c, const struct task *t)
{
	const struct inventory *inv = tasks_inventory(c);
	const struct task *up = t->parent;
	uint64_t set = core_cg_set(t);
	size_t n = 0;

	while (up && n++ < c->tasks.n && !(up->live && core_cg_set(up)))
		up = up->parent;
	if (!set || (!up && !inv) || check_allows(c, "manage-cgroups=ignore") ||
	    set == (up ? core_cg_set(up) : inv->root_cg_set) ||
	    check_broken(c, "cgroup.img", 0) ||
	    check_lookup(c, "cg_set_entry.id", set))
		return;
	check_say(c, "core-cg-set", AT(t->core), "task {pid} is in the control "
		  "group set {set}, which cgroup.img does not have",
		  VALUES(t->pid, set));
}

static void judge(struct check *c, const struct task *t)
{
	const struct core *first = check_first(c, T_CORE);

	if (t->core->mtype != first->mtype)
		check_say(c, "core-mtype-mixed", AT_FIELD(t->core, "mtype"),
			  "{mtype}, but {first} in {-image:s}",
			  VALUES(t->core->mtype, first->mtype, STRING(
			  check_image_at(c, first->row.image)->name)));
	if (!t->tc) {
		check_say(c, "core-tc-missing", AT(t->core), "tc is missing",
			  NULL);
		return;
	}
	judge_state(c, t);
	if (!t->live)
		return;
	judge_actions(c, t);
	judge_old_parts(c, t);
	judge_limits(c, t);
	judge_cgroup(c, t);
}

static void check(struct check *c)
{
	for EACH_TASK(c, t)
		if (t->core)
			judge(c, t);
}

const struct area area_core = {
	.rules = rules, .tests = tests, .check = check,
};
