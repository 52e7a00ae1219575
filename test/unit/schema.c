// SPDX-License-Identifier: MIT
#include "schema/schema.h"
#include "schema/load.h"
#include "test.h"
#include "codec/wire.h"

#include <unistd.h>

static const struct schema *const s = &crit_schema;

static void messages_are_found(void)
{
	for (size_t i = 0; i < s->n_messages; i++) {
		CHECK(schema_message(s, s->messages[i]->name) == s->messages[i]);
		CHECK(!i || strcmp(s->messages[i - 1]->name,
				   s->messages[i]->name) < 0);
	}
	CHECK(!schema_message(s, "no_such_entry"));
	CHECK(!schema_message(s, ""));
}

static void fields_are_found(void)
{
	for (size_t i = 0; i < s->n_messages; i++) {
		const struct message *m = s->messages[i];

		for (size_t j = 0; j < m->n_fields; j++) {
			const struct field *f = &m->fields[j];
			char key[2 * SCHEMA_NAME_MAX];

			test_case = f->name;
			CHECK(message_field(m, f->number) == f);
			CHECK(message_field_name(m, f->name, f->name_len) == f);
			CHECK(message_nearest(m, f->name, f->name_len) == f);
			if (f->was)
				CHECK(message_field_name(m, f->was,
							 strlen(f->was)) == f);
			CHECK_NUMBER(f->index, j);
			CHECK_NUMBER(f->name_len, strlen(f->name));
			CHECK(!j || f[-1].number < f->number);
			CHECK_NUMBER(f->tag, f->number << 3 |
				     (f->packed ? 2 : kind_wire(f->kind)));
			snprintf(key, sizeof(key), ",\"%s\":", f->name);
			CHECK(!memcmp(f->key, key, strlen(key)));
			snprintf(key, sizeof(key), ", \"%s\": ", f->name);
			CHECK(!memcmp(f->key_spaced, key, strlen(key)));
			CHECK((f->kind == KIND_MESSAGE) == !!f->message);
			CHECK(!!f->required == (f->label == LABEL_REQUIRED));
		}
		CHECK(!message_field(m, 0));
		CHECK(!message_field(m, 536870911));
		CHECK(!message_field_name(m, "", 0));
	}
}

static bool ends(const char *name, const char *end)
{
	size_t n = strlen(name), k = strlen(end);

	return n >= k && !strcmp(name + n - k, end);
}

/* Whether someone must decide who may see it: text, bytes, addresses, keys,
 * times. */
static bool needs_decision(const struct field *f)
{
	static const char *const times[] = {
		"sec", "time", "timestamp", "_ns", "tim", "uptime",
	};

	if (f->kind == KIND_MESSAGE || f->kind == KIND_ENUM ||
	    f->kind == KIND_BOOL)
		return false;
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++)
		if (ends(f->name, times[i]))
			return true;
	return !kind_is_number(f->kind) || f->show == SHOW_ADDRESS ||
		strstr(f->name, "addr") == f->name || strstr(f->name, "key");
}

/* vaddr and the like begin with another letter; these are no sockets'. */
static void check_decisions(const struct message *m, bool registers)
{
	for (size_t i = 0; i < m->n_fields; i++) {
		const struct field *f = &m->fields[i];

		if (f->message && registers)
			check_decisions(f->message, true);
		if (!f->privacy && !f->message &&
		    (registers || needs_decision(f)) && !CHECK(f->privacy))
			printf("# %s.%s: no (crit.private)\n", m->name, f->name);
	}
}

static void private_fields_are_decided(void)
{
	const struct message *core = schema_message(s, "core_entry");
	unsigned registers = 0;

	for (size_t i = 0; i < s->n_messages; i++)
		check_decisions(s->messages[i], false);
	for (size_t i = 0; i < core->n_fields; i++)
		if (!strncmp(core->fields[i].name, "ti_", 3) ||
		    !strcmp(core->fields[i].name, "thread_info")) {
			check_decisions(core->fields[i].message, true);
			registers++;
		}
	CHECK_NUMBER(registers, 8);
}

static void images_are_found(void)
{
	for (size_t i = 0; i < s->n_images; i++) {
		const struct image_type *t = &s->images[i];

		test_case = t->name;
		CHECK(schema_image(s, t->magic) == t);
		CHECK(schema_image_name(s, t->name, strlen(t->name)) == t);
		CHECK(t->first && t->rest);
	}
	CHECK(!schema_image(s, 0));
	CHECK(!schema_image(s, MAGIC_COMMON));
	CHECK(!schema_image_name(s, "pstree", 6));
}

static void templates(void)
{
	static const struct {
		const char *template, *name;
		bool fits;
	} line[] = {
		{ "core-*.img", "core-1.img", true },
		{ "core-*.img", "core-.img", false },
		{ "core-*.img", "core-x.img", false },
		{ "core-*.img", "core-1.img.tmp", false },
		{ "core-*.img", "core-1", false },
		{ "core-*.img", "1core-1.img", false },
		{ "pstree.img", "pstree.img", true },
		{ "pstree.img", "pstree.imgs", false },
		{ "amdgpu-pages-*-*.img", "amdgpu-pages-234-4b1f.img", true },
		{ "amdgpu-pages-*-*.img", "amdgpu-pages-234-.img", false },
		{ "amdgpu-pages-*-*.img", "amdgpu-pages-234.img", false },
	};

	for (size_t i = 0; i < sizeof(line) / sizeof(*line); i++) {
		test_case = line[i].name;
		CHECK(schema_template(line[i].template, line[i].name) ==
		      line[i].fits);
	}
	CHECK(schema_raw_file(s, "pages-1.img"));
	CHECK(!schema_raw_file(s, "pagemap-1.img"));
	CHECK_NUMBER(schema_file_order(s, "inventory.img"), 1);
	CHECK(schema_file_order(s, "core-7.img") >
	      schema_file_order(s, "pstree.img"));
	CHECK_NUMBER(schema_file_order(s, "whatever"), 9);
}

static void nearest_names(void)
{
	const struct message *m = schema_message(s, "vma_entry");
	const struct field *f = message_nearest(m, "porot", 5);

	CHECK(f && !strcmp(f->name, "prot"));
	CHECK(!message_nearest(m, "foo", 3));
	CHECK(!message_nearest(m, "", 0));
}

/* Two schemas say the same of every message. */
static void compare(const struct schema *a, const struct schema *b)
{
	CHECK_NUMBER(a->n_messages, b->n_messages);
	for (size_t i = 0; i < a->n_messages; i++) {
		const struct message *x = a->messages[i], *y = b->messages[i];

		test_case = x->name;
		CHECK_TEXT(x->name, y->name);
		CHECK_NUMBER(x->n_fields, y->n_fields);
		CHECK_NUMBER(x->required, y->required);
		for (size_t j = 0; j < x->n_fields && j < y->n_fields; j++) {
			const struct field *f = &x->fields[j], *g = &y->fields[j];

			CHECK_TEXT(f->name, g->name);
			CHECK_NUMBER(f->tag, g->tag);
			CHECK_NUMBER(f->kind, g->kind);
			CHECK_NUMBER(f->label, g->label);
			CHECK_NUMBER(f->show, g->show);
			CHECK_NUMBER(f->pid, g->pid);
			CHECK_NUMBER(f->privacy, g->privacy);
			CHECK(!f->message == !g->message);
			if (f->message && g->message)
				CHECK_TEXT(f->message->name, g->message->name);
			CHECK(!f->symbols == !g->symbols);
			if (f->symbols && g->symbols)
				CHECK_NUMBER(f->symbols->n, g->symbols->n);
		}
	}
}

static char set_path[4096];

static uint8_t *read_set(size_t *n)
{
	static uint8_t buf[1 << 20];
	FILE *f = fopen(set_path, "r");

	*n = f ? fread(buf, 1, sizeof(buf), f) : 0;
	if (f)
		fclose(f);
	return buf;
}

/* --schema with the very schema that was built in changes nothing. */
static void own_set_is_the_same(void)
{
	struct crit_error err;
	struct schema *t;

	error_clear(&err);
	t = schema_load_file(s, set_path, &err);
	if (!CHECK(t))
		return;
	compare(s, t);
	schema_free(t);
}

static bool loads(const uint8_t *p, size_t n)
{
	uint8_t *copy = malloc(n + 16);
	struct crit_error err;
	struct schema *t;

	memcpy(copy, p, n);
	memset(copy + n, 0, 16);
	error_clear(&err);
	t = schema_load(s, copy, n, &err);
	CHECK(!t == error_is(&err));
	free(copy);
	if (t)
		schema_free(t);
	return t;
}

/* A cut set is refused, but for cuts between two files of it. */
static void cut_set(void)
{
	size_t n, whole = 0, step;
	uint8_t *p = read_set(&n);

	/* each byte of the beginning, then samples */
	for (size_t k = 0; k < n; k += step) {
		whole += loads(p, k);
		step = (k < 3000 ? 1 : 1 + test_random() % 499) * test_stride();
	}
	CHECK(whole < 80);
}

/* Never a crash, whatever is said. */
static void damaged_set(void)
{
	size_t n;
	uint8_t *p = read_set(&n);

	for (unsigned i = 0; i < 1500 / test_stride(); i++) {
		size_t at = test_random() % n;
		uint8_t was = p[at];

		p[at] = (uint8_t)test_random();
		loads(p, n);
		p[at] = was;
	}
}

/* Sets made by hand: bytes that grow, fields of descriptor.proto. */
struct set {
	uint8_t b[1 << 16];
	size_t n;
};

static void put(struct set *to, unsigned number, const void *p, size_t n)
{
	uint8_t *o = wire_put_varint(to->b + to->n, number << 3 | WIRE_LEN);

	o = wire_put_varint(o, n);
	memmove(o, p, n);
	to->n = (size_t)(o + n - to->b);
}

static void put_number(struct set *to, unsigned number, uint64_t v)
{
	uint8_t *o = wire_put_varint(to->b + to->n, number << 3);

	to->n = (size_t)(wire_put_varint(o, v) - to->b);
}

static void put_field(struct set *message, const char *name, uint64_t number,
		      const struct set *options)
{
	static struct set f;

	f.n = 0;
	put(&f, 1, name, strlen(name));
	put_number(&f, 3, number);
	put_number(&f, 4, 1);
	put_number(&f, 5, 13);		/* uint32 */
	if (options)
		put(&f, 8, options->b, options->n);
	put(message, 2, f.b, f.n);
}

/* A schema that says nothing of pids and privacy has what base says. */
static void decisions_stay(void)
{
	static struct set m, file;
	struct crit_error err;
	struct schema *t;
	const struct field *f;

	put(&m, 1, "posix_timer_entry", 17);
	put_field(&m, "notify_thread_id", 11, NULL);
	put_field(&m, "sival_ptr", 5, NULL);
	put(&file, 4, m.b, m.n);
	m.n = 0;
	put(&m, 1, file.b, file.n);
	memset(m.b + m.n, 0, WIRE_SLOP);
	error_clear(&err);
	t = schema_load(s, m.b, m.n, &err);
	if (!CHECK(t))
		return;
	f = schema_message(t, "posix_timer_entry")->fields;
	CHECK_NUMBER(f[0].privacy, PRIVACY_BYTES);
	CHECK_NUMBER(f[1].pid, PID_NUMBER);
	schema_free(t);
}

/* What is said of a set with this message "m" in levels of others. */
static const char *said_of(const struct set *fields, unsigned levels)
{
	static struct crit_error err;
	static struct set a, b;
	struct schema *t;

	a.n = 0;
	put(&a, 1, "m", 1);
	memcpy(a.b + a.n, fields->b, fields->n);
	a.n += fields->n;
	while (levels--) {
		b.n = 0;
		put(&b, 1, "x", 1);
		put(&b, 3, a.b, a.n);
		a = b;
	}
	b.n = a.n;
	memcpy(b.b, a.b, a.n);
	a.n = 0;
	put(&a, 4, b.b, b.n);
	b.n = 0;
	put(&b, 1, a.b, a.n);
	memset(b.b + b.n, 0, WIRE_SLOP);
	error_clear(&err);
	t = schema_load(s, b.b, b.n, &err);
	CHECK(!t == error_is(&err));
	schema_free(t);
	return t ? "" : err.what;
}

static void what_is_wrong_in_sets(void)
{
	static const char *const names[] = {
		"", "a b", "a\"", "a\\", "a.b", "\xc3\xa4",
	};
	static const uint64_t numbers[] = {
		0, UINT64_C(1) << 29, UINT64_C(1) << 31, UINT64_C(1) << 32, -1,
	};
	static struct set m, options;
	char name[SCHEMA_NAME_MAX + 2] = "";

	put_field(&m, "a", 1, NULL);
	put_field(&m, "b", (1 << 29) - 1, NULL);
	CHECK_TEXT(said_of(&m, 0), "");
	CHECK_TEXT(said_of(&m, 90), "");
	CHECK_TEXT(said_of(&m, 110), "not a protobuf descriptor set");
	CHECK_TEXT(said_of(&m, 2000), "not a protobuf descriptor set");
	put_field(&m, "c", 1, NULL);
	CHECK_TEXT(said_of(&m, 0), "m: field 1 appears twice");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		m.n = 0;
		put_field(&m, names[i], 1, NULL);
		CHECK_TEXT(said_of(&m, 0), "invalid field name or number");
	}
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		m.n = 0;
		put_field(&m, "a", numbers[i], NULL);
		CHECK_TEXT(said_of(&m, 0), "invalid field name or number");
	}
	for (size_t n = SCHEMA_NAME_MAX - 1; n <= SCHEMA_NAME_MAX + 1; n++) {
		m.n = 0;
		memset(name, 'a', n);
		put_field(&m, name, 1, NULL);
		CHECK_TEXT(said_of(&m, 0), n < SCHEMA_NAME_MAX ? "" :
			   "invalid field name or number");
	}
	m.n = 0;
	for (unsigned i = 1; i <= SCHEMA_FIELDS_MAX + 1; i++) {
		snprintf(name, sizeof(name), "f%u", i);
		put_field(&m, name, i, NULL);
		if (i >= SCHEMA_FIELDS_MAX)
			CHECK_TEXT(said_of(&m, 0), i == SCHEMA_FIELDS_MAX ? "" :
				   "m: more than 256 fields");
	}
	/* hints too long to be one */
	for (size_t n = 1; n <= 50000; n = 3 * n + 1) {
		static uint8_t hint[50000];

		memset(hint, 0x08, sizeof(hint));
		m.n = options.n = 0;
		put(&options, 1018, hint, n);
		put_field(&m, "a", 1, &options);
		CHECK_TEXT(said_of(&m, 0), "");
	}
}

int main(void)
{
	const char *build = getenv("CRIT_BUILD");

	snprintf(set_path, sizeof(set_path), "%s/crit.binpb",
		 build ? build : "build");
	RUN(messages_are_found);
	RUN(fields_are_found);
	RUN(private_fields_are_decided);
	RUN(images_are_found);
	RUN(templates);
	RUN(nearest_names);
	RUN(own_set_is_the_same);
	RUN(cut_set);
	RUN(damaged_set);
	RUN(decisions_stay);
	RUN(what_is_wrong_in_sets);
	return test_end();
}
