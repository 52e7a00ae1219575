/* SPDX-License-Identifier: MIT
 *
 * Events -> events with other process ids: in the fields that proto/ marks
 * with (crit.pid), and in the names of images that have a pid in them.
 */
#ifndef CRIT_CHANGE_PIDS_H
#define CRIT_CHANGE_PIDS_H

#include "change/forward.h"

enum { PIDS_MAX = (1 << 22) - 1 };	/* Linux gives none above */

struct pid_pair {
	uint32_t from, to;
	bool met;		/* the records have it */
};

/* Either pairs, by ascending from, or an offset for all. */
struct pid_map {
	struct pid_pair *pairs;
	size_t n;
	uint32_t offset;
	bool met;		/* some id has changed */
};

/* OLD=NEW,... or +OFFSET. False and *err: not that, an id twice, no memory. */
bool pid_map_read(struct pid_map *m, const char *text, struct crit_error *err);
void pid_map_free(struct pid_map *m);

struct pids_sink {
	struct forward forward;
	const struct schema *schema;
	struct pid_map *map;
	const struct image_type *type;
	char name[256];			/* of the image, as it is now */
	char march[16];			/* of the last core: siginfo_t differs */

	uint64_t task;			/* of the entry; 0: not known */
	bool living, threads;		/* it is; the first thread has come */
	const struct field *held;	/* PID_OF_PROCFS, until its type comes */
	uint64_t held_value;
	uint8_t siginfo[128];		/* what has come of one */
	size_t n;
};

/* The caller owns map and schema. The ids that were found are marked in map. The
 * sink is &s->forward.sink. */
void pids_sink_init(struct pids_sink *s, struct pid_map *map,
		    const struct schema *schema, struct sink *to,
		    struct crit_error *err);

#endif
