// SPDX-License-Identifier: MIT
/*
 * Signals of each task: what it does with them, which it blocks, which wait.
 */
#include "view/explorer.h"
#include "view/names.h"
#include "codec/wire.h"

enum { SIGNUM_KILL = 9, SIGNUM_STOP = 19 };

static const struct bit_name flags[] = {
	{ 0x1, "NOCLDSTOP" }, { 0x2, "NOCLDWAIT" }, { 0x4, "SIGINFO" },
	{ 0x400, "UNSUPPORTED" }, { 0x800, "EXPOSE_TAGBITS" },
	{ 0x4000000, "RESTORER" }, { 0x8000000, "ONSTACK" },
	{ 0x10000000, "RESTART" }, { 0x40000000, "NODEFER" },
	{ 0x80000000, "RESETHAND" },
};

/* Images leave out the two that have no action. */
static void put_signal(struct view *v, const char *key, const struct row *row,
		       const struct row_cell *cell)
{
	uint32_t n = row->index + 1;

	(void)cell;
	n += n >= SIGNUM_KILL;
	n += n >= SIGNUM_STOP;
	view_signal(v, key, n);
}

static void put_action(struct view *v, const char *key, const struct row *row,
		       const struct row_cell *cell)
{
	(void)row;
	if (cell->number == 1)
		view_string(v, key, "ignore");
	else
		view_hex(v, key, cell->number);
}

static void put_flags(struct view *v, const char *key, const struct row *row,
		      const struct row_cell *cell)
{
	(void)row;
	view_bits(v, key, NAMES(flags), cell->number);
}

static void put_set(struct view *v, const char *key, const struct row *row,
		    const struct row_cell *cell)
{
	(void)row;
	view_signals(v, key, cell->number);
}

static void put_blocked(struct view *v, const char *key, const struct row *row,
			const struct row_cell *cell)
{
	(void)row;
	(void)cell;
	view_string(v, key, "blocked");
}

static void put_pending(struct view *v, const char *key, const struct row *row,
			const struct row_cell *cell)
{
	(void)row;
	(void)cell;
	view_string(v, key, "pending");
}

/* The number is the first word of a siginfo. */
static void put_siginfo(struct view *v, const char *key, const struct row *row,
			const struct row_cell *cell)
{
	const uint8_t *p = (const uint8_t *)v->model->text.p + cell->at;

	(void)row;
	if (cell->size >= 4)
		view_signal(v, key, wire_get32(p));
}

/* Those that do what they always do are left out. */
static bool shown(struct view *v, const struct row *row,
		  const struct row_cell *cell)
{
	(void)v;
	return row->source == 1 || cell[1].number;
}

static const struct row_column actions[] = {
	{ "signal", NULL, put_signal },
	{ "action", "sigaction", put_action },
	{ "flags", "flags", put_flags },
	{ "mask", "mask", put_set },
};

static const struct row_column pending[] = {
	{ "signal", "siginfo", put_siginfo },
	{ "action", NULL, put_pending },
};

static const struct row_column blocked[] = {
	{ "action", NULL, put_blocked },
	{ "mask", "blk_sigset", put_set },
};

static const struct row_source sources[] = {
	{ "CORE", "core-", "tc.sigactions", actions, 4, true, NULL },
	{ "CORE", "core-", "tc.signals_s.signals|thread_core.signals_p.signals",
	  pending, 2, true, NULL },
	{ "CORE", "core-", "thread_core", blocked, 2, true, NULL },
	{ "SIGACT", "sigacts-", "", actions, 4, true, NULL },
};

const struct explorer explorer_signals = {
	.name = "signals",
	.about = "signal handlers, blocked and pending signals of each task",
	.images = EXPLORE_TASKS | MODEL_ROWS,
	.text_is_table = true,
	.sources = sources, .n_sources = 4, .shown = shown,
};
