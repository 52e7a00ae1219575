/* SPDX-License-Identifier: MIT
 *
 * A picture: boxes, text and lines at their places. Layouts put them in; svg.c
 * writes them.
 *
 *   data ─► layout ─► struct picture ─► SVG
 *
 * Text is monospaced, so that a layout knows how wide it is.
 */
#ifndef CRIT_DRAW_PICTURE_H
#define CRIT_DRAW_PICTURE_H

#include "draw/list.h"
#include "draw/style.h"
#include "draw/words.h"

#define TEXT_SIZE 12.0			/* pixels */
#define TEXT_COLUMN 7.3			/* the width of a character */
#define TEXT_LINE 17.0			/* from one line to the next */
#define TITLE_SIZE 17.0

enum shape_kind { SHAPE_BOX, SHAPE_TEXT, SHAPE_CURVE, SHAPE_ELBOW, SHAPE_ARROW };

struct shape {
	enum shape_kind kind;
	enum style style;
	double x, y, w, h;		/* curves: to (x + w, y + h) */
	double size;			/* of text */
	char side;			/* of text: 's'tart, 'm'iddle, 'e'nd */
	size_t text, tip;		/* in words, from 1; 0: none */
};

struct picture {
	struct list shapes, words;
	double width, height;		/* what the shapes need, and a margin */
	struct crit_error *err;
};

void picture_init(struct picture *p, struct crit_error *err);
void picture_free(struct picture *p);

/* tip, or NULL: shown when the mouse is there. Any bytes: a label of fit. */
void picture_box(struct picture *p, enum style s, double x, double y, double w,
		 double h, const char *tip);
void picture_curve(struct picture *p, enum style s, double x, double y,
		   double to_x, double to_y);
void picture_elbow(struct picture *p, enum style s, double x, double y,
		   double to_x, double to_y);

/* The head of an arrow that ends at x, and came from the left or not. */
void picture_arrow(struct picture *p, enum style s, double x, double y,
		   bool from_left);

/* y is the middle of the line; columns: cut to these. Returns how wide it is. */
double picture_text(struct picture *p, enum style s, char side, double x,
		    double y, const char *text, size_t columns);
double picture_bytes(struct picture *p, enum style s, double x, double y,
		     const void *bytes, size_t n, size_t columns);
void picture_title(struct picture *p, const char *title, const char *about);

static inline const char *picture_words(const struct picture *p, size_t at)
{
	return at ? (const char *)p->words.p + at - 1 : "";
}

/* A text with a square of a hue before it; returns the x after it. */
double picture_legend(struct picture *p, double x, double y, enum hue h,
		      const char *text);

/* svg.c: as a document of its own, or as a part of a page. */
void picture_svg(const struct picture *p, struct out *out, const char *title,
		 bool alone);

#endif
