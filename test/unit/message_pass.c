// SPDX-License-Identifier: MIT
/*
 * What reads messages without a check before: message_pass gives the events of
 * message_emit where message_check has nothing to say, and only there; plan_read
 * finds the values that the events of the message in order have.
 */
#include "checkpoint/plan.h"
#include "event/message.h"
#include "event/normalize.h"
#include "test.h"

enum { NOISE = 40 };

/* All that came, in order. */
struct trace {
	struct sink sink;
	uint64_t hash;
};

static void note(struct sink *s, uint64_t a, uint64_t b)
{
	struct trace *t = (struct trace *)s;

	t->hash = (t->hash ^ a ^ b << 7) * UINT64_C(0x9e3779b97f4a7c15) + 1;
}

static void note_field(struct sink *s, unsigned op, const struct field *f,
		       uint64_t v)
{
	note(s, op, (uint64_t)(uintptr_t)f);
	note(s, v, 0);
}

static void trace_begin(struct sink *s, const struct field *f)
{
	note_field(s, 1, f, 0);
}

static void trace_end(struct sink *s)
{
	note(s, 2, 0);
}

static void trace_list(struct sink *s, const struct field *f)
{
	note_field(s, 3, f, 0);
}

static void trace_list_end(struct sink *s)
{
	note(s, 4, 0);
}

static void trace_number(struct sink *s, const struct field *f, uint64_t v)
{
	note_field(s, 5, f, v);
}

static void trace_bytes(struct sink *s, const struct field *f, const void *p,
			size_t n, bool last)
{
	note_field(s, 6 + last, f, n);
	for (size_t i = 0; i < n; i++)
		note(s, ((const uint8_t *)p)[i], 0);
}

static void trace_unknown(struct sink *s, const void *p, size_t n, bool last)
{
	trace_bytes(s, NULL, p, n, last);
}

static const struct sink_ops trace_ops = {
	.begin = trace_begin, .end = trace_end, .list = trace_list,
	.list_end = trace_list_end, .number = trace_number,
	.bytes = trace_bytes, .unknown = trace_unknown,
};

/* Bytes that often are fields of m, in order or not. */
static size_t make(const struct message *m, uint8_t *p, size_t room)
{
	uint8_t *start = p, *end = p + room - 24;
	uint32_t number = 0;

	while (p < end && test_random() % 8) {
		const struct field *f = m->n_fields ?
			&m->fields[test_random() % m->n_fields] : NULL;

		if (f && test_random() % 4 && f->number < number)
			continue;
		if (!f || !(test_random() % 16)) {
			*p++ = (uint8_t)test_random();
			continue;
		}
		number = f->number;
		p = wire_put_varint(p, f->tag);
		if ((f->tag & 7) == WIRE_LEN) {
			size_t n = test_random() % 6;

			*p++ = (uint8_t)n;
			for (; n; n--)
				*p++ = (uint8_t)(test_random() & 31);
		} else if ((f->tag & 7) == WIRE_VARINT) {
			p = wire_put_varint(p, test_random() >>
					    (test_random() % 4 ? 62 : 20));
			if (!(test_random() % 16)) {
				p[-1] |= 0x80;
				*p++ = 0;
			}
		} else {
			for (unsigned n = (f->tag & 7) == WIRE_I32 ? 4 : 8; n; n--)
				*p++ = (uint8_t)test_random();
		}
	}
	return (size_t)(p - start);
}

static void passes(void)
{
	unsigned taken = 0, refused = 0;

	for (unsigned i = 0; i < 200000; i += (unsigned)test_stride()) {
		const struct message *m = crit_schema.messages[
			test_random() % crit_schema.n_messages];
		struct trace a = { .sink.ops = &trace_ops }, b = a;
		uint8_t p[NOISE + WIRE_SLOP] = { 0 };
		size_t n = make(m, p, NOISE);
		bool missing = false;
		enum flat r = message_check(m, p, n, &missing);

		test_case = m->name;
		if (r != FLAT_OK) {
			CHECK(message_pass(&a.sink, m, p, n) != FLAT_OK);
			refused++;
			continue;
		}
		taken++;
		CHECK(message_pass(&a.sink, m, p, n) == FLAT_OK);
		message_emit(&b.sink, m, p, n);
		CHECK(a.hash == b.hash);
		CHECK(a.sink.missing == missing);
	}
	test_case = "";
	CHECK(taken > refused / 40 && refused > taken / 40);
}

/* The values of fields, whatever came between: of those that stand alone the
 * last one. */
struct values {
	struct sink sink;
	struct plan *plan;
	uint64_t lists, messages;
};

static void on_number(struct sink *s, const struct field *f, uint64_t v)
{
	struct values *x = (struct values *)s;
	uint8_t slot = plan_slot(x->plan, f);

	if (slot && f->label == LABEL_REPEATED)
		x->lists = x->lists * 31 + (v ^ slot);
	else if (slot)
		plan_set(x->plan, slot, v);
}

static void on_bytes(struct sink *s, const struct field *f, const void *p,
		     size_t n, bool last)
{
	(void)p;
	(void)last;
	on_number(s, f, n);
}

static void on_begin(struct sink *s, const struct field *f)
{
	struct values *x = (struct values *)s;

	x->messages += plan_slot(x->plan, f->message);
}

static const struct sink_ops value_ops = {
	.number = on_number, .bytes = on_bytes, .begin = on_begin,
};

static const char *const looked_at[] = {
	"pstree_entry", "vma_entry", "fdinfo_entry", "ipc_shm_entry",
	"memfd_inode_entry", "sk_opts_entry",
};

/* All fields of a message. */
static void bind(struct plan *plan, const struct message *m)
{
	memset(plan, 0, sizeof(*plan));
	plan->pass_misfits = true;
	for (size_t i = 0; i < m->n_fields && i + 1 < PLAN_SLOTS; i++)
		plan_rule(plan, &crit_schema, m->name, m->fields[i].name,
			  (uint8_t)(i + 1));
}

/* By the events of the message in order. */
static bool in_order(struct values *x, const struct message *m, const uint8_t *p,
		     size_t n)
{
	uint8_t out[NOISE * CANON_GROWTH + WIRE_SLOP] = { 0 };
	bool missing = false;
	size_t k;

	if (message_check(m, p, n, &missing) == FLAT_BAD ||
	    !normalize(m, p, n, out, NOISE * CANON_GROWTH, &k))
		return false;
	message_emit_misfit(&x->sink, m, out, k);
	return true;
}

static void plans(void)
{
	static struct plan a, b;
	unsigned taken = 0, refused = 0;

	for (unsigned i = 0; i < 100000; i += (unsigned)test_stride()) {
		const struct message *m = schema_message(&crit_schema,
			looked_at[i % 6]);
		struct values x = { .sink.ops = &value_ops, .plan = &a };
		struct values y = { .sink.ops = &value_ops, .plan = &b };
		uint8_t p[NOISE + WIRE_SLOP] = { 0 };
		size_t n = make(m, p, NOISE);

		bind(&a, m);
		bind(&b, m);
		test_case = m->name;
		if (!in_order(&y, m, p, n)) {
			refused++;
			CHECK(!plan_read(&a, &x.sink, m, p, n));
		} else if (CHECK(plan_read(&a, &x.sink, m, p, n))) {
			taken++;
			CHECK_NUMBER(a.seen, b.seen);
			for (unsigned v = 1; v < PLAN_SLOTS; v++)
				if (a.seen >> v & b.seen >> v & 1)
					CHECK_NUMBER(a.value[v], b.value[v]);
			CHECK_NUMBER(x.lists, y.lists);
			CHECK_NUMBER(x.messages, y.messages);
		}
		plan_free(&a);
		plan_free(&b);
	}
	test_case = "";
	CHECK(taken > 5000 && refused > 1000);
}

int main(void)
{
	RUN(passes);
	RUN(plans);
	return test_end();
}
