/* SPDX-License-Identifier: MIT
 *
 * A checkpoint's images into the model: those that the question needs, and
 * mappings and pages only when it is their task's turn.
 */
#ifndef CRIT_CHECKPOINT_MODEL_DIR_H
#define CRIT_CHECKPOINT_MODEL_DIR_H

#include "store/store.h"
#include "image/read.h"
#include "checkpoint/model.h"

/* Made by the caller. What is wrong with an image goes to model->report. */
struct model_dir {
	struct model *model;		/* ordered is set */
	const struct store *dir;
	void (*warn)(void *ctx, const struct crit_error *);	/* or NULL */
	void *ctx;			/* for warn */
};

/* All but mappings and pages. */
void model_dir_read(const struct model_dir *d);

/* The mappings of a task, in place of those that were in the model. */
void model_dir_mappings(const struct model_dir *d, const struct model_task *t);

/* The runs of its pages to run. */
void model_dir_runs(const struct model_dir *d, const struct model_task *t,
		    void (*run)(void *ctx, const struct page_run *),
		    void *run_ctx);

#endif
