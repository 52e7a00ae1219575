/* SPDX-License-Identifier: MIT
 *
 * The areas of crit-check: each is one file with its rules, what it declares
 * (values, references, duplicates: declared.c runs them), and a function for
 * what cannot be declared. A new rule is a line in one of them.
 */
#ifndef CRIT_CHECK_AREAS_H
#define CRIT_CHECK_AREAS_H

#include "check/check.h"

/* A value that a field may not have; absent fields are not looked at. */
enum test_kind {
	TEST_ABOVE,		/* fires when v > a */
	TEST_BELOW,		/* v < a */
	TEST_OUTSIDE,		/* v < a or v > b */
	TEST_OUTSIDE_SIGNED,
	TEST_BITS,		/* v has a bit that a has not */
	TEST_NOT_ONE_OF,	/* v is no bit number of a */
	TEST_IS,		/* v == a */
	TEST_NOT,		/* v != a */
	TEST_SIZE_ABOVE,	/* a text or list longer than a */
	TEST_SIZE_BELOW,
	TEST_COUNT_ABOVE,	/* as TEST_ABOVE; for counts */
	TEST_ABSENT,		/* the field is not there */
};

struct test {
	const char *rule, *column;	/* "vma_entry.start" */
	enum test_kind kind;
	uint64_t a, b;
	const char *what;		/* what is wrong with it, in words */
	bool (*when)(const struct check *, const void *row);	/* or NULL */
};

/* A field that names something: a file ("REG", "any file"), an image
 * ("fdinfo-#.img"), or a column ("pstree_entry.pid"). */
struct ref {
	const char *rule, *column, *to;
	bool zero;			/* 0 is a name like others */
	bool (*when)(const struct check *, const void *row);	/* or NULL */
};

/* A column that may not have one value twice, within this. */
enum scope { IN_ALL, IN_IMAGE, IN_PARENT };

struct unique {
	const char *rule, *column;
	enum scope scope;
	bool zero;			/* 0 counts, too */
	bool (*when)(const struct check *, const void *row);	/* or NULL */
};

struct area {
	const struct rule *rules;	/* each list ends with a zero */
	const struct test *tests;
	const struct ref *refs;
	const struct unique *uniques;
	void (*check)(struct check *);	/* or NULL */
};

extern const struct area area_framing, area_inventory, area_pstree,
	area_sessions, area_ids, area_core, area_thread, area_x86, area_timers,
	area_mm, area_vma, area_shared, area_pagemap, area_parent, area_files,
	area_reg, area_remap, area_fdinfo, area_pipes, area_unix, area_queues,
	area_inet, area_net_files, area_events, area_watches, area_memfd,
	area_tty, area_locks, area_cgroup, area_ipc, area_namespaces,
	area_mounts, area_mounted, area_sharing, area_netdev, area_raw,
	area_users, area_host_files, area_host_pids, area_host_net,
	area_host_mounts, area_host_memory, area_host_kernel, area_unused;
extern const struct area *const check_areas[];

const struct rule *check_rule_of(const char *id);
void check_declared(struct check *c, const struct area *a);

/* Sorts the findings, and drops those that are there twice. */
void findings_sort(struct check *c);
void finding_free(struct finding *f);

/* Why these bytes are no whole gzip stream, or NULL. */
const char *gzip_wrong(const struct blob *b, struct crit_error *err);

/* A sorted index of a column, made when it is first asked for. */
void indexes_free(struct check *c);

/* A column by name: "vma_entry.start". */
struct column_at {
	enum table table;
	const struct column *column;
	unsigned bit;
};
struct column_at check_column(const char *name);

static inline uint64_t column_value(const void *row, const struct column *col)
{
	return *(const uint64_t *)(const void *)((const char *)row +
						 col->offset);
}

#endif
