// SPDX-License-Identifier: MIT
#include "core/thread.h"
#include "core/fill.h"
#include "codec/wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* At most 15 bytes, as the kernel keeps them. */
static void take_comm(uint8_t *base, const uint8_t *p, size_t n, bool last)
{
	struct core_facts *f = (struct core_facts *)(void *)base;

	for (size_t i = 0; i < n && f->comm_n < CORE_COMM_MAX - 1; i++)
		f->comm[f->comm_n++] = p[i];
	if (last)
		f->comm_n = CORE_COMM_MAX;
}

/* A siginfo_t begins with the signal's number; it may be short. */
static void take_signal(uint8_t *base, const uint8_t *p, size_t n, bool last)
{
	struct core_facts *f = (struct core_facts *)(void *)base;
	uint32_t number;

	for (size_t i = 0; i < n && f->signal_n < 4; i++)
		f->signal[f->signal_n++] = p[i];
	if (!last)
		return;
	number = f->signal_n == 4 ? wire_get32(f->signal) : 0;
	if (number - 1 < 64)
		f->pending |= UINT64_C(1) << (number - 1);
	f->signal_n = 0;
}

#define FACT(path, name, member) \
	ROW(path, name, 1, offsetof(struct core_facts, member), 8)

static const struct core_row rows[] = {
	FACT("", "mtype", mtype),
	FACT("thread_info.gpregs", "mode", mode),
	FACT("tc", "task_state", state), FACT("tc", "flags", flags),
	FACT("tc", "blk_sigset", task_blocked),
	{ .at = "tc", .field = "comm", .bytes = take_comm },
	FACT("thread_core", "blk_sigset", blocked),
	FACT("thread_core", "sched_nice", nice),
	{ .at = "thread_core.signals_p.signals", .field = "siginfo",
	  .bytes = take_signal },
};

static const struct core_row creds_rows[] = {
	FACT("thread_core.creds", "uid", uid),
	FACT("thread_core.creds", "gid", gid),
};

static const struct core_row old_creds_rows[] = {
	FACT("", "uid", uid), FACT("", "gid", gid),
};

static struct core_fill facts_fill(struct core_facts *f,
				   const struct core_row *r, size_t n)
{
	return (struct core_fill){
		.rows = r, .n_rows = n, .to = (uint8_t *)f, .size = sizeof(*f),
		.big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__,
	};
}

#define FACTS(f, r) facts_fill(f, r, sizeof(r) / sizeof(*(r)))

/* Before CRIU 2.0 they had an image of their own. */
static bool old_creds(struct core_facts *f, uint32_t tid,
		      const struct store *dir, struct crit_error *err)
{
	struct core_fill fill = FACTS(f, old_creds_rows);
	char name[64];

	snprintf(name, sizeof(name), "creds-%" PRIu32 ".img", tid);
	return store_absent(dir, name) ||
	       core_fill(&fill, 1, dir, "CREDS", name, err);
}

static char *image_name(char *buf, size_t size, uint32_t tid)
{
	snprintf(buf, size, "core-%" PRIu32 ".img", tid);
	return buf;
}

bool core_thread_facts(struct core_facts *f, uint32_t tid,
		       const struct store *dir, struct crit_error *err)
{
	struct core_fill fills[] = { FACTS(f, rows), FACTS(f, creds_rows) };
	char name[64];

	memset(f, 0, sizeof(*f));
	if (!core_fill(fills, 2, dir, "CORE",
		       image_name(name, sizeof(name), tid), err))
		return false;
	return fills[1].seen || old_creds(f, tid, dir, err);
}

/* Where the notes lie in bytes, one after another. */
static void place_notes(struct core_thread *t, const struct core_arch *arch,
			bool big, struct core_fill *fills)
{
	uint8_t *p = t->bytes;

	for (size_t i = 0; i < arch->n_notes; i++) {
		const struct core_note *n = &arch->notes[i];

		t->desc[i] = (struct core_desc){ p, n->size };
		fills[i] = (struct core_fill){
			.root = arch->info, .rows = n->rows,
			.n_rows = n->n_rows, .to = p, .size = n->size,
			.big = big,
		};
		p += (n->size + 7) & ~7;
	}
}

static void finish_notes(struct core_thread *t, const struct core_arch *arch,
			 const struct core_fill *fills)
{
	for (size_t i = 0; i < arch->n_notes; i++) {
		const struct core_note *n = &arch->notes[i];

		if (!fills[i].seen)
			t->desc[i].size = 0;
		else if (n->finish)
			t->desc[i].size = n->finish(t->desc[i].p,
						    fills[i].parts);
	}
}

bool core_thread_read(struct core_thread *t, uint32_t tid,
		      const struct core_arch *arch, bool big,
		      const struct store *dir, struct crit_error *err)
{
	struct core_fill fills[CORE_NOTES_MAX];
	char name[64];

	memset(t, 0, sizeof(*t));
	t->tid = tid;
	if (!core_thread_facts(&t->facts, tid, dir, err))
		return false;
	image_name(name, sizeof(name), tid);
	if (t->facts.mtype != arch->mtype)
		snprintf(err->image, sizeof(err->image), "%s", name);
	if (t->facts.mtype != arch->mtype)
		return error_set(err, CRIT_EDATA, "is of another architecture "
				 "than the first thread");
	place_notes(t, arch, big, fills);
	if (!core_fill(fills, arch->n_notes, dir, "CORE", name, err))
		return false;
	finish_notes(t, arch, fills);
	if (t->desc[0].size)
		return true;
	snprintf(err->image, sizeof(err->image), "%s", name);
	return error_set(err, CRIT_EDATA, "has no registers (%s)", arch->info);
}
