/* SPDX-License-Identifier: MIT
 *
 * Parts of a page: it needs no network, and no script to be read.
 */
#ifndef CRIT_DRAW_HTML_H
#define CRIT_DRAW_HTML_H

#include "draw/words.h"
#include "view/table.h"

void html_begin(struct out *out, const char *title);
void html_end(struct out *out);

/* The script that sorts tables by their headers. */
void html_script(struct out *out);

/* The rows of a table of explorers, at most so many; column and value: only
 * those that have it (NULL: all). Returns how many there are. */
size_t html_table(struct table *t, struct out *out, size_t most,
		  const char *column, const char *value);

/* Tables that are written cell by cell. */
void html_head(struct out *out, const char *titles);	/* "kind files>" */
void html_cell(struct out *out, const char *text, bool number);

#endif
