/* SPDX-License-Identifier: MIT
 *
 * How things look: a class for each style, light and dark; the same in pictures
 * and pages.
 */
#ifndef CRIT_DRAW_STYLE_H
#define CRIT_DRAW_STYLE_H

#include "base/buffer.h"

enum { HUES = 8 };

enum style {
	STYLE_PAPER,		/* what all stands on */
	STYLE_CARD,		/* a box */
	STYLE_FRAME,		/* a line around other boxes */
	STYLE_TEXT, STYLE_DIM, STYLE_BOLD, STYLE_TITLE,
	STYLE_EDGE,		/* a line */
	STYLE_HUE,		/* to STYLE_HUE + 7: pale, with text on it */
	STYLE_MARK = STYLE_HUE + HUES,	/* to STYLE_MARK + 7: full */
	STYLE_WIRE = STYLE_MARK + HUES,	/* to STYLE_WIRE + 7: a line */
	STYLES = STYLE_WIRE + HUES,
};

enum hue {
	HUE_BLUE, HUE_TEAL, HUE_RED, HUE_ORANGE, HUE_YELLOW, HUE_PURPLE,
	HUE_GREEN, HUE_GREY,
};

/* The name of its class, in buf. */
const char *style_class(enum style s, char buf[8]);

/* Rules of CSS for all of them; dark under prefers-color-scheme. */
void style_sheet(struct out *out);

/* A pale colour of a hue, "#rrggbb". */
const char *style_pale(enum hue h);

#endif
