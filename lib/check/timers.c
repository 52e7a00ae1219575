// SPDX-License-Identifier: MIT
/*
 * Timers and pending signals, in core images or in those of old CRIU.
 */
#include "check/core.h"

#include <string.h>

static const struct rule rules[] = {
	{ "core-itimer-range", ERROR, "an interval timer is out of range" },
	{ "core-posix-timer-range", ERROR, "a POSIX timer is out of range" },
	{ "core-posix-timer-duplicate", ERROR, "two POSIX timers of a task have "
		"one id" },
	{ "core-posix-timer-notify", ERROR, "how a POSIX timer notifies cannot "
		"be" },
	{ "core-posix-timer-clock", ERROR, "the clock of a POSIX timer is "
		"unknown" },
	{ "core-siginfo-size", ERROR, "a pending signal of other than 128 "
		"bytes" },
	{ "core-siginfo-signo", ERROR, "a pending signal is no signal" },
	{ 0 },
};

#define SECONDS (INT64_MAX)

static const struct test tests[] = {
	{ "core-itimer-range", "itimer_entry.iusec", TEST_ABOVE, 999999, 0,
	  "is a second or more", NULL },
	{ "core-itimer-range", "itimer_entry.vusec", TEST_ABOVE, 999999, 0,
	  "is a second or more", NULL },
	{ "core-itimer-range", "itimer_entry.isec", TEST_ABOVE, SECONDS, 0,
	  "is negative", NULL },
	{ "core-itimer-range", "itimer_entry.vsec", TEST_ABOVE, SECONDS, 0,
	  "is negative", NULL },
	{ "core-posix-timer-range", "posix_timer_entry.insec", TEST_ABOVE,
	  999999999, 0, "is a second or more", NULL },
	{ "core-posix-timer-range", "posix_timer_entry.vnsec", TEST_ABOVE,
	  999999999, 0, "is a second or more", NULL },
	{ "core-posix-timer-range", "posix_timer_entry.isec", TEST_ABOVE,
	  SECONDS, 0, "is negative", NULL },
	{ "core-posix-timer-range", "posix_timer_entry.vsec", TEST_ABOVE,
	  SECONDS, 0, "is negative", NULL },
	{ 0 },
};

static const struct unique uniques[] = {
	{ "core-posix-timer-duplicate", "posix_timer_entry.it_id", IN_IMAGE,
	  true, NULL },
	{ 0 },
};

static bool has_thread(const struct check *c, const struct task *t,
		       uint64_t tid)
{
	for (uint32_t i = 0; i < span_n(t->entry->threads); i++)
		if (check_number(c, t->entry->threads, i) == tid)
			return true;
	return false;
}

static bool clock_is_known(uint64_t clock)
{
	/* negative: the clock of a process */
	return (int32_t)(uint32_t)clock < 0 ||
	       (clock < 12 && 0xb8f >> clock & 1);
}

static void judge_notify(struct check *c, const struct posix_timer *p,
			 const struct task *t)
{
	uint64_t how = p->it_sigev_notify;

	if (how > 4 || how == 3)
		check_say(c, "core-posix-timer-notify", AT_FIELD(p,
			  "it_sigev_notify"), "{value} of timer {it_id} is not "
			  "0, 1, 2 or 4", VALUES(how, p->it_id));
	else if (how != 1 && (!p->si_signo || p->si_signo > 64))
		check_say(c, "core-posix-timer-notify", AT_FIELD(p, "si_signo"),
			  "{value} of timer {it_id} is no signal",
			  VALUES(p->si_signo, p->it_id));
	if (how == 4 && t && !has_thread(c, t, p->notify_thread_id))
		check_say(c, "core-posix-timer-notify", AT_FIELD(p,
			  "notify_thread_id"), "{tid} of timer {it_id} is no "
			  "thread of task {pid}", VALUES(p->notify_thread_id,
			  p->it_id, t->pid));
}

static void judge_posix(struct check *c, const struct posix_timer *p)
{
	const struct check_image *im = check_image_at(c, p->row.image);

	judge_notify(c, p, tasks_find(c, im->number));
	if (!clock_is_known(p->clock_id))
		check_say(c, "core-posix-timer-clock", AT_FIELD(p, "clock_id"),
			  "{clock} of timer {it_id} is no clock",
			  VALUES(p->clock_id, p->it_id));
}

static void judge_signal(struct check *c, const struct siginfo *s)
{
	uint32_t size = head_size(s->siginfo);
	int32_t signo = head_word(s->siginfo);

	if (size != 128)
		check_say(c, "core-siginfo-size", AT_FIELD(s, "siginfo"),
			  "{bytes} bytes in place of 128", VALUES(size));
	if (size >= 4 && (signo < 1 || signo > 64))
		check_say(c, "core-siginfo-signo", AT_FIELD(s, "siginfo"),
			  "{signo:d} is no signal",
			  VALUES((uint64_t)(int64_t)signo));
}

static void check(struct check *c)
{
	for EACH(c, T_POSIX, posix_timer, p)
		judge_posix(c, p);
	for EACH(c, T_SIGINFO, siginfo, s)
		judge_signal(c, s);
}

const struct area area_timers = {
	.rules = rules, .tests = tests, .uniques = uniques, .check = check,
};
