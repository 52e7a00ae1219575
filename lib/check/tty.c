// SPDX-License-Identifier: MIT
/*
 * Terminals: tty-info.img, tty-data.img, files of type TTY.
 */
#include "check/areas.h"
#include "codec/device.h"
#include "check/files.h"
#include "check/tasks.h"

#include <string.h>

static const struct rule rules[] = {
	{ "tty-info-missing", ERROR, "the terminal of a file is missing" },
	{ "tty-regf-missing", ERROR, "the path of a terminal is missing" },
	{ "tty-info-type", ERROR, "the type of a terminal is unknown" },
	{ "tty-info-pty", ERROR, "pty does not fit the type" },
	{ "tty-info-termios", ERROR, "termios, termios_locked and winsize are "
		"not complete" },
	{ "tty-info-ccc", ERROR, "too few control characters" },
	{ "tty-info-id-range", ERROR, "the id of a terminal is too large" },
	{ "tty-info-duplicate", ERROR, "two terminals have one id" },
	{ "tty-info-pty-index", WARNING, "the id of a terminal does not fit its "
		"index" },
	{ "tty-rdev", ERROR, "a device that is no terminal" },
	{ "tty-unpaired-slaves", ERROR, "more than one slave without master" },
	{ "tty-sid", ERROR, "the session of a terminal has no leader" },
	{ "tty-data-owner", ERROR, "data of a terminal that no file uses" },
	{ 0 },
};

enum { PTY = 1, EXT_TTY = 5, SERIAL = 6, VT = 3 };
enum { ID_MAX = 2176, CC_COUNT = 19 };

static const struct test tests[] = {
	{ "tty-info-type", "tty_info_entry.type", TEST_OUTSIDE, 1, 6,
	  "is no type of a terminal", NULL },
	{ "tty-info-ccc", "termios_entry.c_cc", TEST_BELOW, CC_COUNT, 0,
	  "control characters in place of 19", NULL },
	{ 0 },
};

static bool is_slave(const struct tty_info *t)
{
	unsigned m = device_major(t->rdev);

	return m >= 136 && m <= 143;
}

/* Whether it counts as a master, which must be complete. */
static bool is_master(const struct check *c, const struct tty_info *t)
{
	bool job = check_allows(c, "shell-job");

	if (t->type == PTY)
		return !is_slave(t);
	return !(job && (t->type == SERIAL || t->type == VT));
}

static bool is_used(const struct check *c, const struct tty_info *t)
{
	return check_lookup(c, "tty_file_entry.tty_info_id", t->id);
}

static void judge_parts(struct check *c, const struct tty_info *t)
{
	int parts = !!t->termios + !!t->termios_locked + !!t->winsize;

	if (parts != 3 && (parts || is_master(c, t)))
		check_say(c, "tty-info-termios", AT(t), "terminal {id} must have "
			  "all of termios, termios_locked and winsize; it has "
			  "{count}", VALUES(t->id, (uint64_t)parts));
	if ((t->type == PTY) != !!t->pty)
		check_say(c, "tty-info-pty", AT(t), t->pty ? "terminal {id} has "
			  "pty, but is none" : "terminal {id} is a pty, but pty "
			  "is missing", VALUES(t->id));
	if (t->termios && t->id > ID_MAX)
		check_say(c, "tty-info-id-range", AT_FIELD(t, "id"), "{id} is "
			  "above {max}", VALUES(t->id, ID_MAX));
}

static bool known_device(uint64_t rdev)
{
	unsigned major = device_major(rdev), minor = device_minor(rdev);

	return (major == 5 && minor <= 2) ||
	       (major == 4 && minor >= 1 && minor <= 65) ||
	       (major >= 128 && major <= 143) || major == 188 || major == 204;
}

static void judge_device(struct check *c, const struct tty_info *t)
{
	const struct pty *p = check_row(c, T_PTY, t->pty);
	bool master = !is_slave(t);

	if (!known_device(t->rdev) && t->type != EXT_TTY)
		check_say(c, "tty-rdev", AT_FIELD(t, "rdev"), "terminal {id}: "
			  "device {major}:{minor} is no terminal",
			  VALUES(t->id, device_major(t->rdev), device_minor(t->rdev)));
	if (t->type == PTY && p && t->id != 2 * p->index + master)
		check_say(c, "tty-info-pty-index", AT_FIELD(t, "id"), "{id} does "
			  "not fit the index {index}", VALUES(t->id, p->index));
}

/* Slots up to pty hold numbers and rows; equal rows count as different. */
static bool same_info(const struct check *c, const struct tty_info *a,
		      const struct tty_info *b)
{
	const struct pty *x = check_row(c, T_PTY, a->pty);
	const struct pty *y = check_row(c, T_PTY, b->pty);
	const struct termios_row *s = check_row(c, T_TERMIOS, a->termios);
	const struct termios_row *t = check_row(c, T_TERMIOS, b->termios);

	return !memcmp(&a->id, &b->id, 8 * sizeof(a->id)) &&
	       a->row.seen == b->row.seen && (!x || x->index == y->index) &&
	       (!s || !memcmp(&s->c_iflag, &t->c_iflag, 8 * sizeof(a->id)));
}

static void judge_duplicate(struct check *c, const struct tty_info *t)
{
	const struct tty_info *o = check_lookup(c, "tty_info_entry.id", t->id);

	if (o && o < t)
		check_say_as(c, same_info(c, o, t) ? WARNING : ERROR,
			     "tty-info-duplicate", AT_FIELD(t, "id"), "terminal "
			     "{id} is there already, in entry {entry}",
			     VALUES(t->id, o->row.entry));
}

static bool is_unpaired(const struct check *c, const struct tty_info *t)
{
	return t->type == PTY && t->termios && !(t->id & 1) &&
	       !check_lookup(c, "tty_info_entry.id", t->id + 1);
}

static void judge_session(struct check *c, const struct tty_info *t)
{
	if (t->sid && t->type == PTY && t->termios && is_used(c, t) &&
	    !is_unpaired(c, t)) {
		const struct task *leader = tasks_find(c, t->sid);

		if (!leader || leader->entry->sid != t->sid)
			check_say(c, "tty-sid", AT_FIELD(t, "sid"), "no task "
				  "leads the session {sid} of terminal {id}",
				  VALUES(t->sid, t->id));
	}
}

static void judge_unpaired(struct check *c)
{
	const struct tty_info *first = NULL;

	for EACH(c, T_TTY_INFO, tty_info, t) {
		if (!is_unpaired(c, t) || (first && first->id == t->id))
			continue;
		if (first)
			check_say(c, "tty-unpaired-slaves", AT(t), "terminals "
				  "{id} and {other} have no master; only one "
				  "may lack it", VALUES(t->id, first->id));
		else
			first = t;
	}
	if (first && is_used(c, first) && !check_allows(c, "shell-job"))
		check_say(c, "opt-shell-job", AT(first), "terminal {id} has no "
			  "master: restore needs --shell-job",
			  VALUES(first->id));
}

static void judge_file(struct check *c, const struct tty *f)
{
	const struct tty_info *t = check_lookup(c, "tty_info_entry.id",
						f->tty_info_id);
	uint64_t id = HAS(f, tty, regf_id) ? f->regf_id : f->id;

	if (!t && !check_broken(c, "tty-info.img", 0))
		check_say(c, "tty-info-missing", AT_FIELD(f, "tty_info_id"),
			  "{tty_info_id} of file {id} is not in tty-info.img",
			  VALUES(f->tty_info_id, f->id));
	if (t && t->type == EXT_TTY)
		return;
	if (!files_use(c, FD_REG, id, false) && files_known(c) &&
	    !check_allows(c, "deprecated"))
		check_say(c, "tty-regf-missing", AT(f), "the path {regf_id} of "
			  "the terminal of file {id} is missing",
			  VALUES(id, f->id));
}

static void check(struct check *c)
{
	for EACH(c, T_TTY_INFO, tty_info, t) {
		judge_parts(c, t);
		judge_device(c, t);
		judge_duplicate(c, t);
		judge_session(c, t);
	}
	judge_unpaired(c);
	for EACH(c, T_TTY, tty, f)
		judge_file(c, f);
	for EACH(c, T_TTY_DATA, tty_data, d) {
		const struct tty_info *t = check_lookup(c, "tty_info_entry.id",
							d->tty_id);

		if (!t || !is_used(c, t))
			check_say(c, "tty-data-owner", AT_FIELD(d, "tty_id"),
				  "{tty_id} is no terminal that a file uses",
				  VALUES(d->tty_id));
	}
}

const struct area area_tty = {
	.rules = rules, .tests = tests, .check = check,
};
