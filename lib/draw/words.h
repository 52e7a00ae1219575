/* SPDX-License-Identifier: MIT
 *
 * Text for pictures and pages: any bytes become UTF-8 that can be shown, and
 * fit where they are to stand.
 *
 *   bytes ─► words_fit ─► label ─► markup_text ─► SVG, HTML
 *                               └► markup_quoted ─► dot
 */
#ifndef CRIT_DRAW_WORDS_H
#define CRIT_DRAW_WORDS_H

#include "base/buffer.h"

enum { WORDS_MAX = 512 };

/* Bytes as text of at most so many columns: the middle of what is too long
 * gives way to an ellipsis; what cannot be shown becomes \xNN. Ends with NUL;
 * returns the columns. */
size_t words_fit(char to[WORDS_MAX], const void *p, size_t n, size_t columns);

/* The columns that a text of words_fit takes. */
size_t words_columns(const char *text);

/* 4.0 KiB */
void words_size(char *to, size_t size, uint64_t bytes);

/* "1 task", "2 tasks" */
void words_count(char *to, size_t size, uint64_t n, const char *what);

/* For XML and HTML; any bytes. */
void markup_text(struct out *out, const void *p, size_t n);
void markup_string(struct out *out, const char *s);

/* For a quoted string of Graphviz; any bytes. */
void markup_quoted(struct out *out, const char *s);

/* Markup as it stands. */
#define markup(out, ...) out_printf(out, __VA_ARGS__)

#endif
