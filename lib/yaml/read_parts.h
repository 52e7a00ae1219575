/* SPDX-License-Identifier: MIT
 *
 * The parts of yaml_reader: its windows (read.c), events (read_event.c).
 */
#ifndef CRIT_YAML_READ_PARTS_H
#define CRIT_YAML_READ_PARTS_H

#include "yaml/read.h"

enum { YAML_LOOK = 4096 };	/* bytes that yaml_looks looks at */

/* Adds the event to y->text. False and *y->err. */
bool yaml_on_event(struct yaml_reader *y, const yaml_event_t *e);

/* Sets an error, the first one, at this place of the input. False. */
bool yaml_fail(struct yaml_reader *y, const yaml_mark_t *mark,
	       const char *what, const char *detail);

#endif
