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

void view_signal(struct view *v, const char *key, uint64_t n)
{
	char name[24];

	if (n && n < NAMED) {
		view_string(v, key, signals[n]);
	} else if (n >= RTMIN && n <= RTMAX) {
		snprintf(name, sizeof(name), n == RTMIN ? "SIGRTMIN" :
			 "SIGRTMIN+%u", (unsigned)n - RTMIN);
		view_string(v, key, name);
	} else {
		view_number(v, key, n);
	}
}

void view_signals(struct view *v, const char *key, uint64_t set)
{
	view_open(v, key, '[');
	for (unsigned n = 1; n <= RTMAX; n++)
		if (set >> (n - 1) & 1)
			view_signal(v, NULL, n);
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
