/* SPDX-License-Identifier: MIT
 *
 * What differs, as lines of text or records.
 */
#ifndef CRIT_DIFF_PRINT_H
#define CRIT_DIFF_PRINT_H

#include "diff/detail.h"

/* An image that only one has; one of raw bytes that differ from offset at. */
void print_image(struct diff *d, const struct diff_image *im, enum change_kind c);
void print_bytes(struct diff *d, const struct diff_image *im, uint64_t size_a,
		 uint64_t size_b, uint64_t at);

/* A unit that only one has: its leaves begin at k. */
void print_unit(const struct detail *t, const struct shown *s,
		const struct kept *k, const struct kept *end);

/* A leaf; NULL: it has none. */
void print_leaf(const struct detail *t, const struct shown *s,
		const struct kept *a, const struct kept *b);

/* n numbers of a list that differ, the first of them. */
void print_list(const struct detail *t, const struct shown *s,
		const struct kept *a, const struct kept *b, size_t n);

/* More differs than could be kept. */
void print_more(const struct detail *t, const struct shown *s);

/* print_value.c: the path of a leaf, and its bytes after it; its value; the
 * same without looking what an id is of; as JSON. */
struct json_text;
const char *print_text(const struct detail *t, const struct kept *k);
void print_value(const struct detail *t, int side, struct out *out,
		 const struct kept *k);
/* " /var/log/app", if its name is kept. */
bool print_file_name(const struct detail *t, struct out *out,
		     const struct id *id);
void print_number(struct out *out, const struct kept *k);
void print_json(const struct detail *t, struct json_text *r, const char *key,
		const struct kept *k);

/* Memory: pages of a mapping; a range of them; a page of it as hexdumps. */
struct pages_differ {
	uint32_t pid;
	uint64_t start, end;
	const char *what;		/* "[heap]" */
	uint64_t pages[3];		/* by enum change_kind */
};
void print_memory(struct diff *d, const struct pages_differ *m);
void print_range(struct diff *d, const struct pages_differ *m, uint64_t start,
		 uint64_t end, uint64_t page, enum change_kind c);
void print_hex(struct diff *d, uint64_t addr, const uint8_t *a,
	       const uint8_t *b, size_t n);

/* Whether --ignore has this path of this image. */
bool print_ignores(const struct diff *d, const char *image, const char *path);

/* The end of a label: "fd 12/5". Returns buf. */
enum { LABEL_MAX = 64 };
const char *print_label(const struct title *l, char buf[LABEL_MAX]);

#endif
