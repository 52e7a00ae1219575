// SPDX-License-Identifier: MIT
/*
 * Timers of each task: those of setitimer, and those of timer_create.
 */
#include "view/explorer.h"
#include "view/names.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const clocks[] = {
	"realtime", "monotonic", "process_cputime", "thread_cputime",
	"monotonic_raw", "realtime_coarse", "monotonic_coarse", "boottime",
	"realtime_alarm", "boottime_alarm", NULL, "tai",
};

static const char *const kinds[] = { "real", "virtual", "prof" };

static const char *const notify[] = { "signal", "none", "thread", NULL, "thread_id" };

/* In an image of old they have an order, and no names. */
static void put_kind(struct view *v, const char *key, const struct row *row,
		     const struct row_cell *cell)
{
	(void)cell;
	if (row->f)
		view_string(v, key, *row->f->name == 'v' ? "virtual" :
			    row->f->name);
	else
		view_named(v, key, NAMES(kinds), row->index);
}

static void put_posix(struct view *v, const char *key, const struct row *row,
		      const struct row_cell *cell)
{
	(void)row;
	(void)cell;
	view_string(v, key, "posix");
}

static void put_seconds(struct view *v, const char *key, uint64_t s, uint64_t ns)
{
	char text[48];

	snprintf(text, sizeof(text), "%" PRIu64 ".%09" PRIu64, s, ns);
	view_string(v, key, text);
}

static void put_us(struct view *v, const char *key, const struct row *row,
		   const struct row_cell *cell)
{
	(void)row;
	put_seconds(v, key, cell[0].number, cell[1].number * 1000);
}

static void put_ns(struct view *v, const char *key, const struct row *row,
		   const struct row_cell *cell)
{
	(void)row;
	put_seconds(v, key, cell[0].number, cell[1].number);
}

static void put_clock(struct view *v, const char *key, const struct row *row,
		      const struct row_cell *cell)
{
	(void)row;
	view_named(v, key, NAMES(clocks), cell->number);
}

static void put_signal(struct view *v, const char *key, const struct row *row,
		       const struct row_cell *cell)
{
	(void)row;
	view_signal(v, key, cell->number);
}

static void put_notify(struct view *v, const char *key, const struct row *row,
		       const struct row_cell *cell)
{
	(void)row;
	view_named(v, key, NAMES(notify), cell->number);
}

static const struct row_column interval[] = {
	{ "kind", NULL, put_kind },
	{ "left", "vsec", put_us }, { NULL, "vusec", NULL },
	{ "interval", "isec", put_us }, { NULL, "iusec", NULL },
};

static const struct row_column posix[] = {
	{ "kind", NULL, put_posix },
	{ "left", "vsec", put_ns }, { NULL, "vnsec", NULL },
	{ "interval", "isec", put_ns }, { NULL, "insec", NULL },
	{ "id", "it_id", NULL }, { "clock", "clock_id", put_clock },
	{ "notify", "it_sigev_notify", put_notify },
	{ "signal", "si_signo", put_signal }, { "overrun", "overrun", NULL },
	{ "tid", "notify_thread_id", NULL },
};

enum { POSIX = sizeof(posix) / sizeof(*posix) };

static const struct row_source sources[] = {
	{ "CORE", "core-", "tc.timers.real|tc.timers.virt|tc.timers.prof",
	  interval, 5, true, NULL },
	{ "CORE", "core-", "tc.timers.posix", posix, POSIX, true, NULL },
	{ "ITIMERS", "itimers-", "", interval, 5, true, NULL },
	{ "POSIX_TIMERS", "posix-timers-", "", posix, POSIX, true, NULL },
};

/* An interval timer that is not set is none. */
static bool shown(struct view *v, const struct row *row,
		  const struct row_cell *cell)
{
	(void)v;
	return sources[row->source].columns == posix || cell[1].number ||
	       cell[2].number || cell[3].number || cell[4].number;
}

const struct explorer explorer_timers = {
	.name = "timers",
	.about = "timers of each task",
	.columns = "pid kind left interval id? clock? notify? signal overrun? "
		"tid?",
	.images = EXPLORE_TASKS | MODEL_ROWS,
	.text_is_table = true,
	.sources = sources, .n_sources = 4, .shown = shown,
};
