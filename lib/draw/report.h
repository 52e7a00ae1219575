/* SPDX-License-Identifier: MIT
 *
 * The parts of the report: each writes a section.
 */
#ifndef CRIT_DRAW_REPORT_H
#define CRIT_DRAW_REPORT_H

#include "draw/draw.h"
#include "draw/html.h"
#include "draw/space.h"
#include "report/summary_data.h"

struct page {
	struct draw draw;		/* with a report of our own */
	const struct draw *whole;
	struct summary summary;
	struct container container;
	struct space space;
	struct list told;		/* char: messages, each with its NUL */
};

/* report.c */
void report_picture(struct page *g, const char *what);

/* What is folded away until it is asked for. */
void report_fold(struct page *g, const char *title);
void report_unfold(struct page *g);

/* report_head.c */
void report_tiles(const struct page *g);
void report_container(const struct page *g);

/* report_short.c, report_big.c, report_needs.c */
void report_short(struct page *g);
void report_big(struct page *g);
void report_needs(struct page *g);
void report_needs_short(struct page *g);

#endif
