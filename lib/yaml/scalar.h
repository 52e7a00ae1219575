/* SPDX-License-Identifier: MIT
 *
 * What a scalar of YAML stands for: what may be written without quotes, and
 * what is read there.
 */
#ifndef CRIT_YAML_SCALAR_H
#define CRIT_YAML_SCALAR_H

#include <stdbool.h>
#include <stddef.h>

enum scalar { SCALAR_TEXT, SCALAR_NUMBER, SCALAR_TRUE, SCALAR_FALSE, SCALAR_NULL };

/* How a string is written so that every reader, of YAML 1.1 or 1.2, takes the
 * same string from it. */
enum quotes {
	QUOTES_NONE,	/* no reader sees anything else in it */
	QUOTES_ANY,
	QUOTES_DOUBLE,	/* some of it is better escaped */
};

enum quotes scalar_quotes(const char *s, size_t n);

/* What n bytes without quotes are. Numbers are those that JSON has, words
 * those of YAML 1.2; everything else is text, 0x10 and 1_000 too: numeric
 * fields read them. */
enum scalar scalar_plain(const char *s, size_t n);

#endif
