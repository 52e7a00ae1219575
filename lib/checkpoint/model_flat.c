// SPDX-License-Identifier: MIT
/*
 * A message in memory, by the plan. Where a value does not fit its field, all is
 * taken back: the events know what is unknown then.
 */
#include "checkpoint/model_keep.h"

/* What the content of a message has added so far. */
struct before {
	uint64_t seen;
	size_t threads, text, vmas;
	uint32_t n_threads, n_words[2];
};

static struct before before(const struct model *m)
{
	return (struct before){
		m->plan.seen, m->threads.n, m->text.n, m->vmas.n, m->n_threads,
		{ m->n_words[0], m->n_words[1] },
	};
}

static void take_back(struct model *m, const struct before *b)
{
	m->plan.seen = b->seen;
	m->threads.n = b->threads;
	m->text.n = b->text;
	m->vmas.n = b->vmas;
	m->n_threads = b->n_threads;
	memcpy(m->n_words, b->n_words, sizeof(m->n_words));
}

enum flat model_flat(struct model *model, const struct message *m,
		     const uint8_t *p, size_t n)
{
	struct before was;

	if (!model->kind)
		return FLAT_OK;
	was = before(model);
	if (plan_read(&model->plan, &model->sink, m, p, n))
		return FLAT_OK;
	take_back(model, &was);
	return FLAT_BAD;
}
