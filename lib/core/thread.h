/* SPDX-License-Identifier: MIT
 *
 * core-TID.img -> what a core says of the thread: facts of it and of its task,
 * and the bytes of its register notes.
 */
#ifndef CRIT_CORE_THREAD_H
#define CRIT_CORE_THREAD_H

#include "core/arch.h"
#include "store/store.h"

enum { CORE_COMM_MAX = 16 };

/* Zeros where the image does not say. */
struct core_facts {
	uint64_t mtype, mode;
	uint64_t state, flags, task_blocked;	/* of the task: leaders only */
	uint64_t blocked, nice, uid, gid;
	uint64_t pending;		/* signals of the thread's own queue */
	bool no_creds;			/* they are in creds-PID.img */
	uint8_t comm[CORE_COMM_MAX];
	uint8_t comm_n;
	uint8_t signal[4];		/* the one being read */
	uint8_t signal_n;
};

struct core_thread {
	uint32_t tid;
	struct core_facts facts;
	/* of note i of the architecture; size 0: it has none */
	struct core_desc {
		uint8_t *p;
		size_t size;
	} desc[CORE_NOTES_MAX];
	uint8_t bytes[CORE_DESC_MAX];
};

/* The facts. False: *err. */
bool core_thread_facts(struct core_facts *f, uint32_t tid,
		       const struct store *dir, struct crit_error *err);

/* Facts and notes. */
bool core_thread_read(struct core_thread *t, uint32_t tid,
		      const struct core_arch *arch, bool big,
		      const struct store *dir, struct crit_error *err);

#endif
