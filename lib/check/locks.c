// SPDX-License-Identifier: MIT
/*
 * Descriptors of processes, BPF maps, locks of files.
 */
#include "check/areas.h"
#include "check/files.h"
#include "check/tasks.h"

static const struct rule rules[] = {
	{ "pidfd-pid-missing", ERROR, "the process of a pidfd is missing" },
	{ "bpf-map-type", WARNING, "a type of BPF map that CRIU does not dump" },
	{ "bpf-data-missing", WARNING, "a BPF map without data is restored "
		"empty" },
	{ "bpf-data-size", ERROR, "data of a BPF map of the wrong size" },
	{ "bpf-data-orphan", WARNING, "data of a BPF map that is not there" },
	{ "opt-file-locks", NOTE, "restore needs --file-locks" },
	{ "lock-flag", ERROR, "the kind of a lock is unknown" },
	{ "lock-type", ERROR, "the type of a lock is unknown" },
	{ "lock-pid", WARNING, "the task of a lock is missing" },
	{ "lock-fd", ERROR, "the descriptor of a lock is missing" },
	{ 0 },
};

static const struct test tests[] = {
	{ "bpf-map-type", "bpfmap_file_entry.map_type", TEST_OUTSIDE, 1, 2,
	  "is neither 1 (hash) nor 2 (array)", NULL },
	{ 0 },
};

static void judge_data(struct check *c, const struct bpf_data *d)
{
	const struct bpf *m = check_lookup(c, "bpfmap_file_entry.map_id",
					   d->map_id);

	if (!m) {
		if (files_known(c))
			check_say(c, "bpf-data-orphan", AT_FIELD(d, "map_id"),
				  "no BPF map has the id {map_id}",
				  VALUES(d->map_id));
		return;
	}
	if (d->count > m->max_entries)
		check_say(c, "bpf-data-size", AT_FIELD(d, "count"), "map "
			  "{map_id}: {count} entries, but there is room for "
			  "{max}", VALUES(d->map_id, d->count, m->max_entries));
	if (d->keys_bytes != m->key_size * d->count ||
	    d->values_bytes != m->value_size * d->count)
		check_say(c, "bpf-data-size", AT(d), "map {map_id}: {keys} bytes "
			  "of keys and {values} of values are not those of "
			  "{count} entries", VALUES(d->map_id, d->keys_bytes,
			  d->values_bytes, d->count));
}

static void judge_lock(struct check *c, const struct lock *l)
{
	enum { POSIX = 1, FLOCK = 2, OFD = 4, LEASE = 8, MANDATORY = 32 };
	const struct task *t = tasks_find(c, l->pid);
	bool mandatory = l->flag == FLOCK && l->type & MANDATORY;

	if (l->flag != POSIX && l->flag != FLOCK && l->flag != OFD &&
	    l->flag != LEASE)
		check_say(c, "lock-flag", AT_FIELD(l, "flag"), "{flag} is none "
			  "of 1 (POSIX), 2 (flock), 4 (OFD), 8 (lease)",
			  VALUES(l->flag));
	else if (l->flag != LEASE && l->type > 2 && !mandatory)
		check_say(c, "lock-type", AT_FIELD(l, "type"), "{type} is none "
			  "of 0 (read), 1 (write), 2 (none)", VALUES(l->type));
	if (!t)
		check_say(c, "lock-pid", AT_FIELD(l, "pid"), "{pid:d} is no task: "
			  "the lock is lost", VALUES(l->pid));
	else if (t->ids && !task_fd(c, t, l->fd))
		check_say(c, "lock-fd", AT_FIELD(l, "fd"), "{fd:d} is no "
			  "descriptor of task {pid}", VALUES(l->fd, l->pid));
}

static void check(struct check *c)
{
	const struct lock *first = check_first(c, T_LOCK);

	for EACH(c, T_PIDFD, pidfd, p)
		if ((int64_t)p->nspid != -1 && !tasks_find(c, p->nspid))
			check_say(c, "pidfd-pid-missing", AT_FIELD(p, "nspid"),
				  "{pid:d} of file {id} is no task",
				  VALUES(p->nspid, p->id));
	for EACH(c, T_BPF, bpf, m)
		if (!check_broken(c, "bpfmap-data.img", 0) &&
		    !check_lookup(c, "bpfmap_data_entry.map_id", m->map_id))
			check_say(c, "bpf-data-missing", AT_FIELD(m, "map_id"),
				  "bpfmap-data.img has no data of map {map_id}: "
				  "it is restored empty", VALUES(m->map_id));
	for EACH(c, T_BPF_DATA, bpf_data, d)
		judge_data(c, d);
	for EACH(c, T_LOCK, lock, l)
		judge_lock(c, l);
	if (first && !check_allows(c, "file-locks"))
		check_say(c, "opt-file-locks", AT_IMAGE(check_image_at(c,
			  first->row.image)), "{count} locks: restore needs "
			  "--file-locks", VALUES(c->tables[T_LOCK].n));
}

const struct area area_locks = {
	.rules = rules, .tests = tests, .check = check,
};
