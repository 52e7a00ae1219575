// SPDX-License-Identifier: MIT
/*
 * A message in memory.
 *
 *   bytes ─┬─► plan: the few values that count
 *          └─► events, where facts or rows take all
 *
 * Where something in it does not fit, all is taken back: the source finds out why,
 * and which fields are unknown then.
 */
#include "checkpoint/model_keep.h"
#include "event/message.h"

static void mark(struct model *m, struct model_mark *b)
{
	b->depth = m->depth;
	b->vma_depth = m->vma_depth;
	b->facts_depth = m->facts_depth;
	b->seen = m->plan.seen;
	b->auxv_value = m->auxv_value;
	b->auxv_type = m->auxv_type;
	b->at_pagesz = m->at_pagesz;
	b->n_threads = m->n_threads;
	memcpy(b->n_words, m->n_words, sizeof(b->n_words));
	b->facts = m->facts.n;
	b->threads = m->threads.n;
	b->text = m->text.n;
	b->vmas = m->vmas.n;
	b->open_cells = 0;
	if (m->n_readers)
		rows_mark(m, b);
}

static void take_back(struct model *m, const struct model_mark *b)
{
	m->depth = b->depth;
	m->vma_depth = b->vma_depth;
	m->facts_depth = b->facts_depth;
	m->plan.seen = b->seen;
	m->auxv_value = b->auxv_value;
	m->auxv_type = b->auxv_type;
	m->at_pagesz = b->at_pagesz;
	m->n_threads = b->n_threads;
	memcpy(m->n_words, b->n_words, sizeof(m->n_words));
	m->facts.n = b->facts;
	m->threads.n = b->threads;
	m->text.n = b->text;
	m->vmas.n = b->vmas;
	m->string.len = 0;
	if (m->n_readers)
		rows_take_back(m, b);
}

static void on_mark(struct sink *sink)
{
	struct model *m = (struct model *)sink;

	m->saved.n = 0;
	mark(m, &m->back);
}

static void on_rewind(struct sink *sink)
{
	struct model *m = (struct model *)sink;

	take_back(m, &m->back);
}

static enum flat by_events(struct model *m, const struct message *message,
			   const uint8_t *p, size_t n)
{
	enum flat r;
	struct model_mark was;

	mark(m, &was);
	r = message_pass(&m->sink, message, p, n);
	if (r != FLAT_OK)
		take_back(m, &was);
	if (m->n_readers)
		m->saved.n = was.open_cells;
	return r;
}

static enum flat by_plan(struct model *m, const struct message *message,
			 const uint8_t *p, size_t n)
{
	struct model_mark was;

	mark(m, &was);
	if (plan_read(&m->plan, &m->sink, message, p, n))
		return FLAT_OK;
	take_back(m, &was);
	return FLAT_BAD;
}

static enum flat on_flat(struct sink *sink, const struct message *message,
			 const uint8_t *p, size_t n)
{
	struct model *m = (struct model *)sink;

	if (!m->kind)
		return FLAT_OK;
	/* facts have their fields in order, and once */
	if (m->facts_depth || m->n_readers ||
	    (m->needs & MODEL_FACTS && m->kind->need == MODEL_NAMES))
		return by_events(m, message, p, n);
	return by_plan(m, message, p, n);
}

const struct bulk_ops model_bulk = {
	.flat = on_flat,
	.mark = on_mark,
	.rewind = on_rewind,
};
