/* SPDX-License-Identifier: MIT
 *
 * A POSIX extended regular expression -> its tree -> two programs: one for
 * reading forwards, one for reading backwards.
 *
 *   a(b|c)*   CAT ─► SET a
 *              └───► REPEAT 0.. ─► ALT ─► CAT ─► SET b
 *                                   └───► CAT ─► SET c
 */
#ifndef CRIT_SEARCH_REGEX_TREE_H
#define CRIT_SEARCH_REGEX_TREE_H

#include "base/error.h"

enum {
	REGEX_TEXT_MAX = 4096,	/* bytes of a regular expression */
	REGEX_CODE_MAX = 16384,	/* instructions of a program */
	REGEX_REPEAT_MAX = 32767, REGEX_ANY = UINT16_MAX,
};

struct byte_set {
	uint64_t w[4];
};

static inline bool set_has(const struct byte_set *s, unsigned c)
{
	return s->w[c >> 6] >> (c & 63) & 1;
}

static inline void set_put(struct byte_set *s, unsigned c)
{
	s->w[c >> 6] |= UINT64_C(1) << (c & 63);
}

static inline void set_invert(struct byte_set *s)
{
	for (int i = 0; i < 4; i++)
		s->w[i] = ~s->w[i];
}

static inline void set_drop(struct byte_set *s, unsigned c)
{
	s->w[c >> 6] &= ~(UINT64_C(1) << (c & 63));
}

static inline bool is_word(unsigned c)
{
	return (c | 32) - 'a' < 26 || c - '0' < 10 || c == '_';
}

/* What lies left and right of a place between bytes, and what of it an
 * assertion wants. */
enum { SIDE_LINE = 1, SIDE_WORD = 2, SIDE_TEXT = 4, SIDES = 8 };
enum assertion {
	LINE_START, LINE_END, WORD_START, WORD_END, WORD_EDGE, NO_WORD_EDGE,
	TEXT_START, TEXT_END,
};

enum tree_op { TREE_ALT, TREE_CAT, TREE_SET, TREE_ASSERT, TREE_REPEAT };

struct tree_node {
	enum tree_op op;
	uint16_t value;			/* number of a set; an assertion */
	uint16_t min, max;		/* repeats; REGEX_ANY: no end */
	uint16_t first, last;		/* what is below; 0: nothing */
	uint16_t prev, next;		/* what is beside it */
};

struct tree {
	struct tree_node *nodes;	/* number 0 is none */
	unsigned n;
	struct byte_set *sets;
	unsigned n_sets;
	bool asserts;
	uint16_t root;
};

bool tree_open(struct tree *t, const char *regex, struct crit_error *err);
void tree_close(struct tree *t);

/* The longest string of bytes that each match holds: how many, at most
 * size. */
size_t tree_literal(const struct tree *t, uint8_t *to, size_t size);

enum code_op { CODE_MATCH, CODE_SET, CODE_SPLIT, CODE_ASSERT };

struct code {
	uint8_t op;
	uint16_t a;	/* SET, ASSERT: what; SPLIT: one way */
	uint16_t b;	/* the next, or the other way */
};

struct program {
	struct code *code;
	unsigned n, start;
	bool backwards;
};

bool program_open(struct program *p, const struct tree *t, bool backwards,
		  struct crit_error *err);
void program_close(struct program *p);

#endif
