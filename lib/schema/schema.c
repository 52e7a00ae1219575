// SPDX-License-Identifier: MIT
#include "schema/schema.h"
#include "codec/edits.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const struct image_type *schema_image(const struct schema *s, uint32_t magic)
{
	for (size_t i = 0; i < s->n_images; i++)
		if (s->images[i].magic == magic)
			return &s->images[i];
	return NULL;
}

const struct image_type *schema_image_name(const struct schema *s,
					   const char *name, size_t len)
{
	for (size_t i = 0; i < s->n_images; i++)
		if (strlen(s->images[i].name) == len &&
		    !memcmp(s->images[i].name, name, len))
			return &s->images[i];
	return NULL;
}

void schema_unknown_type(struct unknown_type *t, uint32_t magic)
{
	snprintf(t->name, sizeof(t->name), "0x%08" PRIx32, magic);
	t->type = (struct image_type){
		.name = t->name, .about = "unknown", .magic = magic,
		.head = HEAD_COMMON, .order = 9,
	};
}

const struct message *schema_message(const struct schema *s, const char *name)
{
	size_t lo = 0, hi = s->n_messages;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		int c = strcmp(name, s->messages[mid]->name);

		if (!c)
			return s->messages[mid];
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

const struct symbols *schema_symbols(const struct schema *s, const char *name)
{
	for (size_t i = 0; i < s->n_symbols; i++)
		if (!strcmp(s->symbols[i].name, name))
			return &s->symbols[i];
	return NULL;
}

static int compare(const struct field *f, const char *name, size_t len)
{
	size_t n = f->name_len < len ? f->name_len : len;
	int c = memcmp(f->name, name, n);

	return c ? c : (f->name_len > len) - (f->name_len < len);
}

const struct field *message_field_name(const struct message *m,
				       const char *name, size_t len)
{
	size_t lo = 0, hi = m->n_fields;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		const struct field *f = &m->fields[m->by_name[mid]];
		int c = compare(f, name, len);

		if (!c)
			return f;
		if (c > 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	for (size_t i = 0; i < m->n_fields; i++)
		if (m->fields[i].was && strlen(m->fields[i].was) == len &&
		    !memcmp(m->fields[i].was, name, len))
			return &m->fields[i];
	return NULL;
}

bool schema_template(const char *template, const char *base)
{
	for (; *template; template++) {
		if (*template != '*') {
			if (*base++ != *template)
				return false;
			continue;
		}
		if (!isxdigit((unsigned char)*base))
			return false;
		while (isxdigit((unsigned char)*base))
			base++;
	}
	return !*base;
}

static bool any_template(const char *const *files, size_t n, const char *base)
{
	for (size_t i = 0; i < n; i++)
		if (schema_template(files[i], base))
			return true;
	return false;
}

const struct raw_type *schema_raw_file(const struct schema *s, const char *base)
{
	for (size_t i = 0; i < s->n_raws; i++)
		if (any_template(s->raws[i].files, s->raws[i].n_files, base))
			return &s->raws[i];
	return NULL;
}

bool schema_image_file(const struct schema *s, const char *base)
{
	for (size_t i = 0; i < s->n_images; i++)
		if (any_template(s->images[i].files, s->images[i].n_files, base))
			return true;
	return false;
}

int schema_file_order(const struct schema *s, const char *base)
{
	for (size_t i = 0; i < s->n_images; i++)
		if (s->images[i].order < 9 &&
		    any_template(s->images[i].files, s->images[i].n_files, base))
			return s->images[i].order;
	return 9;
}

const struct field *message_nearest(const struct message *m,
				    const char *name, size_t len)
{
	const struct field *best = NULL;
	unsigned least = UINT8_MAX;

	for (size_t i = 0; i < m->n_fields; i++) {
		unsigned d = edits(m->fields[i].name, m->fields[i].name_len,
				   name, len);

		if (d < least) {
			least = d;
			best = &m->fields[i];
		}
	}
	return best && edits_close(least, len) ? best : NULL;
}
