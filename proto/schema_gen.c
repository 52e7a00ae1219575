// SPDX-License-Identifier: MIT
/*
 * Build tool: descriptor set + images.yaml + symbols.yaml -> C tables.
 *
 *   schema_gen SET.binpb images.yaml symbols.yaml >schema_tables.c
 *   schema_gen --facts SET.binpb images.yaml symbols.yaml >facts.h
 *
 * YAML gives a schema without messages, schema_load adds them, the rest of
 * this file prints the result as const data.
 */
#include "schema/extra.h"
#include "schema/load.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

static void fail(const char *what, const char *where)
{
	fprintf(stderr, "schema_gen: %s: %s\n", what, where);
	exit(1);
}

static void *get(size_t n)
{
	void *p = calloc(1, n);

	if (!p)
		fail("out of memory", "");
	return p;
}

/* YAML: a document held whole, walked by node. */

struct node {
	yaml_document_t *doc;
	yaml_node_t *n;
};

static struct node load(yaml_document_t *doc, const char *path)
{
	yaml_parser_t parser;
	FILE *f = fopen(path, "r");

	if (!f || !yaml_parser_initialize(&parser))
		fail("cannot read", path);
	yaml_parser_set_input_file(&parser, f);
	if (!yaml_parser_load(&parser, doc))
		fail(parser.problem, path);
	yaml_parser_delete(&parser);
	fclose(f);
	return (struct node){ doc, yaml_document_get_root_node(doc) };
}

static struct node child(struct node m, int index)
{
	return (struct node){ m.doc, yaml_document_get_node(m.doc, index) };
}

static const char *text(struct node n)
{
	return n.n ? (const char *)n.n->data.scalar.value : NULL;
}

static size_t count(struct node n)
{
	if (!n.n)
		return 0;
	if (n.n->type == YAML_MAPPING_NODE)
		return (size_t)(n.n->data.mapping.pairs.top -
				n.n->data.mapping.pairs.start);
	return (size_t)(n.n->data.sequence.items.top -
			n.n->data.sequence.items.start);
}

static struct node item(struct node list, size_t i)
{
	return child(list, list.n->data.sequence.items.start[i]);
}

static struct node key(struct node map, size_t i)
{
	return child(map, map.n->data.mapping.pairs.start[i].key);
}

static struct node value(struct node map, size_t i)
{
	return child(map, map.n->data.mapping.pairs.start[i].value);
}

static struct node member(struct node map, const char *name)
{
	for (size_t i = 0; i < count(map); i++)
		if (!strcmp(text(key(map, i)), name))
			return value(map, i);
	return (struct node){ map.doc, NULL };
}

static unsigned choice(struct node n, const char *const *names)
{
	unsigned i = 0;

	if (!n.n)
		return 0;
	while (names[i] && strcmp(names[i], text(n)))
		i++;
	if (!names[i])
		fail("unknown word", text(n));
	return i;
}

/* symbols.yaml */

static void read_symbols(struct symbols *to, struct node name, struct node map,
			 struct node more)
{
	struct symbol *list = get((count(map) + count(more) + 1) * sizeof(*list));

	to->name = text(name);
	to->list = list;
	to->n = (uint16_t)count(map);
	to->n_read = (uint16_t)count(more);
	for (size_t i = 0; i < to->n; i++)
		list[i] = (struct symbol){ text(key(map, i)),
			strtoull(text(value(map, i)), NULL, 0) };
	for (size_t i = 0; i < to->n_read; i++)
		list[to->n + i] = (struct symbol){ text(key(more, i)),
			strtoull(text(value(more, i)), NULL, 0) };
}

/* facts: those that only code knows by name, too. */
static void read_all_symbols(struct schema *s, struct node root, bool facts)
{
	static const char *const sections[] = { "flags", "dicts", "facts" };
	struct symbols *list = get(256 * sizeof(*list));

	for (size_t k = 0; k < 2u + facts; k++) {
		struct node maps = member(root, sections[k]);

		for (size_t i = 0; i < count(maps); i++) {
			struct node name = key(maps, i);

			if (s->n_symbols == 255)
				fail("too many maps", text(name));
			read_symbols(&list[s->n_symbols++], name, value(maps, i),
				     member(member(root, "read"), text(name)));
		}
	}
	s->symbols = list;
}

/* images.yaml */

static uint8_t read_files(struct node files, const char *const **to)
{
	const char **list = get((count(files) + 1) * sizeof(*list));

	for (size_t i = 0; i < count(files); i++)
		list[i] = text(item(files, i));
	*to = list;
	return (uint8_t)count(files);
}

static const struct message *named(struct node n)
{
	struct message *m = get(sizeof(*m));

	m->name = text(n);
	return m;
}

static void read_image(struct image_type *t, struct node n)
{
	static const char *const heads[] = { "none", "common", "service", NULL };
	const char *kinds[EXTRA_N + 1] = { NULL };
	struct node extra = member(n, "extra"), rest = member(n, "rest");
	struct node order = member(n, "order"), pids = member(n, "pids"), lengths;

	t->name = text(member(n, "name"));
	t->about = text(member(n, "about"));
	t->magic = (uint32_t)strtoull(text(member(n, "magic")), NULL, 0);
	t->head = (uint8_t)choice(member(n, "head"), heads);
	t->order = order.n ? (uint8_t)atoi(text(order)) : 9;
	t->n_files = read_files(member(n, "files"), &t->files);
	t->n_pids = pids.n ? (uint8_t)atoi(text(pids)) : 0;
	t->first = named(member(n, "message"));
	t->rest = rest.n ? named(rest) : t->first;
	if (!extra.n)
		return;
	for (size_t i = 0; i < EXTRA_N; i++)
		kinds[i] = extra_forms[i].name;
	t->extra = (uint8_t)choice(member(extra, "kind"), kinds);
	lengths = member(extra, "lengths");
	for (size_t i = 0; i < count(lengths) && i < 2; i++)
		t->length[i] = text(item(lengths, i));
	t->unless = text(member(extra, "unless"));
}

static void read_images(struct schema *s, struct node root)
{
	struct node images = member(root, "images"), raws = member(root, "raw");
	struct node others = member(root, "others");
	struct image_type *types = get(count(images) * sizeof(*types));
	struct raw_type *raw = get(count(raws) * sizeof(*raw));
	struct other_magic *other = get(count(others) * sizeof(*other));

	for (size_t i = 0; i < count(images); i++)
		read_image(&types[i], item(images, i));
	for (size_t i = 0; i < count(raws); i++) {
		raw[i].name = text(member(item(raws, i), "name"));
		raw[i].about = text(member(item(raws, i), "about"));
		raw[i].reader = text(member(item(raws, i), "reader"));
		raw[i].n_files = read_files(member(item(raws, i), "files"),
					    &raw[i].files);
	}
	for (size_t i = 0; i < count(others); i++) {
		other[i].magic = (uint32_t)strtoull(
			text(member(item(others, i), "magic")), NULL, 0);
		other[i].about = text(member(item(others, i), "about"));
		other[i].image = member(item(others, i), "image").n != NULL;
	}
	s->images = types;
	s->n_images = count(images);
	s->raws = raw;
	s->n_raws = count(raws);
	s->others = other;
	s->n_others = count(others);
}

/* C text. A table is named by its place in its list. */

static void put_string(const char *s)
{
	if (!s) {
		printf("NULL");
		return;
	}
	putchar('"');
	for (; *s; s++)
		printf(*s == '"' || *s == '\\' ? "\\%c" : "%c", *s);
	putchar('"');
}

/* A key with its padding spelled out. */
static void put_key(const char *s)
{
	size_t pad = 2 * SCHEMA_KEY_PAD - strlen(s) % SCHEMA_KEY_PAD;

	put_string(s);
	printf(" \"");
	while (pad--)
		printf("\\0");
	putchar('"');
}

static void put_symbol_list(const char *prefix, size_t id, const struct symbols *s)
{
	printf("static const struct symbol %s_%zu[] = {\n", prefix, id);
	for (size_t i = 0; i < (size_t)s->n + s->n_read; i++) {
		printf("\t{ ");
		put_string(s->list[i].name);
		printf(", UINT64_C(0x%" PRIx64 ") },\n", s->list[i].value);
	}
	printf("};\n");
}

static void put_symbols(const char *prefix, size_t id, const struct symbols *s)
{
	printf("\t{ ");
	put_string(s->name);
	printf(", %u, %u, %s_%zu },\n", s->n, s->n_read, prefix, id);
}

struct pool {
	const struct symbols *list[1024];
	size_t n;
};

static size_t pool_id(struct pool *p, const struct symbols *s)
{
	size_t i = 0;

	while (i < p->n && p->list[i] != s)
		i++;
	if (i == 1024)
		fail("too many enums", s->name);
	p->list[i] = s;
	p->n += i == p->n;
	return i;
}

static size_t message_id(const struct schema *s, const struct message *m)
{
	size_t i = 0;

	while (s->messages[i] != m)
		i++;
	return i;
}

static void put_field(const struct schema *s, struct pool *enums,
		      const struct field *f)
{
	printf("\t{ %u, %u, %u, %u, %u, %u, %u, %u, %u, %u, ", f->number, f->tag,
	       f->kind, f->label, f->packed, f->show, f->index, f->name_len,
	       f->pid, f->privacy);
	put_string(f->name);
	printf(", ");
	put_string(f->was);
	printf(",\n\t  ");
	put_key(f->key);
	printf(",\n\t  ");
	put_key(f->key_spaced);
	printf(",\n\t  UINT64_C(0x%" PRIx64 "), ", f->required);
	if (f->message)
		printf("&messages[%zu], NULL },\n", message_id(s, f->message));
	else if (f->kind == KIND_ENUM)
		printf("NULL, &enums[%zu] },\n", pool_id(enums, f->symbols));
	else if (f->symbols)
		printf("NULL, &symbols[%zu] },\n", (size_t)(f->symbols - s->symbols));
	else
		printf("NULL, NULL },\n");
}

static void put_fields(const struct schema *s, struct pool *enums, size_t id)
{
	const struct message *m = s->messages[id];

	if (!m->n_fields)
		return;
	printf("static const struct field fields_%zu[] = {\n", id);
	for (size_t i = 0; i < m->n_fields; i++)
		put_field(s, enums, &m->fields[i]);
	printf("};\nstatic const uint16_t numbers_%zu[] = {", id);
	for (size_t i = 0; i < m->dense; i++)
		printf(" %u,", m->by_number[i]);
	printf(" };\nstatic const uint16_t names_%zu[] = {", id);
	for (size_t i = 0; i < m->n_fields; i++)
		printf(" %u,", m->by_name[i]);
	printf(" };\n");
}

static void put_message(size_t id, const struct message *m)
{
	printf("\t{ ");
	put_string(m->name);
	if (m->n_fields)
		printf(", fields_%zu, %u, %u, numbers_%zu, names_%zu, "
		       "UINT64_C(0x%" PRIx64 ") },\n", id, m->n_fields, m->dense,
		       id, id, m->required);
	else
		printf(", NULL, 0, 0, NULL, NULL, 0 },\n");
}

static void put_files(const char *prefix, size_t id, size_t n,
		      const char *const *files)
{
	printf("static const char *const %s_%zu[] = {", prefix, id);
	for (size_t i = 0; i < n; i++) {
		printf(" ");
		put_string(files[i]);
		printf(",");
	}
	printf(" NULL };\n");
}

static void put_image(const struct schema *s, size_t id)
{
	const struct image_type *t = &s->images[id];

	printf("\t{ ");
	put_string(t->name);
	printf(", ");
	put_string(t->about);
	printf(",\n\t  0x%08x, %u, %u, %u, %u, %u, files_%zu, &messages[%zu], "
	       "&messages[%zu],\n\t  { ", t->magic, t->head, t->extra, t->order,
	       t->n_files, t->n_pids, id, message_id(s, t->first), message_id(s, t->rest));
	put_string(t->length[0]);
	printf(", ");
	put_string(t->length[1]);
	printf(" }, ");
	put_string(t->unless);
	printf(" },\n");
}

static void put_messages(const struct schema *s)
{
	struct pool *enums = get(sizeof(*enums));

	printf("static const struct message messages[%zu];\n"
	       "static const struct symbols enums[];\n", s->n_messages);
	for (size_t i = 0; i < s->n_messages; i++)
		put_fields(s, enums, i);
	printf("static const struct message messages[%zu] = {\n", s->n_messages);
	for (size_t i = 0; i < s->n_messages; i++)
		put_message(i, s->messages[i]);
	printf("};\nstatic const struct message *const list[] = {\n");
	for (size_t i = 0; i < s->n_messages; i++)
		printf("\t&messages[%zu],\n", i);
	printf("};\n");
	for (size_t i = 0; i < enums->n; i++)
		put_symbol_list("enum", i, enums->list[i]);
	printf("static const struct symbols enums[] = {\n");
	for (size_t i = 0; i < enums->n; i++)
		put_symbols("enum", i, enums->list[i]);
	printf("};\n");
	free(enums);
}

static void put_rest(const struct schema *s)
{
	for (size_t i = 0; i < s->n_images; i++)
		put_files("files", i, s->images[i].n_files, s->images[i].files);
	printf("static const struct image_type images[] = {\n");
	for (size_t i = 0; i < s->n_images; i++)
		put_image(s, i);
	printf("};\n");
	for (size_t i = 0; i < s->n_raws; i++)
		put_files("raw", i, s->raws[i].n_files, s->raws[i].files);
	printf("static const struct raw_type raws[] = {\n");
	for (size_t i = 0; i < s->n_raws; i++) {
		printf("\t{ ");
		put_string(s->raws[i].name);
		printf(", ");
		put_string(s->raws[i].about);
		printf(", ");
		put_string(s->raws[i].reader);
		printf(", %u, raw_%zu },\n", s->raws[i].n_files, i);
	}
	printf("};\nstatic const struct other_magic others[] = {\n");
	for (size_t i = 0; i < s->n_others; i++) {
		printf("\t{ 0x%08x, %d, ", s->others[i].magic,
		       s->others[i].image);
		put_string(s->others[i].about);
		printf(" },\n");
	}
	printf("};\n");
}

static void put_schema(const struct schema *s)
{
	printf("/* Made by schema_gen from proto/ and share/. */\n"
	       "#include \"schema/schema.h\"\n\n");
	for (size_t i = 0; i < s->n_symbols; i++)
		put_symbol_list("symbol", i, &s->symbols[i]);
	printf("static const struct symbols symbols[] = {\n");
	for (size_t i = 0; i < s->n_symbols; i++)
		put_symbols("symbol", i, &s->symbols[i]);
	printf("};\n");
	put_messages(s);
	put_rest(s);
	printf("const struct schema crit_schema = {\n\tlist, %zu, images, %zu, "
	       "raws, %zu, others, %zu, symbols, %zu,\n};\n", s->n_messages,
	       s->n_images, s->n_raws, s->n_others, s->n_symbols);
}

/* facts.h: numbers and images by name, for code that means one of them. */

static void put_upper(const char *s)
{
	for (; *s; s++)
		putchar(*s >= 'a' && *s <= 'z' ? *s - 32 :
			(*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9') ?
			*s : '_');
}

/* Lists of symbols.yaml, and how their names begin in C: in place of drop, or
 * before all. */
static const struct {
	const char *list, *drop, *prefix;
} fact_names[] = {
	{ "mmap.prot", "", "VMA_" },
	{ "mmap.flags", "", "VMA_" },
	{ "mmap.status", "VMA_AREA_", "VMA_" },
	{ "mmap.status", "VMA_", "VMA_" },
	{ "rfile.flags", "O_", "OPEN_" },
	{ "pmap.flags", "PE_", "PAGEMAP_" },
	{ "clone.flags", "CLONE_NEW", "NS_FLAG_" },
	{ "gen.task_state", "TASK_", "TASK_" },
	{ "sk.family", "", "SK_FAMILY_" },
	{ "sk.type", "", "SK_TYPE_" },
	{ "sk.state", "", "SK_STATE_" },
	{ "sk.proto", "", "SK_PROTO_" },
	{ "raw.magic", "", "MAGIC_" },
};

static void put_fact(const char *list, const struct symbol *sym)
{
	if (sym->value > INT32_MAX)	/* an enumerator is an int */
		return;
	for (size_t i = 0; i < sizeof(fact_names) / sizeof(*fact_names); i++) {
		size_t n = strlen(fact_names[i].drop);
		bool begins = !strncmp(sym->name, fact_names[i].drop, n);
		bool last = i + 1 == sizeof(fact_names) / sizeof(*fact_names) ||
			strcmp(fact_names[i + 1].list, list);

		if (strcmp(fact_names[i].list, list) || (!begins && !last))
			continue;
		printf("\t%s", fact_names[i].prefix);
		put_upper(sym->name + (begins ? n : 0));
		printf(" = 0x%" PRIx64 ",\n", sym->value);
		return;
	}
}

static void put_enum_facts(const struct message *m, const char *field,
			   const char *prefix)
{
	const struct field *f = message_field_name(m, field, strlen(field));

	printf("enum {\n");
	for (size_t i = 0; i < f->symbols->n; i++)
		printf("\t%s%s = %" PRId64 ",\n", prefix,
		       f->symbols->list[i].name,
		       (int64_t)f->symbols->list[i].value);
	printf("};\n");
}

/* MESSAGE__FIELD is a number, MESSAGE__EACH(X) is X(field) for all of them. */
static void put_message_facts(const struct message *m)
{
	if (!m->n_fields)
		return;
	printf("enum {\n");
	for (size_t i = 0; i < m->n_fields; i++) {
		printf("\t");
		put_upper(m->name);
		printf("__");
		put_upper(m->fields[i].name);
		printf(" = %u,\n", m->fields[i].number);
	}
	printf("};\n#define ");
	put_upper(m->name);
	printf("__EACH(X)");
	for (size_t i = 0; i < m->n_fields; i++)
		printf(" \\\n\tX(%s)", m->fields[i].name);
	printf("\n");
}

/* IMAGE_TYPE is the name of the one image of that type. */
static void put_image_facts(const struct image_type *t)
{
	if (t->n_files != 1 || strchr(*t->files, '*'))
		return;
	printf("#define IMAGE_");
	put_upper(t->name);
	printf(" ");
	put_string(*t->files);
	printf("\n");
}

static void put_facts(const struct schema *s)
{
	printf("/* Made by schema_gen from proto/ and share/. */\n"
	       "#ifndef CRIT_FACTS_H\n#define CRIT_FACTS_H\n\nenum {\n");
	for (size_t i = 0; i < s->n_symbols; i++)
		for (size_t k = 0; k < s->symbols[i].n; k++)
			put_fact(s->symbols[i].name, &s->symbols[i].list[k]);
	printf("};\n");
	put_enum_facts(schema_message(s, "fdinfo_entry"), "type", "FD_");
	for (size_t i = 0; i < s->n_messages; i++)
		put_message_facts(s->messages[i]);
	for (size_t i = 0; i < s->n_images; i++)
		put_image_facts(&s->images[i]);
	printf("\n#endif\n");
}

int main(int argc, char **argv)
{
	static const struct schema none;
	yaml_document_t images, symbols;
	struct schema base = none, *s;
	struct crit_error err;

	bool facts = argc > 1 && !strcmp(argv[1], "--facts");

	argc -= facts;
	argv += facts;
	if (argc != 4)
		fail("usage", "schema_gen [--facts] SET IMAGES SYMBOLS");
	error_clear(&err);
	read_images(&base, load(&images, argv[2]));
	read_all_symbols(&base, load(&symbols, argv[3]), facts);
	s = schema_load_file(&base, argv[1], &err);
	if (!s)
		fail(err.what, argv[1]);
	/* image types name their messages */
	for (size_t i = 0; i < base.n_images; i++)
		if (!schema_message(s, base.images[i].first->name))
			fail("no such message", base.images[i].first->name);
	if (facts)
		put_facts(s);
	else
		put_schema(s);
	schema_free(s);
	return fflush(stdout) || ferror(stdout);
}
