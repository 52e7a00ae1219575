/* SPDX-License-Identifier: MIT
 *
 * Between summary.c, which counts, and summary_print.c and summary_row.c, which
 * print.
 */
#ifndef CRIT_REPORT_SUMMARY_DATA_H
#define CRIT_REPORT_SUMMARY_DATA_H

#include "base/buffer.h"
#include "facts.h"
#include "report/container.h"
#include "store/store.h"
#include "checkpoint/extract.h"

enum {
	SUMMARY_TYPES = 23,	/* of files; the last: all others */
	SUMMARY_KINDS = 160,
};

/* Numbers of stats-dump, then those of stats-restore. */
#define SUMMARY_PLACE(name) SUMMARY_DUMP_##name,
enum {
	DUMP_STATS_ENTRY__EACH(SUMMARY_PLACE)
	SUMMARY_DUMP,
	SUMMARY_STATS = SUMMARY_DUMP + 5,
};

/* A number that the checkpoint does not tell. */
#define SUMMARY_UNKNOWN UINT64_MAX

struct summary_kind {
	const char *name;
	uint64_t files, bytes;
};

struct summary {
	struct store *dir;
	const char *name;		/* of it, for print; or NULL */
	const struct container *container;	/* or NULL */
	struct crit_error err, first;
	bool bad;
	void (*warn)(void *ctx, const struct crit_error *);
	void *ctx;

	uint64_t version, compress, uptime;
	char run_id[64];
	uint64_t tasks, threads, zombies, stopped;
	uint64_t type, files, file_types[SUMMARY_TYPES];
	uint64_t vmas, vma_bytes;
	uint64_t page_size;
	/* bytes of memory */
	uint64_t present, shared, parent, lazy, zero, packed;
	/* bytes of pages images: all, and of what is packed */
	uint64_t stored, packed_stored;
	uint64_t stored_zero;		/* of it, pages of zeros; or unknown */
	uint64_t segment, elsewhere;	/* a SysV segment's bytes; in a pagemap */
	uint64_t images, bytes;
	struct summary_kind kinds[SUMMARY_KINDS];
	size_t n_kinds;
	uint64_t stats[SUMMARY_STATS];	/* or SUMMARY_UNKNOWN */
};

extern const struct extract_rule summary_dump_rules[SUMMARY_DUMP];
extern const struct extract_rule
	summary_restore_rules[SUMMARY_STATS - SUMMARY_DUMP];

/* Fills a summary that is zeros; zeros: read the pages and count those of zeros; container is the caller's to free. What cannot be
 * read is told to warn, and left out; then false, with the first error in
 * s->first. */
bool summary_read(struct summary *s, struct store *dir, bool zeros,
		  struct container *container,
		  void (*warn)(void *ctx, const struct crit_error *),
		  void *ctx);

/* Adds what the pages of a pagemap have to stored_zero. False: s->err. */
bool summary_zeros(struct summary *s, const char *name, uint64_t page_size);

void summary_json(const struct summary *s, struct out *out);
void summary_text(const struct summary *s, struct out *out);
void summary_row(const struct summary *s, struct out *out);
uint64_t summary_sockets(const struct summary *s);

#endif
