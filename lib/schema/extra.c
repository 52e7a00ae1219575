// SPDX-License-Identifier: MIT
#include "schema/extra.h"

#include <string.h>

/* SCHEMA_KEY_PAD zeros */
#define PAD "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" \
	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define KEYS(s) \
	.name = s, .name_len = sizeof(s) - 1, \
	.key = ",\"" s "\":" PAD, \
	.key_spaced = ", \"" s "\": " PAD

const struct field extra_bytes = { KEYS("extra"), .kind = KIND_BYTES };
const struct field extra_queues = { KEYS("extra"), .kind = KIND_MESSAGE };
const struct field extra_queue[2] = {
	{ KEYS("inq"), .kind = KIND_BYTES },
	{ KEYS("outq"), .kind = KIND_BYTES },
};
const struct field extra_semaphores = {
	KEYS("extra"), .kind = KIND_UINT32, .label = LABEL_REPEATED,
};
const struct field extra_messages = {
	KEYS("extra"), .kind = KIND_MESSAGE, .label = LABEL_REPEATED,
};
const struct field extra_text = { KEYS("extra"), .kind = KIND_BYTES };
const struct field extra_skipped = { KEYS("extra"), .kind = KIND_STRING };

#define FORM(kind, name, field, align) { name, field, align },
const struct extra_form extra_forms[EXTRA_N] = { EXTRA_KINDS(FORM) };

void extra_note(struct extra_says *says, const struct image_type *type,
		const struct field *f, uint64_t value)
{
	for (size_t i = 0; i < 2 && type->length[i]; i++)
		if (!strcmp(f->name, type->length[i]))
			says->length[i] = value;
	if (type->unless && !strcmp(f->name, type->unless))
		says->unless = value;
	if (type->extra == EXTRA_GHOST && !strcmp(f->name, "mode"))
		says->mode = (uint32_t)value;
}
