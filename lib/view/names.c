// SPDX-License-Identifier: MIT
/*
 *   numbers ─► names ─► the view
 */
#include "view/names.h"

#include <stdio.h>

/* As most architectures number them. */
static const char *const signals[] = {
	NULL, "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT",
	"SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2",
	"SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT",
	"SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU",
	"SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR",
	"SIGSYS",
};

/* The C library keeps 32 and 33 for itself, and SIGRTMIN is 34. */
enum { NAMED = sizeof(signals) / sizeof(*signals), RTMIN = 34, RTMAX = 64 };

const char *view_signal_name(uint64_t n, char buf[24])
{
	if (n && n < NAMED)
		return signals[n];
	snprintf(buf, 24, n == RTMIN ? "SIGRTMIN" : n > RTMIN && n <= RTMAX ?
		 "SIGRTMIN+%u" : "%u", (unsigned)n - (n >= RTMIN && n <= RTMAX ?
						      RTMIN : 0));
	return buf;
}

void view_signal(struct view *v, const char *key, uint64_t n)
{
	char buf[24];
	const char *name = view_signal_name(n, buf);

	if (*name == 'S')
		view_string(v, key, name);
	else
		view_number(v, key, n);
}

void view_signals(struct view *v, const char *key, uint64_t set)
{
	/* of most of them people see better which it lacks */
	bool most = v->table && __builtin_popcountll(set) > RTMAX / 2;
	char buf[24], text[32];

	view_open(v, key, '[');
	if (most)
		view_string(v, NULL, "all");
	for (unsigned n = 1; n <= RTMAX; n++) {
		bool in = set >> (n - 1) & 1;

		if (in == most)
			continue;
		snprintf(text, sizeof(text), "-%s", view_signal_name(n, buf));
		if (most)
			view_string(v, NULL, text);
		else
			view_signal(v, NULL, n);
	}
	view_close(v, ']');
}

void view_bits(struct view *v, const char *key, const struct bit_name *names,
	       size_t n, uint64_t bits)
{
	view_open(v, key, '[');
	for (size_t i = 0; i < n; i++) {
		if (!names[i].bit || (bits & names[i].bit) != names[i].bit)
			continue;
		view_string(v, NULL, names[i].name);
		bits &= ~names[i].bit;
	}
	if (bits)
		view_hex(v, NULL, bits);
	view_close(v, ']');
}

void view_named(struct view *v, const char *key, const char *const *names,
		size_t n, uint64_t number)
{
	if (number < n && names[number])
		view_string(v, key, names[number]);
	else
		view_number(v, key, number);
}
