/* SPDX-License-Identifier: MIT
 *
 * Between the parts of the model: model.c takes events and collects the
 * values of an entry, model_kinds.c says which images there are and who keeps
 * their entries, model_keep.c and model_files.c keep them.
 */
#ifndef CRIT_CHECKPOINT_MODEL_KEEP_H
#define CRIT_CHECKPOINT_MODEL_KEEP_H

#include "checkpoint/model.h"

/* Values that an entry may bring. */
enum {
	V_NONE,
	V_PID, V_PPID, V_PGID, V_SID, V_THREAD,
	V_STATE, V_EXIT, V_COMM, V_THREAD_COMM, V_FILES_ID,
	V_FD, V_FD_ID, V_FD_TYPE, V_FD_FLAGS, V_CWD, V_ROOT,
	V_EXE, V_AUXV, V_START, V_END, V_PGOFF, V_SHMID, V_PROT, V_FLAGS, V_STATUS,
	V_VADDR, V_PAGES, V_PAGES_COMPAT, V_IN_PARENT, V_RUN_FLAGS,
	V_ID, V_TYPE, V_NAME, V_PIPE, V_INO, V_PEER, V_UNIX_NAME, V_KEY,
	V_FAMILY, V_SK_TYPE, V_PROTO, V_SK_STATE, V_SPORT, V_DPORT, V_SADDR,
	V_DADDR, V_SNDBUF, V_RCVBUF,
	V_MAX,
};

/* Kinds of keys in the table; of files the type is added. */
enum { KEY_TASK, KEY_TABLE, KEY_FILE, KEY_OLD_FILE = 0x100, KEY_NOTE = 0x200,
       KEY_IMAGE = 0x400, KEY_ROW_IMAGE = 0x600, KEY_ROWS = 0x700 };

/* Values of the entry. */

static inline bool has_value(const struct model *m, int v)
{
	return m->plan.seen >> v & 1;
}

static inline uint64_t value_of(const struct model *m, int v)
{
	return has_value(m, v) ? m->plan.value[v] : 0;
}

static inline uint32_t value32(const struct model *m, int v)
{
	return (uint32_t)value_of(m, v);
}

static inline struct model_span text_of(const struct model *m, int v)
{
	uint64_t w = value_of(m, v);

	return (struct model_span){ (uint32_t)(w >> 32), (uint32_t)w };
}

/* Who keeps what. */
void model_keep_task(struct model *m);
void model_keep_core(struct model *m);
void model_keep_ids(struct model *m);
void model_keep_fs(struct model *m);
void model_keep_fd(struct model *m);
void model_done_fds(struct model *m);
void model_keep_mm(struct model *m);
void model_keep_vma(struct model *m);
void model_done_vmas(struct model *m);
void model_keep_run(struct model *m);
void model_keep_file(struct model *m);
void model_keep_note(struct model *m);
void model_begin_runs(struct model *m);
void model_add_vma(struct model *m);

/* The task that the image's name tells; it is seen now. */
struct model_task *model_image_task(struct model *m);

/* Its core came, and cannot be read. */
void model_core_lost(struct model *m);

/* Whether --pid lets it pass. */
bool model_wanted(const struct model *m, uint32_t pid);

/* Whether the image that begins was there before. */
bool model_is_second(struct model *m);

/* The images that a question needs, and the kind of one of them. */
const struct model_kind *model_kind_of(struct model *m, const char *name,
				       uint32_t *number);

/* The sources of rows that the image is, too: m->readers. */
void model_find_sources(struct model *m, const char *name);

/* Adds to m->plan the fields of this schema that the model uses. */
void model_bind(struct model *m, const struct schema *schema);

#endif
