/* SPDX-License-Identifier: MIT
 *
 * A question about a checkpoint directory, asked of the model.
 */
#ifndef CRIT_API_EXPLORE_H
#define CRIT_API_EXPLORE_H

#include "api/dir.h"
#include "checkpoint/model_dir.h"
#include "view/view.h"

struct explore {
	struct crit_dir *dir;
	struct crit_error err;		/* what is at work */
	struct crit_error first;	/* the first thing that was wrong */
	struct model model;
	struct model_dir images;
	struct view view;		/* for names of files */
	struct model_list text;		/* char: strings of an answer */
	struct out out;			/* of view: into text */
	uint32_t pid;			/* 0: all tasks */
};

/* Reads the images that the question needs. False: *err. */
bool explore_begin(struct explore *x, struct crit_dir *dir,
		   const char *what, uint32_t pid, struct crit_error *err);

/* Frees it; false and *err where anything was wrong. */
bool explore_end(struct explore *x, struct crit_error *err);

/* Calls task for each live task, or only for the requested one. */
void explore_tasks(struct explore *x,
		   bool (*task)(void *ctx, struct explore *,
				const struct model_task *),
		   void *ctx);

/* Strings of an answer: puts one into x->text, with a NUL, and says where.
 * explore_text: where it is in the end. */
size_t explore_keep(struct explore *x, const char *p, size_t n);
size_t explore_path(struct explore *x, int32_t type, uint32_t id);
size_t explore_type(struct explore *x, int32_t type);

/* What the image of a file, and other images say of it, as JSON; 0: nothing. */
size_t explore_facts(struct explore *x, int32_t type, uint32_t id);
size_t explore_notes(struct explore *x, int32_t type, uint32_t id);

static inline const char *explore_text(const struct explore *x, size_t at)
{
	return x->text.n ? (const char *)x->text.p + at : "";
}

#endif
