/* SPDX-License-Identifier: MIT
 *
 * What the explorers know of a checkpoint: events of its images in, tasks,
 * descriptors, mappings and files out. The images may come in any order; only
 * those that the question needs are looked into, and only what it needs of
 * them is kept. Pages leave nothing behind: their runs go to a function, or
 * to a spool until their mappings are known.
 */
#ifndef CRIT_CHECKPOINT_MODEL_H
#define CRIT_CHECKPOINT_MODEL_H

#include "facts.h"
#include "base/buffer.h"
#include "checkpoint/page_run.h"
#include "checkpoint/plan.h"
#include "checkpoint/rows.h"
#include "checkpoint/vma.h"
#include "event/bulk.h"

/* Which images: bits. */
enum {
	MODEL_TREE = 1 << 0,
	MODEL_CORE = 1 << 1,
	MODEL_IDS = 1 << 2,
	MODEL_FDINFO = 1 << 3,
	MODEL_FS = 1 << 4,
	MODEL_MM = 1 << 5,	/* and vmas-*.img of old */
	MODEL_PAGEMAP = 1 << 6,
	MODEL_NAMES = 1 << 7,	/* files.img; reg-files, pipes, unixsk */
	MODEL_SOCKETS = 1 << 8,	/* inetsk, packetsk, netlinksk */
	MODEL_FACTS = 1 << 9,	/* what else is known of files */
	MODEL_THREADS = 1 << 10,	/* core-TID.img, too */
	MODEL_SOCKET_DATA = 1 << 11,	/* addresses and states of sockets */
	MODEL_PAGE_SIZE = 1 << 12,	/* of mm images */
	MODEL_ROWS = 1 << 13,		/* those of model.sources */
};

/* Grows by doubling; elements never move in their order. */
struct model_list {
	void *p;
	size_t n, cap;
};

/* A place in model.text. */
struct model_span {
	uint32_t at, len;
};

struct model_task {
	uint32_t pid, ppid, pgid, sid;
	uint32_t state, exit_code;	/* state 0: not known */
	uint32_t files_id, cwd, root, exe;
	struct model_span comm;
	uint32_t threads, n_threads;	/* in model.threads */
	uint32_t vmas, n_vmas;		/* in model.vmas */
	uint64_t runs, n_runs;		/* in model.spool */
	uint64_t page_size;		/* where MODEL_PAGE_SIZE */
	uint16_t seen;			/* images of its that came */
	bool listed;			/* in the process tree */
	bool core_lost;			/* it came, broken */
	uint32_t place;			/* in model.order */
};

struct model_table {			/* of descriptors */
	uint32_t fds, n_fds;		/* in model.fds */
};

struct model_fd {
	uint32_t fd, id, flags;
	int32_t type;
};

enum { FILE_HAS_NAME = 1, FILE_HAS_PIPE = 2, FILE_HAS_UNIX = 4 };

struct model_file {
	uint64_t number;	/* pipe; inode of memfd; info of tty */
	uint32_t id, ino, peer;	/* unix */
	uint32_t socket;	/* in model.sockets, from 1; 0: none */
	int32_t type;
	uint32_t has;
	struct model_span name, facts;
};

struct model_socket {
	uint32_t family, type, protocol, state;
	uint32_t port[2];	/* of netlink: portid; of packet: ifindex */
	uint32_t address[2][4], n_words[2];
	uint32_t sndbuf, rcvbuf;
};

/* Facts that another image has of a file: memfd.img, tty-info.img and so on.
 * Those of one file form a chain. */
struct model_note {
	struct model_span facts;
	uint32_t next;		/* in model.notes, from 1; 0: the last */
	uint32_t last;		/* of the first one: where the chain ends */
};

struct model_slot {
	uint64_t key;
	uint32_t kind, value;	/* value from 1; 0: free */
};

struct model_kind {
	const char *type, *prefix;	/* of the name, up to its number */
	unsigned need;
	void (*keep)(struct model *m);	/* an entry is whole */
	void (*done)(struct model *m);	/* the image is */
	int fd_type;			/* its entries are files */
};

/* How far the content of an entry has come, to go back there. */
struct model_mark {
	int depth, vma_depth, facts_depth;
	bool auxv_value;
	uint32_t n_threads, n_words[2];
	uint64_t seen, auxv_type, at_pagesz;
	size_t facts, threads, text, vmas, rows, cells;
	struct row_mark readers[ROW_READERS];
	size_t open_cells;		/* of their rows, in model.saved */
};

struct model {
	struct sink sink;

	/* set by the caller, after model_init */
	const uint32_t *pids;		/* --pid: none but these */
	size_t n_pids;
	const struct row_source *sources;	/* of rows; none where 0 */
	unsigned n_sources;
	bool ordered;			/* images come in a directory's order */
	bool cut;			/* not all was read: the rest may have
					   whatever is missing */
	void (*report)(void *ctx, const struct crit_error *);
	void (*run)(void *ctx, const struct page_run *);
	void *ctx, *run_ctx;

	/* the answer */
	struct model_list tasks;	/* struct model_task */
	struct model_list order;	/* uint32_t: those of the tree */
	struct model_list threads;	/* uint32_t */
	struct model_list tables, fds, vmas, files, sockets, notes;
	struct model_list text;		/* char */
	struct model_list rows, cells;	/* struct row, struct row_cell */
	struct model_list saved;	/* struct row_cell: as they were */
	struct spool spool;		/* runs of pages */

	const struct schema *schema;
	const struct symbols *fd_types;
	unsigned needs, came, lost;	/* MODEL_TREE..; lost: broken */

	/* by key and kind; small numbers of files: uint32_t, from 1 */
	struct model_list direct;
	struct model_slot *slots;
	size_t n_slots, used_slots;

	/* the image, the entry, the message */
	const struct model_kind *kind;	/* NULL: passed over */
	struct model_kind row_kind;	/* of images that only have rows */
	uint32_t row_source;		/* which */
	uint32_t number;		/* in its name */
	uint32_t first, kept;		/* of fds or vmas; in whole entries */
	const struct message *message, *vma;
	const struct field *id;
	int depth, vma_depth, facts_depth;
	struct row_reader readers[ROW_READERS];	/* of the image: n_readers */
	unsigned n_readers;
	struct model_mark back;			/* where rewind goes */
	struct model_span string;	/* the one being read */
	uint64_t auxv_type, at_pagesz;	/* auxv: type, value, type, ... */
	bool auxv_value;
	uint32_t n_threads, words[2][4], n_words[2];

	struct model_list facts;	/* char: the events kept until now */
	size_t facts_bytes;		/* where the bytes that come begin; 0 */

	struct plan plan;		/* values of the entry by V_..., */
};

/* needs: MODEL_TREE.. err is shared with the source. */
bool model_init(struct model *m, unsigned needs, const struct schema *schema,
		struct crit_error *err);
void model_free(struct model *m);

/* Whether an image of this name matters. */
bool model_takes(struct model *m, const char *name);

/* The images of one type of files that there were before files.img: the one
 * after this, or NULL. */
const struct model_kind *model_old_files(const struct model_kind *before);

/* Notes that an image that matters cannot be read. */
void model_lost(struct model *m, const char *name);

/* The mappings of a task; NULL where there are none at all. */
static inline const struct vma *model_vmas(const struct model *m,
						 const struct model_task *t)
{
	const struct vma *all = m->vmas.p;

	return all ? all + t->vmas : NULL;
}

/* The tasks of the tree, in its order. */
static inline size_t model_count(const struct model *m)
{
	return m->order.n;
}
struct model_task *model_nth(const struct model *m, size_t n);

/* Each returns NULL where there is none. */
struct model_task *model_task(const struct model *m, uint32_t pid);
const struct model_table *model_table(const struct model *m, uint32_t id);
const struct model_file *model_file(const struct model *m, int32_t type,
				    uint32_t id);
const struct model_note *model_note(const struct model *m, int32_t type,
				    uint64_t key);

/* Passes the runs of a task that are in the spool to run. */
bool model_runs(struct model *m, const struct model_task *t,
		void (*run)(void *ctx, const struct page_run *), void *ctx);

static inline const char *model_text(const struct model *m,
				     struct model_span s)
{
	return s.len ? (const char *)m->text.p + s.at : "";
}

/* model_store.c: one more element (zeroed), or NULL and the error; n more
 * bytes; a number under a key, the last one wins. */
void *model_more(struct model *m, struct model_list *l, size_t size);
bool model_add(struct model *m, struct model_list *l, const void *p, size_t n);
bool model_put(struct model *m, uint32_t kind, uint64_t key, uint32_t value);
uint32_t model_get(const struct model *m, uint32_t kind, uint64_t key);

/* model_flat.c: a message's content, as what is looked at or as events. */
extern const struct bulk_ops model_bulk;

/* model_facts.c: events of a message, kept: begin of no field, content, end. */
enum fact_op {
	FACT_BEGIN, FACT_END, FACT_LIST, FACT_LIST_END, FACT_NUMBER, FACT_BYTES,
};

struct fact {
	enum fact_op op;
	const struct field *field;	/* NULL: of the message itself, and of an
					   end */
	uint64_t number;		/* of FACT_BYTES: how many */
	const uint8_t *bytes;
};

void facts_open(struct model *m);
void facts_add(struct model *m, enum fact_op op, const struct field *f);
void facts_number(struct model *m, const struct field *f, uint64_t v);
void facts_bytes(struct model *m, const struct field *f, const void *p,
		 size_t n, bool last);

/* Moves them into model.text. */
struct model_span facts_take(struct model *m);

/* The first of the span, which begins after it then; false: it is empty. */
bool facts_next(const struct model *m, struct model_span *s, struct fact *fact);

/* The field of the message itself that has this name; false: it has none. */
bool facts_find(const struct model *m, struct model_span s, const char *name,
		struct fact *fact);

void facts_play(const struct model *m, struct model_span s, struct sink *sink);

#endif
