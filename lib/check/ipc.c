// SPDX-License-Identifier: MIT
/*
 * SysV IPC: ipcns-*-ID.img.
 */
#include "check/rows_ns.h"
#include "check/tasks.h"

#include <string.h>

static const struct rule rules[] = {
	{ "ipcns-var-missing", ERROR, "the variables of the IPC namespace are "
		"missing" },
	{ "ipc-id-duplicate", ERROR, "two objects of a kind have one id" },
	{ "ipc-key-duplicate", ERROR, "two objects of a kind have one key" },
	{ "ipc-shm-pagemap-missing", ERROR, "the pagemap of a segment is "
		"missing" },
	{ "ipc-sem-count", ERROR, "not as many semaphores as there should be" },
	{ "ipc-msg-count", ERROR, "not as many messages as there should be" },
	{ "ipc-msg-size", ERROR, "a message is too large" },
	{ "ipc-msg-type", ERROR, "the type of a message is not positive" },
	{ "ipc-msg-qbytes", ERROR, "more bytes wait than a queue may hold" },
	{ 0 },
};

static const struct test tests[] = {
	{ "ipc-msg-size", "ipc_msg.msize", TEST_ABOVE, 8192, 0, "bytes are more "
	  "than CRIU takes", NULL },
	{ "ipc-msg-type", "ipc_msg.mtype", TEST_OUTSIDE, 1, INT64_MAX,
	  "is not positive", NULL },
	{ 0 },
};

/* desc lies one to an entry: the image is the scope. */
static const struct unique uniques[] = {
	{ "ipc-id-duplicate", "ipc_desc_entry.id", IN_IMAGE, true, NULL },
	{ "ipc-key-duplicate", "ipc_desc_entry.key", IN_IMAGE, false, NULL },
	{ 0 },
};

static void judge_shm(struct check *c, const struct shm *s)
{
	const struct ipc_desc *d = check_row(c, T_IPC_DESC, s->desc);

	if (!s->in_pagemaps || !d)
		return;
	check_use(c, "pagemap-shmem-#.img", d->id);
	if (!check_present(c, "pagemap-shmem-#.img", d->id))
		check_say(c, "ipc-shm-pagemap-missing", AT_FIELD(s, "desc.id"),
			  "pagemap-shmem-{id}.img is missing", VALUES(d->id));
}

static void judge_queue(struct check *c, const struct msg *m)
{
	const struct ipc_var *v = check_first(c, T_IPC_VAR);
	uint64_t sum = 0;

	for (uint32_t i = 0; i < span_n(m->extra); i++) {
		const struct msg_text *t = check_nth(c, T_MSG_TEXT, m->extra, i);

		sum += t->msize;
	}
	if (m->qnum != span_n(m->extra))
		check_say(c, "ipc-msg-count", AT_FIELD(m, "qnum"), "{qnum}, but "
			  "{messages} messages follow",
			  VALUES(m->qnum, span_n(m->extra)));
	if (v && sum > v->msg_ctlmnb)
		check_say(c, "ipc-msg-qbytes", AT(m), "{bytes} bytes wait, but "
			  "msg_ctlmnb of ipcns-var allows {max}",
			  VALUES(sum, v->msg_ctlmnb));
}

static void check(struct check *c)
{
	static const char *const kinds[] = {
		"ipcns-var-#.img", "ipcns-shm-#.img", "ipcns-msg-#.img",
		"ipcns-sem-#.img",
	};
	const struct inventory *inv = tasks_inventory(c);
	const struct task *root = c->root;
	uint64_t id = tasks_root_ns(c, NS_IPC);

	/* names of old images have the pid */
	if (inv && !inv->ns_per_id && root)
		id = root->pid;
	for (int i = 0; tasks_dumped(c, NS_IPC) && i < 4; i++)
		check_use(c, kinds[i], id);
	if (tasks_dumped(c, NS_IPC) && !check_present(c, kinds[0], id))
		check_say(c, "ipcns-var-missing", NOWHERE, "ipcns-var-{id}.img "
			  "is missing", VALUES(id));
	for EACH(c, T_SHM, shm, s)
		judge_shm(c, s);
	for EACH(c, T_SEM, sem, s)
		if (s->nsems != s->extra)
			check_say(c, "ipc-sem-count", AT_FIELD(s, "nsems"),
				  "{nsems}, but {values} values follow",
				  VALUES(s->nsems, s->extra));
	for EACH(c, T_MSG, msg, m)
		judge_queue(c, m);
}

const struct area area_ipc = {
	.rules = rules, .tests = tests, .uniques = uniques, .check = check,
};
