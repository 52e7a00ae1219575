// SPDX-License-Identifier: MIT
/*
 * Any bytes as a descriptor set. What it loads is used: an image of each
 * message, by its fields.
 */
#include "common/fuzz.h"
#include "schema/load.h"

#include <stdlib.h>
#include <string.h>

static void check(const struct schema *s)
{
	for (size_t i = 0; i < s->n_messages; i++) {
		const struct message *m = s->messages[i];

		if (schema_message(s, m->name) == NULL)
			abort();
		for (size_t k = 0; k < m->n_fields; k++) {
			const struct field *f = &m->fields[k];

			if (message_field(m, f->number) != f ||
			    !message_field_name(m, f->name, f->name_len) ||
			    strlen(f->name) != f->name_len ||
			    strncmp(f->key + 2, f->name, f->name_len) ||
			    strncmp(f->key_spaced + 3, f->name, f->name_len) ||
			    (f->kind == KIND_MESSAGE && !f->message) ||
			    (f->kind == KIND_ENUM && !f->symbols) ||
			    (k && f->number <= m->fields[k - 1].number))
				abort();
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	uint8_t *copy = calloc(1, n + WIRE_SLOP);
	struct crit_error err;
	struct schema *s;

	if (!copy)
		abort();
	memcpy(copy, p, n);
	error_clear(&err);
	s = schema_load(&crit_schema, copy, n, &err);
	free(copy);
	if (!s != error_is(&err))
		abort();
	if (s)
		check(s);
	schema_free(s);
	return 0;
}
