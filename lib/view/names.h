/* SPDX-License-Identifier: MIT
 *
 * Names that the kernel has for numbers, and lists of them.
 */
#ifndef CRIT_VIEW_NAMES_H
#define CRIT_VIEW_NAMES_H

#include "view/view.h"

/* "SIGTERM", "SIGRTMIN+3" as the C library counts; a number where there is
 * none. */
void view_signal(struct view *v, const char *key, uint64_t n);
const char *view_signal_name(uint64_t n, char buf[24]);

/* A list of the signals of a set: bit 0 is signal 1. Of most of them a table says
 * "all", and "-SIGTERM" for each that is not. */
void view_signals(struct view *v, const char *key, uint64_t set);

/* task_state.c: its state, and how it ended. */
void view_state(struct view *v, const struct model_task *t);

/* Its user, for an explorer that has these sources. */
extern const struct row_source view_owners[2];
void view_owner(struct view *v, const struct model_task *t);

struct bit_name {
	uint64_t bit;
	const char *name;
};

/* A list of the names of bits; bits without a name come last, as 0x.. */
void view_bits(struct view *v, const char *key, const struct bit_name *names,
	       size_t n, uint64_t bits);

/* The name with that number, else the number. */
void view_named(struct view *v, const char *key, const char *const *names,
		size_t n, uint64_t number);

#define NAMES(list) list, sizeof(list) / sizeof(*(list))

#endif
