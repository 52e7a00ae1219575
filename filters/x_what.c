// SPDX-License-Identifier: MIT
/*
 * What crit-x can be asked: its names, for help and completions, and which one
 * an operand means.
 */
#include "x_job.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

const struct explorer explore_all = {
	.name = "all", .about = "all of these, as one JSON document",
	.needs_pages = true,
};

const char *what_words(bool aliases)
{
	static char words[2][512];
	char *p = words[aliases];

	for (size_t i = 0; i < n_explorers; i++) {
		const struct explorer *e = explorers[i];

		p = stpcpy(stpcpy(p, i ? " " : ""), e->name);
		if (aliases && e->alias)
			p = stpcpy(stpcpy(p, " "), e->alias);
	}
	stpcpy(p, " all");
	return words[aliases];
}

const char *what_lines(const char *before, const char *after)
{
	static char text[4096];
	char *p = stpcpy(text, before);

	for (size_t i = 0; i < n_explorers; i++) {
		const struct explorer *e = explorers[i];
		char name[32];

		snprintf(name, sizeof(name), "%s%s%s", e->name,
			 e->alias ? ", " : "", e->alias ? e->alias : "");
		p += sprintf(p, "  %-9s  %s\n", name, e->about);
	}
	p += sprintf(p, "  %-9s  %s\n", explore_all.name, explore_all.about);
	stpcpy(p, after);
	return text;
}

static const struct explorer *find_what(const char *name)
{
	return strcmp(name, explore_all.name) ? explorer_find(name) :
		&explore_all;
}

/* " (did you mean sk?)" for "sockets", or what word_meant finds. */
static const char *what_meant(const char *name, char hint[160])
{
	for (size_t i = 0; i < n_explorers; i++) {
		const struct explorer *e = explorers[i];

		if (!e->meant || word_find(e->meant, name) < 0)
			continue;
		snprintf(hint, 160, " (did you mean %s?)", e->name);
		return hint;
	}
	return word_meant(what_words(true), name, hint);
}

int what_take(const struct tool *tool, struct explore *x, char **operand, int n)
{
	const char *last = operand[n - 1];
	char hint[160];

	x->what = find_what(last);
	if (x->what)
		return n - 1;
	if (n == 1 && !access(*operand, F_OK))
		tool_missing(tool, "missing argument: WHAT");
	x->what = n > 1 ? find_what(operand[0]) : NULL;
	/* an operand that exists is a CHECKPOINT */
	if (!x->what && !access(last, F_OK) && access(*operand, F_OK))
		last = *operand;
	if (!x->what)
		filter_usage("unknown view '%s'%s", last,
			     what_meant(last, hint));
	memmove(operand, operand + 1, (size_t)(n - 1) * sizeof(*operand));
	return n - 1;
}
