// SPDX-License-Identifier: MIT
/*
 * random_images SEED COUNT DIR : COUNT images of every type of the schema in
 * DIR: any fields, extremes, unknown fields, empty and odd strings, extras of
 * every length; as a writer puts them, so that they must come back.
 */
#include "schema/extra.h"
#include "schema/schema.h"
#include "codec/wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DEPTH = 4 };

struct bytes {
	uint8_t *p;
	size_t n, cap;
};

static uint64_t seed;
static struct extra_says says;
static const struct image_type *type;

static uint64_t draw(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed >> 11;
}

static bool chance(unsigned percent)
{
	return draw() % 100 < percent;
}

static void put(struct bytes *b, const void *p, size_t n)
{
	if (b->n + n > b->cap) {
		b->cap = 2 * (b->n + n);
		b->p = realloc(b->p, b->cap);
		if (!b->p)
			abort();
	}
	if (n)
		memcpy(b->p + b->n, p, n);
	b->n += n;
}

static void varint(struct bytes *b, uint64_t v)
{
	uint8_t t[WIRE_VARINT_MAX];

	put(b, t, (size_t)(wire_put_varint(t, v) - t));
}

static void u32(struct bytes *b, uint32_t v)
{
	uint8_t t[4];

	wire_put32(t, v);
	put(b, t, 4);
}

static void noise(struct bytes *b, size_t n)
{
	while (n--) {
		uint8_t c = (uint8_t)draw();

		put(b, &c, 1);
	}
}

static uint64_t number64(void)
{
	static const uint64_t edge[] = {
		0, 1, 127, 128, 16383, 16384, 9999, 10000, INT32_MAX,
		(uint64_t)INT32_MAX + 1, UINT32_MAX, (uint64_t)UINT32_MAX + 1,
		(UINT64_C(1) << 53) - 1, UINT64_C(1) << 53,
		(UINT64_C(1) << 53) + 1, INT64_MAX, UINT64_C(1) << 63,
		UINT64_MAX, -(UINT64_C(1) << 53), -(UINT64_C(1) << 53) + 1,
		99999999, 100000000, 9999999999999999, 10000000000000000,
	};

	if (chance(50))
		return edge[draw() % (sizeof(edge) / sizeof(*edge))];
	return (draw() << 32 ^ draw()) >> draw() % 64;
}

/* As events have it: what the kind can hold. */
static uint64_t number(const struct field *f)
{
	uint64_t v = number64();

	switch (f->kind) {
	case KIND_BOOL:
		return v & 1;
	case KIND_ENUM:
		if (chance(70))
			v = f->symbols->list[draw() % f->symbols->n].value;
		return (uint64_t)(int64_t)(int32_t)v;
	case KIND_INT32:
	case KIND_SINT32:
	case KIND_SFIXED32:
		return (uint64_t)(int64_t)(int32_t)v;
	case KIND_UINT32:
	case KIND_FIXED32:
		return (uint32_t)v;
	}
	return v;
}

/* A page's, as all are in images: of others crit-encode refuses those that look
 * as if a program had rounded them. */
static uint64_t address(const struct field *f, uint64_t v)
{
	bool page = f->show == SHOW_HEX && f->kind == KIND_UINT64 &&
		(!strcmp(f->name, "start") || !strcmp(f->name, "end") ||
		 !strcmp(f->name, "vaddr"));

	return page ? v & ~(uint64_t)4095 : v;
}

static void value(struct bytes *b, const struct field *f, uint64_t v)
{
	uint8_t t[8];

	wire_put64(t, v);
	switch (kind_wire(f->kind)) {
	case WIRE_I32:
		put(b, t, 4);
		break;
	case WIRE_I64:
		put(b, t, 8);
		break;
	default:
		varint(b, f->kind == KIND_SINT32 || f->kind == KIND_SINT64 ?
		       wire_zigzag((int64_t)v) : v);
	}
}

static void text(struct bytes *b)
{
	static const char *const odd[] = {
		"\"", "\\", "\n", "\r\n", "\t", "\x01", "\x7f", "\xc3\xa9",
		"\xe2\x82\xac", "\xf0\x9f\x98\x80", "=", ".", " ", "/",
		"\xff", "\xed\xa0\x80", "\xe2\x82", "\xc0\x80", "{\"base64\":",
	};
	size_t n = chance(20) ? 0 : draw() % 40;
	bool valid = chance(80);

	while (n--) {
		char c = (char)('a' + draw() % 26);

		if (chance(70))
			put(b, &c, 1);
		else if (chance(5))
			put(b, "", 1);
		else {
			const char *s = odd[draw() % (valid ? 14 : 19)];

			put(b, s, strlen(s));
		}
	}
}

static void unknown(struct bytes *b, const struct message *m, uint32_t from,
		    uint32_t to)
{
	uint32_t n;
	uint8_t wire = (uint8_t)(draw() % 4);

	if (to <= from + 1 || !chance(4))
		return;
	n = from + 1 + (uint32_t)(draw() % (to - from - 1));
	if (message_field(m, n))
		return;
	if (wire == 3)
		wire = chance(50) ? WIRE_I32 : WIRE_GROUP;
	varint(b, (uint64_t)n << 3 | wire);
	switch (wire) {
	case WIRE_VARINT:
		varint(b, number64());
		break;
	case WIRE_I64:
		noise(b, 8);
		break;
	case WIRE_I32:
		noise(b, 4);
		break;
	case WIRE_LEN:
		wire = (uint8_t)(draw() % 100);
		varint(b, wire);
		noise(b, wire);
		break;
	case WIRE_GROUP:
		varint(b, 1 << 3 | WIRE_VARINT);
		varint(b, number64());
		varint(b, (uint64_t)n << 3 | WIRE_GROUP_END);
	}
}

static void message(struct bytes *b, const struct message *m, int depth);

static void element(struct bytes *b, const struct field *f, int depth)
{
	struct bytes inner = { 0 };

	if (kind_is_number(f->kind)) {
		varint(b, f->tag);
		value(b, f, address(f, number(f)));
		return;
	}
	if (f->kind == KIND_MESSAGE)
		message(&inner, f->message, depth + 1);
	else
		text(&inner);
	varint(b, f->tag);
	varint(b, inner.n);
	put(b, inner.p, inner.n);
	free(inner.p);
}

static size_t list_length(const struct field *f)
{
	if (f->show == SHOW_ADDRESS)	/* 1 or 4 mostly */
		return chance(45) ? 1 : chance(80) ? 4 : draw() % 7;
	if (f->kind == KIND_MESSAGE)
		return draw() % 3;
	return chance(97) ? draw() % 4 : draw() % 200;
}

static void list(struct bytes *b, const struct field *f, int depth)
{
	size_t n = list_length(f);
	struct bytes packed = { 0 };

	if (!f->packed) {
		while (n--)
			element(b, f, depth);
		return;
	}
	while (n--)
		value(&packed, f, number(f));
	if (packed.n) {
		varint(b, f->tag);
		varint(b, packed.n);
		put(b, packed.p, packed.n);
	}
	free(packed.p);
}

/* Fields on which the length of an extra depends are kept small. */
static bool decides_extra(const struct field *f, int depth)
{
	return !depth && type->extra && kind_is_number(f->kind) &&
	       ((type->length[0] && !strcmp(f->name, type->length[0])) ||
		(type->length[1] && !strcmp(f->name, type->length[1])) ||
		(type->unless && !strcmp(f->name, type->unless)) ||
		(type->extra == EXTRA_GHOST && !strcmp(f->name, "mode")));
}

static void deciding(struct bytes *b, const struct field *f)
{
	uint64_t v = f->kind == KIND_BOOL ? draw() & 1 :
		!strcmp(f->name, "mode") ? 0100600 :
		type->extra == EXTRA_MESSAGES ? draw() % 4 :
		chance(20) ? 0 : draw() % 300;

	varint(b, f->tag);
	varint(b, v);
	extra_note(&says, type, f, v);
}

static void message(struct bytes *b, const struct message *m, int depth)
{
	unsigned percent = chance(10) ? 100 : chance(20) ? 0 : 50;
	uint32_t last = 0;

	for (size_t i = 0; i < m->n_fields; i++) {
		const struct field *f = &m->fields[i];

		unknown(b, m, last, f->number);
		last = f->number;
		if (decides_extra(f, depth))
			deciding(b, f);
		else if (f->label == LABEL_REPEATED && depth < DEPTH)
			list(b, f, depth);
		else if (f->label == LABEL_REQUIRED ||
			 (chance(percent) && depth < DEPTH &&
			  f->label != LABEL_REPEATED))
			element(b, f, depth);
	}
	unknown(b, m, last, last + 1000);
}

static void zeros(struct bytes *b, uint64_t n, unsigned to)
{
	put(b, "\0\0\0\0\0\0\0", -n & (to - 1));
}

static void ipc_message(struct bytes *b)
{
	const struct message *m = schema_message(&crit_schema, "ipc_msg");
	const struct field *f = message_field_name(m, "msize", 5);
	struct bytes inner = { 0 };
	uint64_t n = draw() % 50;

	for (size_t i = 0; i < m->n_fields; i++) {
		varint(&inner, m->fields[i].tag);
		value(&inner, &m->fields[i],
		      &m->fields[i] == f ? n : number(&m->fields[i]));
	}
	u32(b, (uint32_t)inner.n);
	put(b, inner.p, inner.n);
	noise(b, n);
	zeros(b, n, 8);
	free(inner.p);
}

static void extra(struct bytes *b, uint64_t index)
{
	uint64_t n = says.length[0], m = says.length[1];

	switch (type->extra) {
	case EXTRA_BYTES:
	case EXTRA_QUEUES:
		noise(b, n + m);
		break;
	case EXTRA_SEMAPHORES:
		noise(b, 2 * n);
		zeros(b, 2 * n, 8);
		break;
	case EXTRA_MESSAGES:
		while (n--)
			ipc_message(b);
		break;
	case EXTRA_SEGMENT:
		if (says.unless)
			break;
		noise(b, n);
		zeros(b, n, 4);
		break;
	case EXTRA_GHOST:
		if (index)
			noise(b, n);
		else if (!says.unless)
			noise(b, draw() % 300);
		break;
	}
}

static void image(struct bytes *b)
{
	size_t entries = chance(5) ? 0 : chance(2) ? 100 : 1 + draw() % 3;

	if (type->head)
		u32(b, type->head == HEAD_SERVICE ? MAGIC_SERVICE : MAGIC_COMMON);
	u32(b, type->magic);
	for (size_t i = 0; i < entries; i++) {
		struct bytes e = { 0 };

		memset(&says, 0, sizeof(says));
		message(&e, i ? type->rest : type->first, 0);
		u32(b, (uint32_t)e.n);
		put(b, e.p, e.n);
		free(e.p);
		extra(b, i);
		if (type->extra == EXTRA_GHOST && !i && !says.unless)
			break;
	}
}

int main(int argc, char **argv)
{
	char path[4200];

	if (argc != 4) {
		fputs("usage: random_images SEED COUNT DIR\n", stderr);
		return 2;
	}
	seed = strtoull(argv[1], NULL, 0) * 2 + 0x9e3779b97f4a7c15;
	for (int i = 0; i < 10; i++)
		draw();
	if (mkdir(argv[3], 0777) && errno != EEXIST)
		return perror(argv[3]), 1;
	for (size_t i = 0; i < crit_schema.n_images; i++)
		for (int k = 0; k < atoi(argv[2]); k++) {
			struct bytes b = { 0 };
			FILE *f;

			type = &crit_schema.images[i];
			image(&b);
			snprintf(path, sizeof(path), "%s/%s.%d.img", argv[3],
				 type->name, k);
			f = fopen(path, "w");
			if (!f || (b.n && fwrite(b.p, b.n, 1, f) != 1) ||
			    fclose(f))
				return perror(path), 1;
			free(b.p);
		}
	return 0;
}
