// SPDX-License-Identifier: MIT
/*
 * pstree.img: sessions and groups, and whether restore can make them. A child
 * of the root with a session of its own hangs below a helper, which hangs
 * below the leader of that session, or is the leader where there is none.
 */
#include "check/tasks.h"
#include "base/alloc.h"

static const struct rule rules[] = {
	{ "pstree-sid-zero", ERROR, "sid is 0: the leader was outside of the "
		"pid namespace" },
	{ "pstree-sid-leader-missing", NOTE, "no task leads the session: a "
		"helper takes its number" },
	{ "pstree-sid-unreachable", ERROR, "no ancestor leads the session of a "
		"task" },
	{ "pstree-born-sid-conflict", ERROR, "a task would have to be born in "
		"two sessions" },
	{ "pstree-root-sid-init", ERROR, "pid 1 is not in session 1" },
	{ "opt-shell-job", NOTE, "restore needs --shell-job" },
	{ "pstree-session-leader-pgid", ERROR, "the leader of a session is not "
		"the leader of its group" },
	{ "pstree-pgid-session", ERROR, "one group in two sessions" },
	{ 0 },
};

static const struct test tests[] = {
	{ "pstree-sid-zero", "pstree_entry.sid", TEST_IS, 0, 0, "is no session: "
	  "its leader was outside of the pid namespace", NULL },
	{ 0 },
};

static bool is_below_helper(const struct check *c, const struct task *t)
{
	const struct task *root = c->root;

	return root && t->parent == root && t->entry->sid &&
	       t->entry->sid != root->entry->sid && t->entry->sid != t->pid;
}

static void judge_helper(struct check *c, const struct task *t)
{
	if (is_below_helper(c, t) && !tasks_find(c, t->entry->sid))
		check_say(c, "pstree-sid-leader-missing", AT_FIELD(t->entry,
			  "sid"), "no task leads the session {sid} of task "
			  "{pid}: a helper takes the number",
			  VALUES(t->entry->sid, t->pid));
}

static const struct task *above(const struct check *c, const struct task *t)
{
	if (is_below_helper(c, t)) {
		const struct task *leader = tasks_find(c, t->entry->sid);

		return leader ? leader : c->root;
	}
	return t->parent;
}

/* Marks in born (by task) the session that each task on the way up to the
 * leader must have been born in. */
static void climb(struct check *c, const struct task *t, uint64_t *born)
{
	const struct task *all = c->tasks.p, *up = t->parent;
	uint64_t sid = t->entry->sid;

	for (size_t n = 0; up && n <= c->tasks.n; n++) {
		uint64_t *b = &born[up - all];

		if (up->pid == sid)
			return;
		if (*b && *b != sid)
			check_say(c, "pstree-born-sid-conflict", AT_FIELD(
				  t->entry, "sid"), "task {parent} would have "
				  "to be born in session {sid}, for task {pid}, "
				  "and in session {other}",
				  VALUES(up->pid, sid, t->pid, *b));
		*b = sid;
		if (is_below_helper(c, up) && up->entry->sid == sid)
			return;
		up = above(c, up);
	}
	check_say(c, "pstree-sid-unreachable", AT_FIELD(t->entry, "sid"),
		  "no ancestor of task {pid} leads its session {sid}",
		  VALUES(t->pid, sid));
}

static void judge_session(struct check *c, const struct task *t, uint64_t *born)
{
	const struct pstree *e = t->entry;

	if (e->sid == e->pid && e->pgid != e->pid)
		check_say(c, "pstree-session-leader-pgid", AT_FIELD(e, "pgid"),
			  "task {pid} leads its session, but is in the group "
			  "{pgid}", VALUES(e->pid, e->pgid));
	if (t->parent && e->sid != e->pid && t->parent->entry->sid != e->sid &&
	    !is_below_helper(c, t))
		climb(c, t, born);
}

static void judge_group(struct check *c, const struct task *t)
{
	const struct pstree *e = t->entry, *other;
	const struct task *leader = tasks_find(c, e->pgid);

	if (!e->pgid)
		return;
	other = leader ? leader->entry :
		check_lookup(c, "pstree_entry.pgid", e->pgid);
	if (other && other != e && other->sid != e->sid)
		check_say(c, "pstree-pgid-session", AT_FIELD(e, "pgid"), "group "
			  "{pgid}: task {pid} is in session {sid}, task {other} "
			  "in {other_sid}", VALUES(e->pgid, e->pid, e->sid,
			  other->pid, other->sid));
}

static void judge_root(struct check *c, const struct task *root)
{
	const struct pstree *e = root->entry;

	if (e->pid == 1 && e->sid != 1)
		check_say(c, "pstree-root-sid-init", AT_FIELD(e, "sid"), "task 1 "
			  "is in session {sid}, not 1", VALUES(e->sid));
	else if (e->sid != e->pid && !check_allows(c, "shell-job"))
		check_say(c, "opt-shell-job", AT_FIELD(e, "sid"), "the root task "
			  "{pid} is in session {sid} of a shell: restore needs "
			  "--shell-job", VALUES(e->pid, e->sid));
}

static void check(struct check *c)
{
	uint64_t *born = alloc_zero((c->tasks.n + 1) * sizeof(*born));

	if (!born) {
		error_set(c->err, CRIT_ENOMEM, "out of memory");
		return;
	}
	for EACH_TASK(c, t) {
		judge_helper(c, t);
		judge_session(c, t, born);
		judge_group(c, t);
	}
	if (c->root)
		judge_root(c, c->root);
	alloc_free(born);
}

const struct area area_sessions = {
	.rules = rules, .tests = tests, .check = check,
};
