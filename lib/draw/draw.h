/* SPDX-License-Identifier: MIT
 *
 * Pictures of a checkpoint: what crit-draw calls WHAT. Each is a row of
 * drawings[] (draw.c): how it is drawn, and how it is told to Graphviz.
 *
 *   store ─► model, memory ─► layout ─► struct picture ─► SVG
 *                          └► dot
 */
#ifndef CRIT_DRAW_DRAW_H
#define CRIT_DRAW_DRAW_H

#include "checkpoint/model_dir.h"
#include "draw/picture.h"
#include "view/explorer.h"

enum draw_format { DRAW_SVG, DRAW_DOT, DRAW_HTML };

struct draw {
	const struct store *store;	/* open, its names were read */
	const char *name;		/* of it, for titles */
	const uint32_t *pids;		/* none: all */
	size_t n_pids;
	struct out *out;
	/* what is wrong with an image; the rest is drawn */
	void (*report)(void *ctx, const struct crit_error *);
	void *ctx;
	struct crit_error *err;
};

struct drawing {
	const char *name, *about;
	/* Each false: *err. NULL: not in this form. */
	bool (*picture)(struct draw *d, struct picture *p);
	bool (*dot)(struct draw *d);
	bool (*page)(struct draw *d);
};

extern const struct drawing drawings[];
extern const size_t n_drawings;
const struct drawing *drawing_find(const char *name);

bool draw(struct draw *d, const struct drawing *what, enum draw_format format);

bool draw_tree(struct draw *d, struct picture *p);
bool draw_tree_dot(struct draw *d);
bool draw_memory(struct draw *d, struct picture *p);
bool draw_memory_dot(struct draw *d);
bool draw_files(struct draw *d, struct picture *p);
bool draw_files_dot(struct draw *d);
bool draw_sockets(struct draw *d, struct picture *p);
bool draw_sockets_dot(struct draw *d);
bool draw_report(struct draw *d);


#endif
