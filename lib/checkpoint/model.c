// SPDX-License-Identifier: MIT
/*
 *   image ─► entry ─► values of the fields that count ─► entry_end ─► keep
 *                     (mm: a mapping is kept where its message ends)
 */
#include "event/bulk.h"
#include "base/alloc.h"
#include "checkpoint/model_keep.h"
#include "event/message.h"

#include <elf.h>


/* What is broken is not missing, too. */
static void lost(struct model *m)
{
	enum { TASKS = MODEL_IDS | MODEL_FS | MODEL_MM | MODEL_PAGEMAP };

	if (m->kind->need & TASKS)
		model_image_task(m);
	if (m->kind->need == MODEL_CORE)
		model_core_lost(m);
	m->lost |= m->kind->need;
	if (m->kind->done)
		m->kind->done(m);
	m->kind = NULL;
}

void model_lost(struct model *m, const char *name)
{
	m->kind = model_kind_of(m, name, &m->number);
	m->first = m->kept = (uint32_t)(m->kind && m->kind->need == MODEL_MM ?
					m->vmas.n : m->fds.n);
	if (!m->kind)
		return;
	m->came |= m->kind->need;
	lost(m);
}

static struct model *model(struct sink *sink)
{
	return (struct model *)sink;
}

static void on_image(struct sink *sink, const struct image *im)
{
	struct model *m = model(sink);

	m->kind = im->name ? model_kind_of(m, im->name, &m->number) : NULL;
	if (m->kind && strcmp(m->kind->type, im->type->name))
		m->kind = NULL;
	if (!m->kind)
		return;
	if (!m->ordered && model_is_second(m)) {
		m->kind = NULL;
		error_set(sink->err, CRIT_EDATA, "appears twice, with other "
			  "images between: does the input hold two "
			  "checkpoints?");
		return;
	}
	m->came |= m->kind->need;
	m->first = (uint32_t)(m->kind->need == MODEL_MM ? m->vmas.n : m->fds.n);
	m->kept = m->first;
	m->message = NULL;
	model_find_sources(m, im->name);
	if (m->kind->need == MODEL_PAGEMAP)
		model_begin_runs(m);
}

static void on_image_end(struct sink *sink)
{
	struct model *m = model(sink);

	if (m->kind && m->kind->done)
		m->kind->done(m);
	m->kind = NULL;
}

static void on_fail(struct sink *sink, const struct crit_error *err)
{
	struct model *m = model(sink);

	if (m->report)
		m->report(m->ctx, err);
	if (m->kind)
		lost(m);
	else
		model_lost(m, err->image);
	error_clear(sink->err);
}

static void on_entry(struct sink *sink, const struct message *message)
{
	struct model *m = model(sink);

	if (!m->kind)
		return;
	if (message != m->message)
		m->id = message_field_name(message, "id", 2);
	m->message = message;
	m->depth = m->vma_depth = 0;
	m->plan.seen = 0;
	m->string.len = 0;
	m->at_pagesz = 0;
	m->auxv_value = false;
	m->n_threads = m->n_words[0] = m->n_words[1] = 0;
	m->facts.n = 0;
	m->facts_depth = 0;
	if (m->n_readers)
		rows_entry(m);
	if (m->needs & MODEL_FACTS && m->kind->fd_type) {
		m->facts_depth = 1;
		facts_open(m);
	}
}

static void on_entry_end(struct sink *sink)
{
	struct model *m = model(sink);

	if (m->kind)
		m->kind->keep(m);
}

static void on_begin(struct sink *sink, const struct field *f)
{
	enum { VMA = 1ull << V_START | 1ull << V_END | 1ull << V_PGOFF |
	       1ull << V_SHMID | 1ull << V_PROT | 1ull << V_FLAGS |
	       1ull << V_STATUS };
	struct model *m = model(sink);

	if (!m->kind)
		return;
	m->depth++;
	if (m->n_readers)
		rows_begin(m, f);
	if (f->message == m->vma && m->kind->need == MODEL_MM) {
		m->plan.seen &= ~(uint64_t)VMA;
		m->vma_depth = m->depth;
	}
	if (m->facts_depth) {
		facts_add(m, FACT_BEGIN, f);
	} else if (m->needs & MODEL_FACTS && m->depth == 1 &&
		   m->kind->need == MODEL_NAMES) {
		m->facts_depth = 2;
		facts_open(m);
	}
}

static void on_end(struct sink *sink)
{
	struct model *m = model(sink);

	if (!m->kind)
		return;
	if (m->n_readers)
		rows_end(m);
	if (m->depth == m->vma_depth) {
		model_add_vma(m);
		m->vma_depth = 0;
	}
	if (m->facts_depth && m->depth >= m->facts_depth)
		facts_add(m, FACT_END, NULL);
	else if (m->facts_depth == 2)
		m->facts_depth = 0;
	m->depth--;
}

static void on_list(struct sink *sink, const struct field *f)
{
	struct model *m = model(sink);

	if (m->kind && m->facts_depth)
		facts_add(m, FACT_LIST, f);
}

static void on_list_end(struct sink *sink)
{
	struct model *m = model(sink);

	if (m->kind && m->facts_depth)
		facts_add(m, FACT_LIST_END, NULL);
}

static void add_word(struct model *m, int side, uint64_t v)
{
	if (m->n_words[side] < 4)
		m->words[side][m->n_words[side]] = (uint32_t)v;
	if (m->n_words[side] < 5)
		m->n_words[side]++;
}

static void add_auxv(struct model *m, uint64_t v)
{
	if (m->auxv_value && m->auxv_type == AT_PAGESZ)
		m->at_pagesz = v;
	m->auxv_type = v;
	m->auxv_value = !m->auxv_value;
}

static void set(struct model *m, const struct field *f, int i, uint64_t v)
{
	uint32_t *thread;

	switch (i) {
	case V_THREAD:
		thread = model_more(m, &m->threads, sizeof(*thread));
		if (thread)
			*thread = (uint32_t)v;
		m->n_threads += thread != NULL;
		return;
	case V_AUXV:
		add_auxv(m, v);
		return;
	case V_SADDR:
	case V_DADDR:
		add_word(m, i == V_DADDR, v);
		return;
	case V_PID:
	case V_PGID:
	case V_SID:
		/* ns_pid: the first one counts, and pid before it */
		if (f->label == LABEL_REPEATED && has_value(m, i))
			return;
		break;
	}
	plan_set(&m->plan, (uint8_t)i, v);
}

static void on_number(struct sink *sink, const struct field *f, uint64_t v)
{
	struct model *m = model(sink);
	int i;

	if (!m->kind)
		return;
	if (m->facts_depth)
		facts_number(m, f, v);
	if (m->n_readers)
		rows_number(m, f, v);
	i = f == m->id ? V_ID : V_NONE;
	if (i)
		set(m, f, i, v);
	i = plan_slot(&m->plan, f);
	if (i)
		set(m, f, i, v);
}

static void on_bytes(struct sink *sink, const struct field *f, const void *p,
		     size_t n, bool last)
{
	struct model *m = model(sink);
	int i;

	if (!m->kind)
		return;
	if (m->facts_depth)
		facts_bytes(m, f, p, n, last);
	if (m->n_readers)
		rows_bytes(m, f, p, n);
	i = plan_slot(&m->plan, f);
	if (!i)
		return;
	if (!m->string.len)
		m->string.at = (uint32_t)m->text.n;
	if (!model_add(m, &m->text, p, n))
		return;
	m->string.len += (uint32_t)n;
	if (!last)
		return;
	set(m, f, i, (uint64_t)m->string.at << 32 | m->string.len);
	m->string.len = 0;
}

static const struct sink_ops ops = {
	.bulk = &model_bulk,
	.image = on_image,
	.image_end = on_image_end,
	.entry = on_entry,
	.entry_end = on_entry_end,
	.begin = on_begin,
	.end = on_end,
	.list = on_list,
	.list_end = on_list_end,
	.number = on_number,
	.bytes = on_bytes,
	.fail = on_fail,
};

bool model_init(struct model *m, unsigned needs, const struct schema *schema,
		struct crit_error *err)
{
	const struct message *fd = schema_message(schema, "fdinfo_entry");
	const struct field *type = fd ?
		message_field_name(fd, "type", 4) : NULL;

	memset(m, 0, sizeof(*m));
	m->sink.ops = &ops;
	m->sink.err = err;
	m->schema = schema;
	m->needs = needs;
	m->vma = schema_message(schema, "vma_entry");
	m->fd_types = type ? type->symbols : NULL;
	spool_init(&m->spool, err);
	model_bind(m, schema);
	return m->fd_types || error_set(err, CRIT_EUSAGE, "the schema has no "
					"fdinfo_entry.type");
}

void model_free(struct model *m)
{
	struct model_list *const lists[] = {
		&m->tasks, &m->order, &m->threads, &m->tables, &m->fds,
		&m->vmas, &m->files, &m->sockets, &m->notes, &m->text,
		&m->facts, &m->direct, &m->rows, &m->cells,
		&m->saved,
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		alloc_free(lists[i]->p);
	alloc_free(m->slots);
	plan_free(&m->plan);
	spool_free(&m->spool);
	memset(m, 0, sizeof(*m));
}
