/* SPDX-License-Identifier: MIT
 *
 * A model of the store, read for a question.
 */
#ifndef CRIT_DRAW_LOOK_H
#define CRIT_DRAW_LOOK_H

#include "draw/draw.h"

struct look {
	struct draw *draw;
	struct model model;
	struct model_dir images;
	struct view view;		/* for what view/ adds to view.line */
	struct table table;		/* of explorers */
};

/* Reads the images; needs: MODEL_TREE.. False: *draw->err. */
bool look_open(struct look *l, struct draw *d, unsigned needs,
	       const struct row_source *sources, unsigned n_sources);
void look_close(struct look *l);

/* The path of a file as text. */
void look_path(struct look *l, char to[WORDS_MAX], int32_t type, uint32_t id,
	       size_t columns);

/* The arguments of a task, by blanks; "" where there are none. */
void look_arguments(struct look *l, const struct model_task *t,
		    char to[WORDS_MAX], size_t columns);

/* "stopped", "zombie"; NULL where it runs or nothing is known. */
const char *look_state(const struct model_task *t);

/* Whether --pid lets it pass. */
bool look_wanted(const struct draw *d, uint32_t pid);

#endif
