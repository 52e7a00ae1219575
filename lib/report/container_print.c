// SPDX-License-Identifier: MIT
/*
 * The container in a few words, for the summary.
 */
#include "report/container.h"

#include <string.h>

void container_json(const struct container *c, struct json_text *r)
{
	const char *engine = container_engine_name(c), *value;
	char buf[64];

	json_text_open(r, "container", '{');
	for (size_t i = 0; i < container_n_fields; i++)
		if ((value = container_field(c, i, buf, sizeof(buf))))
			json_text_string(r, container_fields[i].key, value);
	if (engine)
		json_text_string(r, "engine", engine);
	json_text_close(r, '}');
}

void container_text(const struct container *c, struct out *out)
{
	const char *engine = container_engine_name(c);

	for (size_t i = 0; i < container_n_fields; i++) {
		const struct container_field *f = &container_fields[i];
		char buf[64];
		const char *value = f->brief ?
			container_field(c, i, buf, sizeof(buf)) : NULL;

		if (!value)
			continue;
		out_printf(out, "%-24s ", f->key);
		json_text_plain(out, value, strlen(value));
		out_printf(out, "\n");
	}
	if (engine)
		out_printf(out, "%-24s %s\n", "engine", engine);
}
