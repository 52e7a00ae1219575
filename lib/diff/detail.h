/* SPDX-License-Identifier: MIT
 *
 * Units that differ, some at a time: their leaves, side by side.
 */
#ifndef CRIT_DIFF_DETAIL_H
#define CRIT_DIFF_DETAIL_H

#include "diff/diff.h"

enum {
	DETAIL_UNITS = 256,		/* at a time */
	DETAIL_LEAVES = 32 << 10, DETAIL_TEXT = 2 << 20,
};

/* A unit of A, of B, or of both: ordinals from 1, 0 where it is not. */
struct difference {
	uint32_t a, b;
};

/* A leaf that is kept. */
struct kept {
	const struct field *field, *list;
	uint64_t path, hash, value, list_path, size;
	uint32_t unit, seq, seq_b;		/* from 1; seq_b: of B's, or 0 */
	uint32_t text, path_n, bytes_n;		/* path, then bytes */
	uint32_t unit_n;			/* of the path: up to its unit */
	uint8_t space;
	bool hex;				/* a number that is shown so */
	bool same;				/* the other one has it */
	bool other;				/* of B: A has it, too */
};

struct shown {
	struct difference units;
	enum change_kind change;
	const struct image_type *type;
	const struct message *message;
	struct title label;
	bool known;		/* it has been met */
	bool hidden;		/* told elsewhere */
	bool more;		/* not all leaves were kept */
	bool inside;		/* part of another unit; has that unit's name */
	bool beside;		/* what is told is not the thing itself */
	uint8_t section;
	char name[WALK_NAME];
};

struct detail {
	struct diff *d;
	const struct diff_image *image[2];
	struct shown units[DETAIL_UNITS];
	size_t n;
	uint32_t wanted[2][DETAIL_UNITS][2];	/* ordinal, unit; sorted */
	size_t n_wanted[2];
	uint32_t current;			/* the unit that is being read */
	struct list leaves[2];			/* struct kept */
	struct list text;			/* char */
};

/* detail_print.c: what has been read. */
void detail_print(struct detail *t);
int detail_by_seq(const void *a, const void *b);

/* Reads and prints n of them. */
bool detail_show(struct detail *t, const struct difference *all, size_t n);

#endif
