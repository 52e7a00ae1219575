// SPDX-License-Identifier: MIT
/*
 * Lists of words, with blanks between: which one is a text, or was it meant to
 * be? And numbers of processes.
 */
#include "options.h"
#include "filter.h"
#include "codec/edits.h"

#include <stdio.h>
#include <string.h>

/* The first word at or after s, its length in *n; NULL where none is left. */
static const char *word(const char *s, size_t *n)
{
	s += strspn(s, " ");
	*n = strcspn(s, " ");
	return *n ? s : NULL;
}

int word_find(const char *words, const char *text)
{
	size_t n, len = strlen(text);

	for (int i = 0; (words = word(words, &n)); i++, words += n)
		if (n == len && !memcmp(words, text, n))
			return i;
	return -1;
}

static const char *all_words(const char *words, char buf[160])
{
	int used = snprintf(buf, 160, " (");
	size_t n;

	for (; (words = word(words, &n)) && used + (int)n < 150; words += n)
		used += sprintf(buf + used, "%.*s, ", (int)n, words);
	strcpy(buf + used - 2, words ? ", ...)" : ")");
	return buf;
}

const char *word_meant(const char *words, const char *text, char buf[160])
{
	const char *best = NULL;
	unsigned least = EDITS_NAME_MAX;
	size_t n, best_n = 0;

	for (const char *w = words; (w = word(w, &n)); w += n) {
		unsigned d = edits(w, n, text, strlen(text));

		if (d < least) {
			least = d;
			best = w;
			best_n = n;
		}
	}
	if (!best || !edits_close(least, strlen(text)))
		return all_words(words, buf);
	snprintf(buf, 160, " (did you mean %.*s?)", (int)best_n, best);
	return buf;
}

uint32_t pid_read(const char *text)
{
	uint64_t pid = 0;
	const char *p = text;

	for (; *p >= '0' && *p <= '9' && pid <= UINT32_MAX; p++)
		pid = 10 * pid + (unsigned)(*p - '0');
	if (*p || p == text || pid > UINT32_MAX)
		filter_usage("invalid PID '%s'", text);
	return (uint32_t)pid;
}
